"""The marks in the figures of a ledger: the decimal sign and what stands between thousands, told by figures that have one reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BLANK = re.compile(r"[0-9][ \u00a0\u202f][0-9]{3}(?![0-9])")
_QUOTE = re.compile(r"[0-9]['\u2019][0-9]{3}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the figures show. `decimal` and `thousands`: "" where there is none; `line` and `text`: the figure that shows it. `sure` is
    False where a figure has two readings and no other tells which, or where two of them contradict each other."""

    decimal: str = ""
    thousands: str = ""
    line: int = 0
    text: str = ""
    sure: bool = True


def marks_of(texts: Sequence[tuple[int, str]]) -> Marks:
    """The marks of a column of figures, each with the number of its line."""
    signs: dict[str, tuple[int, str]] = {}
    open_: tuple[int, str] | None = None
    for line, text in texts:
        found = _decimal(text)
        if found:
            signs.setdefault(found, (line, text))
        elif re.search("[.,]", text):
            open_ = open_ or (line, text)
    if len(signs) > 1 or (open_ and not signs):
        line, text = open_ or next(iter(signs.values()))
        return Marks(line=line, text=text, sure=False)
    sign = next(iter(signs), "")
    line, text = signs.get(sign) or next(((n, each) for n, each in texts if _group(each, sign)), (0, ""))
    return Marks(sign, next(filter(None, (_group(each, sign) for _, each in texts)), ""), line, text)


def _decimal(text: str) -> str:
    """The decimal sign of a figure that can be read in one way only, else ""."""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return max(".,", key=text.rindex)
    if points > 1 or commas > 1:
        return "," if points else "."
    if (points or commas) and (_BLANK.search(text) or _QUOTE.search(text)):
        return "." if points else ","
    once = re.fullmatch(r"[^0-9]*([0-9]*)([.,])([0-9]*)[^0-9]*", text)
    return once[2] if once and (len(once[3]) != 3 or len(once[1]) > 3 or once[1] in ("", "0")) else ""


def _group(text: str, sign: str) -> str:
    """The mark between the thousands of a figure whose decimal sign is known; "" where it has none."""
    if _BLANK.search(text) or _QUOTE.search(text):
        return " " if _BLANK.search(text) else "'"
    return next((mark for mark in ".," if sign and mark in text and mark != sign), "")
