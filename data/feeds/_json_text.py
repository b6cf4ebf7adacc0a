"""The bytes of a JSON file as UTF-8, whatever they are written in; and what a file is that is no JSON.

JSON is UTF-8 by its definition (RFC 8259). A byte order mark wins, else the declared encoding; UTF-16 without a mark is seen by its zero
bytes, for JSON begins with a character of ASCII. Bytes that are not of the encoding stay wrong in the UTF-8, so that the event that has
them is unreadable by itself, and its neighbours load.
"""

from __future__ import annotations

import codecs
from typing import BinaryIO

from data.feeds._json_pages import Utf8
from data.feeds._lines import _MARKS, Fault, charset, excerpt, other_format

_BLOCK = 1 << 20
_SAMPLE = 4_096
_BARE = ((b"[\0", "utf-16-le"), (b"{\0", "utf-16-le"), (b"\0[", "utf-16-be"), (b"\0{", "utf-16-be"))
_KNOWN = {"is_edifact": "EDIFACT", "is_xml": "XML", "is_archive": "ZIP", "is_binary": "binary data", "is_utf16": "UTF-16"}


def text_of(file: BinaryIO, declared: str) -> Utf8:
    """The file as UTF-8 without a mark, at its beginning. Raises Fault for what is no JSON, BadOptions for an unknown encoding."""
    file.seek(0)
    head = file.read(_SAMPLE)
    if not head:
        raise Fault("empty_file", position="byte 0")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "") or (charset(declared) if declared else "")
    encoding = encoding or next((name for begin, name in _BARE if head.startswith(begin)), "utf-8")
    try:
        start = codecs.getincrementaldecoder(encoding)("zonewatch.mark").decode(head)
    except UnicodeError as error:
        raise Fault("not_utf8", str(error), "byte 0") from error
    begun = start.lstrip("\ufeff \t\r\n")
    if not begun[:1] or begun[0] not in "[{":
        raise _other(head, start)
    return _From(file, 3 if encoding == "utf-8-sig" else 0) if encoding in ("utf-8", "utf-8-sig", "ascii") else _Utf8(file, encoding)


def _other(head: bytes, start: str) -> Fault:
    """What it is, if it can be told."""
    if not start.strip("\ufeff \t\r\n"):
        return Fault("empty_file", position="byte 0")
    reason, detail = other_format(head)
    known = detail if reason == "is_document" else _KNOWN.get(reason, "plain text")
    return Fault("is_other", known, "byte 0", excerpt(start[:200]))


class _From:
    """A file without its first bytes."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._start = file, start
        self.seek(0)

    def seek(self, offset: int, /) -> int:
        """To a byte of the rest."""
        return self._file.seek(self._start + offset) - self._start

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        return self._file.read(size)


class _Utf8:
    """A file in another encoding, read as UTF-8."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file, self._encoding = file, encoding
        self.seek(0)

    def seek(self, offset: int, /) -> int:
        """To the beginning, whatever is asked."""
        self._decoder = codecs.getincrementaldecoder(self._encoding)("zonewatch.mark")
        return self._file.seek(0)

    def read(self, size: int = _BLOCK, /) -> bytes:
        """The next piece, perhaps longer."""
        while block := self._file.read(size):
            if text := self._decoder.decode(block):
                return text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")
        return self._decoder.decode(b"", True).encode("utf-8", "surrogatepass")
