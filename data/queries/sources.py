"""The data sources: when each was heard, what its last run did, which messages could not be read and why, whether the books add up.

Counts of messages by state are of the last 24 hours; what waits for somebody (unreadable, partly read, pending) is counted for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._heard import Heard, last_heard, sight
from data.queries._scope import allowed, feeds, where_place
from data.received import openings
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from zones.place import Feed
from zones.world import World

STATES = ("read", "partly", "unreadable", "pending")
WAITING = ("unreadable", "partly", "pending")
DAY = timedelta(hours=24)
PAGE = 20
FAULTS = 12  # shown of one message
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One feed as it stands. `run`: the last one; `failed`: the last that failed, if it is the last or came after the last good one.

    `data_to`: the latest moment that its newest readable message speaks of; `received_at`: when that message came.
    `due_at`: when it will be silent for too long, if nothing comes (None: never heard, or nothing is expected at this hour).
    `today`: messages by state in the last 24 hours; `waiting`: by state, whenever they came. `counts`: missed, overlapped, failed runs.
    """

    feed: Feed
    heard: Heard
    run: Row | None
    failed: Row | None
    data_to: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    today: Mapping[str, int]
    waiting: Mapping[str, int]
    counts: Mapping[str, int]

    @property
    def lag(self) -> timedelta | None:
        """How long after the fact its newest message came; None where that cannot be said."""
        return self.received_at - self.data_to if self.received_at and self.data_to else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who works: the lease, the jobs that are nobody's feed with what went wrong, and when nobody looked (newest first).

    `silent_for`: since the last sign of life, in real time; None: there never was a worker.
    """

    holder: str
    alive: bool
    silent_for: timedelta | None
    jobs: tuple[Row, ...]
    not_looking: tuple[Row, ...]
    judged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Since when a place is counted: `opened_at` is the instant of its first yard list (None: opening stock unknown)."""

    place: str
    since: datetime | None
    opened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """One page of messages that were not read whole, newest first, each with its faults; and how many there are by reason and by feed."""

    messages: tuple[Row, ...]
    faults: Mapping[str, tuple[Row, ...]]
    more: bool
    by_reason: Mapping[str, int]
    by_feed: Mapping[str, int]


def sources(store: Store, actor: Actor, world: World, now: datetime) -> tuple[Source, ...]:
    """Every feed of the places within reach: those we cannot hear first, then by place as declared."""
    with store.read() as conn:
        heard = {h.feed: h for h in sight(conn, world, allowed(actor, world), now).feeds}
        ids = [feed for feed in feeds(actor, world) if feed in heard]
        today, waiting = _today(conn, ids, now), _waiting(conn, ids)
        troubles = _troubles(conn, [f"pull:{feed}" for feed in ids])
        found = []
        for feed in ids:
            data_to, received_at = _data_to(conn, feed)
            run = _run(conn, t.run.c.feed == feed)
            failed = _run(conn, t.run.c.feed == feed, t.run.c.state == "failed")
            good = _run(conn, t.run.c.feed == feed, t.run.c.state == "done")
            at, within = heard[feed].at, heard[feed].allowed
            found.append(
                Source(
                    feed=world.feed(feed),
                    heard=heard[feed],
                    run=run,
                    failed=failed if failed and (good is None or failed["started_at"] >= good["started_at"]) else None,
                    data_to=data_to,
                    received_at=received_at,
                    due_at=at + within if at is not None and within is not None else None,
                    today=today.get(feed, {}),
                    waiting=waiting.get(feed, {}),
                    counts=troubles.get(f"pull:{feed}", {}),
                )
            )
    return tuple(sorted(found, key=lambda s: not s.heard.blind))


def _run(conn: Connection, *which: sa.ColumnElement[bool]) -> Row | None:
    row = conn.execute(sa.select(t.run).where(*which).order_by(t.run.c.started_at.desc()).limit(1)).mappings().one_or_none()
    return dict(row) if row else None


def _today(conn: Connection, ids: Iterable[str], now: datetime) -> dict[str, Counter[str]]:
    m = t.message.c
    found: dict[str, Counter[str]] = {}
    question = sa.select(m.feed, m.state, sa.func.count()).group_by(m.feed, m.state)
    for chunk in in_chunks(ids, 400):
        for feed, state, n in conn.execute(question.where(m.feed.in_(chunk), m.received_at > now - DAY)):
            found.setdefault(feed, Counter())[state] = n
    return found


def _waiting(conn: Connection, ids: Iterable[str]) -> dict[str, Counter[str]]:
    m = t.message.c
    found: dict[str, Counter[str]] = {}
    question = sa.select(m.feed, m.state, sa.func.count()).group_by(m.feed, m.state)
    for chunk in in_chunks(ids, 400):
        for feed, state, n in conn.execute(question.where(m.feed.in_(chunk), m.state.in_(WAITING))):
            found.setdefault(feed, Counter())[state] = n
    return found


def _troubles(conn: Connection, jobs: Iterable[str]) -> dict[str, dict[str, int]]:
    found = {}
    for chunk in in_chunks(jobs, 400):
        for row in conn.execute(sa.select(t.run_count).where(t.run_count.c.job.in_(chunk))).mappings():
            found[row["job"]] = {name: row[name] for name in ("missed", "overlapped", "failed")}
    return found


def _data_to(conn: Connection, feed: str) -> tuple[datetime | None, datetime | None]:
    """(the latest moment told, when it came) of the newest message of a feed that said anything."""
    m, r, f, s, y, e = t.message.c, t.report.c, t.fact.c, t.signal.c, t.yard_list.c, t.entry.c
    newest = sa.select(m.message_id, m.received_at).where(m.feed == feed, m.state.in_(("read", "partly")))
    for message in conn.execute(newest.order_by(m.received_at.desc()).limit(3)):
        told = [
            conn.execute(sa.select(sa.func.max(column)).where(own == message.message_id, column <= message.received_at)).scalar()
            for own, column in (
                (r.message_id, r.occurred_at),
                (f.message_id, f.effective_at),
                (s.message_id, s.occurred_at),
                (e.message_id, e.at),
                (y.message_id, y.listed_at),
            )
        ]
        if known := [at for at in told if at is not None]:
            return max(known), message.received_at
    return None, None


def worker(store: Store, actor: Actor, real: datetime) -> Worker:
    """The worker, for whoever may see anything: it belongs to no place. `real` is real time, by which the lease goes also in the demo."""
    actor.must("see")
    with store.read() as conn:
        held = conn.execute(sa.select(t.lease).where(t.lease.c.name == "worker")).mappings().one_or_none()
        jobs = conn.execute(sa.select(t.run_count).where(t.run_count.c.job.not_like("pull:%")).order_by(t.run_count.c.job)).mappings()
        gaps = conn.execute(sa.select(t.not_looking).order_by(t.not_looking.c.from_at.desc()).limit(5)).mappings()
        return Worker(
            holder=held["holder"] if held else "",
            alive=held is not None and held["expires_at"] > real,
            silent_for=real - held["renewed_at"] if held else None,
            jobs=tuple(dict(row) for row in jobs),
            not_looking=tuple(dict(row) for row in gaps),
            judged_at=conn.execute(sa.select(t.judged.c.up_to)).scalar(),
        )


def identities(store: Store, actor: Actor) -> tuple[Row, ...]:
    """The conservation identities with the time each was checked and last held. What differs is told to those who see all places."""
    actor.must("see")
    with store.read() as conn:
        rows = [dict(row) for row in conn.execute(sa.select(t.identity).order_by(t.identity.c.name)).mappings()]
    return tuple(row if actor.places is None else {**row, "difference": ""} for row in rows)


def books(store: Store, actor: Actor, world: World) -> tuple[Books, ...]:
    """Since when each place within reach is counted, and whether its opening stock is known."""
    h = t.hearing.c
    with store.read() as conn:
        opened = openings(conn)
        found = []
        for place in map(world.place, allowed(actor, world)):
            firsts = [conn.execute(sa.select(sa.func.min(h.heard_at)).where(h.feed == feed.id)).scalar() for feed in place.feeds]
            lists = [opened[feed.id] for feed in place.feeds if feed.id in opened]
            since = min((first for first in firsts if first is not None), default=None)
            found.append(Books(place=place.id, since=since, opened_at=min(lists, default=None)))
    return tuple(found)


def received_to(store: Store, actor: Actor, world: World, *, place: str = "", feed: str = "") -> datetime | None:
    """The latest receipt of these feeds within reach: up to then a list of what they sent is whole. None: they were never heard."""
    with store.read() as conn:
        return max(last_heard(conn, _wanted(actor, world, place, feed)).values(), default=None)


def _wanted(actor: Actor, world: World, place: str, feed: str) -> list[str]:
    return [f.id for f in world.feeds if actor.sees(f.place) and place in ("", f.place) and feed in ("", f.id)]


def problems(
    store: Store, actor: Actor, world: World, *, place: str = "", feed: str = "", reason: str = "", state: str = "", page: int = 1
) -> Problems:
    """Messages that were read in part, not at all, or not yet. The words of a message are for those who may see raw messages."""
    m, j = t.message.c, t.reject.c
    mine = [f.id for f in world.feeds if actor.sees(f.place) and place in ("", f.place)]
    asked: list[Any] = [t.UNREAD, *([m.state == state] if state in WAITING else [])]
    with store.read() as conn:
        by_reason: Counter[str] = Counter()
        by_feed: Counter[str] = Counter()
        counted = sa.select(m.feed, m.reason, sa.func.count().label("n")).where(*asked, m.feed.in_(mine))
        for row in conn.execute(counted.group_by(m.feed, m.reason)):
            by_reason[row.reason] += row.n if feed in ("", row.feed) else 0
            by_feed[row.feed] += row.n if reason in ("", row.reason) else 0
        asked += [m.reason == reason] if reason else []
        question = sa.select(t.message).where(*asked).order_by(m.received_at.desc(), m.message_id)
        first, found = (max(page, 1) - 1) * PAGE, []
        for name in _wanted(actor, world, place, feed):  # each from its newest on: no further than is shown
            newest = conn.execute(question.where(m.feed == name).limit(first + PAGE + 1)).mappings()
            found += [dict(row) for row in newest]
        found.sort(key=lambda row: row["message_id"])
        found.sort(key=lambda row: row["received_at"], reverse=True)
        found = found[first : first + PAGE + 1]
        shown = {row["message_id"]: row for row in found[:PAGE]}
        faults: dict[str, list[Row]] = {}
        told = sa.select(t.reject).where(j.message_id.in_(shown)).order_by(j.message_id, j.reject_id)
        hidden = {} if actor.may("see_raw") else {"excerpt": "", "detail": ""}
        for fault in conn.execute(told).mappings():
            own = faults.setdefault(fault["message_id"], [])
            if len(own) < FAULTS and fault["reading_id"] in ("", shown[fault["message_id"]]["reading_id"]):
                own.append({**fault, **hidden})
    return Problems(
        messages=tuple(shown.values()),
        faults={message: tuple(sorted(each, key=_by_place)) for message, each in faults.items()},
        more=len(found) > PAGE,
        by_reason={name: n for name, n in by_reason.most_common() if n},
        by_feed={name: n for name, n in by_feed.most_common() if n},
    )


def _by_place(fault: Row) -> tuple[int, str]:
    digits = "".join(char if char.isdigit() else " " for char in fault["position"]).split()
    return int(digits[-1]) if digits else 0, fault["position"]


def unclassified(store: Store, actor: Actor, world: World, *, place: str = "", feed: str = "", most: int = 60) -> tuple[Row, ...]:
    """The newest reports that are kept and shown but count nowhere, since nobody knows what they say."""
    r = t.report.c
    columns = (r.equipment, r.report_id, r.message_id, r.position, r.feed, r.publisher, r.place, r.occurred_at, r.received_at, r.why)
    so = sa.text("status = 'unclassified'")  # word for word as in the index, which a bound value would not match
    question = sa.select(*columns).where(so, sa.not_(r.outread), where_place(actor, r.place))
    found: list[Row] = []
    with store.read() as conn:
        for name in _wanted(actor, world, place, feed):  # each from its newest on: no further than is shown
            newest = question.where(r.feed == name).order_by(r.received_at.desc(), r.report_id).limit(most)
            found += [dict(row) for row in conn.execute(newest).mappings()]
    return tuple(sorted(found, key=lambda row: row["received_at"], reverse=True)[:most])
