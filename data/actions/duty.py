"""Signing on and off duty at a place: who is on duty is called when nobody has answered an alert in time (zones/response.py)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from data import audit
from data.actions._act import NotPermitted, NotPossible
from data.duty import on_duty
from data.people import Actor
from data.store import tables as t
from data.store.bulk import upsert
from data.store.engine import Store
from zones.work import SHIFT
from zones.world import World


def sign_on(store: Store, world: World, actor: Actor, place: str, now: datetime) -> datetime:
    """On duty from now until the shift that is on ends (where none is declared: for 12 hours); gives when that is.

    Whoever is on duty already stays so. Errors: NotPermitted.
    """
    _may(store, world, actor, place, now)
    until = world.places[place].shift_ends(now) or now + SHIFT
    with store.act() as conn:
        mine = [one for one in on_duty(conn, now, [place]) if one.name == actor.name]
        if mine:
            return max(one.until for one in mine)
        row = {"place": place, "name": actor.name, "from_at": now, "until_at": until, "to_at": None}
        upsert(conn, t.duty, [row], ("place", "name", "from_at"), set=("until_at", "to_at"))  # off and on again within one moment
        audit.append(conn, at=now, actor=actor, action="sign_on", object=f"place:{place}", after={"until": until})
    return until


def sign_off(store: Store, world: World, actor: Actor, place: str, now: datetime) -> None:
    """Off duty from now on. Errors: NotPermitted; NotPossible "not_on_duty"."""
    _may(store, world, actor, place, now)
    d = t.duty.c
    with store.act() as conn:
        mine = sa.and_(d.place == place, d.name == actor.name, d.until_at > now, d.to_at.is_(None))
        if not conn.execute(t.duty.update().where(mine).values(to_at=now)).rowcount:
            raise NotPossible("not_on_duty")
        audit.append(conn, at=now, actor=actor, action="sign_off", object=f"place:{place}")


def _may(store: Store, world: World, actor: Actor, place: str, now: datetime) -> None:
    if place in world.places and actor.may("duty") and actor.sees(place):
        return
    with store.act() as conn:
        audit.append(conn, at=now, actor=actor, action="denied", object=f"place:{place[:64]}", reason="duty")
    raise NotPermitted(f"{actor.role} {actor.name} may not be on duty at {place[:64]}")
