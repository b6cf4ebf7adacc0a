"""The two books over time: how many lots were apart when each week or month ended, and what its counts found short and over."""

from __future__ import annotations

from plotly import graph_objects as go

from data.queries._bins import Bin
from data.queries.reconciliation import MONTH, Reconciled
from layouts._figures.axes import label, ticks
from layouts._text import say

TICKS = 12


def trend(found: Reconciled, kind: str, language: str) -> go.Figure:
    """Bars of shortages and overages, a line of the lots that are apart."""
    stretches = [slot.bin for slot in found.slots]
    x = [named(one, kind, language) for one in stretches]
    figure = go.Figure()
    width = None if len(x) > 3 else 0.2
    for name, shape in (("short", ""), ("over", "/")):
        figure.add_bar(
            x=x,
            y=[getattr(slot, name) for slot in found.slots],
            name=say(f"books.counted_{name}", language),
            marker={"pattern": {"shape": shape}},
            hovertemplate="%{y:,}",
            width=width,
        )
    if found.own_book:
        figure.add_scatter(
            x=x,
            y=[slot.apart for slot in found.slots],
            name=say("books.lots_apart", language),
            mode="lines+markers",
            line={"dash": "dot"},
            hovertemplate="%{y:,}",
        )
    axis = {"type": "category", "tickangle": 0, "nticks": TICKS} if kind == MONTH else ticks(stretches, kind, language, TICKS)
    most = max((max(slot.short, slot.over, slot.apart) for slot in found.slots), default=0)
    few = {"dtick": 1} if most <= 10 else {}
    figure.update_layout(
        barmode="group",
        xaxis=axis,
        yaxis={"title": {"text": say("books.number", language)}, "rangemode": "tozero", "tickformat": ",d", **few},
    )
    return figure


def named(one: Bin, kind: str, language: str) -> str:
    """A week as everywhere; a month as 11/2026, in Chinese 2026-11."""
    if kind != MONTH:
        return label(one, kind, language)
    return f"{one.day.year}-{one.day.month:02}" if language == "zh" else f"{one.day.month:02}/{one.day.year}"
