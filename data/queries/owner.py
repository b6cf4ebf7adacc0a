"""One owner of goods: what he has and where, at a moment, over the places within reach; what moved of it lately; what is open about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.inventory import Held, held
from data.people import Actor
from data.queries._heard import Sight
from data.queries._scope import allowed, where_place
from data.queries._stock import AGE, AREA, STATUS, Group, Line, Sums, grouped, in_order, key_of, lines, summed
from data.queries.alerts import Queue, is_open, order
from data.queries.inventory import faults_of_lots, kept, ledger_sight
from data.queries.limit_dates import Due, dates
from data.store import tables as t
from data.store.bulk import among
from data.store.engine import Store
from zones.entry import OPERATOR
from zones.lot import unit
from zones.world import World

DAYS = 30  # of movements
MOVED = 200  # movements that are shown, the newest
LINES = 200  # lots that are shown
ALERTS = 50
_a, _e, _h, _p = t.alert.c, t.entry.c, t.holding.c, t.posting.c
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class At:
    """What he has at one place: by status, by area and by age (as of `_stock`), and its lines, below zero first."""

    place: str
    sums: Sums
    statuses: tuple[Group, ...]
    areas: tuple[Group, ...]
    ages: tuple[Group, ...]
    lines: tuple[Line, ...]
    n: int
    passed: tuple[Due, ...]
    coming: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Owned:
    """What is known of an owner within reach. `moved`: postings of the last DAYS before `at`, newest first, of `n_moved`; `acts`: how
    many of each act; `alerts`: open now about lots of his."""

    owner: str
    at: datetime
    places: tuple[At, ...]
    moved: tuple[Row, ...]
    n_moved: int
    acts: Mapping[str, int]
    alerts: Queue
    sight: Sight

    @property
    def known(self) -> bool:
        return bool(self.places or self.moved)


def owned(
    store: Store,
    actor: Actor,
    world: World,
    now: datetime,
    owner: str,
    *,
    place: str = "",
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> Owned:
    """Everything of the page at a moment, by the operators' books, of one place where asked for.

    What moved and what is open about it is as known now, whatever `known_at` says of what is there.
    """
    moment = min(at or now, now)
    reach = allowed(actor, world, [place] if place else ())
    found, moved, acts, n_moved, units = [], [], dict[str, int](), 0, set[str]()
    with store.read() as conn:
        places = [one for one in reach if kept(conn, world, one)]
        for each in places:
            goods = [one for one in held(conn, world, each, moment, known_at) if one.owner == owner]
            if goods:
                found.append(_at(conn, world, each, moment, known_at, goods))
            rows, counted = _moved(conn, each, owner, moment)
            moved += rows
            n_moved += sum(counted.values())
            acts.update({act: acts.get(act, 0) + n for act, n in counted.items()})
            units |= {unit(each, one.operator, one.pool) for one in goods} | {unit(each, row["operator"], row["pool"]) for row in rows}
        alerts = _alerts(conn, actor, now, units)
        seen = ledger_sight(conn, world, places, now)
    newest = sorted(moved, key=lambda row: (row["at"], row["entry_id"]), reverse=True)
    return Owned(owner, moment, tuple(found), tuple(newest[:MOVED]), n_moved, acts, alerts, seen)


def _at(conn: Connection, world: World, place: str, at: datetime, known_at: datetime | None, goods: Sequence[Held]) -> At:
    law = world.law(place)
    due = dates(conn, law, place, at, goods)
    told = in_order(lines(goods, faults_of_lots(conn, place, at, known_at, OPERATOR)), "oldest")
    return At(
        place=place,
        sums=summed(goods),
        statuses=tuple(grouped(goods, key_of(STATUS, 0, at, law.goods))),
        areas=tuple(grouped(goods, key_of(AREA, 0, at, law.goods))),
        ages=tuple(grouped(goods, key_of(AGE, 0, at, law.goods), ordered=True)),
        lines=tuple(told[:LINES]),
        n=len(told),
        passed=tuple(one for one in due if one.ends <= at),
        coming=tuple(one for one in due if one.ends > at),
    )


def _moved(conn: Connection, place: str, owner: str, at: datetime) -> tuple[list[Row], dict[str, int]]:
    """What lines did to his goods in the last days: one row a line and lot; and how many of each act."""
    within = (_p.place == place, _p.book == OPERATOR, _p.at > at - timedelta(days=DAYS), _p.at <= at, _h.owner == owner)
    of = t.posting.join(t.holding, _h.holding_id == _p.holding_id).join(t.entry, _e.entry_id == _p.entry_id)
    names = ("entry_id", "message_id", "place", "at", "act", "side", "operator", "pool", "declaration", "permit", "equipment", "faults")
    own = [*(_e[name] for name in names), _h.lot, _h.uom]
    sums = [sa.func.sum(_p.quantity).label("quantity"), sa.func.sum(_p.gross_mg).label("gross_mg")]
    asked = sa.select(*own, *sums).select_from(of).where(*within).group_by(*own).order_by(_e.at.desc(), _e.entry_id).limit(MOVED)
    rows: list[Row] = [
        {**row, "quantity": int(row["quantity"]), "gross_mg": int(row["gross_mg"])} for row in conn.execute(asked).mappings()
    ]
    lines_ = sa.func.count(sa.distinct(_e.entry_id)).label("n")
    counted = conn.execute(sa.select(_e.act, lines_).select_from(of).where(*within).group_by(_e.act))
    return rows, {row.act: row.n for row in counted}


def _alerts(conn: Connection, actor: Actor, now: datetime, units: set[str]) -> Queue:
    """Open alerts about these lots, worst first."""
    asked = sa.select(t.alert, *(c for c in t.alert_work.c if c.name != "alert_id")).join(
        t.alert_work, t.alert_work.c.alert_id == _a.alert_id
    )
    asked = asked.where(among(conn, _a.unit, sorted(units)), where_place(actor, _a.place), *is_open(now)).order_by(*order("open"))
    rows = [dict(row) for row in conn.execute(asked.limit(ALERTS + 1)).mappings()] if units else []
    judged = conn.execute(sa.select(t.judged.c.up_to)).scalar()
    return Queue(tuple(rows[:ALERTS]), len(rows) > ALERTS, None, len(rows), 0, 0, 0, judged_at=judged)
