"""What a person does about notifications: says what he wants to be told, tries a channel, has what was given up sent again.

Everybody declares for himself only. Right, state, audit row in one transaction; a message itself is sent outside any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from data import audit
from data.actions import Conflict, NotPermitted, NotPossible
from data.notify import send as sender
from data.notify.channel import Channel
from data.notify.message import NotSent, Tell
from data.notify.sending import LEASE, Sender, new_delivery
from data.people import Actor
from data.settings import LANGUAGES, Settings
from data.store.engine import Store
from data.store.tables import delivery, notify_wish
from zones.episode import SEVERITIES
from zones.movement import content_id
from zones.notice import DIGESTS, is_clock
from zones.world import World

BETWEEN_TESTS = timedelta(seconds=20)
_w, _d = notify_wish.c, delivery.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants to be told; see `zones.notice.Wish`. `quiet_from`, `quiet_to`: HH:MM, both or neither."""

    channel: str
    place: str = ""
    address: str = ""
    language: str = "en"
    least: str = "act_now"
    quiet_from: str = ""
    quiet_to: str = ""
    urgent: bool = True
    digest: int = 0


def wish(store: Store, world: World, channels: Mapping[str, Channel], actor: Actor, now: datetime, wanted: Wanted, *, seen: int = 0) -> int:
    """From now on he is told so. `seen`: the version he saw, 0 where there was none. Gives the new version.

    Errors: NotPermitted; Conflict where it was changed meanwhile; NotPossible no_channel, no_place, bad_address, bad_quiet, bad_choice.
    """
    _may(store, actor, now, "notify")
    channel = channels.get(wanted.channel)
    if channel is None:
        raise NotPossible("no_channel")
    if wanted.place and (wanted.place not in world.places or not actor.sees(wanted.place)):
        raise NotPossible("no_place")
    if channel.kind == "mail" and not channel.takes(wanted.address):
        raise NotPossible("bad_address", domains=", ".join(sorted(channel.domains)))
    quiet = (wanted.quiet_from, wanted.quiet_to)
    if any(quiet) and (not all(is_clock(each) for each in quiet) or quiet[0] == quiet[1]):
        raise NotPossible("bad_quiet")
    if wanted.least not in SEVERITIES or wanted.digest not in DIGESTS or wanted.language not in LANGUAGES:
        raise NotPossible("bad_choice")
    values = {name: getattr(wanted, name) for name in ("language", "least", "quiet_from", "quiet_to", "urgent", "digest")}
    values["address"] = wanted.address if channel.kind == "mail" else ""
    with store.act() as conn:
        before = (
            conn.execute(sa.select(notify_wish).where(_own(actor, wanted.channel, wanted.place)).with_for_update()).mappings().one_or_none()
        )
        if (before["version"] if before else 0) != seen:
            raise Conflict("notify", actor.name, before["changed_at"] if before else None, "")
        row = {**values, "version": seen + 1, "changed_at": now}
        if before:
            conn.execute(notify_wish.update().where(_own(actor, wanted.channel, wanted.place)).values(row))
        else:
            conn.execute(notify_wish.insert(), {"person": actor.name, "channel": wanted.channel, "place": wanted.place, **row})
        was = {name: before[name] for name in values} if before else None
        audit.append(conn, at=now, actor=actor, action="notify", object=_object(wanted.channel, wanted.place), before=was, after=values)
    return seen + 1


def forget(store: Store, actor: Actor, now: datetime, channel: str, place: str, *, seen: int) -> None:
    """He is not told so any more; what waits is dropped when it would be sent. Errors: NotPermitted; Conflict."""
    _may(store, actor, now, "notify")
    with store.act() as conn:
        gone = conn.execute(notify_wish.delete().where(_own(actor, channel, place), _w.version == seen)).rowcount
        if not gone:
            raise Conflict("notify_forget", actor.name, None, "")
        audit.append(conn, at=now, actor=actor, action="notify_forget", object=_object(channel, place), before={"version": seen})


def try_channel(
    store: Store, world: World, settings: Settings, actor: Actor, now: datetime, real: datetime, channel: str, place: str, tell: Tell
) -> str:
    """Send a test message through a channel he listens to, now. Gives "" where it was taken, else what the channel said.

    Errors: NotPermitted; NotPossible no_channel, no_wish, too_soon.
    """
    _may(store, actor, now, "notify")
    declared = settings.channels.get(channel)
    if declared is None:
        raise NotPossible("no_channel")
    key = content_id("test", actor.name, channel, real.isoformat())
    with store.act() as conn:
        own = conn.execute(sa.select(notify_wish).where(_own(actor, channel, place)).with_for_update()).mappings().one_or_none()
        if own is None:
            raise NotPossible("no_wish")
        recent = sa.select(_d.delivery_id).where(_d.person == actor.name, _d.kind == "test", _d.first_try_at > real - BETWEEN_TESTS)
        if conn.execute(recent.limit(1)).first():
            raise NotPossible("too_soon", seconds=int(BETWEEN_TESTS.total_seconds()))
        leased = {"kind": "test", "tries": 1, "fence": 1, "first_try_at": real, "leased_until": real + LEASE, "place": place}
        conn.execute(delivery.insert(), new_delivery(key, actor.name, channel, now, real, **leased))
        audit.append(conn, at=now, actor=actor, action="notify_test", object=_object(channel, place), after={"key": key})
    one = Sender(store, world, declared, tell, settings.public_url, lambda: (now, real), settings.default_language)
    error = ""
    try:
        sender.send(declared, one.message(key, actor.name, own["address"], own["language"], [], now))
    except NotSent as failed:
        error = str(failed)
    with store.act() as conn:
        done: dict[str, Any] = {"state": "failed" if error else "sent", "error": error, "done_at": now, "leased_until": None}
        conn.execute(delivery.update().where(_d.delivery_id == key).values(done))
    return error


def send_again(store: Store, actor: Actor, now: datetime, real: datetime, delivery_id: str) -> None:
    """What was given up waits again, under the same key. His own, or any within reach of who may `see_notices`.

    Errors: NotPermitted; NotPossible not_dead.
    """
    with store.act() as conn:
        row = conn.execute(sa.select(delivery).where(_d.delivery_id == delivery_id).with_for_update()).mappings().one_or_none()
        own = row is not None and row["person"] == actor.name and actor.may("notify")
        allowed = own or (row is not None and actor.may("see_notices") and actor.sees(row["place"]))
        if allowed and row is not None and row["state"] == "dead":
            again = {"state": "waiting", "tries": 0, "first_try_at": None, "retry_at": real, "not_before": now, "made_at": row["made_at"]}
            conn.execute(delivery.update().where(_d.delivery_id == delivery_id).values({**again, "error": "", "done_at": None}))
            about = {"person": row["person"], "channel": row["channel"], "error": row["error"]}
            audit.append(conn, at=now, actor=actor, action="notify_again", object=f"delivery:{delivery_id}", before=about)
    if not allowed:
        _denied(store, actor, now, "notify_again", f"delivery:{delivery_id[:64]}")
    if row is None or row["state"] != "dead":
        raise NotPossible("not_dead")


def _may(store: Store, actor: Actor, now: datetime, act: str) -> None:
    if not actor.may(act):
        _denied(store, actor, now, act, f"person:{actor.name}")


def _denied(store: Store, actor: Actor, now: datetime, act: str, what: str) -> None:
    """Put the refusal on record. Errors: NotPermitted."""
    with store.act() as conn:
        audit.append(conn, at=now, actor=actor, action="denied", object=what, reason=act)
    raise NotPermitted(f"{actor.role} {actor.name} may not {act}")


def _own(actor: Actor, channel: str, place: str) -> sa.ColumnElement[bool]:
    return sa.and_(_w.person == actor.name, _w.channel == channel, _w.place == place)


def _object(channel: str, place: str) -> str:
    return f"notify:{channel[:64]}" + (f"/{place[:64]}" if place else "")
