"""Which book of goods tells what, and when: the operators by shift or by day, customs when they have authorised something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from data.demo.calls import DAY
from data.demo.faults import File
from data.demo.goods import write
from data.demo.goods.ledger import Ledger
from data.demo.goods.lot import SMALL, Line

OPENING = 10  # minutes after the origin: what is there then
TICKS = {
    "dz-ledger-a": (380, 1100),
    "dz-ledger-b": (1210,),
    "dz-ledger-c": (1150,),
    "dz-permits": (100, 460, 820, 1180),
}  # minutes of the day
WRITES: dict[str, tuple[tuple[str, ...], Callable[[Sequence[write.Told]], bytes], str]] = {
    "dz-ledger-a": (("DZL",), write.logistics, "csv"),
    "dz-ledger-b": (("DZG",), write.garments, "xlsx"),
    "dz-ledger-c": (SMALL, write.keepers, "csv"),
    "dz-permits": ((), write.permits, "csv"),
}
FEEDS = tuple(TICKS)
CUSTOMS = "dz-permits"
AGAIN = timedelta(hours=26)  # at most until the next file, and its minutes


def feed_of(line: Line) -> str:
    """The book that tells a line."""
    return next(feed for feed, (operators, *_) in WRITES.items() if line.operator in operators)


def key(line: Line) -> tuple[object, ...]:
    """By which the truth finds the file that told of a line as it is."""
    return "line", line.operator, line.number


def files(ledger: Ledger, feed: str, day: int) -> Iterator[File]:
    """The files of one book that belong to a day (counted from the origin)."""
    start = ledger.plan.origin + day * DAY
    ticks = [start + timedelta(minutes=minute) for minute in TICKS[feed]]
    before = start - DAY + timedelta(minutes=TICKS[feed][-1]) if day else ledger.plan.origin
    told = _statements(ledger, feed, day)
    if day == 0:
        opening = start + timedelta(minutes=OPENING)
        yield _file(ledger, feed, opening, _opening(ledger, feed, opening))
    for tick in ticks:
        due = [(line, at, function, right) for at, line, function, right in told if before < at <= tick]
        yield _file(ledger, feed, tick, due)
        before = tick


def _opening(ledger: Ledger, feed: str, at: datetime) -> list[tuple[Line, datetime, str, bool]]:
    mine = [line for line in ledger.opening() if _tells(feed, line)]
    return [(replace(line, box="") if feed == CUSTOMS else line, at - timedelta(minutes=5), "", True) for line in mine]


def _tells(feed: str, line: Line) -> bool:
    return line.own if feed == CUSTOMS else line.operator in WRITES[feed][0]


def _statements(ledger: Ledger, feed: str, day: int) -> list[tuple[datetime, Line, str, bool]]:
    """(when it is known, the line as it is told then, "" or "cancel", whether it is told rightly), of the days around."""
    found: list[tuple[datetime, Line, str, bool]] = []
    origin = ledger.plan.origin
    for on in (day - 2, day - 1, day, day + 1):
        for line in ledger.lines(on):
            if line.at <= origin or not _tells(feed, line):
                continue
            rng = Random(f"{ledger.plan.seed}/{feed}/{line.number}")
            if feed == CUSTOMS:
                line = replace(line, quantity=line.allowed) if line.allowed else line
                found.append((max(line.issued or line.at, origin) + timedelta(minutes=rng.randrange(2, 15)), line, "", True))
                continue
            at = line.at + timedelta(minutes=rng.randrange(3, 45)) + line.told_after
            line = replace(line, **line.odd) if line.odd else line  # type: ignore[arg-type]
            later = at + timedelta(hours=rng.randrange(13, 25))
            if line.wrong:
                found.append((at, replace(line, **line.wrong), "", False))  # type: ignore[arg-type]
                found.append((later, line, "", True))
            else:
                found.append((at, line, "", True))
            if line.again:
                twice = replace(line, number=f"{line.number}D", balance=None)
                found += [(at, twice, "", False), (later, twice, "cancel", False)]
    return sorted(found, key=lambda one: (one[0], one[1].at, one[1].number))


def _file(ledger: Ledger, feed: str, tick: datetime, due: Sequence[tuple[Line, datetime, str, bool]]) -> File:
    """One delivery; only its header where there is nothing new."""
    rng = Random(f"{ledger.plan.seed}/{feed}/{tick}")
    sent = tick + timedelta(minutes=rng.randrange(2, 9), seconds=rng.randrange(60))
    _, write_, end = WRITES[feed]
    said = frozenset(key(line) for line, _, function, right in due if right and not function)
    content = write_([(line, at, function) for line, at, function, _ in due])
    fault = "" if all(right for *_, right in due) else "wrong, put right later"
    return File(sent, feed, f"{feed}-{tick:%Y%m%dT%H%MZ}.{end}", content, said, fault)
