"""What each count of a lot found, against both books: a finding is always there to be read, whether it is to be reported or not.

A count is held against what the operator's book had of the lot, and of the owner, status and area that it names; what a book does not tell
an owner or status of counts as theirs, and what it tells no area of may be there or elsewhere. The supervisor's own book is taken together
with what the operator tells of acts that customs does not authorise (zones/apart.py), so that it can be compared with shelves at all.

Times are told to the minute or to the day, so a line may have been before a count or after it. Missing is what is missing in every reading,
over what is over in every reading. An adjustment is what comes of a count: of its time or day it comes after it, and hides nothing. The
supervisor's book may lag (zones/pairing.py), and its lines near a count are of either side of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from zones.apart import spoken_of
from zones.entry import Entry, in_turn
from zones.goods import FIFO
from zones.ledger import Layer, Posted
from zones.limits import Law
from zones.lot import LotFacts
from zones.pairing import Near, around, nearness, signed
from zones.uom import Quantity, ratio

ADJUSTMENT, COUNT = "adjustment", "count"


class Stand(Struct, frozen=True):
    """What a book had of what a count looked at, in millionths of its unit: by the order of its lines, the least and the most that their
    times allow."""

    book: int
    least: int
    most: int


class Tally(Struct, frozen=True, kw_only=True):
    """One count. `operator`, `customs`: what either book had; None where its units do not convert, and where customs keeps none of the lot.
    `whole`: what the operator's book had of the whole lot. `admitted`: whether any goods of the lot may have come in before. `fine`: what
    is less than this is rounding, where the book is kept in another unit.
    """

    count: Entry
    operator: Stand | None
    customs: Stand | None
    whole: int | None
    admitted: bool
    fine: int = 0

    @property
    def found(self) -> int:
        """What was found, in millionths of the count's unit."""
        return abs(self.count.quantity or 0)

    def missing(self, stand: Stand | None) -> int:
        """How much less than that was found, at the least."""
        return self._beyond(stand.least - self.found) if stand else 0

    def over(self, stand: Stand | None) -> int:
        """How much more than that was found, at the least."""
        return self._beyond(self.found - stand.most) if stand else 0

    def _beyond(self, n: int) -> int:
        return n if n > 0 and n >= self.fine else 0


def tallies(facts: LotFacts, law: Law | None = None) -> tuple[Tally, ...]:
    """What every count of the lot that tells a quantity and of what found, in order. `law`: of the place, for `books_lag`."""
    counts = [line for line in facts.entries if line.act == COUNT and line.quantity is not None and (line.lot or line.item)]
    if not counts:
        return ()
    declared = _Book(facts, [line for line in facts.entries if line.act != COUNT], facts.posted, overlap)
    customs = _Book(facts, _own_book(facts), {**facts.posted, **facts.own}, nearness(facts.zone, law)) if facts.authorised else None
    came = min((line.earliest for line in (*facts.entries, *facts.authorised) if signed(line) > 0), default=None)
    found = []
    for count in counts:
        stand, whole = declared.at(count)
        own = customs.at(count)[0] if customs else None
        foreign = any(line.uom != count.uom for line in (*facts.entries, *facts.authorised) if line.quantity is not None)
        fine = Quantity(count.quantity or 0, count.uom).grain if foreign else 0
        admitted = came is not None and came <= count.latest
        found.append(Tally(count=count, operator=stand, customs=own, whole=whole, admitted=admitted, fine=fine))
    return tuple(found)


def overlap(one: Entry, other: Entry) -> bool:
    """Whether two lines may be of one time."""
    return one.earliest <= other.latest and other.earliest <= one.latest


def wholes(facts: LotFacts, lines: Iterable[Entry]) -> dict[str, int | None]:
    """What the operator's book had of the whole lot before each of these lines, in the line's unit; None where units do not convert."""
    book = _Book(facts, [line for line in facts.entries if line.act != COUNT], facts.posted, overlap)
    return {line.entry_id: book.at(line)[1] for line in sorted(lines, key=in_turn)}


def _own_book(facts: LotFacts) -> list[Entry]:
    speaks, adjusts = spoken_of(facts), any(line.act == ADJUSTMENT for line in facts.authorised)
    told = [line for line in facts.entries if not speaks(line) or (line.act == ADJUSTMENT and not adjusts)]
    return [line for line in (*facts.authorised, *told) if line.act != COUNT]


_Sums = Mapping[tuple[str, str, str, str, str], int]  # lot, owner, status, area, unit -> millionths


class _Book:
    """The lines of a book in order, asked what it had at counts in order of time."""

    def __init__(self, facts: LotFacts, lines: Iterable[Entry], posted: Mapping[str, Posted], near: Near) -> None:
        self.declared, self.posted, self.near = facts.declared, posted, near
        self.lines = sorted(lines, key=in_turn)
        self.turns, self.times = [in_turn(line) for line in self.lines], [line.at for line in self.lines]
        self._sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
        self._done = 0

    def at(self, count: Entry) -> tuple[Stand | None, int | None]:
        """(what it had of what the count looked at, what of the whole lot)."""
        upto = bisect_left(self.turns, in_turn(count))
        for line in self.lines[self._done : upto]:
            for key, n in _moved(self.posted[line.entry_id]):
                self._sums[key] += n
        self._done = upto
        fungible = self.declared is not None and self.declared.method(count.at) == FIFO and bool(count.item)
        lot = "" if fungible else count.lot or count.item
        return self._stand(count, lot), _total(self._sums, count.uom, lambda key: not lot or key[0] == lot)

    def _stand(self, count: Entry, lot: str) -> Stand | None:
        def looked_at(key: tuple[str, str, str, str, str]) -> bool:
            of, owner, status, _, _ = key
            return (not lot or of == lot) and _may_be(count.owner, owner) and _may_be(count.status, status)

        def surely(key: tuple[str, str, str, str, str]) -> bool:
            return looked_at(key) and (not count.area or key[3] == count.area)

        sure = _total(self._sums, count.uom, surely)
        perhaps = _total(self._sums, count.uom, lambda key: looked_at(key) and not key[3]) if count.area else 0
        if sure is None or perhaps is None:
            return None
        less = more = 0
        for line in around(count, self.lines, self.times, self.near):
            moved = _total(_sum(_moved(self.posted[line.entry_id])), count.uom, surely)
            if moved is None:
                return None
            before = in_turn(line) < in_turn(count)
            if line.act == ADJUSTMENT:
                sure -= moved if before and line.latest >= count.at else 0
            else:
                other = -moved if before else moved
                less, more = less + min(0, other), more + max(0, other)
        return Stand(sure, max(0, sure + less + min(0, perhaps)), max(0, sure + more + max(0, perhaps)))


def _may_be(asked: str, told: str) -> bool:
    return not asked or told in ("", asked)


def _moved(posted: Posted) -> list[tuple[tuple[str, str, str, str, str], int]]:
    return [(_key(posting.layer), posting.quantity) for posting in posted.postings]


def _key(layer: Layer) -> tuple[str, str, str, str, str]:
    return layer.lot, layer.owner, layer.status, layer.area, layer.uom


def _sum(moved: Sequence[tuple[tuple[str, str, str, str, str], int]]) -> _Sums:
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for key, n in moved:
        sums[key] += n
    return sums


def _total(sums: _Sums, uom: str, counts: Callable[[tuple[str, str, str, str, str]], bool]) -> int | None:
    """What that is together, in a unit; None where any of it does not convert."""
    total = Fraction(0)
    for key, n in sums.items():
        if n and counts(key):
            rate = ratio(key[4], uom)
            if rate is None:
                return None
            total += n * rate
    return round(total)
