"""What is new, and does anybody look: asked every few seconds by every open page, so nothing here grows with history."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import clock
from data.attend import overdue
from data.people import Actor
from data.queries._scope import where_place
from data.queries.alerts import is_open
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

LATEST = 10
BEATS = timedelta(minutes=1)  # real time: a worker that did not renew its lease (every 5 s) for so long has stopped
JUDGED = timedelta(minutes=15)  # time of the house: where judging itself is so far behind, nobody looks either


@dataclass(frozen=True, slots=True)
class Looking:
    """Whether somebody looks. `since`: up to when somebody did, where nobody does now; `never`: nobody ever did."""

    since: datetime | None = None
    never: bool = False

    @property
    def now(self) -> bool:
        return self.since is None and not self.never


@dataclass(frozen=True, slots=True)
class Live:
    """`token`: another text whenever receipts, alerts or work on them changed within reach, or half of the time to answer one, or all of
    it, was used up; `act_now`: open Act-now alerts.

    `latest`: (alert_id, rule, place, equipment) of those of them that changed last, at most LATEST: what became Act now is among them.
    """

    token: str
    act_now: int
    not_looking_since: datetime | None
    never_looked: bool
    latest: tuple[tuple[str, str, str, str], ...] = ()


def look(store: Store, actor: Actor, now: datetime, world: World | None = None) -> Live:
    """Where things stand for this reader. `world`: by which places' times to answer; without, these are not looked at."""
    with store.read() as conn:
        looks = looking(conn, now)
        alerts = conn.execute(_open(actor, now)).one()
        latest = _latest(conn, actor, now) if alerts.act_now else ()
        parts = [_heard(conn), _inside(conn, actor), tuple(alerts), _audit(conn), _gone(conn), looks, _late(conn, actor, now, world)]
    token = hashlib.blake2s(repr(parts).encode(), digest_size=8).hexdigest()
    return Live(token, int(alerts.act_now or 0), looks.since, looks.never, latest)


def looking(conn: Connection, now: datetime) -> Looking:
    """Whether a worker is at it, or somebody judges from the shell. Leases are real time, all else is the time of the house."""
    judged = conn.execute(sa.select(t.judged.c.up_to)).scalar()
    beat = conn.execute(sa.select(t.lease.c.renewed_at).where(t.lease.c.name == "worker")).scalar()
    if judged is None:
        return Looking(never=beat is None)  # a worker that has just begun will have judged in a moment
    stopped = beat is not None and clock.real_now() - beat > BEATS
    return Looking(since=judged) if stopped or now - judged > JUDGED else Looking()


def _open(actor: Actor, now: datetime) -> sa.Select[*tuple[Any, ...]]:
    a, w = t.alert.c, t.alert_work.c
    act_now = sa.func.sum(sa.case((a.severity == "act_now", 1), else_=0)).label("act_now")
    counted = (sa.func.count(), act_now, sa.func.max(a.changed_at), sa.func.sum(w.version))
    return sa.select(*counted).join(t.alert_work, w.alert_id == a.alert_id).where(where_place(actor, a.place), *is_open(now))


def _late(conn: Connection, actor: Actor, now: datetime, world: World | None) -> tuple[Any, ...]:
    """Of how many open alerts half of the time to answer is used up, and of how many all: that happens without anybody doing anything."""
    if world is None or not any(place.response for place in world.places.values()):
        return ()
    a, w = t.alert.c, t.alert_work.c
    counted = (sa.func.sum(sa.case((overdue(world, now, part), 1), else_=0)) for part in (2, 1))
    asked = sa.select(*counted).join_from(t.alert, t.alert_work, w.alert_id == a.alert_id)
    return tuple(conn.execute(asked.where(where_place(actor, a.place), *is_open(now))).one())


def _latest(conn: Connection, actor: Actor, now: datetime) -> tuple[tuple[str, str, str, str], ...]:
    a, w = t.alert.c, t.alert_work.c
    said = sa.select(a.alert_id, a.rule, a.place, a.equipment).join(t.alert_work, w.alert_id == a.alert_id)
    said = said.where(a.severity == "act_now", where_place(actor, a.place), *is_open(now))
    newest = said.order_by(a.changed_at.desc(), a.alert_id).limit(LATEST)
    return tuple((row.alert_id, row.rule, row.place, row.equipment) for row in conn.execute(newest))


def _heard(conn: Connection) -> list[tuple[object, ...]]:
    """The end of each feed's own stretch of the key, walked from feed to feed: whatever is declared, and whatever the length of history."""
    h = t.hearing.c
    walk = sa.select(sa.func.min(h.feed).label("feed")).cte("walk", recursive=True)
    further = sa.select(sa.func.min(h.feed)).where(h.feed > walk.c.feed).scalar_subquery()
    walk = walk.union_all(sa.select(further).where(walk.c.feed.is_not(None)))
    last = sa.select(sa.func.max(h.heard_at)).where(h.feed == walk.c.feed).scalar_subquery()
    return [tuple(row) for row in conn.execute(sa.select(walk.c.feed, last).where(walk.c.feed.is_not(None)))]


def _inside(conn: Connection, actor: Actor) -> tuple[object, ...]:
    i = t.inside.c
    sums = (sa.func.sum(i.boxes), sa.func.sum(i.teu), sa.func.sum(i.held))
    return tuple(conn.execute(sa.select(*sums).where(where_place(actor, i.place))).one())


def _gone(conn: Connection) -> object:
    """When an alert that nobody answered last went further."""
    return conn.execute(sa.select(sa.func.max(t.escalation.c.at))).scalar()


def _audit(conn: Connection) -> object:
    """What people did: the newest row of the audit."""
    return conn.execute(sa.select(sa.func.max(t.audit.c.seq))).scalar()
