"""UN/EDIFACT as it is really sent: bytes -> segments; and the sentences for all that can be wrong (REASONS).

Where interchanges begin and end in a file is `_edifact_parts`, the envelope (UNB, UNG, UNH and their ends) `_edifact_envelope`, times
are `_edifact_time`, boxes `_equipment`. Source of what is met in practice: 151 files of real traffic; the syntax itself is ISO 9735.
Memory does not grow with the file: it is read in chunks, and a segment longer than SEGMENT_MOST is given as None and left out up to
its terminator.

`BoxRecord.why` holds items "key" or "key: detail", joined by "; ", the keys from REASONS; the first one is the reason where `given` is
not live.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from data.feeds import Raw, stream

HEAD = 4096  # bytes looked at before the service characters are settled
CHUNK = 1 << 18
SEGMENT_MOST = 1 << 20  # bytes
BLANK = " \t\r\n\0\x1a\ufeff"  # what may stand between segments; NUL and Ctrl-Z pad files from old hosts
BLANK_BYTES = b" \t\r\n\0\x1a\xef\xbb\xbf"

REASONS: dict[str, str] = {
    # the file
    "bad_options": "The feed's options cannot be used: {detail}.",
    "empty_file": "The file is empty.",
    "other_format": "This is not EDIFACT: it looks like {detail}.",
    "no_unh": "There is no message (UNH) in it.",
    # one message, UNH to UNT: nothing of it is taken
    "bad_unh": "The head of the message (UNH) names no message type.",
    "other_type": "The message is of another type: {detail}.",
    "no_unt": "The message breaks off: its end (UNT) is missing. It is held until it is sent again.",
    "segment_too_long": "The message has a segment that is too long to be one ({detail}).",
    "message_too_long": "The message is too long ({detail}).",
    "no_bgm": "The message does not say what it reports (BGM).",
    "no_boxes": "The message names no box.",
    "no_status": "The message reports no status (STS).",
    "cancels_nothing": "The message takes something back, but names neither a box nor an earlier document.",
    # one box
    "no_box": "The box has no number.",
    "bad_box": "This cannot be the number of one box: {detail}.",
    "no_equipment_kind": "The message does not say what kind of equipment this is.",
    # the envelope: the content is taken all the same
    "no_unb": "The head of the interchange (UNB) is missing: sender, recipient and reference are not known.",
    "no_unz": "The end of the interchange (UNZ) is missing.",
    "no_une": "The end of a group (UNE) is missing.",
    "unt_count": "The number of segments is wrong: {detail}.",
    "unt_reference": "The references at the head and the end of the message differ: {detail}.",
    "unh_repeated": "Two messages of the interchange have the same reference: {detail}.",
    "une_count": "The number of messages in the group is wrong: {detail}.",
    "une_reference": "The references at the head and the end of the group differ: {detail}.",
    "unz_count": "The number of messages in the interchange is wrong: {detail}.",
    "unz_reference": "The references at the head and the end of the interchange differ: {detail}.",
    "outside_message": "There is text outside of every message: {detail}.",
    # why a box does not count, or what is particular about it
    "test": "The sender marks the interchange as a test.",
    "unknown_code": "The code says nothing that is known of this sender: {detail}.",
    "unknown_function": "The function of the message is not known: {detail}.",
    "plan_code": "The code is an order or a plan, not a movement: {detail}.",
    "several_moves": "The code announces several kinds of movement at once: {detail}.",
    "contradicted": "The message contradicts itself: {detail}.",
    "status_code": "The code reports a status, not a movement: {detail}.",
    "no_move": "The box is listed but was not moved ashore: {detail}.",
    "provisional": "The sender marks the message as provisional.",
    "no_time": "No time is given anywhere in the message.",
    "no_plan_time": "The message gives no time for what it plans or announces.",
    "bad_time": "The time cannot be read: {detail}.",
    "report_time": "Time of the report, not of the move ({detail}).",
    "time_format": "The time is not written as its format says and was read by its digits: {detail}.",
    "unknown_zone": "The time names a zone that is not known; it was read as local time: {detail}.",
    "no_target": "The message does not say which earlier document it acts on; it is taken as an original.",
    "unusual_direction": "Unusual: {detail}. A return or a shut-out?",
    "another_bill": "The box goes with several bills; it is expected with the first of them.",
    "passes": "The consignment is neither loaded nor discharged here: {detail}.",
    "no_direction": "The message does not say whether the box is discharged or loaded here.",
    "place_disagrees": "The message names another place: {detail}.",
}

_CHARSETS = {
    "UNOC": "iso8859-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5", "UNOF": "iso8859-7", "UNOG": "iso8859-3", "UNOH": "iso8859-4",
    "UNOI": "iso8859-6", "UNOJ": "iso8859-8", "UNOK": "iso8859-9", "UNOL": "iso8859-15", "UNOW": "utf-8", "UNOX": "utf-8", "UNOY": "utf-8",
}  # fmt: skip

UNA = re.compile(rb"UNA([^A-Za-z0-9]{3,16})(?=[A-Z]{3}[^A-Za-z0-9])")
_FIRST = re.compile(rb"UN[BGH][^A-Za-z0-9]")
_SECOND = re.compile(rb"(?:UN[GH]|BGM)[^A-Za-z0-9]")


class Syntax(NamedTuple):
    """The service characters in force. `release` is empty where the sender has none. Both decimal marks are always understood."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"


_LEVEL_B = Syntax("\x1f", "\x1d", "", "\x1c")


def syntax_of(head: bytes) -> tuple[Syntax, int]:
    """The service characters that the first bytes declare or show, and where the first segment after UNA begins.

    UNA may have lost some of its six characters (`UNA:+.'`): the missing ones take the defaults. Where the lines of a file end without
    an apostrophe, the line feed is the terminator.
    """
    una = UNA.search(head)
    start = una.end() if una else 0
    syntax = _declared(una[1]) if una else Syntax()
    first = _FIRST.search(head, start)
    if first is None:
        return syntax, start
    if una is None and first[0] == b"UNB\x1d":
        syntax = _LEVEL_B
    second = _SECOND.search(head, first.end())
    if second:  # how the first segment really ends
        before = head[first.start() : second.start()]
        body = before.rstrip(b"\r\n\t ")
        gap = before[len(body) :]
        if syntax.terminator in "\r\n" and body.endswith(b"'"):
            syntax = syntax._replace(terminator="'")
        elif not body.endswith(syntax.terminator.encode()) and (b"\n" in gap or b"\r" in gap):
            syntax = syntax._replace(terminator="\n" if b"\n" in gap else "\r")
    return syntax, start


def _declared(between: bytes) -> Syntax:
    given = between[:6] if between[4:6] in (b" \n", b" \r") else between.rstrip(b"\r\n\t ")
    usual = Syntax()
    if len(given) < 6 and (b"\n" in between or b"\r" in between) and not given.endswith(b"'"):
        given = given.ljust(5, b"?")[:5] + b"\n"  # the line feed itself is the terminator
    if len(given) < 6:
        given = given[:3] + (given[3:4] if len(given) == 5 else b"?") + b" " + given[-1:]
    given = given[:6]
    component, element, _, release, _, terminator = (chr(byte) for byte in given)
    found = Syntax(component, element, "" if release == " " else release, terminator)
    return found if given.isascii() and len(set(found)) == 4 else usual


def decode(data: bytes, declared: str, option: str) -> str:
    """Text of one segment: UTF-8 if it is that, else as the options say, else as UNB says, else Latin-1, which never fails.

    U+FFFD in the data means that somebody before us could not read a character: it is kept as a question mark.
    """
    for codec in ("utf-8", option, _CHARSETS.get(declared, "")):
        if codec:
            try:
                return data.decode(codec).replace("\ufffd", "?")
            except UnicodeError:
                continue
    return data.decode("latin-1")


class Segments:
    """The segments of one interchange as (byte offset, text), without blanks around them; text None for one that is too long.

    `cut` is true while the last one is given if no terminator ends it. `charset` (0001 of UNB) is set by the reader of the envelope.
    """

    def __init__(self, raw: Raw, option: str = "") -> None:
        self.file, self.head = _opened(raw)
        self.syntax, self.start = syntax_of(self.head)
        self.charset, self.option, self.cut = "", option, False

    def __iter__(self) -> Iterator[tuple[int, str | None]]:
        end, release = self.syntax.terminator.encode(), self.syntax.release.encode()
        wrapped = self.syntax.terminator not in "\r\n"
        at, tail, chunk, skipping = self.start, b"", self.head[self.start :], False
        while chunk:
            if skipping:
                found = terminator_in(chunk, end, release)
                at += len(chunk) if found < 0 else found + 1
                chunk = b"" if found < 0 else chunk[found + 1 :]
                skipping = found < 0
            data = tail + chunk
            pieces = data.split(end)
            if release and release in data:
                pieces = _rejoined(pieces, end, release)
            tail, plain = pieces.pop(), data.isascii()
            for piece in pieces:
                here, at = at, at + len(piece) + 1
                text = piece.decode("ascii") if plain else decode(piece, self.charset, self.option)
                text = text.strip(BLANK)
                if wrapped and ("\n" in text or "\r" in text):
                    text = text.replace("\r", "").replace("\n", "")
                if "\0" in text:
                    text = text.replace("\0", "")  # no database keeps one
                if len(piece) > SEGMENT_MOST:
                    yield here, None
                elif text:
                    yield here, text
            if len(tail) > SEGMENT_MOST:
                yield at, None
                at, tail, skipping = at + len(tail), b"", True
            chunk = self.file.read(CHUNK)
        text = decode(tail, self.charset, self.option).strip(BLANK).replace("\0", "").replace("\r", "").replace("\n", "")
        if text:
            self.cut = True
            yield at, text

    def split(self, text: str) -> list[list[str]]:
        """A segment as elements of components, released characters restored: [["DTM"], ["7", "202308111447", "203"]].

        No segment has a hundred elements: of one that pretends to, the rest stays together.
        """
        component, element, release, terminator = self.syntax
        if not release or release not in text:
            return [part.split(component, 99) for part in text.split(element, 99)]
        kept = {release: "\0r", element: "\0e", component: "\0c", terminator: "\0t"}  # no text has a NUL any more
        for char, code in kept.items():
            text = text.replace(release + char, code)
        split = [part.split(component, 99) for part in text.replace(release, "").split(element, 99)]
        for parts in split:
            for i, part in enumerate(parts):
                if "\0" in part:
                    for char, code in kept.items():
                        part = part.replace(code, char)
                    parts[i] = part
        return split


def _rejoined(pieces: list[bytes], end: bytes, release: bytes) -> list[bytes]:
    """Pieces cut at a released terminator are one: an odd number of release characters stands before it."""
    whole: list[bytes] = []
    held: list[bytes] = []
    for piece in pieces:
        if piece.endswith(release) and (len(piece) - len(piece.rstrip(release))) % 2:
            held.append(piece)
        elif held:
            whole.append(end.join([*held, piece]))
            held = []
        else:
            whole.append(piece)
    return [*whole, end.join(held)] if held else whole


def terminator_in(data: bytes, end: bytes, release: bytes) -> int:
    found = data.find(end)
    while release and found > 0 and data[found - 1 : found] == release:
        found = data.find(end, found + 1)
    return found


class _Recoded:
    """A file in an encoding whose bytes cannot be cut at service characters, given as UTF-8."""

    def __init__(self, file: BinaryIO, codec: str) -> None:
        self.file, self.decoder = file, codecs.getincrementaldecoder(codec)("backslashreplace")

    def read(self, size: int) -> bytes:
        while data := self.file.read(size):
            if text := self.decoder.decode(data):
                return text.encode("utf-8", "backslashreplace")
        return self.decoder.decode(b"", True).encode("utf-8", "backslashreplace")


def recoding(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if head[:6:2].isalpha() and head[1:6:2] == b"\0\0\0":
        return "utf-16-le"
    if head[1:6:2].isalpha() and head[:6:2] == b"\0\0\0":
        return "utf-16-be"
    return "iso2022_jp_2" if b"\x1b" in head and re.search(rb"UNB.UNOX", head) else ""


def _opened(raw: Raw) -> tuple[BinaryIO | _Recoded, bytes]:
    file = stream(raw)
    file.seek(0)
    head = file.read(HEAD)
    codec = recoding(head)
    if not codec:
        return file, head
    file.seek(0)
    recoded = _Recoded(file, codec)
    return recoded, recoded.read(HEAD)
