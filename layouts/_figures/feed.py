"""One source: the share of statements told within so long, and receipts by hour of the week against what is expected."""

from __future__ import annotations

from typing import Any

from plotly import graph_objects as go

from data.queries.rhythm import HOURS, Rhythm
from layouts._text import say
from layouts._text.forms import MISSING, duration, unit
from zones.lag import Lags, bucket

SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
MINUTE, HOUR, DAY = 60, 3600, 86400
TICKS = (-7 * DAY, -DAY, -8 * HOUR, -HOUR, -5 * MINUTE, 0, MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 4 * HOUR, DAY, 7 * DAY, 60 * DAY)
SECONDS = {"en": "s", "vi": "giây", "zh": "秒"}


def length(seconds: float | None, language: str) -> str:
    """A lag in words: 40 s, 3 min, −7 h 2 min."""
    if seconds is None:
        return MISSING
    whole = round(seconds)
    sign = "−" if whole < 0 else ""
    if abs(whole) < 90:
        joint = "" if language == "zh" else " "
        return f"{sign}{abs(whole)}{joint}{SECONDS.get(language, 's')}"
    return sign + duration((abs(whole) + 30) / 60, language)


def lags(short: Lags, long: Lags, language: str) -> go.Figure:
    """The share of statements that came within so long of the fact; what lies left of 0 told of the future. The axis is logarithmic."""
    figure = go.Figure()
    edges = [bucket(0)]
    for name, found, dash in (("health.lag_short", short, "solid"), ("health.lag_long", long, "dot")):
        if not found.n:
            continue
        points = found.curve()
        x = [bucket(round(seconds)) for seconds, _, _ in points]
        edges += [x[0], x[-1]]
        figure.add_scatter(
            x=[x[0] - 1, *x],
            y=[0.0, *(share for _, share, _ in points)],
            name=f"{say(name, language)} (n = {found.n:,})",
            mode="lines",
            line={"shape": "hv", "dash": dash},
            customdata=[length(seconds, language) for seconds in (points[0][0], *(seconds for seconds, _, _ in points))],
            hovertemplate="%{y:.0%} ≤ %{customdata}",
        )
    low, high = min(edges) - 3, max(edges) + 3
    shown = _apart([tick for tick in TICKS if low <= bucket(tick) <= high], (high - low) / 8)
    figure.update_layout(
        xaxis={
            "title": {"text": say("health.lag_axis", language)},
            "tickmode": "array",
            "tickvals": [bucket(tick) for tick in shown],
            "ticktext": [_tick(tick, language) for tick in shown],
            "range": [low, high],
            "hoverformat": " ",
            "tickangle": 0,
        },
        yaxis={"title": {"text": say("health.lag_share", language)}, "range": [0, 1.02], "tickformat": ".0%"},
        hovermode="x",
        showlegend=True,
    )
    return figure


def _apart(ticks: list[int], least: float) -> list[int]:
    """So many that they do not run into one another; 0 always among them."""
    shown = [0] if 0 in ticks else []
    for tick in ticks:
        if all(abs(bucket(tick) - bucket(other)) >= least for other in shown):
            shown.append(tick)
    return sorted(shown)


def _tick(seconds: int, language: str) -> str:
    if not seconds:
        return "0"
    size, name = next((size, name) for size, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")) if abs(seconds) >= size)
    return ("−" if seconds < 0 else "") + unit(abs(seconds) // size, name, language)


def week(found: Rhythm, language: str) -> go.Figure:
    """Receipts by hour of the week: bars of the mean of four weeks, the last of them as a line, the least that is expected dashed."""
    x = [hour_of_week(n, language) for n in range(HOURS)]
    figure = go.Figure()
    figure.add_bar(x=x, y=[n / 4 for n in found.four_weeks], name=say("health.mean", language), hovertemplate="%{y:.1f}")
    line: dict[str, Any] = {"width": 1.5}
    figure.add_scatter(x=x, y=list(found.last_week), name=say("health.last_week", language), mode="lines", line=line, hovertemplate="%{y}")
    if any(each is not None for each in found.expected):
        dashed = {"dash": "dash", "width": 1.5, "shape": "hv"}
        expected = list(found.expected)
        figure.add_scatter(x=x, y=expected, name=say("health.expected", language), mode="lines", line=dashed, hovertemplate="%{y:.2f}")
    days = [say(f"throughput.weekday_{day}", language) for day in range(7)]
    figure.update_layout(
        xaxis={"type": "category", "tickmode": "array", "tickvals": x[12::24], "ticktext": days, "tickangle": 0},
        yaxis={"title": {"text": say("health.receipts", language)}, "rangemode": "tozero"},
        bargap=0.05,
        showlegend=True,
    )
    return figure


def hour_of_week(number: int, language: str) -> str:
    """Mon 06:00, from 0 on."""
    return f"{say(f'throughput.weekday_{number // 24}', language)} {number % 24:02}:00"
