"""Finding goods by what people have at hand: a lot, a permit, a declaration, an owner. Any case; each by an index (data/store/goods.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import where_place
from data.store import tables as t
from zones import codes

MOST = 20  # of each kind
OWNERS = 2000  # names that are looked through
BY = ("lot", "permit", "declaration", "owner")
_e, _h = t.entry.c, t.holding.c


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
    asked = sa.select(_h.place, _h.operator, _h.pool, _h.lot, sa.func.min(_h.owner), sa.func.max(_h.owner))
    asked = asked.where(_h.lot.in_(written), where_place(actor, _h.place)).group_by(_h.place, _h.operator, _h.pool, _h.lot)
    for place, operator, pool, lot, owner, other in conn.execute(asked.order_by(_h.lot, _h.place, _h.operator).limit(MOST)):
        yield GoodsHit("lot", place, operator, pool, lot, owner if owner == other else "")


def _by_document(conn: Connection, actor: Actor, written: list[str]) -> Iterator[GoodsHit]:
    for by, kept in (("permit", t.PERMITTED), ("declaration", t.DECLARED)):
        own = (kept, _e[by].in_(written), ~_e.outread, where_place(actor, _e.place))
        lot = sa.case((_e.lot == "", _e.item), else_=_e.lot)
        asked = sa.select(_e.place, _e.operator, _e.pool, lot.label("lot"), sa.func.min(_e.owner), sa.func.max(_e.owner)).where(*own)
        asked = asked.group_by(_e.place, _e.operator, _e.pool, lot).order_by(_e.place, _e.operator, _e.pool, lot).limit(MOST)
        for place, operator, pool, of, owner, other in conn.execute(asked):
            yield GoodsHit(by, place, operator, pool, of, owner if owner == other else "")


def _owners(conn: Connection, actor: Actor, text: str) -> list[GoodsHit]:
    """Owners in whose name the text stands, in any case; from name to name over the index, however many lots each has."""
    seen = where_place(actor, _h.place)
    first = sa.select(sa.func.min(_h.owner).label("owner"), sa.literal(1).label("n")).where(_h.owner > "", seen)
    names = first.cte("names", recursive=True)
    after = sa.select(sa.func.min(_h.owner)).where(_h.owner > names.c.owner, seen).scalar_subquery()
    names = names.union_all(sa.select(after, names.c.n + 1).where(names.c.owner.is_not(None), names.c.n < OWNERS))
    wanted = text.casefold()
    known = conn.execute(sa.select(names.c.owner).where(names.c.owner.is_not(None))).scalars()
    return [GoodsHit("owner", "", "", "", "", name) for name in known if wanted in name.casefold()][:MOST]
