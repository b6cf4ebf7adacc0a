"""Any CSV file or Excel workbook as rows of text that fit a mapping: the header, the rows, and every fault of these with its place.

Which of the two a file is, its bytes say. `_csv.py` and `_xlsx.py` know how rows stand in them; from here on a row is a row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import BinaryIO, Protocol

from data.feeds import HeadingRecord, Leftover, Raw, Record, Unreadable, _csv, _xlsx, stream
from data.feeds._columns import Asked, Columns, Misfit, Native, asked, bind, by_name, nearest
from data.feeds._csv import CsvRows, declared_delimiter, open_csv
from data.feeds._lines import Fault, charset, excerpt, other_format
from data.feeds._when import BadOptions, Times, iso, times
from data.feeds._xlsx import SheetRows, is_workbook, open_sheet

OPTIONS = ("delimiter", "encoding", "decimal", "time_format", "timezone", "columns", "as_of", "as_of_name", "sheet", "breaker")
NAMED = 200  # characters of a column's name that are kept

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
    "is_edifact": "This is an EDIFACT message, not a table.",
    "is_json": "This is JSON, not a table.",
    "is_xml": "This is XML or a web page, not a table.",
    "is_archive": "This is an archive, not a table.",
    "is_document": "This is a {detail} file, not a table.",
    "is_utf16": "This looks like UTF-16 without a byte order mark. Declare its encoding ({detail}).",
    "is_binary": "This is not text.",
    "no_as_of": "Nothing says at which instant the list was taken: no column, no option, no time in the file name.",
    # one record
    "no_box": "The line names no container.",
    "bad_box": "This cannot be one container number: {detail}.",
    "bad_time": "The time cannot be read: {detail}.",
    "no_device": "The line names no device.",
    "no_fix": "The line says a position and has none.",
    "bad_fix": "This is no position on earth: {detail}.",
    "bad_temperature": "The temperature cannot be read: {detail}.",
    "no_reference": "The line names no container, bill or declaration.",
    "too_many_lists": "The rows name more different instants than one file of lists can have ({detail}).",
    **_csv.REASONS,
    **_xlsx.REASONS,
}
"""Every reason that a reader of tables gives, in English; `detail` is that of the Unreadable."""

BOX_LENGTH = 17  # an..17 of EDIFACT; ISO 6346 has 11


class Place(Protocol):
    """What a reader asks of `zones.place.Place`."""

    @property
    def zone(self) -> tzinfo: ...


@dataclass(frozen=True, slots=True)
class Shape:
    """What a format can read: field -> its words (() any text), the fields it has a place for, and what it cannot do without
    (given the mapped fields: the name of what is missing, or ""). `exact`: figures that it reads itself; `options`: what it may be told
    beside OPTIONS, and `check`, which raises BadOptions."""

    fields: Mapping[str, tuple[str, ...]]
    taken: Collection[str]
    lacks: Callable[[frozenset[str]], str]
    exact: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    check: Callable[[Mapping[str, object]], None] | None = None


@dataclass(slots=True)
class Table:
    """An open file whose header fits the mapping. Iterate `rows` once."""

    source: CsvRows | SheetRows
    columns: Columns
    times: Times

    def rows(self) -> Iterator[tuple[int, list[str]] | Unreadable]:
        """(row number, stripped fields) of every record after the header, as many fields as the header has; or why not."""
        return self.source.rows()

    def position(self, number: int) -> str:
        """Where a row stands: "line 12" of a CSV file, "row 12" of a workbook."""
        return self.source.position(number)

    def unreadable(self, reason: str, position: str, detail: str = "", around: str = "") -> Unreadable:
        """A fault that the reader found in the row that `rows` gave last."""
        return Unreadable(reason=reason, position=position, detail=detail[:120], excerpt=excerpt(self.source.shown, around))


Items = Iterator[Record | Unreadable | Leftover]


def tabled(raw: Raw, place: Place, options: Mapping[str, object], shape: Shape, told: Callable[[Table], Items]) -> Items:
    """The reading of one file: its heading, what `told` makes of its rows (it may raise Fault: then nothing can be read), and the
    columns that nothing takes, with the number of filled cells."""
    try:
        table = _open(stream(raw), place, options, shape)
    except Fault as fault:
        if fault.heading:
            yield _heading(fault.heading)
        yield Unreadable(reason=fault.reason, position=fault.position, scope="file", detail=fault.detail[:400], excerpt=fault.shown)
        return
    try:
        yield _heading(table.source.heading)
        yield from told(table)
        for left in table.columns.left:
            yield Leftover(name=left.name, count=left.count, example=left.example)
        for name, count, example in table.source.remarks():
            yield Leftover(name=name, count=count, example=example)
    except Fault as fault:
        yield Unreadable(reason=fault.reason, position=fault.position, scope="file", detail=fault.detail)
    finally:
        table.source.close()


def _heading(columns: Collection[str]) -> HeadingRecord:
    return HeadingRecord(columns=tuple(name.removeprefix("\ufeff")[:NAMED] for name in columns))


def _open(file: BinaryIO, place: Place, options: Mapping[str, object], shape: Shape) -> Table:
    """The table. Raises Fault where the whole file cannot be read."""
    try:
        reading, mapping = times(options, place.zone), asked(options, shape.fields)
        if shape.check:
            shape.check(options)
        wanted = {name for entry in mapping for name in entry.names} or set(shape.fields)

        def fit(header: list[str]) -> Columns:
            return _fit(mapping, header, shape, options.get("decimal"))

        if is_workbook(file):
            declared_delimiter(options)
            sheet = open_sheet(file, options, wanted, fit)
            return Table(sheet, sheet.columns, _native(reading))
        rows = open_csv(file, options, wanted, fit)
        return Table(rows, rows.columns, reading)
    except BadOptions as error:
        raise Fault("bad_options", str(error), "options") from error
    except Fault as fault:
        if fault.reason in ("missing_column", "no_column", "bad_header", "too_many_columns"):
            file.seek(0)
            other, more = other_format(file.read(4_096))  # what it is says more than what it lacks
            if other and not is_workbook(file):
                fault.reason, fault.detail, fault.heading = other, more, ()
        raise


def _native(reading: Times) -> Times:
    """Times of a workbook: its own dates are as they are, whatever form the feed declares for dates in text."""

    def parse(text: str) -> tuple[datetime, str] | None:
        return (iso(text) if isinstance(text, Native) else None) or reading.parse(text)

    return Times(reading.zone, reading.zone_from, parse)


def complaint(options: Mapping[str, object], zone: tzinfo, shape: Shape) -> str:
    """What is wrong with a feed's options before any file comes: an English sentence, "" if nothing is."""
    known = (*OPTIONS, *shape.options)
    if unknown := sorted(str(key) for key in options if key not in known and not str(key).startswith("_")):
        return f"no option is called {unknown[0]!r}{nearest(unknown[0], known)}"
    try:
        if shape.check:
            shape.check(options)
        times(options, zone)
        charset(str(options.get("encoding") or "utf-8"))
        mapping = asked(options, shape.fields)
        declared_delimiter(options)
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


def _fit(mapping: tuple[Asked, ...], header: list[str], shape: Shape, decimal: object) -> Columns:
    """The mapping on the header. Raises Misfit where the header lacks a mapped column, or both lack what the format needs."""
    columns = bind(mapping or by_name(header, shape.fields), header, shape.taken, shape.fields, decimal)
    columns.exact = shape.exact
    lacks = shape.lacks(columns.fields)
    if lacks:
        raise Misfit("no_column", f"{lacks}" if mapping else f"{lacks}{nearest(lacks, header)}")
    return columns
