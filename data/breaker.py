"""The breaker of a source: where too much of what it sends is rejected, its reading stops, and what comes is kept raw until a person says
that it goes on. A changed format or a bad delivery then costs one message's worth of rejects, and not a source's history.

It opens when of the last records (whole messages, at least `records` of them) more than `share` percent were rejected, or `in_a_row` one
after the other; after Sentry's Arroyo (`max_invalid_ratio`, `max_consecutive_count`). The message that opens it is read to its end. From
then on the feed's deliveries are fetched and kept, their messages `pending` with the reason `reading_stopped`, until somebody who may lets
it go on (data/actions/feeds.py): the next pull reads them in the order of their receipt, and what a source says is counted afresh.

What is kept and not read was not heard: a watermark ends before it (`unread_from`), so that no rule takes silence for news.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import Row
from data.store import tables as t
from data.store.bulk import upsert
from data.touched import touch

log = logging.getLogger(__name__)
HELD = "reading_stopped"
SHARE, IN_A_ROW = "share", "in_a_row"
OPTION = "breaker"  # of a feed


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a feed is stopped. 0: never for that reason."""

    share: int = 20  # percent
    records: int = 200
    in_a_row: int = 50


def limits_of(options: Mapping[str, Any]) -> Limits:
    """As the feed's options say: `breaker: {share: 20, records: 200, in_a_row: 50}`, or `breaker: off`. Errors: ValueError."""
    said = options.get(OPTION)
    if said is None:
        return Limits()
    if said in ("off", False):
        return Limits(share=0, in_a_row=0)
    names = Limits.__dataclass_fields__
    if not isinstance(said, Mapping) or (unknown := sorted(set(map(str, said)) - set(names))):
        raise ValueError(
            f"breaker: {unknown[0]!r} is none of {', '.join(names)}" if isinstance(said, Mapping) else "breaker: off, or a mapping"
        )
    try:
        return Limits(**{str(name): max(int(str(value)), 0) for name, value in said.items()})
    except ValueError:
        raise ValueError("breaker: share, records and in_a_row are whole numbers") from None


class Breaker:
    """One feed's, as a pull goes by it. `open`: nothing more is to be read."""

    def __init__(self, conn: Connection, feed: str, options: Mapping[str, Any]) -> None:
        self.feed = feed
        try:
            self.limits = limits_of(options)
        except ValueError:
            self.limits = Limits()  # `check` says so; a source is not left without a breaker for it
        b, lately = t.breaker.c, t.rejected_lately.c
        last = conn.execute(sa.select(t.breaker).where(b.feed == feed).order_by(b.number.desc()).limit(1)).mappings().one_or_none()
        known = conn.execute(sa.select(lately.recent, lately.in_a_row, lately.longest).where(lately.feed == feed)).one_or_none()
        self.number = int(last["number"]) if last else 0
        self.open = last is not None and last["closed_at"] is None
        self.stopped = last is not None and last["through_at"] is None
        self.recent: list[list[int]] = [list(each) for each in known.recent] if known else []
        self.in_a_row = int(known.in_a_row) if known else 0
        self._longest = int(known.longest) if known else 0
        self._changed = False
        self._opened: Row | None = None

    def count(self, kind: str) -> None:
        """A record was kept as that (see data.keep.Keeper.put)."""
        if kind == "rejected":
            self._changed = True
            self.in_a_row += 1
            self._longest = max(self._longest, self.in_a_row)
        elif kind in ("report", "fact") and self.in_a_row:
            self._changed, self.in_a_row = True, 0

    def read(self, message: Row, now: datetime) -> None:
        """A message was read to its end: does the next one get read?"""
        if not message["records"]:
            return
        self._changed = True
        self.recent.append([message["records"], message["rejected"]])
        while sum(each[0] for each in self.recent[1:]) >= max(self.limits.records, 1):
            del self.recent[0]
        records, rejected = (sum(each[n] for each in self.recent) for n in (0, 1))
        long, wrong = self._longest, 0 < self.limits.share * records < 100 * rejected and records >= self.limits.records
        self._longest = self.in_a_row
        if self.open or not (wrong or 0 < self.limits.in_a_row <= long):
            return
        self.open = self.stopped = True
        why = SHARE if wrong else IN_A_ROW
        counts = (records, rejected) if wrong else (long, long)
        self._opened = {"opened_at": now, "why": why, "records": counts[0], "rejected": counts[1], "message_id": message["message_id"]}

    def hold(self, message: Row) -> None:
        """A message that is kept and not read."""
        message.update(reason=HELD, reading_id="")

    def write(self, conn: Connection, now: datetime) -> None:
        """What changed, in the transaction that keeps the messages."""
        b = t.breaker.c
        if self._opened:
            older = sa.and_(b.feed == self.feed, t.STOPPED)
            conn.execute(t.breaker.update().where(older).values(through_at=now, unread_from=None))
            self.number += 1
            conn.execute(t.breaker.insert(), {"feed": self.feed, "number": self.number, **self._opened})
            counts = self._opened["rejected"], self._opened["records"]
            log.warning("%s is stopped: %s of %s records rejected; what comes is kept and not read", self.feed, *counts)
            self._opened, self.recent, self.in_a_row, self._longest = None, [], 0, 0  # when it goes on it is counted afresh
        if self._changed:
            lately = {"feed": self.feed, "recent": self.recent, "in_a_row": self.in_a_row, "longest": self._longest}
            upsert(conn, t.rejected_lately, [lately], ("feed",), set=("recent", "in_a_row", "longest"))
            self._changed = False
        if self.stopped:
            self.stopped = look(conn, self.feed, self.number, now)


def look(conn: Connection, feed: str, number: int, now: datetime) -> bool:
    """Bring up to date from when on nothing is read, as the messages stand; whether the source is still stopped, or not yet through."""
    m, b = t.message.c, t.breaker.c
    own = sa.and_(b.feed == feed, b.number == number)
    unread = conn.execute(sa.select(sa.func.min(m.received_at)).where(m.state == "pending", m.feed == feed)).scalar()
    closed = conn.execute(sa.select(b.closed_at).where(own)).scalar()
    through = now if closed is not None and unread is None else None
    conn.execute(t.breaker.update().where(own).values(unread_from=unread, through_at=through))
    touch(conn, {f"feed:{feed}": ""})
    return through is None


def unread_from(conn: Connection) -> dict[str, datetime]:
    """feed -> the receipt from which on what came is kept and not read, of the feeds that are stopped or not yet through."""
    b = t.breaker.c
    return {
        row.feed: row.unread_from for row in conn.execute(sa.select(b.feed, b.unread_from).where(t.STOPPED, b.unread_from.is_not(None)))
    }


def stopped(conn: Connection) -> dict[str, Row]:
    """feed -> the row of its breaker, of the feeds that are stopped or not yet through."""
    return {row["feed"]: dict(row) for row in conn.execute(sa.select(t.breaker).where(t.STOPPED)).mappings()}
