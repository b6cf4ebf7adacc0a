"""A ship's call at a terminal: when it was planned, estimated and really was; of the boxes announced, how many were discharged and loaded.

Folded from what is told of boxes and of the ship: plans and orders (COPRAR, COPARN, CUSCAR; `planned`, `requested`), stowage plans and
carriers' estimates (BAPLIE, DCSA; `estimated`), what happened (movements over the quay; arrivals and departures that are told). A set:
order, grouping and repetition play no part. Of two announcements of one kind the later word stands.

Nobody is bound to tell a ship the same way. Ships are compared by name as it is told, voyages likewise, without blanks and in capitals; a
movement that names no ship, or no voyage, belongs to the call that announced its box, the nearest in time. Otherwise it belongs to none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from zones.codes import document

WORK = ("discharge", "load")
SHIP = {"discharge": "arrive", "load": "depart", "arrive": "arrive", "depart": "depart"}  # of what end of the call an announced time speaks
DAY = timedelta(days=1)
NEAR = timedelta(hours=72)  # a movement without a ship's name is of a call that announced its box this close
OVER = timedelta(hours=12)  # so long after the last box, with none in between, the work is over
NEVER = timedelta(hours=48)  # so long after it was expected, with nothing done, it is not expected any more
STATES = ("planned", "late", "never", "working", "done", "short")


class Told(Struct, frozen=True, gc=False):
    """One statement about a box and a ship, or (`arrive`, `depart`) about the ship. `told_at`: by its source, else when it was received."""

    report_id: str
    equipment: str
    event: str
    classifier: str
    at: datetime
    told_at: datetime
    vessel: str = ""
    voyage: str = ""
    terminal: str = ""
    publisher: str = ""
    precision: str = "minute"

    @property
    def turn(self) -> tuple[datetime, datetime, str]:
        """By which a word is later than another."""
        return self.told_at, self.at, self.report_id


class Line(Struct, frozen=True, gc=False):
    """One box of a call, to be discharged or loaded. `planned_at` None: nobody announced it; `done_at` None: not done yet."""

    equipment: str
    event: str
    planned_at: datetime | None
    done_at: datetime | None


class Times(Struct, frozen=True, gc=False):
    """One end of a call: as planned, as estimated, as it was told to have been. `days`: which of these are known by the day only."""

    planned: datetime | None = None
    estimated: datetime | None = None
    actual: datetime | None = None
    days: tuple[str, ...] = ()

    @property
    def expected(self) -> datetime | None:
        """The estimate, else the plan."""
        return self.estimated or self.planned

    @property
    def due(self) -> datetime | None:
        """The instant from which on it is late: a day has passed only at its end."""
        kind = "estimated" if self.estimated else "planned"
        return self.expected + DAY if self.expected is not None and kind in self.days else self.expected


class Call(Struct, frozen=True, gc=False):
    """One call. `vessel` and `voyage` as told last; `lines` by event and box."""

    vessel: str
    voyage: str
    terminal: str
    arrive: Times
    depart: Times
    lines: tuple[Line, ...]
    publishers: tuple[str, ...]
    told_at: datetime
    announced_at: datetime | None  # of the latest announcement

    def count(self, event: str) -> tuple[int, int, int]:
        """Boxes announced, of these done, done without having been announced."""
        own = [line for line in self.lines if line.event == event]
        planned = [line for line in own if line.planned_at is not None]
        done = sum(line.done_at is not None for line in planned)
        return len(planned), done, sum(line.planned_at is None for line in own)

    @property
    def waiting(self) -> tuple[Line, ...]:
        """Announced and not done."""
        return tuple(line for line in self.lines if line.done_at is None)

    @property
    def first(self) -> datetime | None:
        """When the first box was discharged or loaded."""
        return min((line.done_at for line in self.lines if line.done_at is not None), default=None)

    @property
    def last(self) -> datetime | None:
        """When the last one was."""
        return max((line.done_at for line in self.lines if line.done_at is not None), default=None)

    @property
    def at(self) -> datetime:
        """When it was, or is to be: by what is surest."""
        ends = (self.arrive.actual, self.first, self.arrive.expected, self.depart.actual, self.depart.expected)
        return next(end for end in (*ends, self.told_at) if end is not None)

    @property
    def due(self) -> datetime | None:
        """From when on it is late: its expected arrival, else its departure."""
        return self.arrive.due or self.depart.due

    @property
    def delay(self) -> int | None:
        """Minutes from the planned arrival (else the estimated) to the real one, or the first box; None where either is not known, or only
        by the day.
        """
        came, due = self.arrive.actual or self.first, self.arrive.planned or self.arrive.estimated
        if came is None or due is None or self.arrive.days:
            return None
        return int((came - due).total_seconds() // 60)

    def state(self, now: datetime) -> str:
        """One of STATES: short is over with boxes left that were announced."""
        due, last = self.due, self.last
        if last is None and self.arrive.actual is None:
            if self.depart.actual is not None and self.depart.actual <= now:
                return "short" if self.waiting else "done"
            return "planned" if due is None or due > now else "never" if now - due > NEVER else "late"
        over = (self.depart.actual is not None and self.depart.actual <= now) or (last is not None and now - last > OVER)
        if not self.waiting:
            return "done" if over or last is not None else "working"
        return "short" if over else "working"


Key = tuple[str, str, str]  # vessel, voyage, terminal, as compared


def calls(told: Iterable[Told]) -> list[Call]:
    """The calls at one place, by when they were or are to be. A statement told twice is one."""
    each = {one.report_id: one for one in told}.values()
    done = [one for one in each if one.classifier == "actual" and one.event in WORK]
    groups: dict[Key, list[Told]] = defaultdict(list)
    for one in each:
        if one.vessel and (one.voyage or one.event not in WORK or one.classifier != "actual"):
            groups[_key(one)].append(one)
    announced = _announced(groups)
    for one in done:
        if not one.vessel or not one.voyage:
            key = _of_whom(one, announced)
            if key is not None:
                groups[key].append(one)
    found = [_call(own) for own in _merged(groups).values()]
    found.sort(key=lambda call: (call.at, call.vessel, call.voyage, call.terminal))
    return found


def _key(one: Told) -> Key:
    return document(one.vessel), document(one.voyage), one.terminal


def _announced(groups: Mapping[Key, Iterable[Told]]) -> dict[tuple[str, str], list[tuple[Key, datetime]]]:
    """(box, event) -> the calls that announced it, and for when."""
    found: dict[tuple[str, str], list[tuple[Key, datetime]]] = defaultdict(list)
    for key, own in groups.items():
        for one in own:
            if one.classifier != "actual" and one.event in WORK:
                found[one.equipment, one.event].append((key, one.at))
    return found


def _of_whom(one: Told, announced: Mapping[tuple[str, str], list[tuple[Key, datetime]]]) -> Key | None:
    """The call that announced the box of a movement that does not say all of its call."""
    vessel, voyage, terminal = _key(one)
    near = [
        (abs(one.at - at), key)
        for key, at in announced.get((one.equipment, one.event), ())
        if vessel in ("", key[0]) and voyage in ("", key[1]) and (not terminal or key[2] in ("", terminal)) and abs(one.at - at) <= NEAR
    ]
    return min(near)[1] if near else None


def _merged(groups: Mapping[Key, list[Told]]) -> dict[Key, list[Told]]:
    """What names no terminal goes to the one terminal where its ship is known to be, if it is one."""
    terminals: dict[tuple[str, str], set[str]] = defaultdict(set)
    for vessel, voyage, terminal in groups:
        terminals[vessel, voyage].add(terminal)
    found: dict[Key, list[Told]] = defaultdict(list)
    for (vessel, voyage, terminal), own in groups.items():
        named = terminals[vessel, voyage] - {""}
        found[vessel, voyage, next(iter(named)) if not terminal and len(named) == 1 else terminal] += own
    return found


def _call(own: list[Told]) -> Call:
    own.sort(key=lambda one: one.turn)
    times: dict[tuple[str, str], Told] = {}
    planned: dict[tuple[str, str], Told] = {}
    done: dict[tuple[str, str], Told] = {}
    for one in own:  # the later word stands
        kind = "planned" if one.classifier == "requested" else one.classifier
        if kind != "actual" or one.event not in WORK:
            times[SHIP[one.event], kind] = one
        if one.event in WORK:
            (done if kind == "actual" else planned)[one.event, one.equipment] = one
    named = max(own, key=lambda one: (bool(one.vessel), bool(one.voyage), one.turn))

    def end(of: str) -> Times:
        told = {kind: found for kind in ("planned", "estimated", "actual") if (found := times.get((of, kind))) is not None}
        days = tuple(kind for kind, found in told.items() if found.precision == "day")
        return Times(**{kind: found.at for kind, found in told.items()}, days=days)

    return Call(
        vessel=named.vessel,
        voyage=named.voyage,
        terminal=max(one.terminal for one in own),
        arrive=end("arrive"),
        depart=end("depart"),
        lines=tuple(
            Line(box, event, _at(planned.get((event, box))), _at(done.get((event, box))))
            for event, box in sorted(planned.keys() | done.keys())
        ),
        publishers=tuple(sorted({one.publisher for one in own if one.publisher})),
        told_at=max(one.told_at for one in own),
        announced_at=max((one.told_at for one in own if one.classifier != "actual"), default=None),
    )


def _at(one: Told | None) -> datetime | None:
    return None if one is None else one.at
