"""Exit without permit: a box left, by gate or by ship, and no release or permit of this visit covers the exit.

No goods leave a zone without a customs permit (19 CFR 146.71(a)). A release or permit covers an exit that follows it within the time for
which it is good; a box that was held again since is the matter of another alert (gate-out on hold). Which boxes need one, and for how long
it is good, is declared by the place for each direction apart (`permit_validity_import`, `_export`, `_transshipment`, `_storage`): where a
direction has no such limit, none is asked for. Of a box whose direction nobody knows the alert is lower unless every direction needs one.
The word of quarantine, police or border guard lifts their own holds and is no permit to leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from zones.customs import NO_PERMITS
from zones.episode import Because, Episode, Step, lower
from zones.limits import Law, Limit
from zones.rules._freed import ALLOWS
from zones.rules._spells import Readings, told
from zones.subject import STAY, StayFacts

SUBJECT = STAY
DIRECTIONS = ("import", "export", "transshipment", "storage")
STEPS = {f"permit_validity_{direction}": "act_now" for direction in DIRECTIONS}
LATCHING = True  # the box is gone; only a person can say how it ended
NEEDS = frozenset({"customs"})  # leans on the absence of a release
VERSION = 1
OWNER = "officer"


def quiet(law: Law) -> timedelta | None:
    """Where a permit is needed at all, every exit is looked at."""
    return timedelta() if law.declares(STEPS) else None


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """At most one: from the exit on, for ever."""
    left, own = facts.exit, facts.stay.direction
    if left is None or not law.declares(STEPS):
        return
    possible = (own,) if own in DIRECTIONS else DIRECTIONS
    asked = [limit for way in possible if (limit := law.at(f"permit_validity_{way}", left.at))]
    if not asked:
        return
    given = [fact for fact in facts.spoken(*ALLOWS) if fact.agency.lower() not in NO_PERMITS]
    out = left.at, left.latest
    open_ = [limit for limit in asked if not any(_covers(told(fact), limit, out, law, surely=True) for fact in given)]
    if not open_:
        return
    certain = len(open_) == len(possible) and not any(_covers(told(fact), limit, out, law) for fact in given for limit in open_)
    name, last = open_[0].limit, max((fact for fact in given if fact.effective_at <= left.at), key=lambda f: f.effective_at, default=None)
    severity = STEPS[name] if certain else lower(STEPS[name])
    yield Episode(
        anchor=(left.report_id,),
        anchor_reports=left.reports,
        place=facts.place,
        began_at=left.at,
        ended_at=None,
        steps=(Step(name, severity, left.at, certain, open_[0], over=False),),
        evidence=(left, last) if last else (left,),
        because=Because(
            "exit_without_permit",
            box=facts.equipment,
            place=facts.place,
            by=left.event,
            left=left.at if left.event != "load" else None,
            loaded=left.at if left.event == "load" else None,
            by_gate=left.gate or None,
            vehicle=left.vehicle or None,
            permit=last.effective_at if last else None,
        ),
    )


def _covers(given: Readings, limit: Limit, out: Readings, law: Law, *, surely: bool = False) -> bool:
    """Whether the exit follows the permit while it is good: in some reading of their times or, `surely`, in every one."""
    good_for: list[datetime] = [limit.deadline(at, law.zone).at for at in given]
    if surely:
        return given[1] <= out[0] and out[1] <= good_for[0]
    return given[0] <= out[1] and (out[0] <= good_for[1] or not limit.deadline(given[1], law.zone).exact)


EXAMPLES = """
covered       limit permit_validity_storage 3d; d0 08:00 gate_in @zone; d2 09:00 permit customs; d2 14:00 gate_out @zone   -> none
by a release  limit permit_validity_storage 3d; d0 08:00 gate_in @zone; d1 09:00 hold customs; d2 09:00 release customs; d2 14:00 gate_out @zone -> none
none given    limit permit_validity_storage 3d; d0 08:00 gate_in @zone; d2 14:00 gate_out @zone                            -> d2 14:00..
undeclared    d0 08:00 gate_in @zone; d2 14:00 gate_out @zone                                                              -> none
another way   limit permit_validity_import 3d; d0 08:00 gate_in @zone; d2 14:00 gate_out @zone                             -> none
on the minute limit permit_validity_storage 1d; d0 08:00 gate_in @zone; d1 14:00 permit customs; d2 14:00 gate_out @zone   -> none
run out       limit permit_validity_storage 1d; d0 08:00 gate_in @zone; d1 13:59 permit customs; d2 14:00 gate_out @zone   -> d2 14:00..
same minute   limit permit_validity_storage 1d; d0 08:00 gate_in @zone; d2 14:00 permit customs; d2 14:00 gate_out @zone   -> none
afterwards    limit permit_validity_storage 1d; d0 08:00 gate_in @zone; d2 14:01 permit customs; d2 14:00 gate_out @zone   -> d2 14:00..
by gate 3     limit permit_validity_import 9d; d0 08:00 discharge; d2 14:00 gate_out gate=3 vehicle=15C-1                       -> d2 14:00..
by ship       limit permit_validity_export 9d; d0 08:00 gate_in; d2 14:00 load                                             -> d2 14:00..
import        limit permit_validity_import 9d; d0 08:00 discharge bill=B1; d1 09:00 release customs bill=B1; d2 14:00 gate_out -> none
two agencies  limit permit_validity_import 9d; d0 08:00 discharge; d1 09:00 release quarantine; d2 14:00 gate_out          -> d2 14:00..
way unknown   limit permit_validity_storage 3d; d0 08:00 present @zone; d2 14:00 gate_out @zone                            -> d2 14:00..
held again    limit permit_validity_storage 3d; d0 08:00 gate_in @zone; d1 09:00 permit customs; d1 12:00 hold customs; d2 14:00 gate_out @zone -> none
elsewhere     limit permit_validity_storage 9d; d0 08:00 gate_in @port; d1 09:00 permit customs; d1 10:00 gate_out @port; d1 12:00 gate_in @zone; d2 14:00 gate_out @zone -> d2 14:00..
copied number limit permit_validity_storage 3d; d0 08:00 gate_in @port; d1 08:00 gate_in @zone; d2 09:00 permit customs; d2 14:00 gate_out @zone; d4 10:00 load @port -> none
known by day  limit permit_validity_storage 1d; d0 08:00 gate_in @zone; d1 00:00 permit customs precision=day; d2 14:00 gate_out @zone -> d2 14:00..
told late     limit permit_validity_storage 3d; d0 08:00 gate_in @zone; d2 14:00 gate_out @zone (received d3 09:00)        -> d2 14:00.. known d3 09:00
late permit   limit permit_validity_storage 3d; d0 08:00 gate_in @zone; d2 14:00 gate_out @zone; d2 09:00 permit customs (received d3 09:00) -> none
taken back    limit permit_validity_storage 3d; d0 08:00 gate_in @zone; d2 14:00 gate_out @zone; retract d2 14:00 gate_out @zone -> none
lengthened    limit permit_validity_storage 1d; limit permit_validity_storage 3d from d2; d0 08:00 gate_in @zone; d1 09:00 permit customs; d2 14:00 gate_out @zone -> none
unconfirmed   limit permit_validity_storage 3d; unconfirmed permit_validity_storage; d0 08:00 gate_in @zone; d2 14:00 gate_out @zone -> d2 14:00..
"""
