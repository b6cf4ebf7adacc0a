"""Durations and deadlines, by the wall clock of zones that change it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zones.calendar import UNITS, Calendar, Deadline, Duration, after, before, day_of, instant, midnight

UNHURRIED = settings(deadline=None)  # a busy machine is not a fault
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")  # 2026: forward 29 March 02:00, back 25 October 03:00
OFFICE = Calendar(
    last_day=date(2026, 12, 31),
    weekend=frozenset({5, 6}),
    holidays=frozenset({date(2026, 4, 30), date(2026, 5, 1)}),
    also_working=frozenset({date(2026, 5, 9)}),
    hours=((time(8), time(12)), (time(13), time(17))),
)  # fmt: skip
PLAIN = Calendar(last_day=date(2026, 12, 31), weekend=frozenset({5, 6}), hours=((time(8), time(16)),))

ZONES = st.sampled_from(
    [
        ZoneInfo(key)
        for key in ("Asia/Ho_Chi_Minh", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo", "America/St_Johns")
    ]
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (how it is asked for)


def local(zone: ZoneInfo, text: str) -> datetime:
    """The instant of a wall time, "2026-03-28 02:30"."""
    moment = datetime.fromisoformat(text)
    return instant(moment.date(), moment.time(), zone)


def at(zone: ZoneInfo, text: str, exact: bool = True) -> Deadline:
    """A deadline at a wall time."""
    return Deadline(local(zone, text), exact)


@UNHURRIED
@given(st.sampled_from(sorted(UNITS)), st.integers(0, 100))
def test_a_duration_reads_as_it_is_written(unit: str, n: int) -> None:
    assert Duration.parse(str(Duration(n, unit))) == Duration(n, unit)


@pytest.mark.parametrize("text", ["", "5", "d", "-5d", "5 d", "5D", "1.5h", "5w", "٣d", "101y", "9999999999m", "5d5h", "None"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError):
        Duration.parse(text)


def test_a_stretch_of_time() -> None:
    assert Duration.parse("90m").elapsed() == timedelta(minutes=90)
    assert Duration.parse("2d").elapsed() == timedelta(hours=48)
    with pytest.raises(ValueError, match="no fixed length"):
        Duration.parse("1mo").elapsed()


@pytest.mark.parametrize(
    ("zone", "start", "duration", "deadline"),
    [
        (HANOI, "2026-01-01 10:00", "5d", "2026-01-06 10:00"),
        (HANOI, "2026-01-01 10:00", "36h", "2026-01-02 22:00"),
        (HANOI, "2026-01-31 10:00", "1mo", "2026-02-28 10:00"),
        (HANOI, "2026-01-31 10:00", "3mo", "2026-04-30 10:00"),
        (HANOI, "2024-02-29 10:00", "1y", "2025-02-28 10:00"),
        (HANOI, "2025-11-30 10:00", "15mo", "2027-02-28 10:00"),
        (BERLIN, "2026-03-28 10:00", "1d", "2026-03-29 10:00"),           # 23 hours
        (BERLIN, "2026-03-28 10:00", "24h", "2026-03-29 11:00"),
        (BERLIN, "2026-10-24 10:00", "1d", "2026-10-25 10:00"),           # 25 hours
        (HANOI, "2026-01-01 10:00", "0d", "2026-01-01 10:00"),
    ],
)  # fmt: skip
def test_days_are_days_of_the_place(zone: ZoneInfo, start: str, duration: str, deadline: str) -> None:
    assert after(local(zone, start), Duration.parse(duration), zone) == at(zone, deadline)


def test_a_local_time_that_occurs_twice_is_the_earlier_one() -> None:
    found = after(local(BERLIN, "2026-10-24 02:30"), Duration(1, "d"), BERLIN)
    assert found.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_one_that_does_not_exist_is_read_with_the_offset_before_the_jump() -> None:
    found = after(local(BERLIN, "2026-03-28 02:30"), Duration(1, "d"), BERLIN)
    assert found.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert found.at.astimezone(BERLIN).time() == time(3, 30)


def test_an_event_in_the_second_of_two_hours_keeps_its_wall_time() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 for the second time
    assert after(second, Duration(1, "d"), BERLIN) == at(BERLIN, "2026-10-26 02:30")
    assert after(second, Duration(0, "d"), BERLIN).at == second


@pytest.mark.parametrize(
    ("start", "duration", "count_from", "ends", "deadline"),
    [
        ("2026-01-01 10:00", "5d", "event", "end_of_day", "2026-01-07 00:00"),
        ("2026-01-01 00:00", "5d", "event", "end_of_day", "2026-01-07 00:00"),
        ("2026-01-01 10:00", "5d", "next_day", "same_time", "2026-01-07 00:00"),
        ("2026-01-01 10:00", "5d", "next_day", "end_of_day", "2026-01-07 00:00"),
        ("2026-01-01 10:00", "48h", "event", "end_of_day", "2026-01-04 00:00"),
        ("2026-01-01 10:00", "48h", "next_day", "same_time", "2026-01-04 00:00"),
        ("2026-01-01 10:00", "48h", "next_day", "end_of_day", "2026-01-04 00:00"),
        ("2026-01-01 10:00", "49h", "next_day", "end_of_day", "2026-01-05 00:00"),
        ("2026-01-31 10:00", "1mo", "event", "end_of_day", "2026-03-01 00:00"),
        ("2026-02-28 10:00", "1mo", "next_day", "end_of_day", "2026-04-01 00:00"),
        ("2026-01-30 10:00", "1mo", "next_day", "end_of_day", "2026-03-01 00:00"),
        ("2026-01-01 10:00", "0d", "next_day", "same_time", "2026-01-02 00:00"),
    ],
)  # fmt: skip
def test_what_it_counts_from_and_how_it_ends(start: str, duration: str, count_from: str, ends: str, deadline: str) -> None:
    found = after(local(HANOI, start), Duration.parse(duration), HANOI, None, count_from, ends)
    assert found == at(HANOI, deadline)


@pytest.mark.parametrize(
    ("start", "duration", "deadline"),
    [
        ("2026-04-27 10:00", "3wd", "2026-05-04 10:00"),      # Mon: Tue, Wed, (holidays, weekend), Mon
        ("2026-05-08 10:00", "1wd", "2026-05-09 10:00"),      # a Saturday that is worked
        ("2026-05-16 10:00", "1wd", "2026-05-18 10:00"),      # told on a Saturday
        ("2026-04-29 16:00", "2wh", "2026-05-04 09:00"),
        ("2026-04-29 11:00", "2wh", "2026-04-29 14:00"),      # over the lunch hour
        ("2026-04-29 06:00", "8wh", "2026-04-29 17:00"),
        ("2026-05-16 10:00", "0wh", "2026-05-16 10:00"),
    ],
)  # fmt: skip
def test_working_time(start: str, duration: str, deadline: str) -> None:
    assert after(local(HANOI, start), Duration.parse(duration), HANOI, OFFICE) == at(HANOI, deadline)


def test_the_end_of_the_last_working_day() -> None:
    found = after(local(HANOI, "2026-04-29 10:00"), Duration.parse("1wd"), HANOI, OFFICE, "next_day", "end_of_day")
    assert found == at(HANOI, "2026-05-05 00:00")


@pytest.mark.parametrize("duration", ["3wd", "24wh"])
def test_beyond_the_last_declared_day_it_is_not_before(duration: str) -> None:
    early = after(local(HANOI, "2026-12-30 08:00"), Duration.parse(duration), HANOI, PLAIN)
    assert not early.exact
    full = Calendar(last_day=date(2027, 12, 31), weekend=PLAIN.weekend, holidays=frozenset({date(2027, 1, 1)}), hours=PLAIN.hours)
    known = after(local(HANOI, "2026-12-30 08:00"), Duration.parse(duration), HANOI, full)
    assert known.exact
    assert early.at <= known.at


def test_a_weekend_that_may_be_worked_does_not_put_off_a_not_before() -> None:
    swaps = Calendar(last_day=date(2026, 5, 31), weekend=frozenset({5, 6}), also_working=frozenset({date(2026, 5, 9)}))
    assert after(local(HANOI, "2026-06-05 10:00"), Duration(1, "wd"), HANOI, swaps) == at(HANOI, "2026-06-06 10:00", exact=False)


@pytest.mark.parametrize(("duration", "calendar"), [("5wd", None), ("8wh", None), ("8wh", Calendar(last_day=date(2026, 12, 31)))])
def test_working_time_needs_a_calendar(duration: str, calendar: Calendar | None) -> None:
    with pytest.raises(ValueError, match="calendar"):
        after(local(HANOI, "2026-01-01 10:00"), Duration.parse(duration), HANOI, calendar)


def test_a_week_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="without a working weekday"):
        Calendar(last_day=date(2026, 12, 31), weekend=frozenset(range(7)))


SPANS = st.builds(Duration, st.integers(0, 800), st.sampled_from(["m", "h", "d"])) | st.builds(
    Duration, st.integers(0, 30), st.sampled_from(["mo", "wd", "wh"])
)
RULES = st.tuples(st.sampled_from(["event", "next_day"]), st.sampled_from(["same_time", "end_of_day"]))


@UNHURRIED
@given(MOMENTS, SPANS, ZONES, RULES)
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), Duration(1, "d"), BERLIN, ("event", "same_time"))
def test_a_deadline_is_not_before_its_start(start: datetime, span: Duration, zone: ZoneInfo, rules: tuple[str, str]) -> None:
    found = after(start, span, zone, PLAIN, *rules)
    assert found.at >= start
    assert found.at.tzinfo is UTC


@UNHURRIED
@given(MOMENTS, st.integers(1, 800), ZONES)
def test_days_keep_the_wall_time_wherever_it_exists(start: datetime, n: int, zone: ZoneInfo) -> None:
    found = after(start, Duration(n, "d"), zone).at.astimezone(zone)
    assert found.date() - start.astimezone(zone).date() in (timedelta(days=n), timedelta(days=n + 1))
    wall = start.astimezone(zone)
    gap = datetime.combine(found.date(), wall.time()).replace(tzinfo=zone).astimezone(UTC).astimezone(zone).time() != wall.time()
    assert gap or found.time() == wall.time()


@UNHURRIED
@given(MOMENTS, MOMENTS, SPANS, ZONES, RULES)
def test_the_earlier_event_has_no_later_deadline(a: datetime, b: datetime, span: Duration, zone: ZoneInfo, rules: tuple[str, str]) -> None:
    """On different local days; within the hour that comes twice the wall clock itself goes back."""
    first, last = sorted((a, b))
    if day_of(first, zone) < day_of(last, zone):
        assert after(first, span, zone, PLAIN, *rules).at <= after(last, span, zone, PLAIN, *rules).at


@UNHURRIED
@given(MOMENTS, st.integers(0, 400), ZONES)
def test_the_end_of_the_day_is_a_midnight_on_or_after(start: datetime, n: int, zone: ZoneInfo) -> None:
    plain, whole = after(start, Duration(n, "d"), zone), after(start, Duration(n, "d"), zone, None, "event", "end_of_day")
    assert whole.at == midnight(day_of(whole.at, zone), zone)
    assert timedelta(0) < whole.at - plain.at <= timedelta(hours=26)


@UNHURRIED
@given(MOMENTS, st.integers(0, 60), ZONES)
def test_working_days_are_counted_one_by_one(start: datetime, n: int, zone: ZoneInfo) -> None:
    day = day_of(start, zone)
    left = n
    while left:
        day += timedelta(days=1)
        left -= PLAIN.works_on(day)
    found = after(start, Duration(n, "wd"), zone, PLAIN, "event", "end_of_day")
    assert found == Deadline(midnight(day + timedelta(days=1), zone), day <= PLAIN.last_day)


@UNHURRIED
@given(MOMENTS, st.integers(0, 800), st.sampled_from(["m", "h", "d"]))
def test_back_and_forth_where_clocks_do_not_change(start: datetime, n: int, unit: str) -> None:
    assert after(before(start, Duration(n, unit), HANOI), Duration(n, unit), HANOI).at == start


def test_back_by_months_and_years() -> None:
    assert before(local(HANOI, "2026-03-31 10:00"), Duration(1, "mo"), HANOI) == local(HANOI, "2026-02-28 10:00")
    assert before(local(HANOI, "2024-02-29 10:00"), Duration(1, "y"), HANOI) == local(HANOI, "2023-02-28 10:00")
    with pytest.raises(ValueError, match="counted back"):
        before(local(HANOI, "2026-03-31 10:00"), Duration(1, "wd"), HANOI)


def test_back_by_working_time() -> None:
    assert before(local(HANOI, "2026-05-04 10:00"), Duration(1, "wd"), HANOI, OFFICE) == local(HANOI, "2026-04-29 10:00"), "two holidays"
    assert before(local(HANOI, "2026-05-11 10:00"), Duration(1, "wd"), HANOI, OFFICE) == local(HANOI, "2026-05-09 10:00"), "a Saturday"
    assert before(local(HANOI, "2026-05-04 09:00"), Duration(6, "wh"), HANOI, OFFICE) == local(HANOI, "2026-04-29 11:00"), "over noon"


@UNHURRIED
@given(st.dates(date(2026, 1, 5), date(2026, 12, 31)).filter(PLAIN.works_on), st.integers(481, 959), st.integers(1, 200))
def test_working_time_back_and_forth(day: date, minute: int, n: int) -> None:
    moment = instant(day, time(minute // 60, minute % 60), HANOI)
    for unit in ("wd", "wh"):
        assert after(before(moment, Duration(n, unit), HANOI, PLAIN), Duration(n, unit), HANOI, PLAIN).at == moment


@UNHURRIED
@given(
    MOMENTS,
    st.integers(0, 60),
    st.sampled_from(["m", "h", "wh", "d", "wd", "mo", "y"]),
    ZONES,
    st.sampled_from(["event", "next_day"]),
    st.sampled_from(["same_time", "end_of_day"]),
)
def test_no_time_is_used_up_before_its_least(start: datetime, n: int, unit: str, zone: ZoneInfo, count_from: str, ends: str) -> None:
    duration = Duration(n if unit != "y" else n % 5, unit)
    assert after(start, duration, zone, OFFICE, count_from, ends).at - start >= duration.at_least
