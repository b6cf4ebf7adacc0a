"""The statement of a period: what was there, what came, went and was put right, what is there; as known now or at any moment.

Opening and closing balance are read as any past moment is (data/inventory.py), what moved from the postings between: three readings that
must agree. Of pools that something known only later changes, all three follow from one fold of the lines known then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.goods import standing_lines
from data.inventory import changed_pools, changes_until
from data.keep import Pool
from data.ledger import method_of
from data.store import tables as t
from zones.entry import LIVE, OPERATOR
from zones.ledger import Posting, fold
from zones.report import AHEAD
from zones.statement import COUNTS_AS, Figures, Key, Row, parts, rows
from zones.world import World

_h, _p, _e = t.holding.c, t.posting.c, t.entry.c
KEY = tuple(_h[name] for name in Key.__struct_fields__)
SUMS = Figures.__struct_fields__
MOMENT = timedelta(microseconds=1)  # the finest that is kept
Pools = Collection[tuple[str, str]]
Change = tuple[Key, str, Figures]
Balance = tuple[Key, Figures]


def statement(
    conn: Connection,
    world: World,
    place: str,
    since: datetime,
    until: datetime,
    known_at: datetime | None = None,
    book: str = OPERATOR,
) -> list[Row]:
    """The rows of [since, until); with `known_at` from what was known then. Errors: ValueError where the period is none."""
    if not since < until:
        raise ValueError(f"a period from {since} to {until}")
    last = until - MOMENT
    if known_at is None:
        opening, closing = (_standing(conn, place, book, at, ()) for at in (since - MOMENT, last))
        return rows(opening, _moved(conn, place, book, since, last, ()), closing)
    last = min(last, known_at + AHEAD)
    changed = changed_pools(conn, world, place, book, last, known_at)
    before, after = _Then(), _Then()
    found = list(_then(conn, world, place, book, changed, since, last, known_at, before, after))
    was = [*_standing(conn, place, book, min(since - MOMENT, last), changed), *before.items()]
    now = [*_standing(conn, place, book, last, changed), *after.items()]
    return rows(was, [*_moved(conn, place, book, since, last, changed), *found], now)


def _standing(conn: Connection, place: str, book: str, at: datetime, but: Pools) -> Iterator[Balance]:
    """What was there at a moment, as is known now, of all pools but these."""
    sums = changes_until(conn, place, book, at)
    told = [sa.func.sum(sums.c[name]) for name in SUMS]
    asked = sa.select(*KEY, *told).select_from(sums.join(t.holding, _h.holding_id == sums.c.holding_id))
    for key, figures, _ in _summed(conn, asked, KEY, but):
        yield key, figures


def _moved(conn: Connection, place: str, book: str, since: datetime, last: datetime, but: Pools) -> Iterator[Change]:
    """What moved in [since, last], as is known now, of all pools but these."""
    of = t.posting.join(t.holding, _h.holding_id == _p.holding_id).join(t.entry, _e.entry_id == _p.entry_id)
    within = _p.place == place, _p.book == book, _p.at >= since, _p.at <= last
    kind = _e.act + "/" + _e.side
    alone = kind.in_(["/".join(each) for each in COUNTS_AS])
    acts = (*KEY, _e.act, _e.side)
    asked = sa.select(*acts, *(sa.func.sum(_p[name]) for name in SUMS)).select_from(of).where(*within, alone)
    for key, figures, (act, side) in _summed(conn, asked, acts, but):
        yield key, COUNTS_AS[act, side], figures
    yet = sa.select(*KEY, _h.pool, _e.entry_id, _e.act, _e.side, *(_p[name] for name in SUMS)).select_from(of).where(*within, ~alone)
    line: list[Any] = []
    for row in conn.execute(yet.order_by(_p.at, _p.entry_id, _p.n)):
        if line and line[0].entry_id != row.entry_id:
            yield from _of_line(line, but)
            line = []
        line.append(row)
    if line:
        yield from _of_line(line, but)


def _of_line(line: list[Any], but: Pools) -> Iterator[Change]:
    """What one line moved, from its postings in order."""
    if (line[0].operator, line[0].pool) not in but:
        posted = [(Key(*row[: len(KEY)]), Figures(*row[-len(SUMS) :])) for row in line]
        yield from parts(line[0].act, line[0].side, posted)


def _summed(conn: Connection, asked: sa.Select[Any], by: tuple[Any, ...], but: Pools) -> Iterator[tuple[Key, Figures, tuple[Any, ...]]]:
    """Sums by these columns (those of a key first), of all pools but these: (key, sums, the other columns)."""
    own, n = (_h.pool,) if but else (), len(by)
    for row in conn.execute(asked.add_columns(*own).group_by(*by, *own)):
        if but and (row[0], row[-1]) in but:
            continue
        yield Key(*row[: len(KEY)]), Figures(*map(int, row[n : n + len(SUMS)])), tuple(row[len(KEY) : n])


# ---------------------------------------------------------------- as known then


class _Then(defaultdict[Key, Figures]):
    """A balance as it adds up, posting by posting."""

    def __init__(self) -> None:
        super().__init__(Figures)


def _then(
    conn: Connection,
    world: World,
    place: str,
    book: str,
    pools: Pools,
    since: datetime,
    last: datetime,
    known_at: datetime,
    before: _Then,
    after: _Then,
) -> Iterator[Change]:
    """What moved in these pools as was known then; their balances go into `before` and `after`."""
    wanted: list[Pool] = [(place, book, operator, pool) for operator, pool in sorted(pools)]
    for (_, _, operator, _), lines in standing_lines(conn, world, wanted, known_at).items():
        live = [entry for entry, counts in lines if counts == LIVE]
        account, done = fold(live, partial(method_of, world, place, operator), last)
        for layer in account.layers:
            key = Key(operator, layer.owner, layer.status, layer.kind.hs, layer.uom, layer.kind.currency)
            after[key] += Figures(layer.quantity, layer.net_mg, layer.value)
        for entry in live:
            if entry.entry_id not in done:
                continue
            posted = [_posted(operator, posting) for posting in done[entry.entry_id].postings]
            if entry.at >= since:
                yield from parts(entry.act, entry.side, posted)
            else:
                for key, change in posted:
                    before[key] += change


def _posted(operator: str, posting: Posting) -> Balance:
    layer = posting.layer
    key = Key(operator, layer.owner, layer.status, layer.kind.hs, layer.uom, layer.kind.currency)
    return key, Figures(posting.quantity, posting.net_mg, posting.value)
