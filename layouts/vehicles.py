"""Vehicles: how long trucks take from gate to gate, who is inside, how each gate goes."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from data.queries import vehicles as ask
from data.queries.vehicles import Vehicles
from layouts._figures import vehicle_frame as frame
from layouts._figures import vehicle_rows as rows
from layouts._figures.remarks import place_name
from layouts._parts.callback import Input, Output, callback
from layouts._parts.filters import filters
from layouts._parts.here import actor, language, now, store, t, world
from layouts._parts.marks import note
from layouts._parts.shell import page, panel, title
from layouts._parts.states import empty, no_data
from layouts._parts.table import table
from layouts._parts.view import View, day_of
from layouts._text.forms import duration

dash.register_page(__name__, path="/vehicles", title=title("vehicles.title"))

LIVE = (Input("view", "data"), Input("live", "data"))


def layout(**url: Any) -> Component:
    """The filters stand in the address."""
    view = View.from_url(url)
    gates = {gate: gate for gate in ask.gates(store(), actor(), world(), now(), view.places(actor(), world()) or ("-",), view.terminal)}
    own = ["gate", *(["plate"] if view.get("plate") else [])]
    return page(
        t("vehicles.title"),
        filters(view, "place", "terminal", "period", *own, options={"gate": gates, "plate": {}}),
        panel("vehicles-places", t("throughput.by_place"), wide=True, height=150),
        html.Div(id="vehicles-drawn", className="page-grid charts"),
        panel("vehicles-inside", t("vehicles.inside_longest"), wide=True, height=150),
        panel("vehicles-visits", t("vehicles.visits"), wide=True, height=200),
        view=view,
        lead=t("vehicles.lead"),
        tools=[dcc.Link(t("calls.title"), href=View(place=view.place).href("/calls"), className="button")],
        name="vehicles",
    )


@callback(Output("vehicles-places", "children"), *LIVE, may="see")
def by_place(data: dict[str, Any], _live: str) -> Component:
    """The period in numbers, a row a place; and what they are numbers of."""
    found = _asked(View(**data))
    if not any(one.ever for one in found):
        return no_data()
    told = table(rows.place_columns(), [rows.place(one, View(**data)) for one in found], caption=t("throughput.by_place"), csv="vehicles")
    return html.Div([told, html.P(_defined(found), className="chart-below"), note(t("vehicles.outside_not_measured"))])


@callback(Output("vehicles-drawn", "children"), *LIVE, may="see")
def drawn(data: dict[str, Any], _live: str) -> list[Component]:
    """Of each place the turn times by hour, and its gates."""
    found = [one for one in _asked(View(**data)) if one.ever]
    return [
        part
        for one in found
        for part in (
            panel(f"vehicles-turn-{one.place}", t("vehicles.turn_at", place=place_name(one.place)), frame.turns(one)),
            panel(f"vehicles-gates-{one.place}", t("vehicles.gates_at", place=place_name(one.place)), frame.gates(one)),
        )
    ]


@callback(Output("vehicles-inside", "children"), *LIVE, may="see")
def inside(data: dict[str, Any], _live: str) -> Component:
    """Who is inside now, the longest first."""
    found = _asked(View(**data))
    if not any(one.ever for one in found):
        return no_data()
    told = rows.inside(found)
    said = html.P(t("vehicles.definition_inside", longest=_longest(found)), className="chart-below")
    if not told:
        return html.Div([frame.age(found), empty("vehicles.nobody", "vehicles.nobody_next"), said])
    listed = table(rows.inside_columns(len(found) > 1), told, caption=t("vehicles.inside_longest"), csv="vehicles-inside", max_height=380)
    return html.Div([frame.age(found), listed, said])


@callback(Output("vehicles-visits", "children"), *LIVE, may="see")
def visits(data: dict[str, Any], _live: str) -> Component:
    """The visits of the period, the latest first."""
    found = _asked(View(**data))
    if not any(one.ever for one in found):
        return no_data()
    told = rows.shown(found)
    if not told:
        return html.Div([frame.age(found), empty("vehicles.empty")])
    more = sum(len(one.shown) for one in found) - len(told)
    listed = table(rows.visit_columns(len(found) > 1), told, caption=t("vehicles.visits"), csv="vehicle-visits", max_height=520)
    return html.Div([frame.age(found), listed, *([html.P(t("vehicles.more", n=more), className="chart-below")] if more else [])])


def _defined(found: list[Vehicles]) -> str:
    return " ".join((t("vehicles.definition_turn"), t("vehicles.definition_untold", longest=_longest(found))))


def _longest(found: list[Vehicles]) -> str:
    every = sorted({int(one.longest.total_seconds()) // 60 for one in found})
    return " / ".join(duration(one, language()) for one in every)


def _asked(view: View) -> list[Vehicles]:
    return ask.vehicles(
        store(),
        actor(),
        world(),
        now(),
        places=view.places(actor(), world()) or ("-",),
        first=day_of(view.since),
        last=day_of(view.until),
        terminal=view.terminal,
        gate=view.get("gate"),
        number=view.get("plate"),
    )
