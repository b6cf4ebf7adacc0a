"""What people record from paper while systems are down: one writes it down, another reads it against the paper and accepts or refuses.

Only then it is received, as a message like any other (data/by_hand.py). Right, place, audit row; what is refused is on record.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import audit, clock
from data.actions import Conflict, NotPermitted, NotPossible, in_words
from data.by_hand import ACCEPTED, REFUSED, WAITS, WITHDRAWN, deliver_accepted, entry_of, filled, looked_at, message_of, tidied
from data.keep import Row
from data.people import Actor
from data.raw import RawFailed
from data.settings import Settings
from data.store import tables as t
from data.store.bulk import insert_new
from data.store.engine import Store
from zones.movement import content_id
from zones.place import Place
from zones.world import World

log = logging.getLogger(__name__)
MOST = 200  # rows of one batch: more is a file of a source, not of a pen
TAKEN_BACK = ("event", "equipment", "bill", "occurred_at", "agency", "hold_ref", "paper_ref")


def record(
    store: Store, world: World, actor: Actor, now: datetime, place: str, rows: Sequence[Mapping[str, Any]], *, note: str = ""
) -> str:
    """Write down what stands on paper, for another person to read against it; gives the batch.

    Told twice at the same moment it is one. Errors: NotPermitted; NotPossible no_rows, too_many, unsound (n rows cannot be read).
    """
    own = _may(store, world, actor, now, place, "record_by_hand")
    told = [row for row in map(tidied, rows) if filled(row)]
    if not told:
        raise NotPossible("no_rows")
    if len(told) > MOST:
        raise NotPossible("too_many", most=MOST)
    if unsound := sum(not each.sound for each in looked_at(own, actor.name, told)):
        raise NotPossible("unsound", n=unsound)
    return _wait(store, actor, now, own.id, told, note)


def take_back(store: Store, world: World, actor: Actor, now: datetime, batch_id: str, number: int, *, reason: str) -> str:
    """A row of an accepted batch was wrong: that, too, is written down for another person to accept; gives the new batch.

    Errors: NotPermitted; NotPossible no_text, long_text, no_entry (there is no such row that was accepted).
    """
    with store.read() as conn:
        batch = conn.execute(sa.select(t.by_hand).where(t.by_hand.c.batch_id == batch_id)).mappings().one_or_none()
    own = _may(store, world, actor, now, batch["place"] if batch else "", "record_by_hand")
    said = in_words(reason)
    rows = batch["rows"] if batch and batch["state"] == ACCEPTED else []
    if not 1 <= number <= len(rows):
        raise NotPossible("no_entry")
    kept = {name: rows[number - 1].get(name, "") for name in TAKEN_BACK}
    return _wait(store, actor, now, own.id, [tidied({**kept, "takes_back": entry_of(batch_id, number), "remark": said})], said)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message that a batch becomes. Not `kept`: the disk refused it just now, and the worker tries again."""

    message_id: str
    kept: bool = True


def accept(store: Store, world: World, settings: Settings, actor: Actor, now: datetime, batch_id: str) -> Accepted:
    """I have read it against the paper: it is received, now. Errors: NotPermitted; NotPossible second_person; Conflict where somebody else
    was first."""
    with _deciding(store, world, actor, now, batch_id, "read_by_hand") as (conn, batch, place):
        if batch["recorded_by"] == actor.name:
            raise NotPossible("second_person")
        message_id = message_of(place, batch, actor.name)
        _decide(conn, actor, now, batch, ACCEPTED, "", message_id=message_id)
    try:
        deliver_accepted(store, world, settings, clock.real_now())
    except (OSError, RawFailed):
        log.exception("what was accepted by hand could not be kept yet")
        return Accepted(message_id, kept=False)
    return Accepted(message_id)


def refuse(store: Store, world: World, actor: Actor, now: datetime, batch_id: str, *, reason: str) -> str:
    """It is not what stands on the paper. Who recorded it takes it back himself. Gives its state.

    Errors: NotPermitted; NotPossible no_text, long_text; Conflict.
    """
    said = in_words(reason)
    with _deciding(store, world, actor, now, batch_id, "read_by_hand") as (conn, batch, _):
        state = WITHDRAWN if batch["recorded_by"] == actor.name else REFUSED
        _decide(conn, actor, now, batch, state, said)
    return state


def _may(store: Store, world: World, actor: Actor, now: datetime, place: str, act: str, about: str = "") -> Place:
    """The place, where this person may do that there; a refusal is put on record. Errors: NotPermitted."""
    own = world.places.get(place)
    if own is None or not actor.may(act) or not actor.sees(place):
        with store.act() as conn:
            audit.append(conn, at=now, actor=actor, action="denied", object=about or f"place:{place[:64]}", reason=act)
        raise NotPermitted(f"{actor.role} {actor.name} may not {act} at {place[:64]}")
    return own


def _wait(store: Store, actor: Actor, now: datetime, place: str, rows: list[dict[str, str]], note: str) -> str:
    """The batch waits for a second reader."""
    batch_id = content_id(place, actor.name, now.isoformat(), json.dumps(rows, sort_keys=True))
    row = {"batch_id": batch_id, "place": place, "rows": rows, "recorded_by": actor.name, "recorded_at": now, "note": note[:400]}
    with store.act() as conn:
        if insert_new(conn, t.by_hand, [{**row, "state": WAITS}]):
            after = {"place": place, "rows": len(rows), "papers": sorted({each["paper_ref"] for each in rows})}
            audit.append(conn, at=now, actor=actor, action="record_by_hand", object=f"by_hand:{batch_id}", after=after, reason=note[:400])
    return batch_id


@contextmanager
def _deciding(store: Store, world: World, actor: Actor, now: datetime, batch_id: str, act: str) -> Iterator[tuple[Connection, Row, Place]]:
    """The batch, locked, while it waits. Errors: NotPermitted; Conflict where it was decided already."""
    b = t.by_hand.c
    asked = sa.select(t.by_hand).where(b.batch_id == batch_id)
    with store.read() as conn:
        place = conn.execute(sa.select(b.place).where(b.batch_id == batch_id)).scalar() or ""
    own = _may(store, world, actor, now, place, act, f"by_hand:{batch_id[:64]}")
    with store.act() as conn:
        batch = dict(conn.execute(asked.with_for_update()).mappings().one())
        if batch["state"] != WAITS:
            raise Conflict(act, batch["decided_by"], batch["decided_at"], batch["state"])
        yield conn, batch, own


def _decide(conn: Connection, actor: Actor, now: datetime, batch: Row, state: str, reason: str, message_id: str = "") -> None:
    decided = {"state": state, "decided_by": actor.name, "decided_at": now, "reason": reason, "message_id": message_id}
    conn.execute(t.by_hand.update().where(t.by_hand.c.batch_id == batch["batch_id"]).values(decided))
    after = {"state": state, "message": message_id} if message_id else {"state": state}
    before = {"state": batch["state"], "recorded_by": batch["recorded_by"]}
    name = f"by_hand:{batch['batch_id']}"
    audit.append(conn, at=now, actor=actor, action="read_by_hand", object=name, before=before, after=after, reason=reason)
