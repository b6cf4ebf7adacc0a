"""From a movement of a box to the visit of the truck, or to the call of the ship, that it was part of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dash import dcc

from data.queries.container import Happening
from layouts._figures.call_rows import CALL
from layouts._parts.here import t, world
from layouts._parts.view import View
from zones.call import WORK
from zones.visit import GATE

DAY = timedelta(days=1)


def visit_links(line: Happening) -> list[Any]:
    """ "Visit of the truck" where a vehicle is named at a gate, "Call" where a ship and a voyage are; else nothing."""
    told = line.told[0] if line.told else line.row
    if line.at is None or line.place not in world().places:
        return []
    day = world().place(line.place).day_of(line.at)
    if told["event"] in GATE and told["vehicle"]:
        view = View(place=line.place, since=str(day - DAY), until=str(day + DAY), more={"plate": told["vehicle"]})
        return [" · ", dcc.Link(t("vehicles.of_box"), href=view.href("/vehicles"))]
    if told["event"] in WORK and told.get("vessel") and told.get("voyage"):
        key = "~".join((line.place, told["vessel"], told["voyage"], told["terminal"]))
        view = View(place=line.place, since=str(day - 2 * DAY), until=str(day + 2 * DAY), more={CALL: key, "list": "all"})
        return [" · ", dcc.Link(t("calls.of_box"), href=view.href("/calls"))]
    return []
