"""What is read from how late a source tells, how it numbers, how its columns are called and how often it comes."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zones import lag, usual
from zones.drift import compare
from zones.lag import Lags, bucket, bucket_seconds
from zones.place import Expect
from zones.sequence import Sent, series
from zones.subject import Pause

TODAY = date(2026, 11, 30)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
T0 = datetime(2026, 11, 1, 17, tzinfo=UTC)  # a local midnight, of a Monday
HOUR = timedelta(hours=1)


# ---------------------------------------------------------------- lag


@given(st.integers(-(10**9), 10**9))
def test_a_bucket_stands_for_its_lags(seconds: int) -> None:
    assert abs(bucket_seconds(bucket(seconds)) - seconds) <= 0.025 * abs(seconds) + 0.26
    assert bucket(-seconds) == -bucket(seconds)
    assert bucket(seconds) <= bucket(seconds + 1)


@given(st.lists(st.integers(-7200, 90_000), min_size=1, max_size=60), st.sampled_from([0.01, 0.25, 0.5, 0.9, 1.0]))
def test_a_percentile_is_that_of_the_lags_themselves(seconds: list[int], q: float) -> None:
    found = Lags({number: sum(bucket(s) == number for s in seconds) for number in map(bucket, seconds)})
    exact = sorted(seconds)[max(math.ceil(q * len(seconds)) - 1, 0)]
    told = found.seconds(q)
    assert told is not None
    assert abs(told - exact) <= 0.025 * abs(exact) + 0.26
    assert found.n == len(seconds) == found.curve()[-1][1] * found.n
    assert found.ahead == sum(bucket_seconds(bucket(s)) < -60 for s in seconds)


def days(*each: tuple[int, int, int]) -> dict[date, dict[int, int]]:
    """(first day before today, last day before today, lag in seconds): 20 statements a day."""
    return {
        TODAY - timedelta(days=n): Counter([bucket(seconds)] * 18 + [bucket(seconds + 120)] * 2)
        for a, b, seconds in each
        for n in range(b, a + 1)
    }


@pytest.mark.parametrize("hours", [1, -1, 7, -7, 8, -8])
@pytest.mark.parametrize("since", [0, 1, 6, 20])
def test_a_shift_by_whole_hours_is_seen_and_since_when(hours: int, since: int) -> None:
    found = lag.shift(days((50, since + 1, 300), (since, 0, 300 + hours * 3600)), TODAY)
    assert found
    assert (found.hours, found.since) == (hours, TODAY - timedelta(days=since))
    assert found.before == pytest.approx(300, rel=0.03)


def test_what_is_no_shift() -> None:
    assert lag.shift(days((50, 0, 300)), TODAY) is None
    assert lag.shift(days((50, 4, 300), (3, 1, 25_500), (0, 0, 300)), TODAY) is None  # it is over
    assert lag.shift(days((50, 3, 300), (2, 0, 10_000)), TODAY) is None  # late, by nobody's clock
    assert lag.shift(days((2, 0, 25_500)), TODAY) is None  # nothing before
    wide = {TODAY - timedelta(days=n): {bucket(300): 10, bucket(60_000): 10} for n in range(1, 40)}
    assert lag.shift({**wide, TODAY: {bucket(300 + 28_800): 20}}, TODAY) is None  # they were never alike
    assert lag.shift({}, TODAY) is None


def test_a_clock_that_is_ahead() -> None:
    assert Lags({bucket(-300): 5, bucket(20): 95}).clock_ahead == pytest.approx(300, rel=0.03)
    assert Lags({bucket(-300): 1, bucket(20): 995}).clock_ahead is None  # one odd report is no clock
    assert Lags({bucket(-30): 50, bucket(20): 50}).clock_ahead is None
    assert Lags({}).clock_ahead is None


# ---------------------------------------------------------------- numbering


def sent(*references: str, sender: str = "DT1") -> list[Sent]:
    return [Sent(f"m{n}", sender, "ZW", reference, T0 + n * HOUR) for n, reference in enumerate(references)]


def gaps(*references: str) -> list[tuple[int, int]]:
    return [(gap.first, gap.last) for one in series(sent(*references)) for gap in one.gaps]


def test_a_gap_is_there_until_the_number_comes() -> None:
    (one,) = series(sent("7", "8", "11", "12"))
    (gap,) = one.gaps
    assert (gap.first, gap.last, gap.missing, gap.since) == (9, 10, 2, T0 + 2 * HOUR)
    assert (gap.before.reference, gap.after.reference) == ("8", "11")
    assert gaps("7", "8", "11", "12", "10") == [(9, 9)]
    assert gaps("7", "8", "11", "12", "10", "9") == []


def test_rounds_prefixes_and_what_does_not_count_up() -> None:
    assert gaps("9997", "9998", "9999", "1", "2", "3") == []
    assert gaps("A0001", "A0002", "B0007", "A0003", "B0008", "B0010", "B0011") == [(9, 9)]
    assert gaps("202611021405", "202611021409", "202611021431", "202611021502") == []
    assert gaps("X", "Y", "") == []
    assert gaps("1", "5") == []  # too few to say that it counts
    assert gaps("5", "6", "6", "7") == []
    one = series([*sent("1", "2", "3"), *sent("1", "2", "9", sender="DT2")])
    assert [(each.sender, each.counts, len(each.gaps)) for each in one] == [("DT2", True, 1), ("DT1", True, 0)]


@given(st.permutations(list(range(50, 70))), st.sets(st.integers(51, 68), max_size=5))
def test_in_any_order_what_is_missing_is_missing(order: list[int], missing: set[int]) -> None:
    told = [str(n) for n in order if n not in missing]
    found = {n for first, last in gaps(*told) for n in range(first, last + 1)}
    assert found == missing


# ---------------------------------------------------------------- columns


def test_new_missing_renamed_moved() -> None:
    assert compare(("a", "b"), ("a", "b")) == compare((), ())
    found = compare(("box", "event", "time"), ("box", "event", "time", "seal"))
    assert (found.new, found.missing, found.renamed, found.moved) == (("seal",), (), (), False)
    found = compare(("box", "event", "time"), ("box", "what", "time"))
    assert found.renamed == (("event", "what"),)
    found = compare(("box", "gate_time", "line"), ("gatetime", "box"))
    assert (found.renamed, found.missing) == ((("gate_time", "gatetime"),), ("line",))
    assert compare(("a", "b"), ("b", "a")).moved


@given(st.lists(st.text("abc", min_size=1), unique=True), st.lists(st.text("abc", min_size=1), unique=True))
def test_every_column_is_told_once(before: list[str], after: list[str]) -> None:
    found = compare(before, after)
    assert sorted([*found.new, *(now for _, now in found.renamed)]) == sorted(set(after) - set(before))
    assert sorted([*found.missing, *(then for then, _ in found.renamed)]) == sorted(set(before) - set(after))


# ---------------------------------------------------------------- what is usual


def heard(*minutes: int) -> list[Pause]:
    """Receipts so many minutes after the first midnight."""
    at = [T0 + timedelta(minutes=n) for n in minutes]
    return [Pause(f"r{n}", one, at[n + 1] if n + 1 < len(at) else None) for n, one in enumerate(at)]


def every_day(minutes: list[int], but: dict[int, list[int]] | None = None) -> list[Pause]:
    return heard(*(day * 1440 + n for day in range(28) for n in (but or {}).get(day, minutes)))


DAYTIME = list(range(6 * 60, 22 * 60, 10))
UNTIL = T0 + timedelta(days=28)


def test_by_day_and_by_night() -> None:
    found = usual.propose(every_day(DAYTIME), (), ZONE, T0, UNTIL)
    assert found
    day, night = found.expect
    assert (day.within, day.hours) == (timedelta(minutes=15), (time(6), time(22)))
    assert night.hours is None
    assert timedelta(hours=8, minutes=10) * 1.5 <= night.within <= timedelta(hours=18)
    assert usual.calls(every_day(DAYTIME), (), ZONE, found.expect, T0, UNTIL) == 0


def test_one_bad_day_does_not_decide() -> None:
    pauses = every_day(DAYTIME, {9: [360, *range(1260, 1320, 10)]})
    found = usual.propose(pauses, (), ZONE, T0, UNTIL)
    assert found == usual.propose(every_day(DAYTIME), (), ZONE, T0, UNTIL) or (found and found.expect[0].within == timedelta(minutes=15))
    assert found
    assert usual.calls(pauses, (), ZONE, found.expect, T0, UNTIL) == 1
    closed = [(T0 + timedelta(days=9, hours=6, minutes=5), T0 + timedelta(days=9, hours=21))]
    assert usual.calls(pauses, closed, ZONE, found.expect, T0, UNTIL) == 0


def test_the_same_all_day_is_one_line_and_too_little_is_none() -> None:
    found = usual.propose(heard(*range(0, 28 * 1440, 60)), (), ZONE, T0, UNTIL)
    assert found
    assert found.expect == (Expect(timedelta(minutes=90)),)
    assert usual.propose(heard(*range(0, 27 * 60, 60)), (), ZONE, T0, UNTIL) is None
    assert usual.calls([], (), ZONE, (), T0, UNTIL) == 0


@given(st.lists(st.integers(0, 28 * 1440 - 1), min_size=60, max_size=200, unique=True))
def test_what_is_proposed_covers_what_is_usual(minutes: list[int]) -> None:
    found = usual.propose(heard(*sorted(minutes)), (), ZONE, T0, UNTIL)
    assert found
    for hour, length in enumerate(found.by_hour):
        assert length < min(each.within for each in found.expect if each.covers(time(hour)))
