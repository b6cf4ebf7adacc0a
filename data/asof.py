"""Any past moment, in two clocks: as it stood at `as_of`, from what was known at `known_at`. The same fold as today's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.books import load
from data.keep import Row
from data.received import openings
from data.store import tables as t
from data.store.bulk import in_chunks
from zones.book import Book
from zones.world import World


def books(
    conn: Connection, world: World, place: str | None, as_of: datetime | None, known_at: datetime | None
) -> Iterator[tuple[str, Book, list[Row]]]:
    """(box, its book, its report rows) for every box ever told of (at the place), in the order of their numbers."""
    opened = openings(conn, known_at)
    for chunk in in_chunks(numbers(conn, place), 400):
        found, rows = load(conn, world, chunk, known_at=known_at, upto=as_of, opened=opened)
        for box in chunk:
            yield box, found[box], rows[box]


def numbers(conn: Connection, place: str | None) -> list[str]:
    """Every box that a report told of (at the place); without a place also those that only a customs fact named."""
    told = sa.select(t.report.c.equipment).distinct()
    if place:
        return sorted(conn.execute(told.where(t.report.c.place == place)).scalars())
    named = sa.select(t.fact.c.equipment).where(t.fact.c.equipment != "").distinct()
    return sorted({*conn.execute(told).scalars(), *conn.execute(named).scalars()})
