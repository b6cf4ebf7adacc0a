"""Any past moment, in two clocks: as it stood at `as_of`, from what was known at `known_at`. The same fold as today's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.books import load, openings
from data.keep import Row
from data.store import tables as t
from data.store.bulk import in_chunks
from zones.book import Book
from zones.world import World


def books(
    conn: Connection, world: World, place: str | None, as_of: datetime | None, known_at: datetime | None
) -> Iterator[tuple[str, Book, list[Row]]]:
    """(box, its book, its report rows) for every box ever told of (at the place), in the order of their numbers."""
    question = sa.select(t.report.c.equipment).distinct().order_by(t.report.c.equipment)
    if place:
        question = question.where(t.report.c.place == place)
    opened = openings(conn, known_at)
    for chunk in in_chunks(list(conn.execute(question).scalars()), 400):
        found, rows = load(conn, world, chunk, known_at=known_at, upto=as_of, opened=opened)
        for box in chunk:
            yield box, found[box], rows[box]
