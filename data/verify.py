"""Do the books add up? The conservation identities, the journals, and with `deep` everything folded again and compared row for row.

messages      = read + partly + unreadable + pending
per message   records declared = reports, facts, signals and lines of ledgers stored + rejected + duplicate
per place     boxes inside = opening + in - out, with corrections
attachments   each row has its file, of its size; with `deep` of its content
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import audit, clock, closings, goods, landings
from data.asof import books
from data.books import counted_as, movement_row, spoken, stay_row
from data.counts import KEYS, SUMS, Deltas
from data.judge import Bench, found_of
from data.keep import Row
from data.lags import everything
from data.ledger_check import checked
from data.raw import Raw
from data.store import tables as t
from data.store.bulk import in_chunks, upsert
from data.store.engine import Store
from data.tips import tip_row
from data.versions import status_of, told
from zones.alert import occasions
from zones.report import latest
from zones.world import World

STATES = ("read", "partly", "unreadable", "pending")
MOST = 100  # differences told of one kind


def verify(store: Store, world: World, deep: bool = False, since: datetime | None = None, home: Path | None = None) -> list[dict[str, Any]]:
    """Every difference as {"identity", "about", "difference"}; empty when all holds.

    `since`: row counts only of messages stored from then on. `home`: where the raw store is; without it no file is looked at.
    """
    with store.read(patient=True) as conn:
        found = {
            "messages": list(_messages(conn)),
            "records": list(_records(conn, since)),
            "inside": list(_inside(conn)),
            "journal": list(_journals(conn)),
        }
        if home is not None:
            found["attachments"] = list(_attachments(conn, Raw(home), deep))
        if deep:
            found["derived"] = list(_derived(conn, world))
            found["alerts"] = list(_alerts(conn, world))
    now = clock.now()
    with store.write() as conn:
        for name, told in found.items():
            row = {"name": name, "checked_at": now, "held_at": None if told else now, "difference": "; ".join(d for _, d in told[:3])}
            columns = ("checked_at", "difference") if told else ("checked_at", "held_at", "difference")
            upsert(conn, t.identity, [row], ("name",), set=columns)
    return [{"identity": name, "about": about, "difference": said} for name, told in found.items() for about, said in told[:MOST]]


Difference = tuple[str, str]


def _messages(conn: Connection) -> Iterator[Difference]:
    by_state: dict[str, int] = dict(conn.execute(sa.select(t.message.c.state, sa.func.count()).group_by(t.message.c.state)).all())
    told = sum(by_state.get(state, 0) for state in STATES)
    every = conn.execute(sa.select(sa.func.count()).select_from(t.message)).scalar_one()
    if told != every:
        yield "messages", f"{every} messages, but {told} in a known state"
    no_receipt = sa.select(t.message.c.message_id).where(
        ~sa.exists().where(t.receipt.c.feed == t.message.c.feed, t.receipt.c.file_sha256 == t.message.c.file_sha256),
        ~sa.exists().where(
            t.member.c.file_sha256 == t.message.c.file_sha256,
            t.receipt.c.feed == t.message.c.feed,
            t.receipt.c.file_sha256 == t.member.c.archive_sha256,
        ),
    )
    for message_id in conn.execute(no_receipt.limit(MOST)).scalars():
        yield message_id, "a message without a receipt"
    decided: dict[str, list[str]] = {}
    for row in conn.execute(sa.select(t.reference_choice).order_by(t.reference_choice.c.reference_id, t.reference_choice.c.number)):
        decided[row.reference_id] = row.standing  # the last one counts
    for chunk in in_chunks(sorted({each for standing in decided.values() for each in standing}), 400):
        fallen = sa.select(t.message.c.message_id).where(t.message.c.message_id.in_(chunk), t.message.c.outdone_by != "")
        for message_id in conn.execute(fallen).scalars():
            yield message_id, "does not stand, although that was decided"


def _records(conn: Connection, since: datetime | None) -> Iterator[Difference]:
    m = t.message.c
    settled = m.state.in_(("read", "partly", "unreadable"))
    uneven = sa.select(m.message_id, m.records, m.reports, m.facts, m.signals, m.entries, m.rejected, m.duplicate).where(
        settled, m.records != m.reports + m.facts + m.signals + m.entries + m.rejected + m.duplicate
    )
    for row in conn.execute(uneven.limit(MOST)):
        told = f"{row.reports} + {row.facts} + {row.signals} + {row.entries} + {row.rejected} + {row.duplicate}"
        yield row.message_id, f"{row.records} records, but reports + facts + signals + entries + rejected + duplicate = {told}"
    kept = {
        "reports": sa.select(t.report.c.message_id).where(~t.report.c.outread),
        "facts": sa.select(t.fact.c.message_id).where(~t.fact.c.outread),
        "signals": sa.select(t.signal.c.message_id).where(~t.signal.c.outread),
        "entries": sa.select(t.entry.c.message_id).where(~t.entry.c.outread),
        "rejected": sa.select(t.reject.c.message_id).where(t.reject.c.scope != "envelope"),
    }
    for name, rows in kept.items():
        of = rows.subquery()
        stored = sa.select(of.c.message_id, sa.func.count().label("n")).group_by(of.c.message_id).subquery()
        counted = sa.func.coalesce(stored.c.n, 0)
        question = sa.select(m.message_id, m[name].label("said"), counted.label("stored")).outerjoin_from(
            t.message, stored, stored.c.message_id == m.message_id
        )
        question = question.where(settled, m[name] != counted)
        if since is not None:
            question = question.where(m.stored_at >= since)
        for message_id, said, there in conn.execute(question.limit(MOST)):
            yield message_id, f"says {said} {name}, {there} stored"


def _inside(conn: Connection) -> Iterator[Difference]:
    o, i, s = t.occupancy.c, t.inside.c, t.stay.c
    sums = sa.select(o.place, *(sa.func.sum(o[name]).label(name) for name in SUMS["occupancy"])).group_by(o.place)
    counted: dict[str, int] = dict(conn.execute(sa.select(i.place, sa.func.sum(i.boxes)).group_by(i.place)).all())
    stays: dict[str, int] = dict(conn.execute(sa.select(s.place, sa.func.count()).where(s.left_at.is_(None)).group_by(s.place)).all())
    places = set(counted) | set(stays)
    for row in conn.execute(sums):
        places.discard(row.place)
        by_parts = row.opening + row.came - row.went + row.corrected
        now = stays.get(row.place, 0)
        if not (row.boxes == by_parts == now == counted.get(row.place, 0)):
            parts = f"{row.opening} + {row.came} - {row.went} + {row.corrected} = {by_parts}"
            yield row.place, f"{now} stays inside, {counted.get(row.place, 0)} counted inside, opening + in - out + corrected: {parts}"
    for place in sorted(places):
        if stays.get(place, 0) or counted.get(place, 0):
            yield place, f"{stays.get(place, 0)} stays inside without any change counted"


def _journals(conn: Connection) -> Iterator[Difference]:
    if (bad := audit.verify(conn)) is not None:
        yield f"audit {bad}", "the audit chain does not verify from this row on"
    line = t.alert_line.c
    gaps = sa.select(line.alert_id).group_by(line.alert_id).having(sa.func.max(line.line) != sa.func.count())
    for alert_id in conn.execute(gaps.limit(MOST)).scalars():
        yield alert_id, "its journal has a gap"
    for table, what in ((t.alert_line, "journal"), (t.alert_work, "work")):
        without = sa.select(t.alert.c.alert_id).where(~sa.exists().where(table.c.alert_id == t.alert.c.alert_id))
        for alert_id in conn.execute(without.limit(MOST)).scalars():
            yield alert_id, f"an alert without a {what}"


def _attachments(conn: Connection, raw: Raw, deep: bool) -> Iterator[Difference]:
    a = t.attachment.c
    for row in conn.execute(sa.select(a.alert_id, a.number, a.sha256, a.bytes).order_by(a.alert_id, a.number)):
        about, path = f"alert {row.alert_id} attachment {row.number}", raw.path(row.sha256)
        try:
            size = path.stat().st_size
            same = not deep or size != row.bytes or hashlib.sha256(path.read_bytes()).hexdigest() == row.sha256
        except OSError as error:
            yield about, f"its file cannot be read: {error.strerror or error}"
            continue
        if size != row.bytes or not same:
            yield about, f"its file is not what was kept ({size} of {row.bytes} bytes)"


# ---------------------------------------------------------------- deep


def _derived(conn: Connection, world: World) -> Iterator[Difference]:
    """Every box folded again, against what the tables hold; then the counts, against the sums of all boxes."""
    sums = Deltas(world)
    known: set[str] = set()
    for box, book, rows in books(conn, world, None, None, None):
        known.add(box)
        counted = counted_as(book)
        for row in rows:
            should = counted[row["report_id"]]
            if row["status"] != should["status"]:
                yield row["report_id"], f"report of {box} counts as {row['status']}, should as {should['status']}"
            elif other := [name for name, value in should.items() if row[name] != value]:
                yield row["report_id"], f"report of {box} tells of another movement: differs in {', '.join(other)}"
        movements = [movement_row(m, book.belongs.get(m.movement_id, "")) for m in book.movements]
        stays = {stay_id: stay_row(stay) for stay_id, stay in book.stays.items()}
        yield from _compared(conn, box, stays)
        stands = {row["place"]: dict(row) for row in conn.execute(sa.select(t.tip).where(t.tip.c.equipment == box)).mappings()}
        should_stand = {place: tip_row(box, place, tip) for place, tip in book.tips.items()}
        for place in sorted(stands.keys() | should_stand.keys()):
            if stands.get(place) != should_stand.get(place):
                yield box, f"the fold at {place} does not stand where it should"
        links = {
            (row.kind, row.reference): (row.at, row.spoken)
            for row in conn.execute(sa.select(t.box_link).where(t.box_link.c.equipment == box))
        }
        heard_of = spoken(conn, {(link.kind, link.reference) for link in book.links})
        if links != {(k := (link.kind, link.reference)): (link.at, k in heard_of) for link in book.links}:
            yield box, "goes with other documents"
        for movement in movements:
            sums.movement(movement, 1)
        for stay in book.stays.values():
            sums.stay(stay, 1)
    yield from _told(conn, world)
    yield from checked(conn, world)
    for box in set(conn.execute(sa.select(t.stay.c.equipment).distinct()).scalars()) - known:
        yield box, "stays of a box that nobody told of"
    everything(conn, sums)
    yield from _counts(conn, sums)


def _told(conn: Connection, world: World) -> Iterator[Difference]:
    """What customs facts and signals count as of which their source gave the statement an id."""
    for table, key, what in ((t.fact, "fact_id", "customs fact"), (t.signal, "signal_id", "signal")):
        rows = [dict(row) for row in conn.execute(sa.select(table).where(t.TOLD_ID)).mappings()]
        for chunk in in_chunks(rows, 400):
            stands = latest(told(conn, {(row["publisher"], row["source_id"]) for row in chunk}))
            for row in chunk:
                if (should := status_of(world, row, stands)) != row["status"]:
                    yield row[key], f"{what} counts as {row['status']}, should as {should}"


def _compared(conn: Connection, box: str, should: dict[str, Row]) -> Iterator[Difference]:
    rows = {row["stay_id"]: dict(row) for row in conn.execute(sa.select(t.stay).where(t.stay.c.equipment == box)).mappings()}
    for found in chain(rows, should.keys() - rows.keys()):
        if rows.get(found) != should.get(found):
            old, new = rows.get(found) or {}, should.get(found) or {}
            names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
            yield found, f"stay of {box} differs in {', '.join(names[:5])}"


def _counts(conn: Connection, sums: Deltas) -> Iterator[Difference]:
    should: dict[str, dict[tuple[Any, ...], tuple[int, ...]]] = {name: {} for name in KEYS}
    for name, key, parts in sums:
        should[name][key] = tuple(parts)
    for name, keys in KEYS.items():
        table = t.metadata.tables[name]
        for row in conn.execute(sa.select(table)).mappings():
            key = tuple(row[column] for column in keys)
            if should[name].pop(key, None) != tuple(row[column] for column in SUMS[name]):
                yield f"{name} {key}", "counts other than its movements and stays add up to"
        for key in should[name]:
            yield f"{name} {key}", "a count is missing"


def _alerts(conn: Connection, world: World) -> Iterator[Difference]:
    """Every subject judged again at the latest moment judged, against the alerts that stand. What waits to be judged is left out."""
    at = conn.execute(sa.select(t.judged.c.up_to)).scalar()
    if at is None:
        return
    bench = Bench(world, at)
    bench.hear(conn)
    waiting = set(conn.execute(sa.select(t.touched.c.unit)).scalars())
    units = {f"box:{box}" for box in conn.execute(sa.select(t.stay.c.equipment).distinct()).scalars()}
    units |= {f"feed:{feed.id}" for feed in world.feeds}
    units |= set(landings.units(conn, world.places))
    units |= set(goods.every_unit(conn, world.places))
    units |= set(conn.execute(sa.select(t.alert.c.unit).where(t.alert.c.unit.like("call:%")).distinct()).scalars())
    units |= set(conn.execute(sa.select(t.alert.c.unit).where(t.alert.c.rule == "capacity_and_queue").distinct()).scalars())
    closed = sa.select(t.alert_line.c.alert_id).where(t.alert_line.c.what == "close").distinct()
    units |= set(closings.units(conn, conn.execute(closed).scalars()))
    for chunk in in_chunks(sorted(units - waiting), 400):
        recorded: dict[tuple[str, str, str], Row] = {}
        for row in conn.execute(sa.select(t.alert).where(t.alert.c.unit.in_(chunk), t.alert.c.condition != "invalidated")).mappings():
            recorded[row["rule"], row["subject"], row["anchor"]] = dict(row)
        for judged in map(found_of(conn, bench, chunk).__getitem__, chunk):
            for rule_id, rule, subject, episodes in judged:
                for one in occasions(episodes, at, rule.LATCHING, rule.NEEDS, bench.watermark):
                    known = recorded.pop((rule_id, subject, " ".join(one.anchor)), None)
                    spells = [[began.isoformat(), ended.isoformat() if ended else None] for began, ended in one.spells]
                    if known is None:
                        yield f"{rule_id} {subject}", "an alert is missing"
                    elif known["spells"] != spells or known["known_at"] != one.known_at:
                        yield known["alert_id"], "tells other times"
        for left in recorded.values():
            yield left["alert_id"], f"nothing gives rise to {left['rule']} {left['subject']}"
