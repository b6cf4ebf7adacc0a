"""When alerts flood: more than ten of a kind within ten minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zones.flood import SPAN, STARTS, found, is_flood

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
moments = st.lists(st.integers(0, 3600).map(lambda s: AT + timedelta(seconds=s)), max_size=60)


def test_ten_in_ten_minutes_are_none_and_eleven_are() -> None:
    ten = [AT + timedelta(minutes=n) for n in range(10)]
    assert not is_flood(ten)
    assert is_flood([*ten, AT + SPAN])
    assert not is_flood([*ten, AT + SPAN + timedelta(seconds=1)])


@given(moments)
def test_it_is_some_window_of_ten_minutes(times: list[datetime]) -> None:
    windows = [sum(begin <= at <= begin + SPAN for at in times) for begin in times]
    assert is_flood(times) == any(n > STARTS for n in windows)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 1200)), max_size=80))
def test_what_a_rule_has_at_one_place_does_not_make_the_others_flood(told: list[tuple[str, str, int]]) -> None:
    flood = found((rule, place, AT + timedelta(seconds=s)) for rule, place, s in told)
    for rule in "ab":
        rest = [AT + timedelta(seconds=s) for r, place, s in told if r == rule and (r, place) not in flood.pairs]
        assert (rule in flood.rules) == is_flood(rest)
        for place in "xyz":
            assert ((rule, place) in flood.pairs) == is_flood(AT + timedelta(seconds=s) for r, p, s in told if (r, p) == (rule, place))
            assert flood.holds(rule, place) == ((rule, place) in flood.pairs or rule in flood.rules)
