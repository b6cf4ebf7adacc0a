"""BAPLIE: which boxes are ours, when the ship comes, and that every cell is accounted for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.feeds import BoxRecord, DocumentRecord
from tests.pure.edifact_samples import faults, got, interchange, left, message, of, parts, samples, taken

TDT, ETA = "TDT+20+041W+++ZZL:172:20+++ZZ4CS:103::DEMO SHIP", "DTM+132:2603050600:201"
CELL, POD, EQD = "LOC+147+0030586::5", "LOC+11+XXDMO:139:6", "EQD+CN+ZZDU 1000018+45G1++3+5"
AT = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)


def told(*segments: str, header: tuple[str, ...] = (TDT, ETA), bgm: str = "BGM+++9") -> list[Any]:
    return got(interchange(message(*header, *segments, kind="BAPLIE", bgm=bgm)), "baplie")


def one(*segments: str, **more: Any) -> BoxRecord:
    items = told(*segments, **more)
    (record,) = of(items, BoxRecord)
    assert not faults(items)
    return record  # type: ignore[no-any-return]


@pytest.mark.parametrize(("path", "said"), [pytest.param(*s, id=s[0].stem) for s in samples("baplie")])
def test_sample(path: Path, said: Any) -> None:
    assert parts("baplie", path, said) == said["parts"]


def test_a_box_for_this_port_is_expected_with_the_ship() -> None:
    record = one(CELL, "MEA+WT++KGM:26700", "LOC+9+XXFAR", POD, EQD)
    assert (record.event, record.classifier, record.given, record.occurred_at) == ("discharge", "estimated", "live", AT)
    assert (record.vessel, record.voyage, record.location, record.only_declared) == ("DEMO SHIP", "041W", "XXDMO", True)
    assert (record.gross_g, record.cargo and record.cargo.weight, record.equipment) == (26_700_000, "cargo", "ZZDU1000018")
    assert record.remark.startswith("cell 0030586")


@pytest.mark.parametrize(
    ("ports", "ours"),
    [
        (("LOC+9+XXFAR", "LOC+11+XXDMO"), True), (("LOC+6+XXFAR", "LOC+12+XXDMO"), True), (("LOC+11+XX DMO",), True),
        (("LOC+11+XXOTH", "LOC+12+XXDMO"), False), (("LOC+9+XXDMO", "LOC+11+XXFAR"), False), ((), False), (("LOC+11",), False),
    ],
)  # fmt: skip
def test_the_port_of_discharge(ports: tuple[str, ...], ours: bool) -> None:
    items = told(CELL, *ports, EQD)
    assert (taken(items) == ["ZZDU1000018"]) is ours
    assert not faults(items)
    named = sum(count for name, count in left(items).items() if name.startswith("EQD"))
    assert named == (0 if ours else 1)


@pytest.mark.parametrize(
    ("header", "at"),
    [
        ((TDT, "LOC+61+XXDMO", ETA), AT), ((TDT, "LOC+61+XXOTH", ETA), None), ((TDT,), None), ((TDT, "DTM+178:2603050600:201"), None),
        ((TDT, "LOC+5+XXFAR", "DTM+133:2602280600:201", "LOC+61+XXDMO", ETA), AT),
        ((TDT, "LOC+5+XXFAR", ETA, "LOC+61+XXDMO", "DTM+133:2603060600:201"), None), (("DTM+137:2603010830:201", TDT), None),
    ],
)  # fmt: skip
def test_the_arrival_is_that_at_the_next_port(header: tuple[str, ...], at: datetime | None) -> None:
    record = one(CELL, POD, EQD, header=header)
    assert (record.occurred_at, record.given) == (at, "live" if at else "status_only")


def test_every_cell_is_accounted_for() -> None:
    more = (CELL, "LOC+147+1::5", "EQD+CN+ZZDU1000044", "LOC+147+2::5", POD, "EQD+CN", "LOC+147+3::5", POD, EQD, "EQD+CN+ZZDU1000070")
    rest = ("LOC+147+4::5", POD, "EQD+CH+ZZXZ100001", "LOC+1470", "CNT+16:4")
    items = told(*more, *rest)
    assert taken(items) == ["ZZDU1000018", "ZZDU1000070"]
    assert {name: count for name, count in left(items).items() if "EQD" in name or "147" in name or "CNT" in name} == {
        "LOC+147 without a box": 2, "EQD without a port of discharge": 1, "EQD without a number, for this port": 1, "EQD+CH": 1,
    }  # fmt: skip


def test_some_write_the_box_before_its_cell() -> None:
    first = (EQD, CELL, "MEA+AAE+WT+KGM:15000", "LOC+11+XXOTH")
    items = told(*first, "EQD+CN+ZZDU1000044+22G1", "LOC+147+0010284", "MEA+AAE+VGM+KGM:9000", POD, "EQD+CN+ZZDU1000070", "LOC+147+1", POD)
    assert [(r.equipment, r.gross_g, r.remark.split("; ")[0]) for r in of(items, BoxRecord)] == [
        ("ZZDU1000044", 9_000_000, "cell 0010284"), ("ZZDU1000070", None, "cell 1"),
    ]  # fmt: skip
    assert left(items) == {"EQD for another port of discharge": 1}


def test_the_dummy_bill_links_nothing() -> None:
    items = told(CELL, POD, "RFF+BM:1", EQD, "LOC+147+2", POD, "RFF+BM:ZZBL1", "EQD+CN+ZZDU1000044")
    assert [r.bill for r in of(items, BoxRecord)] == ["", "ZZBL1"]
    assert left(items)["RFF+BM"] == 1


@pytest.mark.parametrize(
    ("bgm", "act"),
    [
        ("BGM++P1+9", "replace"), ("BGM+++9", "replace"), ("BGM++P2+5", "replace"), ("BGM++P1+4", "change"), ("BGM++P1+1", "cancel"),
        ("BGM++P1+7", None), ("BGM++P1+46", None), ("BGM++P1+99", None),
    ],
)  # fmt: skip
def test_a_plan_is_the_state_of_the_voyage(bgm: str, act: str | None) -> None:
    items = told(CELL, POD, EQD, bgm=bgm)
    key = "DT1|BAPLIE|ZZ4CS|041W"
    assert [(a.act, a.target, a.document) for a in of(items, DocumentRecord)] == ([(act, key, key)] if act else [])
    assert of(items, BoxRecord)[0].document == key


def test_without_a_ship_the_number_is_the_key() -> None:
    items = told(CELL, POD, EQD, header=(), bgm="BGM++P1+9")
    assert of(items, DocumentRecord) == []
    assert of(items, BoxRecord)[0].document == "DT1|BAPLIE|P1"


def test_a_plan_without_any_box_of_ours_empties_the_list_and_one_with_an_unreadable_one_does_not() -> None:
    (act,) = of(told(CELL, "LOC+11+XXOTH", EQD), DocumentRecord)
    assert (act.act, act.boxes) == ("replace", ())
    items = told(CELL, POD, EQD, "LOC+147+2", POD, "EQD+CN+ZZDU1000044 AND ANOTHER")
    assert [(a.act, a.boxes) for a in of(items, DocumentRecord)] == [("change", ("ZZDU1000018",))]
    assert faults(items) == [("record", "bad_box")]


def test_a_ship_without_cells_is_no_plan() -> None:
    assert faults(told()) == [("message", "no_boxes")]
    assert faults(told(CELL, POD, EQD, bgm="")) == [("message", "no_bgm")]


@pytest.mark.parametrize(
    ("tmp", "size", "degrees", "named"),
    [
        ("TMP+2+0.0:CEL", "45G1", None, True), ("TMP+2+0.0:CEL", "45R1", 0, False), ("TMP+2+0.0:CEL", "", 0, False),
        ("TMP+2+0:CEL", "2230", 0, False), ("TMP+2+0:CEL", "2200", None, True), ("TMP+2+-18:CEL", "22G1", -180, False),
        ("TMP+2+015:FAH", "45R1", -94, False), ("TMP+2+-0,5", "45R1", -5, False), ("TMP+2+999:CEL", "45R1", None, False),
        ("TMP+2+cold:CEL", "45R1", None, False), ("TMP+1+-18:CEL", "45R1", None, False),
    ],
)  # fmt: skip
def test_set_temperature(tmp: str, size: str, degrees: int | None, named: bool) -> None:
    items = told(CELL, POD, tmp, f"EQD+CN+ZZDU1000018+{size}++3+5")
    (record,) = of(items, BoxRecord)
    assert (record.cargo.set_temp if record.cargo else None) == degrees
    assert ("TMP+2 (0 degrees on a box that is no reefer)" in left(items)) is named
    assert degrees is not None or named or any(name.startswith("TMP") for name in left(items))
