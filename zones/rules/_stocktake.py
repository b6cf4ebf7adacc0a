"""What is missing or over of a lot, found by counts or written off and on by adjustments, as occasions: each told once.

A count that finds again what an earlier count of the same goods found is the same occasion; one that finds so much more that the increase
alone is to be told is another. It ends with the first count that finds it no more, or with the adjustments that put the book right. An
adjustment that no finding accounts for is an occasion of its own: it is how goods leave a book, or come into it, without anybody's leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from zones.entry import Entry, in_turn
from zones.lot import LotFacts
from zones.tally import ADJUSTMENT, COUNT, Tally, wholes
from zones.uom import Quantity

Enough = Callable[[int, int, datetime], bool]  # amount, of how much, when: is it to be told


class Occasion(Struct, frozen=True):
    """So much was missing or over from `by` on until `ended`. `tally`: of a count."""

    by: Entry
    amount: Quantity
    tally: Tally | None = None
    ended: datetime | None = None


class _Open:
    """An occasion that goes on, and how much of it is not put right."""

    def __init__(self, occasion: Occasion) -> None:
        self.occasion, self.left = occasion, occasion.amount


def occasions(facts: LotFacts, tallies: Mapping[str, Tally], amount: Callable[[Tally], int], sign: int, enough: Enough) -> list[Occasion]:
    """Those of one direction (`sign` of the adjustments that put it right), by when they began. `tallies`: by the id of the count; `amount`:
    what one found, in millionths of the count's unit."""
    found: list[Occasion] = []
    going: dict[tuple[str, ...], _Open] = {}
    adjusting = [line for line in facts.entries if line.act == ADJUSTMENT and (line.quantity or 0) * sign > 0 and (line.lot or line.item)]
    whole = wholes(facts, adjusting) if adjusting else {}
    for line in sorted((*(tally.count for tally in tallies.values()), *adjusting), key=_turn):
        if line.act == COUNT:
            _counted(tallies[line.entry_id], amount(tallies[line.entry_id]), going, found, enough)
            continue
        rest = _settled(line, going, found)
        if rest.n and enough(rest.n, max(whole[line.entry_id] or 0, rest.n), line.at):
            found.append(Occasion(line, rest))
    return sorted([*found, *(one.occasion for one in going.values())], key=lambda one: in_turn(one.by))


def told(facts: LotFacts, line: Entry) -> dict[str, Any]:
    """What an alert says of the lot in any case."""
    return {
        "lot": line.lot or line.item or None,
        "owner": line.owner or None,
        "operator": facts.keeper,
        "place": facts.place,
        "at": line.at,
    }


def done(line: Entry) -> str:
    """What a line did with goods, as an alert says it: goods that go to another zone, or into a process, have words of their own."""
    return line.side if line.side in ("input", "sent") else line.act


def _turn(line: Entry) -> tuple[datetime, bool, tuple[Any, ...]]:
    """An adjustment of the time or day of a count comes after it."""
    return (line.latest, True, in_turn(line)) if line.act == ADJUSTMENT else (line.at, False, in_turn(line))


def _counted(tally: Tally, amount: int, going: dict[tuple[str, ...], _Open], found: list[Occasion], enough: Enough) -> None:
    count = tally.count
    scope = count.lot or count.item, count.owner, count.status, count.area
    whole = max(tally.whole or 0, tally.found + amount)
    before, now = going.get(scope), Quantity(amount, count.uom)
    known = before.left.to(count.uom) if before else None
    if before and known and enough(amount, whole, count.at) and not enough(amount - known.n, whole, count.at):
        before.left = min(now, known, key=lambda one: one.n)
        return
    if before:
        found.append(_ended(before.occasion, count.at))
        del going[scope]
    if enough(amount, whole, count.at):
        going[scope] = _Open(Occasion(count, now, tally))


def _settled(line: Entry, going: dict[tuple[str, ...], _Open], found: list[Occasion]) -> Quantity:
    """What of an adjustment no finding accounts for. A finding that is put right altogether is over."""
    rest = Quantity(abs(line.quantity or 0), line.uom)
    for scope, one in sorted(going.items()):
        fits = all(
            not a or not b or a == b for a, b in zip(scope, (line.lot or line.item, line.owner, line.status, line.area), strict=True)
        )
        have = one.left.to(rest.uom) if fits else None
        if have is None or not rest.n:
            continue
        taken = min(have.n, rest.n)
        left = Quantity(have.n - taken, rest.uom)
        one.left, rest = left, Quantity(rest.n - taken, rest.uom)
        if not left.n and line.latest > one.occasion.by.at:
            found.append(_ended(one.occasion, line.at if line.at > one.occasion.by.at else line.latest))
            del going[scope]
    return rest


def _ended(one: Occasion, at: datetime) -> Occasion:
    return Occasion(one.by, one.amount, one.tally, at)
