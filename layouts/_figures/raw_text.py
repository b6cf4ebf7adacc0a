"""Bytes for people: as text with everything that is no text escaped, or in hex; and the record that is meant marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.workbook import Leaf
from layouts._parts.here import t

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


def workbook(sheets: Sequence[Leaf], position: str) -> Component:
    """The cells of a workbook, a sheet after the other; the row at `position` marked."""
    told: list[Component] = [html.P(t("container.workbook"), className="muted")]
    for leaf in sheets:
        begins = f"{leaf.name[:40]}: " if len(sheets) > 1 else ""  # the readers name the sheet where there are several
        told += [html.H3(leaf.name), _cells(leaf, re.fullmatch(rf"{re.escape(begins)}row (\d+)(?: .*)?", position))]
        if leaf.more:
            told.append(html.P(t("container.first_rows", n=len(leaf.rows)), className="muted"))
    return html.Div(told)


def _cells(leaf: Leaf, meant_row: re.Match[str] | None) -> Component:
    parts: list[Component | str] = []
    for n, told in leaf.rows:
        line = f"{n:>5}  {' | '.join(told)}\n"
        parts.append(html.Mark(line, id="message-meant") if meant_row and n == int(meant_row[1]) else line)
    return html.Pre(parts, className="raw", tabIndex="0")


def order(row: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Records as they stand in the message: event 10 comes after event 2."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", row["position"])]


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
