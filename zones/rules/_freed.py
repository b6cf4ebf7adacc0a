"""What rules about releases share: from when to when a box may leave, by the word of those who held it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from zones.customs import Fact
from zones.rules._spells import Readings, ended, told
from zones.subject import StayFacts

ALLOWS = ("release", "permit")


class Freed(NamedTuple):
    """The box may leave from `since` until `until`: `by` is the release or permit that said so, with nobody else holding it."""

    by: Fact
    since: Readings
    until: datetime | None


def freed(facts: StayFacts) -> list[Freed]:
    """The times of this visit in which the box may leave, oldest first.

    A release while another agency still holds frees nothing. A further release changes nothing; a further permit allows anew.
    """
    found: list[Freed] = []
    for since, by in sorted(_allowed(facts), key=lambda one: (one[0], one[1].fact_id)):
        at = since[0]
        if facts.holds_at(at):
            continue
        if found and ((last := found[-1].until) is None or at < last):
            if by.kind != "permit":
                continue
            found[-1] = found[-1]._replace(until=at)
        begins = (max(hold.since, hold.applies_from or hold.since) for hold in facts.holds)
        found.append(Freed(by, since, min((begin for begin in begins if begin > at), default=None)))
    return found


def _allowed(facts: StayFacts) -> Iterator[tuple[Readings, Fact]]:
    """When somebody let the box go, and the fact that says so: the ends of holds, and releases and permits that ended none."""
    own = {fact.fact_id: fact for fact in facts.spoken(*ALLOWS)}
    for hold in facts.holds:
        if (until := ended(hold)) and (hold.released is None or own.get(hold.released.fact_id)):
            yield until, hold.released or hold.opened
            own.pop(hold.released.fact_id if hold.released else "", None)
    yield from ((told(fact), fact) for fact in own.values())
