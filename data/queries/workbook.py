"""A workbook as its cells: what a person reads of bytes that are no text. The first rows of its first sheets, as the reader reads them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice

from data.feeds._lines import Fault
from data.feeds._xlsx import is_workbook
from data.feeds._xlsx_book import Book
from data.feeds._zip import Unsound

LARGEST = 4 << 20  # bytes: a larger one would keep the page waiting
SHEETS, ROWS, CELLS, LONG = 5, 200, 40, 200  # shown of one workbook, sheet, row, cell


@dataclass(frozen=True, slots=True)
class Leaf:
    """The first rows of a sheet: (number as Excel counts, the filled cells in their order). `more`: rows are left out."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    more: bool


def leaves(raw: bytes) -> tuple[Leaf, ...]:
    """Of a workbook its first visible sheets; () for anything else, and for what cannot be opened."""
    file = io.BytesIO(raw)
    if len(raw) > LARGEST or not is_workbook(file):
        return ()
    try:
        book = Book(file)
        found = []
        for sheet in [one for one in book.sheets if one.part and not one.hidden][:SHEETS]:
            book.check(sheet)
            rows = list(islice(book.rows(sheet), ROWS + 1))
            told = tuple((row.number, tuple(row.cells[i][:LONG] for i in sorted(row.cells)[:CELLS])) for row in rows[:ROWS])
            found.append(Leaf(sheet.name, told, len(rows) > ROWS))
        return tuple(found)
    except (Fault, Unsound):  # the reader told of it; the bytes are shown as they are
        return ()
