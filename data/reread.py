"""Read kept messages again with today's reader and today's options. A later reading supersedes the earlier one's reports, never edits them;
what it reads as before stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.again import hanging_on
from data.derive import derive
from data.feeds import Envelope, formats
from data.keep import NO_MOVEMENT, Keeper, News, Row, items
from data.known import READ_AGAIN
from data.lines import NOT_POSTED
from data.raw import Raw, Window
from data.settings import Settings
from data.settle import REUSED, Arrival, options_hash
from data.store import tables as t
from data.store.bulk import insert_rows, update_rows
from data.store.engine import Store
from data.versions import FACT_KEY, SIGNAL_KEY
from zones.movement import content_id
from zones.world import World

# What a reading says, as against what is decided about it afterwards.
IDS = ("report_id", "fact_id", "signal_id", "entry_id", "act_id", "list_id", "reject_id", "reading_id")
FOUND = ("standing", "effective_at", "known_at", "changes_from")  # of a line of a ledger, besides what NOT_POSTED names
OURS = frozenset((*IDS, *NO_MOVEMENT, *NOT_POSTED, *FOUND, "read_at", "status", "outread", "outread_at", "received_at"))


def reread(
    store: Store,
    world: World,
    settings: Settings,
    now: datetime,
    *,
    message: str | None = None,
    reason: str | None = None,
    feed: str | None = None,
) -> dict[str, Any]:
    """Read one message again, all of a reason, or all of a feed. Gives how many were read and how many came out differently."""
    said = {"messages": 0, "changed": 0, "reports": 0, "superseded": 0}
    m = t.message
    question = sa.select(m).where(m.c.state != "pending", m.c.reason != REUSED)
    if message:
        question = question.where(m.c.message_id == message)
    if reason:
        question = question.where(m.c.message_id.in_(sa.select(t.reject.c.message_id).where(t.reject.c.reason == reason)))
    if feed:
        question = question.where(m.c.feed == feed)
    with store.read(patient=True) as conn:
        rows = [dict(row) for row in conn.execute(question.order_by(m.c.received_at, m.c.message_id)).mappings()]
    while rows:
        row = rows.pop(0)
        told = _again(store, world, settings, now, row)
        if told is None:  # it is not any more as it was: look at it once more, if it is still one to be read
            with store.read() as conn:
                rows[:0] = [dict(found) for found in conn.execute(question.where(m.c.message_id == row["message_id"])).mappings()]
            continue
        new, old = told
        said["messages"] += 1
        said["changed"] += bool(new or old)
        said["reports"] += new
        said["superseded"] += old
    return said


def _again(store: Store, world: World, settings: Settings, now: datetime, row: Row) -> tuple[int, int] | None:
    """(new records, superseded records) of one message; None, and nothing written, where it changed while it was read."""
    feed = world.feed(row["feed"])
    reader = formats()[feed.format]
    options = options_hash(feed)
    reading_id = content_id(row["message_id"], reader.__name__, str(reader.VERSION), options, now.isoformat())
    arrival = Arrival(
        {**row, "reading_id": reading_id, "reason": "", "records": 0, "reports": 0, "facts": 0, "signals": 0, "entries": 0, "rejected": 0},
        reader,
        False,
        0,
        now,
    )
    keeper = Keeper(world, feed, row["message_id"], reading_id, row["received_at"], now, again=True)
    news = News()
    with Raw(settings.home).open(row["file_sha256"]) as file:
        window = Window(file, row["start"], row["start"] + row["bytes"])
        for item in items(reader, window, world.place(feed.place), {**feed.options, "_name": row["name"]}):
            if isinstance(item, Envelope):
                arrival.enveloped(item)
            arrival.count(keeper.put(item, news), item)
    arrival.finish()
    with store.write() as conn:
        if not _unchanged(conn, row):  # another message was decided to stand instead, it was received earlier, or read by somebody else
            return None
        fresh_reports, gone_reports = _differ(conn, t.report, news.reports, row["message_id"])
        fresh_facts, gone_facts = _differ(conn, t.fact, news.facts, row["message_id"])
        fresh_signals, gone_signals = _differ(conn, t.signal, news.signals, row["message_id"])
        fresh_entries, gone_entries = _differ(conn, t.entry, news.entries, row["message_id"])
        other = (t.document_act, news.acts), (t.yard_list, news.lists), (t.reject, news.rejects)
        fresh = fresh_reports, fresh_facts, fresh_signals, fresh_entries
        gone = gone_reports, gone_facts, gone_signals, gone_entries
        if not any((*fresh, *gone)) and not any(_changed(conn, table, rows, row["message_id"]) for table, rows in other):
            return 0, 0
        hanging_on(conn, row["message_id"], news)
        for table in (t.document_act, t.yard_list, t.reject, t.leftover, t.heading):
            conn.execute(table.delete().where(table.c.message_id == row["message_id"]))
        outread = {"outread": True, "outread_at": now}
        of_reports, of_entries = (t.report, gone_reports, ("equipment", "report_id")), (t.entry, gone_entries, ("entry_id",))
        keyed = of_reports, (t.fact, gone_facts, FACT_KEY), (t.signal, gone_signals, SIGNAL_KEY), of_entries
        for table, old, key in keyed:
            update_rows(conn, table, [{name: r[name] for name in key} | outread for r in old], key)
        conn.execute(t.reading.update().where(t.reading.c.message_id == row["message_id"]).values(current=False))
        reading = {
            "reading_id": reading_id,
            "message_id": row["message_id"],
            "reader": feed.format,
            "version": reader.VERSION,
            "options_sha256": options,
            "read_at": now,
            "current": True,
            "why": READ_AGAIN,
        }
        insert_rows(conn, t.reading, [reading])
        counted = ("records", "reports", "facts", "signals", "entries", "rejected")
        values = {name: arrival.row[name] for name in ("state", "reason", "reading_id", *counted)}
        conn.execute(t.message.update().where(t.message.c.message_id == row["message_id"]).values(values))
        news.reports, news.facts, news.signals = list(fresh_reports), list(fresh_facts), list(fresh_signals)
        news.entries = list(fresh_entries)
        news.refold |= {r["equipment"] for r in (*fresh_reports, *fresh_facts, *fresh_signals)} - {""}
        derive(conn, world, news)
    return sum(map(len, fresh)), sum(map(len, gone))


def _unchanged(conn: Connection, row: Row) -> bool:
    """Whether the message still stands as it did before it was read."""
    m = t.message.c
    found = conn.execute(sa.select(m.reading_id, m.outdone_by, m.received_at).where(m.message_id == row["message_id"])).one()
    return tuple(found) == (row["reading_id"], row["outdone_by"], row["received_at"])


def _differ(conn: Connection, table: sa.Table, rows: Sequence[Row], message_id: str) -> tuple[list[Row], list[Row]]:
    """(rows that this reading says anew, rows of the one before that it does not say)."""
    old = {
        r["position"]: dict(r) for r in conn.execute(sa.select(table).where(table.c.message_id == message_id, ~table.c.outread)).mappings()
    }
    new = {r["position"]: r for r in rows}
    fresh = [r for position, r in new.items() if position not in old or _said(old[position]) != _said(r)]
    gone = [r for position, r in old.items() if position not in new or _said(new[position]) != _said(r)]
    return fresh, gone


def _changed(conn: Connection, table: sa.Table, rows: Sequence[Row], message_id: str) -> bool:
    """Whether this reading's documents, lists or rejects are others than those of the one before."""
    old = [_said(dict(r)) for r in conn.execute(sa.select(table).where(table.c.message_id == message_id)).mappings()]
    new = [_said(r) for r in rows]
    return len(old) != len(new) or any(said not in old for said in new)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    ours = OURS - {"status"} if "entry_id" in row else OURS  # of a line of a ledger the status is the goods'
    return {name: value for name, value in row.items() if name not in ours}
