"""The supervisor's own book: when a line that customs authorised takes effect.

What is authorised for goods in a box happens when the box moves: an admission when it has come in, a withdrawal when it has gone out. What
names no box takes effect when it was authorised.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zones.entry import Entry

WAITS = "waits"  # authorised, and its box has not moved yet

Visit = tuple[datetime, datetime | None]  # a stay of the box at the place: [came, left)


def takes_effect(entry: Entry, visits: Sequence[Visit]) -> datetime | None:
    """When the line takes effect, given the stays of its box at its place, oldest first; None as long as it does not.

    A box that came or went before its line was authorised has its line from when that was.
    """
    if not entry.equipment or entry.effect == 0:
        return entry.at
    if entry.effect > 0:
        came = next((came for came, left in visits if left is None or left >= entry.at), None)
        return max(came, entry.at) if came is not None else None
    exits = [left for _, left in visits if left is not None]
    after = next((left for left in exits if left >= entry.at), None)
    if after is None and exits and visits[-1][1] is not None:
        return entry.at
    return after
