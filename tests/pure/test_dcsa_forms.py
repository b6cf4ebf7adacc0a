"""Events read by their form are what they would be by themselves, and so are their rows."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from data.feeds import OWN, BoxRecord, Leftover
from data.keep import Keeper, News
from tests.bench.ingest import world
from tests.pure.dcsa_samples import AT, BOX, MADE, flat, got, page, samples

CALL = {"transportCallID": "call-1", "modeOfTransport": "VESSEL", "exportVoyageNumber": "26W", "importVoyageNumber": "26E"}
CALLS = [CALL, CALL | {"transportCallID": "call-2"}, {"modeOfTransport": "TRUCK", "UNLocationCode": "ZZDEM", "odd": 1}, {"vessel": 5}, None]
SPOTS = [{"UNLocationCode": "XXBEN", "facilityCode": "T1"}, {"UNLocationCode": "ZZDEM"}, {"locationName": "Somewhere"}, None]
PAPERS = st.lists(
    st.builds(
        lambda sort, number: {"documentReferenceType": sort, "documentReferenceValue": number},
        st.sampled_from(["BKG", "TRD", "CUC", "EQ", "XX", None]), st.sampled_from(["N1", "N2", "", "n" * 401]),
    ), max_size=3,
)  # fmt: skip
SEALS = st.lists(st.sampled_from([{"sealNumber": "S1", "sealSource": "CAR"}, {"sealNumber": "S" * 250}, {"sealType": "BLT"}]), max_size=3)
EVENTS = st.builds(
    lambda code, **more: flat(code, **more),
    st.sampled_from(["GTIN", "GTOT", "LOAD", "gtin", "INSP", "CUSR", "PICK", "XXXX"]),
    eventID=st.sampled_from([None, "", *(f"e-{n}" for n in range(30)), "e" * 401]),
    eventDateTime=st.sampled_from([AT, AT, AT, "2026-03-01T08:48:00", "2026-03-01", "2026-03-02T08:47:00+07:00", "never", None]),
    eventCreatedDateTime=st.sampled_from([MADE, MADE, MADE, "2026-03-01T02:10:00.5Z", "later", None]),
    eventClassifierCode=st.sampled_from(["ACT", "ACT", "ACT", "EST", "act", None]),
    equipmentReference=st.sampled_from([BOX, BOX, "ZZDU2107741", "zzdu 210774-1", "NONUMBER", "Z" * 18, "", None]),
    emptyIndicatorCode=st.sampled_from(["LADEN", "EMPTY", "HALF"]),
    ISOEquipmentCode=st.sampled_from(["45G1", "45g1 ", None]),
    eventLocation=st.sampled_from(SPOTS),
    transportCall=st.sampled_from(CALLS),
    documentReferences=PAPERS,
    references=st.sampled_from([[], [{"referenceType": "FF", "referenceValue": "F1"}], [{"referenceType": "EQ", "referenceValue": BOX}]]),
    seals=SEALS,
    reason=st.sampled_from([None, None, None, "because"]),
)


def alone(raw: bytes) -> list[Any]:
    """What is read where no event is read by its form."""
    with patch("data.feeds.dcsa.by_form", lambda *_: False):
        return got(raw)


def told(items: list[Any]) -> list[Any]:
    """What was read, without how it was found; the example of what is left may be another event's."""
    left = Counter[str]()
    for item in items:
        if isinstance(item, Leftover):
            left[item.name] += item.count
    return [replace(item, like=None) if isinstance(item, BoxRecord) else item for item in items if not isinstance(item, Leftover)] + [left]


@given(st.lists(EVENTS, max_size=6), st.integers(1, 3))
def test_read_by_its_form_is_read_by_itself(events: list[Any], times: int) -> None:
    raw = page(*(e for n in range(times) for e in ([{**e, "eventID": f"{e['eventID']}-{n}"} if e.get("eventID") else e for e in events])))
    plain = told(alone(raw))
    for _ in range(3):  # a form is known once two events had it
        assert told(got(raw)) == plain


@pytest.mark.parametrize(
    "odd",
    [
        {"eventID": "p-1", "equipmentReference": "ZZDU2107741"},
        {"eventID": "e" * 401}, {"eventID": None}, {"equipmentReference": "NONUMBER"},
        {"equipmentReference": "Z1" * 9}, {"equipmentReference": "zzdu2107741"}, {"eventDateTime": "2026-03-02T08:47:00Z"},
        {"eventDateTime": "2026-03-01T08:47:00"}, {"eventDateTime": "never"}, {"eventCreatedDateTime": "later"}, {"documentID": "D1"},
        {"documentTypeCode": "CUS", "documentID": "D1"}, {"delayReasonCode": "WEA"}, {"changeRemark": "why"},
        {"references": [{"referenceType": "EQ", "referenceValue": "ZZDU2107741"}]},
        {"documentReferences": [{"documentReferenceType": "CUC", "documentReferenceValue": "n" * 401}]},
        {"seals": [{"sealNumber": "S" * 250}, {"sealNumber": "T" * 250}]},
    ],
)  # fmt: skip
def test_one_that_is_told_otherwise_is_read_by_itself(odd: dict[str, Any]) -> None:
    raw = page(*(flat(**{"eventID": f"p-{n}", "transportCall": CALL, **(odd if n == 4 else {})}) for n in range(8)))
    assert told(got(raw)) == told(alone(raw))


def test_the_samples_too() -> None:
    for path, _ in samples():
        assert told(got(path.read_bytes())) == told(alone(path.read_bytes()))


def plain_page() -> bytes:
    """Events of two forms."""
    return page(*(flat(("GTIN", "GTOT")[n % 2], eventID=f"p-{n}", transportCall=CALL, seals=[{"sealNumber": f"S{n}"}]) for n in range(8)))


def test_most_of_a_page_is_read_by_form_and_differs_only_in_its_own() -> None:
    got(plain_page())
    records = [item for item in got(plain_page()) if isinstance(item, BoxRecord)]
    alike = [record for record in records if record.like is not None]
    assert len(alike) == 7, "all but the last, which no other follows"
    for record in alike:
        said, like = asdict(record), asdict(record.like)
        assert {name for name in said if said[name] != like[name]} <= {*OWN, "like"}
        assert record.seals == (f"S{record.source_id[2:]}",)


@given(st.lists(EVENTS, max_size=6))
def test_a_row_is_the_same_by_its_form(events: list[Any]) -> None:
    known = world()
    feed, now = known.feed("bench-gate"), datetime(2026, 3, 2, tzinfo=UTC)
    for message in ("m1", "m2"):
        news, whole, keeper = News(), News(), Keeper(known, feed, message, f"r{message}", now, now)
        for item in got(page(*events, *events)):
            if isinstance(item, BoxRecord):
                keeper.put(item, news)
                keeper.put(replace(item, like=None), whole)
        assert news.reports == whole.reports
