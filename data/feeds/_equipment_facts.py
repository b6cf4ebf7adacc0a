"""The segments of a message's head or of one box, gathered by what they say: times, places, carriages, parties, references, weights, seals.

Every segment is taken here or counted in `Counted`, by tag and qualifier: nothing is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from data.feeds import Leftover
from data.feeds._edifact_envelope import Segment, part

_NAMES_MOST = 300               # names of leftovers told apart; garbage could make up any number
_TEXT_MOST = 100
MODES = {"1": "vessel", "2": "rail", "3": "truck", "8": "barge"}      # 8067
_MEANS = {"13": "vessel", "31": "truck"}                              # 8179, where 8067 is left out
_TIMES = frozenset({"203", "7", "181", "178", "186", "137"})
_PLACES = frozenset({"165", "175", "172", "9", "11"})
_PARTIES = frozenset({"MS", "TR", "CF", "CA"})
_REFERENCES = frozenset({"BM", "BN", "ABT", "VON", "EQ", "ACW"})
_WEIGHTS = frozenset({"VGM", "AET", "EGW", "G", "T"})
_KILOGRAMS = {"KGM": Decimal(1), "KG": Decimal(1), "K": Decimal(1), "": Decimal(1), "TNE": Decimal(1000), "LBR": Decimal("0.45359237")}
_HEAVIEST = Decimal(1_000_000)                                        # kg; more is no box
_NO_SEAL = frozenset({"SI", "Y", "N", "NA", "N/A", "NO", "NONE", "NIL", "REPO"})
_SPACED = re.compile(r"[A-Z]{2} [A-Z0-9]{3}")
_SHIP = re.compile(r"(?:IMO ?)?([0-9]{7})", re.I | re.ASCII)
_WITH_OFFSET = frozenset({"205", "208", "303", "304"})


class Counted:
    """What no rule takes, by name, with one example each."""

    def __init__(self) -> None:
        self._seen: dict[str, list[int | str]] = {}

    def add(self, name: str, example: str = "") -> None:
        entry = self._seen.get(name)
        if entry is None:
            name = name if len(self._seen) < _NAMES_MOST else "other segments"
            entry = self._seen.setdefault(name, [0, example[:120]])
        entry[0] = int(entry[0]) + 1

    def segment(self, segment: Segment) -> None:
        tag, qualifier = segment[0][0][:12], part(segment, 1)
        name = f"{tag}+{qualifier}" if len(qualifier) <= 3 and qualifier.isalnum() else tag
        self.add(name, "" if name in self._seen else "+".join(":".join(element) for element in segment))

    def all(self) -> Iterator[Leftover]:
        for name, (count, example) in sorted(self._seen.items()):
            yield Leftover(name=name, count=int(count), example=str(example))


class Time(NamedTuple):
    """One DTM: `shown` as received, `text` and `form` as it is to be read, and whether it follows a TDT (of the means of transport)."""

    qualifier: str
    text: str
    form: str
    shown: str
    carried: bool


class Carriage(NamedTuple):
    """One TDT: stage (8051), our mode, voyage or trip (8028), the means' identity (IMO number, call sign, plate) and name."""

    stage: str
    mode: str
    voyage: str
    identity: str
    name: str

    @property
    def by_land(self) -> bool:
        return self.mode in ("truck", "rail")

    @property
    def vehicle(self) -> str:
        return self.identity or self.name or (self.voyage if self.stage != "20" else "")


class Facts:
    """See the module."""

    __slots__ = ("carriages", "fakes", "parties", "places", "references", "sealed", "texts", "times", "weights")

    def __init__(self) -> None:
        self.times: list[Time] = []
        self.places: dict[str, tuple[str, str]] = {}            # 3227 -> (UN/LOCODE or other code, terminal)
        self.carriages: list[Carriage] = []
        self.parties: dict[str, str] = {}
        self.references: dict[str, list[str]] = {}
        self.weights: dict[str, Decimal] = {}                   # kg
        self.sealed: list[str] = []
        self.fakes: list[str] = []
        self.texts: list[str] = []

    def party(self, qualifier: str) -> str:
        return self.parties.get(qualifier, "")

    def reference(self, qualifier: str) -> str:
        found = self.references.get(qualifier)
        return found[0] if found else ""

    def locode(self, qualifier: str) -> str:
        return self.places.get(qualifier, ("", ""))[0]

    def gross(self) -> tuple[int | None, str]:
        """Weight of the box with its cargo in grams, and the kind it was taken from. Goods alone are no such weight."""
        for kind in ("VGM", "AET", "EGW"):
            if kind in self.weights:
                return int(self.weights[kind] * 1000), kind
        if "G" in self.weights and "T" in self.weights:
            return int((self.weights["G"] + self.weights["T"]) * 1000), "G+T"
        return None, ""

    def remarks(self, header: Facts) -> list[str]:
        """What has no column of its own."""
        found = []
        if booking := self.reference("BN") or header.reference("BN"):
            found.append(f"booking {booking}")
        kind = self.gross()[1]
        if kind:
            found.append(f"weight {kind}")
        found += [f"weight {k} {v.normalize():f} kg" for k, v in self.weights.items() if not kind]
        found += [f"also bill {bill}" for bill in self.references.get("BM", ())[1:]]
        if self.fakes:
            found.append("no seal number: " + ", ".join(self.fakes))
        return found


def gather(texts: Iterable[str], split: Callable[[str], Segment], left: Counted) -> Facts:
    """All segments of the texts."""
    facts, carried = Facts(), False
    for text in texts:
        segment = split(text)
        tag = segment[0][0]
        take = _TAKE.get(tag)
        if take is None:
            left.segment(segment)
        elif tag == "DTM":
            if not _dtm(facts, segment, carried):
                left.segment(segment)
        elif not take(facts, segment):
            left.segment(segment)
        carried = tag == "TDT" or (carried and tag in ("DTM", "LOC", "RFF", "NAD"))
    return facts


def _dtm(facts: Facts, segment: Segment, carried: bool = False) -> bool:
    parts = segment[1] if len(segment) > 1 else []
    if len(parts) < 2:
        return False
    qualifier, text = parts[0].strip().upper(), parts[1].strip()
    form = parts[2].strip() if len(parts) > 2 else ""
    shown = text
    if len(parts) > 3:                                                # yyMMdd:HHmm without release character
        text, shown, form = "".join(parts[1:-1]).strip(), ":".join(parts[1:-1]).strip(), parts[-1].strip()
    elif len(form) in (4, 6) and form.isdecimal() and len(text) in (6, 8):
        text, shown, form = text + form, f"{text}:{form}", ""
    elif len(parts) == 2 and len(segment) > 2 and part(segment, 2, 1) in _WITH_OFFSET:      # an offset whose plus sign was not released
        text, form = f"{text}+{part(segment, 2)}", part(segment, 2, 1)
        shown = text
    if not text:
        return False
    facts.times.append(Time(qualifier, text[:40], form, shown[:40], carried))
    return qualifier in _TIMES


def _loc(facts: Facts, segment: Segment) -> bool:
    qualifier = part(segment, 1)
    if qualifier not in _PLACES:
        return False
    code = _code(part(segment, 2) or part(segment, 2, 3))
    terminal = part(segment, 3) or part(segment, 3, 3) or part(segment, 4) or part(segment, 4, 3)
    if code or terminal:
        facts.places.setdefault(qualifier, (code, terminal[:60]))
    return True


@lru_cache(maxsize=1024)
def _code(text: str) -> str:
    """A place code without blanks: locations are told apart by blanks later. "NL RTM" is NLRTM, a bare name gets underscores."""
    text = text.upper()[:60]
    return text.replace(" ", "") if _SPACED.fullmatch(text) else "_".join(text.split())


def _nad(facts: Facts, segment: Segment) -> bool:
    qualifier = part(segment, 1).upper()
    if qualifier not in _PARTIES:
        return False
    if name := part(segment, 2) or part(segment, 4) or part(segment, 3):
        facts.parties.setdefault(qualifier, name[:_TEXT_MOST])
    return True


def _rff(facts: Facts, segment: Segment) -> bool:
    qualifier, number = part(segment, 1).upper(), part(segment, 1, 1)[:_TEXT_MOST]
    if qualifier not in _REFERENCES:
        return False
    if number.strip("0"):                                             # RFF+ABT:0 is a placeholder, not a declaration
        known = facts.references.setdefault(qualifier, [])
        if number not in known:
            known.append(number)
    return True


def _mea(facts: Facts, segment: Segment) -> bool:
    purpose, kind = part(segment, 1).upper(), part(segment, 2).upper()
    kind = kind or (purpose if purpose in _WEIGHTS else "")
    factor = _KILOGRAMS.get(part(segment, 3).upper())
    if kind not in _WEIGHTS or factor is None or purpose == "AAL":
        return False
    try:
        weight = Decimal(part(segment, 3, 1).replace(",", ".")[:20]) * factor
    except InvalidOperation:
        return False
    if not weight.is_finite() or not 0 < weight < _HEAVIEST:
        return False
    facts.weights.setdefault(kind, weight)
    return True


def _sel(facts: Facts, segment: Segment) -> bool:
    number = part(segment, 1)[:_TEXT_MOST]
    real = number.upper() not in _NO_SEAL and number.strip("0-. ")
    kept = facts.sealed if real else facts.fakes
    if number and number not in kept:
        kept.append(number)
    return bool(number)


def _tdt(facts: Facts, segment: Segment) -> bool:
    identity, name = part(segment, 8)[:_TEXT_MOST], part(segment, 8, 3)[:_TEXT_MOST]
    imo = _imo(identity)
    mode = MODES.get(part(segment, 3)) or _MEANS.get(part(segment, 4)) or ("vessel" if imo else "unknown")
    facts.carriages.append(Carriage(part(segment, 1), mode, part(segment, 2)[:_TEXT_MOST], imo or identity, name))
    return True


@lru_cache(maxsize=1024)
def _imo(identity: str) -> str:
    """"IMO 9999993" if this is an IMO number by its check digit, else "". The list qualifier (146) does not tell."""
    match = _SHIP.fullmatch(identity)
    if match is None or sum(int(d) * w for d, w in zip(match[1], range(7, 1, -1), strict=False)) % 10 != int(match[1][6]):
        return ""
    return f"IMO {match[1]}"


def _ftx(facts: Facts, segment: Segment) -> bool:
    if text := " ".join(component for component in (segment[4] if len(segment) > 4 else []) if component.strip()):
        facts.texts.append(text[:500])
    return False                                                      # looked at as a witness; kept nowhere


_TAKE: dict[str, Callable[[Facts, Segment], bool]] = {
    "DTM": _dtm, "LOC": _loc, "NAD": _nad, "RFF": _rff, "MEA": _mea, "SEL": _sel, "TDT": _tdt, "FTX": _ftx,
}  # fmt: skip
