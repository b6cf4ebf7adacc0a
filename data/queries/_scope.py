"""Whose eyes: the places a person may look at, as a condition on any question. Deny by default: no place, no row.

Every question joins `where_place` (or, for several places already known, `allowed`) whatever the page or the browser sent along:
ids that come back from a browser are never believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from data.people import Actor
from zones.world import World

Condition = sa.ColumnElement[bool]


def allowed(actor: Actor, world: World, asked: Iterable[str] = ()) -> tuple[str, ...]:
    """The ids of the places that this person may look at, in the order of the world; of those `asked` for, if any are."""
    wanted = set(asked)
    return tuple(place for place in world.places if actor.sees(place) and (not wanted or place in wanted))


def feeds(actor: Actor, world: World) -> tuple[str, ...]:
    """The ids of the feeds of those places, and of what is recorded by hand there."""
    return tuple(feed.id for feed in (*world.feeds, *world.hands) if actor.sees(feed.place))


def where_place(actor: Actor, column: sa.ColumnElement[str] | sa.Column[str], asked: Iterable[str] | None = None) -> Condition:
    """The condition that a row's place is one this person may look at; of those `asked` for, unless that is None."""
    if asked is not None:
        return column.in_(sorted(place for place in set(asked) if actor.sees(place)))
    return sa.true() if actor.places is None else column.in_(sorted(actor.places))


scope = where_place


def equals(table: sa.Table, **filters: Any) -> list[Condition]:
    """Conditions for the filters that are set: column equals value; "" and None are no filter."""
    return [table.c[name] == value for name, value in filters.items() if value not in (None, "")]
