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
from data.feeds._table import DELIMITERS

ROWS = 5_000  # rows that columns are judged by
LOOKED_AT = 1 << 21  # bytes of a file that they are taken from


@dataclass(frozen=True, slots=True)
class Sheet:
    """Names of columns; (line number, cells) of the first rows; how many more or fewer fields than names some of them have."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str = ""
    others: str = ""  # the marks that would cut it too, with the columns each gives

    def column(self, index: int) -> Iterator[tuple[int, str]]:
        """(line number, text) of the filled cells of a column."""
        return ((line, cells[index]) for line, cells in self.rows if index < len(cells) and cells[index])


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
    others = ", ".join(f"{mark!r}" for mark, (_, width) in tries.items() if width > 1 and mark != delimiter)
    return Sheet(names, kept, delimiter, others)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line number, stripped cells) of each record, however badly it is quoted."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = tuple(cell.strip() for cell in next(reader))
        except StopIteration:
            return
        except csv.Error:  # a field longer than a field can be: the reader tells of it
            line = reader.line_num + 1
            continue
        if not (line == 1 and len(cells) < 3 and cells and cells[0].casefold().startswith("sep=")):
            yield line, cells
        line = reader.line_num + 1


def _width(text: str, delimiter: str) -> tuple[float, int]:
    """How alike a mark cuts the first lines, and into how many fields."""
    widths: Sequence[int] = [len(cells) for (_, cells), _ in zip(_rows(text[:20_000], delimiter), range(60), strict=False) if any(cells)]
    if not widths or max(widths) < 2:
        return 0.0, 1
    width, lines = Counter(widths).most_common(1)[0]
    return (lines / len(widths) if width > 1 else 0.0) + min(width, 60) / 100, width
