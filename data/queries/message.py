"""One message as it came: its bytes, what was read of it, what could not be read and why. Needs the act `see_raw`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import feeds
from data.queries.workbook import LARGEST, Leaf, leaves
from data.raw import Raw
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

MOST = 200  # records of a message that are listed; its counts are of all
ARCHIVES = 20  # that a file was a member of
SHOWN = 64 * 1024  # bytes shown at once
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message: its row, its deliveries, records, `entries` (lines of ledgers) and rejects (the first of each), and a stretch of its
    bytes, from `offset` on.

    `missing`: the raw store has lost the file. `archives`: where it came as a member: the archive's name, its number and name in it.
    `sheets`: of a workbook its cells.
    """

    message: Row
    place: str
    receipts: tuple[Row, ...]
    reports: tuple[Row, ...]
    facts: tuple[Row, ...]
    signals: tuple[Row, ...]
    rejects: tuple[Row, ...]
    shown: bytes
    offset: int
    missing: bool
    as_of: datetime
    archives: tuple[Row, ...] = ()
    entries: tuple[Row, ...] = ()
    sheets: tuple[Leaf, ...] = ()


def archives(conn: Connection, file_sha256: str) -> tuple[Row, ...]:
    """The archives that a file was a member of: rows of table `member`, each archive once."""
    of = t.member.c
    found = conn.execute(sa.select(t.member).where(of.file_sha256 == file_sha256).order_by(of.archive_sha256, of.number).limit(ARCHIVES))
    return tuple({row["archive_sha256"]: dict(row) for row in reversed(found.mappings().all())}.values())


def seen(store: Store, actor: Actor, world: World, message_id: str, home: Path, offset: int = 0) -> MessageSeen | None:
    """A message of a feed within reach, and its bytes [offset, offset + 64 kB); None where there is none. Errors: Refused."""
    actor.must("see_raw")
    with store.read() as conn:
        of = t.message.c
        found = conn.execute(sa.select(t.message).where(of.message_id == message_id, of.feed.in_(feeds(actor, world)))).mappings().first()
        if found is None:
            return None
        row = dict(found)

        def some(table: sa.Table, *order: Any) -> tuple[Row, ...]:
            own = sa.select(table).where(table.c.message_id == message_id)
            if "outread" in table.c:  # what it was read as before, and is no more
                own = own.where(sa.not_(table.c.outread))
            return tuple(dict(one) for one in conn.execute(own.order_by(*order).limit(MOST)).mappings())

        receipt = t.receipt.c
        inside = archives(conn, row["file_sha256"])
        files = {row["file_sha256"], *(one["archive_sha256"] for one in inside)}
        told: list[Row] = []
        for file in sorted(files):  # one by one: of several at once a planner would go through the feed by time
            own = sa.select(t.receipt).where(receipt.feed == row["feed"], receipt.file_sha256 == file)
            told += [dict(one) for one in conn.execute(own.order_by(receipt.received_at).limit(MOST)).mappings()]
        receipts = tuple(sorted(told, key=lambda one: one["received_at"])[:MOST])
        names = {one["file_sha256"]: one["name"] for one in reversed(receipts)}
        inside = tuple({**one, "archive": names[one["archive_sha256"]]} for one in inside if one["archive_sha256"] in names)
        entries = some(t.entry, t.entry.c.position)
        signals = some(t.signal, t.signal.c.occurred_at, t.signal.c.signal_id)
        reports, facts, rejects = some(t.report, t.report.c.position), some(t.fact, t.fact.c.position), some(t.reject, t.reject.c.position)
    offset = min(max(offset, 0), max(row["bytes"] - 1, 0))
    try:
        with Raw(home).open(row["file_sha256"]) as file:
            file.seek(row["start"] + offset)
            shown, missing = file.read(min(SHOWN, row["bytes"] - offset)), False
            file.seek(row["start"])
            sheets = leaves(file.read(row["bytes"])) if not offset and shown[:2] == b"PK" and row["bytes"] <= LARGEST else ()
    except OSError:
        shown, missing, sheets = b"", True, ()
    place = world.feed(row["feed"]).place
    kept = (receipts, reports, facts, signals, rejects)
    return MessageSeen(row, place, *kept, shown, offset, missing, row["received_at"], inside, entries, sheets)
