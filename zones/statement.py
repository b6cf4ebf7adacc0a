"""What moved in a period, as a statement tells it: what was there, what came, what went, what was put right, what is there.

    opening + receipts - removals + adjustments = closing

holds of every row, in quantity, net weight and value, exactly. A row is the goods of one owner under one status, of one HS code, in one
unit and currency, in the book of one operator. Goods that change hands inside the zone neither came nor went: they leave the row of one
owner (`owner_out`) for that of another (`owner_in`), and so with a status. Both are adjustments, so over all rows they add up to nothing,
and receipts and removals are of what was let in, made, used up and let out. Goods that are moved from one area to another change no row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from zones.entry import SIDES

RECEIPTS = ADMITTED, RETURNED, RECEIVED, PRODUCED = "admitted", "returned", "received", "produced"
REMOVALS = WITHDRAWN, SENT, USED, DESTROYED = "withdrawn", "sent", "used", "destroyed"
ADJUSTED = "adjusted"
CHANGES = OWNER_IN, OWNER_OUT, STATUS_IN, STATUS_OUT = "owner_in", "owner_out", "status_in", "status_out"
ADJUSTMENTS = (ADJUSTED, *CHANGES)
PARTS = (*RECEIPTS, *REMOVALS, *ADJUSTMENTS)
TOTALS = OPENING, CAME, WENT, PUT_RIGHT, CLOSING = "opening", "receipts", "removals", "adjustments", "closing"
FIGURES = (OPENING, *RECEIPTS, CAME, *REMOVALS, WENT, *ADJUSTMENTS, PUT_RIGHT, CLOSING)  # every figure of a row, in reading order

COUNTS_AS = {
    ("admission", ""): ADMITTED,
    ("return", ""): RETURNED,
    ("transfer", "received"): RECEIVED,
    ("manipulation", "output"): PRODUCED,
    ("manufacture", "output"): PRODUCED,
    ("withdrawal", ""): WITHDRAWN,
    ("transfer", "sent"): SENT,
    ("manipulation", "input"): USED,
    ("manufacture", "input"): USED,
    ("destruction", ""): DESTROYED,
} | {("adjustment", side): ADJUSTED for side in SIDES}
"""(act, side) -> as what its postings count. Of any other line only a change of owner or status does."""

_LESS = (*REMOVALS, OWNER_OUT, STATUS_OUT)  # told without their sign


class Key(Struct, frozen=True, order=True, gc=False):
    """What a row is of."""

    operator: str
    owner: str
    status: str
    hs: str
    uom: str
    currency: str


class Figures(Struct, frozen=True, gc=False):
    """Millionths of the unit, milligrams, ten-thousandths of the currency."""

    quantity: int = 0
    net_mg: int = 0
    value: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.quantity + other.quantity, self.net_mg + other.net_mg, self.value + other.value)

    def __neg__(self) -> Figures:
        return Figures(-self.quantity, -self.net_mg, -self.value)

    def __bool__(self) -> bool:
        return bool(self.quantity or self.net_mg or self.value)


NOTHING = Figures()


class Row(Struct, frozen=True):
    """A row of a statement. `moved`: by part (PARTS), as it changed the stock: what went is below zero."""

    key: Key
    opening: Figures
    moved: Mapping[str, Figures]
    closing: Figures

    def figures(self, name: str) -> Figures:
        """One of FIGURES as it is told: removals and what was given away without their sign."""
        match name:
            case "opening":
                return self.opening
            case "closing":
                return self.closing
            case "receipts":
                return self._sum(RECEIPTS)
            case "removals":
                return -self._sum(REMOVALS)
            case "adjustments":
                return self._sum(ADJUSTMENTS)
        found = self.moved.get(name, NOTHING)
        return -found if name in _LESS else found

    def _sum(self, parts: Iterable[str]) -> Figures:
        return added(self.moved.get(part, NOTHING) for part in parts)

    @property
    def difference(self) -> Figures:
        """What the closing balance has over what the opening balance and the movements come to: nothing."""
        return self.closing + -added((self.opening, *self.moved.values()))


def added(figures: Iterable[Figures]) -> Figures:
    """All of them together: of one unit and one currency."""
    found = NOTHING
    for one in figures:
        found += one
    return found


def parts(act: str, side: str, posted: Sequence[tuple[Key, Figures]]) -> Iterator[tuple[Key, str, Figures]]:
    """(row, part, change) of one line, from what it did to each row, in the order of its postings."""
    part = COUNTS_AS.get((act, side))
    if part is not None:
        yield from ((key, part, change) for key, change in posted)
        return
    half = len(posted) // 2  # zones.ledger posts all that is moved as taken, then all of it again as it is from then on
    for (was, out), (is_, come) in zip(posted[:half], posted[half:], strict=True):
        if was.owner != is_.owner:
            yield was, OWNER_OUT, out
            yield is_, OWNER_IN, come
        elif was.status != is_.status:
            yield was, STATUS_OUT, out
            yield is_, STATUS_IN, come


def rows(
    opening: Iterable[tuple[Key, Figures]], changes: Iterable[tuple[Key, str, Figures]], closing: Iterable[tuple[Key, Figures]]
) -> list[Row]:
    """The statement from what was there, what moved and what is there, by their keys. Where nothing was, moved or is, no row."""
    was, now = (_by_key(figures) for figures in (opening, closing))
    moved: dict[Key, dict[str, Figures]] = defaultdict(dict)
    for key, part, change in changes:
        if change:
            moved[key][part] = moved[key].get(part, NOTHING) + change
    keys = sorted({*was, *now, *moved})
    return [Row(key, was.get(key, NOTHING), moved.get(key, {}), now.get(key, NOTHING)) for key in keys]


def _by_key(figures: Iterable[tuple[Key, Figures]]) -> dict[Key, Figures]:
    found: dict[Key, Figures] = {}
    for key, one in figures:
        found[key] = found.get(key, NOTHING) + one
    return {key: one for key, one in found.items() if one}


# ---------------------------------------------------------------- as it is read

QUANTITY, NET, VALUE = MEASURES = ("quantity", "net_mg", "value")


class Line(Struct, frozen=True):
    """What is read in one line: one measure of a row, or of several rows together (`rows` of them). `unit`: of quantities the unit, of
    values the currency. `figures`: every one of FIGURES, in millionths, milligrams or ten-thousandths.
    """

    measure: str
    unit: str
    figures: Mapping[str, int]
    operator: str = ""
    hs: str = ""
    rows: int = 1


class Section(Struct, frozen=True):
    """The rows of one owner and status, line by line, and together."""

    owner: str
    status: str
    lines: Sequence[Line]
    totals: Sequence[Line]


def sections(of: Iterable[Row]) -> list[Section]:
    """By owner, then status."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in of:
        found[row.key.owner, row.key.status].append(row)
    return [Section(*key, [line for row in own for line in lines(row)], totals(own)) for key, own in sorted(found.items())]


def lines(row: Row) -> list[Line]:
    """A row's quantity, and its weight and value where any is told."""
    key = row.key
    found = [Line(QUANTITY, key.uom, _figures(row, QUANTITY), key.operator, key.hs)]
    for measure, unit in ((NET, ""), (VALUE, key.currency)):
        figures = _figures(row, measure)
        if any(figures.values()):
            found.append(Line(measure, unit, figures, key.operator, key.hs))
    return found


def totals(of: Iterable[Row]) -> list[Line]:
    """Several rows together: quantities by unit, the weight, values by currency. Units and currencies are never added up."""
    found: dict[tuple[int, str], list[Line]] = defaultdict(list)
    for row in of:
        for line in lines(row):
            found[MEASURES.index(line.measure), line.unit].append(line)
    return [
        Line(MEASURES[n], unit, {name: sum(line.figures[name] for line in own) for name in FIGURES}, rows=len(own))
        for (n, unit), own in sorted(found.items())
    ]


def _figures(row: Row, measure: str) -> dict[str, int]:
    return {name: getattr(row.figures(name), measure) for name in FIGURES}
