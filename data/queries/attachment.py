"""What was attached to an alert: the list, and the bytes of one, as they were kept or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import where_place
from data.raw import Raw
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store
from zones.attachment import KINDS

Row = Mapping[str, Any]


class Damaged(Exception):
    """The kept file is missing, or is not what was kept."""


@dataclass(frozen=True, slots=True)
class Content:
    """One attachment. `name`: our own, fit for any file system."""

    data: bytes
    mime: str
    name: str
    sha256: str


def of(conn: Connection, alert_id: str) -> tuple[Row, ...]:
    """Everything attached to an alert (which the caller has found within reach), in order."""
    a = t.attachment.c
    rows = conn.execute(sa.select(t.attachment).where(a.alert_id == alert_id).order_by(a.number)).mappings()
    return tuple(dict(row) for row in rows)


def content(store: Store, actor: Actor, settings: Settings, alert_id: str, number: int) -> Content | None:
    """The bytes; None where there is none within reach (of who may see the alert). Errors: Damaged, Refused."""
    actor.must("see")
    a = t.attachment.c
    question = sa.select(a.sha256, a.kind).join(t.alert, t.alert.c.alert_id == a.alert_id)
    with store.read() as conn:
        own = (a.alert_id == alert_id, a.number == number, where_place(actor, t.alert.c.place))
        row = conn.execute(question.where(*own)).one_or_none()
    if row is None:
        return None
    try:
        data = Raw(settings.home).path(row.sha256).read_bytes()
    except OSError as error:
        raise Damaged(f"{row.sha256} cannot be read: {error.strerror or error}") from error
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise Damaged(f"{row.sha256} is not what was kept")
    return Content(data, KINDS[row.kind], f"alert-{alert_id[:8]}-{number}.{'jpg' if row.kind == 'jpeg' else row.kind}", row.sha256)
