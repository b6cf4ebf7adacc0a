"""Kept lines of ledgers with what each counts as: alone, beside its other versions, and of what customs authorised once its box moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from data.keep import Kept, SourceId
from data.plausible import fact_status, span
from data.store import tables as t
from data.store.bulk import among
from data.told import entry_of
from zones.entry import CUSTOMS, LIVE, Entry, standing
from zones.own_book import WAITS, Visit, takes_effect
from zones.world import World

_e = t.entry.c
Line = tuple[Entry, str]  # a kept line, and what its reader saw (column `given`)
LINE = [_e[name] for name in (*Entry.__struct_fields__, "given")]


def line_from(values: Sequence[object]) -> Line:
    """The line of a row selected as LINE: by place, for where many are read at once."""
    return Entry(*values[: len(LINE) - 1]), str(values[len(LINE) - 1])  # type: ignore[arg-type]


def line_of(row: Kept) -> Line:
    """The line that a row keeps."""
    return entry_of(row), row["given"]


def alone_of(world: World, row: Kept) -> str:
    """What a kept line counts as without looking at others."""
    return _alone(world, *line_of(row))


def _alone(world: World, entry: Entry, given: str) -> str:
    return fact_status(given, entry.at, entry.received_at, span(world.place(entry.place)))


def known_rows(known_at: datetime | None) -> tuple[sa.ColumnElement[bool], ...]:
    """The lines that were known at a moment: of a later reading from when it was read, and before that what it read otherwise."""
    if known_at is None:
        return (~_e.outread,)
    return _e.known_at <= known_at, sa.or_(~_e.outread, _e.outread_at > known_at)


def versions_of(conn: Connection, world: World, lines: Iterable[Line], known_at: datetime | None = None) -> dict[SourceId, list[Entry]]:
    """Of the lines among these that their writers gave a number, and of which several versions are kept: every version that can count,
    those of other pools too.
    """
    told: dict[SourceId, list[Line]] = defaultdict(list)
    for line in lines:
        if line[0].source_id:
            told[line[0].publisher, line[0].source_id].append(line)
    # Nearly every line was told once: which were not, the index of numbers says by itself.
    numbers = sa.select(_e.source_id).where(t.TOLD_ID, among(conn, _e.source_id, {source_id for _, source_id in told}))
    several = set(conn.scalars(numbers.group_by(_e.source_id).having(sa.func.count() > 1))) if told else set()
    if not several:
        return {}
    own = {entry.entry_id for key in told if key[1] in several for entry, _ in told[key]}
    asked = sa.select(*LINE).where(t.TOLD_ID, among(conn, _e.source_id, several), *known_rows(known_at))
    for kept in conn.execute(asked):
        entry, given = line_from(kept)
        if entry.entry_id not in own and (key := (entry.publisher, entry.source_id)) in told:
            told[key].append((entry, given))
    found = {key: versions for key, versions in told.items() if len(versions) > 1}
    return {key: [line[0] for line in versions if _alone(world, *line) == LIVE] for key, versions in found.items()}


def folded(
    world: World, lines: Sequence[Line], versions: Mapping[SourceId, Sequence[Entry]], visits: Mapping[str, Sequence[Visit]]
) -> list[tuple[Entry, str, datetime]]:
    """Of each line of one pool: the line at the moment at which it takes effect, what it counts as, and the earliest moment it changes."""
    horizon = span(world.place(lines[0][0].place)) if lines else timedelta()  # one pool is of one place
    entries = [entry for entry, _ in lines]
    alone = {entry.entry_id: fact_status(given, entry.at, entry.received_at, horizon) for entry, given in lines}
    numbered = {(entry.publisher, entry.source_id) for entry in entries if entry.source_id} if versions else set()
    several = {key: versions[key] for key in numbered if versions.get(key)}
    others = [version for of in several.values() for version in of if version.entry_id not in alone]
    counts = standing(entries, alone, others)
    first = {key: min(version.at for version in of) for key, of in several.items()}
    found = []
    for entry in entries:
        since = min(entry.at, first.get((entry.publisher, entry.source_id), entry.at)) if first else entry.at
        status = counts[entry.entry_id]
        if status == LIVE and entry.book == CUSTOMS and entry.equipment:
            at = takes_effect(entry, visits.get(entry.equipment, ()))
            entry, status = (replace(entry, at=at), status) if at else (entry, WAITS)
        found.append((entry, status, since))
    return found
