"""The file through its own reader: what is read, rejected and ignored, the first records beside the words they stand in, and its times."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any, BinaryIO

from msgspec import structs

from data.feeds import BoxRecord, DocumentRecord, Envelope, FactRecord, LedgerRecord, Leftover, RetractionRecord, SignalRecord, Unreadable
from data.feeds._edifact import Segments
from data.keep import here, items, undeclared
from data.raw import Window
from data.tryout.sheet import Sheet
from data.tryout.told import Column, Ignored, Misnumbered, Preview, Reject, Span
from zones import codes
from zones.place import Place
from zones.report import AHEAD

SHOWN = 20  # rejects, ignored things, wrong numbers told one by one
PREVIEWS = 6
MOVES = 50_000  # movements kept to be compared with what is known
Told = BoxRecord | FactRecord | SignalRecord | LedgerRecord
VALUES = (
    "size_type", "full_empty", "direction", "mode", "terminal", "area", "gate", "lane", "vehicle", "vessel", "voyage", "line", "bill",
    "declaration", "booking", "seals", "location", "about", "reference", "agency", "reason", "hold_ref", "result", "remark", "to",
    "device", "book", "side", "lot", "item", "description", "hs", "hs_edition", "uom", "currency", "origin", "status", "to_status",
    "owner", "to_owner", "operator", "permit", "process", "operation", "counted",
)  # fmt: skip
FIGURES = {  # what is kept of a figure: the field it is told by, decimal places
    "gross_g": ("gross_kg", 3), "gross_mg": ("gross_kg", 6), "net_mg": ("net_kg", 6), "quantity": ("quantity", 6), "value": ("value", 4),
    "balance": ("balance", 6),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """A movement that the file tells of."""

    equipment: str
    event: str
    at: datetime
    location: str
    exact: bool
    live: bool  # it would count; not if it lies ahead of its receipt, or far behind


@dataclass(slots=True)
class Reading:
    """What came out of the reader."""

    messages: int = 0
    read: int = 0
    rejected: int = 0
    faults: int = 0
    misnumbered: int = 0
    given: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    misnumbers: list[Misnumbered] = field(default_factory=list)
    previews: list[Told] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    boxes: dict[str, None] = field(default_factory=dict)
    documents: set[tuple[str, str]] = field(default_factory=set)  # (bill, number) and the like
    acted_on: set[str] = field(default_factory=set)  # keys of earlier documents and statements
    references: set[str] = field(default_factory=set)  # of interchanges
    earliest: datetime | None = None
    latest: datetime | None = None
    future: int = 0
    old: int = 0
    odd: list[str] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """When all of it is said to have happened."""
        return Span(self.earliest, self.latest, self.future, self.old, tuple(self.odd))


Resolve = Callable[[str], object | None]  # what is declared under the codes of a place; None if nothing is


def read(
    module: ModuleType, file: BinaryIO, size: int, place: Place, options: Mapping[str, Any], now: datetime, resolve: Resolve
) -> Reading:
    """Read it all, as a pull would."""
    found = Reading()
    oldest = place.oldest(now)
    parts = list(module.split(file)) or [None]
    for part in parts:
        start, end = (part.start, part.end) if part else (0, size)
        found.messages += 1
        for item in items(module, Window(file, start, end), place, dict(options)):
            if isinstance(item, Told):
                _record(found, _stands(item, resolve), now, oldest)
            elif isinstance(item, Unreadable):
                _unreadable(found, item)
            elif isinstance(item, Leftover):
                if len(found.ignored) < 10 * SHOWN:
                    found.ignored.append(Ignored(item.name, item.count, item.example[:60]))
            elif isinstance(item, DocumentRecord):
                found.acted_on |= {item.target, item.document} - {""}
                found.boxes.update(dict.fromkeys(item.boxes))
            elif isinstance(item, Envelope):
                found.references |= {item.reference} - {""}
            elif isinstance(item, RetractionRecord):
                found.acted_on.add(item.source_id)
    return found


def _unreadable(found: Reading, item: Unreadable) -> None:
    if item.scope == "envelope":
        found.faults += 1
    else:
        found.rejected += 1
    found.reasons[item.reason] += 1
    if len(found.rejects) < SHOWN:
        found.rejects.append(Reject(item.reason, item.position, item.scope, item.detail, item.excerpt))


def _stands(item: Told, resolve: Resolve) -> Told:
    """The record with what its place makes of it, as `data.keep` would."""
    if isinstance(item, SignalRecord):
        return item  # it names no place
    why = undeclared(item.location) if item.location and resolve(item.location) is None else ""
    given = item.given
    if isinstance(item, BoxRecord) and item.only_declared:
        given, why = here(item, why)
    return structs.replace(item, given=given, why="; ".join(filter(None, (item.why, why)))) if why else item


def _record(found: Reading, item: Told, now: datetime, oldest: datetime) -> None:
    found.read += 1
    event, _, at = _told(item)
    given = item.given
    if at is not None:
        found.earliest, found.latest = min(at, found.earliest or at), max(at, found.latest or at)
        happened = not isinstance(item, BoxRecord) or item.classifier == "actual"  # what is planned lies ahead
        if happened and (at > now + AHEAD or at < oldest):
            found.future, found.old = found.future + (at > now), found.old + (at <= now)
            given = "implausible" if given == "live" else given
            if len(found.odd) < 5:
                found.odd.append(item.position)
    found.given[given] += 1
    found.events[event] += 1
    for why in filter(None, item.why.split("; ")):
        if len(found.remarks) < 500:
            found.remarks[why] += 1
    if item.equipment:
        found.boxes[item.equipment] = None
        if not codes.is_valid(item.equipment):
            found.misnumbered += 1
            if len(found.misnumbers) < SHOWN:
                found.misnumbers.append(Misnumbered(item.equipment, item.position, codes.nearest_valid(item.equipment) or ""))
    for kind in ("bill", "declaration", "booking"):
        if number := getattr(item, kind, ""):
            found.documents.add((kind, number))
    if isinstance(item, BoxRecord) and item.document:
        found.acted_on.add(item.document)
    if isinstance(item, BoxRecord) and item.given == "live" and item.classifier == "actual" and at is not None and len(found.moves) < MOVES:
        found.moves.append(Move(item.equipment, event, at, item.location, item.precision != "day", given == "live"))
    if len(found.previews) < PREVIEWS:
        found.previews.append(item)


# ---------------------------------------------------------------- the first records


def previews(found: Reading, file: BinaryIO, sheet: Sheet, columns: tuple[Column, ...]) -> tuple[Preview, ...]:
    """The first records, each beside its line with its cells, or beside its segments."""
    lines = dict(sheet.rows)
    groups = {} if sheet.header else _words(file, found.previews)
    told = []
    for record in found.previews:
        cells: tuple[tuple[str, str, str], ...] = ()
        source = groups.get(record.position, "")
        if (line := re.search(r"\b(?:line|row) (\d+)", record.position)) and (row := lines.get(int(line[1]))):
            cells = tuple((column.name, text[:80], column.field) for column, text in zip(columns, row, strict=False))
            source = (sheet.delimiter or " | ").join(row)[:400]
        told.append(_preview(record, source, cells))
    return tuple(told)


def _preview(record: Told, source: str, cells: tuple[tuple[str, str, str], ...]) -> Preview:
    event, text, at = _told(record)
    classifier = getattr(record, "classifier", "actual")
    values = [("classifier", classifier)] if classifier != "actual" else []
    values += [(name, _said(said)) for name in VALUES if (said := getattr(record, name, "")) and said != "unknown"]
    values += [(name, _decimal(n, places)) for kept, (name, places) in FIGURES.items() if (n := getattr(record, kept, None)) is not None]
    return Preview(
        record.position, source, cells, record.equipment, event, text, at,
        record.precision, record.zone_from, record.given, record.why, tuple(values),
    )  # fmt: skip


def _told(item: Told) -> tuple[str, str, datetime | None]:
    """(what, when as received, when) of a record."""
    if isinstance(item, FactRecord):
        return item.kind, item.effective_text, item.effective_at
    what = item.kind if isinstance(item, SignalRecord) else item.act if isinstance(item, LedgerRecord) else item.event
    return what, item.occurred_text, item.occurred_at


def _decimal(number: int, places: int) -> str:
    """A whole number of 10**-places as a decimal."""
    whole, part = divmod(abs(number), 10**places)
    return f"{'-' if number < 0 else ''}{whole}.{part:0{places}d}".rstrip("0").rstrip(".")


def _said(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _words(file: BinaryIO, records: Sequence[Told]) -> dict[str, str]:
    """What stands at the positions of some records: the segments of a box; else what stands about its number, if that is there once."""
    file.seek(0)
    data = file.read(1 << 20)
    found = _groups(data, {record.position for record in records}) if any(r.position.startswith("UNH") for r in records) else {}
    text = data.decode("utf-8", "replace")
    for record in records:
        number = record.equipment
        if record.position not in found and number and text.count(number) == 1:
            at = text.index(number)
            found[record.position] = " ".join(text[max(at - 140, 0) : at + 260].split())
    return found


def _groups(data: bytes, wanted: set[str]) -> dict[str, str]:
    groups: dict[str, list[str]] = {}
    heads = boxes = 0
    inside = ""
    for _, text in Segments(io.BytesIO(data)):
        tag = (text or "")[:3]
        if tag == "UNH":
            heads, boxes = heads + 1, 0
        if tag == "EQD":
            boxes += 1
            inside = f"UNH {heads}/EQD {boxes}"
        elif tag in ("CNT", "UNT", "UNZ"):
            inside = ""
        if inside in wanted and text:
            groups.setdefault(inside, []).append(text)
    return {position: "' ".join(told)[:400] for position, told in groups.items()}
