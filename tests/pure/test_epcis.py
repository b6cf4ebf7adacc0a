"""What EPCIS events become in a goods ledger."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from data.feeds import Unreadable
from tests.pure.epcis_samples import (
    AT,
    BOX,
    CLASS,
    KILOS,
    LOT,
    OTHER,
    PALLET,
    SERIAL,
    SHOP,
    SITES,
    ZONE,
    document,
    event,
    faults,
    got,
    keys,
    left,
    line,
    lines,
    of,
)  # fmt: skip

OWNERS = {
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:9521234.00007"}],
    "destinationList": [{"type": "owning_party", "destination": "urn:epc:id:pgln:9521234.00008"}],
}


def to(uri: str) -> dict[str, Any]:
    """Where goods go."""
    return {"destinationList": [{"type": "location", "destination": uri}]}


def came(uri: str) -> dict[str, Any]:
    """Where goods came from."""
    return {"sourceList": [{"type": "location", "source": uri}]}


# ---------------------------------------------------------------- acts


@pytest.mark.parametrize(
    ("told", "act", "given", "key"),
    [
        (event("receiving"), "admission", "live", ""),
        (event("receiving", action="ADD"), "admission", "live", ""),
        (event("receiving", disposition="returned"), "return", "live", ""),
        (event("receiving", action="DELETE"), "other", "unclassified", "action_contradicts"),
        (event("arriving"), "other", "status_only", "status_step"),
        (event("accepting"), "other", "status_only", "status_step"),
        (event("holding"), "other", "status_only", "status_step"),
        (event("inspecting"), "other", "status_only", "status_step"),
        (event("shipping"), "withdrawal", "live", ""),
        (event("departing"), "withdrawal", "live", ""),
        (event("shipping", action="ADD"), "other", "unclassified", "action_contradicts"),
        (event("void_shipping"), "return", "live", "shipping_void"),
        (event("destroying", action="DELETE"), "destruction", "live", ""),
        (event(None, action="DELETE", disposition="destroyed"), "destruction", "live", ""),
        (event("destroying"), "other", "unclassified", "action_contradicts"),
        (event("decommissioning", action="DELETE"), "other", "status_only", "number_only"),
        (event("commissioning", action="ADD"), "other", "status_only", "number_only"),
        (event("stock_taking"), "count", "live", ""),
        (event("cycle_counting"), "count", "live", ""),
        (event(None), "other", "unclassified", "no_step"),
        (event("https://zz.example/steps/sorting"), "other", "unclassified", "unknown_step"),
        (event("packing", "AggregationEvent", action="ADD", parentID=BOX), "stuff", "live", ""),
        (event("unpacking", "AggregationEvent", action="DELETE", parentID=BOX), "strip", "live", ""),
        (event("packing", "AggregationEvent", action="DELETE", parentID=BOX), "other", "unclassified", "action_contradicts"),
        (event("packing", "AggregationEvent", parentID=BOX), "other", "status_only", "status_step"),
        (event("shipping", "AggregationEvent", parentID=BOX), "other", "status_only", "aggregate_only"),
        (event("receiving", "TransactionEvent", action="ADD"), "other", "status_only", "links_document"),
        (event("assembling", "AssociationEvent", action="ADD", parentID=PALLET), "other", "status_only", "reusable_asset"),
        (event("commissioning", "TransformationEvent"), "manufacture", "live", ""),
    ],
)
def test_which_event_is_which_act(told: dict[str, Any], act: str, given: str, key: str) -> None:
    record = line(told)
    assert (record.act, record.given) == (act, given)
    assert key in keys(record) or not key
    assert bool(record.why) or given == "live"


@pytest.mark.parametrize(
    "step", ["receiving", "cbv:BizStep-receiving", "urn:epcglobal:cbv:bizstep:receiving", "https://ref.gs1.org/cbv/BizStep-receiving"]
)
@pytest.mark.parametrize("kind", ["ObjectEvent", "epcis:ObjectEvent", "https://ref.gs1.org/epcis/ObjectEvent"])
def test_words_in_all_their_forms(step: str, kind: str) -> None:
    told = event(step, disposition="urn:epcglobal:cbv:disp:in_progress")
    del told["type"]
    assert line({"isA": kind, **told}).act == line({"type": kind, **told}).act == "admission"
    assert line({"type": kind, **told}).operation == "receiving/in_progress"


def test_a_count_says_of_which_kind() -> None:
    assert (line(event("stock_taking")).counted, line(event("cycle_counting")).counted) == ("full", "cycle")


def test_a_process_has_inputs_and_outputs() -> None:
    told = event("commissioning", "TransformationEvent", inputQuantityList=[KILOS], outputEPCList=[SERIAL], transformationID="urn:zz:run:1")
    assert [(r.side, r.lot, r.quantity, r.process) for r in lines(told)] == [
        ("input", "L-1", 12_500_000, "urn:zz:run:1"),
        ("output", "(01)09521234111115(21)77", 1_000_000, "urn:zz:run:1"),
    ]
    del told["transformationID"]
    assert {r.process for r in lines({**told, "eventID": "urn:uuid:1"})} == {"urn:uuid:1"}


# ---------------------------------------------------------------- places and owners


def test_between_two_declared_places_it_is_a_transfer_in_two_halves() -> None:
    sent = line(event("shipping", bizLocation=None, readPoint={"id": ZONE}, **to(OTHER)), **SITES)
    assert (sent.act, sent.side, sent.location, sent.to_location, sent.why) == ("transfer", "sent", "XXDMO", "XXZNB", "")
    received = line(event("receiving", bizLocation={"id": OTHER}, **came(ZONE)), **SITES)
    assert (received.act, received.side, received.location, received.remark) == ("transfer", "received", "XXZNB", "from XXDMO")


def test_where_the_other_place_is_not_declared_it_is_a_withdrawal_or_an_admission() -> None:
    assert line(event("shipping", **to(SHOP)), **SITES).act == "withdrawal"
    items = got(document(event("receiving", **came(SHOP))), SITES)
    assert (items[0].act, left(items)["sourceList.location"]) == ("admission", 1)


def test_within_one_place_goods_go_from_one_area_to_another() -> None:
    sites = {"sites": {ZONE: "XXDMO/A", OTHER: "XXDMO/B"}}
    for told in (event("shipping", readPoint={"id": ZONE}, **to(OTHER)), event("receiving", bizLocation={"id": OTHER}, **came(ZONE))):
        record = line(told, **sites)
        assert (record.act, record.side, record.area, record.to_area) == ("manipulation", "", "A", "B")


def test_the_place_is_where_the_goods_are_then_and_of_what_goes_out_where_they_went_out() -> None:
    both = {"readPoint": {"id": OTHER}, "bizLocation": {"id": ZONE}}
    assert line(event("receiving", **both)).location == "9521234000013"
    assert line(event("shipping", **both)).location == "9521234000020"
    assert line(event("receiving", readPoint={"id": ZONE}, bizLocation={"id": SHOP}), **SITES).location == "XXDMO", "the declared one"
    assert line(event(bizLocation={"id": "https://id.zz.example/414/9521234000013/254/W1"})).location == "9521234000013:W1 9521234000013"
    assert keys(line(event(bizLocation=None, readPoint={"id": ZONE}))) == ["no_place_after"]
    assert line(event(bizLocation=None)).location == ""


def test_owners() -> None:
    record = line(event("accepting", **OWNERS), parties={"urn:epc:id:pgln:9521234.00008": "ZZ Trading"})
    assert (record.act, record.side, record.owner, record.to_owner) == ("transfer", "", "9521234000075", "ZZ Trading")
    assert line(event("receiving", **OWNERS)).owner == "9521234000082"
    shipped = line(event("shipping", **OWNERS))
    assert (shipped.owner, shipped.to_owner) == ("9521234000075", "9521234000082")


# ---------------------------------------------------------------- goods


def test_goods_by_lot_by_class_and_by_serial() -> None:
    told = event(quantityList=[KILOS, {"epcClass": CLASS, "quantity": 3}, {"epcClass": CLASS}], epcList=[SERIAL])
    assert {(r.item, r.lot, r.quantity, r.uom) for r in lines(told)} == {
        ("09521234111115", "L-1", 12_500_000, "KGM"),
        ("09521234111115", "(01)09521234111115", 3_000_000, "H87"),
        ("09521234111115", "(01)09521234111115", None, ""),
        ("09521234111115", "(01)09521234111115(21)77", 1_000_000, "H87"),
    }
    assert line(event(), lots="qualified").lot == "(01)09521234111115(10)L-1"
    assert line(event(quantityList=None, epcList=["urn:zz:thing:1"])).lot == "urn:zz:thing:1"


def test_the_same_goods_have_the_same_names_however_written() -> None:
    link = "https://example.com/some/path/gtin/9521234111115/lot/L-1?x=1"
    told = event(quantityList=[{**KILOS, "epcClass": link}])
    assert (line(told).item, line(told).lot) == ("09521234111115", "L-1")
    twice = line(event(quantityList=None, epcList=[SERIAL, "https://id.gs1.org/01/09521234111115/21/77"]))
    assert (keys(twice), twice.quantity) == (["same_twice"], 1_000_000)


@pytest.mark.parametrize(
    ("text", "quantity", "key"),
    [
        ("0", 0, ""),
        ("0.1", 100_000, ""),
        ("1e3", 1_000_000_000, ""),
        ("0.0000004", 0, "more_decimals"),
        ("4503599627.370497", 4503599627370497, ""),
    ],
)
def test_quantities_are_decimal_and_never_a_float(text: str, quantity: int, key: str) -> None:
    raw = document(event(quantityList=[{**KILOS, "quantity": "Q"}])).replace(b'"Q"', text.encode())
    (record,) = got(raw)
    assert record.quantity == quantity
    assert key in keys(record) or not key


@pytest.mark.parametrize("unit", ["KGM", "kgm", "kg"])
def test_units_are_those_of_recommendation_20(unit: str) -> None:
    assert line(event(quantityList=[{**KILOS, "uom": unit}])).uom == "KGM"


def test_a_box_is_known_by_its_number_and_a_pallet_by_its_own() -> None:
    packed = {"action": "ADD", "childEPCs": [SERIAL]}
    assert line(event("packing", "AggregationEvent", parentID=BOX, **packed)).equipment == "ZZDU4839211"
    assert line(event("packing", "AggregationEvent", parentID=PALLET, **packed)).equipment == "095212340000000013"
    long = "urn:epc:id:giai:9521234." + "9" * 20
    assert line(event("packing", "AggregationEvent", parentID=long, **packed)).remark == f"in 9521234{'9' * 20}"
    emptied = line(event("unpacking", "AggregationEvent", action="DELETE", parentID=BOX, childQuantityList=[]))
    assert (emptied.act, emptied.lot, emptied.quantity, keys(emptied)) == ("strip", "", None, ["all_inside"])


def test_an_event_that_only_measures_names_no_goods() -> None:
    told = event("sensor_reporting", quantityList=[], sensorElementList=[{"sensorReport": [{"type": "Temperature", "value": 7}]}])
    assert left(got(document(told)))["ObjectEvent (names no goods)"] == 1


# ---------------------------------------------------------------- documents and extensions


def test_documents_of_declared_types() -> None:
    options = {"documents": {"https://zz.example/btt/decl": "declaration", "po": "permit"}}
    told = event(
        bizTransactionList=[
            {"type": "https://zz.example/btt/decl", "bizTransaction": "https://customs.zz.example/d/105"},
            {"type": "urn:epcglobal:cbv:btt:po", "bizTransaction": "urn:epcglobal:cbv:bt:9521234000006:P-1"},
            {"type": "inv", "bizTransaction": "urn:zz:9"},
        ]
    )
    items = got(document(told), options)
    assert (items[0].declaration, items[0].permit, left(items)) == ("105", "P-1", {"bizTransactionList.inv": 1})


def test_extensions_are_taken_by_any_of_their_names() -> None:
    told = event(**{"zz:hs": "8542.31.00", "ilmd": {"cbvmda:countryOfOrigin": "kr", "zz:price": 12.3456, "zz:ccy": "usd"}, "zz:other": 1})
    fields = {"https://zz.example/ns/hs": "hs", "countryOfOrigin": "origin", "zz:price": "value", "zz:ccy": "currency"}
    items = got(document(told), {"fields": fields})
    assert (items[0].hs, items[0].origin, items[0].value, items[0].currency) == ("85423100", "KR", 123_456, "USD")
    assert left(items) == {"zz:other": 1}


def test_a_figure_of_an_event_is_of_no_one_of_its_lines() -> None:
    told = event(epcList=[SERIAL], quantityList=[KILOS], **{"zz:price": 5, "zz:owner": "ZZ"})
    records = lines(told, fields={"price": "value", "owner": "owner", "weight": "net_kg"})
    assert [(r.value, r.owner, keys(r)) for r in records] == [(None, "ZZ", ["one_for_several"])] * 2
    own = event(quantityList=[{**KILOS, "zz:weight": 12.5}], epcList=[SERIAL])
    assert sorted(r.net_mg or 0 for r in lines(own, fields={"weight": "net_kg"})) == [0, 12_500_000]


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("time", "offset", "at", "key"),
    [
        ("2026-03-01T08:47:00.000+07:00", "+07:00", "2026-03-01T01:47", ""),
        ("2026-03-01T01:47:00Z", "+07:00", "2026-03-01T01:47", ""),
        ("2026-03-01T08:47:00+07:00", "+08:00", "2026-03-01T01:47", "offset_disagrees"),
        ("2026-03-01T08:47:00+07:00", None, "2026-03-01T01:47", "no_offset"),
        ("2026-03-01T08:47:00+07:00", "seven", "2026-03-01T01:47", "no_offset"),
        ("2026-03-01T08:47:00", "+09:00", "2026-02-28T23:47", "offset_beside"),
        ("2026-03-01T08:47:00", None, "2026-03-01T01:47", "no_offset"),
    ],
)
def test_when(time: str, offset: str | None, at: str, key: str) -> None:
    record = line(event(eventTime=time, eventTimeZoneOffset=offset))
    assert record.occurred_at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert keys(record) == ([key] if key else [])


# ---------------------------------------------------------------- identity and errors


def test_the_same_event_written_otherwise_has_the_same_lines() -> None:
    one = event(epcList=[SERIAL, "urn:zz:thing:1"], quantityList=[KILOS, {"epcClass": CLASS, "quantity": 3}])
    two = dict(reversed(one.items())) | {
        "epcList": ["urn:zz:thing:1", "https://example.com/01/09521234111115/21/77"],
        "quantityList": [{"quantity": 3.0, "epcClass": CLASS}, {**KILOS, "quantity": 12.50}],
        "eventTime": "2026-03-01T01:47:00Z",
        "bizStep": "urn:epcglobal:cbv:bizstep:receiving",
        "recordTime": AT,
    }
    first, second = lines(one), lines(two)
    assert len({r.source_id for r in first}) == 4
    assert [(r.source_id, r.lot, r.quantity) for r in first] == [(r.source_id, r.lot, r.quantity) for r in second]


@pytest.mark.parametrize("own", [{}, {"eventID": "urn:uuid:1"}])
@pytest.mark.parametrize("first", [True, False])
def test_an_error_declaration_takes_the_lines_back(own: dict[str, str], first: bool) -> None:
    told = event(recordTime="2026-03-03T02:00:00Z", **own)  # taken in by a repository after it was declared an error
    wrong = {"declarationTime": "2026-03-02T00:00:00Z", "reason": "incorrect_data", "correctiveEventIDs": ["urn:uuid:2"]}
    taken = {**told, "errorDeclaration": wrong}
    records = lines(*((taken, told) if first else (told, taken)))
    back, original = records if first else reversed(records)
    assert back.source_id == original.source_id
    assert (back.function, original.function) == ("cancel", "original")
    assert (back.updated_at, original.updated_at) == (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1, 1, 47, tzinfo=UTC))
    assert (back.act, back.occurred_at, back.quantity) == (original.act, original.occurred_at, original.quantity)
    assert keys(back) == ["declared_error", "corrected_by"]
    assert "urn:uuid:2" in back.remark


def test_a_declaration_before_the_event_takes_it_back_all_the_same() -> None:
    told = event(errorDeclaration={"declarationTime": "2026-02-01T00:00:00Z"})
    record = line(told)
    assert (record.function, record.updated_at) == ("cancel", record.occurred_at)
    assert keys(record) == ["told_before", "declared_error"]


def test_an_id_that_two_events_have_says_nothing_of_the_second() -> None:
    one, two = lines(event(eventID="urn:uuid:1"), event("shipping", eventID="urn:uuid:1"))
    assert (one.source_id, one.why) == ("urn:uuid:1#1", "")
    assert two.source_id.startswith("ni:///sha-256;")
    assert keys(two) == ["same_id"]


# ---------------------------------------------------------------- forms of documents


EVENT = event(**{"zz:a": "1"})
SOUGHT = line(EVENT).source_id
BODY = {"queryResults": {"subscriptionID": "s", "queryName": "q", "resultsBody": {"eventList": [EVENT]}}}
CONTEXT = {"@context": [{"zz": "https://zz.example/ns/"}]}


@pytest.mark.parametrize(
    "told",
    [
        {**CONTEXT, "type": "EPCISDocument", "epcisBody": {"eventList": [EVENT]}},
        {"epcisBody": {"eventList": [EVENT]}, "type": "EPCISDocument", **CONTEXT},
        {**CONTEXT, "type": "EPCISDocument", "epcisBody": {"event": EVENT}},
        {**CONTEXT, "isA": "EPCISQueryDocument", "epcisBody": BODY},
        {**CONTEXT, **BODY},
        {**CONTEXT, "eventList": [EVENT]},
        {**CONTEXT, **EVENT},
        {**EVENT, **CONTEXT},
        [{**CONTEXT, **EVENT}],
        [{**CONTEXT, "type": "EPCISDocument", "epcisBody": {"eventList": [EVENT]}}],
    ],
)
def test_events_are_found_in_every_form_of_document(told: Any) -> None:
    for raw in (json.dumps(told), json.dumps(told, indent=2), "\ufeff" + json.dumps(told)):
        items = got(raw.encode())
        assert [item.source_id for item in items[:1]] == [SOUGHT]
        assert not of(items, Unreadable)


def test_one_event_a_line() -> None:
    raw = b"\n".join(json.dumps({**EVENT, **CONTEXT, "eventID": f"urn:uuid:{n}"}).encode() for n in range(3))
    assert [r.position for r in got(raw) if hasattr(r, "act")] == [f"event {n} line 1" for n in (1, 2, 3)]


def test_a_document_without_events_is_one_and_a_query_is_none() -> None:
    assert got(document()) == []
    assert faults(got(b'{"queryName": "x", "query": {"eventType": ["ObjectEvent"]}}')) == [("byte 59", "file", "no_epcis")]
    assert faults(got(b'{"type": "epcisException:NoSuchNameException", "title": "No such name", "status": 404}'))[0][2] == "error_answer"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"site": {}}, "no option is called 'site'"),
        ({"sites": "XXDMO"}, "sites is a map"),
        ({"sites": {LOT: 7}}, "stands for a text"),
        ({"documents": {"po": "paper"}}, "none of declaration, permit"),
        ({"fields": {"a": "ownr"}}, "nearest: 'owner'"),
        ({"lots": "all"}, "lots is number or qualified"),
        ({"timezone": "Nowhere"}, "is not a time zone"),
    ],
)
def test_options_that_cannot_be_used(options: dict[str, Any], said: str) -> None:
    (wrong,) = got(document(EVENT), options)
    assert (wrong.reason, wrong.scope) == ("bad_options", "file")
    assert said in wrong.detail
