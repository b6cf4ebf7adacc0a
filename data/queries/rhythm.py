"""When a source is heard, hour by hour of the week, against what is expected; and what its own four weeks would let one expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.actions.feeds import REFUSED
from data.expectation import ACCEPTED, now_expected
from data.expectation import read as read
from data.expectation import written as written
from data.people import Actor
from data.queries._heard import last_heard
from data.queries.health import own_feed
from data.store import tables as t
from data.store.engine import Store
from zones import usual
from zones.place import Expect, Place
from zones.subject import Pause
from zones.usual import Proposal
from zones.world import World

DAYS = 28
HOURS = 168
FAR = datetime(9000, 1, 1, tzinfo=UTC)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Receipts by hour of the week (0 is Monday 00:00 of the place) over [since, until), 28 whole days: the sum of four weeks, the fewest
    of one, and those of the last of them; `expected` receipts in the hour at least (None: nothing is expected then).

    `proposal`: None where the source was not heard for four weeks, or too seldom. `calls`: how often the rule of silent sources would have
    called in these four weeks by what is in force, and by what is proposed.
    """

    since: datetime
    until: datetime
    first: datetime | None
    heard_at: datetime | None
    receipts: int
    four_weeks: tuple[int, ...]
    fewest: tuple[int, ...]
    last_week: tuple[int, ...]
    expected: tuple[float | None, ...]
    in_force: tuple[Expect, ...]
    proposal: Proposal | None
    calls: tuple[int, int]


def rhythm(store: Store, actor: Actor, world: World, feed: str, now: datetime) -> Rhythm | None:
    """None where it is out of reach. Reads 28 days of `hearing`."""
    own = own_feed(actor, world, feed)
    if own is None:
        return None
    place = world.place(own.place)
    today = place.day_of(now)
    since, until = place.midnight(today - timedelta(days=DAYS)), place.midnight(today)
    with store.read() as conn:
        first = conn.execute(sa.select(sa.func.min(t.hearing.c.heard_at)).where(t.hearing.c.feed == feed)).scalar()
        heard_at = last_heard(conn, [feed]).get(feed)
        pauses = _pauses(conn, feed, since, until)
        in_force = now_expected(conn, [own], now)[feed]
        apart = excused(conn, place)
    cells: dict[tuple[int, int], int] = {}
    for pause in pauses:
        if pause.heard_at >= since:
            local = pause.heard_at.astimezone(place.zone)
            back = (today - local.date()).days - 1  # whole days before today, from 0
            cell = local.weekday() * 24 + local.hour, back // 7
            cells[cell] = cells.get(cell, 0) + 1
    weeks = [[cells.get((hour, week), 0) for week in range(4)] for hour in range(HOURS)]
    long_enough = first is not None and first <= since
    proposal = usual.propose(pauses, apart, place.zone, since, until) if long_enough else None
    return Rhythm(
        since=since,
        until=until,
        first=first,
        heard_at=heard_at,
        receipts=sum(cells.values()),
        four_weeks=tuple(map(sum, weeks)),
        fewest=tuple(map(min, weeks)),
        last_week=tuple(week[0] for week in weeks),
        expected=tuple(_least(in_force, hour % 24) for hour in range(HOURS)),
        in_force=in_force,
        proposal=proposal,
        calls=(
            usual.calls(pauses, apart, place.zone, in_force, since, until),
            usual.calls(pauses, apart, place.zone, proposal.expect, since, until) if proposal else 0,
        ),
    )


def _pauses(conn: Connection, feed: str, since: datetime, until: datetime) -> list[Pause]:
    """The pauses that reach into [since, until), oldest first."""
    h = t.hearing.c
    before = sa.select(sa.func.max(h.heard_at)).where(h.feed == feed, h.heard_at < since)
    start = conn.execute(before).scalar() or since
    asked = sa.select(h.receipt_id, h.heard_at, h.next_at).where(h.feed == feed, h.heard_at >= start, h.heard_at < until)
    return [Pause(*row) for row in conn.execute(asked.order_by(h.heard_at))]


def excused(conn: Connection, place: Place) -> list[tuple[datetime, datetime]]:
    """When silence is nobody's fault: the place was closed, or we were not looking."""
    gaps = [(row.from_at, row.to_at) for row in conn.execute(sa.select(t.not_looking))]
    return [*((closure.from_, closure.to or FAR) for closure in place.closures), *gaps]


def _least(expect: Sequence[Expect], hour: int) -> float | None:
    """How many receipts an hour of the day has at least, if the source is never silent for too long."""
    covering = [each.within for each in expect if each.covers(time(hour))]
    return timedelta(hours=1) / min(covering) if covering else None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was proposed on the screen: the proposal that waits, and those decided, newest first. `stands`: the number in force, or 0."""

    waits: Row | None
    decided: tuple[Row, ...]
    stands: int


def agreed(store: Store, actor: Actor, world: World, feed: str) -> Agreed | None:
    """None where it is out of reach."""
    own = own_feed(actor, world, feed)
    if own is None:
        return None
    e = t.expectation.c
    with store.read() as conn:
        asked = sa.select(t.expectation).where(e.feed == feed).order_by(e.number.desc()).limit(10)
        rows = [dict(row) for row in conn.execute(asked).mappings()]
    declared = written(own.expect)
    stands = next((row["number"] for row in rows if row["decision"] == ACCEPTED and row["instead_of"] == declared), 0)
    decided = tuple(row for row in rows if row["decision"] in (ACCEPTED, REFUSED) and row["decision_reason"])
    return Agreed(next((row for row in rows if not row["decision"]), None), decided, stands)
