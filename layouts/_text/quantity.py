"""How quantities of goods are written: 1,204.5 kg, 1 carton, 3 cartons; Vietnamese 1.204,5 kg, 3 thùng carton; Chinese 1,204.5 kg, 3纸箱.

A unit that people name by a word has one in `uom.yaml`, by its code with the X (cartons are XCT, in older lists CT); any other is labelled
by its symbol (zones/uom.py), an unknown one by itself.
"""

from __future__ import annotations

from layouts._text import has, say
from layouts._text.forms import number
from zones.uom import known, symbol

_WHOLE = 10**6
KILOGRAM, TONNE = 10**6, 10**9  # milligrams


def quantity(n: int, uom: str, language: str, *, signed: bool = False) -> str:
    """`n` millionths of a unit, to the last of them: no figure is rounded. `signed`: what is above zero has its sign too."""
    whole, rest = divmod(abs(n), _WHOLE)
    comma = "," if language == "vi" else "."
    digits = f"{rest:06}".rstrip("0")
    sign = "-" if n < 0 else "+" if signed and n else ""
    said = f"{sign}{number(whole, language)}{comma + digits if digits else ''}"
    named = _worded(uom)
    if named:
        joint = "" if language == "zh" else " "
        return f"{said}{joint}{say(f'uom.{named}', language, n=1 if (whole, rest) == (1, 0) else 2)}"
    return f"{said} {symbol(uom)}".rstrip()


def unit(uom: str, language: str) -> str:
    """A unit by itself, as on the axis of a chart: the word that its quantities have, of several; else its symbol."""
    named = _worded(uom)
    return say(f"uom.{named}", language, n=2) if named else symbol(uom)


def weight(mg: int, language: str, *, signed: bool = False) -> str:
    """What goods weigh, in milligrams, as pages tell it: below 10 t in kilograms, else in tonnes, to one decimal, always with the unit.
    What is less than a kilogram is told to the last milligram: rounded it would be nothing."""
    if abs(mg) < KILOGRAM:
        return quantity(mg, "KGM", language, signed=signed)
    sign = "-" if mg < 0 else "+" if signed and mg else ""
    much, said = (abs(mg) / TONNE, "t") if abs(mg) >= 10 * TONNE else (abs(mg) / KILOGRAM, "kg")
    return f"{sign}{number(much, language, 1)} {said}"


def _worded(uom: str) -> str:
    return next((code for code in (uom, f"X{uom}") if known(uom) and has(f"uom.{code}")), "")
