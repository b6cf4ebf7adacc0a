"""Dwell: median and 90th percentile by time of leaving; the distribution as a cumulative curve; ages of what is inside, in bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plotly import graph_objects as go

from data.queries.dwell import Dwells, Inside, PlaceDwell
from layouts._figures.axes import label, ticks
from layouts._text import say

DAY = 1440
LINES = ("solid", "dash", "dot", "dashdot", "longdash")
TICKS = 7  # of a chart half as wide as the page
POINTS = 160  # of a curve


def trend(found: PlaceDwell, kind: str, language: str) -> go.Figure:
    """One place: bars of the median, points of the 90th percentile, the limit as a line. In days."""
    bins = [slot.bin for slot in found.slots]
    x = [label(one, kind, language) for one in bins]
    hatch = ["" if slot.complete else "/" for slot in found.slots]
    n = [slot.dwells.n for slot in found.slots]
    figure = go.Figure()
    figure.add_bar(
        width=None if len(x) > 3 else 0.35,
        x=x,
        y=[days(slot.dwells.minutes(0.5)) for slot in found.slots],
        name=say("dwell.median", language),
        marker={"pattern": {"shape": hatch}},
        customdata=n,
        hovertemplate="%{y:.1f} (n = %{customdata})",
    )
    figure.add_scatter(
        x=x,
        y=[days(slot.dwells.minutes(0.9)) for slot in found.slots],
        name=say("dwell.p90", language),
        mode="lines+markers",
        line={"dash": "dot"},
        marker={"symbol": ["circle" if slot.complete else "circle-open" for slot in found.slots], "size": 8},
        hovertemplate="%{y:.1f}",
    )
    if found.limit_minutes is not None:
        _limit(figure, x, [found.limit_minutes / DAY] * len(x), language)
    figure.update_layout(xaxis=ticks(bins, kind, language, TICKS), yaxis={"title": {"text": say("dwell.days", language)}})
    return figure


def trends(found: Sequence[tuple[str, PlaceDwell]], kind: str, language: str) -> go.Figure:
    """Several places: the median of each as a line of its own kind. In days."""
    figure = go.Figure()
    for n, (name, place) in enumerate(found):
        marks = ["circle" if slot.complete else "circle-open" for slot in place.slots]
        figure.add_scatter(
            x=[label(slot.bin, kind, language) for slot in place.slots],
            y=[days(slot.dwells.minutes(0.5)) for slot in place.slots],
            name=name,
            mode="lines+markers",
            line={"dash": LINES[n % len(LINES)]},
            marker={"symbol": marks, "size": 8},
            customdata=[slot.dwells.n for slot in place.slots],
            hovertemplate="%{y:.1f} (n = %{customdata})",
        )
    bins = [slot.bin for slot in found[0][1].slots] if found else []
    figure.update_layout(xaxis=ticks(bins, kind, language, TICKS), yaxis={"title": {"text": say("dwell.median_days", language)}})
    return figure


def curves(found: Sequence[tuple[str, Dwells]], limit: int | None, language: str) -> go.Figure:
    """The share of visits that stayed no longer than so many days. Cut at the 99th percentile of the longest."""
    figure = go.Figure()
    for n, (name, dwells) in enumerate(found):
        points = thinned(dwells.curve())
        figure.add_scatter(
            x=[0.0, *(minutes / DAY for minutes, _, _ in points)],
            y=[0.0, *(share for _, share, _ in points)],
            name=f"{name} (n = {dwells.n:,})",
            mode="lines",
            line={"shape": "hv", "dash": LINES[n % len(LINES)]},
            hovertemplate="%{y:.0%}",
        )
    furthest = max((days(dwells.minutes(0.99)) or 0 for _, dwells in found), default=1) or 1
    if limit is not None:
        _limit(figure, [limit / DAY, limit / DAY], [0, 1], language)
        furthest = max(furthest, limit / DAY * 1.15) if limit / DAY < furthest * 2 else furthest
    figure.update_layout(
        xaxis={"title": {"text": say("dwell.days", language)}, "range": [0, furthest], "hoverformat": ".1f"},
        yaxis={"title": {"text": say("dwell.share_left", language)}, "range": [0, 1.02], "tickformat": ".0%"},
        showlegend=True,
    )
    return figure


def ages(found: Inside, names: Sequence[str], language: str) -> go.Figure:
    """How many are inside, by how long they have been; those without a known entry on top: at least so long."""
    figure = go.Figure()
    few = {"dtick": 1} if max((band[2] + band[3] for band in found.bands), default=0) <= 10 else {}
    known, unknown = [band[2] for band in found.bands], [band[3] for band in found.bands]
    figure.add_bar(y=list(names), x=known, orientation="h", name=say("dwell.entry_known", language), hovertemplate="%{x:,}")
    if any(unknown):
        figure.add_bar(
            y=list(names),
            x=unknown,
            orientation="h",
            name=say("dwell.entry_unknown", language),
            hovertemplate="%{x:,}",
            marker={"pattern": {"shape": "."}},
        )
    figure.update_layout(
        barmode="stack",
        hovermode="y unified",
        yaxis={"type": "category", "autorange": "reversed"},
        xaxis={"title": {"text": say("dwell.boxes_inside", language)}, "showgrid": True, "rangemode": "tozero", "tickformat": ",d", **few},
    )
    return figure


def thinned(points: list[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    """A curve with at most POINTS of its points: the last always among them."""
    if len(points) <= POINTS:
        return points
    step = -(-len(points) // POINTS)
    return [*points[::step], points[-1]]


def days(minutes: int | None) -> float | None:
    """Minutes as days."""
    return None if minutes is None else minutes / DAY


def _limit(figure: go.Figure, x: list[Any], y: list[float], language: str) -> None:
    """The limit as a line of its own, so that it has a colour in every light."""
    figure.add_scatter(
        x=x, y=y, name=say("dwell.limit_line", language), mode="lines", line={"dash": "dash", "width": 1.5}, hoverinfo="skip"
    )
