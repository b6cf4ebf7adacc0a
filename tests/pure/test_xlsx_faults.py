"""Workbooks that are none, are damaged or mean harm, and cells that are not where they should be: each told with its reason."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from itertools import chain
from typing import Any

import pytest

from data.feeds import BoxRecord, Leftover, Unreadable, gate_csv
from data.feeds import _xlsx_book as xlsx_book
from data.feeds import _xlsx_parts as xlsx_parts
from tests.pure.csv_samples import FORMATS, PORT, got, of, reasons, sound
from tests.pure.test_xlsx import GOOD, HEAD, SAMPLE
from tests.pure.xlsx_made import NS, book, headed, line, package, text, zipped

# ---- what is no such workbook


BINARY = '<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>'
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\x00" + bytes(16) + (0).to_bytes(4, "little") + bytes(460)
ODS = "mimetype"


@pytest.mark.parametrize(
    ("raw", "reason", "detail"),
    [
        (COMPOUND + "Workbook".encode("utf-16-le"), "is_workbook", "Excel 97-2003, .xls"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "is_encrypted", ""),
        (COMPOUND + "WordDocument".encode("utf-16-le"), "is_document", "Word"),
        (zipped({ODS: "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}, 0), "is_workbook", "OpenDocument, .ods"),
        (zipped({ODS: "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}, 0), "is_document", "OpenDocument"),
        (package("", parts={"xl/workbook.xml": "<document/>"}), "is_document", "Word"),
        (package("", parts={"_rels/.rels": BINARY}), "is_workbook", "Excel binary, .xlsb"),
        (zipped({"a.csv": "equipment,gate_in\n"}), "is_archive", ""),
    ],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_what_it_is_is_said(raw: bytes, reason: str, detail: str, format_: str) -> None:
    (item,) = got(format_, raw, {"as_of": "2026-03-01"})
    assert (item.reason, item.detail, item.scope) == (reason, detail, "file")
    sound([item])


LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE, "<!DOCTYPE worksheet>"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "_rels/.rels"])
def test_a_document_type_is_refused_whatever_it_declares(doctype: str, part: str) -> None:
    items = got("gate_csv", package(headed(line(*map(text, GOOD))), strings="", parts={part: f"{doctype}<w>&b;</w>"}))
    assert [(i.reason, i.scope) for i in items] == [("bad_workbook", "file")]
    assert "document type" in items[0].detail


def test_markup_without_end_is_refused_before_it_costs_much(monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[int] = []
    entry = xlsx_book.Book.entry

    def counted(self: Any, part: str) -> Any:
        found = entry(self, part)
        found.spend = fed.append
        return found

    monkeypatch.setattr(xlsx_book.Book, "entry", counted)
    for begin in (b"<!--", b"<row r='", b"<row "):
        fed.clear()
        items = got("gate_csv", package(f'<worksheet xmlns="{NS}"><sheetData>'.encode() + begin + b" " * (20 << 20)))
        assert [i.reason for i in items] == ["bad_workbook"]
        assert sum(fed) < (20 + 8) << 20  # unpacked once for its check sum; of what is parsed no more than a token


def test_more_than_a_workbook_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    good = headed(line(*map(text, GOOD)))
    monkeypatch.setattr(xlsx_parts, "STRINGS", 3)
    assert [i.reason for i in got("gate_csv", package(good, strings="<si><t>a</t></si>" * 4))] == ["bad_workbook"]
    monkeypatch.setattr(xlsx_parts, "STRING_TEXT", 10)
    assert [i.reason for i in got("gate_csv", package(good, strings="<si><t>aaaaaaaaaaaa</t></si>"))] == ["bad_workbook"]
    monkeypatch.setattr(xlsx_book, "FLOOR", 1000)
    (item,) = got("gate_csv", package(good + line(text("x" * 5_000)) * 500))
    assert (item.reason, "longer than" in item.detail) == ("bad_workbook", True)
    monkeypatch.setattr(xlsx_book, "ROWS", 5)
    items = got("gate_csv", package(headed(*(line(*map(text, GOOD)) for _ in range(9)))))
    assert reasons(items) == [("row 6", "bad_workbook")]
    assert len(of(items, BoxRecord)) == 4


def test_a_row_that_is_too_long_and_a_value_that_is() -> None:
    sheet = headed(
        line(text("ZZDU4839211"), text("2026-03-01"), text("x" * 1_200_000)),
        line(text("Z" * 65), text("2026-03-01"), text("x")),
        line(text("ZZDU4839211"), text("2026-03-01"), text("r" * 9_000)),
    )
    items = got("gate_csv", package(sheet))
    assert reasons(items) == [("row 2", "too_long"), ("row 3", "long_value")]
    assert [len(i.remark) for i in of(items, BoxRecord)] == [9_000]


def test_damage_is_found_before_the_first_row_is_taken() -> None:
    rows = headed(*(line(text("ZZDU4839211"), text("2026-03-01"), text(f"{n * n} {n}")) for n in range(5_000)))
    raw = bytearray(package(rows))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    raw[info.header_offset + 30 + len(info.filename) + info.compress_size - 40] ^= 0x10
    items = got("gate_csv", bytes(raw))
    assert [(i.reason, i.scope) for i in items] == [("bad_workbook", "file")]


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(rows: int) -> int:
        raw = package(headed(*(line(text("ZZDU4839211"), text("2026-03-01"), text(f"{n}")) for n in range(rows))))
        tracemalloc.start()
        assert sum(1 for _ in gate_csv.read(raw, PORT, {})) == rows + 1
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(10)
    assert peak(12_000) < peak(4_000) * 1.1 + 200_000


def test_the_same_bytes_give_the_same_items_and_the_file_stays_open() -> None:
    file = io.BytesIO(SAMPLE)
    assert list(gate_csv.read(file, PORT, {})) == list(gate_csv.read(SAMPLE, PORT, {}))
    assert not file.closed


def test_every_position_is_its_own() -> None:
    positions = [i.position for i in chain(got("gate_csv", book([HEAD, GOOD, GOOD], None, B=[HEAD, GOOD]))) if isinstance(i, BoxRecord)]
    assert positions == ["Sheet: row 2 gate_in", "Sheet: row 3 gate_in"]


# ---------------------------------------------------------------- cells that are not where they should be


def test_a_cell_stands_where_it_says_whatever_the_order() -> None:
    row = line(text("r", "C2"), text("2026-11-02 08:00", "B2"), text("ZZDU4839211", "A2"), n=2)
    (record,) = of(got("gate_csv", package(headed(row))), BoxRecord)
    assert (record.equipment, record.occurred_text, record.remark) == ("ZZDU4839211", "2026-11-02 08:00", "r")


def test_two_cells_in_the_same_place_are_no_value() -> None:
    row = line(text("ZZDU4839211", "A2"), text("ZZDU1234565", "A2"), text("2026-11-02 08:00", "B2"), n=2)
    (fault,) = [item for item in got("gate_csv", package(headed(row))) if isinstance(item, Unreadable)]
    assert (fault.reason, fault.position, fault.detail) == ("double_cell", "row 2", "equipment ZZDU4839211")


def test_a_cell_beyond_all_columns_is_counted_and_moves_into_no_other() -> None:
    row = line(text("ZZDU4839211", "A2"), text("2026-11-02 08:00", "B2"), text("lost", "XFE2"), text("more"), n=2)
    items = got("gate_csv", package(headed(row)))
    (record,) = [item for item in items if isinstance(item, BoxRecord)]
    assert record.remark == ""
    assert any("beyond" in item.name for item in items if isinstance(item, Leftover))


@pytest.mark.parametrize("between", [text("ZZDU1234565"), line(line(text("ZZDU1234565"))), line(f"<c>{text('ZZDU1234565')}</c>")])
def test_cells_and_rows_that_lie_nowhere_are_damage(between: str) -> None:
    row = line(text("ZZDU4839211"), text("2026-11-02 08:00"))
    items = got("gate_csv", package(headed(row, between, row)))
    assert [item.equipment for item in items if isinstance(item, BoxRecord)] == ["ZZDU4839211"]
    assert [item.reason for item in items if isinstance(item, Unreadable)] == ["bad_workbook"]
