"""How boxes stand now: held, by whom and since when; no hold known; or we cannot tell, and why. Where each is, or was last.

A hold goes with the box wherever it goes, so whoever may look at a box sees who holds it, also where the agency speaks at another place.
A box that was never at a place within reach is not known: the answer is the same as for a number nobody ever told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.books import own_holds, stay_of
from data.followed import with_goods
from data.people import Actor
from data.queries._heard import Heard, Sight, sight
from data.queries._scope import allowed, where_place
from data.store import tables as t
from data.store.bulk import in_chunks
from zones import codes
from zones.customs import Fact, Hold, in_force
from zones.stay import Stay
from zones.world import World

HELD, NO_HOLD, CANNOT_TELL, UNKNOWN = "held", "no_hold", "cannot_tell", "unknown"


@dataclass(frozen=True, slots=True)
class HeldBy:
    """One hold in force: by whom, what for, since when, and the fact that says so with its message ("" where that is out of reach)."""

    agency: str
    kind: str
    reason: str
    hold_ref: str
    since: datetime
    precision: str
    about: str
    reference: str
    fact_id: str
    message_id: str
    position: str
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class BoxState:
    """A box now. `why` says why we cannot tell: silent, never (heard) or undeclared; `blind` which customs sources it is.

    `stay` is the visit that counts: the open one that began last, else the one that ended last; `others` are further open ones.
    `heard_at` is when it was last spoken of; `customs` how far the customs sources of its place let us see.
    """

    number: str
    valid: bool
    state: str
    held_by: tuple[HeldBy, ...] = ()
    why: str = ""
    blind: tuple[Heard, ...] = ()
    stay: Stay | None = None
    others: tuple[Stay, ...] = ()
    heard_at: datetime | None = None
    customs: Sight = field(default_factory=lambda: Sight(()))

    @property
    def known(self) -> bool:
        return self.state != UNKNOWN

    @property
    def since(self) -> datetime | None:
        return min((hold.since for hold in self.held_by), default=None)


def states(conn: Connection, actor: Actor, world: World, numbers: Iterable[str], now: datetime) -> dict[str, BoxState]:
    """How each of these boxes stands, in the order given. Numbers are normal (zones.codes.normal)."""
    wanted = list(dict.fromkeys(numbers))
    visits = _visits(conn, actor, wanted)
    spoken = _spoken_of(conn, actor, [box for box in wanted if box not in visits])
    known = [box for box in wanted if box in visits or box in spoken]
    held = holds_of(conn, world, known)
    messages = _messages(conn, actor, [hold.opened.fact_id for each in held.values() for hold in in_force(each, now)])
    sights: dict[str, Sight] = {}
    found: dict[str, BoxState] = {}
    for box in wanted:
        if box not in visits and box not in spoken:
            found[box] = BoxState(box, codes.is_valid(box), UNKNOWN)
            continue
        own = visits.get(box, [])
        stay = _last(own)
        place = stay.place if stay else ""
        if place not in sights:
            sights[place] = sight(conn, world, [place] if place else allowed(actor, world), now, ("customs",))
        holding = tuple(_held_by(hold, messages) for hold in in_force(held.get(box, ()), now))
        why = "" if holding else _why(sights[place])
        found[box] = BoxState(
            number=box,
            valid=codes.is_valid(box),
            state=HELD if holding else CANNOT_TELL if why else NO_HOLD,
            held_by=holding,
            why=why,
            blind=sights[place].blind,
            stay=stay,
            others=tuple(s for s in own if s.left_at is None and s is not stay),
            heard_at=max((s.heard_at for s in own), default=spoken.get(box)),
            customs=sights[place],
        )
    return found


def holds_of(conn: Connection, world: World, boxes: Sequence[str]) -> dict[str, tuple[Hold, ...]]:
    """All holds of these boxes: of their own, of the documents they go with, and what came with goods out of other boxes."""
    own, _ = own_holds(conn, set(boxes))
    return {**own, **with_goods(conn, world, boxes, partial(own_holds, conn))}


def _visits(conn: Connection, actor: Actor, boxes: Sequence[str]) -> dict[str, list[Stay]]:
    found: dict[str, list[Stay]] = {}
    for chunk in in_chunks(boxes, 400):
        asked = sa.select(t.stay).where(t.stay.c.equipment.in_(chunk), where_place(actor, t.stay.c.place)).order_by(t.stay.c.opened_at)
        for row in conn.execute(asked).mappings():
            found.setdefault(row["equipment"], []).append(stay_of(row))
    return found


def _spoken_of(conn: Connection, actor: Actor, boxes: Sequence[str]) -> dict[str, datetime]:
    """Boxes without a visit that some report or customs fact within reach speaks of all the same, and when it last did."""
    found: dict[str, datetime] = {}
    for table in (t.report, t.fact):
        for chunk in in_chunks(boxes, 400):
            latest = sa.select(table.c.equipment, sa.func.max(table.c.received_at).label("at"))
            asked = latest.where(table.c.equipment.in_(chunk), where_place(actor, table.c.place)).group_by(table.c.equipment)
            for row in conn.execute(asked):
                found[row.equipment] = max(row.at, found.get(row.equipment, row.at))
    return found


def _last(visits: Sequence[Stay]) -> Stay | None:
    open_ = [stay for stay in visits if stay.left_at is None]
    return max(open_ or visits, key=lambda s: (s.left_at or s.opened_at, s.opened_at, s.stay_id), default=None)


def _why(customs: Sight) -> str:
    """Why nothing can be said of holds here: nobody is declared to tell of them, one was never heard, or is silent for too long."""
    if not customs.feeds:
        return "undeclared"
    if any(heard.at is None for heard in customs.feeds):
        return "never"
    return "silent" if customs.blind else ""


def _messages(conn: Connection, actor: Actor, facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """fact id -> message and position in it, of facts told at places within reach."""
    f = t.fact.c
    found: dict[str, tuple[str, str]] = {}
    for chunk in in_chunks(facts, 400):
        for row in conn.execute(sa.select(f.fact_id, f.message_id, f.position).where(f.fact_id.in_(chunk), where_place(actor, f.place))):
            found[row.fact_id] = (row.message_id, row.position)
    return found


def _held_by(hold: Hold, messages: Mapping[str, tuple[str, str]]) -> HeldBy:
    fact: Fact = hold.opened
    message_id, position = messages.get(fact.fact_id, ("", ""))
    return HeldBy(
        agency=hold.agency,
        kind=fact.kind,
        reason=hold.reason,
        hold_ref=hold.hold_ref,
        since=hold.since,
        precision=hold.precision,
        about=fact.about,
        reference=fact.reference,
        fact_id=fact.fact_id,
        message_id=message_id,
        position=position,
        publisher=fact.publisher,
    )
