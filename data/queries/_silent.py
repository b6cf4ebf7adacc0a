"""When feeds were silent for longer than is expected of them: what nobody told then is not nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.expectation import now_expected
from data.queries.rhythm import excused
from data.store import tables as t
from zones.place import Feed, Place
from zones.rules import feed_silent
from zones.subject import Expected, FeedFacts, Pause

Spell = tuple[datetime, datetime | None]


def silences(
    conn: Connection, place: Place, feeds: Iterable[Feed], since: datetime, until: datetime, now: datetime
) -> dict[str, list[Spell]]:
    """Feed -> its spells of silence that reach into [since, until), by what is expected of it now; before it was first heard it was silent
    too. Reads the pauses that are too long, by index.
    """
    feeds = tuple(feeds)
    expect = now_expected(conn, list(feeds), now)
    apart = excused(conn, place)
    found: dict[str, list[Spell]] = {}
    for feed in feeds:
        first = conn.execute(sa.select(sa.func.min(t.hearing.c.heard_at)).where(t.hearing.c.feed == feed.id)).scalar()
        if first is None:
            found[feed.id] = [(since, None)]
            continue
        spells: list[Spell] = [(since, first)] if first > since else []
        wanted = [Expected(each.within, each.hours) for each in expect[feed.id]]
        if wanted:
            pauses = _pauses(conn, feed.id, min(each.within for each in wanted).total_seconds(), since, until)
            facts = FeedFacts(feed.id, place.id, place.zone, pauses, wanted, apart)
            spells += [(began, ended) for began, ended, _ in feed_silent.silences(facts) if began < min(until, now)]
        found[feed.id] = spells
    return found


def _pauses(conn: Connection, feed: str, longer: float, since: datetime, until: datetime) -> list[Pause]:
    h = t.hearing.c
    open_ = sa.select(h.receipt_id, h.heard_at, h.next_at).where(h.feed == feed, h.pause_s.is_(None))
    long = sa.select(h.receipt_id, h.heard_at, h.next_at).where(
        h.feed == feed, h.pause_s > int(longer), h.next_at > since, h.heard_at < until
    )
    return [Pause(*row) for row in sorted(conn.execute(sa.union(open_, long)), key=lambda row: row.heard_at)]


def silent_in(spells: Iterable[Spell], start: datetime, end: datetime) -> bool:
    """Whether any of the spells reaches into [start, end)."""
    return any(began < end and (ended is None or ended > start) for began, ended in spells)
