"""A movement: what happened. The live reports that tell of one physical event, one of them canonical, the others its evidence.

Within (box, place, event), in time order, a report joins the current movement if it lies within the place's tolerance of that
movement's first report and no report of the same publisher is in it yet; a repeat by the same publisher joins only at the identical
time. The canonical report is by declared rank of publishers for the event, then earliest received, then id. What people recorded by hand
joins what the sources tell, and changes nothing of it (zones/by_hand.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from msgspec import Struct

from zones.by_hand import BY_HAND, OTHER_WAY, joined
from zones.report import Report

# What an event does to a stay. `present` of a yard list is decided by the list: the first opens the books, a later one only counts.
EFFECT = {
    "gate_in": "entry",
    "discharge": "entry",
    "gate_out": "exit",
    "load": "exit",
    "present": "inside",
    "yard_move": "inside",
    "stuff": "inside",
    "strip": "inside",
    "inspect": "count",  # a witness of an open stay; by itself it does not prove that the box is inside
    "seal": "count",
    "reseal": "count",
    "unseal": "count",
}
ORDER = {"entry": 0, "inside": 1, "count": 2, "exit": 5}  # at equal times; customs facts stand between (zones.customs.ORDER)
COMPARED = ("seals", "gross_g", "full_empty", "size_type", "direction", "vehicle")  # told differently: kept and shown


def content_id(*parts: str) -> str:
    """The id of anything derived: 32 hex digits of what it is made of. Never a counter, so it comes out the same in any order."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:32]


class Movement(Struct, frozen=True, kw_only=True, gc=False):
    """One physical event. `reports` are all that tell of it, canonical first."""

    movement_id: str
    equipment: str
    place: str
    event: str
    effect: str  # entry | inside | exit | count | none
    occurred_at: datetime
    precision: str
    canonical: Report
    reports: tuple[Report, ...]
    disagreement: dict[str, Any] | None = None

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Where it stands among the movements of its box. An exit known by the day stands at that day's end, all else at its beginning."""
        at = self.occurred_at
        if self.precision == "day" and self.effect == "exit":
            at += timedelta(hours=23, minutes=59, seconds=59)
        return at, ORDER.get(self.effect, 3), self.movement_id


class Telling(Struct, frozen=True, gc=False):
    """How reports become movements at one place: what the place declares, as plain functions, so that the fold knows no declarations.

    tolerance(event) -> how close reports tell of one movement; rank(event) -> publisher -> place in the order of belief;
    openings: feed -> instant of the yard list that opens the books.
    """

    tolerance: Callable[[str], timedelta]
    rank: Callable[[str], Mapping[str, int]]
    openings: Mapping[str, datetime]


def merged(reports: Iterable[Report], telling: Telling) -> list[Movement]:
    """The movements that live, actual reports of one box at one place tell of, in the order of the fold."""
    told = list(reports)
    if len(told) == 1 and told[0].classifier == "actual" and told[0].event in EFFECT and told[0].occurred_at is not None:
        return [movement(told, telling)]  # by far the most common case on the way in
    by_event: dict[str, list[Report]] = defaultdict(list)
    for report in told:
        if report.classifier == "actual" and report.event in EFFECT and report.occurred_at is not None:
            by_event[report.event].append(report)
    turns = _turns(by_event) if any(report.publisher == BY_HAND for report in told) else None
    found: list[Movement] = []
    for event, of_event in by_event.items():
        tolerance = telling.tolerance(event)
        if turns is None:
            groups = _grouped(of_event, tolerance)
        else:
            recorded = [report for report in of_event if report.publisher == BY_HAND]
            groups = _grouped([report for report in of_event if report.publisher != BY_HAND], tolerance)
            groups = joined(groups, recorded, EFFECT[event], tolerance, turns)
        found += [movement(group, telling) for group in groups]
    found.sort(key=lambda m: m.order)
    return found


def _grouped(of_event: list[Report], tolerance: timedelta) -> list[list[Report]]:
    """The reports of one event by the movement that they tell of, in time order."""
    of_event.sort(key=lambda r: (r.occurred_at, r.received_at, r.report_id))
    groups: list[list[Report]] = []
    for report in of_event:
        if groups and _joins(report, groups[-1], tolerance):
            groups[-1].append(report)
        else:
            groups.append([report])
    return groups


def _turns(by_event: Mapping[str, Sequence[Report]]) -> dict[str, list[datetime]]:
    """When the box entered and when it left, by anybody's word."""
    found: dict[str, list[datetime]] = {effect: [] for effect in OTHER_WAY}
    for event, reports in by_event.items():
        if EFFECT[event] in found:
            found[EFFECT[event]] += [_time(report) for report in reports]
    return {effect: sorted(times) for effect, times in found.items()}


def joined_until(group: Sequence[Report]) -> datetime:
    """The end of a group's first telling: tolerance counts from there. What was recorded by hand beside a source's word moves it not."""
    told = group if len(group) == 1 else [report for report in group if report.publisher != BY_HAND] or group
    first = told[0] if len(told) == 1 else min(told, key=_in_time)
    return _time(first) + (timedelta(days=1) if first.precision == "day" else timedelta())


def _in_time(report: Report) -> tuple[datetime, datetime, str]:
    return _time(report), report.received_at, report.report_id


def _joins(report: Report, group: list[Report], tolerance: timedelta) -> bool:
    if any(report.publisher == other.publisher and report.occurred_at != other.occurred_at for other in group):
        return False
    if report.listed_at is not None or group[0].listed_at is not None:
        return report.occurred_at == group[0].occurred_at  # lists are instants: two lists are never one
    return _time(report) - joined_until(group[:1]) <= tolerance  # a day-precise telling stands for its whole day


def _time(report: Report) -> datetime:
    """The time of a report that has one: merged() leaves out those that have none."""
    if report.occurred_at is None:
        raise ValueError(report.report_id)
    return report.occurred_at


def movement(group: list[Report], telling: Telling) -> Movement:
    """The movement that a group of reports tells of."""
    event = group[0].event
    ordered = group
    if len(group) > 1:
        rank = telling.rank(event)
        # Any source is believed before what stands in for it.
        ordered = sorted(group, key=lambda r: (r.publisher == BY_HAND, rank.get(r.publisher, len(rank)), r.received_at, r.report_id))
    canonical = ordered[0]
    return Movement(
        movement_id=content_id(canonical.equipment, canonical.place, event, canonical.report_id),
        equipment=canonical.equipment,
        place=canonical.place,
        event=event,
        effect=effect(canonical, telling.openings),
        occurred_at=_time(canonical),
        precision=canonical.precision,
        canonical=canonical,
        reports=tuple(ordered),
        disagreement=disagreement(ordered) if len(ordered) > 1 else None,
    )


def effect(report: Report, openings: Mapping[str, datetime]) -> str:
    """What the report's event does to a stay. A line of a yard list opens only in the list that opens the books."""
    if report.listed_at is not None:
        return "inside" if openings.get(report.feed) == report.listed_at else "count"
    return EFFECT.get(report.event, "none")


def disagreement(ordered: list[Report]) -> dict[str, Any] | None:
    """Field -> [value, publisher] pairs wherever two publishers tell it differently; None where they agree."""
    found: dict[str, Any] = {}
    times = {(r.occurred_at.isoformat() if r.occurred_at else "", r.publisher) for r in ordered}
    if len({at for at, _ in times}) > 1:
        found["occurred_at"] = [list(pair) for pair in sorted(times)]
    for name in COMPARED:
        told = {(str(value), r.publisher) for r in ordered if (value := getattr(r, name)) not in ("", "unknown", None)}
        if len({value for value, _ in told}) > 1:
            found[name] = [list(pair) for pair in sorted(told)]
    return found or None
