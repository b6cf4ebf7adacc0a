"""BAPLIE: what is on board a ship, cell by cell (UN/EDIFACT, SMDG versions 1.5 to 3).

Not an event: a box whose port of discharge is this place is expected to be discharged here (`estimated`, at the ship's arrival); all others
are counted in the leftovers, so that the sum is that of the message. LOC+147 opens each box (in some messages EQD); port of discharge is
LOC+11, in SMDG15 LOC+12. A later plan of the same sender, ship and voyage replaces the earlier one, whatever their numbers. Options:
`_equipment`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import TYPE_CHECKING

from data.feeds import Leftover, Raw, Record, Unreadable
from data.feeds import _equipment as equipment
from data.feeds._edifact_envelope import Message, Segment, part
from data.feeds._edifact_parts import split
from data.feeds._equipment_box import eqd_of, numbered, told
from data.feeds._equipment_choice import ship, where
from data.feeds._equipment_codes import Form, Reading
from data.feeds._equipment_facts import Facts, Takes, gather
from data.feeds._equipment_head import Head, head_of, supersedes
from data.feeds._equipment_plan import as_planned, planned

if TYPE_CHECKING:
    from zones.place import Place

__all__ = ["SPEAKS_FOR", "VERSION", "read", "split"]

VERSION = 1
SPEAKS_FOR: frozenset[str] = frozenset()  # what is on board says nothing of what happened ashore

_CELL = "LOC+147"
Cell = Generator[Record | Unreadable, None, int]
# RFF+BM:1 is what senders write because the segment is mandatory: it is nobody's bill.
_TAKES = Takes(times=frozenset({"132"}), places=frozenset({"12", "61"}), weights=frozenset({"WT"}), dummy="1")


def _ports(event: str, direction: str) -> str:
    return "11 12"


FORM = Form("BAPLIE", {}, frozenset(), frozenset(), _ports, lambda text: "", by_ship=True, takes=_TAKES, plans=True)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange. Nothing of a UNH is given before its UNT is seen."""
    return equipment.read(raw, place, options, FORM, _message)


def _message(message: Message, reading: Reading) -> equipment.Told:
    header: list[str] = []
    group: list[tuple[str, str]] = []
    tail: list[Segment] = []
    head: Head | None = None
    opener, cells, boxes = "", 0, 0
    for index, at, text in (*message.body(), (0, 0, "")):
        # The cell opens a group; some write the box first and the cell after it. What comes first in the message tells.
        tag = _CELL if _is_cell(message, text) else text[:3]
        opener = opener or (tag if tag in (_CELL, "EQD") else "")
        opens = tag == opener != ""
        if head is None and (opens or not text):
            head = _head(message, header, reading)
            if head is None:
                yield message.unreadable("no_bgm")
                return
        if head is None:
            header.append(text)
            continue
        if group and (opens or text[:3] in ("CNT", "")):
            boxes += yield from _cell(message, reading, head, group, cells)
            group = []
        if opens:
            cells, group = cells + 1, [(f"segment {index}, byte {at}", text)]
        elif text[:3] == "CNT":
            tail.append(message.segments.split(text))
        elif group:
            group.append((f"segment {index}, byte {at}", text))
        elif text:
            reading.left.segment(message.segments.split(text))
    if head is not None:
        # A ship may have nothing on board; a plan without any cell replaces no earlier one.
        yield from equipment.ending(message, reading, head, cells, tail, boxes)


def _is_cell(message: Message, text: str) -> bool:
    mark = f"LOC{message.segments.syntax.element}147"
    return text.startswith(mark) and text[len(mark) : len(mark) + 1] in ("", message.segments.syntax.element)


def _head(message: Message, header: list[str], reading: Reading) -> Head | None:
    """The head; the plan is the state of the voyage, so the voyage is its key."""
    head = head_of(message, header, reading)
    if head is None:
        return None
    head.classifier = "estimated"
    main = ship(head.facts, Facts())
    vessel, voyage = (main.identity or main.name, main.voyage) if main else ("", "")
    if vessel and (voyage := voyage or head.facts.reference("VON")):
        supersedes(head, f"{head.sender}|BAPLIE|{vessel}|{voyage}"[:200])
    nearest = head.facts.locode("61")
    for time in [time for time in head.facts.times if time.qualifier in ("132", "178")]:
        # 178 is the arrival at the port that the ship leaves; 132 that at the next port, which may be another than this.
        if time.qualifier == "178" or (nearest and nearest not in reading.own):
            head.facts.times.remove(time)
            reading.left.add(f"DTM+{time.qualifier} (of another port)", f"{time.shown} {nearest}".strip())
    return head


def _cell(message: Message, reading: Reading, head: Head, group: list[tuple[str, str]], cell: int) -> Cell:
    """One LOC+147 and all that stands with it. Returns how many boxes it holds."""
    split_ = message.segments.split
    eqds = [(at, eqd_of(split_(text)), text) for at, text in group if text[:3] == "EQD"]
    boxes = [found for found in eqds if part(found[1], 1).upper() in reading.kinds or not part(found[1], 1)]
    ports = {part(s, 1): s for _, text in group if text[:3] == "LOC" and part(s := split_(text), 1) in ("11", "12")}
    port = next((part(ports[q], 2).upper().replace(" ", "") for q in ("11", "12") if q in ports), "")
    for _, eqd, text in eqds:
        if (_, eqd, text) not in boxes:
            reading.left.add(f"EQD+{part(eqd, 1)[:10]}", part(eqd, 2))
    if not boxes:
        reading.left.add("LOC+147 without a box", group[0][1])
        return 0
    if port not in reading.own:
        reading.left.add("EQD for another port of discharge" if port else "EQD without a port of discharge", boxes[0][2], len(boxes))
        return len(boxes)
    cells = [text for _, text in group if _is_cell(message, text)]
    more = [text for _, text in group if text[:3] != "EQD" and text not in cells[:1]]
    facts = gather(more, split_, reading.left, _TAKES)
    for number, (at, eqd, text) in enumerate(boxes, 1):
        if not part(eqd, 2):
            reading.left.add("EQD without a number, for this port", text)
            continue
        name = numbered(message, reading, head, eqd, at, text)
        if isinstance(name, Unreadable):
            yield name
        elif name is not None:
            yield _box(message, reading, head, facts, eqd, name, f"{message.unit}/LOC+147 {cell}/EQD {number}", split_((cells or [""])[0]))
    return len(boxes)


def _box(message: Message, reading: Reading, head: Head, facts: Facts, eqd: Segment, name: str, position: str, cell: Segment) -> Record:
    event = "other" if head.given == "unclassified" else "discharge"
    occurred, text, odd = planned(facts, head.facts, "discharge", reading.zone, reading.zone_from)
    given, why = as_planned(head.given, head.why, occurred, odd)
    if given in equipment.CLEAR:
        head.clear.append(name)
    place = where(facts, Facts(), "11 12", False, None, reading.terminals)
    stowed = part(cell, 2)[:20]
    return told(
        message, reading, head, facts, head.facts, eqd, position=position, equipment=name, event=event, given=given, why=why,
        occurred=occurred, text=text, where=place, goods=True, only_declared=True, mode="vessel",
        remarks=[f"cell {stowed}"] if stowed.strip("0") else [],
    )  # fmt: skip
