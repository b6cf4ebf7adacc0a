"""A stay: one visit of a box to a place, folded from its movements.

`step` takes the fold one movement further; `fold` is nothing but steps. A pull that brings movements in time order resumes from the
`Tip` kept for the box and place; anything late, retracting or superseding folds that box at that place again. Both give equal rows
(a property test holds them to it).

Unknown is a value: a box may be inside without a known entry (a yard list says so, or an exit is told of a box nobody saw come);
its stay opens with `entered_not_after`. Dwell is of known entries and known exits only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from zones.customs import Hold, in_force, open_holds
from zones.movement import Movement, content_id, joined_until


class Mark(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One end of a stay, as the canonical report of that movement tells it. `reports` are all that tell of it, canonical first."""

    at: datetime
    event: str
    report_id: str
    received_at: datetime
    precision: str = "minute"
    publisher: str = ""
    gate: str = ""
    lane: str = ""
    vehicle: str = ""
    mode: str = "unknown"
    seals: str = ""
    reports: tuple[str, ...] = ()
    sealed: str = ""  # who put each seal on and of which kind: zones.seals

    @property
    def latest(self) -> datetime:
        """The last instant at which it may have happened: a day-precise time stands for its whole day."""
        return self.at + timedelta(hours=23, minutes=59, seconds=59) if self.precision == "day" else self.at


class Stay(Struct, frozen=True, gc=False):
    """One visit. `opening` is what opened it; it is the entry only where `entered`, else the box was inside by then at the latest.
    `left_at` without `exit`: left unseen, at the latest then."""

    stay_id: str
    equipment: str
    place: str
    opening: Mark
    entered: bool
    heard_at: datetime
    opened_by_list: bool = False
    exit: Mark | None = None
    left_at: datetime | None = None
    left_by: str = ""  # event, or "inferred"
    direction: str = "unknown"
    direction_from: str = ""  # declared | observed | assumed
    terminal: str = ""
    area: str = ""
    line: str = ""
    bill: str = ""
    declaration: str = ""
    size_type: str = ""
    teu: int = 0
    full_empty: str = "unknown"
    seals: str = ""
    movements: int = 0
    held: tuple[str, ...] = ()  # agencies: of an open stay the holds nobody released, of a closed one those in force at its end
    held_since: datetime | None = None
    lightest: int | None = None  # grams: the least and the greatest weight that was told of it full
    heaviest: int | None = None
    dangerous: str = ""  # class and UN number of all dangerous goods that its movements told ("3/1263 8/1824")
    stood: tuple[tuple[Mark, str], ...] = ()  # where it stood, and what told so; empty: in `area` all the time

    @property
    def entry(self) -> Mark | None:
        """How it came in, where somebody told so."""
        return self.opening if self.entered else None

    @property
    def entered_at(self) -> datetime | None:
        return self.opening.at if self.entered else None

    @property
    def entered_not_after(self) -> datetime | None:
        return None if self.entered else self.opening.at

    @property
    def opened_at(self) -> datetime:
        """What a stay sorts by: its entry, else the earliest instant at which it is known to be inside."""
        return self.opening.at

    @property
    def dwell_minutes(self) -> int | None:
        """Minutes from known entry to known exit; None where either is unknown (import dwell as in PMSA: discharge to gate-out)."""
        if self.entry is None or self.exit is None:
            return None
        return max(int((self.exit.at - self.entry.at) / timedelta(minutes=1)), 0)


class Tip(Struct, frozen=True, gc=False):
    """Where the fold of one box at one place stands: the time up to which a new telling may change what was folded; of the latest movement
    of each event its first telling's time (a day's end, where that is all it says) and the publishers, which is what a further telling
    would join; its latest stay; and what kind of box it was told to be (a box that comes back as another is looked at)."""

    last_at: datetime
    recent: Mapping[str, tuple[datetime, tuple[str, ...]]]
    stay: Stay | None
    size_type: str = ""


OBSERVED = {
    ("discharge", "gate_out"): "import",
    ("discharge", "load"): "transshipment",
    ("gate_in", "load"): "export",
    ("gate_in", "gate_out"): "storage",
}
ASSUMED = {"seaport": {"discharge": "import", "gate_in": "export"}}  # by kind of place; elsewhere a gate_in is for storage
ASSUMED_ELSEWHERE = {"discharge": "import", "gate_in": "storage"}


def step(stay: Stay | None, movement: Movement, kind: str = "seaport") -> tuple[Stay | None, tuple[Stay, ...]]:
    """One movement further: the latest stay of the box at the place, and the stays that changed. `stay` may be open, closed or None."""
    current = stay if stay is not None and stay.left_at is None else None
    match movement.effect:
        case "entry":
            opened = _open(movement, kind)
            if current is None:
                return opened, (opened,)
            left = replace(  # told to enter while inside: an exit nobody reported
                current, left_at=movement.occurred_at, left_by="inferred", heard_at=max(current.heard_at, opened.heard_at)
            )
            return opened, (left, opened)
        case "exit":
            left = _close(current or _open(movement, kind), movement)
            return left, (left,)
        case "inside":
            seen = _seen(current, movement) if current else _open(movement, kind)
            return seen, (seen,)
        case "count" if current is not None:
            seen = _seen(current, movement)
            return (seen, (seen,)) if seen != current else (stay, ())
        case _:
            return stay, ()


def fold(movements: Iterable[Movement], kind: str = "seaport") -> tuple[dict[str, Stay], dict[str, str], Tip | None]:
    """All stays of one box at one place by id, oldest first; movement id -> stay id; and where the fold stands."""
    stays: dict[str, Stay] = {}
    belongs: dict[str, str] = {}
    tip: Tip | None = None
    stay: Stay | None = None
    for movement in movements:
        stay, changed = step(stay, movement, kind)
        for each in changed:
            stays[each.stay_id] = each
        belongs[movement.movement_id] = stay.stay_id if stay and changed else ""
        tip = advance(tip, movement, stay)
    return stays, belongs, tip


def advance(tip: Tip | None, movement: Movement, stay: Stay | None) -> Tip:
    """The tip after a movement."""
    at, reports = movement.order[0], movement.reports
    who: tuple[str, ...] = (reports[0].publisher,)
    if len(reports) > 1:
        at = max(at, *(r.occurred_at for r in reports if r.occurred_at is not None))
        who = tuple(sorted({r.publisher for r in reports}))
    latest = (joined_until(reports), who)
    recent = {**tip.recent, movement.event: latest} if tip else {movement.event: latest}
    told = stay.size_type if stay is not None else ""
    return Tip(max(at, tip.last_at) if tip else at, recent, stay, told or (tip.size_type if tip else ""))


def _open(movement: Movement, kind: str) -> Stay:
    told = movement.canonical
    lightest, heaviest, dangerous = _load(None, movement)
    direction, source = told.direction, "declared"
    if direction == "unknown":
        direction, source = (ASSUMED.get(kind, ASSUMED_ELSEWHERE).get(movement.event, "unknown"), "assumed")
        source = source if direction != "unknown" else ""
    return Stay(
        stay_id=content_id(movement.equipment, movement.place, told.report_id),
        equipment=movement.equipment,
        place=movement.place,
        opening=mark(movement),
        entered=movement.effect == "entry",
        opened_by_list=movement.effect == "inside" and told.listed_at is not None,
        direction=direction,
        direction_from=source,
        terminal=told.terminal,
        area=told.area,
        line=told.line,
        bill=told.bill,
        declaration=told.declaration,
        size_type=told.size_type,
        teu=told.teu,
        full_empty=told.full_empty,
        seals=told.seals,
        movements=1,
        heard_at=max(r.received_at for r in movement.reports),
        lightest=lightest,
        heaviest=heaviest,
        dangerous=dangerous,
    )


_NO_LOAD: tuple[int | None, int | None, str] = (None, None, "")


def _load(stay: Stay | None, movement: Movement) -> tuple[int | None, int | None, str]:
    """(lightest, heaviest, dangerous) of a stay with what one more movement tells, whoever tells it."""
    lightest, heaviest, dangerous = (stay.lightest, stay.heaviest, stay.dangerous) if stay is not None else _NO_LOAD
    for report in movement.reports:
        if report.gross_g is None and report.cargo is None:
            continue
        grams, cargo = report.gross_g, report.cargo
        if grams is not None and report.full_empty != "empty":
            lightest = grams if lightest is None or grams < lightest else lightest
            heaviest = grams if heaviest is None or grams > heaviest else heaviest
        if cargo is not None and cargo.dangerous:
            dangerous = " ".join(sorted({*dangerous.split(), *("".join(each.split()) for each in cargo.dangerous)}))
    return lightest, heaviest, dangerous


def _seen(stay: Stay, movement: Movement) -> Stay:
    """The open stay with what one more movement tells of it: a later word wins where it says anything."""
    told = movement.canonical
    lightest, heaviest, dangerous = _load(stay, movement)
    counted = movement.effect != "count" or told.listed_at is None
    return replace(
        stay,
        terminal=stay.terminal or told.terminal,
        area=told.area or stay.area,
        stood=_stood(stay, movement),
        line=told.line or stay.line,
        bill=told.bill or stay.bill,
        declaration=told.declaration or stay.declaration,
        size_type=stay.size_type or told.size_type,
        teu=stay.teu or told.teu,
        full_empty=told.full_empty if told.full_empty != "unknown" else stay.full_empty,
        seals=told.seals or stay.seals,
        movements=stay.movements + counted,
        heard_at=max(stay.heard_at, *(r.received_at for r in movement.reports)) if counted else stay.heard_at,
        lightest=lightest,
        heaviest=heaviest,
        dangerous=dangerous,
    )


def _stood(stay: Stay, movement: Movement) -> tuple[tuple[Mark, str], ...]:
    area = movement.canonical.area
    if not area or area == stay.area:
        return stay.stood
    return (*(stay.stood or ((stay.opening, stay.area),)), (mark(movement), area))


def _close(stay: Stay, movement: Movement) -> Stay:
    left = _seen(stay, movement)
    direction, source = left.direction, left.direction_from
    if source != "declared":
        told = movement.canonical.direction
        observed = OBSERVED.get((stay.opening.event, movement.event)) if stay.entered else None
        if told != "unknown":
            direction, source = told, "declared"
        elif observed:
            direction, source = observed, "observed"
    orphan = not stay.entered and stay.opening.report_id == movement.canonical.report_id
    return replace(
        left,
        area=stay.area or left.area,
        stood=stay.stood,
        exit=mark(movement),
        left_at=movement.occurred_at,
        left_by=movement.event,
        direction=direction,
        direction_from=source,
        movements=1 if orphan else left.movements,
    )


def mark(movement: Movement) -> Mark:
    """An end of a stay from the movement that made it."""
    told = movement.canonical
    return Mark(
        at=movement.occurred_at,
        event=movement.event,
        report_id=told.report_id,
        received_at=told.received_at,
        precision=movement.precision,
        publisher=told.publisher,
        gate=told.gate,
        lane=told.lane,
        vehicle=told.vehicle,
        mode=told.mode,
        seals=told.seals,
        reports=tuple(r.report_id for r in movement.reports),
        sealed=told.sealed,
    )


def with_holds(stay: Stay, holds: Sequence[Hold]) -> Stay:
    """The stay with who holds it: now, while it is inside; at its end, once it has left."""
    holding = open_holds(holds) if stay.left_at is None else in_force(holds, stay.left_at)
    held = tuple(sorted({hold.agency for hold in holding}))
    since = min((hold.since for hold in holding), default=None)
    return stay if (held, since) == (stay.held, stay.held_since) else replace(stay, held=held, held_since=since)


class Count(Struct, frozen=True, gc=False):
    """What a stay adds to the count of boxes inside at an instant: boxes = opening + came - went + corrected."""

    at: datetime
    opening: int = 0
    came: int = 0
    went: int = 0
    corrected: int = 0  # found inside, left unseen, or left without having been seen to come

    @property
    def boxes(self) -> int:
        return self.opening + self.came - self.went + self.corrected


def counts(stay: Stay) -> tuple[Count, ...]:
    """The conservation identity of a place, stay by stay."""
    if stay.entered:
        opened = Count(stay.opened_at, came=1)
    elif stay.opened_by_list:
        opened = Count(stay.opened_at, opening=1)
    else:
        opened = Count(stay.opened_at, corrected=1)
    if stay.left_at is None:
        return (opened,)
    left = Count(stay.left_at, went=1) if stay.exit else Count(stay.left_at, corrected=-1)
    return opened, left


class Standing(Struct, frozen=True, gc=False):
    """A box that comes to an area (1) or leaves it (-1). `by`: what told so; None where it left unseen."""

    at: datetime
    area: str
    boxes: int
    by: Mark | None


def stands(stay: Stay) -> tuple[Standing, ...]:
    """Where the box of a stay stood, in time order. While nobody tells where, it stands nowhere."""
    found: list[Standing] = []
    here = ""
    for by, area in stay.stood or ((stay.opening, stay.area),):
        if here:
            found.append(Standing(by.at, here, -1, by))
        if area:
            found.append(Standing(by.at, area, 1, by))
        here = area
    if stay.left_at is not None and here:
        found.append(Standing(stay.left_at, here, -1, stay.exit))
    return tuple(found)


# Dwell in logarithmic buckets: mergeable over any filter, and a retraction takes out exactly what the telling put in, which a
# quantile sketch cannot. Each bucket is 2% wide, so a percentile read from them is off by at most 1%.
_WIDTH = math.log(1.02)


def bucket(minutes: int) -> int:
    """The bucket of a dwell in minutes; 0 minutes has bucket 0."""
    return round(math.log(minutes + 1) / _WIDTH)


def bucket_minutes(number: int) -> float:
    """The dwell in minutes that stands for a bucket."""
    return math.exp(number * _WIDTH) - 1
