"""Customs facts, and when a box is held.

A box is held from the moment a hold or a selection takes effect until the next release by the same agency takes effect (of the same
hold reference, where one is given). It stays held wherever it goes. Holds are a list: several agencies hold at once, and each must
release. A fact about a bill or a declaration applies to the boxes that go with that document while they do.

At equal times: entry < hold < release < exit. So a hold from 14:00 stops the exit at 14:00, and a release at 14:00 allows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from zones.by_hand import BY_HAND, REACH
from zones.report import UNTOLD, Version, in_turn
from zones.signal import Signal

ORDER = {"hold": 3, "selected": 3, "inspected": 3, "permit": 3, "release": 4}
HOLDS = ("hold", "selected")
RISKS = ("low", "medium", "high")  # how risky customs takes a box to be, where it tells
NO_PERMITS = frozenset({"quarantine", "qua", "police", "border"})  # agencies whose release lifts their own hold and permits no exit
DAY = timedelta(hours=23, minutes=59, seconds=59)  # from the beginning of a day to its last second


class Fact(Struct, frozen=True, gc=False):
    """One customs fact as kept. `about` is equipment, bill, declaration or booking; `reference` its number; `to`: of a permit to go to
    another place, that place; times UTC."""

    fact_id: str
    kind: str
    about: str
    reference: str
    agency: str
    effective_at: datetime
    received_at: datetime
    equipment: str = ""
    bill: str = ""
    declaration: str = ""
    reason: str = ""
    hold_ref: str = ""
    precision: str = "minute"
    place: str = ""
    booking: str = ""
    publisher: str = ""
    source_id: str = ""
    updated_at: datetime | None = None
    function: str = "original"
    message_id: str = ""
    to: str = ""
    risk: str = ""  # RISKS
    goods_value: int | None = None  # hundredths of `currency`: what the goods are declared to be worth
    currency: str = ""


def version_of(fact: Fact | Signal) -> Version:
    """A fact or a signal as one telling of its source's statement."""
    return Version(fact.publisher, fact.source_id, fact.message_id, fact.updated_at, fact.received_at, fact.function == "cancel")


def counted(fact: Fact | Signal, alone: str, stands: Mapping[tuple[str, str], Version]) -> str:
    """What a fact or a signal counts as: `alone` without looking at others, unless its source told it otherwise since."""
    version = stands.get((fact.publisher, fact.source_id)) if fact.source_id else None
    if alone in UNTOLD:
        return alone
    if version is None:
        return "retracted" if fact.function == "cancel" else alone
    if version.cancel:
        return "retracted"
    return alone if in_turn(version) == in_turn(version_of(fact)) else "superseded"


class Link(Struct, frozen=True, kw_only=True, gc=False):
    """A box goes with a document from `at` on, until another document of the same kind is named for it."""

    kind: str
    reference: str
    at: datetime


class Hold(Struct, frozen=True, kw_only=True, gc=False):
    """One hold: [since, until). `opened` and `released` are the facts that say so."""

    agency: str
    reason: str
    hold_ref: str
    since: datetime
    until: datetime | None
    precision: str
    opened: Fact
    released: Fact | None
    applies_from: datetime | None = None  # a document's hold applies while the box goes with the document
    applies_until: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether the box was held at `at`; at the very instant of a release it is not."""
        if at < self.since or (self.until is not None and at >= self.until):
            return False
        if self.applies_from is not None and at < self.applies_from:
            return False
        return self.applies_until is None or at < self.applies_until

    def may_hold(self, first: datetime, last: datetime) -> bool:
        """Whether some reading has it in force at a time in [first, last]: what is dated by the day stands for its whole day."""
        until = self.until + DAY if self.until and self.released and self.released.precision == "day" else self.until
        begins = max(self.since, self.applies_from or self.since)
        return replace(self, until=until).in_force(max(first, min(last, begins)))

    def must_hold(self, first: datetime, last: datetime) -> bool:
        """Whether every reading has it in force at every time in [first, last]."""
        since = self.since + DAY if self.precision == "day" else self.since
        surely = replace(self, since=since)
        return surely.in_force(first) and surely.in_force(last)


def holds(facts: Iterable[Fact], links: Sequence[Link] = ()) -> tuple[Hold, ...]:
    """All holds of one box, oldest first, from its own facts and those of the documents it goes with.

    `facts` may hold facts about any document named in `links`; facts about others are left out by whoever asks.
    """
    spans = _spans(links)
    by_agency: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    releases: dict[str, list[Fact]] = defaultdict(list)
    seen: set[str] = set()
    recorded = False
    for fact in facts:
        if fact.fact_id in seen:
            continue
        seen.add(fact.fact_id)
        recorded |= fact.publisher == BY_HAND
        if fact.kind in HOLDS:
            by_agency[fact.agency, fact.hold_ref, _about(fact)].append(fact)
        elif fact.kind == "release":
            releases[fact.agency].append(fact)
    if recorded:
        _stand_in(by_agency)
    found: list[Hold] = []
    for (agency, ref, about), opening in by_agency.items():
        opening.sort(key=_sort)
        closing = sorted((r for r in releases[agency] if _releases(r, ref, about)), key=_sort)
        found.extend(_pair(agency, ref, opening, closing, spans))
    return tuple(sorted(found, key=lambda h: (h.since, h.agency, h.opened.fact_id)))


def _stand_in(by_agency: dict[tuple[str, str, str], list[Fact]]) -> None:
    """A hold recorded by hand is told under the reference that the agency gives to its own hold on the same box or document, where one of
    the two gives none: of the nearest in time, a shift apart at the most. So it is one hold, not two."""
    for key in list(by_agency):
        agency, ref, about = key
        told = [
            (fact.effective_at, reference)
            for (by, reference, of), facts in by_agency.items()
            if (by, of) == (agency, about) and reference != ref and not (reference and ref)
            for fact in facts
            if fact.publisher != BY_HAND
        ]
        for fact in [fact for fact in by_agency[key] if told and fact.publisher == BY_HAND]:
            apart, _, reference = min((abs(at - fact.effective_at), at, reference) for at, reference in told)
            if apart <= REACH:
                by_agency[key].remove(fact)
                by_agency[agency, reference, about].append(fact)


def _about(fact: Fact) -> str:
    return "" if fact.about == "equipment" else f"{fact.about}:{fact.reference}"


def _releases(release: Fact, ref: str, about: str) -> bool:
    """A release of the box ends every hold of its agency on it; a release of a document ends those on the document and, since
    releases for a document apply to its boxes, those on the box. A reference, where both give one, must be the same."""
    if release.hold_ref and ref and release.hold_ref != ref:
        return False
    if release.about == "equipment" or not about:
        return True
    return _about(release) == about


def _pair(
    agency: str, ref: str, opening: list[Fact], closing: list[Fact], spans: dict[str, tuple[datetime, datetime | None]]
) -> Iterable[Hold]:
    """Holds of one agency and reference in time order; a hold told again while in force is the same hold."""
    until: datetime | None = None
    taken = False
    for fact in opening:
        if taken and (until is None or fact.effective_at < until):
            continue
        span = spans.get(_about(fact)) if fact.about != "equipment" else None
        release = next(
            (r for r in closing if r.effective_at >= fact.effective_at and _reaches(r, span, spans)),
            None,
        )
        until, taken = (release.effective_at if release else None), True
        if fact.about != "equipment" and span is None:
            continue
        yield Hold(
            agency=agency,
            reason=fact.reason,
            hold_ref=ref,
            since=fact.effective_at,
            until=until,
            precision=fact.precision,
            opened=fact,
            released=release,
            applies_from=span[0] if span else None,
            applies_until=span[1] if span else None,
        )


def _reaches(release: Fact, span: tuple[datetime, datetime | None] | None, spans: dict[str, tuple[datetime, datetime | None]]) -> bool:
    """Whether the release can speak of this box: a document's release only while the box goes with it (a release may come first)."""
    if release.about == "equipment" or span is not None:
        return True
    own = spans.get(_about(release))
    return own is not None and (own[1] is None or release.effective_at < own[1])


def _spans(links: Sequence[Link]) -> dict[str, tuple[datetime, datetime | None]]:
    """`kind:reference` -> [from, until) during which the box goes with that document: from its first naming until another's.

    Documents first named at the same time (the bills of one box in one manifest) go with it together.
    """
    first: dict[str, dict[str, datetime]] = defaultdict(dict)
    for link in links:
        known = first[link.kind]
        known[link.reference] = min(link.at, known.get(link.reference, link.at))
    found: dict[str, tuple[datetime, datetime | None]] = {}
    for kind, named in first.items():
        times = sorted(set(named.values()))
        until = dict(zip(times, (*times[1:], None), strict=True))
        found.update((f"{kind}:{reference}", (at, until[at])) for reference, at in named.items())
    return found


def _sort(fact: Fact) -> tuple[datetime, int, str]:
    return fact.effective_at, ORDER[fact.kind], fact.fact_id


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Customs facts by when they took effect, each once."""
    return tuple(sorted({fact.fact_id: fact for fact in facts}.values(), key=_sort))


def in_force(held: Iterable[Hold], at: datetime) -> tuple[Hold, ...]:
    """The holds in force at an instant."""
    return tuple(hold for hold in held if hold.in_force(at))


def open_holds(held: Iterable[Hold]) -> tuple[Hold, ...]:
    """The holds nobody has released, on documents the box still goes with."""
    return tuple(hold for hold in held if hold.until is None and hold.applies_until is None)
