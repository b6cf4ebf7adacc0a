"""Calls of ships: planned, estimated, real; boxes done of those announced; any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zones.call import STATES, Call, Told, calls

T0 = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(event: str, hours: float, box: str = "A", classifier: str = "planned", told: float = 0, **more: Any) -> Told:
    values = {"vessel": "MAU", "voyage": "12W", "terminal": "T1", "publisher": "line"} | more
    name = f"{event}{hours}{box}{classifier}{told}{sorted(values.items())}"
    return Told(name, box, event, classifier, T0 + hours * HOUR, T0 + told * HOUR, **values)


def did(event: str, hours: float, box: str = "A", **more: Any) -> Told:
    return said(event, hours, box, "actual", hours, **more)


def one(*told: Told) -> Call:
    (call,) = calls(told)
    return call


def test_planned_estimated_and_real() -> None:
    call = one(
        said("discharge", 10),
        said("load", 20, "B"),
        said("arrive", 12, classifier="estimated", told=1),
        did("discharge", 13),
        did("depart", 22),
    )
    assert (call.vessel, call.voyage, call.terminal) == ("MAU", "12W", "T1")
    assert (call.arrive.planned, call.arrive.estimated, call.arrive.actual) == (T0 + 10 * HOUR, T0 + 12 * HOUR, None)
    assert (call.depart.planned, call.depart.actual) == (T0 + 20 * HOUR, T0 + 22 * HOUR)
    assert (call.first, call.last, call.delay) == (T0 + 13 * HOUR, T0 + 13 * HOUR, 180)
    assert (call.count("discharge"), call.count("load")) == ((1, 1, 0), (1, 0, 0))
    assert [line.equipment for line in call.waiting] == ["B"]


def test_the_later_word_stands() -> None:
    call = one(said("discharge", 30, told=2), said("discharge", 10, told=1), said("arrive", 9, classifier="estimated"))
    assert (call.arrive.planned, call.arrive.expected) == (T0 + 30 * HOUR, T0 + 9 * HOUR)
    assert call.count("discharge") == (1, 0, 0)


def test_boxes_that_nobody_announced_are_counted_apart() -> None:
    assert one(said("discharge", 10), did("discharge", 11, "X")).count("discharge") == (1, 0, 1)


def test_an_order_is_a_plan() -> None:
    assert one(said("load", 10, classifier="requested")).depart.planned == T0 + 10 * HOUR


@pytest.mark.parametrize(
    ("now", "told", "state"),
    [
        (9, [said("discharge", 10)], "planned"),
        (11, [said("discharge", 10)], "late"),
        (11, [said("discharge", 10), said("arrive", 15, classifier="estimated")], "planned"),
        (59, [said("discharge", 10)], "never"),
        (33, [said("discharge", 10, precision="day")], "planned"),
        (35, [said("discharge", 10, precision="day")], "late"),
        (11, [said("discharge", 10), said("discharge", 10, "B"), did("discharge", 10.5)], "working"),
        (11, [said("discharge", 10), said("arrive", 10.2, classifier="actual")], "working"),
        (11, [said("discharge", 10), did("discharge", 10.5)], "done"),
        (11, [did("discharge", 10.5)], "done"),
        (23, [said("discharge", 10), said("discharge", 10, "B"), did("discharge", 10.5)], "short"),
        (12, [said("load", 10), said("load", 10, "B"), did("load", 10.5), did("depart", 11)], "short"),
        (12, [said("load", 10), did("depart", 11)], "short"),
    ],
)
def test_how_it_stands(now: float, told: list[Told], state: str) -> None:
    assert state in STATES
    assert one(*told).state(T0 + now * HOUR) == state


@pytest.mark.parametrize(("vessel", "voyage"), [("mau", "12 W"), ("MAU", ""), ("", "12W"), ("", "")])
def test_who_does_not_say_all_of_a_call_is_found_by_its_box(vessel: str, voyage: str) -> None:
    assert one(said("discharge", 10), did("discharge", 11, vessel=vessel, voyage=voyage)).count("discharge") == (1, 1, 0)


@pytest.mark.parametrize("more", [{"vessel": "", "hours": 83}, {"vessel": "", "box": "B"}, {"vessel": "", "terminal": "T2"}])
def test_what_belongs_to_no_call_is_put_into_none(more: dict[str, Any]) -> None:
    hours, box = more.pop("hours", 11), more.pop("box", "A")
    assert one(said("discharge", 10), did("discharge", hours, box, **more)).count("discharge") == (1, 0, 0)


def test_of_two_calls_the_nearest() -> None:
    first, second = calls([said("load", 10), said("load", 40, voyage="13W"), did("load", 39, vessel="", voyage="")])
    assert (first.count("load"), second.count("load")) == ((1, 0, 0), (1, 1, 0))


def test_two_terminals_are_two_calls_and_none_told_is_the_one_there_is() -> None:
    assert len(calls([said("discharge", 10), said("discharge", 20, "B", terminal="T2")])) == 2
    assert one(said("discharge", 10), did("discharge", 11, terminal="")).count("discharge") == (1, 1, 0)
    unclear = [said("discharge", 10), said("discharge", 20, "B", terminal="T2"), said("arrive", 9, terminal="")]
    assert [call.terminal for call in calls(unclear)] == ["", "T1", "T2"]


TOLD = st.lists(
    st.builds(
        said,
        st.sampled_from(("discharge", "load", "arrive", "depart")),
        st.integers(0, 100),
        st.sampled_from(("A", "B", "C")),
        st.sampled_from(("planned", "estimated", "requested", "actual")),
        st.integers(0, 5),
        vessel=st.sampled_from(("", "MAU", "mau", "TIAN")),
        voyage=st.sampled_from(("", "12W", "13W")),
        terminal=st.sampled_from(("", "T1", "T2")),
    ),
    max_size=20,
)


@given(TOLD, st.randoms())
def test_any_order_and_repetition_give_the_same(told: list[Told], rng: Any) -> None:
    again = told + told[: len(told) // 2]
    rng.shuffle(again)
    assert calls(again) == calls(told)


@given(TOLD, st.integers(-10, 200))
def test_every_call_has_a_time_and_a_state_and_no_box_twice(told: list[Told], now: int) -> None:
    for call in calls(told):
        assert call.state(T0 + now * HOUR) in STATES
        assert call.at
        assert len({(line.event, line.equipment) for line in call.lines}) == len(call.lines)
        for event in ("discharge", "load"):
            planned, done, beside = call.count(event)
            assert 0 <= done <= planned
            assert planned + beside == sum(line.event == event for line in call.lines)
