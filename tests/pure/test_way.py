"""How far a position is from another and from a line, against the great circle."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zones.way import MOST_APART, Fix, Stop, Way, metres, metres_off

RADIUS = 6_371_008.8
fixes = st.tuples(st.integers(-70_000_000, 70_000_000), st.integers(-180_000_000, 179_999_999))


def unit(fix: Fix) -> tuple[float, float, float]:
    lat, lon = (math.radians(part / 1e6) for part in fix)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def great_circle(one: Fix, other: Fix) -> float:
    apart = math.dist(unit(one), unit(other))
    return 2 * RADIUS * math.asin(min(apart / 2, 1))


def away(fix: Fix, north: int, east: int) -> Fix:
    """So many metres on."""
    lat = fix[0] + round(north / 0.111195)
    lon = fix[1] + round(east / 0.111195 / math.cos(math.radians(fix[0] / 1e6)))
    return lat, (lon + 180_000_000) % 360_000_000 - 180_000_000


@given(fixes, st.integers(-5_000, 5_000), st.integers(-5_000, 5_000))
def test_two_positions_are_as_far_apart_as_on_the_great_circle(one: Fix, north: int, east: int) -> None:
    other = away(one, north, east)
    true = great_circle(one, other)
    assert abs(metres(one, other) - true) <= true / 100 + 1


@given(fixes, st.integers(-30_000, 30_000), st.integers(-30_000, 30_000), st.integers(0, 100), st.integers(-5_000, 5_000), st.booleans())
def test_a_position_is_as_far_from_a_line_as_from_the_nearest_of_its_points(
    first: Fix, north: int, east: int, share: int, aside: int, left: bool
) -> None:
    """The line is walked in steps, even in latitude and longitude; the nearest step is at most half a step too far."""
    second = away(first, north, east)
    length = great_circle(first, second)
    if not 100 <= length <= MOST_APART:
        return
    east_of_first = (second[1] - first[1] + 180_000_000) % 360_000_000 - 180_000_000

    def between(part: float) -> Fix:
        lon = first[1] + round(east_of_first * part)
        return first[0] + round((second[0] - first[0]) * part), (lon + 180_000_000) % 360_000_000 - 180_000_000

    here = between(share / 100)
    at = away(here, aside if left else 0, 0 if left else aside)
    nearest = min(great_circle(at, between(step / 2000)) for step in range(2001))
    assert abs(metres_off(at, (first, second)) - nearest) <= nearest / 100 + 1 + length / 4000


@pytest.mark.parametrize(
    ("at", "line", "far"),
    [
        ((0, 0), ((0, 0), (0, 100_000)), 0),
        ((1_000, 50_000), ((0, 0), (0, 100_000)), 111),
        ((0, -1_000), ((0, 0), (0, 100_000)), 111),
        ((0, 101_000), ((0, 0), (0, 100_000)), 111),
        ((0, 1_000), ((0, 0), (0, 0)), 111),
        ((60_000_000, 1_000), ((60_000_000, 0), (60_000_000, 0)), 55),
        ((0, -179_999_000), ((-1_000_000, 180_000_000), (1_000_000, 180_000_000)), 111),
        ((2_000, 100_000), ((0, 0), (0, 100_000), (100_000, 100_000)), 0),
    ],
)
def test_the_nearest_part_of_a_line_counts(at: Fix, line: tuple[Fix, ...], far: int) -> None:
    assert metres_off(at, line) == far


def test_a_stop_is_in_order_within_its_radius() -> None:
    way = Way((), (Stop("Fuel", (0, 0), 111),))
    assert (way.approved((1_000, 0)), way.approved((1_010, 0)), Way().approved((0, 0))) == (True, False, False)
