"""A workbook: its sheets, its shared strings, its formats, and the rows of one sheet as they stand (ECMA-376 part 1, 12 and 18).

Everything is read within limits. Memory grows with the shared strings (a sheet points at them from anywhere), never with the rows.
"""

from __future__ import annotations

import io
import posixpath
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from data.feeds._lines import RECORD_LIMIT, Fault
from data.feeds._xlsx_cells import GENERAL, Form, forms, number, text_of
from data.feeds._xlsx_parts import STRING_TEXT, TRUE, Links, Strings, Styles, Workbook, small_int
from data.feeds._xlsx_xml import BadXml, Seen, parsed, read_whole
from data.feeds._zip import CHUNK, Entry, Unsound, Zip

PART = 64 << 20  # bytes of the parts that describe the workbook
SHEET = 2 << 30  # bytes of the sheets' XML: a million rows of forty columns
ROWS, COLUMNS = 1_048_576, 16_384  # what Excel itself can have
RATIO, FLOOR = 200, 64 << 20  # they may be that many times the file's size, beyond the floor: rows all alike pack 15 to 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook lists it; `part` "" where it is no sheet of cells."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Row:
    """The filled cells of one row by column (from 0); `faults`: cells without a value that can be used, (reason, detail)."""

    number: int
    hidden: bool
    cells: dict[int, str] = field(default_factory=dict)
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)
    length: int = 0


@dataclass(slots=True)
class Book:
    """An opened workbook. Raises Fault."""

    file: BinaryIO
    zip: Zip = field(init=False)
    sheets: list[Sheet] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    since_1904: bool = False
    spent: int = 0

    def __post_init__(self) -> None:
        try:
            self.zip = Zip(self.file)
            main = self._main()
            links = Links(self._related(main), posixpath.dirname(main))
            listed = Workbook()
            self._take(main, listed)
            if listed.root != "workbook":
                raise Fault("is_document", {"document": "Word", "presentation": "PowerPoint"}.get(listed.root, "office"), "byte 0")
            self.since_1904 = listed.since_1904
            self._take(self._related(main), links)
            self.sheets = [Sheet(name, links.sheets.get(link, ""), hidden) for name, link, hidden in listed.sheets]
            if links.styles in self.zip.zip.NameToInfo:
                styles = Styles()
                self._take(links.styles, styles)
                self.forms = forms(styles.codes, styles.styles)
            if links.strings in self.zip.zip.NameToInfo:
                shared = Strings(self.strings)
                self._take(links.strings, shared, 8 * STRING_TEXT)
        except Unsound as fault:
            raise Fault("bad_workbook", fault.detail or fault.reason, "byte 0") from fault
        except BadXml as error:
            raise Fault("bad_workbook", str(error), "byte 0") from error

    def _main(self) -> str:
        start = Links("", "")
        self._take("_rels/.rels", start)
        if not start.main:
            raise Fault("is_document", "office", "byte 0")
        if start.main.lower().endswith(".bin"):
            raise Fault("is_workbook", "Excel binary, .xlsb", "byte 0")
        return start.main

    def _related(self, part: str) -> str:
        folder, _, name = part.rpartition("/")
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def _take(self, part: str, seen: Seen, limit: int = PART) -> None:
        read_whole(self.entry(part), seen, limit)

    def entry(self, part: str) -> Entry:
        """One part, opened. Raises Unsound."""
        known = self.zip.zip.NameToInfo.get(part)
        if known is None:
            raise Unsound("archive_damaged", f"it has no part {part[:60]!r}")
        return self.zip.open(known)

    def check(self, sheet: Sheet) -> None:
        """A sheet's part unpacked once to its end: damage, and more than there can be, are found before its first row is looked at.
        Raises Fault."""
        limit = min(SHEET, max(FLOOR, RATIO * self.file.seek(0, io.SEEK_END)))
        try:
            entry = self.entry(sheet.part)
            while piece := entry.read(CHUNK):
                self.spent += len(piece)
                if self.spent > limit:
                    raise Fault("bad_workbook", f"its sheets are longer than {limit} bytes", "byte 0")
        except Unsound as fault:
            raise Fault("bad_workbook", fault.detail or fault.reason, "byte 0") from fault

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet that have a cell, in their order. Raises Fault, its position the row's number, where it cannot go on."""
        cells = Cells(self)
        try:
            for _ in parsed(self.entry(sheet.part), cells, SHEET):
                while cells.rows:
                    yield cells.rows.popleft()
        except (BadXml, Unsound) as error:
            detail = error.detail or error.reason if isinstance(error, Unsound) else str(error)
            while cells.rows:
                yield cells.rows.popleft()
            raise Fault("bad_workbook", detail, str(cells.number + 1)) from error
        self.hidden_columns = cells.hidden_columns

    hidden_columns: int = 0


class Cells(Seen):
    """The rows of a sheet as its XML goes by."""

    def __init__(self, book: Book) -> None:
        self.strings, self.forms, self.since_1904 = book.strings, book.forms, book.since_1904
        self.rows: deque[Row] = deque()
        self.row: Row | None = None
        self.inside = self.taking = self.formula = self.valued = self.open = False
        self.number, self.column, self.spoken, self.hidden_columns = 0, -1, 0, 0
        self.kind = self.style = ""
        self.pieces: list[str] = []

    def began(self, name: str, attributes: dict[str, str]) -> None:
        if not self.inside:
            if name == "sheetData":
                self.inside = True
            elif name == "col" and attributes.get("hidden") in TRUE:
                first, last = small_int(attributes.get("min"), 1), small_int(attributes.get("max"), 1)
                self.hidden_columns += max(0, min(last, COLUMNS) - first + 1)
        elif name == "c":
            where = attributes.get("r")
            column = _column(where) if where else -1
            if self.row is None or self.open:
                raise BadXml("a cell stands outside of a row" if self.row is None else "a cell stands in a cell")
            self.column, self.open = min(column if column >= 0 else self.column + 1, COLUMNS), True
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.pieces.clear()
            self.formula = self.valued = False
        elif name == "v":
            self.taking = self.valued = True
        elif name == "t":
            self.taking = self.valued = not self.spoken
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.spoken += 1
        elif name == "row":
            if self.row is not None:
                raise BadXml("a row stands in a row")
            declared = small_int(attributes.get("r"), 0)
            self.number = declared if self.number < declared <= ROWS else self.number + 1
            if self.number > ROWS:
                self.number -= 1
                raise BadXml(f"a sheet has more than {ROWS} rows")
            self.row, self.column = Row(self.number, attributes.get("hidden") in TRUE), -1

    def ended(self, name: str) -> None:
        if not self.inside:
            return
        if name in ("v", "t"):
            self.taking = False
        elif name == "c" and self.row is not None:
            self.open = False
            self._cell(self.row)
        elif name == "row" and self.row is not None:
            if self.row.cells or self.row.faults or self.column >= 0:
                self.rows.append(self.row)
            self.row = None
        elif name == "rPh":
            self.spoken -= 1
        elif name == "sheetData":
            self.inside = False

    def told(self, text: str) -> None:
        if self.taking and self.row is not None:
            self.row.length += len(text)
            if self.row.length <= RECORD_LIMIT:
                self.pieces.append(text)

    def _cell(self, row: Row) -> None:
        if self.column < COLUMNS and (self.column in row.cells or self.column in row.faults):
            one = row.cells.pop(self.column, "") or row.faults.get(self.column, ("", ""))[1]
            row.faults[self.column] = ("double_cell", one[:40])  # which of the two counts, nobody can say
            return
        raw, text = "".join(self.pieces), ""
        match self.kind:
            case "s":
                index = small_int(raw, -1)
                if not 0 <= index < len(self.strings):
                    row.faults[self.column] = ("error_cell", f"text {raw[:20]} of the workbook, which it has not")
                    return
                text = self.strings[index]
                row.length += len(text)
            case "b":
                text = {"1": "TRUE", "0": "FALSE"}.get(raw.strip(), raw.strip())
            case "e":
                row.faults[self.column] = ("error_cell", text_of(raw)[:40])
                return
            case "n":
                style = small_int(self.style, 0)
                text = number(raw.strip(), self.forms[style] if 0 <= style < len(self.forms) else GENERAL, self.since_1904) if raw else ""
            case "d":
                text = text_of(raw)
            case _:
                text = text_of(raw)
        if self.formula and not (self.valued and (raw or self.kind == "str")):  # the empty text is a value, no number is none
            row.faults[self.column] = ("no_value", "")
        elif text:
            row.cells[self.column] = text


def _column(where: str) -> int:
    """The column of "AB12", from 0; COLUMNS for one beyond those that Excel has, -1 where there is none."""
    n = 0
    for c in where[:4]:
        if not "A" <= c <= "Z":
            break
        n = n * 26 + ord(c) - 64
    return min(n - 1, COLUMNS)
