"""One EQD and what stands with it, as a record: shared by every message about boxes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from data.feeds import BoxRecord, Unreadable
from data.feeds._edifact_envelope import Message, Segment, part
from data.feeds._edifact_time import Stamp
from data.feeds._equipment_choice import Where, carriage, ship
from data.feeds._equipment_codes import Reading
from data.feeds._equipment_facts import Facts
from data.feeds._equipment_head import Head
from zones.codes import normal
from zones.seals import spelled

DIRECTIONS = {"2": "export", "3": "import", "6": "transshipment"}
FULL_EMPTY = {"4": "empty", "5": "full", "7": "full", "8": "full"}
STAYS_PUT = {"4": "remains on board", "5": "shifted on board", "7": "shortlanded", "14": "reloaded on board"}  # 8249
_NUMBER_MOST = 17  # 8260 is an..17
_NUMBER = re.compile(r"[A-Z]{4}[0-9]{6,7}")


def eqd_of(segment: Segment) -> Segment:
    """EQD with the plus sign put back that some senders lose: EQD+CN+ZZDU1234567:45R1:102:5."""
    if len(segment) > 2 and len(segment[2]) > 2 and segment[2][2] in ("102", "") and len(segment[2][1].strip()) == 4:
        return [*segment[:2], segment[2][:1], segment[2][1:], *segment[3:]]
    return segment


def numbered(message: Message, reading: Reading, head: Head, eqd: Segment, at: str, text: str) -> str | Unreadable | None:
    """The number of the box; None for a kind of equipment that is not counted; why there is none. A box named is a box of the document."""
    kind, printed = part(eqd, 1).upper(), part(eqd, 2)
    if kind not in reading.kinds and kind:
        reading.left.add(f"EQD+{kind[:10]}", printed)
        return None
    equipment = normal(printed)
    if not kind or not equipment or len(equipment) > _NUMBER_MOST:
        head.rejected += 1
        reason = "no_equipment_kind" if not kind else "bad_box" if equipment else "no_box"
        return message.unreadable(reason, printed[:40], "record", at, text)
    head.boxes.append(equipment)
    return equipment


def placeholder(printed: str) -> bool:
    """Whether what stands for a number in an announcement has not even the form of one (CONTAINER1234567, KONTTI1)."""
    return _NUMBER.fullmatch(normal(printed)) is None


def size_of(eqd: Segment) -> str:
    """The size/type code; `EQD+CN+number+:::2210` has it as a text."""
    return _size(part(eqd, 3) or part(eqd, 3, 3))


@lru_cache(maxsize=1024)
def _size(text: str) -> str:
    return normal(text)[:10]


def told(
    message: Message, reading: Reading, head: Head, box: Facts, header: Facts, eqd: Segment, *, position: str, equipment: str, event: str,
    given: str, why: list[str], occurred: Stamp | None, text: str, where: Where, goods: bool = False, **more: Any,
) -> BoxRecord:  # fmt: skip
    """The record. `header`: what surrounds the box; `more`: fields that the format knows better."""
    form, size_type = reading.form, size_of(eqd)
    carried, main = carriage(box, header, form.by_ship), ship(box, header)
    at_sea = main if main and not main.by_land else None
    gross, kind = box.contents.gross(goods)
    cargo, left = box.contents.cargo(size_type, kind)
    if left:
        reading.left.add(left, equipment)
    remarks = [*more.pop("remarks", ()), *box.remarks(kind)]
    if at_sea and at_sea.name and at_sea.identity:
        remarks.append(f"ship {at_sea.identity}")
    values: dict[str, Any] = {
        "position": position,
        "equipment": equipment,
        "event": event,
        "occurred_at": occurred.at if occurred else None,
        "occurred_text": text,
        "precision": occurred.precision if occurred else "minute",
        "zone_from": occurred.zone_from if occurred else reading.zone_from,
        "classifier": head.classifier,
        "given": given,
        "why": "; ".join(reason.replace(";", ",")[:200] for reason in why),
        "unit": message.unit,
        "location": where.codes,
        "terminal": where.terminal,
        "mode": carried.mode if carried else "unknown",
        "vehicle": carried.vehicle if carried and not form.by_ship else "",
        "vessel": (at_sea.name or at_sea.identity) if at_sea else "",
        "voyage": (main.voyage if main else "") or _either(box, header, "VON"),
        "line": box.party("CF") or header.party("CF") or header.party("CA") or box.party("CA"),
        "bill": _either(box, header, "BM"),
        "booking": _either(box, header, "BN"),
        "declaration": _either(box, header, "ABT"),
        "direction": DIRECTIONS.get(part(eqd, 5), "unknown"),
        "full_empty": FULL_EMPTY.get(part(eqd, 6), "unknown"),
        "size_type": size_type,
        "seals": tuple(box.sealed),
        "sealed": spelled(box.sealers),
        "gross_g": gross,
        "cargo": cargo,
        "remark": "; ".join(remarks)[:500],
        "updated_at": head.at,
        "document": head.document,
        "function": head.function,
    }
    values.update(more)
    return BoxRecord(**values)


def _either(box: Facts, header: Facts, qualifier: str) -> str:
    return box.reference(qualifier) or header.reference(qualifier)
