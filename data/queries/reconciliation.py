"""The two books against each other and against what was counted: where they part, since when, who answers, and what was never counted.

Which lots the books differ over is told by what is posted, for the whole ledger; the line at which they part, by folding those lots, at
most LOOKED of a place. Lots with lines of the supervisor's book, or with lines that do not add up, in the period are folded besides: their
books may be apart without differing in quantity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.duty import on_duty
from data.goods import lots
from data.openings import month_of, next_month
from data.people import Actor
from data.queries import _balances as balances
from data.queries import count_runs
from data.queries._bins import DAY, WEEK, Bin, bins
from data.queries._heard import Sight, sight
from data.queries._scope import allowed
from data.queries.count_runs import Difference, Run
from data.store import tables as t
from data.store.engine import Store
from zones.apart import Parting, partings
from zones.calendar import day_of, midnight
from zones.entry import CUSTOMS, OPERATOR
from zones.goods import Operator
from zones.limits import Law
from zones.lot import LotFacts, unit
from zones.place import Place
from zones.world import World

LOOKED = 300
MONTH = "month"
SHOWN = {WEEK: 12, MONTH: 12}
YEAR = timedelta(days=366)
COUNT, REPORT = "count_interval", "reconciliation_report"


@dataclass(frozen=True, slots=True)
class Apart:
    """A lot whose books are apart now, and from where on. `pending`: up to when the other book was heard, where the books part after that:
    its line may only not have come yet."""

    place: str
    operator: str
    facts: LotFacts
    parting: Parting
    pending: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A week or month: how many of the lots looked at were apart when it ended; what its counts found."""

    bin: Bin
    apart: int
    counted: int
    short: int
    over: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """What an operator owes beside each lot. `count_due`, `year`, `report_due`: None where nothing is asked for. `there`, `counted`: lots
    there now, and those of them counted within a year. `on_duty`: supervisors on duty at the place now."""

    place: str
    operator: str
    declared: Operator | None
    last_full: datetime | None
    last_cycle: datetime | None
    count_due: datetime | None
    reconciled: datetime | None
    year: date | None
    report_due: datetime | None
    there: int
    counted: int
    apart: int


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One place. `looked`: how many lots were folded; `differing`: how many differ in quantity, folded or not; `own_book`: whether the
    supervisor keeps a book of his own there. `differences`: those of the period told one by one, of `recorded` in all."""

    place: str
    zone: str
    own_book: bool
    looked: int
    differing: int
    apart: tuple[Apart, ...]
    slots: tuple[Slot, ...]
    runs: tuple[Run, ...]
    differences: tuple[Difference, ...]
    recorded: int
    keepers: tuple[Keeper, ...]
    answers: tuple[str, ...]
    phones: tuple[str, ...]
    sight: Sight


def places(actor: Actor, world: World, asked: str = "") -> list[str]:
    """The places within reach at which a ledger of goods is kept; of them the one asked for."""
    kept = [one for one in allowed(actor, world, [asked] if asked else ()) if _keeps(world.place(one))]
    return kept or list(allowed(actor, world, [asked]) if asked else ())


def _keeps(place: Place) -> bool:
    return bool(place.operators) or any("ledger" in (feed.speaks_for or ()) for feed in place.feeds)


def reconciled(
    store: Store,
    actor: Actor,
    world: World,
    now: datetime,
    place: str,
    operator: str = "",
    kind: str = WEEK,
    first: date | None = None,
    last: date | None = None,
) -> Reconciled:
    """All of one place, of one operator or all, for the weeks or months of a period (without one the latest 12).
    Errors: Refused where the place is out of reach."""
    actor.must("see", place)
    declared, law = world.place(place), world.law(place)
    stretches = _months(declared, now, first, last) if kind == MONTH else bins(WEEK, declared.zone, now, first, last)[0]
    since, until = stretches[0].start, stretches[-1].end
    days = bins(DAY, declared.zone, now, stretches[0].day, min(stretches[-1].last_day, declared.day_of(now)))[0]
    with store.read() as conn:
        own = balances.keeps_own_book(conn, place)
        names = [operator] if operator else balances.operators(conn, place, [one.id for one in declared.operators])
        differing: list[balances.Lot] = []
        number = 0
        if own:
            differing, number = balances.differing(conn, place, now, operator, LOOKED)
            differing += balances.touched(conn, place, since, until, operator, LOOKED)
        units = [unit(place, *lot) for lot in list(dict.fromkeys(differing))[:LOOKED]]
        told = [(facts, partings(facts, law)) for _, facts in lots(conn, world, units)]
        seen = sight(conn, world, [place], now, {"ledger"})
        still = [(facts, one) for facts, every in told for one in every if one.met_at is None]
        apart = [Apart(place, facts.operator, facts, one, _pending(declared, seen, one)) for facts, one in still]
        found, recorded = count_runs.differences(conn, world, place, since, until, names)
        alone = count_runs.by_own_book(conn, world, (facts for facts, _ in told), since, until)
        shown = [one for one in found if one.counted.difference]
        tells = count_runs.read(conn, place, since, max(until, days[-1].end) if days else until, names)
        return Reconciled(
            place=place,
            zone=declared.timezone,
            own_book=own,
            looked=len(told),
            differing=number,
            apart=tuple(sorted(apart, key=lambda one: (one.pending is None, one.parting.at, one.facts.key), reverse=True)),
            slots=tuple(_slots(stretches, tells, found, [one for _, every in told for one in every], now)),
            runs=tuple(count_runs.runs(place, tells, days, found)),
            differences=tuple(sorted((*shown, *alone), key=count_runs.latest, reverse=True)),
            recorded=recorded - len(found) + len(shown) + len(alone),
            keepers=tuple(_keepers(conn, declared, law, now, names, apart)),
            answers=tuple(one.name for one in on_duty(conn, now, [place]) if one.role == "supervisor"),
            phones=tuple(f"{phone.name} {phone.number}" for phone in declared.phones),
            sight=seen,
        )


def _pending(place: Place, seen: Sight, parting: Parting) -> datetime | None:
    """When the book that lacks the first line was last heard, where that is before the line; None where it was heard since."""
    lacks = OPERATOR if parting.of == CUSTOMS else CUSTOMS
    feeds = {feed.id: feed for feed in place.feeds if feed.options.get("book", OPERATOR) == lacks}
    own = [heard for heard in seen.feeds if heard.feed in feeds]
    named = [heard for heard in own if (told := place.operator(heard.publisher)) and told.id == parting.first.operator]
    last = max((heard.at for heard in named or own if heard.at), default=None)
    return last if last is not None and last < parting.at else None


def _months(place: Place, now: datetime, first: date | None, last: date | None) -> list[Bin]:
    """Whole months of the place up to the one of `last` (else now), from that of `first` (else 12)."""
    end = month_of(min(midnight(last, place.zone) if last else now, now), place.zone)
    starts = [end]
    begin = month_of(midnight(first, place.zone), place.zone) if first else None
    while len(starts) < (60 if begin else SHOWN[MONTH]) and (begin is None or starts[0] > begin):
        starts.insert(0, month_of(starts[0] - timedelta(days=1), place.zone))
    return [
        Bin(start, next_month(start, place.zone), start.astimezone(place.zone).date(), start.astimezone(place.zone)) for start in starts
    ]


def _slots(
    stretches: Sequence[Bin],
    tells: Sequence[count_runs.Tell],
    known: Sequence[Difference],
    every: Sequence[Parting],
    now: datetime,
) -> list[Slot]:
    counted = count_runs.by_bin(tells, stretches, known)
    found = []
    for n, stretch in enumerate(stretches):
        end = min(stretch.end, now)
        lots_apart = {
            (one.first.operator, one.first.lot or one.first.item)
            for one in every
            if one.at < end and (one.met_at is None or one.met_at >= end)
        }
        found.append(Slot(stretch, len(lots_apart), *counted[n]))
    return found


def _keepers(conn: Connection, place: Place, law: Law, now: datetime, names: Sequence[str], apart: Sequence[Apart]) -> list[Keeper]:
    there = balances.covered(conn, place.id, now, now - YEAR, names)
    parted = Counter(one.operator for one in apart if one.pending is None)
    return [_keeper(conn, place, law, now, name, there[name], parted[name]) for name in names]


def _keeper(conn: Connection, place: Place, law: Law, now: datetime, name: str, cover: balances.Cover, apart: int) -> Keeper:
    declared, full, cycle, report = place.operator(name), cover.full, cover.cycle, cover.report
    began = _began(conn, place.id, name)
    settled, year, due = report or began, None, None
    if settled is not None and law.declares((REPORT,)):
        year = (declared or Operator(name, {})).year_of(day_of(settled, place.zone))
        ends = midnight(year + timedelta(days=1), place.zone)
        due = law.deadline(REPORT, ends, max(now, ends))
    since = max((one for one in (full, cycle) if one), default=began)
    return Keeper(
        place=place.id,
        operator=name,
        declared=declared,
        last_full=full,
        last_cycle=cycle,
        count_due=law.deadline(COUNT, since, now) if since else None,
        reconciled=report,
        year=year,
        report_due=due,
        there=cover.there,
        counted=cover.counted,
        apart=apart,
    )


def _began(conn: Connection, place: str, operator: str) -> datetime | None:
    """When the first line of an operator moved anything: found in the order of time, so that nothing after it is read."""
    p, h, a = t.posting.c, t.holding.c, t.pool.c
    told = sa.select(a.pool).where(a.place == place, a.book == OPERATOR, a.operator == operator).limit(1)
    if conn.execute(told).first() is None:
        return None
    join = t.posting.join(t.holding, h.holding_id == p.holding_id)
    asked = sa.select(p.at).select_from(join).where(p.place == place, p.book == OPERATOR, h.operator == operator)
    return conn.execute(asked.order_by(p.at).limit(1)).scalar()
