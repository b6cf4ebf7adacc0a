"""Spans of time in a declaration that run into each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from zones._declare import Moment, in_utc
from zones.limits import ALWAYS


def overlaps(dated: Sequence[tuple[str, Moment | None, Moment | None]], from_: str, to: str) -> Iterable[tuple[int, str, str]]:
    """Spans of one name that run into each other: (position, field, message). The last of two may follow an earlier without end."""
    for i, (_, since, until) in enumerate(dated):
        if since is not None and until is not None and _rough(until) <= _rough(since):
            yield i, to, f"{until} is not after {from_} {since}"
    order = sorted(range(len(dated)), key=lambda i: (dated[i][0], _rough(dated[i][1])))
    for a, b in pairwise(order):
        (name, since, until), (other, next_since, _) = dated[a], dated[b]
        if name != other:
            continue
        if _rough(since) == _rough(next_since):
            yield b, from_, f"{name} is declared twice from {next_since or 'the beginning'}"
        elif until is not None and _rough(next_since) < _rough(until):
            yield b, from_, f"{name} from {next_since} overlaps the one that runs to {until}"


def _rough(moment: Moment | None) -> datetime:
    """Good for comparing what one file says: dates are compared as if at UTC."""
    return in_utc(moment, ZoneInfo("UTC")) or ALWAYS
