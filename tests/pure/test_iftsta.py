"""IFTSTA: which statuses are movements or customs facts, where and when; and what its text says against it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.feeds import BoxRecord, DocumentRecord, FactRecord
from tests.pure.edifact_samples import faults, got, interchange, left, message, of, parts, samples

AT, EQD = "DTM+334:202603010847:203", "EQD+CN+ZZDU1000018+45G1:102:5++3+5"
HERE = "LOC+175+XXDMO:139:6+DT1:TER:ZZZ"
THEN = datetime(2026, 3, 1, 1, 47, tzinfo=UTC)


def told(*segments: str, bgm: str = "BGM+23+S-1+9", unb: str = "", **options: object) -> list[Any]:
    lines = message(*segments, kind="IFTSTA", bgm=bgm)
    return got(interchange(lines, **({"unb": unb} if unb else {})), "iftsta", options)


def one(*segments: str, **more: Any) -> BoxRecord:
    items = told(*segments, **more)
    (record,) = of(items, BoxRecord)
    assert not faults(items)
    return record  # type: ignore[no-any-return]


@pytest.mark.parametrize(("path", "said"), [pytest.param(*s, id=s[0].stem) for s in samples("iftsta")])
def test_sample(path: Path, said: Any) -> None:
    assert parts("iftsta", path, said) == said["parts"]


@pytest.mark.parametrize(
    ("code", "event", "given"),
    [
        ("29", "discharge", "live"), ("48", "load", "live"), ("28", "strip", "live"), ("93", "stuff", "live"), ("13", "gate_out", "live"),
        ("21", "gate_in", "live"), ("82", "gate_in", "live"), ("98", "gate_in", "live"), ("99", "gate_out", "live"), ("AE", "load", "live"),
        ("UV", "discharge", "live"), ("I", "gate_in", "live"), ("OA", "gate_out", "live"), ("oa", "gate_out", "live"),
        ("1", "other", "status_only"), ("31", "other", "status_only"), ("94", "other", "status_only"), ("VD", "other", "status_only"),
        ("12", "other", "status_only"), ("XYZ", "other", "status_only"), ("", "other", "unclassified"),
    ],
)  # fmt: skip
def test_codes(code: str, event: str, given: str) -> None:
    record = one("CNI+1+ZZBL1:BM", f"STS+1+{code}::22", AT, HERE, EQD)
    assert (record.event, record.given, record.classifier, record.occurred_at) == (event, given, "actual", THEN)
    assert (record.only_declared, record.location, record.bill) == (True, "XXDMO:DT1 XXDMO", "ZZBL1")


def test_the_sender_profile_wins() -> None:
    assert one("STS+1+31", AT, HERE, EQD, codes={"31": "gate_in"}).event == "gate_in"
    assert one("STS+1+29:::GATE OUT", AT, HERE, EQD, codes={"DT1": {"29": "discharge"}}).given == "live"
    assert one("STS+1+29", AT, HERE, EQD, codes={"29": "status_only"}).given == "status_only"
    assert one("STS+1+29", AT, HERE, EQD, codes={"29": "unclassified"}).given == "unclassified"


@pytest.mark.parametrize(
    ("sts", "given"),
    [
        ("STS+1+29:::GATE OUT FULL IMPORT", "unclassified"), ("STS+1++29:::GATE OUT FULL IMPORT", "unclassified"),
        ("STS+1+29:::Discharged from vessel", "live"), ("STS+1+22:::LOADED ONTO VESSEL", "unclassified"),
        ("STS+1+1:::ARRIVED", "status_only"), ("STS+1+31:::NOT YET GATED OUT", "status_only"), ("STS+1+29:::CARGO LOADED", "live"),
        ("STS+1+48:::LOADED ON BOARD", "live"), ("STS+1+13:::GATE OUT", "live"), ("STS+1+12:::CUSTOMS HOLD", "unclassified"),
        ("STS+1+12:::CUSTOMS RELEASED", "status_only"), ("STS+1+21:::DISCHARGED", "live"),
    ],
)  # fmt: skip
def test_the_text_is_a_witness_against_the_code(sts: str, given: str) -> None:
    items = told("CNI+1+ZZBL1:BM", sts, AT, HERE, EQD)
    (record,) = of(items, BoxRecord)
    assert record.given == given
    assert record.why.startswith("contradicted: ") == (given == "unclassified")
    assert bool(of(items, FactRecord)) == (sts == "STS+1+12:::CUSTOMS RELEASED")


@pytest.mark.parametrize(
    ("tdt", "event", "mode"),
    [
        ("TDT+20+041W+1++ZZL", "load", "vessel"), ("TDT+1++2+25", "other", "rail"), ("TDT+1++3+31", "other", "truck"),
        ("TDT+20", "load", "unknown"),
    ],
)  # fmt: skip
def test_loaded_onto_a_wagon_is_no_load(tdt: str, event: str, mode: str) -> None:
    record = one("STS+1+48", AT, "LOC+9+XXDMO", tdt, EQD)
    assert (record.event, record.mode) == (event, mode)
    assert record.given == ("live" if event == "load" else "status_only")


@pytest.mark.parametrize(
    ("code", "loc", "location"),
    [
        ("29", ("LOC+9+XXFAR", "LOC+11+XXDMO"), "XXDMO"), ("48", ("LOC+9+XXDMO", "LOC+11+XXFAR"), "XXDMO"),
        ("21", ("LOC+7+XXDMO",), "XXDMO"),
        ("82", ("LOC+99+XXDMO",), "XXDMO"), ("98", ("LOC+9+XXDMO",), ""), ("29", ("LOC+175+XXDMO", "LOC+11+XXFAR"), "XXDMO"),
        ("98", ("NAD+TR+DT1",), "XXDMO:DT1 DT1"), ("98", (), ""),
    ],
)  # fmt: skip
def test_the_place_is_named_or_nowhere(code: str, loc: tuple[str, ...], location: str) -> None:
    record = one("NAD+MS+ZZWRITER", "CNI+1", f"STS+1+{code}", AT, *loc, EQD)
    assert (record.location, record.only_declared) == (location, True), "who writes it is nowhere near the box"


def test_the_time() -> None:
    ship = ("TDT+20+041W+1", "LOC+11+XXDMO", "DTM+178:202603010500:203")
    assert one("STS+1+29", AT, *ship, EQD).occurred_at == THEN
    assert one("DTM+137:202603010847:203", "STS+1+29", *ship, EQD).why == "report_time: DTM 137", "never the ship's"
    assert one("STS+1+29", "DTM+334:soon:203", EQD).given == "unclassified"


def test_each_status_has_its_boxes() -> None:
    first, second = ("EQD+CN+ZZDU1000018", "SEL+ZZ1+CA", "EQD+CN+ZZDU1000044"), ("EQD+CN+ZZDU1000070",)
    one_bill = ("CNI+1+ZZBL1:BM", "STS+1+29", AT, *first)
    other = ("CNI+2+ZZBL2:BM", "STS+1+1", AT, *second, "STS+1+31", AT, "RFF+EQ:ZZDU1000105")
    items = told(*one_bill, *other, "CNT+16:4")
    assert [(r.position, r.equipment, r.bill, r.event) for r in of(items, BoxRecord)] == [
        ("UNH 1/CNI 1/STS 1/EQD 1", "ZZDU1000018", "ZZBL1", "discharge"), ("UNH 1/CNI 1/STS 1/EQD 2", "ZZDU1000044", "ZZBL1", "discharge"),
        ("UNH 1/CNI 2/STS 1/EQD 1", "ZZDU1000070", "ZZBL2", "other"), ("UNH 1/CNI 2/STS 2/EQD 1", "ZZDU1000105", "ZZBL2", "other"),
    ]  # fmt: skip
    assert of(items, BoxRecord)[0].seals == ("ZZ1",)
    assert left(items) == {}


@pytest.mark.parametrize(("code", "kind"), [("12", "release"), ("78", "release"), ("CT", "release"), ("CU", "release"), ("17", "hold")])
def test_customs_facts(code: str, kind: str) -> None:
    items = told("CNI+1+ZZBL1:BM", f"STS+1+{code}", "RFF+BN:ZZK1", "RFF+ABT:26ZZ1", AT, EQD)
    (fact,) = of(items, FactRecord)
    assert (fact.kind, fact.about, fact.reference, fact.equipment, fact.bill) == (kind, "equipment", "ZZDU1000018", "ZZDU1000018", "ZZBL1")
    assert (fact.booking, fact.declaration, fact.effective_at, fact.given) == ("ZZK1", "26ZZ1", THEN, "live")
    assert (fact.agency, fact.only_declared) == ("", True), "the publisher's own word"
    assert [r.given for r in of(items, BoxRecord)] == ["status_only"]


@pytest.mark.parametrize(
    ("references", "told_of"),
    [
        (("RFF+BM:ZZBL1", "RFF+BM:ZZBL2", "RFF+BN:ZZK1"), [("bill", "ZZBL1"), ("bill", "ZZBL2")]),
        (("RFF+BN:ZZK1",), [("booking", "ZZK1")]),
        (("RFF+ABT:26ZZ1",), [("declaration", "26ZZ1")]), ((), []),
    ],
)  # fmt: skip
def test_a_customs_fact_without_a_box(references: tuple[str, ...], told_of: list[tuple[str, str]]) -> None:
    items = told("STS+1+17", *references, AT)
    assert [(f.about, f.reference) for f in of(items, FactRecord)] == told_of
    assert left(items) == ({} if told_of else {"STS+17 without a box": 1})


def test_what_names_no_box_is_named() -> None:
    items = told("CNI+1", "CNI+2", "STS+1+29", AT, "CNI+3", "FTX+AAI+++HELLO")
    assert left(items) == {"CNI without a status": 2, "STS+29 without a box": 1, "FTX+AAI": 1}
    assert not faults(items)
    assert faults(told("NAD+CA+ZZL")) == [("message", "no_status")]
    assert faults(told("CNI+1", bgm="")) == [("message", "no_bgm")]


def test_documents_and_what_they_take_back() -> None:
    lines = ("CNI+1+ZZBL1:BM", "STS+1+12", AT, EQD)
    items = told(*lines, bgm="BGM+23+S-1+1")
    assert [(a.act, a.target) for a in of(items, DocumentRecord)] == [("cancel", "DT1|IFTSTA|S-1")]
    (fact,) = of(items, FactRecord)
    assert (fact.function, fact.source_id) == ("cancel", "DT1|IFTSTA|S-1|12|ZZDU1000018")
    assert of(told(*lines), FactRecord)[0].source_id == fact.source_id, "that of the original"
    (lost,) = of(told(*lines, bgm="BGM+23++1"), FactRecord)
    assert (lost.given, lost.why) == ("unclassified", "no_target")


def test_a_test_says_nothing() -> None:
    items = told("STS+1+12", AT, HERE, EQD, "STS+1+29", AT, HERE, EQD, unb="UNB+UNOA:2+DT1+ZZLINE+260301:0910+CD1++++++1")
    assert {i.given for i in items if isinstance(i, BoxRecord | FactRecord)} == {"test"}
    assert one("STS+1+29", AT, HERE, EQD, bgm="BGM+23+S-1+46").given == "provisional"
    assert of(told("STS+1+12", AT, HERE, EQD, bgm="BGM+23+S-1+46"), FactRecord)[0].given == "provisional"
    assert not of(told("STS+1+12", AT, HERE, EQD, bgm="BGM+23+S-1+99"), FactRecord)
    assert one("STS+1+29", AT, HERE, EQD, bgm="BGM+23+S-1+99").given == "unclassified"
