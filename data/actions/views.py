"""Looks at the queue that a person keeps under a name: saved, renamed, taken away. Each is his or her own; its address can be shared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import audit
from data.actions import NotPermitted, NotPossible, in_words
from data.people import Actor
from data.store.engine import Store
from data.store.tables import saved_view

MOST = 30  # of one person: more are not found again
LONGEST_NAME = 80
LONGEST_ADDRESS = 2000
_v = saved_view.c


def save(store: Store, actor: Actor, now: datetime, *, name: str, address: str) -> str:
    """Keep an address ("?list=mine&..." or "") under a name; one that has the name already is replaced. Gives the name as it is kept.

    Errors (of every act here): NotPermitted; NotPossible no_text, view_long, view_address, view_many, view_gone, view_there.
    """
    said = named(name)
    if len(address) > LONGEST_ADDRESS or (address and not address.startswith("?")) or not address.isprintable():
        raise NotPossible("view_address")
    with _may(store, actor, now).act() as conn:
        before = _one(conn, actor, said)
        if before is None and (conn.execute(sa.select(sa.func.count()).where(_v.person == actor.name)).scalar() or 0) >= MOST:
            raise NotPossible("view_many", most=MOST)
        if before is None:
            conn.execute(saved_view.insert(), {"person": actor.name, "name": said, "address": address, "at": now})
        else:
            conn.execute(saved_view.update().where(*_own(actor, said)).values(address=address, at=now))
        _tell(conn, now, actor, "view_saved", said, {"address": before} if before is not None else None, {"address": address})
    return said


def rename(store: Store, actor: Actor, now: datetime, *, name: str, to: str) -> str:
    """Give a view another name. One that is taken is not taken over."""
    said = named(to)
    with _may(store, actor, now).act() as conn:
        if _one(conn, actor, name) is None:
            raise NotPossible("view_gone", name=name)
        if said != name:
            if _one(conn, actor, said) is not None:
                raise NotPossible("view_there", name=said)
            conn.execute(saved_view.update().where(*_own(actor, name)).values(name=said))
            _tell(conn, now, actor, "view_renamed", name, {"name": name}, {"name": said})
    return said


def delete(store: Store, actor: Actor, now: datetime, *, name: str) -> None:
    """Take a view away. One that is gone already is gone."""
    with _may(store, actor, now).act() as conn:
        before = _one(conn, actor, name)
        if before is not None:
            conn.execute(saved_view.delete().where(*_own(actor, name)))
            _tell(conn, now, actor, "view_deleted", name, {"address": before}, None)


def named(text: str) -> str:
    """A name on one line. Errors: NotPossible."""
    said = " ".join(in_words(text).split())
    if len(said) > LONGEST_NAME:
        raise NotPossible("view_long", most=LONGEST_NAME)
    return said


def _may(store: Store, actor: Actor, now: datetime) -> Store:
    if not actor.may("save_view"):
        with store.act() as conn:
            audit.append(conn, at=now, actor=actor, action="denied", object="view", reason="save_view")
        raise NotPermitted(f"{actor.role} {actor.name} may not save views")
    return store


def _own(actor: Actor, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (_v.person == actor.name, _v.name == name)


def _one(conn: Connection, actor: Actor, name: str) -> str | None:
    """The address kept under a name."""
    found: str | None = conn.execute(sa.select(_v.address).where(*_own(actor, name)).with_for_update()).scalar()
    return found


def _tell(conn: Connection, now: datetime, actor: Actor, action: str, name: str, before: Any, after: Any) -> None:
    audit.append(conn, at=now, actor=actor, action=action, object=f"view:{name}", before=before, after=after)
