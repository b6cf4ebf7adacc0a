"""DCSA Track & Trace 2.2 and 3.0 (and the 3.0 beta) as JSON: pages of a carrier's API, or files of events.

One page or file is one message. EQUIPMENT events are reports of boxes, customs' own are facts; TRANSPORT, SHIPMENT, IOT and REEFER events
are statuses of the boxes they name, and holds and releases of documents are facts; docs/decisions/0018 says why. Carriers tell of places
everywhere: only what names a declared place moves anything. Options, all optional: `timezone` of times without offset; `encoding` where
the bytes are not UTF-8; `agency`, the authority whose facts the carrier passes on; `line`, the carrier of the feed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from itertools import islice
from typing import Any

from data.feeds import BoxRecord, FactRecord, Leftover, Raw, Record, RetractionRecord, Unreadable, stream, whole
from data.feeds._columns import nearest
from data.feeds._dcsa_any import any_event
from data.feeds._dcsa_forms import by_form
from data.feeds._dcsa_ids import doubled
from data.feeds._dcsa_records import records
from data.feeds._dcsa_take import Bad, Counted
from data.feeds._dcsa_told import Flat, decode, encode, flat, nested
from data.feeds._dcsa_written import Reading
from data.feeds._json_pages import Many, One, Pages
from data.feeds._json_text import text_of
from data.feeds._lines import Fault, charset, excerpt
from data.feeds._table import Place
from data.feeds._when import BadOptions, times

VERSION = 1
SPEAKS_FOR: frozenset[str] = frozenset()  # a carrier is a second witness, of its own boxes only; its silence says nothing
OPTIONS = ("timezone", "encoding", "agency", "line")
split = whole
_PAGE = 16  # blocks of events, or events that come by themselves, which a page has less of


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """The records of each event: position `event N`, with the kind of fact, and a number where an event tells of several boxes."""
    file = stream(raw)
    try:
        if wrong := complaint(options, place.zone):
            raise BadOptions(wrong)
        clock = times({"timezone": options.get("timezone")}, place.zone)
        text = text_of(file, str(options.get("encoding") or ""))
    except BadOptions as error:
        yield Unreadable(reason="bad_options", position="options", scope="file", detail=str(error))
        return
    except Fault as fault:
        yield Unreadable(reason=fault.reason, position=fault.position, scope="file", detail=fault.detail, excerpt=fault.shown)
        return
    left = Counted()
    first = list(islice(Pages(text, decode), _PAGE))
    page = len(first) < _PAGE  # else a whole file, which is not held in memory
    twice = doubled(text, first if page else None)
    text.seek(0)
    reading = Reading(clock, str(options.get("agency") or ""), str(options.get("line") or ""), twice, left)
    number = 0
    for item in first if page else Pages(text, decode):
        if isinstance(item, Many):
            plain = isinstance(item.events[0], Flat)
            made = flat if plain else nested
            out: list[Any] = []
            for event in item.events:
                number += 1
                if plain and by_form(event, number, reading, out):
                    continue
                before = len(out)
                try:
                    records(made(event), number, reading, out)
                except Bad as bad:
                    del out[before:]
                    out.append(_unreadable(bad, number, encode(event), event.eventID))
            yield from out
        elif isinstance(item, One):
            number += 1
            yield from _one(item.text, number, reading)
        elif isinstance(item, Leftover):
            left.add(item.name, item.example)
        elif item.scope == "record":
            number += 1
            yield Unreadable(reason=item.reason, position=f"event {number}", detail=item.detail, excerpt=item.excerpt)
        else:
            yield item
    reading.settle()
    yield from left.all()


def complaint(options: Mapping[str, object], zone: tzinfo) -> str:
    """What is wrong with a feed's options before any file comes: an English sentence, "" if nothing is."""
    if unknown := sorted(str(key) for key in options if key not in OPTIONS and not str(key).startswith("_")):
        return f"no option is called {unknown[0]!r}{nearest(unknown[0], OPTIONS)}"
    try:
        times({"timezone": options.get("timezone")}, zone)
        charset(str(options.get("encoding") or "utf-8"))
    except BadOptions as error:
        return str(error)
    return ""


def _one(text: bytes, number: int, reading: Reading) -> list[BoxRecord | FactRecord | RetractionRecord | Unreadable]:
    """The records of one event by itself."""
    out: list[Any] = []
    known = ""
    try:
        told = any_event(text)
        known = told.id
        records(told, number, reading, out)
    except Bad as bad:
        return [_unreadable(bad, number, text, known)]
    return out


def _unreadable(bad: Bad, number: int, text: bytes, known: object) -> Unreadable:
    """Why an event cannot be read, and where it stands."""
    reason, detail = bad.args
    named = f" ({excerpt(str(known))[:60]})" if known and isinstance(known, str) else ""
    shown = excerpt(text[:2_000].decode("utf-8", "zonewatch.mark"))
    return Unreadable(reason=reason, position=f"event {number}{named}", detail=excerpt(detail), excerpt=shown)
