"""Workbooks: the same table says the same as a CSV; Excel's own types; and whatever can be wrong with one. Never an exception."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from data.feeds import BoxRecord, FactRecord, Leftover, Unreadable
from tests.pure.csv_samples import FORMATS, got, of, read, reasons, sound
from tests.pure.test_csv_any_input import COLUMNS
from tests.pure.xlsx_made import NS, book, headed, line, package, text, zipped

FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEAD = ["equipment", "gate_in", "remark"]
GOOD = ["ZZDU4839211", "2026-03-01 08:15", "a"]


def remarks(raw: bytes, **options: object) -> list[str]:
    return [item.remark for item in of(got("gate_csv", raw, options), BoxRecord)]


def moments(raw: bytes, **options: object) -> list[tuple[str, str, str]]:
    items = got("gate_csv", raw, options)
    assert not of(items, Unreadable)
    return [(i.occurred_at.isoformat(), i.precision, i.occurred_text) for i in of(items, BoxRecord)]


def left(items: list[Any]) -> dict[str, int]:
    return {item.name: item.count for item in of(items, Leftover)}


# ---- the same table


CELL = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12),
    st.sampled_from(["ZZDU4839211", "2026-03-01 08:15", "2026-03-01", "gate_in", "hold", "", '"', "a\nb", "IN", "24,5", "_x000D_ü"]),
).filter(lambda cell: "_x" not in cell and not cell.startswith("="))


@pytest.mark.parametrize("format_", FORMATS)
@given(rows=st.lists(st.lists(CELL, min_size=6, max_size=6), max_size=6))
@FEW
def test_a_table_says_the_same_as_csv_and_as_workbook(format_: str, rows: list[list[str]]) -> None:
    plain = io.StringIO()
    csv.writer(plain).writerows([COLUMNS[format_], *rows])
    sheet = "".join(line(*(text(cell) for cell in row)) for row in [COLUMNS[format_], *rows])
    one, other = read(format_, plain.getvalue().encode()), read(format_, package(sheet))
    sound(one[1:])
    sound(other[1:])
    assert said(one) == said(other)


def said(items: list[Any]) -> list[Any]:
    """What is said, wherever and however it is written."""
    where = ({"position": "", "excerpt": ""} if isinstance(item, Unreadable) else {"position": ""} for item in items)
    return [replace(item, **blank) if hasattr(item, "position") else item for item, blank in zip(items, where, strict=True)]


@pytest.mark.parametrize("format_", FORMATS)
@given(raw=st.binary(max_size=200), kind=st.integers(0, 4))
@FEW
def test_any_bytes_are_answered(format_: str, raw: bytes, kind: int) -> None:
    whole = (
        b"PK\x03\x04" + raw,
        b"PK\x05\x06" + raw,
        b"\xd0\xcf\x11\xe0" + raw,
        package(b"<worksheet>" + raw),
        zipped({"[Content_Types].xml": raw, "_rels/.rels": raw}),
    )[kind]
    items = got(format_, whole, {"as_of": "2026-03-01"})
    sound(items)
    assert items


SAMPLE = book([HEAD, GOOD, ["ZZDU4839227", datetime(2026, 3, 1, 8, 15), 24.5]])  # noqa: DTZ001


def test_cut_anywhere() -> None:
    for end in range(0, len(SAMPLE), 23):
        items = got("gate_csv", SAMPLE[:end])
        sound(items)
        assert not of(items, BoxRecord), "a workbook that is cut has lost its directory"
        assert of(items, Unreadable)


@given(data=st.data())
@FEW
def test_changed_bytes_give_the_table_or_a_reason(data: st.DataObject) -> None:
    raw = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] ^= data.draw(st.integers(1, 255))
    items = got("gate_csv", bytes(raw))
    sound(items)
    assert of(items, Unreadable) or [i.remark for i in of(items, BoxRecord)] == ["a", "24.5"]


# ---- what cells hold


def test_dates_numbers_and_truth_as_excel_holds_them() -> None:
    def change(made: Any) -> None:
        sheet = made.active
        sheet["B3"].number_format = "DD/MM/YYYY HH:MM"
        sheet["C4"].number_format = "0.00%"
        sheet["C5"].number_format = "0000000"

    rows = [
        HEAD,
        ["ZZDU4839211", date(2026, 3, 1), 24.3],
        ["ZZDU4839211", datetime(2026, 3, 1, 8, 15), 12345678],  # noqa: DTZ001
        ["ZZDU4839211", datetime(2026, 3, 1, 8, 15, 30), 0.245],  # noqa: DTZ001
        ["ZZDU4839211", "2026-03-01 08:15", 12345],
        ["ZZDU4839211", "2026-03-01 08:15", True],
        ["ZZDU4839211", "2026-03-01 08:15", 1.0],
    ]
    raw = book(rows, change)
    assert remarks(raw) == ["24.3", "12345678", "24.5%", "0012345", "TRUE", "1"]
    assert moments(raw)[:3] == [
        ("2026-02-28T17:00:00+00:00", "day", "2026-03-01"),
        ("2026-03-01T01:15:00+00:00", "minute", "2026-03-01 08:15"),
        ("2026-03-01T01:15:30+00:00", "second", "2026-03-01 08:15:30"),
    ]


STYLES = (
    '<numFmts count="3"><numFmt numFmtId="170" formatCode="[$-409]d\\-mmm\\-yy;@"/><numFmt numFmtId="171" formatCode="[h]:mm"/>'
    '<numFmt numFmtId="172" formatCode="#,##0&quot; days&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="170"/><xf numFmtId="171"/>'
    '<xf numFmtId="172"/><xf numFmtId="9"/><xf numFmtId="47"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("value", "style", "since_1904", "shown"),
    [
        ("46082", 1, False, "2026-03-01"),
        ("46082.34375", 1, False, "2026-03-01 08:15"),
        ("46082.343749999", 2, False, "2026-03-01 08:15"),
        ("46082", 2, False, "2026-03-01 00:00"),
        ("46082.999999999", 2, False, "2026-03-02 00:00"),
        ("0.34375", 3, False, "08:15"),
        ("46082", 4, False, "2026-03-01"),
        ("1.0625", 5, False, "25:30"),
        ("0.34375", 5, False, "08:15"),
        ("46082", 6, False, "46082"),
        ("0.5", 7, False, "50%"),
        ("0.0104289", 8, False, "00:15:01.057"),
        ("59", 1, False, "1900-02-28"),
        ("60", 1, False, "1900-02-29"),
        ("61", 1, False, "1900-03-01"),
        ("1", 1, False, "1900-01-01"),
        ("0", 1, False, "1900-01-00"),
        ("0", 1, True, "1904-01-01"),
        ("44620", 1, True, "2026-03-01"),
        ("44620.34375", 2, True, "2026-03-01 08:15"),
        ("2958465", 1, False, "9999-12-31"),
        ("2958465", 1, True, "2958465"),
        ("2958466", 1, False, "2958466"),
        ("-1", 1, False, "-1"),
        ("1E+15", 0, False, "1000000000000000"),
        ("1.5E-3", 0, False, "0.0015"),
        ("24.300000000000001", 0, False, "24.3"),
        ("-0.0", 0, False, "0"),
        ("1e999", 0, False, "1e999"),
        ("nan", 0, False, "nan"),
        ("1_000", 0, False, "1_000"),
        ("12", 99, False, "12"),
        ("", 0, False, ""),
    ],
)
def test_a_number_by_its_format(value: str, style: int, since_1904: bool, shown: str) -> None:
    sheet = headed(line(text("ZZDU4839211"), text("2026-03-01"), f'<c s="{style}"><v>{value}</v></c>'))
    raw = package(sheet, styles=STYLES, workbook='<workbookPr date1904="1"/>' if since_1904 else "")
    assert remarks(raw) == [shown]


def test_both_systems_of_dates_as_a_program_writes_them() -> None:
    def mac(made: Any) -> None:
        made.epoch = CALENDAR_MAC_1904

    rows = [HEAD, ["ZZDU4839211", datetime(2026, 3, 1, 8, 15), ""]]  # noqa: DTZ001
    assert moments(book(rows)) == moments(book(rows, mac)) == [("2026-03-01T01:15:00+00:00", "second", "2026-03-01 08:15:00")]


def test_a_date_and_a_time_in_columns_of_their_own_and_the_declared_form_is_for_text() -> None:
    options = {"columns": {"equipment": "Box", "gate_in": {"columns": ["Date", "Time"]}}, "time_format": "%d.%m.%Y %H:%M"}
    rows = [["Box", "Date", "Time"], ["ZZDU4839211", date(2026, 3, 1), time(8, 15)], ["ZZDU4839227", "01.03.2026", "08:15"]]
    assert [m[0] for m in moments(book(rows), **options)] == ["2026-03-01T01:15:00+00:00"] * 2


def test_the_decimal_mark_is_for_text() -> None:
    rows = [["equipment", "gate_in", "gross_kg"], [*GOOD[:2], 1.234], [*GOOD[:2], "1.234"], [*GOOD[:2], 24500]]
    assert [i.gross_g for i in of(got("gate_csv", book(rows), {"decimal": ","}), BoxRecord)] == [1_234, 1_234_000, 24_500_000]


def test_a_time_that_is_no_time_is_said() -> None:
    rows = [HEAD, ["ZZDU4839211", 46082.34, "a"], ["ZZDU4839211", "soon", "b"]]
    assert reasons(got("gate_csv", book(rows))) == [("row 2 gate_in", "bad_time"), ("row 3 gate_in", "bad_time")]


def test_formulas_count_with_the_value_calculated_last_and_errors_say_so() -> None:
    sheet = headed(
        line(text("ZZDU4839211"), text("2026-03-01"), '<c t="str"><f>A1&amp;"x"</f><v>HELLO</v></c>'),
        line(text("ZZDU4839211"), text("2026-03-01"), "<c><f>1+1</f></c>"),
        line(text("ZZDU4839211"), text("2026-03-01"), '<c t="str"><f>A9</f><v></v></c>'),
        line(text("ZZDU4839211"), text("2026-03-01"), "<c><f>1+1</f><v/></c>"),
        line(text("ZZDU4839211"), '<c t="e"><v>#REF!</v></c>', text("x")),
        line(text("ZZDU4839211"), text("2026-03-01"), text("x"), '<c t="e"><v>#N/A</v></c>'),
        names=(*HEAD, "other"),
    )
    items = got("gate_csv", package(sheet))
    assert [(i.position, i.reason, i.detail) for i in of(items, Unreadable)] == [
        ("row 3", "no_value", "remark"),
        ("row 5", "no_value", "remark"),
        ("row 6", "error_cell", "gate_in #REF!"),
    ]
    assert [i.remark for i in of(items, BoxRecord)] == ["HELLO", "", "x"]
    assert [(i.name, i.example) for i in of(items, Leftover)] == [("other", "#N/A")]


def test_texts_shared_rich_and_escaped() -> None:
    strings = (
        "<si><t>ZZDU4839211</t></si><si><r><t>Cảng </t></r><r><t>Mẫu</t></r><rPh sb='0' eb='1'><t>nói</t></rPh></si>"
        "<si><t>a_x000A_b_x005F_x0041__xD800_</t></si>"
    )
    sheet = headed(
        line('<c t="s"><v>0</v></c>', text("2026-03-01"), '<c t="s"><v>1</v></c>'),
        line('<c t="s"><v>0</v></c>', text("2026-03-01"), '<c t="s"><v>2</v></c>'),
        line('<c t="s"><v>0</v></c>', text("2026-03-01"), '<c t="s"><v>3</v></c>'),
    )
    items = got("gate_csv", package(sheet, strings=strings))
    assert [i.remark for i in of(items, BoxRecord)] == ["Cảng Mẫu", "a\nb_x0041__xD800_"]
    assert reasons(items) == [("row 4", "error_cell")]


# ---- where the table stands


def test_rows_and_cells_are_where_they_say_they_are() -> None:
    sheet = line(text("remark", "D3"), text("x", "B1"), n=3)
    sheet += line(text("equipment", "A5"), text("gate_in", "C5"), text("remark", "D5"), n=5)
    sheet += line(text("ZZDU4839211", "A12"), text("2026-03-01", "C12"), text("x", "D12"), n=12)
    sheet += line(text("ZZDU4839227"), text(""), text("2026-03-01"), n=7)
    (first, second, *rest) = got("gate_csv", package(sheet))
    assert (first.position, first.remark) == ("row 12 gate_in", "x")
    assert second.position == "row 13 gate_in", "no two rows have one number"
    assert left(rest) == {"(column 2)": 0, "(rows above the column names)": 1}


def test_the_header_is_found_below_titles_and_empty_rows() -> None:
    rows = [[], ["Báo cáo cổng"], ["equipment", "list of"], [], HEAD, GOOD]

    def change(made: Any) -> None:
        made.active.merge_cells("A2:C2")

    items = read("gate_csv", book(rows, change))
    assert items[0].columns == tuple(HEAD)
    assert [i.position for i in of(items, BoxRecord)] == ["row 6 gate_in"]
    assert left(items) == {"(rows above the column names)": 2}


def test_merged_column_names() -> None:
    def change(made: Any) -> None:
        made.active.merge_cells("A1:B1")
        made.active.merge_cells("C1:D1")

    rows = [["equipment", None, "gate_in", None], ["ZZDU4839211", "x", "2026-03-01", "y"]]
    items = got("gate_csv", book(rows, change))
    assert len(of(items, BoxRecord)) == 1
    assert left(items) == {"(column 2)": 1, "(cells beyond the named columns)": 1}


def test_the_first_visible_sheet_that_fits_is_read_and_the_others_are_named() -> None:
    def change(made: Any) -> None:
        made["Old"].sheet_state = "hidden"

    raw = book([["Notes"], ["nothing here"]], change, Old=[HEAD, GOOD], March=[HEAD, GOOD], April=[HEAD, [*GOOD[:2], "april"]])
    items = got("gate_csv", raw)
    assert [(i.position, i.remark) for i in of(items, BoxRecord)] == [("March: row 2 gate_in", "a")]
    assert [(i.name, i.count, i.example) for i in of(items, Leftover)] == [("(sheets not read)", 3, "Sheet, Old, April")]
    assert remarks(raw, sheet="April") == ["april"]
    assert remarks(raw, sheet="Old") == ["a"]
    (item,) = got("gate_csv", raw, {"sheet": "Apri"})
    assert (item.reason, item.scope, item.detail) == ("no_sheet", "file", "'Apri' (nearest: 'April')")


def test_no_sheet_fits() -> None:
    items = read("gate_csv", book([["Notes"]], None, B=[["equipment", "remark"], ["x", "y"]]))
    assert [(type(i).__name__, getattr(i, "reason", "")) for i in items] == [("HeadingRecord", ""), ("Unreadable", "no_column")]
    assert items[0].columns == ("equipment", "remark")
    assert (items[1].position, items[1].detail) == ("B: row 1", "event")
    assert [i.reason for i in got("gate_csv", book([]))] == ["empty_file"]
    assert [i.reason for i in got("gate_csv", book([HEAD, GOOD]), {"columns": {"equipment": "Box"}})] == ["missing_column"]


def test_hidden_rows_and_columns_are_read_and_said() -> None:
    def change(made: Any) -> None:
        made.active.row_dimensions[3].hidden = True
        made.active.column_dimensions["C"].hidden = True

    items = got("gate_csv", book([HEAD, GOOD, GOOD], change))
    assert len(of(items, BoxRecord)) == 2
    assert left(items) == {"(hidden rows, read all the same)": 1, "(hidden columns, read all the same)": 1}


def test_names_with_a_prefix_and_in_the_strict_form() -> None:
    sheet = f'<x:worksheet xmlns:x="{NS}"><x:sheetData>' + headed(line(*map(text, GOOD))).replace("<", "<x:").replace("<x:/", "</x:")
    assert remarks(package((sheet + "</x:sheetData></x:worksheet>").encode())) == ["a"]
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    sheet = f'<worksheet xmlns="{strict}"><sheetData>{headed(line(*map(text, GOOD)))}</sheetData></worksheet>'
    assert remarks(package(sheet.encode())) == ["a"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_any_encoding_of_xml(encoding: str) -> None:
    table = headed(line(*map(text, GOOD)))
    sheet = f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{NS}"><sheetData>{table}</sheetData></worksheet>'
    assert remarks(package(sheet.encode(encoding))) == ["a"]


def test_yard_lists_and_customs_facts() -> None:
    rows = [["equipment", "as_of"], ["ZZDU4839211", datetime(2026, 3, 1, 18)]]  # noqa: DTZ001
    items = got("yard_csv", book(rows))
    assert [type(i).__name__ for i in items] == ["BoxRecord", "ListRecord"]
    facts = got("customs_csv", book([["bill", "event", "effective_at"], [123456789, "hold", date(2026, 3, 1)]]))
    assert [(i.reference, i.kind, i.position) for i in of(facts, FactRecord)] == [("123456789", "hold", "row 2")]
