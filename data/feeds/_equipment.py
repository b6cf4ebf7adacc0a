"""What CODECO and COARRI share: the message's head, and each group that begins with EQD, become records about boxes.

A box's data is everything from its EQD to the next EQD, CNT or UNT (directories put the segments in different orders). The two
formats differ in a `Form`. Options, all optional: `timezone` of times without zone; `encoding` where the bytes are not UTF-8;
`codes`, the sender profile: {code: event} or {sender: {code: event}}, event also "status_only" or "unclassified"; `also_count`: kinds of
equipment to take besides CN (TE, SW).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from data.feeds import BoxRecord, DocumentRecord, Envelope, Leftover, Raw, Record, Unreadable
from data.feeds._edifact_envelope import Interchange, Message, Segment, part
from data.feeds._edifact_time import stamp
from data.feeds._equipment_choice import carriage, ship, when, where
from data.feeds._equipment_codes import FUNCTIONS, Form, Reading, event_of, reading_of, witness_of
from data.feeds._equipment_facts import Facts, gather
from data.feeds._when import BadOptions
from zones.codes import normal

if TYPE_CHECKING:
    from zones.place import Place

DIRECTIONS = {"2": "export", "3": "import", "6": "transshipment"}
FULL_EMPTY = {"4": "empty", "5": "full", "7": "full", "8": "full"}
STAYS_PUT = {"4": "remains on board", "5": "shifted on board", "7": "shortlanded", "14": "reloaded on board"}      # 8249
_NUMBER_MOST = 17               # 8260 is an..17


@dataclass(slots=True)
class Head:
    """What holds for every box of a message."""

    facts: Facts
    sender: str
    event: str
    given: str
    why: list[str]
    act: str
    function: str
    document: str
    target: str
    at: datetime | None
    envelope: Envelope
    classifier: str = "actual"
    sure: bool = False                  # the sender profile gave the event: no witness overrules it
    boxes: list[str] = field(default_factory=list)      # every box named
    clear: list[str] = field(default_factory=list)      # those of them whose own words could be read
    rejected: int = 0                                   # EQD groups that name no box we can follow


def read(raw: Raw, place: Place, options: Mapping[str, object], form: Form) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange: Envelope, then message by message its boxes and acts, faults where they are met, what was left at the end."""
    try:
        reading, encoding = reading_of(place, options, form)
    except BadOptions as error:
        yield Unreadable(reason="bad_options", position="options", scope="file", detail=str(error))
        return
    for item in Interchange(raw, form.kind, reading.zone, reading.zone_from, encoding):
        if isinstance(item, Message):
            yield from _message(item, reading)
        elif isinstance(item, Leftover):
            reading.left.add(item.name, item.example)
        else:
            yield item
    yield from reading.left.all()


def _message(message: Message, reading: Reading) -> Iterator[Record | Unreadable]:
    """All or nothing of one UNH to UNT; everything carries its unit."""
    header: list[str] = []
    group: list[str] = []
    tail: list[str] = []
    head: Head | None = None
    number = 0
    begun = ""
    into = header
    for index, at, text in message.body():
        tag = text[:3]
        if tag == "EQD":
            if head is None:
                head = _head(message, header, reading)
                if head is None:
                    yield message.unreadable("no_bgm")
                    return
            elif group:
                yield from _box(message, reading, head, group, number, begun)
            number, begun, group = number + 1, f"segment {index}, byte {at}", [text]
            into = group
        elif tag == "CNT":
            into = tail
            tail.append(text)
        else:
            into.append(text)
    if head is None:
        head = _head(message, header, reading)
    elif group:
        yield from _box(message, reading, head, group, number, begun)
    if head is None:
        yield message.unreadable("no_bgm")
        return
    yield from _ending(message, reading, head, number, [message.segments.split(text) for text in tail])


def _ending(message: Message, reading: Reading, head: Head, number: int, tail: list[Segment]) -> Iterator[Record | Unreadable]:
    """The act on an earlier document, and what the control totals say."""
    empty = False
    for segment in tail:
        if segment[0] == ["CNT"] and part(segment, 1) == "16":
            said = part(segment, 1, 1)
            empty = said.isdecimal() and int(said[:9]) == 0
            if said != str(number) and said.lstrip("0") != str(number):
                reading.left.add("CNT+16 (number of boxes is wrong)", f"says {said}, has {number}")
        else:
            reading.left.segment(segment)
    act, boxes = _act(head, number, empty)
    if act:
        yield DocumentRecord(
            position=f"{message.unit}/BGM", act=act, target=head.target, document=head.document, at=head.at, boxes=boxes, unit=message.unit
        )
    if not number and not act and not empty:
        yield message.unreadable("cancels_nothing" if head.function == "cancel" else "no_boxes")


def _act(head: Head, number: int, empty: bool) -> tuple[str, tuple[str, ...]]:
    """What the document does to the earlier one, and to which boxes; no box named means all of them.

    What cannot be read must not make an earlier statement fall away: a replacement with such a box changes only the boxes it is clear
    about, and nothing that names unreadable boxes only, or none although it should, reaches the whole document.
    """
    boxes, clear = tuple(dict.fromkeys(head.boxes)), tuple(dict.fromkeys(head.clear))
    if not head.act or not head.target or head.given == "test":
        return "", ()
    if head.act == "cancel":
        return ("cancel", boxes) if boxes or not number else ("", ())
    if head.act == "remove":
        return ("remove", boxes) if boxes else ("", ())
    if head.act == "replace" and (number or empty) and not head.rejected and set(clear) == set(boxes):
        return "replace", ()
    return ("change", clear) if clear else ("", ())


def _head(message: Message, texts: list[str], reading: Reading) -> Head | None:
    """What BGM and the rest of the header say; None without a BGM."""
    split, form = message.segments.split, reading.form
    at = next((i for i, text in enumerate(texts) if text[:3] == "BGM"), -1)
    if at < 0:
        return None
    bgm = split(texts[at])
    facts = gather(texts[:at] + texts[at + 1 :], split, reading.left)
    envelope = message.envelope or Envelope()
    sender = envelope.sender or facts.party("MS")
    code, act_code = part(bgm, 1).upper(), part(bgm, 3)
    event, given, why, classifier, sure = event_of(code, sender, facts.party("MS"), reading)
    act, function, state = FUNCTIONS.get(act_code, ("", "original", "unknown"))
    if not sure and given == "live" and (seen := witness_of(form, facts, part(bgm, 1, 3), reading.own)) not in ("", event):
        given, why = "unclassified", [f"contradicted: {code} is {event}, but the message shows {seen}"]
    if state == "provisional" and given == "live":
        given, why = "provisional", ["provisional"]
    elif state == "unknown":
        given, why = "unclassified", [f"unknown_function: {act_code[:20]}", *why]
    number, earlier = part(bgm, 2)[:100], facts.reference("ACW")[:100]
    document, target = (f"{sender}|{form.kind}|{n}" if n else "" for n in (number, earlier or number))
    if act and not target:
        act, why = "" if function == "original" else act, [*why, "no_target"] if function == "original" else why
    made = next((s for t in facts.times if t.qualifier == "137" and (s := stamp(t.text, t.form, reading.zone, reading.zone_from))), None)
    if envelope.test:
        given, why = "test", ["test", *why]
    return Head(
        facts=facts, sender=sender, event="other" if given == "unclassified" else event, given=given, why=why, act=act, function=function,
        document=document, target=target, at=made.at if made else envelope.prepared_at, envelope=envelope, classifier=classifier, sure=sure,
    )


def _box(message: Message, reading: Reading, head: Head, texts: list[str], number: int, at: str) -> Iterator[Record | Unreadable]:
    """One EQD group: a record, or why there is none."""
    form, eqd = reading.form, _eqd(message.segments.split(texts[0]))
    kind, printed = part(eqd, 1).upper(), part(eqd, 2)
    if kind not in reading.kinds and kind:
        reading.left.add(f"EQD+{kind[:10]}", printed)
        return
    equipment = normal(printed)
    if not kind or not equipment or len(equipment) > _NUMBER_MOST:
        reason = "no_equipment_kind" if not kind else "bad_box" if equipment else "no_box"
        head.rejected += 1
        yield message.unreadable(reason, printed[:40], "record", at, texts[0])
        return
    head.boxes.append(equipment)
    box, header = gather(texts[1:], message.segments.split, reading.left), head.facts
    event, given, why = _judged(box, head, form, part(eqd, 5))
    direction = DIRECTIONS.get(part(eqd, 5), "unknown")
    if (event, direction) in (("gate_in", "import"), ("gate_out", "export")):
        why.append(f"unusual_direction: {event} {direction}")
    occurred, text, odd = when(box, header, event, reading.zone, reading.zone_from, head.envelope.prepared_at)
    if occurred is None:
        given, event, why = "unclassified", "other", [*odd, *why]
    else:
        why += odd
    if given in ("live", "provisional", "status_only"):
        head.clear.append(equipment)
    location, terminal, named = where(box, header, form.ports(event, direction), form.by_ship, head.sender, reading.terminals)
    if named and reading.own and named not in reading.own:
        why.append(f"place_disagrees: {named}")
    carried, main = carriage(box, header, form.by_ship), ship(box, header)
    at_sea = main if main and not main.by_land else None
    remarks = box.remarks(header)
    if at_sea and at_sea.name and at_sea.identity:
        remarks.append(f"ship {at_sea.identity}")
    yield BoxRecord(
        position=f"{message.unit}/EQD {number}",
        equipment=equipment,
        event=event,
        occurred_at=occurred.at if occurred else None,
        occurred_text=text,
        precision=occurred.precision if occurred else "minute",
        zone_from=occurred.zone_from if occurred else reading.zone_from,
        classifier=head.classifier,
        given=given,
        why="; ".join(reason.replace(";", ",")[:200] for reason in why),
        unit=message.unit,
        location=location,
        terminal=terminal,
        mode=carried.mode if carried else "unknown",
        vehicle=carried.vehicle if carried and not form.by_ship else "",
        vessel=(at_sea.name or at_sea.identity) if at_sea else "",
        voyage=(main.voyage if main else "") or _either(box, header, "VON"),
        line=box.party("CF") or header.party("CF") or header.party("CA") or box.party("CA"),
        bill=_either(box, header, "BM"),
        declaration=_either(box, header, "ABT"),
        direction=direction,
        full_empty=FULL_EMPTY.get(part(eqd, 6), "unknown"),
        size_type=normal(part(eqd, 3))[:10],
        seals=tuple(box.sealed),
        gross_g=box.gross()[0],
        remark="; ".join(remarks)[:500],
        updated_at=head.at,
        document=head.document,
        function=head.function,
    )


def _eqd(segment: Segment) -> Segment:
    """EQD with the plus sign put back that some senders lose: EQD+CN+ZZDU1234567:45R1:102:5."""
    if len(segment) > 2 and len(segment[2]) > 2 and segment[2][2] in ("102", "") and len(segment[2][1].strip()) == 4:
        return [*segment[:2], segment[2][:1], segment[2][1:], *segment[3:]]
    return segment


def _judged(box: Facts, head: Head, form: Form, status: str) -> tuple[str, str, list[str]]:
    """(event, given, why) of one box: the message's, unless the box's own words contradict it or say that it was not moved."""
    event, given, why = head.event, head.given, list(head.why)
    seen = {found for text in box.texts if (found := form.witness(text))} | {form.codes.get(c.stage, event) for c in box.carriages}
    if given == "live" and not head.sure and seen - {event}:
        return "other", "unclassified", [f"contradicted: the message says {event}, the box {', '.join(sorted(seen))}", *why]
    if status in STAYS_PUT and given in ("live", "provisional"):
        return event, "status_only", [f"no_move: {STAYS_PUT[status]}", *why]
    return event, given, why


def _either(box: Facts, header: Facts, qualifier: str) -> str:
    return box.reference(qualifier) or header.reference(qualifier)
