"""Selected, not presented: a box selected for scanning or inspection was not inspected within the time in which it is to be presented.

A selected box that nobody brings to the examination area waits for nothing, and whoever wants it unseen has time. Terminals promise a
time for it: Cat Lai, to move a box within 12 hours of its nomination (announcement 1929/TC-VP of the terminal, no law). The clock starts
with the selection, or when the box came in if it was selected before; it ends with an inspection, told by the agency or reported by who
handled the box, with the agency's release, or with the exit. How long it may take is declared by the place (`exam_presentation`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.episode import Because, Episode
from zones.limits import Law
from zones.rules._selections import selections
from zones.rules._spells import inside, joined, left, over, sooner, told
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {"exam_presentation": "today"}
LATCHING = False
NEEDS = frozenset({"customs"})  # leans on the absence of an inspection and of a release
VERSION = 1
OWNER = "supervisor"


def quiet(law: Law) -> timedelta | None:
    """Of whom customs has not spoken, nobody is selected."""
    return None


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """A spell for each selection that waits too long."""
    for selection in selections(facts) if law.declares(STEPS) else ():
        first = selection.facts[0]
        until = sooner(selection.inspected_at, selection.released_at, left(facts))
        for began, ended, steps in joined(over(law, STEPS, inside(facts, told(first)), until)):
            yield Episode(
                anchor=(first.fact_id,),
                anchor_reports=tuple(fact.fact_id for fact in selection.facts),
                place=facts.place,
                began_at=began,
                ended_at=ended,
                steps=steps,
                evidence=(first, facts.stay.opening),
                because=Because(
                    "selected",
                    box=facts.equipment,
                    place=facts.place,
                    agency=first.agency,
                    at=first.effective_at,
                    limit=steps[0].limit.value if steps[0].limit else None,
                    over_since=began,
                ),
            )


EXAMPLES = """
presented      limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 18:00 inspected customs  -> none
on the minute  limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 21:00 inspected customs  -> none
too late       limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d2 10:00 inspected customs  -> d1 21:00..d2 10:00
never          limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs  -> d1 21:00..
undeclared     d0 08:00 discharge; d1 09:00 selected customs  -> none
released       limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 15:00 release customs  -> none
left           limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 23:00 gate_out  -> d1 21:00..d1 23:00
a mere hold    limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 hold customs  -> none
before it came limit exam_presentation 12h; d0 08:00 discharge; d0 01:00 selected customs; d0 21:00 inspected customs -> d0 20:00..d0 21:00
by its handler limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 20:00 inspect  -> none
another agency limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 10:00 inspected quarantine -> d1 21:00..
two agencies   limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 12:00 selected quarantine -> d1 21:00.., d2 00:00..
once again     limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 11:00 inspected customs; d1 15:00 selected customs -> d2 03:00..
told twice     limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 11:00 selected customs -> d1 21:00..
by its bill    limit exam_presentation 12h; d0 08:00 discharge bill=B1; d1 09:00 selected customs bill=B1; d1 18:00 inspected customs bill=B1 -> none
bill waits     limit exam_presentation 12h; d0 08:00 discharge bill=B1; d1 09:00 selected customs bill=B1  -> d1 21:00..
known by day   limit exam_presentation 12h; d0 08:00 discharge; d1 00:00 selected customs precision=day; d2 06:00 inspected customs -> d1 12:00..d2 06:00
told late      limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs (received d2 07:00)  -> d1 21:00.. known d2 07:00
late result    limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; d1 18:00 inspected customs (received d3 08:00)  -> none
taken back     limit exam_presentation 12h; d0 08:00 discharge; d1 09:00 selected customs; retract d0 08:00 discharge  -> none
shortened      limit exam_presentation 24h; limit exam_presentation 12h from d2; d0 08:00 discharge; d1 09:00 selected customs -> d2 00:00..
"""
