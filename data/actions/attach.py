"""Putting a photograph or a document to an alert: kept byte for byte in the raw store under its hash, one row, one line, one audit row."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.actions._act import Case, Change, Done, NotPossible, act, if_in_words
from data.people import Actor
from data.raw import Raw
from data.settings import Settings
from data.store.engine import Store
from data.store.tables import alert, attachment
from zones import attachment as may

LONGEST_NAME = 120


def attach(store: Store, settings: Settings, actor: Actor, alert_id: str, now: datetime, *, name: str, data: bytes, text: str = "") -> Done:
    """Attach a file. What it is its content says; `name` is what the sender calls it, and only shown.

    NotPossible: too_large, not_an_attachment (neither PNG, JPEG, WebP nor PDF), too_many, attached_already. Errors: OSError where it
    cannot be kept; then nothing is written.
    """
    kind = may.kind_of(data[:64])

    def plan(case: Case) -> Change:
        if len(data) > may.LARGEST:
            raise NotPossible("too_large", mb=may.LARGEST >> 20)
        if not kind:
            raise NotPossible("not_an_attachment")
        said, sha256 = if_in_words(text), hashlib.sha256(data).hexdigest()
        has = case.conn.execute(sa.select(attachment).where(attachment.c.alert_id == alert_id)).mappings().all()
        same = next((row for row in has if row["sha256"] == sha256), None)
        told = {"name": plain_name(name), "kind": kind, "bytes": len(data), "sha256": sha256, **({"text": said} if said else {})}
        if same is not None and (same["by"], same["text"]) != (actor.name, said):
            raise NotPossible("attached_already", name=same["by"])
        if same is None and len(has) >= may.MOST:
            raise NotPossible("too_many", most=may.MOST)
        if same is not None:
            return Change({}, told, stands=True)
        row = {"alert_id": alert_id, "number": len(has) + 1, "at": now, "by": actor.name, **told, "text": said}
        return Change({}, told, reason=said, writes=lambda conn: _insert(conn, row))

    if kind and len(data) <= may.LARGEST and _within_reach(store, actor, alert_id):
        raw = Raw(settings.home)
        raw.keep(io.BytesIO(data))
        raw.settle()  # before the database says that it is kept
    return act(store, actor, alert_id, now, "attach", plan, None)


def _insert(conn: Connection, row: dict[str, Any]) -> None:
    conn.execute(attachment.insert(), row)


def plain_name(name: str) -> str:
    """A sender's file name as it is shown: its last part, without signs that no line shows (a name must not look like another one)."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in last if char.isprintable() and unicodedata.category(char) != "Cf").strip()
    return shown[:LONGEST_NAME]


def _within_reach(store: Store, actor: Actor, alert_id: str) -> bool:
    """Whether it would be let in: nobody else fills the disk."""
    with store.read() as conn:
        place = conn.execute(sa.select(alert.c.place).where(alert.c.alert_id == alert_id)).scalar()
    return place is not None and actor.may("attach") and actor.sees(place)
