"""A file of EPCIS as the events in it, one at a time: documents, answers to queries, what a subscription delivers, arrays, bare events, one
event a line.

Nothing of the file is held but a block and the largest event. What is broken costs one event: the next is found by its beginning.
`data.feeds._json_pages` does the same for arrays of alike events; here they lie deeper, and parts of them begin alike.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from data.feeds import Leftover, Unreadable
from data.feeds._dcsa_take import _JSON, Bad, _texts
from data.feeds._epcis_hash import prefixes
from data.feeds._epcis_words import EVENTS
from data.feeds._json_pages import BLOCK, LIMIT, Utf8
from data.feeds._lines import excerpt

DOCUMENTS = ("EPCISDocument", "EPCISQueryDocument", "EPCISMasterDataDocument")
_DOWN = frozenset({"epcisbody", "queryresults", "resultsbody"})
_BODIES = ("epcisBody", "queryResults", "resultsBody", "eventList")
_SAID = frozenset({"type", "isA", "@type", "id", "@id", "schemaVersion", "creationDate", "createdAt", "subscriptionID", "queryName"})
_BEGINS = re.compile(  # what can only be the beginning of an event; parts of events begin with "type" too
    r'\{[ \t\r\n]*"(?:(?:type|isA)"[ \t\r\n]*:[ \t\r\n]*"[^"\\]{0,60}Event"|'
    r'(?:@context|eventID|eventTime|eventTimeZoneOffset|action|bizStep|epcList|recordTime)"[ \t\r\n]*:)'
)
_SPACE = re.compile(r"[ \t\r\n]*")
_PLAIN = json.JSONDecoder(parse_int=str, parse_float=str)
_PATIENCE = 1_000  # broken events in a row; then the rest is not looked at
_NEAR = 14  # characters at the end of what was read in which a fault may only be that more is to come

REASONS: dict[str, str] = {
    "no_epcis": "This is JSON, but there is no EPCIS event in it.",
}


class Told(Struct, gc=False):
    """One event: its fields, the prefixes that hold where it stands, and names that its document leaves out of its identity."""

    event: dict[str, Any]
    names: dict[str, str]
    ignored: frozenset[str]


class _Broken(Exception):
    """No value stands here: (detail, whether the file ends in it)."""


Found = Told | Unreadable | Leftover


class Walk:
    """Walks a file of UTF-8 JSON; iterate once. Every Told, and every Unreadable of scope "record", stands for one event.

    `context` holds for documents that tell theirs after the events: see `late`.
    """

    def __init__(self, file: Utf8, context: dict[str, str] | None = None) -> None:
        self.file, self.decoder = file, codecs.getincrementaldecoder("utf-8")("zonewatch.mark")
        self.text, self.at, self.base, self.ended = "", 0, 0, False
        self.names: dict[str, str] = {}
        self.default = context or {}
        self.ignored: frozenset[str] = frozenset()
        self.broken = 0  # events in a row
        self.found = self.over = self.late = False  # events stood there; nothing more is to be said; events came before any context

    def __iter__(self) -> Iterator[Found]:
        mark, found = self._peek(), False
        if mark not in ("[", "{"):
            yield self._fault("bad_json", "file", "no array and no object")
            return
        while mark in ("[", "{"):
            self.found, self.names, self.ignored = False, {}, frozenset()
            yield from self._array() if mark == "[" else self._object(0)
            if self.over:
                return
            found |= self.found
            mark = self._peek()
            while mark == ",":
                self.at += 1
                mark = self._peek()
        if mark:
            yield self._fault("after_end", "envelope")
        elif not found:
            yield self._fault("no_epcis", "file")

    # ------------------------------------------------------------ what was read

    def _more(self) -> bool:
        """Read another block; False at the end of the file."""
        if self.ended:
            return False
        block = self.file.read(BLOCK)
        self.ended = not block
        self.base += len(self.text[: self.at].encode("utf-8", "surrogatepass"))
        self.text, self.at = self.text[self.at :] + self.decoder.decode(block, self.ended), 0
        return not self.ended

    def _peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            gap = _SPACE.match(self.text, self.at)
            self.at = gap.end() if gap else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more() and self.at >= len(self.text):
                return ""

    def _fault(self, reason: str, scope: str, detail: str = "", text: str = "") -> Unreadable:
        at = 0 if scope == "record" else self.base + len(self.text[: self.at].encode("utf-8", "surrogatepass"))
        shown = excerpt(text or self.text[self.at : self.at + 300])
        return Unreadable(reason=reason, position=f"byte {at}", scope=scope, detail=excerpt(detail), excerpt=shown)

    def _value(self) -> Any:
        """The value that begins here, and past it. Raises Bad where it is sound JSON and no sound value, _Broken where it is none."""
        while True:
            try:
                value, end = _JSON.raw_decode(self.text, self.at)
            except Bad:
                self.at = self._end()
                raise
            except RecursionError as error:
                raise _Broken("nested too deeply", False) from error
            except json.JSONDecodeError as error:
                open_ = error.msg.startswith("Unterminated") or error.pos >= len(self.text) - _NEAR
                if open_ and len(self.text) - self.at <= LIMIT and self._more():
                    continue
                raise _Broken(error.msg, open_ and self.ended) from error
            if end == len(self.text) and self.text[end - 1] not in "}]" and self._more():
                continue  # a number may go on
            begin, self.at = self.at, end
            if end - begin > LIMIT:
                raise Bad("event_too_long", f"more than {LIMIT} bytes")
            if not self.text.isascii() or "\\u" in self.text[begin:end]:
                _sound(value)
            return value

    def _end(self) -> int:
        """Where the value that begins here ends, whatever is wrong with its names; as far as that can be told."""
        while True:
            try:
                return _PLAIN.raw_decode(self.text, self.at)[1]
            except (json.JSONDecodeError, RecursionError) as error:
                if len(self.text) - self.at > LIMIT or not self._more():
                    raise _Broken(str(getattr(error, "msg", "nested too deeply")), self.ended) from error

    # ------------------------------------------------------------ what surrounds the events

    def _object(self, depth: int) -> Iterator[Found]:
        """A document or a part of one, down to its events; or an event by itself."""
        self.at += 1
        fields: dict[str, Any] = {}
        size, context, events = 0, False, False
        while (mark := self._peek()) and mark != "}":
            if mark == ",":
                self.at += 1
                continue
            begin = self.base + self.at
            try:
                name = self._value() if mark == '"' else ""
                if self._peek() != ":" or not isinstance(name, str):
                    raise _Broken("no name of a field", not self._peek())
                self.at += 1
                inner = self._peek()
                if inner == "{" and name.lower() in _DOWN and depth < 5:
                    self.late |= depth == 0 and not context
                    events = True
                    yield from self._object(depth + 1)
                elif (name == "eventList" or (name == "event" and depth)) and inner in ("[", "{"):
                    self.late |= depth == 0 and not context
                    self.found = events = True
                    yield from self._array() if inner == "[" else self._element()
                else:
                    value = self._value()
                    size += self.base + self.at - begin
                    context |= self._heard(name, value)
                    if size <= LIMIT:
                        fields[name] = value
            except (_Broken, Bad) as error:
                yield self._stopped(error)
            if self.over:
                return
        self.at += len(mark)
        if not mark:
            self.over = True
            yield self._fault("cut_short", "envelope" if self.found else "file", "the end of the events is missing")
        elif size > LIMIT:
            yield self._fault("event_too_long", "record", f"more than {LIMIT} bytes")
            self.found = True
        else:
            yield from self._closed(fields, depth, events)

    def _stopped(self, error: Exception) -> Unreadable:
        """The words around the events cannot be read on."""
        self.over = True
        scope = "envelope" if self.found else "file"
        if isinstance(error, Bad):
            return self._fault(error.args[0], scope, error.args[1])
        return self._fault("cut_short" if error.args[1] else "bad_json", scope, str(error.args[0]))

    def _heard(self, name: str, value: Any) -> bool:
        """What holds for the events of a document; whether it is its context."""
        if name == "@context":
            self.names = self.names | prefixes(value)
            return True
        if name.rpartition(":")[2] == "ignoreFields" and isinstance(value, list):
            self.ignored |= {each for each in value if isinstance(each, str)}
        return False

    def _closed(self, fields: dict[str, Any], depth: int, events: bool) -> Iterator[Found]:
        """An object is over that is an event itself, an answer that reports an error, or what stood around events."""
        if depth == 0 and not events and is_event(fields):
            self.found = True
            yield self._told(fields)
            return
        if depth == 0 and not events and (wrong := _error(fields)):
            self.over = True
            yield self._fault("error_answer", "file", wrong, wrong)
            return
        for name, value in fields.items():
            if name not in _SAID and name != "@context" and value not in (None, "", [], {}) and (events or depth):
                yield Leftover(name=excerpt(name).strip() or "(no name)", example=excerpt(_written(value)))

    # ------------------------------------------------------------ the events

    def _array(self) -> Iterator[Found]:
        """The events from here to the closing bracket."""
        self.at += 1
        self.found = True
        while (mark := self._peek()) and mark != "]":
            if mark == ",":
                self.at += 1
                continue
            yield from self._element()
            if self.over:
                return
        self.at += len(mark)
        if not mark:
            self.over = True
            yield self._fault("cut_short", "envelope", "the end of the events is missing")

    def _element(self) -> Iterator[Found]:
        """What stands here: an event, or a document among several; else why not."""
        begin = self.text[self.at : self.at + 300]
        try:
            value = self._value()
        except Bad as bad:
            yield self._fault(bad.args[0], "record", bad.args[1], begin)
            return
        except _Broken as broken:
            detail, cut = broken.args
            yield self._fault("cut_short" if cut else "bad_json", "record", detail, begin)
            self.broken += 1
            if self.broken > _PATIENCE:
                self.over = True
                yield self._fault("bad_json", "envelope", f"more than {_PATIENCE}")
            else:
                self._on()
            return
        self.broken = 0
        yield from self._inside(value, begin)

    def _inside(self, value: Any, begin: str = "", depth: int = 0) -> Iterator[Found]:
        """The events of a value that was read whole."""
        if isinstance(value, dict) and depth < 6 and any(name in value for name in _BODIES):
            outer = self.names, self.ignored
            for name, each in value.items():
                self._heard(name, each)
            for name, each in value.items():
                if name in ("eventList", "event"):
                    for event in each if isinstance(each, list) else [each]:
                        yield from self._inside(event, depth=depth + 1)
                elif name in _BODIES:
                    yield from self._inside(each, depth=depth + 1)
            self.names, self.ignored = outer
        elif isinstance(value, dict):
            yield self._told(value)
        else:
            yield self._fault("not_an_event", "record", text=begin or _written(value))

    def _told(self, event: dict[str, Any]) -> Told:
        own = event.get("@context")
        names = {**self.default, **self.names, **(prefixes(own) if own is not None else {})}
        return Told(event, names, self.ignored)

    def _on(self) -> None:
        """To where the next event begins, or to the end."""
        self.at += 1
        while not (found := _BEGINS.search(self.text, self.at)):
            self.at = max(self.at, len(self.text) - 200)
            if not self._more():
                self.at, self.over = len(self.text), True
                return
        self.at = found.start()


def is_event(fields: dict[str, Any]) -> bool:
    """Whether an object says of itself that it is an event of EPCIS."""
    kind = fields.get("type", fields.get("isA"))
    if isinstance(kind, str) and kind.rpartition(":")[2].rpartition("/")[2] in EVENTS:
        return True
    return "eventTime" in fields or "eventTimeZoneOffset" in fields


def _error(fields: dict[str, Any]) -> str:
    """What an answer says that reports an error (RFC 7807, as EPCIS 2.0 has it)."""
    if not fields.get("title") and not any("error" in name.lower() or "exception" in name.lower() for name in fields):
        return ""
    return excerpt(_written(fields))


def _sound(value: Any) -> None:
    """Raises Bad where a text has what no database keeps."""
    try:
        _texts(value)
    except UnicodeEncodeError as error:
        raise Bad("odd_text", "not UTF-8, or half a character") from error
    except RecursionError as error:
        raise Bad("bad_json", "nested too deeply") from error


def _written(value: object) -> str:
    """A value as an example of itself."""
    try:
        return value if isinstance(value, str) else json.dumps(value)[:400]
    except RecursionError:
        return "..."
