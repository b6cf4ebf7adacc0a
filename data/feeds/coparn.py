"""COPARN: boxes that are announced to a terminal or depot, or that it is to accept or to release (UN/EDIFACT, any directory, ITG versions).

Never a movement. An announcement (27, 104) is `planned`, an order to accept (11, 126) or to release (12, 108, 129) is `requested`; the time
is where the box's own window begins, the ship's call is no time of the gate. Where no window is given the record is status only: it links
box, booking and bill all the same. Boxes without a number, or with a placeholder, cannot be records: they are named in the leftovers with
their booking, type and number of boxes. Codes: the project's reading guide; 11, 12 and 27 are those of the ITIGG guide of D95B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from data.feeds import Leftover, Raw, Record, Unreadable
from data.feeds import _equipment as equipment
from data.feeds._edifact_parts import split
from data.feeds._equipment_codes import Form
from data.feeds._equipment_facts import Takes
from data.feeds._equipment_plan import OF_SHIPS, TIMES

if TYPE_CHECKING:
    from zones.place import Place

__all__ = ["SPEAKS_FOR", "VERSION", "read", "split"]

VERSION = 1
SPEAKS_FOR: frozenset[str] = frozenset()  # an order is no word on what happened: nothing is heard from it

ANNOUNCED = {"27": "gate_in", "104": "gate_in"}
ORDERED = {"11": "gate_in", "126": "gate_in", "12": "gate_out", "108": "gate_out", "129": "gate_out"}
_SAYS = re.compile(r"\b(RELEASE|GATE[ -]?OUT|ACCEPTANCE|GATE[ -]?IN|PRE[ -]?ARRIVAL|IMPENDING ARRIVAL)\b")
_ABOUT = re.compile(r"\b(?:ORDER|ADVICE|NOTICE|EMPTY|FULL|CONTAINERS?|TRANSPORT|EQUIPMENT|OF|THE|COPARN|MESSAGE|REPORT)\b")


def witness(text: str) -> str:
    """What a title orders if it is about that and nothing else: a release is a gate-out, an acceptance or arrival a gate-in."""
    text = text.upper()
    said = {"gate_out" if word == "RELEASE" or word.endswith("OUT") else "gate_in" for word in _SAYS.findall(text)}
    if len(said) != 1 or re.search(r"[A-Z]", _SAYS.sub("", _ABOUT.sub("", text))):
        return ""
    return said.pop()


def ports(event: str, direction: str) -> str:
    """The LOC that names the place if no place of activity is given: of empty pick-up, of empty return, else where exports are loaded."""
    return "98" if event == "gate_out" else "99 9" if event == "gate_in" else ""


FORM = Form(
    "COPARN", ANNOUNCED | ORDERED, frozenset(), frozenset(), ports, witness, by_ship=False, plans=True, requested=frozenset(ORDERED),
    unnumbered=True,
    takes=Takes(times=TIMES - {"132", "133", "136", "178"}, places=frozenset({"98", "99"}), numbers=True, own_times=OF_SHIPS),
)  # fmt: skip


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange. Nothing of a UNH is given before its UNT is seen."""
    return equipment.read(raw, place, options, FORM)
