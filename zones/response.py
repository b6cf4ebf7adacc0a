"""How fast an alert is to be answered: two clocks by severity and place, and where it goes when one has run out.

    acknowledge    from the moment it was raised until somebody says that he or she has seen it
    decide         from the same moment until an outcome stands

Both begin anew when the alert gets worse, is opened again or comes back from the shelf; none runs while it is shelved, and none once an
outcome stands. Half of the time is marked. When all of it is used up the alert goes to the next role of LADDER that has somebody on duty;
that role has the same time again, and so on; then to the phone list of the place; and that is the end. Times are by the wall clock: who is
on duty is on duty at night as well. The figures themselves are each place's own (`response` in place.yaml).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zones.work import UNDECIDED, UNSEEN

CLOCKS = ("acknowledge", "decide")
LADDER = ("officer", "supervisor", "manager")  # who is asked one after the other
PHONES, NOBODY = "phones", "nobody"  # where it ends; nobody: no phone list is declared either
STAGES = ("ok", "half", "full")

Duty = Mapping[str, Sequence[str]]  # role -> who of it is on duty


@dataclass(frozen=True, slots=True)
class Times:
    """Within which time alerts of one severity are to be answered; None: no clock."""

    acknowledge: timedelta | None = None
    decide: timedelta | None = None

    def of(self, clock: str) -> timedelta | None:
        """The time of a clock."""
        return self.acknowledge if clock == "acknowledge" else self.decide


@dataclass(frozen=True, slots=True)
class Gone:
    """One step further: `due_at` the time was used up, `at` it went `to` a role, PHONES or NOBODY; `called`: names, or the phone list."""

    clock: str
    since: datetime
    step: int
    due_at: datetime
    at: datetime
    to: str
    called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock of one alert, read at a moment."""

    clock: str
    since: datetime
    half_at: datetime
    full_at: datetime
    stage: str
    gone: tuple[Gone, ...] = ()

    @property
    def overdue(self) -> bool:
        """Whether its time is used up."""
        return self.stage == "full"


def runs(work: str, *, shelved: bool) -> str:
    """Which clock runs in a state of the work; "" where none does."""
    return "" if shelved else "acknowledge" if work in UNSEEN else "decide" if work in UNDECIDED else ""


def read(
    times: Times | None, work: str, since: datetime, now: datetime, *, shelved: bool = False, gone: Sequence[Gone] = ()
) -> Reading | None:
    """The clock that runs, as it stands now; None where none does. `gone`: all steps of the alert so far, of whatever clock."""
    clock = runs(work, shelved=shelved)
    time = times.of(clock) if times and clock else None
    if time is None:
        return None
    half, full = since + time / 2, since + time
    stage = "full" if now >= full else "half" if now >= half else "ok"
    own = tuple(sorted((g for g in gone if (g.clock, g.since) == (clock, since)), key=lambda g: g.step))
    return Reading(clock, since, half, full, stage, own)


def next_step(reading: Reading, duty: Duty, phones: Sequence[str], now: datetime, *, with_role: str = LADDER[0]) -> Gone | None:
    """Where it goes now, if its time is used up once more; None where it stays. `with_role`: the role of whom it is with.

    Where several times have passed since anybody looked it goes one step: each role has its time.
    """
    last = reading.gone[-1] if reading.gone else None
    if last and last.to in (PHONES, NOBODY):
        return None
    time = reading.full_at - reading.since
    due = (last.at if last else reading.since) + time
    if now < due:
        return None
    holder = last.to if last else with_role
    rung = LADDER.index(holder) if holder in LADDER else 0
    to = next((role for role in LADDER[rung + 1 :] if duty.get(role)), "")
    called = tuple(duty[to]) if to else tuple(phones)
    step = last.step + 1 if last else 1
    return Gone(reading.clock, reading.since, step, due, now, to or (PHONES if phones else NOBODY), called)


def nobody(duty: Duty) -> bool:
    """Whether nobody at all is on duty."""
    return not any(duty.values())
