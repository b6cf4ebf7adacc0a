"""yard_csv: the boxes inside at an instant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data.feeds import BoxRecord, ListRecord
from data.feeds.yard_csv import LISTS
from tests.pure.csv_samples import got, of, reasons, records, samples

BOXES = b"equipment,terminal\nZZDU4839211,DT1\n"


@pytest.mark.parametrize(("path", "told"), [pytest.param(*s, id=s[0].stem) for s in samples("yard_csv")])
def test_sample(path: Any, told: Any) -> None:
    assert records("yard_csv", path, told) == told["records"]


@pytest.mark.parametrize(
    ("options", "utc", "zone_from"),
    [
        ({"as_of": "2026-03-01T18:00+07:00"}, "2026-03-01T11:00", "message"),
        ({"as_of": datetime(2026, 3, 1, 11, tzinfo=UTC)}, "2026-03-01T11:00", "message"),
        ({"as_of": "2026-03-01 18:00", "time_format": "%d.%m.%Y %H:%M"}, "2026-03-01T11:00", "place"),
        ({"columns": {"equipment": "equipment", "as_of": {"value": "2026-03-01 18:00"}}}, "2026-03-01T11:00", "place"),
        ({"_name": "in/yard_20260301180059.csv", "timezone": "Asia/Shanghai"}, "2026-03-01T10:00:59", "options"),
        ({"_name": "C:\\202501010000\\yard 2026-03-01T1800.csv"}, "2026-03-01T11:00", "place"),
        ({"_name": "yard_2026-03-01_1800_v12.csv"}, "2026-03-01T11:00", "place"),
        ({"_name": "Z9999999999999-20260301-1800Z.csv"}, "2026-03-01T18:00", "message"),
        ({"_name": "999999999999_202613011800_202603011800.csv"}, "2026-03-01T11:00", "place"),
        ({"_name": "stock 1.3.26.csv", "as_of_name": "%d.%m.%y"}, "2026-02-28T17:00", "place"),
        ({"_name": "202603010000.csv", "as_of": "2026-03-01 18:00"}, "2026-03-01T11:00", "place"),
    ],
)
def test_the_instant_of_a_list(options: dict[str, object], utc: str, zone_from: str) -> None:
    box, told = got("yard_csv", BOXES, options)[:2]
    assert told.listed_at == box.listed_at == box.occurred_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert (box.event, box.zone_from) == ("present", zone_from)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "no_as_of"),
        ({"_name": "202603011800/yard.csv"}, "no_as_of"),
        ({"_name": "yard_20260301.csv"}, "no_as_of"),
        ({"_name": "yard_1234202603011800.csv"}, "no_as_of"),
        ({"as_of": "now"}, "bad_options"),
        ({"_name": "x", "as_of_name": "%B"}, "bad_options"),
        ({"_name": "x", "as_of_name": "%H"}, "bad_options"),
    ],
)
def test_a_list_without_an_instant_is_no_list(options: dict[str, object], reason: str) -> None:
    (item,) = got("yard_csv", BOXES, options)
    assert (item.reason, item.scope) == (reason, "file")


def test_a_header_only_list_with_a_column_of_instants_says_nothing_of_any_instant() -> None:
    assert reasons(got("yard_csv", b"equipment,as_of\n")) == [("line 1", "no_as_of")]
    (told,) = of(got("yard_csv", b"equipment,as_of\n", {"_name": "202603011800.csv"}), ListRecord)
    assert (told.lines, told.position) == (0, "list")


def test_a_list_none_of_whose_rows_can_be_read_does_not_say_that_the_yard_is_empty() -> None:
    items = got("yard_csv", b"equipment,terminal\n,DT1\n,DT1\n", {"as_of": "2026-03-01 18:00"})
    assert reasons(items) == [("line 2", "no_box"), ("line 3", "no_box")]
    assert of(items, ListRecord) == []


def test_the_terminal_of_an_empty_list_is_the_declared_one() -> None:
    options = {"as_of": "2026-03-01 18:00", "columns": {"equipment": "equipment", "terminal": {"value": "DT1"}}}
    (told,) = of(got("yard_csv", b"equipment\n", options), ListRecord)
    assert (told.terminal, told.lines) == ("DT1", 0)


def test_holds_of_a_yard_list_are_a_remark() -> None:
    raw = b'equipment,holds,remark\nZZDU4839211,"customs; quarantine,police",behind\nZZDU4839227,;,\n'
    first, second = of(got("yard_csv", raw, {"as_of": "2026-03-01 18:00"}), BoxRecord)
    assert (first.remark, second.remark) == ("behind; holds: customs, quarantine, police", "")


def test_a_column_of_last_moves_taken_for_instants_does_not_make_a_thousand_lists() -> None:
    rows = b"".join(b"ZZDU%07d,2026-03-01 %02d:%02d\n" % (i, i // 60, i % 60) for i in range(LISTS + 3))
    items = got("yard_csv", b"equipment,as_of\n" + rows)
    assert len(of(items, ListRecord)) == len(of(items, BoxRecord)) == LISTS
    assert [reason for _, reason in reasons(items)] == ["too_many_lists"] * 3
