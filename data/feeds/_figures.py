"""Quantities, weights and values of a ledger: exact whole numbers from decimal text, or nothing. No float, and no guess.

`decimal` is the mark before the part (`.` or `,`), `thousands` the mark between groups of three figures (`,` `.` a blank or `'`); groups
are read only where their mark is declared. Where neither is, a point is the decimal mark, but a figure that is as likely one of thousands
(1.234) is not read at all. A number that a workbook holds as a number needs neither: it is the shortest decimal that is the stored one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data.feeds._columns import Native
from data.feeds._when import BadOptions

EXACT = 30  # decimal places that are read before a figure is rounded to those that are kept
MOST = 10**18  # what is kept is smaller: it fits into 64 bits
_BLANKS, _QUOTES = " \u00a0\u202f", "'\u2019"
_AMBIGUOUS = re.compile(r"[+\-\u2212]?(?!0)[0-9]{1,3}[.,][0-9]{3}")


@dataclass(frozen=True, slots=True)
class Figures:
    """How the figures of one file are read."""

    form: re.Pattern[str]
    declared: bool

    def read(self, text: str) -> int | None:
        """A number as a whole number of its 10**-EXACT; None for what is none, or may be another."""
        native = isinstance(text, Native)
        match = (_PLAIN if native else self.form).fullmatch(text)
        if match is None or not (match["whole"] or match["part"]):
            return None
        if not native and not self.declared and _AMBIGUOUS.fullmatch(text):
            return None
        whole = re.sub("[^0-9]", "", match["whole"])
        size = int(whole + (match["part"] or "").ljust(EXACT, "0"))
        return -size if match["sign"] in ("-", "\u2212") else size


def kept(exact: int, places: int) -> tuple[int, bool] | None:
    """(a figure as a whole number of its 10**-places, whether it had to be rounded): half to even. None for more than can be kept."""
    unit = 10 ** (EXACT - places)
    whole, rest = divmod(exact, unit)
    whole += 2 * rest > unit or (2 * rest == unit and whole % 2)
    return (whole, bool(rest)) if abs(whole) < MOST else None


def plain(exact: int) -> str:
    """A figure as text: no more places than it has."""
    text = f"{abs(exact):0{EXACT + 1}d}"
    text = f"{text[:-EXACT]}.{text[-EXACT:]}".rstrip("0").rstrip(".")
    return f"-{text}" if exact < 0 else text


def figures_of(options: Mapping[str, object]) -> Figures:
    """The reading of figures that `decimal` and `thousands` declare. Raises BadOptions."""
    decimal, thousands = options.get("decimal"), options.get("thousands")
    if decimal not in (None, "", ".", ","):
        raise BadOptions(f"decimal {decimal!r} is neither '.' nor ','")
    if thousands not in (None, "", ".", ",", *_BLANKS, *_QUOTES):
        raise BadOptions(f"thousands {thousands!r} is none of '.', ',', a blank and an apostrophe")
    if decimal and decimal == thousands:
        raise BadOptions(f"thousands and decimal are both {decimal!r}")
    return Figures(_form("," if decimal == "," or thousands == "." else ".", str(thousands or "")), bool(decimal or thousands))


def _form(point: str, group: str) -> re.Pattern[str]:
    marks = next((marks for marks in (_BLANKS, _QUOTES) if group and group in marks), group)
    grouped = rf"|[0-9]{{1,3}}(?:[{re.escape(marks)}][0-9]{{3}}){{1,5}}" if marks else ""
    return re.compile(rf"(?P<sign>[+\-\u2212]?)(?P<whole>[0-9]{{0,15}}{grouped})(?:{re.escape(point)}(?P<part>[0-9]{{1,{EXACT}}}))?")


_PLAIN = _form(".", "")
