"""Rows that were copied out of a spreadsheet, or stand in a file made from the template: with or without the names of the columns."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass

from data.feeds._lines import other_format
from data.feeds.manual_csv import NOTE, TYPED
from data.tryout.encoding import encoding_of

LARGEST = 512 * 1024  # bytes: far more than people write in a shift
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # a text for all its zeros
_SEPARATORS = "\t;,|"


@dataclass(frozen=True, slots=True)
class Pasted:
    """The rows by our columns, in their order; and the names of columns that nothing takes."""

    rows: tuple[dict[str, str], ...]
    left: tuple[str, ...] = ()


def pasted(text: str) -> Pasted:
    """What was pasted. Without a line of names the columns are those of the template, in its order; lines that begin with # explain."""
    lines = [line for line in text.replace("\0", "").splitlines() if line.strip()]
    if not lines:
        return Pasted(())
    mark = max(_SEPARATORS, key=lines[0].count)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark) if row]
    except csv.Error:  # a cell longer than any is
        rows = [[cell.strip() for cell in line.split(mark)] for line in lines]
    names = [_name(cell) for cell in rows[0]]
    headed = len(set(names) & set(TYPED)) >= min(2, len(names)) and "event" in names
    names = names if headed else list(TYPED)
    found = []
    for row in rows[1:] if headed else rows:
        if any(cell.startswith(NOTE) for cell in row[:2]):
            continue
        told = {name: cell for name, cell in zip(names, row, strict=False) if name in TYPED and cell}
        if told:
            found.append(told)
    left = tuple(name for name in names if name and name not in TYPED) if headed else ()
    return Pasted(tuple(found), left)


def _name(cell: str) -> str:
    return "_".join(cell.removeprefix("\ufeff").casefold().replace("-", " ").split())


def decoded(data: bytes) -> str:
    """The text of a file. Errors: ValueError where it is none, or too large."""
    if len(data) > LARGEST:
        raise ValueError("too large")
    name = encoding_of(data).name
    if not name or (not data.startswith(_MARKS) and other_format(data[:4_096])[0]):
        raise ValueError("no text")
    return data.decode("utf-8-sig" if name == "utf-8" else name)
