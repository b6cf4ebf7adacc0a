"""DCSA events against msgspec's bare typed decode of the same bytes, in one run, one process, CPU time.

    python -m tests.bench.dcsa [--events 1000000] [--page 1000]

Pages of 1,000 events of T&T 2.2: 20,000 boxes in turn, 300 calls of ships, two documents, one seal and one reference each, about 1,100
bytes an event. Theirs: `msgspec.json.Decoder(list[Event]).decode`, every field of every object typed. Ours: bytes -> records -> rows of
`data.keep.Keeper.put`. A second figure is 3.0; a third has no two calls alike, so that no call is remembered. The goal is 0.3 of a decode
into plain Structs, which the garbage collector looks through as it does in any program; the last figure is without it, when the decode is
nearly three times as fast.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from data.feeds import dcsa
from data.keep import Keeper, News
from tests.bench.ingest import box, world

AT = datetime(2026, 3, 1, tzinfo=UTC)
BOXES, CALLS = 20_000, 300
CODES = ("GTIN", "LOAD", "DISC", "GTOT")
GOAL = 0.3


class Address(Struct):
    name: str | None = None
    street: str | None = None
    streetNumber: str | None = None
    floor: str | None = None
    postCode: str | None = None
    city: str | None = None
    stateRegion: str | None = None
    country: str | None = None
    countryCode: str | None = None


class Facility(Struct):
    facilityName: str | None = None
    facilityCode: str | None = None
    facilityCodeListProvider: str | None = None


class Location(Struct):
    locationName: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    UNLocationCode: str | None = None
    facilityCode: str | None = None
    facilityCodeListProvider: str | None = None
    facilityTypeCode: str | None = None
    facility: Facility | None = None
    address: Address | None = None


class Vessel(Struct):
    vesselIMONumber: str | None = None
    vesselName: str | None = None
    vesselFlag: str | None = None
    vesselCallSignNumber: str | None = None
    vesselCallSign: str | None = None
    vesselOperatorCarrierCode: str | None = None
    vesselOperatorCarrierCodeListProvider: str | None = None


class Call(Struct):
    transportCallID: str | None = None
    carrierServiceCode: str | None = None
    carrierVoyageNumber: str | None = None
    exportVoyageNumber: str | None = None
    importVoyageNumber: str | None = None
    transportCallSequenceNumber: int | None = None
    UNLocationCode: str | None = None
    facilityCode: str | None = None
    facilityCodeListProvider: str | None = None
    facilityTypeCode: str | None = None
    otherFacility: str | None = None
    modeOfTransport: str | None = None
    location: Location | None = None
    vessel: Vessel | None = None


class Document(Struct):
    documentReferenceType: str | None = None
    documentReferenceValue: str | None = None


class Reference(Struct):
    referenceType: str | None = None
    referenceValue: str | None = None


class Seal(Struct):
    sealNumber: str | None = None
    sealSource: str | None = None
    sealType: str | None = None


class Event(Struct):
    """T&T 2.2, every field."""

    eventID: str | None = None
    eventType: str | None = None
    eventCreatedDateTime: str | None = None
    eventClassifierCode: str | None = None
    eventDateTime: str | None = None
    eventTypeCode: str | None = None
    equipmentEventTypeCode: str | None = None
    transportEventTypeCode: str | None = None
    shipmentEventTypeCode: str | None = None
    equipmentReference: str | None = None
    ISOEquipmentCode: str | None = None
    emptyIndicatorCode: str | None = None
    eventLocation: Location | None = None
    transportCallID: str | None = None
    transportCall: Call | None = None
    documentReferences: list[Document] | None = None
    references: list[Reference] | None = None
    seals: list[Seal] | None = None
    documentID: str | None = None
    documentTypeCode: str | None = None
    shipmentInformationTypeCode: str | None = None
    shipmentID: str | None = None
    reason: str | None = None
    delayReasonCode: str | None = None
    vesselScheduleChangeRemark: str | None = None
    changeRemark: str | None = None


class Party(Struct):
    partyCode: str | None = None
    codeListProvider: str | None = None
    codeListName: str | None = None
    partyFunction: str | None = None


class Routing(Struct):
    originatingParty: Party | None = None
    forwardingParties: list[Party] | None = None
    destinationParty: Party | None = None


class Classification(Struct):
    eventTypeCode: str | None = None
    eventClassifierCode: str | None = None
    shipmentEventTypeCode: str | None = None
    transportEventTypeCode: str | None = None
    equipmentEventTypeCode: str | None = None
    iotEventTypeCode: str | None = None
    reeferEventTypeCode: str | None = None


class Typed(Struct):
    typeCode: str | None = None
    reference: str | None = None


class Shipment(Struct):
    documentReference: Typed | None = None
    additionalDocumentReferences: list[Typed] | None = None
    shipmentReferences: list[Typed] | None = None
    shipmentLocationType: str | None = None
    reason: str | None = None
    priceCalculationDate: str | None = None


class Service(Struct):
    carrierServiceCode: str | None = None
    universalServiceReference: str | None = None


class Voyage(Struct):
    carrierVoyageNumber: str | None = None
    universalVoyageReference: str | None = None


class Call3(Struct):
    transportCallReference: str | None = None
    transportCallSequenceNumber: int | None = None
    modeOfTransport: str | None = None
    portVisitReference: str | None = None
    serviceCodeOrReference: Service | None = None
    exportVoyageNumberOrReference: Voyage | None = None
    importVoyageNumberOrReference: Voyage | None = None
    vesselTransport: Vessel | None = None


class Transport(Struct):
    delayReasonCodes: list[str] | None = None
    changeRemark: str | None = None
    transportCall: Call3 | None = None


class Seal3(Struct):
    number: str | None = None
    source: str | None = None
    type: str | None = None
    placement: str | None = None


class Equipment(Struct):
    equipmentReference: str | None = None
    ISOEquipmentCode: str | None = None
    emptyIndicatorCode: str | None = None
    movementType: str | None = None
    seals: list[Seal3] | None = None


class Event3(Struct):
    """T&T 3.0, every field of an equipment event."""

    eventRouting: Routing | None = None
    eventID: str | None = None
    isRetracted: bool | None = None
    eventDateTime: str | None = None
    eventUpdatedDateTime: str | None = None
    eventLocation: Location | None = None
    eventClassification: Classification | None = None
    shipmentDetails: Shipment | None = None
    transportDetails: Transport | None = None
    equipmentDetails: Equipment | None = None


class Page3(Struct):
    events: list[Event3]


def flat(n: int, call: int) -> dict[str, Any]:
    """The nth event of 2.2."""
    at, code = AT + timedelta(seconds=6 * n), CODES[n // BOXES % len(CODES)]
    place = {"UNLocationCode": "XXBEN", "facilityCode": f"T{call % 4}", "facilityCodeListProvider": "SMDG"}
    return {
        "eventID": f"{n:08x}-7a1a-43a4-9d62-{n * 7919 % 16**12:012x}",
        "eventCreatedDateTime": f"{at + timedelta(minutes=9):%Y-%m-%dT%H:%M:%SZ}",
        "eventType": "EQUIPMENT",
        "eventClassifierCode": "ACT",
        "eventDateTime": f"{at + timedelta(hours=7):%Y-%m-%dT%H:%M:%S}+07:00",
        "equipmentEventTypeCode": code,
        "equipmentReference": box(n % BOXES),
        "ISOEquipmentCode": "45G1",
        "emptyIndicatorCode": "LADEN",
        "eventLocation": {"locationName": "Bench Port", **place},
        "transportCall": {
            "transportCallID": f"call-{call:08d}",
            "carrierServiceCode": "FE1",
            "exportVoyageNumber": f"{call}W",
            "importVoyageNumber": f"{call}E",
            "transportCallSequenceNumber": 2,
            **place,
            "facilityTypeCode": "POTE",
            "modeOfTransport": "VESSEL",
            "vessel": {
                "vesselIMONumber": f"{9_000_000 + call % 90}",
                "vesselName": f"BENCH {call % 90}",
                "vesselFlag": "XX",
                "vesselCallSignNumber": "XXBE",
            },
        },
        "documentReferences": [
            {"documentReferenceType": "BKG", "documentReferenceValue": f"BK{n // 7}"},
            {"documentReferenceType": "TRD", "documentReferenceValue": f"BL{n // 7}"},
        ],
        "references": [{"referenceType": "FF", "referenceValue": f"FF{n // 7}"}],
        "seals": [{"sealNumber": f"S{n}", "sealSource": "CAR", "sealType": "BLT"}],
    }


def nested(n: int, call: int) -> dict[str, Any]:
    """The nth event of 3.0."""
    e = flat(n, call)
    return {
        "eventRouting": {
            "originatingParty": {"partyCode": "XXLN", "codeListProvider": "SMDG", "codeListName": "LCL", "partyFunction": "CA"}
        },
        "eventID": e["eventID"],
        "eventDateTime": e["eventDateTime"],
        "eventUpdatedDateTime": e["eventCreatedDateTime"],
        "eventLocation": {
            "locationName": "Bench Port",
            "UNLocationCode": "XXBEN",
            "facility": {"facilityCode": f"T{call % 4}", "facilityCodeListProvider": "SMDG"},
            "facilityTypeCode": "POTE",
        },
        "eventClassification": {
            "eventTypeCode": "EQUIPMENT",
            "eventClassifierCode": "ACT",
            "equipmentEventTypeCode": e["equipmentEventTypeCode"],
        },
        "shipmentDetails": {
            "documentReference": {"typeCode": "BKG", "reference": f"BK{n // 7}"},
            "additionalDocumentReferences": [{"typeCode": "TRD", "reference": f"BL{n // 7}"}],
        },
        "transportDetails": {
            "transportCall": {
                "transportCallReference": f"call-{call:08d}",
                "transportCallSequenceNumber": 2,
                "modeOfTransport": "VESSEL",
                "exportVoyageNumberOrReference": {"carrierVoyageNumber": f"{call}W"},
                "importVoyageNumberOrReference": {"carrierVoyageNumber": f"{call}E"},
                "vesselTransport": {"vesselIMONumber": f"{9_000_000 + call % 90}", "vesselName": f"BENCH {call % 90}"},
            }
        },
        "equipmentDetails": {
            "equipmentReference": e["equipmentReference"],
            "ISOEquipmentCode": "45G1",
            "emptyIndicatorCode": "LADEN",
            "movementType": "IMPORT",
            "seals": [{"number": f"S{n}", "source": "CAR", "type": "BLT"}],
        },
    }


def pages(shape: str, events: int, size: int) -> Iterator[bytes]:
    """The pages, one after the other."""
    for first in range(0, events, size):
        numbers = range(first, min(first + size, events))
        if shape == "3.0":
            yield msgspec.json.encode({"events": [nested(n, n * 13 % CALLS) for n in numbers]})
        else:
            yield msgspec.json.encode([flat(n, n if shape == "2.2, no two alike" else n * 13 % CALLS) for n in numbers])


def ours(page: bytes, known: Any) -> int:
    """Bytes to rows; how many."""
    feed, place = known.feed("bench-gate"), known.place("bench-port")
    keeper, news = Keeper(known, feed, "0" * 32, "1" * 32, AT + timedelta(days=400), AT), News()
    for item in dcsa.read(page, place, {}):
        keeper.put(item, news)
    return len(news.reports)


def timed(shape: str, events: int, size: int, known: Any) -> tuple[float, float, int]:
    """(theirs in s, ours in s, bytes): in turn, 50 pages of each, so that either has the collector's runs that it is the cause of."""
    decode = msgspec.json.Decoder(Page3 if shape == "3.0" else list[Event]).decode
    theirs = spent = 0.0
    length = made = 0
    every = pages(shape, events, size)
    while block := list(islice(every, 50)):
        began = time.process_time()
        for page in block:
            decode(page)
        between = time.process_time()
        for page in block:
            made += ours(page, known)
        spent += time.process_time() - between
        theirs += between - began
        length += sum(map(len, block))
    assert made == events, f"{made} instead of {events}"
    return theirs, spent, length


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--page", type=int, default=1_000)
    said = parser.parse_args()
    known = world()
    for shape, share, collected in (("2.2", 1, True), ("3.0", 5, True), ("2.2, no two alike", 5, True), ("2.2", 5, False)):
        events = max(said.events // share, said.page)
        if not collected:
            gc.disable()
        theirs, spent, length = timed(shape, events, said.page, known)
        gc.enable()
        ratio = theirs / spent
        note = "" if shape != "2.2" or not collected else "as it should" if ratio >= GOAL else f"BELOW {GOAL}"
        rates = f"ours {events / spent:>9,.0f} events/s {length / spent / 1e6:5.0f} MB/s   msgspec {events / theirs:>9,.0f}"
        name = shape if collected else f"{shape}, no collector"
        print(f"{name:<18} {length / events:5.0f} bytes an event   {rates}   ratio {ratio:.2f} {note}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
