"""A JSON file as the events in it, a block at a time: arrays, objects that have arrays of events, one event, or one a line.

Where an event begins is seen by its first key, and proved by decoding: nothing is cut where it does not fall apart by itself. What does
not decode is looked at event by event, so a fault costs one event and not its neighbours. Memory: a few blocks, and the largest event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Protocol

import msgspec
from msgspec import Raw, Struct

from data.feeds import Leftover, Unreadable
from data.feeds._lines import excerpt

BLOCK = 1 << 18
LIMIT = 4 << 20  # bytes of one event; more is none
_SHORT = 1 << 16  # bytes in which an event is looked for that is followed by no other
_NEAR = 8  # beginnings that may lie inside one event, and be none
_SPACE = b" \t\r\n"
_BETWEEN = _SPACE + b","
_KEYS = rb"eventid|eventtype|eventdatetime|eventcreateddatetime|eventupdateddatetime|eventclassifiercode|eventclassification|eventrouting"
_GAP, _GAPS = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*"), re.compile(r"[ \t\r\n,\x1e]*")
_BEGINS = rb'\{[ \t\r\n]*"(?:' + _KEYS + rb"|metadata%s)" + rb'"[ \t\r\n]*:'
_FIRST_KEY = re.compile(rb'\{[ \t\r\n]*"((?:[^"\\]|\\.){1,80})"[ \t\r\n]*:')
_KEY = re.compile(rb'[ \t\r\n,]*"((?:[^"\\]|\\.){0,200})"[ \t\r\n]*:[ \t\r\n]*')
_EVENTS = re.compile(rb"\[[ \t\r\n]*" + _BEGINS.replace(b"%s", b""), re.IGNORECASE)
_EVENT_KEY = re.compile(_KEYS + rb"|isretracted|(?:equipment|transport|shipment)eventtypecode|equipmentreference", re.IGNORECASE)
# EPCIS 2.0 (GS1, 2022) says what it is by its context, its type or its body; its bare events too have a type of their own.
_EPCIS_EVENTS = frozenset(f"{kind}Event" for kind in ("Object", "Aggregation", "Transaction", "Transformation", "Association"))
_EPCIS_TYPES = frozenset({"EPCISDocument", "EPCISQueryDocument", *_EPCIS_EVENTS})
_EPCIS_EVENT = rb'"type"[ \t\r\n]*:[ \t\r\n]*"(?:%s)"' % "|".join(sorted(_EPCIS_EVENTS)).encode()
_BARE_EPCIS = re.compile(rb"\{[^{}]{0,4000}" + _EPCIS_EVENT)
EPCIS = re.compile(
    rb'"@context"[ \t\r\n]*:[^{}]{0,400}epcis|"type"[ \t\r\n]*:[ \t\r\n]*"EPCIS(?:Query)?Document"|' + _EPCIS_EVENT, re.IGNORECASE
)
_METADATA = re.compile(rb'[ \t\r\n]*\{[^{}]{0,800}"(?:eventid|eventtype|retractedeventid|eventcreateddatetime)"', re.IGNORECASE)
_RAWS = msgspec.json.Decoder(list[Raw])
_RAW = msgspec.json.Decoder(Raw)
_VALUE = json.JSONDecoder(parse_int=str, parse_float=str)  # int() refuses more than 4,300 digits
WRONG = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # ValidationError is a DecodeError

REASONS: dict[str, str] = {
    "bad_json": "This is not JSON: {detail}.",
    "cut_short": "The file breaks off: {detail}.",
    "no_events": "This is JSON, but there are no events in it.",
    "is_epcis": "This is EPCIS (JSON-LD). The format epcis reads it.",
    "error_answer": "This is an answer that reports an error, not events: {detail}.",
    "event_too_long": "The event is longer than one can be ({detail}).",
    "after_end": "There is text after the end of the events.",
}


class Utf8(Protocol):
    """A file of UTF-8: `read` gives a piece of about that size, b"" at the end."""

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...


class Many(Struct, gc=False):
    """Events that were decoded at once."""

    events: list[Any]


class One(Struct, gc=False):
    """The text of one event: sound JSON that `decode` does not take."""

    text: bytes


Found = Many | One | Unreadable | Leftover


class Pages:
    """Walks a file of UTF-8 JSON; iterate once. Every One, and every Unreadable of scope "record", stands for one event.

    `decode` turns `[event, event ...]` into events, or raises one of WRONG: then they come one by one.
    """

    def __init__(self, file: Utf8, decode: Callable[[bytes], list[Any]]) -> None:
        self.file, self.decode = file, decode
        self.buffer, self.at, self.base, self.ended = b"", 0, 0, False
        self.lead, self.begins = b"", re.compile(_BEGINS.replace(b"%s", b""), re.IGNORECASE)
        self.found = self.given = self.over = False  # an array of events; an event; nothing more is to be said of the file

    def __iter__(self) -> Iterator[Found]:
        mark, found = self._peek(), False
        if mark not in (b"[", b"{"):
            yield self._fault("bad_json", "file", "no array and no object")
            return
        while mark in (b"[", b"{"):  # one page after another in a file are pages too
            self.found = False
            if mark == b"[":
                self.at += 1
                yield from self._array()
            else:
                yield from self._object()
            if self.over:
                return
            found |= self.found
            mark = self._peek()
        if mark:
            yield self._fault("after_end", "envelope")
        elif not found:
            yield self._fault("no_events", "file")

    # ------------------------------------------------------------ the buffer

    def _more(self) -> bool:
        """Read another block (`at` moves with the buffer); False at the end of the file."""
        block = b"" if self.ended else self.file.read(BLOCK)
        self.ended = not block
        if block:
            self.base += self.at
            self.buffer, self.at = self.buffer[self.at :] + block, 0
        return bool(block)

    def _fill(self, size: int) -> None:
        while len(self.buffer) - self.at < size and self._more():
            pass

    def _peek(self) -> bytes:
        """The next byte that is not white space; b"" at the end."""
        while True:
            piece = self.buffer[self.at : self.at + 256]
            rest = piece.lstrip(_SPACE)
            self.at += len(piece) - len(rest)
            if rest:
                return rest[:1]
            if not piece and not self._more():
                return b""

    def _fault(self, reason: str, scope: str, detail: str = "", text: bytes = b"") -> Unreadable:
        shown = excerpt((text or self.buffer[self.at : self.at + 400]).decode("utf-8", "zonewatch.mark"))
        return Unreadable(reason=reason, position=f"byte {self.base + self.at}", scope=scope, detail=detail[:120], excerpt=shown)

    def _breaks_off(self) -> Iterator[Unreadable]:
        """The file ends between two events, or before the first."""
        self.over = True
        yield self._fault("cut_short", "envelope" if self.given else "file", "the end of the events is missing")

    def _value(self) -> tuple[bytes, object] | None:
        """The JSON value that begins here, and past it; None where there is none, or one that is too long."""
        while True:
            text = self.buffer[self.at :].decode("utf-8", "surrogateescape")
            try:
                value, end = _VALUE.raw_decode(text)
            except (ValueError, RecursionError):
                if len(self.buffer) - self.at > LIMIT or not self._more():
                    return None
                continue
            if end == len(text) and self._more():
                continue  # a number may go on
            raw = text[:end].encode("utf-8", "surrogateescape")
            self.at += len(raw)
            return raw, value

    # ------------------------------------------------------------ what surrounds the events

    def _object(self) -> Iterator[Found]:
        """One event, or one a line; else an object that has arrays of events, and perhaps more."""
        self._fill(max(BLOCK, 1 << 14))
        start = self.base + self.at
        self.at += 1
        while (mark := self._peek()) and mark != b"}":
            self._fill(4_096)
            key = _KEY.match(self.buffer, self.at)
            if key is None:
                self.over = True
                yield self._fault("cut_short" if self.ended else "bad_json", "envelope" if self.given else "file", "no name of a field")
                return
            if not self.found and start >= self.base and self._of_event(key[1], key.end()):
                self.at = start - self.base
                yield from self._array(closed=False)
                return
            self.at = key.end()
            yield from self._field(excerpt(key[1].decode("utf-8", "replace")))
            if self.over:
                return
        self.at += len(mark)
        if not mark:
            yield from self._breaks_off()

    def _of_event(self, key: bytes, end: int) -> bool:
        """Whether an object that has this key is an event itself, and not what surrounds events."""
        if key.lower() == b"metadata":
            return _METADATA.match(self.buffer, end) is not None
        return _EVENT_KEY.fullmatch(key) is not None and self.buffer[end : end + 1] != b"["

    def _field(self, name: str) -> Iterator[Found]:
        """A field of the object around the events: events, an error, or what is named and left."""
        if self.buffer[self.at : self.at + 1] == b"[" and ("event" in name.lower() or _EVENTS.match(self.buffer, self.at)):
            self.at += 1
            yield from self._array()
            return
        told = (b"", "") if name == "epcisBody" else self._value()
        if told and not self.found and _of_epcis(name, *told):
            self.over = True
            yield self._fault("is_epcis", "file", text=b'"%s": %s' % (name.encode(), told[0]))
        elif told is None:
            self.over = True
            short = self.ended and _truncated(self.buffer[self.at :])
            yield self._fault("cut_short" if short else "bad_json", "envelope" if self.given else "file", name)
        elif told[1] and "error" in name.lower() and not self.found:
            self.over = True
            yield self._fault("error_answer", "file", excerpt(told[0].decode("utf-8", "zonewatch.mark")), told[0])
        elif told[1] not in (None, "", [], {}):
            yield Leftover(name=name, example=excerpt(told[0].decode("utf-8", "zonewatch.mark")))

    # ------------------------------------------------------------ the events

    def _array(self, closed: bool = True) -> Iterator[Found]:
        """The events from here to the closing bracket; to the end of the file where there is none (`closed` False)."""
        self.found = True
        self._fill(BLOCK)
        if not self.given and self._peek() == b"{" and self._bare_epcis():
            self.over = True
            yield self._fault("is_epcis", "file")
            return
        while (mark := self._peek()) and (mark != b"]" or not closed):
            if not self.lead and (first := _FIRST_KEY.match(self.buffer, self.at)):
                self.lead = first[0]
                self.begins = re.compile(_BEGINS.replace(b"%s", b"|" + re.escape(first[1])), re.IGNORECASE)
            self._fill(BLOCK)
            cut = self._cut()
            if cut > self.at:
                yield from self._before(cut, closed)
            elif self.ended or not (len(self.buffer) - self.at <= LIMIT and self._more()):
                if len(self.buffer) - self.at > LIMIT:
                    yield self._fault("event_too_long", "record", f"more than {LIMIT} bytes")
                    self._skip()
                else:
                    yield from self._last(closed)
                    return
        self.at += len(mark)
        if closed and not mark:
            yield from self._breaks_off()

    def _bare_epcis(self) -> bool:
        """Whether the first of the events says that it is one of EPCIS: a list of events has nothing around it that would."""
        if not _BARE_EPCIS.match(self.buffer, self.at):
            return False
        try:
            value, _ = _VALUE.raw_decode(self.buffer[self.at : self.at + _SHORT].decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return False
        return value.get("type") in _EPCIS_EVENTS and "eventType" not in value

    def _cut(self) -> int:
        """Where the last event in the buffer begins; the present place where no other does."""
        quick = self.buffer.rfind(self.lead, self.at + 1) if self.lead else -1
        if quick > self.at:
            return quick
        return max((found.start() for found in self.begins.finditer(self.buffer, self.at + 1)), default=self.at)

    def _before(self, cut: int, closed: bool) -> Iterator[One | Many | Unreadable]:
        """All events before `cut`: at once if `decode` takes them, else one by one."""
        begin, end = self.at, cut
        while self.buffer[end - 1] in _BETWEEN:
            end -= 1
        if closed:
            text = b"".join((b"[", memoryview(self.buffer)[begin:end], b"]"))
        else:
            text = b"[" + b",".join(line for line in self.buffer[begin:end].split(b"\n") if line.strip()) + b"]"
        self.given = True
        try:
            events = self.decode(text)
        except WRONG:
            try:
                raws = _RAWS.decode(text)
            except WRONG:
                yield from self._by_and_by(cut, closed)
                return
            self.at = cut
            yield from (One(bytes(raw)) for raw in raws)
        else:
            self.at = cut
            yield Many(events)

    def _by_and_by(self, cut: int, closed: bool) -> Iterator[One | Unreadable]:
        """The events before `cut` in the smallest sound pieces; what is none up to the next beginning is one broken event. Stops at the
        end of the array, which may be before `cut` where another array follows."""
        while self.at < cut and not (self._peek() == b"]" and closed):
            ends = [found.start() for found in islice(self.begins.finditer(self.buffer, self.at + 1, cut), _NEAR)]
            last = len(ends) < _NEAR
            for end in (*ends, cut) if last else ends:
                try:
                    raws = _RAWS.decode(b"[" + self.buffer[self.at : end].strip(_BETWEEN) + b"]")
                except WRONG:
                    continue
                self.at = end
                yield from (One(bytes(raw)) for raw in raws)
                break
            else:
                here = self.at
                yield from self._sound((*ends, cut)[0])
                if self.at > here:
                    continue
                if last and len(self.buffer) - self.at < LIMIT and self._more():
                    return  # it may go on beyond what was read
                end = (*ends, cut)[0]
                yield self._broken(self.buffer[self.at : end])
                self.at = end

    def _sound(self, before: int) -> Iterator[One]:
        """The values that begin here and `before`, and past them; none where there is none, or none so short."""
        while self.at < before:
            text = self.buffer[self.at : self.at + _SHORT].decode("utf-8", "surrogateescape")
            more, here = len(self.buffer) > self.at + _SHORT, 0
            while self.at < before:
                start = _gap(_GAP, text, here)
                try:
                    _, end = _VALUE.raw_decode(text, start)
                except (ValueError, RecursionError):
                    break
                if end == len(text) and more and here:
                    break  # it may go on in the next piece, and begins that one
                self.at += len(text[here:end].encode("utf-8", "surrogateescape"))
                yield One(text[start:end].encode("utf-8", "surrogateescape"))
                here = end
            if not here:
                return

    def _broken(self, text: bytes) -> Unreadable:
        """One event that is not JSON, at the present place."""
        detail = "not JSON"
        try:
            _RAW.decode(text.strip(_BETWEEN))
        except RecursionError:
            detail = "nested too deeply"
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            detail = str(error).removeprefix("JSON is malformed: ")
        return self._fault("bad_json", "record", detail, text)

    def _skip(self) -> None:
        """On to where the next event begins, or to the end."""
        self.at += 1
        while not (found := self.begins.search(self.buffer, self.at)):
            self.at = max(self.at, len(self.buffer) - 200)
            if not self._more():
                self.at = len(self.buffer)
                return
        self.at = found.start()

    def _last(self, closed: bool) -> Iterator[One | Unreadable]:
        """The last event of the file, others that begin otherwise, and the closing bracket."""
        text, start, here = self.buffer[self.at :].decode("utf-8", "surrogateescape"), self.at, 0
        while True:
            here = _gap(_GAPS, text, here)
            if here >= len(text) or (text[here] == "]" and closed):
                break
            try:
                _, end = _VALUE.raw_decode(text, here)
            except (ValueError, RecursionError):
                rest = text[here:].encode("utf-8", "surrogateescape")
                self.at, short = len(self.buffer) - len(rest), _truncated(rest)
                if short:
                    yield self._fault("cut_short", "record", f"at byte {self.base + len(self.buffer)}", rest)
                else:
                    yield self._broken(rest)
                self.over, self.at = True, len(self.buffer)
                return
            yield One(text[here:end].encode("utf-8", "surrogateescape"))
            self.given, here = True, end
        self.at = start + len(text[:here].encode("utf-8", "surrogateescape"))
        if here < len(text):
            self.at += 1
        elif closed:
            yield from self._breaks_off()


def _of_epcis(name: str, text: bytes, value: object) -> bool:
    """Whether a field of the outermost object says that this is EPCIS."""
    return name == "epcisBody" or (name == "@context" and b"epcis" in text.lower()) or (name == "type" and str(value) in _EPCIS_TYPES)


def _gap(form: re.Pattern[str], text: str, here: int) -> int:
    """Where what stands between values ends."""
    found = form.match(text, here)
    return found.end() if found else here


def _truncated(text: bytes) -> bool:
    """Whether more text could still make it JSON."""
    try:
        _RAW.decode(text)
    except (RecursionError, UnicodeDecodeError):
        return False
    except msgspec.DecodeError as error:
        return "truncated" in str(error)
    return False
