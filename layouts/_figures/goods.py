"""Goods inside, drawn: groups as bars, most first; limit dates ahead by the week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from plotly import graph_objects as go

from data.queries.limit_dates import DAYS, Due
from layouts._text import say
from layouts._text.forms import date

BARS = 15  # groups that are drawn; the rest as one
Slot = tuple[datetime | None, datetime | None]  # [from, to); of what has passed its limit (None, at)


def bars(named: Sequence[tuple[str, float, str]], axis: str) -> go.Figure:
    """Lying bars: (name, how much, how it is written)."""
    figure = go.Figure()
    figure.add_bar(
        y=[name for name, _, _ in named],
        x=[much for _, much, _ in named],
        orientation="h",
        customdata=[written for _, _, written in named],
        hovertemplate="%{customdata}<extra></extra>",
        width=None if len(named) > 3 else 0.4 if len(named) > 1 else 0.25,
    )
    few = {"dtick": 1} if axis and all(much == int(much) for _, much, _ in named) and max((m for _, m, _ in named), default=0) <= 10 else {}
    figure.update_layout(
        hovermode="y unified",
        yaxis={"type": "category", "autorange": "reversed", "automargin": True},
        xaxis={"title": {"text": axis}, "showgrid": True, "rangemode": "tozero", **few},
    )
    return figure


def slots(at: datetime, zone: ZoneInfo) -> list[Slot]:
    """What has passed, then weeks of seven days from `at` on, as far as is looked ahead."""
    local = at.astimezone(zone).replace(tzinfo=None)
    edges = [(local + timedelta(days=n)).replace(tzinfo=zone) for n in (*range(0, DAYS, 7), DAYS)]
    return [(None, at), *pairwise(edges)]


def slot_name(slot: Slot, zone: ZoneInfo, language: str) -> str:
    """Past; 22 Nov – 28 Nov."""
    since, until = slot
    if since is None or until is None:
        return say("goods.passed", language)
    last = until.astimezone(zone) - timedelta(days=1)
    return f"{date(since.astimezone(zone), language, year=False)} – {date(last, language, year=False)}"


def counted(dues: Sequence[Due], slot: Slot) -> dict[str, int]:
    """limit -> lots whose time ends in a slot."""
    since, until = slot
    lots: dict[str, set[tuple[str, str, str]]] = {}
    for due in dues:
        if (since is None or due.ends > since) and (until is None or due.ends <= until):
            lots.setdefault(due.limit, set()).add((due.place, due.operator, due.lot))
    return {limit: len(own) for limit, own in lots.items()}


def by_week(names: Sequence[str], counts: Sequence[Mapping[str, int]], limits: Mapping[str, str], language: str) -> go.Figure:
    """Lots by the week in which their time ends, stacked by limit; `limits`: limit -> its name."""
    figure = go.Figure()
    for n, (limit, name) in enumerate(limits.items()):
        figure.add_bar(
            x=list(names),
            y=[each.get(limit, 0) for each in counts],
            name=name,
            hovertemplate="%{y:,}",
            marker={"pattern": {"shape": ("", "/", ".")[n % 3]}},
        )
    most = max((sum(each.values()) for each in counts), default=0)
    step = max(len(names) // 7, 1)
    shown = [name for n, name in enumerate(names) if n == 0 or (n - 1) % step == 0]
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        xaxis={"type": "category", "tickmode": "array", "tickvals": shown, "ticktext": [_two(name) for name in shown], "tickangle": 0},
        yaxis={"title": {"text": say("goods.lots_axis", language)}, "rangemode": "tozero", **({"dtick": 1} if most <= 10 else {})},
    )
    return figure


def _two(name: str) -> str:
    return name.replace(" – ", " –<br>")
