"""Bad EDIFACT: cut at every byte, bytes changed, nonsense, other formats, far too much. Never an exception, never half a message, never
silence."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.feeds import BoxRecord, Envelope, FactRecord, Leftover, Unreadable, _edifact_envelope, codeco, whole
from data.feeds._edifact import BLANK_BYTES, REASONS, SEGMENT_MOST
from tests.pure.edifact_samples import BOX, FORMATS, PORT, SAIGON, faults, got, interchange, message, of, samples, taken

SECOND = message("EQD+CN+ZZDU1000018+22G1:102:5++3+4", BOX[1], "FTX+AAI+++O?'HARA", reference="2")
GOOD = interchange(message(*BOX), SECOND, una="UNA:+.? '")
HERE: Any = PORT
FILES = [pytest.param(f, path, id=f"{f}-{path.stem}") for f in FORMATS for path, _ in samples(f)]
some = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def checked(raw: bytes, format_: str = "codeco") -> list[list[Any]]:
    """The items of each part, after checking what holds for any bytes whatever."""
    module, found, end = FORMATS[format_], [], 0
    for part in module.split(raw):
        assert end <= part.start <= part.end <= len(raw)
        assert not raw[end : part.start].strip(BLANK_BYTES), "nothing is passed over"
        end = part.end
        items = list(module.read(raw[part.start : part.end], PORT, {}))
        assert items, "never silence"
        found.append(items)
        positions = [(type(i).__name__, i.position) for i in items if hasattr(i, "position") and not isinstance(i, Unreadable)]
        assert len(set(positions)) == len(positions)
        assert sum(isinstance(i, Envelope) for i in items) <= 1
        for item in items:
            assert "\0" not in repr(item)
            assert "\ufffd" not in repr(item)
            if isinstance(item, BoxRecord):
                timeless = ("unclassified",) if item.classifier == "actual" else ("unclassified", "status_only", "test")
                assert item.occurred_at is not None or item.given in timeless
                assert item.occurred_at is None or item.occurred_at.tzinfo is UTC
                assert 0 < len(item.equipment) <= 17
                assert item.unit
                assert all(reason.split(":")[0] in REASONS for reason in item.why.split("; ") if reason)
            elif isinstance(item, Unreadable):
                assert item.reason in REASONS
                assert item.position
                assert len(item.excerpt) <= 120
                assert item.excerpt.isprintable()
            elif not isinstance(item, Leftover):
                assert item.position if hasattr(item, "position") else True
    assert not raw[end:].strip(BLANK_BYTES), "nothing is passed over"
    return found


def units(items: list[Any]) -> dict[str, list[Any]]:
    """What is taken of each message."""
    found: dict[str, list[Any]] = defaultdict(list)
    for item in items:
        if not isinstance(item, Envelope | Leftover | Unreadable):
            found[item.unit].append(item)
    return dict(found)


@pytest.mark.parametrize(("format_", "path"), FILES)
def test_cut_at_every_byte(format_: str, path: Any) -> None:
    raw = path.read_bytes()
    everything = [units(items) for items in checked(raw, format_)]
    for size in range(len(raw)):
        for number, items in enumerate(checked(raw[:size], format_)):
            for unit, records in units(items).items():
                assert records == everything[number].get(unit), f"half of {unit} at {size}"


@pytest.mark.parametrize("una", ["", "UNA:+.? '"])
def test_what_is_cut_off_is_told(una: str) -> None:
    raw = interchange(message(*BOX), una=una).encode()
    for size in range(len(raw) - 1):
        assert faults(got(raw[:size])), size
    assert faults(got(raw[:-1])) == [], "only the last apostrophe is missing: count and reference prove that it is whole"


def test_half_a_message_is_held_and_its_neighbour_loads() -> None:
    raw = GOOD.encode()
    for size in range(raw.index(b"UNH+2"), raw.index(b"UNT+6+2") + len("UNT+6+2")):
        items = got(raw[:size])
        assert taken(items) == ["ZZDU4839211"]
        assert ("message", "no_unt") in faults(items) or size <= raw.index(b"UNH+2") + 3


@some
@given(st.data())
def test_changed_bytes(data: st.DataObject) -> None:
    raw = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        change = data.draw(st.sampled_from(["set", "insert", "delete", "swap", "copy"]))
        if change == "set":
            raw[at] = data.draw(st.integers(0, 255))
        elif change == "insert":
            known = st.sampled_from([b"'", b"+", b"?", b":", b"UNB+", b"UNT+5+1'", b"\n"])
            raw[at:at] = data.draw(st.binary(min_size=1, max_size=4) | known)
        elif change == "delete":
            del raw[at : at + data.draw(st.integers(1, 30))]
        elif change == "swap":
            raw[at:] = bytes(raw[at + 7 :]) + bytes(raw[at : at + 7])
        else:
            raw += raw[at:]
        raw = raw or bytearray(b"UNA")
    checked(bytes(raw))


TAGS = "UNB UNG UNH BGM EQD DTM LOC TDT NAD RFF MEA SEL FTX CNT UNT UNE UNZ X"
INNER = "BGM CNI CNI STS STS EQD EQD LOC LOC GID SGP SGP RFF DTM TDT MEA SEL TMP RNG DGS EQN CNT X"
tags = st.sampled_from(["UNA:+.? ", "", *TAGS.split()])
words = st.sampled_from(
    ["", "1", "34", "CN", "7", "203", "202603010847", "CODECO", "XXDMO", "ZZDU4839211", "VGM", "KGM", "27,5", "9", "5", "\n", "?", "é"]
)
known = st.sampled_from(
    ["", "1", "9", "5", "29", "12", "48", "147", "11", "12", "9", "BM", "EQ", "ZZBL1", "XXDMO", "CN", "ZZDU1000018", "ZZDU1000044", "2",
     "132", "334", "202603010847", "203", "719", "-018", "CEL", "G", "WT", "KGM", "1200", "IMD", "1263", "16"]
)  # fmt: skip
elements = st.lists(st.lists(words, max_size=4), max_size=8)
segments = st.builds(lambda tag, parts: "+".join([tag, *(":".join(p) for p in parts)]), tags, elements)


@some
@given(st.lists(segments, max_size=40), st.sampled_from(["'", "'\r\n", "\n"]), st.sampled_from(sorted(FORMATS)))
def test_any_segments(lines: list[str], end: str, format_: str) -> None:
    checked("".join(line + end for line in lines).encode(), format_)


body_segments = st.builds(
    lambda tag, parts: "+".join([tag, *(":".join(p) for p in parts)]),
    st.sampled_from(INNER.split()), st.lists(st.lists(known, min_size=1, max_size=3), max_size=5),
)  # fmt: skip
first = {"codeco": "34", "coarri": "44", "coparn": "126", "coprar": "43", "iftsta": "23", "baplie": "", "cuscar": "933"}


@some
@given(st.lists(body_segments, max_size=30), st.sampled_from(sorted(FORMATS)), st.sampled_from(["9", "5", "1", "46", "99"]))
def test_any_segments_of_a_message(lines: list[str], format_: str, function: str) -> None:
    raw = interchange(message(*lines, kind=format_.upper(), bgm=f"BGM+{first[format_]}+D-1+{function}"))
    (items,) = checked(raw.encode(), format_)
    faulty = [(i.position, i.reason) for i in of(items, Unreadable)]
    assert len(set(faulty)) == len(faulty), "each fault has an identity of its own"


@some
@given(st.lists(segments, max_size=12))
def test_any_segments_in_a_sound_message(lines: list[str]) -> None:
    body = [line for line in lines if not line.startswith("UN") and line.strip("\n") and not line.endswith("?")]
    items = checked(interchange(message(*BOX, *body)).encode())[0]
    assert taken(items)[0] == "ZZDU4839211"


@some
@given(st.binary(max_size=600))
def test_any_bytes(raw: bytes) -> None:
    checked(raw)
    checked(b"UNB+UNOA:2+A+B+260301:0910+1'" + raw)
    checked(GOOD.encode() + raw + GOOD.encode())


plain = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="\ufeff\ufffd"), min_size=1, max_size=20)


@some
@given(
    names=st.lists(plain, min_size=1, max_size=5), characters=st.permutations(":+?'|~^*").map(lambda c: c[:4]),
    minutes=st.integers(0, 60 * 24 * 365), layout=st.sampled_from(["", "\n", "\r\n", " \t"]),
)  # fmt: skip
def test_round_trip(names: list[str], characters: list[str], minutes: int, layout: str) -> None:
    component, element, release, terminator = characters

    def written(text: str) -> str:
        return "".join(release + c if c in characters else c for c in text)

    at = datetime(2026, 1, 1, tzinfo=SAIGON) + timedelta(minutes=minutes)
    lines: list[list[Any]] = [["UNH", "1", ["CODECO", "D", "95B", "UN"]], ["BGM", "34", "", "9"]]
    for name in names:
        lines += [["EQD", "CN", "ZZDU4839211"], ["DTM", ["7", f"{at:%Y%m%d%H%M}", "203"]], ["NAD", "CF", name], ["RFF", ["BM", name]]]
    lines.append(["UNT", str(len(lines) + 1), "1"])
    whole_text = [["UNB", ["UNOW", "4"], "A", "B", ["260301", "0910"], "1"], *lines, ["UNZ", "1", "1"]]
    parted = [[part if isinstance(part, list) else [part] for part in line] for line in whole_text]
    texts = [element.join(component.join(map(written, part)) for part in line) for line in parted]
    una = f"UNA{component}{element}.{release} {terminator}"
    items = checked((una + layout + "".join(text + terminator + layout for text in texts)).encode())[0]
    assert faults(items) == []
    assert [(r.occurred_at, r.line) for r in of(items, BoxRecord)] == [(at, name) for name in names]
    assert [r.bill for r in of(items, BoxRecord)] == [name if name.strip("0") else "" for name in names]


# --- other formats


@pytest.mark.parametrize(
    ("raw", "reason", "detail"),
    [
        (b"", "empty_file", ""), (b" \r\n\t\x00\x1a", "empty_file", ""), (b"\xef\xbb\xbf", "empty_file", ""),
        (b'{"events": []}', "other_format", "JSON"), (b'[{"eventID": "UNB+UNOA:1+A+B\'UNH+1+CODECO:D:95B:UN\'"}]', "other_format", "JSON"),
        (b"<?xml version='1.0'?><a/>", "other_format", "XML"), (b"<!DOCTYPE html><html>", "other_format", "HTML"),
        (b"Container;In;Out\nZZDU4839211;1;2\n", "other_format", "CSV"), (b'"Container","In"\n"ZZDU4839211","1"\n', "other_format", "CSV"),
        (b"%PDF-1.7\n", "other_format", "PDF"), (b"PK\x03\x04....", "other_format", "a ZIP archive or an Excel workbook"),
        (b"\x1f\x8b\x08\x00", "other_format", "a gzip archive"), (b"ISA*00*          *00*", "other_format", "ANSI X12"),
        (bytes(range(256)) * 4, "other_format", "binary data"), (b"Dear all, see below.\nRegards", "other_format", "plain text"),
        (b"UNB+UNOA:1+A+B+260301:0910+1'UNZ+0+1'", "no_unh", ""), (b"UNA:+.? '", "no_unh", ""),
        (b"BGM+34++9'EQD+CN+ZZDU4839211'", "no_unh", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("format_", FORMATS)
def test_other_formats(raw: bytes, reason: str, detail: str, format_: str) -> None:
    (items,) = checked(raw, format_)
    (fault,) = of(items, Unreadable)
    assert (fault.scope, fault.reason, fault.detail) == ("file", reason, detail)
    assert next(iter(FORMATS[format_].split(raw))).end == len(raw) == next(iter(whole(raw))).end


# --- far too much


class Endless(io.RawIOBase):
    """A head, then so many times a block, then a tail, none of it held."""

    def __init__(self, head: bytes, block: bytes, times: int, tail: bytes = b"") -> None:
        self.parts = (head, block, tail)
        self.size, self.at, self.tail_at = len(head) + times * len(block) + len(tail), 0, len(head) + times * len(block)

    def read(self, size: int | None = -1, /) -> bytes:
        head, block, tail = self.parts
        if self.at < len(head):
            found = head[self.at : self.at + (size or 0)]
        elif self.at < self.tail_at:
            found = block[(self.at - len(head)) % len(block) :][: size or 0]
        else:
            found = tail[self.at - self.tail_at :]
        self.at += len(found)
        return found

    def seek(self, to: int, whence: int = 0, /) -> int:
        self.at = to if whence == 0 else self.size + to
        return self.at


def heavy(head: str, block: bytes, times: int, tail: str = "") -> tuple[list[Any], int]:
    """The items that are not boxes, and the most memory needed."""
    file: Any = Endless(head.encode(), block, times, tail.encode())
    tracemalloc.start()
    parts = sum(1 for _ in codeco.split(file))
    items = [item for item in codeco.read(file, HERE, {}) if not isinstance(item, BoxRecord) or item.equipment == "ZZDU1000018"]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parts >= 1
    return items, most


def test_100_mb_in_one_segment() -> None:
    head, _, tail = GOOD.partition("UNH+2")
    items, most = heavy(head + "FTX+AAI+++", b"X" * 65536, 1600, "'UNH+2" + tail)
    assert taken(items) == ["ZZDU1000018"]
    assert ("envelope", "outside_message") in faults(items)
    assert most < 30_000_000


@pytest.mark.parametrize("block", [b"X", b"?", b"\n", b" ", b"UNB", b"\x00", b"+"])
def test_100_mb_of_nothing(block: bytes) -> None:
    items, most = heavy("", block * (65536 // len(block)), 400)
    assert [f[0] for f in faults(items)] == ["file"]
    assert most < 30_000_000


def test_a_message_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_edifact_envelope, "MESSAGE_MOST", 1 << 20)
    segments = b"EQD+CN+ZZDU4839211+45G1:102:5++2+5'DTM+7:202603010847:203'" * 1000
    items, most = heavy(interchange(message(*BOX)).partition("UNT")[0], segments, 100)
    assert faults(items)[0] == ("message", "message_too_long")
    assert most < 15_000_000


@pytest.mark.parametrize(
    "raw",
    [b"?'" * 300_000, b"UNB+" * 200_000, b"UNA:+.? '" * 20_000, b"FTX+" + b"?+" * 300_000 + b"'", b"FTX" + b"+" * 900_000 + b"'",
     b"'" * 900_000,
     b"UNZ'" * 20_000, b"UNH+1+CODECO'" * 30_000],
)  # fmt: skip
def test_nothing_takes_for_ever(raw: bytes) -> None:
    begun = time.process_time()
    checked(interchange(message(*BOX)).partition("UNT")[0].encode() + raw + b"UNT+1+1'")
    assert time.process_time() - begun < 20, "seconds where a mistake would need hours"


def test_too_long_a_segment_spoils_its_message_only() -> None:
    raw = GOOD.replace("UNT+5+1", "FTX+" + "X" * SEGMENT_MOST + "'UNT+6+1")
    items = got(raw)
    assert taken(items) == ["ZZDU1000018"]
    assert faults(items) == [("message", "segment_too_long")]


def test_99999_boxes_in_one_message() -> None:
    begun, count = time.process_time(), 99_999
    raw = interchange(message(*(segment for n in range(count) for segment in (f"EQD+CN+ZZDU{n:06d}0", BOX[1])))).encode()
    assert sum(isinstance(item, BoxRecord) for item in codeco.read(raw, HERE, {})) == count
    assert time.process_time() - begun < 60


# ---------------------------------------------------------------- one part times another


def test_times_of_the_message_and_boxes_of_iftsta_do_not_multiply() -> None:
    """500 of each took half a minute: each box compared all times with all."""
    header = [f"DTM+132:20261102{n % 24:02}{n % 60:02}:203" for n in range(1_500)]
    boxes = [segment for n in range(500) for segment in ("STS+1+24", f"EQD+CN+ZZDU{n:06}0+45G1", "DTM+334:202611020800:203")]
    items = got(interchange(message(*header, *boxes, kind="IFTSTA")), "iftsta")
    assert len(of(items, BoxRecord)) == 500
    assert sum(item.count for item in of(items, Leftover) if item.name.startswith("DTM+132")) >= 500


@pytest.mark.parametrize("joined", [True, False])
def test_bills_times_boxes_of_a_manifest_are_bounded(joined: bool) -> None:
    """14 kB made 250,000 records, and a megabyte would have filled the disk."""
    bills = [f"RFF+BM:B{n}" for n in range(900)]
    boxes = [f"SGP+ZZDU{n:06}0" if joined else f"EQD+CN+ZZDU{n:06}0+45G1" for n in range(900)]
    lines = ["CNI+1", *bills, "GID+1", *boxes] if joined else [*boxes, "CNI+1", *bills]
    items = got(interchange(message(*lines, kind="CUSCAR", bgm="BGM+933+M1+9")), "cuscar")
    assert (faults(items), of(items, BoxRecord)) == ([("message", "message_too_long")], [])


def test_bills_times_statuses_of_iftsta_are_bounded_and_said() -> None:
    bills = [f"RFF+BM:B{n}" for n in range(900)]
    items = got(interchange(message("CNI+1", *bills, *("STS+1+78" for _ in range(120)), kind="IFTSTA")), "iftsta")
    assert len(of(items, FactRecord)) == 111 * 900
    assert sum(item.count for item in of(items, Leftover) if "more bills" in item.name) == 9 * 900
