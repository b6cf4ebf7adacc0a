"""How often a source is expected: as declared in place.yaml, or as two people agreed on a screen since.

What was agreed holds from the moment it was accepted; before that the declaration is judged by, so that the past is not judged anew. It
holds as long as the declaration says what it said then: once somebody changes `expect` there (takes the agreed table over, say), that is
what holds, for all times, as every changed declaration does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import Row
from data.store import tables as t
from zones.place import Expect, Feed
from zones.subject import Expected

ACCEPTED = "accepted"


def expected(conn: Connection, feed: Feed) -> list[Expected]:
    """What is expected of a feed, and when."""
    return spans(feed, _accepted(conn, feed.id))


def now_expected(conn: Connection, feeds: Iterable[Feed], now: datetime) -> dict[str, tuple[Expect, ...]]:
    """feed -> what is expected of it now."""
    feeds = list(feeds)
    e = t.expectation.c
    agreed: dict[str, list[Row]] = {}
    if feeds:
        asked = sa.select(t.expectation).where(e.feed.in_([feed.id for feed in feeds]), e.decision == ACCEPTED).order_by(e.feed, e.number)
        for row in conn.execute(asked).mappings():
            agreed.setdefault(row["feed"], []).append(dict(row))
    return {
        feed.id: tuple(Expect(each.within, each.hours) for each in spans(feed, agreed.get(feed.id, ())) if each.in_force(now))
        for feed in feeds
    }


def spans(feed: Feed, agreed: Sequence[Mapping[str, Any]]) -> list[Expected]:
    """The declared table up to the first that was accepted instead of it, and each of those up to the next."""
    declared = written(feed.expect)
    agreed = [row for row in agreed if row["instead_of"] == declared]
    starts = [row["decided_at"] for row in agreed]
    found = [Expected(each.within, each.hours, None, starts[0] if starts else None) for each in feed.expect]
    for n, row in enumerate(agreed):
        until = starts[n + 1] if n + 1 < len(starts) else None
        found += [Expected(each.within, each.hours, row["decided_at"], until) for each in read(row["expect"])]
    return found


def written(expect: Iterable[Expect]) -> list[dict[str, Any]]:
    """As JSON: [{"seconds": 1800, "hours": ["06:00", "22:00"]}, {"seconds": 21600, "hours": None}]."""
    return [
        {"seconds": int(each.within.total_seconds()), "hours": [f"{at:%H:%M}" for at in each.hours] if each.hours else None}
        for each in expect
    ]


def read(said: Iterable[Mapping[str, Any]]) -> tuple[Expect, ...]:
    """The way back from `written`."""
    return tuple(Expect(timedelta(seconds=each["seconds"]), _hours(each["hours"])) for each in said)


def _hours(said: Sequence[str] | None) -> tuple[time, time] | None:
    return (time.fromisoformat(said[0]), time.fromisoformat(said[1])) if said else None


def _accepted(conn: Connection, feed: str) -> list[Row]:
    e = t.expectation.c
    asked = sa.select(t.expectation).where(e.feed == feed, e.decision == ACCEPTED).order_by(e.number)
    return [dict(row) for row in conn.execute(asked).mappings()]
