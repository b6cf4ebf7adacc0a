"""One event in one form, whatever the version: 2.2 is flat, 3.0 nested, the beta of 3.0 an envelope (metadata) and a payload.

The fast way decodes many events of one version into Structs, with the parts that many events share (`_dcsa_parts`) left as bytes. Written
back, they must have as many names as before: then no field was passed over and none occurred twice. Whatever does not fit is taken field
by field (`_dcsa_any`), with the same outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.structs import astuple

from data.feeds._dcsa_parts import Call, Party, Spot, event_routing, location, transport_call, transport_details
from data.feeds._dcsa_take import ODD
from data.feeds._seals import dcsa_word
from zones.seals import spelled

Text = str | None | UnsetType
Bytes = Raw | UnsetType
_NAMES = (b'":', b'" :')


class Numbered(Struct, gc=False, omit_defaults=True):
    """A reference of any version: 2.2's documents, its other references, 3.0's."""

    documentReferenceType: Text = UNSET
    documentReferenceValue: Text = UNSET
    referenceType: Text = UNSET
    referenceValue: Text = UNSET
    typeCode: Text = UNSET
    reference: Text = UNSET


class Seal(Struct, gc=False, omit_defaults=True):
    """A seal of 2.2 or 3.0."""

    sealNumber: Text = UNSET
    sealSource: Text = UNSET
    sealType: Text = UNSET
    number: Text = UNSET
    source: Text = UNSET
    type: Text = UNSET
    placement: Text = UNSET


References = list[Numbered] | UnsetType


class Flat(Struct, gc=False, omit_defaults=True):
    """An event of 2.2 as most come."""

    eventID: Text = UNSET
    eventType: Text = UNSET
    eventCreatedDateTime: Text = UNSET
    eventDateTime: Text = UNSET
    eventClassifierCode: Text = UNSET
    equipmentEventTypeCode: Text = UNSET
    transportEventTypeCode: Text = UNSET
    shipmentEventTypeCode: Text = UNSET
    equipmentReference: Text = UNSET
    ISOEquipmentCode: Text = UNSET
    emptyIndicatorCode: Text = UNSET
    documentID: Text = UNSET
    documentTypeCode: Text = UNSET
    reason: Text = UNSET
    delayReasonCode: Text = UNSET
    changeRemark: Text = UNSET
    eventLocation: Bytes = UNSET
    transportCall: Bytes = UNSET
    documentReferences: References = UNSET
    references: References = UNSET
    seals: list[Seal] | UnsetType = UNSET


class Classified(Struct, gc=False, omit_defaults=True):
    """3.0's eventClassification."""

    eventTypeCode: Text = UNSET
    eventClassifierCode: Text = UNSET
    equipmentEventTypeCode: Text = UNSET
    transportEventTypeCode: Text = UNSET
    shipmentEventTypeCode: Text = UNSET


class Equipment(Struct, gc=False, omit_defaults=True):
    """3.0's equipmentDetails."""

    equipmentReference: Text = UNSET
    ISOEquipmentCode: Text = UNSET
    emptyIndicatorCode: Text = UNSET
    movementType: Text = UNSET
    seals: list[Seal] | UnsetType = UNSET


class Shipment(Struct, gc=False, omit_defaults=True):
    """3.0's shipmentDetails."""

    documentReference: Numbered | UnsetType = UNSET
    additionalDocumentReferences: References = UNSET
    shipmentReferences: References = UNSET
    reason: Text = UNSET


class Nested(Struct, gc=False, omit_defaults=True):
    """An event of 3.0 as most come."""

    eventRouting: Bytes = UNSET
    eventID: Text = UNSET
    eventDateTime: Text = UNSET
    eventUpdatedDateTime: Text = UNSET
    eventLocation: Bytes = UNSET
    eventClassification: Classified | UnsetType = UNSET
    shipmentDetails: Shipment | UnsetType = UNSET
    transportDetails: Bytes = UNSET
    equipmentDetails: Equipment | UnsetType = UNSET


class Told(Struct, gc=False):
    """An event as it was told; texts "" where it says nothing. `left`: its own fields that nothing took, (path, example); the parts have
    theirs. `about` and `number` are the document that the event is about, `boxes` those it refers to."""

    id: str
    kind: str
    classifier: str
    code: str
    when: str
    updated: str
    equipment: str
    iso: str
    empty: str
    spot: Spot
    call: Call
    party: Party
    bill: str = ""
    booking: str = ""
    declaration: str = ""
    boxes: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    sealed: str = ""  # zones.seals
    left: Sequence[tuple[str, str]] = ()
    movement: str = ""
    about: str = ""
    number: str = ""
    remark: tuple[str, ...] = ()
    retracted: bool = False
    retracts: str = ""
    nested: bool = False
    set_temp: int | None = None


class Own(Struct, gc=False):
    """What is the event's own even among events of one form (`_dcsa_forms`): as in `Told`."""

    bill: str = ""
    booking: str = ""
    declaration: str = ""
    boxes: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    sealed: str = ""  # zones.seals


_FLAT, _NESTED = msgspec.json.Decoder(list[Flat]), msgspec.json.Decoder(list[Nested])
_ENCODER = msgspec.json.Encoder()
NO_SPOT, NO_CALL, NO_PARTY = Spot(), Call(), Party()


def decode(text: bytes) -> list[Any]:
    """Many events at once, all of one version. Raises msgspec.DecodeError or RecursionError where each has to be looked at by itself."""
    if b"\\" in text and ODD.search(text):  # one byte is looked for ninety times as fast as two
        raise msgspec.DecodeError("texts to be looked at")
    events: list[Any] = _NESTED.decode(text) if text.find(b'"eventClassification"', 0, 4_096) > 0 else _FLAT.decode(text)
    again = _ENCODER.encode(events)
    # Written back it is never longer, so an equal length says the same as an equal number of names, and at once.
    if len(again) != len(text) and sum(map(again.count, _NAMES)) != sum(map(text.count, _NAMES)):
        raise msgspec.DecodeError("names to be looked at")
    return events


def encode(event: Any) -> bytes:
    """A decoded event as it was written, but for white space."""
    return _ENCODER.encode(event)


def flat(e: Flat) -> Told:
    """A decoded event of 2.2. Raises Bad where a part cannot be read."""
    told = Told(
        e.eventID or "",
        e.eventType or "",
        e.eventClassifierCode or "",
        e.equipmentEventTypeCode or e.transportEventTypeCode or e.shipmentEventTypeCode or "",
        e.eventDateTime or "",
        e.eventCreatedDateTime or "",
        e.equipmentReference or "",
        e.ISOEquipmentCode or "",
        e.emptyIndicatorCode or "",
        NO_SPOT if e.eventLocation is UNSET else location(bytes(e.eventLocation)),
        NO_CALL if e.transportCall is UNSET else transport_call(bytes(e.transportCall)),
        NO_PARTY,
    )
    papers, left = own(e)
    told.bill, told.booking, told.declaration, told.boxes, told.seals, told.sealed = astuple(papers)
    if e.documentID or e.documentTypeCode:
        told.about, told.number = (e.documentTypeCode or "").upper(), e.documentID or ""
    if e.reason or e.delayReasonCode or e.changeRemark:
        late = f"delay {e.delayReasonCode}" if e.delayReasonCode else ""
        told.remark = tuple(text for text in (late, e.changeRemark, e.reason) if text)
    if left:
        told.left = left
    return told


def own(e: Flat) -> tuple[Own, list[tuple[str, str]]]:
    """Papers, boxes referred to and seals of an event of 2.2; and what of them is left."""
    papers, left = Own(), list[tuple[str, str]]()
    for each in e.documentReferences or ():
        _paper(papers, each.documentReferenceType or "", each.documentReferenceValue or "", "documentReferences", left)
    for each in e.references or ():
        _paper(papers, each.referenceType or "", each.referenceValue or "", "references", left)
    if e.seals:
        _seals(papers, e.seals, "seals", left)
    return papers, left


def nested(e: Nested) -> Told:
    """A decoded event of 3.0. Raises Bad where a part cannot be read."""
    sort = e.eventClassification or _NO_CLASSES
    box = e.equipmentDetails or _NO_EQUIPMENT
    told = Told(
        e.eventID or "",
        sort.eventTypeCode or "",
        sort.eventClassifierCode or "",
        sort.equipmentEventTypeCode or sort.transportEventTypeCode or sort.shipmentEventTypeCode or "",
        e.eventDateTime or "",
        e.eventUpdatedDateTime or "",
        box.equipmentReference or "",
        box.ISOEquipmentCode or "",
        box.emptyIndicatorCode or "",
        NO_SPOT if e.eventLocation is UNSET else location(bytes(e.eventLocation)),
        NO_CALL if e.transportDetails is UNSET else transport_details(bytes(e.transportDetails)),
        NO_PARTY if e.eventRouting is UNSET else event_routing(bytes(e.eventRouting)),
        nested=True,
    )
    told.movement = box.movementType or ""
    left: list[tuple[str, str]] = []
    papers = e.shipmentDetails
    if papers:
        if first := papers.documentReference:
            told.about, told.number = (first.typeCode or "").upper(), first.reference or ""
        for each in papers.additionalDocumentReferences or ():
            _paper(told, each.typeCode or "", each.reference or "", "shipmentDetails.additionalDocumentReferences", left)
        for each in papers.shipmentReferences or ():
            _paper(told, each.typeCode or "", each.reference or "", "shipmentDetails.shipmentReferences", left)
        if papers.reason:
            told.remark = (papers.reason,)
    if box.seals:
        _seals(told, box.seals, "equipmentDetails.seals", left)
    if left:
        told.left = left
    return told


def _paper(told: Told | Own, sort: str, number: str, name: str, left: list[tuple[str, str]]) -> None:
    """Take a reference: the first of each kind that boxes are known by."""
    if sort == "BKG" and not told.booking:
        told.booking = number
    elif sort == "TRD" and not told.bill:
        told.bill = number
    elif sort == "EQ" and number:
        told.boxes = (*told.boxes, number)
    elif sort in ("CUC", "CUS") and not told.declaration:
        told.declaration = number
    else:
        left.append((f"{name} {sort}", number))


def _seals(told: Told | Own, seals: list[Seal], name: str, left: list[tuple[str, str]]) -> None:
    """Take the numbers of seals, who put them on and of which kind they are."""
    numbers, words = [], []
    for each in seals:
        fields = (("sealSource", each.sealSource), ("source", each.source), ("sealType", each.sealType), ("type", each.type))
        unused = [(field, value) for field, value in fields if value]
        if number := each.sealNumber or each.number:
            word, unused = dcsa_word(unused)
            numbers.append(number)
            words.append(word)
        left += [(f"{name}.{field}", value) for field, value in unused]
        if each.placement:
            left.append((f"{name}.placement", each.placement))
    told.seals, told.sealed = tuple(numbers), spelled(words)


_NO_EQUIPMENT, _NO_CLASSES = Equipment(), Classified()


def key_of(told: Told) -> str:
    """The id by which the source knows this statement: in 3.0 an id is one's own among all parties."""
    return f"{told.party.key}|{told.id}" if told.party.key and told.id else told.id
