"""A vehicle's visit: from the gate it came in by to the gate it left by, folded from the gate movements that name it.

The time between is the truck's turn time inside; the queue outside the gate is no part of it, and nothing here measures that. Reports of
gates are reports about boxes, so a truck is told of only where it carries one: one that comes empty to fetch a box has an exit and no
entry, one that brings a box and leaves empty an entry and no exit. Neither is guessed: such visits are told apart and have no turn time.

Folded from a set: order, grouping and repetition of what arrives play no part. What may be late is late here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from zones.codes import plate

GATE = ("gate_in", "gate_out")
SLOW = timedelta(minutes=90)  # from here on terminals of Vancouver pay carriers (cscb.ca); a place may declare another
LONGEST = timedelta(
    hours=12
)  # a truck of which nobody tells that it left is not taken to be inside for longer; a place may declare another
TOGETHER = timedelta(minutes=15)  # boxes of one truck pass the gate one after the other: so close they are one pass
MARGIN = 8 * TOGETHER  # no truck has so many boxes that its pass takes longer
ENDS = ("complete", "inside", "exit_untold", "entry_untold")


class Pass(Struct, frozen=True, gc=False):
    """One gate movement of one box on a vehicle. `told` is its plate as the source writes it."""

    movement_id: str
    at: datetime
    event: str
    told: str
    equipment: str
    terminal: str = ""
    gate: str = ""
    lane: str = ""
    feed: str = ""


class Visit(Struct, frozen=True, gc=False):
    """One visit of a vehicle to a terminal (else: to the place). `entered` and `left`: its passes, oldest first."""

    plate: str
    terminal: str
    entered: tuple[Pass, ...] = ()
    left: tuple[Pass, ...] = ()

    @property
    def entered_at(self) -> datetime | None:
        """When the first of its boxes came in."""
        return self.entered[0].at if self.entered else None

    @property
    def left_at(self) -> datetime | None:
        """When the last of its boxes went out."""
        return self.left[-1].at if self.left else None

    @property
    def at(self) -> datetime:
        """What it sorts by: when it ended, as far as that is told."""
        return self.left[-1].at if self.left else self.entered[0].at

    @property
    def minutes(self) -> int | None:
        """Turn time in whole minutes; None where an end is not told."""
        if not self.entered or not self.left:
            return None
        return int((self.left[-1].at - self.entered[0].at).total_seconds()) // 60

    @property
    def told(self) -> str:
        """Its plate as it was written first."""
        return (self.entered or self.left)[0].told

    @property
    def passes(self) -> tuple[Pass, ...]:
        """All of them."""
        return (*self.entered, *self.left)

    def end(self, now: datetime, longest: timedelta = LONGEST) -> str:
        """How it stands at `now`: one of ENDS."""
        if not self.entered:
            return "entry_untold"
        if self.left:
            return "complete"
        return "inside" if now - self.entered[-1].at <= longest else "exit_untold"


class Turn(Struct, frozen=True, gc=False):
    """Turn times of `n` visits in minutes, by nearest rank; None where there are none."""

    n: int
    median: int | None
    p90: int | None


class _Open:
    """A visit while it is folded."""

    __slots__ = ("entered", "left", "terminal")

    def __init__(self, terminal: str) -> None:
        self.terminal = terminal
        self.entered: list[Pass] = []
        self.left: list[Pass] = []

    def fits(self, one: Pass) -> bool:
        return not one.terminal or not self.terminal or one.terminal == self.terminal

    def takes(self, one: Pass, longest: timedelta, together: timedelta) -> bool:
        """Whether the pass belongs to this visit, the latest at its terminal."""
        if one.event == "gate_in":
            return not self.left and bool(self.entered) and one.at - self.entered[-1].at <= together
        if self.left:
            return one.at - self.left[-1].at <= together
        return one.at - self.entered[0].at <= longest

    def add(self, one: Pass) -> None:
        (self.entered if one.event == "gate_in" else self.left).append(one)
        self.terminal = self.terminal or one.terminal


def visits(passes: Iterable[Pass], longest: timedelta = LONGEST, together: timedelta = TOGETHER) -> list[Visit]:
    """The visits to one place, by when they ended. Every pass belongs to exactly one; a movement told twice is one."""
    by_plate: dict[str, dict[str, Pass]] = defaultdict(dict)
    for one in passes:
        by_plate[plate(one.told)][one.movement_id] = one
    found = [
        Visit(name, each.terminal, tuple(each.entered), tuple(each.left))
        for name, own in by_plate.items()
        if name
        for each in _of_one(own.values(), longest, together)
    ]
    found.sort(key=lambda visit: (visit.at, visit.plate, visit.passes[0].movement_id))
    return found


def _of_one(passes: Iterable[Pass], longest: timedelta, together: timedelta) -> list[_Open]:
    found: list[_Open] = []
    for one in sorted(passes, key=lambda each: (each.at, each.event, each.movement_id)):  # at equal times gate_in < gate_out
        latest = next((each for each in reversed(found) if each.fits(one)), None)
        if latest is None or not latest.takes(one, longest, together):
            latest = _Open(one.terminal)
            found.append(latest)
        latest.add(one)
    return found


def turn(of: Iterable[Visit]) -> Turn:
    """The turn times of those visits of which both ends are told."""
    minutes = sorted(length for visit in of if (length := visit.minutes) is not None)
    return Turn(len(minutes), _rank(minutes, 50), _rank(minutes, 90))


def _rank(ordered: Sequence[int], percent: int) -> int | None:
    """Nearest rank: the least value that so many per cent do not exceed."""
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1] if ordered else None


def state(*, passes: int, median: int | None, slow: timedelta, closed: bool, heard: bool) -> str:
    """How a gate was in an hour. A truck that was told of passed it, whatever else is declared or silent.

    normal, slow: by the median turn time of the visits that came or left through it and ended in this hour; open: it was used, or could
    have been, and no turn time was measured; closed: the place was declared closed; no_data: nobody told of it.
    """
    if median is not None:
        return "slow" if timedelta(minutes=median) > slow else "normal"
    if passes:
        return "open"
    return "closed" if closed else "open" if heard else "no_data"
