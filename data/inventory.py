"""What goods are inside a place, at any moment, as known at any moment: the opening of its month and what was posted since.

Known at K: lines known later, and what was read or corrected since, take no part. Whatever is known by K happened by K (what is dated more
than 15 minutes ahead is implausible), so the moment itself need never be later. The pools that something known later changes before the
moment are few as a rule; they are found by the index of how late each line was known, and folded from the lines known then. All others are
as they are now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from data.goods import standing_lines
from data.keep import Pool
from data.ledger import holding_id, method_of
from data.openings import SUMS
from data.store import tables as t
from data.visits import otherwise_then
from zones.entry import CUSTOMS, LIVE, OPERATOR
from zones.ledger import Layer, fold
from zones.report import AHEAD
from zones.world import World

_h, _p, _o, _e, _m = t.holding.c, t.posting.c, t.opening.c, t.entry.c, t.opened.c
LAGS = 20  # binary digits of hours: a century


class Held(Struct, frozen=True, gc=False):
    """Goods that one line let in, of one owner and status, in one area: what is left of them. Figures as of zones.entry."""

    holding_id: int
    operator: str
    pool: str
    lot: str
    source: str
    admitted_at: datetime
    owner: str
    status: str
    area: str
    uom: str
    item: str
    description: str
    hs: str
    hs_edition: str
    origin: str
    currency: str
    declaration: str
    equipment: str
    quantity: int
    gross_mg: int
    net_mg: int
    value: int


_OF = tuple(name for name in Held.__struct_fields__ if name not in SUMS)


def held(conn: Connection, world: World, place: str, at: datetime, known_at: datetime | None = None, book: str = OPERATOR) -> list[Held]:
    """Everything inside at `at`, and what is below zero; with `known_at` from what was known then. In no order."""
    if known_at is None:
        return _standing(conn, place, book, at)
    at = min(at, known_at + AHEAD)
    changed = changed_pools(conn, world, place, book, at, known_at)
    names = {pool for _, pool in changed}  # one text is looked for sooner than two
    as_now = [one for one in _standing(conn, place, book, at) if one.pool not in names or (one.operator, one.pool) not in changed]
    return [*as_now, *_folded(conn, world, place, book, changed, at, known_at)]


def _standing(conn: Connection, place: str, book: str, at: datetime) -> list[Held]:
    """As of what is known now: each holding's opening and postings, summed."""
    parts = changes_until(conn, place, book, at)
    sums = [sa.func.sum(parts.c[name]).label(name) for name in SUMS]
    there = sa.select(parts.c.holding_id, *sums).group_by(parts.c.holding_id).having(sums[0] != 0).subquery()
    columns = [*(_h[name] for name in _OF), *(there.c[name] for name in SUMS)]
    asked = sa.select(*columns).select_from(there.join(t.holding, _h.holding_id == there.c.holding_id))
    if conn.dialect.name == "postgresql":  # its sums are decimals
        return [Held(*row[: len(_OF)], *map(int, row[len(_OF) :])) for row in conn.execute(asked)]
    return [Held(*row) for row in conn.execute(asked)]


def changes_until(conn: Connection, place: str, book: str, at: datetime) -> sa.Subquery:
    """What was there at `at`, as of what is known now, not yet summed: what each holding's month began with, and the postings since."""
    month = conn.execute(sa.select(sa.func.max(_m.month)).where(_m.place == place, _m.book == book, _m.month <= at)).scalar()
    since = (_p.at >= month,) if month is not None else ()
    came = sa.select(_p.holding_id, *(_p[name] for name in SUMS)).where(_p.place == place, _p.book == book, _p.at <= at, *since)
    if month is not None:
        was = sa.select(_o.holding_id, *(_o[name] for name in SUMS)).where(_o.place == place, _o.book == book, _o.month == month)
        return sa.union_all(was, came).subquery()
    return came.subquery()


def changed_pools(conn: Connection, world: World, place: str, book: str, at: datetime, known_at: datetime) -> set[tuple[str, str]]:
    """(operator, pool) of the pools that something known only later changes at `at` or before.

    A line that was known between 2**(n-1) and 2**n hours after the moment that it changes is looked for among those known in so many hours
    after `at`: as many are read as are found, give or take a half.
    """
    pool = _e.place, _e.book, _e.operator, _e.pool
    asked = [sa.select(*pool).where(_e.place == place, _e.book == book, each) for each in _known_since(_e, at, known_at)]
    later = t.entry.alias("later").c  # of a line that is told anew the versions before stood until then, of whatever goods they were
    for each in _known_since(later, at, known_at):
        numbers = sa.select(later.source_id).where(t.TOLD_ID, later.place.in_(sorted(world.places)), each)
        asked.append(sa.select(*pool).where(t.TOLD_ID, _e.source_id.in_(numbers)))  # by the index of numbers, not by that of a place
    found = {(row[2], row[3]) for row in conn.execute(sa.union(*asked)) if (row[0], row[1]) == (place, book)}
    return found | otherwise_then(conn, world, place, at, known_at) if book == CUSTOMS else found


def _known_since(line: Any, at: datetime, known_at: datetime) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions of the lines known only later that change something at `at` or before, one for each part of the index."""
    for n in range(LAGS):
        until = at + timedelta(hours=2**n)
        if until > known_at:
            yield sa.and_(line.lag == n, line.known_at > known_at, line.known_at <= until, line.changes_from <= at)
    yield sa.and_(t.OUTREAD, line.outread_at > known_at)


def _folded(
    conn: Connection, world: World, place: str, book: str, pools: Iterable[tuple[str, str]], at: datetime, known_at: datetime
) -> list[Held]:
    """These pools from their lines known at `known_at`."""
    wanted: list[Pool] = [(place, book, operator, pool) for operator, pool in sorted(pools)]
    found = []
    for (_, _, operator, pool), lines in standing_lines(conn, world, wanted, known_at).items():
        live = [entry for entry, counts in lines if counts == LIVE]
        account, _ = fold(live, partial(method_of, world, place, operator), at)
        found += [_held(place, book, operator, pool, layer) for layer in account.layers if layer.quantity]
    return found


def _held(place: str, book: str, operator: str, pool: str, layer: Layer) -> Held:
    kind = layer.kind
    return Held(
        holding_id=holding_id(place, book, layer),
        operator=operator,
        pool=pool,
        lot=layer.lot,
        source=layer.source,
        admitted_at=layer.at,
        owner=layer.owner,
        status=layer.status,
        area=layer.area,
        uom=layer.uom,
        item=kind.item,
        description=kind.description,
        hs=kind.hs,
        hs_edition=kind.hs_edition,
        origin=kind.origin,
        currency=kind.currency,
        declaration=kind.declaration,
        equipment=kind.equipment,
        quantity=layer.quantity,
        gross_mg=layer.gross_mg,
        net_mg=layer.net_mg,
        value=layer.value,
    )


def in_order(held: Sequence[Held]) -> list[Held]:
    """By lot, then as they came."""
    return sorted(held, key=lambda one: (one.operator, one.lot, one.admitted_at, one.source, one.owner, one.status, one.area, one.uom))
