"""Exports: the columns of the contract, the values of a small book worked out by hand, three formats alike, and no cell that runs."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.export import export, percentile
from data.export_columns import COLUMNS
from data.export_files import FORMULA, plain
from data.store import tables as t
from layouts._text.sentence import sentence
from tests.store.told import GATE, Book, book, box, clock, document, edifact, local
from tests.store.told import csv as table

__all__ = ["book"]

# As the public contract has them; more may follow.
CONTRACT = {
    "movements": """
        movement_id place terminal area equipment event occurred_at mode direction full_empty size_type teu canonical_report
        reports publishers disagreement
    """,
    "reports": """
        report_id movement_id canonical message_id position feed publisher place terminal area equipment equipment_valid event
        classifier occurred_at occurred_text occurred_precision zone_from received_at mode vehicle gate lane vessel voyage line
        bill declaration full_empty size_type teu seals gross_kg direction status
    """,
    "customs": "fact_id message_id feed place about reference equipment kind agency hold_ref effective_at issued_at received_at status",
    "stays": """
        stay_id place terminal equipment direction direction_from entered_at entered_not_after entered_by left_at left_by
        dwell_minutes age_minutes held area line bill size_type teu full_empty movements
    """,
    "inventory": "place area equipment size_type teu full_empty entered_at age_minutes held limit limit_at",
    "throughput": "place terminal hour event mode direction full_empty movements teu",
    "dwell": "place day direction n median_minutes p90_minutes p95_minutes over_limit limit",
    "alerts": """
        alert_id rule rule_version severity place subject began_at ended_at known_at recorded_at condition work assignee outcome
        muted_by shelved_until limit limit_version because_en because_values evidence
    """,
    "signals": "",
    "messages": "message_id file_sha256 name position feed sha256 bytes reference received_at stored_at state reports rejected reason",
    "receipts": "",
    "rejects": "message_id position reason excerpt",
    "entries": "",
    "statement": "place since until known_at operator owner status hs uom currency opening receipts removals adjustments closing",
}
NOW = clock("d8 00:00")


@pytest.fixture
def small(book: Book) -> Book:
    """Two boxes in, one out again, one held; a list; a message that cannot be read."""
    book.told_by("list", "d0 06:00 present", boxes=["ZZDU1234565"])
    body = [box(at="d0 08:00", status="3", bill="B1", seal="S1"), box("ZZDU0000010", "d0 08:30", full="4")]
    book.receive("quay", edifact("COARRI", [document("44", body, number="D1")], reference="R9"), "d0 09:00", name="first.edi")
    book.told_by("customs", "d1 09:00 hold", hold_ref="H1")
    book.told_by("terminal", "d2 14:00 gate_out").told_by("carrier", "d2 14:12 gate_out")
    book.receive("carrier", b"no table at all", "d3 00:00", name="bad.csv")
    book.judged("d7 00:00")
    return book


def written(book: Book, what: str, fmt: str = "csv", **asked: Any) -> Path:
    """The file of an export."""
    to = book.folder.parent / f"{what}.{fmt}"
    values = {"place": None, "since": None, "until": None, "as_of": None, "known_at": None, "of": "boxes", "now": NOW} | asked
    said = export(book.store, book.world, what, to, fmt, **values)
    assert (said["what"], said["format"]) == (what, fmt)
    return to


def rows(book: Book, what: str, **asked: Any) -> list[dict[str, str]]:
    """An export as a reader of the CSV sees it."""
    with written(book, what, **asked).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def only(row: dict[str, str], names: str) -> tuple[str, ...]:
    return tuple(row[name] for name in names.split())


def test_the_columns_are_those_of_the_contract(small: Book) -> None:
    assert set(CONTRACT) == set(COLUMNS)
    for what, names in CONTRACT.items():
        told = names.split()
        assert COLUMNS[what][: len(told)] == told
        assert len(set(COLUMNS[what])) == len(COLUMNS[what])
        with written(small, what).open(encoding="utf-8") as file:
            assert file.readline().strip().split(",") == COLUMNS[what]


# ---------------------------------------------------------------- by hand


def test_movements(small: Book) -> None:
    found = [
        only(row, "equipment event occurred_at mode direction full_empty size_type teu reports publishers")
        for row in rows(small, "movements")
    ]
    assert found == [
        ("ZZDU1234565", "present", "2026-11-01T23:00:00Z", "unknown", "unknown", "unknown", "", "0", "1", "terminal"),
        ("ZZDU4839211", "discharge", "2026-11-02T01:00:00Z", "unknown", "import", "full", "45G1", "2", "1", "terminal"),
        ("ZZDU0000010", "discharge", "2026-11-02T01:30:00Z", "unknown", "unknown", "empty", "45G1", "2", "1", "terminal"),
        ("ZZDU4839211", "gate_out", "2026-11-04T07:00:00Z", "unknown", "unknown", "full", "45G1", "2", "2", "carrier,terminal"),
    ]
    assert json.loads(rows(small, "movements")[-1]["disagreement"]) == {
        "occurred_at": [["2026-11-04T07:00:00+00:00", "terminal"], ["2026-11-04T07:12:00+00:00", "carrier"]]
    }


def test_reports(small: Book) -> None:
    found = {(row["feed"], row["equipment"]): row for row in rows(small, "reports")}
    assert len(found) == 5
    told = found["quay", "ZZDU4839211"]
    names = "event occurred_at occurred_precision zone_from received_at status canonical bill seals teu direction equipment_valid"
    assert only(told, names) == (
        "discharge", "2026-11-02T01:00:00Z", "minute", "place", "2026-11-02T02:00:00Z", "live", "true", "B1", "S1", "2", "import", "true",
    )  # fmt: skip
    assert told["occurred_text"] == "202611020800"
    assert only(found["carrier", "ZZDU4839211"], "status canonical publisher") == ("live", "false", "carrier")
    assert found["carrier", "ZZDU4839211"]["movement_id"] == found["gate", "ZZDU4839211"]["movement_id"] != ""


def test_customs(small: Book) -> None:
    (row,) = rows(small, "customs")
    assert only(row, "feed place about reference equipment kind agency hold_ref effective_at received_at status") == (
        "customs", "port", "equipment", "ZZDU4839211", "ZZDU4839211", "hold", "customs", "H1",
        "2026-11-03T02:00:00Z", "2026-11-03T02:05:00Z", "live",
    )  # fmt: skip


def test_stays(small: Book) -> None:
    found = {row["equipment"]: row for row in rows(small, "stays")}
    names = "direction direction_from entered_at entered_not_after entered_by left_at left_by dwell_minutes age_minutes held movements"
    assert only(found["ZZDU4839211"], names) == (
        "import", "declared", "2026-11-02T01:00:00Z", "", "discharge", "2026-11-04T07:00:00Z", "gate_out", "3240", "", "customs", "2",
    )  # fmt: skip
    assert only(found["ZZDU0000010"], names) == (
        "import", "assumed", "2026-11-02T01:30:00Z", "", "discharge", "", "", "", str(7 * 24 * 60 + 15 * 60 + 30), "", "1",
    )  # fmt: skip
    assert only(found["ZZDU1234565"], names) == ("unknown", "", "", "2026-11-01T23:00:00Z", "present", "", "", "", "", "", "1")


def test_inventory(small: Book) -> None:
    found = {row["equipment"]: only(row, "place teu full_empty entered_at held limit limit_at") for row in rows(small, "inventory")}
    assert found == {
        "ZZDU0000010": ("port", "2", "empty", "2026-11-02T01:30:00Z", "", "import_dwell_warn", "2026-11-07T01:30:00Z"),
        "ZZDU1234565": ("port", "0", "unknown", "", "", "", ""),
    }


def test_throughput(small: Book) -> None:
    found = [only(row, "place hour event full_empty direction movements teu") for row in rows(small, "throughput")]
    assert sorted(found) == [
        ("port", "2026-11-01T23:00:00Z", "present", "unknown", "unknown", "1", "0"),
        ("port", "2026-11-02T01:00:00Z", "discharge", "empty", "unknown", "1", "2"),
        ("port", "2026-11-02T01:00:00Z", "discharge", "full", "import", "1", "2"),
        ("port", "2026-11-04T07:00:00Z", "gate_out", "full", "unknown", "1", "2"),
    ]


def test_dwell(small: Book) -> None:
    small.told_by("terminal", "d6 08:30 gate_out", box="ZZDU0000010")
    assert [tuple(row.values()) for row in rows(small, "dwell")] == [
        ("port", "2026-11-04", "import", "1", "3240", "3240", "3240", "0", "5d", "confirmed"),
        ("port", "2026-11-08", "import", "1", "8640", "8640", "8640", "1", "5d", "confirmed"),
    ]


@pytest.mark.parametrize(
    ("values", "share", "told"), [([5], 90, 5), ([1, 2], 50, 1.5), ([1, 2, 3, 4, 5], 90, 4.6), (list(range(101)), 95, 95)]
)
def test_percentiles_are_linear_between_the_nearest_ranks(values: list[int], share: int, told: float) -> None:
    assert percentile(values, share) == told


def test_alerts(small: Book) -> None:
    found = {row["rule"]: row for row in rows(small, "alerts")}
    assert set(found) >= {"gate_out_on_hold", "import_overstay", "feed_silent"}
    names = "rule_version severity place subject began_at ended_at known_at recorded_at condition work limit shelved_until"
    assert only(found["gate_out_on_hold"], names) == (
        "1", "act_now", "port", "stay:port/ZZDU4839211", "2026-11-04T07:00:00Z", "", "2026-11-04T07:05:00Z", "2026-11-08T17:00:00Z",
        "unverified", "new", "", "",
    )  # fmt: skip
    assert only(found["import_overstay"], names) == (
        "1", "queue", "port", "stay:port/ZZDU0000010", "2026-11-07T01:30:00Z", "", "2026-11-07T01:30:00Z", "2026-11-08T17:00:00Z",
        "unverified", "new", "import_dwell_warn", "",
    )  # fmt: skip
    told = {row["report_id"] for row in rows(small, "reports")} | {row["fact_id"] for row in rows(small, "customs")}
    assert set(found["gate_out_on_hold"]["evidence"].split()) <= told
    assert json.loads(found["gate_out_on_hold"]["because_values"])["holds"]["v"][0]["agency"] == "customs"


def test_messages_receipts_and_rejects(small: Book) -> None:
    messages = {row["name"]: row for row in rows(small, "messages")}
    assert only(messages["first.edi"], "feed reference state reports rejected reason") == ("quay", "R9", "read", "2", "0", "")
    assert only(messages["bad.csv"], "feed state reports rejected") == ("carrier", "unreadable", "0", "1")
    assert messages["bad.csv"]["sha256"] == messages["bad.csv"]["file_sha256"]
    (reject,) = rows(small, "rejects")
    assert reject["message_id"] == messages["bad.csv"]["message_id"]
    assert reject["reason"] == messages["bad.csv"]["reason"] != ""
    receipts = rows(small, "receipts")
    assert len(receipts) == len(messages)
    assert {row["received_at"] for row in receipts} == {row["received_at"] for row in messages.values()}


# ---------------------------------------------------------------- what is asked for


def test_a_place_and_a_period(small: Book) -> None:
    small.told_by("zone", "d3 08:00 gate_in")
    assert {row["place"] for row in rows(small, "movements", place="zone")} == {"zone"}
    assert [row["event"] for row in rows(small, "movements", since=clock("d0 08:30"), until=clock("d2 14:00"))] == ["discharge"]
    assert len(rows(small, "movements", since=clock("d2 14:00"), until=clock("d2 14:01"))) == 1
    assert {row["feed"] for row in rows(small, "messages", place="zone")} == {"zone-gate"}
    assert {row["equipment"] for row in rows(small, "stays", since=clock("d4 00:00"))} == {"ZZDU0000010", "ZZDU1234565", "ZZDU4839211"}
    assert {row["equipment"] for row in rows(small, "stays", since=clock("d4 00:00"), place="port")} == {"ZZDU0000010", "ZZDU1234565"}


# ---------------------------------------------------------------- formats


def test_three_formats_say_the_same(small: Book) -> None:
    for what in CONTRACT:
        _alike(small, what)


def _alike(small: Book, what: str) -> None:
    from openpyxl import load_workbook
    from pyarrow import parquet

    told = rows(small, what)
    sheet = load_workbook(written(small, what, "xlsx")).worksheets[0]
    head, *body = list(sheet.iter_rows(values_only=True))
    assert list(head) == COLUMNS[what]
    assert [["" if cell is None else str(cell) for cell in row] for row in body] == [list(row.values()) for row in told]
    frame = parquet.read_table(written(small, what, "parquet"))
    assert frame.column_names == COLUMNS[what]
    assert [{name: str(plain(_as_text(value))) for name, value in row.items()} for row in frame.to_pylist()] == told


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return int(value) if isinstance(value, float) and value == int(value) else value


def test_times_in_parquet_are_times(small: Book) -> None:
    from pyarrow import parquet, types

    schema = parquet.read_table(written(small, "movements", "parquet")).schema
    assert types.is_timestamp(schema.field("occurred_at").type)
    assert schema.field("occurred_at").type.tz == "UTC"


# ---------------------------------------------------------------- cells that run


RUNS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")')


@pytest.mark.parametrize("text", RUNS)
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert plain(text) == "'" + text
    assert plain("x" + text) == "x" + text
    assert (plain(-1), plain(None), plain(True)) == (-1, "", "true")


def test_nothing_in_a_file_runs(book: Book) -> None:
    from openpyxl import load_workbook

    rows_of = [["ZZDU4839211", "gate_in", local("d0 08:00"), "full", "=1+1", "@x", ""]]
    book.receive("carrier", table(GATE, rows_of), "d0 09:00", name="=cmd.csv")
    for what in ("reports", "stays", "messages", "receipts"):
        for row in rows(book, what):
            for name, value in row.items():
                assert not value.startswith(FORMULA) or re.fullmatch(r"-?\d+(\.\d+)?", value), (what, name, value)
        sheet = load_workbook(written(book, what, "xlsx")).worksheets[0]
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert rows(book, "stays")[0]["bill"] == "'=1+1"
    assert book.stay()["bill"] == "=1+1"


def test_control_characters_do_not_stop_a_workbook(book: Book) -> None:
    book.receive(
        "carrier", table((*GATE, "remark"), [["ZZDU4839211", "gate_in", local("d0 08:00"), "", "", "", "", "a\x0bb\x01c"]]), "d0 09:00"
    )
    with book.store.write() as conn:
        conn.execute(t.report.update().values(remark="a\x0bb\x01c", vessel="\x1f"))
    assert written(book, "reports", "xlsx").stat().st_size
    assert rows(book, "reports")[0]["remark"] == "a\x0bb\x01c"


def test_an_empty_book_gives_files_with_a_header_only(book: Book) -> None:
    from openpyxl import load_workbook
    from pyarrow import parquet

    for what in CONTRACT:
        assert rows(book, what) == []
        assert [list(row) for row in load_workbook(written(book, what, "xlsx")).worksheets[0].iter_rows(values_only=True)] == [
            COLUMNS[what]
        ]
        assert parquet.read_table(written(book, what, "parquet")).num_rows == 0


def test_a_sentence_is_told_at_the_moment_that_is_asked_for(small: Book) -> None:
    """Its dates are left out only where they are the day of that moment: read later, a bare time of day would say nothing."""
    names = {place.id: place.name for place in small.world.places.values()}

    def say(row: dict[str, Any], moment: datetime) -> str:
        return sentence(row["because_key"], row["because_values"], "en", "Asia/Ho_Chi_Minh", moment, names, row["ended_at"])

    (now,) = {row["because_en"] for row in rows(small, "alerts", say=say) if row["rule"] == "gate_out_on_hold"}
    (then,) = {row["because_en"] for row in rows(small, "alerts", say=say, as_of=clock("d2 16:00")) if row["rule"] == "gate_out_on_hold"}
    assert "on 4 Nov at 14:00" in now
    assert "at 14:00" in then
    assert "4 Nov" not in then
