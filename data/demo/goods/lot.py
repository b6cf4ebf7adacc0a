"""Goods of the demo zone: articles, the lines that tell what happens to a lot, the lot itself, and what is planted in it.

Quantities are thousandths of their unit, weights grams, values cents: whole numbers. Times are aware UTC to the minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

_LETS_IN = {("admission", ""), ("return", ""), ("transfer", "received"), ("manufacture", "output"), ("manipulation", "output")}
_TAKES = {("withdrawal", ""), ("transfer", "sent"), ("manufacture", "input"), ("manipulation", "input"), ("destruction", "")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Goods that somebody keeps in the zone. `net`, `gross`: grams of one unit; `price`: cents of one."""

    item: str
    description: str
    hs: str
    uom: str
    net: int
    gross: int
    price: int
    origin: str
    owner: str
    status: str = "bonded"


@dataclass(slots=True, kw_only=True)
class Line:
    """One line, as it is true. `wrong`: what the operator's book first said instead, until the next file put it right (`again`: the line
    was entered twice, and taken back). `told_after`: when it is told later than usual. `own`: customs authorised it, when `issued` says,
    or at that time. `odd`: what the operator's book says instead and nobody ever puts right;
    `allowed`: so much is on the permit, where that is another quantity.
    """

    at: datetime
    act: str
    operator: str
    lot: str
    number: str
    side: str = ""
    article: Article | None = None
    quantity: int | None = None
    gross: int | None = None
    net: int | None = None
    value: int | None = None
    status: str = ""
    to_status: str = ""
    owner: str = ""
    to_owner: str = ""
    area: str = ""
    to_area: str = ""
    declaration: str = ""
    permit: str = ""
    process: str = ""
    operation: str = ""
    box: str = ""
    counted: str = ""
    balance: int | None = None
    remark: str = ""
    hs: str | None = None  # where it says another than the article's
    origin: str | None = None
    description: str | None = None
    own: bool = False
    issued: datetime | None = None
    told_after: timedelta = timedelta()
    wrong: dict[str, object] | None = None
    again: bool = False
    odd: dict[str, object] | None = None
    allowed: int | None = None


@dataclass(slots=True, kw_only=True)
class Offence:
    """What is planted in a lot, or an operator's book: the rule, the lines that prove it, when it begins (with the first of them unless
    `begins` says otherwise) and when it ends, if it does; `until` are the lines that end it, the first told of which counts.
    """

    rule: str
    note: str
    lines: tuple[Line, ...]
    subject: str
    begins: datetime | None = None
    ends: datetime | None = None
    until: tuple[Line, ...] = ()


@dataclass(slots=True)
class Lot:
    """Everything that happens to one lot, oldest first. `left`: what of it is there after the last line, in thousandths. `apart`: it is
    counted by itself, and left out of full counts."""

    operator: str
    lot: str
    article: Article
    declaration: str = ""
    lines: list[Line] = field(default_factory=list)
    offences: list[Offence] = field(default_factory=list)
    left: int = 0
    owner: str = ""
    status: str = ""
    area: str = ""
    apart: bool = False

    def __post_init__(self) -> None:
        self.owner = self.owner or self.article.owner
        self.status = self.status or self.article.status

    @property
    def subject(self) -> str:
        """The lot as the rules name it: where an operator's goods are pooled, the pool."""
        pool = self.article.item if self.operator == FUNGIBLE else self.lot
        return f"lot:demo-zone/{self.operator.lower()}/{pool}"

    def owner_at(self, at: datetime) -> str:
        """Whose it is at an instant."""
        return next((line.to_owner for line in reversed(self.lines) if line.at <= at and line.to_owner), self.article.owner)

    def tell(self, at: datetime, act: str, quantity: int | None = None, side: str = "", **said: Any) -> Line:
        """The next line: of so many thousandths, with the weights and the value of so much of the article."""
        line = Line(at=at, act=act, operator=self.operator, lot=self.lot, number=f"{self.lot}/{len(self.lines) + 1:02}", side=side)
        line.article, line.declaration = self.article, self.declaration
        line.owner, line.status, line.area = self.owner, self.status, self.area
        line.own = (act, side) in _LETS_IN | _TAKES
        if quantity is not None:
            line.quantity = quantity
            line.net, line.gross = quantity * self.article.net // 1000, quantity * self.article.gross // 1000
            line.value = quantity * self.article.price // 1000
        for name, value in said.items():
            setattr(line, name, value)
        self.left += (quantity or 0) * (((act, side) in _LETS_IN) - ((act, side) in _TAKES) + (act == "adjustment"))
        if quantity is None or quantity == self.left or act not in ("transfer", "manipulation"):
            self.owner, self.status = line.to_owner or line.owner, line.to_status or line.status
            self.area = line.to_area or line.area
        line.balance = self.left if act != "count" else None
        self.lines.append(line)
        return line


FUNGIBLE = "DZG"  # whose goods are pooled by their item
SMALL = ("DZQ", "DZR", "DZS", "DZT", "DZU")  # who keep a little
