"""Notifications: what a person asked to be told, every message with what became of it, how the outbox stands.

A person sees his own messages; who may `see_notices` sees those of the places within his reach too. Addresses are shown to nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.notify.channel import Channel
from data.notify.message import Asking, Told, Words
from data.people import Actor
from data.queries._scope import where_place
from data.store import tables as t
from data.store.engine import Store
from zones.episode import SEVERITIES

__all__ = ["PAGE", "STATES", "Asked", "Asking", "Channel", "Sent", "Standing", "Told", "Words", "mine", "sent", "standing"]

STATES = ("waiting", "sent", "dead", "dropped", "failed")
PAGE = 50
LATELY = timedelta(hours=24)
NAMED = 3  # alerts of a message that are named in a list
Row = Mapping[str, Any]
_d, _n, _a = t.delivery.c, t.notice.c, t.alert.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which messages are asked for; "" is everything."""

    state: str = ""
    channel: str = ""
    person: str = ""
    place: str = ""
    alert: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """A page of messages, newest first. `alerts[delivery_id]`: the first few rows of alert that it tells of, worst first, with `what`.

    `held`: what waits for a digest or the end of quiet hours: rows of person, channel, n, due_at. `counts`: of all he may see how many
    wait, were given up (dead), and were sent in 24 hours. `people`: who asked to be told, for the filter.
    """

    rows: tuple[Row, ...]
    more: bool
    alerts: Mapping[str, list[Row]]
    held: tuple[Row, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The outbox of the installation: notices and messages that wait, since when; messages that were given up."""

    waiting: int
    since: datetime | None
    dead: int


def mine(store: Store, actor: Actor) -> list[Row]:
    """What this person asked to be told: rows of notify_wish by channel and place."""
    w = t.notify_wish.c
    with store.read() as conn:
        return [
            dict(row)
            for row in conn.execute(sa.select(t.notify_wish).where(w.person == actor.name).order_by(w.channel, w.place)).mappings()
        ]


def sent(store: Store, actor: Actor, now: datetime, asked: Asked) -> Sent:
    """The messages that this person may see."""
    seen = _seen(actor, _d.person, _d.place)
    told = sa.select(_n.delivery_id).where(_n.alert_id == asked.alert)
    wanted = [
        column == value for column, value in ((_d.state, asked.state), (_d.channel, asked.channel), (_d.person, asked.person)) if value
    ]
    wanted += [where_place(actor, _d.place, [asked.place])] if asked.place else []
    wanted += [_d.delivery_id.in_(told)] if asked.alert else []
    with store.read() as conn:
        question = sa.select(t.delivery).where(seen, *wanted).order_by(_d.made_at.desc(), _d.delivery_id.desc())
        found = conn.execute(question.limit(PAGE + 1).offset((max(asked.page, 1) - 1) * PAGE)).mappings().all()
        rows = tuple(dict(row) for row in found[:PAGE])
        lately = sa.or_(_d.state.in_(("waiting", "dead")), sa.and_(_d.state == "sent", _d.made_at > now - LATELY))
        counts = conn.execute(sa.select(_d.state, sa.func.count()).where(seen, lately).group_by(_d.state))
        w = t.notify_wish.c
        others = sa.true() if actor.may("see_notices") else w.person == actor.name
        people = conn.execute(sa.select(w.person).where(others).distinct().order_by(w.person)).scalars()
        return Sent(
            rows=rows,
            more=len(found) > PAGE,
            alerts=_alerts(conn, actor, [row["delivery_id"] for row in rows]),
            held=_held(conn, actor, asked),
            counts={row[0]: row[1] for row in counts},
            people=tuple(people),
        )


def standing(conn: Connection) -> Standing:
    """How the outbox stands."""
    open_ = sa.and_(_n.delivery_id == "", _n.dropped == "")
    notices = conn.execute(sa.select(sa.func.count(), sa.func.min(_n.at)).where(open_)).one()
    waiting = sa.and_(_d.state == "waiting", _d.kind == "alerts")
    messages = conn.execute(sa.select(sa.func.count(), sa.func.min(_d.made_at)).where(waiting)).one()
    dead = conn.execute(sa.select(sa.func.count()).where(_d.state == "dead")).scalar() or 0
    since = min((at for at in (notices[1], messages[1]) if at is not None), default=None)
    return Standing(notices[0] + messages[0], since, dead)


def _seen(
    actor: Actor, person: sa.ColumnElement[str] | sa.Column[str], place: sa.ColumnElement[str] | sa.Column[str]
) -> sa.ColumnElement[bool]:
    own = person == actor.name
    return sa.or_(own, where_place(actor, place)) if actor.may("see_notices") else own


def _alerts(conn: Connection, actor: Actor, ids: list[str]) -> dict[str, list[Row]]:
    rank = sa.case({severity: n for n, severity in enumerate(SEVERITIES)}, value=_n.severity, else_=len(SEVERITIES))
    number = sa.func.row_number().over(partition_by=_n.delivery_id, order_by=(rank, _n.at.desc(), _n.notice_id)).label("number")
    picked = sa.select(_n.delivery_id, _n.alert_id, _n.what, number).where(_n.delivery_id.in_(ids), where_place(actor, _n.place)).subquery()
    question = sa.select(t.alert, picked.c.delivery_id, picked.c.what).join(picked, picked.c.alert_id == _a.alert_id)
    found: dict[str, list[Row]] = {}
    for row in conn.execute(question.where(picked.c.number <= NAMED).order_by(picked.c.delivery_id, picked.c.number)).mappings():
        found.setdefault(row["delivery_id"], []).append(dict(row))
    return found


def _held(conn: Connection, actor: Actor, asked: Asked) -> tuple[Row, ...]:
    wanted = [
        column == value for column, value in ((_n.channel, asked.channel), (_n.person, asked.person), (_n.alert_id, asked.alert)) if value
    ]
    question = sa.select(_n.person, _n.channel, sa.func.count().label("n"), sa.func.min(_n.due_at).label("due_at"))
    question = question.where(_n.delivery_id == "", _n.dropped == "", _seen(actor, _n.person, _n.place), *wanted)
    found = conn.execute(question.group_by(_n.person, _n.channel).order_by(_n.person, _n.channel)).mappings()
    return tuple(dict(row) for row in found)
