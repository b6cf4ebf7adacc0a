"""The likeliest table of an Excel workbook, as far as is needed to see what it is. Reading it is the readers' business.

That is the sheet and the row whose cells are most often names of columns that somebody knows: titles and dates may stand above them.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from itertools import islice
from typing import Any

from data.feeds._columns import COLUMN_LIMIT, tidy_name
from data.tryout.sheet import EMPTY, ROWS, Sheet
from data.tryout.words import NAMES, called

LARGEST = 64 << 20              # bytes of a workbook unpacked: a small archive may hold a huge one
SHEETS, ABOVE = 5, 30           # looked through for the names of columns
Rows = list[tuple[int, tuple[str, ...]]]


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are those of an Excel workbook (or begin like one)."""
    return data.startswith(b"PK\x03\x04") and b"xl/" in data


def workbook_sheet(data: bytes) -> Sheet:
    """Its table; empty where it cannot be opened."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > LARGEST:
                return EMPTY
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        tables = [_rows(sheet) for sheet in shown[:SHEETS]]
        book.close()
    except Exception:           # openpyxl raises whatever the damaged part makes it raise; the reader says what is wrong with the file
        return EMPTY
    found = [(_known(rows[at][1]), -number, -at) for number, rows in enumerate(tables) for at in range(min(len(rows), ABOVE))]
    if not found:
        return EMPTY
    _, number, at = max(found)
    rows = tables[-number]
    return Sheet(tuple(tidy_name(name) for name in rows[-at][1]), tuple(rows[-at + 1 :]))


def _rows(sheet: Any) -> Rows:
    """(number, cells) of the first rows that are not empty."""
    found = []
    for number, row in enumerate(islice(sheet.iter_rows(values_only=True), ROWS), 1):
        cells = tuple(_text(cell) for cell in row[:COLUMN_LIMIT])
        while cells and not cells[-1]:
            cells = cells[:-1]
        if cells:
            found.append((number, cells))
    return found


def _known(cells: tuple[str, ...]) -> int:
    """How many of these are names of columns."""
    return sum(any(called(field, cell) >= 2 for field in NAMES) for cell in cells[:60] if cell and len(cell) <= 60)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes" if not cell.second else "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
