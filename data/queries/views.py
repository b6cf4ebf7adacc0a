"""The views of the queue that the reader has saved."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from data.people import Actor
from data.store.engine import Store
from data.store.tables import saved_view


@dataclass(frozen=True, slots=True)
class View:
    """A name and the address it stands for ("?list=mine", or "" for the queue as it is)."""

    name: str
    address: str


def saved(store: Store, actor: Actor) -> tuple[View, ...]:
    """The reader's own, by name."""
    question = sa.select(saved_view.c.name, saved_view.c.address).where(saved_view.c.person == actor.name).order_by(saved_view.c.name)
    with store.read() as conn:
        return tuple(View(row.name, row.address) for row in conn.execute(question))
