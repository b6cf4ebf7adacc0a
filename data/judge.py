"""Touched and due subjects x rules -> episodes -> alerts.

Judging asks for each box, call, feed or day of a place that something happened to, or whose time has come: which episodes are there now?
They are matched with the alerts already recorded; what changed is one journal line. `T` never goes back; what was received after T takes
no part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import areas, closings, goods, landings
from data.books import STAY_COLUMNS, Facts, handling, links_of_boxes, load, own_holds, stay_from
from data.breaker import unread_from
from data.expectation import expected
from data.followed import with_goods
from data.journal import Writing
from data.neighbours import with_neighbours
from data.outlook import Outlook
from data.redeclare import take_effect
from data.signals import signals_of
from data.store import tables as t
from data.store.bulk import in_chunks, insert_new, upsert
from data.store.engine import Store
from data.words import words_of_boxes
from zones.asking import Judged, Known, asked, asked_of_calls, asked_of_closed, asked_of_goods, known, less_off
from zones.customs import holds, in_order
from zones.rules import found, rules
from zones.stay import Stay
from zones.subject import ALERT, FEED, FeedFacts, Pause
from zones.world import World

FAR = datetime(9000, 1, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
TAKEN = (sa.exc.IntegrityError, psycopg.errors.UniqueViolation)
RETRIES = 5
UNITS = 500  # boxes, calls, feeds or days of places judged in one transaction
Guard = Callable[[Connection], None]


class TooEarly(ValueError):
    """T lies before the latest moment judged: nothing is changed."""


def judge(store: Store, world: World, at: datetime, guard: Guard | None = None) -> dict[str, Any]:
    """Judge up to `at`. Gives how many units were judged and journal lines written. Errors: TooEarly."""
    said: dict[str, Any] = {"at": at.isoformat(), "units": 0, "alerts": 0, "lines": 0}
    with store.read() as conn:
        before = conn.execute(sa.select(t.judged.c.up_to)).scalar()
    if before is not None and at < before:
        raise TooEarly(f"already judged up to {before.isoformat()}")
    bench = Bench(world, at)
    lost = 0
    first = True
    while True:
        raised, lines = bench.raised, bench.lines
        try:
            with store.write() as conn:
                if guard:
                    guard(conn)
                if first:
                    take_effect(conn, world, at)
                    if before is not None:
                        passed = [{"unit": f"box:{box}", "cause": ""} for box in Outlook(world).passed(conn, before, at)]
                        insert_new(conn, t.touched, passed)
                    about_closed = [rule_id for rule_id, rule in bench.rules.items() if rule.SUBJECT == ALERT]
                    insert_new(conn, t.touched, [{"unit": unit, "cause": ""} for unit in closings.decided_anew(conn, about_closed)])
                units = _next(conn, bench, at)
                if units:
                    bench.sit(conn, units)
                upsert(conn, t.judged, [{"one": 1, "up_to": at}], ("one",), set=("up_to",))
        except TAKEN:
            # An officer wrote the next line of a journal meanwhile. His act stands; we look again.
            bench.raised, bench.lines, lost = raised, lines, lost + 1
            if lost > RETRIES:
                raise
            continue
        first = False
        said["units"] += len(units)
        if not units:
            break
    return said | {"alerts": bench.raised, "lines": bench.lines}


def _next(conn: Connection, bench: Bench, at: datetime) -> dict[str, str]:
    """The next units to judge with the report that is the cause: touched ones, then due ones, then those that data has come back for."""
    bench.hear(conn)
    units = {row.unit: row.cause for row in conn.execute(sa.select(t.touched).order_by(t.touched.c.unit).limit(UNITS))}
    if len(units) < UNITS:
        due = sa.select(t.due.c.unit).where(t.due.c.look_at <= at).order_by(t.due.c.look_at).limit(UNITS - len(units))
        units.update({unit: units.get(unit, "") for unit in conn.execute(due).scalars()})
    if not units and not bench.returned:
        bench.returned = True
        open_ones = sa.select(t.alert.c.unit, t.alert.c.began_at, t.alert.c.leans).where(t.alert.c.condition == "unverified")
        for row in conn.execute(open_ones):
            if all((heard := bench.watermark(place, kind)) is not None and heard >= row.began_at for place, kind in row.leans):
                units[row.unit] = ""
    return units


class Bench:
    """One judging: the world, the moment, and what is the same for all units of it."""

    def __init__(self, world: World, at: datetime) -> None:
        self.world, self.at = world, at
        self.raised = self.lines = 0
        self.returned = False
        self.heard: dict[str, datetime] = {}
        self.later: datetime | None = None  # the first receipt after T, if there is one: fold from what was known at T, and look again then
        self.travel = {(place.id, way.to): way.at_least for place in world.places.values() for way in place.travel}
        self.rules: Mapping[str, ModuleType] = rules()
        self._marks: dict[tuple[str, str], datetime | None] = {}
        self.silent: dict[tuple[str, str], str] = {}  # (place, kind) -> a feed that is silent at T
        self._closures = {place.id: [(each.from_, each.to) for each in place.closures] for place in world.places.values()}
        self.unread: dict[str, datetime] = {}
        self.not_looking: list[tuple[datetime, datetime]] = []
        self.equipment: dict[str, str] = {}  # of units that are no box, and yet about one

    def hear(self, conn: Connection) -> None:
        """Up to when each feed was heard by T. Asked anew in each transaction: pulls go on meanwhile."""
        self._marks.clear()
        h = t.hearing.c
        self.unread = unread_from(conn)
        self.heard.clear()
        for feed in self.world.feeds:
            last = conn.execute(sa.select(sa.func.max(h.heard_at)).where(h.feed == feed.id, *self._read(feed.id))).scalar()
            if last is not None:
                self.heard[feed.id] = last
        self.later = conn.execute(sa.select(sa.func.min(h.heard_at)).where(h.heard_at > self.at)).scalar()
        self._hear_silence(conn)
        self.not_looking = [(row.from_at, row.to_at) for row in conn.execute(sa.select(t.not_looking))]

    def _hear_silence(self, conn: Connection) -> None:
        """Which feeds are silent at T. Who leans on one that has fallen silent, or is heard again, is touched when that is written."""
        a, declared = t.alert.c, {feed.id: feed for feed in self.world.feeds}
        still = sa.select(a.subject).where(a.rule == "feed_silent", a.condition == "active").order_by(a.subject)
        self.silent.clear()
        for subject in conn.execute(still).scalars():
            feed = declared.get(subject.partition(":")[2])
            self.silent.update({(feed.place, kind): feed.id for kind in feed.speaks_for} if feed else {})

    def closures(self, place: str) -> list[tuple[datetime, datetime | None]]:
        """When a place is closed by its calendar."""
        return self._closures.get(place, [])

    def _read(self, feed: str) -> tuple[sa.ColumnElement[bool], ...]:
        """Heard by T; and what is kept and not read, since the source is stopped, was not heard."""
        h = t.hearing.c
        return (h.heard_at <= self.at, *((h.heard_at < self.unread[feed],) if feed in self.unread else ()))

    def watermark(self, place: str, kind: str) -> datetime | None:
        """The moment up to which all feeds that speak for the kind at the place were heard; None where one never was, or none speaks."""
        if (place, kind) not in self._marks:
            feeds = self.world.place(place).feeds if place in self.world.places else ()  # a permit may be for a place no longer declared
            heard = [self.heard.get(feed.id) for feed in feeds if kind in (feed.speaks_for or ())]
            self._marks[place, kind] = None if not heard or None in heard else min(h for h in heard if h)
        return self._marks[place, kind]

    def sit(self, conn: Connection, units: Mapping[str, str]) -> None:
        """Judge these units and write what comes of it."""
        found = found_of(conn, self, units)
        units = {unit: units.get(unit, "") for unit in found}  # the spells of one day of a place may concern those of another
        for chunk in in_chunks(units, 500):
            conn.execute(t.touched.delete().where(t.touched.c.unit.in_(chunk)))
        Writing(conn, self, units).write(found)  # it may touch others, and some of these again

    def boxes(self, conn: Connection, boxes: list[str]) -> Iterable[Known]:
        """All that is known of these boxes by T."""
        if self.later is not None:
            books, _ = load(conn, self.world, boxes, known_at=self.at)
            said = signals_of(conn, boxes, self.at, self.world)
            told = [known(box, book, said.get(box, ())) for box, book in books.items()]
            yield from with_neighbours(conn, self.world, told, self.at)
            return
        for chunk in in_chunks(boxes, 500):
            visits: dict[str, list[Stay]] = defaultdict(list)
            question = sa.select(*STAY_COLUMNS).where(t.stay.c.equipment.in_(chunk)).order_by(t.stay.c.opened_at, t.stay.c.stay_id)
            for row in conn.execute(question):
                visits[row[1]].append(stay_from(row))
            facts = Facts(conn, chunk)
            links = links_of_boxes(conn, chunk)
            facts.about({(link.kind, link.reference) for each in links.values() for link in each})
            came = with_goods(conn, self.world, chunk, partial(own_holds, conn))
            done, words, said = handling(conn, chunk), words_of_boxes(conn, chunk), signals_of(conn, chunk)
            told = []
            for box in chunk:
                own = facts.of(box, links[box])
                held = came[box] if box in came else holds(own, links[box]) if own else ()
                stays, facts_told = tuple(visits[box]), in_order(own) if own else ()
                told.append(Known(box, stays, held, facts_told, done.get(box, {}), words.get(box, ()), said.get(box, ())))
            yield from with_neighbours(conn, self.world, told)

    def of_call(self, conn: Connection, unit: str) -> Iterable[Judged]:
        """What is found of the calls of a ship and voyage at a place."""
        facts = landings.calls(conn, self.world, unit, self.at, self.later is not None)
        return asked_of_calls([call for call in facts if call.place in self.world.places], self.world.law, self.rules)

    def of_feed(self, conn: Connection, feed_id: str) -> Iterable[Judged]:
        try:
            feed = self.world.feed(feed_id)
        except KeyError:
            return  # no longer declared: its alerts stay as they are
        place = self.world.place(feed.place)
        expect = expected(conn, feed)
        least = min((each.within for each in expect), default=None)
        if least is None:
            return
        h = t.hearing.c
        end = min(self.at, self.unread.get(feed_id, FAR) - MOMENT)
        longer = sa.or_(h.next_at.is_(None), h.next_at > end, h.pause_s >= int(least.total_seconds()))
        question = (
            sa.select(h.receipt_id, h.heard_at, h.next_at).where(h.feed == feed_id, *self._read(feed_id), longer).order_by(h.heard_at)
        )
        pauses = [
            Pause(row.receipt_id, row.heard_at, row.next_at if row.next_at and row.next_at <= end else None)
            for row in conn.execute(question)
        ]
        speaks = feed.speaks_for or frozenset()
        facts = FeedFacts(
            feed=feed_id,
            place=place.id,
            zone=place.zone,
            pauses=pauses,
            expect=expect,
            excused=[*((closure.from_, closure.to or FAR) for closure in place.closures), *self.not_looking],
            blind=tuple(rule_id for rule_id, rule in self.rules.items() if rule.NEEDS & speaks),
        )
        for rule_id, rule in self.rules.items():
            if rule.SUBJECT == FEED:
                spells = found(rule, facts, self.world.law(place.id))
                yield rule_id, rule, facts.key, less_off(rule_id, rule, spells, self.world.law)


def found_of(conn: Connection, bench: Bench, units: Iterable[str]) -> dict[str, list[Judged]]:
    """Unit -> the episodes of its subjects, rule by rule."""
    cases: dict[str, list[Judged]] = {unit: [] for unit in units}
    for box in bench.boxes(conn, [unit[4:] for unit in cases if unit.startswith("box:")]):
        cases[f"box:{box.equipment}"] = list(asked(box, bench.world.law, bench.travel, bench.rules))
    for call in [unit for unit in cases if unit.startswith("call:")]:
        cases[call] = list(bench.of_call(conn, call))
    for feed in [unit[5:] for unit in cases if unit.startswith("feed:")]:
        cases[f"feed:{feed}"] = list(bench.of_feed(conn, feed))
    since = bench.at if bench.later is not None else None
    for of, read in ((goods.LOT, goods.lots), (goods.WHOLE, goods.whole_books)):
        for unit, facts in read(conn, bench.world, [unit for unit in cases if unit.startswith(of)], since):
            cases[unit] = list(asked_of_goods(facts, bench.world.law, bench.rules))
    of_places = [unit for unit in cases if unit.startswith("area:")]
    if of_places and bench.later is None:  # counts know nothing of T: while more is known than was then, they are not asked
        cases.update(areas.judged(conn, bench.world, bench.rules, of_places))
    for closed in closings.load(conn, bench.world, [unit[6:] for unit in cases if unit.startswith("alert:")], bench.at):
        cases[closed.key] = list(asked_of_closed(closed, bench.world.law, bench.rules))
        bench.equipment[closed.key] = closed.equipment
    return cases
