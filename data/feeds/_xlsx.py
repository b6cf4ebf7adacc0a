"""An Excel workbook as rows of text: the sheet whose header fits the mapping, and whatever is wrong with it or its rows.

One sheet is read: the one that is named, else the first visible one with a row of column names that fits. What stands above that row, the
other sheets, hidden rows and columns (which are read) are said, so that nothing is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from data.feeds import Unreadable
from data.feeds._columns import COLUMN_LIMIT, LONG, Columns, Misfit, nearest, tidy_name
from data.feeds._lines import RECORD_LIMIT, Fault, excerpt
from data.feeds._xlsx_book import Book, Row, Sheet
from data.feeds._zip import office

ABOVE = 100  # rows looked through for the column names
TRIED = 20  # sheets looked through
SHEET_NAME = 40  # characters of a sheet's name in a position (Excel allows 31)
_COMPOUND = b"\xd0\xcf\x11\xe0"

REASONS: dict[str, str] = {
    "is_workbook": "This is a workbook of a kind that is not read ({detail}). Save it as .xlsx or as CSV.",
    "is_encrypted": "The workbook is encrypted. Save it without a password.",
    "bad_workbook": "The workbook cannot be read: {detail}.",
    "no_sheet": "The workbook has no such sheet: {detail}.",
    "error_cell": "A cell has an error instead of a value: {detail}.",
    "double_cell": "Two cells say that they stand in the same place: {detail}.",
    "no_value": "A formula has no value, because it was never calculated: {detail}.",
}
"""Why a workbook, or a row of it, cannot be read."""


def is_workbook(file: BinaryIO) -> bool:
    """Whether the file is a document of an office program: a workbook, or something that must be told from one."""
    file.seek(0)
    head = file.read(8)
    return head.startswith(_COMPOUND) or (head[:4] in (b"PK\x03\x04", b"PK\x05\x06") and office(file))


@dataclass(slots=True)
class SheetRows:
    """An open sheet whose header fits the mapping. `heading` is its row of names as it stands there; iterate `rows` once."""

    book: Book
    sheet: Sheet
    columns: Columns
    heading: list[str]
    first: int  # the row of the names
    above: list[Row] = field(default_factory=list)
    shown: str = ""
    empty: int = 0
    hidden: int = 0
    beyond: int = 0
    beyond_example: str = ""

    def position(self, number: int) -> str:
        """Where a row stands: as Excel numbers it, with its sheet where the workbook has several."""
        return f"{excerpt(self.sheet.name)[:SHEET_NAME]}: row {number}" if len(self.book.sheets) > 1 else f"row {number}"

    def rows(self) -> Iterator[tuple[int, list[str]] | Unreadable]:
        """(row number, fields) of every row below the header, as many fields as the header has; or why not."""
        width = len(self.heading)
        try:
            for row in self.book.rows(self.sheet):
                if row.number > self.first and (item := self._record(row, width)) is not None:
                    yield item
        except Fault as fault:  # damage was found before the first row; more rows than there can be was not
            yield Unreadable(reason=fault.reason, position=self.position(int(fault.position)), detail=fault.detail)

    def _record(self, row: Row, width: int) -> tuple[int, list[str]] | Unreadable | None:
        cells = row.cells
        if not cells and not row.faults:
            self.empty += 1
            return None
        self.hidden += row.hidden
        fields = [cells.get(i, "") for i in range(width)]
        self.shown = "; ".join(filter(None, fields)) if width < 50 else "; ".join(filter(None, fields[:50]))
        for i, (reason, detail) in row.faults.items():
            if i in self.columns.used:
                named = f"{self.heading[i][:60]} {detail}".strip()
                return Unreadable(reason=reason, position=self.position(row.number), detail=named, excerpt=excerpt(self.shown))
            if i < width:
                fields[i] = detail
        if row.length > RECORD_LIMIT:
            return self._unreadable("too_long", row, f"{row.length} characters")
        if row.length > LONG and (over := self.columns.too_long(fields)):
            return self._unreadable("long_value", row, over)
        if any(i >= width for i in cells):
            more = [text for i, text in cells.items() if i >= width]
            self.beyond += len(more)
            self.beyond_example = self.beyond_example or more[0][:60]
            if not any(fields):
                return None
        self.columns.count_left(fields)
        return row.number, fields

    def _unreadable(self, reason: str, row: Row, detail: str) -> Unreadable:
        return Unreadable(reason=reason, position=self.position(row.number), detail=detail, excerpt=excerpt(self.shown))

    def remarks(self) -> Iterator[tuple[str, int, str]]:
        """What else there is to say of the file: name, number, example."""
        if self.above:
            yield "(rows above the column names)", len(self.above), "; ".join(self.above[0].cells.values())[:60]
        if self.empty:
            yield "(rows without a value)", self.empty, ""
        if self.beyond:
            yield "(cells beyond the named columns)", self.beyond, self.beyond_example
        if self.hidden:
            yield "(hidden rows, read all the same)", self.hidden, ""
        if self.book.hidden_columns:
            yield "(hidden columns, read all the same)", self.book.hidden_columns, ""
        others = [sheet for sheet in self.book.sheets if sheet is not self.sheet]
        if others:
            yield "(sheets not read)", len(others), ", ".join(excerpt(sheet.name)[:30] for sheet in others)[:60]

    def close(self) -> None:
        """Leaves the file to whoever opened it."""


def open_sheet(file: BinaryIO, options: Mapping[str, object], wanted: Collection[str], fit: Callable[[list[str]], Columns]) -> SheetRows:
    """The sheet to be read. `wanted`: names that a header should have; `fit` binds the header. Raises Fault, BadOptions."""
    _demand_zip(file)
    book = Book(file)
    best: tuple[int, Fault] | None = None
    for sheet in _candidates(book, str(options.get("sheet") or "")):
        book.check(sheet)
        found = _searched(book, sheet, wanted, fit)
        if isinstance(found, SheetRows):
            return found
        if best is None or found[0] > best[0]:
            best = found
    raise best[1] if best else Fault("no_sheet", "a visible one with cells", "byte 0")


def shown_rows(file: BinaryIO, position: str) -> Iterator[tuple[int, str]]:
    """(number, words) of each row of the sheet that a position names, for people; nothing where there is none that can be read."""
    named = re.fullmatch(r"(.+): row \d+.*", position)
    try:
        book = Book(file)
        sheets = [sheet for sheet in book.sheets if sheet.part and (named is None or excerpt(sheet.name)[:SHEET_NAME] == named[1])]
        for row in book.rows(sheets[0]) if sheets else ():
            yield row.number, "; ".join(text for _, text in sorted(row.cells.items()))
    except Fault:
        return


def _candidates(book: Book, named: str) -> list[Sheet]:
    if not named:
        return [sheet for sheet in book.sheets if sheet.part and not sheet.hidden][:TRIED]
    names = {tidy_name(sheet.name): sheet for sheet in reversed(book.sheets) if sheet.part}
    sheet = names.get(tidy_name(named))
    if sheet is None:
        raise Fault("no_sheet", f"{named[:60]!r}{nearest(named, names)}", "byte 0")
    return [sheet]


def _searched(book: Book, sheet: Sheet, wanted: Collection[str], fit: Callable[[list[str]], Columns]) -> SheetRows | tuple[int, Fault]:
    """The sheet with its header found, or (names found, why not) of the row that came nearest to being one."""
    above: list[Row] = []
    best: tuple[int, Fault] = (-1, Fault("empty_file", position="byte 0"))
    source = SheetRows(book, sheet, Columns(frozenset(), {}, lambda _: None, lambda _: None), [], 0)
    try:
        for row in book.rows(sheet):
            if not row.cells:
                continue
            width = max(row.cells) + 1
            heading = [row.cells.get(i, row.faults.get(i, ("", ""))[1]) for i in range(min(width, COLUMN_LIMIT + 1))]
            header, position = [tidy_name(name) for name in heading], source.position(row.number)
            count = len(set(header).intersection(wanted))
            if count > best[0]:
                try:
                    if width > COLUMN_LIMIT:
                        raise Misfit("too_many_columns", f"{width}")
                    columns = fit(header)
                    if count:
                        return SheetRows(book, sheet, columns, [str(name) for name in heading], row.number, above)
                except Misfit as misfit:
                    shown = excerpt("; ".join(filter(None, heading[:50])))
                    best = (count, Fault(str(misfit.args[0]), str(misfit.args[1]), position, shown, tuple(map(str, heading))))
            above.append(row)
            if len(above) >= ABOVE:
                break
    except Fault as fault:
        fault.position = source.position(int(fault.position))
        return (-1, fault) if best[0] < 0 else best
    return best


def _demand_zip(file: BinaryIO) -> None:
    """What is no workbook of today's kind, told by its beginning. Raises Fault."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(_COMPOUND):  # [MS-CFB]: the names of the streams in it say what it is
        file.seek(0)
        sector = int.from_bytes(head[48:52], "little")
        file.seek((min(sector, 1 << 22) + 1) << (9 if head[30:32] != b"\x0c\x00" else 12))
        names = file.read(1 << 16)
        if "EncryptedPackage".encode("utf-16-le") in names:
            raise Fault("is_encrypted", "", "byte 0")
        kinds = {"WordDocument": ("is_document", "Word"), "PowerPoint Document": ("is_document", "PowerPoint")}
        for name, (reason, detail) in kinds.items():
            if name.encode("utf-16-le") in names:
                raise Fault(reason, detail, "byte 0")
        raise Fault("is_workbook", "Excel 97-2003, .xls", "byte 0")
    if head[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument"):
        if head[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"):
            raise Fault("is_workbook", "OpenDocument, .ods", "byte 0")
        raise Fault("is_document", "OpenDocument", "byte 0")
