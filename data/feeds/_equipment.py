"""What the messages about boxes share: the message's head, and each group that begins with EQD, become records about boxes.

A box's data is everything from its EQD to the next EQD, CNT or UNT (directories put the segments in different orders). The formats
differ in a `Form`; those whose groups are built otherwise (IFTSTA, BAPLIE, CUSCAR) hand in how a message is told. Options, all optional:
`timezone` of times without zone; `encoding` where the bytes are not UTF-8; `codes`, the sender profile: {code: event} or
{sender: {code: event}}, event also "status_only" or "unclassified"; `also_count`: kinds of equipment to take besides CN (TE, SW).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from data.feeds import Leftover, Raw, Record, Unreadable
from data.feeds._edifact_envelope import Interchange, Message, Segment, part
from data.feeds._equipment_box import DIRECTIONS, STAYS_PUT, eqd_of, numbered, placeholder, size_of, told
from data.feeds._equipment_choice import when, where
from data.feeds._equipment_codes import Form, Reading, reading_of
from data.feeds._equipment_facts import Facts, gather
from data.feeds._equipment_head import Head, act_of, counted, head_of
from data.feeds._equipment_plan import as_planned, planned
from data.feeds._when import BadOptions

if TYPE_CHECKING:
    from zones.place import Place

Told = Iterator[Record | Unreadable]
CLEAR = ("live", "provisional", "status_only")


def read(
    raw: Raw, place: Place, options: Mapping[str, object], form: Form, tell: Callable[[Message, Reading], Told] | None = None
) -> Iterator[Record | Unreadable | Leftover]:
    """One interchange: Envelope, then message by message its boxes and acts, faults where they are met, what was left at the end."""
    try:
        reading, encoding = reading_of(place, options, form)
    except BadOptions as error:
        yield Unreadable(reason="bad_options", position="options", scope="file", detail=str(error))
        return
    for item in Interchange(raw, form.kind, reading.zone, reading.zone_from, encoding):
        if isinstance(item, Message):
            yield from (tell or boxes_of)(item, reading)
        elif isinstance(item, Leftover):
            reading.left.add(item.name, item.example)
        else:
            yield item
    yield from reading.left.all()


def boxes_of(message: Message, reading: Reading) -> Told:
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
                head = head_of(message, header, reading)
                if head is None:
                    break
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
        head = head_of(message, header, reading)
    elif group:
        yield from _box(message, reading, head, group, number, begun)
    if head is None:
        yield message.unreadable("no_bgm")
        return
    yield from ending(message, reading, head, number, [message.segments.split(text) for text in tail])


def ending(message: Message, reading: Reading, head: Head, number: int, tail: list[Segment], declared: int | None = None) -> Told:
    """The act on an earlier document, and what the control totals say. `declared`: boxes that CNT+16 counts, where that is not `number`."""
    empty = any([counted(reading, segment, number if declared is None else declared) for segment in tail])
    acts = list(act_of(message, head, number, empty))
    yield from acts
    if not number and not acts and not empty:
        yield message.unreadable("cancels_nothing" if head.function == "cancel" else "no_boxes")


def _box(message: Message, reading: Reading, head: Head, texts: list[str], number: int, at: str) -> Told:
    """One EQD group: a record, or why there is none."""
    form, eqd, header = reading.form, eqd_of(message.segments.split(texts[0])), head.facts
    if form.unnumbered and _nameless(message, reading, head, eqd, texts):
        return
    equipment = numbered(message, reading, head, eqd, at, texts[0])
    if equipment is None or isinstance(equipment, Unreadable):
        yield from () if equipment is None else (equipment,)
        return
    box = gather(texts[1:], message.segments.split, reading.left, form.takes)
    event, given, why = _judged(box, head, form, part(eqd, 5))
    direction = DIRECTIONS.get(part(eqd, 5), "unknown")
    if not form.plans and (event, direction) in (("gate_in", "import"), ("gate_out", "export")):
        why.append(f"unusual_direction: {event} {direction}")
    if form.plans:
        occurred, text, odd = planned(box, header, event, reading.zone, reading.zone_from)
        given, why = as_planned(given, why, occurred, odd)
    else:
        occurred, text, odd = when(box, header, event, reading.zone, reading.zone_from, head.envelope.prepared_at)
        given, event, why = (given, event, why + odd) if occurred else ("unclassified", "other", [*odd, *why])
    if given in CLEAR:
        head.clear.append(equipment)
    at_place = where(box, header, form.ports(event, direction), form.by_ship, None if form.plans else head.sender, reading.terminals)
    if not form.plans and at_place.named and reading.own and at_place.named not in reading.own:
        why.append(f"place_disagrees: {at_place.named}")
    # A plan names the place it is for: what is ordered of another depot is not expected here.
    yield told(
        message, reading, head, box, header, eqd, position=f"{message.unit}/EQD {number}", equipment=equipment, event=event, given=given,
        why=why, occurred=occurred, text=text, where=at_place, goods=form.plans, only_declared=form.plans and bool(at_place.named),
    )  # fmt: skip


def _nameless(message: Message, reading: Reading, head: Head, eqd: Segment, texts: list[str]) -> bool:
    """An order for boxes that have no number yet, or a stand-in for one: nobody's record, but said in so many words what was ordered."""
    printed = part(eqd, 2)
    if part(eqd, 1).upper() not in reading.kinds or (printed and not placeholder(printed)):
        return False
    box = gather(texts[1:], message.segments.split, reading.left, reading.form.takes)
    booking = (box.reference("BN") or head.facts.reference("BN") or "not named")[:40]
    ordered = f"booking {booking}, {box.number} x {size_of(eqd) or 'any type'}"
    what = f"EQD with a placeholder for a number ({printed[:20]}, {ordered})" if printed else f"EQD without a number ({ordered})"
    reading.left.add(what, "+".join(":".join(element) for element in eqd), box.number)
    return True


def _judged(box: Facts, head: Head, form: Form, status: str) -> tuple[str, str, list[str]]:
    """(event, given, why) of one box: the message's, unless the box's own words contradict it or say that it was not moved."""
    event, given, why = head.event, head.given, list(head.why)
    seen = {found for text in box.texts if (found := form.witness(text))}
    if not form.plans:
        seen |= {form.codes.get(c.stage, event) for c in box.carriages}
    if given == "live" and not head.sure and seen - {event}:
        return "other", "unclassified", [f"contradicted: the message says {event}, the box {', '.join(sorted(seen))}", *why]
    if status in STAYS_PUT and given in ("live", "provisional"):
        return event, "status_only", [f"no_move: {STAYS_PUT[status]}", *why]
    return event, given, why
