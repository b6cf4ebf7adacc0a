"""How long after the fact a source tells of it: logarithmic buckets of seconds, both ways, and what can be read from them.

A negative lag is a statement about the future: the sender's clock is ahead of ours, or the time was told in another zone than it was
taken to be in. A lag that jumps by an hour, by seven or by eight, and stays, is such a mistake and nothing that happened at the gate
(one hour: daylight saving; seven and eight: Vietnam's and China's distance from UTC).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

FINEST = 10  # seconds; below, buckets are of about this size times the width
_WIDTH = math.log(1.05)
AHEAD = 60  # seconds: what a clock may be ahead without being called wrong
FLOOR = 0.01  # of the statements may lie below what is called the least lag: one odd report is no clock
SHIFTS = (1, 7, 8)  # hours, both ways
FEWEST, FEWEST_BEFORE = 5, 20  # statements of a day, and of the four weeks before, from which anything is concluded
BEFORE = timedelta(days=28)
Buckets = Mapping[int, int]  # bucket -> statements


@lru_cache(maxsize=1 << 15)
def bucket(seconds: int) -> int:
    """The bucket of a lag in whole seconds; 0 seconds has bucket 0, and the sign is that of the lag."""
    size = round(math.log(abs(seconds) / FINEST + 1) / _WIDTH)
    return size if seconds >= 0 else -size


def bucket_seconds(number: int) -> float:
    """The lag in seconds that stands for a bucket: off by at most 2.5 % and a quarter of a second."""
    size = FINEST * (math.exp(abs(number) * _WIDTH) - 1)
    return size if number >= 0 else -size


@dataclass(frozen=True, slots=True)
class Lags:
    """The lags of some statements."""

    buckets: Buckets

    @property
    def n(self) -> int:
        """Statements that gave an instant."""
        return sum(self.buckets.values())

    @property
    def ahead(self) -> int:
        """Those that told of the future when they came, by more than a clock may be ahead."""
        return sum(n for number, n in self.buckets.items() if bucket_seconds(number) < -AHEAD)

    def seconds(self, q: float) -> float | None:
        """The lag that a share `q` of the statements do not exceed; None where there are none."""
        below, wanted = 0, q * self.n
        for number in sorted(self.buckets):
            below += self.buckets[number]
            if below >= wanted and below:
                return bucket_seconds(number)
        return None

    def curve(self) -> list[tuple[float, float, int]]:
        """(seconds, share told by then, statements in the bucket), shortest lag first."""
        below, whole, points = 0, self.n, []
        for number in sorted(self.buckets):
            below += self.buckets[number]
            points.append((bucket_seconds(number), below / whole, self.buckets[number]))
        return points

    @property
    def clock_ahead(self) -> float | None:
        """How far the sender's clock is ahead at least, in seconds; None where nothing says so."""
        floor = self.seconds(FLOOR)
        return -floor if floor is not None and floor < -AHEAD else None


@dataclass(frozen=True, slots=True)
class Shift:
    """Since a day all lags are whole hours longer (shorter where `hours` is negative) than in the four weeks before. Seconds."""

    since: date
    hours: int
    before: float
    after: float


def together(days: Mapping[date, Buckets], first: date, last: date) -> Lags:
    """The lags of some days, both included."""
    found: Counter[int] = Counter()
    for day, buckets in days.items():
        if first <= day <= last:
            found.update(buckets)
    return Lags(found)


def shift(days: Mapping[date, Buckets], today: date) -> Shift | None:
    """A constant shift that still lasts: the median of every day since is off by the same whole hours from the four weeks before.

    Only where those were alike among themselves: half of them no further apart than half the shift.
    """
    spoken = [day for day in sorted(days) if today - BEFORE < day <= today and Lags(days[day]).n >= FEWEST]
    for n, first in enumerate(spoken):
        before = together(days, first - BEFORE, first - timedelta(days=1))
        middle, low, high = before.seconds(0.5), before.seconds(0.25), before.seconds(0.75)
        if before.n < FEWEST_BEFORE or middle is None or low is None or high is None:
            continue
        medians = [Lags(days[day]).seconds(0.5) or 0.0 for day in spoken[n:]]
        for hours in (sign * size for size in SHIFTS for sign in (1, -1)):
            off = [abs(median - middle - hours * 3600) for median in medians]
            if max(off) <= max(600, abs(hours) * 180) and high - low <= abs(hours) * 1800:
                return Shift(first, hours, middle, medians[-1])
    return None
