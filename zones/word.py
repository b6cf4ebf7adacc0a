"""A word: what a source says of a box beside its movements. An announcement, an order, a line of a manifest, a weight, dangerous goods.

A word is one live report as a rule sees it, where it tells more than that something happened: it is not `actual`, or it tells what the box
weighs or what is in it. Words are evidence like movements are. What moved a box is asked of its stays, never of its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from zones.report import Report
from zones.stay import Stay

ACTUAL = "actual"
STANDS = {"live": True, "superseded": False}  # what tells of a word: itself, or that it was told before
COMES = ("gate_in", "discharge")
GOES = ("gate_out", "load")
EARLY = timedelta(hours=12)  # what comes or goes sooner than announced by no more than this is what was announced


class Word(Struct, frozen=True, kw_only=True, gc=False):
    """One live report that tells more than a movement. Times UTC; `at`: when it happened, or is to happen; texts "" where absent.

    `gross_g` in grams, `weight` what that is of (zones.report.Cargo.weight; "" where the source does not say); `dangerous`: class and UN
    number each ("3/1263"); `set_temp` in tenths of a degree Celsius; `document`: the message it stands in, as its sender numbers it.
    """

    report_id: str
    received_at: datetime
    at: datetime | None
    event: str
    classifier: str
    publisher: str
    place: str
    precision: str = "minute"
    terminal: str = ""
    area: str = ""
    vessel: str = ""
    voyage: str = ""
    bill: str = ""
    booking: str = ""
    declaration: str = ""
    document: str = ""
    gross_g: int | None = None
    weight: str = ""
    dangerous: tuple[str, ...] = ()
    set_temp: int | None = None
    size_type: str = ""
    full_empty: str = "unknown"
    first_at: datetime | None = None  # of what was told again since, in a list that was sent anew: when it was first received

    @property
    def since(self) -> datetime:
        """From when it was known: a list that is sent anew announces nobody later than the first one did."""
        return min(self.first_at or self.received_at, self.received_at)

    @property
    def happened(self) -> bool:
        """Whether it is told of something that happened; else it is announced, ordered, expected or declared."""
        return self.classifier == ACTUAL

    @property
    def time(self) -> datetime:
        """What it sorts by: when it is of, else when it was said."""
        return self.at or self.received_at

    @property
    def latest(self) -> datetime:
        """The last instant that it may be of: a day-precise time stands for its whole day."""
        return self.time + timedelta(hours=23, minutes=59, seconds=59) if self.precision == "day" else self.time


def tells(report: Report) -> bool:
    """Whether a report tells more than a movement."""
    return report.classifier != ACTUAL or report.gross_g is not None or report.cargo is not None


def word(report: Report) -> Word:
    """A report as a word."""
    cargo = report.cargo
    return Word(
        report_id=report.report_id,
        received_at=report.received_at,
        at=report.occurred_at,
        event=report.event,
        classifier=report.classifier,
        publisher=report.publisher,
        place=report.place,
        precision=report.precision,
        terminal=report.terminal,
        area=report.area,
        vessel=report.vessel,
        voyage=report.voyage,
        bill=report.bill,
        booking=report.booking,
        declaration=report.declaration,
        document=report.document,
        gross_g=report.gross_g,
        weight=cargo.weight if cargo else "",
        dangerous=cargo.dangerous if cargo else (),
        set_temp=cargo.set_temp if cargo else None,
        size_type=report.size_type,
        full_empty=report.full_empty,
    )


def standing(told: Iterable[tuple[Word, str, bool]]) -> tuple[Word, ...]:
    """The words of a box, in order, from (word, its source's id of it, whether it stands or was superseded) of all that tell more.

    One that was told before, by the same publisher of the same event in the same document or under the same id, says since when.
    """
    words: list[tuple[Word, tuple[str, ...]]] = []
    first: dict[tuple[str, ...], datetime] = {}
    for word_, source_id, stands in told:
        key = (word_.publisher, word_.place, word_.event, word_.document, source_id)
        if stands:
            words.append((word_, key))
        elif not word_.happened and (word_.document or source_id):
            first[key] = min(word_.received_at, first.get(key, word_.received_at))
    return in_order(one if one.happened else replace(one, first_at=first.get(key)) for one, key in words)


def in_order(words: Iterable[Word]) -> tuple[Word, ...]:
    """Words by what they are of, then by when they were received."""
    return tuple(sorted(words, key=lambda word: (word.time, word.received_at, word.report_id)))


def by_visit(words: Sequence[Word], stays: Iterable[Stay]) -> dict[str, tuple[Word, ...]]:
    """stay id -> the words of that visit, in the order given. A word is of one visit at most, at its own place.

    A word of coming in belongs to the visit that began nearest to it among those not over by then; a word of leaving, and any other, to the
    visit that had begun by then. Either may be up to EARLY off: who comes or leaves before the time announced for it has come or left.
    What is announced of a box that has gone, or has not come yet, is of no visit: it is among all that is known of the box.
    """
    at: Mapping[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        at[stay.place].append(stay)
    found: dict[str, list[Word]] = defaultdict(list)
    for told in words:
        if (visits := at.get(told.place)) and (stay_id := _visit(told, visits)):
            found[stay_id].append(told)
    return {stay_id: tuple(told) for stay_id, told in found.items()}


def _visit(told: Word, visits: Sequence[Stay]) -> str:
    """Of the visits at one place, oldest first, the one that a word is of; "" where there is none."""
    if told.event in COMES:
        near = [(abs(told.time - v.opened_at), v.stay_id) for v in visits if v.left_at is None or told.time <= v.left_at + EARLY]
        return min(near)[1] if near else ""
    begun = [v for v in visits if v.opened_at <= told.latest]
    if begun:
        return begun[-1].stay_id
    return visits[0].stay_id if visits[0].opened_at <= told.latest + EARLY else ""
