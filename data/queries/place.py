"""One place: what is inside, where it stands and how old it is; who is held; what comes and goes.

Read from the stays that are open (index `stay_inside`, `stay_held`), from `inside`, and from `occupancy` of today: none grows with history.
The count of yard lists against our own book is `data.queries.yard`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._heard import Heard, sight
from data.queries._scope import where_place
from data.queries.overview import FLOWS, PlaceNow, places_now
from data.store import tables as t
from data.store.engine import Store
from zones.calendar import Duration, before
from zones.place import Place
from zones.world import World

BANDS = (1, 3, 5, 7, 14)  # days: ages are told by how many boxes are older than each of them
KNOWN = 0.8  # where fewer positions than this share are known, an area's count says nothing
PAGE = 100
UNKNOWN = "unknown"  # as a filter: boxes without a position we can draw
STOCK_KINDS = ("block", "warehouse", "inspection", "terminal")
Condition = sa.ColumnElement[bool]

_s = t.stay.c


@dataclass(frozen=True, slots=True)
class Identity:
    """What came and went since local midnight: start + opening + came - went + corrected = inside."""

    since: datetime
    start: int
    opening: int
    came: int
    went: int
    corrected: int
    inside: int


@dataclass(frozen=True, slots=True)
class PlaceHead:
    """The place as it stands, today's identity, and all its feeds with those that are witnesses only.

    `held_at`: when the identities of all time last held at all places; None: never checked.
    """

    now: PlaceNow
    identity: Identity
    feeds: tuple[Heard, ...]
    held_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stock:
    """What stands in one area. TEU are hundredths; `older` how many are older than each of BANDS; `known` the share of positions known
    around it (None: nothing there)."""

    area: str
    boxes: int = 0
    teu: int = 0
    held: int = 0
    older: tuple[int, ...] = (0,) * len(BANDS)
    oldest: datetime | None = None
    capacity_teu: int | None = None
    known: float | None = None

    @property
    def told(self) -> bool:
        """Whether enough positions are known to speak of this area."""
        return self.known is None or self.known >= KNOWN

    @property
    def share(self) -> float | None:
        """TEU as a share of the declared capacity; None where that is not known, or too few positions are."""
        return self.teu / 100 / self.capacity_teu if self.capacity_teu and self.told else None

    @property
    def median_band(self) -> int | None:
        """In which band the median age lies: 0 is up to the first of BANDS. None where nothing stands, or too few positions are known."""
        return sum(older * 2 > self.boxes for older in self.older) if self.boxes and self.told else None


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas in which boxes stand, and what has no position. `unnamed`: no area told; `undeclared`: text -> boxes where no such area is
    declared; `unsized`: boxes whose size nobody told, which count as 0 TEU."""

    areas: tuple[Stock, ...]
    total: Stock
    unnamed: int
    undeclared: Mapping[str, int]
    unsized: int
    as_of: datetime | None

    @property
    def unknown(self) -> int:
        return self.unnamed + sum(self.undeclared.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Of the boxes inside: "" is everything. `area` may be UNKNOWN; `held` yes or no; `older` a number of days."""

    terminal: str = ""
    direction: str = ""
    full_empty: str = ""
    line: str = ""
    area: str = ""
    held: str = ""
    agency: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of boxes, oldest first (held ones: held for longest first); `n` fit, of `total` inside."""

    rows: tuple[Mapping[str, Any], ...]
    n: int
    total: int
    page: int
    tally: Mapping[str, int] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(-(-self.n // PAGE), 1)


def head(store: Store, actor: Actor, world: World, place_id: str, now: datetime) -> PlaceHead:
    """How the place stands. Errors: Refused where it is out of reach."""
    actor.must("see", place_id)
    with store.read() as conn:
        place = world.place(place_id)
        found = places_now(conn, actor, world, [place_id], now)[0]
        held_at = conn.execute(sa.select(t.identity.c.held_at).where(t.identity.c.name == "inside")).scalar()
        return PlaceHead(found, _identity(conn, place, found.boxes, now), sight(conn, world, [place_id], now).feeds, held_at)


def data_to(store: Store, actor: Actor, world: World, place_id: str, now: datetime, kind: str = "") -> datetime | None:
    """Up to when the place's feeds of a kind ("": of gate, quay and customs) were all heard; None where one never was.
    Errors: Refused where the place is out of reach."""
    actor.must("see", place_id)
    with store.read() as conn:
        heard = [feed.at for feed in sight(conn, world, [place_id], now, {kind} if kind else FLOWS).feeds]
    return None if not heard or None in heard else min(at for at in heard if at is not None)


def _identity(conn: Connection, place: Place, inside: int, now: datetime) -> Identity:
    """Whole hours, as they are counted: in a zone of half an hour midnight is the full hour before."""
    o = t.occupancy.c
    midnight = place.midnight(place.day_of(now)).replace(minute=0)
    sums = [sa.func.coalesce(sa.func.sum(column), 0) for column in (o.opening, o.came, o.went, o.corrected)]
    row = conn.execute(sa.select(*sums).where(o.place == place.id, o.hour >= midnight)).one()
    opening, came, went, corrected = map(int, row)
    return Identity(midnight, inside - opening - came + went - corrected, opening, came, went, corrected, inside)


def cutoffs(place: Place, now: datetime) -> list[datetime]:
    """The same wall time as now, as many dates back as each of BANDS."""
    return [before(now, Duration(days, "d"), place.zone) for days in BANDS]


def areas(store: Store, actor: Actor, world: World, place_id: str, now: datetime, asked: Filters) -> Areas:
    """What stands where: of one terminal, direction, full or empty, where asked for. Errors: Refused where it is out of reach."""
    actor.must("see", place_id)
    place = world.place(place_id)
    ages = [sa.func.sum(sa.case((_s.opened_at <= at, 1), else_=0)) for at in cutoffs(place, now)]
    held = sa.func.sum(sa.case((_s.held != "", 1), else_=0))
    unsized = sa.func.sum(sa.case((_s.teu == 0, 1), else_=0))
    counted = (sa.func.count(), sa.func.sum(_s.teu), held, sa.func.min(_s.opened_at), unsized, *ages)
    wide = Filters(terminal=asked.terminal, direction=asked.direction, full_empty=asked.full_empty, line=asked.line)
    asked_for = sa.select(_s.terminal, _s.area, *counted).where(*_inside(place, wide, now)).group_by(_s.terminal, _s.area)
    with store.read() as conn:
        rows = [tuple(row) for row in conn.execute(asked_for)]
    return _areas(place, rows, data_to(store, actor, world, place_id, now))


def _areas(place: Place, rows: Sequence[tuple[Any, ...]], as_of: datetime | None) -> Areas:
    """Group what was counted by area; a name that no area has, or that means a whole terminal, is no position."""
    drawn = {area.id for area in stock_areas(place)}
    sums: dict[str, list[Stock]] = defaultdict(list)
    per: dict[str, Counter[bool]] = defaultdict(Counter)  # terminal -> boxes with and without a position
    undeclared: Counter[str] = Counter()
    unnamed = unsized = 0
    for terminal, named, boxes, teu, held, oldest, sizeless, *older in rows:
        known = place.area(named) if named else None
        area = known.id if known and known.id in drawn else ""
        one = Stock(area, int(boxes), int(teu), int(held), tuple(map(int, older)), oldest)
        sums[area].append(one)
        per[place.terminal_of(area) or terminal][bool(area)] += one.boxes
        unsized += int(sizeless)
        if not area and named and known is None:
            undeclared[named] += one.boxes
        elif not area:
            unnamed += one.boxes
    shares = {terminal: counts[True] / counts.total() for terminal, counts in per.items()}
    found = [_stock(place, area.id, sums.get(area.id, ()), shares.get(place.terminal_of(area.id))) for area in stock_areas(place)]
    every = [one for ones in sums.values() for one in ones]
    return Areas(tuple(found), _sum("", every), unnamed, undeclared, unsized, as_of)


def stock_areas(place: Place) -> tuple[Any, ...]:
    """The areas boxes stand in: those without areas of their own, of the kinds that hold stock."""
    parents = {area.parent for area in place.areas}
    return tuple(area for area in place.areas if area.id not in parents and area.kind in STOCK_KINDS)


def _stock(place: Place, area_id: str, ones: Sequence[Stock], known: float | None) -> Stock:
    area, whole = place.area(area_id), _sum(area_id, ones)
    capacity = area.capacity_teu if area else None
    return Stock(area_id, whole.boxes, whole.teu, whole.held, whole.older, whole.oldest, capacity, known)


def _sum(area: str, ones: Sequence[Stock]) -> Stock:
    older = tuple(sum(column) for column in zip(*(one.older for one in ones), strict=True)) or (0,) * len(BANDS)
    oldest = min((one.oldest for one in ones if one.oldest), default=None)
    return Stock(area, sum(one.boxes for one in ones), sum(one.teu for one in ones), sum(one.held for one in ones), older, oldest)


_COLUMNS = ("equipment", "opened_at", "entered_at", "entered_by", "terminal", "area", "direction", "direction_from", "full_empty")
_MORE = ("size_type", "teu", "line", "bill", "declaration", "held", "held_since")


def inside(store: Store, actor: Actor, world: World, place_id: str, now: datetime, asked: Filters, page: int = 1) -> Listed:
    """The boxes inside that fit, oldest first. Errors: Refused where it is out of reach."""
    actor.must("see", place_id)
    place = world.place(place_id)
    fits = _inside(place, asked, now)
    with store.read() as conn:
        total = conn.execute(sa.select(sa.func.coalesce(sa.func.sum(t.inside.c.boxes), 0)).where(t.inside.c.place == place_id)).scalar_one()
        n = conn.execute(sa.select(sa.func.count()).select_from(t.stay).where(*fits)).scalar_one() if asked != Filters() else int(total)
        page = min(max(page, 1), max(-(-n // PAGE), 1))
        asked_for = sa.select(*(_s[name] for name in (*_COLUMNS, *_MORE))).where(*fits).order_by(_s.opened_at, _s.equipment)
        rows = conn.execute(asked_for.limit(PAGE).offset((page - 1) * PAGE)).mappings().all()
    return Listed(tuple(dict(row) for row in rows), n, int(total), page)


def held(store: Store, actor: Actor, world: World, place_id: str, now: datetime, agency: str = "", asked: Filters | None = None) -> Listed:
    """The boxes held inside that fit (whatever their age), those held for longest first; `tally` agency -> boxes of those that fit but
    for the agency. Errors: Refused where it is out of reach.
    """
    actor.must("see", place_id)
    agency = agency or (asked.agency if asked else "")
    fitting = replace(asked or Filters(), held="yes", agency="", older="")
    of_place = (where_place(actor, _s.place, [place_id]), *_inside(world.place(place_id), fitting, now))
    wanted = (_held_by(agency),) if agency else ()
    tally: Counter[str] = Counter()
    with store.read() as conn:
        total = 0
        for row in conn.execute(sa.select(_s.held, sa.func.count().label("n")).where(*of_place).group_by(_s.held)):
            total += row.n
            tally.update(dict.fromkeys(row.held.split(","), row.n))
        listed = sa.select(*(_s[name] for name in (*_COLUMNS, *_MORE))).where(*of_place, *wanted).order_by(_s.held_since, _s.equipment)
        rows = conn.execute(listed.limit(PAGE)).mappings().all()
    return Listed(tuple(dict(row) for row in rows), tally[agency] if agency else total, total, 1, tally)


def lines(store: Store, actor: Actor, place_id: str) -> list[str]:
    """The lines whose boxes are inside, for the filter. Errors: Refused where it is out of reach."""
    actor.must("see", place_id)
    with store.read() as conn:
        asked = sa.select(_s.line).where(_s.place == place_id, _s.left_at.is_(None), _s.line != "").distinct()
        return sorted(conn.execute(asked).scalars())


def _inside(place: Place, asked: Filters, now: datetime) -> list[Condition]:
    """The conditions that a stay is open at the place and fits."""
    found: list[Condition] = [_s.place == place.id, _s.left_at.is_(None)]
    equal = {name: getattr(asked, name) for name in ("terminal", "direction", "full_empty", "line")}
    found += [_s[name] == value for name, value in equal.items() if value]
    if asked.area == UNKNOWN:
        found.append(_s.area.not_in([area.id for area in stock_areas(place)]))
    elif asked.area:
        found.append(_s.area == asked.area)
    if asked.held in ("yes", "no"):
        found.append(_s.held != "" if asked.held == "yes" else _s.held == "")
    if asked.agency:
        found.append(_held_by(asked.agency))
    if asked.older.isdecimal() and len(asked.older) < 4:
        found.append(_s.opened_at <= before(now, Duration(int(asked.older), "d"), place.zone))
    return found


def _held_by(agency: str) -> Condition:
    """The condition that an agency is one of those that hold a box."""
    return (sa.literal(",") + _s.held + sa.literal(",")).contains(f",{agency},", autoescape=True)
