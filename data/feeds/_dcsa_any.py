"""An event of any version, taken field by field: what does not fit the usual form, and all of the beta's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from data.feeds import _dcsa_parts as parts
from data.feeds._dcsa_codes import IOT
from data.feeds._dcsa_parts import Call, Papers, Part, Party, Seals
from data.feeds._dcsa_take import LONG, Bad, Left, Number, Taker, loads
from data.feeds._dcsa_told import NO_CALL, NO_PARTY, NO_SPOT, Told

_SORTS = ("equipment", "transport", "shipment", "iot", "reefer")
_NO_PAPERS, _NO_SEALS = Papers(), Seals()
_FAHRENHEIT = ("FAH", "FAHRENHEIT", "F")


def any_event(text: bytes) -> Told:
    """The event. Raises Bad where it is none."""
    value = loads(text)
    if not isinstance(value, dict):
        raise Bad("no_event", type(value).__name__)
    left: Left = []
    taker = Taker(value, "", left)
    told = _nested(taker, left) if "eventClassification" in taker or "eventRouting" in taker else _flat(taker, left)
    told.left = left
    return told


def _part(taker: Taker, name: str, none: Any, as_: str = "") -> Any:
    """A part, by the name that it has here."""
    value = taker.pop(name, object)
    return none if value is None else parts.made(value, as_ or name)


def _code(taker: Taker, kind: str) -> tuple[str, str]:
    """(type, code) of an event: the code of its type; where no type is given, that of the only code."""
    first = (kind.lower(),) if kind.lower() in _SORTS else ()
    for sort in (*first, *_SORTS):
        if code := taker.text(f"{sort}EventTypeCode"):
            return kind or sort.upper(), code.upper()
    return kind, taker.text("eventTypeCode").upper()


def _flat(outer: Taker, left: Left) -> Told:
    """2.2, and the beta with its metadata and payload."""
    head = outer.inner("metadata") or outer
    taker = (outer.inner("payload") or Taker({}, "payload.", left)) if head is not outer else outer
    kind, code = _code(taker, head.text("eventType").upper())
    party = _publisher(head) if head is not outer else NO_PARTY
    location = "eventLocation" if "eventLocation" in taker else "location" if "location" in taker else "geoLocation"
    docs = "documentReferences" if "documentReferences" in taker else "relatedDocumentReferences"
    late, changed, reason = taker.text("delayReasonCode"), taker.text("changeRemark", "vesselScheduleChangeRemark"), taker.text("reason")
    told = Told(
        id=head.text("eventID"), kind=kind, classifier=taker.text("eventClassifierCode").upper(), code=code,
        when=taker.text("eventDateTime"), updated=head.text("eventCreatedDateTime", "eventUpdatedDateTime"),
        equipment=taker.text("equipmentReference"), iso=taker.text("ISOEquipmentCode"), empty=taker.text("emptyIndicatorCode"),
        spot=_part(taker, location, NO_SPOT, "eventLocation"), call=_part(taker, "transportCall", NO_CALL), party=party,
        about=taker.text("documentTypeCode", "shipmentInformationTypeCode").upper(), number=taker.text("documentID", "documentReference"),
        remark=tuple(filter(None, (f"delay {late}" if late else "", changed, reason))),
        retracted=head.true("isRetracted"), retracts=head.text("retractedEventID"), nested=head is not outer,
    )  # fmt: skip
    _papers(told, left, _part(taker, docs, _NO_PAPERS, "documentReferences"), _part(taker, "references", _NO_PAPERS))
    _sealed(told, left, _part(taker, "seals", _NO_SEALS))
    if taker.true("isTransshipmentMove"):
        told.movement = "TRANSSHIPMENT"
    else:
        taker.pop("isTransshipmentMove", bool)
    if head is outer:
        told.call = _alone(taker, told.call)
    _telemetry(told, taker, taker, left)
    for each in (head, taker) if head is not outer else (taker,):
        each.rest()
    if head is not outer:
        outer.rest()
    return told


def _alone(taker: Taker, call: Call) -> Call:
    """2.0's transportCallID beside the call."""
    number = taker.text("transportCallID")
    if len(number) > LONG:
        raise Bad("long_value", f"transportCallID has {len(number)} characters")
    if number and not call.id:
        fresh = Call() if call is NO_CALL else call
        fresh.id = number
        fresh.no_id = Part()
        fresh.no_id.left.append(("transportCallID (no occasion)", number))
        return fresh
    if number and number != call.id:
        taker.left.append(("transportCallID (the call's own is taken)", number))
    return call


def _publisher(head: Taker) -> Party:
    """The beta's publisher."""
    party, inner = Party(), head.inner("publisher")
    if inner is not None:
        party.code, provider = inner.text("carrierCode"), inner.text("carrierCodeListProvider")
        party.key = f"{party.code}|{provider}" if party.code else ""
        if len(party.key) > parts.LONGEST_PARTY:
            raise Bad("long_value", f"carrierCode has {len(party.key)} characters")
        if provider and not party.code:
            party.left.append(("metadata.publisher.carrierCodeListProvider", provider))
        inner.rest()
    party.function = head.text("publisherRole")
    if party.function not in ("", "CA"):
        party.left.append(("metadata.publisherRole", party.function))
    return party


def _nested(taker: Taker, left: Left) -> Told:
    """3.0."""
    sort = taker.inner("eventClassification") or Taker({}, "", left)
    kind, code = _code(sort, sort.text("eventTypeCode").upper())
    box = taker.inner("equipmentDetails") or Taker({}, "", left)
    papers: Papers = _part(taker, "shipmentDetails", _NO_PAPERS)
    told = Told(
        id=taker.text("eventID"), kind=kind, classifier=sort.text("eventClassifierCode").upper(), code=code,
        when=taker.text("eventDateTime"), updated=taker.text("eventUpdatedDateTime", "eventCreatedDateTime"),
        equipment=box.text("equipmentReference"), iso=box.text("ISOEquipmentCode"), empty=box.text("emptyIndicatorCode"),
        spot=_part(taker, "eventLocation", NO_SPOT), call=_part(taker, "transportDetails", NO_CALL),
        party=_part(taker, "eventRouting", NO_PARTY),
        movement=box.text("movementType"), about=papers.about, number=papers.number,
        remark=(papers.reason,) if papers.reason else (), retracted=taker.true("isRetracted"), nested=True,
    )  # fmt: skip
    _papers(told, left, papers)
    _sealed(told, left, _part(box, "seals", _NO_SEALS, "equipmentDetails.seals"))
    if not told.retracted:
        taker.pop("isRetracted", bool)
    iot, reefer = taker.inner("iotDetails"), taker.inner("reeferDetails")
    _telemetry(told, iot or Taker({}, "", left), reefer or Taker({}, "", left), left)
    for each in (sort, box, iot, reefer, taker):
        if each is not None:
            each.rest()
    return told


def _papers(told: Told, left: Left, *papers: Papers) -> None:
    """The documents and boxes of these papers."""
    for each in papers:
        told.bill, told.booking = told.bill or each.bill, told.booking or each.booking
        told.declaration, told.boxes = told.declaration or each.declaration, (*told.boxes, *each.boxes)
        left += each.left


def _sealed(told: Told, left: Left, part: Seals) -> None:
    told.seals, told.sealed = part.numbers, part.sealed
    left += part.left


def _telemetry(told: Told, iot: Taker, reefer: Taker, left: Left) -> None:
    """What a device says: which event, and the temperature that a reefer is set to."""
    if told.kind == "IOT":
        code = iot.text("iotEventCode").upper()
        told.remark = (*told.remark, *filter(None, (IOT.get(code, code),)))
    if told.kind != "REEFER":
        return
    setpoints = reefer.inner("setpoints") or Taker({}, "", left)
    degrees = reefer.pop("internalSetpointTemperature", Number)
    unit = reefer.text("temperatureUnit") or setpoints.text("temperatureUnit")
    if degrees is None:
        degrees = setpoints.pop("temperature", Number)
    if degrees is not None:
        told.set_temp = _tenths(degrees, unit.upper())
        told.remark = (*told.remark, f"set to {degrees} {unit}".strip())
    setpoints.path = "setpoints."
    setpoints.rest()


def _tenths(degrees: str, unit: str) -> int | None:
    """Tenths of a degree Celsius; None where the unit is not known or no reefer is set so."""
    try:
        value = Decimal(degrees)
        if unit in _FAHRENHEIT:
            value = (value - 32) * 5 / 9
        elif unit not in ("CEL", "C", "CELSIUS"):
            return None
    except ArithmeticError:  # 1e999999999 is JSON too
        return None
    return round(value * 10) if -100 < value < 100 else None
