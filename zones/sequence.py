"""Gaps in the numbers under which a sender sends: what never came, as far as its own counting says.

Control references of EDIFACT interchanges (UNB 0020) are unique for a sender and a recipient; most senders count them up by one, and some
do not (a time, a random text). Only where at least half of the steps are by one is a missing number a gap. A gap closes itself when the
number comes. A number that falls to a tenth or less begins a new round: nobody knows where the one before would have ended.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

FEWEST = 3
_NUMBERED = re.compile(r"(.*?)(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message under a reference."""

    message_id: str
    sender: str
    recipient: str
    reference: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers first..last are missing; `since` the first message with a higher one came. The messages on both sides."""

    first: int
    last: int
    since: datetime
    before: Sent
    after: Sent

    @property
    def missing(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Series:
    """The messages of a sender to a recipient whose references differ in the number at their end alone. `counts`: it counts up by one."""

    sender: str
    recipient: str
    prefix: str
    n: int
    counts: bool
    rounds: int
    gaps: tuple[Gap, ...]


def series(messages: Iterable[Sent]) -> list[Series]:
    """Every series of numbers, those with gaps first. References that do not end in a number belong to none."""
    known: dict[tuple[str, str, str], list[tuple[int, Sent]]] = defaultdict(list)
    for sent in messages:
        if found := _NUMBERED.fullmatch(sent.reference):
            known[sent.sender, sent.recipient, found[1]].append((int(found[2]), sent))
    found_all = [_series(key, sorted(told, key=lambda each: (each[1].received_at, each[0]))) for key, told in known.items()]
    return sorted(found_all, key=lambda one: (not one.gaps, -one.n, one.sender, one.recipient, one.prefix))


def _series(key: tuple[str, str, str], told: Sequence[tuple[int, Sent]]) -> Series:
    rounds: list[dict[int, Sent]] = [{}]
    for number, sent in told:
        own = rounds[-1]
        if own and number < min(own) and number * 10 <= max(own):
            own = {}
            rounds.append(own)
        own.setdefault(number, sent)
    steps = [b - a for own in rounds for a, b in _pairs(sorted(own))]
    counts = len(steps) >= FEWEST - 1 and 2 * steps.count(1) >= len(steps)
    gaps = [gap for own in rounds for gap in _gaps(own)] if counts else []
    return Series(*key, len(told), counts, len(rounds), tuple(sorted(gaps, key=lambda gap: gap.since, reverse=True)))


def _gaps(own: dict[int, Sent]) -> list[Gap]:
    found, since = [], None
    for before, after in reversed(_pairs(sorted(own))):
        since = own[after].received_at if since is None else min(since, own[after].received_at)
        if after - before > 1:
            found.append(Gap(before + 1, after - 1, since, own[before], own[after]))
    return found


def _pairs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return list(pairwise(numbers))
