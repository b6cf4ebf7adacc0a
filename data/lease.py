"""One worker at a time: a lease with a fence.

The worker that holds the lease renews it every 5 s; if it does not for 20 s, another takes it and the fence goes up by one. Every
transaction of the worker asks whether its own fence is still the newest, at its beginning and again right before the commit
(`Store.guards`), so a worker that was stopped and wakes up later cannot write. Lease times are real time, also in the demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.store.engine import Store, insert_new
from data.store.tables import lease, not_looking

HEARTBEAT = timedelta(seconds=5)
LASTS = timedelta(seconds=20)
GAP = timedelta(minutes=2)
WORKER = "worker"


class LostLease(RuntimeError):
    """Another worker holds the lease now: stop, write nothing, stand by."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that was taken, with its fence. `last_beat`: when the lease was last renewed before that, if ever."""

    name: str
    holder: str
    fence: int
    last_beat: datetime | None = None

    def guard(self, conn: Connection, committing: bool) -> None:
        """For `Store.guards`. Errors: LostLease if a newer fence is in the database.

        `committing`: the row is locked until the commit, so that nobody takes the lease in between; not before, since our own
        heartbeat renews it meanwhile.
        """
        query = sa.select(lease.c.fence).where(lease.c.name == self.name)
        newest = conn.execute(query.with_for_update(read=True) if committing else query).scalar()
        if newest != self.fence:
            raise LostLease(f"{self.holder} holds fence {self.fence}; the newest is {newest}")


def acquire(store: Store, holder: str, real: datetime, name: str = WORKER) -> Held | None:
    """Take the lease if it is free or has run out; None while someone else holds it."""
    with store.act() as conn:
        first = {"name": name, "holder": holder, "fence": 1, "expires_at": real + LASTS, "renewed_at": real}
        if insert_new(conn, lease, [first]):
            return Held(name, holder, 1)
        before = conn.execute(sa.select(lease).where(lease.c.name == name).with_for_update()).one()
        if before.expires_at > real:
            return None
        conn.execute(
            lease.update()
            .where(lease.c.name == name)
            .values(holder=holder, fence=before.fence + 1, expires_at=real + LASTS, renewed_at=real)
        )
        return Held(name, holder, before.fence + 1, before.renewed_at)


def renew(store: Store, held: Held, real: datetime) -> datetime:
    """Hold on to it; gives the time of the beat before. Errors: LostLease if someone else has taken it."""
    with store.act() as conn:
        mine = sa.and_(lease.c.name == held.name, lease.c.fence == held.fence)
        before: datetime | None = conn.execute(sa.select(lease.c.renewed_at).where(mine).with_for_update()).scalar()
        if before is None:
            raise LostLease(f"{held.holder} holds fence {held.fence}; it is not the newest any more")
        conn.execute(lease.update().where(mine).values(expires_at=real + LASTS, renewed_at=real))
        return before


def release(store: Store, held: Held, real: datetime) -> None:
    """Give it back, so that the next worker need not wait. `renewed_at` stays: it says until when somebody looked."""
    with store.act() as conn:
        conn.execute(lease.update().where(lease.c.name == held.name, lease.c.fence == held.fence).values(expires_at=real))


def standing(store: Store, name: str = WORKER) -> dict[str, object] | None:
    """The lease as it stands: holder, fence, expires_at, renewed_at (real time); None if there never was a worker."""
    with store.read() as conn:
        row = conn.execute(sa.select(lease).where(lease.c.name == name)).mappings().one_or_none()
        return dict(row) if row else None


def note_gap(store: Store, began: datetime, ended: datetime, reason: str) -> None:
    """Record that nobody looked between two moments (time of the house). Told twice it is one row."""
    with store.act() as conn:
        insert_new(conn, not_looking, [{"from_at": began, "to_at": ended, "reason": reason}])
