"""Who is on duty where: signed on at a place, not signed off, and the shift not over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.store.tables import account
from data.store.tables import duty as t


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person on duty at a place, in the role that the account has now."""

    place: str
    name: str
    role: str
    since: datetime
    until: datetime


def on_duty(conn: Connection, at: datetime, places: Iterable[str] | None = None) -> list[OnDuty]:
    """Everybody on duty at a moment, by place and name; a disabled account is not. `places` None: everywhere."""
    question = sa.select(t.c.place, t.c.name, account.c.role, t.c.from_at, t.c.until_at).join(account, account.c.name == t.c.name)
    stays = sa.or_(t.c.to_at.is_(None), t.c.to_at > at)
    question = question.where(t.c.until_at > at, t.c.from_at <= at, stays, account.c.disabled.is_(False))
    if places is not None:
        question = question.where(t.c.place.in_(list(places)))
    return [OnDuty(*row) for row in conn.execute(question.order_by(t.c.place, t.c.name, t.c.from_at))]


def kept(conn: Connection, place: str, since: datetime, until: datetime, roles: Iterable[str]) -> list[tuple[str, datetime, datetime]]:
    """(name, from, until) of everybody of these roles who was on duty at a place at some time of [since, until); cut to nothing."""
    over = sa.case((sa.and_(t.c.to_at.is_not(None), t.c.to_at < t.c.until_at), t.c.to_at), else_=t.c.until_at).label("over")
    question = sa.select(t.c.name, t.c.from_at, over).join(account, account.c.name == t.c.name)
    question = question.where(t.c.place == place, t.c.from_at < until, over > since, account.c.role.in_(sorted(roles)))
    return [(row[0], row[1], row[2]) for row in conn.execute(question.order_by(t.c.from_at, t.c.name))]


def by_role(people: Iterable[OnDuty], place: str) -> dict[str, list[str]]:
    """role -> names, at one place: what zones.response calls Duty."""
    found: dict[str, list[str]] = {}
    for one in people:
        if one.place == place and one.name not in found.setdefault(one.role, []):
            found[one.role].append(one.name)
    return found
