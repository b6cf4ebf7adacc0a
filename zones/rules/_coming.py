"""What is coming: full hours at which what is announced, with what is inside, is more than there will be room for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from zones import area
from zones.area import Announced, ComingFacts, Point, full
from zones.episode import Because, Episode, Step
from zones.limits import Law, Limit
from zones.measure import Measure

AHEAD, ROOM = "surge_ahead", ("yard_use_high", "yard_use_warn")
DAY = timedelta(days=1)


class Told(NamedTuple):
    """What stands announced at a full hour until the day on which it passes: that day, and its boxes."""

    day: date
    level: int
    boxes: tuple[Announced, ...]


def spells(facts: ComingFacts, law: Law) -> Iterator[Episode]:
    """A spell for each stretch of full hours at which it would pass within the time of the limit."""
    for run in area.runs(_points(facts, law), law):
        told = _standing(facts, law, run.began)
        if told is None or not told.boxes:
            continue
        passing = _passing(facts, law, run.began, told)
        by = passing.by
        amounts = [one.amount for one in told.boxes]
        yield Episode(
            anchor=(by.report_id,),
            anchor_reports=by.reports or (by.report_id,),
            place=facts.place,
            began_at=run.began,
            ended_at=run.ended,
            steps=tuple(Step(name, "today", at, limit=limit, over=False) for name, (at, limit) in run.steps.items()),
            evidence=(by,),
            because=Because(
                "surge",
                place=facts.place,
                day=told.day.isoformat(),
                at=run.began,
                level=Measure(told.level, "TEU"),
                capacity=Measure((area.capacity_at(facts.yard, run.began) or 0) * 100, "TEU"),
                announced_in=Measure(sum(amount for amount in amounts if amount > 0), "TEU"),
                announced_out=Measure(-sum(amount for amount in amounts if amount < 0), "TEU"),
                n=len(told.boxes),
                box=passing.box,
            ),
            leans=(),
        )


def _points(facts: ComingFacts, law: Law) -> Iterator[Point]:
    """Each full hour at which anything of it changed; what is announced is summed by the local day for which it is."""
    starts: dict[datetime, list[Announced]] = defaultdict(list)
    ends: dict[datetime, list[Announced]] = defaultdict(list)
    days = {one: one.at.astimezone(facts.zone).date() for one in facts.announced}
    for one in facts.announced:
        if full(one.since) < full(one.until):
            starts[full(one.since)].append(one)
            ends[full(one.until)].append(one)
    levels, level = dict(facts.levels), 0
    sums: Counter[date] = Counter()
    for at in sorted({*starts, *ends, *levels}):
        level = levels.get(at, level)
        for one in starts.get(at, ()):
            sums[days[one]] += one.amount
        for one in ends.get(at, ()):
            sums[days[one]] -= one.amount
        limit, most = law.at(AHEAD, at), _most(facts, law, at)
        over: tuple[Limit, ...] = ()
        if limit and most is not None and level <= most and any(total > most for total in _ahead(facts, level, sums, at, limit)):
            over = (limit,)
        yield at, level, over


def _ahead(facts: ComingFacts, level: int, sums: Counter[date], at: datetime, limit: Limit) -> Iterator[int]:
    day, last = at.astimezone(facts.zone).date(), (at + limit.duration.at_least).astimezone(facts.zone).date()
    while day <= last:
        level += sums[day]
        yield level
        day += DAY


def _most(facts: ComingFacts, law: Law, at: datetime) -> int | None:
    """Hundredths of TEU that there is room for."""
    limit = next((limit for name in ROOM if (limit := law.at(name, at))), None)
    room = area.capacity_at(facts.yard, at)
    return int(limit.measure.of(room * 100)) if limit and room else None


def _standing(facts: ComingFacts, law: Law, at: datetime) -> Told | None:
    level = next((level for hour, level in reversed(facts.levels) if hour <= at), 0)
    standing = sorted(
        (one for one in facts.announced if full(one.since) <= at < full(one.until)), key=lambda one: (one.at, -one.amount, one.by.report_id)
    )
    limit, most = law.at(AHEAD, at), _most(facts, law, at)
    if limit is None or most is None:
        return None
    sums: Counter[date] = Counter()
    for one in standing:
        sums[one.at.astimezone(facts.zone).date()] += one.amount
    first = at.astimezone(facts.zone).date()
    passing = next((n for n, total in enumerate(_ahead(facts, level, sums, at, limit)) if total > most), None)
    if passing is None:
        return None
    day = first + passing * DAY
    return Told(day, level, tuple(one for one in standing if one.at.astimezone(facts.zone).date() <= day))


def _passing(facts: ComingFacts, law: Law, at: datetime, told: Told) -> Announced:
    """The announcement with which it passes for good by the end of that day, in the order of the times announced."""
    most = _most(facts, law, at) or 0
    level, found, over = told.level, told.boxes[-1], False
    for one in told.boxes:
        level += one.amount
        if level > most and not over:
            found = one
        over = level > most
    return found
