"""CUSCAR: boxes, bills and goods put together."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.feeds import BoxRecord, DocumentRecord, _manifest
from tests.pure.edifact_samples import faults, got, interchange, left, message, of, parts, samples

A, B = "ZZDU1000018", "ZZDU1000044"
HEADER = ("TDT+20+041W+1++ZZL+++9999993:146::DEMO SHIP", "LOC+60+XXDMO", "DTM+132:202603050600:203")
AT = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)
BILL = ("CNI+1", "RFF+BM:ZZBL1", "LOC+9+XXFAR", "LOC+11+XXDMO")


def told(*segments: str, bgm: str = "BGM+785+M-1+9", header: tuple[str, ...] = HEADER) -> list[Any]:
    return got(interchange(message(*header, *segments, kind="CUSCAR", bgm=bgm)), "cuscar")


def lines(items: list[Any]) -> list[tuple[str, str, str]]:
    return [(r.equipment, r.bill, r.given) for r in of(items, BoxRecord)]


@pytest.mark.parametrize(("path", "said"), [pytest.param(*s, id=s[0].stem) for s in samples("cuscar")])
def test_sample(path: Path, said: Any) -> None:
    assert parts("cuscar", path, said) == said["parts"]


def test_a_box_is_told_with_each_of_its_bills_and_expected_once() -> None:
    second = ("CNI+2+ZZBL2:BM", "GID+1", f"SGP+{A}", f"SGP+{A}")
    items = told(f"EQD+CN+{A}+45G1", f"EQD+CN+{B}", *BILL, "GID+1", f"SGP+{A}", f"SGP+{B}", *second)
    assert lines(items) == [(A, "ZZBL1", "live"), (B, "ZZBL1", "live"), (A, "ZZBL2", "status_only")]
    assert [r.occurred_at for r in of(items, BoxRecord)] == [AT] * 3
    assert of(items, BoxRecord)[2].why == "another_bill"
    assert len({r.position for r in of(items, BoxRecord)}) == 3


def test_one_cni_may_hold_many_bills_and_none_is_needed() -> None:
    items = told(*BILL, "GID+1", f"SGP+{A}", "RFF+BM:ZZBL2", "LOC+9+XXFAR", "LOC+11+XXOTH", "GID+1", f"SGP+{B}")
    assert lines(items) == [(A, "ZZBL1", "live"), (B, "ZZBL2", "status_only")]
    assert of(items, BoxRecord)[1].why == "passes: XXFAR to XXOTH"
    assert lines(told("RFF+BM:ZZBL1", "GID+1", f"SGP+{A}", header=(*HEADER, "LOC+11+XXDMO"))) == [(A, "ZZBL1", "live")]


def test_several_numbers_of_one_consignment_are_all_bills() -> None:
    items = told(*BILL, "RFF+MB:ZZMB1", "RFF+BH:ZZBL1", "RFF+AAM:ZZW1", "GID+1", f"SGP+{A}")
    assert lines(items) == [(A, "ZZBL1", "live"), (A, "ZZW1", "status_only"), (A, "ZZMB1", "status_only")]


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ((f"EQD+CN+{A}", *BILL), [(A, "ZZBL1", "live")]), ((f"EQD+CN+{A}", *BILL, *BILL), [(A, "", "live")]),
        ((f"EQD+CN+{A}", *BILL, "GID+1", f"SGP+{B}"), [(B, "ZZBL1", "live"), (A, "", "live")]),
        ((*BILL, f"EQD+CN+{A}", "SEL+ZZ1+SH", "GID+1"), [(A, "ZZBL1", "live")]), ((f"EQD+CN+{A}",), [(A, "", "live")]),
    ],
)  # fmt: skip
def test_boxes_that_nothing_joins(segments: tuple[str, ...], expected: list[Any]) -> None:
    assert lines(told(*segments)) == expected


@pytest.mark.parametrize(
    ("goods", "grams"),
    [
        (("GID+1", "MEA+WT+G+KGM:8000", f"SGP+{A}", "GID+2", "MEA+WT+G+KGM:500", f"SGP+{A}"), 8_500_000),
        (("GID+1", "MEA+WT+G+KGM:8000", f"SGP+{A}", f"SGP+{B}"), None),
        (("GID+1", "MEA+WT+G+KGM:8000", f"SGP+{A}", "MEA+AAE+G+KGM:3000", f"SGP+{B}", "MEA+AAE+G+KGM:5000"), 3_000_000),
        (("GID+1", "MEA+WT+G+KGM:8000", f"SGP+{A}", "GID+2", f"SGP+{A}"), None), (("GID+1", "MEA+AAE+AAB+KGM:8000", f"SGP+{A}"), 8_000_000),
        (("GID+1", "MEA+WT+G+KGM:nothing", f"SGP+{A}"), None), (("GID+1", "MEA+WT+G+KGM:210000", f"SGP+{A}"), None),
        (("GID+1", "MEA+WT+G+KGM:30000", f"SGP+{A}", "GID+2", "MEA+WT+G+KGM:30000", f"SGP+{A}"), None),
    ],
)  # fmt: skip
def test_what_the_goods_weigh(goods: tuple[str, ...], grams: int | None) -> None:
    record = of(told(*BILL, *goods), BoxRecord)[0]
    assert (record.equipment, record.gross_g, record.cargo and record.cargo.weight) == (A, grams, "goods" if grams else None)


def test_the_box_s_own_weight_is_believed_and_a_tare_is_added() -> None:
    goods = (*BILL, "GID+1", "MEA+WT+G+KGM:8000", f"SGP+{A}")
    (own,) = of(told(f"EQD+CN+{A}", "MEA+AAE+VGM+KGM:12000", *goods), BoxRecord)
    assert (own.gross_g, own.cargo.weight) == (12_000_000, "vgm")
    (both,) = of(told(f"EQD+CN+{A}", "MEA+AAE+T+KGM:2200", *goods), BoxRecord)
    assert (both.gross_g, both.cargo.weight) == (10_200_000, "sum")


def test_goods_say_what_is_in_every_box_they_are_in() -> None:
    items = told(*BILL, "GID+1", "TMP+2+-018:CEL", f"SGP+{A}", f"SGP+{B}", "DGS+IMD+3+1263", "GID+2", f"SGP+{B}", "DGS+IMD+8+1789")
    assert [(r.cargo.dangerous, r.cargo.set_temp) for r in of(items, BoxRecord)] == [(("3/1263",), -180), (("3/1263", "8/1789"), -180)]


@pytest.mark.parametrize(
    ("code", "ports", "event", "given"),
    [
        ("785", ("LOC+9+XXFAR", "LOC+11+XXDMO"), "discharge", "live"), ("785", ("LOC+9+XXDMO", "LOC+11+XXFAR"), "load", "live"),
        ("933", ("LOC+11+XXDMO",), "discharge", "live"), ("833", ("LOC+9+XXDMO",), "load", "live"),
        ("833", ("LOC+11+XXFAR",), "load", "live"),
        ("833", ("LOC+9+XXFAR", "LOC+11+XXDMO"), "other", "status_only"), ("933", ("LOC+9+XXFAR", "LOC+11+XXOTH"), "other", "status_only"),
        ("785", ("LOC+9+XXFAR", "LOC+11+XXOTH"), "other", "status_only"), ("785", (), "other", "status_only"),
        ("933", (), "discharge", "live"),
        ("785", ("LOC+9+XXDMO", "LOC+11+XXDMO"), "other", "status_only"),
    ],
)  # fmt: skip
def test_discharged_or_loaded(code: str, ports: tuple[str, ...], event: str, given: str) -> None:
    header = (HEADER[0], HEADER[2], "DTM+133:202603071800:203")
    (record,) = of(told("CNI+1", "RFF+BM:ZZBL1", *ports, "GID+1", f"SGP+{A}", bgm=f"BGM+{code}+M-1+9", header=header), BoxRecord)
    assert (record.event, record.given, record.classifier, record.bill) == (event, given, "planned", "ZZBL1")
    assert given == "live" or record.why.split(":")[0] in ("contradicted", "passes", "no_direction")


def test_without_an_arrival_it_links_only() -> None:
    items = told(*BILL, "GID+1", f"SGP+{A}", header=("DTM+137:202603010830:203",))
    (record,) = of(items, BoxRecord)
    assert (record.given, record.occurred_at, record.why, record.bill) == ("status_only", None, "no_plan_time", "ZZBL1")


@pytest.mark.parametrize(
    ("code", "more", "declaration"),
    [
        ("785", (), ""), ("933", (), "M-1"), ("933", ("RFF+ABT:26ZZ1",), "26ZZ1"), ("785", ("RFF+AAE:26ZZ2",), "26ZZ2"),
        ("785", ("RFF+ABT:0",), ""),
    ],
)  # fmt: skip
def test_declaration(code: str, more: tuple[str, ...], declaration: str) -> None:
    (record,) = of(told(*BILL, *more, "GID+1", f"SGP+{A}", bgm=f"BGM+{code}+M-1+9"), BoxRecord)
    assert record.declaration == declaration


def test_a_list_of_boxes_behind_the_goods_tells_of_the_boxes_and_joins_nothing() -> None:
    goods = (*BILL, "GID+1", "MEA+WT+G+KGM:8000", "DGS+IMD+3+1263", f"SGP+{A}", "CNI+2+ZZBL2:BM", "GID+1", f"SGP+{B}")
    items = told(*goods, f"EQD+CN+{A}+45G1", "SEL+ZZ1+SH", f"EQD+CN+{B}+22G1")
    assert lines(items) == [(A, "ZZBL1", "live"), (B, "ZZBL2", "live")]
    (first, second) = of(items, BoxRecord)
    assert (first.size_type, first.seals, first.gross_g, first.cargo.dangerous) == ("45G1", ("ZZ1",), 8_000_000, ("3/1263",))
    assert (second.size_type, left(items)) == ("22G1", {})


def test_what_is_left_over_is_named() -> None:
    listed = (f"EQD+CN+{A}", f"EQD+CN+{A}", "EQD+CH+ZZXZ100001")
    items = told(*listed, *BILL, "NAD+CN", "GID+1", "MEA+WT+G+KGM:8000", "CNT+16:1", "SGP", "CNT+16:7")
    assert not faults(items)
    assert left(items) == {
        "EQD named again": 1, "EQD+CH": 1, "CNI without a box": 1, "NAD+CN": 1, "MEA outside of a box": 1, "SGP": 1, "CNT+16": 1,
        "CNT+16 (number of boxes is wrong)": 1,
    }  # fmt: skip


def test_more_than_any_ship_carries_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_manifest, "MOST", 2)
    assert faults(told(*BILL, "GID+1", f"SGP+{A}")) == []
    items = told(f"EQD+CN+{A}", f"EQD+CN+{B}", "EQD+CN+ZZDU1000070", *BILL)
    assert (faults(items), of(items, BoxRecord)) == ([("message", "message_too_long")], [])


def test_a_later_manifest_replaces_the_earlier_one_and_a_faulty_one_only_what_it_is_clear_about() -> None:
    whole = told(f"EQD+CN+{A}", *BILL, bgm="BGM+785+M-1+5")
    assert [(a.act, a.boxes) for a in of(whole, DocumentRecord)] == [("replace", ())]
    faulty = told(f"EQD+CN+{A}", "EQD+CN", *BILL, bgm="BGM+785+M-1+5")
    assert [(a.act, a.boxes) for a in of(faulty, DocumentRecord)] == [("change", (A,))]
    assert faults(faulty) == [("record", "no_box")]
    assert faults(told(bgm="BGM+785+M-1+9")) == [("message", "no_boxes")]
    assert faults(told(*BILL, bgm="")) == [("message", "no_bgm")]
