"""COPRAR: the boxes that a ship is to discharge or to load at a call (UN/EDIFACT, any directory, SMDG and ITG versions).

An order, never a movement: every box is `planned`, at the ship's arrival (discharge, DTM 132) or departure (load, 133). What is then
discharged or loaded, COARRI says. A box that remains on board, is shifted or was shortlanded is kept as status only. Options: `_equipment`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from data.feeds import Leftover, Raw, Record, Unreadable
from data.feeds import _equipment as equipment
from data.feeds._edifact_parts import split
from data.feeds._equipment_codes import Form
from data.feeds._equipment_facts import Takes
from data.feeds._equipment_plan import TIMES
from data.feeds.coarri import ports, witness

if TYPE_CHECKING:
    from zones.place import Place

__all__ = ["SPEAKS_FOR", "VERSION", "read", "split"]

VERSION = 1
SPEAKS_FOR: frozenset[str] = frozenset()  # an order is no word on what happened: nothing is heard from it

# 43 and 45 in the D95B messages that are in use; D00B and later have 118/145 (unload) and 121/146 (load).
CODES = {"43": "discharge", "118": "discharge", "145": "discharge", "45": "load", "121": "load", "146": "load"}

FORM = Form("COPRAR", CODES, frozenset(), frozenset(), ports, witness, by_ship=True, takes=Takes(times=TIMES), plans=True)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange. Nothing of a UNH is given before its UNT is seen."""
    return equipment.read(raw, place, options, FORM)
