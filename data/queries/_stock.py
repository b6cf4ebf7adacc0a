"""Goods as they are summed, grouped and listed on the pages: functions of what `data.inventory.held` finds.

Values are never summed over currencies, quantities never over units. What is below zero is a line of its own beside what is there, so that
no sum hides it, and stands first in every order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from data.inventory import Held
from zones.goods import Goods, begins

OWNER, HS, STATUS, AREA, AGE, VALUE = "owner", "hs", "status", "area", "age", "value"
BY = (OWNER, HS, STATUS, AREA, AGE, VALUE)
DIGITS = ("2", "4", "6")  # of an HS code: chapter, heading, subheading
AGES = (30, 90, 180, 365, 730, 1825)  # days: what is there is counted between these
DECADES = (3, 10)  # value bands: below 1,000, then tenfold up to ten thousand million and beyond
UNIT_OF_MONEY = 10_000  # values are kept in ten-thousandths
ORDERS = ("oldest", "lot", "owner", "weight", "value")
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """Some goods together: different lots, what of them is below zero, milligrams, value per currency in ten-thousandths."""

    lots: int = 0
    owners: int = 0
    below: int = 0
    gross_mg: int = 0
    net_mg: int = 0
    value: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Goods that have one thing in common; `key` as `key_of` gives it."""

    key: Key
    sums: Sums


@dataclass(frozen=True, slots=True)
class Line:
    """A lot of one owner, under one status, in one area: figures as of zones.entry. `since`: when the oldest of it came in."""

    operator: str
    pool: str
    lot: str
    owner: str
    status: str
    area: str
    uom: str
    currency: str
    item: str
    description: str
    hs: str
    origin: str
    quantity: int
    gross_mg: int
    net_mg: int
    value: int
    since: datetime
    declarations: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def below(self) -> bool:
        return self.quantity < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which goods are asked for; "" is all. `hs`: beginning of a code; `older`: days at least; `only`: below or faults."""

    owner: str = ""
    hs: str = ""
    status: str = ""
    area: str = ""
    operator: str = ""
    older: str = ""
    only: str = ""

    def fits(self, one: Held, at: datetime, goods: Goods) -> bool:
        """Whether goods are asked for, but for `only`."""
        equal = (("owner", one.owner), ("area", one.area), ("operator", one.operator))
        if any((wanted := getattr(self, name)) and wanted != (value or NOT_TOLD) for name, value in equal):
            return False
        if self.status and self.status != (status_of(one.status, goods) or NOT_TOLD):
            return False
        if self.hs and not (begins(one.hs, (digits(self.hs),)) if self.hs != NOT_TOLD else not one.hs):
            return False
        return not (self.older.isdecimal() and len(self.older) < 6 and one.admitted_at > at - timedelta(days=int(self.older)))


NOT_TOLD = "-"  # in a filter: goods of which it is not told


def digits(hs: str) -> str:
    """The digits of an HS code, however it is dotted."""
    return re.sub(r"\D", "", hs)


@lru_cache(10_000)
def heading(hs: str, n: int) -> str:
    """The first n digits of an HS code; "" where it has fewer."""
    found = digits(hs)
    return found[:n] if len(found) >= n else ""


def status_of(told: str, goods: Goods) -> str:
    """The id of a declared status; what is not declared as it was told."""
    declared = goods.status(told) if told else None
    return declared.id if declared else told


def age_band(since: datetime, at: datetime) -> int:
    """Which of the bands between AGES."""
    days = (at - since).days
    return sum(days >= edge for edge in AGES)


def value_band(value: int) -> int:
    """0: nothing told; 1: below 1,000; 2: below 10,000; and so on."""
    first, last = DECADES
    return 1 + sum(value >= UNIT_OF_MONEY * 10**n for n in range(first, last + 1)) if value > 0 else 0


def key_of(by: str, n: int, at: datetime, goods: Goods) -> Callable[[Any], Key]:
    """What goods have in common in a grouping; of values currency and band, since they are not compared over currencies."""
    status = cache(lambda told: status_of(told, goods))
    own: dict[str, Callable[[Any], Key]] = {
        OWNER: lambda one: (one.owner,),
        HS: lambda one: (heading(one.hs, n),),
        STATUS: lambda one: (status(one.status),),
        AREA: lambda one: (one.area,),
        AGE: lambda one: (age_band(one.admitted_at if isinstance(one, Held) else one.since, at),),
        VALUE: lambda one: (one.currency if value_band(one.value) else "", value_band(one.value)),
    }
    return own[by]


def summed(goods: Iterable[Any]) -> Sums:
    """Held goods or lines together."""
    lots: set[tuple[str, str]] = set()
    below: set[tuple[str, str]] = set()
    owners: set[str] = set()
    value: dict[str, int] = defaultdict(int)
    gross = net = 0
    for one in goods:
        lots.add((one.operator, one.lot))
        owners.add(one.owner)
        if one.quantity < 0:
            below.add((one.operator, one.lot))
        gross, net = gross + one.gross_mg, net + one.net_mg
        if one.value:
            value[one.currency] += one.value
    return Sums(len(lots), len(owners - {""}), len(below), gross, net, dict(sorted(value.items())))


def grouped(goods: Iterable[Any], key: Callable[[Any], Key], *, ordered: bool = False) -> list[Group]:
    """By what they have in common, most lots first; `ordered`: in the order of the keys (bands)."""
    found: dict[Key, list[Any]] = defaultdict(list)
    for one in goods:
        found[key(one)].append(one)
    groups = [Group(each, summed(own)) for each, own in found.items()]
    return sorted(groups, key=lambda group: group.key if ordered else (-group.sums.lots, group.key))


def lines(held: Iterable[Held], faults: Mapping[tuple[str, str], Sequence[str]]) -> list[Line]:
    """A line for each lot, owner, status and area, in no order. `faults`: by (operator, lot)."""
    found: dict[Key, list[Held]] = defaultdict(list)
    for one in held:
        found[one.operator, one.pool, one.lot, one.owner, one.status, one.area, one.uom, one.currency, one.quantity < 0].append(one)
    return [_line(own, tuple(faults.get((own[0].operator, own[0].lot), ()))) for own in found.values()]


def _line(own: Sequence[Held], faults: tuple[str, ...]) -> Line:
    first = min(own, key=lambda one: (one.admitted_at, one.source))
    said = {name: getattr(first, name) for name in _OF_ALL}
    return Line(
        **said,
        quantity=sum(one.quantity for one in own),
        gross_mg=sum(one.gross_mg for one in own),
        net_mg=sum(one.net_mg for one in own),
        value=sum(one.value for one in own),
        since=first.admitted_at,
        declarations=tuple(sorted({one.declaration for one in own} - {""})),
        equipment=tuple(sorted({one.equipment for one in own} - {""})),
        faults=faults,
    )


_OF_ALL = ("operator", "pool", "lot", "owner", "status", "area", "uom", "currency", "item", "description", "hs", "origin")


def in_order(found: Iterable[Line], order: str) -> list[Line]:
    """Below zero first; then as asked. Values are put in order within their currency."""
    own: dict[str, Callable[[Line], Key]] = {
        "oldest": lambda one: (one.since,),
        "lot": lambda one: (),
        "owner": lambda one: (one.owner,),
        "weight": lambda one: (-one.gross_mg,),
        "value": lambda one: (one.currency, -one.value),
    }
    key = own.get(order, own["oldest"])
    return sorted(found, key=lambda one: (not one.below, *key(one), one.operator, one.lot, one.owner, one.status, one.area, one.uom))
