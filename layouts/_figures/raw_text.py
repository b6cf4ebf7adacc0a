"""Bytes for people: as text with everything that is no text escaped, or in hex; and the record that is meant marked."""

from __future__ import annotations

import re

from dash import html
from dash.development.base_component import Component

_UNH = re.compile(rb"UNH[^A-Za-z0-9]")
_EQD = re.compile(rb"EQD[^A-Za-z0-9]")
_ENDS = re.compile(rb"(?:EQD|CNT|UNT|UNZ)[^A-Za-z0-9]")
HEX_LINES = 1024


def told(raw: bytes, offset: int, position: str) -> Component:
    """The bytes as text. The record at `position` (as the readers name it: "line 12", "UNH 1/EQD 2", "byte 354") is marked."""
    begin, end = meant(raw, offset, position)
    parts: list[object] = [shown(raw[:begin])]
    if end > begin:
        parts += [html.Mark(shown(raw[begin:end]), id="message-meant"), shown(raw[end:])]
    return html.Pre(parts, className="raw", tabIndex="0")


def hexed(raw: bytes, offset: int) -> Component:
    """Sixteen bytes a line: offset, hex, what is printable."""
    lines = []
    for n in range(0, min(len(raw), HEX_LINES * 16), 16):
        piece = raw[n : n + 16]
        plain = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in piece)
        lines.append(f"{offset + n:08x}  {piece.hex(' '):<47}  {plain}")
    return html.Pre("\n".join(lines), className="raw", tabIndex="0")


def shown(raw: bytes) -> str:
    """Text as UTF-8; what is none, and control characters but line ends and tabs, as \\xNN."""
    text = raw.decode("utf-8", "backslashreplace").replace("\r\n", "\n").replace("\r", "\\r\n")
    return "".join(c if c in "\n\t" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def meant(raw: bytes, offset: int, position: str) -> tuple[int, int]:
    """Where the record stands in the bytes shown: [begin, end); (len, len) where it is not among them."""
    nowhere = (len(raw), len(raw))
    line = re.search(r"line (\d+)", position)
    if line and not offset:
        return _line(raw, int(line[1]), nowhere)
    group = re.match(r"UNH (\d+)/EQD (\d+)", position)
    if group and not offset:
        heads = list(_UNH.finditer(raw))
        if len(heads) < int(group[1]):
            return nowhere
        inside = raw[heads[int(group[1]) - 1].start() :]
        base = heads[int(group[1]) - 1].start()
        boxes = list(_EQD.finditer(inside))
        if len(boxes) < int(group[2]):
            return nowhere
        at = boxes[int(group[2]) - 1].start()
        after = _ENDS.search(inside, at + 4)
        return base + at, base + (after.start() if after else len(inside))
    byte = re.search(r"byte (\d+)", position)
    if byte and offset <= int(byte[1]) < offset + len(raw):
        at = int(byte[1]) - offset
        ends = [found for sign in (b"\n", b"'") if (found := raw.find(sign, at)) >= 0]
        return at, min(ends, default=len(raw) - 1) + 1
    return nowhere


def _line(raw: bytes, number: int, nowhere: tuple[int, int]) -> tuple[int, int]:
    at = 0
    for n, line in enumerate(raw.splitlines(keepends=True), 1):
        if n == number:
            return at, at + len(line)
        at += len(line)
    return nowhere
