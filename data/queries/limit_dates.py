"""When the time that the law gives goods is up: which lots pass which limit, and when. Deadlines are those of the rules (zones.limits.Law).

`bonded_period` runs from the line that let the goods in, for goods of a status without a kind of its own; `re_export_within` from the line
by which they came to a temporary status without leaving it since. A part that is taken leaves the rest with its time; each delivery has
its own. What is below zero has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.inventory import Held, held
from data.people import Actor
from data.queries._heard import Sight
from data.queries.inventory import Asked, ledger_sight
from data.store import tables as t
from data.store.bulk import among
from data.store.engine import Store
from zones.entry import OPERATOR
from zones.goods import TEMPORARY, Goods
from zones.limits import Law, Limit
from zones.world import World

BONDED, RE_EXPORT = "bonded_period", "re_export_within"
LIMITS = (BONDED, RE_EXPORT)
DAYS = 90  # looked ahead
_e, _h, _p = t.entry.c, t.holding.c, t.posting.c


@dataclass(frozen=True, slots=True)
class Due:
    """Goods of one lot, owner and status whose time ends together. Not `exact`: at `ends` at the earliest. Figures as of zones.entry."""

    limit: str
    ends: datetime
    exact: bool
    since: datetime
    place: str
    operator: str
    pool: str
    lot: str
    owner: str
    status: str
    uom: str
    currency: str
    quantity: int
    gross_mg: int
    value: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is past its time at `at`, and what will be within DAYS if it stays: soonest first. `limits`: in force at `at`, by name."""

    place: str
    at: datetime
    passed: tuple[Due, ...]
    coming: tuple[Due, ...]
    limits: Mapping[str, Limit]
    sight: Sight


def ahead(store: Store, actor: Actor, world: World, now: datetime, asked: Asked) -> Ahead:
    """The dates of what is asked for at a place. Errors: Refused where the place is out of reach."""
    actor.must("see", asked.place)
    at, law = asked.moment(now), world.law(asked.place)
    with store.read() as conn:
        goods = held(conn, world, asked.place, at, asked.known_at, asked.book)
        found = dates(conn, law, asked.place, at, [one for one in goods if asked.narrowed.fits(one, at, law.goods)], asked.book)
        seen = ledger_sight(conn, world, [asked.place], now)
    return Ahead(
        asked.place,
        at,
        tuple(due for due in found if due.ends <= at),
        tuple(due for due in found if due.ends > at),
        {name: limit for name in LIMITS if (limit := law.at(name, at)) is not None},
        seen,
    )


def dates(conn: Connection, law: Law, place: str, at: datetime, goods: Iterable[Held], book: str = OPERATOR) -> list[Due]:
    """When each of these goods passes a limit, until DAYS after `at`, soonest first."""
    until = at + timedelta(days=DAYS)
    there, kind = [one for one in goods if one.quantity > 0], cache(partial(_kind, law.goods))
    bonded = [one for one in there if law.declares((BONDED,)) and not kind(one.status)]
    found = [(BONDED, one, one.admitted_at) for one in bonded]
    if law.declares((RE_EXPORT,)):
        brief = [one for one in there if kind(one.status) == TEMPORARY]
        since = came_to_it(conn, place, book, at, brief, lambda status: kind(status) == TEMPORARY)
        found += [(RE_EXPORT, one, since.get(one.source, one.admitted_at)) for one in brief]
    merged: dict[tuple[object, ...], list[tuple[Held, datetime, datetime, bool]]] = defaultdict(list)
    known: dict[tuple[str, datetime], tuple[datetime, bool] | None] = {}
    for limit, one, start in found:
        if (limit, start) not in known:
            known[limit, start] = _ends(law, limit, start, at, until)
        if (end := known[limit, start]) is not None:
            merged[limit, one.operator, one.pool, one.lot, one.owner, one.status, one.uom, one.currency, end[0]].append((one, start, *end))
    dues = [_due(place, str(key[0]), own) for key, own in merged.items()]
    return sorted(dues, key=lambda due: (due.ends, due.limit, due.operator, due.lot, due.owner, due.status))


def _kind(goods: Goods, told: str) -> str:
    status = goods.status(told)
    return status.kind if status is not None else ""


def _ends(law: Law, limit: str, start: datetime, at: datetime, until: datetime) -> tuple[datetime, bool] | None:
    governing = law.governing(limit, start, at)
    if governing is None or start + governing.at_least > until:
        return None
    due = governing.deadline(start, law.zone)
    return (due.at, due.exact) if due.at <= until else None


def _due(place: str, limit: str, own: Sequence[tuple[Held, datetime, datetime, bool]]) -> Due:
    one, start, ends, exact = min(own, key=lambda each: each[1])
    return Due(
        limit=limit,
        ends=ends,
        exact=exact,
        since=start,
        place=place,
        operator=one.operator,
        pool=one.pool,
        lot=one.lot,
        owner=one.owner,
        status=one.status,
        uom=one.uom,
        currency=one.currency,
        quantity=sum(each[0].quantity for each in own),
        gross_mg=sum(each[0].gross_mg for each in own),
        value=sum(each[0].value for each in own),
    )


def came_to_it(
    conn: Connection, place: str, book: str, at: datetime, goods: Iterable[Held], counts: Callable[[str], bool]
) -> dict[str, datetime]:
    """By the line that let some of these goods in: since when any of it is without a break under a status that counts, as of `at`.

    Read from the postings of their pools, which are found by the lines of the pools."""
    wanted, pools = {one.source for one in goods}, defaultdict[str, set[str]](set)
    for one in goods:
        pools[one.operator].add(one.pool)
    moves: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    of_line = (_p.place == _e.place, _p.book == _e.book, _p.at == _e.effective_at, _p.entry_id == _e.entry_id)
    for operator, names in pools.items():
        own = (_e.place == place, _e.operator == operator, among(conn, _e.pool, sorted(names)), _e.book == book)
        asked = (
            sa.select(_h.source, _h.status, _p.at, sa.func.sum(_p.quantity).label("quantity"))
            .select_from(t.entry.join(t.posting, sa.and_(*of_line)).join(t.holding, _h.holding_id == _p.holding_id))
            .where(*own, _p.at <= at)
            .group_by(_h.source, _h.status, _p.at)
        )
        for row in conn.execute(asked):
            if row.source in wanted and counts(row.status):
                moves[row.source].append((row.at, int(row.quantity)))
    return {source: _stretch(told) for source, told in moves.items()}


def _stretch(moves: Sequence[tuple[datetime, int]]) -> datetime:
    """When the last stretch above zero began. What goes and comes at one instant does not break it."""
    by_time: dict[datetime, int] = defaultdict(int)
    for at, quantity in moves:
        by_time[at] += quantity
    there, since = 0, min(by_time)
    for at, change in sorted(by_time.items()):
        if there <= 0:
            since = at
        there += change
    return since
