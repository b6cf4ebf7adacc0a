"""Vehicles in rows: places, hours, gates, who is inside, the visits of the period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries._bins import HOUR
from data.queries.vehicles import Gate, Slot, Vehicles
from layouts._figures.axes import label
from layouts._figures.remarks import place_name
from layouts._parts.chart import stamp
from layouts._parts.here import language, now, path, t, world
from layouts._parts.marks import box
from layouts._parts.table import Column
from layouts._parts.view import View
from layouts._text.forms import instant
from zones.visit import Pass, Visit

LISTED = 150  # visits in a table; the export of movements has them all


def place_columns() -> list[Column]:
    return [
        Column("place", t("shell.filter_place"), "link"),
        Column("inside", t("vehicles.inside_now"), "number"),
        Column("came", t("vehicles.came"), "number"),
        Column("went", t("vehicles.went"), "number"),
        Column("median", t("vehicles.median"), "minutes"),
        Column("p90", t("vehicles.p90"), "minutes"),
        Column("n", t("vehicles.n"), "number"),
        Column("entry_untold", t("vehicles.entry_untold"), "number"),
        Column("exit_untold", t("vehicles.exit_untold"), "number"),
        Column("unnamed", t("vehicles.unnamed"), "number"),
        Column("age", t("throughput.data_to"), "node"),
    ]


def place(found: Vehicles, view: View) -> dict[str, Any]:
    """One place over the period; nothing measured is a dash, never 0."""
    return {
        "place": (place_name(found.place), path("/vehicles") + view.set(place=found.place, terminal="", gate="").query()),
        "inside": len(found.inside),
        "came": sum(slot.came for slot in found.slots),
        "went": sum(slot.went for slot in found.slots),
        "median": found.turn.median,
        "p90": found.turn.p90,
        "n": found.turn.n,
        "entry_untold": found.ends.get("entry_untold", 0),
        "exit_untold": found.ends.get("exit_untold", 0),
        "unnamed": found.unnamed + found.by_day,
        "age": stamp(found.as_of, None, found.zone),
        "age_text": found.as_of.isoformat() if found.as_of else "",
    }


def hour_columns() -> list[Column]:
    return [
        Column("hour", t("throughput.bin_hour")),
        Column("median", t("vehicles.median"), "minutes"),
        Column("p90", t("vehicles.p90"), "minutes"),
        Column("n", t("vehicles.n"), "number"),
        Column("came", t("vehicles.came"), "number"),
        Column("went", t("vehicles.went"), "number"),
        Column("complete", t("throughput.complete")),
    ]


def hours(slots: Iterable[Slot]) -> list[dict[str, Any]]:
    """A row an hour."""
    return [
        {
            "hour": label(slot.bin, HOUR, language()),
            "median": slot.turn.median,
            "p90": slot.turn.p90,
            "n": slot.turn.n,
            "came": slot.came,
            "went": slot.went,
            "complete": t("shell.yes" if slot.complete else "shell.no"),
        }
        for slot in slots
    ]


def gate_columns() -> list[Column]:
    return [Column("gate", t("vehicles.gate")), Column("state", t("vehicles.state")), *hour_columns()]


def gates(named: Mapping[str, Sequence[Slot]]) -> list[dict[str, Any]]:
    """A row a gate and hour; those of an open gate that no truck passed are left out."""
    told = {name: [slot for slot in slots if slot.state != "open" or slot.came or slot.went] for name, slots in named.items()}
    return [
        {"gate": name, "state": t(f"vehicles.state_{slot.state}"), **row}
        for name, slots in told.items()
        for slot, row in zip(slots, hours(slots), strict=True)
    ]


def gate_name(place_id: str, at: Gate) -> str:
    """A gate in the reader's language where it is declared, else as it is told; with its terminal."""
    terminal, gate = at
    here, lang = world().place(place_id), language()
    declared = here.area(gate) if gate else None
    own = (area for area in here.areas if area.kind == "gate" and gate in area.name.values())
    area = declared or next((one for one in own if not terminal or here.terminal_of(one.id) in ("", _terminal(here, terminal))), None)
    named = area.title(lang) if area else gate or t("vehicles.no_gate")
    return f"{_terminal_name(place_id, terminal)} · {named}" if terminal else named


def _terminal(here: Any, told: str) -> str:
    area = here.area(told)
    return area.id if area else told


def inside_columns(places: bool) -> list[Column]:
    return [
        Column("plate", t("vehicles.plate")),
        *([Column("place", t("shell.filter_place"))] if places else []),
        Column("gate", t("vehicles.gate_in"), wide=True),
        Column("since", t("vehicles.since"), "node"),
        Column("minutes", t("vehicles.for"), "minutes"),
        Column("boxes", t("vehicles.brought"), "node", wide=True),
    ]


def inside(found: Iterable[Vehicles]) -> list[dict[str, Any]]:
    """Who is inside, the longest first."""
    told = [
        {
            "plate": visit.told,
            "place": place_name(one.place),
            "gate": _gate(one.place, visit, visit.entered),
            **_at("since", visit.at, one.zone),
            "minutes": int((now() - visit.at).total_seconds()) // 60,
            **_boxes("boxes", visit.entered),
        }
        for one in found
        for visit in one.inside
    ]
    return sorted(told, key=lambda row: -row["minutes"])


def visit_columns(places: bool) -> list[Column]:
    return [
        Column("plate", t("vehicles.plate")),
        *([Column("place", t("shell.filter_place"))] if places else []),
        Column("end", t("vehicles.end")),
        Column("came", t("vehicles.came_at"), "node", wide=True),
        Column("left", t("vehicles.left_at"), "node", wide=True),
        Column("minutes", t("vehicles.turn"), "minutes"),
        Column("brought", t("vehicles.brought"), "node", wide=True),
        Column("took", t("vehicles.took"), "node", wide=True),
    ]


def shown(found: Iterable[Vehicles]) -> list[dict[str, Any]]:
    """The visits of the period, the latest first."""
    told = sorted(((visit, one) for one in found for visit in one.shown), key=lambda pair: pair[0].at, reverse=True)
    return [
        {
            "plate": visit.told,
            "place": place_name(one.place),
            "end": t(f"vehicles.end_{visit.end(now(), one.longest)}"),
            **_at("came", visit.entered_at, one.zone, _gate(one.place, visit, visit.entered)),
            **_at("left", visit.left_at, one.zone, _gate(one.place, visit, visit.left)),
            "minutes": visit.minutes,
            **_boxes("brought", visit.entered),
            **_boxes("took", visit.left),
        }
        for visit, one in told[:LISTED]
    ]


def _at(key: str, at: datetime | None, zone: str, gate: str | None = None) -> dict[str, Any]:
    """When, and below it by which gate."""
    if at is None:
        return {key: None, f"{key}_text": ""}
    said = instant(at, zone, language(), now())
    below = [html.Div(gate, className="cell-more")] if gate else []
    return {key: html.Div([html.Div(said), *below]) if below else said, f"{key}_text": " ".join(filter(None, (at.isoformat(), gate)))}


def _boxes(key: str, passes: Sequence[Pass]) -> dict[str, Any]:
    drawn: list[Component] = [html.Div(box(one.equipment)) for one in passes]
    return {key: html.Div(drawn) if drawn else None, f"{key}_text": " ".join(one.equipment for one in passes)}


def _gate(place_id: str, visit: Visit, passes: Sequence[Pass]) -> str | None:
    """Terminal, gate and lane, as far as they are told."""
    if not passes or not (visit.terminal or passes[0].gate):
        return None
    said = gate_name(place_id, (visit.terminal, passes[0].gate)) if passes[0].gate else _terminal_name(place_id, visit.terminal)
    return f"{said}, {t('vehicles.lane', lane=passes[0].lane)}" if passes[0].lane else said


def _terminal_name(place_id: str, terminal: str) -> str:
    area = world().place(place_id).area(terminal)
    return str(area.title(language())) if area else terminal
