"""Feed formats: one module a format, bytes in, records out, no I/O beyond reading the bytes handed in.

A format is a public module of this package (names beginning with `_` are shared parts). It has

    VERSION: int                     a new number means "this reader reads something differently"
    SPEAKS_FOR: frozenset[str]       kinds a feed of this format speaks for where its declaration does not say
    split(raw) -> Iterator[Part]     the messages in a file: interchanges for EDIFACT, the whole file for CSV
    read(raw, place, options) -> Iterator[Record | Unreadable | Leftover]      one message
    told_by_name(name, place, options) -> str      may be left out: what the file's name says and the bytes do not; part of the content then

Doctrine: every field is taken or named as ignored (`Leftover`); what cannot be read is an `Unreadable` with the reason,
the position and an excerpt; never an exception, never a silent skip, never a guess. `read` streams: memory does not grow
with the message. `data.intake` is the only caller outside tests and `data.tryout`.
"""

from __future__ import annotations

import io
import pkgutil
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import BinaryIO

from msgspec import Struct

from zones.report import Cargo

__all__ = (
    "OWN", "BoxRecord", "Cargo", "DocumentRecord", "Envelope", "FactRecord", "HeadingRecord", "LedgerRecord", "Leftover", "ListRecord",
    "Part", "Raw", "Record", "RetractionRecord", "SignalRecord", "Unreadable", "formats", "stream", "whole",
)  # fmt: skip

Raw = bytes | BinaryIO


def stream(raw: Raw) -> BinaryIO:
    """The message as a binary file at its beginning, whether bytes or a (seekable) file were handed in."""
    return io.BytesIO(raw) if isinstance(raw, bytes | bytearray | memoryview) else raw


class Part(Struct, frozen=True, gc=False):
    """Where one message stands in the file it came in: bytes [start, end)."""

    start: int
    end: int


class Envelope(Struct, frozen=True, kw_only=True, gc=False):
    """Who sent the message to whom under which reference; at most one a message, yielded first when there is one.

    `reference` is the sender's control reference (EDIFACT 0020): sender + recipient + reference used again for other bytes is a
    fault that `data.settle` finds, since only it knows the other messages.
    """

    sender: str = ""
    recipient: str = ""
    reference: str = ""
    prepared_at: datetime | None = None
    test: bool = False


class BoxRecord(Struct, frozen=True, kw_only=True, gc=False):
    """One statement about one box. Becomes a `zones.report.Report` once the message has an identity.

    Times are aware UTC. `occurred_at` None is allowed only with given unclassified, status_only (a plan without a time) or test.
    `teu` in hundredths, `gross_g` in grams. Texts are stripped, "" where absent. `location` is the code (or the codes, most
    specific first, separated by a blank) by which the message names the place; "" means the feed's own place.
    """

    position: str  # unique in the message, stable for the same bytes and options
    equipment: str  # normalised: no blanks, upper case
    event: str  # zones.codes.EVENTS; "other" where unclassified
    occurred_at: datetime | None
    occurred_text: str = ""  # exactly as received
    precision: str = "minute"  # second | minute | day (day: occurred_at is the local midnight that begins it)
    zone_from: str = "place"  # message | options | place
    classifier: str = "actual"  # actual | estimated | planned | requested
    given: str = "live"  # live | unclassified | provisional | test | status_only: what the reader could see itself
    why: str = ""  # the reason where `given` is not live, and remarks ("time of the message, not of the box")
    unit: str = ""  # records of a unit stand or fall together (an EDIFACT UNH..UNT): one transaction
    location: str = ""
    terminal: str = ""
    area: str = ""
    mode: str = "unknown"
    vehicle: str = ""
    gate: str = ""
    lane: str = ""
    vessel: str = ""
    voyage: str = ""
    line: str = ""
    bill: str = ""
    declaration: str = ""
    direction: str = "unknown"
    full_empty: str = "unknown"
    size_type: str = ""
    seals: tuple[str, ...] = ()
    sealed: str = ""  # who put each seal on and of which kind, as zones.seals spells it
    gross_g: int | None = None
    remark: str = ""
    listed_at: datetime | None = None  # a line of a yard list: the list's instant; event is "present" and occurred_at == listed_at
    entered_at: datetime | None = None  # yard list: when the operator says it entered, if he says
    booking: str = ""
    cargo: Cargo | None = None
    only_declared: bool = False  # the source tells of places everywhere: what names no declared place moves nothing here
    occasion: str = ""  # of one publisher's words about one box and event on one occasion (a call) the latest stand
    source_id: str = ""  # the source's own id of this statement, if it has one (versions share it)
    updated_at: datetime | None = None  # the source's own update time: orders versions
    document: str = ""  # the document (BGM 1004) this statement belongs to, with its sender and type; "" if unnumbered
    function: str = "original"  # original | copy | cancel (this statement takes an earlier, equal one back)
    like: BoxRecord | None = None  # a record that says the same but for OWN; only tells `data.keep` what it need not do again


OWN = (
    "position", "equipment", "occurred_at", "occurred_text", "precision", "zone_from", "bill", "booking", "declaration", "seals",
    "sealed", "source_id", "updated_at",
)  # fmt: skip
"""What a BoxRecord may say otherwise than the one it is `like`."""


class DocumentRecord(Struct, frozen=True, kw_only=True, gc=False):
    """A whole document acts on an earlier one (EDIFACT 1225). Kept even when the earlier one has not come yet.

    replace: what the earlier document said and this one does not say again falls away; cancel: everything it said falls away
    (`boxes` empty) or what it said of `boxes`; change: what it said of `boxes` is superseded by this document's own words;
    remove: what it said of `boxes` falls away.
    """

    position: str
    act: str  # replace | cancel | change | remove
    target: str  # key of the document acted on (same form as BoxRecord.document)
    document: str  # key of the acting document ("" if unnumbered)
    at: datetime | None  # the source's own time of the act (DTM 137, else UNB time)
    boxes: tuple[str, ...] = ()
    unit: str = ""


class FactRecord(Struct, frozen=True, kw_only=True, gc=False):
    """One customs fact: hold, release, selected, inspected or permit, about a box, a bill or a declaration, by an agency."""

    position: str
    kind: str  # hold | release | selected | inspected | permit
    about: str  # equipment | bill | declaration | booking
    reference: str  # the number it is about, normalised
    equipment: str = ""  # the box, where one is named (also beside a bill: that links them)
    bill: str = ""
    declaration: str = ""
    agency: str = ""  # "" means the feed's publisher
    reason: str = ""  # the column `kind` of customs_csv: what sort of hold
    hold_ref: str = ""
    effective_at: datetime | None = None
    effective_text: str = ""
    precision: str = "minute"
    zone_from: str = "place"
    issued_at: datetime | None = None
    result: str = ""
    remark: str = ""
    given: str = "live"
    why: str = ""
    location: str = ""
    unit: str = ""
    booking: str = ""
    only_declared: bool = False  # as in BoxRecord; a fact is about the box wherever it was said, so it stands all the same
    source_id: str = ""  # as in BoxRecord: of the versions of one statement the latest by `updated_at` stands
    updated_at: datetime | None = None
    to: str = ""  # of a permit to go to another place: that place, by its id or a code
    risk: str = ""  # how risky the agency takes the box to be: zones.customs.RISKS
    goods_value: int | None = None  # what the goods are declared to be worth, in hundredths of `currency`
    currency: str = ""  # ISO 4217
    function: str = "original"  # original | cancel (this version takes the statement back)


class SignalRecord(Struct, frozen=True, kw_only=True, gc=False):
    """One word of a device on a box (zones/signal.py). `lat`, `lon` in microdegrees, `temp`, `set_temp` in tenths of a degree Celsius."""

    position: str
    equipment: str
    device: str
    kind: str  # zones.signal.KINDS; "other" where unclassified
    occurred_at: datetime
    occurred_text: str = ""
    precision: str = "second"
    zone_from: str = "place"
    lat: int | None = None
    lon: int | None = None
    temp: int | None = None
    set_temp: int | None = None
    remark: str = ""
    given: str = "live"
    why: str = ""
    unit: str = ""
    source_id: str = ""  # as in BoxRecord
    updated_at: datetime | None = None
    function: str = "original"  # original | cancel


class LedgerRecord(Struct, frozen=True, kw_only=True, gc=False):
    """One line of a goods ledger (zones/entry.py, whose fields have the same names and units).

    `location`: the code by which the message names the place, as in BoxRecord; `to_location` likewise of the place the goods go to.
    """

    position: str
    act: str  # zones.entry.ACTS
    side: str = ""
    book: str = "operator"
    occurred_at: datetime
    occurred_text: str = ""
    precision: str = "minute"
    zone_from: str = "place"
    operator: str = ""  # "" means the feed's publisher
    lot: str = ""
    item: str = ""
    description: str = ""
    hs: str = ""  # digits only
    hs_edition: str = ""
    quantity: int | None = None  # millionths of `uom`
    uom: str = ""
    gross_mg: int | None = None
    net_mg: int | None = None
    value: int | None = None  # ten-thousandths of `currency`
    currency: str = ""
    origin: str = ""
    status: str = ""
    to_status: str = ""
    owner: str = ""
    to_owner: str = ""
    location: str = ""
    to_location: str = ""
    area: str = ""
    to_area: str = ""
    declaration: str = ""
    permit: str = ""
    process: str = ""
    operation: str = ""
    equipment: str = ""
    counted: str = ""
    balance: int | None = None
    remark: str = ""
    given: str = "live"  # live | unclassified | test | status_only, as in BoxRecord
    why: str = ""
    unit: str = ""  # as in BoxRecord
    source_id: str = ""  # the writer's own number of this line, versions share it
    updated_at: datetime | None = None
    function: str = "original"  # original | cancel


class RetractionRecord(Struct, frozen=True, kw_only=True, gc=False):
    """A source takes back whatever it said under an id up to `at` (DCSA retractedEventID): kept even when that has not come yet."""

    position: str
    source_id: str  # as in BoxRecord.source_id
    at: datetime | None  # the source's own time of the retraction; None: when it was received
    unit: str = ""


class HeadingRecord(Struct, frozen=True, kw_only=True, gc=False):
    """The names of a file's columns, as they stand there: what a changed layout is noticed by. At most one a message."""

    columns: tuple[str, ...]


class ListRecord(Struct, frozen=True, kw_only=True, gc=False):
    """A yard list as a whole, yielded even when it has no line (an empty yard is a statement too)."""

    position: str
    listed_at: datetime
    terminal: str = ""  # set where every line names the same terminal: the list speaks of that terminal only
    lines: int = 0


class Unreadable(Struct, frozen=True, kw_only=True, gc=False):
    """What could not be read. `scope`: file (nothing can be read), message (an EDIFACT UNH..UNT), record (one row or box),
    envelope (a wrong count or reference: the content was taken all the same)."""

    reason: str  # a text key of layouts/_text, e.g. "unt_count"
    position: str  # "line 12", "UNH 3", "byte 4711"
    scope: str = "record"
    detail: str = ""  # values for the reason, e.g. "says 30, has 28"
    excerpt: str = ""  # up to 120 characters around the fault, control characters escaped
    unit: str = ""


class Leftover(Struct, frozen=True, kw_only=True, gc=False):
    """A field or segment that no rule of the reader takes: named and counted, never an error."""

    name: str
    count: int = 1
    example: str = ""


Record = Envelope | BoxRecord | DocumentRecord | FactRecord | SignalRecord | LedgerRecord | RetractionRecord | ListRecord | HeadingRecord


def formats() -> dict[str, ModuleType]:
    """Every format by name. A module that lacks a part of the contract stops the start."""
    found: dict[str, ModuleType] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda i: i.name):
        if info.name.startswith("_"):
            continue
        module = import_module(f"{__name__}.{info.name}")
        missing = [part for part in ("VERSION", "SPEAKS_FOR", "split", "read") if not hasattr(module, part)]
        if missing:
            raise ImportError(f"data/feeds/{info.name}.py lacks {', '.join(missing)}")
        found[info.name] = module
    return found


def whole(raw: Raw) -> Iterator[Part]:
    """`split` of every format whose message is the file."""
    file = stream(raw)
    file.seek(0, io.SEEK_END)
    yield Part(0, file.tell())
