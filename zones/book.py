"""Our own book of one box: everything that follows from what was received about it.

This is the one fold. `data.derive` calls it for boxes that cannot be resumed, `data.asof` for any past moment, `data.verify` to compare,
`data.judge` where it must leave out what came later. All of them therefore agree by construction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from zones.by_hand import BY_HAND, DAY, reach
from zones.customs import Fact, Hold, Link, holds, in_order
from zones.movement import Movement, Telling, merged
from zones.neighbour import Spot, spots_of
from zones.report import DocumentAct, Report, Version, named_at, standing, waits_until
from zones.stay import Stay, Tip, fold, with_holds
from zones.word import ACTUAL, STANDS, Word, tells, word
from zones.word import standing as words_of

DOCUMENTS = ("bill", "declaration", "booking")


@dataclass(frozen=True, slots=True)
class Book:
    """One box: status of every report, its movements and stays everywhere, the documents it goes with, its holds, and per place the tip."""

    status: Mapping[str, str]
    movements: tuple[Movement, ...]
    belongs: Mapping[str, str]  # movement id -> stay id
    stays: Mapping[str, Stay]
    tips: Mapping[str, Tip]
    links: tuple[Link, ...]
    holds: tuple[Hold, ...]
    told: tuple[Fact, ...] = ()  # the customs facts about it and its documents
    words: tuple[Word, ...] = ()  # what is said of it beside its movements; what is announced for after `upto` was announced before
    spots: tuple[Spot, ...] = ()  # of a box with dangerous goods: where it stood

    @property
    def canonical(self) -> Mapping[str, str]:
        """report id -> movement id, for the reports that tell of one."""
        return {report.report_id: movement.movement_id for movement in self.movements for report in movement.reports}


def book(
    reports: Sequence[Report],
    acts: Iterable[DocumentAct],
    facts: Callable[[Sequence[Link]], Sequence[Fact]],
    telling: Callable[[str], Telling],
    kind: Callable[[str], str],
    upto: datetime | None = None,
    named: Sequence[Link] = (),
    others: Iterable[Version] = (),
) -> Book:
    """Fold one box; nothing that happened after `upto` is folded.

    `facts(links)` gives the customs facts about the box and about the documents of the links; `named` are the links that customs facts
    themselves tell; `others` are further versions of what the reports tell; `telling(place)` and `kind(place)` are what the place
    declares.
    """
    status = standing(reports, acts, others)
    live = [r for r in reports if status[r.report_id] == "live" and (upto is None or (r.occurred_at is not None and r.occurred_at <= upto))]
    by_place: dict[str, list[Report]] = defaultdict(list)
    for report in live:
        by_place[report.place].append(report)
    links = links_of(reports, status, named, upto)
    told = [fact for fact in facts(links) if upto is None or fact.effective_at <= upto]
    held = holds(told, links)
    movements: list[Movement] = []
    belongs: dict[str, str] = {}
    stays: dict[str, Stay] = {}
    tips: dict[str, Tip] = {}
    for place in sorted(by_place):
        happened = merged(by_place[place], telling(place))
        visits, where, tip = fold(happened, kind(place))
        movements.extend(m for m in happened if is_kept(m))
        belongs.update(where)
        stays.update((visit_id, with_holds(visit, held)) for visit_id, visit in visits.items())
        if tip is not None:
            tips[place] = tip if tip.stay is None else replace(tip, stay=stays[tip.stay.stay_id])
    for report in reports:
        until = waits_until(report)
        if report.publisher == BY_HAND and status[report.report_id] == "live" and report.occurred_at is not None:
            own = reach(telling(report.place).tolerance(report.event))
            until = report.occurred_at + (own + DAY if report.precision == "day" else own)
        if until is not None:  # it may come before what it cancels, copies or stands in for: up to then nothing is simply gone on from
            tip = tips.get(report.place, Tip(until, {}, None))
            tips[report.place] = replace(tip, last_at=max(tip.last_at, until))
    said = ((r, status[r.report_id]) for r in reports if status[r.report_id] in STANDS and tells(r) and _said(r, upto))
    words = words_of((word(r), r.source_id, STANDS[counts]) for r, counts in said)
    spots = spots_of(live) if any(stay.dangerous for stay in stays.values()) else ()
    return Book(status, tuple(movements), belongs, stays, tips, links, held, in_order(told), words, spots)


def _said(report: Report, upto: datetime | None) -> bool:
    at = report.occurred_at if report.classifier == ACTUAL else report.received_at
    return upto is None or (at is not None and at <= upto)


def is_kept(movement: Movement) -> bool:
    """A line of a later yard list is a count, not something that happened."""
    return movement.effect != "count" or movement.canonical.listed_at is None


def links_of(
    reports: Iterable[Report], status: Mapping[str, str], named: Iterable[Link] = (), upto: datetime | None = None
) -> tuple[Link, ...]:
    """The documents a box goes with, each from the first time it was named (up to `upto`): by a movement, a plan, a status or customs."""
    first: dict[tuple[str, str], datetime] = {}
    told = [
        (kind, getattr(r, kind), named_at(status[r.report_id], r.classifier, r.occurred_at, r.updated_at, r.received_at))
        for r in reports
        for kind in DOCUMENTS
        if getattr(r, kind)
    ]
    for kind, reference, at in (*told, *((link.kind, link.reference, link.at) for link in named)):
        if at is not None and (upto is None or at <= upto):
            first[kind, reference] = min(at, first.get((kind, reference), at))
    return tuple(
        sorted((Link(kind=k, reference=r, at=at) for (k, r), at in first.items()), key=lambda link: (link.kind, link.at, link.reference))
    )
