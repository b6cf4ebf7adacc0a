"""Trucks: hours in which the median of their turn times was too long, and full hours at which too many were inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from zones import area
from zones.area import HOUR, Change, Point, Run, TruckFacts, full
from zones.episode import Because, Episode, Step
from zones.limits import Law, Limit
from zones.stay import Mark
from zones.visit import Visit, turn

LEAST = 5  # visits with a known turn time, for a median to say anything


def slow_hours(facts: TruckFacts, law: Law) -> Iterator[Episode]:
    """A spell for hours in a row whose median turn time is over the limit. An hour of too few visits is not measured, and is not over it."""
    ended: dict[datetime, list[Visit]] = defaultdict(list)
    for visit in facts.visits:
        if visit.minutes is not None:
            ended[full(visit.at)].append(visit)
    for run in area.runs(_medians(ended, law), law):
        own, limit = ended[run.began], next(iter(run.steps.values()))[1]
        late = _slowing(own, law, run.began)
        last = late.left[-1]
        times = turn(ended[run.most[1]])
        said = {
            "median": timedelta(minutes=times.median or 0),
            "n": times.n,
            "since": run.most[1] - HOUR,
            "until": run.most[1],
            "box": last.equipment,
        }
        yield _episode(facts, run, facts.marks[last.movement_id], "turn_time_high", limit, Because("turn_time", place=facts.place, **said))


def least(law: Law, at: datetime) -> int:
    """How many visits must have ended in an hour for its median to be one."""
    limit = law.at("turn_time_least", at)
    return -(-limit.measure.hundredths // 100) if limit else LEAST


def _medians(ended: dict[datetime, list[Visit]], law: Law) -> Iterator[Point]:
    for at in sorted({*ended, *(each + HOUR for each in ended)}):
        median = _median(ended.get(at, ()), law, at)
        limit = law.at("turn_time_high", at)
        slow = limit is not None and median is not None and timedelta(minutes=median) > limit.duration.at_least
        yield at, median or 0, (limit,) if limit and slow else ()


def _median(own: Sequence[Visit], law: Law, at: datetime) -> int | None:
    return turn(own).median if len(own) >= least(law, at) else None


def _slowing(own: list[Visit], law: Law, at: datetime) -> Visit:
    """The visit with whose end the hour's median was over the limit for good."""
    limit = law.at("turn_time_high", at)
    found, slow = own[-1], False
    own = sorted(own, key=lambda visit: (visit.at, visit.left[-1].movement_id))
    for n, visit in enumerate(own, 1):
        median = _median(own[:n], law, at)
        now = limit is not None and median is not None and timedelta(minutes=median) > limit.duration.at_least
        if now and not slow:
            found = visit
        slow = now
    return found


def crowds(facts: TruckFacts, law: Law) -> Iterator[Episode]:
    """A spell for each stretch of full hours with more vehicles inside than the limit."""
    changes: dict[datetime, list[Change]] = defaultdict(list)
    for visit in facts.visits:
        if visit.entered:
            came, gone = visit.entered[0], visit.left[-1] if visit.left else None
            changes[full(came.at)].append(Change(came.at, 1, facts.marks[came.movement_id], came.equipment))
            left = gone.at if gone else visit.entered[-1].at + facts.longest
            changes[full(left)].append(Change(left, -1, facts.marks[gone.movement_id] if gone else None, visit.plate))
    counts: dict[datetime, int] = {}
    points: list[Point] = []
    inside = 0
    for at in sorted(changes):
        inside += sum(change.amount for change in changes[at])
        counts[at] = inside
        points.append((at, inside, _too_many(law, inside, at)))
    for run in area.runs(points, law):
        before = counts[run.began] - sum(change.amount for change in changes[run.began])
        came_in = area.crossed(before, changes[run.began], lambda n, at=run.began: bool(_too_many(law, n, at)))  # type: ignore[misc]
        if came_in is not None and came_in.by is not None:
            limit = next(iter(run.steps.values()))[1]
            because = Because("trucks_inside", place=facts.place, n=run.most[0], at=run.most[1], box=came_in.box)
            yield _episode(facts, run, came_in.by, "trucks_inside", limit, because)


def _too_many(law: Law, inside: int, at: datetime) -> tuple[Limit, ...]:
    limit = law.at("trucks_inside", at)
    return (limit,) if limit and inside > limit.measure.exact else ()


def _episode(facts: TruckFacts, run: Run, by: Mark, name: str, limit: Limit, because: Because) -> Episode:
    return Episode(
        anchor=(by.report_id,),
        anchor_reports=by.reports or (by.report_id,),
        place=facts.place,
        began_at=run.began,
        ended_at=run.ended,
        steps=(Step(name, "queue", run.began, limit=limit, over=False),),
        evidence=(by,),
        because=because,
        leans=((facts.place, "gate"),),
    )
