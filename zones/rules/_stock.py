"""Balances below zero: when, by how much, and whether anything of the lot had come in at all.

What is dated by the day may have been before or after whatever else is told of that day: a balance that some reading of the times keeps at
zero is not below it, and where nothing but another reading has a lot come in too late, it came in first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from zones.entry import Entry
from zones.goods import FIFO
from zones.lot import Deficit, LotFacts
from zones.uom import Quantity


class Below(Struct, frozen=True):
    """A balance below zero in [since, until). `by`: the line that took what was not there; `first`: the first line that let in anything that
    it might have taken, where that is before; None: nothing had come in. `much`: by how much at first."""

    by: Entry
    much: Quantity
    first: Entry | None
    since: datetime
    until: datetime | None


def below(facts: LotFacts) -> Iterator[Below]:
    """The stretches in which a balance is below zero, in order. Goods that come in too late, and are too few, end one and begin another."""
    for deficit in facts.deficits:
        by = deficit.by
        if not named(by) or (deficit.until is not None and deficit.until <= by.latest):
            continue  # of no lot; or perhaps never below zero
        first = _first_in(facts, by)
        if first is None or first.at > by.latest:
            until = deficit.until if first is None else first.at if deficit.until is None else min(first.at, deficit.until)
            yield Below(by, _much(facts, deficit, by.latest), None, deficit.since, until)
            if first is None or until == deficit.until:
                continue
        since = max(deficit.since, first.at) if first.at > by.latest else deficit.since
        yield Below(by, _much(facts, deficit, max(since, by.latest)), first, since, deficit.until)


def named(line: Entry) -> bool:
    """Whether a line says of which goods it is."""
    return bool(line.lot or line.item)


def _first_in(facts: LotFacts, line: Entry) -> Entry | None:
    """The first line that let in anything of what a line may take: of its lot, or of its item where the first in goes first out."""
    fungible = facts.declared is not None and facts.declared.method(line.at) == FIFO and bool(line.item)
    lot = line.lot or line.item
    return next((one for one in facts.entries if _lets_in(one) and (fungible or (one.lot or one.item) == lot)), None)


def _lets_in(line: Entry) -> bool:
    return (line.quantity or 0) >= 0 if line.act == "adjustment" else line.effect > 0


def _much(facts: LotFacts, deficit: Deficit, at: datetime) -> Quantity:
    """How much it is below zero at an instant."""
    source, n = deficit.by.entry_id, 0
    for line in facts.entries:
        if line.at > at:
            break
        for posting in facts.posted[line.entry_id].postings:
            if posting.layer.source == source and posting.layer.uom == deficit.layer.uom:
                n += posting.quantity
    return Quantity(-n, deficit.layer.uom)
