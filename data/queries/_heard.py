"""How far we can see: when each feed was last heard, and which are silent for longer than they may be.

Unlike the rule `feed_silent` nothing is excused here: while a place was closed, or nobody looked, we still do not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.breaker import stopped
from data.expectation import now_expected
from data.store import tables as t
from zones.place import Expect, Feed, Place
from zones.world import World


@dataclass(frozen=True, slots=True)
class Heard:
    """One feed: when it was last heard (None: never), how long it may be silent at this hour (None: nothing is expected of it now)."""

    feed: str
    place: str
    publisher: str
    kinds: frozenset[str]
    at: datetime | None
    allowed: timedelta | None
    silent: bool
    stopped: bool = False  # the breaker has stopped its reading: what came since `at` is kept, and nobody has read it

    @property
    def blind(self) -> bool:
        """Whether it leaves us without sight: silent for too long, stopped, or never heard."""
        return self.silent or self.stopped or self.at is None


@dataclass(frozen=True, slots=True)
class Sight:
    """What some feeds let us see. `as_of`: when the latest of them was heard; `blind`: those that leave us without sight."""

    feeds: tuple[Heard, ...]

    @property
    def as_of(self) -> datetime | None:
        return max((h.at for h in self.feeds if h.at is not None), default=None)

    @property
    def blind(self) -> tuple[Heard, ...]:
        return tuple(h for h in self.feeds if h.blind)

    def seen_to(self, now: datetime) -> datetime | None:
        """Up to when nothing is missing as far as we know: now, or when the first of the blind feeds was last heard; None: never."""
        ends = [h.at for h in self.blind]
        return None if not self.feeds or None in ends else min((end for end in ends if end is not None), default=now)


def sight(conn: Connection, world: World, places: Iterable[str], now: datetime, kinds: Iterable[str] = ()) -> Sight:
    """How far the feeds of some places let us see; with `kinds`, only the feeds that speak for one of them."""
    wanted = frozenset(kinds)
    feeds = [
        (place, feed)
        for place in map(world.place, places)
        for feed in place.feeds
        if feed.in_force(now) and (not wanted or wanted & (feed.speaks_for or frozenset()))
    ]
    halted = stopped(conn)
    last = last_heard(conn, [feed.id for _, feed in feeds], halted)
    expect = now_expected(conn, [feed for _, feed in feeds], now)
    return Sight(tuple(_heard(place, feed, last.get(feed.id), now, expect[feed.id], feed.id in halted) for place, feed in feeds))


def last_heard(conn: Connection, feeds: list[str], halted: Mapping[str, Any] | None = None) -> dict[str, datetime]:
    """Each feed by itself: the end of its stretch of the key, whatever the length of its history; what is kept unread was not heard."""
    if not feeds:
        return {}
    h, ends = t.hearing.c, []
    halted = stopped(conn) if halted is None else halted
    for feed in feeds:
        end = sa.select(sa.literal(feed).label("feed"), sa.func.max(h.heard_at).label("at")).where(h.feed == feed)
        unread = halted[feed]["unread_from"] if feed in halted else None
        ends.append(end if unread is None else end.where(h.heard_at < unread))
    return {row.feed: row.at for row in conn.execute(sa.union_all(*ends)) if row.at is not None}


def _heard(place: Place, feed: Feed, at: datetime | None, now: datetime, expect: Iterable[Expect], halted: bool) -> Heard:
    local = now.astimezone(place.zone).time()
    allowed = min((each.within for each in expect if each.covers(local)), default=None)
    silent = at is not None and allowed is not None and now - at > allowed
    return Heard(feed.id, place.id, feed.publisher, feed.speaks_for or frozenset(), at, allowed, silent, halted)
