"""Alarm health: how many alerts come to how many people, how evenly, and which of them are a nuisance. Against zones.alarm_load's targets.

An alert counts at the moment from which it could be known (not when we happened to look), muted ones and history left out. Officers are who
was on duty at the place (data/duty.py) in a working role; where no duty was kept in all the period, the accounts with such a role there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.actions import people_for
from data.duty import kept
from data.people import WORKERS, Actor
from data.queries._scope import allowed
from data.store import tables as t
from data.store.engine import Store
from zones.alarm_load import STANDING, Load, chattering, load
from zones.shift import shift_on
from zones.world import World

MOST = 100_000
_a, _w, _l = t.alert.c, t.alert_work.c, t.alert_line.c


@dataclass(frozen=True, slots=True)
class Health:
    """One place. `standing`: so for longer than a day now and not shelved; `chattering`: alerts that came and went; `by_rule`: new ones."""

    place: str
    zone: str
    load: Load
    standing: int
    oldest: datetime | None
    chattering: int
    by_rule: Mapping[str, int]
    judged_at: datetime | None
    capped: bool


def health(store: Store, actor: Actor, world: World, now: datetime, *, place: str = "", since: datetime, until: datetime) -> list[Health]:
    """Each place within reach (or the one) over [since, until), which ends now at the latest."""
    until = min(until, now)
    with store.read() as conn:
        judged = conn.execute(sa.select(t.judged.c.up_to)).scalar()
        return [_health(conn, world, own, now, since, until, judged) for own in allowed(actor, world, (place,) if place else ())]


def _health(conn: Connection, world: World, place: str, now: datetime, since: datetime, until: datetime, judged: datetime | None) -> Health:
    own = (_a.place == place, sa.not_(_a.history), _a.muted_by == "")
    asked = sa.select(_a.known_at, _a.severity, _a.rule).where(*own, _a.known_at >= since, _a.known_at < until)
    rows = conn.execute(asked.order_by(_a.known_at).limit(MOST)).all()
    so = sa.and_(t.SO, _a.place.concat("") == place, sa.not_(_a.history), _a.muted_by == "")
    shelved = sa.and_(_w.shelved_until.is_not(None), _w.shelved_until > now)
    stood = sa.select(sa.func.count(), sa.func.min(_a.known_at)).join(t.alert_work, _w.alert_id == _a.alert_id)
    standing, oldest = conn.execute(stood.where(so, _a.known_at < now - STANDING, sa.not_(shelved), _w.work != "closed")).one()
    back = sa.select(_l.alert_id, _l.at).join(t.alert, _a.alert_id == _l.alert_id)
    back = back.where(t.RETURNED, _l.at >= since, _l.at < until, _a.place.concat("") == place)
    returned: dict[str, list[datetime]] = defaultdict(list)
    for row in conn.execute(back.limit(MOST)):
        returned[row.alert_id].append(row.at)
    there = world.place(place)
    duty = kept(conn, place, since, until, WORKERS)
    return Health(
        place=place,
        zone=world.place(place).timezone,
        load=load(
            [(row.known_at, row.severity) for row in rows],
            since,
            until,
            duty,
            len(people_for(conn, place)) if not duty else 0,
            lambda at: span.name if (span := shift_on(there, at)) else None,
        ),
        standing=standing,
        oldest=oldest,
        chattering=sum(chattering(moments) for moments in returned.values()),
        by_rule=Counter(row.rule for row in rows),
        judged_at=judged,
        capped=len(rows) == MOST,
    )
