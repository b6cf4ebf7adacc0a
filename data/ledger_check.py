"""Do the ledgers add up? Every pool folded again against what the tables hold, and the openings of months against all postings before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.goods import standing_lines
from data.keep import Pool
from data.ledger import holding_id, method_of
from data.openings import SUMS
from data.store import tables as t
from data.store.bulk import in_chunks
from zones.entry import BOOKS, LIVE
from zones.ledger import fold
from zones.world import World

Difference = tuple[str, str]
_e, _p, _o = t.entry.c, t.posting.c, t.opening.c


def checked(conn: Connection, world: World) -> Iterator[Difference]:
    """What differs, as (about, difference)."""
    asked = sa.select(_e.place, _e.book, _e.operator, _e.pool).distinct()
    pools: list[Pool] = [(row.place, row.book, row.operator, row.pool) for row in conn.execute(asked)]
    for chunk in in_chunks(pools, 400):
        yield from _pools(conn, world, chunk)
    yield from _openings(conn)


def _pools(conn: Connection, world: World, pools: list[Pool]) -> Iterator[Difference]:
    told = standing_lines(conn, world, pools)
    posted: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    at = {entry.entry_id: entry.at for lines in told.values() for entry, _ in lines}
    stands: dict[str, str] = {}
    for chunk in in_chunks(sorted(at), 400):
        columns = (_p.entry_id, _p.n, _p.at, _p.holding_id, *(_p[name] for name in SUMS))
        own = (_p.place.in_({key[0] for key in pools}), _p.book.in_(BOOKS), _p.at.in_({at[each] for each in chunk}))
        for of, *row in conn.execute(sa.select(*columns).where(*own, _p.entry_id.in_(chunk)).order_by(_p.n)):
            posted[of].append(tuple(row))
        stands.update(
            (row.entry_id, row.standing) for row in conn.execute(sa.select(_e.entry_id, _e.standing).where(_e.entry_id.in_(chunk)))
        )
    a = t.pool.c
    for key in pools:
        place, book, operator, name = key
        lines = told.get(key, [])
        for entry, counts in lines:
            if stands[entry.entry_id] != counts:
                yield entry.entry_id, f"line counts as {stands[entry.entry_id]}, should as {counts}"
        account, done = fold([entry for entry, counts in lines if counts == LIVE], partial(method_of, world, place, operator))
        for entry, _ in lines:
            of = done[entry.entry_id].postings if entry.entry_id in done else ()
            should = [
                (n, entry.at, holding_id(place, book, one.layer), one.quantity, one.gross_mg, one.net_mg, one.value)
                for n, one in enumerate(of)
            ]
            if posted.get(entry.entry_id, []) != should:
                yield entry.entry_id, "posts other than it should"
        state = conn.execute(sa.select(a.state).where(a.place == place, a.book == book, a.operator == operator, a.pool == name)).scalar()
        if (state or account) != account:
            yield f"{place}/{operator}/{name}", "the fold does not stand where it should"


def _openings(conn: Connection) -> Iterator[Difference]:
    months = conn.execute(sa.select(t.opened.c.place, t.opened.c.book, t.opened.c.month)).all()
    for place, book, month in months:
        should: dict[int, Counter[str]] = defaultdict(Counter)
        sums = [sa.func.sum(_p[name]).label(name) for name in SUMS]
        asked = sa.select(_p.holding_id, *sums).where(_p.place == place, _p.book == book, _p.at < month).group_by(_p.holding_id)
        for row in conn.execute(asked).mappings():
            should[row["holding_id"]].update({name: int(row[name]) for name in SUMS})
        own = (_o.place == place, _o.book == book, _o.month == month)
        kept = {row["holding_id"]: row for row in conn.execute(sa.select(t.opening).where(*own)).mappings()}
        for number in should.keys() | kept.keys():
            if any(should[number][name] != (kept[number][name] if number in kept else 0) for name in SUMS):
                yield f"{place} {month.isoformat()}", "a month opens with other than what was posted before it"
                break
