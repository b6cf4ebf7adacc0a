"""The one module that reads the clock. Everything else is handed `now`.

`now()` is the time of the house: real time, or the simulated time of the demo. The demo's clock is a file, HOME/demo/clock.json,
so that every process tells the same time. It is moved on by ticks (the worker's heartbeat, every 5 s). Between ticks time runs on at
`rate`, but for at most 30 real seconds: when nobody ticks (stopped, laptop asleep) simulated time stands still, and it never goes back.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

RATE = 10
SLACK = timedelta(seconds=30)
LEAP = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Leap:
    """Nobody looked between two moments of real time; `sim_from` to `sim_to` is what is left of it in the time of the house."""

    asleep_from: datetime
    asleep_to: datetime
    sim_from: datetime
    sim_to: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """A simulated clock as arithmetic: at real time `real` it showed `sim`, and runs `rate` times as fast while `running`."""

    real: datetime
    sim: datetime
    rate: float = RATE
    running: bool = True

    def at(self, real: datetime) -> datetime:
        """Simulated time at a moment of real time. Never before `sim`, never more than SLACK times rate beyond it."""
        if not self.running:
            return self.sim
        return self.sim + min(max(real - self.real, timedelta(0)), SLACK) * self.rate

    def ticked(self, real: datetime) -> tuple[Clock, Leap | None]:
        """The clock moved on to `real`, running; and the leap, if more than two real minutes passed since the last tick."""
        moved = replace(self, real=real, sim=self.at(real), running=True)
        leap = Leap(self.real, real, self.sim, moved.sim) if real - self.real > LEAP else None
        return moved, leap

    def stopped(self, real: datetime) -> Clock:
        """The clock halted at `real`: starting again goes on from here."""
        return replace(self, real=real, sim=self.at(real), running=False)

    def to_json(self) -> str:
        return json.dumps({"real": self.real.isoformat(), "sim": self.sim.isoformat(), "rate": self.rate, "running": self.running})

    @classmethod
    def from_json(cls, text: str) -> Clock:
        """Errors: ValueError, KeyError when the text is not a clock."""
        said = json.loads(text)
        real, sim = datetime.fromisoformat(said["real"]), datetime.fromisoformat(said["sim"])
        return cls(real, sim, float(said["rate"]), bool(said.get("running", True)))


@dataclass(slots=True)
class _Face:
    """What this process goes by: the file of the demo clock, or none for real time."""

    file: Path | None = None
    mtime_ns: int = -1
    clock: Clock | None = None


_face = _Face()


def real_now() -> datetime:
    """Real time, aware UTC, whatever the demo shows."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds for measuring durations; unaffected by changes of the system clock."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Wait, in real time."""
    time.sleep(seconds)


def now() -> datetime:
    """The time of the house, aware UTC."""
    real = real_now()
    clock = _read()
    return clock.at(real) if clock else real


def simulated() -> float | None:
    """The rate of the demo's clock, or None when the time is real."""
    clock = _read()
    return clock.rate if clock else None


def use_demo(home: Path | None) -> None:
    """From now on go by the demo's clock of that HOME, if it has one (it may come later). None: real time again."""
    _face.file = home / "demo" / "clock.json" if home else None
    _face.mtime_ns, _face.clock = -1, None


def start_demo(home: Path, sim: datetime, rate: float = RATE) -> None:
    """Write the demo's clock, halted at `sim`: the first tick sets it going."""
    use_demo(home)
    _write(Clock(real_now(), sim, rate, running=False))


def tick() -> Leap | None:
    """Move the demo's clock on. One process does so: the worker. Nothing happens when the time is real."""
    clock = _read()
    if clock is None:
        return None
    moved, leap = clock.ticked(real_now())
    _write(moved)
    return leap


def stop() -> None:
    """Halt the demo's clock where it is."""
    clock = _read()
    if clock is not None:
        _write(clock.stopped(real_now()))


def _read() -> Clock | None:
    if _face.file is None:
        return None
    try:
        mtime_ns = _face.file.stat().st_mtime_ns
        if mtime_ns != _face.mtime_ns:
            _face.clock, _face.mtime_ns = Clock.from_json(_face.file.read_text()), mtime_ns
    except FileNotFoundError:
        _face.clock, _face.mtime_ns = None, -1
    return _face.clock


def _write(clock: Clock) -> None:
    assert _face.file is not None  # noqa: S101 - only called with a demo clock in use
    _face.file.parent.mkdir(parents=True, exist_ok=True)
    fresh = _face.file.with_suffix(".fresh")
    fresh.write_text(clock.to_json())
    fresh.replace(_face.file)  # others read it at any moment: never half a file
    _face.clock, _face.mtime_ns = clock, _face.file.stat().st_mtime_ns
