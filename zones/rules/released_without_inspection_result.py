"""Released without inspection result: an agency selected a box, and released it although nobody told of an inspection in between.

A selection that is lifted without a look is either a mistake, an instruction that nobody wrote down, or a favour. Where the result was
only not told, it still belongs into the books: nobody can count what was found otherwise. It is tolerated nowhere; there is no limit to
it. An inspection counts if the same agency told of it or if whoever handled the box reported it. A release that comes after the box has
left is not looked at here: the exit itself was the offence (gate-out on hold).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.rules._selections import selections
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {ALWAYS: "today"}
LATCHING = True  # it was released; only a person can say why
NEEDS = frozenset({"customs"})  # leans on the absence of a result
VERSION = 1
OWNER = "officer"


def quiet(law: Law) -> timedelta | None:
    """Of whom customs has not spoken, nobody is released."""
    return None


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """At most one for each selection: from the release on, for ever."""
    for selection in selections(facts):
        first, released = selection.facts[0], selection.hold.released
        if selection.inspected is not None or released is None:
            continue
        at = released.effective_at
        if facts.stay.left_at is not None and at > facts.stay.left_at:
            continue
        yield Episode(
            anchor=(first.fact_id, released.fact_id),
            anchor_reports=(*(fact.fact_id for fact in selection.facts), released.fact_id),
            place=facts.place,
            began_at=at,
            ended_at=None,
            steps=(Step(ALWAYS, STEPS[ALWAYS], at),),
            evidence=(first, released, facts.stay.opening),
            because=Because(
                "released_without_inspection_result",
                box=facts.equipment,
                place=facts.place,
                agency=first.agency,
                at=at,
                selected=first.effective_at,
            ),
        )


EXAMPLES = """
no result     d0 08:00 discharge; d1 09:00 selected customs; d2 10:00 release customs                                  -> d2 10:00..
inspected     d0 08:00 discharge; d1 09:00 selected customs; d1 15:00 inspected customs; d2 10:00 release customs      -> none
same minute   d0 08:00 discharge; d1 09:00 selected customs; d2 10:00 inspected customs; d2 10:00 release customs      -> none
too late      d0 08:00 discharge; d1 09:00 selected customs; d2 10:00 release customs; d2 10:01 inspected customs      -> d2 10:00..
before        d0 08:00 discharge; d1 08:00 inspected customs; d1 09:00 selected customs; d2 10:00 release customs      -> d2 10:00..
a mere hold   d0 08:00 discharge; d1 09:00 hold customs; d2 10:00 release customs                                      -> none
not released  d0 08:00 discharge; d1 09:00 selected customs                                                            -> none
by its handler d0 08:00 discharge; d1 09:00 selected customs; d1 20:00 inspect; d2 10:00 release customs               -> none
two agencies  d0 08:00 discharge; d1 09:00 selected customs; d1 09:00 selected quarantine; d1 12:00 inspected quarantine; d2 10:00 release customs; d2 11:00 release quarantine -> d2 10:00..
once again    d0 08:00 discharge; d1 09:00 selected customs; d1 12:00 inspected customs; d1 15:00 selected customs; d2 10:00 release customs -> d2 10:00..
by its bill   d0 08:00 discharge bill=B1; d1 09:00 selected customs; d2 10:00 release customs bill=B1                  -> d2 10:00..
of the bill   d0 08:00 discharge bill=B1; d1 09:00 selected customs bill=B1; d1 12:00 inspected customs bill=B1; d2 10:00 release customs bill=B1 -> none
one day       d0 08:00 discharge; d1 00:00 selected customs precision=day; d1 00:00 inspected customs precision=day; d1 00:00 release customs precision=day -> none
after it left d0 08:00 discharge; d1 09:00 selected customs; d2 10:00 gate_out; d2 12:00 release customs               -> none
told late     d0 08:00 discharge; d2 10:00 release customs; d1 09:00 selected customs (received d3 07:00)              -> d2 10:00.. known d3 07:00
late result   d0 08:00 discharge; d1 09:00 selected customs; d2 10:00 release customs; d1 15:00 inspected customs (received d4 08:00) -> none
taken back    d0 08:00 discharge; d1 09:00 selected customs; d2 10:00 release customs; retract d0 08:00 discharge      -> none
"""
