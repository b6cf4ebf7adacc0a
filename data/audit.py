"""The audit journal: one row an act, chained by hash, appended in the transaction of the act itself.

hash = SHA-256 over the canonical JSON of the row, which holds the hash of the row before it. Triggers refuse UPDATE and DELETE. Whoever
owns the database can still write the whole chain anew: only a head kept elsewhere shows that (`head` gives it, `verify` takes it).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.store.tables import audit

if TYPE_CHECKING:
    from data.people import Actor

APPENDING = 0x41554449  # the advisory lock under which rows get their numbers on PostgreSQL
FIRST = "0" * 64


def append(
    conn: Connection,
    *,
    at: datetime,
    actor: Actor,
    action: str,
    object: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> int:
    """Add one row within the caller's transaction, as its last step (it holds the journal's lock until the commit); gives its number.

    `before` and `after` hold texts, whole numbers, truth values, times, lists and mappings of these; a float raises TypeError, since
    databases write floats in their own ways and the chain would not verify.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(APPENDING)))
    seq, prev_hash = head(conn)
    row: dict[str, Any] = {
        "seq": seq + 1,
        "at": at.astimezone(UTC),
        "actor": _plain(actor.id),
        "role": _plain(actor.role),
        "address": _plain(actor.address),
        "action": _plain(action),
        "object": _plain(object),
        "before": _plain(before),
        "after": _plain(after),
        "reason": _plain(reason),
        "prev_hash": prev_hash,
    }
    conn.execute(audit.insert(), row | {"hash": row_hash(row)})
    return seq + 1


def head(conn: Connection) -> tuple[int, str]:
    """Number and hash of the last row; (0, zeros) before the first."""
    last = conn.execute(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).one_or_none()
    return (last.seq, last.hash) if last else (0, FIRST)


def verify(conn: Connection, kept: tuple[int, str] | None = None) -> int | None:
    """The first number at which the chain does not hold, or None. `kept`: a head noted down elsewhere; it must still be in the chain."""
    expected, before = 0, FIRST
    with conn.execute(sa.select(audit).order_by(audit.c.seq).execution_options(yield_per=5000)) as rows:
        for row in rows.mappings():
            expected += 1
            if row["seq"] != expected or row["prev_hash"] != before or row["hash"] != row_hash(dict(row)):
                return expected
            before = row["hash"]
            if kept and kept[0] == expected and kept[1] != before:
                return expected
    return expected + 1 if kept and kept[0] > expected else None


def row_hash(row: Mapping[str, Any]) -> str:
    """The hash of a row, from all its columns but `hash`."""
    said = {name: row[name] for name in ("seq", "actor", "role", "address", "action", "object", "before", "after", "reason", "prev_hash")}
    said["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The value as both databases give it back: times as text, no NUL and no half characters (PostgreSQL keeps neither)."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in (sorted(value) if isinstance(value, set | frozenset) else value)]
    raise TypeError(f"{type(value).__name__} in an audit row")
