"""Seals as they are shown: their numbers, and who put each on."""

from __future__ import annotations

from itertools import zip_longest

from layouts._text import word
from layouts._text.forms import MISSING
from zones.seals import read


def seals(numbers: str, sealed: str, language: str) -> str:
    """Seal numbers, each with who put it on and of which kind it is, where that is told: `A1 (carrier), C1 (customs, electronic)`."""
    if not sealed:
        return numbers
    found = []
    for number_, told in zip_longest(numbers.split(), read(sealed), fillvalue=None):
        party = word("sealparty", told.party, language) if told and told.party else ""
        kind = word("sealkind", told.kind, language) if told and told.kind else ""
        said = ", ".join(filter(None, (party, kind)))
        found.append(f"{number_ or MISSING} ({said})" if said else number_ or MISSING)
    return ", ".join(found)
