"""The other half of a transfer: what another zone or operator told of the same goods, where it can be found and may be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._scope import allowed
from data.standing import known_rows
from data.store import tables as t
from data.told import entry_of
from zones.entry import LIVE, OPERATOR, Entry
from zones.world import World

OTHER = {"sent": "received", "received": "sent"}
MOST = 40  # transfers whose other half is looked for
_e = t.entry.c


@dataclass(frozen=True, slots=True)
class Half:
    """A line that tells the other half, of the lot `pool` of its operator. `by`: what both say: permit, declaration, lot."""

    entry: Entry
    pool: str
    by: str


def halves(
    conn: Connection, actor: Actor, world: World, entries: Iterable[Entry], known_at: datetime | None = None
) -> dict[str, tuple[Half, ...]]:
    """Of each line that sends goods elsewhere or receives them, by its id, the live lines that may be its other half: of an operator at
    another place (or another operator at this one), with the same lot or item, and the same permit or declaration where both tell one.
    """
    found = {}
    for entry in [one for one in entries if one.act == "transfer" and one.side in OTHER][:MOST]:
        found[entry.entry_id] = tuple(_of(conn, actor, world, entry, known_at))
    return found


def _of(conn: Connection, actor: Actor, world: World, entry: Entry, known_at: datetime | None) -> Iterable[Half]:
    to = entry.to_place or (entry.place if entry.side == "sent" else "")
    places = allowed(actor, world, [to]) if to else allowed(actor, world)
    names = sorted({entry.lot, entry.item} - {""})
    keys = [
        (place, operator.id)
        for place in places
        for operator in world.place(place).operators
        if (place, operator.id) != (entry.place, entry.operator)
    ]
    if not (names and keys):
        return
    own = [sa.and_(_e.place == place, _e.operator == operator, _e.pool.in_(names)) for place, operator in keys]
    live = () if known_at else (_e.standing == LIVE,)
    asked = sa.select(t.entry).where(
        sa.or_(*own), _e.act == "transfer", _e.side == OTHER[entry.side], _e.book == OPERATOR, *known_rows(known_at), *live
    )
    for row in conn.execute(asked.order_by(_e.at, _e.entry_id).limit(MOST)).mappings():
        other = entry_of(row)
        if other.side == "sent" and other.to_place not in ("", entry.place):
            continue
        by = _alike(entry, other)
        if by:
            yield Half(other, row["pool"], by)


def _alike(one: Entry, other: Entry) -> str:
    """What both halves say alike; "" where they tell of different documents."""
    for name in ("permit", "declaration"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs:
            if mine == theirs:
                return name
            return ""
    return "lot" if one.lot and one.lot == other.lot else "item"
