"""IFTSTA: where a carrier or forwarder says that a consignment and its boxes are (UN/EDIFACT, any directory).

A second witness: it tells of places everywhere, so only what names a declared place moves a box here, and it speaks for nothing unless
a feed is declared so. CNI (consignment), in it STS (status), in it the boxes (EQD, else RFF+EQ). Which codes are movements or customs
facts: `_status`; all others are kept as status only. Options: `_equipment`; the codes of the sender profile are those of STS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from data.feeds import FactRecord, Leftover, Raw, Record, Unreadable
from data.feeds import _equipment as equipment
from data.feeds._consignment import bills_of, consignment
from data.feeds._edifact_envelope import Message, Segment
from data.feeds._edifact_parts import split
from data.feeds._edifact_time import Stamp
from data.feeds._equipment_box import eqd_of, numbered, told
from data.feeds._equipment_choice import ship, when, where
from data.feeds._equipment_codes import Form, Reading
from data.feeds._equipment_facts import Facts, Takes, gather, outside
from data.feeds._equipment_head import Head, head_of
from data.feeds._status import OVER_THE_QUAY, Judged, judged_of

if TYPE_CHECKING:
    from zones.place import Place

__all__ = ["SPEAKS_FOR", "VERSION", "read", "split"]

VERSION = 1
SPEAKS_FOR: frozenset[str] = frozenset()  # a second witness: a terminal's own word is believed before it

_TAKES = Takes(times=frozenset({"334"}), places=frozenset({"7", "99"}))
FORM = Form("IFTSTA", {}, frozenset(), frozenset(), lambda event, direction: "", lambda text: "", by_ship=False, takes=_TAKES)
_TIMES = ("334", "7", "203")
MOST = 100_000  # facts about bills in one message


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange. Nothing of a UNH is given before its UNT is seen."""
    return equipment.read(raw, place, options, FORM, _message)


def _message(message: Message, reading: Reading) -> equipment.Told:
    """The groups of a message: header, then each CNI with its statuses. A status before any CNI is of the whole message."""
    header: list[str] = []
    around: list[str] = []  # the CNI that is open, as long as no STS was met in it
    status: list[tuple[str, str]] = []
    tail: list[Segment] = []
    head: Head | None = None
    within, cni, sts = Facts(), 0, 0
    for index, at, text in (*message.body(), (0, 0, "")):
        tag = text[:3]
        if head is None and tag in ("CNI", "STS", "CNT", ""):
            head = head_of(message, header, reading)
            if head is None:
                yield message.unreadable("no_bgm")
                return
            within = head.facts
        if head is None:
            header.append(text)
            continue
        if status and tag in ("CNI", "STS", "CNT", ""):
            yield from _status(message, reading, head, within, status, f"{message.unit}/CNI {cni}/STS {sts}")
            status = []
        if around and tag in ("CNI", "STS", ""):
            within = consignment(message, reading, head, around)
            if tag != "STS":
                reading.left.add("CNI without a status", around[0])
            around = []
        if tail and tag not in ("CNT", ""):  # totals of a consignment; those of the message stand at its end
            for segment in tail:
                reading.left.segment(segment)
            tail = []
        if tag == "CNI":
            cni, sts, around = cni + 1, 0, [text]
        elif tag == "STS":
            sts, status = sts + 1, [(f"segment {index}, byte {at}", text)]
        elif tag == "CNT":
            tail.append(message.segments.split(text))
        elif status:
            status.append((f"segment {index}, byte {at}", text))
        elif text and around:
            around.append(text)
        elif text:
            reading.left.segment(message.segments.split(text))
    if head is not None:
        if not (cni or sts) and head.function != "cancel":
            yield message.unreadable("no_status")
            return
        yield from equipment.ending(message, reading, head, len(head.boxes) or cni or sts, tail, len(head.boxes))


def _status(message: Message, reading: Reading, head: Head, within: Facts, status: list[tuple[str, str]], position: str) -> equipment.Told:
    """One STS and the boxes in its group: a record a box, and the customs fact if it is one."""
    split_, texts = message.segments.split, [text for _, text in status]
    starts = [n for n, each in enumerate(texts) if each[:3] == "EQD"] or [len(texts)]
    around = outside(gather(texts[1 : starts[0]], split_, reading.left, _TAKES), reading.left).within(within)
    judged = judged_of(split_(texts[0]), head, around, reading)
    groups = [(status[a], texts[a + 1 : b]) for a, b in zip(starts, [*starts[1:], len(texts)], strict=True) if a < b]
    boxes = [(eqd_of(split_(text)), at, text, more) for (at, text), more in groups]
    if not boxes:
        at, text = status[0]
        named = enumerate(around.references.get("EQ", []), 1)
        boxes = [([["EQD"], ["CN"], [number]], f"{at}, RFF+EQ {n}", text, []) for n, number in named]
    for number, (eqd, at, text, more) in enumerate(boxes, 1):
        name = numbered(message, reading, head, eqd, at, text)
        if isinstance(name, Unreadable):
            yield name
        elif name is not None:
            box = gather(more, split_, reading.left, _TAKES)
            yield from _box(message, reading, head, around, box, eqd, name, f"{position}/EQD {number}", judged)
    if not boxes and judged.meaning.fact:
        yield from _of_bills(message, reading, head, around, position, judged)
    elif not boxes:
        reading.left.add(f"STS+{judged.code} without a box", texts[0])


def _box(
    message: Message, reading: Reading, head: Head, around: Facts, box: Facts, eqd: Segment, name: str, position: str, judged: Judged
) -> equipment.Told:
    event, given, why = judged.event, judged.given, list(judged.why)
    occurred, text, odd = _when(box.within(around), head, event, reading)
    given, event, why = (given, event, why + odd) if occurred else ("unclassified", "other", [*odd, *why])
    if given in equipment.CLEAR:
        head.clear.append(name)
    place = where(box, around, judged.meaning.ports, False, None, reading.terminals)
    main = ship(box, around)
    over = {"mode": main.mode, "vehicle": ""} if main and event in OVER_THE_QUAY else {}
    record = told(
        message, reading, head, box, around, eqd, position=position, equipment=name, event=event, given=given, why=why, occurred=occurred,
        text=text, where=place, goods=True, only_declared=True, **over,
    )  # fmt: skip
    yield record
    if judged.meaning.fact:
        yield _fact(message, head, judged, f"{position}/customs", occurred, text, "equipment", name, bill=record.bill, equipment=name,
                    declaration=record.declaration, booking=record.booking, location=place.codes)  # fmt: skip


def _when(own: Facts, head: Head, event: str, reading: Reading) -> tuple[Stamp | None, str, list[str]]:
    """The time of a status; what the header says is the time of the message, and what stands behind a TDT is the ship's."""
    facts, of_message = Facts(_TAKES), frozenset(head.facts.times)
    facts.times = [time for time in own.times if time not in of_message]
    return when(facts, head.facts, event, reading.zone, reading.zone_from, head.envelope.prepared_at, _TIMES)


def _of_bills(message: Message, reading: Reading, head: Head, around: Facts, position: str, judged: Judged) -> equipment.Told:
    """A customs fact that names no box: it is about the bills, else about the bookings, else about the declaration."""
    occurred, text, _ = _when(around, head, "other", reading)
    place = where(around, around, "", False, None, reading.terminals).codes
    declared = around.reference("ABT")
    kinds = (("bill", bills_of(around)), ("booking", around.references.get("BN", [])), ("declaration", [declared] if declared else []))
    kind, numbers = next((found for found in kinds if found[1]), ("", []))
    head.facts_told += len(numbers)
    if head.facts_told > MOST:  # each status of a consignment would tell of each of its bills
        reading.left.add(f"STS+{judged.code} of more bills than a message can tell of", numbers[0] if numbers else "", max(len(numbers), 1))
        return
    for n, reference in enumerate(numbers, 1):
        more = {"declaration": declared, kind: reference}
        yield _fact(message, head, judged, f"{position}/{kind} {n}", occurred, text, kind, reference, location=place, **more)
    if not numbers:
        reading.left.add(f"STS+{judged.code} without a box")


def _fact(
    message: Message, head: Head, judged: Judged, position: str, occurred: Stamp | None, text: str, about: str, reference: str, **more: Any
) -> FactRecord:
    """A release or hold that the publisher tells of. Its agency is the publisher: a carrier's word lifts no hold of customs."""
    key = head.target if head.act else head.document
    given, why = judged.given, [reason for reason in judged.why if not reason.startswith("status_code")]
    given = head.given if given == "status_only" else given
    if head.function == "cancel" and not key:
        given, why = "unclassified", ["no_target", *why]
    return FactRecord(
        position=position, kind=judged.meaning.fact, about=about, reference=reference, reason=judged.meaning.words,
        effective_at=occurred.at if occurred else None, effective_text=text, precision=occurred.precision if occurred else "minute",
        zone_from=occurred.zone_from if occurred else "place", given=given, why="; ".join(reason.replace(";", ",")[:200] for reason in why),
        unit=message.unit, only_declared=True, source_id=f"{key}|{judged.code}|{reference}" if key else "", updated_at=head.at,
        function="cancel" if head.function == "cancel" else "original", **more,
    )  # fmt: skip
