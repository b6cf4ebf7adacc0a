"""A CSV file as rows of text: delimiter, header, records, and every fault of these with its line.

Memory does not grow with the file: a record ends at RECORD_LIMIT characters, a quoted field after QUOTED_LINES lines, whatever the file
says; then only the line that opened the quote is unreadable and the lines after it are looked at by themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from data.feeds import Unreadable
from data.feeds._columns import COLUMN_LIMIT, LONG, Columns, Misfit, tidy_name
from data.feeds._lines import Fault, Lines, excerpt, open_lines
from data.feeds._when import BadOptions

DELIMITERS = ",;\t|"
REASONS: dict[str, str] = {
    "open_quote": "A quotation mark opens a field that is not closed.",
    "bad_quote": "Quotation marks stand where they cannot.",
    "bad_bytes": "The line has bytes that are not of the file's encoding ({detail}).",
    "nul": "The line has NUL characters.",
    "too_long": "The line is longer than a record can be ({detail}).",
    "too_few_fields": "The line has fewer fields than the header ({detail}).",
    "too_many_fields": "The line has more fields than the header ({detail}).",
    "long_value": "A value is longer than it can be ({detail}).",
}
"""Why one line cannot be read."""


@dataclass(slots=True)
class CsvRows:
    """An open CSV file whose header fits the mapping. `heading` is its line of names as it stands there; iterate `rows` once."""

    lines: Lines
    delimiter: str
    columns: Columns
    heading: list[str]
    width: int
    empty: int = 0
    shown: str = ""

    def position(self, number: int) -> str:
        """Where a row stands in the file."""
        return f"line {number}"

    def rows(self) -> Iterator[tuple[int, list[str]] | Unreadable]:
        """(line number, stripped fields) of every record after the header, as many fields as the header has; or why not."""
        lines = self.lines
        while True:
            lines.begin()
            try:
                for row in csv.reader(lines, delimiter=self.delimiter, strict=True):
                    if (item := self._record(row)) is not None:
                        yield item
                return
            except Fault as fault:
                yield self._first(fault.reason, fault.detail)
            except csv.Error as error:
                if "limit" in str(error):  # of one field: 131,072 characters
                    yield self._first("too_long", f"{lines.length} characters")
                elif (row := self._leniently()) and (item := self._record(row)) is not None:
                    yield item
                else:
                    yield self._first("bad_quote", "")

    def _record(self, row: list[str]) -> tuple[int, list[str]] | Unreadable | None:
        """One record: as it is, or why not; None for an empty line."""
        lines, width = self.lines, self.width
        row = [cell.strip() for cell in row]
        if not any(row):
            self.empty += len(row) > 1
            lines.begin()
            return None
        if len(row) > width and not any(row[width:]):
            del row[width:]
        if len(row) != width:
            if len(lines.taken) > 1:
                return self._first("open_quote", "")  # more likely a quote left open than a long field
            return self._first("too_few_fields" if len(row) < width else "too_many_fields", f"{len(row)} of {width}")
        if lines.length > LONG and max(map(len, row)) > LONG and (over := self.columns.too_long(row)):
            return self._first("long_value", over)
        first = lines.taken[0]
        self.shown = first.text
        lines.begin()
        self.columns.count_left(row)
        return first.number, row

    def _leniently(self) -> list[str]:
        """A line with stray quotation marks, if it still makes one whole record by itself; else []."""
        if len(self.lines.taken) != 1:
            return []
        reader = csv.reader([self.lines.taken[0].text, "\n"], delimiter=self.delimiter)
        row = next(reader)
        return row if reader.line_num == 1 and len(row) == self.width else []

    def _first(self, reason: str, detail: str) -> Unreadable:
        """The first line of the present record is unreadable; its other lines come again."""
        first = self.lines.taken[0]
        self.lines.give_back()
        return Unreadable(reason=reason, position=f"line {first.number}", detail=detail, excerpt=excerpt(first.text))

    def remarks(self) -> Iterator[tuple[str, int, str]]:
        """What else there is to say of the file: name, number, example."""
        if self.empty:
            yield "(rows without a value)", self.empty, ""

    def close(self) -> None:
        """Leaves the file to whoever opened it."""
        self.lines.close()


def open_csv(file: BinaryIO, options: Mapping[str, object], wanted: Collection[str], fit: Callable[[list[str]], Columns]) -> CsvRows:
    """The file's rows. `wanted`: names that a delimiter should find; `fit` binds the header. Raises Fault, BadOptions."""
    delimiter = declared_delimiter(options)
    lines = open_lines(file, str(options.get("encoding") or ""))
    heading: list[str] = []
    try:
        heading, header, delimiter = _header(lines, delimiter, wanted)
        return CsvRows(lines, delimiter, fit(header), heading, len(header))
    except Fault as fault:
        found = fault
    except Misfit as misfit:
        found = Fault(str(misfit.args[0]), str(misfit.args[1]), heading=tuple(heading))
    except UnicodeError as error:  # declared utf-16 and no byte order mark
        found = Fault("bad_header", str(error))
    except BaseException:
        lines.close()
        raise
    if lines.taken:
        found.position = f"line {lines.taken[0].number}" if found.position == "line 1" else found.position
        found.shown = found.shown or excerpt(lines.taken[0].text)
    lines.close()
    raise found


def declared_delimiter(options: Mapping[str, object]) -> str:
    """The delimiter of the options, "" if there is none. Raises BadOptions."""
    given = options.get("delimiter")
    delimiter = {"tab": "\t", "\\t": "\t", "None": ""}.get(str(given), str(given))
    if len(delimiter) > 1 or (delimiter and (delimiter in '"\r\n\0 ' or delimiter.isalnum())):
        raise BadOptions(f"delimiter {given!r} is not one character that separates")
    return delimiter


def _header(lines: Lines, delimiter: str, wanted: Collection[str]) -> tuple[list[str], list[str], str]:
    """The names of the columns, as they stand there and tidied; and the delimiter: the one that finds most of the wanted names, then the
    one that occurs most."""
    try:
        for text in lines:
            stated = text.strip().casefold()
            if stated.startswith("sep=") and len(stated) <= 5:
                delimiter = delimiter or (stated[4:] or "\t")
            elif text.strip("\ufeff \t\r\n"):
                break
            lines.begin()
        else:
            raise Fault("empty_file", position="byte 0")
        lines.again()
        delimiter = delimiter or max(DELIMITERS, key=lambda mark: _fits(lines, mark, wanted))
        heading = next(csv.reader(lines, delimiter=delimiter))
    except Fault as fault:
        if fault.reason == "empty_file":
            raise
        raise Fault("bad_header", REASONS[fault.reason].format(detail=fault.detail).rstrip(".")) from fault
    except csv.Error as error:
        raise Fault("bad_header", str(error)) from error
    header = [tidy_name(name) for name in heading]
    while len(header) > 1 and not header[-1]:
        header.pop()  # a delimiter at the end of the line names no column
    if len(header) > COLUMN_LIMIT:
        raise Fault("too_many_columns", f"{len(header)}")
    return heading, header, delimiter


def _names(lines: Lines, delimiter: str) -> list[str]:
    return [tidy_name(name) for name in next(csv.reader(lines, delimiter=delimiter))]


def _fits(lines: Lines, delimiter: str, wanted: Collection[str]) -> tuple[int, int]:
    """How well a delimiter cuts the header: wanted names found, names found. The lines come again."""
    try:
        names = _names(lines, delimiter)
    except (Fault, csv.Error):
        names = []
    lines.again()
    return len(set(names).intersection(wanted)), len(names)
