"""A cargo manifest (CUSCAR) put together: boxes (EQD), bills (CNI), goods (GID), and SGP, which joins a line of goods to its boxes.

Nothing can be given before the whole message is read: a box stands in the list of equipment, its bills come later, and its weight may be
the sum of the goods of several bills.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from data.feeds import Unreadable
from data.feeds._consignment import BILLS, bills_of, consignment
from data.feeds._edifact_envelope import Message, Segment, part
from data.feeds._equipment_box import eqd_of, numbered
from data.feeds._equipment_cargo import Contents, kilograms
from data.feeds._equipment_codes import Reading
from data.feeds._equipment_facts import Facts, gather, outside
from data.feeds._equipment_head import Head, head_of
from zones.codes import normal

_OF_BOX = frozenset({"SEL", "MEA", "DIM", "TSR", "TMP", "RNG", "DGS", "FTX", "TMD", "GIS", "SGP"})  # after EQD inside of a CNI


_OF_GOODS = frozenset({"MEA", "TMP", "RNG", "DGS"})
FULLEST = Decimal(45_000)  # kg of goods; some write the weight of the whole bill into every line of it


TOLD = 200_000  # records of one message
MOST = 100_000  # boxes and consignments together, some kB each; the largest ships carry 24,000 TEU


@dataclass(slots=True)
class Box:
    """One box: its EQD where it has one, what stands with it, and what its goods are and weigh."""

    number: str
    eqd: Segment
    facts: Facts
    position: str
    goods: Decimal = Decimal(0)
    weighed: bool = True  # every line of goods that is in it says how much of it is
    lines: int = 0
    listed: bool = True  # by an EQD, not only named by a SGP


@dataclass(slots=True)
class Manifest:
    """`consignments`: the facts of each CNI within the header's, and the boxes of it in the order in which they are named."""

    head: Head
    boxes: dict[str, Box] = field(default_factory=dict)
    consignments: list[tuple[Facts, list[str]]] = field(default_factory=list)
    tail: list[Segment] = field(default_factory=list)
    faults: list[Unreadable] = field(default_factory=list)
    met: int = 0  # EQD of a kind that counts
    joined: bool = False  # whether any SGP was met
    told: int = 0  # records that come of it: a consignment tells of each of its boxes with each of its bills
    too_long: bool = False  # more than any ship carries: nothing of it is taken


def manifest_of(message: Message, reading: Reading) -> Manifest | None:
    """The whole message; None without a BGM."""
    groups = _groups(message)
    head = head_of(message, [text for _, text in next(groups)], reading)
    if head is None:
        return None
    found = Manifest(head)
    for group in groups:
        found.too_long = found.too_long or len(found.boxes) + len(found.consignments) > MOST or found.told > TOLD
        if found.too_long:
            break
        tag = group[0][1][:3]
        if tag == "EQD":
            _equipment(message, reading, found, group)
        elif tag == "CNT":
            found.tail += [message.segments.split(text) for _, text in group]
        else:
            _bill(message, reading, found, group)
    return found


def _groups(message: Message) -> Iterator[list[tuple[str, str]]]:
    """The header; then each EQD before the consignments, each CNI with all that is in it, and what follows the last of them from CNT on."""
    group: list[tuple[str, str]] = []
    tail: list[tuple[str, str]] = []
    inside = goods = False
    for index, at, text in message.body():
        tag, here = text[:3], (f"segment {index}, byte {at}", text)
        if tag == "CNT":  # a CNI may have control totals of its own: those at the end are the message's
            tail.append(here)
            continue
        # Goods without a CNI are one consignment; and a bill named behind goods begins the next one (D16A: many bills in one CNI).
        bill = tag == "RFF" and goods and part(message.segments.split(text), 1) in BILLS
        if tag == "CNI" or bill or (tag in ("EQD", "GID") and not inside):
            yield [*group, *(tail if inside else ())]
            group = [("", "CNI")] if tag not in ("CNI", "EQD") else []
            inside, goods = inside or tag != "EQD", False
        else:
            group += tail
        goods = goods or tag == "GID"
        tail = []
        group.append(here)
    yield group
    if tail:
        yield tail


def _equipment(message: Message, reading: Reading, found: Manifest, group: list[tuple[str, str]]) -> str:
    """One EQD and its segments; its number, "" if it is no box that counts."""
    at, text = group[0]
    eqd = eqd_of(message.segments.split(text))
    name = numbered(message, reading, found.head, eqd, at, text)
    facts = gather([more for _, more in group[1:]], message.segments.split, reading.left, reading.form.takes)
    found.met += name is not None
    if isinstance(name, Unreadable):
        found.faults.append(name)
    if not isinstance(name, str):
        return ""
    known = found.boxes.get(name)
    if known is not None and known.listed:
        reading.left.add("EQD named again", text)
    elif known is not None:  # the list of boxes may stand behind the goods
        _into(facts.contents, known.facts.contents)
        known.eqd, known.facts, known.listed = eqd, facts, True
    else:
        found.boxes[name] = Box(name, eqd, facts, f"{message.unit}/EQD {found.met}")
    return name


def _bill(message: Message, reading: Reading, found: Manifest, group: list[tuple[str, str]]) -> None:
    """One CNI: its own segments, the boxes in it, and its lines of goods."""
    own: list[str] = [group[0][1]]
    lines: list[list[str]] = [[]]  # [0] is what stands before the first GID
    names: list[str] = []
    inside: list[str] = []  # listed in the CNI: of it where no SGP says more
    box: list[tuple[str, str]] = []
    for at, text in [*group[1:], ("", "")]:
        tag = text[:3]
        if box and (tag not in _OF_BOX or tag == "SGP"):
            inside += filter(None, [_equipment(message, reading, found, box)])
            box = []
        if tag == "EQD":
            box = [(at, text)]
        elif box:
            box.append((at, text))
        elif tag == "GID":
            lines.append([text])
        elif text and (len(lines) > 1 or tag == "SGP" or (lines[0] and tag == "MEA" and lines[0][-1][:3] == "SGP")):
            lines[-1].append(text)
        elif text:
            own.append(text)
    facts = consignment(message, reading, found.head, own)
    for line in lines:
        names += _goods(message, reading, found, line)
    names = names or inside
    found.consignments.append((facts, list(dict.fromkeys(names))))
    found.told += len(found.consignments[-1][1]) * max(len(bills_of(facts)), 1)
    if not names:
        reading.left.add("CNI without a box", group[0][1])


def _goods(message: Message, reading: Reading, found: Manifest, line: list[str]) -> list[str]:
    """One GID (or what stands for it): its boxes. What it weighs is a box's where it is in one box only, or where SGP says how much is."""
    split = message.segments.split
    own: list[str] = []
    placed: dict[str, Decimal | None] = {}
    last = ""
    for text in line:
        tag = text[:3]
        if tag == "SGP":
            found.joined = True
            last = _placed(message, reading, found, split(text))
            if last:
                placed.setdefault(last, None)
        elif tag == "MEA" and last and (weight := kilograms(split(text))) is not None:
            placed[last] = (placed[last] or Decimal(0)) + weight
        elif tag in _OF_GOODS:
            own.append(text)
            last = ""
        elif tag != "GID":
            reading.left.segment(split(text))
            last = ""
    facts = gather(own, split, reading.left, reading.form.takes)
    if not placed:
        outside(facts, reading.left)
    weight = facts.contents.weights.get("G") or facts.contents.weights.get("AAB")
    if weight is not None and len(placed) > 1 and None in placed.values():
        reading.left.add("GID weight of several boxes together", line[0])
    for name, part_ in placed.items():
        box = found.boxes[name]
        told = part_ if part_ is not None else weight if len(placed) == 1 else None
        if told is not None and told > FULLEST:
            reading.left.add("MEA of goods that no box can hold", line[0])
            told = None
        box.lines, box.weighed = box.lines + 1, box.weighed and told is not None
        box.goods += told or Decimal(0)
        _into(box.facts.contents, facts.contents)
    return list(placed)


def _placed(message: Message, reading: Reading, found: Manifest, sgp: Segment) -> str:
    """The box of a SGP; one that no EQD lists is a box all the same."""
    name = normal(part(sgp, 1))
    if name in found.boxes:
        return name
    if len(found.boxes) > MOST:
        found.too_long = True
        return ""
    eqd = [["EQD"], ["CN"], [part(sgp, 1)]]
    if not name or isinstance(numbered(message, reading, found.head, eqd, "SGP", "SGP"), Unreadable):
        reading.left.segment(sgp)
        return ""
    found.met += 1
    found.boxes[name] = Box(name, eqd, Facts(reading.form.takes), f"{message.unit}/SGP {found.met}", listed=False)
    return name


def _into(box: Contents, goods: Contents) -> None:
    """What a line of goods says of the cargo is so of every box it is in."""
    box.dangerous += [danger for danger in goods.dangerous if danger not in box.dangerous]
    box.temperature = goods.temperature if box.temperature is None else box.temperature
    box.range = box.range or goods.range
