"""Where the interchanges in a file begin and end, and what a file is that holds none."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from data.feeds import Part, Raw, stream
from data.feeds._edifact import BLANK_BYTES, CHUNK, HEAD, UNA, Syntax, recoding, syntax_of, terminator_in

# Strong enough to be the head of an interchange wherever it stands, also behind a file that broke off.
_STRONG = re.compile(rb"UNB[^A-Za-z0-9\s][A-Z]{3}[A-Z0-9][^A-Za-z0-9\s][0-9]")
_MARK = re.compile(rb"UNA[^A-Za-z0-9]{3,16}[A-Z]{3}[^A-Za-z0-9]|UN[BZ][^A-Za-z0-9]|UNZ$")
_FOREIGN = (
    (re.compile(rb"\{\s*[\"}]|\[\s*[\[{\"\]]"), "JSON"), (re.compile(rb"<!doctype html|<html", re.I), "HTML"),
    (re.compile(rb"<[?!A-Za-z]"), "XML"), (re.compile(rb"%PDF"), "PDF"), (re.compile(rb"PK\x03\x04"), "a ZIP archive or an Excel workbook"),
    (re.compile(rb"\x1f\x8b"), "a gzip archive"), (re.compile(rb"\xd0\xcf\x11\xe0"), "an old Office document"),
    (re.compile(rb"ISA[^A-Za-z0-9]"), "ANSI X12"), (re.compile(rb'"'), "CSV"),
)  # fmt: skip


def foreign(head: bytes) -> str:
    """What the first bytes show this to be if it is another format for certain; "" otherwise."""
    head = head.lstrip(BLANK_BYTES)
    return "" if head.startswith(b"UN") else next((name for form, name in _FOREIGN if form.match(head)), "")


def sniff(head: bytes) -> str:
    """What a file without any message looks like: "" for EDIFACT, else words."""
    if _STRONG.search(head) or UNA.match(head.lstrip(BLANK_BYTES)):
        return ""
    if name := foreign(head):
        return name
    if sum(byte < 32 and byte not in b"\t\r\n\f\x1a\x1b" for byte in head) > len(head) // 20:
        return "binary data"
    lines = [line for line in head.splitlines()[:5] if line.strip()]
    for mark in b";,\t|":
        columns = {line.count(mark) for line in lines}
        if len(lines) > 1 and len(columns) == 1 and columns != {0}:
            return "CSV"
    return "plain text" if re.match(rb"[A-Z]{3}[^A-Za-z0-9]", head.lstrip(BLANK_BYTES)) is None else ""


def split(raw: Raw) -> Iterator[Part]:
    """Where each interchange stands in a file. UNA belongs to the UNB after it; text before, between or after interchanges that is more
    than blanks is a part of its own (messages without UNB, or something that cannot be read), so nothing is passed over."""
    file = stream(raw)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    if (not head.strip(BLANK_BYTES) and size <= HEAD) or foreign(head) or recoding(head).startswith("utf-16"):
        yield Part(0, size)
        return
    file.seek(0)
    data, base, pos, opened, some = b"", 0, 0, -1, False  # data[pos:] is not judged yet; opened: offset of the open part or -1
    syntax = Syntax()
    more = True
    while more:
        chunk = file.read(CHUNK)
        more = bool(chunk)
        keep = max(0, pos - HEAD)
        data, base, pos = data[keep:] + chunk, base + keep, pos - keep
        stop = len(data) - HEAD if more else len(data)
        while (mark := _MARK.search(data, pos)) and mark.start() < stop:
            here = mark.start()
            if opened < 0 and (gap := len(data[pos:here].lstrip(BLANK_BYTES))):
                opened, syntax = base + here - gap, syntax_of(data[here - gap : here])[0]
            if not _counts(data, here, syntax, base + here == 0 or opened < 0):
                pos = here + 3
            elif data[here : here + 3] == b"UNZ":
                if opened < 0:
                    opened = base + here
                end = terminator_in(data[here : here + HEAD], syntax.terminator.encode(), syntax.release.encode())
                pos = min(here + end + 1 if end >= 0 else len(data), len(data))
                yield Part(opened, base + pos)
                opened, some = -1, True
            else:
                if opened >= 0:
                    yield Part(opened, base + here)
                opened, some = base + here, True
                syntax = syntax_of(data[here : here + HEAD])[0]
                pos = mark.end() - 1
        if opened < 0 and pos < stop and (gap := len(data[pos:stop].lstrip(BLANK_BYTES))):
            opened, syntax = base + stop - gap, syntax_of(data[stop - gap : stop - gap + HEAD])[0]
        pos = max(pos, stop)
    if opened >= 0 or not some:
        yield Part(max(opened, 0), size)


def _counts(data: bytes, here: int, syntax: Syntax, first: bool) -> bool:
    """Whether a mark found in the bytes is a segment: UNA and a full UNB always are, others only where a segment can begin."""
    if data[here : here + 3] == b"UNA" or _STRONG.match(data, here):
        return True
    before = data[max(0, here - 64) : here].rstrip(BLANK_BYTES) or data[max(0, here - HEAD) : here].rstrip(BLANK_BYTES)
    end, release = syntax.terminator.encode(), syntax.release.encode()
    if end in b"\r\n":
        return first or data[max(0, here - 1) : here] in (b"\r", b"\n")
    if not before.endswith(end):
        return first and not before
    return not (release and before[:-1].endswith(release) and (len(before[:-1]) - len(before[:-1].rstrip(release))) % 2)
