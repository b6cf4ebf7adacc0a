"""A yard list as CSV or workbook, read by mapping: the boxes inside at an instant, one a row.

The instant is the row's own as_of, else the declared one (`as_of: ...` or `columns: {as_of: {value: ...}}`), else the time in the file's
name. Rows with different instants are different lists. A yard list is no authority: its holds are a remark on the box, not customs facts.
A list none of whose rows can be read is no list: it must not say that the yard is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from data.feeds import BoxRecord, ListRecord, Raw, Unreadable, whole
from data.feeds._columns import BOX_FIELDS, TEXT
from data.feeds._lines import Fault
from data.feeds._table import Items, Place, Shape, Table, box_fault, tabled
from data.feeds._when import BadOptions, Moment, times

VERSION = 2
SPEAKS_FOR = frozenset({"yard"})
split = whole

LISTS = 100  # more different instants in one file are no instants of lists (a column of last moves, say)
FIELDS = {**BOX_FIELDS, **dict.fromkeys(("as_of", "entered_at", "holds"), TEXT)}
SHAPE = Shape(FIELDS, FIELDS.keys(), lambda mapped: "" if "equipment" in mapped else "equipment")


@dataclass(slots=True)
class _List:
    """One instant's list as its rows go by."""

    moment: Moment
    terminal: str
    lines: int = 0


@dataclass(slots=True)
class _Lists:
    """The lists of one file. `declared`: the instant of rows that name none, and the text that said so."""

    table: Table
    declared: Moment | None
    text: str
    by_instant: dict[datetime, _List] = field(default_factory=dict)
    by_text: dict[str, Moment | None] = field(default_factory=dict)

    def box(self, number: int, row: list[str]) -> BoxRecord | Unreadable:
        """The row's box, present at its list's instant."""
        table, position = self.table, self.table.position(number)
        values, notes = table.columns.read(row)
        text = values.pop("as_of", "") or self.text
        moment = self._moment(text)
        fault, detail = box_fault(values["equipment"]), values["equipment"]
        if not fault and moment is None:
            fault, detail = ("bad_time", f"as_of {text!r}") if text else ("no_as_of", "")
        if moment is not None and moment.at not in self.by_instant and len(self.by_instant) >= LISTS:
            fault, detail = "too_many_lists", f"more than {LISTS}"
        if fault or moment is None:
            return table.unreadable(fault, position, detail, text)
        told = self.by_instant.setdefault(moment.at, _List(moment, values.get("terminal", "")))
        told.lines += 1
        if told.terminal != values.get("terminal", ""):
            told.terminal = ""
        entered = values.pop("entered_at", "")
        entry = table.times.read(entered) if entered else None
        if entered and entry is None:
            notes.append(f"entered_at {entered[:40]!r} is not a time")
        elif entry is not None and entry.precision == "day":
            notes.append("entered_at is a day")
        if holds := ", ".join(filter(None, map(str.strip, re.split("[;,]", values.pop("holds", ""))))):
            values["remark"] = "; ".join(filter(None, (values.get("remark", ""), f"holds: {holds}")))
        return BoxRecord(
            position=position, event="present", occurred_at=moment.at, occurred_text=str(text), precision=moment.precision,
            zone_from=moment.zone_from, listed_at=moment.at, entered_at=entry.at if entry else None, why="; ".join(notes), **values,
        )  # fmt: skip

    def _moment(self, text: str) -> Moment | None:
        """The instant in a row's words, kept: all rows of a list say the same."""
        if text == self.text:
            return self.declared
        if text not in self.by_text:
            if len(self.by_text) > 10 * LISTS:
                self.by_text.clear()
            self.by_text[text] = self.table.times.read(text)
        return self.by_text[text]

    def records(self) -> Iterator[ListRecord]:
        """Each list as a whole, in the order in which their first rows came."""
        for instant, told in self.by_instant.items():
            position = "list" if len(self.by_instant) == 1 else f"list {instant.isoformat()}"
            yield ListRecord(position=position, listed_at=instant, terminal=told.terminal, lines=told.lines)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Items:
    """One BoxRecord (event present) a row, then one ListRecord a list: position `list`, or `list <instant>` where there are several."""
    return tabled(raw, place, options, SHAPE, partial(_rows, options))


def _rows(options: Mapping[str, object], table: Table) -> Items:
    lists = _declared(table, options)
    by_row, seen = "as_of" in table.columns.fields, False
    if lists.declared is None and not by_row:
        raise Fault("no_as_of", position=table.position(1))
    for item in table.rows():
        seen = True
        yield item if isinstance(item, Unreadable) else lists.box(*item)
    if seen:
        yield from lists.records()
    elif lists.declared is None:
        raise Fault("no_as_of", position=table.position(1))
    else:
        yield ListRecord(position="list", listed_at=lists.declared.at, terminal=table.columns.constant.get("terminal", ""))


def told_by_name(name: str, place: Place, options: Mapping[str, object]) -> str:
    """The instant that a file's name tells, where nothing in file or options does: then two files of the same bytes are two lists."""
    columns = options.get("columns")
    if options.get("as_of") or (isinstance(columns, Mapping) and "as_of" in columns):
        return ""
    try:
        moment = times(options, place.zone).in_name(_base(name), str(options.get("as_of_name") or ""))
    except BadOptions:
        return ""
    return moment.at.isoformat() if moment else ""


def _base(name: object) -> str:
    return str(name or "").replace("\\", "/").rpartition("/")[2]


def _declared(table: Table, options: Mapping[str, object]) -> _Lists:
    """The lists of a file whose instant the options or its name give, if they do. Raises Fault for an option that is no time."""
    text = str(table.columns.constant.pop("as_of", "") or options.get("as_of") or "").strip()
    if text:
        moment = table.times.declared(text)
        if moment is None:
            raise Fault("bad_options", f"as_of {text!r} is not a time", "options")
        return _Lists(table, moment, text)
    name = _base(options.get("_name"))
    try:
        moment = table.times.in_name(name, str(options.get("as_of_name") or ""))
    except BadOptions as error:
        raise Fault("bad_options", str(error), "options") from error
    return _Lists(table, moment, name if moment else "")
