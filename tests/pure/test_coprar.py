"""COPRAR: what it has of its own; the rest is shared with CODECO, COARRI and COPARN."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.feeds import BoxRecord
from tests.pure.edifact_samples import box, parts, samples

EQD = "EQD+CN+ZZDU1000018+45G1:102:5++3+5"
ETA, ETD = datetime(2026, 3, 4, 23, 0, tzinfo=UTC), datetime(2026, 3, 7, 11, 0, tzinfo=UTC)
TDT, OURS, THEIRS = "TDT+20+041W+1++ZZL+++9999993:146::DEMO SHIP", "XXDMO:139:6", "XXFAR:139:6"
AT_132, AT_133 = "DTM+132:202603050600:203", "DTM+133:202603071800:203"
LATER_132, LATER_133 = "DTM+132:202603150600:203", "DTM+133:202603171800:203"


def told(*segments: str, code: str, header: tuple[str, ...] = (), **options: object) -> BoxRecord:
    return box(EQD, *segments, bgm=f"BGM+{code}+O-1+9", header=header, format_="coprar", **options)


@pytest.mark.parametrize(("path", "said"), [pytest.param(*s, id=s[0].stem) for s in samples("coprar")])
def test_sample(path: Path, said: Any) -> None:
    assert parts("coprar", path, said) == said["parts"]


@pytest.mark.parametrize(
    ("code", "event"),
    [("43", "discharge"), ("118", "discharge"), ("145", "discharge"), ("45", "load"), ("121", "load"), ("146", "load"), ("44", "other")],
)
def test_codes(code: str, event: str) -> None:
    record = told(code=code, header=(TDT, AT_132, AT_133))
    assert (record.event, record.classifier) == (event, "planned")
    assert record.occurred_at == {"discharge": ETA, "load": ETD}.get(event)
    assert (record.vessel, record.voyage, record.mode) == ("DEMO SHIP", "041W", "vessel")


@pytest.mark.parametrize(
    ("code", "header", "at"),
    [
        ("45", (TDT, f"LOC+9+{OURS}", AT_133, f"LOC+11+{THEIRS}", LATER_132, LATER_133), ETD),
        ("43", (TDT, f"LOC+9+{THEIRS}", LATER_133, f"LOC+11+{OURS}", AT_132), ETA),
        ("43", (TDT, f"LOC+9+{THEIRS}", LATER_132, f"LOC+11+{OURS}"), None),
        ("45", (TDT, f"LOC+9+{OURS}", f"LOC+11+{THEIRS}", AT_132, AT_133), ETD),
        ("43", (TDT, f"LOC+11+{OURS}", AT_133), ETD), ("45", (TDT, AT_132), ETA), ("45", (TDT,), None),
        ("45", ("DTM+137:202603010830:203", TDT), None),
    ],
)  # fmt: skip
def test_the_time_is_that_of_this_call(code: str, header: tuple[str, ...], at: datetime | None) -> None:
    record = told(code=code, header=header)
    assert (record.occurred_at, record.given) == (at, "live" if at else "status_only")
    assert at or record.why == "no_plan_time"


def test_the_ports_are_witnesses() -> None:
    assert told(code="45", header=(TDT, "LOC+9+XXFAR", "LOC+11+XXDMO", AT_132)).given == "unclassified"
    assert told(code="43", header=(TDT, "LOC+9+XXFAR", "LOC+11+XXDMO", AT_132)).given == "live"


def test_what_stays_on_board_is_expected_nowhere() -> None:
    record = box("EQD+CN+ZZDU1000018+45G1++4+5", bgm="BGM+43++9", header=(TDT, AT_132), format_="coprar")
    assert (record.event, record.given, record.why) == ("discharge", "status_only", "no_move: remains on board")


def test_the_call_of_another_place_is_not_expected_here() -> None:
    record = told(code="43", header=(TDT, "LOC+11+XXOTH", AT_132))
    assert (record.location, record.only_declared) == ("XXOTH", True)
