"""Orphan exit, orphan entry: a box left that nobody saw come, or came again without having been told to leave.

A message is missing, or the number is wrong. Messages come late, so nothing is said before `orphan_window` has passed since the exit or
the second entry; when the missing report comes, the alert is taken back. The limit is the place's to declare, in force from the day on
which its books are complete: that of its first yard list, which opens the books with every box that was inside; without such a list,
from when the boxes of before supervision have left. An exit before that day is of a box nobody could have seen come. A box that turned up
at another place without having been told to leave is told by "two places at once".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.codes import KIND_OF
from zones.episode import Because, Episode
from zones.limits import Law
from zones.rules._over import over
from zones.stay import Mark, Stay
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {"orphan_window": "queue"}
LATCHING = False
NEEDS = frozenset({"gate", "quay"})  # leans on the absence of an entry or an exit
VERSION = 1
OWNER = "admin"
OTHERWISE = ()
BY_WATER = {"import": "quay", "transshipment": "quay"}  # how a box of a direction comes; it leaves the other way
BY_ROAD = {"import": "gate", "export": "quay", "transshipment": "quay"}


def quiet(law: Law) -> timedelta | None:
    """What came and left as told is never an orphan."""
    return None


def speaks_of(stay: Stay) -> bool:
    """Of a stay that was only seen to end, or whose end nobody told."""
    return stay.left_by == "inferred" or _only_left(stay)


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """From when the message that is missing should have come."""
    stay, after = facts.stay, facts.after
    if stay.exit is not None and _only_left(stay):
        yield from _missing(facts, law, "orphan_exit", (stay.exit,), BY_WATER.get(stay.direction, ""))
    elif stay.left_by == "inferred" and after is not None and after.place == stay.place:
        yield from _missing(facts, law, "orphan_entry", (after.opening, stay.opening), BY_ROAD.get(stay.direction, ""))


def _only_left(stay: Stay) -> bool:
    return not stay.entered and stay.exit is not None and stay.exit.report_id == stay.opening.report_id


def _missing(facts: StayFacts, law: Law, key: str, proof: tuple[Mark, ...], also: str) -> Iterator[Episode]:
    seen = proof[0]
    if law.at("orphan_window", seen.at) is None:  # before the books were complete
        return
    kinds = sorted({KIND_OF[seen.event], also} & NEEDS)
    for began, ended, steps in over(law, "orphan_window", STEPS["orphan_window"], seen):
        yield Episode(
            anchor=(seen.report_id,),
            anchor_reports=seen.reports,
            place=facts.place,
            began_at=began,
            ended_at=ended,
            steps=steps,
            evidence=proof,
            because=Because(
                key,
                box=facts.equipment,
                place=facts.place,
                by=seen.event,
                at=seen.at,
                since=proof[1].at if len(proof) > 1 else None,
                vehicle=seen.vehicle or None,
            ),
            leans=tuple((facts.place, kind) for kind in kinds),
        )


EXAMPLES = """
not declared    d3 09:00 gate_out  -> none
orphan exit     d3 09:00 gate_out; limit orphan_window 24h  -> d4 09:00..
by ship         d3 09:00 load; limit orphan_window 24h  -> d4 09:00..
chain           d0 08:00 discharge; d3 09:00 gate_out; limit orphan_window 24h  -> none
seen inside     d1 08:00 yard_move; d3 09:00 gate_out; limit orphan_window 24h  -> none
came late       d3 09:00 gate_out; d2 08:00 gate_in (received d6 20:00); limit orphan_window 24h  -> none
told late       d3 09:00 gate_out (received d6 10:00); limit orphan_window 24h  -> d4 09:00.. known d6 10:00
taken back      d3 09:00 gate_out; retract d3 09:00 gate_out; limit orphan_window 24h  -> none
not yet opened  d3 09:00 gate_out; limit orphan_window 24h from d4  -> none
from that day   d4 00:00 gate_out; limit orphan_window 24h from d4  -> d5 00:00..
longer since    d3 09:00 gate_out; limit orphan_window 24h; limit orphan_window 48h from d4  -> d5 09:00..
some day        d3 00:00 gate_out precision=day; limit orphan_window 24h  -> d4 00:00..
orphan entry    d0 08:00 gate_in; d5 08:00 gate_in; limit orphan_window 24h  -> d6 08:00..
exit came late  d0 08:00 gate_in; d5 08:00 gate_in; d4 09:00 gate_out (received d7 10:00); limit orphan_window 24h  -> none
elsewhere       d0 08:00 gate_in; d1 08:00 gate_in @zone; d2 08:00 gate_out @zone; limit orphan_window 24h  -> none
"""
