"""Counts of goods: by day and operator what was counted, what was short and what was over; every difference is recorded, large or small."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.goods import lots
from data.queries._bins import Bin
from data.store import tables as t
from data.store.bulk import in_chunks
from zones.chain import Counted, counts
from zones.entry import LIVE
from zones.lot import LotFacts, unit
from zones.world import World

RULES = ("shortage", "overage")
MOST = 300  # differences that are told one by one, and valued
_e = t.entry.c
Tell = tuple[Any, ...]  # when, operator, full or cycle, found, expected
SHORT, OVER = _e.quantity < _e.expected, _e.quantity > _e.expected


@dataclass(frozen=True, slots=True)
class Difference:
    """One count that found another quantity than the operator's book has. `alert_id`: of the alert that reports it, "" below the limit."""

    place: str
    operator: str
    pool: str
    counted: Counted
    alert_id: str = ""


@dataclass(slots=True)
class Run:
    """What one operator counted on one day. `values`: currency -> (short, over), in ten-thousandths; `net_mg`: (short, over); both of those
    differences that are valued (`valued` of them)."""

    place: str
    operator: str
    day: date
    full: int = 0
    cycle: int = 0
    counted: int = 0
    short: int = 0
    over: int = 0
    unknown: int = 0
    above: int = 0
    valued: int = 0
    values: dict[str, tuple[int, int]] = field(default_factory=dict)
    net_mg: tuple[int, int] = (0, 0)

    @property
    def share(self) -> float | None:
        """Of what was counted how much was not as the book has it."""
        return (self.short + self.over) / self.counted if self.counted else None


def told(place: str, since: datetime, until: datetime, operators: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    """The conditions of the counts of these operators that stand, led by their index."""
    own = (_e.place == place, _e.operator.in_(list(operators)), _e.at >= since, _e.at < until)
    return [sa.and_(t.COUNTED, ~_e.outread), *own, _e.act == "count", _e.standing == LIVE]


def differences(
    conn: Connection, world: World, place: str, since: datetime, until: datetime, operators: Sequence[str]
) -> tuple[list[Difference], int]:
    """The counts of [since, until) that found another quantity than the order of lines gives, latest first, at most MOST; how many there
    are. Those that agree after all, whichever lines of their time or day were first, are among them, with a difference of nothing.
    """
    own = (*told(place, since, until, operators), sa.or_(SHORT, OVER))
    number = int(conn.execute(sa.select(sa.func.count()).where(*own)).scalar() or 0)
    rows = conn.execute(sa.select(_e.entry_id, _e.operator, _e.pool).where(*own).order_by(_e.at.desc(), _e.entry_id).limit(MOST)).all()
    ids = {row[0] for row in rows}
    units = {unit(place, row[1], row[2]): (row[1], row[2]) for row in rows}
    alerts = reported(conn, units)
    found: list[Difference] = []
    for name, facts in lots(conn, world, units):
        told_of, pool = units[name]
        these = [one for one in counts(facts, world.law(place)) if one.entry.entry_id in ids]
        found += [Difference(place, told_of, pool, one, alerts.get(one.entry.entry_id, "")) for one in these]
    return sorted(found, key=latest, reverse=True), number


def latest(one: Difference) -> tuple[datetime, str]:
    """The order of differences, backwards."""
    return one.counted.entry.at, one.counted.entry.entry_id


def by_own_book(conn: Connection, world: World, bundles: Iterable[LotFacts], since: datetime, until: datetime) -> list[Difference]:
    """Of lots that were folded anyway the counts of [since, until) that differ from the supervisor's own book alone."""
    found = []
    for facts in bundles:
        these = [one for one in counts(facts, world.law(facts.place)) if one.own_difference and not one.difference]
        found += [Difference(facts.place, facts.operator, facts.pool, one) for one in these if since <= one.entry.at < until]
    alerts = reported(conn, {unit(one.place, one.operator, one.pool): one for one in found})
    return [replace(one, alert_id=alerts.get(one.counted.entry.entry_id, "")) for one in found]


def reported(conn: Connection, units: Mapping[str, object]) -> dict[str, str]:
    """line -> the alert that reports its difference: it is above the limit."""
    a = t.alert.c
    found: dict[str, str] = {}
    for chunk in in_chunks(sorted(units), 400):
        asked = sa.select(a.alert_id, a.anchor_reports).where(a.unit.in_(chunk), a.rule.in_(RULES), a.condition != "invalidated")
        for alert_id, reports in conn.execute(asked):
            found.update(dict.fromkeys(reports, alert_id))
    return found


def read(conn: Connection, place: str, since: datetime, until: datetime, operators: Sequence[str]) -> list[Tell]:
    """Every count of [since, until) that stands, read once by their index."""
    columns = (_e.at, _e.operator, _e.counted, _e.quantity, _e.expected)
    return [tuple(row) for row in conn.execute(sa.select(*columns).where(*told(place, since, until, operators)))]


def runs(place: str, tells: Iterable[Tell], days: Sequence[Bin], known: Sequence[Difference]) -> list[Run]:
    """By day and operator, the latest first. `known`: the differences of those days, valued."""
    if not days:
        return []
    found: dict[tuple[date, str], Run] = {}
    for (n, operator, kind, short, over, unknown), times in _each(tells, days).items():
        day = days[n].day
        run = found.get((day, operator))
        if run is None:
            run = found[day, operator] = Run(place, operator, day)
        run.full, run.cycle = run.full + times * (kind == "full"), run.cycle + times * (kind == "cycle")
        run.counted, run.unknown = run.counted + times, run.unknown + times * unknown
        run.short, run.over = run.short + times * short, run.over + times * over
    zone = days[0].local.tzinfo
    for one in known:
        run = found.get((one.counted.entry.at.astimezone(zone).date(), one.operator))
        if run is not None:
            _add(run, one)
    return sorted(found.values(), key=lambda run: (run.day, run.operator), reverse=True)


def _each(tells: Iterable[Tell], stretches: Sequence[Bin]) -> Counter[tuple[int, str, str, bool, bool, bool]]:
    """How many counts were alike: (stretch, operator, full or cycle, short, over, not comparable). They are put into their stretches here:
    a join with a table of stretches looks through all of them for each.
    """
    starts, ends = [each.start for each in stretches], [each.end for each in stretches]
    found: Counter[tuple[int, str, str, bool, bool, bool]] = Counter()
    for at, operator, kind, quantity, expected in tells:
        n = bisect_right(starts, at) - 1
        if n >= 0 and at < ends[n]:
            both = quantity is not None and expected is not None
            found[n, operator, kind, both and quantity < expected, both and quantity > expected, expected is None] += 1
    return found


def _raw(one: Difference) -> tuple[int, int]:
    """(short, over) as the order of lines has it, by which the database counts."""
    quantity, expected = one.counted.entry.quantity, one.counted.expected
    raw = quantity - expected if quantity is not None and expected is not None else 0
    return int(raw < 0), int(raw > 0)


def _sure(one: Difference) -> tuple[int, int]:
    """(short, over) whichever lines of its time were first."""
    return int((one.counted.difference or 0) < 0), int((one.counted.difference or 0) > 0)


def _add(run: Run, one: Difference) -> None:
    told_of, over = one.counted, (one.counted.difference or 0) > 0
    (was_short, was_over), (short, sure_over) = _raw(one), _sure(one)
    run.short, run.over = run.short + short - was_short, run.over + sure_over - was_over
    if not told_of.difference:
        return
    run.valued += 1
    run.above += bool(one.alert_id)
    was = run.values.get(told_of.currency, (0, 0))
    run.values[told_of.currency] = (was[0] + (0 if over else told_of.value), was[1] + (told_of.value if over else 0))
    run.net_mg = (run.net_mg[0] + (0 if over else told_of.net_mg), run.net_mg[1] + (told_of.net_mg if over else 0))


def by_bin(tells: Iterable[Tell], stretches: Sequence[Bin], known: Sequence[Difference]) -> dict[int, tuple[int, int, int]]:
    """stretch -> (counted, short, over). `known`: as for `runs`."""
    found: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for (number, _, _, less, more, _), times in _each(tells, stretches).items():
        before = found[number]
        found[number] = before[0] + times, before[1] + times * less, before[2] + times * more
    for one in known:
        n = next((n for n, each in enumerate(stretches) if each.start <= one.counted.entry.at < each.end), None)
        if n is not None:
            counted, short, over = found[n]
            (was_short, was_over), (is_short, is_over) = _raw(one), _sure(one)
            found[n] = counted, short + is_short - was_short, over + is_over - was_over
    return found
