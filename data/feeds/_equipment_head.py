"""What holds for every box of a message: what BGM and the rest of the header say, and what the document does to an earlier one (1225)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from data.feeds import DocumentRecord, Envelope
from data.feeds._edifact_envelope import Message, Segment, part
from data.feeds._edifact_time import stamp
from data.feeds._equipment_codes import FUNCTIONS, Reading, event_of, witness_of
from data.feeds._equipment_facts import Facts, gather, outside


@dataclass(slots=True)
class Head:
    """What holds for every box of a message."""

    facts: Facts
    code: str
    number: str
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
    sure: bool = False  # the sender profile gave the event: no witness overrules it
    boxes: list[str] = field(default_factory=list)  # every box named
    clear: list[str] = field(default_factory=list)  # those of them whose own words could be read
    facts_told: int = 0  # customs facts about bills given so far
    rejected: int = 0  # EQD groups that name no box we can follow


def head_of(message: Message, texts: list[str], reading: Reading) -> Head | None:
    """What BGM and the rest of the header say; None without a BGM."""
    split, form = message.segments.split, reading.form
    at = next((i for i, text in enumerate(texts) if text[:3] == "BGM"), -1)
    if at < 0:
        return None
    bgm = split(texts[at])
    facts = outside(gather(texts[:at] + texts[at + 1 :], split, reading.left, form.takes), reading.left)
    envelope = message.envelope or Envelope()
    sender = envelope.sender or facts.party("MS")
    code, act_code = part(bgm, 1).upper(), part(bgm, 3)
    event, given, why, classifier, sure = event_of(code, sender, facts.party("MS"), reading)
    act, function, state = FUNCTIONS.get(act_code, ("", "original", "unknown"))
    seen = witness_of(form, facts, part(bgm, 1, 3), reading.own) if form.codes and not sure and given == "live" else ""
    if seen not in ("", event):
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
        facts=facts,
        code=code,
        number=number,
        sender=sender,
        event="other" if given == "unclassified" else event,
        given=given,
        why=why,
        act=act,
        function=function,
        document=document,
        target=target,
        at=made.at if made else envelope.prepared_at,
        envelope=envelope,
        classifier=classifier,
        sure=sure,
    )


def supersedes(head: Head, key: str) -> None:
    """The message is the latest state of something that has a key of its own, whatever its document is numbered: an original replaces
    what was said under the key before; an act on an earlier one is one on the key."""
    head.document = head.target = key
    if head.function == "original" and not head.act and head.given == "live":
        head.act = "replace"
    head.why = [reason for reason in head.why if reason != "no_target"]


def act_of(message: Message, head: Head, number: int, empty: bool) -> Iterator[DocumentRecord]:
    """The act on the earlier document, if there is one. `number`: EQD groups met; `empty`: the message says that there are none."""
    act, boxes = _act(head, number, empty)
    if act:
        yield DocumentRecord(
            position=f"{message.unit}/BGM", act=act, target=head.target, document=head.document, at=head.at, boxes=boxes, unit=message.unit
        )


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


def counted(reading: Reading, segment: Segment, number: int) -> bool:
    """CNT+16 against the boxes met; True if it says that there are none. Any other segment is left over."""
    if segment[0] != ["CNT"] or part(segment, 1) != "16":
        reading.left.segment(segment)
        return False
    said = part(segment, 1, 1)
    if said != str(number) and said.lstrip("0") != str(number):
        reading.left.add("CNT+16 (number of boxes is wrong)", f"says {said}, has {number}")
    return said.isdecimal() and int(said[:9]) == 0
