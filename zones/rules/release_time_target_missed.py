"""Release-time target missed: customs spoke of the box, and it could still not leave when the time set for its release had passed.

Administrations measure and promise how long a release takes: India, 48 hours at a land checkpost; Cameroon, bands of a day, five days
and a month. The rule finds the boxes, a manager finds the slow step. The clock starts with the first word of customs, quarantine or
another agency about the box or its documents during this visit (a selection, a hold, an inspection), or when it came in if they spoke
before; it ends when a release or permit is given and nobody holds the box, or with the exit. A box of which no agency has spoken has no
clock: it is not guessed when its declaration was made. The target is declared by the place (`release_target`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zones.customs import ORDER
from zones.episode import Because, Episode
from zones.limits import Law
from zones.rules._freed import freed
from zones.rules._spells import inside, joined, left, over, sooner, told
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STEPS = {"release_target": "queue"}
LATCHING = False
NEEDS = frozenset({"customs"})  # leans on the absence of a release
VERSION = 1
OWNER = "manager"


def quiet(law: Law) -> timedelta | None:
    """Before customs has spoken of it there is no clock."""
    return None


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """A spell while the release is overdue."""
    first = next(iter(facts.spoken(*ORDER)), None)
    if first is None or not law.declares(STEPS):
        return
    since = inside(facts, told(first))
    free = next((each for each in freed(facts) if each.until is None or each.until > since[0]), None)
    until = sooner(inside(facts, free.since) if free else None, left(facts))
    for began, ended, steps in joined(over(law, STEPS, since, until)):
        yield Episode(
            anchor=(facts.stay.opening.report_id,),
            anchor_reports=facts.stay.opening.reports,
            place=facts.place,
            began_at=began,
            ended_at=ended,
            steps=steps,
            evidence=(first, facts.stay.opening),
            because=Because(
                "release_time_target_missed",
                box=facts.equipment,
                place=facts.place,
                agency=first.agency,
                at=since[0],
                limit=steps[0].limit.value if steps[0].limit else None,
                over_since=began,
            ),
        )


EXAMPLES = """
in time        limit release_target 48h; d0 08:00 discharge; d1 09:00 selected customs; d2 10:00 release customs         -> none
on the minute  limit release_target 48h; d0 08:00 discharge; d1 09:00 selected customs; d3 09:00 release customs         -> none
too late       limit release_target 48h; d0 08:00 discharge; d1 09:00 selected customs; d3 15:00 release customs         -> d3 09:00..d3 15:00
not released   limit release_target 48h; d0 08:00 discharge; d1 09:00 hold customs                                       -> d3 09:00..
working hours  limit release_target 16wh; d0 08:00 discharge; d1 09:00 hold customs                                      -> d2 16:00..
undeclared     d0 08:00 discharge; d1 09:00 hold customs                                                                 -> none
not a word     limit release_target 48h; d0 08:00 discharge; d9 10:00 gate_out                                           -> none
at once        limit release_target 48h; d0 08:00 discharge; d1 09:00 permit customs; d9 10:00 gate_out                  -> none
two agencies   limit release_target 48h; d0 08:00 discharge; d1 09:00 selected customs; d1 12:00 hold quarantine; d2 10:00 release customs; d4 10:00 release quarantine -> d3 09:00..d4 10:00
before it came limit release_target 48h; d1 08:00 discharge; d0 09:00 selected customs; d3 10:00 release customs         -> d3 08:00..d3 10:00
ready for it   limit release_target 48h; d1 08:00 discharge; d0 09:00 selected customs; d0 20:00 release customs         -> none
held on coming limit release_target 48h; d1 08:00 discharge; d0 09:00 permit customs; d1 08:00 hold customs; d5 08:00 release customs -> d3 08:00..d5 08:00
left           limit release_target 48h; d0 08:00 discharge; d1 09:00 hold customs; d3 20:00 gate_out                    -> d3 09:00..d3 20:00
by its bill    limit release_target 48h; d0 08:00 discharge bill=B1; d1 09:00 hold customs bill=B1; d2 10:00 release customs bill=B1 -> none
bill waits     limit release_target 48h; d0 08:00 discharge bill=B1; d1 09:00 hold customs bill=B1                       -> d3 09:00..
known by day   limit release_target 48h; d0 08:00 discharge; d1 00:00 hold customs precision=day; d3 12:00 release customs -> d3 00:00..d3 12:00
told late      limit release_target 48h; d0 08:00 discharge; d1 09:00 hold customs (received d4 07:00)                   -> d3 09:00.. known d4 07:00
late release   limit release_target 48h; d0 08:00 discharge; d1 09:00 hold customs; d2 10:00 release customs (received d4 08:00) -> none
taken back     limit release_target 48h; d0 08:00 discharge; d1 09:00 hold customs; retract d0 08:00 discharge           -> none
relaxed        limit release_target 48h; limit release_target 96h from d4; d0 08:00 discharge; d1 09:00 hold customs     -> d3 09:00..d4 00:00, d5 09:00..
"""
