"""The likeliest table of an Excel workbook, as far as is needed to see what it is: with the reader's own cells, so with its texts.

That is the sheet and the row whose cells are most often names of columns that somebody knows: titles and dates may stand above them.
"""

from __future__ import annotations

import io
from itertools import islice

from data.feeds._columns import COLUMN_LIMIT, tidy_name
from data.feeds._lines import Fault
from data.feeds._xlsx import is_workbook as of_an_office
from data.feeds._xlsx_book import Book
from data.tryout.sheet import EMPTY, ROWS, Sheet
from data.tryout.words import NAMES, called

SHEETS, ABOVE = 5, 30  # looked through for the names of columns
Rows = list[tuple[int, tuple[str, ...]]]


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are those of an Excel workbook."""
    return of_an_office(io.BytesIO(data))


def workbook_sheet(data: bytes, named: str = "") -> Sheet:
    """Its table (of the sheet called so); empty where there is none that can be read: the reader says why."""
    tables: list[Rows] = []
    try:
        book = Book(io.BytesIO(data))
        for sheet in [each for each in book.sheets if each.part and (each.name == named if named else not each.hidden)][:SHEETS]:
            book.check(sheet)
            found: Rows = []
            tables.append(found)
            for row in islice(book.rows(sheet), ROWS):
                if row.cells:
                    width = min(max(row.cells) + 1, COLUMN_LIMIT)
                    found.append((row.number, tuple(row.cells.get(i, "") for i in range(width))))
    except Fault:
        pass
    best = [(_known(rows[at][1]), -number, -at) for number, rows in enumerate(tables) for at in range(min(len(rows), ABOVE))]
    if not best:
        return EMPTY
    _, number, at = max(best)
    rows = tables[-number]
    return Sheet(tuple(tidy_name(name) for name in rows[-at][1]), tuple(rows[-at + 1 :]))


def _known(cells: tuple[str, ...]) -> int:
    """How many of these are names of columns."""
    return sum(any(called(field, cell) >= 2 for field in NAMES) for cell in cells[:60] if cell and len(cell) <= 60)
