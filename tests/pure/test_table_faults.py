"""Reading any CSV: encodings, delimiters, and whatever can be wrong with a file. Never an exception, never a row unaccounted for."""

from __future__ import annotations

import io
import tracemalloc
import unicodedata
from encodings.aliases import aliases
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.feeds import BoxRecord, Leftover, Unreadable, gate_csv
from data.feeds._lines import QUOTED_LINES, RECORD_LIMIT, excerpt
from tests.pure.csv_samples import FORMATS, PORT, got, of, reasons, sound

HEAD = b"equipment,gate_in,remark\n"
VIETNAMESE = "Cảng Mẫu, lô đất số 5 bị giữ: kiểm dịch thực vật"
CHINESE = "示范港，海关查验，植物检疫"
ENCODINGS = [
    ("utf-8", VIETNAMESE),
    ("utf-8", CHINESE),
    ("utf-8-sig", VIETNAMESE),
    ("utf-16", CHINESE),
    ("utf-16-le", VIETNAMESE),
    ("utf-16-be", CHINESE),
    ("utf-32", VIETNAMESE),
    ("utf-32-be", CHINESE),
    ("gb18030", VIETNAMESE),
    ("gb18030", CHINESE),
    ("gbk", CHINESE),
    ("gb2312", CHINESE),
    ("big5", "示範港，海關查驗"),
    ("big5hkscs", "示範港，海關查驗"),
    ("cp1258", "Câu phê bình đăng ký ở cảng: hàng giữ lại"),
    ("hz", CHINESE),
]
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def gate(rest: bytes, **options: object) -> list[Any]:
    return got("gate_csv", HEAD + rest, options)


# ---- encodings


def _as_written(encoding: str, text: str) -> bytes:
    """The text as a Vietnamese or Chinese sender writes it; Windows-1258 writes tones as letters of their own."""
    if encoding != "cp1258":
        return text.encode(encoding)

    def byte(c: str) -> bytes:
        try:
            return c.encode("cp1258")
        except UnicodeEncodeError:
            base, *tones = unicodedata.normalize("NFD", c)
            kept = unicodedata.normalize("NFC", base + "".join(t for t in tones if t not in "\u0300\u0301\u0303\u0309\u0323"))
            return kept.encode("cp1258") + "".join(t for t in tones if t in "\u0300\u0301\u0303\u0309\u0323").encode("cp1258")

    return b"".join(map(byte, text))


@pytest.mark.parametrize(("encoding", "text"), ENCODINGS)
def test_declared_the_text_is_right(encoding: str, text: str) -> None:
    raw = _as_written(encoding, f"equipment;gate_in;remark;tên\nZZDU4839211;2026-03-01 08:15;{text};a\n".replace("tên", text[:2]))
    items = got("gate_csv", raw, {"encoding": encoding.removesuffix("-sig")})
    assert of(items, BoxRecord)[0].remark == text
    assert of(items, Leftover)[0].name == text[:2]


@pytest.mark.parametrize(("encoding", "text"), [e for e in ENCODINGS if e[0] != "hz"])
def test_undeclared_it_is_utf8_or_marked_or_unreadable_as_a_whole(encoding: str, text: str) -> None:
    raw = _as_written(encoding, f"equipment;gate_in;remark\nZZDU4839211;2026-03-01 08:15;{text}\n")
    items = got("gate_csv", raw)
    if encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert of(items, BoxRecord)[0].remark == text
    else:
        assert [(i.reason, i.scope) for i in items] == [
            ("is_utf16" if encoding.startswith("utf-16") else "is_binary" if encoding.startswith("utf-32") else "not_utf8", "file")
        ]
    assert "\ufffd" not in repr(items)


def test_a_byte_order_mark_wins_over_the_declaration() -> None:
    raw = ("equipment,gate_in,remark\nZZDU4839211,2026-03-01," + VIETNAMESE.replace(",", "") + "\n").encode("utf-16")
    assert of(got("gate_csv", raw, {"encoding": "gbk"}), BoxRecord)[0].remark == VIETNAMESE.replace(",", "")


@pytest.mark.parametrize("options", [{}, {"encoding": "utf-8"}])
def test_a_file_that_is_not_utf8_is_refused_before_its_first_row_unless_declared(options: dict[str, object]) -> None:
    good = b"ZZDU4839211,2026-03-01 08:15,x\n"
    items = gate(good * 50_000 + b"ZZDU4839211,2026-03-01 08:15,\xca\xff\n" + good, **options)
    if options:
        assert reasons(items) == [("line 50002", "bad_bytes")]
        assert len(of(items, BoxRecord)) == 50_001
        assert items[50_000].excerpt == r"ZZDU4839211,2026-03-01 08:15,\xca\xff"
    else:
        (item,) = items
        assert (item.reason, item.position, item.detail) == ("not_utf8", f"byte {len(HEAD) + 50_000 * len(good) + 29}", "byte 0xCA")


def test_a_character_cut_at_the_end_is_a_cut_file_not_another_encoding() -> None:
    items = gate(b"ZZDU4839211,2026-03-01,a\nZZDU4839227,2026-03-01," + "港".encode()[:2])
    assert reasons(items) == [("line 3", "bad_bytes")]
    assert len(of(items, BoxRecord)) == 1


@pytest.mark.parametrize("encoding", sorted({*aliases.values(), "utf-8-sig", "punycode", "idna", "undefined", "unicode_escape"}))
def test_any_encoding_that_there_is_may_be_declared_for_any_bytes(encoding: str) -> None:
    for raw in (
        HEAD + b"ZZDU4839211,2026-03-01,a\n",
        HEAD.decode().encode("utf-16-le"),
        bytes(range(256)) * 4,
        b"+2AA-,~{<:Ky2;~}\x1b$B\n",
        b"\xff",
    ):
        sound(got("gate_csv", raw, {"encoding": encoding}))


# ---- the file as a whole


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty_file"),
        (b"\n\r\n  \n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"UNA:+.? 'UNB+UNOA:1+A+B", "is_edifact"),
        (b'[{"equipment": 1}]', "is_json"),
        (b'\n {"equipment":\n 1}', "is_json"),
        (b"<!DOCTYPE html><html>", "is_xml"),
        (b"\xef\xbb\xbf<?xml?>", "is_xml"),
        (b"PK\x03\x04\x14\x00\x06\xff", "is_archive"),
        (b"\x1f\x8b\x08\x00", "is_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is_workbook"),
        (b"%PDF-1.7\n%\xe2\xe3", "is_document"),
        (b"\x00\x01\x02\x80", "is_binary"),
        (b"a\x00\x00\x00\x01", "is_binary"),
        ("equipment,gate_in\nZ,1\n".encode("utf-16-le"), "is_utf16"),
        (b"\x89abc\n", "not_utf8"),
        (b"hello world\n", "no_column"),
        (b'"equipment,gate_in\n', "bad_header"),
        (b"a," * 2_000 + b"equipment,gate_in\n", "too_many_columns"),
        (b"x" * 3_000_000, "bad_header"),
        (b"UNB+" + b"x" * 3_000_000, "is_edifact"),
        (b"\0" * 3_000_000, "is_binary"),
        (b"equipment,gate_in,gate_in\n", "double_column"),
    ],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_no_such_csv_says_what_it_is(raw: bytes, reason: str, format_: str) -> None:
    items = got(format_, raw, {"as_of": "2026-03-01 18:00"})
    if format_ != "gate_csv" and reason == "double_column":
        return
    (item,) = items
    assert (item.reason, item.scope) == (reason, "file")
    sound(items)


def test_header_only_is_read_and_has_no_rows() -> None:
    assert gate(b"") == []
    assert gate(b"\n\n") == []


def test_missing_columns_are_named_with_the_nearest() -> None:
    options = {"columns": {"equipment": "Container No", "gate_in": "Vào"}}
    (item,) = got("gate_csv", b"Container;Ra\n1;2\n", options)
    assert (item.reason, item.scope, item.detail) == ("missing_column", "file", "'Container No' (nearest: 'Container'); 'Vào'")


def test_names_of_columns_fit_however_letters_are_composed_and_blanks_are_put() -> None:
    raw = '\ufeff"Số  hiệu\ncông-te-nơ" ; Vào \nZZDU4839211;2026-03-01\n'
    for form in ("NFC", "NFD"):
        items = got(
            "gate_csv", unicodedata.normalize(form, raw).encode(), {"columns": {"equipment": "Số hiệu công-te-nơ", "gate_in": "Vào"}}
        )
        assert len(of(items, BoxRecord)) == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, declared: bool, end: str) -> None:
    other = ";" if delimiter != ";" else ","
    rows = (["equipment", "gate_in", f"a{other}b{other}c{other}d"], ["ZZDU4839211", "2026-03-01", "x"], ["ZZDU4839227", "2026-03-01", "y"])
    raw = end.join(delimiter.join(row) for row in rows).encode()
    items = got("gate_csv", raw, {"delimiter": delimiter} if declared else {})
    assert [(i.position, i.equipment) for i in of(items, BoxRecord)] == [
        ("line 2 gate_in", "ZZDU4839211"),
        ("line 3 gate_in", "ZZDU4839227"),
    ]


def test_the_line_with_which_spreadsheets_state_the_delimiter() -> None:
    items = got("gate_csv", b"sep=;\r\n\r\nequipment;gate_in\r\nZZDU4839211;2026-03-01\r\n")
    assert [i.position for i in items] == ["line 4 gate_in"]


def test_fields_that_are_only_delimiters_at_the_end_are_no_fields() -> None:
    items = got("gate_csv", b"equipment;gate_in;;\nZZDU4839211;2026-03-01;;\nZZDU4839211;2026-03-01;;;;\nZZDU4839211;2026-03-01\n;;;\n")
    assert reasons(items) == []
    assert len(of(items, BoxRecord)) == 3


# ---- records


def test_one_open_quote_costs_one_line() -> None:
    row = b"ZZDU4839211,2026-03-01 08:15,fine\n"
    items = gate(row + b'ZZDU4839211,2026-03-01 08:15,"open\n' + row * 200 + b'ZZDU4839227,2026-03-01,"closed, 20"" long"\n' + row)
    assert reasons(items) == [("line 3", "open_quote")]
    assert len(of(items, BoxRecord)) == 203
    assert of(items, BoxRecord)[-2].remark == 'closed, 20" long'


def test_an_open_quote_that_another_one_closes_still_costs_no_neighbour() -> None:
    row = b"ZZDU4839211,2026-03-01 08:15,fine\n"
    items = gate(b'ZZDU4839211,2026-03-01,"open\n' + row * 3 + b'ZZDU4839227,2026-03-01,"closed"\n' + row)
    assert reasons(items) == [("line 2", "open_quote")] or reasons(items) == [("line 2", "bad_quote")]
    assert [i.position for i in of(items, BoxRecord)] == [f"line {n} gate_in" for n in (3, 4, 5, 6, 7)]


def test_quotes_within_a_field_that_is_not_quoted_are_letters() -> None:
    assert [i.remark for i in of(gate(b'ZZDU4839211,2026-03-01,20" box\nZZDU4839211,2026-03-01,"a" b\n'), BoxRecord)] == ['20" box', "a b"]


def test_a_quoted_field_may_have_lines_but_not_without_end() -> None:
    few, many = b"\n".join([b"x"] * 10), b"\n".join([b"x"] * (QUOTED_LINES + 5))
    items = gate(b'ZZDU4839211,2026-03-01,"%s"\nZZDU4839227,2026-03-01,"%s"\nZZDU4839232,2026-03-01,z\n' % (few, many))
    assert [i.position for i in of(items, BoxRecord)] == ["line 2 gate_in", f"line {12 + QUOTED_LINES + 5} gate_in"]
    assert reasons(items)[0] == ("line 12", "open_quote")


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_line_that_is_too_long_is_one_unreadable_and_memory_does_not_grow(quote: bytes) -> None:
    size = 20 * RECORD_LIMIT
    raw = HEAD + b"ZZDU4839211,2026-03-01,a\nZZDU4839227,2026-03-01," + quote + b"x" * size + quote + b"\nZZDU4839232,2026-03-01,b\n"
    tracemalloc.start()
    items = got("gate_csv", raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reasons(items) == [("line 3", "too_long")]
    assert [i.position for i in of(items, BoxRecord)] == ["line 2 gate_in", "line 4 gate_in"]
    assert peak < 8 * RECORD_LIMIT
    assert items[1].excerpt.startswith("ZZDU4839227,2026-03-01,")


def test_a_field_beyond_what_csv_takes_is_one_unreadable() -> None:
    items = gate(b"ZZDU4839211,2026-03-01,%s\nZZDU4839211,2026-03-01,b\n" % (b"x" * 200_000))
    assert reasons(items) == [("line 2", "too_long")]
    assert len(of(items, BoxRecord)) == 1


def test_values_longer_than_they_can_be_are_named_but_a_remark_may_be_long() -> None:
    items = got(
        "gate_csv",
        b"equipment,gate_in,vehicle,remark\nZZDU4839211,2026-03-01,%s,\nZZDU4839211,2026-03-01,v,%s\n" % (b"v" * 65, b"r" * 9_000),
    )
    assert [(i.reason, i.detail) for i in of(items, Unreadable)] == [("long_value", "vehicle has 65 characters")]
    assert len(of(items, BoxRecord)[0].remark) == 9_000


def test_memory_does_not_grow_with_the_file() -> None:
    class Endless(io.RawIOBase):
        """A long file that is never in memory."""

        def __init__(self, rows: int) -> None:
            self.row, self.rows, self.at = b"ZZDU4839211,2026-03-01 08:15,remark\n", rows, 0

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            self.at = offset
            return offset

        def readinto(self, buffer: Any) -> int:
            whole, n = HEAD if self.at < len(HEAD) else self.row, 0
            if self.at >= len(HEAD) + self.rows * len(self.row):
                return 0
            part = whole[self.at :] if whole is HEAD else self.row[(self.at - len(HEAD)) % len(self.row) :]
            n = min(len(part), len(buffer))
            buffer[:n] = part[:n]
            self.at += n
            return n

    def peak(rows: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in gate_csv.read(io.BufferedReader(Endless(rows)), PORT, {})) == rows + 1  # and the heading
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(10)
    assert peak(8_000) < peak(800) * 1.2 + 1_200_000  # the block in which UTF-8 is looked through


def test_the_file_handed_in_stays_open() -> None:
    file = io.BytesIO(HEAD + b"ZZDU4839211,2026-03-01,a\n")
    assert len(list(gate_csv.read(file, PORT, {}))) == 2
    assert len(list(gate_csv.read(file, PORT, {"columns": {"equipment": "absent"}}))) == 2
    reader = gate_csv.read(file, PORT, {})
    next(reader)
    reader.close()  # type: ignore[attr-defined]
    assert not file.closed


@given(st.text(max_size=400), st.text(max_size=5))
@FEW
def test_excerpts_are_short_and_printable(text: str, around: str) -> None:
    shown = excerpt(text, around)
    assert len(shown) <= 120
    assert shown.isprintable()


def test_an_excerpt_is_about_the_fault() -> None:
    assert "HERE" in excerpt("x" * 5_000 + "HERE" + "y" * 5_000, "HERE")
