"""Archives from strangers: what is in them, or why not. Bombs stop within bounds, names stay names, no bytes make an exception."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import unpack
from data.feeds import Leftover, Unreadable
from data.feeds._zip import DIRECTORY
from data.unpack import Member, faults, is_archive, members
from tests.pure.xlsx_made import headed, line, package, text, zipped

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOOD = {"a.edi": b"UNB+1'", "b.edi": b"UNB+2'", "c.edi": b"UNB+3'"}


def whole(file: BinaryIO) -> bytes:
    """Everything of a stream."""
    out = b""
    while piece := file.read(1 << 16):
        out += piece
    return out


def got(raw: bytes, name: str = "in.zip") -> list[Any]:
    """What comes out of an archive, and that going through it for its faults says the same."""
    items = list(members(io.BytesIO(raw), name, whole))
    with TemporaryFile() as real:  # a real file says otherwise than bytes in memory that a place is none
        real.write(raw)
        assert [type(item) for item in members(cast(BinaryIO, real), name, whole)] == [type(item) for item in items]
    assert list(faults(io.BytesIO(raw), name)) == [item for item in items if not isinstance(item, Member)]
    for item in items:
        shown = item.name if not isinstance(item, Unreadable) else item.detail
        assert shown.isprintable()
        assert len(shown) <= 320
    return items


def taken(items: list[Any]) -> dict[str, bytes]:
    return {item.name: item.kept for item in items if isinstance(item, Member)}


def said(items: list[Any]) -> list[tuple[str, str]]:
    return [(item.position, item.reason) for item in items if isinstance(item, Unreadable)]


def changed(raw: bytes, number: int, **fields: int) -> bytes:
    """A ZIP file whose n-th entry claims something else, in its own head and in the directory."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entry = archive.infolist()[number]
    at = raw.index(b"PK\x01\x02")
    for _ in range(number):
        lengths = struct.unpack_from("<HHH", raw, at + 28)
        at += 46 + sum(lengths)
    out = bytearray(raw)
    places = {"flags": ("<H", 6, 8), "method": ("<H", 8, 10), "crc": ("<L", 14, 16), "packed": ("<L", 18, 20), "size": ("<L", 22, 24)}
    for name, value in fields.items():
        if name == "offset":
            struct.pack_into("<L", out, at + 42, value)
        else:
            form, own, listed = places[name]
            struct.pack_into(form, out, entry.header_offset + own, value)
            struct.pack_into(form, out, at + listed, value)
    return bytes(out)


# ---- what is an archive


@pytest.mark.parametrize(
    ("raw", "archive"),
    [
        (zipped({"a": b"x"}), True),
        (zipped({}), True),
        (gzip.compress(b"x", mtime=0), True),
        (b"PK\x03\x04" + bytes(60), True),
        (package(""), False),
        (package("")[:400], False),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, 0), False),
        (b"UNB+UNOA", False),
        (b"PK\x01\x02", False),
        (b"", False),
    ],
)
def test_what_is_an_archive_says_its_content(raw: bytes, archive: bool) -> None:
    file = io.BytesIO(raw)
    assert is_archive(file) == archive
    assert file.tell() == 0


def test_every_member_comes_out_in_its_order() -> None:
    items = got(zipped({"day/": b"", **{f"day/{name}": content for name, content in GOOD.items()}}))
    assert [(item.number, item.name, item.kept) for item in items] == [(n, f"day/{k}", v) for n, (k, v) in enumerate(GOOD.items(), 2)]


@pytest.mark.parametrize(("name", "own"), [("in.edi.gz", "in.edi"), ("IN.GZ", "IN"), (".gz", ".gz"), ("in.edi", "in.edi")])
def test_gzip_has_one_member(name: str, own: str) -> None:
    assert taken(got(gzip.compress(b"one") + gzip.compress(b"two"), name)) == {own: b"onetwo"}


def test_a_workbook_in_an_archive_is_a_member() -> None:
    book = package(headed(line(text("a"), text("b"), text("c"))))
    assert taken(got(zipped({"a.xlsx": book}))) == {"a.xlsx": book}
    assert taken(got(gzip.compress(book), "a.xlsx.gz")) == {"a.xlsx": book}


# ---- names


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\in\\a.csv", "a\u202ecod.csv", "x" * 4_000, "\x1b[2J", ".", "a\nb"]
)
def test_names_are_shown_and_never_used(name: str) -> None:
    items = got(zipped({name: b"x"}))
    ((shown, content),) = taken(items).items()
    assert content == b"x"
    assert shown.isprintable()
    assert len(shown) <= 300


def test_a_name_with_a_nul() -> None:
    raw = zipped({"aXb.csv": b"x"}).replace(b"aXb.csv", b"a\0b.csv")
    items = got(raw)
    assert taken(items) == {"a\\x00b.csv": b"x"} or said(items) == [("member 1", "archive_damaged")]


def test_an_entry_without_a_name_is_a_member_like_any() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        with archive.open(zipfile.ZipInfo(""), "w") as entry:
            entry.write(b"UNB+1'")
        archive.writestr("a.edi", b"UNB+2'")
    assert taken(got(out.getvalue())) == {"member 1": b"UNB+1'", "a.edi": b"UNB+2'"}


def test_an_entry_that_begins_before_the_file_is_damaged() -> None:
    raw = zipped(GOOD)
    at = raw.rindex(b"PK\x05\x06") + 16  # where the directory is said to begin: all else is counted from there
    further = int.from_bytes(raw[at : at + 4], "little") + 40
    items = got(raw[:at] + further.to_bytes(4, "little") + raw[at + 4 :])
    assert said(items)
    assert {reason for _, reason in said(items)} == {"archive_damaged"}


@pytest.mark.parametrize("name", ["Cảng Mẫu.csv", "示范港.csv"])
def test_names_in_several_languages(name: str) -> None:
    assert list(taken(got(zipped({name: b"x"})))) == [name]
    unmarked = changed(zipped({name: b"x"}), 0, flags=0)
    assert list(taken(got(unmarked))) == [name], "UTF-8 without the mark of it"
    other = unmarked.replace(name.encode(), name.encode("gb18030").ljust(len(name.encode()), b"_")) if name[0] == "示" else unmarked
    assert "\ufffd" not in repr(got(other))


def test_hidden_files_are_passed_over_and_said() -> None:
    items = got(zipped({"a.csv": b"x", ".DS_Store": b"y", "__MACOSX/._a.csv": b"z"}))
    assert taken(items) == {"a.csv": b"x"}
    assert [item for item in items if isinstance(item, Leftover)] == [
        Leftover(name="(hidden files of the archive)", count=2, example=".DS_Store")
    ]


# ---- what cannot be had


def unix(name: str, mode: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, mode << 16
        archive.writestr(entry, b"/etc/passwd")
        archive.writestr("good", b"x")
    return out.getvalue()


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_no_files(mode: int) -> None:
    items = got(unix("a", mode | 0o777))
    assert said(items) == [("member 1", "archive_no_file")]
    assert taken(items) == {"good": b"x"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"flags": 1}, "archive_encrypted"),
        ({"method": 12}, "archive_method"),
        ({"method": 99}, "archive_method"),
        ({"crc": 1}, "archive_damaged"),
        ({"size": 3}, "archive_damaged"),
        ({"size": 3_000_000}, "archive_damaged"),
    ],
)
def test_a_member_that_cannot_be_had_leaves_the_others(fields: dict[str, int], reason: str) -> None:
    items = got(changed(zipped(GOOD), 1, **fields))
    assert said(items) == [("member 2", reason)]
    assert taken(items) == {"a.edi": GOOD["a.edi"], "c.edi": GOOD["c.edi"]}
    assert items[1].detail.startswith("b.edi")


@pytest.mark.parametrize("inner", [zipped(GOOD), gzip.compress(b"x", mtime=0), bytes(257) + b"ustar" + bytes(250), zipped({})])
def test_an_archive_in_an_archive_is_not_opened(inner: bytes) -> None:
    items = got(zipped({"a.edi": b"x", "inner": inner}))
    assert said(items) == [("member 2", "archive_nested")]
    assert taken(items) == {"a.edi": b"x"}
    assert said(got(gzip.compress(inner), "a.gz")) == [("member 1", "archive_nested")]


def test_an_archive_without_files() -> None:
    assert said(got(zipped({}))) == said(got(zipped({"a/": b""}))) == [("archive", "archive_empty")]


def test_cut_anywhere() -> None:
    raw = zipped(GOOD)
    for end in range(2, len(raw)):
        assert said(got(raw[:end])) == [("archive", "archive_damaged")]
    raw = gzip.compress(b"abcdefgh" * 50)
    for end in range(3, len(raw)):
        assert said(got(raw[:end], "a.gz")) == [("member 1", "archive_damaged")]


# ---- bombs


class Spent:
    """How much a stream gave."""

    def __init__(self) -> None:
        self.bytes = self.members = 0

    def __call__(self, file: BinaryIO) -> int:
        self.members += 1
        while piece := file.read(1 << 20):
            self.bytes += len(piece)
        return self.members


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "FLOOR", 1 << 20)


def test_what_unpacks_to_more_than_a_hundred_times_its_size_stops_there(small: None) -> None:
    for raw, name, position in (
        (zipped({"good": b"x", "bomb": bytes(40 << 20), "after": b"y"}), "a.zip", "member 2"),
        (gzip.compress(bytes(40 << 20)), "a.gz", "member 1"),
    ):
        spent = Spent()
        items = list(members(io.BytesIO(raw), name, spent))
        assert said(items) == [(position, "archive_too_large")]
        assert spent.bytes <= 100 * len(raw) + (1 << 20)
        assert [item.name for item in items if isinstance(item, Member)] == (["good"] if position == "member 2" else [])


def test_many_members_share_one_bound(small: None) -> None:
    spent = Spent()
    raw = zipped({f"{n}": bytes(1 << 20) for n in range(40)})
    items = list(members(io.BytesIO(raw), "a.zip", spent))
    assert said(items)[-1][1] == "archive_too_large"
    assert spent.members < 10
    assert spent.bytes <= 100 * len(raw) + (1 << 20)


def test_the_total_bound_holds_whatever_the_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "TOTAL", 1 << 20)
    spent = Spent()
    raw = zipped({"a": bytes(1 << 19), "b": bytes(1 << 19), "c": b"x"}, zipfile.ZIP_STORED)
    items = list(members(io.BytesIO(raw), "a.zip", spent))
    assert said(items) == [("member 3", "archive_too_large")]
    assert spent.bytes <= 1 << 20


def test_a_thousand_members_at_the_most() -> None:
    spent = Spent()
    items = list(members(io.BytesIO(zipped({f"{n}": b"x" for n in range(1_001)})), "a.zip", spent))
    assert (said(items), spent.members) == ([("archive", "archive_too_many")], 0)
    assert len(taken(got(zipped({f"{n}": b"%d" % n for n in range(1_000)})))) == 1_000


def test_entries_that_lie_over_one_another_are_refused() -> None:
    """As in a ZIP bomb that is one kernel told a thousand times, or a file that contains itself."""
    raw = zipped({"a": bytes(5_000), "b": bytes(5_000), "c": b"x"}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        first = archive.infolist()[0].header_offset
    assert said(got(changed(raw, 1, offset=first))) == [("archive", "archive_damaged")]
    quoted = changed(raw, 0, packed=5_100, size=5_100)
    assert said(got(quoted)) == [("archive", "archive_damaged")]


def test_a_directory_beyond_its_bound_is_not_read() -> None:
    class Counted(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            Counted.most = max(Counted.most, len(piece))
            return piece

    entry = b"PK\x01\x02" + bytes(42)
    listed = entry * (DIRECTORY // 46 * 3)
    raw = b"PK\x03\x04" + bytes(26) + listed
    raw += b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 3, 3, len(listed), 30, 0)
    items = list(members(Counted(raw), "a.zip", whole))
    assert said(items) == [("archive", "archive_damaged")]
    assert Counted.most <= DIRECTORY + 1


# ---- any bytes


@given(raw=st.binary(max_size=300), kind=st.integers(0, 2))
@FEW
def test_any_bytes(raw: bytes, kind: int) -> None:
    begun = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08")[kind] + raw
    items = got(begun, "a.gz")
    assert items


@given(data=st.data())
@FEW
def test_changed_bytes(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([zipped(GOOD), zipped(GOOD, zipfile.ZIP_STORED), gzip.compress(b"abc" * 20, mtime=0)])))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    if bytes(raw[:3]) in (b"\x1f\x8b\x08", b"PK\x03"):
        for item in got(bytes(raw), "a"):
            if isinstance(item, Member):
                assert zlib.crc32(item.kept) in {zlib.crc32(content) for content in (*GOOD.values(), b"abc" * 20)}


NAME = st.text(min_size=1, max_size=20).filter(lambda name: "\0" not in name)


@given(st.dictionaries(NAME, st.binary(max_size=50).map(lambda content: b"x" + content), max_size=8))
@FEW
def test_round_trip(files: dict[str, bytes]) -> None:
    plain = {
        name.encode("utf-8", "replace").decode(): content
        for name, content in files.items()
        if not name.endswith("/") and not any(part.startswith(".") for part in PurePosixPath(name).parts)
    }
    kept = [item.kept for item in got(zipped(plain)) if isinstance(item, Member)]
    assert kept == list(plain.values())
