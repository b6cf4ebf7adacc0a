"""Whatever a file is written in, and whatever its feed declares: nothing that is kept has a replacement character in it.

CSV, workbooks, EDIFACT and archives with Vietnamese and Chinese words, each through the pull into the database, with the right declaration,
with none, and with every wrong one. (Python has no codec of the Vietnamese TCVN 5712, VNI and VISCII: their bytes are told by example.)
"""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from data.store import tables as t
from tests.pure.test_table_faults import CHINESE, ENCODINGS, VIETNAMESE, _as_written
from tests.pure.xlsx_made import NS, headed, line, package, text, zipped
from tests.store.told import PORT, Book, Receipt, book, box, clock, document, edifact, hasty, local, small_world

__all__ = ["book", "hasty"]
LOST = "\ufffd"
KEPT = (
    *(t.receipt, t.member, t.message, t.reading, t.report, t.document_act, t.fact),
    *(t.yard_list, t.reject, t.leftover, t.heading),
)
DECLARED = ("", "utf-8", "utf-16", "gb18030", "gbk", "big5", "cp1258", "latin-1", "cp437", "ascii", "hz", "utf-32")
# As a file in TCVN 5712 looks to us: high bytes of no known code.
TCVN = "Cảng Mẫu".encode("cp1258", "ignore") + b"\xb6\xa1\xc7\xad\xf4"


@pytest.fixture
def quick(hasty: None, book: Book) -> Book:
    return book


def declaring(book: Book, encoding: str) -> Book:
    """The same feeds, each with this encoding in its options ("" for none)."""
    told = f", options: {{encoding: {encoding}}}" if encoding else ""
    text = PORT
    for source in ("/srv/carrier/*.csv", "/srv/customs/*.csv", "/srv/gate/*.edi, expect: [{within: 2d}]"):
        assert f"source: {source}}}" in text
        text = text.replace(f"source: {source}}}", f"source: {source}{told}}}")
    book.world = small_world(text)
    return book


def gate(words: str) -> str:
    words = words.replace(",", "")
    return f"equipment;event;occurred_at;remark;{words}\nZZDU4839211;gate_in;{local('d0 08:00')};{words};{words}\n"


def customs(words: str) -> str:
    words = words.replace(",", "")
    return f"equipment;event;effective_at;kind;agency;remark\nZZDU4839211;hold;{local('d0 08:00')};{words};{words};{words}\n"


def interchange(words: str, level: str, encoding: str) -> bytes:
    words = words.translate(str.maketrans("", "", "+:?'"))
    own = [*box(at="d0 08:00"), f"NAD+CF+{words}", f"TDT+1++3++{words}", f"FTX+AAA+++{words}"]
    plain = edifact("CODECO", [document("34", [own], number="W0RDS")], reference=f"{level} {encoding} W0RDS")
    return plain.replace(b"UNOA", level.encode()).replace(b"W0RDS", _as_written(encoding, words[:20]))


def deliveries() -> list[tuple[str, bytes]]:
    """(feed, content) of every format in every encoding."""
    told: list[tuple[str, bytes]] = []
    for encoding, words in ENCODINGS:
        told.append(("carrier", _as_written(encoding, gate(words))))
        told.append(("customs", _as_written(encoding, customs(words))))
    for encoding, words in (
        ("gb18030", CHINESE),
        ("big5", "示範港"),
        ("cp1258", "Câu phê bình"),
        ("utf-8", VIETNAMESE),
        ("utf-8", CHINESE),
    ):
        told += [("gate", interchange(words, level, encoding)) for level in ("UNOA", "UNOC", "UNOW", "UNOY", "UNOX")]
    told.append(("gate", interchange(CHINESE, "UNOY", "utf-8").decode().encode("utf-16")))
    told.append(("gate", interchange("?", "UNOC", "ascii").replace(b"W0RDS", TCVN).replace(b"TDT", b"TDT" + TCVN)))
    told.append(("carrier", gate("x").encode().replace(b"x", TCVN)))
    told.append(("carrier", gate("a" + LOST + "b").encode()))
    told.append(("customs", customs("a" + LOST + "b").encode("utf-16")))
    for words in (VIETNAMESE, CHINESE, "a" + LOST + "b"):
        row = line(text("ZZDU4839211"), text(local("d0 08:00")), text(words), text(words))
        table = headed(row, names=("equipment", "gate_in", "remark", words))
        for encoding in ("utf-8", "utf-16"):
            sheet = f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{NS}"><sheetData>{table}</sheetData></worksheet>'
            told.append(("carrier", package(sheet.encode(encoding))))
        packed = zipped({f"{words[:9]}.csv": gate(words).encode("gb18030"), f"{words[:9]}.bin": TCVN, "../x": zipped({})})
        name = words[:9].encode()
        unknown = b"\xb6\xa1\xc7\xad\xf4\xff\x81\x80\xfe".ljust(len(name), b"\x80")[: len(name)]
        told += [("carrier", packed), ("carrier", packed.replace(name, unknown))]
    return told


@pytest.mark.parametrize("encoding", DECLARED)
def test_nothing_that_is_kept_has_a_replacement_character(quick: Book, encoding: str) -> None:
    declaring(quick, encoding)
    said = [Receipt(feed, f"cảng 港 {n}", content, clock("d5 00:00")) for n, (feed, content) in enumerate(deliveries())]
    quick.take(*said)
    assert quick.differences() == []
    for table in KEPT:
        for row in quick.rows(table):
            told: Any = {name: value.decode("latin-1") if isinstance(value, bytes) else value for name, value in row.items()}
            assert LOST not in repr(told), (table.name, told)
    assert {row["state"] for row in quick.rows(t.message)} <= {"read", "partly", "unreadable"}
    assert not quick.rows(t.reject, reason="reader_failed")
    assert len(quick.rows(t.heading)) > 6
    words = {row["remark"] for row in quick.rows(t.report, feed="carrier")}
    assert words >= {VIETNAMESE, CHINESE, "a?b"}, "workbooks, and files with a mark, are right whatever is declared"


@pytest.mark.parametrize(("encoding", "words"), ENCODINGS)
def test_declared_rightly_the_words_are_right(quick: Book, encoding: str, words: str) -> None:
    declaring(quick, encoding.removesuffix("-sig"))
    quick.receive("carrier", _as_written(encoding, gate(words)), "d5 00:00")
    quick.receive("customs", _as_written(encoding, customs(words)), "d5 00:00")
    plain = words.replace(",", "")
    report, fact = quick.one(t.report), quick.one(t.fact)
    assert (report["remark"], fact["agency"], fact["reason"]) == (plain, plain, plain)
    assert plain in quick.rows(t.heading, feed="carrier")[0]["columns"]
    assert quick.rows(t.leftover)[0]["name"] == plain


@pytest.mark.parametrize(
    ("level", "encoding", "declared", "words"),
    [
        ("UNOW", "utf-8", "", VIETNAMESE),
        ("UNOY", "utf-8", "", CHINESE),
        ("UNOC", "utf-8", "", VIETNAMESE),
        ("UNOC", "gb18030", "gb18030", CHINESE),
        ("UNOA", "cp1258", "cp1258", "Câu phê bình"),
        ("UNOY", "big5", "big5", "示範港"),
    ],
)
def test_edifact_in_its_level_or_as_declared(quick: Book, level: str, encoding: str, declared: str, words: str) -> None:
    declaring(quick, declared)
    quick.receive("gate", interchange(words, level, encoding), "d5 00:00")
    plain = words.translate(str.maketrans("", "", "+:?'"))
    assert unicodedata.normalize("NFC", quick.one(t.report)["line"]) == plain
