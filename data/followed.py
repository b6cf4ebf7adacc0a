"""Holds that follow goods from box to box: of the boxes that share a lot in a ledger, each's own holds and those that came with goods.

Goods of a held box that are packed into another are held there (zones/followed.py). Which boxes share a lot, the lines of ledgers tell by
the index of their boxes; where no line names a box, or none of the boxes concerned was ever held, nothing more is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.goods import standing_lines
from data.keep import Pool
from data.store import tables as t
from data.store.bulk import among
from zones.customs import Fact, Hold
from zones.entry import LIVE, OPERATOR
from zones.followed import followed
from zones.packed import packed
from zones.world import World

Own = Callable[[set[str]], tuple[Mapping[str, tuple[Hold, ...]], Mapping[str, tuple[Fact, ...]]]]
_e = t.entry.c


def sharing(conn: Connection, boxes: Iterable[str]) -> tuple[set[Pool], set[str]]:
    """The pools of goods that were in several boxes, one of them among these, and all boxes of these pools, and so on."""
    found: set[Pool] = set()
    every: set[str] = set()
    wanted = set(boxes) - {""}
    if not wanted or not conn.execute(sa.select(sa.exists(sa.select(_e.entry_id).where(t.IN_A_BOX)))).scalar():
        return found, every
    while wanted:
        named = sa.select(_e.place, _e.book, _e.operator, _e.pool).where(t.IN_A_BOX, among(conn, _e.equipment, wanted), _e.book == OPERATOR)
        pools = {(row.place, row.book, row.operator, row.pool) for row in conn.execute(named.distinct())} - found
        every |= wanted
        wanted = set()
        for pool, own in _boxes_of(conn, pools).items():
            if len(own) > 1:
                found.add(pool)
                wanted |= own - every
    return found, every if found else set()


def _boxes_of(conn: Connection, pools: Iterable[Pool]) -> dict[Pool, set[str]]:
    by_book: dict[tuple[str, str], set[str]] = defaultdict(set)
    for place, _, operator, pool in pools:
        by_book[place, operator].add(pool)
    found: dict[Pool, set[str]] = defaultdict(set)
    for (place, operator), names in by_book.items():
        own = (_e.place == place, _e.operator == operator, _e.book == OPERATOR, among(conn, _e.pool, names), t.IN_A_BOX)
        for pool, box in conn.execute(sa.select(_e.pool, _e.equipment).where(*own).distinct()):
            found[place, OPERATOR, operator, pool].add(box)
    return found


def with_goods(
    conn: Connection, world: World, boxes: Iterable[str], own: Own, known_at: datetime | None = None, upto: datetime | None = None
) -> dict[str, tuple[Hold, ...]]:
    """box -> all its holds, for those of these boxes to which any may have come with goods. `own(boxes)`: their own holds, and the customs
    facts about them, as known at the same moment.
    """
    wanted = set(boxes)
    pools, every = sharing(conn, wanted)
    if not pools:
        return {}
    holds, told = own(every)
    if not any(holds.values()):
        return {}
    lines = (entry for of in standing_lines(conn, world, pools, known_at).values() for entry, counts in of if counts == LIVE)
    portions = packed((entry for entry in lines if upto is None or entry.at <= upto), lambda place, name: world.place(place).operator(name))
    return {box: found for box, found in followed(portions, holds, told).items() if box in wanted}
