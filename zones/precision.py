"""What the outcomes say of a rule: which share of what it found was so, and how sure that is.

Outcomes that say it was so: offence, administrative, benign cause (something was there, with a lawful reason). That it was not: data error,
rule too wide. `unknown` says neither and stands apart, as does what nobody has given an outcome yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

TRUE = ("offence", "administrative", "benign_cause")
FALSE = ("data_error", "rule_too_wide")
HIT = ("offence", "administrative")  # of these the last is shown: something had to be done
Z = 1.959964  # 95 per cent, both sides


@dataclass(frozen=True, slots=True)
class Precision:
    """`share` of n decided ones was so; `low` to `high` is the 95% interval (Wilson 1927). None where nothing is decided."""

    true: int
    false: int
    unknown: int
    share: float | None
    low: float | None
    high: float | None

    @property
    def n(self) -> int:
        return self.true + self.false


def precision(outcomes: Mapping[str, int]) -> Precision:
    """Of how many alerts had which outcome."""
    true, false = (sum(outcomes.get(name, 0) for name in names) for names in (TRUE, FALSE))
    low, high = wilson(true, true + false) if true + false else (None, None)
    return Precision(true, false, outcomes.get("unknown", 0), true / (true + false) if true + false else None, low, high)


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95% score interval of a share of k in n; within [0, 1], and honest where k is 0 or n."""
    share, z2 = k / n, Z * Z
    middle, half = share + z2 / (2 * n), Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max((middle - half) / (1 + z2 / n), 0.0), min((middle + half) / (1 + z2 / n), 1.0)


def at_share(values: Sequence[int], share: float) -> int | None:
    """The value that this share of them does not exceed (nearest rank); None of none."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)] if values else None
