"""A delivery that is an archive (by its bytes, whatever its name): its members, one after another, each a file of its own.

ZIP and gzip, one level deep. A member is handed out as it is unpacked, never all at once, and nothing is written under a name that the
archive gives. Whatever stops a member says so, and the members before it stand (docs/decisions/0020-archives.md). A workbook is a ZIP
file too, but no archive: it goes to the readers as it is.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO, Generic, TypeVar, cast

from data.feeds import Leftover, Unreadable
from data.feeds._zip import CHUNK, Entry, Unsound, Zip, office
from data.sources import shown_name

TOTAL = 2 << 30  # bytes that one archive may come to: a gigabyte of CODECO is some two million movements; it goes to the disk
RATIO = 100  # times the archive's own size: texts shrink to a tenth or a thirtieth of themselves, bombs to a thousandth
FLOOR = 16 << 20  # bytes up to which the ratio does not matter: an almost empty table shrinks to nothing
MEMBERS = 1_000  # files of one archive: a day of single messages, and few enough to be listed on one page
MAC = "__MACOSX"
_TAR = (257, 262, b"ustar")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Member(Generic[T]):
    """A member that could be unpacked: which of the archive (from 1), its name as it may be shown, and what became of its bytes."""

    number: int
    name: str
    kept: T


def is_archive(file: BinaryIO) -> bool:
    """Whether the file is to be unpacked. It is at its beginning afterwards."""
    file.seek(0)
    head = file.read(4)
    found = head[:3] == b"\x1f\x8b\x08" or (head in (b"PK\x03\x04", b"PK\x05\x06") and not office(file))
    file.seek(0)
    return found


def members(file: BinaryIO, name: str, keep: Callable[[BinaryIO], T]) -> Iterator[Member[T] | Unreadable | Leftover]:
    """Every member as `keep` took its bytes, or why it cannot be had. What `keep` took of a member that breaks off must not count: it is
    told so by Unsound out of its `read`. `name` is the delivery's: a gzip file is called so without its ending."""
    budget = _Budget(_size(file))
    try:
        yield from _gzipped(file, name, keep, budget) if file.read(2) == b"\x1f\x8b" else _zipped(file, keep, budget)
    except Unsound as fault:
        yield _unreadable(fault, "archive")


def faults(file: BinaryIO, name: str) -> Iterator[Unreadable | Leftover]:
    """What is wrong with an archive, and what in it is passed over: the reading of the archive as a message of its own."""
    for item in members(file, name, _drained):
        if not isinstance(item, Member):
            yield item


@dataclass(slots=True)
class _Budget:
    """How much may still be unpacked of an archive of `size` bytes."""

    size: int
    spent: int = 0
    over: bool = False

    def spend(self, count: int) -> None:
        self.spent += count
        limit = min(TOTAL, max(FLOOR, RATIO * self.size))
        if self.spent > limit:
            self.over = True
            raise Unsound("archive_too_large", f"more than {limit} bytes")


def _zipped(file: BinaryIO, keep: Callable[[BinaryIO], T], budget: _Budget) -> Iterator[Member[T] | Unreadable | Leftover]:
    archive = Zip(file)
    if len(archive.entries) > MEMBERS:
        raise Unsound("archive_too_many", f"{len(archive.entries)} of {MEMBERS}")
    files = 0
    hidden: list[str] = []
    for number, entry in enumerate(archive.entries, 1):
        if entry.filename.endswith("/") and not entry.file_size:  # is_dir() of a nameless entry raises
            continue
        files += 1
        name = _name(entry, number)
        path = PurePosixPath(name)
        if path.name.startswith(".") or MAC in path.parts[:1]:  # as a folder's: what a Mac or an editor left there is no message
            hidden.append(name)
            continue
        try:
            yield Member(number, name, _through(archive.open(entry, budget.spend), keep))
        except Unsound as fault:
            yield _unreadable(fault, f"member {number}", name)
            if budget.over:
                break
    if not files:
        raise Unsound("archive_empty")
    if hidden:
        yield Leftover(name="(hidden files of the archive)", count=len(hidden), example=hidden[0][:60])


def _gzipped(file: BinaryIO, name: str, keep: Callable[[BinaryIO], T], budget: _Budget) -> Iterator[Member[T] | Unreadable | Leftover]:
    file.seek(0)
    own = name[:-3] if name[-3:].lower() == ".gz" and len(name) > 3 else name
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as source:
            yield Member(1, own, _through(Entry(cast(BinaryIO, source), None, budget.spend), keep))
    except Unsound as fault:
        yield _unreadable(fault, "member 1", own)


def _through(entry: Entry, keep: Callable[[BinaryIO], T]) -> T:
    """A member's bytes handed to `keep`, unless they are an archive themselves."""
    head = b""
    while len(head) < 512 and (piece := entry.read(512 - len(head))):
        head += piece
    if head[:3] == b"\x1f\x8b\x08":
        raise Unsound("archive_nested", "gzip")
    if head[_TAR[0] : _TAR[1]] == _TAR[2]:
        raise Unsound("archive_nested", "tar")
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return keep(cast(BinaryIO, _Again(head, entry)))
    with TemporaryFile() as whole:  # only its directory, at its end, tells a workbook from an archive
        whole.write(head)
        while piece := entry.read(CHUNK):
            whole.write(piece)
        if is_archive(cast(BinaryIO, whole)):
            raise Unsound("archive_nested", "zip")
        return keep(cast(BinaryIO, whole))


class _Again(io.RawIOBase):
    """A stream whose beginning was looked at."""

    def __init__(self, head: bytes, rest: Entry) -> None:
        super().__init__()
        self.head, self.rest = head, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if self.head:
            head, self.head = self.head, b""
            return head
        return self.rest.read(size)


def _name(entry: zipfile.ZipInfo, number: int) -> str:
    """The member's name as it may be shown. Names without the mark of UTF-8 are often UTF-8 all the same; else they stand as ZIP defines
    them (code page 437), which is wrong for a Chinese or Vietnamese sender, but loses nothing."""
    name = entry.orig_filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return shown_name(PurePosixPath(name.replace("\ufffd", "?"))) if name.strip("./ ") else f"member {number}"


def _unreadable(fault: Unsound, position: str, name: str = "") -> Unreadable:
    detail = ": ".join(filter(None, (name if len(name) <= 80 else f"{name[:60]}...{name[-17:]}", fault.detail)))
    return Unreadable(reason=fault.reason, position=position, scope="file", detail=detail)


def _drained(file: BinaryIO) -> None:
    while file.read(CHUNK):
        pass


def _size(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size
