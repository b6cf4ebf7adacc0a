"""The way from one place to another as declared: its corridor, where a stop is in order, and how far a position is from them.

Distances are whole metres on a sphere of 6,371,008.8 m (a degree of latitude is 111,195 m), on the plane that touches it at the position
that is asked about: the cosine of its latitude shrinks its longitudes. All but that cosine, which is rounded to nine places, is whole
numbers, so every machine comes to the same. The earth is no sphere: a distance is wrong by up to 0.6 %. A line between two points of a
corridor is straight in latitude and longitude, as one draws it on a map, and no great circle (which over 40 km bends from it by 12 m at 20
degrees of latitude). With points at most 50 km apart (`MOST_APART`) and 70 degrees of latitude, how far something is that lies within 5 km
of the line is wrong by less than 1 % and a metre (tests/pure/test_way.py), a buffer of 500 m by less than 6 m: less than a tracker errs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, isqrt, radians

from msgspec import Struct

Fix = tuple[int, int]  # latitude, longitude in microdegrees

MOST_APART = 50_000  # metres between two points of a corridor
_CIRCLE = 360_000_000  # microdegrees
_MM = 111_195  # of a thousand microdegrees of latitude
_ONE = 10**9


class Stop(Struct, frozen=True):
    """Where a stop on the way is in order: within `metres` of a position."""

    name: str
    at: Fix
    metres: int


class Way(Struct, frozen=True):
    """A declared way: the line it follows (no points: not declared), and where a stop is in order."""

    corridor: tuple[Fix, ...] = ()
    stops: tuple[Stop, ...] = ()

    def approved(self, at: Fix) -> bool:
        """Whether a stop there is in order."""
        return any(metres(at, stop.at) <= stop.metres for stop in self.stops)


def metres(one: Fix, other: Fix) -> int:
    """How far two positions are apart."""
    x, y = _from(one, other)
    return isqrt(x * x + y * y) // 1000


def metres_off(at: Fix, line: Sequence[Fix]) -> int:
    """How far a position is from a line of two points or more, whichever part of it is nearest. Errors: ValueError on a shorter line."""
    return min(_off(_from(at, first), _from(at, second)) for first, second in pairwise(line)) // 1000


def _from(origin: Fix, point: Fix) -> tuple[int, int]:
    """(east, north) of a point as seen from the origin, in millimetres; across the date line the short way round."""
    east = (point[1] - origin[1] + _CIRCLE // 2) % _CIRCLE - _CIRCLE // 2
    shrunk = round(cos(radians(origin[0] / 10**6)) * _ONE)
    return east * shrunk * _MM // (1000 * _ONE), (point[0] - origin[0]) * _MM // 1000


def _off(first: tuple[int, int], second: tuple[int, int]) -> int:
    """How far the origin is from the stretch between two points, in their unit."""
    along = second[0] - first[0], second[1] - first[1]
    length2 = along[0] ** 2 + along[1] ** 2
    passed = -(first[0] * along[0] + first[1] * along[1])  # how far along the foot of the perpendicular lies, times the length
    if passed <= 0 or length2 == 0:
        return isqrt(first[0] ** 2 + first[1] ** 2)
    if passed >= length2:
        return isqrt(second[0] ** 2 + second[1] ** 2)
    return isqrt((first[0] * second[1] - first[1] * second[0]) ** 2 // length2)
