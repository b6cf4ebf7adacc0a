"""The demo's clock: arithmetic, going on after a stop, standing still in a sleep, never going back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from data import clock
from data.clock import Clock

REAL = datetime(2026, 1, 1, 12, tzinfo=UTC)
SIM = datetime(2025, 12, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_runs_ten_times_as_fast_between_ticks_and_then_waits() -> None:
    said = Clock(REAL, SIM)
    assert said.at(REAL + 6 * SECOND) == SIM + timedelta(minutes=1)
    assert said.at(REAL + timedelta(hours=9)) == said.at(REAL + clock.SLACK)
    assert said.at(REAL - timedelta(hours=1)) == SIM


def test_a_night_asleep_is_a_leap_and_no_flood() -> None:
    moved, leap = Clock(REAL, SIM).ticked(REAL + timedelta(hours=9))
    assert leap is not None
    assert (leap.asleep_from, leap.asleep_to) == (REAL, REAL + timedelta(hours=9))
    assert moved.sim - SIM == clock.SLACK * clock.RATE
    assert Clock(REAL, SIM).ticked(REAL + 5 * SECOND)[1] is None


def test_stopped_it_goes_on_where_it_stopped() -> None:
    stopped = Clock(REAL, SIM).stopped(REAL + 5 * SECOND)
    assert stopped.at(REAL + timedelta(days=30)) == SIM + 50 * SECOND
    moved, leap = stopped.ticked(REAL + timedelta(days=30))
    assert moved.sim == SIM + 50 * SECOND
    assert leap is not None
    assert leap.sim_from == leap.sim_to


@given(st.lists(st.tuples(st.integers(-3600, 90_000), st.sampled_from(["look", "tick", "stop"])), max_size=40))
def test_it_never_goes_back(steps: list[tuple[int, str]]) -> None:
    said, real, latest = Clock(REAL, SIM), REAL, SIM
    for seconds, what in steps:
        real += seconds * SECOND  # machines' clocks go back too
        shown = said.at(real)
        assert shown >= said.sim
        if what == "tick":
            said, _ = said.ticked(real)
        elif what == "stop":
            said = said.stopped(real)
        if what != "look":
            assert said.sim >= latest
            latest = said.sim


def test_all_processes_tell_one_time(tmp_path: Path) -> None:
    with time_machine.travel(REAL, tick=False) as traveller:
        clock.start_demo(tmp_path, SIM)
        assert clock.now() == SIM
        clock.tick()
        traveller.shift(60)
        assert clock.now() == SIM + clock.SLACK * clock.RATE
        assert clock.simulated() == clock.RATE
        clock.stop()
        clock.use_demo(tmp_path)
        traveller.shift(86400)
        assert clock.now() == SIM + clock.SLACK * clock.RATE
        clock.use_demo(None)
        assert clock.now() == clock.real_now() == REAL + timedelta(seconds=86460)
        assert clock.simulated() is None


def test_text_and_back() -> None:
    said = Clock(REAL, SIM, 10.0, False)
    assert Clock.from_json(said.to_json()) == said
    with pytest.raises((ValueError, KeyError)):
        Clock.from_json("{}")
