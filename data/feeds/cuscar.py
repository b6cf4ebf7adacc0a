"""CUSCAR: the manifest that a carrier declares to customs: which boxes go with which bills, and what is in them (UN/EDIFACT).

A declaration, never a movement. Every box is told once for each of its bills: first as `planned` (discharge at the ship's arrival, load
at its departure; status only without a time), then as status only, so that it is linked to all and expected once. Discharge or load is
what the code says (933 arrival, 833 departure), else the ports of the consignment (LOC+11, LOC+9). Options: `_equipment`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from data.feeds import BoxRecord, Leftover, Raw, Record, Unreadable
from data.feeds import _equipment as equipment
from data.feeds._consignment import bills_of
from data.feeds._edifact_envelope import Message
from data.feeds._edifact_parts import split
from data.feeds._equipment_box import told
from data.feeds._equipment_choice import where
from data.feeds._equipment_codes import Form, Reading, profiled
from data.feeds._equipment_facts import Facts, Takes
from data.feeds._equipment_head import Head
from data.feeds._equipment_plan import CALLS, PLANNED, as_planned, planned
from data.feeds._manifest import FULLEST, MOST, TOLD, Box, Manifest, manifest_of

if TYPE_CHECKING:
    from zones.place import Place

__all__ = ["SPEAKS_FOR", "VERSION", "read", "split"]

VERSION = 1
SPEAKS_FOR: frozenset[str] = frozenset()  # what is declared; customs' own answer is another message

_CODES = {"933": "discharge", "833": "load"}  # cargo declaration, arrival and departure
_PORTS = {"discharge": "11 60", "load": "9", "other": "11"}
_TAKES = Takes(
    times=frozenset({*CALLS["discharge"], *CALLS["load"]}), places=frozenset({"60"}), references=frozenset({"AAM", "BH", "MB", "AAE"}),
    weights=frozenset({"WT", "AAB"}),
)  # fmt: skip


def _ports(event: str, direction: str) -> str:
    return _PORTS.get(event, "")


FORM = Form("CUSCAR", {}, frozenset(), frozenset(), _ports, lambda text: "", by_ship=True, takes=_TAKES, plans=True)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange. Nothing of a UNH is given before its UNT is seen."""
    return equipment.read(raw, place, options, FORM, _message)


def _message(message: Message, reading: Reading) -> equipment.Told:
    found = manifest_of(message, reading)
    if found is None:
        yield message.unreadable("no_bgm")
        return
    # One consignment and nothing that joins goods to boxes: all boxes are of it. Of several nobody said which.
    only = found.consignments[0][0] if len(found.consignments) == 1 and not found.joined else None
    of_only = bills_of(only) if only else []
    if found.too_long or found.told + len(found.boxes) * len(of_only) > TOLD:
        yield message.unreadable("message_too_long", f"over {MOST} boxes and consignments, or {TOLD} bills of boxes")
        return
    yield from found.faults
    told_of: set[str] = set()
    for number, (facts, names) in enumerate(found.consignments, 1):
        for place, name in enumerate(names, 1):
            for other, bill in enumerate(bills_of(facts) or [""], 1):
                position = f"{message.unit}/consignment {number}/box {place}" + (f"/bill {other}" if other > 1 else "")
                yield _record(message, reading, found, found.boxes[name], facts, bill, position, name in told_of)
                told_of.add(name)
    for name, box in found.boxes.items():
        if name not in told_of:
            for other, bill in enumerate(of_only or [""], 1):
                position = box.position + (f"/bill {other}" if other > 1 else "")
                yield _record(message, reading, found, box, only or found.head.facts, bill, position, other > 1)
    yield from equipment.ending(message, reading, found.head, found.met or len(found.consignments), found.tail, found.met)


def _record(
    message: Message, reading: Reading, found: Manifest, box: Box, facts: Facts, bill: str, position: str, again: bool
) -> BoxRecord:
    """One box with one bill."""
    head, contents = found.head, box.facts.contents
    if box.goods and contents.gross(True)[0] is None:
        if box.weighed and box.goods <= FULLEST:
            contents.weights["G"] = box.goods
        elif not again:
            reading.left.add("MEA of goods (not the whole of the box, or more than it can hold)", box.number)
    event, given, why = _judged(head, facts, reading)
    occurred, text, odd = planned(box.facts, facts, event, reading.zone, reading.zone_from) if event != "other" else (None, "", [])
    if again and given in PLANNED:
        given, why = "status_only", ["another_bill", *why]
    given, why = as_planned(given, why, occurred, odd)
    if given in equipment.CLEAR:
        head.clear.append(box.number)
    declared = facts.reference("ABT") or facts.reference("AAE") or (head.number if head.code in _CODES else "")
    return told(
        message, reading, head, box.facts, facts, box.eqd, position=position, equipment=box.number, event=event, given=given, why=why,
        occurred=occurred, text=text, where=where(facts, Facts(), _ports(event, ""), False, None, reading.terminals), goods=True,
        bill=bill, declaration=declared, only_declared=True,
    )  # fmt: skip


def _judged(head: Head, facts: Facts, reading: Reading) -> tuple[str, str, list[str]]:
    """(event, given, why) of the boxes of one consignment. One that only passes is kept for its bill and expected nowhere."""
    why = list(head.why)
    if head.given == "unclassified":
        return "other", "unclassified", why
    coded = profiled(head.code, (head.sender, head.facts.party("MS")), reading) or _CODES.get(head.code, "")
    if coded in ("status_only", "unclassified"):
        return "other", coded, [f"{'status_code' if coded == 'status_only' else 'unknown_code'}: {head.code[:20]}", *why]
    loaded, arrived = facts.locode("9"), facts.locode("11") or facts.locode("60")
    here = {event for event, port in (("load", loaded), ("discharge", arrived)) if port in reading.own}
    aside = "status_only" if head.given in PLANNED else head.given
    if coded and here and coded not in here:
        return "other", aside, [f"contradicted: {head.code} is {coded}, the ports show {here.pop()}", *why]
    if reading.own and arrived and not here and (loaded or coded != "load"):
        return "other", aside, [f"passes: {loaded or '?'} to {arrived}", *why]
    event = coded or (here.pop() if len(here) == 1 else "")
    return (event, head.given, why) if event else ("other", aside, ["no_direction", *why])
