"""Do the publishers agree: of how many movements one tells, of how many several that agree, or that differ. From table `agreement` only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import allowed
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

WEEK, MONTH = 7, 28
TOLD = ("one", "agree", "differ", "hand")
LISTED = "present"  # a line of the list that opened the books: nothing moved


@dataclass(frozen=True, slots=True)
class Agreement:
    """Movements of an event: told by one publisher alone, by several that agree, by several that differ (in time, seal, weight, ...)."""

    event: str
    one: int
    agree: int
    differ: int
    hand: int = 0  # recorded by hand, and told by no source so far

    @property
    def n(self) -> int:
        return self.one + self.agree + self.differ + self.hand

    @property
    def confirmed(self) -> float | None:
        """The share told by two publishers or more; None where nothing moved."""
        return (self.agree + self.differ) / self.n if self.n else None


def agreement(
    store: Store, actor: Actor, world: World, now: datetime, *, places: Iterable[str] = (), days: int = MONTH
) -> tuple[Agreement, ...]:
    """By event, most movements first, of places within reach, over so many whole days of each place and today."""
    with store.read() as conn:
        found: dict[str, dict[str, int]] = {}
        for place in allowed(actor, world, places):
            for event, told, n in _place(conn, world, place, now, days):
                own = found.setdefault(event, {})
                own[told] = own.get(told, 0) + n
    rows = [Agreement(event, *(own.get(told, 0) for told in TOLD)) for event, own in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.n, row.event)))


def whole(rows: Iterable[Agreement]) -> Agreement:
    """All events together."""
    rows = list(rows)
    return Agreement("", *(sum(getattr(row, told) for row in rows) for told in TOLD))


def _place(conn: Connection, world: World, place: str, now: datetime, days: int) -> Iterable[tuple[str, str, int]]:
    a, today = t.agreement.c, world.place(place).day_of(now)
    asked = sa.select(a.event, a.told, sa.func.sum(a.movements)).where(
        a.place == place, a.event != LISTED, a.day > today - timedelta(days=days), a.day <= today
    )
    return [(event, told, int(n)) for event, told, n in conn.execute(asked.group_by(a.event, a.told))]
