"""What rules with limits share: from the readings of two times to steps, and from steps to spells.

A time known by its day only stands for its whole day. Where every reading of the times is over a limit, the step is certain; where only
some are, or where the working days of its calendar are not declared so far, it has one severity less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from zones.customs import DAY, Fact, Hold
from zones.episode import Step, lower
from zones.limits import Law, Spell
from zones.subject import StayFacts

Readings = tuple[datetime, datetime]  # the earliest and the latest instant at which something may have happened
Timed = tuple[Step, datetime | None]  # a step and when it ends


def told(fact: Fact) -> Readings:
    """When a customs fact took effect."""
    return fact.effective_at, fact.effective_at + DAY if fact.precision == "day" else fact.effective_at


def ended(hold: Hold) -> Readings | None:
    """When a hold was released; None while it is not."""
    if hold.until is None:
        return None
    return hold.until, hold.until + DAY if hold.released and hold.released.precision == "day" else hold.until


def left(facts: StayFacts) -> Readings | None:
    """When the visit ended; None while it lasts."""
    if facts.exit is not None:
        return facts.exit.at, facts.exit.latest
    return (facts.stay.left_at, facts.stay.left_at) if facts.stay.left_at else None


def inside(facts: StayFacts, when: Readings) -> Readings:
    """The later of a time and when the box came in, or was inside at the latest."""
    return max(when[0], facts.stay.opening.at), max(when[1], facts.stay.opening.latest)


def sooner(*times: Readings | None) -> Readings | None:
    """The first of some times; None where there is none."""
    known = [time for time in times if time is not None]
    return (min(time[0] for time in known), min(time[1] for time in known)) if known else None


def over(law: Law, steps: Mapping[str, str], since: Readings, until: Readings | None) -> list[Timed]:
    """The steps (limit -> severity) of what began `since` and ends `until`."""
    last, first = (until[1], until[0]) if until else (None, None)
    found: list[Timed] = []
    for name, severity in steps.items():
        some = law.beyond(name, since[0], last)
        every = some if not some or (since[0] == since[1] and first == last) else law.beyond(name, since[1], first)
        found += timed(name, severity, some, every)
    return found


def ahead(law: Law, limit: str, notices: Mapping[str, str], since: Readings, until: Readings | None) -> list[Timed]:
    """The notices (limit -> severity) before the end of another limit, as `over`. They tell ahead: nothing is over them."""
    last, first = (until[1], until[0]) if until else (None, None)
    found: list[Timed] = []
    for name, severity in notices.items():
        some = law.nearing(limit, name, since[0], last)
        every = some if not some or (since[0] == since[1] and first == last) else law.nearing(limit, name, since[1], first)
        found += ((replace(step, over=False), end) for step, end in timed(name, severity, some, every))
    return found


def timed(name: str, severity: str, some: Iterable[Spell], every: Iterable[Spell]) -> Iterator[Timed]:
    """The steps of one limit: some reading is over it in these spells, every reading in those."""
    for spell in some:
        within = (s for s in every if spell.began <= s.began and (spell.ended is None or s.began < spell.ended))
        sure = next((s for s in within if s.limit == spell.limit and s.exact), None)
        if sure is None or sure.began > spell.began:
            yield Step(name, lower(severity), spell.began, certain=False, limit=spell.limit), spell.ended
        if sure is not None:
            yield Step(name, severity, sure.began, limit=sure.limit), spell.ended


def joined(steps: Iterable[Timed]) -> Iterator[tuple[datetime, datetime | None, tuple[Step, ...]]]:
    """Steps with their ends, joined where they touch: (began, ended, the steps inside in time order)."""
    began: datetime | None = None
    ended: datetime | None = None
    within: list[Step] = []
    for step, end in sorted(steps, key=lambda pair: pair[0].at):  # steps come in the order of STEPS, and sorting keeps it
        if began is not None and ended is not None and step.at > ended:
            yield began, ended, tuple(within)
            began, within = None, []
        if began is None:
            began, ended = step.at, end
        else:
            ended = None if ended is None or end is None else max(ended, end)
        within.append(step)
    if began is not None:
        yield began, ended, tuple(within)
