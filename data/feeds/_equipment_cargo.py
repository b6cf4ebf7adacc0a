"""What is in a box, as MEA, DGS, TMP and RNG tell of it: weights and what they are of, dangerous goods, set temperature.

Which of several weights is believed: the verified one, then goods and box together, then goods plus tare. Goods alone are no weight of
a box; they are given only where a message is about goods (`goods=True`), and said to be that. Source: the project's reading guide.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache

from data.feeds._edifact_envelope import Segment, part
from zones.report import Cargo

WEIGHTS = frozenset({"VGM", "AET", "EGW", "G", "T"})
_KIND = {"VGM": "vgm", "AET": "cargo", "EGW": "cargo", "WT": "cargo", "G+T": "sum", "G": "goods"}
_KILOGRAMS = {"KGM": Decimal(1), "KG": Decimal(1), "K": Decimal(1), "": Decimal(1), "TNE": Decimal(1000), "LBR": Decimal("0.45359237")}
_HEAVIEST = Decimal(1_000_000)  # kg; more is no box
_COLDEST, _HOTTEST = -2000, 2000  # tenths of a degree; beyond it is no temperature of cargo
_CLASS_MOST, _DANGERS_MOST = 10, 50


class Contents:
    """What the segments of one box, or of one consignment, say of its cargo."""

    __slots__ = ("dangerous", "range", "temperature", "weights")

    def __init__(self) -> None:
        self.weights: dict[str, Decimal] = {}  # kg
        self.dangerous: list[str] = []
        self.temperature: int | None = None  # tenths of a degree Celsius
        self.range = ""  # as received: "-20 to -15 CEL"

    def mea(self, segment: Segment, also: frozenset[str]) -> bool:
        """One MEA. `also`: further purposes (6311) that are a weight of box and goods where no kind is named (BAPLIE writes WT)."""
        purpose, kind = part(segment, 1).upper(), part(segment, 2).upper()
        kind = kind or (purpose if purpose in WEIGHTS or purpose in also else "")
        if (kind not in WEIGHTS and kind not in also) or purpose == "AAL":
            return False
        weight = kilograms(segment)
        if weight is not None:
            self.weights.setdefault(kind, weight)
        return weight is not None

    def dgs(self, segment: Segment) -> bool:
        """DGS+IMD+class+UN number: either may be missing, not both."""
        named, number = part(segment, 2)[:_CLASS_MOST], part(segment, 3)[:_CLASS_MOST]
        if not (named or number) or len(self.dangerous) >= _DANGERS_MOST:
            return False
        if (told := f"{named}/{number}") not in self.dangerous:
            self.dangerous.append(told)
        return True

    def tmp(self, segment: Segment) -> bool:
        """TMP+2: what a reefer is set to, in degrees Celsius or Fahrenheit."""
        if part(segment, 1) != "2":
            return False
        try:
            degrees = Decimal(part(segment, 2).replace(",", ".")[:12])
        except InvalidOperation:
            return False
        unit = part(segment, 2, 1).upper() or "CEL"
        if not degrees.is_finite() or unit not in ("CEL", "FAH"):
            return False
        tenths = (degrees if unit == "CEL" else (degrees - 32) * 5 / 9) * 10
        if not _COLDEST <= tenths <= _HOTTEST:
            return False
        self.temperature = int(tenths.to_integral_value(ROUND_HALF_EVEN))
        return True

    def rng(self, segment: Segment) -> bool:
        """RNG+5: the range that a reefer is to be kept in. It has no column of its own."""
        low, high = part(segment, 2, 1)[:12], part(segment, 2, 2)[:12]
        if part(segment, 1) != "5" or not (low or high):
            return False
        self.range = f"{low or '?'} to {high or '?'} {part(segment, 2)[:3]}".strip()
        return True

    def gross(self, goods: bool = False) -> tuple[int | None, str]:
        """Weight in grams, and the kind of MEA it was taken from."""
        for kind in ("VGM", "AET", "EGW", "WT"):
            if kind in self.weights:
                return int(self.weights[kind] * 1000), kind
        if "G" in self.weights and "T" in self.weights:
            return int((self.weights["G"] + self.weights["T"]) * 1000), "G+T"
        return (int(self.weights["G"] * 1000), "G") if goods and "G" in self.weights else (None, "")

    def cargo(self, size_type: str, kind: str) -> tuple[Cargo | None, str]:
        """What there is to keep, and the name of what was left out: `0.0:CEL` is what some write of every box that is no reefer.
        `kind`: of the weight taken, as `gross` gives it."""
        temperature, left = self.temperature, ""
        if temperature == 0 and not may_be_reefer(size_type):
            temperature, left = None, "TMP+2 (0 degrees on a box that is no reefer)"
        if not (self.dangerous or kind) and temperature is None:
            return None, left
        return _cargo(tuple(self.dangerous), temperature, _KIND.get(kind, "")), left

    def remarks(self, kind: str) -> list[str]:
        """What has no column of its own; of what kind the weight is, `cargo` tells."""
        found = [] if kind else [f"weight {k} {v.normalize():f} kg" for k, v in self.weights.items()]
        return [*found, f"temperature {self.range}"] if self.range else found


@lru_cache(maxsize=1024)
def _cargo(dangerous: tuple[str, ...], temperature: int | None, weight: str) -> Cargo:
    """Most boxes have the same: one object for all of them."""
    return Cargo(dangerous=dangerous, set_temp=temperature, weight=weight)


def kilograms(segment: Segment) -> Decimal | None:
    """The value of a MEA in kilograms; None where it is no weight that goods can have."""
    factor = _KILOGRAMS.get(part(segment, 3).upper())
    if factor is None:
        return None
    try:
        weight = Decimal(part(segment, 3, 1).replace(",", ".")[:20]) * factor
    except InvalidOperation:
        return None
    return weight if weight.is_finite() and 0 < weight < _HEAVIEST else None


def may_be_reefer(size_type: str) -> bool:
    """By ISO 6346: types R (integral) and H (removable or insulated), 3x and 4x of the old digits. True where the code does not say."""
    kind = size_type[2:3]
    if kind in ("", "0") and not size_type.strip("0"):
        return True
    return kind in ("R", "H") or (size_type.isdecimal() and kind in ("3", "4"))
