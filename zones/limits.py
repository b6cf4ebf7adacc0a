"""The law of a place: which limit is in force when, and when something was, is or will be over it.

A limit is a duration (or a measure: a share, a count, a distance) with a name, a citation and the span in which it is in force,
[valid_from, valid_to). A limit that `applies` "at_time" holds for everything while it is in force; one that applies "entered_from" holds
for what entered under it and stays with it, so that what entered before keeps the limit it had. A limit of the place wins over one of the
jurisdiction while it is in force. Two versions of one name follow each other: where the earlier does not say when it ends, it ends where
the next begins.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct

from zones.calendar import Calendar, Deadline, Duration, after, before
from zones.goods import NOTHING as NO_GOODS
from zones.goods import Goods
from zones.measure import Measure, Value
from zones.required import NOTHING, Required
from zones.switch import Off
from zones.way import Way

ALWAYS = datetime.min.replace(tzinfo=UTC)
ORIGINS = ("place", "jurisdiction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One version of a limit, as it holds at one place. Times UTC."""

    limit: str
    value: Value
    valid_from: datetime = ALWAYS
    valid_to: datetime | None = None
    calendar: str = ""  # the calendar of the jurisdiction by which working time is counted
    count_from: str = "event"  # event | next_day
    ends: str = "same_time"  # same_time | end_of_day
    applies: str = "at_time"  # at_time | entered_from
    clock: str = ""  # in words: what starts it
    citation: str = ""  # where it stands; for a limit of the place, why it was set
    citation_status: str = "unconfirmed"
    origin: str = "jurisdiction"  # place | jurisdiction
    by_calendar: Calendar | None = field(default=None, repr=False)
    version: str = field(default="", compare=False)
    at_least: timedelta = field(default=timedelta(), compare=False, repr=False)  # nothing is over it sooner
    at_most: timedelta | None = field(default=None, compare=False, repr=False)  # counted back: no more than this; None: nobody knows

    def __post_init__(self) -> None:
        said = (self.limit, str(self.value), self.valid_from, self.valid_to, self.calendar, self.count_from, self.ends, self.applies)
        more = (self.citation, self.citation_status, self.origin, _spelled(self.by_calendar))
        digest = hashlib.sha256(repr((*map(str, said), *more)).encode()).hexdigest()
        object.__setattr__(self, "version", digest[:12])
        if isinstance(self.value, Duration):
            object.__setattr__(self, "at_least", self.value.at_least)
            object.__setattr__(self, "at_most", self.value.at_most)

    @property
    def confirmed(self) -> bool:
        """Whether somebody answers for it: the place that set it with a reason, or whoever read the law that is cited."""
        return self.citation_status == "confirmed"

    @property
    def duration(self) -> Duration:
        """Its length of time. Errors: TypeError if it is a measure: the rule that goes by it took it for something else."""
        if not isinstance(self.value, Duration):
            raise TypeError(f"limit {self.limit} is {self.value}, no length of time")
        return self.value

    @property
    def measure(self) -> Measure:
        """What it measures. Errors: TypeError if it is a length of time."""
        if not isinstance(self.value, Measure):
            raise TypeError(f"limit {self.limit} is {self.value}, no measure")
        return self.value

    def in_force(self, t: datetime) -> bool:
        """Whether t is in [valid_from, valid_to)."""
        return self.valid_from <= t and (self.valid_to is None or t < self.valid_to)

    def deadline(self, start: datetime, zone: ZoneInfo) -> Deadline:
        """When what began at `start` has used the limit up."""
        return after(start, self.duration, zone, self.by_calendar, self.count_from, self.ends)


class Spell(Struct, frozen=True, gc=False):
    """An interval [began, ended) over a limit; `ended` None: until something else ends it. Not `exact`: it begins not before `began`."""

    began: datetime
    ended: datetime | None
    limit: Limit
    exact: bool = True


class Law:
    """All limits of one place, of its own and of its jurisdiction, the ways that it declares, what it requires besides, what is declared
    of goods, and which rules are off there."""

    def __init__(
        self,
        limits: Iterable[Limit],
        zone: ZoneInfo,
        calendars: Mapping[str, Calendar] | None = None,
        offs: Iterable[Off] = (),
        ways: Mapping[str, Way] | None = None,
        required: Required = NOTHING,
        goods: Goods = NO_GOODS,
    ) -> None:
        self.ways: Mapping[str, Way] = dict(ways or {})  # where it leads -> what is declared of the way there
        self.required = required
        self.goods = goods
        self.offs = tuple(sorted(offs, key=lambda off: (off.rule, off.since)))
        self.limits = tuple(sorted(limits, key=lambda x: (x.limit, ORIGINS.index(x.origin), x.valid_from)))
        self.zone = zone
        self.calendars: Mapping[str, Calendar] = dict(calendars or {})
        self._chains: dict[str, list[tuple[Limit, ...]]] = {}
        for name in {limit.limit for limit in self.limits}:
            by_origin = ([x for x in self.limits if x.limit == name and x.origin == origin] for origin in ORIGINS)
            self._chains[name] = [succession(versions) for versions in by_origin if versions]
        # When anything of a limit changes, in time order: what begins after the last of them never meets another version.
        self._turns = {
            name: sorted({t for chain in chains for v in chain for t in (v.valid_from, v.valid_to) if t is not None})
            for name, chains in self._chains.items()
        }

    @cached_property
    def version(self) -> str:
        """A hash of all that is declared: equal laws judge alike."""
        offs = (f"{off.rule} {off.since} {off.until}" for off in self.offs)
        ways = (f"{to} {way.corridor} {way.stops}" for to, way in sorted(self.ways.items()))
        required = () if self.required == NOTHING else (repr(self.required),)
        goods = () if self.goods == NO_GOODS else (repr(self.goods),)
        declared = (self.zone.key, *(limit.version for limit in self.limits), *offs, *ways, *required, *goods)
        return hashlib.sha256(" ".join(declared).encode()).hexdigest()[:12]

    @property
    def names(self) -> tuple[str, ...]:
        """The limits that are declared, at whatever time."""
        return tuple(sorted(self._chains))

    def off(self, rule: str) -> tuple[Off, ...]:
        """When the rule is off here."""
        return tuple(off for off in self.offs if off.rule == rule) if self.offs else ()

    def declares(self, limits: Iterable[str]) -> bool:
        """Whether any of these limits is declared, at whatever time."""
        return any(name in self._chains for name in limits)

    def shortest(self, limits: Iterable[str]) -> timedelta | None:
        """A time within which nothing is over any version of these limits; None where none of them is declared."""
        return min((v.at_least for name in limits for chain in self._chains.get(name, ()) for v in chain), default=None)

    def at(self, limit: str, t: datetime) -> Limit | None:
        """The version in force at t; the place's own first. None switches off what leans on it."""
        return next((v for chain in self._chains.get(limit, ()) for v in chain if v.in_force(t)), None)

    def spans(self, limit: str, since: datetime, until: datetime | None = None) -> Iterator[tuple[datetime, datetime | None, Limit]]:
        """(from, to, version in force) over [since, until), in time order; no span where none is in force."""
        turns = self._turns.get(limit, [])
        cuts = [since, *(t for t in turns[bisect_right(turns, since) :] if until is None or t < until)]
        for began, ended in zip(cuts, [*cuts[1:], until], strict=True):
            if (version := self.at(limit, began)) is not None and began != ended:
                yield began, ended, version

    def governing(self, limit: str, start: datetime, t: datetime) -> Limit | None:
        """The version that holds at t for what began at `start`."""
        for chain in self._chains.get(limit, ()):
            if (version := _governing(chain, start, t)) is not None:
                return version
        return None

    def deadline(self, limit: str, start: datetime, t: datetime) -> datetime | None:
        """When what began at `start` is over the limit, by the law as it holds at t; None without such a limit.

        Where the calendar ends before the deadline this is "not before": see `due`.
        """
        due = self.due(limit, start, t)
        return due.at if due else None

    def due(self, limit: str, start: datetime, t: datetime) -> Deadline | None:
        """As `deadline`, and whether it is exact."""
        governing = self.governing(limit, start, t)
        return governing.deadline(start, self.zone) if governing else None

    def beyond(self, limit: str, start: datetime, until: datetime | None = None) -> tuple[Spell, ...]:
        """The spells in which what began at `start` is over the limit, up to `until`, in time order.

        A limit that tightens on a day puts what is already older over it from that day on; one that loosens or lapses ends the spell.
        """
        turns = self._turns.get(limit)
        if turns is None:
            return ()
        later = turns[bisect_right(turns, start) :]
        spells: list[Spell] = []
        for a, b in zip((start, *later), (*later, None), strict=True):
            governing = self.governing(limit, start, a)
            if governing is None:
                continue
            ended = b if until is None else until if b is None else min(b, until)
            if ended is not None and ended - start < governing.at_least:
                continue
            due = governing.deadline(start, self.zone)
            began = max(due.at, a)
            if ended is None or began < ended:
                _append(spells, Spell(began, ended, governing, due.exact))
        return tuple(spells)

    def nearing(self, limit: str, notice: str, start: datetime, until: datetime | None = None) -> tuple[Spell, ...]:
        """As `beyond`, but from as long before the end of the limit as the limit `notice` says; none where that is before `start`."""
        if limit not in self._turns or notice not in self._turns:
            return ()
        later = [t for t in sorted({*self._turns[limit], *self._turns[notice]}) if t > start]
        spells: list[Spell] = []
        for a, b in zip((start, *later), (*later, None), strict=True):
            ends, ahead = self.governing(limit, start, a), self.governing(notice, start, a)
            ended = b if until is None else until if b is None else min(b, until)
            if ends is None or ahead is None:
                continue
            if ended is not None and ahead.at_most is not None and ended - start < ends.at_least - ahead.at_most:
                continue
            due = ends.deadline(start, self.zone)
            told = before(due.at, ahead.duration, self.zone, ahead.by_calendar)
            began = max(told, a)
            if told > start and (ended is None or began < ended):
                _append(spells, Spell(began, ended, ahead, due.exact))
        return tuple(spells)

    def with_values(self, values: Mapping[str, Value]) -> Law:
        """The same law with other values at all times: what would have been. A name not declared yet is a limit from always on."""
        kept = [replace(limit, value=values.get(limit.limit, limit.value)) for limit in self.limits]
        new = [Limit(limit=name, value=value, origin="place") for name, value in values.items() if name not in self._chains]
        return Law(kept + new, self.zone, self.calendars, self.offs, self.ways, self.required, self.goods)

    def with_limits(self, more: Iterable[Limit]) -> Law:
        """The same law with further limits, such as those that people set on a screen."""
        return Law((*self.limits, *more), self.zone, self.calendars, self.offs, self.ways, self.required, self.goods)

    def with_offs(self, offs: Iterable[Off]) -> Law:
        """The same law with these rules off, and no others."""
        return Law(self.limits, self.zone, self.calendars, offs, self.ways, self.required, self.goods)


def succession(versions: Iterable[Limit]) -> tuple[Limit, ...]:
    """Versions of one name in time order, each ended where the next begins."""
    order = sorted(versions, key=lambda v: v.valid_from)
    ends = [v.valid_from for v in order[1:]]
    return tuple(
        replace(v, valid_to=end) if end is not None and (v.valid_to is None or v.valid_to > end) else v
        for v, end in zip(order, [*ends, None][: len(order)], strict=True)
    )


def _governing(chain: tuple[Limit, ...], start: datetime, t: datetime) -> Limit | None:
    """Go back from the version of t to the one that what began at `start` still stands under."""
    i = len(chain) - 1
    while i >= 0 and chain[i].valid_from > t:
        i -= 1
    in_force = i >= 0 and chain[i].in_force(t)
    while i >= 0:
        v = chain[i]
        if v.applies == "at_time":
            return v if in_force else None
        if start >= v.valid_from:
            return v if v.in_force(start) else None
        # Began before v, which is for those that come under it: what held just before v came still does.
        i -= 1
        in_force = i >= 0 and chain[i].valid_to == v.valid_from
    return None


def _append(spells: list[Spell], spell: Spell) -> None:
    """One spell where nothing changed in between."""
    last = spells[-1] if spells else None
    if last and last.limit == spell.limit and last.ended == spell.began:
        spells[-1] = Spell(last.began, spell.ended, last.limit, last.exact)
    else:
        spells.append(spell)


def _spelled(calendar: Calendar | None) -> str:
    if calendar is None:
        return ""
    days = (sorted(map(str, calendar.weekend)), sorted(map(str, calendar.holidays)), sorted(map(str, calendar.also_working)))
    return repr((str(calendar.last_day), *days, [f"{a}-{b}" for a, b in calendar.hours]))
