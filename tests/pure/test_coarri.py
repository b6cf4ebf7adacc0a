"""COARRI: what it has of its own; the rest is shared with CODECO and tested there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.feeds import BoxRecord, coarri
from tests.pure.edifact_samples import box, got, interchange, message, of, parts, samples

EQD, AT = "EQD+CN+ZZDU4839211+45G1:102:5++3+5", "DTM+203:202603010847:203"


@pytest.mark.parametrize(("path", "told"), [pytest.param(*s, id=s[0].stem) for s in samples("coarri")])
def test_sample(path: Path, told: Any) -> None:
    assert parts("coarri", path, told) == told["parts"]


@pytest.mark.parametrize(
    ("code", "event", "given"),
    [
        ("44", "discharge", "live"), ("98", "discharge", "live"), ("119", "discharge", "live"), ("46", "load", "live"),
        ("122", "load", "live"),
        ("270", "load", "live"), ("34", "other", "unclassified"), ("45", "other", "unclassified"), ("118", "other", "unclassified"),
        ("EX1", "other", "unclassified"), ("266", "other", "unclassified"),
    ],
)  # fmt: skip
def test_codes(code: str, event: str, given: str) -> None:
    record = box(EQD, AT, bgm=f"BGM+{code}++9", format_="coarri")
    assert (record.event, record.given) == (event, given)
    assert record.occurred_at == datetime(2026, 3, 1, 1, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "header", "given"),
    [
        ("119", ("LOC+11+XXDMO", "LOC+9+XXFAR"), "live"), ("119", ("LOC+11+XXFAR", "LOC+9+XXDMO"), "unclassified"),
        ("122", ("LOC+11+XXDMO", "LOC+9+XXFAR"), "unclassified"), ("122", ("LOC+11+XXFAR", "LOC+9+XXDMO"), "live"),
        ("119", ("LOC+11+XXDMO", "LOC+9+XXDMO"), "live"), ("119", ("LOC+11+XXFAR", "LOC+9+XXOTH"), "live"),
        ("119", ("LOC+9+XXDMO",), "live"),
    ],
)  # fmt: skip
def test_the_ports_of_the_header_are_witnesses(code: str, header: tuple[str, ...], given: str) -> None:
    assert box(EQD, AT, bgm=f"BGM+{code}++9", header=header, format_="coarri").given == given


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("DISCHARGE REPORT", "discharge"), ("Loading Report", "load"), ("DISCHARGE/LOADING REPORT", ""), ("UNLOADING LIST", "discharge"),
        ("LOADED CARGO DAMAGED", ""), ("VESSEL REPORT", ""), ("EXPORT CONTAINERS LOADED ONTO VESSEL", "load"), ("", ""),
    ],
)  # fmt: skip
def test_the_title_is_a_witness(title: str, said: str) -> None:
    assert coarri.witness(title) == said
    record = box(EQD, AT, bgm=f"BGM+44:::{title}++9", format_="coarri")
    assert record.given == ("unclassified" if said == "load" else "live")


@pytest.mark.parametrize(
    ("code", "header", "group", "location"),
    [
        ("119", ("LOC+11+XXDMO:139:6+DT1:TER:ZZZ", "LOC+9+XXFAR"), ("LOC+11+XXOTH",), "XXDMO:DT1 XXDMO"),
        ("122", ("LOC+11+XXFAR", "LOC+9+XXDMO:139:6+DT1:TER:ZZZ"), (), "XXDMO:DT1 XXDMO"),
        ("119", (), ("LOC+11+XXDMO", "LOC+9+XXFAR"), "XXDMO"),
        ("122", (), ("LOC+11+XXFAR", "LOC+9+XXDMO"), "XXDMO"),
        ("119", ("LOC+11+XXDMO",), ("LOC+165+XXDMO+DT1",), "XXDMO:DT1 XXDMO"),
        ("119", (), (), "XXDMO:DT1 DT1"),
    ],
)
def test_the_place(code: str, header: tuple[str, ...], group: tuple[str, ...], location: str) -> None:
    assert box(EQD, AT, *group, bgm=f"BGM+{code}++9", header=header, format_="coarri").location == location


@pytest.mark.parametrize(
    ("tdt", "mode", "vessel"),
    [
        ("TDT+20+041W+1++ZZL+++9999993:146::DEMO SHIP", "vessel", "DEMO SHIP"),
        ("TDT+20+041W+8++ZZL+++:103::DEMO BARGE", "barge", "DEMO BARGE"),
        ("TDT+20+041W++13+ZZL+++ZZ4CS:103", "vessel", "ZZ4CS"), ("TDT+20+041W++++++9999993", "vessel", "IMO 9999993"),
        ("TDT+20+041W++++++9999999", "unknown", "9999999"), ("TDT+20+041W", "unknown", ""),
    ],
)  # fmt: skip
def test_the_ship(tdt: str, mode: str, vessel: str) -> None:
    record = box(EQD, AT, bgm="BGM+119++9", header=(tdt,), format_="coarri")
    assert (record.mode, record.vessel, record.voyage, record.vehicle) == (mode, vessel, "041W", "")


def test_the_call_of_the_ship_is_never_the_time_of_the_box() -> None:
    header = ("DTM+137:202603010847:203", "TDT+20+041W+1", "DTM+178:202603010500:203", "DTM+132:202603010600:203")
    record = box(EQD, "TDT+30+042E+1", "DTM+133:202603090000:203", bgm="BGM+119++9", header=header, format_="coarri")
    assert (record.occurred_at, record.why) == (datetime(2026, 3, 1, 1, 47, tzinfo=UTC), "report_time: DTM 137")


def test_shortlanded_never_discharges() -> None:
    raw = interchange(message(*(f"EQD+CN+ZZDU100001{s % 10}+45G1++{s}+5" for s in (4, 5, 7, 14, 3)), kind="COARRI", bgm="BGM+119++9"))
    assert [r.given for r in of(got(raw, "coarri"), BoxRecord)] == ["status_only"] * 4 + ["live"]


def test_a_codeco_is_not_for_this_reader() -> None:
    items = got(interchange(message(EQD, AT, bgm="BGM+44++9")), "coarri")
    assert not of(items, BoxRecord)
    assert [(i.reason, i.detail, i.scope) for i in items[1:]] == [("other_type", "CODECO", "message")]
