"""COPARN: what is announced and ordered, and when; the rest is shared with CODECO and tested there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.feeds import BoxRecord, DocumentRecord, coparn
from tests.pure.edifact_samples import box, faults, got, interchange, left, message, of, parts, samples

EQD = "EQD+CN+ZZDU1000018+45G1:102:5++2+5"
SIX = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)


def told(*segments: str, code: str = "126", header: tuple[str, ...] = (), **options: object) -> BoxRecord:
    return box(*segments, bgm=f"BGM+{code}+A-1+9", header=header, format_="coparn", **options)


@pytest.mark.parametrize(("path", "said"), [pytest.param(*s, id=s[0].stem) for s in samples("coparn")])
def test_sample(path: Path, said: Any) -> None:
    assert parts("coparn", path, said) == said["parts"]


@pytest.mark.parametrize(
    ("code", "event", "classifier"),
    [
        ("126", "gate_in", "requested"), ("11", "gate_in", "requested"), ("104", "gate_in", "planned"), ("27", "gate_in", "planned"),
        ("12", "gate_out", "requested"), ("108", "gate_out", "requested"), ("129", "gate_out", "requested"),
    ],
)  # fmt: skip
def test_codes(code: str, event: str, classifier: str) -> None:
    record = told(EQD, "DTM+7:202603020600:203", code=code)
    assert (record.event, record.classifier, record.given, record.occurred_at) == (event, classifier, "live", SIX)


@pytest.mark.parametrize(("code", "why"), [("118", "plan_code: 118"), ("34", "unknown_code: 34"), ("", "unknown_code: ")])
def test_other_codes_are_kept_and_not_guessed(code: str, why: str) -> None:
    record = told(EQD, "DTM+7:202603020600:203", code=code)
    assert (record.event, record.given, record.classifier, record.why) == ("other", "unclassified", "planned", why)
    assert told(EQD, "DTM+7:202603020600:203", code=code or "X", codes={code or "X": "gate_in"}).given == "live"


def test_the_title_is_a_witness() -> None:
    assert told(EQD, "DTM+7:202603020600:203", code="126:::RELEASE ORDER").why.startswith("contradicted")
    assert told(EQD, "DTM+7:202603020600:203", code="12:::RELEASE ORDER").given == "live"
    assert told(EQD, "DTM+7:202603020600:203", code="11:::GATE IN ORDER").given == "live"
    assert told(EQD, "DTM+7:202603020600:203", code="11:::GATE OUT ORDER").given == "unclassified"
    assert coparn.witness("RELEASE OF CARGO PENDING") == ""


@pytest.mark.parametrize(
    ("code", "dtm", "header"),
    [
        ("126", ("DTM+63:202603032300:203", "DTM+64:202603020600:203"), ()),
        ("12", ("DTM+235:202603032300:203", "DTM+234:202603020600:203"), ()),
        ("126", ("DTM+2:202603020600202603032300:719",), ()), ("126", ("DTM+2:2603020600-2603032300:713",), ()),
        ("126", ("DTM+63:202603032300:203", "DTM+132:202603020600:203"), ()),
        ("126", (), ("DTM+64:202603020600:203",)), ("126", ("DTM+64:soon:203", "DTM+2:202603020600:203"), ()),
    ],
)  # fmt: skip
def test_the_window_counts_from_its_beginning(code: str, dtm: tuple[str, ...], header: tuple[str, ...]) -> None:
    record = told(EQD, *dtm, code=code, header=header)
    assert (record.occurred_at, record.given) == (SIX, "live")


def test_a_period_of_days_begins_with_the_day() -> None:
    record = told(EQD, "DTM+2:2026030220260304:718")
    assert (record.occurred_at, record.precision) == (datetime(2026, 3, 1, 17, 0, tzinfo=UTC), "day")


def test_an_order_without_a_window_is_never_dated_by_its_message_or_its_ship() -> None:
    header = ("DTM+137:202603010830:203", "TDT+20+042E+1", "LOC+9+XXDMO", "DTM+132:202603050600:203", "DTM+133:202603071800:203")
    record = told(EQD, "RFF+BN:ZZK1", "TDT+10+015N+1", "LOC+5+XXFAR", "DTM+132:202603100600:203", header=header)
    assert (record.occurred_at, record.given, record.why, record.booking) == (None, "status_only", "no_plan_time", "ZZK1")
    assert record.updated_at == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


def test_boxes_without_a_number_are_named_with_their_booking() -> None:
    lines = ("RFF+BN:ZZK1", "EQD+CN++42G1:102:5++2+4", "EQN+5", "EQD+CN+CONTAINER1234567+22G1", "EQD+CN", "RFF+BN:ZZK2", "EQD+TE")
    items = got(interchange(message(*lines, kind="COPARN", bgm="BGM+12+R-1+9")), "coparn")
    assert (of(items, BoxRecord), [reason for _, reason in faults(items)]) == ([], [])
    assert left(items) == {
        "EQD without a number (booking ZZK1, 5 x 42G1)": 5,
        "EQD with a placeholder for a number (CONTAINER1234567, booking ZZK1, 1 x 22G1)": 1,
        "EQD without a number (booking ZZK2, 1 x any type)": 1,
        "EQD+TE": 1,
    }


@pytest.mark.parametrize(
    ("code", "segments", "location", "bound"),
    [
        ("12", ("LOC+98+XXINL", "LOC+9+XXDMO"), "XXINL", True), ("126", ("LOC+98+XXINL", "LOC+9+XXDMO"), "XXDMO", True),
        ("126", ("LOC+99+XXDMO:139:6+DT1:TER:ZZZ",), "XXDMO:DT1 XXDMO", True), ("126", ("NAD+TR+DT1",), "XXDMO:DT1 DT1", False),
        ("126", (), "", False),
    ],
)  # fmt: skip
def test_the_place(code: str, segments: tuple[str, ...], location: str, bound: bool) -> None:
    record = told(EQD, "DTM+7:202603020600:203", code=code, header=segments)
    assert (record.location, record.only_declared) == (location, bound), "an order for another depot is not expected here"


def test_what_is_in_it() -> None:
    more = ("DGS+IMD+3+1263+023:CEL", "DGS+IMD++1593", "DGS+IMD", "TMP+2+-018:CEL", "RNG+5+CEL:-020:-015", "MEA+AAE+G+KGM:9000")
    record = told("EQD+CN+ZZDU1000018+45R1:102:5++2+5", *more)
    assert record.cargo is not None
    assert (record.cargo.dangerous, record.cargo.set_temp, record.cargo.weight) == (("3/1263", "/1593"), -180, "goods")
    assert (record.gross_g, record.remark) == (9_000_000, "weight G; temperature -020 to -015 CEL")


def test_a_later_order_replaces_the_earlier_one() -> None:
    lines = message("RFF+ACW:A-1", EQD, "DTM+7:202603020600:203", kind="COPARN", bgm="BGM+126+A-2+5")
    (act,) = of(got(interchange(lines), "coparn"), DocumentRecord)
    assert (act.act, act.target, act.document) == ("replace", "DT1|COPARN|A-1", "DT1|COPARN|A-2")
