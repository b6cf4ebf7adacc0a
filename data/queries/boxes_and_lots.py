"""Where boxes and goods do not meet: a box inside with no lot, and a lot whose box never came in.

A box has a lot where any line of a ledger of the place that counts, or waits for the box to move, names it since it last left. Empty boxes
have no goods and are left out. A lot is without its box where the line that let it in names one that the place's gate and quay have never
seen, or that had left before the day of that line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.inventory import Held, held
from data.people import Actor
from data.queries._heard import Sight, sight
from data.queries._stock import Line, in_order, lines
from data.queries.inventory import Asked
from data.store import tables as t
from data.store.bulk import among, in_chunks
from data.store.engine import Store
from zones.entry import LIVE
from zones.own_book import WAITS
from zones.place import Place
from zones.world import World

SHOWN = 100  # of each list
NEVER, LEFT = "never", "left"  # the box never came; it had left before the day of the line
_e, _s = t.entry.c, t.stay.c
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Apart:
    """Boxes without a lot, those inside longest first, and lots without their box with why (NEVER, LEFT); of each how many there are.

    `boxes`: how many boxes that are not empty are inside; `boxed`: how many lots inside came in a box, as told.
    """

    place: str
    at: datetime
    no_lot: tuple[Row, ...]
    n_no_lot: int
    boxes: int
    no_box: tuple[tuple[Line, str], ...]
    n_no_box: int
    boxed: int
    sight: Sight


def apart(store: Store, actor: Actor, world: World, now: datetime, asked: Asked) -> Apart:
    """Both lists at a moment, as known now. Errors: Refused where the place is out of reach."""
    actor.must("see", asked.place)
    at, place = asked.moment(now), world.place(asked.place)
    with store.read() as conn:
        here = [_s.place == place.id, _s.opened_at <= at, _s.full_empty != "empty"]
        here.append(_s.left_at.is_(None) if asked.at is None else sa.or_(_s.left_at.is_(None), _s.left_at > at))
        columns = [_s[name] for name in ("equipment", "opened_at", "terminal", "area", "direction", "full_empty", "line", "bill")]
        rows = conn.execute(sa.select(*columns, _named().label("named")).where(*here).order_by(_s.opened_at, _s.equipment)).mappings()
        boxes = [dict(row) for row in rows]
        goods = [one for one in held(conn, world, place.id, at, asked.known_at, asked.book) if one.equipment]
        why = _why(conn, place, at, goods)
        seen = sight(conn, world, [place.id], now)
    alone = [row for row in boxes if not row["named"]]
    found: dict[str, list[Held]] = {NEVER: [], LEFT: []}
    for one in goods:
        if one.source in why:
            found[why[one.source]].append(one)
    told = [(line, reason) for reason, own in found.items() for line in in_order(lines(own, {}), "oldest")]
    return Apart(
        place=place.id,
        at=at,
        no_lot=tuple(alone[:SHOWN]),
        n_no_lot=len(alone),
        boxes=len(boxes),
        no_box=tuple(told[:SHOWN]),
        n_no_box=len({(line.operator, line.lot) for line, _ in told}),
        boxed=len({(one.operator, one.lot) for one in goods}),
        sight=seen,
    )


def _named() -> sa.ColumnElement[bool]:
    """Whether a line names the box of a stay since it last left the place."""
    before = t.stay.alias("before")
    left = (
        sa.select(sa.func.max(before.c.left_at))
        .where(before.c.place == _s.place, before.c.equipment == _s.equipment, before.c.left_at <= _s.opened_at)
        .correlate(t.stay)
        .scalar_subquery()
    )
    own = (t.IN_A_BOX, _e.equipment == _s.equipment, _e.place == _s.place, ~_e.outread, _e.standing.in_((LIVE, WAITS)))
    return sa.exists(sa.select(_e.entry_id).where(*own, sa.or_(left.is_(None), _e.at > left)).correlate(t.stay))


def _why(conn: Connection, place: Place, at: datetime, goods: list[Held]) -> dict[str, str]:
    """The lines that let these goods in whose box was not there: why not."""
    came: dict[str, list[datetime | None]] = {}
    for chunk in in_chunks(sorted({one.equipment for one in goods}), 400):
        asked = sa.select(_s.equipment, _s.left_at).where(_s.place == place.id, among(conn, _s.equipment, chunk), _s.opened_at <= at)
        for equipment, left in conn.execute(asked):
            came.setdefault(equipment, []).append(left)
    found = {}
    for one in goods:
        visits, day = came.get(one.equipment), place.midnight(place.day_of(one.admitted_at))
        if visits is None:
            found[one.source] = NEVER
        elif all(left is not None and left < day for left in visits):
            found[one.source] = LEFT
    return found
