"""Back-test: the spells a rule would have had in a period under other limits, with the very code that judges.

Nothing is written to alerts. What happened is taken as it is known when the test is run, not as it was known then: a test asks what the
limits find, not how late a source was; each spell tells from when it could be known, and floods are counted by that. The limits compared
are those of now at all times of the period. Boxes are walked in pieces, by index, and only those with a visit that reaches into the period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import areas, goods, landings
from data.actions import people_for
from data.judge import Bench
from data.store import tables as t
from data.store.engine import Store
from zones.asking import asked, asked_of_goods
from zones.backtest import GAINED, LOST, SAME, Spell, Tally, compared, wrong
from zones.backtest import STATES as STATES
from zones.jurisdiction import calendar_faults
from zones.landing import APART
from zones.measure import Value
from zones.rules import amount, rules
from zones.subject import AREA, BOX, CALL, FEED, LEG, LOT, OPERATOR, PLAN, STAY
from zones.world import World

PIECE = 500  # visits a question
BEYOND = timedelta(days=60)  # rules about more than one visit (a way, two places) may find something so long after a box left
TOLD = 300  # gained and lost spells that are listed, each; the rest is counted
TESTED = frozenset({STAY, BOX, LEG, PLAN, FEED, CALL, AREA, LOT, OPERATOR})
Spells: TypeAlias = Iterator[tuple[int, int, list[Spell]]]


class NotThat(ValueError):
    """What cannot be tested: no such rule or place, no such limit, a period that is none. `reason`, `values`: the same as a text key."""

    def __init__(self, said: str, reason: str = "not_testable", **values: str) -> None:
        super().__init__(said)
        self.reason, self.values = reason, values


class Cancelled(Exception):
    """Somebody said to stop."""


def values_of(world: World, rule: str, places: Sequence[str], limits: Mapping[str, str]) -> dict[str, Value]:
    """The other limits, read. Errors: NotThat."""
    if rule not in rules():
        raise NotThat(f"there is no rule {rule!r}; there are {', '.join(rules())}")
    if rules()[rule].SUBJECT not in TESTED:
        raise NotThat(f"{rule} is about what people did with alerts: that happened once, and under no other limits", "about_acts")
    if unknown := [place for place in places if place not in world.places]:
        raise NotThat(f"there is no place {unknown[0]!r}; there are {', '.join(world.places) or 'none'}")
    for name, value in limits.items():
        if said := wrong(rules()[rule], name, value):
            raise NotThat(said, "bad_limit", value=value)
        for place in places:
            law = world.law(place)
            for calendar in {limit.calendar for limit in law.limits if limit.limit == name} or {""}:
                for fault in calendar_faults(amount(name, value), calendar, law.calendars):
                    raise NotThat(f"{name} at {place}: {fault}", "no_calendar", value=value)
    return {name: amount(name, value) for name, value in limits.items()}


def supposed(world: World, rule: str, places: Sequence[str], values: Mapping[str, Value]) -> World:
    """The world in which these limits hold at all times and the rule is on."""
    laws = {place: world.law(place) for place in places}
    return world.under(
        {place: law.with_values(values).with_offs(off for off in law.offs if off.rule != rule) for place, law in laws.items()}
    )


def spells(
    store: Store, world: World, rule: str, places: Sequence[str], since: datetime, until: datetime, limits: Mapping[str, str], now: datetime
) -> Spells:
    """(looked at, of how many, the spells found) piece by piece. Errors: NotThat."""
    values = values_of(world, rule, places, limits)
    if since >= until:
        raise NotThat(f"the period ends at {until.isoformat()}, before it begins at {since.isoformat()}")
    module = rules()[rule]
    at = min(now, until) if module.SUBJECT == FEED else now
    today, other = Bench(world, at), Bench(supposed(world, rule, places, values), at)
    for bench in (today, other):
        bench.rules = {rule: module}
    wanted = frozenset(places)

    def found(mine: Sequence[Any], its: Sequence[Any]) -> Iterator[Spell]:
        own = {subject: episodes for _, _, subject, episodes in mine}
        for _, _, subject, episodes in its:
            for spell in compared(subject, own.get(subject, []), episodes, since, until):
                if spell.place in wanted:
                    yield spell

    if module.SUBJECT == FEED:
        feeds = [feed.id for place in places for feed in world.place(place).feeds]
        for n, feed in enumerate(feeds, 1):
            with store.read(patient=True) as conn:
                for bench in (today, other):
                    bench.hear(conn)
                yield n, len(feeds), list(found(list(today.of_feed(conn, feed)), list(other.of_feed(conn, feed))))
        return
    if module.SUBJECT == CALL:
        with store.read(patient=True) as conn:
            calls = landings.units(conn, places, since - APART, until + APART)
        for n, call in enumerate(calls, 1):
            with store.read(patient=True) as conn:
                yield n, len(calls), list(found(list(today.of_call(conn, call)), list(other.of_call(conn, call))))
    if module.SUBJECT == AREA:
        pieces = [units for place in places for units in areas.pieces(other.world, place, since, min(now, until))]
        for n, units in enumerate(pieces, 1):
            with store.read(patient=True) as conn:
                told = [areas.judged(conn, bench.world, bench.rules, units) for bench in (today, other)]
            mine, its = ([one for unit in units for one in each.get(unit, ())] for each in told)
            yield n, len(pieces), list(found(mine, its))
        return
    if module.SUBJECT in (LOT, OPERATOR):
        of, read = (goods.LOT, goods.lots) if module.SUBJECT == LOT else (goods.WHOLE, goods.whole_books)
        with store.read(patient=True) as conn:
            names = [name for name in goods.touched_between(conn, places, since, until) if name.startswith(of)]
        for n in range(0, len(names), PIECE):
            with store.read(patient=True) as conn:
                told_of: list[tuple[str, Any]] = list(read(conn, other.world, names[n : n + PIECE]))
            mine, its = (
                [one for _, facts in told_of for one in asked_of_goods(facts, bench.world.law, bench.rules)] for bench in (today, other)
            )
            yield min(n + PIECE, len(names)), len(names), list(found(mine, its))
        return
    walk = _Walk(places, since if module.SUBJECT == STAY else since - BEYOND, until)
    with store.read(patient=True) as conn:
        total = walk.total(conn)
    done = 0
    while True:
        with store.read(patient=True) as conn:
            rows = walk.next(conn)
            boxes = list(dict.fromkeys(row.equipment for row in rows))
            firsts = {row.equipment: row.stay_id for row in reversed(rows)}
            piece: list[Spell] = []
            for box in today.boxes(conn, boxes):
                if walk.first(box.stays) == firsts[box.equipment]:  # a box of several visits is looked at once, at the first of them
                    mine, its = (list(asked(box, bench.world.law, bench.travel, bench.rules)) for bench in (today, other))
                    piece += found(mine, its)
        if not rows:
            return
        done += len(rows)
        yield done, max(total, done), piece


class _Walk:
    """The visits that reach into a period, place by place: those still inside, then those that left, each by its index."""

    def __init__(self, places: Sequence[str], since: datetime, until: datetime) -> None:
        self.since, self.until = since, until
        self.parts = [(place, inside) for place in places for inside in (True, False)]
        self.order = {part: n for n, part in enumerate(self.parts)}
        self.part = 0
        self.after: tuple[datetime, str] | None = None

    def total(self, conn: Connection) -> int:
        """How many visits there are."""
        return sum(conn.execute(sa.select(sa.func.count()).where(*self._where(part))).scalar() or 0 for part in self.parts)

    def next(self, conn: Connection) -> Sequence[Any]:
        """The next piece; nothing at the end."""
        s = t.stay.c
        while self.part < len(self.parts):
            part = self.parts[self.part]
            by = s.opened_at if part[1] else s.left_at
            asked = sa.select(s.equipment, s.stay_id, by.label("at")).where(*self._where(part)).order_by(by, s.stay_id).limit(PIECE)
            if self.after:
                at, stay = self.after
                asked = asked.where(by >= at, sa.or_(by > at, s.stay_id > stay))
            rows = conn.execute(asked).all()
            if rows:
                self.after = (rows[-1].at, rows[-1].stay_id)
                return rows
            self.part, self.after = self.part + 1, None
        return ()

    def first(self, visits: Sequence[Any]) -> str:
        """Of the visits of one box the one at which the walk meets it first."""
        met = []
        for visit in visits:
            part = (visit.place, visit.left_at is None)
            fits = part in self.order and visit.opened_at < self.until and (visit.left_at is None or visit.left_at >= self.since)
            if fits:
                met.append((self.order[part], visit.opened_at if part[1] else visit.left_at, visit.stay_id))
        return min(met)[2] if met else ""

    def _where(self, part: tuple[str, bool]) -> tuple[sa.ColumnElement[bool], ...]:
        s, (place, inside) = t.stay.c, part
        if inside:
            return s.place == place, s.left_at.is_(None), s.opened_at < self.until
        return s.place == place, s.left_at.is_not(None), s.left_at >= self.since, s.opened_at < self.until


def run(
    store: Store,
    world: World,
    rule: str,
    places: Sequence[str],
    since: datetime,
    until: datetime,
    limits: Mapping[str, str],
    now: datetime,
    progress: Callable[[int, int], bool],
) -> dict[str, Any]:
    """A whole test as JSON: what it comes to place by place, and the first gained and lost spells. `progress(done, of)`: false ends it.

    Errors: NotThat, Cancelled.
    """
    tallies = {place: Tally(world.place(place).zone) for place in places}
    listed: dict[str, list[Spell]] = {GAINED: [], LOST: []}
    for done, of, found in spells(store, world, rule, places, since, until, limits, now):
        for spell in found:
            tallies[spell.place].add(spell)
            if spell.what != SAME and len(listed[spell.what]) < TOLD:
                listed[spell.what].append(spell)
        if not progress(done, of):
            raise Cancelled
    with store.read() as conn:
        officers = {place: len(people_for(conn, place)) for place in places}
    return {
        "rule": rule,
        "version": rules()[rule].VERSION,
        "at": now.isoformat(),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "limits": dict(limits),
        "law": {place: world.law(place).version for place in places},
        "places": {place: tally.said(officers[place], since, until) for place, tally in tallies.items()},
        **{name: [spell.said() for spell in sorted(told, key=lambda s: (s.began_at, s.subject))] for name, told in listed.items()},
    }
