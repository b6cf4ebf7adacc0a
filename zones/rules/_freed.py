"""What rules about releases share: from when to when a box may leave, by the word of those who held it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from zones.customs import Fact
from zones.subject import StayFacts

ALLOWS = ("release", "permit")


class Freed(NamedTuple):
    """The box may leave during [since, until): `by` is the release or permit that said so, with nobody else holding it."""

    by: Fact
    until: datetime | None

    @property
    def since(self) -> datetime:
        return self.by.effective_at


def freed(facts: StayFacts) -> list[Freed]:
    """The times of this visit in which the box may leave, oldest first.

    A release while another agency still holds frees nothing. A further release changes nothing; a further permit allows anew.
    """
    found: list[Freed] = []
    for fact in facts.spoken(*ALLOWS):
        at = fact.effective_at
        if facts.holds_at(at):
            continue
        if found and (found[-1].until is None or at < found[-1].until):
            if fact.kind == "release":
                continue
            found[-1] = found[-1]._replace(until=at)
        begins = (max(hold.since, hold.applies_from or hold.since) for hold in facts.holds)
        found.append(Freed(fact, min((begin for begin in begins if begin > at), default=None)))
    return found
