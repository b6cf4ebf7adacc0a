"""The alerts that a file would raise now: the product's own intake, derivation and rules, run on a copy of what they need.

A scratch database in a temporary folder takes the rows of the boxes concerned; it is judged once without the file and once with it, and
what differs is told. The folder is gone afterwards; the real database is only read.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.again import of_documents
from data.intake import Counts, Delivery, Intake
from data.judge import judge
from data.keep import retracted
from data.settings import Settings
from data.store import tables as t
from data.store.bulk import in_chunks, insert_new
from data.store.engine import Store, open_store
from data.tryout.reading import Reading
from data.tryout.told import Raised, Would
from zones.place import Feed
from zones.world import World

BOXES = 500  # whose history is copied; of the others nothing is told
LARGEST = 8 << 20  # bytes of a file that is taken in for trial
MOST = 100  # alerts told one by one
SO = ("active", "unverified")


def with_feed(world: World, feed: Feed) -> World:
    """The world with one more feed, or with another in place of one of the same id."""
    home = world.place(feed.place)
    feeds = tuple(each for each in home.feeds if each.id != feed.id)
    places = [replace(place, feeds=(*feeds, feed)) if place is home else place for place in world.places.values()]
    return World(places, world.jurisdictions.values(), world.files).under({place: world.law(place) for place in world.places})


def would(store: Store, world: World, feed: Feed, data: bytes, name: str, found: Reading, now: datetime) -> Would:
    """The alerts about the file's boxes that it would raise at `now`, and the open ones it would end."""
    if len(data) > LARGEST:
        return Would(left_out="would_too_large")
    if not found.boxes and not found.documents and not found.acted_on:
        return Would(left_out="would_nothing")
    world = world if any(each is feed for each in world.feeds) else with_feed(world, feed)
    with TemporaryDirectory(prefix="zonewatch-try-") as folder:
        home = Path(folder)
        scratch = open_store(f"sqlite:///{home / 'scratch.db'}")
        try:
            with scratch.write() as conn:
                t.metadata.create_all(conn)
            with store.read(patient=True) as old, scratch.write() as new:
                boxes, every = _concerned(old, found, feed)
                known = _copy(old, new, boxes, found, feed, data)
            if known:
                return Would(left_out="would_known")
            judge(scratch, world, now)
            before = _alerts(scratch)
            settings = Settings.load({"ZONEWATCH_HOME": str(home)}, home)
            intake = Intake(scratch, world, feed, settings, Counts())
            intake.take(Delivery(name, partial(_open, data), now))
            intake.finish()
            judge(scratch, world, now)
            return _told(before, _alerts(scratch), set(boxes), every)
        finally:
            scratch.close()


def _open(data: bytes) -> BinaryIO:
    return io.BytesIO(data)


def _concerned(conn: Connection, found: Reading, feed: Feed) -> tuple[list[str], int]:
    """The boxes whose history has a say: those of the file, those that go with its documents, those that its corrections act on."""
    boxes = dict(found.boxes)
    link, r = t.box_link.c, t.report.c
    for kind in ("bill", "declaration", "booking"):
        numbers = sorted(number for what, number in found.documents if what == kind)
        for chunk in in_chunks(numbers[:BOXES], 400):
            told = sa.select(link.equipment).where(link.kind == kind, link.reference.in_(chunk)).order_by(link.equipment).limit(BOXES)
            boxes.update(dict.fromkeys(conn.execute(told).scalars()))
    if found.acted_on:
        boxes.update(dict.fromkeys(sorted(of_documents(conn, found.acted_on))))
        named = sa.select(r.equipment).where(r.source_id != "", r.source_id.in_(sorted(found.acted_on)[:400]))
        named = named.where(r.publisher == feed.publisher)
        boxes.update(dict.fromkeys(conn.execute(named.limit(BOXES)).scalars()))
    return list(boxes)[:BOXES], len(boxes)


def _copy(old: Connection, new: Connection, boxes: Sequence[str], found: Reading, feed: Feed, data: bytes) -> bool:
    """Everything that folding and judging these boxes reads. True if these very bytes were received from this feed before."""
    r, f, m, link = t.report.c, t.fact.c, t.message.c, t.box_link.c
    message_ids: set[str] = set()
    documents, targets = set(found.documents), set(found.acted_on)
    for chunk in in_chunks(boxes, 400):
        for row in _carry(old, new, t.report, r.equipment.in_(chunk)):
            message_ids.add(row["message_id"])
            targets |= {row["document"]} | ({retracted(row["publisher"], row["source_id"])} if row["source_id"] else set())
        for table in (t.stay, t.tip):
            _carry(old, new, table, table.c.equipment.in_(chunk))
        documents |= {(row["kind"], row["reference"]) for row in _carry(old, new, t.box_link, link.equipment.in_(chunk))}
        message_ids |= {row["message_id"] for row in _carry(old, new, t.fact, f.equipment.in_(chunk))}
        units = [f"box:{box}" for box in chunk]
        alerts = [row["alert_id"] for row in _carry(old, new, t.alert, t.alert.c.unit.in_(units))]
        for table in (t.touched, t.due):
            _carry(old, new, table, table.c.unit.in_(units))
        for some in in_chunks(alerts, 400):
            for table in (t.alert_line, t.alert_work):
                _carry(old, new, table, table.c.alert_id.in_(some))
    for kind in ("bill", "declaration", "booking"):
        for some in in_chunks(sorted(number for what, number in documents if what == kind), 400):
            message_ids |= {row["message_id"] for row in _carry(old, new, t.fact, f[kind].in_(some))}
    targets |= {retracted(feed.publisher, source_id) for source_id in found.acted_on}
    for some in in_chunks(sorted(targets - {""}), 400):
        d = t.document_act.c
        message_ids |= {row["message_id"] for row in _carry(old, new, t.document_act, sa.or_(d.target.in_(some), d.document.in_(some)))}
    message_ids |= {row["message_id"] for row in _carry(old, new, t.yard_list, sa.true())}
    for some in in_chunks(sorted(message_ids), 400):
        _carry(old, new, t.message, m.message_id.in_(some))
        _carry(old, new, t.reading, t.reading.c.message_id.in_(some))
    for some in in_chunks(sorted(found.references), 400):  # used before, they are not theirs to use
        _carry(old, new, t.message, sa.and_(m.feed == feed.id, m.reference.in_(some)))
    heard = sa.select(t.hearing.c.feed, sa.func.max(t.hearing.c.heard_at)).group_by(t.hearing.c.feed)
    last = {row[0]: row[1] for row in old.execute(heard)}
    for feed_id, at in last.items():
        _carry(old, new, t.hearing, sa.and_(t.hearing.c.feed == feed_id, t.hearing.c.heard_at == at))
    for table in (t.not_looking, t.declared, t.reference_choice):
        _carry(old, new, table, sa.true())
    same = sa.select(m.message_id).where(m.feed == feed.id, m.file_sha256 == hashlib.sha256(data).hexdigest()).limit(1)
    return old.execute(same).first() is not None


def _carry(old: Connection, new: Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> Sequence[dict[str, Any]]:
    """Copy rows; gives them."""
    rows = [dict(row) for row in old.execute(sa.select(table).where(where)).mappings()]
    if rows:
        insert_new(new, table, rows)
    return rows


def _alerts(store: Store) -> dict[str, dict[str, Any]]:
    a = t.alert.c
    with store.read() as conn:
        question = sa.select(t.alert).where(a.unit.like("box:%"), sa.not_(a.history)).order_by(a.began_at, a.alert_id)
        return {row["alert_id"]: dict(row) for row in conn.execute(question).mappings()}


def _told(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], boxes: set[str], every: int) -> Would:
    ends = [_raised(row, True) for id, row in after.items() if row["condition"] not in SO and before.get(id, {}).get("condition") in SO]
    new = [_raised(row, False) for id, row in after.items() if row["condition"] in SO and before.get(id, {}).get("condition") not in SO]
    told: Iterable[Raised] = (each for each in (*new, *ends) if each.equipment in boxes)
    rank = {"act_now": 0, "today": 1, "queue": 2}
    sorted_ = sorted(told, key=lambda each: (each.ends, rank.get(each.severity, 3), each.began_at, each.subject))
    return Would(tuple(sorted_[:MOST]), max(len(sorted_) - MOST, 0), len(boxes), every)


def _raised(row: dict[str, Any], ends: bool) -> Raised:
    told = ("rule", "severity", "subject", "place", "equipment", "began_at", "because_key", "because_values")
    return Raised(**{name: row[name] for name in told}, ends=ends)
