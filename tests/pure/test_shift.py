"""Shifts as spells of time: over midnight, over a change of clocks, where none is declared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from zones.place import Place, Shift
from zones.shift import ALL_DAY, shift_before, shift_on

DAY_AND_NIGHT = (Shift("day", time(6), time(18)), Shift("night", time(18), time(6)))
START = datetime(2026, 1, 1, tzinfo=UTC)


def place(*shifts: Shift, zone: str = "Asia/Ho_Chi_Minh") -> Place:
    return Place(id="p", name={"en": "P"}, kind="seaport", timezone=zone, jurisdiction="vn", supervised_from=START, shifts=shifts)


def local(text: str, zone: str = "Asia/Ho_Chi_Minh") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_the_night_began_yesterday() -> None:
    span = shift_on(place(*DAY_AND_NIGHT), local("2026-11-03 02:00"))
    assert span is not None
    assert (span.name, span.began, span.ended) == ("night", local("2026-11-02 18:00"), local("2026-11-03 06:00"))


def test_a_shift_ends_where_the_next_begins() -> None:
    here = place(*DAY_AND_NIGHT)
    at = local("2026-11-03 06:00")
    on, before = shift_on(here, at), shift_before(here, at)
    assert on is not None
    assert before is not None
    assert (on.name, before.name, before.ended) == ("day", "night", on.began)


def test_nobody_is_on_between_two_shifts() -> None:
    here = place(Shift("early", time(6), time(12)), Shift("late", time(13), time(20)))
    assert shift_on(here, local("2026-11-03 12:30")) is None
    before = shift_before(here, local("2026-11-03 12:30"))
    assert before is not None
    assert before.name == "early"


def test_without_shifts_the_day_is_handed_over() -> None:
    span = shift_on(place(), local("2026-11-03 02:00"))
    assert span is not None
    assert (span.name, span.began, span.ended) == (ALL_DAY, local("2026-11-03 00:00"), local("2026-11-04 00:00"))


def test_a_night_in_which_clocks_change_is_longer() -> None:
    here = replace(place(*DAY_AND_NIGHT), timezone="America/Los_Angeles")
    span = shift_on(here, local("2026-11-01 01:30", "America/Los_Angeles"))
    assert span is not None
    assert span.ended - span.began == timedelta(hours=13)


@given(st.integers(0, 400 * 24 * 60), st.sampled_from(["Asia/Ho_Chi_Minh", "America/Los_Angeles", "Asia/Kolkata"]))
def test_every_moment_of_a_round_the_clock_place_is_in_one_shift_that_follows_another(minutes: int, zone: str) -> None:
    at, here = START + timedelta(minutes=minutes), place(*DAY_AND_NIGHT, zone=zone)
    on, before = shift_on(here, at), shift_before(here, at)
    assert on is not None
    assert before is not None
    assert on.began <= at < on.ended
    assert before.ended == on.began
