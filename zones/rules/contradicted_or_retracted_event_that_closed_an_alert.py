"""Closed on what no longer counts: an alert was closed, and a statement it rested on was taken back or corrected afterwards.

Whoever closed it decided on what was known then, and cannot know that it is otherwise now. So the correction is itself a matter for the
one who keeps the sources and for the one who decided: the statement, the message that takes it back, and what was closed on them. The
closed alert is opened again, whatever its own rule says of it by now. It ends when that alert is decided anew, by whichever outcome, or when
what was taken back counts again. What was decided about this alert is never looked at in this way again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zones.closing import CHANGED, Closing, Rest, Turn
from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.movement import content_id
from zones.subject import ALERT, AlertFacts, Taken

SUBJECT = ALERT
STEPS = {ALWAYS: "today"}
LATCHING = False
NEEDS: frozenset[str] = frozenset()  # leans on what was told, not on silence
VERSION = 1
OWNER = "admin"  # who keeps the sources; and whoever closed it, whom the sentence names
Away = tuple[datetime, datetime | None, Turn, Rest]


def episodes(facts: AlertFacts, law: Law) -> Iterator[Episode]:
    """For each closing a spell for each time in which something that it rests on does not count."""
    for closing in facts.closings:
        for spell in _spells(closing):
            anchor = content_id(facts.alert_id, str(closing.line))
            yield Episode(
                anchor=(anchor,),
                anchor_reports=(anchor,),
                place=facts.place,
                began_at=spell[0][0],
                ended_at=None if any(end is None for _, end, *_ in spell) else max(end for _, end, *_ in spell if end),
                steps=(Step(ALWAYS, STEPS[ALWAYS], spell[0][0]),),
                evidence=tuple(Taken(rest.statement_id, turn.message_id, closing.at) for _, _, turn, rest in spell),
                because=_because(facts, closing, spell[0]),
            )


def _spells(closing: Closing) -> list[list[Away]]:
    """What does not count, put together where it overlaps or touches, oldest first."""
    away = [(*spell, rest) for rest in closing.rests for spell in rest.away(closing.at, closing.until)]
    found: list[list[Away]] = []
    for each in sorted(away, key=lambda one: (one[0], one[3].statement_id)):
        last = found[-1] if found else []
        if last and (any(end is None for _, end, *_ in last) or each[0] <= max(end for _, end, *_ in last if end)):
            last.append(each)
        else:
            found.append([each])
    return found


def _because(facts: AlertFacts, closing: Closing, first: Away) -> Because:
    _, _, turn, rest = first
    return Because(
        f"closed_on_{CHANGED.get(turn.status, 'taken_back')}",
        box=facts.equipment or None,
        place=facts.place,
        rule=facts.rule,
        officer=closing.by,
        outcome=closing.outcome,
        closed=closing.at,
        event=rest.said if rest.kind == "report" else None,
        fact=rest.said if rest.kind == "fact" else None,
        at=rest.at,
        taken=turn.at,
        message=turn.name or None,
    )


EXAMPLES = """
still so        d0 08:00 discharge; d3 09:00 decided offence  -> none
taken back      d0 08:00 discharge; d3 09:00 decided offence; retract d0 08:00 discharge (received d5 10:00)  -> d5 10:00.. known d5 10:00
before          d0 08:00 discharge; retract d0 08:00 discharge (received d2 10:00); d3 09:00 decided offence  -> none
left open       d0 08:00 discharge; retract d0 08:00 discharge (received d5 10:00)  -> none
corrected       d0 08:00 discharge source_id=S1; d3 09:00 decided unknown; d0 09:00 discharge source_id=S1 (received d5 10:00)  -> d5 10:00..
told again      d0 08:00 discharge source_id=S1; d3 09:00 decided unknown; d0 08:00 discharge source_id=S1 (received d5 10:00)  -> none
another box     d0 08:00 discharge; d3 09:00 decided offence; retract d1 08:00 gate_in (received d5 10:00)  -> none
decided anew    d0 08:00 discharge; d3 09:00 decided offence; retract d0 08:00 discharge (received d5 10:00); d6 09:00 decided data_error  -> d5 10:00..d6 09:00
opened by hand  d0 08:00 discharge; d3 09:00 decided offence; d4 09:00 opened; retract d0 08:00 discharge (received d5 10:00)  -> none
that very time  d0 08:00 discharge; d3 09:00 decided offence; retract d0 08:00 discharge (received d3 09:00)  -> none
a minute later  d0 08:00 discharge; d3 09:00 decided offence; retract d0 08:00 discharge (received d3 09:01)  -> d3 09:01..
a hold          d0 08:00 discharge; d1 08:00 hold customs source_id=H1; d3 09:00 decided offence; retract d1 08:00 hold customs source_id=H1 (received d5 10:00)  -> d5 10:00..
told late       d0 08:00 discharge (received d4 10:00); d3 09:00 decided offence; retract d0 08:00 discharge (received d5 10:00)  -> none
counts again    d0 08:00 discharge source_id=S1; d3 09:00 decided offence; retract d0 08:00 discharge source_id=S1 (received d5 10:00); d0 08:00 discharge source_id=S1 (received d6 10:00)  -> d5 10:00..d6 10:00
limit changed   limit import_dwell_warn 1d; d0 08:00 discharge; d3 09:00 decided offence; retract d0 08:00 discharge (received d5 10:00)  -> d5 10:00..
"""
