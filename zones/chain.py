"""What can be told of one lot from the lines of its two books: its balance as it went, what its counts found, the boxes it was in, and by
when it must be gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from zones.entry import Entry
from zones.goods import DOMESTIC, TEMPORARY, ZONE_LOT
from zones.ledger import EMPTY, FIFO, Layer, Posted, fold, step
from zones.limits import Law
from zones.lot import LotFacts
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
    """One count against both books. Quantities in millionths of the count's unit; None where a book cannot say (another unit, no book; the
    supervisor's of a count in one area while some of the lot is in another).

    `expected`, `own_expected`: how much the operator's book, the supervisor's own, had; `difference`: found less expected by the
    operator's book. `net_mg`, `value`: what so much of these goods weighs and is worth, by the operator's book.
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


def counts(facts: LotFacts) -> list[Counted]:
    """The counts of a lot against both books, in order."""
    told = [entry for entry in facts.entries if entry.act == "count"]
    if not told:
        return []
    anywhere = [replace(entry, area="") for entry in told]  # the supervisor's book does not follow goods from area to area
    own = fold((*facts.authorised, *anywhere), lambda at: _method(facts, at))[1] if facts.authorised else {}
    account, found = EMPTY, []
    for entry in facts.entries:
        method = _method(facts, entry.at)
        if entry.act == "count":
            meant, whole = _meant(account.layers, entry, method), _meant(account.layers, replace(entry, area=""), method)
            had = own[entry.entry_id].expected if own and len(meant) == len(whole) else None
            found.append(_counted(entry, facts.posted[entry.entry_id].expected, had, meant))
        account, _ = step(account, entry, method)
    return found


def _method(facts: LotFacts, at: datetime) -> str:
    return facts.declared.method(at) if facts.declared else ZONE_LOT


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


def _counted(entry: Entry, expected: int | None, own: int | None, layers: list[Layer]) -> Counted:
    found = entry.quantity
    difference = found - expected if found is not None and expected is not None else None
    net, value, currency = 0, 0, ""
    there = sum(((ratio(layer.uom, entry.uom) or 0) * layer.quantity for layer in layers), Fraction(0))
    if difference and there:
        net = round(sum(layer.net_mg for layer in layers) * difference / there)
        currencies = {layer.kind.currency for layer in layers}
        if len(currencies) == 1:
            (currency,) = currencies
            value = round(sum(layer.value for layer in layers) * difference / there)
    own_difference = found - own if found is not None and own is not None else None
    return Counted(entry, expected, own, difference, own_difference, net, value, currency)


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
