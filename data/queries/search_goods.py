"""Finding goods by what people have at hand: a lot, a permit, a declaration, an owner. Any case.

Lots and papers are found by an index (data/store/goods.py), owners among what is inside: no question reads through a ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import where_place
from data.store import tables as t
from zones import codes
from zones.entry import BOOKS, OPERATOR

MOST = 20  # of each kind
BOOKS_MOST = 500  # ledgers that are looked at
BY = ("lot", "permit", "declaration", "owner")
_e, _h, _p, _o, _m = t.entry.c, t.holding.c, t.posting.c, t.opening.c, t.opened.c


@dataclass(frozen=True, slots=True)
class GoodsHit:
    """A lot, or an owner (`lot` ""), found `by` one of BY. `owner`: of the lot where only one is told, else ""."""

    by: str
    place: str
    operator: str
    pool: str
    lot: str
    owner: str


def goods(conn: Connection, actor: Actor, text: str) -> tuple[GoodsHit, ...]:
    """The lots and owners for a text, at the places within reach."""
    if not text:
        return ()
    written = sorted({text, text.upper(), text.replace(" ", ""), text.replace(" ", "").upper(), codes.document(text)} - {""})
    found: dict[tuple[str, str, str, str], GoodsHit] = {}
    for hit in (*_lots(conn, actor, written), *_by_document(conn, actor, written), *_owners(conn, actor, text)):
        found.setdefault((hit.place, hit.operator, hit.pool, hit.owner if hit.by == "owner" else hit.lot), hit)
    return tuple(found.values())


def _lots(conn: Connection, actor: Actor, written: list[str]) -> Iterator[GoodsHit]:
    """By the pool, which is the lot as a rule; of goods that are pooled by item by what their lines say."""
    p = t.pool.c
    for place, operator in _books(conn, actor):
        asked = sa.select(p.pool).where(p.place == place, p.book.in_(BOOKS), p.operator == operator, p.pool.in_(written))
        for pool in conn.execute(asked.distinct().order_by(p.pool).limit(MOST)).scalars():
            yield GoodsHit("lot", place, operator, pool, pool, "")
    own = (t.OF_ITEM, _e.lot.in_(written), ~_e.outread, where_place(actor, _e.place))
    asked = sa.select(_e.place, _e.operator, _e.pool, _e.lot).where(*own).distinct().order_by(_e.lot, _e.place, _e.operator, _e.pool)
    for place, operator, pool, lot in conn.execute(asked.limit(MOST)):
        yield GoodsHit("lot", place, operator, pool, lot, "")


def _books(conn: Connection, actor: Actor) -> list[tuple[str, str]]:
    """(place, operator) of every ledger within reach: from one to the next over the key, however many pools each has."""
    p = t.pool.c
    found: list[tuple[str, str]] = []
    place: str | None = ""
    while place is not None:
        place = conn.execute(sa.select(sa.func.min(p.place)).where(p.place > place, where_place(actor, p.place))).scalar()
        for book in BOOKS if place is not None else ():
            operator: str | None = None
            while len(found) < BOOKS_MOST:
                after = (p.operator > operator,) if operator is not None else ()
                operator = conn.execute(sa.select(sa.func.min(p.operator)).where(p.place == place, p.book == book, *after)).scalar()
                if operator is None:
                    break
                found.append((str(place), operator))
    return list(dict.fromkeys(found))


def _by_document(conn: Connection, actor: Actor, written: list[str]) -> Iterator[GoodsHit]:
    for by, kept in (("permit", t.PERMITTED), ("declaration", t.DECLARED)):
        own = (kept, _e[by].in_(written), ~_e.outread, where_place(actor, _e.place))
        lot = sa.case((_e.lot == "", _e.item), else_=_e.lot)
        asked = sa.select(_e.place, _e.operator, _e.pool, lot.label("lot"), sa.func.min(_e.owner), sa.func.max(_e.owner)).where(*own)
        asked = asked.group_by(_e.place, _e.operator, _e.pool, lot).order_by(_e.place, _e.operator, _e.pool, lot).limit(MOST)
        for place, operator, pool, of, owner, other in conn.execute(asked):
            yield GoodsHit(by, place, operator, pool, of, owner if owner == other else "")


def _owners(conn: Connection, actor: Actor, text: str) -> list[GoodsHit]:
    """Owners in whose name the text stands, in any case: of what was inside when the month began, or moved since."""
    wanted, found = text.casefold(), set[str]()
    for place in dict.fromkeys(place for place, _ in _books(conn, actor)):
        month = conn.execute(
            sa.select(sa.func.max(t.opened.c.month)).where(t.opened.c.place == place, t.opened.c.book == OPERATOR)
        ).scalar()
        since = (_p.at >= month,) if month is not None else ()
        ids: sa.Select[Any] | sa.CompoundSelect[Any] = sa.select(_p.holding_id).where(_p.place == place, _p.book == OPERATOR, *since)
        if month is not None:
            ids = sa.union(ids, sa.select(_o.holding_id).where(_o.place == place, _o.book == OPERATOR, _o.month == month))
        asked = sa.select(_h.owner).where(_h.holding_id.in_(ids), _h.owner != "").distinct()
        found |= {name for name in conn.execute(asked).scalars() if wanted in name.casefold()}
    return [GoodsHit("owner", "", "", "", "", name) for name in sorted(found)[:MOST]]
