"""What stands around the figures of vehicles: definition, n, data age, whose hours they are, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.vehicles import Vehicles
from layouts._figures import vehicle_rows as rows
from layouts._figures import vehicles as draw
from layouts._figures.remarks import place_name, remarks
from layouts._parts.chart import chart, stamp
from layouts._parts.here import language, t
from layouts._parts.states import empty
from layouts._text.forms import duration


def turns(found: Vehicles) -> Component:
    """Turn time by hour, with all that belongs to it."""
    if not found.turn.n:
        return html.Div([age([found]), empty("vehicles.no_turn", "vehicles.no_turn_next")])
    return chart(
        draw.turns(found, language()),
        columns=rows.hour_columns(),
        rows=rows.hours(found.slots),
        title=t("vehicles.turn_at", place=place_name(found.place)),
        definition="vehicles.definition_turn",
        n=found.turn.n,
        as_of=found.as_of,
        zone=found.zone,
        note=remarks([t("throughput.hatched"), t("throughput.in_zone", zone=found.zone)], found.sight, found.zone),
        csv=f"turn-time-{found.place}",
        height=270,
        key=f"turn-{found.place}",
    )


def gates(found: Vehicles) -> Component:
    """The gates hour by hour, with all that belongs to them."""
    if not found.gates:
        return html.Div([age([found]), empty("vehicles.empty")])
    named = {rows.gate_name(found.place, at): slots for at, slots in found.gates.items()}
    return chart(
        draw.strip(named, language()),
        columns=rows.gate_columns(),
        rows=rows.gates(named),
        title=t("vehicles.gates_at", place=place_name(found.place)),
        definition=t("vehicles.definition_gates", limit=duration(draw.minutes(found), language())),
        n=sum(slot.came + slot.went for slots in found.gates.values() for slot in slots),
        as_of=found.as_of,
        zone=found.zone,
        note=remarks([t("vehicles.left_out"), t("throughput.in_zone", zone=found.zone)], found.sight, found.zone),
        csv=f"gates-{found.place}",
        key=f"gates-{found.place}",
    )


def age(found: Sequence[Vehicles]) -> Component:
    """The data age of some places: of the source that was heard latest, in the zone of its place."""
    latest = max((one for one in found if one.as_of), key=lambda one: one.as_of, default=None)
    return stamp(latest.as_of, None, latest.zone) if latest else stamp(None)
