"""Drop what is derived and fold it again. Journals are never touched; on unchanged input everything comes out as it was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from data import landings, ledger
from data.asof import numbers
from data.counts import Deltas
from data.derive import refold
from data.hearing import heard
from data.keep import NO_MOVEMENT
from data.lags import everything
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from data.touched import touch
from zones.world import World

GOODS = (t.pool, t.holding, t.posting, t.opening, t.opened)
DERIVED = (t.stay, t.tip, t.box_link, t.hourly, t.occupancy, t.area_hour, t.inside, t.dwell_bucket, t.agreement, t.lag, *GOODS)
BOXES = 2000


def rebuild(store: Store, world: World, place: str | None = None) -> dict[str, Any]:
    """Fold all boxes again (or those ever told of at one place), in one transaction: nobody sees half of it. Gives how many."""
    with store.write() as conn:
        names = numbers(conn, place)
        if not place:
            for table in DERIVED:
                conn.execute(table.delete())
            conn.execute(t.report.update().where(t.report.c.movement_id != "").values(NO_MOVEMENT))
            _hear(conn)
            lags = Deltas(world)
            everything(conn, lags)
            lags.write(conn)
        for chunk in in_chunks(names, BOXES):
            refold(conn, world, chunk)
            touch(conn, {f"box:{box}": "" for box in chunk})
        _goods(conn, world, [place] if place else None)
        touch(conn, dict.fromkeys(landings.units(conn, [place] if place else world.places), ""))
    return {"boxes": len(names)}


def _goods(conn: sa.Connection, world: World, places: list[str] | None) -> None:
    """Fold all goods again, and have them judged."""
    e = t.entry.c
    asked = sa.select(e.place, e.book, e.operator, e.pool).distinct()
    pools = [tuple(row) for row in conn.execute(asked if places is None else asked.where(e.place.in_(places)))]
    for chunk in in_chunks(pools, BOXES):
        ledger.refold(conn, world, chunk)
        touch(conn, ledger.units(conn, dict.fromkeys(chunk, "")))


def _hear(conn: sa.Connection) -> None:
    conn.execute(t.hearing.delete())
    feeds = list(conn.execute(sa.select(t.receipt.c.feed).distinct()).scalars())
    for feed in feeds:
        heard(conn, feed, [dict(row) for row in conn.execute(sa.select(t.receipt).where(t.receipt.c.feed == feed)).mappings()])
