"""From a stay, a movement, an alert, a lot of goods or a line of a ledger down to the messages: every step of the way a figure came.

The pages that show evidence ask the same questions in `data.queries`; this one is for the shell, and for whoever must put it on paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import Row
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from zones.uom import Quantity
from zones.world import World

LOT = "lot:"
_e = t.entry.c

REPORT = (
    *("report_id", "status", "canonical", "publisher", "feed", "event", "occurred_at", "occurred_text", "precision", "zone_from"),
    *("received_at", "position", "why"),
)
FACT = (
    *("fact_id", "status", "kind", "agency", "reason", "hold_ref", "about", "reference", "effective_at", "received_at", "position"),
    "why",
)
SIGNAL = (
    *("signal_id", "status", "device", "kind", "publisher", "feed", "occurred_at", "received_at", "lat", "lon", "temp", "set_temp"),
    *("position", "why"),
)
MESSAGE = (
    *("message_id", "name", "feed", "state", "reason", "reference", "received_at", "stored_at", "sha256", "file_sha256", "start"),
    "bytes",
)
LINE = (
    *("entry_id", "standing", "act", "side", "book", "place", "operator", "pool", "lot", "item", "at", "at_text", "precision", "zone_from"),
    *("effective_at", "received_at", "owner", "to_owner", "status", "to_status", "area"),
    *("to_area", "declaration", "permit", "process", "equipment", "function", "faults", "publisher", "feed", "position", "why"),
)
STAY = (
    "stay_id",
    "equipment",
    "place",
    "direction",
    "direction_from",
    "entered_at",
    "entered_not_after",
    "left_at",
    "left_by",
    "held",
    "dwell_minutes",
)
MOVEMENT = ("movement_id", "equipment", "place", "event", "occurred_at", "effect", "reports", "publishers", "disagreement", "stay_id")
ALERT = (
    "alert_id",
    "rule",
    "rule_version",
    "subject",
    "severity",
    "condition",
    "began_at",
    "ended_at",
    "known_at",
    "recorded_at",
    "limit",
    "limit_version",
)


def explain(store: Store, world: World, id: str) -> dict[str, Any]:
    """What an id follows from; {} where nothing is known by it."""
    with store.read(patient=True) as conn:
        for name, table, tell in (("stay", t.stay, _stay), ("movement", t.movement, _movement), ("alert", t.alert, _alert)):
            row = conn.execute(sa.select(table).where(table.c[f"{name}_id"] == id)).mappings().first()
            if row is not None:
                return {"kind": name, **tell(conn, dict(row))}
        if id.startswith(LOT):
            return _lot(conn, id)
        line = conn.execute(sa.select(t.entry).where(_e.entry_id == id)).mappings().first()
        return {"kind": "line", **_line(conn, dict(line))} if line is not None else {}


def _stay(conn: Connection, row: Row) -> dict[str, Any]:
    m = t.movement.c
    happened = conn.execute(
        sa.select(t.movement).where(m.equipment == row["equipment"], m.stay_id == row["stay_id"]).order_by(m.occurred_at, m.movement_id)
    ).mappings()
    about = _facts(conn, t.fact.c.equipment == row["equipment"])
    return {**_only(row, STAY), "movements": [_movement(conn, dict(one)) for one in happened], "customs": about}


def _movement(conn: Connection, row: Row) -> dict[str, Any]:
    r = t.report.c
    return {
        **_only(row, MOVEMENT),
        "told_by": _reports(conn, sa.and_(r.equipment == row["equipment"], r.movement_id == row["movement_id"])),
    }


def _alert(conn: Connection, row: Row) -> dict[str, Any]:
    line = t.alert_line.c
    journal = conn.execute(sa.select(t.alert_line).where(line.alert_id == row["alert_id"]).order_by(line.line)).mappings()
    work = conn.execute(sa.select(t.alert_work).where(t.alert_work.c.alert_id == row["alert_id"])).mappings().first()
    ids = list(row["evidence"])
    receipts = conn.execute(sa.select(t.receipt).where(t.receipt.c.receipt_id.in_(ids))).mappings()
    return {
        **_only(row, ALERT),
        "because": {"key": row["because_key"], **{name: value["v"] for name, value in row["because_values"].items()}},
        "spells": row["spells"],
        "steps": row["steps"],
        "reports": _reports(conn, sa.and_(t.report.c.equipment == row["equipment"], t.report.c.report_id.in_(ids)))
        if row["equipment"]
        else [],
        "customs": _facts(conn, t.fact.c.fact_id.in_(ids)),
        "signals": _signals(conn, sa.and_(t.signal.c.equipment == row["equipment"], t.signal.c.signal_id.in_(ids)))
        if row["equipment"]
        else [],
        "lines": _lines(conn, _e.entry_id.in_(ids)),
        "receipts": [_only(dict(one), ("receipt_id", "feed", "name", "received_at", "file_sha256")) for one in receipts],
        "work": _only(dict(work), ("work", "assignee", "outcome", "shelved_until")) if work else {},
        "journal": [_only(dict(one), ("line", "at", "by", "what", "values", "cause")) for one in journal],
    }


def _reports(conn: Connection, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = [
        dict(row)
        for row in conn.execute(sa.select(t.report).where(where).order_by(t.report.c.received_at, t.report.c.report_id)).mappings()
    ]
    return _with_messages(conn, rows, REPORT)


def _facts(conn: Connection, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = [dict(row) for row in conn.execute(sa.select(t.fact).where(where).order_by(t.fact.c.effective_at, t.fact.c.fact_id)).mappings()]
    return _with_messages(conn, rows, FACT)


def _lot(conn: Connection, id: str) -> dict[str, Any]:
    """A lot, `lot:place/operator/lot`: its lines in both books; by the pool that it is in, else by its own name."""
    place, _, rest = id.removeprefix(LOT).partition("/")
    operator, _, name = rest.partition("/")
    for column in (_e.pool, _e.lot):
        if lines := _lines(conn, sa.and_(_e.place == place, _e.operator == operator, column == name)):
            return {"kind": "lot", "place": place, "operator": operator, "lot": name, "lines": lines}
    return {}


def _line(conn: Connection, row: Row) -> dict[str, Any]:
    """A line of a ledger, with the lines that let in what it took."""
    (told,) = _lines(conn, _e.entry_id == row["entry_id"])
    sources = [one.source for one in row["traces"] or () if one.source]
    return {**told, "came_in_by": _lines(conn, _e.entry_id.in_(sources))}


def _lines(conn: Connection, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = [dict(row) for row in conn.execute(sa.select(t.entry).where(where).order_by(_e.at, _e.entry_id)).mappings()]
    return [{**told, **_amounts(row)} for told, row in zip(_with_messages(conn, rows, LINE), rows, strict=True)]


def _amounts(row: Row) -> dict[str, Any]:
    """How much, and where what a line took came in; without a line that let it in, nothing did."""
    told = {
        "quantity": (row["quantity"], row["uom"]),
        "net": (row["net_mg"], "KGM"),
        "value": (None if row["value"] is None else row["value"] * 100, row["currency"]),
    }
    found: dict[str, Any] = {name: str(Quantity(n, unit)) for name, (n, unit) in told.items() if n is not None}
    traces = [{"line": one.source, "quantity": str(Quantity(one.quantity, one.uom))} for one in row["traces"] or ()]
    return found | ({"traces": traces} if traces else {})


def _signals(conn: Connection, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    s = t.signal.c
    rows = [dict(row) for row in conn.execute(sa.select(t.signal).where(where).order_by(s.occurred_at, s.signal_id)).mappings()]
    return _with_messages(conn, rows, SIGNAL)


def _with_messages(conn: Connection, rows: list[Row], names: Iterable[str]) -> list[dict[str, Any]]:
    messages: dict[str, dict[str, Any]] = {}
    for chunk in in_chunks(sorted({row["message_id"] for row in rows}), 400):
        for found in conn.execute(sa.select(t.message).where(t.message.c.message_id.in_(chunk))).mappings():
            messages[found["message_id"]] = {**_only(dict(found), MESSAGE), **_archived(conn, found["feed"], found["file_sha256"])}
    return [{**_only(row, names), "message": messages.get(row["message_id"], {})} for row in rows]


def _archived(conn: Connection, feed: str, file_sha256: str) -> dict[str, Any]:
    """The archives of this feed that the message's file came in, with its number and name there."""
    m, r = t.member.c, t.receipt.c
    told = sa.select(m.number, m.name, m.archive_sha256, r.name.label("archive"), r.receipt_id, r.received_at)
    found = told.where(m.file_sha256 == file_sha256, r.feed == feed, r.file_sha256 == m.archive_sha256)
    rows = [_only(dict(row), row.keys()) for row in conn.execute(found.order_by(r.received_at, m.number).limit(20)).mappings()]
    return {"in_archives": rows} if rows else {}


def _only(row: Row, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in names if row[name] not in (None, "", [])}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
