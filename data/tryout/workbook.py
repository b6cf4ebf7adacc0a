"""The first sheet of an Excel workbook as a table, as far as is needed to see what it is. Reading it is the readers' business."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from data.feeds._columns import COLUMN_LIMIT, tidy_name
from data.tryout.sheet import EMPTY, ROWS, Sheet

LARGEST = 64 << 20  # bytes of a sheet unpacked: a small archive may hold a huge one


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are those of an Excel workbook (or begin like one)."""
    return data.startswith(b"PK\x03\x04") and b"xl/" in data


def workbook_sheet(data: bytes) -> Sheet:
    """Its first sheet; empty where it cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > LARGEST:
                return EMPTY
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = [
            (n, tuple(_text(cell) for cell in row[:COLUMN_LIMIT]))
            for n, row in enumerate(book.worksheets[0].iter_rows(max_row=ROWS, values_only=True), 1)
        ]
        book.close()
    except Exception:  # openpyxl raises whatever the damaged part makes it raise; the reader says what is wrong with the file
        return EMPTY
    rows = [(n, cells) for n, cells in found if any(cells)]
    return Sheet(tuple(tidy_name(name) for name in rows[0][1]), tuple(rows[1:])) if rows else EMPTY


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
