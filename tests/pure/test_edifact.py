"""The EDIFACT reader: service characters, segments, interchanges in a file, the envelope, times."""

from __future__ import annotations

import io
import tracemalloc
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.feeds import Envelope, Part, Unreadable, codeco
from data.feeds._edifact import CHUNK, REASONS, SEGMENT_MOST, Segments, syntax_of
from data.feeds._edifact_parts import split
from data.feeds._edifact_time import stamp
from tests.pure.edifact_samples import BOX, PORT, box, faults, got, interchange, message, of, taken

SAIGON, NEW_YORK = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("America/New_York")
HERE: Any = PORT
GOOD = interchange(message(*BOX))


def texts(raw: bytes) -> list[str | None]:
    return [text for _, text in Segments(raw)]


@pytest.mark.parametrize(
    ("una", "characters"),
    [
        ("", (":", "+", "?", "'")),
        ("UNA:+.? '", (":", "+", "?", "'")),
        ("UNA:+.? '\r\n", (":", "+", "?", "'")),
        ("UNA:+.'", (":", "+", "?", "'")),
        ("UNA:+.'\n\t ", (":", "+", "?", "'")),
        ("UNA:+.?'", (":", "+", "?", "'")),
        ("UNA:+,? '", (":", "+", "?", "'")),
        ("UNA:+.?*'", (":", "+", "?", "'")),
        ("UNA:+.\\ ~", (":", "+", "\\", "~")),
        ("UNA|^.  \n", ("|", "^", "", "\n")),
        ("UNA:+.? \n", (":", "+", "?", "\n")),
        ("UNA++++++", (":", "+", "?", "'")),
    ],
)
def test_service_characters(una: str, characters: tuple[str, ...]) -> None:
    component, element, _, terminator = characters
    head = f"{una}UNB{element}UNOA{component}2{element}A{terminator}UNH{element}1{terminator}".encode()
    assert syntax_of(head) == (characters, len(una))


@pytest.mark.parametrize("una", ["", "UNA:+.? '", "UNA:+.'", "UNA:+.?'\r\n", "UNA:+.\n"])
@pytest.mark.parametrize("between", ["", "\n", "\r\n", " \t\r\n  "])
def test_however_it_is_laid_out_it_says_the_same(una: str, between: str) -> None:
    raw = interchange(message(*BOX), una=una, end="'" + between)
    assert faults(got(raw)) == []
    assert of(got(raw), object)[1:] == of(got(GOOD), object)[1:]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("una", ["", "UNA:+.? '\n", "UNA:+.? \n"])
def test_line_feeds_instead_of_apostrophes(end: str, una: str) -> None:
    items = got(interchange(message("EQD+CN+ZZDU4839211+45G1:102:5++2+5", "FTX+AAI+++DRIVER'S CAB", *BOX[1:]), una=una, end=end))
    assert taken(items) == ["ZZDU4839211"]
    assert faults(items) == []


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("FTX+A:B", [["FTX"], ["A", "B"]]),
        ("FTX+A?:B?+C??+D", [["FTX"], ["A:B+C?"], ["D"]]),
        ("FTX+?'??'", [["FTX"], ["'?'"]]),
        ("FTX+?A", [["FTX"], ["A"]]),
        ("FTX++:", [["FTX"], [""], ["", ""]]),
        ("FTX+A?", [["FTX"], ["A"]]),
    ],
)
def test_released_characters(text: str, segment: list[list[str]]) -> None:
    assert Segments(b"").split(text) == segment


def test_released_terminators_do_not_end_a_segment() -> None:
    assert texts(b"A+?'B'C+??'D+???'E'F'") == ["A+?'B", "C+??", "D+???'E", "F"]


@pytest.mark.parametrize("size", [CHUNK - 3, CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1])
def test_a_segment_may_cross_chunks_anywhere(size: int) -> None:
    assert [len(t or "") for t in texts(b"A" * size + b"?'B'CC'")] == [size + 3, 2]


def test_byte_offsets() -> None:
    raw = "UNA:+.? '\r\n UNB+UNOC:3'\r\nFTX+Hải'\tX'".encode()
    for at, text in Segments(raw):
        assert raw[at:].lstrip(b" \r\n\t").startswith((text or "").encode())


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("UNOA", "ascii", "lower case"), ("UNOA", "utf-8", "Cảng Mẫu"), ("UNOC", "latin-1", "Zürich"), ("UNOD", "iso8859-2", "Łódź"),
        ("UNOE", "iso8859-5", "Порт"), ("UNOF", "iso8859-7", "Πειραιάς"), ("UNOI", "iso8859-6", "ميناء"), ("UNOJ", "iso8859-8", "נמל"),
        ("UNOK", "iso8859-9", "İzmir ğ"), ("UNOW", "utf-8", "示范港"), ("UNOY", "utf-8", "示范港"), ("UNOY", "utf-16", "示范港"),
        ("UNOX", "iso2022_jp_2", "模範港の港"), ("UNOB", "latin-1", "Zürich"), ("UNOZ", "latin-1", "Zürich"), ("IATA", "utf-8", "Cảng"),
    ],
)  # fmt: skip
def test_charsets(charset: str, encoding: str, text: str) -> None:
    lines = message(*BOX, f"NAD+CF+{text}")
    raw = interchange(lines, unb=f"UNB+{charset}:3+DT1+ZZLINE+260301:0910+CD1").encode(encoding)
    items = got(raw)
    assert faults(items) == []
    assert items[1].line == text


def test_declared_encoding_of_the_feed_comes_before_that_of_the_message() -> None:
    raw = interchange(message(*BOX, "NAD+CF+示范港"), unb="UNB+UNOC:3+DT1+ZZLINE+260301:0910+CD1").encode("gb18030")
    assert got(raw, options={"encoding": "gb18030"})[1].line == "示范港"


def test_bytes_of_no_charset_are_kept_readable() -> None:
    items = got(GOOD.encode().replace(b"DTM+7", b"NAD+CF+\xff\xfe\x00\xef\xbf\xbd'DTM+7").replace(b"UNT+5", b"UNT+6"))
    assert "\ufffd" not in items[1].line
    assert "\0" not in items[1].line
    assert items[1].line


@pytest.mark.parametrize("bom", [b"\xef\xbb\xbf", b"\n\xef\xbb\xbf\n", b"\x00\x00", b"\x1a"])
def test_byte_order_marks_and_padding(bom: bytes) -> None:
    for raw in (bom + GOOD.encode(), GOOD.encode() + bom):
        assert faults(got(raw)) == []
        assert taken(got(raw)) == ["ZZDU4839211"]


# --- interchanges in a file


def cut(raw: bytes) -> list[bytes]:
    return [raw[part.start : part.end] for part in split(raw)]


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\t \x1a", b"\n\n\xef\xbb\xbf"])
def test_several_interchanges(between: bytes) -> None:
    one, two = GOOD.encode(), b"UNA:+.? '" + GOOD.encode()
    assert cut(between.join((one, two, two, one))) == [one, two, two, one]


def test_an_interchange_is_the_same_bytes_wherever_it_stands() -> None:
    one = GOOD.encode()
    assert cut(b"From: somebody\n\n" + one + b"\nregards\n" + one) == [b"From: somebody\n\n", one, b"regards\n", one]


def test_interchanges_without_end() -> None:
    whole = GOOD.encode()
    broken = whole[: whole.index(b"UNT")]
    assert cut(broken + whole) == [broken, whole]
    assert cut(broken[:-9] + whole) == [broken[:-9], whole], "broken off in the middle of a segment"
    assert taken(got(broken[:-9] + whole)) == ["ZZDU4839211"]


def test_messages_without_interchange() -> None:
    bare = interchange(message(*BOX), unb="").encode()
    assert cut(bare) == [bare]
    assert cut(GOOD.encode() + b"\n" + bare) == [GOOD.encode(), bare]
    items = got(bare)
    assert (taken(items), faults(items), of(items, Envelope)) == (["ZZDU4839211"], [("envelope", "no_unb")], [])
    headless = GOOD.encode()[30:]
    assert (taken(got(headless)), faults(got(headless))) == (["ZZDU4839211"], [("envelope", "no_unb"), ("envelope", "outside_message")])


def test_marks_inside_of_text_are_no_marks() -> None:
    raw = interchange(message(*BOX, "FTX+AAI+++UNZ?+1 AND UNB?+UNOA", "FTX+AAI+++A?'UNZ?+1")).encode()
    assert cut(raw) == [raw]
    assert faults(got(raw)) == []


@pytest.mark.parametrize("pad", [CHUNK - 700, CHUNK - 500, CHUNK - 100, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_interchanges_over_chunks(pad: int) -> None:
    many = GOOD.encode() * 3
    filler = interchange(message(*BOX, "FTX+AAI+++" + "X" * pad)).encode()
    assert cut(filler + many + filler) == [filler, *[GOOD.encode()] * 3, filler]


def test_split_needs_no_memory() -> None:
    class Long(io.RawIOBase):
        """Many interchanges that nobody holds."""

        block = GOOD.encode() * 1500
        at, size = 0, 8 * len(block)

        def read(self, size: int = -1, /) -> bytes:
            begin = self.at % len(self.block)
            found = (self.block + self.block)[begin : begin + min(size, self.size - self.at)]
            self.at += len(found)
            return found

        def seek(self, to: int, whence: int = 0, /) -> int:
            self.at = to if whence == 0 else self.size + to
            return self.at

    tracemalloc.start()
    long: Any = Long()
    assert sum(1 for _ in split(long)) == 8 * 1500
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


# --- the envelope


def edited(*changes: tuple[str, str]) -> list[Any]:
    raw = interchange(message(*BOX), message("EQD+CN+ZZDU1000018+45G1:102:5++2+5", BOX[1], reference="2"))
    for old, new in changes:
        assert old in raw
        raw = raw.replace(old, new)
    return got(raw)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("UNT+5+1", "UNT+000005+1"), None),
        (("UNT+5+1", "UNT+30+1"), "unt_count"),
        (("UNT+5+1", "UNT+five+1"), "unt_count"),
        (("UNT+5+1'", "UNT'"), "unt_count unt_reference"),
        (("UNT+5+1", "UNT+5+11"), "unt_reference"),
        (("UNZ+2+CD1", "UNZ+99+CD1"), "unz_count"),
        (("UNZ+2+CD1", "UNZ+002+CD1"), None),
        (("UNZ+2+CD1", "UNZ+2+CD2"), "unz_reference"),
        (("UNZ+2+CD1'", ""), "no_unz"),
        (("+260301:0910", "+20260301:0910"), None),
        (("+260301:0910", "+999818:999"), None),
        (("UNOA:2", "UNOC:4"), None),
        (("UNH+2", "UNH+1"), "unh_repeated unt_reference"),
        (("UNZ+2", "NOTE: SENT BY HAND'UNZ+2"), "outside_message"),
        (("+DT1+ZZLINE+", "+DT1++"), None),
    ],
)
def test_a_wrong_count_or_reference_never_loses_a_box(change: tuple[str, str], fault: str | None) -> None:
    items = edited(change)
    assert taken(items) == ["ZZDU4839211", "ZZDU1000018"]
    assert faults(items) == [("envelope", f) for f in (fault or "").split()]


@pytest.mark.parametrize(
    ("changes", "left", "fault"),
    [
        ([("UNT+5+1'", "")], ["ZZDU1000018"], "no_unt"),
        ([("UNT+5+2'", "")], ["ZZDU4839211"], "no_unt"),
        ([("UNH+1+CODECO", "UNH+1+COPARN")], ["ZZDU1000018"], "other_type"),
        ([("UNH+1+CODECO:D:95B:UN", "UNH+1")], ["ZZDU1000018"], "bad_unh"),
        ([("UNH+1+CODECO", "UNH+1+codeco")], ["ZZDU4839211", "ZZDU1000018"], None),
    ],
)
def test_what_is_not_whole_is_held_and_its_neighbours_load(changes: Any, left: list[str], fault: str | None) -> None:
    items = edited(*changes)
    assert taken(items) == left
    assert faults(items) == ([("message", fault)] if fault else [])


def test_groups() -> None:
    groups = [["UNG+CODECO+A+B+260301:0910+G1+UN+D:95B", *message(*BOX, reference=str(n)), "UNE+1+G1"] for n in (1, 2)]
    raw = interchange(*groups)
    assert (taken(got(raw)), faults(got(raw))) == (["ZZDU4839211"] * 2, [])
    for old, new, fault in (
        ("UNE+1+G1'UNG", "UNE+7+G1'UNG", "une_count"), ("UNE+1+G1'UNG", "UNE+1+G9'UNG", "une_reference"),
        ("UNE+1+G1'UNG", "UNG", "no_une"), ("UNE+1+G1'UNZ", "UNZ", "no_une"), ("UNZ+2", "UNZ+3", "unz_count"),
    ):  # fmt: skip
        items = got(raw.replace(old, new))
        assert (taken(items), faults(items)) == (["ZZDU4839211"] * 2, [("envelope", fault)])


def test_envelope() -> None:
    raw = interchange(message(*BOX), unb="UNB+UNOA:2+DT1:ZZZ+ZZLINE:14+260301:0910+CD1++++++1")
    (envelope,) = of(got(raw), Envelope)
    assert (envelope.sender, envelope.recipient, envelope.reference, envelope.test) == ("DT1", "ZZLINE", "CD1", True)
    assert envelope.prepared_at == datetime(2026, 3, 1, 2, 10, tzinfo=UTC)
    assert not of(got(GOOD), Envelope)[0].test


def test_a_box_is_given_only_when_the_end_of_its_message_was_seen() -> None:
    seen = 0

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            nonlocal seen
            found = super().read(size)
            seen += len(found)
            return found

    boxes = [segment for _ in range(20_000) for segment in BOX]
    raw = interchange(message(*boxes), message(*BOX, reference="2")).encode()
    items = codeco.read(Watched(raw), HERE, {})
    next(items)
    first = next(items)
    assert seen > raw.index(b"UNT+")
    assert first.position == "UNH 1/EQD 1"  # type: ignore[union-attr]
    assert {i.unit for i in items if not isinstance(i, Envelope | Unreadable)} == {"UNH 1", "UNH 2"}  # type: ignore[union-attr]


def test_reasons_all_have_a_sentence() -> None:
    assert all(text.endswith((".", "?", "}.")) and key.islower() for key, text in REASONS.items())


def test_too_long_a_segment_is_told_and_reading_goes_on() -> None:
    raw = GOOD.replace("DTM", "FTX+" + "X" * (SEGMENT_MOST + 1) + "'DTM", 1) + GOOD
    items = got(raw)
    assert taken(items) == ["ZZDU4839211"]
    assert ("message", "segment_too_long") in faults(items)


# --- times


@pytest.mark.parametrize(
    ("text", "form", "utc", "precision", "zone_from", "odd"),
    [
        ("260301", "101", "2026-02-28T17:00", "day", "place", ""),
        ("20260301", "102", "2026-02-28T17:00", "day", "place", ""),
        ("2603010847", "201", "2026-03-01T01:47", "minute", "place", ""),
        ("260301084759", "202", "2026-03-01T01:47:59", "second", "place", ""),
        ("202603010847", "203", "2026-03-01T01:47", "minute", "place", ""),
        ("20260301084759", "204", "2026-03-01T01:47:59", "second", "place", ""),
        ("202603010847+0000", "205", "2026-03-01T08:47", "minute", "message", ""),
        ("20260301084759-0330", "208", "2026-03-01T12:17:59", "second", "message", ""),
        ("202603010847UTC", "303", "2026-03-01T08:47", "minute", "message", ""),
        ("202603010847+08", "303", "2026-03-01T00:47", "minute", "message", ""),
        ("202603010847 Z", "303", "2026-03-01T08:47", "minute", "message", ""),
        ("20260301084759GMT", "304", "2026-03-01T08:47:59", "second", "message", ""),
        ("202603010847", "303", "2026-03-01T01:47", "minute", "place", ""),
        ("202603010847CST", "303", "2026-03-01T01:47", "minute", "place", "unknown_zone"),
        ("20260301", "203", "2026-02-28T17:00", "day", "place", "time_format"),
        ("20260301084759", "203", "2026-03-01T01:47:59", "second", "place", "time_format"),
        ("2603010847", "203", "2026-03-01T01:47", "minute", "place", "time_format"),
        ("202603010847", "201", "2026-03-01T01:47", "minute", "place", "time_format"),
        ("202603010847", "", "2026-03-01T01:47", "minute", "place", "time_format"),
        ("2026-03-01T08:47", "203", "2026-03-01T01:47", "minute", "place", "time_format"),
        ("2026-03-01T08:47:59+07:00", "304", "2026-03-01T01:47:59", "second", "message", "time_format"),
        ("202603012400", "203", "2026-03-01T17:00", "minute", "place", "time_format"),
        ("197003010847", "203", "1970-03-01T00:47", "minute", "place", ""),
        ("700301", "101", "1970-02-28T16:00", "day", "place", ""),
        ("209903010847", "203", "2099-03-01T01:47", "minute", "place", ""),
    ],
)
def test_times(text: str, form: str, utc: str, precision: str, zone_from: str, odd: str) -> None:
    assert stamp(text, form, SAIGON, "place") == (datetime.fromisoformat(utc).replace(tzinfo=UTC), precision, zone_from, odd)


@pytest.mark.parametrize(
    "text",
    ["", "1700200200", "202613010847", "202602300847", "9999", "20260301084", "test", "202603010860", "202603012500", "999999999999",
     "000000000000", "000101010000", "202603010847+2500", "20260301084720260302", "２０２６０３０１", "202603010847+07+07", "0847"],
)  # fmt: skip
def test_no_times(text: str) -> None:
    assert stamp(text, "203", SAIGON, "place") is None


@pytest.mark.parametrize(
    ("text", "utc"),
    [("202611010130", "2026-11-01T05:30"), ("202603080230", "2026-03-08T07:30"), ("20260308", "2026-03-08T05:00")],
)
def test_a_wall_time_that_is_twice_or_never(text: str, utc: str) -> None:
    found = stamp(text, "203", NEW_YORK, "place")
    assert found is not None
    assert found.at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_zone_by_name_is_understood_where_it_is_the_places_own() -> None:
    found = stamp("202607010130EDT", "303", NEW_YORK, "place")
    assert found is not None
    assert (found.at, found.zone_from, found.odd) == (datetime(2026, 7, 1, 5, 30, tzinfo=UTC), "message", "")
    other = stamp("202607010130EST", "303", NEW_YORK, "place")
    assert other is not None
    assert other.odd == "unknown_zone"


@pytest.mark.parametrize(
    ("dtm", "shown"),
    [
        ("DTM+7:260301:0847:203", "260301:0847"), ("DTM+7:260301:0847", "260301:0847"), ("DTM+7:2026-03-01T08:47:203", "2026-03-01T08:47"),
        ("DTM+7:202603010847", "202603010847"), ("DTM+7:202603010847?+07:303", "202603010847+07"),
        ("DTM+7:202603010847+07:303", "202603010847+07"),
    ],
)  # fmt: skip
def test_times_as_they_are_really_written(dtm: str, shown: str) -> None:
    record = box(dtm)
    assert (record.occurred_at, record.occurred_text) == (datetime(2026, 3, 1, 1, 47, tzinfo=UTC), shown)


def test_declared_zone() -> None:
    record = box(BOX[1], timezone="UTC")
    assert (record.occurred_at, record.zone_from) == (datetime(2026, 3, 1, 8, 47, tzinfo=UTC), "options")


def test_a_file_may_be_read_again() -> None:
    file = io.BytesIO(GOOD.encode())
    assert list(split(file)) == [Part(0, len(GOOD))]
    first = list(codeco.read(file, HERE, {}))
    assert list(codeco.read(file, HERE, {})) == first
