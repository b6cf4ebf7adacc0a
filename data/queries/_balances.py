"""Which lots the two books differ over, from what is posted alone: no lot is folded for it, whatever the size of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(slots=True)
class Cover:
    """Of one operator: how many lots are there, how many of them were counted, and when he last counted all, in cycles, and reconciled."""

    there: int = 0
    counted: int = 0
    full: datetime | None = None
    cycle: datetime | None = None
    report: datetime | None = None


def covered(conn: Connection, place: str, at: datetime, since: datetime, operators: Iterable[str]) -> dict[str, Cover]:
    """operator -> what was counted from `since` on, of what is there at `at`. The counts are read by their index, an operator at a time:
    joined with the lots in one question they are looked for once a lot (measured: a hundred times slower). Nor are they put together by the
    database: which lots were counted is all that is asked of most, and the last of a kind stands at the end of the index."""
    there = _there(conn, place, OPERATOR, at).subquery()
    inside: dict[str, set[str]] = defaultdict(set)
    for operator, pool in conn.execute(sa.select(there.c.operator, there.c.pool)):
        inside[operator].add(pool)
    found: dict[str, Cover] = {}
    for operator in operators:
        cover = found[operator] = Cover(len(inside[operator]))
        own = (t.COUNTED, _e.place == place, _e.operator == operator, _e.at <= at, _e.standing == LIVE, ~_e.outread)
        counts = conn.execute(sa.select(_e.pool, _e.counted).where(*own, _e.at >= since, _e.act == "count")).all()
        cover.counted = len(inside[operator] & {pool for pool, _ in counts})
        full = {kind == "full" for _, kind in counts}
        cover.full = _latest(conn, *own, _e.act == "count", _e.counted == "full") if True in full else None
        cover.cycle = _latest(conn, *own, _e.act == "count", _e.counted != "full") if False in full else None
        if not counts and _latest(conn, *own, _e.at >= since) is None:  # nothing within the time: whatever came before
            told = conn.execute(sa.select(_e.act, _e.counted, _e.at).where(*own).order_by(_e.at.desc()).limit(1)).first()
            if told and told.act == "count":
                cover.full, cover.cycle = (told.at, None) if told.counted == "full" else (None, told.at)
        cover.report = conn.execute(
            sa.select(sa.func.max(_e.at)).where(*own, _e.pool == "", _e.act == "reconciliation")
        ).scalar()  # of no lot
    return found


def _latest(conn: Connection, *where: sa.ColumnElement[bool] | sa.TextClause) -> datetime | None:
    """When the last of some lines was, found from the end of their index."""
    return conn.execute(sa.select(_e.at).where(*where).order_by(_e.at.desc()).limit(1)).scalar()


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
