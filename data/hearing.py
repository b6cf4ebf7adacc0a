"""When a feed was heard, and how long it paused: one row an instant of receipt, with the time to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import Row
from data.store import tables as t
from data.store.bulk import upsert
from data.touched import touch


def heard(conn: Connection, feed: str, receipts: Sequence[Row]) -> None:
    """Bring the pauses of a feed up to date with new receipts, in any order."""
    if not receipts:
        return
    row = t.hearing.c
    new: dict[datetime, str] = {}
    for receipt in receipts:
        at = receipt["received_at"]
        new[at] = min(receipt["receipt_id"], new.get(at, receipt["receipt_id"]))
    own = row.feed == feed
    before = conn.execute(sa.select(sa.func.max(row.heard_at)).where(own, row.heard_at < min(new))).scalar()
    after = conn.execute(sa.select(sa.func.min(row.heard_at)).where(own, row.heard_at > max(new))).scalar()
    span = sa.and_(own, row.heard_at >= (before or min(new)), row.heard_at <= max(new))
    known = {r.heard_at: r.receipt_id for r in conn.execute(sa.select(row.heard_at, row.receipt_id).where(span))}
    merged = {at: min(filter(None, (known.get(at), new.get(at)))) for at in (*known, *new)}
    instants = sorted(merged)
    rows = []
    for n, at in enumerate(instants):
        following = instants[n + 1] if n + 1 < len(instants) else after
        pause = int((following - at) / timedelta(seconds=1)) if following else None
        rows.append({"feed": feed, "heard_at": at, "receipt_id": merged[at], "next_at": following, "pause_s": pause})
    upsert(conn, t.hearing, rows, ("feed", "heard_at"), set=("receipt_id", "next_at", "pause_s"))
    touch(conn, {f"feed:{feed}": ""})
