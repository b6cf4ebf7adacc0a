"""Of several times, places and carriages in a message, the one that is the box's. The order is that of the project's reading guide.

Time: the box's DTM 203, 7, 181, 178 (in) or 186 (out); its only DTM whatever it is called; DTM of the box's TDT; 203 or 7 of the header;
the document's time and the interchange's, which are times of the report and say so. Place: LOC 165 (not in the official list, but
what terminals send), 175, 172; the port that the event implies; terminal operator; sender.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import NamedTuple

from data.feeds._edifact_time import PERIODS, Stamp, stamp
from data.feeds._equipment_facts import Carriage, Facts, Time

_SIDES = {"gate_in": "178", "discharge": "178", "gate_out": "186", "load": "186"}
_NOT_OWN = frozenset({"132", "133", "36"})
_NEVER = frozenset({"132", "133", "136", "36"})  # of a ship's call


def when(
    box: Facts, header: Facts, event: str, zone: tzinfo, zone_from: str, made: datetime | None, usual: tuple[str, ...] = ()
) -> tuple[Stamp | None, str, list[str]]:
    """(time, its text as received, why): None where the message gives none or where the one it gives cannot be read. `usual`: the DTM of
    a message whose times behind a TDT are all the ship's."""
    by_ship = bool(usual)
    usual = usual or ("203", "7", "181", *((_SIDES[event],) if event in _SIDES else ("178", "186")))
    own = [t for t in box.times if not t.carried and t.form not in PERIODS]
    spare = [t for t in own if t.qualifier not in _NOT_OWN]
    steps: tuple[Iterable[Time], ...] = (
        (t for qualifier in usual for t in own if t.qualifier == qualifier),
        spare if len(spare) == 1 else (),
        () if by_ship else (t for t in box.times if t.carried and t.qualifier not in _NEVER and t.form not in PERIODS),
        (t for qualifier in ("203", "7") for t in header.times if t.qualifier == qualifier),
        (t for t in header.times if t.qualifier == "137"),
    )
    for number, step in enumerate(steps):
        bad: Time | None = None
        for time in step:
            if found := stamp(time.text, time.form, zone, zone_from):
                why = [f"{found.odd}: {time.shown}:{time.form}"] if found.odd else []
                return found, time.shown, [*why, "report_time: DTM 137"] if number == 4 else why
            bad = bad or time
        if bad:
            return None, bad.shown, [f"bad_time: {bad.shown}:{bad.form}"]
    if made is not None:
        return Stamp(made, "minute", zone_from, ""), "", ["report_time: UNB"]
    return None, "", ["no_time"]


class Where(NamedTuple):
    """Codes most specific first, the terminal, and the place code if a LOC gave it."""

    codes: str
    terminal: str
    named: str


def where(box: Facts, header: Facts, ports: str, header_first: bool, sender: str | None, terminals: Mapping[str, str]) -> Where:
    """`ports`: the LOC 3227 that the event implies, several separated by blanks, or ""; `terminals` the place's own, {"DT1": "XXDMO:DT1"}:
    a party of that name stands for it. `sender` None: whoever wrote the message is not where the box is."""
    operator = box.party("TR") or header.party("TR")
    order = [(facts, qualifier) for qualifier in ("165", "175", "172") for facts in (box, header)]
    for port in ports.split():
        order += [(header, port), (box, port)] if header_first else [(box, port), (header, port)]
    for facts, qualifier in order:
        if qualifier in facts.places:
            code, terminal = facts.places[qualifier]
            terminal = terminal or operator
            key = "_".join(terminal.upper().split())
            return Where(" ".join(filter(None, (f"{code}:{key}" if code and key else key, code))), terminal, code)
    writers = ((box.party("MS") or header.party("MS"), ""), (sender, "")) if sender is not None else ()
    for name, terminal in ((operator, operator), *writers):
        if name:
            key = "_".join(name.upper().split())
            return Where(f"{terminals[key]} {key}", name, "") if key in terminals else Where(key, terminal, "")
    return Where("", "", "")


def carriage(box: Facts, header: Facts, by_ship: bool) -> Carriage | None:
    """What carried the box past the gate or over the quay. At a gate the ship of the header's main leg is another leg of the journey."""
    if by_ship:
        return next((c for c in (*header.carriages, *box.carriages) if c.stage in ("20", "")), None)
    inland = (c for c in (*box.carriages, *header.carriages) if c.stage != "20" or c.by_land)
    return next(inland, None)


def ship(box: Facts, header: Facts) -> Carriage | None:
    """The ship of the main leg; its `voyage` counts even where the sender calls the carriage a truck."""
    return next((c for c in (*header.carriages, *box.carriages) if c.stage in ("20", "")), None)
