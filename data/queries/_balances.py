"""Which lots the two books differ over, from what is posted alone: no lot is folded for it, whatever the size of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.store import tables as t
from zones.entry import BOOKS, CUSTOMS, LIVE, OPERATOR

Lot = tuple[str, str]  # operator, pool
_h, _p, _o, _e, _m = t.holding.c, t.posting.c, t.opening.c, t.entry.c, t.opened.c


def keeps_own_book(conn: Connection, place: str) -> bool:
    """Whether any line of the supervisor's own book is posted at a place."""
    own = sa.select(t.pool.c.pool).where(t.pool.c.place == place, t.pool.c.book == CUSTOMS).limit(1)
    return conn.execute(own).first() is not None


def operators(conn: Connection, place: str, declared: Iterable[str], most: int = 200) -> list[str]:
    """Whoever has told a line at a place, and who is declared there. One look into the index for each."""
    found, last = list(declared), ""
    for _ in range(most):
        asked = sa.select(sa.func.min(_e.operator)).where(_e.place == place, _e.operator > last)
        last = conn.execute(asked).scalar() or ""
        if not last:
            break
        found.append(last)
    return list(dict.fromkeys(found))


def _there(conn: Connection, place: str, book: str, at: datetime) -> sa.Select[tuple[str, str, str, int, int]]:
    """operator, pool, unit -> quantity and value there at an instant, by one book: the opening of its month and what was posted since."""
    month = conn.execute(sa.select(sa.func.max(_m.month)).where(_m.place == place, _m.book == book, _m.month <= at)).scalar()
    since = (_p.at >= month,) if month is not None else ()
    parts = [sa.select(_p.holding_id, _p.quantity, _p.value).where(_p.place == place, _p.book == book, _p.at <= at, *since)]
    if month is not None:
        parts.append(sa.select(_o.holding_id, _o.quantity, _o.value).where(_o.place == place, _o.book == book, _o.month == month))
    every = sa.union_all(*parts).subquery()
    sums = [sa.func.sum(every.c[name]).label(name) for name in ("quantity", "value")]
    held = sa.select(every.c.holding_id, *sums).group_by(every.c.holding_id).having(sums[0] != 0).subquery()
    joined = held.join(t.holding, _h.holding_id == held.c.holding_id)
    return sa.select(_h.operator, _h.pool, _h.uom, held.c.quantity, held.c.value).select_from(joined)


def differing(conn: Connection, place: str, at: datetime, operator: str, most: int) -> tuple[list[Lot], int]:
    """The lots of which the books have different quantities at `at`, those whose value differs most first; and how many there are."""
    signed = []
    for book in BOOKS:
        there, sign = _there(conn, place, book, at).subquery(), 1 if book == OPERATOR else -1
        columns = (there.c.operator, there.c.pool, there.c.uom, (sign * there.c.quantity).label("n"), (sign * there.c.value).label("value"))
        signed.append(sa.select(*columns).where(*((there.c.operator == operator,) if operator else ())))
    both = sa.union_all(*signed).subquery()
    n, value = sa.func.sum(both.c.n), sa.func.abs(sa.func.sum(both.c.value)).label("value")
    lots = sa.select(both.c.operator, both.c.pool, value).group_by(both.c.operator, both.c.pool, both.c.uom).having(n != 0).subquery()
    worth = sa.func.max(lots.c.value)
    asked = sa.select(lots.c.operator, lots.c.pool, sa.func.count().over()).group_by(lots.c.operator, lots.c.pool)
    rows = conn.execute(asked.order_by(worth.desc(), lots.c.operator, lots.c.pool).limit(most)).all()
    return [(row[0], row[1]) for row in rows], int(rows[0][2]) if rows else 0


def covered(conn: Connection, place: str, at: datetime, since: datetime, operator: str) -> dict[str, tuple[int, int]]:
    """operator -> (lots there at `at`, those of them that were counted from `since` on)."""
    there = _there(conn, place, OPERATOR, at).subquery()
    only = (there.c.operator == operator,) if operator else ()
    lots = sa.select(there.c.operator, there.c.pool).where(*only).distinct().subquery()
    live = (_e.standing == LIVE, ~_e.outread, _e.act == "count", t.COUNTED)
    told = sa.select(_e.operator, _e.pool).where(_e.place == place, _e.at >= since, _e.at <= at, *live).distinct().subquery()
    join = lots.outerjoin(told, sa.and_(told.c.operator == lots.c.operator, told.c.pool == lots.c.pool))
    asked = sa.select(lots.c.operator, sa.func.count(), sa.func.count(told.c.pool)).select_from(join).group_by(lots.c.operator)
    return {row[0]: (int(row[1]), int(row[2])) for row in conn.execute(asked)}


def touched(conn: Connection, place: str, since: datetime, until: datetime, operator: str, most: int) -> list[Lot]:
    """Lots with a line of the supervisor's own book in [since, until), the latest first; then those with a line that does not add up."""
    own = (_p.place == place, _p.book == CUSTOMS, _p.at >= since, _p.at < until)
    moved = sa.select(_h.operator, _h.pool).select_from(t.posting.join(t.holding, _h.holding_id == _p.holding_id)).where(*own)
    wrong = sa.select(_e.operator, _e.pool).where(t.FAULTY, _e.place == place, _e.at >= since, _e.at < until, ~_e.outread, _e.pool != "")
    found: list[Lot] = []
    for asked, whose, at in ((moved, _h.operator, _p.at), (wrong, _e.operator, _e.at)):
        only = asked.where(*((whose == operator,) if operator else ()))
        found += [(row[0], row[1]) for row in conn.execute(only.order_by(at.desc()).limit(most))]
    return list(dict.fromkeys(found))
