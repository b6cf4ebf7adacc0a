"""Trucks at a place: turn time by hour, who is inside, how each gate goes. Folded (zones/visit.py) from the gate movements of the period.

Read is the period asked for, of seven days at the most, and the longest visit on both sides, by the index of movements in time: neither
the length of history nor the number of sources plays a part. No table is kept for it, so nothing is added to what a pull costs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.queries._bins import HOUR, Bin, bins
from data.queries._heard import Sight, sight
from data.queries._scope import allowed, equals
from data.queries._silent import Spell, silences, silent_in
from data.store import tables as t
from data.store.engine import Store
from zones.codes import plate
from zones.place import Place
from zones.visit import GATE, MARGIN, Pass, Turn, Visit, state, turn, visits
from zones.world import World

MOST = 7 * 24  # hours of a period
GATE_KIND = ("gate",)
Gate = tuple[str, str]  # terminal, gate as told


@dataclass(frozen=True, slots=True)
class Slot:
    """One hour, of a place or of one gate: passes in and out (a truck with two boxes passes once), turn times of visits that ended in it.

    `state`: open, normal, slow, closed, no_data (zones.visit.state). Not `complete`: it goes on, or a source is silent.
    """

    bin: Bin
    came: int
    went: int
    turn: Turn
    state: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicles:
    """One place over the period. `shown`: its visits that ended, or began and did not end, in it, latest first; `inside`: who is inside
    now, longest first. `ends`: how many visits are complete, lack an entry, lack an exit. `unnamed`: gate movements that name no vehicle;
    `by_day`: those of which only the day is told. `outside`: the queue outside the gate; None, since no source tells of it.
    """

    place: str
    zone: str
    slots: tuple[Slot, ...]
    gates: Mapping[Gate, tuple[Slot, ...]]
    turn: Turn
    inside: tuple[Visit, ...]
    shown: tuple[Visit, ...]
    ends: Mapping[str, int]
    unnamed: int
    by_day: int
    sight: Sight
    slow: timedelta
    longest: timedelta
    ever: bool
    outside: None = None

    @property
    def as_of(self) -> datetime | None:
        return self.sight.as_of

    @property
    def since(self) -> datetime:
        return self.slots[0].bin.start

    @property
    def until(self) -> datetime:
        return self.slots[-1].bin.end


def vehicles(
    store: Store,
    actor: Actor,
    world: World,
    now: datetime,
    *,
    places: Iterable[str] = (),
    first: date | None = None,
    last: date | None = None,
    terminal: str = "",
    gate: str = "",
    number: str = "",
) -> list[Vehicles]:
    """Each of these places (none given: all) within reach. The period: first to last local day, both included, of these the last seven
    days; else the latest 24 hours. `number`: a plate, however written: of the visits shown only its own.
    """
    with store.read() as conn:
        return [
            _place(
                conn,
                world.place(one),
                now,
                (first, last),
                {"terminal": terminal, "gate": gate},
                number,
                sight(conn, world, [one], now, GATE_KIND),
            )
            for one in allowed(actor, world, places)
        ]


def gates(store: Store, actor: Actor, world: World, now: datetime, places: Iterable[str], terminal: str = "") -> list[str]:
    """The gates that sources told of within the last seven days, as they are told."""
    r = t.report.c
    asked = sa.select(r.gate).distinct().where(r.canonical, r.event.in_(GATE), r.occurred_at >= now - timedelta(hours=MOST), r.gate != "")
    asked = asked.where(r.place.in_(allowed(actor, world, places)), *equals(t.report, terminal=terminal))
    with store.read() as conn:
        return sorted(conn.execute(asked).scalars())


def _place(
    conn: Connection, place: Place, now: datetime, days: tuple[date | None, date | None], own: Mapping[str, str], number: str, seen: Sight
) -> Vehicles:
    hours = bins(HOUR, place.zone, now, *days)[0][-MOST:]
    since, until = hours[0].start, hours[-1].end
    slow, longest = place.vehicle_visits["slow"], place.vehicle_visits["longest"]
    passes, unnamed, by_day = _passes(conn, place.id, since, until, longest)
    every = [visit for visit in visits(passes, longest) if _fits(visit, own)]
    within = [visit for visit in every if since <= visit.at < until]
    now_passes = passes if until + longest >= now else _passes(conn, place.id, now, now, longest)[0]
    inside = [
        visit for visit in visits(now_passes, longest) if visit.end(now, longest) == "inside" and visit.at <= now and _fits(visit, own)
    ]
    inside.sort(key=lambda visit: (visit.at, visit.plate))
    feeds = [feed for feed in place.feeds if feed.in_force(now) and "gate" in feed.speaks_for]
    quiet = silences(conn, place, feeds, since, until, now)
    for heard in seen.blind:
        if heard.stopped and heard.at is not None:  # what came since is kept, and nobody has read it
            quiet.setdefault(heard.feed, []).append((heard.at, None))
    slots = _Slots(place, hours, slow, now, seen)
    by_gate = _by_gate(every, since, until)
    wanted = plate(number)
    shown = [visit for visit in within if not wanted or visit.plate == wanted]
    return Vehicles(
        place=place.id,
        zone=place.timezone,
        slots=slots.of(every, list(quiet.values())),
        gates={at: slots.of(own_visits, _spells(own_visits, at, quiet), at) for at, own_visits in sorted(by_gate.items())},
        turn=turn(within),
        inside=tuple(inside),
        shown=tuple(reversed(shown)),
        ends=Counter(visit.end(now, longest) for visit in within),
        unnamed=unnamed,
        by_day=by_day,
        sight=seen,
        slow=slow,
        longest=longest,
        ever=bool(passes) or unnamed > 0 or _ever(conn, place.id),
    )


def _passes(conn: Connection, place: str, since: datetime, until: datetime, longest: timedelta) -> tuple[list[Pass], int, int]:
    """The gate movements that name a vehicle, with the longest visit on both sides; and of the period itself how many name none, and of how
    many only the day is told.
    """
    r = t.report.c
    columns = (r.movement_id, r.occurred_at, r.event, r.vehicle, r.equipment, r.terminal, r.gate, r.lane, r.feed, r.precision)
    around = longest + MARGIN
    asked = sa.select(*columns).where(r.canonical, r.place == place, r.event.in_(GATE), r.mode.in_(("truck", "unknown")))
    found: list[Pass] = []
    unnamed = by_day = 0
    for *told, precision in conn.execute(asked.where(r.occurred_at >= since - around, r.occurred_at < until + around)):
        one = Pass(*told)
        if precision == "day":
            by_day += since <= one.at < until
        elif plate(one.told):
            found.append(one)
        else:
            unnamed += since <= one.at < until
    return found, unnamed, by_day


def _ever(conn: Connection, place: str) -> bool:
    h = t.hourly.c
    return conn.execute(sa.select(h.hour).where(h.place == place, h.event.in_(GATE)).limit(1)).first() is not None


def _fits(visit: Visit, own: Mapping[str, str]) -> bool:
    """Whether it was at the terminal, and came or left by the gate, that is asked for."""
    return (not own["terminal"] or visit.terminal == own["terminal"]) and (not own["gate"] or own["gate"] in {p.gate for p in visit.passes})


def _by_gate(of: Iterable[Visit], since: datetime, until: datetime) -> dict[Gate, list[Visit]]:
    """Gate -> the visits that came or left by it in the period."""
    found: dict[Gate, list[Visit]] = defaultdict(list)
    for visit in of:
        for at in {(visit.terminal, one.gate) for one in visit.passes if since <= one.at < until}:
            found[at].append(visit)
    return found


def _spells(of: Iterable[Visit], at: Gate, quiet: Mapping[str, list[Spell]]) -> list[list[Spell]]:
    """When the sources that told of a gate were silent; where none of them speaks for gates, when all that do were."""
    telling = {one.feed for visit in of for one in visit.passes if (visit.terminal, one.gate) == at}
    return [spells for feed, spells in quiet.items() if feed in telling] or list(quiet.values())


class _Slots:
    """The hours of a place, filled with visits."""

    def __init__(self, place: Place, hours: Sequence[Bin], slow: timedelta, now: datetime, seen: Sight) -> None:
        self.place, self.hours, self.slow, self.now = place, hours, slow, now
        self.to = seen.seen_to(now)

    def of(self, own: Iterable[Visit], quiet: list[list[Spell]], at: Gate | None = None) -> tuple[Slot, ...]:
        """The slots of these visits, by one gate or by all; nobody told of an hour in which all of these sources were silent."""
        came: Counter[datetime] = Counter()
        went: Counter[datetime] = Counter()
        ended: dict[datetime, list[Visit]] = defaultdict(list)
        for visit in own:
            for side, counted in ((visit.entered, came), (visit.left, went)):
                if side and (at is None or at == (visit.terminal, side[0].gate)):
                    counted[_hour(side[0].at)] += 1
            ended[_hour(visit.at)].append(visit)
        return tuple(self._slot(one, came[one.start], went[one.start], turn(ended[one.start]), quiet) for one in self.hours)

    def _slot(self, one: Bin, came: int, went: int, times: Turn, quiet: list[list[Spell]]) -> Slot:
        end = min(one.end, self.now)
        heard = bool(quiet) and not all(silent_in(spells, one.start, end) for spells in quiet)
        shut = self.place.is_closed(one.start) and self.place.is_closed(end - timedelta(seconds=1))
        return Slot(
            one,
            came,
            went,
            times,
            state(passes=came + went, median=times.median, slow=self.slow, closed=shut, heard=heard),
            self.to is not None and one.end <= self.to,
        )


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
