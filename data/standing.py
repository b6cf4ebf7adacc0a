"""Kept lines of ledgers with what each counts as: alone, beside its other versions, and of what customs authorised once its box moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from data.keep import Kept, Row, SourceId
from data.plausible import fact_status, span
from data.store import tables as t
from data.store.bulk import in_chunks
from data.told import entry_of
from zones.entry import CUSTOMS, LIVE, Entry, standing
from zones.own_book import WAITS, Visit, takes_effect
from zones.world import World

_e = t.entry.c
LINE = [_e[name] for name in (*Entry.__struct_fields__, "given", "pool")]  # what of a kept line its fold is told, not what it found


def alone_of(world: World, row: Kept) -> str:
    """What a line counts as without looking at others."""
    return fact_status(row["given"], row["at"], row["received_at"], span(world.place(row["place"])))


def visits_of(conn: Connection, place: str, book: str, told: Iterable[list[Row]]) -> dict[str, list[Visit]]:
    """box -> its stays at the place, for lines that take effect with a box."""
    boxes = {row["equipment"] for rows in told for row in rows} - {""} if book == CUSTOMS else set()
    s = t.stay.c
    found: dict[str, list[Visit]] = defaultdict(list)
    for chunk in in_chunks(sorted(boxes), 400):
        asked = sa.select(s.equipment, s.opened_at, s.left_at).where(s.place == place, s.equipment.in_(chunk)).order_by(s.opened_at)
        for box, came, left in conn.execute(asked):
            found[box].append((came, left))
    return found


def known_rows(known_at: datetime | None) -> tuple[sa.ColumnElement[bool], ...]:
    """The lines that were known at a moment: of a later reading from when it was read, and before that what it read otherwise."""
    if known_at is None:
        return (~_e.outread,)
    return _e.known_at <= known_at, sa.or_(~_e.outread, _e.outread_at > known_at)


def versions_of(conn: Connection, world: World, rows: Sequence[Row], known_at: datetime | None = None) -> dict[SourceId, list[Entry]]:
    """Of the lines among these that their writers gave a number, and of which several versions are kept: every version that can count,
    those of other pools too.
    """
    told: dict[SourceId, list[Kept]] = defaultdict(list)
    for row in rows:
        if row["source_id"]:
            told[row["publisher"], row["source_id"]].append(row)
    own, others = {row["entry_id"] for row in rows}, []
    for chunk in in_chunks(sorted({source_id for _, source_id in told}), 400):
        named = sa.select(_e.entry_id, _e.publisher, _e.source_id).where(t.TOLD_ID, _e.source_id.in_(chunk), *known_rows(known_at))
        others += [row.entry_id for row in conn.execute(named) if row.entry_id not in own and (row.publisher, row.source_id) in told]
    for chunk in in_chunks(others, 400):
        for kept in conn.execute(sa.select(*LINE).where(_e.entry_id.in_(chunk))).mappings():
            told[kept["publisher"], kept["source_id"]].append(kept)
    several = {key: versions for key, versions in told.items() if len(versions) > 1}
    return {key: [entry_of(row) for row in versions if alone_of(world, row) == LIVE] for key, versions in several.items()}


def folded_rows(
    world: World, rows: Sequence[Row], versions: Mapping[SourceId, Sequence[Entry]], visits: Mapping[str, Sequence[Visit]]
) -> list[tuple[Entry, str, datetime]]:
    """Of each row of one pool: its line at the moment at which it takes effect, what it counts as, and the earliest moment it changes."""
    entries = [entry_of(row) for row in rows]
    horizon = span(world.place(rows[0]["place"])) if rows else timedelta()  # one pool is of one place
    alone = {row["entry_id"]: fact_status(row["given"], row["at"], row["received_at"], horizon) for row in rows}
    own = {entry.entry_id for entry in entries}
    numbered = {(entry.publisher, entry.source_id) for entry in entries if entry.source_id}
    told = [version for key in numbered for version in versions.get(key, ())]
    counts = standing(entries, alone, [version for version in told if version.entry_id not in own])
    first = {key: min(version.at for version in versions[key]) for key in numbered if versions.get(key)}
    found = []
    for entry in entries:
        since = min(entry.at, first.get((entry.publisher, entry.source_id), entry.at)) if entry.source_id else entry.at
        status = counts[entry.entry_id]
        if status == LIVE and entry.book == CUSTOMS and entry.equipment:
            at = takes_effect(entry, visits.get(entry.equipment, ()))
            entry, status = (replace(entry, at=at), status) if at else (entry, WAITS)
        found.append((entry, status, since))
    return found
