"""Measures: limits that are no length of time, such as a share of a capacity or a distance.

    80%  5.5%         a share
    20 boxes  300 TEU  50 vehicles    a count
    500 metres  1.5 km  90 km/h       a way, a speed (`500m` is 500 minutes)
    2 C               degrees Celsius, as a difference or a temperature

What unit a limit has is said by the rule that goes by it (MEASURES); a limit that no rule says so of is a length of time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from zones.calendar import Duration

UNITS = ("%", "boxes", "TEU", "vehicles", "metres", "km", "km/h", "C")
_WRITTEN = re.compile(r"(-?[0-9]{1,9})(?:\.([0-9]{1,2}))? ?(%|[A-Za-z/]+)")
_SCALE = 100


@dataclass(frozen=True, slots=True)
class Measure:
    """`hundredths` of a unit (see UNITS). Written `5.5%`, `20 boxes`; at most two decimals."""

    hundredths: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"not a unit: {self.unit!r}; known: {', '.join(UNITS)}")
        if self.hundredths < 0 and self.unit != "C":
            raise ValueError(f"{self} is below nothing")

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.hundredths), _SCALE)
        said = f"{'-' if self.hundredths < 0 else ''}{whole}" + (f".{rest:02}".rstrip("0") if rest else "")
        return f"{said}%" if self.unit == "%" else f"{said} {self.unit}"

    @classmethod
    def parse(cls, text: str) -> Measure:
        """Read `80% 5.5% 20 boxes 500 metres 90 km/h -18 C`. Errors: ValueError."""
        written = _WRITTEN.fullmatch(text.strip())
        if not written:
            raise ValueError(f"not a measure: {text!r}; write 80%, 20 boxes, 500 metres or 2 C")
        whole, rest, unit = int(written[1]), int(f"{written[2] or '':0<2}"), written[3]
        return cls(whole * _SCALE + (-rest if written[1].startswith("-") else rest), unit)

    @property
    def exact(self) -> Fraction:
        """The number of its units; a share as such: 80% is 4/5."""
        return Fraction(self.hundredths, _SCALE * (100 if self.unit == "%" else 1))

    def of(self, whole: int) -> Fraction:
        """So much of a whole: 80% of 250 is 200. Errors: ValueError if it is no share."""
        if self.unit != "%":
            raise ValueError(f"{self} is no share")
        return self.exact * whole


Value = Duration | Measure


def value(text: str, unit: str = "") -> Value:
    """What is written for a limit: in that unit, or a length of time where there is none. Errors: ValueError, in words for who wrote it."""
    if not unit:
        return Duration.parse(text)
    found = Measure.parse(text)
    if found.unit != unit:
        raise ValueError(f"{text!r} is not in {unit}")
    return found


def any_value(text: str) -> Value:
    """A length of time or a measure, as it is written. Errors: ValueError."""
    for read in (Duration.parse, Measure.parse):
        try:
            return read(text)
        except ValueError:
            continue
    more = "a measure, where a rule goes by one: 80%, 20 boxes, 500 metres, 2 C"
    raise ValueError(f"not a duration: {text!r}; write 30m, 36h, 5d, 5wd, 8wh, 3mo or 1y; or {more}")
