"""Seals in a record: how many numbers are kept, and by which codes sources tell who put a seal on and of which kind it is.

Numbers are looked up by an index, and PostgreSQL indexes up to 2,704 bytes. More would stop the pull.

Codes: UN/EDIFACT 9303 (sealing party) and 4525 (seal type, from D06B on); DCSA seal source and seal type (Information Model, Seal 1.0.1),
by which veterinary and phytosanitary seals are those of 9303's quarantine agency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zones.seals import UNTOLD, word

SEALS = 400  # characters of the numbers together, as in tables
EDIFACT_PARTIES: Mapping[str, str] = {
    "CU": "customs", "AC": "quarantine", "CA": "carrier", "SH": "shipper", "AA": "consolidator", "TO": "terminal",
}  # fmt: skip
EDIFACT_KINDS: Mapping[str, str] = {"1": "mechanical", "2": "electronic"}
_SOURCES: Mapping[str, str] = {
    "CUS": "customs", "VET": "quarantine", "PHY": "quarantine", "CAR": "carrier", "SHI": "shipper", "CNS": "consolidator",
    "TER": "terminal", "CST": "customer",
}  # fmt: skip
_TYPES: Mapping[str, str] = {"KLP": "mechanical", "BLT": "mechanical", "WIR": "mechanical"}  # keyless padlock, bolt, wire
DCSA_FIELDS: Mapping[str, Mapping[str, str]] = {"sealSource": _SOURCES, "source": _SOURCES, "sealType": _TYPES, "type": _TYPES}


def fitting(numbers: Iterable[str]) -> int:
    """How many of the numbers, from the first, fit into one record."""
    length = count = 0
    for count, number in enumerate(numbers, 1):
        length += len(number) + 1
        if length > SEALS + 1:
            return count - 1
    return count


def first(sealed: str, count: int) -> str:
    """What is told of the first so many seals."""
    return " ".join(sealed.split()[:count]) if sealed else ""


def dcsa_word(fields: Iterable[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """A seal's word from the fields (DCSA_FIELDS, in that order) that say something; and those of which nothing was taken."""
    found: dict[int, str] = {}
    left: list[tuple[str, str]] = []
    for name, code in fields:
        words = DCSA_FIELDS[name]
        if id(words) not in found and (ours := words.get(code.upper())):
            found[id(words)] = ours
        else:
            left.append((name, code))
    return (word(found.get(id(_SOURCES), ""), found.get(id(_TYPES), "")) if found else UNTOLD), left
