"""Two places at once: the same box number is inside two places, or came in sooner than the way from the last one takes.

Either a number is copied, or a message or a clock is wrong. Each is worth knowing the same day. While the source of the place it should
have left is silent, the exit may simply not have reached us: then the alert is shown as unverified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.stay import Stay
from zones.subject import BOX, BoxFacts

SUBJECT = BOX
STEPS = {ALWAYS: "today"}
LATCHING = True  # a box that has left again may still have been a copy
NEEDS = frozenset({"gate", "quay"})
VERSION = 1
OWNER = "officer"
ACROSS = True


def episodes(facts: BoxFacts, law: Law) -> Iterator[Episode]:
    """One for each pair of stays at different places that cannot both be true."""
    stays = sorted(facts.stays, key=lambda stay: (stay.opened_at, stay.stay_id))
    for n, later in enumerate(stays):
        for earlier in stays[:n]:
            if earlier.place == later.place:
                continue
            if _overlap(earlier, later):
                yield _episode(facts, earlier, later, _least(earlier.left_at, later.left_at), None)
            elif earlier.exit and (way := _too_soon(earlier, later, facts)):
                yield _episode(facts, earlier, later, earlier.exit.at + way, way)


def _overlap(earlier: Stay, later: Stay) -> bool:
    """Whether every reading of day-precise ends has the box at both. An exit of which no entry is known overlaps nothing."""
    both = max(earlier.opening.latest, later.opening.latest)
    return all(stay.left_at is None or stay.left_at > both for stay in (earlier, later))


def _too_soon(earlier: Stay, later: Stay, facts: BoxFacts) -> timedelta | None:
    """The declared travel time, where the box took less of it in every reading."""
    if earlier.exit is None or not later.entered or later.opening.latest < earlier.exit.at:
        return None
    way = facts.travel.get((earlier.place, later.place)) or facts.travel.get((later.place, earlier.place))
    return way if way is not None and later.opening.latest - earlier.exit.at < way else None


def _least(*ends: datetime | None) -> datetime | None:
    told = [end for end in ends if end is not None]
    return min(told) if told else None


def _episode(facts: BoxFacts, earlier: Stay, later: Stay, ended: datetime | None, way: timedelta | None) -> Episode:
    marks = (later.opening, earlier.opening) if way is None or earlier.exit is None else (later.opening, earlier.exit)
    return Episode(
        anchor=tuple(mark.report_id for mark in marks),
        anchor_reports=tuple(i for mark in marks for i in mark.reports),
        place=later.place,
        began_at=later.opening.at,
        ended_at=ended,
        steps=(Step(ALWAYS, STEPS[ALWAYS], later.opening.at),),
        evidence=marks,
        because=Because(
            "two_places_at_once",
            box=facts.equipment,
            place=later.place,
            at=later.opening.at,
            by=later.opening.event,
            other_place=earlier.place,
            other_at=marks[1].at,
            other_by=marks[1].event,
            travel=way,
            overlap=way is None,
        ),
        leans=((earlier.place, "gate"), (earlier.place, "quay")) if earlier.left_at is None else (),
    )


EXAMPLES = """
overlap       d0 08:00 gate_in @port; d1 09:00 gate_in @zone; d2 10:00 gate_out @port             -> d1 09:00..d2 10:00
never left    d0 08:00 gate_in @port; d1 09:00 gate_in @zone                                      -> d1 09:00..
chain         d0 08:00 gate_in @port; d1 08:00 gate_out @port; d1 10:00 gate_in @zone             -> none
too soon      d0 08:00 gate_in @port; d1 09:00 gate_out @port; d1 09:30 gate_in @zone             -> d1 09:30..d1 10:15
just in time  d0 08:00 gate_in @port; d1 09:00 gate_out @port; d1 10:15 gate_in @zone             -> none
late exit     d0 08:00 gate_in @port; d1 10:00 gate_in @zone; d1 08:00 gate_out @port (received d2 07:00) -> none
told late     d0 08:00 gate_in @port (received d3 07:00); d1 09:00 gate_in @zone                  -> d1 09:00.. known d3 07:00
taken back    d0 08:00 gate_in @port; d1 09:00 gate_in @zone; retract d1 09:00 gate_in @zone      -> none
"""
