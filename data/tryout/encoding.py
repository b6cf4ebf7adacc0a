"""Which encoding a file is in, and by what one can tell. Proposed only: a reader demands that an encoding be declared.

A byte order mark and UTF-8 are certain. Of the others that files of the region are in (Vietnamese, both Chinese, western
European), charset-normalizer says which makes the most ordinary text of the lines that have other bytes than ASCII; one that cannot decode
every byte is out. UTF-16 without a mark is seen by its zeros, as the readers see it.
"""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes

from data.feeds._lines import other_format

ENOUGH = 1 << 16  # bytes of lines with other letters: beyond, nothing more is learnt
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CANDIDATES = {"cp1258": "windows-1258", "gb18030": "gb18030", "big5": "big5", "cp1252": "windows-1252"}


@dataclass(frozen=True, slots=True)
class Seen:
    """An encoding ("" where none fits), whether it has to be declared, why (a key of because.py) and some of its letters."""

    name: str
    declare: bool
    because: str
    letters: str = ""


def encoding_of(data: bytes) -> Seen:
    """The encoding of a file's (first) bytes."""
    mark = next((name for start, name in _MARKS if data.startswith(start)), "")
    if mark:
        return Seen(mark.removesuffix("-sig"), False, "encoding_mark")
    if data.isascii() and b"\0" not in data:
        return Seen("utf-8", False, "encoding_ascii")
    reason, detail = other_format(data[:4_096])
    if reason == "is_utf16":
        return Seen(detail, True, "encoding_zeros")
    if _decodes(data, "utf-8"):
        return Seen("utf-8", False, "encoding_utf8", _letters(data, "utf-8"))
    lines = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:ENOUGH].rpartition(b"\n")
    other = (lines[0] or lines[2]).replace(b"\0", b"")
    for match in from_bytes(other, cp_isolation=list(_CANDIDATES)) if other else ():
        name = next((ours for codec, ours in _CANDIDATES.items() if codec in (match.encoding, *match.could_be_from_charset)), "")
        if name == "windows-1258" and _decodes(other, "cp1252") and other.decode("cp1252") == other.decode("cp1258", "replace"):
            name = "windows-1252"  # the same letters in both, none of them Vietnamese
        if name and _decodes(data, name):
            return Seen(name, True, "encoding_letters", _letters(data, name))
    return Seen("", False, "encoding_none")


def _decodes(data: bytes, name: str) -> bool:
    """Whether every byte is of the encoding; a last character cut short is a cut file, not another encoding."""
    try:
        codecs.getincrementaldecoder(name)("strict").decode(data, False)
    except (UnicodeError, LookupError):
        return False
    return True


def _letters(data: bytes, name: str) -> str:
    """The first letters beyond ASCII."""
    text = unicodedata.normalize("NFC", codecs.getincrementaldecoder(name)("replace").decode(data[: ENOUGH * 4], False))
    return "".join(dict.fromkeys(c for c in text if not c.isascii() and c.isalpha()))[:12]
