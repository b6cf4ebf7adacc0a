"""The goods of one box: which lots came in it, were packed into it or left in it, by the lines of ledgers that name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data.people import Actor
from data.queries._heard import Sight
from data.queries._scope import where_place
from data.queries.inventory import ledger_sight
from data.store import tables as t
from data.store.engine import Store
from zones.entry import LIVE
from zones.own_book import WAITS
from zones.world import World

MOST = 200
IN_IT, CAME, LEFT, OUT, NAMED = "in_it", "came", "left", "out", "named"
_HOW = {"admission": CAME, "return": CAME, "stuff": IN_IT, "strip": OUT, "withdrawal": LEFT}
_e = t.entry.c


@dataclass(frozen=True, slots=True)
class BoxLot:
    """A lot and the last line of its operator's or the supervisor's book that names the box. `how`: came, in_it, out, left or named."""

    how: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BoxGoods:
    """The lots of a box, last named first. `cut`: there are more lines than are looked at."""

    lots: tuple[BoxLot, ...]
    cut: bool
    sight: Sight


def of_box(store: Store, actor: Actor, world: World, number: str, now: datetime) -> BoxGoods | None:
    """The lots of a box at the places within reach, as known now; None where no line names it."""
    own = (t.IN_A_BOX, _e.equipment == number, ~_e.outread, _e.standing.in_((LIVE, WAITS)), where_place(actor, _e.place))
    names = ("entry_id", "message_id", "place", "book", "operator", "act", "side", "at", "pool", "lot", "item", "owner", "to_owner")
    more = ("quantity", "uom", "declaration", "permit", "standing", "description", "hs")
    asked = sa.select(*(_e[name] for name in (*names, *more))).where(*own).order_by(_e.at.desc(), _e.entry_id).limit(MOST + 1)
    with store.read() as conn:
        rows = [dict(row) for row in conn.execute(asked).mappings() if row["place"] in world.places]
        seen = ledger_sight(conn, world, sorted({row["place"] for row in rows}), now)
    found: dict[tuple[str, ...], BoxLot] = {}
    for row in rows[:MOST]:
        key = row["place"], row["book"], row["operator"], row["lot"] or row["item"]
        found.setdefault(key, BoxLot(_HOW.get(row["act"], NAMED), row))
    return BoxGoods(tuple(found.values()), len(rows) > MOST, seen) if found else None
