"""How full a place is, and each of its areas, at each full hour; how its trucks go; what is announced to come. Pure: what rules are handed.

A level is hundredths of TEU of the boxes inside at a full hour. It is judged at full hours, so that what comes and goes within one makes
nothing begin and end. Boxes of unknown size add nothing, and what was inside before the books were opened is not known: a level is a lower
bound, and over a limit all the same.

A unit to be judged is `area:<place>/<what>/<day>`: the spells that begin on a local day of the place. `what` is "" for the place, the id
of an area, or one of TURN, INSIDE and COMING.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from zones.limits import Law, Limit
from zones.place import Area, Place
from zones.stay import Mark, Stay, counts, stands
from zones.visit import LONGEST, Visit

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TURN, INSIDE, COMING = "@turn", "@inside", "@coming"
YARD_LIMITS = ("yard_use_warn", "yard_use_high")
LIMITS = {TURN: ("turn_time_high",), INSIDE: ("trucks_inside",), COMING: ("surge_ahead",)}
SETTLED = "yard_use_settled"
Capacity = tuple[int, datetime | None, datetime | None]  # TEU, [since, until)


class Yard(Struct, frozen=True):
    """What has a declared capacity. `areas`: the ids that belong to it; None: counted by `terminal` ("": the whole place)."""

    area: str
    name: Mapping[str, str]
    capacity: tuple[Capacity, ...]
    areas: frozenset[str] | None = None
    terminal: str = ""


class Change(Struct, frozen=True):
    """What a movement of a box adds to a level or takes from it: hundredths of TEU, or vehicles. `by`: None where nobody told of it."""

    at: datetime
    amount: int
    by: Mark | None
    box: str = ""


class YardFacts(Struct, frozen=True):
    """A place or an area. `levels`: (full hour, level from then on) in time order, the first one where nothing was over a limit yet;
    `changes`: full hour -> what made its level of the one before, of the full hours at which it rose and a spell may begin.
    """

    place: str
    zone: tzinfo
    yard: Yard
    levels: Sequence[tuple[datetime, int]]
    changes: Mapping[datetime, Sequence[Change]] = {}
    leans: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        return f"area:{self.place}/{self.yard.area}"


class TruckFacts(Struct, frozen=True):
    """The vehicles of a place: `what` is TURN or INSIDE. `visits` of a stretch that begins where no spell runs; `marks` by movement id."""

    place: str
    zone: tzinfo
    what: str
    visits: Sequence[Visit]
    marks: Mapping[str, Mark]
    longest: timedelta = LONGEST

    @property
    def key(self) -> str:
        return f"area:{self.place}/{self.what}"


class Announced(Struct, frozen=True):
    """A box that is announced to come (teu above 0) or to go at `at`; so since `since` until it did, was announced otherwise, or `at`."""

    at: datetime
    amount: int
    since: datetime
    until: datetime
    by: Mark
    box: str


class ComingFacts(Struct, frozen=True):
    """What is announced for a place, with its levels as in YardFacts."""

    place: str
    zone: tzinfo
    yard: Yard
    levels: Sequence[tuple[datetime, int]]
    announced: Sequence[Announced]

    @property
    def key(self) -> str:
        return f"area:{self.place}/{COMING}"


AreaFacts = YardFacts | TruckFacts | ComingFacts


def unit(key: str, day: date) -> str:
    """The unit of what begins on a day."""
    return f"{key}/{day.isoformat()}"


def parts(unit: str) -> tuple[str, str, date]:
    """(place, what, day) of a unit."""
    place, what, day = unit.removeprefix("area:").split("/")
    return place, what, date.fromisoformat(day)


def full(at: datetime) -> datetime:
    """The first full hour (UTC) at which what happened at an instant is counted."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + HOUR


@lru_cache(maxsize=256)
def counted(place: Place) -> frozenset[str]:
    """The areas whose hours are counted: those that declare a capacity, terminals aside, and what is in them."""
    return frozenset(area for yard in _inner(place) for area in yard.areas or ())


@lru_cache(maxsize=256)
def yards(place: Place) -> tuple[Yard, ...]:
    """The place and its areas, as far as they declare a capacity."""
    told = place.capacity_teu
    whole = (Yard("", place.name, ((told.value, told.since, told.until),)),) if told else ()
    terminals = (area for area in place.areas if area.kind == "terminal" and area.capacity_teu)
    return (*whole, *(Yard(area.id, area.name, _always(area), None, area.id) for area in terminals), *_inner(place))


def _inner(place: Place) -> Iterator[Yard]:
    for area in place.areas:
        if area.capacity_teu and area.kind != "terminal":
            yield Yard(area.id, area.name, _always(area), frozenset(_within(place, area.id)))


def _always(area: Area) -> tuple[Capacity, ...]:
    return ((area.capacity_teu or 0, None, None),)


def _within(place: Place, area: str) -> Iterator[str]:
    yield area
    for each in place.areas:
        if each.parent == area:
            yield from _within(place, each.id)


def watched(place: Place, law: Law) -> tuple[str, ...]:
    """What of a place is judged: where a capacity and a limit are declared; see `parts`."""
    found = [yard.area for yard in yards(place)] if law.declares(YARD_LIMITS) else []
    found += [what for what in (TURN, INSIDE) if law.declares(LIMITS[what])]
    if place.capacity_teu and law.declares(LIMITS[COMING]) and law.declares(YARD_LIMITS):
        found.append(COMING)
    return tuple(found)


# ------------------------------------------------------------- from stays


def changes_of(stay: Stay, yard: Yard) -> Iterator[Change]:
    """What a stay adds to the level of a yard, and takes from it."""
    if yard.areas is not None:
        for one in stands(stay):
            if one.area in yard.areas:
                yield Change(one.at, one.boxes * stay.teu, one.by, stay.equipment)
    elif yard.terminal in ("", stay.terminal):
        for count, by in zip(counts(stay), (stay.opening, stay.exit), strict=False):
            yield Change(count.at, count.boxes * stay.teu, by, stay.equipment)


def folded(stays: Iterable[Stay], yard: Yard) -> tuple[list[tuple[datetime, int]], dict[datetime, list[Change]]]:
    """Levels and changes of a yard from all stays of its place: what the tables keep, from nothing."""
    changes: dict[datetime, list[Change]] = defaultdict(list)
    for stay in stays:
        for change in changes_of(stay, yard):
            changes[full(change.at)].append(change)
    levels, level = [(min(changes) - HOUR, 0)] if changes else [], 0
    for at in sorted(changes):
        level += sum(change.amount for change in changes[at])
        levels.append((at, level))
    return levels, changes


# ------------------------------------------------------------- spells


class Run(Struct):
    """One spell over limits: [began, ended), each limit with the full hour at which it was over it first, and the most it came to."""

    began: datetime
    most: tuple[int, datetime]
    steps: dict[str, tuple[datetime, Limit]]
    ended: datetime | None = None


Point = tuple[datetime, int, Sequence[Limit]]  # full hour, value from then on, the limits that it is over


def runs(points: Iterable[Point], law: Law) -> list[Run]:
    """The spells in which something was over a limit. One ends when it has not been for as long as the limit SETTLED says, if it does."""
    found: list[Run] = []
    now: Run | None = None
    for at, value, over in points:
        if now and now.ended is not None and at >= now.ended:
            now = None
        if over:
            if now is None:
                found.append(now := Run(at, (value, at), {}))
            now.ended = None
            if value > now.most[0]:
                now.most = (value, at)
            for limit in over:
                now.steps.setdefault(limit.limit, (at, limit))
        elif now and now.ended is None:
            now.ended = at + settled(law, at)
    return found


def settled(law: Law, at: datetime) -> timedelta:
    """For how long a level must be below before its spell is over."""
    limit = law.at(SETTLED, at)
    return limit.duration.at_least if limit else timedelta()


def capacity_at(yard: Yard, at: datetime) -> int | None:
    """The declared capacity in TEU; None where none is in force."""
    return next((teu for teu, since, until in yard.capacity if (since is None or since <= at) and (until is None or at < until)), None)


def levels_over(facts: YardFacts | ComingFacts, law: Law) -> Iterator[Point]:
    """The levels with the limits that they are over; also where these change."""
    known, level = dict(facts.levels), 0
    first = min(known, default=None)
    turns = {full(t - SECOND) for t in _turns(facts.yard, law) if first and t > first}
    for at in sorted({*known, *turns}):
        level = known.get(at, level)
        yield at, level, over(facts.yard, law, level, at)


def over(yard: Yard, law: Law, level: int, at: datetime) -> tuple[Limit, ...]:
    """The limits that a level is over, the lower first."""
    capacity = capacity_at(yard, at)
    if not capacity:
        return ()
    declared = (law.at(name, at) for name in YARD_LIMITS)
    return tuple(limit for limit in declared if limit and level > limit.measure.of(capacity * 100))


def _turns(yard: Yard, law: Law) -> Iterator[datetime]:
    for limit in law.limits:
        if limit.limit in YARD_LIMITS:
            yield from (t for t in (limit.valid_from, limit.valid_to) if t is not None and t.year > 1)
    for _, *ends in yard.capacity:
        yield from (t for t in ends if t is not None)


def raised_at(facts: YardFacts, began: datetime) -> datetime | None:
    """The full hour at which the level rose last, by the beginning of a spell; None where that lies before what is known."""
    found = None
    for (_, before), (at, level) in pairwise(facts.levels):
        if at <= began and level > before:
            found = at
    return found


def crossed(before: int, changes: Iterable[Change], most: Callable[[int], bool]) -> Change | None:
    """The change that took a value over for good, within its hour; else the last that raised it. `most(value)`: it is over."""
    value, is_over = before, most(before)
    found = last = None
    for change in sorted(changes, key=lambda one: (one.at, -one.amount, one.by.report_id if one.by else "")):
        value += change.amount
        if change.amount > 0 and change.by:
            last = change
        if most(value) and not is_over:
            found = last
        is_over = most(value)
    return found or last
