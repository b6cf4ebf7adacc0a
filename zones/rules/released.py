"""Released, not removed: a release or a permit lets the box go, and it is still inside after the time in which it is to be removed.

A permit is given for goods that leave. Where they stay, it can be used later for others, and the yard keeps what nobody controls any more.
In zones of the United States goods must be removed within 5 working days of the permit (19 CFR 146.71(c)). The clock starts when nobody
holds the box and a release or permit has been given, or when it came in if it was given before; a new permit starts it anew, a further
release does not. It ends with the exit, or when somebody holds the box again. How long it may take is declared by the place or its
jurisdiction (`removal_after_permit`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.episode import Because, Episode
from zones.limits import Law
from zones.rules._freed import freed
from zones.rules._spells import inside, joined, left, over, sooner
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {"removal_after_permit": "queue"}
LATCHING = False
NEEDS = frozenset({"gate"})  # leans on the absence of an exit
VERSION = 1
OWNER = "supervisor"


def quiet(law: Law) -> timedelta | None:
    """Of whom customs has not spoken, nobody is released."""
    return None


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """A spell for each release or permit that was not used in time."""
    for free in freed(facts) if law.declares(STEPS) else ():
        again = (free.until, free.until) if free.until else None
        for began, ended, steps in joined(over(law, STEPS, inside(facts, free.since), sooner(again, left(facts)))):
            yield Episode(
                anchor=(free.by.fact_id,),
                anchor_reports=(free.by.fact_id,),
                place=facts.place,
                began_at=began,
                ended_at=ended,
                steps=steps,
                evidence=(free.by, facts.stay.opening),
                because=Because(
                    "released",
                    box=facts.equipment,
                    place=facts.place,
                    agency=free.by.agency,
                    at=free.since[0],
                    limit=steps[0].limit.value if steps[0].limit else None,
                    over_since=began,
                ),
            )


EXAMPLES = """
in time        limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs; d3 10:00 gate_out @zone  -> none
on the minute  limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs; d6 09:00 gate_out @zone  -> none
too late       limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs; d7 10:00 gate_out @zone  -> d6 09:00..d7 10:00
still inside   limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 hold customs; d2 09:00 release customs   -> d7 09:00..
working days   limit removal_after_permit 5wd; d0 08:00 gate_in @zone; d1 09:00 permit customs                          -> d8 09:00..
undeclared     d0 08:00 gate_in @zone; d1 09:00 permit customs                                                         -> none
never freed    limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 hold customs                             -> none
two agencies   limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 hold quarantine; d1 09:00 hold customs; d2 09:00 release customs; d4 09:00 release quarantine -> d9 09:00..
one holds on   limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 hold quarantine; d2 09:00 permit customs -> none
held again     limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs; d6 12:00 hold customs    -> d6 09:00..d6 12:00
a new permit   limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs; d6 12:00 permit customs; d9 08:00 gate_out @zone -> d6 09:00..d6 12:00
before it came limit removal_after_permit 5d; d2 08:00 gate_in @zone; d1 09:00 permit customs                           -> d7 08:00..
by its bill    limit removal_after_permit 5d; d0 08:00 discharge bill=B1; d1 09:00 permit customs bill=B1               -> d6 09:00..
known by day   limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 00:00 permit customs precision=day; d6 12:00 gate_out @zone -> d6 00:00..d6 12:00
told late      limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs (received d8 07:00)       -> d6 09:00.. known d8 07:00
late exit      limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs; d3 10:00 gate_out @zone (received d8 10:00) -> none
taken back     limit removal_after_permit 5d; d0 08:00 gate_in @zone; d1 09:00 permit customs; retract d0 08:00 gate_in @zone -> none
shortened      limit removal_after_permit 5d; limit removal_after_permit 3d from d5; d0 08:00 gate_in @zone; d1 09:00 permit customs -> d5 00:00..
"""
