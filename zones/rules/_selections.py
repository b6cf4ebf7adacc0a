"""What rules about selections share: a box selected by an agency, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from zones.customs import Fact, Hold
from zones.rules._spells import Readings, ended, told
from zones.stay import Mark
from zones.subject import StayFacts


class Selection(NamedTuple):
    """One agency's selection, told once or again until it was followed by an inspection or a release. `inspected` None: by none so far,
    or none that the release waited for. `hold`: the agency's, which the selection is or falls into."""

    facts: tuple[Fact, ...]
    inspected: Fact | Mark | None
    hold: Hold

    @property
    def inspected_at(self) -> Readings | None:
        """When it was inspected."""
        done = self.inspected
        return None if done is None else told(done) if isinstance(done, Fact) else (done.at, done.latest)

    @property
    def released_at(self) -> Readings | None:
        """When it was released."""
        return ended(self.hold)


def selections(facts: StayFacts) -> Iterator[Selection]:
    """Those of this visit, oldest first within each hold. A selection by a document counts while the box goes with it."""
    selected = facts.spoken("selected")
    for hold in facts.holds if selected else ():
        waiting = [fact for fact in selected if _is_of(fact, hold)]
        done = sorted((one for one in _inspections(facts, hold)), key=lambda one: one[0])
        while waiting:
            first = waiting[0].effective_at
            at, by = next(((when, by) for when, latest, by in done if latest >= first), (None, None))
            run = [fact for fact in waiting if at is None or fact.effective_at <= max(at, first)]
            yield Selection(tuple(run), by, hold)
            waiting = waiting[len(run) :]


def _is_of(fact: Fact, hold: Hold) -> bool:
    """Whether the fact selects what the hold holds, while it does."""
    opened = hold.opened
    return (
        (fact.agency, fact.hold_ref, fact.about) == (hold.agency, hold.hold_ref, opened.about)
        and (fact.about == "equipment" or fact.reference == opened.reference)
        and hold.since <= fact.effective_at
        and (hold.until is None or fact.effective_at < hold.until or fact.effective_at == hold.since)
    )


def _inspections(facts: StayFacts, hold: Hold) -> Iterator[tuple[datetime, datetime, Fact | Mark]]:
    """(earliest, latest, what says so) of each inspection by the agency, or reported by whoever handled the box, before the release.

    One dated by the day counts wherever its day allows: selection, inspection and release of one day are no offence.
    """
    until = ended(hold)
    end = until[1] if until else None
    for fact in facts.spoken("inspected"):
        same = not (fact.hold_ref and hold.hold_ref) or fact.hold_ref == hold.hold_ref
        if fact.agency == hold.agency and same and (end is None or fact.effective_at <= end):
            yield *told(fact), fact
    for mark in facts.moves:
        if mark.event == "inspect" and (end is None or mark.at <= end):
            yield mark.at, mark.latest, mark
