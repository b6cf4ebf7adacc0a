"""Floods of alerts: more of a kind in a few minutes than anybody can look at one by one.

A flood starts with more than 10 alerts in 10 minutes (ISA-18.2 and EEMUA 191, as in vendors' summaries of them; alarm management, figures).
What floods is shown as one row a kind, with all its members behind it: nothing is left out, nothing else is pushed off the screen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SPAN = timedelta(minutes=10)
STARTS = 10  # a flood has more than this many within SPAN
Arrival = tuple[str, str, datetime]  # rule, place, when it was known


@dataclass(frozen=True, slots=True)
class Flood:
    """What floods: (rule, place) pairs; and rules whose alerts at all other places together do."""

    pairs: frozenset[tuple[str, str]] = frozenset()
    rules: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.pairs or self.rules)

    def holds(self, rule: str, place: str) -> bool:
        """Whether an alert of this rule at this place is part of it."""
        return (rule, place) in self.pairs or rule in self.rules


def is_flood(times: Iterable[datetime]) -> bool:
    """Whether more than STARTS of these moments lie within SPAN of one another, both ends counted."""
    known = sorted(times)
    return any(known[n] - known[n - STARTS] <= SPAN for n in range(STARTS, len(known)))


def found(arrivals: Iterable[Arrival]) -> Flood:
    """What of these floods: first each rule at each place, then what is left of each rule."""
    by_pair: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for rule, place, at in arrivals:
        by_pair[rule, place].append(at)
    pairs = frozenset(pair for pair, times in by_pair.items() if is_flood(times))
    by_rule: dict[str, list[datetime]] = defaultdict(list)
    for (rule, place), times in by_pair.items():
        if (rule, place) not in pairs:
            by_rule[rule] += times
    return Flood(pairs, frozenset(rule for rule, times in by_rule.items() if is_flood(times)))
