"""One lot, admission to exit: what it is, how much is there and was at any moment, every line of both books and what came of it.

A lot is a pool of goods of one operator at one place (zones/ledger.py): the zone lot, or the item of fungible goods. It is folded when the
page asks, from the lines of its pool by their index, whatever the size of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.goods import lots, standing_lines
from data.ledger import method_of
from data.people import Actor
from data.queries._boxes import BoxState, states
from data.queries._halves import Half, halves
from data.queries._heard import Sight, sight
from data.queries._scope import where_place
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from zones.apart import Parting, partings
from zones.chain import Boxed, Counted, Ends, Step, boxes, counts, course, ends
from zones.entry import BOOKS, CUSTOMS, LIVE, OPERATOR, Entry, in_turn
from zones.ledger import Account, Posted, fold
from zones.line import faults
from zones.lot import LotFacts, lot_facts, unit
from zones.packed import Packed, packed
from zones.world import World

Row = Mapping[str, Any]
_e = t.entry.c


@dataclass(frozen=True, slots=True)
class Line:
    """One line of either book. `counts`: live, or why it does not count; `posted`: what came of it (of live ones); `faults`: what is wrong
    with it; `why`: what its reader said of it; `position`: where in its message it stands."""

    entry: Entry
    counts: str
    posted: Posted | None
    faults: tuple[str, ...]
    why: str
    position: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A lot as it stands at `at`, by what was known at `known_at` (None: by all that is known), and everything that was told of it.

    `lines`: of both books, in order, those after `at` too. `there`, `own_there`: where each book stands at `at`; `course`, `own_course`:
    its balance as it went; `partings`: where they part, and meet again. `own_book`: whether the supervisor keeps a book of his own at the
    place. `packed`: which of the goods were in which box when, by the operator's book; `boxed`: what the supervisor's says of boxes.
    `halves`: of a transfer's line, by its id, the lines that tell the other half of it.
    """

    place: str
    operator: str
    pool: str
    at: datetime
    known_at: datetime | None
    facts: LotFacts
    lines: tuple[Line, ...]
    there: Account
    own_there: Account
    course: tuple[Step, ...]
    own_course: tuple[Step, ...]
    own_book: bool
    counts: tuple[Counted, ...]
    packed: tuple[Packed, ...]
    boxed: tuple[Boxed, ...]
    ends: tuple[Ends, ...]
    partings: tuple[Parting, ...]
    sight: Sight
    method: str
    boxes: Mapping[str, BoxState] = field(default_factory=dict)
    halves: Mapping[str, tuple[Half, ...]] = field(default_factory=dict)
    alerts: tuple[Row, ...] = ()

    @property
    def balance(self) -> dict[str, int]:
        """unit -> how much the operator's book has at `at`."""
        return amounts(self.there)

    @property
    def own_balance(self) -> dict[str, int]:
        """The same by the supervisor's own book."""
        return amounts(self.own_there)


def amounts(account: Account) -> dict[str, int]:
    """unit -> how much that is, below zero included."""
    found: dict[str, int] = {}
    for layer in account.layers:
        found[layer.uom] = found.get(layer.uom, 0) + layer.quantity
    return found


def chain(
    store: Store,
    actor: Actor,
    world: World,
    place: str,
    operator: str,
    lot: str,
    now: datetime,
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> Chain | None:
    """The whole of a lot; None where the place is out of reach or no line of it is known. `lot`: a pool, or a lot of fungible goods."""
    if place not in world.places or not actor.sees(place):
        return None
    at = min(at or now, now)
    with store.read() as conn:
        told = {}
        for name in _pools(conn, place, operator, lot):
            pools = [(place, book, operator, name) for book in BOOKS]
            told = standing_lines(conn, world, pools, known_at)
            if told:
                lot = name
                break
        if not told:
            return None
        bundle = next((facts for _, facts in lots(conn, world, [unit(place, operator, lot)], known_at)), None)
        facts = bundle or lot_facts((place, operator, lot), world.place(place).zone, world.place(place).operator(operator), ())
        method = partial(method_of, world, place, operator)
        inside = packed(facts.entries, lambda _place, name: world.place(place).operator(name))
        boxed = boxes(facts.authorised)
        numbers = {one.equipment for one in inside} | {one.equipment for one in boxed}
        own_book = any(feed.options.get("book") == CUSTOMS for feed in world.place(place).feeds) or bool(facts.authorised)
        return Chain(
            place=place,
            operator=operator,
            pool=lot,
            at=at,
            known_at=known_at,
            facts=facts,
            lines=tuple(_lines(conn, world, told, facts)),
            there=fold(facts.entries, method, at)[0],
            own_there=fold(facts.authorised, method, at)[0],
            course=tuple(course(facts.entries, facts.posted)),
            own_course=tuple(course(facts.authorised, facts.own)),
            own_book=own_book,
            counts=tuple(counts(facts, world.law(place))),
            packed=inside,
            boxed=tuple(boxed),
            ends=tuple(sorted(ends(facts, world.law(place), at), key=lambda one: one.at)),
            partings=partings(facts, world.law(place)) if own_book else (),
            sight=sight(conn, world, [place], now, {"ledger"}),
            method=method(at),
            boxes=states(conn, actor, world, sorted(numbers), now),
            halves=halves(conn, actor, world, facts.entries, known_at),
            alerts=tuple(_alerts(conn, actor, unit(place, operator, lot))),
        )


def heard(store: Store, actor: Actor, world: World, place: str, now: datetime) -> Sight:
    """How far the ledgers of a place let us see. Errors: Refused where it is out of reach."""
    actor.must("see", place)
    with store.read() as conn:
        return sight(conn, world, [place], now, {"ledger"})


def _pools(conn: Connection, place: str, operator: str, lot: str) -> Sequence[str]:
    """The pool of that name; else those in which goods of a lot of that name are, where an operator keeps goods by item."""
    h = t.holding.c
    asked = sa.select(h.pool).where(h.place == place, h.operator == operator, h.lot == lot).distinct().order_by(h.pool).limit(2)
    own = sa.select(_e.pool).where(_e.place == place, _e.operator == operator, _e.pool == lot).limit(1)
    return [lot] if conn.execute(own).first() else [name for (name,) in conn.execute(asked)]


def _lines(conn: Connection, world: World, told: Mapping[Any, list[tuple[Entry, str]]], facts: LotFacts) -> list[Line]:
    known, listed = [status.id for status in world.law(facts.place).goods.statuses], world.hs_list(facts.place)
    standing = sorted(((entry, counted) for lines in told.values() for entry, counted in lines), key=lambda one: in_turn(one[0]))
    rows: dict[str, Row] = {}
    for chunk in in_chunks([entry.entry_id for entry, _ in standing], 400):
        asked = sa.select(_e.entry_id, _e.position, _e.why).where(_e.entry_id.in_(chunk))
        rows.update({row["entry_id"]: row for row in conn.execute(asked).mappings()})
    found = []
    for entry, counted in standing:
        book = facts.posted if entry.book == OPERATOR else facts.own
        posted = book.get(entry.entry_id) if counted == LIVE else None
        wrong = dict.fromkeys((*faults(entry, known, hs=listed), *(posted.faults if posted else ())))
        row = rows[entry.entry_id]
        found.append(Line(entry, counted, posted, tuple(wrong), row["why"], row["position"]))
    return found


def _alerts(conn: Connection, actor: Actor, name: str) -> list[Row]:
    a, w = t.alert.c, t.alert_work.c
    names = ("alert_id", "rule", "severity", "place", "condition", "began_at", "ended_at", "because_key", "because_values", "history")
    join = t.alert.outerjoin(t.alert_work, w.alert_id == a.alert_id)
    asked = sa.select(*(a[one] for one in names), w.work, w.outcome).select_from(join).where(a.unit == name, where_place(actor, a.place))
    return [dict(row) for row in conn.execute(asked.order_by(a.began_at.desc(), a.alert_id)).mappings()]
