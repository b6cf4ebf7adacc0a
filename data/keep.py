"""From what a reader yields to rows: each record gets its identity, its place and its times of receipt.

Nothing is decided here that depends on other messages; that is `data.derive`'s.

`News` is what one transaction is about to store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import lru_cache
from types import ModuleType
from typing import Any, BinaryIO, cast

from msgspec.structs import asdict
from sqlalchemy import RowMapping

from data.feeds import (
    BoxRecord,
    DocumentRecord,
    FactRecord,
    HeadingRecord,
    LedgerRecord,
    Leftover,
    ListRecord,
    Record,
    RetractionRecord,
    SignalRecord,
    Unreadable,
)
from data.lines import line_row
from data.plausible import fact_status as fact_status
from data.plausible import list_status as list_status
from data.plausible import span as span
from data.raw import RawFailed, Window
from data.unpack import faults, is_archive
from zones import codes
from zones.movement import content_id
from zones.place import Feed, Place
from zones.world import World

Row = dict[str, Any]
SourceId = tuple[str, str]  # publisher, its own id of a statement
Pool = tuple[str, str, str, str]  # place, book, operator, pool of goods
Kept = Mapping[str, Any] | RowMapping  # a row as the database gives it
Item = Record | Unreadable | Leftover


@dataclass(slots=True)
class News:
    """Rows on their way into one transaction."""

    reports: list[Row] = field(default_factory=list)
    acts: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    signals: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    lists: list[Row] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)
    leftovers: list[Row] = field(default_factory=list)
    headings: list[Row] = field(default_factory=list)
    sources: set[SourceId] = field(default_factory=set)  # statements of which a version was changed or taken out
    unposted: list[Row] = field(default_factory=list)  # lines of ledgers that are taken away: place, book, entry_id, effective_at
    entry_sources: set[SourceId] = field(default_factory=set)  # the same, of lines of ledgers
    gone: list[Row] = field(default_factory=list)  # canonical reports that were taken out: their movements count no more
    refold: set[str] = field(default_factory=set)  # boxes that must be folded again whatever comes: something of theirs was taken back
    pools: set[Pool] = field(default_factory=set)  # goods that must be folded again likewise
    recount: set[str] = field(default_factory=set)  # messages whose lags were taken back, since they are changed or taken away
    lags: Counter[tuple[str, date, int]] = field(default_factory=Counter)  # what was taken back of them
    opened: dict[str, datetime | None] = field(default_factory=dict)  # feed -> which list opened its books before its lists were changed

    @property
    def weight(self) -> int:
        """Rows that count towards a transaction's size."""
        return len(self.reports) + len(self.facts) + len(self.signals) + len(self.entries) + len(self.rejects) + len(self.lists)

    def clear(self) -> None:
        """Ready for the next transaction."""
        for each in fields(self):
            getattr(self, each.name).clear()


def items(reader: ModuleType, raw: Window, place: Place, options: dict[str, Any]) -> Iterator[Item]:
    """What the reader yields; a reader that fails is a fault of ours, and the message says so instead of being lost. Of an archive: what
    is wrong with it, since its members are messages by themselves."""
    try:
        if is_archive(cast(BinaryIO, raw)):
            yield from faults(cast(BinaryIO, raw), str(options.get("_name", "")))
        else:
            yield from reader.read(raw, place, options)
    except (MemoryError, KeyboardInterrupt, GeneratorExit, RawFailed):
        raise
    except Exception as error:
        yield Unreadable(reason="reader_failed", position="", scope="file", detail=f"{type(error).__name__}: {error}"[:200])


RETRACT, RETRACTED = "retract", "retracted"
ELSEWHERE = "status_only"


def retracted(publisher: str, source_id: str) -> str:
    """The target, among those of the acts of documents, of a retraction of a publisher's statement."""
    return f"{publisher}\x1f{source_id}"


def told_by(target: str) -> SourceId:
    """(publisher, its id) of the statement that a retraction with this target takes back."""
    publisher, _, source_id = target.partition("\x1f")
    return publisher, source_id


NO_MOVEMENT: Row = {
    "movement_id": "",
    "canonical": False,
    "effect": "",
    "stay_id": "",
    "reports": 0,
    "publishers": "",
    "disagreement": None,
    "first_received_at": None,
}


_valid = lru_cache(50_000)(codes.is_valid)  # a box comes again and again
_teu = lru_cache(1_000)(codes.teu)
_paper = codes.document  # a hold told by customs must find the box however the terminal writes the bill


ALIKE = 4_096  # rows of a feed's records that others are like
_rows_alike: dict[str, tuple[World, Feed, dict[int, tuple[BoxRecord, Row]]]] = {}


def _alike(world: World, feed: Feed) -> dict[int, tuple[BoxRecord, Row]]:
    """By the id of a record that others are like: it, and its row in some message of this feed. They outlive the message: a carrier's
    next page tells of the same calls."""
    known = _rows_alike.get(feed.id)
    if known is None or known[0] is not world or known[1] is not feed:
        known = _rows_alike[feed.id] = world, feed, {}
    return known[2]


class Keeper:
    """Turns the items of one reading of one message into rows. `taken` counts what was kept, by kind."""

    def __init__(
        self, world: World, feed: Feed, message_id: str, reading_id: str, received_at: datetime, read_at: datetime, again: bool = False
    ) -> None:
        self.world, self.feed, self.home = world, feed, world.place(feed.place)
        self.message_id, self.reading_id, self.received_at, self.read_at = message_id, reading_id, received_at, read_at
        self.salt = (reading_id,) if again else ()
        self._places: dict[str, tuple[Place, str] | None] = {}
        self.lines: Counter[tuple[Any, ...]] = Counter()  # of a ledger, by what they say
        self._alike = _alike(world, feed)
        self._standing: dict[tuple[str, str, str], tuple[str, str, str, str]] = {}
        self._message: Row = {"message_id": message_id, "reading_id": reading_id, "received_at": received_at, "read_at": read_at}
        self._constant: Row = {**self._message, "feed": feed.id, "publisher": feed.publisher, "outread": False, **NO_MOVEMENT}

    def put(self, item: Item, news: News) -> str:
        """Add the item's row to the news; gives the kind it counts as: report, fact, signal, rejected, envelope, or ''."""
        match item:
            case BoxRecord():
                news.reports.append(self.report(item))
                return "report"
            case FactRecord():
                news.facts.append(self.fact(item))
                return "fact"
            case SignalRecord():
                news.signals.append(self.signal(item))
                return "signal"
            case LedgerRecord():
                news.entries.append(line_row(self, item))
                return "entry"
            case Unreadable():
                news.rejects.append(
                    self.row(item, "reject_id", scope=item.scope, reason=item.reason, detail=item.detail, excerpt=item.excerpt[:400])
                )
                return "envelope" if item.scope == "envelope" else "rejected"
            case ListRecord():
                place = self.home.id
                news.lists.append(
                    self.row(
                        item,
                        "list_id",
                        feed=self.feed.id,
                        place=place,
                        terminal=self.terminal(self.home, item.terminal),
                        listed_at=item.listed_at,
                        received_at=self.received_at,
                        read_at=self.read_at,
                        lines=item.lines,
                        status=list_status(item.listed_at, self.received_at),
                        unit="",
                    )
                )
                del news.lists[-1]["position"]
                return ""
            case DocumentRecord():
                news.acts.append(self._act(item, item.act, item.target, item.document, item.boxes))
                return ""
            case RetractionRecord():
                news.acts.append(self._act(item, RETRACT, retracted(self.feed.publisher, item.source_id)))
                return ""
            case HeadingRecord():
                told = {"feed": self.feed.id, "received_at": self.received_at, "columns": list(item.columns)}
                told["layout"] = content_id(*item.columns)
                news.headings.append({"message_id": self.message_id, "reading_id": self.reading_id, **told})
                return ""
            case Leftover():
                news.leftovers.append(
                    {
                        "message_id": self.message_id,
                        "reading_id": self.reading_id,
                        "name": item.name,
                        "count": item.count,
                        "example": item.example[:200],
                    }
                )
                return ""
            case _:
                return ""

    def passed(self, item: Item) -> None:
        """An item is kept already. A line of a ledger counts for those alike that follow: which of them each is."""
        if isinstance(item, LedgerRecord):
            line_row(self, item)

    def row(self, item: Any, id_name: str, /, **values: Any) -> Row:
        unit = values.pop("unit", None)
        return {
            id_name: content_id(
                self.message_id, item.position, id_name, *self.salt, *((item.reason,) if isinstance(item, Unreadable) else ())
            ),
            "message_id": self.message_id,
            "reading_id": self.reading_id,
            "position": item.position,
            "unit": item.unit if unit is None else unit,
            **values,
        }

    def _act(self, item: DocumentRecord | RetractionRecord, act: str, target: str, document: str = "", boxes: tuple[str, ...] = ()) -> Row:
        """What is done to words told before: a document's by another, a statement's by its publisher."""
        said = {"feed": self.feed.id, "act": act, "target": target, "document": document, "at": item.at, "boxes": list(boxes)}
        return self.row(item, "act_id", **said, received_at=self.received_at, read_at=self.read_at)

    def report(self, r: BoxRecord) -> Row:
        """A report row. Its `status` is what it counts as alone; the fold may find otherwise."""
        if r.like is None:
            return self._whole(r)
        known = self._alike.get(id(r.like))
        if known is None:
            if len(self._alike) >= ALIKE:
                self._alike.clear()
            known = self._alike[id(r.like)] = r.like, self._whole(r.like)  # the record is kept, so that no other takes its id
        row = known[1].copy()  # what is here and in OWN is all that differs
        row.update(self._message)
        row["position"], row["report_id"] = r.position, content_id(self.message_id, r.position, *self.salt)
        equipment = row["equipment"] = r.equipment[:20]
        row["equipment_valid"] = _valid(equipment)
        row["occurred_at"], row["occurred_text"], row["updated_at"] = r.occurred_at, r.occurred_text, r.updated_at
        row["precision"], row["zone_from"] = r.precision, r.zone_from
        row["bill"], row["booking"], row["declaration"] = _paper(r.bill), _paper(r.booking), _paper(r.declaration)
        row["seals"], row["sealed"] = " ".join(r.seals), r.sealed
        row["source_id"] = r.source_id
        return row

    def _whole(self, r: BoxRecord) -> Row:
        """A report row from every field of its record."""
        place, terminal, area, why = self._stands(r.location, r.terminal, r.area)
        given = r.given
        if r.only_declared:
            given, why = here(r, why)
        row = asdict(r)  # every field is a column of its name, but for those below
        del row["only_declared"], row["like"]
        row.update(self._constant)
        equipment = row["equipment"] = r.equipment[:20]
        row["report_id"] = content_id(self.message_id, r.position, *self.salt)
        row["place"], row["terminal"], row["area"] = place, terminal, area
        row["equipment_valid"] = _valid(equipment)
        row["teu"] = _teu(r.size_type)
        row["bill"], row["booking"], row["declaration"] = _paper(r.bill), _paper(r.booking), _paper(r.declaration)
        row["seals"] = " ".join(r.seals)
        row["given"] = row["status"] = given
        if why:
            row["why"] = f"{r.why}; {why}" if r.why else why
        return row

    def _stands(self, location: str, terminal: str, area: str) -> tuple[str, str, str, str]:
        """(place, terminal, area, remark): the ids of what these texts name; remembered, for a message names few places often."""
        key = (location, terminal, area)
        known = self._standing.get(key)
        if known is None:
            if len(self._standing) >= 10_000:  # a list names every slot once
                self._standing.clear()
            place, found, why = self.where(location)
            known = self._standing[key] = (place.id, self.terminal(place, terminal) or found, self.area(place, area), why)
        return known

    def fact(self, r: FactRecord) -> Row:
        """A customs fact row."""
        place, _, why = self.where(r.location)
        to, lost = self.destination(r.to)
        told = asdict(r)  # every field is a column of its name, but for those below
        del told["location"], told["only_declared"], told["position"], told["unit"]
        back = r.function == "cancel" and r.given == "live"
        told.update(
            feed=self.feed.id,
            publisher=self.feed.publisher,
            place=place.id,
            reference=r.reference if r.about == "equipment" else _paper(r.reference),
            equipment=r.equipment[:20],
            bill=_paper(r.bill),
            declaration=_paper(r.declaration),
            booking=_paper(r.booking),
            agency=r.agency or self.feed.publisher,
            received_at=self.received_at,
            read_at=self.read_at,
            why="; ".join(filter(None, (r.why, why, lost))),
            status=RETRACTED if back else fact_status(r.given, r.effective_at, self.received_at, span(place)),
            outread=False,
            to=to,
        )
        return self.row(r, "fact_id", **told)

    def signal(self, r: SignalRecord) -> Row:
        """A signal row. Every field of its record is a column of its name, but `position` in the message."""
        said = asdict(r)
        unit, position = said.pop("unit"), said.pop("position")
        alone = fact_status(r.given, r.occurred_at, self.received_at, span(self.home))
        status = RETRACTED if r.function == "cancel" and r.given == "live" else alone
        own = {**said, "equipment": r.equipment[:20], "signal_id": content_id(self.message_id, position, "signal_id", *self.salt)}
        where = {"feed": self.feed.id, "publisher": self.feed.publisher, "place": self.home.id}
        return {**self._message, **where, **own, "unit": unit, "position": position, "status": status, "outread": False}

    def destination(self, named: str) -> tuple[str, str]:
        """(place, remark): the declared place that an id or a code names; "" and a remark where there is none."""
        if not named:
            return "", ""
        own = named.strip().lower()
        if own in self.world.places:
            return own, ""
        found = self.world.resolve(named)
        return (found[0], "") if found else ("", undeclared(named))

    def where(self, location: str) -> tuple[Place, str, str]:
        """(place, terminal, remark): the declared place that a code names, else the feed's own, saying so."""
        if not location:
            return self.home, "", ""
        if location not in self._places:
            found = self.world.resolve(location)
            self._places[location] = (self.world.place(found[0]), found[1]) if found else None
        known = self._places[location]
        return (known[0], known[1], "") if known else (self.home, "", undeclared(location))

    def terminal(self, place: Place, text: str) -> str:
        """The terminal's area id where the text is its id or one of its codes, else the text itself."""
        return area_ids(place, "terminal").get(text.upper(), text) if text else ""

    def area(self, place: Place, text: str) -> str:
        """The area's id where the text is its id or one of its codes, else the text itself (shown as not declared)."""
        return area_ids(place, "").get(text.upper(), text) if text else ""


def undeclared(location: str) -> str:
    """The remark on a code that names no declared place."""
    return f"place not declared: {location}"


def here(r: BoxRecord, why: str) -> tuple[str, str]:
    """(given, remark) of a statement of a source that tells of places everywhere: only what names a declared place moves a box.
    `why`: the remark on its place, "" where that is declared."""
    if r.location and not why:
        return r.given, ""
    return (ELSEWHERE if r.given in ("live", "provisional") else r.given), why or "names no place"


_AREAS: dict[tuple[int, str], tuple[Place, dict[str, str]]] = {}


def area_ids(place: Place, kind: str) -> Mapping[str, str]:
    """Every id and code of the place's areas (of one kind) in upper case -> area id."""
    known = _AREAS.get((id(place), kind))
    if known is None or known[0] is not place:
        names: dict[str, str] = {}
        for area in place.areas:
            if not kind or area.kind == kind:
                for code in (*area.codes, area.id):
                    names[code.upper()] = area.id
                    names.setdefault(code.upper().rpartition(":")[2], area.id)
        known = _AREAS[id(place), kind] = (place, names)
    return known[1]
