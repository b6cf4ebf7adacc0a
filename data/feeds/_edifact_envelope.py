"""The envelope of an EDIFACT interchange: UNB, UNG, UNH to UNT, UNE, UNZ; whole messages out, and whether counts and references hold.

A wrong count or reference never loses a message: the fault is told and the message given. A message whose UNT is missing is held
(Unreadable): it may have been cut, and half a message is not to be told from a whole one. Nothing outside of messages is passed over.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from datetime import tzinfo

from data.feeds import Envelope, Leftover, Raw, Unreadable
from data.feeds._edifact import BLANK, BLANK_BYTES, SEGMENT_MOST, Segments
from data.feeds._edifact_parts import foreign, sniff
from data.feeds._edifact_time import stamp

MESSAGE_MOST = 64 << 20  # characters of one UNH to UNT; 99,999 boxes of 500 characters are 48 MB
SEGMENTS_MOST = 5_000_000  # segments of one UNH to UNT
_BLOCK = 50_000  # segments of a long message are packed in blocks of so many
_REMEMBERED = 20_000  # message references looked back on for a repetition, so that memory stays flat

Segment = list[list[str]]
Item = Envelope | Unreadable | Leftover


def excerpt(text: str) -> str:
    """Up to 120 characters, control characters escaped."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:120])[:120]


def part(segment: Segment, element: int, component: int = 0) -> str:
    """One component, stripped; "" where it is absent."""
    if element >= len(segment):
        return ""
    components = segment[element]
    return components[component].strip() if component < len(components) else ""


class Message:
    """One UNH to UNT. `body` gives (number of the segment, its byte offset, text) of what stands between, again and again."""

    __slots__ = (
        "_blocks", "_count", "_offsets", "_size", "_texts", "envelope", "fault", "head", "kind", "number", "offset", "segments", "taken",
    )  # fmt: skip

    def __init__(self, number: int, offset: int, segments: Segments, head: Segment, envelope: Envelope | None, wanted: str) -> None:
        self.number, self.offset, self.segments, self.head, self.envelope = number, offset, segments, head, envelope
        self.kind = part(head, 2).upper()
        self.taken = self.kind == wanted
        self.fault: tuple[str, str] | None = None if self.taken else ("other_type", self.kind) if self.kind else ("bad_unh", "")
        self._texts: list[str] = []
        self._blocks: list[str] = []
        self._offsets = array("q")
        self._size = self._count = 0

    @property
    def unit(self) -> str:
        return f"UNH {self.number}"

    def __len__(self) -> int:
        return self._count

    def add(self, at: int, text: str | None) -> None:
        """One more segment; None for one that was too long. Of a message that is not taken only the number is kept."""
        self._count += 1
        if text is None:
            self._spoil("segment_too_long", f"over {SEGMENT_MOST} bytes, byte {at}")
        elif self.taken:
            self._offsets.append(at)
            self._texts.append(text)
            self._size += len(text)
            if len(self._texts) >= _BLOCK:
                self._blocks.append("\0".join(self._texts))
                self._texts = []
                if self._size > MESSAGE_MOST or self._count > SEGMENTS_MOST:
                    self._spoil("message_too_long", f"over {MESSAGE_MOST} characters or {SEGMENTS_MOST} segments")

    def _spoil(self, reason: str, detail: str) -> None:
        self.taken, self._texts, self._blocks, self._offsets = False, [], [], array("q")
        self.fault = self.fault or (reason, detail)

    def body(self) -> Iterator[tuple[int, int, str]]:
        count = 0
        for texts in (*(block.split("\0") for block in self._blocks), self._texts):
            for text in texts:
                yield count + 2, self._offsets[count], text
                count += 1

    def unreadable(self, reason: str, detail: str = "", scope: str = "message", where: str = "", text: str = "") -> Unreadable:
        """A fault of this message; `where` is added to "UNH 3"."""
        position = f"{self.unit}, {where or f'byte {self.offset}'}"
        shown = text or self.segments.syntax.element.join(":".join(element) for element in self.head)
        return Unreadable(reason=reason, position=position, scope=scope, detail=detail, excerpt=excerpt(shown), unit=self.unit)


class Interchange:
    """Iterates the items of one interchange: Envelope first, whole messages of the wanted type, and every fault."""

    def __init__(self, raw: Raw, wanted: str, zone: tzinfo, zone_from: str, encoding: str = "") -> None:
        self.segments = Segments(raw, encoding)
        self.wanted, self.zone, self.zone_from = wanted, zone, zone_from
        self.message: Message | None = None
        self.envelope: Envelope | None = None
        self.given = False  # an Envelope is given once at most
        self.total = self.count = self.groups = 0
        self.unb: Segment = []
        self.group: tuple[str, int] | None = None  # reference, messages before it
        self.references: set[str] = set()
        self.strays, self.stray, self.stray_at = 0, "", 0

    def __iter__(self) -> Iterator[Item | Message]:
        segments, element = self.segments, self.segments.syntax.element
        if what := foreign(segments.head):
            yield Unreadable(
                reason="other_format", position="byte 0", scope="file", detail=what, excerpt=excerpt(segments.head[:120].decode("latin-1"))
            )
            return
        before = segments.head[: segments.start].find(b"UNA")
        if before > 0:
            self._stray(0, segments.head[:before].decode("latin-1"))
        for at, text in segments:
            if text is not None and text[:2] == "UN" and text[3:4] in (element, "") and (step := _STEPS.get(text[:3])):
                yield from step(self, at, text)
            elif self.message is not None:
                if not segments.cut:
                    self.message.add(at, text)
            else:
                self._stray(at, f"(a segment of more than {SEGMENT_MOST} bytes)" if text is None else text)
        yield from self._end()

    def _stray(self, at: int, text: str) -> None:
        if text.strip(BLANK + "ï»¿"):
            if not self.strays:
                self.stray, self.stray_at = text, at
            self.strays += 1

    def _unb(self, at: int, text: str) -> Iterator[Item]:
        if self.segments.cut:
            return
        yield from self._close()
        if self.unb:
            yield self._fault("no_unz", at, "", text)
        self.unb = segment = self.segments.split(text)
        self.count = self.groups = 0
        self.group, self.references = None, set()
        self.segments.charset = part(segment, 1).upper()
        date, time = part(segment, 4), part(segment, 4, 1)
        made = stamp(date + time, {(6, 4): "201", (8, 4): "203", (6, 6): "202"}.get((len(date), len(time)), ""), self.zone, self.zone_from)
        self.envelope = Envelope(
            sender=part(segment, 2)[:200],
            recipient=part(segment, 3)[:200],
            reference=part(segment, 5)[:200],
            prepared_at=made.at if made else None,
            test=part(segment, 11) in ("1", "2", "3", "4"),
        )
        if not self.given:
            self.given = True
            yield self.envelope
        if made is None and date + time:
            yield Leftover(name="UNB date and time", example=excerpt(f"{date}:{time}"))

    def _unh(self, at: int, text: str) -> Iterator[Item]:
        yield from self._close()
        head = self.segments.split(text)
        self.total, self.count = self.total + 1, self.count + 1
        self.message = Message(self.total, at, self.segments, head, self.envelope, self.wanted)
        if self.segments.cut:
            self.message.fault = None  # its type may be cut too
            return
        reference = part(head, 1)
        if reference in self.references:
            yield self.message.unreadable("unh_repeated", reference, "envelope")
        if len(self.references) >= _REMEMBERED:
            self.references.clear()
        self.references.add(reference)

    def _unt(self, at: int, text: str) -> Iterator[Item | Message]:
        message, segment = self.message, self.segments.split(text)
        if message is None:
            self._stray(at, text)
            return
        said, has = part(segment, 1), len(message) + 2
        count_ok = said.isdecimal() and len(said) < 12 and int(said) == has
        reference_ok = part(segment, 2) == part(message.head, 1)
        if self.segments.cut and not (count_ok and reference_ok):
            return  # perhaps half a UNT: the message stays open and is held
        self.message = None
        if message.fault:
            yield message.unreadable(*message.fault)
            return
        where = f"segment {has}, byte {at}"
        if not count_ok:
            yield message.unreadable("unt_count", f"says {said or 'nothing'}, has {has}", "envelope", where, text)
        if not reference_ok:
            yield message.unreadable("unt_reference", f"{part(message.head, 1)!r}, {part(segment, 2)!r}", "envelope", where, text)
        yield message

    def _close(self) -> Iterator[Item]:
        """A message that was open when something else began."""
        if self.message is not None:
            yield self.message.unreadable(*(self.message.fault or ("no_unt", f"{len(self.message) + 1} segments")))
            self.message = None

    def _ung(self, at: int, text: str) -> Iterator[Item]:
        yield from self._close()
        if self.group is not None:
            yield self._fault("no_une", at, "", text)
        self.groups += 1
        self.group = part(self.segments.split(text), 5), self.count

    def _une(self, at: int, text: str) -> Iterator[Item]:
        yield from self._close()
        if self.group is None:
            self._stray(at, text)
            return
        (reference, before), self.group = self.group, None
        yield from self._compared("une", at, text, self.count - before, reference)

    def _unz(self, at: int, text: str) -> Iterator[Item]:
        yield from self._close()
        if not self.unb:
            self._stray(at, text)
            return
        faults = list(self._compared("unz", at, text, self.groups or self.count, part(self.unb, 5)))
        if faults and self.segments.cut:
            return  # perhaps half a UNZ
        if self.group is not None:
            yield self._fault("no_une", at, "", text)
            self.group = None
        yield from faults
        self.unb = []

    def _compared(self, what: str, at: int, text: str, has: int, reference: str) -> Iterator[Item]:
        segment = self.segments.split(text)
        said, named = part(segment, 1), part(segment, 2)
        if not (said.isdecimal() and len(said) < 12 and int(said) == has):
            yield self._fault(f"{what}_count", at, f"says {said or 'nothing'}, has {has}", text)
        if named != reference:
            yield self._fault(f"{what}_reference", at, f"{reference!r}, {named!r}", text)

    def _fault(self, reason: str, at: int | None, detail: str, text: str) -> Unreadable:
        position = "end" if at is None else f"byte {at}"
        return Unreadable(reason=reason, position=position, scope="envelope", detail=detail[:200], excerpt=excerpt(text))

    def _end(self) -> Iterator[Item]:
        yield from self._close()
        head, start = self.segments.head, self.segments.start
        if not self.total:
            what = sniff(head) if head.strip(BLANK_BYTES) else ""
            reason = "other_format" if what else "no_unh" if head.strip(BLANK_BYTES) else "empty_file"
            shown = excerpt(head.decode("latin-1"))
            yield Unreadable(reason=reason, position="byte 0", scope="file", detail=what, excerpt=shown)
            return
        if self.group is not None:
            yield self._fault("no_une", None, "", "")
        if self.unb:
            yield self._fault("no_unz", None, "", "")
        if not self.given:
            yield self._fault("no_unb", start, "", head[start : start + 120].decode("latin-1"))
        if self.strays:
            yield self._fault("outside_message", self.stray_at, f"{self.strays} segments", self.stray)


_Step = Callable[[Interchange, int, str], Iterator[Item | Message]]
_STEPS: dict[str, _Step] = {
    "UNB": Interchange._unb, "UNG": Interchange._ung, "UNH": Interchange._unh,
    "UNT": Interchange._unt, "UNE": Interchange._une, "UNZ": Interchange._unz,
}  # fmt: skip
