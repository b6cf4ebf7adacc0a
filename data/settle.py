"""Messages on arrival: what is known of them, which use of a reference stands, and what a repeat changes.

Two things depend on other messages and must come out alike in any order: the time of receipt is the least of all receipts, and of two
different messages under one sender + recipient + reference the one with the least (received_at, hash) stands; the others are unreadable
with that reason until a person decides (data/references.py). From then on those stand that were chosen, whatever arrives later. One that
breaks off (its UNZ is missing) has not used its reference up: cut short on its way it is sent again, and then under the same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.again import hanging_on
from data.feeds import Envelope, Unreadable
from data.keep import Kept, News, Row, list_status
from data.standing import alone_of as alone_of_line
from data.store import tables as t
from data.store.bulk import in_chunks, insert_new, upsert
from data.versions import alone_of
from zones.movement import content_id
from zones.place import Feed
from zones.world import World

REUSED = "reference_reused"
BREAKS_OFF = "no_unz"
COUNTED = {"report": "reports", "fact": "facts", "signal": "signals", "entry": "entries"}  # -> the column of its message
NOTHING = {"records": 0, "reports": 0, "facts": 0, "rejected": 0, "duplicate": 0, "signals": 0, "entries": 0}
Reference = tuple[str, str, str]  # sender, recipient, control reference
Repeats = dict[str, tuple[datetime, str]]  # known messages received again: message id -> the earliest (received_at, name)
KEPT = (t.report, t.fact, t.signal, t.entry, t.document_act, t.yard_list, t.reject, t.leftover, t.heading)


@dataclass(slots=True)
class Arrival:
    """One message being taken. `row` is its row in table `message`; `before` the records that earlier pulls had committed of it."""

    row: Row
    reader: ModuleType
    first: bool
    before: int
    read_at: datetime
    faults: int = 0
    options: str = ""
    breaks_off: bool = False

    @classmethod
    def new(
        cls,
        message_id: str,
        feed_id: str,
        own: str,
        file: str,
        name: str,
        position: int,
        start: int,
        size: int,
        received_at: datetime,
        stored_at: datetime,
        reader: ModuleType,
        feed: Feed,
    ) -> Arrival:
        """A message seen for the first time."""
        options = options_hash(feed)
        row = {
            "message_id": message_id,
            "feed": feed_id,
            "sha256": own,
            "file_sha256": file,
            "name": name,
            "position": position,
            "start": start,
            "bytes": size,
            "sender": "",
            "recipient": "",
            "reference": "",
            "prepared_at": None,
            "test": False,
            "received_at": received_at,
            "stored_at": stored_at,
            "state": "pending",
            "reason": "",
            "outdone_by": "",
            "reading_id": content_id(message_id, reader.__name__, str(reader.VERSION), options),
            "taken": 0,
            "records": 0,
            "reports": 0,
            "facts": 0,
            "rejected": 0,
            "duplicate": 0,
            "signals": 0,
            "entries": 0,
        }
        return cls(row, reader, True, 0, stored_at, 0, options)

    @property
    def message_id(self) -> str:
        return str(self.row["message_id"])

    def enveloped(self, envelope: Envelope) -> None:
        """Take who sent it to whom under which reference."""
        self.row.update(
            sender=envelope.sender,
            recipient=envelope.recipient,
            reference=envelope.reference,
            prepared_at=envelope.prepared_at,
            test=envelope.test,
        )

    def count(self, kind: str, item: Any) -> None:
        """Count a record as what it was kept as."""
        if isinstance(item, Unreadable) and not self.row["reason"]:
            self.row["reason"] = item.reason
        if kind == "envelope":
            self.faults += 1
            self.breaks_off |= item.reason == BREAKS_OFF
        elif kind:
            self.row["records"] += 1
            self.row[COUNTED.get(kind, "rejected")] += 1

    def repeated(self) -> None:
        """A record that is stored under its id already."""
        self.row["records"] += 1
        self.row["duplicate"] += 1

    def finish(self) -> None:
        """read: every record taken, envelope sound; partly: something taken, and a fault; unreadable: nothing taken."""
        row = self.row
        taken = taken_of(row)
        faulty = row["rejected"] or self.faults or row["reason"]
        row["state"] = "read" if not faulty else "partly" if taken or not row["rejected"] else "unreadable"
        row["taken"] = row["records"]

    def outdone(self, by: str) -> None:
        """Another message's use of the reference stands."""
        self.row.update(state="unreadable", reason=REUSED, outdone_by=by, taken=0, **NOTHING)


def taken_of(row: Kept) -> int:
    """How many records of a message were kept as what they say."""
    return int(sum(row[column] for column in COUNTED.values()))


def options_hash(feed: Feed) -> str:
    """The options that a reading was made with, by content."""
    return sha256(feed.options_text.encode()).hexdigest()


def settle(conn: Connection, world: World, feed: str, arrivals: dict[str, Arrival], repeats: Repeats, news: News) -> bool:
    """Write the messages; take out of the news what does not stand, and mark for folding again what changed by it.

    True if a message has become one to be read (it is `pending` now).
    """
    _known_meanwhile(conn, arrivals, repeats, news)
    _received_earlier(conn, world, repeats, news)
    unread = _references(conn, feed, arrivals, repeats, news)
    rows = [arrival.row for arrival in arrivals.values()]
    if rows:
        upsert(conn, t.message, rows, ("message_id",), set=[c for c in rows[0] if c not in ("message_id", "stored_at")])
        readings = [
            {
                "reading_id": a.row["reading_id"],
                "message_id": a.message_id,
                "reader": a.row["feed"] and a.reader.__name__.rpartition(".")[2],
                "version": a.reader.VERSION,
                "options_sha256": a.options,
                "read_at": a.read_at,
                "current": True,
                "why": "",
            }
            for a in arrivals.values()
            if not a.row["outdone_by"] and a.row["reading_id"]  # one that is kept and not read has no reading
        ]
        insert_new(conn, t.reading, readings)
    return unread


def _known_meanwhile(conn: Connection, arrivals: dict[str, Arrival], repeats: Repeats, news: News) -> None:
    """Another process may have taken the same message since we looked: then ours is a repeat."""
    fresh = [message_id for message_id, arrival in arrivals.items() if arrival.first]
    for chunk in in_chunks(fresh, 400):
        for message_id in conn.execute(sa.select(t.message.c.message_id).where(t.message.c.message_id.in_(chunk))).scalars().all():
            _drop(news, {message_id})
            ours = arrivals.pop(message_id).row
            repeats[message_id] = min((ours["received_at"], ours["name"]), repeats.get(message_id, (ours["received_at"], ours["name"])))


def _received_earlier(conn: Connection, world: World, repeats: Repeats, news: News) -> None:
    """A repeat whose receipt is the earlier one moves the time of receipt of the message and all its records, and what hangs on it."""
    m = t.message.c
    for chunk in in_chunks(sorted(repeats), 400):
        for row in conn.execute(sa.select(m.message_id, m.received_at, m.name).where(m.message_id.in_(chunk))).all():
            message_id, (at, name) = row.message_id, repeats[row.message_id]
            if (at, name) < (row.received_at, row.name):
                conn.execute(t.message.update().where(m.message_id == message_id).values(received_at=at, name=name))
            if at >= row.received_at:
                continue
            hanging_on(conn, message_id, news)
            for table in (t.report, t.fact, t.signal, t.entry, t.document_act, t.yard_list, t.heading):
                conn.execute(table.update().where(table.c.message_id == message_id).values(received_at=at))
            first_read = (t.entry.c.message_id == message_id, t.entry.c.known_at == row.received_at)
            conn.execute(t.entry.update().where(*first_read).values(known_at=at))
            alone, of_line = partial(alone_of, world), partial(alone_of_line, world)
            by_themselves = (t.fact, "fact_id", alone), (t.signal, "signal_id", alone), (t.entry, "entry_id", of_line)
            for table, key, status in (*by_themselves, (t.yard_list, "list_id", _of_list)):
                for kept in conn.execute(sa.select(table).where(table.c.message_id == message_id)).mappings().all():
                    counts = "standing" if table is t.entry else "status"
                    if (now := status(kept)) != kept[counts]:
                        conn.execute(table.update().where(table.c[key] == kept[key]).values({counts: now}))


def _of_list(row: Kept) -> str:
    return list_status(row["listed_at"], row["received_at"])


def _references(conn: Connection, feed: str, arrivals: Mapping[str, Arrival], repeats: Repeats, news: News) -> bool:
    """Of the messages under one reference those stand that a person chose, else the least (received_at, hash).

    True if that has become one that was not read.
    """
    m, unread = t.message.c, False
    used: dict[Reference, list[Row]] = defaultdict(list)
    for arrival in arrivals.values():
        if arrival.row["reference"] and not arrival.breaks_off and arrival.row["state"] != "pending":
            used[reference_of(arrival.row)].append(arrival.row)
    for chunk in in_chunks(sorted(repeats), 400):
        for again in conn.execute(sa.select(t.message).where(m.message_id.in_(chunk), m.reference != "")).mappings():
            used.setdefault(reference_of(again), [])
    for other in users(conn, feed, used):
        if other["message_id"] not in arrivals:
            used[reference_of(other)].append(other)
    several = {key: rows for key, rows in used.items() if len(rows) > 1}
    chosen = choices(conn, feed, several)
    for key, rows in several.items():
        standing = _standing(rows, chosen.get(key, ()))
        for row in rows:
            if row["message_id"] in standing:
                if row["outdone_by"]:  # has become the earliest: read it from the beginning
                    unread = True
                    conn.execute(
                        t.message.update()
                        .where(m.message_id == row["message_id"])
                        .values(outdone_by="", state="pending", reason="", taken=0)
                    )
                    conn.execute(t.reject.delete().where(t.reject.c.message_id == row["message_id"]))
            elif row["outdone_by"] != standing[0]:
                _outdo(conn, row, standing[0], arrivals.get(row["message_id"]), news)
    return unread


def users(conn: Connection, feed: str, references: Iterable[Reference]) -> list[Row]:
    """The messages of a feed under these references; those that are being read, and those that break off, do not count."""
    m, wanted = t.message.c, set(references)
    broken = sa.exists().where(t.reject.c.message_id == m.message_id, t.reject.c.reason == BREAKS_OFF)
    who = sa.and_(m.sender.in_({key[0] for key in wanted}), m.recipient.in_({key[1] for key in wanted}))  # as the index goes
    found: list[Row] = []
    for chunk in in_chunks(sorted({key[2] for key in wanted}), 400):
        known = sa.select(t.message).where(m.feed == feed, who, m.reference.in_(chunk), m.state != "pending", ~broken)
        found += [dict(row) for row in conn.execute(known).mappings() if reference_of(row) in wanted]
    return found


def choices(conn: Connection, feed: str, references: Iterable[Reference]) -> dict[Reference, list[str]]:
    """The messages that stand under each of these references about which a person decided."""
    ids, c = {content_id(feed, *key): key for key in references}, t.reference_choice.c
    found: dict[Reference, list[str]] = {}
    for chunk in in_chunks(sorted(ids), 400):
        decided = sa.select(c.reference_id, c.standing).where(c.reference_id.in_(chunk)).order_by(c.number)
        found.update((ids[row.reference_id], row.standing) for row in conn.execute(decided))  # the last one counts
    return found


def _standing(rows: Sequence[Row], chosen: Sequence[str]) -> list[str]:
    """The messages that stand; the others are told the first of them."""
    known = {row["message_id"] for row in rows}
    return [each for each in chosen if each in known] or [min(rows, key=lambda r: (r["received_at"], r["sha256"]))["message_id"]]


def reference_of(row: Kept) -> Reference:
    """What a message was sent under."""
    return row["sender"], row["recipient"], row["reference"]


def _outdo(conn: Connection, row: Row, by: str, arrival: Arrival | None, news: News) -> None:
    message_id = row["message_id"]
    if arrival is not None:
        _drop(news, {message_id})
    if arrival is None or not arrival.first:
        hanging_on(conn, message_id, news)
        canonical = sa.select(t.report).where(t.report.c.message_id == message_id, t.report.c.canonical)
        news.gone.extend(dict(gone) for gone in conn.execute(canonical).mappings())
        for table in KEPT:
            conn.execute(table.delete().where(table.c.message_id == message_id))
    if arrival is not None:
        arrival.outdone(by)
    else:
        conn.execute(
            t.message.update()
            .where(t.message.c.message_id == message_id)
            .values(state="unreadable", reason=REUSED, outdone_by=by, taken=0, **NOTHING)
        )
    said = {
        "reject_id": content_id(message_id, REUSED),
        "message_id": message_id,
        "reading_id": "",
        "unit": "",
        "scope": "envelope",
        "reason": REUSED,
        "position": "UNB",
        "detail": f"{row['sender']} > {row['recipient']} {row['reference']}",
        "excerpt": "",
    }
    insert_new(conn, t.reject, [said])


def _drop(news: News, messages: set[str]) -> None:
    for rows in (news.reports, news.acts, news.facts, news.signals, news.entries, news.lists, news.rejects, news.leftovers, news.headings):
        rows[:] = [row for row in rows if row["message_id"] not in messages]
