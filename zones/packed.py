"""Which goods were in which box when, as the lines of a ledger tell it.

Goods come into a box by the line that lets them in (an admission, a return, what is received, with `equipment`) or are packed into it
(stuff; EPCIS packing reads as that). They are out of it when they are unpacked (strip), when they go with it (a withdrawal or a sending in
that box), or when no more is there of their lot: no more of a lot is in boxes than there is of it, so that what is packed into another
box, used up or withdrawn beyond what lies loose was taken out of the oldest box, whether or not anybody told of its unpacking. What leaves
in a box into which nobody packed it was in it as it left: such a portion begins and ends with the line.

A line that tells no quantity is about all: of the lot, or of what is in the box. A strip that names no box is of whichever the goods are
in; one that names no goods, of all in the box. Of goods taken out in part, the portion is told in parts: each portion came by one line and
ended by one, and those of one line add up to its quantity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from zones.entry import OPERATOR, Entry, in_turn
from zones.goods import ZONE_LOT, Operator
from zones.ledger import EMPTY, Account, Posted, pool_of, step
from zones.uom import ratio

INTO = (("admission", ""), ("return", ""), ("transfer", "received"))
WITH = (("withdrawal", ""), ("transfer", "sent"))
_NEVER = datetime.max.replace(tzinfo=UTC)


class Packed(Struct, frozen=True):
    """Goods of one lot in one box: [since, until), None: they are in it. `by`: the line by which they came into it, `ended_by`: the one by
    which they are out of it or left with it. `quantity`: millionths of `uom`; 0 where nobody told how much."""

    equipment: str
    place: str
    operator: str
    lot: str
    since: datetime
    by: Entry
    quantity: int
    uom: str
    until: datetime | None = None
    ended_by: Entry | None = None

    @property
    def left_with_box(self) -> bool:
        """Whether they left in the box, and were not taken out of it."""
        return self.ended_by is not None and goes_with(self.ended_by) and self.ended_by.equipment == self.equipment


def goes_with(entry: Entry) -> bool:
    """Whether goods leave by a line."""
    return (entry.act, entry.side) in WITH


def packed(entries: Iterable[Entry], declared: Callable[[str, str], Operator | None] = lambda place, operator: None) -> tuple[Packed, ...]:
    """All portions of goods in boxes, by when they came into them, from the lines of the operators' books that stand, in any order.
    `declared(place, operator)`: the operator, whose method says what a line that names no lot is about."""
    books: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.book == OPERATOR:
            books[entry.place, entry.operator].append(entry)
    told = [one for at, own in books.items() for one in _Book(declared(*at)).fold(own)]
    return tuple(sorted(told, key=lambda one: (one.since, one.until or _NEVER, one.equipment, in_turn(one.by))))


class _Book:
    """What is in boxes while the lines of one operator are gone through, in order."""

    def __init__(self, declared: Operator | None) -> None:
        self.declared = declared
        self.accounts: dict[str, Account] = {}  # by pool
        self.inside: dict[str, list[Packed]] = defaultdict(list)  # by lot, oldest first
        self.let_in: set[str] = set()  # lots of which goods ever came in
        self.out: list[Packed] = []

    def fold(self, entries: Iterable[Entry]) -> list[Packed]:
        for entry in sorted(entries, key=in_turn):
            pool = pool_of(entry, self.declared is not None and self.declared.fungible)
            method = self.declared.method(entry.at) if self.declared else ZONE_LOT
            self.accounts[pool], posted = step(self.accounts.get(pool, EMPTY), entry, method)
            self.let_in.update(posting.layer.lot for posting in posted.postings if posting.quantity > 0)
            self._line(entry, posted, self.accounts[pool])
        return [*self.out, *(one for own in self.inside.values() for one in own)]

    def _line(self, entry: Entry, posted: Posted, account: Account) -> None:
        lot = entry.lot or entry.item
        new: Packed | None = None
        if entry.equipment and (entry.act, entry.side) in INTO:
            self._put(entry, lot, abs(entry.quantity or 0), entry.uom)
        elif entry.act == "stuff" and entry.equipment:
            new = self._put(entry, lot, *_meant(entry, account, lot))
        elif entry.act == "strip":
            told = None if entry.quantity is None else Fraction(abs(entry.quantity))
            self._take([one for one in self._about(entry) if entry.equipment in ("", one.equipment)], told, entry.uom, entry)
        elif entry.equipment and goes_with(entry):
            self._leave(entry, posted)
        for touched in {lot} if new else {posting.layer.lot for posting in posted.postings if posting.quantity < 0}:
            self._no_more_than_there_is(touched, entry, account, new)

    def _put(self, entry: Entry, lot: str, quantity: int, uom: str) -> Packed:
        new = Packed(entry.equipment, entry.place, entry.operator, lot, entry.at, entry, quantity, uom)
        self.inside[lot].append(new)
        return new

    def _about(self, entry: Entry) -> Iterator[Packed]:
        """What is in boxes of the goods that a line names."""
        for lot in [entry.lot] if entry.lot else list(self.inside):
            for one in self.inside.get(lot, ()):
                if entry.lot or not entry.item or entry.item in (one.lot, one.by.item):
                    yield one

    def _leave(self, entry: Entry, posted: Posted) -> None:
        """Goods leave in a box: what is in it of them, and what nobody packed."""
        taken = [(one.layer.lot, -one.quantity, one.layer.uom) for one in posted.postings if one.quantity < 0]
        for lot, quantity, uom in taken:
            here = [one for one in self.inside.get(lot, ()) if one.equipment == entry.equipment]
            if rest := round(self._take(here, Fraction(quantity), uom, entry)):
                self.out.append(_gone_with(entry, lot, rest, uom))
        if not taken:
            here = [one for one in self._about(entry) if one.equipment == entry.equipment]
            self._take(here, None, entry.uom, entry)
            if not here:
                self.out.append(_gone_with(entry, entry.lot or entry.item, 0, entry.uom))

    def _no_more_than_there_is(self, lot: str, entry: Entry, account: Account, new: Packed | None) -> None:
        """What is packed of a lot beyond what is there was taken out by this line, of the oldest box first."""
        own = self.inside.get(lot, [])
        rates = [ratio(one.uom, own[0].uom) for one in own]
        there = [
            (layer.quantity, ratio(layer.uom, own[0].uom)) for layer in account.layers if own and layer.lot == lot and layer.quantity > 0
        ]
        if lot not in self.let_in or not own or None in rates or any(rate is None for _, rate in there):
            return
        inside = sum((one.quantity * (rate or 0) for one, rate in zip(own, rates, strict=True)), Fraction(0))
        left = sum((quantity * (rate or 0) for quantity, rate in there), Fraction(0))
        if inside > left or not left:
            self._take([one for one in own if one is not new], Fraction(inside - left) if left else None, own[0].uom, entry)

    def _take(self, portions: Iterable[Packed], quantity: Fraction | None, uom: str, entry: Entry) -> Fraction:
        """So much of these portions is out of its box by this line, the oldest first; all where None. What is wanted beyond comes back."""
        rest = quantity
        for one in list(portions):
            rate = ratio(uom, one.uom) if rest is not None else None
            if rest is not None and (rate is None or rest <= 0):
                continue
            wanted = one.quantity if rest is None or rate is None else rest * rate
            own = self.inside[one.lot]
            at = next(n for n, other in enumerate(own) if other is one)
            if round(wanted) >= one.quantity:
                del own[at]
                self.out.append(replace(one, until=entry.at, ended_by=entry))
            elif round(wanted):
                own[at] = replace(one, quantity=one.quantity - round(wanted))
                self.out.append(replace(one, quantity=round(wanted), until=entry.at, ended_by=entry))
            if rest is not None and rate is not None:
                rest = max(Fraction(0), rest - Fraction(one.quantity) / rate)
        return rest or Fraction(0)


def _meant(entry: Entry, account: Account, lot: str) -> tuple[int, str]:
    """How much a line is about, and in which unit: as it tells, else all that is there of its lot."""
    if entry.quantity is not None:
        return abs(entry.quantity), entry.uom
    own = [layer for layer in account.layers if layer.lot == lot and layer.quantity > 0]
    rates = [ratio(layer.uom, own[0].uom) for layer in own]
    return (
        (0, entry.uom)
        if not own
        else (round(sum(layer.quantity * (rate or 0) for layer, rate in zip(own, rates, strict=True))), own[0].uom)
    )


def _gone_with(entry: Entry, lot: str, quantity: int, uom: str) -> Packed:
    return Packed(entry.equipment, entry.place, entry.operator, lot, entry.at, entry, quantity, uom, entry.at, entry)
