"""What was there when each month began: written once when the month does, and put right by whatever is posted to an earlier moment later.

A past moment is the opening of its month and the postings since (data/inventory.py), so that it costs as much as now. Months begin at
midnight in the place's zone; all are opened from the one after the first posting to that of the last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import Row
from data.store import tables as t
from data.store.bulk import delete_rows, insert_new, upsert
from zones.world import World

SUMS = ("quantity", "gross_mg", "net_mg", "value")
KEY = ("place", "book", "month", "holding_id")
Book = tuple[str, str]  # place, book
_o, _p, _m = t.opening.c, t.posting.c, t.opened.c


@lru_cache(4096)
def month_of(at: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the month that an instant lies in, in a zone, as UTC."""
    local = at.astimezone(zone)
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(at.tzinfo)


def next_month(month: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the month after."""
    local = month.astimezone(zone)
    year, number = divmod(local.year * 12 + local.month, 12)
    return local.replace(year=year, month=number + 1, hour=0, fold=0).astimezone(month.tzinfo)


class Openings:
    """The openings of one transaction: what is posted changes those months that are opened already; new ones are opened at the end."""

    def __init__(self, conn: Connection, world: World) -> None:
        self.conn, self.world = conn, world
        self._opened: dict[Book, list[datetime]] = {}
        self._books: set[Book] = set()
        self._sums: dict[tuple[str, str, datetime, int], Counter[str]] = defaultdict(Counter)

    def posted(self, row: Row, sign: int) -> None:
        """A posting is written (1) or taken back (-1)."""
        book, at = (row["place"], row["book"]), row["at"]
        months = self._months(book)
        self._books.add(book)
        if not months or at >= months[-1]:
            return
        for month in reversed(months):
            if month <= at:
                return
            sums = self._sums[*book, month, row["holding_id"]]
            for name in SUMS:
                sums[name] += sign * row[name]

    def write(self) -> None:
        """After the postings are written: the months opened before, then new ones."""
        rows = [dict(zip(KEY, key, strict=True)) | {name: sums[name] for name in SUMS} for key, sums in self._sums.items()]
        rows = [row for row in rows if any(row[name] for name in SUMS)]
        upsert(self.conn, t.opening, rows, KEY, add=SUMS)
        if rows:
            self._sweep(rows)
        for book in sorted(self._books):
            for before, month in self._new(book):
                self._open(book, before, month)

    def _zone(self, place: str) -> ZoneInfo:
        return self.world.place(place).zone

    def _months(self, book: Book) -> list[datetime]:
        if book not in self._opened:
            asked = sa.select(_m.month).where(_m.place == book[0], _m.book == book[1]).order_by(_m.month)
            self._opened[book] = list(self.conn.execute(asked).scalars())
        return self._opened[book]

    def _new(self, book: Book) -> Iterator[tuple[datetime | None, datetime]]:
        """(the month before, a month that is to be opened), oldest first."""
        known, zone = set(self._months(book)), self._zone(book[0])
        own = (_p.place == book[0], _p.book == book[1])
        first, last = (self.conn.execute(sa.select(edge(_p.at)).where(*own)).scalar() for edge in (sa.func.min, sa.func.max))
        if first is None or last is None:
            self._close(book, known)
            return
        months = [next_month(month_of(first, zone), zone)]
        while months[-1] <= last:
            months.append(next_month(months[-1], zone))
        self._close(book, known.difference(months[:-1]))  # what made them was taken back, or the place's zone was another
        for before, month in zip([None, *months], months[:-1], strict=False):
            if month not in known:
                yield before, month

    def _close(self, book: Book, months: set[datetime]) -> None:
        for month in months:
            self.conn.execute(t.opening.delete().where(_o.place == book[0], _o.book == book[1], _o.month == month))
            self.conn.execute(t.opened.delete().where(_m.place == book[0], _m.book == book[1], _m.month == month))

    def _open(self, book: Book, before: datetime | None, month: datetime) -> None:
        place, name = book
        since = (_p.at >= before,) if before else ()
        came = sa.select(_p.holding_id, *(_p[each] for each in SUMS)).where(_p.place == place, _p.book == name, _p.at < month, *since)
        if before:
            was = sa.select(_o.holding_id, *(_o[each] for each in SUMS)).where(_o.place == place, _o.book == name, _o.month == before)
            parts = sa.union_all(was, came).subquery()
        else:
            parts = came.subquery()
        # a sum of integers is a decimal number on PostgreSQL
        sums = [sa.cast(sa.func.sum(parts.c[each]), sa.BigInteger).label(each) for each in SUMS]
        there = sa.or_(*(sa.func.sum(parts.c[each]) != 0 for each in SUMS))
        own = [sa.literal(place), sa.literal(name), sa.literal(month, t.opening.c.month.type), parts.c.holding_id, *sums]
        question = sa.select(*own).group_by(parts.c.holding_id).having(there)
        self.conn.execute(t.opening.insert().from_select([*KEY, *SUMS], question))
        insert_new(self.conn, t.opened, [{"place": place, "book": name, "month": month}])

    def _sweep(self, rows: list[Row]) -> None:
        """What came to nothing is not there."""
        nothing = [sa.and_(*(_o[name] == 0 for name in SUMS))]
        for place, book in {(row["place"], row["book"]) for row in rows}:
            months = {row["month"] for row in rows if (row["place"], row["book"]) == (place, book)}
            gone = sa.select(_o.month, _o.holding_id).where(_o.place == place, _o.book == book, _o.month.in_(months), *nothing)
            keys = [{"place": place, "book": book, "month": row.month, "holding_id": row.holding_id} for row in self.conn.execute(gone)]
            delete_rows(self.conn, t.opening, keys, KEY)
