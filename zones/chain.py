"""What can be told of one lot from the lines of its two books: its balance as it went, what its counts found, the boxes it was in, and by
when it must be gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction

from msgspec import Struct

from zones.entry import Entry
from zones.goods import DOMESTIC, TEMPORARY, ZONE_LOT
from zones.ledger import EMPTY, FIFO, Layer, Posted, step
from zones.limits import Law
from zones.lot import LotFacts
from zones.tally import Stand, Tally, tallies
from zones.uom import ratio

PERIOD, RE_EXPORT = "bonded_period", "re_export_within"
NO_PERIOD = (TEMPORARY, DOMESTIC)  # kinds of status under which no time in bond runs


class Step(Struct, frozen=True):
    """The balance of one book in one unit, from `at` on: after the line `entry_id`. Millionths."""

    at: datetime
    entry_id: str
    uom: str
    quantity: int


class Counted(Struct, frozen=True):
    """One count against both books (zones/tally.py). Quantities in millionths of the count's unit; None where a book cannot say (another
    unit, no book).

    `expected`, `own_expected`: how much the operator's book, the supervisor's own, had by the order of their lines; `difference`,
    `own_difference`: found more (below zero: less) than that, whichever lines of that time or day were first. The supervisor's
    book knows of no areas: of a count in one it can only say whether there is more than it has of the whole lot. `net_mg`, `value`: what so
    much of these goods weighs and is worth, by the operator's book.
    """

    entry: Entry
    expected: int | None
    own_expected: int | None
    difference: int | None
    own_difference: int | None
    net_mg: int = 0
    value: int = 0
    currency: str = ""


class Boxed(Struct, frozen=True):
    """What a line says of a box. how: came, left, packed, unpacked."""

    equipment: str
    how: str
    entry: Entry


class Ends(Struct, frozen=True):
    """By when goods that one line let in must be gone, and the limit that says so."""

    limit: str
    at: datetime
    layer: Layer
    since: datetime
    confirmed: bool


def course(entries: Iterable[Entry], posted: Mapping[str, Posted]) -> list[Step]:
    """The balance of one book after each line that changed it, by unit, in order."""
    total: dict[str, int] = {}
    steps: list[Step] = []
    for entry in entries:
        came: dict[str, int] = {}
        for posting in posted[entry.entry_id].postings:
            came[posting.layer.uom] = came.get(posting.layer.uom, 0) + posting.quantity
        for uom, quantity in came.items():
            if quantity:
                total[uom] = total.get(uom, 0) + quantity
                steps.append(Step(entry.at, entry.entry_id, uom, total[uom]))
    return steps


def balance(steps: Iterable[Step], at: datetime) -> dict[str, int]:
    """unit -> how much was there at an instant; units of which nothing was left out."""
    found = {one.uom: one.quantity for one in steps if one.at <= at}
    return {uom: quantity for uom, quantity in found.items() if quantity}


def counts(facts: LotFacts, law: Law | None = None) -> list[Counted]:
    """The counts of a lot against both books, in order. `law`: of the place, for how far the supervisor's book may lag."""
    found: list[Counted] = []
    told = {tally.count.entry_id: tally for tally in tallies(facts, law)}
    account = EMPTY
    for entry in facts.entries if told else ():
        method = facts.declared.method(entry.at) if facts.declared else ZONE_LOT
        if tally := told.get(entry.entry_id):
            found.append(_counted(tally, _meant(account.layers, entry, method)))
        account, _ = step(account, entry, method)
    return found


def _meant(layers: Iterable[Layer], entry: Entry, method: str) -> list[Layer]:
    """The goods that a count is of: as zones.ledger takes them."""
    lot, by_lot = entry.lot or entry.item, method != FIFO or not entry.item
    return [
        layer
        for layer in layers
        if (not by_lot or layer.lot == lot)
        and (not entry.owner or layer.owner == entry.owner)
        and (not entry.status or layer.status == entry.status)
        and (not entry.area or layer.area == entry.area)
        and layer.quantity > 0
    ]


def _counted(tally: Tally, layers: list[Layer]) -> Counted:
    entry, difference = tally.count, _difference(tally, tally.operator)
    net, value, currency = 0, 0, ""
    there = sum(((ratio(layer.uom, entry.uom) or 0) * layer.quantity for layer in layers), Fraction(0))
    if difference and there:
        net = round(sum(layer.net_mg for layer in layers) * difference / there)
        currencies = {layer.kind.currency for layer in layers}
        if len(currencies) == 1:
            (currency,) = currencies
            value = round(sum(layer.value for layer in layers) * difference / there)
    own = tally.customs if _tells(tally, tally.customs) else None
    return Counted(
        entry,
        tally.operator.book if tally.operator else None,
        own.book if own else None,
        difference,
        _difference(tally, own),
        net,
        value,
        currency,
    )


def _tells(tally: Tally, stand: Stand | None) -> bool:
    """Whether a book can be held against a count: not where it has anything between nothing and all of it, as of an area that it knows
    nothing of."""
    return stand is not None and (stand.book == tally.found or bool(_difference(tally, stand)))


def _difference(tally: Tally, stand: Stand | None) -> int | None:
    return tally.over(stand) - tally.missing(stand) if stand else None


def boxes(entries: Iterable[Entry]) -> list[Boxed]:
    """Every line that tells of a box, in order."""
    return [Boxed(entry.equipment, how, entry) for entry in entries if entry.equipment and (how := _how(entry))]


def _how(entry: Entry) -> str:
    if entry.act in ("stuff", "strip"):
        return "packed" if entry.act == "stuff" else "unpacked"
    return "came" if entry.effect > 0 else "left" if entry.effect < 0 else ""


def ends(facts: LotFacts, law: Law, at: datetime) -> Iterator[Ends]:
    """Of all that is there, the dates ahead or past by which it must be gone, as the law holds at `at`; oldest goods first."""
    for presence in facts.presences:
        if presence.since > at or (presence.until is not None and presence.until <= at):
            continue
        kind = law.goods.kind(presence.layer.status)
        asked = [(RE_EXPORT, presence.since)] if kind == TEMPORARY else []
        asked += [] if kind in NO_PERIOD else [(PERIOD, presence.source.at)]
        for limit, since in asked:
            governing = law.governing(limit, since, at)
            if governing is not None:
                yield Ends(limit, governing.deadline(since, law.zone).at, presence.layer, since, governing.confirmed)
