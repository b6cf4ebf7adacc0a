"""The words of a message around a place in it: segments of EDIFACT, lines of CSV, rows of a workbook, with the ones that are meant marked.

Read from the raw store as they came. What is shown is text: bytes that are none stand as question marks, control characters as dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from data.feeds._edifact import Segments
from data.feeds._xlsx import is_workbook, shown_rows
from data.raw import Raw, Window
from data.settings import Settings

AROUND = 4  # pieces shown before and after what is meant
HEAD = 4  # pieces shown of the beginning: who sent it, what the columns are
WHOLE = 24  # a message of so few pieces is shown whole
MOST_PIECES = 400_000  # looked through; beyond, nothing is shown (the message's own page can be paged)
LINE = 4000  # bytes of one line
SHOWN = 400  # characters of a piece
ENDS_BOX = ("EQD", "CNT", "UNT", "UNZ")


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment or line. `meant`: what the position names. `number` counts from 1; 0 stands for a gap."""

    number: int
    text: str
    meant: bool = False


GAP = Piece(0, "")


def around(settings: Settings, message: Mapping[str, Any], edifact: bool, position: str, box: str = "") -> tuple[Piece, ...]:
    """The pieces around a position of a message (its row). Empty where the content is gone, or the position is not found."""
    try:
        with Raw(settings.home).open(message["file_sha256"]) as file:
            window: Any = Window(file, message["start"], message["start"] + message["bytes"])
            if not edifact and is_workbook(window):
                return tuple(_chosen(_rows(window, position, box)))
            return tuple(_chosen(_edifact(window, position, box) if edifact else _lines(window, position, box)))
    except FileNotFoundError:
        return ()


def _edifact(raw: BinaryIO, position: str, box: str = "") -> Iterator[Piece]:
    """Segments; meant is the group of the box ("UNH 1/EQD 2"), or the segment at a byte ("UNH 1, segment 13, byte 354"); of a manifest or a
    plan, whose groups are other ones ("UNH 1/consignment 2/box 1", "UNH 1/LOC+147 3/EQD 1"), each segment that names the box."""
    named = re.match(r"UNH (\d+)/([A-Z]{3})(?![+A-Z]) ?(\d*)", position)
    at = re.search(r"byte (\d+)", position)
    heads = boxes = 0
    inside = False
    for number, (offset, text) in enumerate(islice(Segments(raw), MOST_PIECES), 1):
        tag = (text or "")[:3]
        if tag == "UNH":
            heads, boxes = heads + 1, 0
        if tag == "EQD":
            boxes += 1
        if named:
            here = heads == int(named[1])
            if tag in ENDS_BOX:
                inside = False
            if here and tag == named[2] and (tag != "EQD" or boxes == int(named[3] or 0)):
                inside = True
            meant = inside if named[2] == "EQD" else here and tag == named[2]
        elif at:
            meant = offset == int(at[1])
        else:
            meant = box != "" and box in re.sub(r"[^A-Z0-9]", "", (text or "").upper())
        yield Piece(number, _shown(text if text is not None else "…"), meant)


def _lines(raw: BinaryIO, position: str, box: str) -> Iterator[Piece]:
    """Lines; meant is the one of the position ("line 12 gate_out"), in a list without lines the box's own."""
    named = re.search(r"line (\d+)", position)
    head = raw.read(4)
    raw.seek(0)
    codec = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    if codec == "utf-16":
        texts: Iterable[str] = raw.read(1 << 20).decode(codec, "replace").splitlines()
    else:
        texts = (line.decode(codec, "replace") for line in iter(lambda: _line(raw), b""))
    for number, text in enumerate(islice(texts, MOST_PIECES), 1):
        meant = number == int(named[1]) if named else bool(box) and box in re.sub(r"[^A-Z0-9]", "", text.upper())
        yield Piece(number, _shown(text.rstrip("\r\n").lstrip("\ufeff")), meant)


def _rows(raw: BinaryIO, position: str, box: str) -> Iterator[Piece]:
    """Rows of a workbook; meant is the one of the position ("row 12 gate_out"), in a list without rows the box's own."""
    named = re.search(r"row (\d+)", position)
    for number, text in islice(shown_rows(raw, position), MOST_PIECES):
        meant = number == int(named[1]) if named else bool(box) and box in re.sub(r"[^A-Z0-9]", "", text.upper())
        yield Piece(number, _shown(text), meant)


def _line(raw: BinaryIO) -> bytes:
    return raw.readline(LINE)


def _chosen(pieces: Iterable[Piece]) -> list[Piece]:
    """The beginning, what is meant and a little around it; all of a short message."""
    begun: list[Piece] = []
    before: list[Piece] = []
    found: list[Piece] = []
    after = 0
    for piece in pieces:
        if len(begun) < WHOLE:
            begun.append(piece)
        if piece.meant:
            found += [*before, piece]
            before, after = [], AROUND
        elif after:
            found.append(piece)
            after -= 1
        elif found and piece.number > WHOLE:
            break
        else:
            before = [*before[-AROUND + 1 :], piece]
    else:
        if len(begun) < WHOLE or not found:
            return begun if found or len(begun) < WHOLE else [*begun[:HEAD], GAP]
    head = [piece for piece in begun[:HEAD] if piece.number < found[0].number]
    gap = [GAP] if head and found[0].number > head[-1].number + 1 else []
    return [*head, *gap, *found]


def _shown(text: str) -> str:
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return "".join(char if char.isprintable() else "\t" if char == "\t" else "·" for char in cut)
