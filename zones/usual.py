"""How often a source is usually heard, and what could therefore be expected of it: reckoned from its own past, never in force by itself.

For each hour of the day and each day: the longest that the source had been silent in that hour. Of the days the worst one is left out, so
that one bad night does not decide; half as much again is allowed on top, rounded up to a length that people would write. Of all tables of
one or two lines (`within` at all hours; another for a stretch of hours) the one is proposed that allows least silence over the day. The
table knows no weekdays, so a quiet Sunday makes the whole week's allowance longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from zones.place import Expect
from zones.rules import feed_silent
from zones.subject import Expected, FeedFacts, Pause

WEEKS = 4
FEWEST = 28  # receipts in four weeks: one a day
MARGIN = (3, 2)  # half as much again
WORTH = (3, 4)  # a second line must allow at most so much of what one line allows
_MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1080, 1440, 2160, 2880, 4320, 7200, 10080, 20160, 40320)
STEPS = tuple(timedelta(minutes=n) for n in _MINUTES)
HOUR = timedelta(hours=1)
Excused = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A table of what could be expected, and what it was reckoned from: the longest usual silence by hour of the day (24 of them)."""

    expect: tuple[Expect, ...]
    by_hour: tuple[timedelta, ...]
    receipts: int
    since: datetime
    until: datetime


def propose(pauses: Sequence[Pause], excused: Excused, zone: tzinfo, since: datetime, until: datetime) -> Proposal | None:
    """What to expect, from the pauses that reach into [since, until); None where fewer than `FEWEST` receipts tell of it."""
    receipts = sum(since <= pause.heard_at < until for pause in pauses)
    if receipts < FEWEST:
        return None
    cells = _silences(pauses, excused, zone, since, until)
    usual = []
    for hour in range(24):
        days = sorted((length for (own, _), length in cells.items() if own == hour), reverse=True)
        usual.append(days[1] if len(days) > 1 else days[0] if days else timedelta())
    return Proposal(_table([_allowed(length) for length in usual]), tuple(usual), receipts, since, until)


def calls(pauses: Sequence[Pause], excused: Excused, zone: tzinfo, expect: Iterable[Expect], since: datetime, until: datetime) -> int:
    """How often the rule of silent sources would have called in [since, until), had this been expected."""
    wanted = [Expected(each.within, each.hours) for each in expect]
    if not wanted:
        return 0
    least = min(each.within for each in wanted)
    long = [pause for pause in pauses if (pause.next_at or until) - pause.heard_at > least]
    facts = FeedFacts("", "", zone, [Pause(p.receipt_id, p.heard_at, p.next_at or until) for p in long], wanted, excused)
    return sum(1 for began, _, _ in feed_silent.silences(facts) if since <= began < until)


def _silences(
    pauses: Sequence[Pause], excused: Excused, zone: tzinfo, since: datetime, until: datetime
) -> dict[tuple[int, date], timedelta]:
    """(hour of the day, day) -> how long the source had been silent by the end of the longest silence that reached into it."""
    found: dict[tuple[int, date], timedelta] = {}
    for pause in pauses:
        end = min(pause.next_at or until, until)
        for began, ended, counts_from in feed_silent.counted(pause.heard_at, end, excused):
            at = max(began, since)
            while at < ended:
                local = at.astimezone(zone)
                stop = min(at + HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond), ended)
                cell = (local.hour, local.date())
                length = stop - counts_from
                if length > found.get(cell, timedelta()):
                    found[cell] = length
                at = stop
    return found


def _allowed(length: timedelta) -> timedelta:
    """Half as much again, rounded up to a length that people would write."""
    wanted = length * MARGIN[0] / MARGIN[1]
    return next((step for step in STEPS if step >= wanted), STEPS[-1])


def _table(allowed: Sequence[timedelta]) -> tuple[Expect, ...]:
    """The table of one or two lines that covers what is allowed at each hour, and allows least beyond."""
    always = max(allowed)
    best: tuple[Expect, ...] = (Expect(always),)
    least = always * 24
    enough = least * WORTH[0] / WORTH[1]
    for first in range(24):
        for length in range(1, 24):
            own = max(allowed[(first + n) % 24] for n in range(length))
            whole = own * length + always * (24 - length)
            if own < always and whole <= enough and whole < least:
                best, least = (Expect(own, (time(first), time((first + length) % 24))), Expect(always)), whole
    return best
