"""ZIP files from strangers: opened within limits, each entry read within limits. For workbooks, and for archives that are unpacked.

Names of entries are never used as paths. The directory is bounded before it is read; entries that lie over one another, that are encrypted
or compressed otherwise than by deflate are refused; sizes and check sums must be those that were promised.
"""

from __future__ import annotations

import errno
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import IO, BinaryIO, cast

CHUNK = 1 << 18
DIRECTORY = 4 << 20  # bytes of the list of entries at the end: a thousand of the longest names that are of any use
_FLAG_ENCRYPTED = 0x1
_OFFICE = (b"[Content_Types].xml", b"_rels/.rels", b"mimetypeapplication/vnd.oasis")
_LINKS = {stat.S_IFLNK: "link", stat.S_IFCHR: "device", stat.S_IFBLK: "device", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError, EOFError, zlib.error, KeyError)

REASONS: dict[str, str] = {
    "archive_damaged": "The archive is damaged: {detail}.",
    "archive_empty": "The archive has no file in it.",
    "archive_too_large": "Unpacked the archive is larger than it can be; from here on it was not opened ({detail}).",
    "archive_too_many": "The archive has more files than it can have ({detail}).",
    "archive_nested": "An archive inside the archive is not opened: {detail}.",
    "archive_encrypted": "A file in the archive is encrypted: {detail}.",
    "archive_no_file": "An entry of the archive is no ordinary file: {detail}.",
    "archive_method": "A file in the archive is compressed in a way that is not read: {detail}.",
}
"""Every reason why an archive, or a file in it, is not opened."""


class Unsound(Exception):
    """An archive or an entry of it cannot be had: (reason, detail)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class _Bounded:
    """The file as ZipFile sees it: while the directory is read, no more than DIRECTORY bytes are."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.left = file, DIRECTORY

    def read(self, size: int = -1) -> bytes:
        if self.left < 0:
            return self.file.read(size)
        piece = self.file.read(min(size, self.left + 1) if size >= 0 else self.left + 1)
        if len(piece) > self.left:
            raise zipfile.BadZipFile("its directory is too long")
        self.left -= len(piece)
        return piece

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def seekable(self) -> bool:
        return True


class Zip:
    """An opened ZIP file. Raises Unsound (archive_damaged) where its directory cannot be right."""

    def __init__(self, file: BinaryIO) -> None:
        bounded = _Bounded(file)
        try:
            self.zip = zipfile.ZipFile(cast(IO[bytes], bounded))
        except _BROKEN as error:
            raise Unsound("archive_damaged", _said(error)) from error
        except OSError as error:
            if error.errno != errno.EINVAL:  # a place before the file's beginning; others are no fault of the bytes
                raise
            raise Unsound("archive_damaged", "its directory lies outside of it") from error
        bounded.left = -1
        self.entries = self.zip.infolist()
        placed = sorted(self.entries, key=lambda entry: entry.header_offset)
        if any(a.header_offset + 30 + a.compress_size > b.header_offset for a, b in pairwise(placed)):
            raise Unsound("archive_damaged", "its files lie over one another")

    def open(self, entry: zipfile.ZipInfo, spend: Callable[[int], None] | None = None) -> Entry:
        """One entry, to be read to its end. Raises Unsound where it is no ordinary file that can be unpacked."""
        if entry.flag_bits & _FLAG_ENCRYPTED:
            raise Unsound("archive_encrypted")
        if kind := _LINKS.get(stat.S_IFMT(entry.external_attr >> 16)):
            raise Unsound("archive_no_file", kind)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others cannot be unpacked piece by piece
            raise Unsound("archive_method", f"method {entry.compress_type}")
        try:
            return Entry(self.zip.open(entry), entry.file_size, spend)
        except (*_BROKEN, OSError) as error:
            if not isinstance(error, OSError):
                raise Unsound("archive_damaged", _said(error)) from error
            if error.errno != errno.EINVAL:
                raise
            raise Unsound("archive_damaged", "it begins before the archive") from error


class Entry(io.RawIOBase):
    """What is unpacked of one entry, forwards only. `spend` is told of each piece and may stop it; `size` is what must come, if known."""

    def __init__(self, source: IO[bytes], size: int | None, spend: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self.source, self.size, self.spend, self.count = source, size, spend, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        wanted = CHUNK if size is None or size < 0 else min(size, CHUNK)
        try:
            piece = self.source.read(wanted)
        except (*_BROKEN, OSError) as error:
            if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):  # BadGzipFile is an OSError without a number
                raise
            raise Unsound("archive_damaged", _said(error)) from error
        self.count += len(piece)
        if self.spend:
            self.spend(len(piece))
        if wanted and not piece and self.size is not None and self.count != self.size:
            raise Unsound("archive_damaged", f"{self.count} bytes instead of {self.size}")
        return piece


def office(file: BinaryIO) -> bool:
    """Whether a file that begins as a ZIP is a document of an office program (a workbook, say), whole or damaged: no archive to unpack."""
    file.seek(0)
    head = file.read(4096)
    try:
        names = {entry.filename for entry in Zip(file).entries}
    except Unsound:
        return any(mark in head for mark in _OFFICE)
    return "[Content_Types].xml" in names or _OFFICE[2] in head


def _said(error: Exception) -> str:
    """What is wrong, in few words; what Python says of names and numbers in the file is the file's own text, so it is kept short."""
    text = str(error) or type(error).__name__
    return "".join(c if c.isprintable() else "·" for c in text)[:100]
