"""What moves in the demo, and what is said of it: boxes, moves, customs facts, words of devices, lives.

Owners ZZD and ZZX belong to nobody. Times are aware UTC to the minute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from zones.codes import check_digit

ENTRIES = ("gate_in", "discharge")
EXITS = ("gate_out", "load")
SIZES = ("22G1",) * 9 + ("45G1",) * 6 + ("42G1",) * 2 + ("45R1",) * 2 + ("22U1",)
LINES = ("DML", "DMX", "DMK")


@dataclass(frozen=True, slots=True)
class Box:
    """A container: number, ISO size/type, operator; the dangerous goods in it while it is full (class and UN number)."""

    number: str
    size: str
    line: str
    dangerous: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Move:
    """One physical event. `prompt`: must be told at once and plainly, because something else leans on it. `untold`: the message that was
    to tell of it never came. Not `listed`: on no list of its ship."""

    at: datetime
    place: str
    event: str
    box: Box
    terminal: str = ""
    direction: str = "unknown"
    full: bool = True
    vessel: tuple[str, str, str] = ("", "", "")  # name, call sign, voyage
    bill: str = ""
    vehicle: str = ""
    gate: str = ""
    lane: str = ""
    seals: tuple[str, ...] = ()
    gross_kg: int | None = None
    area: str = ""
    entered_at: datetime | None = None  # gate_in of the same visit, on a gate_out
    prompt: bool = False
    untold: bool = False
    listed: bool = True
    own_truck: bool = False  # on the truck that it names already: trucks.py leaves it alone


@dataclass(slots=True, kw_only=True)
class Fact:
    """One customs fact as its agency issues it. `to`: of a permit, the place it is for. `told_after`: when it is told later than usual."""

    at: datetime
    kind: str
    agency: str
    about: str = "equipment"
    box: str = ""
    bill: str = ""
    reason: str = ""
    hold_ref: str = ""
    result: str = ""
    to: str = ""
    risk: str = ""
    told_after: timedelta = timedelta()
    office: str = ""  # the place whose own office issues it; "" is the one at Demo Port


@dataclass(frozen=True, slots=True)
class Reading:
    """What the monitor of a reefer tells: a kind of zones.signal; temperatures in tenths of a degree."""

    at: datetime
    kind: str
    box: str
    temp: int | None = None
    set_temp: int | None = None


@dataclass(slots=True, kw_only=True)
class Signal:
    """One word of a device on a box. `fix`: latitude and longitude in microdegrees, where it tells them."""

    at: datetime
    kind: str
    box: str
    device: str
    fix: tuple[int, int] | None = None


@dataclass(slots=True)
class Offence:
    """A planted offence: which rule, which of the life's moves, facts and readings prove it, and why it was planted.

    It begins with the first of the moves unless `begins` says otherwise, and ends with the first of `ended_by` unless `ends` does (both are
    asked once everything is laid down); the first move's place and box are its `subject`.
    """

    rule: str
    note: str
    moves: tuple[Move, ...]
    facts: tuple[Fact, ...] = ()
    ended_by: tuple[Move | Fact | Reading | Signal, ...] = ()  # the first of these that is told ends it
    subject: str = "stay"  # stay | box | leg | plan | call; or the whole of it, of a place: area:...
    begins: Callable[[], datetime] | None = None
    ends: Callable[[], datetime | None] | None = None
    readings: tuple[Reading, ...] = ()
    signals: tuple[Signal, ...] = ()  # what devices said that proves it


@dataclass(slots=True)
class Life:
    """Everything that happens to one box, oldest first. A copied number has two lives. `more`: what else the offending box offends.
    `seals`: put on by customs after a look. `listed`: what ships' lists say of it that does not happen.
    """

    box: Box
    moves: list[Move] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    offence: Offence | None = None
    more: list[Offence] = field(default_factory=list)
    seals: tuple[str, ...] = ()
    listed: list[Move] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    @property
    def offences(self) -> tuple[Offence, ...]:
        return (self.offence, *self.more) if self.offence else ()

    def add(self, move: Move) -> Move:
        self.moves.append(move)
        return move

    def visits(self) -> list[tuple[Move, Move | None]]:
        """(entry, exit or None) of each visit."""
        found: list[tuple[Move, Move | None]] = []
        for move in self.moves:
            if move.event in ENTRIES:
                found.append((move, None))
            elif move.event in EXITS:
                found[-1] = (found[-1][0], move)
        return found


def number(serial: int, wrong: bool = False) -> str:
    """A container number of nobody's, different for each serial below two million; `wrong` has the next check digit."""
    owner = ("ZZDU", "ZZXU")[(serial + serial // 1_000_000) % 2]
    ten = f"{owner}{(serial * 387_421 + 123_457) % 1_000_000:06d}"
    return f"{ten}{(check_digit(ten) + wrong) % 10}"


def new(rng: Random, serial: int, wrong: bool = False) -> Box:
    """A box with a size and an operator; one in forty with goods of class 9, of which the law of the demo says nothing."""
    return Box(number(serial, wrong), rng.choice(SIZES), rng.choice(LINES), ("9/3480",) if serial % 40 == 7 else ())


def gross(rng: Random, box: Box, full: bool) -> int:
    """Kilograms, box and cargo."""
    tare = 2200 if box.size.startswith("2") else 3800
    return tare + (rng.randrange(4000, 24000, 10) if full else 0)


def seal(rng: Random, source: str = "CA") -> str:
    return f"{source}{rng.randrange(100000, 999999)}"


def customs_seal(box: Box, risk: str) -> str:
    """The seal that customs puts on a box that goes elsewhere under a permit: an electronic one where the risk is high."""
    return f"{'CE' if risk == 'high' else 'CU'}{box.number[4:10]}"


def sealed_by(seal: str) -> tuple[str, str]:
    """(who put a seal on, its kind): customs or carrier, electronic or mechanical."""
    return "customs" if seal.startswith(("CU", "CE")) else "carrier", "electronic" if seal.startswith("CE") else "mechanical"


def risk(box: Box) -> str:
    """How risky customs takes a box to be: one in ten."""
    return "high" if box.number[8] == "7" else "low"


def plate(rng: Random) -> str:
    """A plate of a province that does not exist."""
    return f"00D-{rng.randrange(100, 999)}.{rng.randrange(10, 99)}"


def minutes(rng: Random, low: float, high: float) -> timedelta:
    """A whole number of minutes between low and high hours."""
    return timedelta(minutes=rng.randrange(int(low * 60), int(high * 60) + 1))
