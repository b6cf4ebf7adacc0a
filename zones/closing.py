"""What people closed, and what it rested on: the statements that were in evidence then, and since when which of them no longer count.

A closing is an act, kept in the journal with the statements that counted when it was done. Whether these still count is asked of the very
fold that decides which reports and customs facts count at all: as of each receipt since. So it does not matter in which order things came.
A statement that is told again in the same words counts on, whichever message says it now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from zones.customs import Fact, counted
from zones.report import DocumentAct, Report, Version, latest, standing

COUNTS = "live"
READ_AGAIN = "read_again"  # our own reader understood the message otherwise
OUTDONE = "outdone"  # its message used a reference that is another's
CHANGED = {"superseded": "corrected", READ_AGAIN: READ_AGAIN}  # what a statement that no longer counts is called; else "taken_back"

Known = Callable[[datetime, str], bool]  # of what was received at a time, in a message: whether it was known
Moment = tuple[datetime, str]  # when something was received, and in which message


class Turn(Struct, frozen=True):
    """From `at` on a statement counts (COUNTS) or does not, since a message was received. `name`: what its sender called it."""

    at: datetime
    message_id: str
    status: str
    name: str = ""


class Rest(Struct, frozen=True, kw_only=True):
    """One statement on which a closing rests. `kind`: report | fact; `said`: the event, or the kind of fact; `at`: when that was."""

    statement_id: str
    kind: str
    said: str
    at: datetime | None
    place: str
    message_id: str
    turns: tuple[Turn, ...] = ()

    def away(self, since: datetime, until: datetime | None) -> Iterator[tuple[datetime, datetime | None, Turn]]:
        """The spells within [since, until) in which it does not count, each with the turn that began it."""
        for n, turn in enumerate(self.turns):
            end = self.turns[n + 1].at if n + 1 < len(self.turns) else None
            ends = min((at for at in (end, until) if at is not None), default=None)
            began = max(turn.at, since)
            if turn.status != COUNTS and (ends is None or began < ends):
                yield began, ends, turn


class Closing(Struct, frozen=True, kw_only=True):
    """One closing of an alert, the `line` of its journal; it stands until a person closed or opened the alert again."""

    line: int
    at: datetime
    until: datetime | None
    by: str
    outcome: str
    rests: tuple[Rest, ...]


class Told(Struct, frozen=True):
    """A report or a customs fact, from when it was known, and from when another reading of its message stands instead."""

    record: Report | Fact
    since: datetime
    outread_at: datetime | None = None
    alone: str = COUNTS  # of a customs fact: what it counts as without looking at others


def turns(moments: Iterable[Moment], status: Callable[[Known], str], until: datetime) -> tuple[Turn, ...]:
    """When a statement stopped counting, and when it counted again, by what was received up to a moment.

    `status(known)`: what it counts as by what is known; "" where it is not known itself. Of all messages known the latest without which it
    would count as before is the one that did it.
    """
    heard = sorted({moment for moment in moments if moment[0] <= until})
    found: list[Turn] = []
    before = COUNTS
    for at, _ in groupby(heard, key=itemgetter(0)):
        now = status(_by(at))
        if now and (now == COUNTS) != (before == COUNTS):
            so_far = [message for moment, message in heard if moment <= at]
            found.append(Turn(at, _whose(so_far, at, status, before), now))
            before = now
    return tuple(found)


def _by(at: datetime, without: str = "") -> Known:
    return lambda moment, message: moment <= at and message != without


def _whose(messages: Sequence[str], at: datetime, status: Callable[[Known], str], before: str) -> str:
    latest_first = list(dict.fromkeys(reversed(messages)))
    return next((one for one in latest_first if status(_by(at, one)) == before), latest_first[0])


Statuses = Callable[[Known], Mapping[str, str]]  # what is known -> record id -> what it counts as


def of_reports(told: Sequence[Told], acts: Iterable[DocumentAct], others: Iterable[Version]) -> tuple[list[Moment], Statuses]:
    """Of all reports of one box: when something of them was received, and what each counts as by what is known."""
    every, also = list(acts), list(others)
    moments = _moments(told, (*every, *also))

    def status(known: Known) -> Mapping[str, str]:
        here = {one.record.report_id: one for one in told if isinstance(one.record, Report) and _is_known(one, known)}
        stands = standing(
            [_as_read(one, known) for one in here.values()],
            [act for act in every if known(act.received_at, act.message_id)],
            [version for version in also if known(version.received_at, version.message_id)],
        )
        return _still_said(here, stands, _WORDS, known)

    return moments, status


def of_facts(told: Sequence[Told], others: Iterable[Version]) -> tuple[list[Moment], Statuses]:
    """The same of customs facts, and of all tellings of them."""
    also = list(others)

    def status(known: Known) -> Mapping[str, str]:
        here = {one.record.fact_id: one for one in told if isinstance(one.record, Fact) and _is_known(one, known)}
        heard = latest(version for version in also if known(version.received_at, version.message_id))
        stands = {fact_id: counted(one.record, one.alone, heard) for fact_id, one in here.items() if isinstance(one.record, Fact)}
        return _still_said(here, stands, _FACT_WORDS, known)

    return _moments(told, also), status


def _moments(told: Iterable[Told], others: Iterable[DocumentAct | Version]) -> list[Moment]:
    own = [(at, one.record.message_id) for one in told for at in (one.since, one.outread_at) if at is not None]
    return own + [(each.received_at, each.message_id) for each in others]


def _is_known(one: Told, known: Known) -> bool:
    return known(one.since, one.record.message_id)


def _is_outread(one: Told, known: Known) -> bool:
    return one.outread_at is not None and known(one.outread_at, one.record.message_id)


def _as_read(one: Told, known: Known) -> Report:
    assert isinstance(one.record, Report)  # noqa: S101 - asked of reports alone
    return replace(one.record, given="superseded") if _is_outread(one, known) else one.record


def _still_said(here: Mapping[str, Told], stands: Mapping[str, str], words: Callable[[Any], Any], known: Known) -> Mapping[str, str]:
    """A statement counts as well where another one that counts says the same: a document that replaces one repeats most of it."""
    found = {i: READ_AGAIN if _is_outread(one, known) else stands[i] for i, one in here.items()}
    said = {words(here[i].record) for i, status in found.items() if status == COUNTS}
    return {i: COUNTS if status != COUNTS and words(here[i].record) in said else status for i, status in found.items()}


# What a statement says, as against which document or message says it.
_SAID = ("publisher", "place", "precision", "bill", "declaration", "booking", "equipment")
_WORDS: Callable[[Any], Any] = attrgetter(
    *_SAID,
    *("event", "occurred_at", "classifier", "terminal", "area", "mode", "vehicle", "gate", "lane", "line", "direction", "full_empty"),
    *("size_type", "seals", "gross_g"),
)
_FACT_WORDS: Callable[[Any], Any] = attrgetter(*_SAID, "kind", "about", "reference", "agency", "reason", "hold_ref", "effective_at", "to")
