"""Vehicles drawn: turn time by hour, and how each gate went, hour by hour, as a strip of cells told apart by sign, pattern and colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component
from plotly import graph_objects as go

from data.queries._bins import HOUR
from data.queries.vehicles import Slot, Vehicles
from layouts._figures.axes import label, ticks
from layouts._text import say
from layouts._text.forms import duration

STATES = ("normal", "slow", "open", "closed", "no_data")
SIGNS = {"normal": "", "slow": "!", "open": "", "closed": "×", "no_data": "?"}
FINE = 48  # so many hours have room for their signs


def turns(found: Vehicles, language: str, most: int = 12) -> go.Figure:
    """Bars of the median, points of the 90th percentile, and where slow begins. In minutes."""
    bins = [slot.bin for slot in found.slots]
    x = [label(one, HOUR, language) for one in bins]
    n = [slot.turn.n for slot in found.slots]
    figure = go.Figure()
    figure.add_bar(
        x=x,
        y=[slot.turn.median for slot in found.slots],
        name=say("vehicles.median", language),
        marker={"pattern": {"shape": ["" if slot.complete else "/" for slot in found.slots]}},
        customdata=n,
        hovertemplate="%{y} (n = %{customdata})",
    )
    figure.add_scatter(
        x=x,
        y=[slot.turn.p90 for slot in found.slots],
        name=say("vehicles.p90", language),
        mode="markers",
        marker={"symbol": ["diamond" if slot.complete else "diamond-open" for slot in found.slots], "size": 8},
        hovertemplate="%{y}",
    )
    figure.add_scatter(
        x=x,
        y=[minutes(found)] * len(x),
        name=say("vehicles.slow_over", language, limit=duration(minutes(found), language)),
        mode="lines",
        line={"dash": "dash", "width": 1.2},
        hoverinfo="skip",
    )
    figure.update_layout(xaxis=ticks(bins, HOUR, language, most), yaxis={"title": {"text": say("vehicles.unit_minutes", language)}})
    return figure


def minutes(found: Vehicles) -> int:
    """From which turn time on a gate is slow."""
    return int(found.slow.total_seconds()) // 60


def strip(gates: Mapping[str, Sequence[Slot]], language: str) -> Component:
    """A row a gate, a cell an hour; the words are in the table below, and in each cell's title."""
    first = next(iter(gates.values()), ())
    fine = len(first) > FINE
    head = [html.Span(_tick(slot, n, len(first)), className="strip-hour") for n, slot in enumerate(first)]
    rows = [html.Div([html.Span("", className="strip-name"), html.Div(head, className="strip-cells")], className="strip-row strip-head")]
    for name, slots in gates.items():
        cells = [
            html.Span(
                "" if fine else SIGNS[slot.state],
                className=f"strip-cell strip-{slot.state}" + ("" if slot.complete else " strip-open-end"),
                title=said(slot, language),
            )
            for slot in slots
        ]
        rows.append(html.Div([html.Span(name, className="strip-name"), html.Div(cells, className="strip-cells")], className="strip-row"))
    words = [
        html.Span([html.Span(SIGNS[state], className=f"strip-cell strip-{state}"), say(f"vehicles.state_{state}", language)])
        for state in STATES
    ]
    drawn = html.Div(rows, className="strip strip-fine" if fine else "strip", **{"aria-hidden": "true"})
    return html.Div([drawn, html.P(words, className="strip-words")])


def _tick(slot: Slot, n: int, count: int) -> str:
    step = next(step for step in (2, 3, 6, 12, 24, 48) if count / step <= 14 or step == 48)
    if slot.bin.local.hour % step or (n and n > count - 2):
        return ""
    return f"{slot.bin.local:%H:%M}"


def said(slot: Slot, language: str) -> str:
    """21 Nov 14:00: slow, median 1 h 35 min (n = 4); 3 in, 2 out."""
    state = say(f"vehicles.state_{slot.state}", language)
    if slot.turn.median is not None:
        state = say("vehicles.cell_turn", language, state=state, median=duration(slot.turn.median, language), n=slot.turn.n)
    return say("vehicles.cell", language, at=label(slot.bin, HOUR, language), state=state, came=slot.came, went=slot.went)
