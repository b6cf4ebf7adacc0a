"""A table as text, as far as is needed to see what it is: the names of its columns and its first rows, with their line numbers."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.feeds._columns import COLUMN_LIMIT, tidy_name
from data.feeds._lines import QUOTED_LINES

DELIMITERS = ",;\t|"
ROWS = 5_000  # rows that columns are judged by
LOOKED_AT = 1 << 21  # bytes of a file that they are taken from


@dataclass(frozen=True, slots=True)
class Sheet:
    """Names of columns; (line number, cells) of the first rows; the mark that cuts them ("" in a workbook)."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str = ""
    others: str = ""  # the marks that would cut it too, with the columns each gives

    def column(self, index: int) -> Iterator[tuple[int, str]]:
        """(line number, text) of the filled cells of a column."""
        return ((line, cells[index]) for line, cells in self.rows if index < len(cells) and cells[index])

    def joined(self, indexes: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The same of several columns: their filled cells joined by a blank, as the readers do."""
        if len(indexes) == 1:
            yield from self.column(indexes[0])
            return
        for line, cells in self.rows:
            if text := " ".join(cells[i] for i in indexes if i < len(cells) and cells[i]):
                yield line, text


EMPTY = Sheet((), ())


def text_of(data: bytes, encoding: str) -> str:
    """The text of a file's (first) bytes; what is none of it stands as replacement characters."""
    decoded = codecs.getincrementaldecoder(encoding or "utf-8")("replace").decode(data[:LOOKED_AT], False)
    return unicodedata.normalize("NFC", decoded.lstrip("\ufeff"))


def sheet_of(text: str, delimiter: str = "") -> Sheet:
    """The table of a CSV text, cut at `delimiter` or at the mark that cuts most of its lines alike."""
    stated = text.lstrip().split("\n", 1)[0].strip()
    if stated.casefold().startswith("sep=") and len(stated) <= 5:
        delimiter = delimiter or stated[4:] or "\t"
    tries = {mark: _width(text, mark) for mark in DELIMITERS}
    delimiter = delimiter or max(DELIMITERS, key=lambda mark: tries[mark])
    rows = _rows(text, delimiter)
    header = next((cells for _, cells in rows if any(cells)), None)
    if header is None:
        return EMPTY
    while len(header) > 1 and not header[-1]:
        header = header[:-1]
    names = tuple(tidy_name(name) for name in header[:COLUMN_LIMIT])
    kept = tuple((line, cells) for (line, cells), _ in zip(rows, range(ROWS), strict=False) if any(cells))
    return Sheet(names, kept, delimiter)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line number, stripped cells) of each record, however badly it is quoted: a quotation mark left open takes no other line along."""
    physical = list(io.StringIO(text, newline=""))
    at, width = 0, 0
    while at < len(physical):
        cells, taken = _cells(physical[at], delimiter), 1
        if physical[at].count('"') % 2 and (several := _joined(physical, at, delimiter)) and len(several[0]) == (width or len(several[0])):
            cells, taken = several
        if not (at == 0 and physical[0].strip().casefold().startswith("sep=") and len(physical[0].strip()) <= 5):
            width = width or (len(cells) if any(cells) else 0)
            yield at + 1, cells
        at += taken


def _joined(physical: Sequence[str], at: int, delimiter: str) -> tuple[tuple[str, ...], int] | None:
    """The cells of a record that goes on over several lines, and how many; None where its quotation mark is not closed."""
    quotes = 0
    for taken in range(1, min(QUOTED_LINES, len(physical) - at) + 1):
        quotes += physical[at + taken - 1].count('"')
        if not quotes % 2:
            return _cells("".join(physical[at : at + taken]), delimiter), taken
    return None


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), ()))
    except csv.Error:  # a field longer than a field can be: the reader tells of it
        return ()


def _width(text: str, delimiter: str) -> tuple[float, int]:
    """How alike a mark cuts the first lines, and into how many fields."""
    widths: Sequence[int] = [len(cells) for (_, cells), _ in zip(_rows(text[:20_000], delimiter), range(60), strict=False) if any(cells)]
    if not widths or max(widths) < 2:
        return 0.0, 1
    width, lines = Counter(widths).most_common(1)[0]
    return (lines / len(widths) if width > 1 else 0.0) + min(width, 60) / 100, width
