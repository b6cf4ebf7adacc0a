"""What goes wrong between a source and us, as it does in real traffic. Every fault heals: read whole, the messages tell the truth.

EDIFACT: late; twice; again under a new reference; replaced (the replacement sometimes first); cancelled and told anew (the cancellation
sometimes first); cut short and sent again; a reference used twice; a wrong count; another charset; beside it, a test and an unknown code.
CSV: late; twice; a row with an impossible time, sent right later; another charset than declared, sent right later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from data.demo import box as boxes
from data.demo.box import Box, Fact, Life, Move, Reading, Signal
from data.demo.write import COARRI_CODES, CODECO_CODES, DIALECTS, ROWS, Document, edifact, facts, signals

Told = tuple[Life, Move]
NUMBERS = {"dt1-gate": "D1G", "zone-gate": "DZG", "dt1-quay": "D1Q", "dt2-quay": "D2Q", "second-quay": "S1Q"}


@dataclass(frozen=True, slots=True)
class File:
    """One delivery. `says`: what of the truth it tells; `fault`: what is wrong with it or why it came; `documents`: what it holds."""

    at: datetime
    feed: str
    name: str
    content: bytes
    says: frozenset[tuple[object, ...]] = frozenset()
    fault: str = ""
    documents: tuple[Document, ...] = ()


def key(item: Move | Fact | Reading | Signal) -> tuple[object, ...]:
    """By which the truth finds the file that told of something."""
    if isinstance(item, Reading):
        return "reading", item.box, item.kind, item.at
    if isinstance(item, Move):
        return item.place, item.box.number, item.event, item.at
    if isinstance(item, Signal):
        return item.device, item.kind, item.box, item.at
    return item.agency, item.kind, item.box or item.bill, item.at


def minutes(rng: Random, low: int, high: int) -> timedelta:
    return timedelta(minutes=rng.randrange(low, high + 1), seconds=rng.randrange(60))


class Writer:
    """Writes the files of one source at one moment. `rng` decides what goes wrong."""

    def __init__(self, feed: str, at: datetime, rng: Random, heard: bool) -> None:
        self.feed, self.at, self.rng, self.heard = feed, at, rng, heard
        self.sent = at + timedelta(seconds=rng.randrange(5, 55))
        self.files: list[File] = []

    def name(self, suffix: str, end: str) -> str:
        return f"{self.feed}-{self.at:%Y%m%dT%H%MZ}{suffix}.{end}"

    # EDIFACT ---------------------------------------------------------------------------------------------------------

    def reference(self, letter: str = "") -> str:
        """At most 14 characters, one for each file of the feed."""
        return f"{NUMBERS[self.feed]}{self.at:%y%m%d%H%M}{letter}"

    def documents(self, moves: Sequence[Move], letter: str = "") -> tuple[Document, ...]:
        """One document for each kind of event."""
        found = []
        codes = COARRI_CODES[DIALECTS[self.feed].terminal] if "quay" in self.feed else CODECO_CODES
        for n, event in enumerate(dict.fromkeys(move.event for move in moves)):
            told = tuple(move for move in moves if move.event == event)
            found.append(Document(codes[event], f"{self.reference()}{letter}{n}", told))
        return tuple(found)

    def send(
        self,
        suffix: str,
        documents: Sequence[Document],
        says: Sequence[Move] = (),
        fault: str = "",
        after: timedelta = timedelta(),
        made: timedelta = timedelta(),
        reference: str = "",
        test: bool = False,
    ) -> File:
        """One interchange, sent `after` the file's time, made `made` after it."""
        text = edifact(self.feed, reference or self.reference(suffix[-1:].upper()), self.at + made, documents, test)
        file = File(
            self.sent + after, self.feed, self.name(suffix, "edi"), text.encode(), frozenset(key(m) for m in says), fault, tuple(documents)
        )
        self.files.append(file)
        return file

    def edifact(self, told: Sequence[Told]) -> list[File]:
        """The interchange that tells of the moves, with what goes wrong with it."""
        moves = [move for _, move in told]
        documents = self.documents(moves)
        calm = self.heard and not any(move.prompt for move in moves)
        chance = self.rng.random()
        for fault, share, patient in _EDIFACT:
            chance -= share
            if chance < 0:
                if patient and not calm:
                    break
                if getattr(self, f"_{fault}")(moves, documents):
                    return self.files
                break
        self.send("", documents, moves)
        return self.files

    def _late(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        self.send("-late", documents, moves, "late", minutes(self.rng, 130, 470))
        return True

    def _twice(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        first = self.send("", documents, moves, "twice")
        self.files.append(replace(first, at=self.sent + minutes(self.rng, 20, 200), name=self.name("-again", "edi"), fault="same bytes"))
        return True

    def _renumbered(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        self.send("", documents, moves, "told again")
        self.send("-n", documents, moves, "new reference", minutes(self.rng, 40, 180))
        return True

    def _replaced(self, moves: list[Move], documents: tuple[Document, ...], first: bool = False) -> bool:
        if len(documents) != 1:
            return False
        wrong = replace(documents[0], moves=self._wrong(moves))
        right = replace(documents[0], function="5")
        gap = minutes(self.rng, 60, 240)
        self.send("-w", (wrong,), (), "wrong, replaced", gap + timedelta(minutes=30) if first else timedelta())
        self.send("-r", (right,), moves, "replacement first" if first else "replacement", gap, gap)
        return True

    def _replaced_first(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        return self._replaced(moves, documents, first=True)

    def _cancelled(self, moves: list[Move], documents: tuple[Document, ...], first: bool = False) -> bool:
        if len(documents) != 1:
            return False
        wrong = replace(documents[0], moves=self._wrong(moves))
        gap = minutes(self.rng, 60, 200)
        self.send("-w", (wrong,), (), "wrong, cancelled", gap + timedelta(minutes=30) if first else timedelta())
        self.send("-c", (replace(wrong, function="1"),), (), "cancellation first" if first else "cancellation", gap, gap)
        later = gap + timedelta(minutes=2)
        self.send("-t", self.documents(moves, "T"), moves, "told anew", later, later)
        return True

    def _cancelled_first(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        return self._cancelled(moves, documents, first=True)

    def _cut(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        whole = self.send("", documents, (), "cut short")
        end = whole.content.rindex(b"CNT+")
        self.files[-1] = replace(whole, content=whole.content[: end - self.rng.randrange(2, 40)])
        self.send("-s", documents, moves, "sent whole", minutes(self.rng, 15, 40))
        return True

    def _reused(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        if len(moves) < 2:
            return False
        half = len(moves) // 2
        self.send("", self.documents(moves[:half], "A"), moves[:half], "first under its reference", reference=self.reference())
        rest = self.documents(moves[half:], "B")
        self.send("-u", rest, (), "reference used again", timedelta(minutes=4), timedelta(minutes=4), reference=self.reference())
        self.send("-v", rest, moves[half:], "under its own reference", minutes(self.rng, 25, 60))
        return True

    def _miscounted(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        self.send("", (replace(documents[0], count=self.rng.choice((-3, -1, 2, 30))), *documents[1:]), moves, "wrong count")
        return True

    def _charset(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        told = (replace(documents[0], note="Bãi Cảng Mẫu" if self.rng.random() < 0.5 else "Café du quai"), *documents[1:])
        file = self.send("", told, moves, "charset")
        if b"Caf" in file.content:
            self.files[-1] = replace(file, content=file.content.decode().encode("latin-1"))
        return True

    def _test(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        self.send("", documents, moves)
        exit_ = replace(moves[0], event="load" if "quay" in self.feed else "gate_out")
        self.send("-x", self.documents([exit_], "X"), (), "test", timedelta(minutes=6), test=True)
        return True

    def _unknown(self, moves: list[Move], documents: tuple[Document, ...]) -> bool:
        self.send("", documents, moves)
        self.send("-k", (replace(documents[0], code="999", number=f"{documents[0].number}K"),), (), "unknown code", timedelta(minutes=7))
        return True

    def _wrong(self, moves: Sequence[Move]) -> tuple[Move, ...]:
        """The moves as first written down: a wrong time, or a box too many. Never an entry by road too early, nor a box too many out
        of the zone, which none leaves without a permit, or off a ship, which lists what it brings: those would be offences."""
        n = self.rng.randrange(len(moves))
        none_more = (moves[n].event, moves[n].place) in (("gate_out", "demo-zone"), ("discharge", "demo-port"))
        if moves[n].event != "gate_in" and (self.rng.random() < 0.6 or none_more):
            wrong = replace(moves[n], at=moves[n].at - timedelta(minutes=self.rng.randrange(20, 60)))
            return (*moves[:n], wrong, *moves[n + 1 :])
        ghost = Box(boxes.number(1_900_000 + self.rng.randrange(90_000)), moves[n].box.size, moves[n].box.line)
        return (*moves, replace(moves[n], box=ghost, bill="", seals=()))

    # CSV -------------------------------------------------------------------------------------------------------------

    def rows(self, told: Sequence[Told]) -> list[File]:
        """The rows that tell of the moves; only a header when there are none: a source that says nothing new is heard all the same."""
        moves = [move for _, move in told]
        calm = self.heard and bool(moves) and not any(move.prompt for move in moves)
        chance = self.rng.random()
        if calm and chance < 0.03:
            self._csv("", [])
            self._csv("-late", moves, moves, "late", minutes(self.rng, 130, 470))
        elif calm and chance < 0.07:
            n = self.rng.randrange(len(moves))
            file = self._csv("", moves, moves[:n] + moves[n + 1 :], "impossible time")
            self.files[-1] = replace(file, content=_impossible(file.content, n + 1, self.feed))
            self._csv("-right", [moves[n]], [moves[n]], "row sent right", minutes(self.rng, 60, 150))
        elif calm and chance < 0.09:
            file = self._csv("", moves, (), "charset")
            self.files[-1] = replace(file, content=file.content.replace(b"\r\n", " ghi chú\r\n".encode("utf-16-le"), 1))
            self._csv("-right", moves, moves, "sent right", minutes(self.rng, 20, 40))
        elif moves and chance > 0.97:
            first = self._csv("", moves, moves, "twice")
            self.files.append(
                replace(first, at=self.sent + minutes(self.rng, 20, 200), name=self.name("-again", "csv"), fault="same bytes")
            )
        else:
            self._csv("", moves, moves)
        return self.files

    def _csv(self, suffix: str, moves: Sequence[Move], says: Sequence[Move] = (), fault: str = "", after: timedelta = timedelta()) -> File:
        text = ROWS[self.feed](moves)
        file = File(self.sent + after, self.feed, self.name(suffix, "csv"), text.encode(), frozenset(key(m) for m in says), fault)
        self.files.append(file)
        return file

    def facts(self, told: Sequence[Fact]) -> list[File]:
        """The customs facts; now and then the same file twice."""
        said = frozenset(key(fact) for fact in told)
        fault = "late" if any(f.told_after for f in told) else ""
        first = File(self.sent, self.feed, self.name("", "csv"), facts(told).encode(), said, fault)
        self.files.append(first)
        if told and self.rng.random() < 0.04:
            self.files.append(
                replace(first, at=self.sent + minutes(self.rng, 20, 100), name=self.name("-again", "csv"), fault="same bytes")
            )
        return self.files

    def signals(self, told: Sequence[Signal]) -> list[File]:
        """The words of devices; only a header when there are none."""
        said = frozenset(key(signal) for signal in told)
        return [File(self.sent, self.feed, self.name("", "csv"), signals(told).encode(), said)]


# fault, its share, whether what it tells can wait
_EDIFACT = (
    ("late", 0.03, True),
    ("replaced", 0.025, True),
    ("replaced_first", 0.006, True),
    ("cancelled", 0.015, True),
    ("cancelled_first", 0.006, True),
    ("cut", 0.012, True),
    ("reused", 0.012, True),
    ("twice", 0.02, False),
    ("renumbered", 0.015, False),
    ("miscounted", 0.015, False),
    ("charset", 0.012, False),
    ("test", 0.008, False),
    ("unknown", 0.008, False),
)
_TIMES = {
    "dt2-gate": "31.02.2026 25:61",
    "carrier": "2026-02-31 10:15",
    "second-gate": "02/31/2026 10:15",
    "warehouse-gate": "31/02/2026 10:15",
}


def _impossible(content: bytes, line: int, feed: str) -> bytes:
    """The CSV with a time in that line that no calendar has."""
    lines = content.decode().split("\r\n")
    mark = ";" if feed in ("dt2-gate", "warehouse-gate") else ","
    cells = lines[line].split(mark)
    for n, cell in enumerate(cells):
        if ":" in cell and any(sign in cell for sign in "./-"):
            cells[n] = _TIMES[feed]
    lines[line] = mark.join(cells)
    return "\r\n".join(lines).encode()
