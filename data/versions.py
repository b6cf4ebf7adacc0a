"""Statements that their sources gave an id: which of several tellings stands, whatever box or document each was about.

A source may tell a statement again under its id, of another box even, or take it back, before or after it reached us. Reports are settled
by the fold of their box (`zones.report.standing`), which is handed what was told besides. Customs facts and signals have no fold of their
own, so what each counts as is settled here, row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import RETRACT, RETRACTED, Kept, News, Row, SourceId, fact_status, retracted, span, told_by
from data.known import as_known, known
from data.store import tables as t
from data.store.bulk import in_chunks, update_rows
from data.told import fact_of, report_of, signal_of
from zones.customs import counted
from zones.report import AHEAD, UNTOLD, Report, Version, latest, version_of
from zones.world import World

FACT_KEY = ("fact_id",)
SIGNAL_KEY = ("equipment", "signal_id")
Stands = Mapping[SourceId, Version]


def told(conn: Connection, ids: Iterable[SourceId], known_at: datetime | None = None) -> list[Version]:
    """Every kept telling of these statements: as reports, as customs facts, as retractions; with `known_at` those known then."""
    wanted = set(ids)
    found: list[Version] = []
    for table, names in ((t.report, _REPORT), (t.fact, _FACT), (t.signal, _SIGNAL)):
        c = table.c
        columns = [c[name] for name in (*names, "outread", "outread_at")]
        for chunk in in_chunks(sorted({source_id for _, source_id in wanted}), 400):
            question: sa.Select[Any] = sa.select(*columns).where(c.source_id.in_(chunk), t.TOLD_ID, c.given.not_in(UNTOLD))
            question = question.where(*known(table, known_at))
            rows = [as_known(row, known_at) for row in conn.execute(question).mappings()]
            found += [_version(row) for row in rows if (row["publisher"], row["source_id"]) in wanted and not row["outread"]]
    a = t.document_act.c
    by_target = {retracted(*key): key for key in wanted}
    for chunk in in_chunks(sorted(by_target), 400):
        taken: sa.Select[Any] = sa.select(a.target, a.message_id, a.at, a.received_at).where(a.target.in_(chunk), a.act == RETRACT)
        if known_at is not None:
            taken = taken.where(a.received_at <= known_at)
        found += [Version(*by_target[row.target], row.message_id, row.at, row.received_at, True) for row in conn.execute(taken)]
    return found


def retold(conn: Connection, news: News) -> set[SourceId]:
    """The statements in the news that are told more than once, with what is kept; to be asked before the news is kept."""
    turns = {_turn(row) for row in (*news.reports, *news.facts, *news.signals) if row["source_id"]}  # a message's words are one telling
    told_now = Counter((publisher, source_id) for publisher, source_id, *_ in turns)
    told_now.update(told_by(row["target"]) for row in news.acts if row["act"] == RETRACT)
    before = {(version.publisher, version.source_id) for version in told(conn, told_now)} if told_now else set()
    cancelled = {(publisher, source_id) for publisher, source_id, cancel, *_ in turns if cancel}
    return {key for key, times in told_now.items() if times > 1} | before | cancelled | news.sources


def boxes(conn: Connection, news: News, ids: set[SourceId]) -> set[str]:
    """The boxes that the statements were ever told of; and those of which one occasion is told again."""
    found = {row["equipment"] for row in news.reports if (row["publisher"], row["source_id"]) in ids}
    r = t.report.c
    for chunk in in_chunks(sorted({source_id for _, source_id in ids}), 400):
        kept = sa.select(r.equipment, r.publisher, r.source_id).where(r.source_id.in_(chunk), t.TOLD_ID)
        found.update(row.equipment for row in conn.execute(kept) if (row.publisher, row.source_id) in ids)
    on = Counter((row["equipment"], row["publisher"], row["occasion"]) for row in news.reports if row["occasion"])
    found.update(box for (box, _, _), times in on.items() if times > 1)
    for chunk in in_chunks(sorted({box for box, _, _ in on}), 400):
        kept = sa.select(r.equipment, r.publisher, r.occasion).where(r.equipment.in_(chunk), t.ON_OCCASION)
        found.update(row.equipment for row in conn.execute(kept) if tuple(row) in on)
    return found


def settle_told(conn: Connection, world: World, ids: set[SourceId], news: News) -> tuple[list[Row], list[Row]]:
    """Write what the customs facts and the signals among these statements count as, in the news too; gives the rows of each that count
    otherwise than before. The reports among the news are not in the database yet.
    """
    if not ids:
        return [], []
    stands = latest((*told(conn, ids), *(_version(row) for row in news.reports if row["source_id"] and row["given"] not in UNTOLD)))
    facts = _settled(conn, world, t.fact, FACT_KEY, ids, stands, news.facts)
    return facts, _settled(conn, world, t.signal, SIGNAL_KEY, ids, stands, news.signals)


def _settled(
    conn: Connection, world: World, table: sa.Table, key: tuple[str, ...], ids: set[SourceId], stands: Stands, news: list[Row]
) -> list[Row]:
    changed: list[Row] = []
    own = key[-1]
    for chunk in in_chunks(sorted({source_id for _, source_id in ids}), 400):
        kept = conn.execute(sa.select(table).where(table.c.source_id.in_(chunk), t.TOLD_ID)).mappings().all()
        counting = [{**row, "status": status_of(world, row, stands)} for row in kept if (row["publisher"], row["source_id"]) in ids]
        was = {row[own]: row["status"] for row in kept}
        changed += [row for row in counting if row["status"] != was[row[own]]]
    update_rows(conn, table, [{name: row[name] for name in (*key, "status")} for row in changed], key)
    now = {row[own]: row["status"] for row in changed}
    for row in news:
        row["status"] = now.get(row[own], row["status"])
    return changed


def alone_of(world: World, row: Kept) -> str:
    """What a kept fact or signal counts as without looking at others."""
    if row["function"] == "cancel" and row["given"] == "live":
        return RETRACTED  # as it was kept (data.keep)
    return _alone(world, row)


def _alone(world: World, row: Kept) -> str:
    at = row["effective_at"] if "effective_at" in row else row["occurred_at"]
    return fact_status(row["given"], at, row["received_at"], span(world.place(row["place"])))


def status_of(world: World, row: Kept, stands: Stands) -> str:
    """What a kept fact or signal counts as, given the tellings that stand."""
    return counted(fact_of(row) if "fact_id" in row else signal_of(row), _alone(world, row), stands)


def as_counted(conn: Connection, world: World, rows: Sequence[Row], known_at: datetime) -> list[Row]:
    """Rows of facts or signals with the status that each had by what was known at a moment."""
    stands = latest(told(conn, {(row["publisher"], row["source_id"]) for row in rows if row["source_id"]}, known_at))
    return [{**row, "status": status_of(world, row, stands)} if row["source_id"] else row for row in rows]


def _turn(row: Kept) -> tuple[Any, ...]:
    return row["publisher"], row["source_id"], row["function"] == "cancel", row["updated_at"], row["received_at"], row["message_id"]


def _version(row: Kept) -> Version:
    """A row of a report, of a customs fact or of a signal, or the columns of it that are asked for here, as one telling."""
    if "event" in row:
        return version_of(report_of(row, None))
    at, words = (row["effective_at"], _FACT_WORDS) if "effective_at" in row else (row["occurred_at"], _SIGNAL_WORDS)
    cancel = row["function"] == "cancel"
    ahead = at is not None and at > row["received_at"] + AHEAD
    said = (ahead, *(row[name] for name in words))
    return Version(row["publisher"], row["source_id"], row["message_id"], row["updated_at"], row["received_at"], cancel, said)


_FACT_WORDS = (
    *("kind", "about", "reference", "equipment", "bill", "declaration", "booking", "agency", "reason", "hold_ref", "effective_at"),
    *("precision", "place", "given", "function", "result", "remark", "to"),
)
_SIGNAL_WORDS = (
    *("kind", "equipment", "device", "occurred_at", "precision", "place", "given", "function", "lat", "lon", "temp", "set_temp", "remark"),
)
_SIGNAL = ("publisher", "source_id", "message_id", "updated_at", "received_at", *_SIGNAL_WORDS)
_FACT = ("publisher", "source_id", "message_id", "updated_at", "received_at", *_FACT_WORDS)
_REPORT = tuple(name for name in Report.__struct_fields__ if name != "horizon")
