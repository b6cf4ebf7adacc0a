"""The way of the box of an alert as its devices told it, and as it was declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import where_place
from data.queries.alert_near import Row
from data.store import tables as t
from zones.way import Fix, Way
from zones.world import World

MOST = 500  # positions: beyond, those that came first are drawn
LONGEST = timedelta(days=3)  # after its beginning, of one that has not ended


@dataclass(frozen=True, slots=True)
class Told:
    """One position that a device told: degrees in millionths. `meant`: it is evidence."""

    at: datetime
    fix: Fix
    meant: bool


@dataclass(frozen=True, slots=True)
class Road:
    """The positions told since the exit, in order, and what is declared of the way `to` there."""

    to: str
    told: tuple[Told, ...]
    way: Way


def road(conn: Connection, actor: Actor, world: World, alert: Row) -> Road | None:
    """The way that an alert is about, from the exit until the alert ended; None where it is about none, or no position was told."""
    said = alert["because_values"]
    left, to = said.get("at", {}).get("v"), said.get("other_place", {}).get("v")
    if not alert["subject"].startswith("leg:") or not left or alert["place"] not in world.places:
        return None
    s = t.signal.c
    since, until = datetime.fromisoformat(left), alert["ended_at"] or alert["began_at"] + LONGEST
    counts = sa.and_(s.status == "live", sa.not_(s.outread), s.lat.is_not(None), s.lon.is_not(None))
    own = sa.select(s.occurred_at, s.lat, s.lon, s.signal_id).where(s.equipment == alert["equipment"], counts, where_place(actor, s.place))
    rows = conn.execute(own.where(s.occurred_at >= since, s.occurred_at <= until).order_by(s.occurred_at, s.signal_id).limit(MOST)).all()
    if not rows:
        return None
    meant = set(alert["evidence"])
    told = tuple(Told(row.occurred_at, (row.lat, row.lon), row.signal_id in meant) for row in rows)
    return Road(to, told, world.law(alert["place"]).ways.get(to, Way()))
