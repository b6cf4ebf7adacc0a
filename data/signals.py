"""Signals as the database keeps them, to the values of the pure floor: of many boxes in one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.known import as_known, known
from data.store import tables as t
from data.store.bulk import among, in_chunks
from data.told import signal_of
from data.versions import as_counted
from zones.signal import Signal, in_order
from zones.world import World


def signals_of(
    conn: Connection, boxes: Iterable[str], known_at: datetime | None = None, world: World | None = None
) -> dict[str, tuple[Signal, ...]]:
    """box -> the signals of its devices that count, in order; boxes without any are not in it. With `known_at` as they were known then.

    Where nothing was ever told of any device, nothing more is asked.
    """
    if not conn.execute(sa.select(sa.exists(sa.select(t.signal.c.equipment)))).scalar():
        return {}
    s = t.signal.c
    found: dict[str, list[Signal]] = defaultdict(list)
    for chunk in in_chunks(sorted(set(boxes)), 500):
        question = sa.select(t.signal).where(s.equipment.in_(chunk), *known(t.signal, known_at))
        if known_at is None:
            question = question.where(s.status == "live", sa.not_(s.outread))
        rows = [as_known(row, known_at) for row in conn.execute(question).mappings()]
        if known_at is not None and world is not None:
            rows = as_counted(conn, world, rows, known_at)
        for row in rows:
            if row["status"] == "live" and not row["outread"]:
                found[row["equipment"]].append(signal_of(row))
    return {box: in_order(told) for box, told in found.items()}


def watched(conn: Connection, boxes: Iterable[str]) -> set[str]:
    """Of these boxes those of which any device ever told: when such a box leaves, what was said of it may be over."""
    s = t.signal.c
    told = sa.select(s.equipment).where(among(conn, s.equipment, set(boxes))).distinct()
    return set(conn.execute(told).scalars())
