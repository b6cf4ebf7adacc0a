"""Import overstay: a box brought in is still inside after the days agreed for it.

Boxes that sit fill the yard and grow into backlog goods. The clock starts when the box came in (discharge, or entry by gate where it
is declared an import) and ends when it leaves. A box whose entry nobody told has no clock: it is counted, never guessed. Which limit
applies, and from when, is declared by the place or its jurisdiction; where a limit changed, the spell follows the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.episode import Because, Episode
from zones.limits import Law
from zones.rules._spells import joined, left, over
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {"import_dwell_warn": "queue", "import_dwell_high": "today"}
LATCHING = False
NEEDS = frozenset({"gate"})  # leans on the absence of an exit
VERSION = 1
OWNER = "supervisor"


def quiet(law: Law) -> timedelta | None:
    """Nothing is over a limit before the shortest has passed."""
    return law.shortest(STEPS)


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """A spell for each time over a limit: one as a rule, more where the limit was moved meanwhile."""
    entry = facts.entry
    if entry is None or facts.stay.direction != "import":
        return
    for began, ended, steps in joined(over(law, STEPS, (entry.at, entry.latest), left(facts))):
        limit = steps[0].limit
        yield Episode(
            anchor=(entry.report_id,),
            anchor_reports=entry.reports,
            place=facts.place,
            began_at=began,
            ended_at=ended,
            steps=steps,
            evidence=(entry,),
            because=Because(
                "import_overstay",
                box=facts.equipment,
                place=facts.place,
                entered=entry.at,
                by=entry.event,
                over_since=began,
                limit=limit.value if limit else None,
                limit_name=steps[0].name,
            ),
        )


EXAMPLES = """
in time         d0 08:00 discharge; d4 09:00 gate_out  -> none
on the minute   d0 08:00 discharge; d5 08:00 gate_out  -> none
over            d0 08:00 discharge; d6 09:00 gate_out  -> d5 08:00..d6 09:00
still inside    d0 08:00 discharge  -> d5 08:00..
told late       d0 08:00 discharge (received d7 10:00)  -> d5 08:00.. known d7 10:00
late exit       d0 08:00 discharge; d4 09:00 gate_out (received d8 10:00)  -> none
taken back      d0 08:00 discharge; retract d0 08:00 discharge  -> none
limit shortened d0 08:00 discharge; limit import_dwell_warn 3d from d4  -> d4 00:00..
limit relaxed   d0 08:00 discharge; d8 23:00 gate_out; limit import_dwell_warn 8d from d6 -> d5 08:00..d6 00:00, d8 08:00..d8 23:00
exports         d0 08:00 gate_in; d8 09:00 load  -> none
entry unknown   d0 08:00 present; d8 09:00 gate_out  -> none
"""
