"""A goods ledger as CSV or workbook, by mapping: one row a line (zones/entry.py), of the operator's book or of the supervisor's own.

Quantities, weights and values are read exactly (`_figures.py`); one that cannot be read, or may be two numbers, costs its row. What a line
says besides is taken as it stands, however odd: what is wrong with it is said later (zones/line.py), and nothing is put right here. A
unit is turned into its code where people write it otherwise, and the word is kept. A word that the mapping does not know for the act,
the side, the book or the function leaves the line unclassified: kept, shown, counted nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.feeds import LedgerRecord, Raw, Unreadable, whole
from data.feeds._columns import TEXT
from data.feeds._figures import Figures, figures_of, kept, plain
from data.feeds._table import Items, Place, Shape, Table, box_fault, tabled
from data.feeds._totals import Totals, bound, declared
from data.feeds._when import BadOptions
from zones import codes, uom
from zones.entry import ACTS, BOOKS, COUNTS, MONEY, QUANTITY, SIDES, WEIGHT

VERSION = 1
SPEAKS_FOR = frozenset({"ledger"})
split = whole

DEFAULTS = ("book", "operator", "owner")  # what the options say of every line that does not say it itself
_WORDED: dict[str, tuple[str, ...]] = {
    "act": ACTS, "side": SIDES, "book": ("", *BOOKS), "counted": COUNTS, "function": ("", "original", "cancel"),
}  # fmt: skip
_DECISIVE = ("act", "side", "book", "function")  # without them nobody knows what a line does
_FIGURES = {"quantity": QUANTITY, "gross_kg": WEIGHT, "net_kg": WEIGHT, "value": MONEY, "balance": QUANTITY}
_SUMMED = {"quantity": "uom", "gross_kg": "", "net_kg": "", "value": "currency"}  # what a total may say, and the field of its unit
_KEPT_AS = {"gross_kg": "gross_mg", "net_kg": "net_mg"}
_TEXTS = (
    "occurred_at", "operator", "lot", "item", "description", "hs", "hs_edition", "uom", "currency", "origin", "status", "to_status",
    "owner", "to_owner", "location", "to_location", "area", "to_area", "declaration", "permit", "process", "operation", "equipment",
    "remark", "source_id", "updated_at",
)  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {"act": _WORDED["act"], **dict.fromkeys((*_TEXTS, *_FIGURES), TEXT), **_WORDED}
REASONS: dict[str, str] = {
    "bad_number": "A figure cannot be read, or may be two numbers: {detail}.",
    "totals_differ": "A total is not the sum of its lines: {detail}.",
}


def _lacks(mapped: frozenset[str]) -> str:
    missing = next((name for name in ("act", "occurred_at") if name not in mapped), "")
    return missing or ("" if mapped & {"lot", "item"} else "lot")


def _check(options: Mapping[str, object]) -> None:
    """Raises BadOptions for what is an option of ledgers and cannot be used."""
    figures_of(options)
    declared(options)
    for name in DEFAULTS:
        if not isinstance(options.get(name, ""), str | None):
            raise BadOptions(f"{name} {options[name]!r} is not a text")
    if (book := options.get("book")) and book not in BOOKS:
        raise BadOptions(f"book {book!r} is none of {', '.join(BOOKS)}")


SHAPE = Shape(FIELDS, FIELDS.keys(), _lacks, exact=frozenset(_FIGURES), options=("thousands", "total", *DEFAULTS), check=_check)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Items:
    """One LedgerRecord a row: position `line N` (`row N` in a workbook); and the totals that differ, as faults of the envelope."""
    return tabled(raw, place, options, SHAPE, lambda table: _Ledger(table, options).rows())


@dataclass(slots=True)
class _Line:
    """A row in the making: its values by our names, what is to be said of it, and its figures exactly, with their units."""

    position: str
    values: dict[str, Any]
    notes: list[str]
    sums: dict[tuple[str, str], int]


class _Ledger:
    """One file."""

    def __init__(self, table: Table, options: Mapping[str, object]) -> None:
        self.table = table
        self.figures: Figures = figures_of(options)
        self.totals: Totals | None = bound(options, table.source.heading, table.columns, _FIGURES)
        self.defaults = {name: str(options.get(name) or "").strip() for name in DEFAULTS}

    def rows(self) -> Items:
        for item in self.table.rows():
            if isinstance(item, Unreadable):
                yield item
                continue
            number, row = item
            values, notes = self.table.columns.read(row)
            line = _Line(self.table.position(number), values, notes, {})
            wrong = self._tidy(line)
            if self.totals and self.totals.is_one(row):
                yield from self._total(self.totals, line, wrong)
                continue
            if self.totals:
                self.totals.add(line.sums)
            yield self._record(line) if not wrong else self.table.unreadable("bad_number", line.position, *wrong)

    def _tidy(self, line: _Line) -> tuple[str, str] | None:
        """The codes and figures of a row in the form in which they are kept; (detail, text) of the first figure that cannot be read."""
        values = line.values
        for name in ("currency", "origin"):
            values[name] = values.get(name, "").upper()
        values["hs"] = values.get("hs", "").translate(_SEPARATORS)
        values["uom"] = unit = uom.code_of(told := values.get("uom", ""))
        if uom.known(unit):  # a map of some units need not have those that everybody knows
            line.notes[:] = [note for note in line.notes if not note.startswith("uom ")]
        if unit != told.upper() and told != unit:
            line.notes.append(f"uom {told[:40]!r} taken as {unit}")
        wrong = None
        for name, places in _FIGURES.items():
            text = values.pop(name, "")
            exact = self.figures.read(text) if text else None
            whole_ = kept(exact, places) if exact is not None else None
            if text and (exact is None or whole_ is None):
                wrong = wrong or (f"{name} {text[:60]!r}", text)
            elif exact is not None and whole_ is not None:
                values[_KEPT_AS.get(name, name)] = whole_[0]
                if whole_[1]:
                    line.notes.append(f"{name} {plain(exact)!r} has more than {places} decimal places: rounded")
                if name in _SUMMED:
                    line.sums[name, str(values.get(_SUMMED[name], ""))] = exact
        return wrong

    def _total(self, totals: Totals, line: _Line, wrong: tuple[str, str] | None) -> Items:
        """A row of totals that does not agree with its rows, or cannot be read. What was taken stays taken."""
        differs = totals.differs(line.sums)
        if wrong or differs:
            found = self.table.unreadable("bad_number" if wrong else "totals_differ", line.position, wrong[0] if wrong else differs)
            yield Unreadable(reason=found.reason, position=found.position, scope="envelope", detail=found.detail, excerpt=found.excerpt)

    def _record(self, line: _Line) -> LedgerRecord | Unreadable:
        values, notes = line.values, line.notes
        text, updated = values.pop("occurred_at"), values.pop("updated_at", "")
        moment = self.table.times.read(text) if text else None
        if moment is None:
            return self.table.unreadable("bad_time", line.position, f"occurred_at {text!r}" if text else "occurred_at: empty", text)
        version = self.table.times.read(updated) if updated else None
        if updated and version is None:
            notes.append(f"updated_at {updated[:40]!r} is not a time")
        if (box := values.get("equipment", "")) and box_fault(box):
            notes.append(f"bad_box: {values.pop('equipment')[:40]}")
        values["permit"] = codes.document(values.get("permit", ""))
        for name, value in self.defaults.items():
            values[name] = values.get(name) or value
        given = "unclassified" if any(values.get(name) == "unknown" for name in _DECISIVE) else "live"
        if values["act"] == "unknown" and not any(note.startswith("act ") for note in notes):
            notes.append("no act")
        values["act"] = "other" if values["act"] == "unknown" else values["act"]
        for name, usual in (("side", ""), ("counted", ""), ("book", BOOKS[0]), ("function", "original")):
            values[name] = usual if values.get(name) in ("unknown", "", None) else values[name]
        return LedgerRecord(
            position=line.position, occurred_at=moment.at, occurred_text=str(text), precision=moment.precision, zone_from=moment.zone_from,
            updated_at=version.at if version else None, given=given, why="; ".join(notes), **values,
        )  # fmt: skip


_SEPARATORS = str.maketrans("", "", ". -\u00a0")
