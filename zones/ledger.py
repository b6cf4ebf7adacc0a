"""The fold of a goods ledger: from its lines in order to what is there, what each line took and from where, and what does not add up.

Goods are folded by pool: the zone lot, or, where an operator's goods are fungible and he keeps them first in, first out, the item (its
number of the goods). A pool is a row of layers, oldest first. A layer is what is left of the goods that one line let in, under one owner,
one status and in one area; so whatever is taken is traced to the line that let it in. What is taken and was never there becomes a layer
below zero, named after the line that took it: a negative balance cannot hide behind other goods. The next goods that come in fill it.

Weights and values leave a layer in proportion to the quantity, and with the last of it all that is left. What a line tells of them itself
stays on the line; where it is more than TOLD_APART away, the line says so.

`step` is the only fold: deriving, every past moment, checking and the examples of rules go through it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from zones.entry import Entry, in_turn
from zones.uom import ratio

TOLD_APART = Fraction(1, 100)
FIFO, ZONE_LOT = "fifo", "zone_lot"

# What a line says that does not fit what is there. What is wrong with a line by itself: zones/line.py
BEFORE_ADMISSION = "before_admission"  # taken before anything of its lot came in
EXCEEDS_BALANCE = "exceeds_balance"  # taken more than is there of its lot, owner and status
UOM_DIFFERS = "uom_differs"  # in a unit that cannot be converted to that of the goods that are there
BALANCE_DIFFERS = "balance_differs"  # the book's own balance after the line is another than its lines add up to
FIGURES_DIFFER = "figures_differ"  # the weight or value told is not that of so much of these goods
NOT_TRACED = "not_traced"  # goods were taken that no line let in
TOO_LARGE = "too_large"  # no such quantity, weight or value of one lot exists: the line is kept and moves nothing
LARGEST = 2**58  # of a figure as kept: 288 billion units. Sums of some dozens of them are whole numbers that a database keeps


class Kind(Struct, frozen=True, array_like=True, gc=False):
    """What the goods of a layer are, as the line said that let them in."""

    item: str = ""
    description: str = ""
    hs: str = ""
    hs_edition: str = ""
    origin: str = ""
    currency: str = ""
    declaration: str = ""
    equipment: str = ""


class Layer(Struct, frozen=True, array_like=True, gc=False):
    """What is left of what the line `source` let in at `at`, under one owner, one status and in one area. Below zero: `source` took it."""

    at: datetime
    source: str
    lot: str
    owner: str
    status: str
    area: str
    uom: str
    quantity: int
    gross_mg: int
    net_mg: int
    value: int
    kind: Kind

    @property
    def place_in_line(self) -> tuple[datetime, str, str, str, str]:
        """Which layer is taken from first: the oldest."""
        return self.at, self.source, self.owner, self.status, self.area


class Account(Struct, frozen=True, array_like=True):
    """Where the fold of one pool stands: its layers, oldest first, the line that came last, and whether anything ever came in."""

    layers: tuple[Layer, ...] = ()
    last: tuple[datetime, int, int, str] | None = None
    opened: bool = False


class Posting(Struct, frozen=True, gc=False):
    """What one line does to one layer. `layer` tells which (its figures are those after)."""

    layer: Layer
    quantity: int
    gross_mg: int
    net_mg: int
    value: int


class Trace(Struct, frozen=True, array_like=True, gc=False):
    """So much of what a line took came in by the line `source`; "" where nothing did."""

    source: str
    quantity: int  # millionths of `uom`
    uom: str


class Posted(Struct, frozen=True):
    """What came of one line. `expected`: of a count how much the book had, in the count's unit; None where units do not convert."""

    postings: tuple[Posting, ...] = ()
    traces: tuple[Trace, ...] = ()
    faults: tuple[str, ...] = ()
    expected: int | None = None


EMPTY = Account()
NOTHING = Posted()


def pool_of(entry: Entry, fungible: bool) -> str:
    """The pool whose goods the line is about: the item where its operator ever keeps fungible goods, else the lot."""
    return (entry.item or entry.lot) if fungible else (entry.lot or entry.item)


def fold(entries: Iterable[Entry], method: Callable[[datetime], str], upto: datetime | None = None) -> tuple[Account, dict[str, Posted]]:
    """The lines of one pool in any order, those after `upto` left out: where it stands, and what came of each line."""
    account, done = EMPTY, {}
    for entry in sorted(entries, key=in_turn):
        if upto is not None and entry.at > upto:
            break
        account, done[entry.entry_id] = step(account, entry, method(entry.at))
    return account, done


def step(account: Account, entry: Entry, method: str = ZONE_LOT) -> tuple[Account, Posted]:
    """One line further: where the pool stands then, and what the line did. Lines come in order (zones.entry.in_turn)."""
    if any(abs(figure) > LARGEST for figure in (entry.quantity, entry.gross_mg, entry.net_mg, entry.value) if figure):
        return replace(account, last=in_turn(entry)), Posted(faults=(TOO_LARGE,))
    hand = _Hand(account.layers, account.opened)
    faults: list[str] = []
    traces: list[Trace] = []
    expected: int | None = None
    by_lot = method != FIFO or not entry.item
    effect = entry.effect if entry.act != "adjustment" or (entry.quantity or 0) >= 0 else -1
    if entry.act == "count":
        expected = _there(_own(account.layers, entry, by_lot), entry.uom)
    elif effect > 0:
        hand.let_in(_layer(entry, abs(entry.quantity or 0)))
    elif effect < 0:
        traces = _take(hand, entry, abs(entry.quantity or 0), by_lot, faults)
    elif entry.to_owner or entry.to_status or entry.to_area:
        traces = _move(hand, entry, by_lot, faults)
    if entry.balance is not None and entry.balance != _there(_all(hand.layers, entry, by_lot), entry.uom):
        faults.append(BALANCE_DIFFERS)
    after = Account(tuple(hand.layers), in_turn(entry), hand.opened)
    if not (hand.postings or traces or faults or expected is not None):
        return after, NOTHING
    return after, Posted(tuple(hand.postings), tuple(traces), tuple(dict.fromkeys(faults)), expected)


def _layer(entry: Entry, quantity: int) -> Layer:
    kind = Kind(entry.item, entry.description, entry.hs, entry.hs_edition, entry.origin, entry.currency, entry.declaration, entry.equipment)
    figures = abs(entry.gross_mg or 0), abs(entry.net_mg or 0), abs(entry.value or 0)
    status, owner, area = entry.to_status or entry.status, entry.to_owner or entry.owner, entry.to_area or entry.area
    return Layer(entry.at, entry.entry_id, entry.lot or entry.item, owner, status, area, entry.uom, quantity, *figures, kind)


class _Hand:
    """The layers of a pool while one line is posted."""

    __slots__ = ("layers", "opened", "postings")

    def __init__(self, layers: Sequence[Layer], opened: bool) -> None:
        self.layers, self.opened = list(layers), opened
        self.postings: list[Posting] = []

    def post(self, before: Layer | None, after: Layer) -> None:
        """A layer changed, began (`before` None) or is used up (and goes)."""
        layers = self.layers
        if before is None and layers and layers[-1].place_in_line >= after.place_in_line:  # what is new comes last as a rule
            same = next((n for n, one in enumerate(layers) if one.place_in_line == after.place_in_line and one.uom == after.uom), None)
            if same is not None:  # moved to where some of it is already
                before = layers[same]
                after = replace(
                    before,
                    quantity=before.quantity + after.quantity,
                    gross_mg=before.gross_mg + after.gross_mg,
                    net_mg=before.net_mg + after.net_mg,
                    value=before.value + after.value,
                )
        if before is None:
            layers.append(after)
            if len(layers) > 1 and layers[-2].place_in_line > after.place_in_line:
                layers.sort(key=lambda layer: layer.place_in_line)
            self.postings.append(Posting(after, after.quantity, after.gross_mg, after.net_mg, after.value))
            return
        n = layers.index(before)
        if after.quantity or after.gross_mg or after.net_mg or after.value:
            layers[n] = after
        else:
            del layers[n]
        self.postings.append(
            Posting(
                after,
                after.quantity - before.quantity,
                after.gross_mg - before.gross_mg,
                after.net_mg - before.net_mg,
                after.value - before.value,
            )
        )

    def let_in(self, layer: Layer) -> None:
        """Goods come in; what was taken of their lot before it was there is taken from them."""
        self.opened = True
        self.post(None, layer)
        for owed in [one for one in self.layers if one.quantity < 0 and one.lot == layer.lot]:
            here = next((one for one in self.layers if one.place_in_line == layer.place_in_line and one.uom == layer.uom), None)
            rate = _ratio(owed.uom, layer.uom)
            if here is None or here.quantity <= 0 or rate is None:
                continue
            wanted = -owed.quantity * rate
            taken = here.quantity if wanted >= here.quantity else round(wanted)
            filled = -owed.quantity if taken == round(wanted) else round(taken / rate)
            self.post(here, _less(here, taken))
            self.post(owed, replace(owed, quantity=owed.quantity + filled))


def _less(layer: Layer, taken: int) -> Layer:
    """A layer from which so much was taken, its weights and value in proportion, rounded down but for the last."""
    left = layer.quantity - taken
    if not left:
        return replace(layer, quantity=0, gross_mg=0, net_mg=0, value=0)
    return replace(
        layer,
        quantity=left,
        gross_mg=layer.gross_mg - layer.gross_mg * taken // layer.quantity,
        net_mg=layer.net_mg - layer.net_mg * taken // layer.quantity,
        value=layer.value - layer.value * taken // layer.quantity,
    )


def _all(layers: Iterable[Layer], entry: Entry, by_lot: bool) -> Iterator[Layer]:
    """The layers of the lot that a line names, or of all that it is pooled with."""
    lot = entry.lot or entry.item
    return (layer for layer in layers if not by_lot or layer.lot == lot)


def _own(layers: Iterable[Layer], entry: Entry, by_lot: bool) -> Iterator[Layer]:
    """Those of them that are of the owner, status and area that the line names, where it names any."""
    return (
        layer
        for layer in _all(layers, entry, by_lot)
        if (not entry.owner or layer.owner == entry.owner)
        and (not entry.status or layer.status == entry.status)
        and (not entry.area or entry.act != "count" or layer.area == entry.area)
    )


def _there(layers: Iterable[Layer], uom: str) -> int | None:
    """How much that is, in a unit; None where any of it does not convert, or it is more than can be kept of it."""
    total = Fraction(0)
    for layer in layers:
        rate = _ratio(layer.uom, uom)
        if rate is None:
            return None
        total += layer.quantity * rate
    return round(total) if abs(total) < 2**63 else None


def _ratio(one: str, other: str) -> Fraction | None:
    return Fraction(1) if one == other else ratio(one, other)


def _take(hand: _Hand, entry: Entry, quantity: int, by_lot: bool, faults: list[str]) -> list[Trace]:
    """Goods go: from the oldest layers that the line may mean; what is not there, from below zero."""
    known, before = hand.opened, len(hand.postings)
    traces, rest = _from_layers(hand, entry, quantity, by_lot)
    if rest:
        others = [layer for layer in _own(hand.layers, entry, by_lot) if layer.quantity > 0 and layer.uom != entry.uom]
        faults.append(UOM_DIFFERS if others else EXCEEDS_BALANCE if known else BEFORE_ADMISSION)
        faults.append(NOT_TRACED)
        traces.append(Trace("", rest, entry.uom))
        owed = _layer(entry, -rest)
        hand.post(None, replace(owed, gross_mg=0, net_mg=0, value=0))
    elif _figures_differ(entry, hand.postings[before:]):
        faults.append(FIGURES_DIFFER)
    return traces


def _from_layers(hand: _Hand, entry: Entry, quantity: int, by_lot: bool) -> tuple[list[Trace], int]:
    """(where it was taken from, what was not there)."""
    traces: list[Trace] = []
    rest: int | Fraction = quantity
    for layer in _to_take(hand, entry, by_lot):
        if rest <= 0:
            break
        if layer.uom == entry.uom and isinstance(rest, int):  # as nearly always: no fraction is made of it
            taken = min(layer.quantity, rest)
            rest -= taken
            traces.append(Trace(layer.source, taken, layer.uom))
            hand.post(layer, _less(layer, taken))
            continue
        rate = _ratio(entry.uom, layer.uom)
        if rate is None:
            continue
        wanted = rest * rate
        taken = layer.quantity if wanted >= layer.quantity else round(wanted)
        if not taken:
            return traces, 0
        rest = 0 if taken == round(wanted) else rest - taken / rate
        traces.append(Trace(layer.source, taken, layer.uom))
        hand.post(layer, _less(layer, taken))
    return traces, round(rest)


def _to_take(hand: _Hand, entry: Entry, by_lot: bool) -> list[Layer]:
    """The layers that a line may take from, in order: those in its area first."""
    own = [layer for layer in _own(hand.layers, entry, by_lot) if layer.quantity > 0]
    return sorted(own, key=lambda layer: layer.area != entry.area) if entry.area and len(own) > 1 else own


def _move(hand: _Hand, entry: Entry, by_lot: bool, faults: list[str]) -> list[Trace]:
    """Goods are another's, of another status or elsewhere from now on: so much of them, or all where no quantity is told."""
    before = len(hand.postings)
    if entry.quantity is None:
        for layer in _to_take(hand, entry, by_lot):
            hand.post(layer, _less(layer, layer.quantity))
        traces, rest = [Trace(p.layer.source, -p.quantity, p.layer.uom) for p in hand.postings[before:]], 0
    else:
        traces, rest = _from_layers(hand, entry, abs(entry.quantity), by_lot)
    for posting in hand.postings[before:]:
        layer = posting.layer
        moved = replace(
            layer,
            owner=entry.to_owner or layer.owner,
            status=entry.to_status or layer.status,
            area=entry.to_area or layer.area,
            quantity=-posting.quantity,
            gross_mg=-posting.gross_mg,
            net_mg=-posting.net_mg,
            value=-posting.value,
        )
        hand.post(None, moved)
    if rest:
        faults.append(EXCEEDS_BALANCE if hand.opened else BEFORE_ADMISSION)
    return traces


def _figures_differ(entry: Entry, postings: Sequence[Posting]) -> bool:
    """Whether a weight or value that the line tells is not that of so much of these goods."""
    told = entry.gross_mg, entry.net_mg, entry.value
    if not any(told):
        return False
    meant = [-sum(each) for each in zip(*((p.gross_mg, p.net_mg, p.value) for p in postings), strict=True)]
    return any(said and is_ and abs(abs(said) - is_) > is_ * TOLD_APART for said, is_ in zip(told, meant, strict=False))
