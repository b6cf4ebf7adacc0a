"""COARRI: containers discharged from and loaded onto a ship (UN/EDIFACT, any directory, SMDG and ITG versions).

Three generations of codes are in use at once: 44/46, 98/270 and 119/122. A box listed but not moved ashore (remains on board, shifted,
shortlanded, reloaded) is kept as status only. Options: `_equipment`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from data.feeds import Leftover, Raw, Record, Unreadable
from data.feeds import _equipment as equipment
from data.feeds._edifact_parts import split
from data.feeds._equipment_codes import Form

if TYPE_CHECKING:
    from zones.place import Place

__all__ = ["SPEAKS_FOR", "VERSION", "read", "split"]

VERSION = 2
SPEAKS_FOR = frozenset({"quay"})

CODES = {"44": "discharge", "98": "discharge", "119": "discharge", "46": "load", "122": "load", "270": "load"}
_PORT = {"discharge": "11", "load": "9"}
_SAYS = re.compile(r"\b(DISCHARGED?|DISCHARGING|UNLOAD|UNLOADED|UNLOADING|LOAD|LOADED|LOADING)\b")
_ABOUT = re.compile(
    r"\b(?:CONTAINERS?|EQUIPMENT|TRANSPORT|VESSEL|SHIP|FROM|ONTO|ON|THE|OF|REPORT|CONFIRMATION|LIST|MESSAGE|COMPLETED?|IMPORT|EXPORT|COARRI)\b"
)


def witness(text: str) -> str:
    """Discharge or load if the text is about one of them and nothing else; "" otherwise ("LOADED" may speak of the cargo)."""
    text = text.upper()
    said = {"discharge" if word[0] in "DU" else "load" for word in _SAYS.findall(text)}
    if len(said) != 1 or re.search(r"[A-Z]", _SAYS.sub("", _ABOUT.sub("", text))):
        return ""
    return said.pop()


def ports(event: str, direction: str) -> str:
    """The LOC that names this place if no place of activity is given: where it was discharged, where it was loaded."""
    return _PORT.get(event, "")


FORM = Form("COARRI", CODES, frozenset(), frozenset(), ports, witness, by_ship=True)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange. Nothing of a UNH is given before its UNT is seen."""
    return equipment.read(raw, place, options, FORM)
