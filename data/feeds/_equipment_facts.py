"""The segments of a message's head or of one box, gathered by what they say: times, places, carriages, parties, references, seals, cargo.

Every segment is taken here or counted in `Counted`, by tag and qualifier: nothing is passed over in silence. What a qualifier is taken
for depends on the message: `Takes` names what a form takes beyond the usual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from data.feeds import Leftover
from data.feeds._edifact_envelope import Segment, part
from data.feeds._equipment_cargo import Contents
from data.feeds._seals import EDIFACT_KINDS, EDIFACT_PARTIES, fitting
from zones.seals import word

_NAMES_MOST = 300  # names of leftovers told apart; garbage could make up any number
_TEXT_MOST = 100
REPEATED = 1_000  # times, carriages or references of a kind in one group: what is more is left, or it would cost its square
MODES = {"1": "vessel", "2": "rail", "3": "truck", "8": "barge"}  # 8067
_MEANS = {"13": "vessel", "31": "truck"}  # 8179, where 8067 is left out
_TIMES = frozenset({"203", "7", "181", "178", "186", "137"})
_PLACES = frozenset({"165", "175", "172", "9", "11"})
_PARTIES = frozenset({"MS", "TR", "CF", "CA"})
_REFERENCES = frozenset({"BM", "BN", "ABT", "VON", "EQ", "ACW"})
_NO_SEAL = frozenset({"SI", "Y", "N", "NA", "N/A", "NO", "NONE", "NIL", "REPO"})
_SPACED = re.compile(r"[A-Z]{2} [A-Z0-9]{3}")
_SHIP = re.compile(r"(?:IMO ?)?([0-9]{7})", re.I | re.ASCII)
_WITH_OFFSET = frozenset({"205", "208", "303", "304"})


class Counted:
    """What no rule takes, by name, with one example each."""

    def __init__(self) -> None:
        self._seen: dict[str, list[int | str]] = {}

    def add(self, name: str, example: str = "", count: int = 1) -> None:
        entry = self._seen.get(name)
        if entry is None:
            name = name if len(self._seen) < _NAMES_MOST else "other segments"
            entry = self._seen.setdefault(name, [0, example[:120]])
        entry[0] = int(entry[0]) + count

    def segment(self, segment: Segment) -> None:
        tag, qualifier = segment[0][0][:12], part(segment, 1)
        name = f"{tag}+{qualifier}" if len(qualifier) <= 3 and qualifier.isalnum() else tag
        self.add(name, "" if name in self._seen else "+".join(":".join(element) for element in segment))

    def all(self) -> Iterator[Leftover]:
        for name, (count, example) in sorted(self._seen.items()):
            yield Leftover(name=name, count=int(count), example=str(example))


class Takes(NamedTuple):
    """What a form takes beyond the usual: qualifiers of DTM, LOC and RFF, purposes and kinds of MEA, whether EQN (how many) is asked for,
    and the number that a sender has to write where he has no bill."""

    times: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    weights: frozenset[str] = frozenset()
    numbers: bool = False
    dummy: str = ""
    own_times: frozenset[str] = frozenset()  # qualifiers of DTM that are a box's where no TDT stands before them


USUAL = Takes()


class Time(NamedTuple):
    """One DTM: `shown` as received, `text` and `form` as it is to be read, whether it follows a TDT (of the means of transport), and the
    3227 of the LOC it stands behind there ("" before the first)."""

    qualifier: str
    text: str
    form: str
    shown: str
    carried: bool
    behind: str = ""


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

    __slots__ = (
        "by_place", "carriages", "contents", "fakes", "number", "parties", "places", "references", "sealed", "sealers", "takes", "texts",
        "times",
    )  # fmt: skip

    def __init__(self, takes: Takes = USUAL) -> None:
        self.takes = takes
        self.by_place = False  # times of the carriage stand behind each place, not behind all of them
        self.number = 1  # EQN: how many boxes the group is about
        self.contents = Contents()
        self.times: list[Time] = []
        self.places: dict[str, tuple[str, str]] = {}  # 3227 -> (UN/LOCODE or other code, terminal)
        self.carriages: list[Carriage] = []
        self.parties: dict[str, str] = {}
        self.references: dict[str, list[str]] = {}
        self.sealed: list[str] = []
        self.sealers: list[str] = []  # of each of `sealed`: zones.seals.word
        self.fakes: list[str] = []
        self.texts: list[str] = []

    def party(self, qualifier: str) -> str:
        return self.parties.get(qualifier, "")

    def reference(self, qualifier: str) -> str:
        found = self.references.get(qualifier)
        return found[0] if found else ""

    def locode(self, qualifier: str) -> str:
        return self.places.get(qualifier, ("", ""))[0]

    def within(self, outer: Facts) -> Facts:
        """These facts in those that surround them: what both say, the inner ones say."""
        found = Facts(self.takes)
        found.times, found.carriages = [*self.times, *outer.times], [*self.carriages, *outer.carriages]
        found.places, found.parties = {**outer.places, **self.places}, {**outer.parties, **self.parties}
        found.references = {**outer.references, **self.references}
        found.texts, found.by_place = [*self.texts, *outer.texts], self.by_place or outer.by_place
        return found

    def remarks(self, kind: str) -> list[str]:
        """What has no column of its own. `kind`: of the weight taken."""
        found = self.contents.remarks(kind)
        for what, qualifier in (("bill", "BM"), ("booking", "BN")):
            if len(numbers := self.references.get(qualifier, ())) > 1:
                found += [f"also {what} {number}" for number in numbers[1:]]
        if self.fakes:
            found.append("no seal number: " + ", ".join(self.fakes))
        return found


def gather(texts: Iterable[str], split: Callable[[str], Segment], left: Counted, takes: Takes = USUAL) -> Facts:
    """All segments of the texts."""
    facts, carried, behind, timed = Facts(takes), False, "", False
    for text in texts:
        segment = split(text)
        tag = segment[0][0]
        if tag == "DTM":
            timed = carried
            if not _dtm(facts, segment, carried, behind):
                left.segment(segment)
            continue
        take = _TAKE.get(tag)
        if take is None or not take(facts, segment):
            left.segment(segment)
        if tag == "TDT":
            carried, behind, timed = True, "", False
        elif carried:
            if tag == "LOC":
                behind, facts.by_place = part(segment, 1), facts.by_place or timed
            else:
                carried = tag in ("RFF", "NAD")
    return facts


def outside(facts: Facts, left: Counted) -> Facts:
    """The facts of a header, after naming what it says of a cargo without saying of which box."""
    contents = facts.contents
    told = {
        "MEA": len(contents.weights), "DGS": len(contents.dangerous), "TMP+2": int(contents.temperature is not None),
        "RNG+5": int(bool(contents.range)), "SEL": len(facts.sealed) + len(facts.fakes),
    }  # fmt: skip
    for tag, count in told.items():
        if count:
            left.add(f"{tag} outside of a box", count=count)
    return facts


def _dtm(facts: Facts, segment: Segment, carried: bool, behind: str) -> bool:
    parts = segment[1] if len(segment) > 1 else []
    if len(parts) < 2:
        return False
    qualifier, text = parts[0].strip().upper(), parts[1].strip()
    form = parts[2].strip() if len(parts) > 2 else ""
    shown = text
    if len(parts) > 3:  # yyMMdd:HHmm without release character
        text, shown, form = "".join(parts[1:-1]).strip(), ":".join(parts[1:-1]).strip(), parts[-1].strip()
    elif len(form) in (4, 6) and form.isdecimal() and len(text) in (6, 8):
        text, shown, form = text + form, f"{text}:{form}", ""
    elif len(parts) == 2 and len(segment) > 2 and part(segment, 2, 1) in _WITH_OFFSET:  # an offset whose plus sign was not released
        text, form = f"{text}+{part(segment, 2)}", part(segment, 2, 1)
        shown = text
    if not text or len(facts.times) >= REPEATED:
        return False
    facts.times.append(Time(qualifier, text[:40], form, shown[:40], carried, behind if carried else ""))
    return qualifier in _TIMES or qualifier in facts.takes.times or (not carried and qualifier in facts.takes.own_times)


def _loc(facts: Facts, segment: Segment) -> bool:
    qualifier = part(segment, 1)
    if qualifier not in _PLACES and qualifier not in facts.takes.places:
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
    if qualifier not in _REFERENCES and qualifier not in facts.takes.references:
        return False
    if number and number == facts.takes.dummy:
        return False
    if number.strip("0"):  # RFF+ABT:0 is a placeholder, not a declaration
        known = facts.references.setdefault(qualifier, [])
        if number not in known:
            if len(known) >= REPEATED:
                return False
            known.append(number)
    return True


def _mea(facts: Facts, segment: Segment) -> bool:
    return facts.contents.mea(segment, facts.takes.weights)


def _dgs(facts: Facts, segment: Segment) -> bool:
    return facts.contents.dgs(segment)


def _tmp(facts: Facts, segment: Segment) -> bool:
    return facts.contents.tmp(segment)


def _rng(facts: Facts, segment: Segment) -> bool:
    return facts.contents.rng(segment)


def _eqn(facts: Facts, segment: Segment) -> bool:
    said = part(segment, 1)
    if not facts.takes.numbers or not said.isdecimal() or not 0 < len(said) < 6 or not int(said):
        return False
    facts.number = int(said)
    return True


def _sel(facts: Facts, segment: Segment) -> bool:
    number = part(segment, 1)[:_TEXT_MOST]
    real = number.upper() not in _NO_SEAL and number.strip("0-. ")
    kept = facts.sealed if real else facts.fakes
    if number and number not in kept:
        if fitting((*kept, number)) <= len(kept):
            return False
        kept.append(number)
        if real:
            facts.sealers.append(_sealer(part(segment, 2).upper(), part(segment, 5)))
    return bool(number)


@lru_cache(maxsize=256)
def _sealer(party: str, kind: str) -> str:
    return word(EDIFACT_PARTIES.get(party, ""), EDIFACT_KINDS.get(kind, ""))


def _tdt(facts: Facts, segment: Segment) -> bool:
    if len(facts.carriages) >= REPEATED:
        return False
    identity, name = part(segment, 8)[:_TEXT_MOST], part(segment, 8, 3)[:_TEXT_MOST]
    imo = _imo(identity)
    mode = MODES.get(part(segment, 3)) or _MEANS.get(part(segment, 4)) or ("vessel" if imo else "unknown")
    facts.carriages.append(Carriage(part(segment, 1), mode, part(segment, 2)[:_TEXT_MOST], imo or identity, name))
    return True


@lru_cache(maxsize=1024)
def _imo(identity: str) -> str:
    """ "IMO 9999993" if this is an IMO number by its check digit, else "". The list qualifier (146) does not tell."""
    match = _SHIP.fullmatch(identity)
    if match is None or sum(int(d) * w for d, w in zip(match[1], range(7, 1, -1), strict=False)) % 10 != int(match[1][6]):
        return ""
    return f"IMO {match[1]}"


def _ftx(facts: Facts, segment: Segment) -> bool:
    if text := " ".join(component for component in (segment[4] if len(segment) > 4 else []) if component.strip()):
        facts.texts.append(text[:500])
    return False  # looked at as a witness; kept nowhere


_TAKE: dict[str, Callable[[Facts, Segment], bool]] = {
    "LOC": _loc, "NAD": _nad, "RFF": _rff, "MEA": _mea, "SEL": _sel, "TDT": _tdt, "FTX": _ftx,
    "DGS": _dgs, "TMP": _tmp, "RNG": _rng, "EQN": _eqn,
}  # fmt: skip
