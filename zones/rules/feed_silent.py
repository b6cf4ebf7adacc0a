"""Feed silent: a source has not been heard for longer than is usual at that hour.

A feed that is silent blinds the rules that lean on it; no news is not good news. Silence counts from the last receipt; before the
first there is none. While the place is closed, or we ourselves were not looking, silence is nobody's fault: afterwards it counts anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise

from zones.episode import ALWAYS, Because, Episode, Step
from zones.limits import Law
from zones.subject import FEED, Expected, FeedFacts, Pause

SUBJECT = FEED
STEPS = {ALWAYS: "today"}
LATCHING = False
NEEDS: frozenset[str] = frozenset()
VERSION = 1
OWNER = "admin"
AHEAD = timedelta(days=40)  # how far ahead an open pause is looked at; beyond, its last spell simply goes on, by night too
DAY = timedelta(days=1)
Excused = Iterable[tuple[datetime, datetime]]


def episodes(facts: FeedFacts, law: Law) -> Iterator[Episode]:
    """A spell for each stretch in which the pause is longer than allowed."""
    for pause in facts.pauses:
        for began, ended, within in _spells(pause, facts):
            yield Episode(
                anchor=(pause.receipt_id,),
                anchor_reports=(pause.receipt_id,),
                place=facts.place,
                began_at=began,
                ended_at=ended,
                steps=(Step(ALWAYS, STEPS[ALWAYS], began),),
                evidence=(pause,),
                because=Because("feed_silent", feed=facts.feed, place=facts.place, since=pause.heard_at, allowed=within, blind=facts.blind),
            )


def silences(facts: FeedFacts) -> list[tuple[datetime, datetime | None, timedelta]]:
    """Every spell of silence as (began, ended, how long was allowed)."""
    return [spell for pause in facts.pauses for spell in _spells(pause, facts)]


def _spells(pause: Pause, facts: FeedFacts) -> list[tuple[datetime, datetime | None, timedelta]]:
    if not facts.expect:
        return []
    end = pause.next_at or pause.heard_at + AHEAD
    found: list[tuple[datetime, datetime | None, timedelta]] = []
    for began, ended, since in counted(pause.heard_at, end, facts.excused):
        for start, stop, within in _allowed(began, ended, facts):
            silent = max(start, since + within)
            if silent < stop:
                if found and found[-1][1] == silent:
                    found[-1] = (found[-1][0], stop, found[-1][2])
                else:
                    found.append((silent, stop, within))
    last = found[-1][1] if found else None
    if pause.next_at is None and last is not None and last > end - DAY:
        found[-1] = (found[-1][0], None, found[-1][2])
    return found


def counted(heard: datetime, end: datetime, excused: Excused) -> Iterator[tuple[datetime, datetime, datetime]]:
    """(from, to, silence counts from): the pause without its excused parts."""
    at = since = heard
    for began, ended in sorted(excused):
        if ended <= at or began >= end:
            continue
        if began > at:
            yield at, began, since
        at = since = max(ended, at)
    if at < end:
        yield at, end, since


def _allowed(began: datetime, ended: datetime, facts: FeedFacts) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The stretch cut where the allowance changes, with the smallest allowance in force in each piece."""
    edges = {began, ended, *(edge for expected in facts.expect for edge in (expected.since, expected.until) if edge is not None)}
    day = began.astimezone(facts.zone).date() - timedelta(days=1)
    while day <= ended.astimezone(facts.zone).date():
        for expected in facts.expect:
            for hour in expected.hours or ():
                edges.add(datetime.combine(day, hour, tzinfo=facts.zone).astimezone(began.tzinfo))
        day += timedelta(days=1)
    cuts = sorted(edge for edge in edges if began <= edge <= ended)
    for start, stop in pairwise(cuts):
        local = start.astimezone(facts.zone).time()
        within = [expected.within for expected in facts.expect if expected.in_force(start) and _covers(expected, local)]
        if within:
            yield start, stop, min(within)


def _covers(expected: Expected, local: time) -> bool:
    if expected.hours is None:
        return True
    opens, closes = expected.hours
    return opens <= local < closes if opens < closes else local >= opens or local < closes


EXAMPLES = """
heard           expect 30m; d0 08:00 receipt; d0 08:25 receipt  -> d0 08:55..
silent          expect 30m 06:00-22:00; expect 6h; d0 08:00 receipt; d0 10:00 receipt -> d0 08:30..d0 10:00, d0 10:30..
on the minute   expect 30m; d0 08:00 receipt; d0 08:30 receipt  -> d0 09:00..
at night        expect 30m 06:00-22:00; expect 6h; d0 21:50 receipt; d1 03:00 receipt  -> d1 06:00..
never heard     expect 30m  -> none
told again      expect 30m; d0 08:00 receipt; d0 08:00 receipt  -> d0 08:30..
closed          expect 30m; closed d0 08:10 d0 12:00; d0 08:00 receipt; d0 12:20 receipt  -> d0 12:50..
not looking     expect 30m; closed d0 08:10 d0 12:00; d0 08:00 receipt  -> d0 12:30..
told late       expect 30m; d0 08:00 receipt; d0 09:00 receipt; d0 08:20 receipt  -> d0 08:50..d0 09:00, d0 09:30..
limit changed   expect 2h; d0 08:00 receipt  -> d0 10:00..
"""
