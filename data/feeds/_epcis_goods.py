"""The goods that an event names: every serial a line of one piece, every class with a quantity a line of that.

The lines are put in the order of what they say, so that the same event written otherwise has the same lines under the same numbers.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from msgspec import Struct

from data.feeds._dcsa_take import LONG, Bad, Taker, leaves
from data.feeds._epcis_ids import canonical, goods
from data.feeds._lines import excerpt
from zones.uom import code_of

PIECE = "H87"  # UN/ECE Recommendation 20: piece. EPCIS writes no unit where instances are counted
MILLION = 10**6
_UNIT = 40  # characters; whether it is a unit, zones.line says
MOST = 9 * 10**18  # what a column of a database holds
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,60})?|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,2})?")
_LISTS = {
    "ObjectEvent": (("", "epcList", "quantityList"),),
    "TransactionEvent": (("", "epcList", "quantityList"),),
    "AggregationEvent": (("", "childEPCs", "childQuantityList"),),
    "AssociationEvent": (("", "childEPCs", "childQuantityList"),),
    "TransformationEvent": (("input", "inputEPCList", "inputQuantityList"), ("output", "outputEPCList", "outputQuantityList")),
}

REASONS: dict[str, str] = {
    "no_goods": "The event names no goods.",
    "bad_epc": "This does not identify an object: {detail}.",
    "no_class": "A quantity is given without the class of goods.",
    "bad_quantity": "The quantity cannot be read: {detail}.",
    "bad_uom": "This is not a unit of measure: {detail}.",
    "long_text": "A text is longer than can be kept: {detail}.",
    "no_quantity": "No quantity is given for the class of goods.",
    "more_decimals": "The quantity has more decimal places than are kept and was rounded: {detail}.",
    "same_twice": "The same object is named twice and counted once: {detail}.",
    "all_inside": "Everything that was inside; the event does not name it.",
}


class Line(Struct, gc=False):
    """One line. `quantity` in millionths of `uom`, None where not told; `more` what else its element says."""

    side: str
    uri: str
    item: str
    lot: str
    quantity: int | None
    uom: str
    why: list[str]
    more: Taker | None = None


def lines_of(kind: str, taker: Taker, *, qualified: bool) -> list[Line]:
    """The lines of an event, in the order of what they say. Raises Bad."""
    out: list[Line] = []
    for side, instances, classes in _LISTS[kind]:
        found = [*_instances(side, instances, taker, qualified), *_classes(side, classes, taker, qualified)]
        out += sorted(found, key=lambda line: (line.uri, line.uom, -1 if line.quantity is None else line.quantity))
    return out


def named(uri: object) -> str:
    """The identifier of an object, checked. Raises Bad."""
    if not isinstance(uri, str) or not _URI.fullmatch(text := uri.strip()):
        raise Bad("bad_epc", excerpt(str(uri)) or "nothing")
    if len(text) > LONG:
        raise Bad("long_text", f"more than {LONG}")
    return canonical(text)


def decimal(value: object, places: int) -> tuple[int, bool]:
    """A number as an integer of the last of `places`, and whether it had more. Raises ValueError for what is no number that can be kept."""
    if not isinstance(value, str) or not NUMBER.fullmatch(text := value.strip()):
        raise ValueError
    exact = Decimal(text).scaleb(places)
    kept = exact.quantize(Decimal(1), ROUND_HALF_EVEN) if abs(exact) < MOST else exact
    if abs(kept) >= MOST:
        raise ValueError
    return int(kept), kept != exact


def _instances(side: str, name: str, taker: Taker, qualified: bool) -> list[Line]:
    found: dict[str, Line] = {}
    for each in _list(name, taker):
        uri = named(each)
        if uri in found:
            found[uri].why.append(f"same_twice: {excerpt(uri)}")
            continue
        item, lot = goods(uri, qualified=qualified)
        found[uri] = Line(side, uri, item, lot, MILLION, PIECE, [])
    return list(found.values())


def _classes(side: str, name: str, taker: Taker, qualified: bool) -> list[Line]:
    found = []
    for each in _list(name, taker):
        if not isinstance(each, dict):
            raise Bad("no_class", "")
        element = Taker(each, f"{name}.", taker.left)
        uri = element.text("epcClass")
        if not uri:
            raise Bad("no_class", "")
        item, lot = goods(uri := named(uri), qualified=qualified)
        quantity, why = _quantity(element)
        unit = element.pop("uom", object)
        if unit is not None and (not isinstance(unit, str) or not unit.strip() or len(unit) > _UNIT):
            raise Bad("bad_uom", excerpt(str(unit)) or "nothing")
        told = code_of(unit) if unit else PIECE if quantity is not None else ""
        found.append(Line(side, uri, item, lot, quantity, told, why, element))
    return found


def _quantity(element: Taker) -> tuple[int | None, list[str]]:
    value = element.pop("quantity", object)
    if value is None:
        return None, ["no_quantity"]
    try:
        kept, rounded = decimal(value, 6)
    except (ValueError, ArithmeticError) as error:
        raise Bad("bad_quantity", excerpt(str(value)) or "nothing") from error
    if kept < 0:
        raise Bad("bad_quantity", excerpt(str(value)))
    return kept, [f"more_decimals: {value}"] if rounded else []


def _list(name: str, taker: Taker) -> list[Any]:
    """The elements of a list; one by itself is as good."""
    value = taker.pop(name, object)
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, str | dict):
        return [value]
    leaves(name, value, taker.left)
    return []
