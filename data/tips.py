"""Where the fold of one box at one place stands: the row of table `tip`, and whether a movement simply goes on from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.books import STAY_COLUMNS, stay_from
from data.keep import Row
from data.store import tables as t
from data.store.bulk import among
from zones.codes import same_kind
from zones.movement import Movement
from zones.stay import Stay, Tip


def follows(movement: Movement, tip: Tip, tell: Any) -> bool:
    """Whether a movement lies wholly after the tip and no earlier telling could join it."""
    for report in movement.reports:
        if report.occurred_at is None or report.occurred_at <= tip.last_at:
            return False
        latest = tip.recent.get(movement.event)
        if (
            latest
            and report.publisher not in latest[1]
            and report.listed_at is None
            and report.occurred_at - latest[0] <= tell.tolerance(movement.event)
        ):
            return False
    return True


def standing_id(tip: Tip) -> str:
    """The stay that the tip stands in, while it is open."""
    return tip.stay.stay_id if tip.stay and tip.stay.left_at is None else ""


def tip_row(box: str, place: str, tip: Tip) -> Row:
    """The row of table `tip`."""
    stands = {"last_at": tip.last_at, "recent": tip.recent, "stay_id": standing_id(tip), "size_type": tip.size_type}
    return {"equipment": box, "place": place, **stands}


def same_box(tip: Tip | None, stays: Iterable[Stay]) -> bool:
    """Whether new or changed stays at the place tell the kind of box that it was at its last visit."""
    kinds = {stay.size_type for stay in stays}
    if tip is not None:
        kinds.add(tip.size_type)
    return len(kinds) == 1 or all(same_kind(one, other) for one, other in combinations(kinds, 2))


def by_place(rows: list[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Place -> its rows, in their order."""
    if len(rows) == 1:
        return ((rows[0]["place"], rows),)
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["place"], []).append(row)
    return found.items()


def tips_of(conn: Connection, boxes: Iterable[str]) -> dict[str, dict[str, Tip]]:
    """Where the fold of each box stands at each place. Only an open stay comes along: a closed one is never changed in order."""
    found: dict[str, dict[str, Tip]] = defaultdict(dict)
    tip, stay = t.tip.c, t.stay.c
    still_open = sa.and_(stay.equipment == tip.equipment, stay.stay_id == tip.stay_id)
    question = sa.select(
        tip.equipment.label("box"), tip.place.label("at"), tip.last_at, tip.recent, tip.size_type.label("kind"), *STAY_COLUMNS
    )
    question = question.select_from(t.tip.outerjoin(t.stay, still_open)).where(among(conn, tip.equipment, boxes))
    for box, place, last_at, recent, kind, *visit in conn.execute(question).all():
        found[box][place] = Tip(last_at, recent, stay_from(visit) if visit[0] else None, kind)
    return found
