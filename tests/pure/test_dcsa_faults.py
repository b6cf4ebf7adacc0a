"""Whatever may come as DCSA: never an exception, every field taken or named, every event accounted for, good neighbours read."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.feeds import BoxRecord, FactRecord, Leftover, RetractionRecord, Unreadable, _dcsa_ids, _json_pages
from tests.pure.dcsa_samples import PARTY, faults, flat, got, left, nested, of, page, samples, taken

FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOOD = [(path, told) for path, told in samples() if path.stem.startswith("good")]


def sound(items: list[Any]) -> None:
    """What holds of anything that comes out of the reader."""
    for item in items:
        assert isinstance(item, BoxRecord | FactRecord | RetractionRecord | Unreadable | Leftover)
        for value in (getattr(item, name) for name in item.__slots__):
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str):
                    text.encode()
                    assert "\0" not in text
        if isinstance(item, Unreadable):
            assert len(item.excerpt) <= 120
            assert item.excerpt.isprintable()
    positions = [item.position for item in items if not isinstance(item, Leftover | Unreadable)]
    assert len(positions) == len(set(positions))


def whole(number: int) -> dict[str, Any]:
    """A good event of many parts."""
    call = {"transportCallID": f"c{number}", "vessel": {"vesselName": "A"}, "location": {"address": {"city": "Y"}}}
    return flat(
        eventID=f"w-{number}", transportCall=call, documentReferences=[{"documentReferenceType": "BKG", "documentReferenceValue": "B"}]
    )


# ---------------------------------------------------------------- accounting


def _objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a value."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if isinstance(value, dict) else []), *(found for each in inside for found in _objects(each))]


def _events(raw: bytes) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in raw.splitlines()] if raw.startswith(b'{"metadata"') else [json.loads(raw)]
    (told,) = lines if len(lines) == 1 else [lines]
    return told if isinstance(told, list) else [e for key, value in told.items() if "vent" in key for e in value]


@given(data=st.data())
@FEW
def test_an_unknown_field_anywhere_is_named(data: st.DataObject) -> None:
    path, told = data.draw(st.sampled_from(GOOD))
    events = _events(path.read_bytes())
    event = data.draw(st.sampled_from(events))
    place = data.draw(st.sampled_from(_objects(event)))
    place["zzUnknown"] = data.draw(st.sampled_from(["x", 7, None, True, ["x"], {"a": "x"}, [{"a": 1.5}]]))
    items = got(page(*events), told["options"])
    named = [name for name in left(items) if "zzUnknown" in name]
    whole_ = any("reaches no container" in name or "retract" in name for name in left(items))
    assert named, f"not named beside {left(items)} {whole_}"


@given(data=st.data())
@FEW
def test_every_value_is_on_a_record_or_named(data: st.DataObject) -> None:
    """A value that occurs nowhere else is found again: on a record, or as the example of what was left."""
    path, told = data.draw(st.sampled_from(GOOD))
    events = _events(path.read_bytes())
    place = data.draw(st.sampled_from([found for event in events for found in _objects(event)]))
    names = [
        name for name, value in place.items() if isinstance(value, str) and not name.endswith(("TypeCode", "DateTime", "Type", "typeCode"))
    ]
    if not names:
        return
    name = data.draw(st.sampled_from(sorted(names)))
    place[name] = "QZ7QZ7"
    said = repr([item for item in got(page(*events), told["options"]) if not isinstance(item, Leftover) or "(reaches" not in item.name])
    alone = any("(reaches" in item.name for item in of(got(page(*events)), Leftover))
    known = ("QZ7QZ7" in said) or alone
    assert known, (name, said)


def test_the_two_ways_to_read_an_event_tell_the_same() -> None:
    """Decoded at once, and field by field (an unknown field makes the difference): the same records, the same left."""
    events = [
        flat("DISC", transportCall={"transportCallID": "c", "importVoyageNumber": "1", "exportVoyageNumber": "2"}, reason="r"),
        flat(
            "LOAD",
            eventID="e-2",
            references=[{"referenceType": "EQ", "referenceValue": "ZZDU4839227"}, {"referenceType": "PO", "referenceValue": "1"}],
        ),
        flat("HOLD", "SHIPMENT", eventID="e-3", documentID="1", documentTypeCode="TRD", seals=[{"sealNumber": "S", "sealType": "BLT"}]),
        flat("ARRI", "TRANSPORT", eventID="e-4", delayReasonCode="WEA", changeRemark="c", eventLocation={"UNLocationCode": "XXDMO"}),
    ]
    inner = {"seals": [{"number": "S", "source": "CUS"}], "movementType": "IMPORT", "equipmentReference": "ZZDU4839211"}
    papers = {
        "documentReference": {"typeCode": "TRD", "reference": "1"},
        "additionalDocumentReferences": [{"typeCode": "BKG", "reference": "2"}, {"typeCode": "VGM", "reference": "3"}],
        "shipmentReferences": [{"typeCode": "FF", "reference": "4"}],
        "reason": "r",
    }
    for page_ in (
        events,
        [nested(equipmentDetails=inner, shipmentDetails=papers), nested("RELS", "SHIPMENT", eventID="e-2", shipmentDetails=papers)],
    ):
        fast = got(page(*page_, flat(eventID="last") if page_ is events else nested(eventID="last")))
        slow = got(page(*({**event, "zz": 1} for event in page_), {**(flat if page_ is events else nested)(eventID="last"), "zz": 1}))
        assert taken(fast) == taken(slow)
        assert left(fast) | {"zz": len(page_) + 1} == left(slow)


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize("path", [path for path, _ in samples()], ids=lambda path: path.stem)
def test_cut_at_every_byte(path: Any) -> None:
    raw = path.read_bytes().rstrip()
    ends = range(len(raw)) if len(raw) < 3_000 else sorted(random.Random(7).sample(range(len(raw)), 700))
    for end in ends:
        items = got(raw[:end])
        sound(items)
        cut_between_lines = path.stem == "good_beta" and raw[:end].rstrip() == raw.splitlines()[0]
        assert of(items, Unreadable) or cut_between_lines, "a file cut short is never taken for a whole one"


def test_events_before_a_cut_are_read() -> None:
    raw = page(*(whole(n) for n in range(4)))
    for end in range(raw.rindex(b'{"eventID"'), len(raw)):
        items = got(raw[:end])
        assert [r.source_id for r in of(items, BoxRecord)][:3] == ["w-0", "w-1", "w-2"]
        ((_, scope, reason),) = faults(items)
        assert reason == "cut_short"
        assert scope == ("envelope" if end in (len(raw) - 1, raw.rindex(b'{"eventID"')) else "record")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b'{"eventID":"b","eventID":"c"}', "double_key"),
        (b'{"eventID":"b","transportCall":{"transportCallID":"1","transportCallID":"2"},"eventType":"EQUIPMENT"}', "double_key"),
        (b'{"eventID":"b","seals":NaN}', "bad_json"),
        (b'{"eventID":"b","x":Infinity}', "bad_json"),
        (b'{"eventID":"b","x":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "bad_json"),
        (b'{"eventID":"b","x":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}", "bad_json"),
        (b'{"eventID":"b",}', "bad_json"),
        (b'{"eventID":"b"', "bad_json"),
        (b'{"eventID":"b}', "bad_json"),
        (b'{"eventID":"\xff"}', "odd_text"),
        (b'{"eventID":"b","eventType":"EQUIPMENT","reason":"\\ud800"}', "odd_text"),
        (b'{"eventID":"b","eventType":"EQUIPMENT","reason":"\\u0000"}', "odd_text"),
        (b'{"eventID":"b","transportCall":{"a":"\xff"}}', "odd_text"),
        (b"{}", "no_event"), (b"7", "no_event"), (b"null", "no_event"), (b'["x"]', "no_event"),
        (b'{"eventID":"b","eventType":"OTHER"}', "no_event"),
        (b'{"eventID":"b","eventType":"EQUIPMENT","equipmentEventTypeCode":"GTIN"}', "bad_time"),
        (page(flat(equipmentReference=None))[1:-1], "no_box"),
        (page(flat(equipmentReference="CONTAINERONE"))[1:-1], "bad_box"),
        (page(flat(equipmentReference="Z" * 17 + "1"))[1:-1], "bad_box"),
        (page(flat(eventID="x" * 5_000))[1:-1], "long_value"),
    ],
)  # fmt: skip
def test_a_broken_event_costs_itself_only(broken: bytes, reason: str) -> None:
    events = [page(whole(n))[1:-1] for n in range(6)]
    for at in (0, 3, 6):
        items = got(b"[" + b",".join((*events[:at], broken, *events[at:])) + b"]")
        sound(items)
        assert [r.source_id for r in of(items, BoxRecord)] == [f"w-{n}" for n in range(6)]
        ((position, scope, told),) = faults(items)
        assert (position.partition(" (")[0], scope) == (f"event {at + 1}", "record")
        if at == 3 or (at == 0 and reason != "bad_json"):
            assert told == reason


def test_numbers_beyond_all_measure_are_kept_as_they_are_written() -> None:
    items = got(page(whole(1))[:-2] + b',"a":1e400,"b":' + b"9" * 5_000 + b',"seals":[{"sealNumber":77}]}]')
    assert not faults(items)
    assert of(items, BoxRecord)[0].seals == ("77",)
    assert left(items)["a"] == left(items)["b"] == 1


@pytest.mark.parametrize(
    ("raw", "reason", "detail"),
    [
        (b"", "empty_file", ""), (b" \n ", "empty_file", ""), (b"UNB+UNOA:2+A+B+260301:0910+1'", "is_other", "EDIFACT"),
        (b"a,b\n1,2\n", "is_other", "plain text"), (b"<html></html>", "is_other", "XML"), (b"PK\x03\x04aaaa", "is_other", "ZIP"),
        (b"%PDF-1.7", "is_other", "PDF"), (b"\x00\x01\x02\x03", "is_other", "binary data"), (b'{"a": 1}', "no_events", ""),
        (b'{"errors": [{"a": 1}]}', "error_answer", '[{"a": 1}]'),
    ],
)  # fmt: skip
def test_other_content_is_told_as_such(raw: bytes, reason: str, detail: str) -> None:
    (found,) = of(got(raw), Unreadable)
    assert (found.reason, found.detail, found.scope) == (reason, detail, "file")


@given(raw=st.binary(max_size=200), options=st.sampled_from([{}, {"encoding": "gb18030"}, {"encoding": "utf-16"}]))
@FEW
def test_random_bytes(raw: bytes, options: dict[str, object]) -> None:
    for given_ in (raw, b"[" + raw, b'{"events":[' + raw):
        items = got(given_, options)
        sound(items)
        assert items or b"]" in given_, "nothing is said of an empty page only"


@given(data=st.data())
@FEW
def test_mutated_samples(data: st.DataObject) -> None:
    path, told = data.draw(st.sampled_from(list(samples())))
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 4))] = data.draw(
            st.sampled_from([b"", b'"', b"\n", b",", b"{", b"}", b"[", b"]", b"\\", b"\0", b"\xff", b"9", b":", b"null", b'{"eventID":'])
        )
    sound(got(bytes(raw), told["options"]))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["typeCode", "reference", "vessel", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(data=st.data())
@FEW
def test_any_value_in_any_field(data: st.DataObject) -> None:
    path, told = data.draw(st.sampled_from(GOOD))
    events = _events(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(_objects(data.draw(st.sampled_from(events)))))
        if place:
            place[data.draw(st.sampled_from(sorted(place)))] = data.draw(VALUES)
    sound(got(page(*events), told["options"]))


# ---------------------------------------------------------------- streaming


def test_blocks_of_any_size_tell_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    raws = [path.read_bytes() for path, _ in samples()] + [page(*(whole(n) for n in range(9)))]
    expected = [got(raw) for raw in raws]
    for size in (1, 3, 17, 100, 1_000):
        monkeypatch.setattr(_json_pages, "BLOCK", size)
        monkeypatch.setattr(_dcsa_ids, "BLOCK", size)
        for raw, items in zip(raws, expected, strict=True):
            again = got(raw)
            assert taken(again) == taken(items)
            assert faults(again) == faults(items)
            assert left(again) == left(items)


def test_memory_does_not_grow_with_the_file() -> None:
    """A block and an event at a time: never more than a few blocks are asked for before the first records come."""

    one = page(whole(1))[1:-1]
    pages = _json_pages.Pages(_Repeating(one), lambda text: json.loads(text))  # type: ignore[arg-type]
    steps = iter(pages)
    for _ in range(20):
        item = next(steps)
        assert isinstance(item, _json_pages.Many)
    assert len(pages.buffer) < 3 * _json_pages.BLOCK


class _Repeating:
    """An array of events without end."""

    def __init__(self, event: bytes) -> None:
        self.event, self.begun = event, False

    def read(self, size: int = -1, /) -> bytes:
        count = max(size // (len(self.event) + 1), 1)
        text = b",".join([self.event] * count) + b","
        self.begun, text = True, text if self.begun else b"[" + text
        return text

    def seek(self, offset: int, /) -> int:
        return 0


def test_an_event_too_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_json_pages, "LIMIT", 20_000)
    monkeypatch.setattr(_json_pages, "BLOCK", 4_000)
    long = page(flat(eventID="long", reason="x" * 100_000))[1:-1]
    events = [page(whole(n))[1:-1] for n in range(30)]
    items = got(b"[" + b",".join((*events[:10], long, *events[10:])) + b"]")
    assert [r.source_id for r in of(items, BoxRecord)] == [f"w-{n}" for n in range(30)]
    assert [(scope, reason) for _, scope, reason in faults(items)] == [("record", "event_too_long")]


def test_parties_of_one_name_in_two_lists_have_ids_of_their_own() -> None:
    other = {"originatingParty": {**PARTY["originatingParty"], "codeListName": "OTHER"}}
    keys = {r.source_id for r in of(got(page(nested(), nested("GTOT", eventRouting=other))), BoxRecord)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld", "type": "EPCISDocument", "epcisBody": {}}',
        '{"id": "zz", "type": "EPCISQueryDocument", "createdAt": 1}',
        '{"schemaVersion": "2.0", "epcisBody": {"eventList": [{"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00Z"}]}}',
        '{"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00Z", "action": "OBSERVE"}',
        '{"@context": ["https://zz.example/epcis/x.jsonld", {"zz": "urn:zz"}], "type": "AggregationEvent", "parentID": "zz"}',
        '[{"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00Z", "epcList": ["urn:zz:1"]}, {"type": "ObjectEvent"}]',
        '{"eventList": [{"eventID": "ni:///sha-256;zz", "type": "TransactionEvent", "eventTime": "2026-03-01T08:00:00Z"}]}',
        '{"eventID": "ni:///sha-256;zz", "type": "TransformationEvent", "eventTime": "2026-03-01T08:00:00Z"}\n{"eventID": "2"}',
    ],
)
def test_epcis_is_named_as_what_it_is(text: str) -> None:
    assert [(scope, reason) for _, scope, reason in faults(got(text.encode()))] == [("file", "is_epcis")]


def test_a_page_with_another_context_is_read() -> None:
    text = b'{"@context": "https://zz.example/events", "type": "page", "events": [' + page(whole(1))[1:-1] + b"]}"
    assert [r.source_id for r in of(got(text), BoxRecord)] == ["w-1"]


@pytest.mark.parametrize("degrees", ["1e999999999", "-9.99e999999", "1e99999999999999999999", "1e-99999999999999999999"])
@pytest.mark.parametrize("unit", ["FAH", "CEL"])
def test_a_temperature_beyond_all_numbers_is_no_fault(degrees: str, unit: str) -> None:
    event = flat(eventType="REEFER", equipmentEventTypeCode=None, temperatureUnit=unit, internalSetpointTemperature=0)
    raw = page(event, flat(eventID="e-2")).replace(b'"internalSetpointTemperature":0', f'"internalSetpointTemperature":{degrees}'.encode())
    assert degrees.encode() in raw
    first, second = of(got(raw), BoxRecord)
    assert first.cargo is None or first.cargo.set_temp in (None, 0)
    assert degrees in first.remark
    assert second.source_id == "e-2"


@pytest.mark.parametrize("what", ["1", "null", '"a"', "[]", "{}", '{"x": 1}'])
def test_many_values_that_are_no_events_cost_no_more_than_their_number(what: str) -> None:
    """Each is rejected, in a time that goes with their number and not with its square."""
    many = ",".join([what] * 30_000)
    for raw, good in ((f"[{many}]", 0), (f"[{json.dumps(whole(1))},{many},}},{json.dumps(whole(2))}]", 2)):
        items = got(raw.encode())
        assert sum(item.reason == "no_event" for item in of(items, Unreadable)) == 30_000
        assert len(of(items, BoxRecord)) == good
