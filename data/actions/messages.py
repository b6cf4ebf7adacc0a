"""What people do with messages: reading one again, deciding which of several stands under a reference that was used more than once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data import audit, references
from data.actions._act import Conflict, NotPermitted, NotPossible, in_words
from data.people import Actor
from data.reread import reread
from data.settings import Settings
from data.store.engine import Store
from data.store.tables import message
from zones.world import World


def read_again(store: Store, world: World, settings: Settings, actor: Actor, now: datetime, message_id: str) -> dict[str, Any]:
    """Read a kept message again with today's reader, and say so in the audit journal. Errors: NotPermitted.

    Gives what `data.reread` counted. What follows for alerts is judged with the next judging.
    """
    with store.read() as conn:
        feed = conn.execute(sa.select(message.c.feed).where(message.c.message_id == message_id)).scalar()
    place = next((known.place for known in (*world.feeds, *world.hands) if known.id == feed), None)
    allowed = actor.may("reread") and place is not None and actor.sees(place)
    said = "reread" if allowed else "denied"
    with store.act() as conn:
        audit.append(conn, at=now, actor=actor, action=said, object=f"message:{message_id[:64]}", reason="reread")
    if not allowed:
        raise NotPermitted(f"{actor.role} {actor.name} may not read message {message_id[:64]} again")
    return reread(store, world, settings, now, message=message_id)


@dataclass(frozen=True, slots=True)
class Settled:
    """Which messages stand under a reference now. Not `changed`: it was decided so already."""

    standing: tuple[str, ...]
    changed: bool = True


def settle_reference(
    store: Store,
    world: World,
    settings: Settings,
    actor: Actor,
    now: datetime,
    message_id: str,
    *,
    choice: str,
    reason: str,
    seen: int | None = None,
) -> Settled:
    """Of several messages under one reference this one stands: `instead` of the others, or, with those that stand, `both`.

    Carried out at once, whatever arrives later; `seen` is the number of decisions that the person saw. What follows for alerts is judged
    with the next judging. Errors: NotPermitted; Conflict; NotPossible no_text, long_text, no_choice, stands_alone (there is nothing to
    decide), stands_already, bytes_missing (the kept bytes are gone).
    """
    with store.read() as conn:
        row = conn.execute(sa.select(message).where(message.c.message_id == message_id)).mappings().one_or_none()
    place = next((known.place for known in world.feeds if row is not None and known.id == row["feed"]), None)
    if row is None or place is None or not actor.may("settle_reference") or not actor.sees(place):
        with store.act() as conn:
            audit.append(conn, at=now, actor=actor, action="denied", object=f"message:{message_id[:64]}", reason="settle_reference")
        raise NotPermitted(f"{actor.role} {actor.name} may not settle the reference of message {message_id[:64]}")
    said = in_words(reason)
    if choice not in references.CHOICES:
        raise NotPossible("no_choice")
    told = None
    if row["outdone_by"]:  # read before the database is held: whether it is still so is seen then
        try:
            told = references.read(store, world, settings, dict(row))
        except OSError as error:
            raise NotPossible("bytes_missing") from error
    with store.write() as conn:
        now_row = conn.execute(sa.select(message).where(message.c.message_id == message_id)).mappings().one()
        found = references.case(conn, now_row)
        if found is None:
            raise NotPossible("stands_alone")
        last = found.decisions[-1] if found.decisions else None
        before, after = found.standing, references.wanted(found, message_id, choice)
        mine = last is not None and (last["decided_by"], last["message_id"], last["choice"]) == (actor.name, message_id, choice)
        if mine and set(before) == set(after):
            return Settled(tuple(before), changed=False)
        if seen is not None and seen != len(found.decisions):
            raise Conflict("settle_reference", last["decided_by"] if last else "", last["decided_at"] if last else None, "")
        if bool(now_row["outdone_by"]) != (told is not None) or now_row["received_at"] != row["received_at"]:
            raise Conflict("settle_reference", "", None, "")  # while it was read
        if choice == "both" and message_id in before:
            raise NotPossible("stands_already")
        words = {"choice": choice, "decided_at": now, "decided_by": actor.name, "reason": said}
        references.decide(conn, world, found, dict(now_row), after, told, **words)
        audit.append(
            conn,
            at=now,
            actor=actor,
            action="settle_reference",
            object=f"message:{message_id}",
            before={"standing": before},
            after={"standing": after, "choice": choice},
            reason=said,
        )
    return Settled(tuple(after))
