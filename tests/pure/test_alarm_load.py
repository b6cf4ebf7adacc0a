"""Precision with its interval, and what alarms come to: by example and against the definition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zones.alarm_load import chattering, load, present
from zones.precision import at_share, precision, wilson

T0 = datetime(2026, 11, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def test_precision_counts_what_was_so_and_leaves_the_unknown_apart() -> None:
    own = precision({"offence": 6, "administrative": 1, "benign_cause": 1, "data_error": 1, "rule_too_wide": 1, "unknown": 5})
    assert (own.true, own.false, own.unknown, own.n) == (8, 2, 5, 10)
    assert own.share == pytest.approx(0.8)
    assert (own.low, own.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))  # Wilson's, of 8 in 10
    assert precision({"unknown": 3}).share is None


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_lies_within_0_and_1(pair: tuple[int, int]) -> None:
    k, n = pair
    low, high = wilson(k, n)
    assert 0 <= low <= k / n + 1e-9
    assert k / n - 1e-9 <= high <= 1
    assert low < high


@given(st.lists(st.integers(0, 99), min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_rank_is_the_least_value_that_the_share_does_not_exceed(values: list[int], share: float) -> None:
    found = at_share(values, share)
    assert found is not None
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_what_comes_is_spread_over_officers_and_spans() -> None:
    came = [(T0 + timedelta(seconds=20 * n), "today") for n in range(12)] + [(T0 + timedelta(hours=5), "queue")] * 3
    own = load(came, T0, T0 + DAY, (), accounts=2)
    assert (own.n, own.spans, own.mix) == (15, 144, {"act_now": 0, "today": 12, "queue": 3})
    assert own.per_span == pytest.approx(15 / 144 / 2)
    assert own.peak_span == 6
    assert own.over_share == pytest.approx(2 / 144)
    assert own.peak_hour == 6
    assert own.per_shift == pytest.approx(3.0)
    assert [flood.n for flood in own.floods] == [12]
    assert own.flood_share == pytest.approx((600 + 7 * 20 - 200) / 86400)


def test_what_comes_is_asked_of_who_was_on_duty_then() -> None:
    came = [(T0 + timedelta(minutes=n), "today") for n in range(12)] + [(T0 + timedelta(hours=5), "act_now")] * 3
    duty = [("an", T0 - DAY, T0 + timedelta(minutes=10)), ("binh", T0 + timedelta(minutes=5), T0 + timedelta(hours=4)), ("an", T0, T0)]
    own = load(came, T0, T0 + DAY, duty, accounts=9, shift=lambda at: "day" if at.hour < 12 else None)
    assert (own.by_duty, own.n, own.alone, own.unmanned) == (True, 15, 3, 144 - 24)
    assert own.officers == round(100 * 25 / 144)  # two in the first ten minutes, one in the others of four hours
    assert own.per_span == pytest.approx(12 / 25)
    assert own.peak_span == 5
    assert own.peak_hour == 6
    assert own.over_share == pytest.approx(2 / 144)
    assert own.per_shift == pytest.approx(12 / (25 / 72))
    assert own.by_shift == {"day": round(100 * 25 / 72)}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-200, 1700), st.integers(0, 600)), max_size=8), st.integers(1, 40))
def test_each_is_counted_in_every_span_in_which_he_was_there(spells: list[tuple[str, int, int]], spans: int) -> None:
    minute = timedelta(minutes=1)
    duty = [(name, T0 + began * minute, T0 + (began + length) * minute) for name, began, length in spells]
    slow = []
    for n in range(spans):
        start, end = T0 + n * 10 * minute, T0 + (n + 1) * 10 * minute
        slow.append(len({name for name, began, ended in duty if began < end and ended > start and ended > began}))
    assert present(duty, T0, spans) == slow


def test_nobody_there_and_nothing_to_do_are_no_zero() -> None:
    own = load([], T0, T0 + DAY, ())
    assert (own.per_span, own.over_share, own.per_shift, own.share("today")) == (None, None, None, None)
    assert own.flood_share == 0


def test_chattering_is_to_come_back_three_times_within_an_hour() -> None:
    assert chattering([T0 + timedelta(minutes=20 * n) for n in range(3)])
    assert not chattering([T0, T0 + timedelta(minutes=40), T0 + timedelta(minutes=61)])
    assert not chattering([T0, T0])
