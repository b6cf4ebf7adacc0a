"""DCSA Track & Trace: what each event becomes (docs/decisions/0018)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from data.feeds import BoxRecord, Cargo, FactRecord, RetractionRecord, Unreadable
from data.feeds.dcsa import complaint
from tests.pure.dcsa_samples import AT, BOX, MADE, PARTY, box, fact, faults, flat, got, left, nested, of, page, taken
from tests.pure.edifact_samples import SAIGON

CALL = {"transportCallID": "call-1", "modeOfTransport": "VESSEL", "exportVoyageNumber": "26W", "importVoyageNumber": "26E"}
EQ = [{"referenceType": "EQ", "referenceValue": BOX}]


@pytest.mark.parametrize(
    ("code", "event", "given"),
    [
        ("GTIN", "gate_in", "live"), ("GTOT", "gate_out", "live"), ("LOAD", "load", "live"), ("DISC", "discharge", "live"),
        ("STUF", "stuff", "live"), ("STRP", "strip", "live"), ("RSEA", "reseal", "live"), ("RMVD", "unseal", "live"),
        ("PICK", "other", "status_only"), ("DROP", "other", "status_only"), ("AVPU", "other", "status_only"),
        ("AVDO", "other", "status_only"), ("CROS", "other", "status_only"), ("XXXX", "other", "unclassified"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", [flat, nested])
def test_equipment_codes(version: Any, code: str, event: str, given: str) -> None:
    record = box(version(code))
    assert (record.event, record.given) == (event, given)
    assert bool(record.why) == (given != "live")


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("CUSS", "selected", "scan"),
        ("CUSI", "selected", "inspection"),
        ("CUSR", "release", ""),
        ("HOLD", "hold", ""),
        ("RELS", "release", ""),
    ],
)
def test_customs_codes_are_facts_about_the_box_and_no_report(code: str, kind: str, reason: str) -> None:
    told = fact(nested(code))
    assert (told.kind, told.about, told.reference, told.equipment, told.reason) == (kind, "equipment", BOX, BOX, reason)
    assert told.agency == "ZZLINE"
    assert fact(flat(code)).agency == ""


def test_an_inspection_is_a_report_and_one_fact() -> None:
    items = got(page(flat("INSP")))
    (record,), (told,) = of(items, BoxRecord), of(items, FactRecord)
    assert (record.event, told.kind, told.reason) == ("inspect", "inspected", "seal")
    assert record.position != told.position
    assert record.source_id == told.source_id == "e-1"


@pytest.mark.parametrize("mode", ["RAIL", "TRUCK", "MULTIMODAL"])
def test_by_land_nothing_is_loaded_on_a_ship(mode: str) -> None:
    record = box(flat("LOAD", transportCall={"modeOfTransport": mode}))
    assert (record.event, record.given, record.why) == ("load", "status_only", f"other_means: {mode}")


@pytest.mark.parametrize(("code", "classifier"), [("ACT", "actual"), ("EST", "estimated"), ("PLN", "planned"), ("REQ", "requested")])
def test_what_is_expected_is_told_apart_from_what_happened(code: str, classifier: str) -> None:
    assert box(flat(eventClassifierCode=code)).classifier == classifier


def test_an_expected_release_releases_nothing() -> None:
    told = fact(flat("CUSR", eventClassifierCode="EST"))
    assert (told.given, told.why) == ("status_only", "plan_code: EST CUSR")


def test_without_a_classifier_nothing_is_guessed() -> None:
    record = box(flat(eventClassifierCode=None))
    assert (record.event, record.given, record.why) == ("other", "unclassified", "no_classifier")


def test_a_ships_call_is_a_status_of_each_box_it_names() -> None:
    event = flat("ARRI", "TRANSPORT", transportCall=CALL, references=[*EQ, {"referenceType": "EQ", "referenceValue": "ZZDU4839227"}])
    records = of(got(page(event)), BoxRecord)
    assert [(r.position, r.equipment, r.event, r.given) for r in records] == [
        ("event 1", BOX, "arrive", "status_only"),
        ("event 1 2", "ZZDU4839227", "arrive", "status_only"),
    ]


def test_an_event_that_reaches_no_container_is_counted() -> None:
    items = got(page(flat("DEPA", "TRANSPORT"), flat("CONF", "SHIPMENT", documentID="B1", documentTypeCode="BKG")))
    assert not taken(items)
    assert left(items) == {"TRANSPORT DEPA (reaches no container)": 1, "SHIPMENT CONF BKG (reaches no container)": 1}


@pytest.mark.parametrize(
    ("sort", "about", "numbers"),
    [
        ("TRD", "bill", ("N1", "", "")),
        ("BKG", "booking", ("", "N1", "")),
        ("CUS", "declaration", ("", "", "N1")),
        ("CUC", "declaration", ("", "", "N1")),
    ],
)
@pytest.mark.parametrize(("code", "kind"), [("HOLD", "hold"), ("RELS", "release")])
def test_a_document_is_held_and_released(sort: str, about: str, numbers: tuple[str, ...], code: str, kind: str) -> None:
    told = fact(flat(code, "SHIPMENT", documentID="N1", documentTypeCode=sort, references=EQ))
    assert (told.kind, told.about, told.reference, told.equipment, told.reason) == (kind, about, "N1", BOX, sort)
    assert (told.bill, told.booking, told.declaration) == numbers


def test_a_hold_of_a_document_without_boxes_is_about_the_document() -> None:
    told = fact(flat("HOLD", "SHIPMENT", documentID="N1", documentTypeCode="TRD"))
    assert (told.about, told.equipment) == ("bill", "")


def test_one_fact_a_box() -> None:
    refs = [*EQ, {"referenceType": "EQ", "referenceValue": "ZZDU4839227"}]
    told = of(got(page(flat("HOLD", "SHIPMENT", documentID="N1", documentTypeCode="TRD", references=refs))), FactRecord)
    assert [t.equipment for t in told] == [BOX, "ZZDU4839227"]
    assert len({t.position for t in told}) == 2


def test_a_hold_of_a_paper_that_boxes_are_not_known_by_is_about_what_it_goes_with() -> None:
    details = {
        "documentReference": {"typeCode": "VGM", "reference": "V1"},
        "additionalDocumentReferences": [{"typeCode": "TRD", "reference": "BL1"}],
    }
    told = fact(nested("HOLD", "SHIPMENT", shipmentDetails=details))
    assert (told.about, told.reference, told.reason, told.remark) == ("bill", "BL1", "VGM", "VGM V1")


@pytest.mark.parametrize(("code", "kind"), [("REQS", "selected"), ("CMPL", "inspected")])
def test_an_inspection_is_asked_for_and_done_only_with_customs_own_documents(code: str, kind: str) -> None:
    told = fact(flat(code, "SHIPMENT", documentID="C1", documentTypeCode="CUS", references=EQ))
    assert (told.kind, told.about, told.reference) == (kind, "declaration", "C1")
    assert box(flat(code, "SHIPMENT", documentID="B1", documentTypeCode="SHI", references=EQ)).given == "status_only"


def test_the_agency_of_the_options_is_that_of_authorities_only() -> None:
    customs = {"documentID": "C1", "documentTypeCode": "CUC"}
    assert fact(flat("RELS", "SHIPMENT", **customs), agency="customs").agency == "customs"
    assert fact(flat("CUSR"), agency="customs").agency == "customs"
    assert fact(nested("CUSR"), agency="customs").agency == "customs"
    own = {"originatingParty": {"partyCode": "ZZCUS", "partyFunction": "CM"}}
    assert fact(nested("CUSR", eventRouting=own), agency="customs").agency == "ZZCUS"
    assert fact(flat("RELS", "SHIPMENT", documentID="B1", documentTypeCode="TRD"), agency="customs").agency == ""


def test_other_words_of_a_document_link_box_and_document() -> None:
    record = box(flat("CONF", "SHIPMENT", documentID="BK1", documentTypeCode="BKG", references=EQ))
    assert (record.event, record.given, record.booking) == ("other", "status_only", "BK1")


def test_a_document_that_is_no_more_links_nothing() -> None:
    record = box(flat("VOID", "SHIPMENT", documentID="BL1", documentTypeCode="TRD", references=EQ))
    assert (record.bill, record.remark) == ("", "TRD BL1")


def test_the_box_goes_with_the_document_that_replaces_another() -> None:
    change = {"oldReferences": [{"typeCode": "BKG", "reference": "OLD"}], "newReferences": [{"typeCode": "BKG", "reference": "NEW"}]}
    details = {
        "documentReference": {"typeCode": "BKG", "reference": "OLD"},
        "shipmentReferences": [{"typeCode": "EQ", "reference": BOX}],
        "documentReferenceReplacements": [change],
    }
    items = got(page(nested("CANC", "SHIPMENT", shipmentDetails=details)))
    (record,) = of(items, BoxRecord)
    assert record.booking == "NEW"
    assert left(items)["shipmentDetails.documentReferenceReplacements.oldReferences.reference"] == 1


# ---------------------------------------------------------------- place, time, means


@pytest.mark.parametrize(
    ("location", "codes", "terminal"),
    [
        ({"UNLocationCode": "XXDMO", "facilityCode": "DT1"}, "XXDMO:DT1 XXDMO", "DT1"),
        ({"UNLocationCode": "xxdmo"}, "XXDMO", ""),
        ({"unLocationCode": "XXDMO", "facilityCode": "XXDMODT1"}, "XXDMO:XXDMODT1 XXDMO:DT1 XXDMO", "DT1"),
        ({"UNLocationCode": "XXDMO", "facilityTypeCode": "DT1"}, "XXDMO:DT1 XXDMO", "DT1"),
        ({"UNLocationCode": "XXDMO", "facilityTypeCode": "POTE"}, "XXDMO", ""),
        ("XXDMO", "XXDMO", ""),
    ],
)
def test_places(location: object, codes: str, terminal: str) -> None:
    record = box(flat(eventLocation=location))
    assert (record.location, record.terminal) == (codes, terminal)
    assert record.only_declared


def test_the_call_says_where_if_the_event_does_not_or_not_so_closely() -> None:
    call = {"UNLocationCode": "XXDMO", "facilityCode": "DT1"}
    assert box(flat(transportCall=call)).location == "XXDMO:DT1 XXDMO"
    assert box(flat(transportCall=call, eventLocation={"UNLocationCode": "XXDMO"})).location == "XXDMO:DT1 XXDMO"
    assert box(flat(transportCall=call, eventLocation={"UNLocationCode": "XXQQQ"})).location == "XXQQQ"


@pytest.mark.parametrize(
    ("text", "at", "precision", "zone_from"),
    [
        ("2026-03-01T08:47:00+07:00", datetime(2026, 3, 1, 1, 47, tzinfo=UTC), "second", "message"),
        ("2026-03-01T01:47:00Z", datetime(2026, 3, 1, 1, 47, tzinfo=UTC), "second", "message"),
        ("2026-03-01T01:47:00.500Z", datetime(2026, 3, 1, 1, 47, 0, 500_000, tzinfo=UTC), "second", "message"),
        ("2026-03-01T08:47", datetime(2026, 3, 1, 1, 47, tzinfo=UTC), "minute", "place"),
        ("2026-03-01", datetime(2026, 2, 28, 17, tzinfo=UTC), "day", "place"),
    ],
)
def test_times(text: str, at: datetime, precision: str, zone_from: str) -> None:
    record = box(flat(eventDateTime=text))
    assert (record.occurred_at, record.precision, record.zone_from, record.occurred_text) == (at, precision, zone_from, text)


@pytest.mark.parametrize(
    "text", ["2026-W01-1T00:00:00Z", "2026-02-30T00:00:00Z", "01/03/2026", "2026-03-01T08:47:00.00000", "0001-01-01T00:00:00+14:00"]
)
def test_no_times(text: str) -> None:
    items = got(page(flat(eventDateTime=text)))
    assert [type(i) for i in items] in ([Unreadable], [BoxRecord])
    assert all(r.zone_from == "place" for r in of(items, BoxRecord)), "an offset that is not there is not made up"


def test_a_zone_of_the_options_is_that_of_times_without_offset() -> None:
    record = box(flat(eventDateTime="2026-03-01T08:47:00"), timezone="UTC")
    assert (record.occurred_at, record.zone_from) == (datetime(2026, 3, 1, 8, 47, tzinfo=UTC), "options")


@pytest.mark.parametrize(("code", "voyage", "other"), [("DISC", "26E", "exportVoyageNumber"), ("LOAD", "26W", "importVoyageNumber")])
def test_the_voyage_of_the_movement(code: str, voyage: str, other: str) -> None:
    items = got(page(flat(code, transportCall=CALL)))
    assert of(items, BoxRecord)[0].voyage == voyage
    assert any(name.startswith(f"transportCall.{other} ") for name in left(items))


def test_a_documents_event_may_lack_its_time_and_a_boxs_may_not() -> None:
    event = flat("ISSU", "SHIPMENT", documentID="BL1", documentTypeCode="TRD", references=EQ, eventDateTime=None)
    items = got(page(event))
    (record,) = of(items, BoxRecord)
    assert (record.occurred_at, record.why) == (record.updated_at, "status_code: ISSU TRD; report_time: eventCreatedDateTime")
    assert left(items)["eventDateTime (missing)"] == 1
    assert faults(got(page(flat(eventDateTime=None)))) == [("event 1 (e-1)", "record", "bad_time")]


def test_told_before_it_happened() -> None:
    assert box(flat(eventCreatedDateTime="2026-01-01T00:00:00Z")).why == "told_before: 2026-01-01T00:00:00Z"


@pytest.mark.parametrize(("unit", "degrees", "tenths"), [("CEL", -18.5, -185), ("FAH", -0.4, -180), ("FAH", 33, 6), ("KEL", 250, None)])
def test_what_a_reefer_is_set_to(unit: str, degrees: float, tenths: int | None) -> None:
    details = {"temperatureUnit": unit, "internalSetpointTemperature": degrees}
    record = box(nested("MEAS", "REEFER", reeferDetails=details))
    assert record.cargo == (None if tenths is None else Cargo(set_temp=tenths))
    assert record.remark == f"set to {degrees} {unit}"
    assert (record.event, record.given) == ("other", "status_only")


def test_a_door_opened() -> None:
    record = box(nested("DETC", "IOT", iotDetails={"iotEventCode": "DRO"}))
    assert (record.given, record.remark) == ("status_only", "door opened")


# ---------------------------------------------------------------- identity


def test_an_id_is_its_partys_own() -> None:
    assert box(flat()).source_id == "e-1"
    assert box(nested()).source_id == "ZZLINE|SMDG|LCL|e-1"
    assert box(nested(eventRouting=None)).source_id == "e-1"
    assert box(flat()).updated_at == datetime(2026, 3, 1, 2, 10, tzinfo=UTC)


def test_one_occasion_is_a_call_and_a_code_of_what_happened_in_22() -> None:
    assert box(flat("DISC", transportCall=CALL)).occasion == "call-1|DISC"
    assert box(flat("DISC", transportCallID="call-1")).occasion == "call-1|DISC"
    assert box(flat("DISC", transportCall=CALL, eventClassifierCode="EST")).occasion == ""
    assert box(nested("DISC", transportDetails={"transportCall": {"transportCallReference": "call-1"}})).occasion == ""
    assert box(flat("DISC")).occasion == ""


def test_a_retraction_that_names_the_box_is_a_version_that_cancels() -> None:
    record = box(nested(isRetracted=True))
    assert (record.function, record.source_id) == ("cancel", "ZZLINE|SMDG|LCL|e-1")
    assert fact(nested("CUSS", isRetracted=True)).function == "cancel"
    assert box(nested(isRetracted=False)).function == "original"


def test_a_retraction_that_names_nothing_but_the_id() -> None:
    (record,) = got(page({"eventRouting": PARTY, "eventID": "e-1", "isRetracted": True, "eventUpdatedDateTime": MADE}))
    assert record == RetractionRecord(position="event 1", source_id="ZZLINE|SMDG|LCL|e-1", at=datetime(2026, 3, 1, 2, 10, tzinfo=UTC))


def test_the_betas_retraction() -> None:
    head = {"eventID": "e-2", "eventCreatedDateTime": MADE, "eventType": "EQUIPMENT", "retractedEventID": "e-1"}
    items = got(page({"metadata": head}))
    (record,) = taken(items)
    assert left(items) == {"eventID (of a retraction)": 1}
    assert record == RetractionRecord(position="event 1", source_id="e-1", at=datetime(2026, 3, 1, 2, 10, tzinfo=UTC))


def test_two_events_under_one_id_at_one_time_are_two_statements() -> None:
    items = got(page(flat("GTIN"), flat("GTOT"), flat("LOAD", eventID="e-2")))
    assert [(r.event, r.source_id, r.why) for r in of(items, BoxRecord)] == [
        ("gate_in", "", "same_id: e-1"),
        ("gate_out", "", "same_id: e-1"),
        ("load", "e-2", ""),
    ]


def test_versions_and_repeats_keep_their_id() -> None:
    again = flat(eventCreatedDateTime="2026-03-02T00:00:00Z")
    assert [r.source_id for r in of(got(page(flat(), again, flat())), BoxRecord)] == ["e-1"] * 3


# ---------------------------------------------------------------- shapes and options


def test_every_shape_tells_the_same() -> None:
    events = [flat(eventID=f"e-{n}", transportCall=CALL, seals=[{"sealNumber": "S1"}]) for n in range(5)]
    plain = taken(got(page(*events)))
    assert len(plain) == 5
    text = json.dumps(events)
    for raw in (
        json.dumps(events, indent=4).encode(),
        json.dumps({"events": events}).encode(),
        json.dumps({"page": 1, "equipmentEvent": events[:2], "shipmentEvent": [], "otherEvents": events[2:]}).encode(),
        "\n".join(map(json.dumps, events)).encode(),
        page(*events[:2]) + b"\n" + json.dumps({"events": events[2:]}).encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("utf-32"),
        page(*({"later": None, **event} for event in events)),
    ):
        assert taken(got(raw)) == plain
    assert taken(got(text.encode("cp037"), {"encoding": "cp037"})) == plain
    assert taken(got(page(events[0])[1:-1])) == plain[:1]


@pytest.mark.parametrize("raw", [b"[]", b'{"events": []}', b' {"events" : [ ] } '])
def test_an_empty_page_says_nothing_and_is_no_fault(raw: bytes) -> None:
    assert got(raw) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, ""), ({"timezone": "Asia/Ho_Chi_Minh", "encoding": "utf-8", "agency": "customs", "line": "ZZL", "_name": "x"}, ""),
        ({"timezone": "Nowhere"}, "timezone 'Nowhere' is not a time zone"), ({"encoding": "klingon"}, "encoding 'klingon' is not known"),
        ({"agencies": "x"}, "no option is called 'agencies'"),
    ],
)  # fmt: skip
def test_options(options: dict[str, object], said: str) -> None:
    assert complaint(options, SAIGON).startswith(said)
    assert bool(complaint(options, SAIGON)) == bool(said)
    assert faults(got(page(flat()), options)) == ([("options", "file", "bad_options")] if said else [])


def test_the_line_is_the_feeds_or_the_carriers() -> None:
    customs = {"originatingParty": {**PARTY["originatingParty"], "partyFunction": "CM"}}
    assert box(nested()).line == "ZZLINE"
    assert box(nested(eventRouting=customs)).line == ""
    assert box(flat(), line="ZZL").line == "ZZL"
    assert box(flat()).occurred_text == AT
