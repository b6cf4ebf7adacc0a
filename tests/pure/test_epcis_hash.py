"""The identity of an EPCIS event without one: the canonical text of CBV 2.0, and the identifiers in it.

The expected texts are written out by the rules of CBV 2.0, section 8.9. The reader's hashes were also compared with those that the
reference implementation (RalphTro/epcis-event-hash-generator) publishes for its examples.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.feeds._dcsa_take import loads
from data.feeds._epcis_hash import event_hash, pre_hash
from data.feeds._epcis_ids import canonical, check_digit, gs1, shown
from tests.pure.epcis_samples import AT, LOT, SERIAL, ZONE, event

NAMES = {"zz": "https://zz.example/ns/"}
WHOLE: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventID": "urn:uuid:1",
    "recordTime": AT,
    "certificationInfo": ["https://zz.example/cert"],
    "errorDeclaration": {"declarationTime": AT, "reason": "did_not_occur"},
    "eventTime": "2026-03-01T08:47:00.12345+07:00",
    "eventTimeZoneOffset": "+07:00",
    "epcList": [SERIAL, "urn:epc:id:sscc:9521234.0000000001"],
    "quantityList": [{"uom": "KGM", "quantity": "12.50", "epcClass": LOT}],
    "action": "OBSERVE",
    "bizStep": "receiving",
    "disposition": "urn:epcglobal:cbv:disp:in_progress",
    "persistentDisposition": {"unset": ["damaged"], "set": ["completeness_verified", "available"]},
    "readPoint": {"id": ZONE, "zz:door": " 3 "},
    "bizLocation": {"id": "https://id.zz.example/414/9521234000013?x=1"},
    "bizTransactionList": [
        {"bizTransaction": "urn:epcglobal:cbv:bt:9521234000006:P-1", "type": "po"},
        {"type": "zz_own", "bizTransaction": "cbv:x"},
    ],
    "sensorElementList": [
        {"sensorReport": [{"value": "26.0", "type": "Temperature", "uom": "CEL"}], "sensorMetadata": {"time": AT, "zz:m": "1"}}
    ],
    "ilmd": {"zz:b": "2", "zz:a": ["y", "x"]},
    "zz:last": {"zz:in": "1.0"},
    "rdfs:comment": "said beside",
}
TEXT = (
    "eventType=ObjectEventeventTime=2026-03-01T01:47:00.123ZeventTimeZoneOffset=+07:00"
    "epcListepc=https://id.gs1.org/00/095212340000000013epc=https://id.gs1.org/01/09521234111115/21/77"
    "quantityListquantityElementepcClass=https://id.gs1.org/01/09521234111115/10/L-1quantity=12.5uom=KGM"
    "action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-receivingdisposition=https://ref.gs1.org/cbv/Disp-in_progress"
    "persistentDispositionset=https://ref.gs1.org/cbv/Disp-availableset=https://ref.gs1.org/cbv/Disp-completeness_verified"
    "unset=https://ref.gs1.org/cbv/Disp-damaged"
    "readPointid=https://id.gs1.org/414/9521234000013bizLocationid=https://id.gs1.org/414/9521234000013"
    "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:epcglobal:cbv:bt:9521234000006:P-1"
    "type=zz_ownbizTransaction=https://ref.gs1.org/cbv/x"
    "sensorElementsensorMetadatatime=2026-03-01T01:47:00.000ZsensorReporttype=https://gs1.org/voc/Temperaturevalue=26uom=CEL"
    "ilmd{https://zz.example/ns/}a=x{https://zz.example/ns/}a=y{https://zz.example/ns/}b=2"
    "readPoint{https://zz.example/ns/}door=3"
    "sensorElementsensorMetadata{https://zz.example/ns/}m=1"
    "{https://zz.example/ns/}last{https://zz.example/ns/}in=1"
)


def test_an_event_as_one_text() -> None:
    assert pre_hash(WHOLE, NAMES) == TEXT
    assert event_hash(WHOLE, NAMES) == f"ni:///sha-256;{hashlib.sha256(TEXT.encode()).hexdigest()}?ver=CBV2.0"


def test_a_process_as_one_text() -> None:
    told = event("commissioning", "TransformationEvent", bizLocation=None, outputEPCList=[SERIAL], inputEPCList=["urn:zz:1"])
    assert pre_hash({**told, "transformationID": "urn:zz:run"}) == (
        "eventType=TransformationEventeventTime=2026-03-01T01:47:00.000ZeventTimeZoneOffset=+07:00inputEPCListepc=urn:zz:1"
        "outputEPCListepc=https://id.gs1.org/01/09521234111115/21/77transformationID=urn:zz:runbizStep=https://ref.gs1.org/cbv/BizStep-commissioning"
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-03-01T08:47:00.1235+07:00", "2026-03-01T01:47:00.124Z"),
        ("2026-03-01T08:47:00.1234999+07:00", "2026-03-01T01:47:00.123Z"),
        ("2026-12-31T23:59:59.9995Z", "2027-01-01T00:00:00.000Z"),
        ("2026-03-01T01:47Z", "2026-03-01T01:47:00.000Z"),
        ("soon", "soon"),
        ("2026-03-01T01:47:00", "2026-03-01T01:47:00"),
        ("9999-12-31T23:59:59.9999Z", "9999-12-31T23:59:59.9999Z"),
    ],
)
def test_times_are_utc_to_the_millisecond(written: str, told: str) -> None:
    assert f"eventTime={told}event" in pre_hash(event(eventTime=written))


def _shuffled(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shuffled(draw, value[name]) for name in draw(st.permutations(sorted(value)))}
    return [_shuffled(draw, each) for each in draw(st.permutations(value))] if isinstance(value, list) else value


@given(data=st.data())
def test_the_order_in_which_it_is_written_does_not_matter(data: st.DataObject) -> None:
    other = data.draw(st.composite(lambda draw: _shuffled(draw, WHOLE))())
    assert pre_hash(other, NAMES) == TEXT


@given(st.sampled_from(sorted(set(WHOLE) - {"eventID", "recordTime", "certificationInfo", "errorDeclaration", "rdfs:comment"})))
def test_what_is_told_otherwise_is_another_event(name: str) -> None:
    assert pre_hash({key: value for key, value in WHOLE.items() if key != name}, NAMES) != TEXT


def test_numbers_keep_their_digits() -> None:
    for text, told in (
        ("12.50", "12.5"),
        ("1e3", "1000"),
        ("0.0", "0"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ):
        found = pre_hash(loads(json.dumps(event()).replace("12.5", text).encode()))
        assert f"quantity={told}uom" in found


@pytest.mark.parametrize(
    ("uri", "link"),
    [
        ("urn:epc:id:sgtin:9521234.011111.7(7)", "01/09521234111115/21/7%287%29"),
        ("urn:epc:idpat:sgtin:9521234.011111.*", "01/09521234111115"),
        ("urn:epc:class:lgtin:9521234.011111.L-1", "01/09521234111115/10/L-1"),
        ("urn:epc:id:sgln:9521234.00001.0", "414/9521234000013"),
        ("urn:epc:id:sgln:9521234.00001.W1", "414/9521234000013/254/W1"),
        ("urn:epc:id:pgln:9521234.00007", "417/9521234000075"),
        ("urn:epc:id:grai:9521234.00055.9", "8003/095212340005569"),
        ("urn:epc:id:giai:9521234.A.1", "8004/9521234A.1"),
        ("urn:epc:id:gdti:9521234.00055.9", "253/95212340005569"),
        ("urn:epc:id:cpi:9521234.AB.7", "8010/9521234AB/8011/7"),
        ("urn:epc:id:itip:9521234.011111.01.02.9", "8006/095212341111150102/21/9"),
        ("https://example.com/a/01/9521234111115/22/v/10/L-1/21/7?17=1#x", "01/09521234111115/21/7"),
        ("https://example.com/gln/9521234000013", "414/9521234000013"),
    ],
)
def test_identifiers_have_one_form(uri: str, link: str) -> None:
    assert canonical(uri) == f"https://id.gs1.org/{link}"
    assert canonical(canonical(uri)) == canonical(uri)


@pytest.mark.parametrize(
    "uri",
    ["urn:epc:id:sgtin:9521234.01111.7", "urn:epc:id:sgtin:95².011111.7", "urn:epc:id:bic:ZZDU4839211", "urn:epc:id:sgtin:", "https://example.com/01/12",
     "https://example.com/01/09521234111115/21/a b", "urn:epc:idpat:sgtin:9521234.011111.7", "urn:zz:1", "", "urn:epc:id:zz:1.2.3"],
)  # fmt: skip
def test_what_is_no_identifier_of_gs1_stays_as_it_is(uri: str) -> None:
    assert canonical(uri) == uri
    assert shown(uri) == uri.removeprefix("urn:epc:id:bic:")


@given(
    st.text(alphabet="urn:epc:idclassgtinsln.0123456789*%(/", max_size=60),
    st.sampled_from(["urn:epc:id:", "urn:epc:idpat:", "https://a/01/", ""]),
)
def test_whatever_is_written_has_a_form(text: str, begin: str) -> None:
    found = gs1(begin + text)
    assert found is None or gs1(found.link) == found


def test_check_digits() -> None:
    assert [check_digit(digits) for digits in ("952123400001", "0952123411111", "629104150021")] == ["3", "5", "3"]
