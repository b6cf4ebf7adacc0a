"""What goods are inside a place, now or at a chosen minute, as known now or as known at another: summed, grouped, and lot by lot.

All of it is `data.inventory.held` of one book (the operator's declared one, or the supervisor's own), narrowed by what is asked for.
Faults of lines are those found when the line was folded last: as known at an earlier moment the lines of that moment are looked at, with
the faults that they have by now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.inventory import Held, held
from data.people import Actor
from data.queries import _stock as stock
from data.queries._heard import Sight, sight
from data.queries._scope import allowed
from data.queries._stock import Group, Line, Narrowed, Sums, status_of
from data.standing import known_rows
from data.store import tables as t
from data.store.engine import Store
from zones.entry import BOOKS, LIVE, OPERATOR
from zones.goods import Goods
from zones.world import World

PAGE = 50  # lines of the table at once
OFFERED = 300  # owners that a filter offers: those with most lots
FAULTS = 50  # lines with faults that are shown
_e = t.entry.c
Row = Mapping[str, Any]
Lot = tuple[str, str]  # operator, lot


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for. `at`: None is now; `known_at`: None is as known now; `by` of BY; `digits` of an HS code."""

    place: str
    at: datetime | None = None
    known_at: datetime | None = None
    book: str = OPERATOR
    by: str = stock.OWNER
    digits: int = 2
    order: str = "oldest"
    page: int = 1
    narrowed: Narrowed = field(default_factory=Narrowed)

    def moment(self, now: datetime) -> datetime:
        """The moment that is looked at: what has not happened is not inside."""
        return min(self.at or now, now)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is inside: `whole` of the book, `fitting` what is asked for; `lines` one page of `n`. `faulty`: lots that fit with faults."""

    place: str
    at: datetime
    known_at: datetime | None
    whole: Sums
    fitting: Sums
    faulty: int
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    n: int
    page: int
    offers: Mapping[str, tuple[str, ...]]  # filter -> the values there are
    sight: Sight

    @property
    def pages(self) -> int:
        return max(-(-self.n // PAGE), 1)


@dataclass(frozen=True, slots=True)
class Faulty:
    """The newest lines of a ledger with faults, and how many there are."""

    rows: tuple[Row, ...]
    n: int
    sight: Sight


def places(store: Store, actor: Actor, world: World) -> tuple[str, ...]:
    """The places within reach of which a ledger of goods is kept: declared, or told of."""
    with store.read() as conn:
        return tuple(place for place in allowed(actor, world) if kept(conn, world, place))


def keeps(world: World, place: str) -> bool:
    """Whether a place declares a ledger of goods: who keeps one, or a feed that speaks for it."""
    declared = world.place(place)
    return bool(declared.operators) or declared.spoken_for("ledger")


def kept(conn: Connection, world: World, place: str) -> bool:
    """Whether a ledger of goods is kept of a place: declared, or told of."""
    return keeps(world, place) or conn.execute(sa.select(t.pool.c.pool).where(t.pool.c.place == place).limit(1)).first() is not None


def inventory(store: Store, actor: Actor, world: World, now: datetime, asked: Asked) -> Inventory:
    """All of the page from one question. Errors: Refused where the place is out of reach; ValueError: no such book or grouping."""
    actor.must("see", asked.place)
    if asked.by not in stock.BY or asked.book not in BOOKS:
        raise ValueError(f"{asked.by!r} or {asked.book!r}: not one of {', '.join((*stock.BY, *BOOKS))}")
    at, goods = asked.moment(now), world.law(asked.place).goods
    with store.read() as conn:
        every = held(conn, world, asked.place, at, asked.known_at, asked.book)
        wrong = faults_of_lots(conn, asked.place, at, asked.known_at, asked.book)
        seen = ledger_sight(conn, world, [asked.place], now)
    fitting = _fitting(every, wrong, asked.narrowed, at, goods)
    told = stock.lines(fitting, wrong)
    counted: Iterable[Any] = told if asked.by == stock.VALUE else fitting
    key, ordered = stock.key_of(asked.by, asked.digits, at, goods), asked.by in (stock.AGE, stock.VALUE, stock.HS)
    page = min(max(asked.page, 1), max(-(-len(told) // PAGE), 1))
    return Inventory(
        place=asked.place,
        at=at,
        known_at=asked.known_at,
        whole=stock.summed(every),
        fitting=stock.summed(fitting),
        faulty=len({(one.operator, one.lot) for one in told if one.faults}),
        groups=tuple(stock.grouped(counted, key, ordered=ordered)),
        lines=tuple(stock.in_order(told, asked.order)[(page - 1) * PAGE : page * PAGE]),
        n=len(told),
        page=page,
        offers={
            "owner": _offered(every, lambda one: one.owner),
            "status": _offered(every, lambda one: status_of(one.status, goods)),
            "area": _offered(every, lambda one: one.area),
            "operator": _offered(every, lambda one: one.operator),
        },
        sight=seen,
    )


def every_line(store: Store, actor: Actor, world: World, now: datetime, asked: Asked) -> list[Line]:
    """The lines of all pages, for a file. Errors: Refused where the place is out of reach."""
    actor.must("see", asked.place)
    at, goods = asked.moment(now), world.law(asked.place).goods
    with store.read() as conn:
        every = held(conn, world, asked.place, at, asked.known_at, asked.book)
        wrong = faults_of_lots(conn, asked.place, at, asked.known_at, asked.book)
    return stock.in_order(stock.lines(_fitting(every, wrong, asked.narrowed, at, goods), wrong), asked.order)


def _fitting(every: Iterable[Held], wrong: Mapping[Lot, Any], narrowed: Narrowed, at: datetime, goods: Goods) -> list[Held]:
    found = [one for one in every if narrowed.fits(one, at, goods)] if narrowed != Narrowed() else list(every)
    if not narrowed.only:
        return found
    bad = wrong.keys() if narrowed.only == "faults" else {(one.operator, one.lot) for one in found if one.quantity < 0}
    return [one for one in found if (one.operator, one.lot) in bad]


def _offered(every: Iterable[Held], name: Any) -> tuple[str, ...]:
    counted: dict[str, set[Lot]] = defaultdict(set)
    for one in every:
        counted[name(one)].add((one.operator, one.lot))
    return tuple(sorted(sorted(counted, key=lambda value: -len(counted[value]))[:OFFERED]))


def faults_of_lots(conn: Connection, place: str, at: datetime, known_at: datetime | None, book: str) -> dict[Lot, list[str]]:
    """(operator, lot) -> what is wrong with lines of it that count, up to a moment; each fault once, in the order of the lines."""
    asked = sa.select(_e.operator, _e.pool, _e.lot, _e.item, _e.faults, sa.func.min(_e.at).label("first")).where(
        t.FAULTY, _e.place == place, _e.book == book, _e.standing == LIVE, _e.at <= at, *known_rows(known_at)
    )
    found: dict[Lot, dict[str, None]] = defaultdict(dict)
    for row in conn.execute(asked.group_by(_e.operator, _e.pool, _e.lot, _e.item, _e.faults).order_by(sa.literal_column("first"))):
        found[row.operator, row.lot or row.item].update(dict.fromkeys(row.faults.split()))
    return {key: list(faults) for key, faults in found.items()}


def faulty(store: Store, actor: Actor, world: World, now: datetime, place: str, at: datetime | None = None, book: str = OPERATOR) -> Faulty:
    """The newest lines with faults up to a moment, those that do not count with what they count as. Errors: Refused out of reach."""
    actor.must("see", place)
    own = (t.FAULTY, _e.place == place, _e.book == book, ~_e.outread, _e.at <= (at or now))
    columns = [_e[name] for name in ("entry_id", "message_id", "at", "act", "side", "operator", "lot", "item", "pool", "owner", "faults")]
    more = [_e[name] for name in ("quantity", "uom", "standing", "position", "precision")]
    with store.read() as conn:
        n = conn.execute(sa.select(sa.func.count()).select_from(t.entry).where(*own)).scalar_one()
        rows = conn.execute(sa.select(*columns, *more).where(*own).order_by(_e.at.desc(), _e.entry_id).limit(FAULTS)).mappings()
        return Faulty(tuple(dict(row) for row in rows), int(n), ledger_sight(conn, world, [place], now))


def ledger_sight(conn: Connection, world: World, of: Iterable[str], now: datetime) -> Sight:
    """How far the ledger feeds of some places let us see; where none speaks for ledgers, all their feeds."""
    asked = list(of)
    found = sight(conn, world, asked, now, ("ledger",))
    return found if found.feeds else sight(conn, world, asked, now)
