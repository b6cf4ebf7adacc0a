"""EPCIS 2.0 as JSON-LD: documents, answers to queries and subscriptions, lists of events or single ones, as lines of a goods ledger.

One file is one message. Every object and every class with a quantity that an event names is a line; docs/decisions/0042 says which event is
which act, what identifies it, and how an error declaration takes it back. Options, all optional: `timezone` of times without offset;
`encoding` where the bytes are not UTF-8; `sites`, which declared place (`CODE`, `CODE/AREA` or `/AREA`) an identifier is; `parties`, who an
owner's identifier is; `documents`, which type of business transaction is the `declaration` and which the `permit`; `fields`, which
extension is which field of the ledger; `lots: qualified`, where lot numbers are unique within a product only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import tzinfo

from data.feeds import LedgerRecord, Leftover, Raw, Record, Unreadable, stream, whole
from data.feeds._columns import nearest
from data.feeds._dcsa_take import Bad, Counted
from data.feeds._epcis_event import records
from data.feeds._epcis_fields import FIGURES, TEXTS
from data.feeds._epcis_ids import canonical
from data.feeds._epcis_reading import Reading
from data.feeds._epcis_walk import Told, Walk
from data.feeds._epcis_words import bare
from data.feeds._json_pages import Utf8
from data.feeds._json_text import text_of
from data.feeds._lines import Fault, charset, excerpt
from data.feeds._table import Place
from data.feeds._when import BadOptions, times

VERSION = 1
SPEAKS_FOR = frozenset({"ledger"})
OPTIONS = ("timezone", "encoding", "sites", "parties", "documents", "fields", "lots")
DOCUMENTS = ("declaration", "permit")
split = whole


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Iterator[Record | Unreadable | Leftover]:
    """The lines of each event: position `event N line M`. The lines of an event stand or fall together."""
    try:
        if wrong := complaint(options, place.zone):
            raise BadOptions(wrong)
        text = text_of(stream(raw), str(options.get("encoding") or ""))
    except BadOptions as error:
        yield Unreadable(reason="bad_options", position="options", scope="file", detail=str(error))
        return
    except Fault as fault:
        yield Unreadable(reason=fault.reason, position=fault.position, scope="file", detail=fault.detail, excerpt=fault.shown)
        return
    reading = _reading(options, place.zone)
    number = 0
    for item in Walk(text, _context(text)):
        if isinstance(item, Told):
            number += 1
            yield from _event(item, number, reading)
        elif isinstance(item, Leftover):
            reading.left.add(item.name, item.example)
        elif item.scope == "record":
            number += 1
            yield Unreadable(reason=item.reason, position=f"event {number}", detail=item.detail, excerpt=item.excerpt)
        else:
            yield item
    yield from reading.left.all()


def complaint(options: Mapping[str, object], zone: tzinfo) -> str:
    """What is wrong with a feed's options before any file comes: an English sentence, "" if nothing is."""
    if unknown := sorted(str(key) for key in options if key not in OPTIONS and not str(key).startswith("_")):
        return f"no option is called {unknown[0]!r}{nearest(unknown[0], OPTIONS)}"
    for name, allowed in (("sites", ()), ("parties", ()), ("documents", DOCUMENTS), ("fields", (*TEXTS, *FIGURES))):
        found = options.get(name) or {}
        if not isinstance(found, Mapping):
            return f"{name} is a map, not {found!r}"
        for key, value in found.items():
            if not isinstance(key, str) or not isinstance(value, str) or not value.strip():
                return f"{name}: {key!r} stands for a text, not for {value!r}"
            if allowed and value not in allowed:
                return f"{name}: {value!r} is none of {', '.join(allowed)}{nearest(value, allowed)}"
    if options.get("lots") not in (None, "", "number", "qualified"):
        return f"lots is number or qualified, not {options.get('lots')!r}"
    try:
        times({"timezone": options.get("timezone")}, zone)
        charset(str(options.get("encoding") or "utf-8"))
    except BadOptions as error:
        return str(error)
    return ""


def _reading(options: Mapping[str, object], zone: tzinfo) -> Reading:
    sites = {}
    for uri, told in _map(options, "sites").items():
        code, _, area = told.strip().partition("/")
        sites[canonical(uri)] = (code, area)
    return Reading(
        clock=times({"timezone": options.get("timezone")}, zone),
        sites=sites,
        parties={canonical(uri): name.strip() for uri, name in _map(options, "parties").items()},
        documents={bare("BTT", uri): field for uri, field in _map(options, "documents").items()},
        fields=_map(options, "fields"),
        qualified=options.get("lots") == "qualified",
        left=Counted(),
    )


def _map(options: Mapping[str, object], name: str) -> dict[str, str]:
    found = options.get(name) or {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, Mapping) else {}


def _context(text: Utf8) -> dict[str, str]:
    """The prefixes of a document that tells them after its events, which costs reading it twice."""
    walk = Walk(text)
    for item in walk:
        if isinstance(item, Told) and not walk.late:
            break
    names = walk.names if walk.late else {}
    text.seek(0)
    return names


def _event(told: Told, number: int, reading: Reading) -> list[LedgerRecord | Unreadable]:
    """The lines of one event, or why it has none."""
    try:
        return [*records(told, number, reading)]
    except RecursionError:
        return [Unreadable(reason="bad_json", position=f"event {number}", detail="nested too deeply")]
    except Bad as bad:
        reason, detail = bad.args
        known = told.event.get("eventID")
        named = f" ({excerpt(known)[:60]})" if known and isinstance(known, str) else ""
        shown = excerpt(json.dumps(told.event, ensure_ascii=False)[:2_000])
        return [Unreadable(reason=reason, position=f"event {number}{named}", detail=excerpt(detail), excerpt=shown)]
