"""What the rules about places are handed, from the tables; and which days of a place a change concerns.

A unit is `area:<place>/<what>/<day>` (zones/area.py): the spells that begin on a local day. A change of a level touches the days on which
the level differs by it; a spell that runs at the beginning of such a day, and so began on an earlier one, is judged with it. What is read
is the hours from the first of the days on, and before it as far as a spell reaches: nothing of the history before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.books import STAY_COLUMNS, stay_from
from data.keep import Row
from data.store import tables as t
from data.store.bulk import in_chunks
from zones import area
from zones.announced import COMES, GOES, Plan, standing
from zones.area import COMING, HOUR, INSIDE, TURN, AreaFacts, Change, ComingFacts, TruckFacts, Yard, YardFacts, full
from zones.asking import Judged, less_off
from zones.codes import plate
from zones.episode import Episode
from zones.limits import Law
from zones.place import Place
from zones.rules import found as found_by
from zones.rules.capacity_and_queue import episodes
from zones.stay import Mark, Stay
from zones.subject import AREA
from zones.visit import GATE, MARGIN, Pass, visits
from zones.world import World

DAY = timedelta(days=1)
BACK = timedelta(days=2)  # how far before a day is looked first for where no spell runs; then ten times as far, and so on
KINDS = ("gate", "quay")
_o, _a, _i, _r, _s = t.occupancy.c, t.area_hour.c, t.inside.c, t.report.c, t.stay.c


def watched(world: World) -> dict[str, tuple[str, ...]]:
    """Place -> what of it is judged; places of which nothing is are left out."""
    return {place.id: found for place in world.places.values() if (found := area.watched(place, world.law(place.id)))}


def facts(conn: Connection, world: World, place_id: str, what: str, days: Iterable[date]) -> AreaFacts | None:
    """All that a rule needs to judge what begins on these days, and what runs at their beginning. None: it is not watched."""
    place, law = world.place(place_id), world.law(place_id)
    if what not in area.watched(place, law):
        return None
    since, until = place.midnight(min(days)), place.midnight(max(days)) + 2 * DAY
    if what in (TURN, INSIDE):
        return _trucks(conn, place, law, what, since, until)
    yard = next(yard for yard in area.yards(place) if yard.area == ("" if what == COMING else what))
    if what == COMING:
        return _coming(conn, place, law, yard, since)
    return _yard(conn, place, law, yard, since)


def reach(conn: Connection, place: Place) -> datetime:
    """The last hour in which the number inside a place changed."""
    return conn.execute(sa.select(sa.func.max(_o.hour)).where(_o.place == place.id)).scalar() or place.supervised_from


# ------------------------------------------------------------- units


def judged(conn: Connection, world: World, rules: Mapping[str, ModuleType], units: Iterable[str]) -> dict[str, list[Judged]]:
    """Unit -> what the rules about places find; of these units, and of those whose spells run at the beginning of one of their days."""
    wanted: dict[tuple[str, str], set[date]] = defaultdict(set)
    for unit in units:
        place, what, day = area.parts(unit)
        if place in world.places:  # else no longer declared: its alerts stay as they are
            wanted[place, what].add(day)
    found: dict[str, list[Judged]] = defaultdict(list)
    about = {rule_id: rule for rule_id, rule in rules.items() if rule.SUBJECT == AREA}
    for (place, what), every in wanted.items():
        for days in _near(every) if what in (TURN, INSIDE) else (every,):
            told = facts(conn, world, place, what, days)
            for rule_id, rule in about.items():
                spells = found_by(rule, told, world.law(place)) if told else []
                for day, own in _by_day(world.place(place), spells, days).items():
                    unit = area.unit(f"area:{place}/{what}", day)
                    found[unit].append((rule_id, rule, unit, less_off(rule_id, rule, own, world.law)))
    return found


def _near(days: Iterable[date]) -> Iterator[set[date]]:
    """The days in groups that lie close together."""
    group: set[date] = set()
    for day in sorted(days):
        if group and day - max(group) > timedelta(days=3):
            yield group
            group = set()
        group.add(day)
    if group:
        yield group


def _by_day(place: Place, spells: Sequence[Episode], days: Iterable[date]) -> dict[date, list[Episode]]:
    """Day -> the spells that begin on it, of these days and of those that run into one of them."""
    wanted = sorted(days)
    found: dict[date, list[Episode]] = {day: [] for day in wanted}
    for one in spells:
        day = place.day_of(one.began_at)
        later = next((each for each in wanted if each > day), None)
        if day in found or (later and (one.ended_at is None or one.ended_at >= place.midnight(later))):
            found.setdefault(day, []).append(one)
    return found


def touched(
    conn: Connection,
    world: World,
    sums: Iterable[tuple[str, tuple[Any, ...], list[int]]],
    retold: Sequence[Row],
    reports: Sequence[Row],
) -> dict[str, str]:
    """The units that a change concerns, with a report that is the cause. `sums`: what it adds to the counts (data/counts.py); `retold`:
    reports that count otherwise than before; `reports`: new ones. An announcement concerns the days from when it was told on.
    """
    seen = watched(world)
    if not seen:
        return {}
    added: dict[tuple[str, str], dict[datetime, int]] = defaultdict(lambda: defaultdict(int))
    for name, key, parts in sums:
        if key[0] not in seen:
            continue
        if name == "occupancy":
            place, hour, terminal = key
            for what in dict.fromkeys(("", terminal)):
                added[place, what][hour] += parts[1]
        elif name == "area_hour":
            place, inner, hour = key
            for yard in area.yards(world.place(place)):
                if yard.areas and inner in yard.areas:
                    added[place, yard.area][hour] += parts[1]
        elif name == "hourly" and key[3] in GATE:
            added[key[0], TURN][key[1]] += 0
    for row in retold:
        for what in seen.get(row["place"], ()) if row["occurred_at"] is not None else ():
            added[row["place"], TURN if what in (TURN, INSIDE) else what][full(row["occurred_at"]) - HOUR] += 0
    announced: dict[str, datetime] = {}
    for row in (*retold, *reports):
        if row["classifier"] != "actual" and COMING in seen.get(row["place"], ()):
            announced[row["place"]] = min(row["received_at"], announced.get(row["place"], row["received_at"]))
    causes = {row["place"]: row["report_id"] for row in reports}
    return {
        area.unit(f"area:{place}/{what}", day): causes.get(place, "") for place, what, day in _days(conn, world, seen, added, announced)
    }


def all_of(conn: Connection, world: World, place_id: str) -> set[str]:
    """Every unit of a place: of each day of which anything is told, and those that have an alert."""
    place = world.place(place_id)
    first = conn.execute(sa.select(sa.func.min(_o.hour)).where(_o.place == place_id)).scalar()
    known = set(conn.execute(sa.select(t.alert.c.unit).where(t.alert.c.place == place_id, t.alert.c.unit.like("area:%"))).scalars())
    if first is None:
        return known
    days = list(_each(place.day_of(first), place.day_of(reach(conn, place) + HOUR)))
    return known | {area.unit(f"area:{place_id}/{what}", day) for what in area.watched(place, world.law(place_id)) for day in days}


def pieces(world: World, place_id: str, since: datetime, until: datetime) -> Iterator[list[str]]:
    """The units of a period, in pieces that are read at once: of trucks a week, of the rest a year."""
    place = world.place(place_id)
    every = list(_each(place.day_of(since), place.day_of(until)))
    for what in area.watched(place, world.law(place_id)):
        size = 7 if what in (TURN, INSIDE) else 366
        for n in range(0, len(every), size):
            yield [area.unit(f"area:{place_id}/{what}", day) for day in every[n : n + size]]


def open_ones(conn: Connection) -> set[str]:
    """The units whose alerts are open."""
    return set(conn.execute(sa.select(t.alert.c.unit).where(t.SO, t.alert.c.unit.like("area:%"))).scalars())


def _days(
    conn: Connection,
    world: World,
    seen: Mapping[str, Sequence[str]],
    added: Mapping[tuple[str, str], Mapping[datetime, int]],
    announced: Mapping[str, datetime],
) -> Iterator[tuple[str, str, date]]:
    for place_id in {place for place, _ in added} | set(announced):
        place, law, last = world.place(place_id), world.law(place_id), reach(conn, world.place(place_id))
        more = max((limit.duration.at_least for limit in law.limits if limit.limit == area.SETTLED), default=timedelta())
        for what in seen[place_id]:
            own = added.get((place_id, {INSIDE: TURN, COMING: ""}.get(what, what)), {})
            longer = more + (place.vehicle_visits["longest"] if what in (TURN, INSIDE) else timedelta())
            spans = list(_spans(own, last, longer))
            if what == COMING and place_id in announced:
                spans.append((full(announced[place_id]), max(full(announced[place_id]), last)))
            days = {day for begin, end in spans for day in _each(place.day_of(begin), place.day_of(end))}
            yield from ((place_id, what, day) for day in days)


def _spans(added: Mapping[datetime, int], last: datetime, longer: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """From which full hour to which a value is another: as long as what was added and taken away does not come to nothing."""
    hours = sorted(added)
    running = 0
    for n, hour in enumerate(hours):
        running += added[hour]
        end = hour if not running else hours[n + 1] if n + 1 < len(hours) else max(last, hour)
        yield hour + HOUR, end + HOUR + longer


def _each(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


# ------------------------------------------------------------- levels


def _yard(conn: Connection, place: Place, law: Law, yard: Yard, since: datetime) -> YardFacts:
    leans = tuple((place.id, kind) for kind in KINDS if place.spoken_for(kind))
    back = BACK
    while True:
        levels, first = _levels(conn, place, yard, since - back)
        found = YardFacts(place.id, place.zone, yard, levels, {}, leans)
        runs = area.runs(area.levels_over(found, law), law)
        rose = [area.raised_at(found, run.began) for run in runs]
        quiet = area.settled(law, since) + HOUR
        if first or (None not in rose and not any(run.began <= levels[0][0] + quiet for run in runs)):
            break
        back *= 10
    return YardFacts(place.id, place.zone, yard, levels, _changes(conn, place, yard, {at for at in rose if at}), leans)


def _levels(conn: Connection, place: Place, yard: Yard, since: datetime) -> tuple[list[tuple[datetime, int]], bool]:
    """The level of each full hour at which it changed, from a base before them on; and whether nothing is known before that."""
    h = _o if yard.areas is None else _a
    counted = [h.place == place.id, *_of(h, yard)]
    asked = sa.select(h.hour, sa.func.sum(h.teu)).where(*counted, h.hour >= since).group_by(h.hour).order_by(h.hour.desc())
    now = sa.select(sa.func.coalesce(sa.func.sum(_i.teu), 0)).where(_i.place == place.id, *_of(_i, yard))
    level = int(conn.execute(now).scalar_one())
    levels: list[tuple[datetime, int]] = []
    for hour, change in conn.execute(asked):
        levels.append((hour + HOUR, level))
        level -= int(change)
    first = conn.execute(sa.select(h.hour).where(*counted, h.hour < since).limit(1)).first() is None
    base = min(full(since), levels[-1][0]) - HOUR if levels else full(since) - HOUR
    return [(base, level), *reversed(levels)], first


def _of(columns: Any, yard: Yard) -> list[sa.ColumnElement[bool]]:
    if yard.areas is not None:
        return [columns.area.in_(sorted(yard.areas))]
    return [columns.terminal == yard.terminal] if yard.terminal else []


def _changes(conn: Connection, place: Place, yard: Yard, hours: Iterable[datetime]) -> dict[datetime, list[Change]]:
    """Full hour -> what came and went in the hour before it."""
    found: dict[datetime, list[Change]] = {}
    for at in sorted(hours):
        moved = _r.canonical, _r.place == place.id, _r.occurred_at >= at - HOUR, _r.occurred_at < at
        boxes = set(conn.execute(sa.select(_r.equipment).where(*moved)).scalars())
        changes = (change for own in _stays(conn, place, boxes).values() for stay in own for change in area.changes_of(stay, yard))
        found[at] = [change for change in changes if full(change.at) == at]
    return found


def _stays(conn: Connection, place: Place, boxes: Iterable[str]) -> dict[str, list[Stay]]:
    found: dict[str, list[Stay]] = defaultdict(list)
    for chunk in in_chunks(sorted(boxes), 500):
        asked = sa.select(*STAY_COLUMNS).where(_s.equipment.in_(chunk), _s.place == place.id).order_by(_s.opened_at, _s.stay_id)
        for row in conn.execute(asked):
            stay = stay_from(row)
            found[stay.equipment].append(stay)
    return found


# ------------------------------------------------------------- trucks


def _trucks(conn: Connection, place: Place, law: Law, what: str, since: datetime, until: datetime) -> TruckFacts:
    longest, back, on, last = place.vehicle_visits["longest"], BACK, BACK, reach(conn, place)
    while True:
        begin, end = since - back, until + on
        passes, marks = _passes(conn, place, begin - 2 * longest - MARGIN, end + longest + MARGIN)
        every = [visit for visit in visits(passes, longest) if visit.at >= begin - longest and visit.passes[0].at < end]
        found = TruckFacts(place.id, place.zone, what, every, marks, longest)
        runs = runs_of(found, law)
        early = any(began <= begin + longest + area.settled(law, since) + HOUR for began, _ in runs)
        late = any(ended is None or ended >= end for _, ended in runs)
        if (early and passes and begin > place.supervised_from - DAY) or (late and end < last):
            back, on = back * (10 if early else 1), on * (4 if late else 1)
            continue
        return found


def runs_of(facts: TruckFacts, law: Law) -> list[tuple[datetime, datetime | None]]:
    """When the spells of trucks begin and end."""
    return [(one.began_at, one.ended_at) for one in episodes(facts, law)]


def _passes(conn: Connection, place: Place, since: datetime, until: datetime) -> tuple[list[Pass], dict[str, Mark]]:
    columns = (_r.movement_id, _r.occurred_at, _r.event, _r.vehicle, _r.equipment, _r.terminal, _r.gate, _r.lane, _r.feed)
    more = (_r.report_id, _r.received_at, _r.publisher, _r.precision, _r.mode, _r.seals)
    asked = sa.select(*columns, *more).where(_r.canonical, _r.place == place.id, _r.event.in_(GATE), _r.mode.in_(("truck", "unknown")))
    asked = asked.where(_r.precision != "day", _r.vehicle != "", _r.occurred_at >= since, _r.occurred_at < until)
    passes: list[Pass] = []
    marks: dict[str, Mark] = {}
    for row in conn.execute(asked):
        one = Pass(*row[: len(columns)])
        if plate(one.told):
            passes.append(one)
            marks[one.movement_id] = Mark(
                at=one.at, event=one.event, report_id=row.report_id, received_at=row.received_at, precision=row.precision,
                publisher=row.publisher, gate=one.gate, lane=one.lane, vehicle=one.told, mode=row.mode, seals=row.seals,
            )  # fmt: skip
    return passes, marks


# ------------------------------------------------------------- announced


def _coming(conn: Connection, place: Place, law: Law, yard: Yard, since: datetime) -> ComingFacts:
    ahead = max((limit.duration.at_least for limit in law.limits if limit.limit == "surge_ahead"), default=DAY)
    back = BACK
    while True:
        levels, first = _levels(conn, place, yard, since - back)
        found = ComingFacts(place.id, place.zone, yard, levels, _announced(conn, place, since - back, reach(conn, place) + ahead + DAY))
        quiet = levels[0][0] + area.settled(law, since) + HOUR
        if first or not any(one.began_at <= quiet for one in episodes(found, law)):
            return found
        back *= 10


def _announced(conn: Connection, place: Place, since: datetime, until: datetime) -> list[Any]:
    plans = sa.and_(_r.place == place.id, t.PLANNED, _r.event.in_((*COMES, *GOES)), ~_r.outread)
    boxes = set(conn.execute(sa.select(_r.equipment).where(plans, _r.occurred_at >= since, _r.occurred_at < until)).scalars())
    found: list[Plan] = []
    columns = (_r.equipment, _r.event, _r.occurred_at, _r.received_at, _r.teu, _r.report_id, _r.publisher, _r.precision)
    for chunk in in_chunks(sorted(boxes), 500):
        for row in conn.execute(sa.select(*columns).where(_r.equipment.in_(chunk), plans, _r.occurred_at.is_not(None))):
            by = Mark(at=row.occurred_at, event=row.event, report_id=row.report_id, received_at=row.received_at, publisher=row.publisher,
                      precision=row.precision)  # fmt: skip
            found.append(Plan(row.equipment, row.event, row.occurred_at, row.received_at, row.teu, by))
    return standing(found, _stays(conn, place, boxes))
