"""Seal number changed: two readings of a box's seals have none in common, and nobody told of an inspection or a new seal in between.

Compared are entry and exit of one stay, and the exit from one place with the entry at the next where that is the same journey: by road or
by water at both ends, and within the `transit_time` in force (a place that declares none does not compare across places; a box that stays
away longer may have been opened by its consignee). A seal that was added is no change, nor one told without its letters. Lawful causes are
told ones: any handling that opens or seals the box in that stay (handling under hold has its own rule), or an inspection by an agency.
Seals of empty boxes are not compared, and where two sources tell of one movement the one that the place believes counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from zones.codes import KIND_OF, same_seal
from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.stay import Mark, Stay
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {ALWAYS: "act_now"}
LATCHING = True  # the goods may be others; only a person can say
NEEDS = frozenset({"gate", "quay", "customs"})  # leans on the absence of an inspection, and of the word that counts
VERSION = 1
OWNER = "officer"
OTHERWISE = ("told",)
JOURNEYS = {("gate_out", "gate_in"), ("load", "discharge")}


def quiet(law: Law) -> timedelta | None:
    """Whose seals are the same at both ends is in order, inspected or not."""
    return None


def speaks_of(stay: Stay) -> bool:
    """Of a stay that ended with other seals than it began with."""
    return stay.exit is not None and _changed(stay.opening, stay.exit)


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """One for each pair of readings: on the way here, and while it was here."""
    stay, before = facts.stay, facts.before
    left = before.exit if before is not None and before.place != stay.place and before.full_empty != "empty" else None
    if before is not None and left is not None and stay.entered and _one_journey(left, stay.opening, law) and _changed(left, stay.opening):
        yield from _episode(facts, left, stay.opening, before.place)
    if stay.exit is not None and stay.full_empty != "empty" and _changed(stay.opening, stay.exit) and not facts.moves:
        yield from _episode(facts, stay.opening, stay.exit, stay.place)


def _changed(first: Mark, second: Mark) -> bool:
    """Whether both readings tell seals and no seal of the one can be one of the other."""
    if not first.seals or not second.seals or first.seals == second.seals:
        return False
    return not any(same_seal(one, other) for one in first.seals.split() for other in second.seals.split())


def _one_journey(left: Mark, came: Mark, law: Law) -> bool:
    """Whether in every reading it came within the time that the journey may take, the way it left."""
    declared = (left.event, came.event) in JOURNEYS and law.at("transit_time", left.at) is not None
    return declared and not law.beyond("transit_time", left.at, came.latest)


def _inspected(facts: StayFacts, since: datetime, until: datetime) -> bool:
    return any(fact.kind == "inspected" and since <= fact.effective_at <= until for fact in facts.told)


def _episode(facts: StayFacts, first: Mark, second: Mark, where: str) -> Iterator[Episode]:
    if _inspected(facts, first.at, second.latest):
        return
    agencies = {(fact.place, "customs") for fact in facts.told if fact.place}
    yield Episode(
        anchor=(second.report_id,),
        anchor_reports=second.reports,
        place=facts.place,
        began_at=second.at,
        ended_at=None,
        steps=(Step(ALWAYS, STEPS[ALWAYS], second.at),),
        evidence=(second, first),
        because=Because(
            "seal_number_changed",
            box=facts.equipment,
            place=facts.place,
            at=second.at,
            by=second.event,
            seals=second.seals,
            other_place=where,
            other_at=first.at,
            other_by=first.event,
            other_seals=first.seals,
            vehicle=second.vehicle or None,
        ),
        leans=tuple(sorted({(facts.place, KIND_OF[second.event])} | agencies)),
    )


EXAMPLES = """
same            d0 08:00 discharge seals=A1; d3 09:00 gate_out seals=A1  -> none
changed         d0 08:00 discharge seals=A1; d3 09:00 gate_out seals=B2  -> d3 09:00..
one told        d0 08:00 discharge seals=A1; d3 09:00 gate_out  -> none
written so      d0 08:00 discharge seals=ab-100200; d3 09:00 gate_out seals=AB100200  -> none
no letters      d0 08:00 discharge seals=AB100200; d3 09:00 gate_out seals=100200  -> none
inspected       d0 08:00 discharge seals=A1; d1 09:00 inspected customs; d3 09:00 gate_out seals=B2  -> none
at that hour    d0 08:00 discharge seals=A1; d3 09:00 inspected customs; d3 09:00 gate_out seals=B2  -> none
too late        d0 08:00 discharge seals=A1; d3 09:00 gate_out seals=B2; d3 09:01 inspected customs  -> d3 09:00..
sealed anew     d0 08:00 discharge seals=A1; d1 09:00 reseal seals=B2; d3 09:00 gate_out seals=B2  -> none
empty           d0 08:00 discharge seals=A1 full_empty=full; d3 09:00 gate_out seals=B2 full_empty=empty  -> none
told late       d0 08:00 discharge seals=A1 (received d5 10:00); d3 09:00 gate_out seals=B2  -> d3 09:00.. known d5 10:00
inspection late d0 08:00 discharge seals=A1; d3 09:00 gate_out seals=B2; d2 09:00 inspected customs (received d5 10:00)  -> none
taken back      d0 08:00 discharge seals=A1; d3 09:00 gate_out seals=B2; retract d3 09:00 gate_out seals=B2  -> none
on the way      limit transit_time 72h; d1 09:00 gate_out seals=A1; d1 14:00 gate_in seals=B2 @zone  -> d1 14:00..
not declared    d1 09:00 gate_out seals=A1; d1 14:00 gate_in seals=B2 @zone  -> none
too long away   limit transit_time 72h; d1 09:00 gate_out seals=A1; d4 09:01 gate_in seals=B2 @zone  -> none
just in time    limit transit_time 72h; d1 09:00 gate_out seals=A1; d4 09:00 gate_in seals=B2 @zone  -> d4 09:00..
limit shortened limit transit_time 72h; limit transit_time 4h from d1; d1 09:00 gate_out seals=A1; d1 14:00 gate_in seals=B2 @zone  -> none
back again      limit transit_time 72h; d1 09:00 gate_out seals=A1; d2 14:00 gate_in seals=B2  -> none
"""
