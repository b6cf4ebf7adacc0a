"""Gate-out on hold: a box left, by gate or by ship, while somebody still held it.

No goods leave a zone without a customs permit (19 CFR 146.71(a)); the same holds for quarantine and any other agency. A hold counts
from when it takes effect, not from when we heard of it, so a hold told late still finds an exit that should not have happened, and a
release told late clears one that was right.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.episode import ALWAYS, Because, Episode, Step, lower
from zones.limits import Law
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {ALWAYS: "act_now"}
LATCHING = True  # the box is gone; only a person can say how it ended
NEEDS = frozenset({"customs"})  # leans on the absence of a release
VERSION = 1
OWNER = "officer"


def quiet(law: Law) -> timedelta | None:
    """Who is not held may leave."""
    return None


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """At most one: from the exit on, for ever."""
    left = facts.exit
    if left is None:
        return
    holding = tuple(hold for hold in facts.holds if hold.may_hold(left.at, left.latest))
    if not holding:
        return
    certain = any(hold.must_hold(left.at, left.latest) for hold in holding)
    yield Episode(
        anchor=(left.report_id,),
        anchor_reports=left.reports,
        place=facts.place,
        began_at=left.at,
        ended_at=None,
        steps=(Step(ALWAYS, STEPS[ALWAYS] if certain else lower(STEPS[ALWAYS]), left.at, certain),),
        evidence=(left, *holding),
        because=Because(
            "gate_out_on_hold",
            box=facts.equipment,
            place=facts.place,
            by=left.event,
            gate=left.gate or None,
            lane=left.lane or None,
            vehicle=left.vehicle or None,
            at=left.at,
            holds=holding,
        ),
    )


EXAMPLES = """
held          d0 08:00 discharge; d1 09:00 hold customs; d2 14:00 gate_out                                  -> d2 14:00..
released      d0 08:00 discharge; d1 09:00 hold customs; d2 10:00 release customs; d2 14:00 gate_out        -> none
two agencies  d0 08:00 discharge; d1 09:00 hold customs; d1 10:00 hold quarantine; d2 10:00 release customs; d2 14:00 gate_out -> d2 14:00..
told late     d0 08:00 discharge; d2 14:00 gate_out; d1 09:00 hold customs (received d3 07:00)              -> d2 14:00.. known d3 07:00
too late      d0 08:00 discharge; d2 14:00 gate_out; d2 15:00 hold customs                                  -> none
same minute   d0 08:00 discharge; d2 14:00 release customs; d2 14:00 gate_out; d1 09:00 hold customs        -> none
at that hour  d0 08:00 discharge; d2 14:00 hold customs; d2 14:00 gate_out                                  -> d2 14:00..
by ship       d0 08:00 discharge; d1 09:00 selected customs; d2 14:00 load                                  -> d2 14:00..
late release  d0 08:00 discharge; d1 09:00 hold customs; d2 14:00 gate_out; d2 13:00 release customs (received d4 08:00) -> none
taken back    d0 08:00 discharge; d1 09:00 hold customs; d2 14:00 gate_out; retract d2 14:00 gate_out       -> none
"""
