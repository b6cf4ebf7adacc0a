"""A supervised place as declared: a seaport, a free zone, a bonded warehouse, a dry port, a border gate.

Frozen values, made from the texts of its folder by zones/folder.py. What concerns several places (unique feeds, codes, roads between
them, the law) is the business of zones/world.py. Times are UTC, texts "" where absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from zones import _geometry, by_hand, calendar
from zones._declare import BadDeclaration, BadDeclarations
from zones._geometry import Shape
from zones._place_form import HORIZON
from zones.calendar import Duration
from zones.codes import KIND_OF, KINDS
from zones.goods import Operator, named
from zones.limits import Limit
from zones.required import NOTHING, Required
from zones.response import Times
from zones.switch import Off
from zones.visit import LONGEST, SLOW
from zones.way import Way

__all__ = [
    "Area",
    "BadDeclaration",
    "BadDeclarations",
    "Closure",
    "Expect",
    "Feed",
    "Options",
    "Phone",
    "Place",
    "Shift",
    "Sourced",
    "Travel",
]


def titled(names: Mapping[str, str], lang: str) -> str:
    """The name in a language, else in English, else in any."""
    return names.get(lang) or names.get("en") or next(iter(names.values()), "")


def within_hours(at: time, since: time, until: time) -> bool:
    """Whether a local time is in [since, until); the spell may run over midnight, and from a time to itself is the whole day."""
    return since <= at < until if since < until else at >= since or at < until


class Options(dict[str, Any]):
    """The options of a feed: a dict that cannot be changed."""

    def _frozen(self, *_: object, **__: object) -> Any:
        raise TypeError("the options of a feed are declared, and cannot be changed")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _frozen


@dataclass(frozen=True, slots=True)
class Sourced:
    """A number, who says so, and when it holds."""

    value: int
    source: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Area:
    """A part of a place, or its boundary. `geometry` is GeoJSON, longitude first; `parent` is the id of the area around it."""

    id: str
    kind: str
    geometry: Shape
    parent: str = ""
    name: Mapping[str, str] = field(default_factory=dict)
    capacity_teu: int | None = None
    codes: tuple[str, ...] = ()
    accuracy: str = "schematic"
    source: str = ""
    note: str = ""

    def title(self, lang: str = "en") -> str:
        """Its name, else its id."""
        return titled(self.name, lang) or self.id

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle, for a label."""
        return _geometry.centre(self.geometry)


@dataclass(frozen=True, slots=True)
class Travel:
    """The shortest time from here to another place, and the way there as far as it is declared."""

    to: str
    at_least: timedelta
    way: Way = Way()  # noqa: RUF009  (it cannot be changed)


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift in local time; it may run over midnight."""

    name: str
    from_: time
    to: time


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that is called when nobody on duty has answered, and whose it is."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Closure:
    """A named spell [from_, to) in which the place is closed; `to` None: until further notice."""

    name: str
    from_: datetime
    to: datetime | None


@dataclass(frozen=True, slots=True)
class Expect:
    """Silence longer than `within` is too long: at all hours, or while the local time is in `hours`."""

    within: timedelta
    hours: tuple[time, time] | None = None

    def covers(self, at: time) -> bool:
        """Whether it speaks of this local time."""
        return self.hours is None or within_hours(at, *self.hours)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Feed:
    """Where reports come from. `speaks_for`: as declared, else what its format speaks for; empty: a witness only.

    `options`: how its bytes are read; `fetch`: how they are come by (the reader never sees it).
    """

    id: str
    place: str
    format: str
    publisher: str
    source: str
    speaks_for: frozenset[str] = frozenset()
    every: timedelta | None = None
    cron: str | None = None
    expect: tuple[Expect, ...] = ()
    options: Options = field(default_factory=Options)
    fetch: Options = field(default_factory=Options)
    since: datetime | None = None
    until: datetime | None = None

    def in_force(self, t: datetime) -> bool:
        """Whether the feed is declared for t."""
        return (self.since is None or self.since <= t) and (self.until is None or t < self.until)

    @property
    def options_text(self) -> str:
        """The options as canonical JSON: equal texts read alike."""
        return json.dumps(self.options, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Place:
    """One supervised place."""

    id: str
    name: Mapping[str, str]
    kind: str
    timezone: str
    jurisdiction: str
    supervised_from: datetime
    unlocode: str | None = None
    capacity_teu: Sourced | None = None
    codes: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    same_movement: Mapping[str, timedelta] = field(
        default_factory=lambda: MappingProxyType({"gate": timedelta(hours=2), "quay": timedelta(hours=12)})
    )
    vehicle_visits: Mapping[str, timedelta] = field(default_factory=lambda: MappingProxyType({"slow": SLOW, "longest": LONGEST}))
    horizon: Duration = HORIZON
    travel: tuple[Travel, ...] = ()
    shifts: tuple[Shift, ...] = ()
    contacts: Mapping[str, str] = field(default_factory=dict)
    response: Mapping[str, Times] = field(default_factory=dict)
    phones: tuple[Phone, ...] = ()
    closures: tuple[Closure, ...] = ()
    feeds: tuple[Feed, ...] = ()
    limits: tuple[Limit, ...] = ()
    rules_off: tuple[Off, ...] = ()
    required: Required = NOTHING
    operators: tuple[Operator, ...] = ()
    zone: ZoneInfo = field(init=False)
    hand: Feed = field(init=False)  # what people record from paper; nobody pulls it, expects it or counts on hearing it
    _areas: Mapping[str, Area] = field(init=False, repr=False)
    _by_code: Mapping[str, Area] = field(init=False, repr=False)
    _ranks: Mapping[str, Mapping[str, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_code = {area.id.upper(): area for area in reversed(self.areas)}
        by_code |= {code.upper(): area for area in reversed(self.areas) for code in area.codes}
        keep = object.__setattr__
        keep(self, "zone", ZoneInfo(self.timezone))
        keep(self, "hand", _hand(self.id))
        keep(self, "_areas", {area.id: area for area in self.areas})
        keep(self, "_by_code", by_code)
        keep(self, "_ranks", {kind: MappingProxyType(_ranking(self.feeds, kind)) for kind in (*KINDS, "")})

    def title(self, lang: str = "en") -> str:
        """Its name in a language, else in English."""
        return titled(self.name, lang)

    # --- areas

    def area(self, id_or_code: str) -> Area | None:
        """The area of that id, else the one whose codes, or whose id in capitals, say so."""
        return self._areas.get(id_or_code) or self._by_code.get(id_or_code.upper())

    def terminal_of(self, area: str) -> str:
        """The terminal an area belongs to, itself included; "" if none."""
        at, seen = self._areas.get(area), set[str]()
        while at and at.kind != "terminal" and at.id not in seen:
            seen.add(at.id)
            at = self._areas.get(at.parent)
        return at.id if at and at.kind == "terminal" else ""

    @property
    def boundaries(self) -> tuple[Area, ...]:
        """The areas of kind boundary."""
        return tuple(area for area in self.areas if area.kind == "boundary")

    @property
    def centre(self) -> tuple[float, float] | None:
        """Longitude and latitude of the middle of its (first) boundary, else of its first area."""
        shown = self.boundaries or self.areas
        return shown[0].centre if shown else None

    # --- who counts

    def rank(self, event: str) -> Mapping[str, int]:
        """Publishers from 0 on: those whose feed speaks for the kind of the event, then the others, each in the order of the file.

        Give "customs" for customs facts.
        """
        return self._ranks[KIND_OF.get(event, event)]

    def tolerance(self, event: str) -> timedelta:
        """How close reports of an event must be to tell of one movement: the quay's for quay events, the gate's for all else."""
        return self.same_movement["quay" if KIND_OF.get(event) == "quay" else "gate"]

    def spoken_for(self, kind: str) -> bool:
        """Whether any feed speaks for a kind (gate, quay, yard, customs, plans)."""
        return any(kind in feed.speaks_for for feed in self.feeds)

    def operator(self, id_or_code: str) -> Operator | None:
        """Who keeps a ledger of goods here, by id, else by one of his codes, in any case."""
        return named(self.operators, id_or_code)

    # --- its time

    def day_of(self, t: datetime) -> date:
        """The local date of an instant."""
        return calendar.day_of(t, self.zone)

    def midnight(self, day: date) -> datetime:
        """The UTC instant at which a local day begins."""
        return calendar.midnight(day, self.zone)

    def oldest(self, received_at: datetime) -> datetime:
        """What is said to have happened before this, in a message received then, is implausible."""
        return calendar.before(received_at, self.horizon, self.zone)

    def closure_at(self, t: datetime) -> Closure | None:
        """Why the place is closed at t."""
        return next((c for c in self.closures if c.from_ <= t and (c.to is None or t < c.to)), None)

    def is_closed(self, t: datetime) -> bool:
        """Whether the place is closed at t: neither normal nor silent."""
        return self.closure_at(t) is not None

    def shift_at(self, t: datetime) -> Shift | None:
        """The shift on duty at t."""
        local = t.astimezone(self.zone).time()
        return next((s for s in self.shifts if within_hours(local, s.from_, s.to)), None)

    def shift_ends(self, t: datetime) -> datetime | None:
        """When the shift that is on duty at t ends (UTC); None where none is."""
        on = self.shift_at(t)
        if on is None:
            return None
        today = calendar.day_of(t, self.zone)
        ends = (calendar.instant(today + n * calendar.DAY, on.to, self.zone) for n in range(3))
        return next((at for at in ends if at > t), None)

    def least_travel(self, to: str) -> timedelta | None:
        """The shortest time to another place, where declared."""
        return next((road.at_least for road in self.travel if road.to == to), None)


def _hand(place: str) -> Feed:
    """What people record is looked at by two of them before it is read: nothing is stopped for being rejected too often."""
    options = Options(breaker="off")
    return Feed(id=by_hand.feed_of(place), place=place, format=by_hand.FORMAT, publisher=by_hand.BY_HAND, source="", options=options)


def _ranking(feeds: Iterable[Feed], kind: str) -> dict[str, int]:
    feeds = tuple(feeds)
    speaking = [feed.publisher for feed in feeds if kind in feed.speaks_for]
    order = dict.fromkeys([*speaking, *(feed.publisher for feed in feeds)])
    return {publisher: rank for rank, publisher in enumerate(order)}
