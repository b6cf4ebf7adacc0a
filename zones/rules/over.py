"""Over- or short-landed: a ship discharged a box that is on no list received for its call, or did not discharge one that is.

Lists are manifests (CUSCAR), orders to discharge (COPRAR) and stowage plans (BAPLIE). A call of which none was received is not looked at,
and a list of one terminal says nothing of another. A box is over-landed from its discharge on. It is short-landed once the work at the call
is over and it was not discharged there: when the ship was told to have left, else when nothing was discharged for as long as the limit
`landing_window`, or from when the quay itself says so (COARRI, "shortlanded"). A box that is discharged after all ends it; a list that
names it later takes the alert back. Both stay open until the carrier has explained it and somebody gives an outcome.
"""

from __future__ import annotations

from collections.abc import Iterator

from zones.episode import ALWAYS, Because, Episode, Step
from zones.landing import CallFacts, Landing, Line
from zones.limits import Law
from zones.rules._work_over import End, work_over
from zones.subject import CALL

SUBJECT = CALL
STEPS = {ALWAYS: "today", "landing_window": "today"}
LATCHING = True  # why, the carrier explains
NEEDS = frozenset({"quay"})  # short-landed leans on the absence of a discharge
VERSION = 1
OWNER = "officer"


def episodes(facts: CallFacts, law: Law) -> Iterator[Episode]:
    """One for each box that is over- or short-landed."""
    for box, came in facts.landed.items():
        if came.named and box not in facts.lines and (first_line := _listed(facts, came)):
            yield _over_landed(facts, came, first_line)
    end = work_over(facts, law, "landing_window", STEPS)
    for box, lines in facts.lines.items():
        landing, stated = facts.landed.get(box), facts.stated.get(box)
        ends = [end] if end else []
        if stated is not None:
            ends.append((stated.mark.at, Step(ALWAYS, STEPS[ALWAYS], stated.mark.at), stated.mark, box))
        if ends:
            first = min(ends, key=lambda one: one[0])
            if landing is None or landing.mark.at > first[0]:
                yield _short_landed(facts, box, lines, first, landing)


def _listed(facts: CallFacts, landing: Landing) -> Line | None:
    """The line of the first list that speaks for the terminal; None where none does."""
    every = (line for lines in facts.lines.values() for line in lines if not landing.terminal or line.terminal in ("", landing.terminal))
    return min(every, key=lambda line: (line.mark.received_at, line.mark.report_id), default=None)


def _over_landed(facts: CallFacts, landing: Landing, line: Line) -> Episode:
    mark = landing.mark
    return Episode(
        equipment=landing.equipment,
        anchor=(mark.report_id,),
        anchor_reports=mark.reports or (mark.report_id,),
        place=facts.place,
        began_at=mark.at,
        ended_at=None,
        steps=(Step(ALWAYS, STEPS[ALWAYS], mark.at),),
        evidence=(mark, line.mark),
        because=Because(
            "over_landed",
            box=landing.equipment,
            place=facts.place,
            at=mark.at,
            vessel=facts.vessel,
            voyage=facts.voyage,
            listed=len(facts.lines),
            other_box=line.equipment,
        ),
        leans=(),
    )


def _short_landed(facts: CallFacts, box: str, lines: tuple[Line, ...], end: End, landing: Landing | None) -> Episode:
    began, step, mark, last = end
    because = Because(
        "short_landed",
        box=box,
        place=facts.place,
        vessel=facts.vessel,
        voyage=facts.voyage,
        at=None if last == box or not last else mark.at,
        left=mark.at if not last else None,
        came=landing.mark.at if landing else None,
        other_box=last if last not in ("", box) else None,
    )
    return Episode(
        equipment=box,
        anchor=(lines[0].mark.report_id,),
        anchor_reports=tuple(line.mark.report_id for line in lines),
        place=facts.place,
        began_at=began,
        ended_at=landing.mark.at if landing else None,
        steps=(step,),
        evidence=(*(line.mark for line in lines[:1]), mark, *((landing.mark,) if landing else ())),
        because=because,
    )


EXAMPLES = """
as listed       d0 06:00 listed; d0 06:00 listed box=2; d0 08:00 discharge; d0 09:00 discharge box=2  -> none
over            d0 06:00 listed; d0 08:00 discharge; d0 09:00 discharge box=2  -> d0 09:00..
no list         d0 08:00 discharge; d0 09:00 discharge box=2  -> none
no ship named   d0 06:00 listed; d0 08:00 discharge; d0 09:00 discharge box=2 ship=none  -> none
other ship      d0 06:00 listed; d0 08:00 discharge; d0 09:00 discharge box=2 ship=OTHER  -> none
other terminal  d0 06:00 listed terminal=A; d0 08:00 discharge terminal=A; d0 09:00 discharge box=2 terminal=B  -> none
list came late  d0 06:00 listed (received d0 20:00); d0 08:00 discharge; d0 09:00 discharge box=2  -> d0 09:00.. known d0 20:00
named later     d0 06:00 listed; d0 08:00 discharge; d0 09:00 discharge box=2; d0 06:00 listed box=2 (received d1 09:00)  -> none
not discharged  d0 06:00 listed; d0 06:00 listed box=2; d0 09:00 discharge box=2  -> none
ship left       d0 06:00 listed; d0 06:00 listed box=2; d0 09:00 discharge box=2; d0 15:00 departs  -> d0 15:00..
never came      d0 06:00 listed; d0 06:00 listed box=2; d0 15:00 departs  -> d0 15:00.., d0 15:00..
left, still on  d0 06:00 listed; d0 06:00 listed box=2; d0 09:00 discharge box=2; d0 08:00 departs  -> d0 09:00..
work over       limit landing_window 24h; d0 06:00 listed; d0 06:00 listed box=2; d0 09:00 discharge box=2  -> d1 09:00..
on the minute   limit landing_window 24h; d0 06:00 listed; d0 06:00 listed box=2; d0 09:00 discharge box=2; d1 09:00 discharge  -> none
a minute later  limit landing_window 24h; d0 06:00 listed; d0 06:00 listed box=2; d0 09:00 discharge box=2; d1 09:01 discharge  -> d1 09:00..d1 09:01
not begun       limit landing_window 24h; d0 06:00 listed; d0 06:00 listed box=2  -> none
the quay says   limit landing_window 24h; d0 06:00 listed; d0 09:00 short  -> d0 09:00..
unnamed fits    d0 06:00 listed; d0 08:00 discharge ship=none; d0 15:00 departs  -> none
by another      d0 06:00 listed; d0 08:00 discharge ship=OTHER; d0 15:00 departs  -> d0 15:00..
told late       d0 06:00 listed; d0 08:00 discharge (received d3 10:00); d0 15:00 departs  -> none
line withdrawn  d0 06:00 listed; d0 06:00 listed box=2; retract d0 06:00 listed; d0 08:00 discharge box=2; d0 15:00 departs  -> none
landing undone  d0 06:00 listed; d0 08:00 discharge; retract d0 08:00 discharge; d0 15:00 departs  -> d0 15:00..
limit relaxed   limit landing_window 24h; limit landing_window 48h from d1; d0 06:00 listed; d0 06:00 listed box=2; d0 09:00 discharge box=2  -> d2 09:00..
unconfirmed     limit landing_window 24h; unconfirmed landing_window; d0 06:00 listed; d0 06:00 listed box=2; d0 09:00 discharge box=2  -> d1 09:00..
"""
