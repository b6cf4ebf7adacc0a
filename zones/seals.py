"""Who put a seal on and of which kind, where a source tells it.

Kept beside the numbers (`Report.sealed`, `Mark.sealed`) as one text: a word for each seal in their order, with a blank between: `customs`,
`carrier/mechanical`, `/electronic`, `-` where nothing is told of a seal. "" where nothing is told of any: most sources tell numbers only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

PARTIES = ("customs", "quarantine", "carrier", "shipper", "consolidator", "terminal", "customer")
KINDS = ("mechanical", "electronic")
UNTOLD = "-"


class Sealed(NamedTuple):
    """What is told of one seal: who put it on (PARTIES) and its kind (KINDS); "" where that is not told."""

    party: str = ""
    kind: str = ""


def word(party: str, kind: str = "") -> str:
    """One seal's word."""
    return f"{party}/{kind}" if kind else party or UNTOLD


def spelled(words: Iterable[str]) -> str:
    """The words of a record's seals as they are kept."""
    told = tuple(words)
    return " ".join(told) if any(each != UNTOLD for each in told) else ""


def read(sealed: str) -> tuple[Sealed, ...]:
    """What is told of each seal, in their order."""
    return tuple(Sealed("" if (party := each.partition("/")[0]) == UNTOLD else party, each.partition("/")[2]) for each in sealed.split())
