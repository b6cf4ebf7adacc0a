"""One source's health: how late it tells, whether its clock is right, what is missing in its numbering, what of it is rejected, whether
its columns are those they were, which codes nobody knows.

What is read does not grow with history: days of table `lag`, the newest messages by index, layouts one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.breaker import Limits, limits_of
from data.people import Actor
from data.queries._heard import last_heard
from data.store import tables as t
from data.store.engine import Store
from zones import lag, sequence
from zones.drift import Drift, compare
from zones.lag import Lags, Shift
from zones.place import Feed
from zones.sequence import Sent, Series
from zones.world import World

SHORT, LONG = timedelta(days=7), timedelta(days=28)
LATEST = 2000  # messages whose numbering is looked at
LEFT = 200  # messages whose leftovers are
ODD = 500  # reports that nobody knows the meaning of, whose reasons are counted
LAYOUTS = 20
Row = Mapping[str, Any]


def own_feed(actor: Actor, world: World, feed: str) -> Feed | None:
    """The feed, where it is declared and within reach."""
    return next((known for known in world.feeds if known.id == feed and actor.sees(known.place)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """How long after the fact a source told: over 7 and 28 days up to today. `shift`: a suspected shift by whole hours, while it lasts."""

    short: Lags
    long: Lags
    first: date
    last: date
    shift: Shift | None
    heard_at: datetime | None


def late(store: Store, actor: Actor, world: World, feed: str, now: datetime) -> Late | None:
    """Its lags; None where it is out of reach. Days are those of UTC, on which it was received."""
    if own_feed(actor, world, feed) is None:
        return None
    g, today = t.lag.c, now.astimezone(UTC).date()
    days: dict[date, dict[int, int]] = defaultdict(dict)
    asked = sa.select(g.day, g.bucket, g.reports).where(g.feed == feed, g.day > today - 2 * LONG - timedelta(days=1))
    with store.read() as conn:
        for row in conn.execute(asked):
            days[row.day][row.bucket] = int(row.reports)
        heard_at = last_heard(conn, [feed]).get(feed)
    first = today - LONG + timedelta(days=1)
    short = lag.together(days, today - SHORT + timedelta(days=1), today)
    long, suspected = lag.together(days, first, today), lag.shift(days, today)
    return Late(short=short, long=long, first=first, last=today, shift=suspected, heard_at=heard_at)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The series of references among the newest messages of 28 days; `unnumbered` of them have none that ends in a number."""

    series: tuple[Series, ...]
    looked_at: int
    unnumbered: int
    since: datetime | None


def numbering(store: Store, actor: Actor, world: World, feed: str, now: datetime) -> Numbering | None:
    """What is missing in the numbers under which the source sends; None where it is out of reach."""
    if own_feed(actor, world, feed) is None:
        return None
    m = t.message.c
    asked = sa.select(m.message_id, m.sender, m.recipient, m.reference, m.received_at).where(m.feed == feed, m.received_at > now - LONG)
    with store.read() as conn:
        sent = [Sent(*row) for row in conn.execute(asked.order_by(m.received_at.desc()).limit(LATEST))]
    found = sequence.series(each for each in sent if each.reference)
    numbered = sum(one.n for one in found)
    return Numbering(tuple(found), len(sent), len(sent) - numbered, sent[-1].received_at if sent else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """What of the last records was rejected, from when on the source is stopped, and its stops, newest first.

    `waiting`: messages kept and not read. `today`: (records, rejected) of the last 24 hours.
    """

    records: int
    rejected: int
    in_a_row: int
    today: tuple[int, int]
    limits: Limits
    stops: tuple[Row, ...]
    waiting: int

    @property
    def open(self) -> Row | None:
        """The stop that lasts."""
        return self.stops[0] if self.stops and self.stops[0]["closed_at"] is None else None

    @property
    def catching_up(self) -> bool:
        """Whether it may go on, and what was kept has not all been read."""
        return bool(self.stops) and self.open is None and self.stops[0]["through_at"] is None


def rejected(store: Store, actor: Actor, world: World, feed: str, now: datetime) -> Rejected | None:
    """None where it is out of reach."""
    own = own_feed(actor, world, feed)
    if own is None:
        return None
    b, m, lately = t.breaker.c, t.message.c, t.rejected_lately.c
    sums = [sa.func.coalesce(sa.func.sum(column), 0) for column in (m.records, m.rejected)]
    with store.read() as conn:
        recent = conn.execute(sa.select(lately.recent, lately.in_a_row).where(lately.feed == feed)).one_or_none()
        stops = conn.execute(sa.select(t.breaker).where(b.feed == feed).order_by(b.number.desc()).limit(5)).mappings()
        today = conn.execute(sa.select(*sums).where(m.feed == feed, m.received_at > now - timedelta(days=1))).one()
        waiting = conn.execute(sa.select(sa.func.count()).where(m.state == "pending", m.feed == feed)).scalar_one()
        told = recent.recent if recent else []
        return Rejected(
            records=sum(each[0] for each in told),
            rejected=sum(each[1] for each in told),
            in_a_row=int(recent.in_a_row) if recent else 0,
            today=(int(today[0]), int(today[1])),
            limits=_limits(own),
            stops=tuple(dict(row) for row in stops),
            waiting=int(waiting),
        )


def _limits(feed: Feed) -> Limits:
    try:
        return limits_of(feed.options)
    except ValueError:
        return Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layouts:
    """The column names of the newest file, since when they are so, and what differs from those before. `mixed`: both are in use at once."""

    columns: tuple[str, ...]
    message_id: str
    since: datetime
    known_since: datetime
    drift: Drift | None
    before_message: str
    before_to: datetime | None
    mixed: bool


def layouts(store: Store, actor: Actor, world: World, feed: str) -> Layouts | None:
    """None where it is out of reach, or names no columns."""
    if own_feed(actor, world, feed) is None:
        return None
    h = t.heading.c
    with store.read() as conn:
        newest = _heading(conn, h.feed == feed)
        if newest is None:
            return None
        asked = [_heading(conn, h.feed == feed, h.layout == layout) for layout in _layouts(conn, feed) if layout != newest["layout"]]
        others = [row for row in asked if row is not None]
        before = max(others, key=lambda row: row["received_at"], default=None)
        own = sa.select(sa.func.min(h.received_at)).where(h.feed == feed, h.layout == newest["layout"])
        first = conn.execute(own).scalar_one()
        since = conn.execute(own.where(h.received_at > before["received_at"])).scalar() if before else first
        known = conn.execute(sa.select(sa.func.min(h.received_at)).where(h.feed == feed)).scalar_one()
    return Layouts(
        columns=tuple(newest["columns"]),
        message_id=newest["message_id"],
        since=since or newest["received_at"],
        known_since=known,
        drift=compare(before["columns"], newest["columns"]) if before else None,
        before_message=before["message_id"] if before else "",
        before_to=before["received_at"] if before else None,
        mixed=before is not None and first < before["received_at"],
    )


def _heading(conn: Connection, *which: sa.ColumnElement[bool]) -> Row | None:
    h = t.heading.c
    row = conn.execute(sa.select(t.heading).where(*which).order_by(h.received_at.desc()).limit(1)).mappings().one_or_none()
    return dict(row) if row else None


def _layouts(conn: Connection, feed: str) -> list[str]:
    """The different layouts, walked from one to the next by index, however many files have them."""
    h = t.heading.c
    found: list[str] = []
    further = conn.execute(sa.select(sa.func.min(h.layout)).where(h.feed == feed)).scalar()
    while further is not None and len(found) < LAYOUTS:
        found.append(further)
        further = conn.execute(sa.select(sa.func.min(h.layout)).where(h.feed == feed, h.layout > further)).scalar()
    return found


@dataclass(frozen=True, slots=True)
class Unknown:
    """What nobody knows: (reason of an unclassified report, how many), (field or segment that no rule takes, how many, example)."""

    reasons: tuple[tuple[str, int], ...]
    fields: tuple[tuple[str, int, str], ...]
    reports: int
    messages: int


def unknown(store: Store, actor: Actor, world: World, feed: str) -> Unknown | None:
    """Of the newest unclassified reports, and of the newest messages; None where it is out of reach. Kept raw, and counted nowhere."""
    if own_feed(actor, world, feed) is None:
        return None
    r, m, f = t.report.c, t.message.c, t.leftover.c
    so = sa.text("status = 'unclassified'")
    odd = sa.select(r.why).where(so, r.feed == feed).order_by(r.received_at.desc()).limit(ODD)
    newest = sa.select(m.message_id).where(m.feed == feed).order_by(m.received_at.desc()).limit(LEFT)
    with store.read() as conn:
        reasons = Counter(conn.execute(odd).scalars())
        ids = list(conn.execute(newest).scalars())
        fields: Counter[str] = Counter()
        example: dict[str, str] = {}
        for row in conn.execute(sa.select(f.name, f.count, f.example).where(f.message_id.in_(ids))):
            fields[row.name] += int(row[1])
            example.setdefault(row.name, row.example)
    hidden = not actor.may("see_raw")
    told = tuple((name, n, "" if hidden else example[name]) for name, n in fields.most_common(30))
    return Unknown(tuple(reasons.most_common(30)), told, sum(reasons.values()), len(ids))
