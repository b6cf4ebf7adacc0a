"""When what is planned, ordered or expected is to happen. Never guessed from the time of the message: a plan without a time has none.

A box's own window first (its beginning), then the call of the ship: arrival for a discharge, departure for a load. Where each place of a
TDT group has times of its own, only those of the place meant count: COPRAR names the arrival at the next port too. Codes: UN/EDIFACT 2005.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from data.feeds._edifact_time import PERIODS, Stamp, stamp
from data.feeds._equipment_facts import Facts, Time

# Delivery earliest, promised, scheduled, requested, effective, execution, positioning, arrival of the box itself; latest only where
# nothing else is said.
_IN = ("64", "69", "76", "2", "7", "203", "181", "132", "63")
# Collection earliest, pick-up, despatch requested, effective, execution, positioning, departure of the box itself; latest last.
_OUT = ("234", "200", "10", "7", "203", "181", "133", "235")
OF_SHIPS = frozenset({"132", "133"})  # unless they stand in the group of a box, and behind no TDT
_ANY = tuple(dict.fromkeys((*_IN, *_OUT)))  # of what is not understood the time is kept all the same
WINDOWS: Mapping[str, tuple[str, ...]] = {"gate_in": _IN, "gate_out": _OUT, "discharge": ("7", "203"), "load": ("7", "203")}
CALLS: Mapping[str, tuple[str, ...]] = {"discharge": ("132", "178", "133"), "load": ("133", "136", "132")}
PLACES: Mapping[str, frozenset[str]] = {"discharge": frozenset({"11", "12", "60", "61"}), "load": frozenset({"9", "5", "6"})}
PLANNED = ("live", "provisional")
TIMES = frozenset({*_IN, *_OUT, *CALLS["discharge"], *CALLS["load"]})


def planned(box: Facts, header: Facts, event: str, zone: tzinfo, zone_from: str) -> tuple[Stamp | None, str, list[str]]:
    """(time, its text as received, what is odd about it)."""
    windows, calls, places = WINDOWS.get(event, _ANY), CALLS.get(event, ()), PLACES.get(event, frozenset())

    def here(time: Time) -> bool:
        return not header.by_place or not time.behind or time.behind in places

    steps: tuple[Iterable[Time], ...] = (
        (t for qualifier in windows for t in box.times if t.qualifier == qualifier and not (t.carried and qualifier in OF_SHIPS)),
        (t for qualifier in windows if qualifier not in OF_SHIPS for t in header.times if t.qualifier == qualifier and not t.carried),
        (t for qualifier in calls if qualifier in header.takes.times for t in header.times if t.qualifier == qualifier and here(t)),
    )
    bad: list[str] = []
    for step in steps:
        for time in step:
            if found := _begin(time, zone, zone_from):
                return found, time.shown, [f"{found.odd}: {time.shown}:{time.form}"] if found.odd else []
            bad = bad or [f"bad_time: {time.shown}:{time.form}"]
    return None, "", bad


def as_planned(given: str, why: list[str], occurred: Stamp | None, odd: list[str]) -> tuple[str, list[str]]:
    """(given, why): without a time there is nothing planned, but a statement about the box all the same."""
    return ("status_only", ["no_plan_time", *odd, *why]) if occurred is None and given in PLANNED else (given, [*why, *odd])


def _begin(time: Time, zone: tzinfo, zone_from: str) -> Stamp | None:
    """The instant; of a period the beginning (713, 718, 719: two times of the same length, with or without a hyphen between)."""
    if time.form not in PERIODS:
        return stamp(time.text, time.form, zone, zone_from)
    first, mark, _ = time.text.partition("-")
    first = first if mark else time.text[: len(time.text) // 2] if len(time.text) % 2 == 0 else ""
    return stamp(first.strip(), {6: "101", 8: "102", 10: "201", 12: "203"}.get(len(first.strip()), ""), zone, zone_from)
