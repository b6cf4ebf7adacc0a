"""Every shipped file of limits: read, cited, its status said in so many words, and honest about its calendars."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from zones import limits as module
from zones.jurisdiction import Jurisdiction, parse
from zones.measure import Measure

FOLDER = Path(__file__).resolve().parents[2] / "zones" / "limits"
FILES = sorted(FOLDER.glob("*.yaml"))
OPERATIONAL = {"import_dwell_warn", "import_dwell_high"}


def test_the_module_stands_beside_the_folder_of_the_same_name() -> None:
    assert module.__file__ is not None
    assert module.__file__.endswith("limits.py")
    assert not (FOLDER / "__init__.py").exists()


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def file(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def jurisdiction(file: Path) -> Jurisdiction:
    found, written = parse(file.name, file.read_text())
    assert not written.faults
    assert found is not None
    return found


def test_there_are_some() -> None:
    assert {file.stem for file in FILES} >= {"vn", "cn", "us"}


def test_the_file_is_named_after_the_jurisdiction(file: Path, jurisdiction: Jurisdiction) -> None:
    assert jurisdiction.id == file.stem
    assert set(jurisdiction.name) == {"en", "vi", "zh"}


def test_every_limit_is_cited_and_says_whether_it_is_confirmed(file: Path, jurisdiction: Jurisdiction) -> None:
    assert jurisdiction.written
    goods = [*jurisdiction.goods.statuses, *jurisdiction.goods.watch]
    assert file.read_text().count("citation_status:") == len(jurisdiction.written) + len(goods), "none leaves it to the default"
    for limit in jurisdiction.written:
        assert len(limit.citation) > 10, limit.limit
        quoted = any(word in limit.citation for word in ("quoted", "undated", "not seen"))
        assert quoted == (limit.citation_status == "unconfirmed"), f"{limit.limit}: only what was read is confirmed"
    for said in goods:
        quoted = any(word in said.citation for word in ("quoted", "undated", "not seen"))
        assert quoted != said.confirmed, f"{said.citation}: only what was read is confirmed"
        assert set(said.name) == {"en", "vi", "zh"}


def test_statute_only(jurisdiction: Jurisdiction) -> None:
    assert not OPERATIONAL & {limit.limit for limit in jurisdiction.written}


def test_a_calendar_without_holidays_ends_before_anything_is_counted_by_it(file: Path, jurisdiction: Jurisdiction) -> None:
    for name, calendar in jurisdiction.calendars.items():
        if not calendar.holidays:
            assert calendar.last_day < date(2014, 1, 1), name
            assert "Holidays are not declared" in file.read_text()


def test_deadlines_can_be_counted(jurisdiction: Jurisdiction) -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    for limit in jurisdiction.limits(zone):
        if isinstance(limit.value, Measure):
            continue
        deadline = limit.deadline(limit.valid_from, zone)
        assert deadline.at > limit.valid_from
        assert deadline.exact == (limit.value.unit not in ("wd", "wh"))


def test_what_is_for_warehouses_is_not_asked_of_free_zones() -> None:
    """Storage in a free zone has no limit in any of these laws; what a zone has to count and report is asked of zones."""
    for file in FILES:
        law, _ = parse(file.name, file.read_text())
        assert law is not None
        named = {kind: {limit.limit for limit in law.limits(ZoneInfo("UTC"), kind)} for kind in ("bonded_warehouse", "free_zone")}
        assert "bonded_period" in named["bonded_warehouse"] - named["free_zone"], file.name
        assert not {"count_interval", "reconciliation_report"} & named["bonded_warehouse"], file.name
