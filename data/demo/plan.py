"""What really happens in the demo: a pure function of seed, origin, scale and ending, generated a day at a time.

Each day brings its own boxes into the world, and each box's whole life is laid down on the day it begins. So any stretch of time is had
from the days shortly before it, history and future alike, without keeping anything. Lives that begin before the origin are history that
nobody told us; the boxes they left inside stand on the first yard list.

What keeps everything but the planted offences lawful:
- an import leaves within four days of its entry, so that even its exit told late is known before the fifth day is over;
- a held box leaves ten hours or more after the last release took effect;
- a selected box is inspected within five hours and before its release, a box that anybody has spoken of is released within thirty hours;
- a box leaves the zone four to six hours after its permit;
- a full box leaves for the zone with a seal of customs, an electronic one where customs calls its risk high;
- boxes between places take half as long again as the way's least time, and not while the source that tells of their leaving is silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple

from data.demo import box as boxes
from data.demo import road, trucks
from data.demo.box import EXITS, Box, Fact, Life, Move, Reading, Signal, minutes
from data.demo.calls import DAY, TERMINALS, ZONE, Call, call, next_call
from data.demo.holds import held
from data.demo.silences import silence

LONGEST = 40  # days: no life is longer
PER_DAY = 2000  # serials a day for every 20 of scale, so that no two boxes share a number for 900 days
HOURS = {"demo-port": (6, 21), "demo-zone": (6, 20), "demo-warehouse": (7, 18), "second-port": (7, 17)}
BLOCKS = {"DT1": ("A1", "A2", "A3", "A4"), "DT2": ("C1", "C2", "C3"), "ST1": ("S1", "S2")}
GATES = {"DT1": ("Gate 1", "Gate 2"), "DT2": ("Gate 3", "Gate 4"), "ST1": ("Gate 1", "Gate 2")}
GATE_FEED = {"DT1": "dt1-gate", "DT2": "dt2-gate", "ST1": "second-gate"}
PLACE_FEED = {"demo-zone": "zone-gate", "demo-warehouse": "warehouse-gate"}
BEST = {"imports": 6, "through": 1, "exports": 2, "second_imports": 5, "second_exports": 2, "zone": 1}  # a day, at scale 1, a terminal


class OnDay(NamedTuple):
    """What touches a day: moves, facts, visits that have a part in it, words of devices, what is listed and does not happen, of reefers."""

    moves: tuple[tuple[Life, Move], ...]
    facts: tuple[tuple[Life, Fact], ...]
    visits: tuple[tuple[Life, Move, Move | None], ...]
    signals: tuple[tuple[Life, Signal], ...] = ()
    listed: tuple[Move, ...] = ()
    readings: tuple[Reading, ...] = ()


class Plan:
    """The physical truth. `origin`: local midnight of the first day told of, UTC; `ending`: where history ends and the future goes on."""

    def __init__(self, seed: int, origin: datetime, scale: float, ending: datetime) -> None:
        self.seed, self.origin, self.scale, self.ending = seed, origin.astimezone(UTC), scale, ending.astimezone(UTC)
        self.closed = (self.origin + 12 * DAY, self.origin + 13 * DAY)  # the warehouse counts its stock
        self.day = lru_cache(maxsize=120)(self._day)
        self.on = lru_cache(maxsize=32)(self._on)  # moves, facts and visits that touch a day

    def inside(self, place: str, at: datetime) -> list[tuple[Life, Move]]:
        """(life, entry) of every box in the place at an instant; one that leaves at that instant is no longer in."""
        visits = self.on(self.index(at)).visits
        return [(life, came) for life, came, left in visits if came.place == place and came.at <= at and (left is None or left.at > at)]

    def lives(self, since: datetime, until: datetime) -> list[Life]:
        """All lives that may have a move or a fact in [since, until), in the order in which they begin."""
        return [life for day in range(self.index(since) - LONGEST, self.index(until) + 2) for life in self.day(day)]

    def _on(self, day: int) -> OnDay:
        since, until = self.origin + day * DAY, self.origin + (day + 1) * DAY
        lives = self.lives(since, until)
        moves = [(life, move) for life in lives for move in life.moves if since <= move.at < until]
        facts = [(life, fact) for life in lives for fact in life.facts if since <= fact.at < until]
        every = ((life, came, left) for life in lives for came, left in life.visits())
        visits = [(life, came, left) for life, came, left in every if came.at < until and (left is None or left.at >= since)]
        listed = tuple(move for life in lives for move in life.listed if since <= move.at < until)
        readings = sorted((r for life in lives for r in life.readings if since <= r.at < until), key=lambda r: (r.at, r.box, r.kind))
        moves.sort(key=lambda pair: (pair[1].at, pair[1].box.number))
        trucks.share([move for _, move in moves], Random(f"{self.seed}/trucks/{day}"))
        facts.sort(key=lambda pair: (pair[1].at, pair[1].box, pair[1].bill))
        signals = [(life, signal) for life in lives for signal in life.signals if since <= signal.at < until]
        signals.sort(key=lambda pair: (pair[1].at, pair[1].box))
        return OnDay(tuple(moves), tuple(facts), tuple(visits), tuple(signals), listed, tuple(readings))

    def index(self, at: datetime) -> int:
        """The day an instant falls on, counted from the origin."""
        return (at - self.origin) // DAY

    def _day(self, day: int) -> tuple[Life, ...]:
        from data.demo.lively import lively  # all are lives too, made of the parts below
        from data.demo.packed import packed
        from data.demo.planted import planted

        rng = Random(f"{self.seed}/day/{day}")
        per_day = PER_DAY * (1 + int(self.scale // 20))
        serial = iter(range((day + 100) * per_day, (day + 101) * per_day))
        found: list[Life] = []
        for terminal in TERMINALS:
            ship = call(self.seed, self.origin, terminal, day)
            names = ("second_imports", "second_exports") if terminal == "ST1" else ("imports", "exports")
            if ship is not None:
                found += self._imports(rng, serial, ship, self.count(rng, BEST[names[0]]))
                for _ in range(self.count(rng, BEST["through"])):
                    found.append(self._through(rng, boxes.new(rng, next(serial)), ship))
            for _ in range(self.count(rng, BEST[names[1]])):
                at = self.origin + day * DAY + minutes(rng, 0, 23.9)
                found.append(self.export(rng, boxes.new(rng, next(serial)), terminal, at))
        for _ in range(self.count(rng, BEST["zone"])):
            found.append(self._from_zone(rng, boxes.new(rng, next(serial)), self.origin + day * DAY + minutes(rng, 0, 23.9)))
        found += [*planted(self, day, serial), *lively(self, day, serial), *packed(self, day, serial)]
        for life in found:
            _settle(life)
        return tuple(found)

    def count(self, rng: Random, mean: float) -> int:
        """About so many at scale 1; the fraction by chance."""
        whole, rest = divmod(mean * self.scale, 1)
        return int(whole) + (rng.random() < rest)

    # The parts of a life ---------------------------------------------------------------------------------------------

    def _imports(self, rng: Random, serial: Iterator[int], ship: Call, count: int) -> list[Life]:
        found: list[Life] = []
        while len(found) < count:
            bill = f"ZZBL{next(serial):06d}"
            group = [Life(boxes.new(rng, next(serial))) for _ in range(min(rng.choice((1, 1, 1, 2, 3)), count - len(found)))]
            for life in group:
                self.discharge(rng, life, ship, bill)
            released = held(rng, group, bill)
            for life in group:
                self._onward(rng, life, released)
            found += group
        return found

    def discharge(self, rng: Random, life: Life, ship: Call, bill: str = "", direction: str = "import") -> Move:
        """Off the ship, in the first half of its call."""
        full = direction != "import" or rng.random() < 0.93
        return life.add(
            Move(
                at=ship.start + timedelta(minutes=rng.randrange(10, max(11, int((ship.loads - ship.start) / timedelta(minutes=1))))),
                place=TERMINALS[ship.terminal],
                terminal=ship.terminal,
                event="discharge",
                box=life.box,
                direction=direction,
                full=full,
                vessel=ship.vessel,
                bill=bill,
                seals=(boxes.seal(rng),) if full else (),
                gross_kg=boxes.gross(rng, life.box, full),
                area=f"{ship.terminal}-{rng.choice(BLOCKS[ship.terminal])}",
            )
        )

    def _onward(self, rng: Random, life: Life, released: datetime | None) -> None:
        """An import leaves: to the zone, to the warehouse, or to a consignee, who may bring the box back empty."""
        entry = life.moves[-1]
        leaves = entry.at + minutes(rng, 14, 76)
        if released is not None:
            leaves = max(entry.at + minutes(rng, 14, 40), released + minutes(rng, 10, 22))
        if entry.terminal == "DT1" and rng.random() < 0.3:
            moved = Move(at=entry.at + minutes(rng, 4, 9), place=entry.place, terminal="DT1", event="yard_move", box=life.box)
            moved.full, moved.area = entry.full, f"DT1-{rng.choice(BLOCKS['DT1'])}"
            life.add(moved)
        way = rng.random() if entry.place == "demo-port" and entry.full else 1.0
        if way < 0.28:
            self.to_zone(rng, life, leaves)
        elif way < 0.40 and self._warehouse(rng, life, leaves):
            pass
        else:
            left = self.gate_out(rng, life, leaves)
            if entry.place == "demo-port" and rng.random() < 0.4:
                back = self.gate_in(rng, life, left.at + minutes(rng, 16, 60), entry.place, entry.terminal, "export", full=False)
                self.load(rng, life, back.at + minutes(rng, 14, 15))

    def _through(self, rng: Random, box: Box, ship: Call) -> Life:
        """Transshipment: off one ship, onto a later one."""
        life = Life(box)
        entry = self.discharge(rng, life, ship, direction="transshipment")
        self.load(rng, life, entry.at + minutes(rng, 14, 40))
        return life

    def export(self, rng: Random, box: Box, terminal: str, at: datetime) -> Life:
        """In by gate, out by ship; from Demo Port one in five is discharged at Second Port."""
        life = Life(box)
        entry = self.gate_in(rng, life, at, TERMINALS[terminal], terminal, "export")
        left = self.load(rng, life, entry.at + minutes(rng, 14, 40))
        if terminal != "ST1" and rng.random() < 0.2:
            self._second(rng, life, left)
        return life

    def _second(self, rng: Random, life: Life, left: Move) -> None:
        ship = next_call(self.seed, self.origin, "ST1", left.at + timedelta(hours=70), loading=False)
        entry = self.discharge(rng, life, ship)
        entry.seals = left.seals
        self.gate_out(rng, life, entry.at + minutes(rng, 14, 70))

    def _from_zone(self, rng: Random, box: Box, at: datetime) -> Life:
        """Made in the zone: in from a factory, stored, out by the port."""
        life = Life(box)
        self.gate_in(rng, life, at, "demo-zone", "", "unknown")
        self.zone_stay(rng, life)
        return life

    def to_zone(self, rng: Random, life: Life, leaves: datetime, takes: tuple[float, float] = (1.8, 2.9)) -> None:
        """Out by the port's gate and in by the zone's, with a customs permit; stored; out again."""
        left = self.in_transit(rng, life, leaves)
        self.arrive(rng, life, left, left.at + minutes(rng, *takes), "demo-zone")
        self.zone_stay(rng, life)

    def in_transit(self, rng: Random, life: Life, leaves: datetime) -> Move:
        """Out by the port's gate under a customs permit to go to the zone, and under its seal."""
        left = self.gate_out(rng, life, leaves, until=17)
        issued, box, risk = left.at - minutes(rng, 2, 5), life.box.number, boxes.risk(life.box)
        if left.full:
            left.seals = tuple(dict.fromkeys((*left.seals, boxes.customs_seal(life.box, risk))))
        permit = Fact(at=issued, kind="permit", agency="CUS", box=box, bill=left.bill, result="transit", to="demo-zone", risk=risk)
        life.facts.append(permit)
        return left

    def zone_stay(self, rng: Random, life: Life) -> None:
        entry = life.moves[-1]
        leaves = entry.at + minutes(rng, 40, 230)
        full = rng.random() < 0.5
        if not full:
            life.add(Move(at=entry.at + minutes(rng, 15, 30), place="demo-zone", event="strip", box=life.box, full=False, area="DZ-H1"))
        if rng.random() < 0.25:
            self.gate_out(rng, life, leaves, full=full)
            return
        left = self.gate_out(rng, life, leaves, full=full, until=16)
        terminal = rng.choice(("DT1", "DT2"))
        back = self.arrive(rng, life, left, left.at + minutes(rng, 1.8, 2.9), "demo-port", terminal, "export")
        gone = self.load(rng, life, back.at + minutes(rng, 14, 30))
        if full and rng.random() < 0.25:
            self._second(rng, life, gone)

    def _warehouse(self, rng: Random, life: Life, leaves: datetime) -> bool:
        """To the bonded warehouse and out again; False on days around its closure."""
        if self.closed[0] - DAY < leaves < self.closed[1] + timedelta(hours=2):
            return False
        left = self.gate_out(rng, life, leaves, until=15)
        entry = self.arrive(rng, life, left, left.at + minutes(rng, 1.1, 2.0), "demo-warehouse")
        out = entry.at + minutes(rng, 40, 200)
        while self.closed[0] - timedelta(hours=16) < out < self.closed[1]:
            out += timedelta(hours=20)
        self.gate_out(rng, life, out)
        return True

    def arrive(self, rng: Random, life: Life, left: Move, at: datetime, place: str, terminal: str = "", direction: str = "unknown") -> Move:
        """In by gate with the truck, seals and load that left elsewhere."""
        return life.add(
            Move(
                at=at,
                place=place,
                terminal=terminal,
                event="gate_in",
                box=life.box,
                direction=direction,
                full=left.full,
                vehicle=left.vehicle,
                gate=_gate(rng, place, terminal),
                lane=str(rng.randrange(1, 4)),
                seals=left.seals,
                gross_kg=left.gross_kg,
                area=_block(rng, place, terminal),
            )
        )

    def gate_in(
        self, rng: Random, life: Life, at: datetime, place: str, terminal: str, direction: str, full: bool = True, exact: bool = False
    ) -> Move:
        """In by truck, in the gate's hours unless `exact`."""
        return life.add(
            Move(
                at=at if exact else in_hours(rng, at, place),
                place=place,
                terminal=terminal,
                event="gate_in",
                box=life.box,
                direction=direction,
                full=full,
                vehicle=boxes.plate(rng),
                gate=_gate(rng, place, terminal),
                lane=str(rng.randrange(1, 4)),
                seals=(boxes.seal(rng),) if full else (),
                gross_kg=boxes.gross(rng, life.box, full),
                area=_block(rng, place, terminal),
            )
        )

    def gate_out(
        self,
        rng: Random,
        life: Life,
        at: datetime,
        full: bool | None = None,
        until: int | None = None,
        exact: bool = False,
        told: bool = False,
        permit: bool = True,
    ) -> Move:
        """Out by truck, in the gate's hours unless `exact`; `until`: the last hour. With it, or `told`, only while its source is heard.

        Out of the zone with a permit of its customs office, unless `permit` says no.
        """
        entry = next(m for m in reversed(life.moves) if m.event in boxes.ENTRIES)
        at = at if exact else in_hours(rng, at, entry.place, until)
        feed = GATE_FEED.get(entry.terminal) or PLACE_FEED[entry.place]
        while (until is not None or told) and (window := silence(self, feed, at)):
            at = window[1] + minutes(rng, 0.6, 1.5)
            at = at if exact else in_hours(rng, at, entry.place, until)
        is_full = entry.full if full is None else full
        if permit and entry.place == "demo-zone":
            life.facts.append(self._permit(life.box, at))
        shuttle = entry.place == "demo-warehouse"  # its own truck: a visit is one row with one plate
        return life.add(
            Move(
                at=at,
                place=entry.place,
                terminal=entry.terminal,
                event="gate_out",
                box=life.box,
                direction=entry.direction if entry.event == "discharge" else "unknown",
                full=is_full,
                bill=entry.bill,
                vehicle=entry.vehicle if shuttle else boxes.plate(rng),
                gate=_gate(rng, entry.place, entry.terminal),
                lane=str(rng.randrange(1, 4)),
                seals=(life.seals or entry.seals) if is_full else (),
                gross_kg=entry.gross_kg if is_full == entry.full else boxes.gross(rng, life.box, is_full),
                entered_at=entry.at if entry.event == "gate_in" else None,
            )
        )

    def _permit(self, box: Box, leaves: datetime) -> Fact:
        """Told before the box leaves: the office at the zone is never silent. What was issued before the origin is told just after it."""
        issued = leaves - minutes(Random(f"{self.seed}/permit/{box.number}/{leaves}"), 4, 6)
        if issued <= self.origin < leaves:
            issued = self.origin + timedelta(minutes=2)
        return Fact(at=issued, kind="permit", agency="CUS", box=box.number, office="demo-zone")

    def load(self, rng: Random, life: Life, ready: datetime) -> Move:
        """On board of the first ship that loads at or after `ready`."""
        entry = next(m for m in reversed(life.moves) if m.event in boxes.ENTRIES)
        ship = next_call(self.seed, self.origin, entry.terminal, ready)
        return life.add(
            Move(
                at=ship.loads + timedelta(minutes=rng.randrange(int((ship.end - ship.loads) / timedelta(minutes=1)))),
                place=entry.place,
                terminal=entry.terminal,
                event="load",
                box=life.box,
                direction=entry.direction,
                full=entry.full,
                vessel=ship.vessel,
                seals=life.seals or entry.seals,
                gross_kg=entry.gross_kg,
            )
        )


def in_hours(rng: Random, at: datetime, place: str, until: int | None = None) -> datetime:
    """The instant, moved to the next opening if the gate is closed then. At night a few trucks pass Demo Port."""
    opens, closes = HOURS[place]
    closes = min(closes, until or closes)
    local = at.astimezone(ZONE[place])
    if opens <= local.hour < closes or (place == "demo-port" and until is None and rng.random() < 0.25):
        return at
    day = local.date() + timedelta(days=local.hour >= closes)
    opening = datetime.combine(day, time(opens), ZONE[place]).astimezone(UTC)
    return opening + minutes(rng, 0.2, 3)


def _gate(rng: Random, place: str, terminal: str) -> str:
    return rng.choice(GATES[terminal]) if terminal else "Zone gate" if place == "demo-zone" else "Warehouse gate"


def _block(rng: Random, place: str, terminal: str) -> str:
    if terminal:
        return f"{terminal}-{rng.choice(BLOCKS[terminal])}"
    return rng.choice(("DZ-Z1", "DZ-Z2", "DZ-Z3")) if place == "demo-zone" else "BW-W1"


def _settle(life: Life) -> None:
    """Mark what must be told at once: an exit soon followed by an entry elsewhere, and anything followed closely by anything."""
    life.facts.sort(key=lambda fact: fact.at)
    for move, following in zip(life.moves, life.moves[1:], strict=False):
        if following.at <= move.at:
            raise AssertionError(f"{life.box.number}: {following.event} at {following.at} is not after {move.event}")
        if following.at - move.at < timedelta(hours=14 if following.place == move.place else 24):
            move.prompt = True
    if life.moves and life.moves[-1].at - life.moves[0].at > (LONGEST - 2) * DAY:
        raise AssertionError(f"{life.box.number} lives too long")
    if life.offence is not None:
        for move in life.moves:
            move.prompt = True
    else:
        life.signals = road.lawful(life)
    assert all(m.event in EXITS for m in life.moves[-1:]) or life.offence is not None  # noqa: S101
