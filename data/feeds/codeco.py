"""CODECO: containers in and out at a gate, and some of what happens between (UN/EDIFACT, any directory, SMDG and ITG versions).

A CODECO is no proof of a movement: 98 and 266 report a status, and a code alone means nothing without the sender's habits. What is not
in the table, is an order, or is contradicted by the message's own words is kept as unclassified, never guessed. Options: `_equipment`.
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
SPEAKS_FOR = frozenset({"gate"})  # not yard: a gate feed does not hear of every move inside

CODES = {"34": "gate_in", "109": "gate_in", "36": "gate_out", "111": "gate_out", "117": "yard_move", "113": "strip"}
STATUS = frozenset({"98", "266"})
SEVERAL = frozenset({"265"})
_SAYS = re.compile(r"\bGATED?[ _-]?(IN|OUT)\b")
_ABOUT = re.compile(
    r"\b(?:FULL|EMPTY|MTY|LADEN|CONTAINERS?|CNTR|CTR|IMPORT|EXPORT|TRANSPORT|EQUIPMENT|TRUCK|ROAD|RAIL|BY|OF|THE|FOR|REPORT|MOVE|MOVEMENT|CODECO)\b"
)


def witness(text: str) -> str:
    """The gate event that a text is about; "" where it speaks of none, of both, or of anything else besides."""
    text = text.upper()
    said = set(_SAYS.findall(text))
    if len(said) != 1 or re.search(r"[A-Z]", _SAYS.sub("", _ABOUT.sub("", text))):
        return ""
    return "gate_in" if said == {"IN"} else "gate_out"


def ports(event: str, direction: str) -> str:
    """The LOC that names this place if no place of activity is given: the port of loading, for what comes in to be exported."""
    return "9" if direction == "export" or (direction == "unknown" and event == "gate_in") else ""


FORM = Form("CODECO", CODES, STATUS, SEVERAL, ports, witness, by_ship=False)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange. Nothing of a UNH is given before its UNT is seen."""
    return equipment.read(raw, place, options, FORM)
