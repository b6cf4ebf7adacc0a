"""Moved but not on plan, planned but not moved: what happened at a place that works by announced lists, against those lists.

Such a place declares for which movements, and how long before them they are to be announced: `announced_ahead_gate_in`,
`announced_ahead_gate_out`, `announced_ahead_load` (Vietnam: the list is due before 15:00 of the day before). A box that came or left
without a list that named it, received that long before, is told of; a list that is sent anew is as early as the first. By
`announced_window` it is told of, too, what was announced to leave and has not left so long after its hour, or to come in by the gate and has
not come, until it does or is announced anew. What was to come by ship is told by "over- or short-landed", a box that left
and was never seen inside by "orphan exit". To be declared only where a source speaks for plans: without lists everything is off them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from zones.calendar import before
from zones.codes import KIND_OF
from zones.episode import Because, Episode, Step
from zones.limits import Law
from zones.stay import Mark
from zones.subject import PLAN, PlanFacts, StayFacts
from zones.word import GOES, Word

SUBJECT = PLAN
AHEAD = {event: f"announced_ahead_{event}" for event in ("gate_in", "gate_out", "load")}
WINDOW, COMES = "announced_window", ("gate_in",)
STEPS = {**dict.fromkeys(AHEAD.values(), "queue"), WINDOW: "queue"}
LATCHING = frozenset(AHEAD.values())  # what moved off the list has moved; what was late ends when it moves
NEEDS = frozenset({"plans", "gate", "quay"})  # leans on the absence of an announcement, or of a movement
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ()


def quiet(law: Law) -> timedelta | None:
    """Where nothing must be announced, whoever was not has nothing to be late for."""
    return timedelta() if law.declares(AHEAD.values()) else None


def episodes(facts: PlanFacts, law: Law) -> Iterator[Episode]:
    """Each movement that no list named in time; then what was announced and did not happen in time."""
    for visit in facts.visits:
        left = visit.exit if visit.exit is None or visit.exit.report_id != visit.stay.opening.report_id else None
        for moved in (visit.entry, left):
            if moved is not None and moved.event in AHEAD:
                yield from _unannounced(visit, moved, law)
        yield from _late(facts, law, _announced(visit.words, GOES), visit.stay.opening, visit.stay.left_at)
        yield from _late(facts, law, _announced(visit.words, COMES), None, visit.stay.opened_at)
    yield from _late(facts, law, _announced(facts.words, COMES), None, None)


def _announced(words: tuple[Word, ...], events: tuple[str, ...]) -> list[Word]:
    return [word for word in words if not word.happened and word.event in events]


def _unannounced(visit: StayFacts, moved: Mark, law: Law) -> Iterator[Episode]:
    limit = law.at(AHEAD[moved.event], moved.at)
    if limit is None:
        return
    due = before(moved.latest, limit.duration, law.zone, limit.by_calendar)
    named = sorted(_announced(visit.words, (moved.event,)), key=lambda word: (word.since, word.report_id))
    if named and named[0].since <= due:
        return
    yield Episode(
        anchor=(moved.report_id,),
        anchor_reports=moved.reports,
        place=visit.place,
        began_at=moved.at,
        ended_at=None,
        steps=(Step(limit.limit, STEPS[limit.limit], moved.at, limit=limit, over=False),),
        evidence=(moved, *named[:1]),
        because=Because(
            "announced_too_late" if named else "moved_but_not_on_plan",
            box=visit.equipment,
            place=visit.place,
            by=moved.event,
            at=moved.at,
            vehicle=moved.vehicle or None,
            announced=named[0].since if named else None,
        ),
        leans=((visit.place, "plans"),),
    )


def _late(facts: PlanFacts, law: Law, words: list[Word], inside: Mark | None, until: datetime | None) -> Iterator[Episode]:
    """What was announced for an hour and did not happen for so long after it, until it does or is announced anew."""
    told = sorted(words, key=lambda word: (word.received_at, word.time, word.report_id))
    for word, anew in zip(told, [*(word.received_at for word in told[1:]), None], strict=False):
        over = min((at for at in (until, anew) if at is not None), default=None)
        for spell in law.beyond(WINDOW, max(word.latest, word.since), over):
            yield Episode(
                anchor=(word.report_id,),
                anchor_reports=(word.report_id,),
                place=facts.place,
                began_at=spell.began,
                ended_at=spell.ended,
                steps=(Step(WINDOW, STEPS[WINDOW], spell.began, limit=spell.limit),),
                evidence=(word, inside) if inside else (word,),
                because=Because(
                    "announced_not_left" if word.event in GOES else "announced_not_come",
                    **{"box": facts.equipment, "place": facts.place, "by": word.event, "at": word.time, "announced": word.since},
                ),
                leans=((facts.place, KIND_OF[word.event]),),
            )


EXAMPLES = """
not declared    d0 08:00 gate_in; d3 09:00 gate_out  -> none
announced       limit announced_ahead_gate_out 9h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d2 10:00); d3 09:30 gate_out  -> none
not announced   limit announced_ahead_gate_out 9h; d0 08:00 gate_in; d3 09:30 gate_out  -> d3 09:30..
just in time    limit announced_ahead_gate_out 9h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d3 00:30); d3 09:30 gate_out  -> none
a minute late   limit announced_ahead_gate_out 9h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d3 00:31); d3 09:30 gate_out  -> d3 09:30..
afterwards      limit announced_ahead_gate_out 9h; d0 08:00 gate_in; d3 09:30 gate_out; d3 09:30 gate_out classifier=planned (received d4 10:00)  -> d3 09:30.. known d4 10:00
for the ship    limit announced_ahead_gate_out 9h; d0 08:00 gate_in; d3 09:00 load classifier=planned (received d1 10:00); d2 09:30 gate_out  -> d2 09:30..
came unnamed    limit announced_ahead_gate_in 9h; d0 08:00 gate_in; d1 09:00 gate_out  -> d0 08:00..
came named      limit announced_ahead_gate_in 9h; d0 12:00 gate_in classifier=planned (received d0 00:00); d0 09:00 gate_in; d0 09:30 gate_out  -> none
never inside    limit announced_ahead_gate_out 9h; d3 09:30 gate_out  -> none
by ship         limit announced_ahead_load 9h; d0 08:00 gate_in; d2 20:00 load classifier=planned (received d2 00:00); d2 18:00 load  -> none
some hour of it limit announced_ahead_gate_out 9h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d3 10:00); d3 00:00 gate_out precision=day  -> none
on another day  limit announced_ahead_gate_out 9h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d2 10:00); d3 09:30 gate_out; d20 08:00 gate_in; d21 08:00 gate_out  -> d21 08:00..
did not leave   limit announced_window 24h; d0 08:00 gate_in; d3 09:00 gate_out classifier=requested (received d2 10:00)  -> d4 09:00..
left late       limit announced_window 24h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d2 10:00); d4 09:01 gate_out  -> d4 09:00..d4 09:01
left in time    limit announced_window 24h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d2 10:00); d4 09:00 gate_out  -> none
put off         limit announced_window 24h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d2 10:00); d5 09:00 gate_out classifier=planned (received d3 10:00); d5 10:00 gate_out  -> none
announced again limit announced_window 24h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d2 10:00); d6 09:00 gate_out classifier=planned (received d4 12:00); d6 10:00 gate_out  -> d4 09:00..d4 12:00
never came      limit announced_window 24h; d3 09:00 gate_in classifier=planned (received d2 10:00)  -> d4 09:00..
came late       limit announced_window 24h; d3 09:00 gate_in classifier=planned (received d2 10:00); d5 08:00 gate_in  -> d4 09:00..d5 08:00
called off      limit announced_window 24h; d3 09:00 gate_in classifier=planned (received d2 10:00); retract d3 09:00 gate_in classifier=planned (received d2 12:00)  -> none
short-landed    limit announced_window 24h; d3 09:00 discharge classifier=planned (received d2 10:00)  -> none
movement late   limit announced_window 24h; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d2 10:00); d3 10:00 gate_out (received d6 10:00)  -> none
limit relaxed   limit announced_window 24h; limit announced_window 72h from d4; d0 08:00 gate_in; d3 09:00 gate_out classifier=planned (received d2 10:00)  -> d6 09:00..
unconfirmed     limit announced_ahead_gate_out 9h; unconfirmed announced_ahead_gate_out; d0 08:00 gate_in; d3 09:30 gate_out  -> d3 09:30..
"""
