"""What was received of boxes, as a fold is handed it: reports, acts of documents, every telling of a statement; as known at a moment.

`REREAD` counts how many report rows were read back to fold again: for input in order it stays 0 (tests assert it).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import Row, SourceId, span
from data.known import as_known, known
from data.store import tables as t
from data.store.bulk import in_chunks
from data.told import act_of, report_of
from data.versions import told as tellings
from zones.movement import Telling
from zones.place import Place
from zones.report import DocumentAct, Report, Version
from zones.world import World


@dataclass(slots=True)
class Reread:
    """Report rows read back from history since the process began."""

    rows: int = 0


REREAD = Reread()


def telling(world: World, openings: Mapping[str, datetime]) -> Any:
    """place id -> how its reports become movements."""
    known: dict[str, Telling] = {}

    def of(place_id: str) -> Telling:
        if place_id not in known:
            place: Place = world.place(place_id)
            known[place_id] = Telling(place.tolerance, place.rank, openings)
        return known[place_id]

    return of


def openings(conn: Connection, known_at: datetime | None = None) -> dict[str, datetime]:
    """feed -> the instant of the yard list that opens its books: the earliest one that counts."""
    lists = t.yard_list
    question = sa.select(lists.c.feed, sa.func.min(lists.c.listed_at)).where(lists.c.status == "live").group_by(lists.c.feed)
    if known_at is not None:
        question = question.where(lists.c.received_at <= known_at)
    return {row[0]: row[1] for row in conn.execute(question)}


def kind_of(world: World, place: str) -> str:
    """What kind of place it is, which says what movements mean there."""
    return world.place(place).kind


class Received(NamedTuple):
    """What was received of one box: rows of reports, the reports, the acts on their documents, every telling of what they state."""

    rows: list[Row]
    reports: list[Report]
    acts: list[DocumentAct]
    tellings: list[Version]


def received(conn: Connection, world: World, boxes: Sequence[str], known_at: datetime | None = None) -> dict[str, Received]:
    """box -> what was received of it, with `known_at` by then. As many boxes as one question may name."""
    rows = _rows(conn, boxes, known_at)
    acts = _acts(conn, {row["document"] for each in rows.values() for row in each if row["document"]}, known_at)
    versions = _tellings(conn, rows, known_at)
    found: dict[str, Received] = {}
    for box in boxes:
        own = {id(act): act for row in rows[box] if row["document"] for act in acts.get(row["document"], ())}
        found[box] = Received(
            rows[box],
            [report_of(row, span(world.place(row["place"]))) for row in rows[box]],
            list(own.values()),
            [version for row in rows[box] for version in versions.get((row["publisher"], row["source_id"]), ())],
        )
    return found


def _rows(conn: Connection, boxes: Sequence[str], known_at: datetime | None) -> dict[str, list[Row]]:
    question = sa.select(t.report).where(t.report.c.equipment.in_(boxes), *known(t.report, known_at))
    found: dict[str, list[Row]] = {box: [] for box in boxes}
    for row in conn.execute(question).mappings():
        found[row["equipment"]].append(as_known(row, known_at))
        REREAD.rows += 1
    return found


def _tellings(conn: Connection, told: Mapping[str, Sequence[Row]], known_at: datetime | None) -> dict[SourceId, list[Version]]:
    ids = {(row["publisher"], row["source_id"]) for each in told.values() for row in each if row["source_id"]}
    found: dict[SourceId, list[Version]] = defaultdict(list)
    for version in tellings(conn, ids, known_at) if ids else ():
        found[version.publisher, version.source_id].append(version)
    return found


def _acts(conn: Connection, documents: set[str], known_at: datetime | None) -> dict[str, list[DocumentAct]]:
    found: dict[str, list[DocumentAct]] = defaultdict(list)
    for chunk in in_chunks(sorted(documents), 400):
        question = sa.select(t.document_act).where(t.document_act.c.target.in_(chunk))
        if known_at is not None:
            question = question.where(t.document_act.c.received_at <= known_at)
        for row in conn.execute(question).mappings():
            found[row["target"]].append(act_of(row))
    return found
