"""What can be seen of a file before it is declared: encodings, separators, forms of times, columns, codes; whatever the bytes are."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from data.demo import plan
from data.demo.try_files import files, windows_1258
from data.feeds import formats
from data.tryout import Tried, try_file
from data.tryout.because import BECAUSE, because
from data.tryout.dates import form_of
from data.tryout.encoding import encoding_of
from data.tryout.proposal import beginning
from data.tryout.words import called, ours, plain
from layouts._text import COMPLETE, catalogue
from tests.store.told import edifact, small_world

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WORLD = small_world()
BOXES = ("ZZDU4839211", "ZZDU1234565", "ZZDU0000011", "ZZDU9999997")


def tried(data: bytes | str, name: str = "x.csv", **more: Any) -> Tried:
    raw = data.encode() if isinstance(data, str) else data
    return try_file(io.BytesIO(raw), name, world=WORLD, place=more.pop("place", "port"), now=NOW, **more)


def found(of: Tried, what: str) -> tuple[str, str, str]:
    """(value, how, because) of the one finding."""
    (one,) = [each for each in of.findings if each.what == what]
    return one.value, one.how, one.because


def fields(of: Tried) -> dict[str, str]:
    return {column.name: column.field for column in of.columns}


# ---------------------------------------------------------------- encoding

VIETNAMESE = "Số container;Giờ vào;Ghi chú\r\n" + "".join(f"{b};20/11/2026 08:0{n};cổng số {n}, đủ chì\r\n" for n, b in enumerate(BOXES))
SIMPLIFIED = "箱号,进场时间,空重\r\n" + "".join(f"{box},2026/11/20 8:0{n},重箱\r\n" for n, box in enumerate(BOXES))
TRADITIONAL = "櫃號,進場時間,空重\r\n" + "".join(f"{box},2026/11/20 8:0{n},重\r\n" for n, box in enumerate(BOXES))


@pytest.mark.parametrize(
    ("data", "name", "declare", "why"),
    [
        (b"A,B\r\n1,2\r\n", "utf-8", False, "encoding_ascii"),
        (VIETNAMESE.encode(), "utf-8", False, "encoding_utf8"),
        (VIETNAMESE.encode()[:-7], "utf-8", False, "encoding_utf8"),
        (VIETNAMESE.encode("utf-8-sig"), "utf-8", False, "encoding_mark"),
        (VIETNAMESE.encode("utf-16"), "utf-16", False, "encoding_mark"),
        (VIETNAMESE.encode("utf-16-le"), "utf-16-le", True, "encoding_zeros"),
        (windows_1258(VIETNAMESE), "windows-1258", True, "encoding_letters"),
        (SIMPLIFIED.encode("gb18030"), "gb18030", True, "encoding_letters"),
        (TRADITIONAL.encode("big5"), "big5", True, "encoding_letters"),
        ("Conteneur;Entrée\r\nx;forêt à côté\r\n".encode("cp1252"), "windows-1252", True, "encoding_letters"),
    ],
)
def test_an_encoding_is_told_by_its_bytes(data: bytes, name: str, declare: bool, why: str) -> None:
    seen = encoding_of(data)
    assert (seen.name, seen.declare, seen.because) == (name, declare, why)


@pytest.mark.parametrize(
    ("data", "fields_"),
    [
        (windows_1258(VIETNAMESE), {"Số container": "equipment", "Giờ vào": "gate_in", "Ghi chú": "remark"}),
        (SIMPLIFIED.encode("gb18030"), {"箱号": "equipment", "进场时间": "gate_in", "空重": "full_empty"}),
        (TRADITIONAL.encode("big5"), {"櫃號": "equipment", "進場時間": "gate_in", "空重": "full_empty"}),
        (SIMPLIFIED.encode("utf-16"), {"箱号": "equipment", "进场时间": "gate_in", "空重": "full_empty"}),
    ],
)
def test_columns_are_known_in_three_languages_and_read(data: bytes, fields_: dict[str, str]) -> None:
    of = tried(data)
    assert fields(of) == fields_
    assert (of.format, of.read, of.rejected, of.whole) == ("gate_csv", 4, 0, True)
    assert of.span.earliest == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


# ---------------------------------------------------------------- times


def numbered(*texts: str) -> list[tuple[int, str]]:
    return list(enumerate(texts, 2))


@pytest.mark.parametrize(
    ("texts", "pattern", "why"),
    [
        (("2026-11-20 08:00", "2026-11-20T09:00+07:00"), "", "time_iso"),
        (("20.11.2026 08:00",), "%d.%m.%Y %H:%M", "time_day_first"),
        (("03/04/2026 08:00", "25/03/2026 08:00"), "%d/%m/%Y %H:%M", "time_day_first"),
        (("03/04/2026 08:00", "03/25/2026 08:00"), "%m/%d/%Y %H:%M", "time_month_first"),
        (("11/02/2026 1:05 PM", "11/14/2026 11:05 AM"), "%m/%d/%Y %I:%M %p", "time_month_first"),
        (("02-Nov-2026 13:05",), "%d-%b-%Y %H:%M", "time_only"),
        (("202611021305",), "%Y%m%d%H%M", "time_only"),
        (("2026年11月2日 13:05",), "%Y年%m月%d日 %H:%M", "time_only"),
        (("2026/11/2 8:05:09",), "%Y/%m/%d %H:%M:%S", "time_only"),
        (("09/11/2026 08:00", "10/11/2026 08:00"), "%d/%m/%Y %H:%M", "time_shorter"),
        (("03/12/2026 08:00", "03/11/2026 09:00"), "%m/%d/%Y %H:%M", "time_not_ahead"),
        (("08/08/2026 08:00",), "%d/%m/%Y %H:%M", "time_cannot_tell"),
        (("20/11/2026 08:00", "soon", "19/11/2026 08:00"), "%d/%m/%Y %H:%M", "time_most"),
        (("soon", "later"), None, "time_unread"),
        ((), None, "time_none"),
    ],
)
def test_the_form_of_times_and_what_decides_it(texts: tuple[str, ...], pattern: str | None, why: str) -> None:
    form = form_of(numbered(*texts), ZONE, NOW)
    assert (form.pattern, form.because) == (pattern, why)


def test_of_two_times_in_a_line_the_one_that_is_not_read_is_named() -> None:
    form = form_of([(2, "20/11/2026 08:00"), (2, "soon"), (3, "19/11/2026 08:00")], ZONE, NOW)
    assert (form.because, form.values["line"], form.values["text"]) == ("time_most", 2, "soon")


def test_the_row_that_decides_is_named() -> None:
    form = form_of(numbered("03/04/2026 08:00", "25/03/2026 08:00"), ZONE, NOW)
    assert because(form.because, form.values) == "day first: line 3 has 25/03/2026 08:00, and there is no such month"


def table(at: list[datetime], form: str = "%Y-%m-%d %H:%M") -> str:
    return "Container,Move,Time\r\n" + "".join(f"{BOXES[n % 4]},IN,{t.strftime(form)}\r\n" for n, t in enumerate(at))


def test_clocks_seven_hours_off_are_suspected() -> None:
    recent = [NOW - timedelta(minutes=2 + 9 * n) for n in range(12)]
    in_utc = tried(table(recent), written=NOW)  # UTC, read as local time
    assert found(in_utc, "shift") == ("-7 h", "seen", "shift_past")
    as_utc = tried(table([at.astimezone(ZONE) for at in recent], "%Y-%m-%dT%H:%MZ"), written=NOW)  # local time, called UTC
    assert found(as_utc, "shift") == ("+7 h", "seen", "shift_future")
    assert as_utc.span.future == 12
    right = tried(table([at.astimezone(ZONE) for at in recent]), written=NOW)
    assert not [each for each in right.findings if each.what == "shift"]
    sparse = tried(table([NOW - timedelta(hours=5 * n) for n in range(12)]), written=NOW)
    assert not [each for each in sparse.findings if each.what == "shift"]


# ---------------------------------------------------------------- columns, codes, weights


@pytest.mark.parametrize(
    ("field", "header", "sure"),
    [
        ("equipment", "Container No.", 3), ("equipment", "SỐ CONT", 3), ("gate_in", "Giờ vào cổng", 3), ("vehicle", "Biển số", 3),
        ("bill", "B/L", 3), ("gross_kg", "Trọng lượng (kg)", 3), ("seals", "Số chì 1", 2), ("equipment", "集装箱号码", 3),
        ("equipment", "Clerk", 0),
    ],
)  # fmt: skip
def test_what_columns_are_called(field: str, header: str, sure: int) -> None:
    assert called(field, header) == sure


def test_words_of_the_trade() -> None:
    assert [ours("event", text) for text in ("IN", "Vào", "进闸", "gate-out", "RA", "odd")] == [
        "gate_in", "gate_in", "gate_in", "gate_out", "gate_out", "",
    ]  # fmt: skip
    assert [ours("full_empty", text) for text in ("F", "Rỗng", "重")] == ["full", "empty", "full"]
    assert plain("Giờ VÀO cổng (đầu)") == "gio vao cong dau"


def test_codes_are_mapped_and_unknown_ones_counted_with_the_nearest() -> None:
    rows = "".join(f"{BOXES[n % 4]},{('I', 'O', 'INN')[n % 3]},2026-11-19 0{n}:00,{'F' if n else 'FUL'}\r\n" for n in range(9))
    of = tried(f"Unit,Move,Time,F/E\r\n{rows}")
    assert of.options["columns"]["event"] == {"column": "Move", "map": {"I": "gate_in", "O": "gate_out"}}
    told = [column for column in of.columns if column.codes]
    codes = {column.field: {code.text: (code.count, code.ours, code.nearest) for code in column.codes} for column in told}
    assert codes["event"]["INN"][:2] == (3, "")
    assert codes["full_empty"]["FUL"] == (1, "", "full")
    assert of.given == {"live": 6, "unclassified": 3}
    assert list(codes["event"]) == ["INN", "I", "O"]


def test_a_date_and_a_time_in_columns_of_their_own_are_told_together() -> None:
    rows = "".join(f"{box},19/11/2026,08:0{n}\r\n" for n, box in enumerate(BOXES))
    columns = {"equipment": "Container", "gate_in": {"columns": ["Date", "Clock"]}}
    of = tried(f"Container,Date,Clock\r\n{rows}", format="gate_csv", options={"columns": columns, "time_format": "%d/%m/%Y"})
    assert (of.read, of.rejected, found(of, "time_format")[2], of.forms[0]) == (0, 4, "time_differs", "%d/%m/%Y %H:%M")
    of = tried(f"Container,Date,Clock\r\n{rows}", format="gate_csv", options={"columns": columns, "time_format": of.forms[0]})
    assert (of.read, of.rejected) == (4, 0)


def test_a_workbook_is_tried_like_any_table_and_so_is_the_first_file_of_an_archive() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["BÁO CÁO CỔNG"])
    sheet.append(["STT", "Số container", "Giờ vào", "Trọng lượng"])
    for n, number in enumerate(BOXES):
        sheet.append([n, number, datetime(2026, 11, 19, 8, n), 24500.5])  # noqa: DTZ001 - wall time
    raw = io.BytesIO()
    book.save(raw)
    of = tried(raw.getvalue(), "gate.xlsx")
    assert fields(of) == {"STT": "", "Số container": "equipment", "Giờ vào": "gate_in", "Trọng lượng": "gross_kg"}
    assert (of.format, of.read, of.rejected, of.span.earliest) == ("gate_csv", 4, 0, datetime(2026, 11, 19, 1, 0, tzinfo=UTC))
    assert "delimiter" not in of.options
    assert not [finding for finding in of.findings if finding.what == "time_format"]  # its dates have none
    assert of.previews[0].cells[1] == ("Số container", BOXES[0], "equipment")
    same_again(of, raw.getvalue())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/gate.csv", table([NOW]))
    of = tried(packed.getvalue(), "gate.zip")
    assert (found(of, "archive")[2], of.name, of.read) == ("archive_member", "in/gate.csv", 1)


def test_a_name_that_the_values_contradict_does_not_count() -> None:
    of = tried("Container,Unit,Time,Move\r\n" + "".join(f"{n},{box},2026-11-19 08:00,IN\r\n" for n, box in enumerate(BOXES)))
    assert fields(of) == {"Container": "", "Unit": "equipment", "Time": "occurred_at", "Move": "event"}


@pytest.mark.parametrize(
    ("texts", "sign", "why"),
    [
        (("24.500,5", "9.100,0"), ",", "decimal_plausible"), (("24,500.5", "9,100.0"), ".", "decimal_plausible"),
        (("24.500", "9.100"), ",", "decimal_plausible"), (("24500,5", "9100,0"), ",", "decimal_plausible"),
        (("24500", "9100"), "–", "decimal_none"),
    ],
)  # fmt: skip
def test_the_decimal_sign_is_the_one_by_which_boxes_weigh_what_boxes_do(texts: tuple[str, ...], sign: str, why: str) -> None:
    rows = "".join(f"{box};2026-11-19 08:00;{text}\r\n" for box, text in zip(BOXES, texts, strict=False))
    of = tried(f"Container;Gate in;Gross kg\r\n{rows}")
    assert found(of, "decimal")[::2] == (sign, why)


@pytest.mark.parametrize(
    ("header", "row", "name", "format"),
    [
        ("Container;Gate in;Gate out", "ZZDU4839211;2026-11-19 08:00;", "a.csv", "gate_csv"),
        ("Action;Container;Agency;Effective", "hold;ZZDU4839211;CUS;2026-11-19 08:00", "a.csv", "customs_csv"),
        ("As of;Container;Block", "2026-11-19 08:00;ZZDU4839211;A1", "a.csv", "yard_csv"),
        ("Container;Type;Block", "ZZDU4839211;22G1;A1", "yard_202611190800.csv", "yard_csv"),
    ],
)
def test_the_format_of_a_table_is_the_one_its_columns_fit(header: str, row: str, name: str, format: str) -> None:
    of = tried(f"{header}\r\n{row}\r\n", name)
    assert (of.format, of.read, of.lacks) == (format, 1, "")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "format_none"), (b"%PDF-1.7", "format_other"), (b"just a line", "format_none"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "format_other"), (b"<?xml version='1.0'?>", "format_other"),
        (bytes(range(256)) * 9, "format_none"),
        (b"UNB+UNOA:2+A+B'UNH+1+IFTMIN:D:95B:UN'", "format_edifact_unknown"),
    ],
)  # fmt: skip
def test_what_is_no_format_says_so(data: bytes, why: str) -> None:
    of = tried(data)
    assert (of.format, of.whole, found(of, "format")[2]) == ("", False, why)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\tUNB+UNOA:2+SEACOS+B'\nUNH+SEACOSA1+BAPLIE:D:95B:UN'", "BAPLIE"),  # the reference ends in six letters too
        (b"UNA=*.? ~UNB*UN\r\nOA=3*A*B~UNH\r\n*000117\r\n*CODECO=D=97B=U\r\nN~", "CODECO"),
        (b"UNA=*.? ~UNB*UNOA=3*A*B~UNH*1*INVOIC=D=97B=UN~", "INVOIC"),
    ],
)
def test_the_message_is_the_second_element_of_unh(data: bytes, kind: str) -> None:
    assert beginning(data)[2] == {"kind": kind}


def test_declared_options_stand_and_what_differs_is_said() -> None:
    data = windows_1258(VIETNAMESE)
    columns = {"equipment": "Số container", "gate_in": "Giờ vào"}
    of = tried(data, format="gate_csv", options={"delimiter": ";", "columns": columns})
    assert (of.read, of.reasons, of.whole) == (0, {"not_utf8": 1}, False)
    assert found(of, "encoding") == ("windows-1258", "unknown", "encoding_differs")
    of = tried(data, format="gate_csv", options={"delimiter": ";", "encoding": "windows-1258", "columns": columns})
    assert (of.read, of.rejected) == (0, 4)
    assert found(of, "time_format")[2] == "time_differs"
    assert of.fragment.count("time_format") == 0
    of = tried(SIMPLIFIED, format="gate_csv", options={"delimiter": ";"}, propose=True)
    assert found(of, "delimiter")[2] == "delimiter_differs"


# ---------------------------------------------------------------- the samples of the demo


def test_the_samples_to_try_are_the_same_each_time_and_do_what_they_are_for() -> None:
    ending = datetime(2026, 11, 20, 7, 40, tzinfo=UTC)
    samples = files(plan(1, 5, 0.2, ending))
    assert samples == files(plan(1, 5, 0.2, ending))
    vietnamese, codeco, broken = (tried(data, name) for name, data in sorted(samples.items()))
    assert (vietnamese.format, vietnamese.rejected, vietnamese.options["encoding"]) == ("gate_csv", 0, "windows-1258")
    assert {column.field for column in vietnamese.columns} >= {"equipment", "gate_in", "gate_out", "vehicle", "gross_kg", "bill"}
    assert [code.text for column in vietnamese.columns for code in column.codes if not code.ours] == ["Hàng lẻ"]
    assert (codeco.format, codeco.read, codeco.misnumbered, codeco.given["unclassified"]) == ("codeco", 5, 1, 1)
    assert codeco.previews[0].source.startswith("EQD+CN+")
    assert set(broken.reasons) == {"bad_time", "too_few_fields", "bad_box", "no_box", "open_quote"}
    assert (broken.read, broken.misnumbered, broken.whole) == (3, 1, False)
    assert all(preview.source and preview.cells for preview in broken.previews)


# ---------------------------------------------------------------- the sentences


def test_every_reason_is_told_in_every_complete_language_and_in_english() -> None:
    for language in COMPLETE:
        there = {key.removeprefix("try.because_") for key in catalogue(language) if key.startswith("try.because_")}
        assert {key for key in BECAUSE if not key.startswith("column_")} == there


# ---------------------------------------------------------------- whatever the bytes are

_CELL = st.one_of(
    st.sampled_from(["", "ZZDU4839211", "2026-11-19 08:00", "19/11/2026 8:00", "IN", "F", "24.500,5", '"', "\0", "箱", "é", "00D-123.45"]),
    st.text(max_size=12),
)
_HEADER = st.sampled_from(["Container", "In", "Out", "Move", "Time", "Kg", "As of", "Action", "", "箱号", "Giờ vào", "Container"])
_TABLES = st.tuples(
    st.lists(_HEADER, min_size=1, max_size=6), st.lists(st.lists(_CELL, max_size=7), max_size=8), st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-16", "gb18030", "cp1258", "cp1252", "utf-16-le"]),
)  # fmt: skip


_BEGINNINGS = [b"", b"UNB+UNOA:2+A+B+261120:0800+1'UNH+1+CODECO:D:95B:UN'", b"PK\x03\x04xl/", b"{"]


def same_again(of: Tried, data: bytes) -> None:
    """What is told adds up, every sentence has its values, and the piece of place.yaml reads the file just so."""
    for each in of.findings:
        assert each.because in BECAUSE
        because(each.because, each.values)
    assert of.read == sum(of.given.values()) == sum(of.events.values())
    if of.fragment:
        (entry,) = yaml.safe_load(of.fragment)
        again = tried(data, of.name, format=entry["format"], options=entry.get("options", {}))
        assert (again.read, again.rejected, again.given, again.reasons) == (of.read, of.rejected, of.given, of.reasons)
        assert [p.at for p in again.previews] == [p.at for p in of.previews]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(_TABLES)
def test_any_table_is_tried_without_failing_and_the_piece_reads_it_the_same(table: tuple[list[str], list[list[str]], str, str]) -> None:
    header, rows, mark, encoding = table
    data = "\r\n".join(mark.join(row) for row in [header, *rows]).encode(encoding, "replace")
    same_again(tried(data), data)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["", *formats()]), st.sampled_from(_BEGINNINGS))
def test_any_bytes_are_tried_without_failing(data: bytes, format: str, begin: bytes) -> None:
    same_again(tried(begin + data, format=format), begin + data)


def test_a_plan_may_lie_ahead_and_a_place_nobody_declared_is_told_as_the_pull_would() -> None:
    plan = edifact("COPRAR", [
        ("BGM+43+ZZ1+9", "TDT+20+1W+1", "DTM+132:202612010600:203", f"EQD+CN+{BOXES[0]}+22G1:102:5++3+5", "LOC+11+XXPRT:139:6"),
        ("BGM+43+ZZ2+9", "TDT+20+1W+1", "DTM+132:202612010600:203", "LOC+11+XXOTH:139:6", f"EQD+CN+{BOXES[1]}+22G1:102:5++3+5"),
    ])  # fmt: skip
    of = tried(plan, "x.edi")
    assert (of.read, of.span.future, of.span.old, of.given.get("implausible", 0)) == (2, 0, 0, 0)
    assert of.previews[0].given == "live"
    assert ("classifier", "planned") in of.previews[0].values
    assert (of.previews[1].given, "place not declared: XXOTH" in of.remarks) == ("status_only", True)
    gate = edifact("CODECO", [("BGM+34+ZZ1+9", f"EQD+CN+{BOXES[0]}+22G1:102:5++3+5", "DTM+7:202612010600:203", "LOC+165+XXOTH:139:6")])
    of = tried(gate, "x.edi")
    assert (of.span.future, dict(of.given), "place not declared: XXOTH" in of.remarks) == (1, {"implausible": 1}, True)


# ---------------------------------------------------------------- a goods ledger

LEDGER = "Date;Type;Lot;Qty;Unit;HS code;Permit\r\n"


@pytest.mark.parametrize(
    ("figures", "decimal", "thousands", "how"),
    [
        (("1.200", "2,5"), ",", ".", "proposed"),
        (("1,200", "2.50"), ".", ",", "proposed"),
        (("1.200.000", "7"), ",", ".", "proposed"),
        (("1 200,5", "7"), ",", " ", "proposed"),
        (("1'200.5", "7"), ".", "'", "proposed"),
        (("1234.567", "7"), ".", "", "proposed"),
        (("1.200", "7"), "", "", "unknown"),
        (("1.25", "2,5"), "", "", "unknown"),
        (("1200", "7"), "", "", "seen"),
    ],
)
def test_the_marks_of_figures_are_told_by_one_that_has_one_reading(
    figures: tuple[str, ...], decimal: str, thousands: str, how: str
) -> None:
    data = LEDGER + "".join(f"13/03/2026;ADM;L-{n};{figure};kg;85340090;\r\n" for n, figure in enumerate(figures))
    of = tried(data)
    assert of.format == "ledger_csv"
    assert found(of, "decimal")[1] == how
    assert (of.options.get("decimal", ""), of.options.get("thousands", "")) == (decimal, thousands)


def test_a_ledger_is_told_from_a_table_of_moves_and_its_words_from_theirs() -> None:
    of = tried(
        LEDGER + "13/03/2026;ADM;L-1;12.5;kg;85340090;\r\n14/03/2026;WDR;L-1;2;kg;85340090;GP31\r\n15/03/2026;X9;L-1;1;kg;85340090;\r\n"
    )
    assert (of.format, of.read, of.rejected) == ("ledger_csv", 3, 0)
    names = {"Date": "occurred_at", "Type": "act", "Lot": "lot", "Qty": "quantity", "Unit": "uom", "HS code": "hs", "Permit": "permit"}
    assert fields(of) == names
    assert [code.text for column in of.columns for code in column.codes if not code.ours] == ["X9"]
    assert [(preview.event, dict(preview.values)["quantity"]) for preview in of.previews] == [
        ("admission", "12.5"),
        ("withdrawal", "2"),
        ("other", "1"),
    ]
