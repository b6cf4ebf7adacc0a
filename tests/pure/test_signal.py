"""Signals: told twice they are one, in order of time, and handed to the stay or the way in which they were said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import story
from zones.asking import legs, visits
from zones.signal import Signal, during, in_order, microdegrees, scaled

T0 = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def signal(id: str, at: int = 0, received: int = 5, **more: Any) -> Signal:
    own = {"equipment": "BOX", "device": "S1", "kind": "position", **more}
    return Signal(signal_id=id, at=T0 + at * MINUTE, received_at=T0 + received * MINUTE, **own)


@pytest.mark.parametrize(
    ("text", "places", "value"),
    [("10.7765434", 6, 10776543), ("10.7765435", 6, 10776544), ("-0.05", 1, -1), ("\u221218,4", 1, -184), ("7", 6, 7000000),
     ("+.5", 1, None), ("1e3", 1, None), ("", 1, None), ("10.7N", 6, None), ("1.2.3", 1, None), ("0.0000004", 6, 0)],
)  # fmt: skip
def test_a_decimal_number_is_kept_as_a_whole_number_of_its_parts(text: str, places: int, value: int | None) -> None:
    assert scaled(text, places) == value


def test_what_lies_beyond_the_earth_is_no_position() -> None:
    assert (microdegrees("90", 90), microdegrees("90.000001", 90), microdegrees("-180.0", 180)) == (90_000_000, None, -180_000_000)


@given(st.permutations(["a", "b", "c"]))
def test_a_signal_told_twice_is_one_and_the_first_receipt_stands(order: list[str]) -> None:
    told = {"a": signal("a", 1, 9), "b": signal("b", 1, 7, publisher="other"), "c": signal("c", 2, 8)}
    first, second = in_order(told[name] for name in order)
    assert (first.signal_id, first.ids, second.ids) == ("b", ("b", "a"), ("c",))


def test_another_figure_or_device_is_another_signal() -> None:
    said = in_order(
        [signal("a", 1, lat=1, lon=2), signal("b", 1, lat=1, lon=3), signal("c", 1, device="S2"), signal("d", 1, kind="opened")]
    )
    assert len(said) == 4
    assert [one.fix for one in said if one.signal_id in "ab"] == [(1, 2), (1, 3)]


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(0, 9), st.integers(0, 9))
def test_during_is_from_the_one_instant_until_before_the_other(times: list[int], since: int, until: int) -> None:
    said = in_order(signal(str(n), at, device=str(n)) for n, at in enumerate(times))
    within = [one for one in said if T0 + since * MINUTE <= one.at < T0 + until * MINUTE]
    assert list(during(said, T0 + since * MINUTE, T0 + until * MINUTE)) == within


def test_a_stay_has_what_was_said_while_it_lasted_and_a_way_what_was_said_until_it_was_over() -> None:
    told = story.told(
        "d0 07:00 signal alive; d0 08:00 discharge; d0 09:00 signal closed; d1 08:00 permit CUS to=zone; d1 09:00 gate_out;"
        "d1 09:00 signal position lat=10.7 lon=106.7; d1 11:00 signal opened; d1 12:00 gate_in @zone; d1 12:30 signal alive"
    )
    box = told.known()
    port, zone = visits(box)
    (way,) = legs([port, zone], box.signals)
    assert [[one.kind for one in said] for said in (port.signals, zone.signals, way.before, way.signals)] == [
        ["closed"], ["alive"], ["closed"], ["position", "opened"],
    ]  # fmt: skip


def test_a_way_that_came_elsewhere_is_over_when_the_box_left_there() -> None:
    told = story.told(
        "d0 08:00 discharge; d1 08:00 permit CUS to=nowhere; d1 09:00 gate_out; d1 12:00 gate_in @zone; d2 08:00 gate_out @zone;"
        "d1 10:00 signal alive; d1 13:00 signal alive; d2 09:00 signal alive"
    )
    box = told.known()
    way = next(legs(list(visits(box)), box.signals))
    assert [one.at for one in way.signals] == [story.clock("1", "10", "00"), story.clock("1", "13", "00")]
