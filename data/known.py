"""What was known at a moment: received by then, and if it is of a later reading, read by then."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from data.keep import Kept, Row
from data.store import tables as t

READ_AGAIN = "read again"  # why there is a later reading of a message


def known(table: sa.Table, at: datetime | None) -> tuple[sa.ColumnElement[bool], ...]:
    """Of table report, fact or signal what was known at a moment: received by then, and if it is of a later reading, read by then."""
    if at is None:
        return ()
    later = sa.select(t.reading.c.reading_id).where(t.reading.c.why == READ_AGAIN, t.reading.c.read_at > at)
    return table.c.received_at <= at, table.c.reading_id.not_in(later)


def as_known(row: Kept, at: datetime | None) -> Row:
    """A row as it was then: what was read otherwise only later still stood."""
    found = dict(row)
    if at is not None and found["outread"] and found["outread_at"] > at:
        found["outread"] = False
    return found
