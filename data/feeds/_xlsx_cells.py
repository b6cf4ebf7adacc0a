"""What a cell of a workbook says, as the text that a person would write for it: numbers, dates, percentages (ECMA-376 part 1, 18.3.1.4,
18.8.30 and 18.17.4).

A date is a number of days with a format that shows it as one. Numbers are the shortest decimal that is the stored double, so 24.3 and
not 24.300000000000001; whole numbers have no point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite

from data.feeds._columns import Native
from data.feeds._lines import composed

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_UNSHOWN = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|AM/PM|A/P|上午/下午', re.IGNORECASE)
_DAY_MS = 86_400_000
_LAST_DAY = 2_958_465  # 9999-12-31
_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - wall time: its zone is the place's
_NO_DAY = 60  # 1900-02-29, which Excel has and the calendar has not


@dataclass(frozen=True, slots=True)
class Form:
    """What a number format shows."""

    date: bool = False
    time: bool = False
    seconds: bool = False
    elapsed: bool = False
    percent: bool = False
    figures: int = 0  # of a number with leading zeros ("0000000")


GENERAL = Form()
_DATE, _TIME = Form(date=True), Form(time=True)
_BUILT_IN: dict[int, Form] = {      # 18.8.30; 27 to 36 and 50 to 58 are dates and times of East Asian languages
    9: Form(percent=True), 10: Form(percent=True),
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), _DATE),
    **dict.fromkeys((18, 20, *range(32, 36), 55, 56), _TIME), 19: Form(time=True, seconds=True), 21: Form(time=True, seconds=True),
    22: Form(date=True, time=True), 45: Form(time=True, seconds=True), 46: Form(time=True, seconds=True, elapsed=True),
    47: Form(time=True, seconds=True),
}  # fmt: skip


def form(number: int, code: str | None) -> Form:
    """What the format of a number shows: one that the workbook defines by a code, else a built-in one."""
    if code is None:
        return _BUILT_IN.get(number, GENERAL)
    shown = _UNSHOWN.sub("", code.partition(";")[0][:1000]).lower()
    if re.fullmatch("0{2,40}", shown):
        return Form(figures=len(shown))
    time, seconds = "h" in shown or "s" in shown, "s" in shown
    date = "d" in shown or "y" in shown or ("m" in shown and not time)
    return Form(date, time, seconds, "[" in shown, "%" in shown) if date or time or "%" in shown else GENERAL


def text_of(text: str) -> str:
    """A text as it is meant: what XML cannot hold is written _x000D_; composed letters; no blanks at the ends."""
    if "_x" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return (text if text.isascii() else composed(text)).strip()


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


def number(text: str, how: Form, since_1904: bool) -> str:
    """A number as its format shows it; what is no number comes back as it is."""
    if text.isdecimal() and text.isascii() and how is GENERAL and len(text) <= 15:
        return Native(text)
    if not _NUMBER.fullmatch(text):
        return text
    double = float(text)
    if not isfinite(double):
        return text
    if (how.date or how.time) and 0 <= double <= _LAST_DAY:
        return Native(_moment(double, how, since_1904))
    value = Decimal(repr(double))
    if how.percent:
        return Native(f"{_plain(value * 100)}%")
    return Native(_plain(value).zfill(how.figures) if value >= 0 else _plain(value))


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _moment(value: float, how: Form, since_1904: bool) -> str:
    """A number of days as ISO 8601: a day, a time of day, or both. Days that are none come out as such, and cannot be read as a time."""
    total = round(value * _DAY_MS)
    days, ms = divmod(total, _DAY_MS)
    clock = _clock(ms, how.seconds)
    if how.elapsed and days:
        return f"{total // 3_600_000}{clock[2:]}"
    if not days and how.time and (not how.date or not since_1904):
        return clock  # the day 0 of the 1900 system is none
    if not since_1904 and days in (0, _NO_DAY):
        return "1900-02-29" if days else "1900-01-00"
    if not since_1904 and days < _NO_DAY:
        days += 1  # 1 is 1 January 1900: Excel counts a 29 February 1900 that never was
    try:
        day = ((_EPOCH_1904 if since_1904 else _EPOCH_1900) + timedelta(days=days)).date().isoformat()
    except OverflowError:
        return _plain(Decimal(repr(value)))
    return f"{day} {clock}" if how.time or ms else day


def _clock(ms: int, seconds: bool) -> str:
    """A time of day; a millisecond beside a whole second is how a double writes that second."""
    rest = ms % 1000
    if rest in (1, 999):
        ms, rest = min(ms + (1 if rest == 999 else -1), _DAY_MS - 1), 0
    hour, minute, second = ms // 3_600_000, ms // 60_000 % 60, ms // 1000 % 60
    text = f"{hour:02}:{minute:02}"
    if seconds or second or rest:
        text += f":{second:02}"
    return f"{text}.{rest:03}" if rest else text


def forms(codes: dict[int, str], styles: Sequence[int]) -> list[Form]:
    """The form of each style of cells, given the format of each and the codes that the workbook defines."""
    known: dict[int, Form] = {}
    return [known.setdefault(each, form(each, codes.get(each))) for each in styles]
