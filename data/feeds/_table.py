"""Any CSV as rows of text that fit a mapping: delimiter, header, records, and every fault of these with its line.

Memory does not grow with the file: a record ends at RECORD_LIMIT characters, a quoted field after QUOTED_LINES lines, whatever the file
says; then only the line that opened the quote is unreadable and the lines after it are looked at by themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from data.feeds import Leftover, Raw, Unreadable, stream
from data.feeds._columns import COLUMN_LIMIT, LONG, Asked, Columns, Misfit, asked, bind, by_name, nearest, tidy_name
from data.feeds._lines import Fault, Lines, charset, excerpt, open_lines, other_format
from data.feeds._when import BadOptions, Times, times

DELIMITERS = ",;\t|"
OPTIONS = ("delimiter", "encoding", "decimal", "time_format", "timezone", "columns", "as_of", "as_of_name", "breaker")

REASONS: dict[str, str] = {
    # the file as a whole
    "empty_file": "The file is empty.",
    "bad_options": "The feed's options cannot be used: {detail}.",
    "not_utf8": "The file is not UTF-8 and the feed declares no encoding ({detail}). Declare its encoding.",
    "bad_header": "The line of column names cannot be read: {detail}.",
    "no_column": "Without a column for {detail} the file says nothing.",
    "missing_column": "Columns of the mapping are not in the file: {detail}.",
    "double_column": "Several columns of the file have the name that the mapping uses: {detail}.",
    "too_many_columns": "The file has more columns than can be right ({detail}).",
    "is_edifact": "This is an EDIFACT message, not a CSV file.",
    "is_json": "This is JSON, not a CSV file.",
    "is_xml": "This is XML or a web page, not a CSV file.",
    "is_archive": "This is an archive or an Excel workbook, not a CSV file.",
    "is_document": "This is a {detail} file, not a CSV file.",
    "is_utf16": "This looks like UTF-16 without a byte order mark. Declare its encoding ({detail}).",
    "is_binary": "This is not text.",
    "no_as_of": "Nothing says at which instant the list was taken: no column, no option, no time in the file name.",
    # one record
    "bad_bytes": "The line has bytes that are not of the file's encoding ({detail}).",
    "nul": "The line has NUL characters.",
    "too_long": "The line is longer than a record can be ({detail}).",
    "open_quote": "A quotation mark opens a field that is not closed.",
    "bad_quote": "Quotation marks stand where they cannot.",
    "too_few_fields": "The line has fewer fields than the header ({detail}).",
    "too_many_fields": "The line has more fields than the header ({detail}).",
    "long_value": "A value is longer than it can be ({detail}).",
    "no_box": "The line names no container.",
    "bad_box": "This cannot be one container number: {detail}.",
    "bad_time": "The time cannot be read: {detail}.",
    "no_reference": "The line names no container, bill or declaration.",
    "too_many_lists": "The rows name more different instants than one file of lists can have ({detail}).",
}
"""Every reason that a CSV reader gives, in English; `detail` is that of the Unreadable."""

BOX_LENGTH = 17                 # an..17 of EDIFACT; ISO 6346 has 11


class Place(Protocol):
    """What a reader asks of `zones.place.Place`."""

    @property
    def zone(self) -> tzinfo: ...


@dataclass(frozen=True, slots=True)
class Shape:
    """What a format can read: field -> its words (() any text), the fields it has a place for, and what it cannot do without
    (given the mapped fields: the name of what is missing, or "")."""

    fields: Mapping[str, tuple[str, ...]]
    taken: Collection[str]
    lacks: Callable[[frozenset[str]], str]


@dataclass(slots=True)
class Table:
    """An open CSV file whose header fits the mapping. Iterate `rows` once, then ask for `leftovers`, then `close`."""

    lines: Lines
    delimiter: str
    columns: Columns
    times: Times
    width: int
    empty: int = 0
    shown: str = ""

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
                if "limit" in str(error):                   # of one field: 131,072 characters
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
                return self._first("open_quote", "")        # more likely a quote left open than a long field
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

    def unreadable(self, reason: str, position: str, detail: str = "", around: str = "") -> Unreadable:
        """A fault that the reader found in the row that `rows` gave last."""
        return Unreadable(reason=reason, position=position, detail=detail[:120], excerpt=excerpt(self.shown, around))

    def leftovers(self) -> Iterator[Leftover]:
        """Columns that nothing takes, with the number of filled cells; and the rows without any value."""
        for left in self.columns.left:
            yield Leftover(name=left.name, count=left.count, example=left.example)
        if self.empty:
            yield Leftover(name="(rows without a value)", count=self.empty)

    def close(self) -> None:
        """Leaves the file to whoever opened it."""
        self.lines.close()


def open_table(raw: Raw, place: Place, options: Mapping[str, object], shape: Shape) -> Table | Unreadable:
    """The table, or why the whole file cannot be read. Whoever gets a table closes it."""
    lines: Lines | None = None
    file = stream(raw)
    try:
        reading, mapping = times(options, place.zone), asked(options, shape.fields)
        wanted = {name for entry in mapping for name in entry.names} or set(shape.fields)
        delimiter = _declared_delimiter(options)
        lines = open_lines(file, str(options.get("encoding") or ""))
        header, delimiter = _header(lines, delimiter, wanted)
        columns = _fit(mapping, header, shape, options.get("decimal"))
        return Table(lines, delimiter, columns, reading, len(header))
    except BadOptions as error:
        reason, detail, position, shown = "bad_options", str(error), "options", ""
    except Fault as fault:
        reason, detail, position, shown = fault.reason, fault.detail, fault.position, fault.shown
    except Misfit as misfit:
        reason, detail, position = str(misfit.args[0]), str(misfit.args[1]), "line 1"
        shown = ""
    except UnicodeError as error:                           # declared utf-16 and no byte order mark
        reason, detail, position, shown = "bad_header", str(error), "line 1", ""
    if lines is not None:
        position = f"line {lines.taken[0].number}" if lines.taken and position == "line 1" else position
        shown = shown or (excerpt(lines.taken[0].text) if lines.taken else "")
        lines.close()
    if reason in ("missing_column", "no_column", "bad_header", "too_many_columns"):
        file.seek(0)
        other, more = other_format(file.read(4_096))        # what it is says more than what it lacks
        reason, detail = (other, more) if other else (reason, detail)
    return Unreadable(reason=reason, position=position, scope="file", detail=detail[:400], excerpt=shown)


def complaint(options: Mapping[str, object], zone: tzinfo, shape: Shape) -> str:
    """What is wrong with a feed's options before any file comes: an English sentence, "" if nothing is."""
    if unknown := sorted(str(key) for key in options if key not in OPTIONS and not str(key).startswith("_")):
        return f"no option is called {unknown[0]!r}{nearest(unknown[0], OPTIONS)}"
    try:
        times(options, zone)
        charset(str(options.get("encoding") or "utf-8"))
        mapping = asked(options, shape.fields)
        _declared_delimiter(options)
        bind(mapping, [name for entry in mapping for name in dict.fromkeys(entry.names)], (), shape.fields, options.get("decimal"))
        lacks = shape.lacks(frozenset(entry.field for entry in mapping)) if mapping else ""
    except BadOptions as error:
        return str(error)
    except Misfit:
        return ""
    return f"columns: {lacks} is not mapped" if lacks else ""


def box_fault(number: str) -> str:
    """Why a normalised number cannot be one box ("" if it can): none, or several in one cell, or a word. Check digits are judged later."""
    if not number:
        return "no_box"
    return "bad_box" if len(number) > BOX_LENGTH or number.isalpha() else ""


def _declared_delimiter(options: Mapping[str, object]) -> str:
    given = options.get("delimiter")
    delimiter = {"tab": "\t", "\\t": "\t", "None": ""}.get(str(given), str(given))
    if len(delimiter) > 1 or (delimiter and (delimiter in '"\r\n\0 ' or delimiter.isalnum())):
        raise BadOptions(f"delimiter {given!r} is not one character that separates")
    return delimiter


def _header(lines: Lines, delimiter: str, wanted: Collection[str]) -> tuple[list[str], str]:
    """The names of the columns, and the delimiter: the one that finds most of the wanted names, then the one that occurs most."""
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
        header = _names(lines, delimiter)
    except Fault as fault:
        if fault.reason == "empty_file":
            raise
        raise Fault("bad_header", REASONS[fault.reason].format(detail=fault.detail).rstrip(".")) from fault
    except csv.Error as error:
        raise Fault("bad_header", str(error)) from error
    while len(header) > 1 and not header[-1]:
        header.pop()                                        # a delimiter at the end of the line names no column
    if len(header) > COLUMN_LIMIT:
        raise Fault("too_many_columns", f"{len(header)}")
    return header, delimiter


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


def _fit(mapping: tuple[Asked, ...], header: list[str], shape: Shape, decimal: object) -> Columns:
    """The mapping on the header. Raises Misfit where the header lacks a mapped column, or both lack what the format needs."""
    columns = bind(mapping or by_name(header, shape.fields), header, shape.taken, shape.fields, decimal)
    lacks = shape.lacks(columns.fields)
    if lacks:
        raise Misfit("no_column", f"{lacks}" if mapping else f"{lacks}{nearest(lacks, header)}")
    return columns
