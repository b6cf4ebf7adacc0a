"""Units of measure: which are known, how people write them, and the exact number by which one becomes another.

Codes are the common codes of UN/ECE Recommendation 20 (Annex III; packages of Recommendation 21 with an X before them). What they amount
to comes from the definitions of the units library, as exact fractions: a pound is 45359237/100000000 kg and stays so.
A `Quantity` is a number of such a unit, as rules tell it and sentences write it.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from zones._uom_codes import BARE, PACKAGES, UNITS, WRITTEN

if TYPE_CHECKING:
    from pint import UnitRegistry

_UNITS = UNITS | {
    f"{x}{code}": (f"package {code}", "count", symbol) for code, symbol in PACKAGES.items() for x in ("X", "") if x or code in BARE
}
_WRITTEN = {text.replace("_", " "): code for code, texts in WRITTEN.items() for text in texts.split()}


class Quantity(Struct, frozen=True, gc=False):
    """`n` millionths of a unit (zones.entry.QUANTITY decimal places)."""

    n: int
    uom: str

    def __str__(self) -> str:
        """For other programs: `-1204.5 KGM`."""
        whole, rest = divmod(abs(self.n), 10**6)
        digits = f"{rest:06}".rstrip("0")
        return f"{'-' if self.n < 0 else ''}{whole}{'.' + digits if digits else ''} {self.uom}".rstrip()

    def to(self, uom: str) -> Quantity | None:
        """The same in another unit, to the nearest millionth; None where the units do not convert."""
        rate = ratio(self.uom, uom)
        return None if rate is None else Quantity(round(self.n * rate), uom)

    @property
    def grain(self) -> int:
        """How fine it is told, in millionths: 2204.62 to hundredths, 1200 to units; nothing is nothing."""
        return next(10**power for power in range(6, -1, -1) if not self.n % 10**power) if self.n else 1


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are the same: in one unit exactly, in two as finely as the coarser is told (2204.62 lb is 1000 kg)."""
    if one.uom == other.uom:
        return one.n == other.n
    here, there = one.to(other.uom), other.to(one.uom)
    if here is None or there is None:
        return False
    return 2 * abs(here.n - other.n) <= other.grain or 2 * abs(there.n - one.n) <= one.grain


def known(code: str) -> bool:
    """Whether a code is one that is known here: upper case, as `code_of` gives it."""
    return code in _UNITS


def codes() -> tuple[str, ...]:
    """Every code that is known."""
    return tuple(_UNITS)


def dimension(code: str) -> str:
    """What it measures: only units of one dimension convert. "" for an unknown code."""
    return _UNITS[code][0] if code in _UNITS else ""


def symbol(code: str) -> str:
    """How a quantity in it is labelled; an unknown code stands for itself."""
    return _UNITS[code][2] if code in _UNITS else code


def code_of(text: str) -> str:
    """The code for what people write: a code in any case, else a common word or symbol. What is unknown stays as it was written, without
    blanks at its ends: never the nearest, never a guess. A code goes before a word: CT is a carton, in any case, and CTM a carat."""
    stripped = text.strip()
    if (code := stripped.upper()) in _UNITS:
        return code
    plain = " ".join(unicodedata.normalize("NFKC", stripped).casefold().split())
    return _WRITTEN.get(plain) or _WRITTEN.get(plain.rstrip(".")) or stripped


@cache
def ratio(from_code: str, to_code: str) -> Fraction | None:
    """How many of one unit are in one of the other, exactly: ratio("TNE", "KGM") is 1000. None where they do not convert; one code to
    itself is 1, also where it is unknown."""
    if from_code == to_code:
        return Fraction(1)
    if not dimension(from_code) or dimension(from_code) != dimension(to_code):
        return None
    return _size(from_code) / _size(to_code)


@cache
def _size(code: str) -> Fraction:
    """How much a unit is in root units of the library. It counts in fractions throughout: no float has touched the figure."""
    return Fraction(_registry().parse_expression(_UNITS[code][1]).to_root_units().magnitude)


@cache
def _registry() -> UnitRegistry[Fraction]:
    """The library's definitions, read once and only when two different units first meet: it costs half a second."""
    from pint import UnitRegistry

    return UnitRegistry(non_int_type=Fraction)
