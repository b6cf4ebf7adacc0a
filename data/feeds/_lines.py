"""Bytes -> physical lines of text, with limits: encoding, byte order mark, lines that are too long or not text.

Nothing is guessed. A byte order mark wins; else the declared encoding; else the file is UTF-8 or it is unreadable as a whole. In a known
encoding a line with bytes that are not of it is unreadable by itself, and its neighbours load.
"""

from __future__ import annotations

import codecs
import io
import unicodedata
from collections import deque
from dataclasses import dataclass, field
from typing import BinaryIO

from data.feeds._when import BadOptions

RECORD_LIMIT = 1_000_000  # characters of one physical line, and of one record
QUOTED_LINES = 50  # a quoted field that goes on for more lines is a quote that was never closed
SHOWN = 120  # characters of an excerpt
_SAMPLE = 4_096
_BLOCK = 1 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),      # before UTF-16: LE begins alike
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_NOT_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
_OTHERS = (
    (b"UNA", "is_edifact", ""), (b"UNB+", "is_edifact", ""), (b"{", "is_json", ""), (b"[", "is_json", ""), (b"<", "is_xml", ""),
    (b"PK\x03\x04", "is_archive", ""), (b"\x1f\x8b", "is_archive", ""), (b"7z\xbc\xaf\x27\x1c", "is_archive", ""),
    (b"Rar!\x1a", "is_archive", ""), (b"\xfd7zXZ", "is_archive", ""), (b"BZh9", "is_archive", ""),
    (b"%PDF", "is_document", "PDF"), (b"PAR1", "is_document", "Parquet"), (b"\x89PNG", "is_document", "PNG"),
    (b"SQLite format 3", "is_document", "SQLite"),
)  # fmt: skip


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Bad bytes become lone surrogates, which no text can contain: found per line, shown as bytes, never stored."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("zonewatch.mark", _mark)


class Fault(Exception):
    """No record, or no file, can be had: (reason, detail, position, excerpt); `heading`: the column names, where they were read."""

    def __init__(self, reason: str, detail: str = "", position: str = "line 1", shown: str = "", heading: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.detail, self.position, self.shown, self.heading = reason, detail, position, shown, heading


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line with its number; `fault` and `detail` where it is not text (then `text` is only a part of it). "" at the end."""

    number: int
    text: str
    fault: str = ""
    detail: str = ""


@dataclass(slots=True)
class Lines:
    """The physical lines, handed to csv.reader one at a time; knows which belong to the present record and can take them back."""

    text: io.TextIOWrapper
    taken: list[Line] = field(default_factory=list)
    back: deque[Line] = field(default_factory=deque)
    number: int = 0
    length: int = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self.back.popleft() if self.back else self._physical()
        if self.taken and (not line.text or line.fault or self.length + len(line.text) > RECORD_LIMIT or len(self.taken) >= QUOTED_LINES):
            self.back.appendleft(line)  # the quote is not closed within reason: these lines are looked at by themselves
            raise Fault("open_quote")
        if not line.text:
            raise StopIteration
        self.taken.append(line)
        self.length += len(line.text)
        if line.fault:
            raise Fault(line.fault, line.detail)
        return line.text

    def _physical(self) -> Line:
        self.number += 1
        text = self.text.readline(RECORD_LIMIT)
        if len(text) >= RECORD_LIMIT and text[-1] not in "\r\n":
            size, rest = len(text), text
            while rest and rest[-1] not in "\r\n":
                rest = self.text.readline(RECORD_LIMIT)
                size += len(rest)
            return Line(self.number, text[:_SAMPLE], "too_long", f"{size} characters")
        if "\0" in text:
            return Line(self.number, text[:_SAMPLE], "nul")
        if text.isascii():
            return Line(self.number, text)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            near = text[max(0, error.start - SHOWN // 2) : error.start + SHOWN // 2]
            return Line(self.number, near, "bad_bytes", f"character {error.start + 1}")
        return Line(self.number, composed(text))

    def begin(self) -> None:
        """The present record is done with."""
        self.taken.clear()
        self.length = 0

    def give_back(self) -> None:
        """All lines of the present record but its first come again."""
        self.back.extendleft(reversed(self.taken[1:]))
        self.begin()

    def again(self) -> None:
        """All lines of the present record come again."""
        self.back.extendleft(reversed(self.taken))
        self.begin()

    def close(self) -> None:
        """Leaves the file to whoever opened it."""
        if not self.text.closed:
            self.text.detach()


def composed(text: str) -> str:
    """Letters composed (Windows-1258 spells one letter as two). U+FFFD in the data means that somebody before us could not read a
    character: it is kept as a question mark, as it is from EDIFACT."""
    return unicodedata.normalize("NFC", text).replace("\ufffd", "?")


def open_lines(file: BinaryIO, declared: str) -> Lines:
    """The lines of a file in its encoding. Raises Fault for a file that cannot be read at all, BadOptions for an unknown encoding."""
    file.seek(0)
    head = file.read(_SAMPLE)
    if not head:
        raise Fault("empty_file", position="byte 0")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "") or (declared and charset(declared))
    if not encoding:
        _demand_utf8(file, head)
        encoding = "utf-8"
    file.seek(0)
    return Lines(io.TextIOWrapper(file, encoding=encoding, errors="zonewatch.mark", newline=""))


def charset(declared: str) -> str:
    """The codec of a declared encoding. Raises BadOptions if there is none that turns bytes into text."""
    try:
        name = codecs.lookup(declared).name
        io.TextIOWrapper(io.BytesIO(), encoding=name)  # refuses codecs that do not make text of bytes
    except (LookupError, ValueError, TypeError, OSError) as error:
        raise BadOptions(f"encoding {declared!r} is not known") from error
    if name.replace("_", "-") in _NOT_CHARSETS:
        raise BadOptions(f"encoding {declared!r} is not one that files are written in")
    return name


def _demand_utf8(file: BinaryIO, head: bytes) -> None:
    """The whole file is looked through before its first row is given: a file that is not UTF-8 must not be half read.
    A last character cut short is a cut file, not another encoding."""
    file.seek(0)
    at, rest = 0, b""
    while block := file.read(_BLOCK):
        if not rest and block.isascii():
            at += len(block)
            continue
        block = rest + block
        try:
            _, used = codecs.utf_8_decode(block, "strict", False)
        except UnicodeDecodeError as error:
            reason, detail = other_format(head)
            near = block[max(0, error.start - 40) : error.start + 40].decode("ascii", "backslashreplace")
            byte = f"byte 0x{block[error.start]:02X}"
            raise Fault(reason or "not_utf8", detail or ("" if reason else byte), f"byte {at + error.start}", excerpt(near)) from error
        at, rest = at + used, block[used:]


def other_format(head: bytes) -> tuple[str, str]:
    """What the first bytes of a file that is no CSV look like: reason and detail, or ("", "")."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    for beginning, reason, detail in _OTHERS:
        if start.startswith(beginning):
            return reason, detail
    if b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 4 and min(even, odd) <= max(even, odd) // 10:
            return "is_utf16", "utf-16-be" if even > odd else "utf-16-le"
        return "is_binary", ""
    return "", ""


def excerpt(text: str, around: str = "") -> str:
    """Up to 120 characters of a text, about `around` where that is in it; control characters and bad bytes escaped."""
    text = text.rstrip("\r\n")
    at = text.find(around) if around else 0
    begin = max(0, min(at - SHOWN // 3, len(text) - SHOWN)) if at > SHOWN // 2 else 0
    return "".join(map(_visible, text[begin : begin + SHOWN]))[:SHOWN]


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code - 0xDC00:02x}" if 0xDC00 <= code <= 0xDCFF else character.encode("unicode_escape").decode("ascii")
