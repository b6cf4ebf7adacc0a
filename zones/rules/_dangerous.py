"""What the parts of the rule about dangerous goods share: classes and the limits named for them, how many boxes were there, who stood beside
whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from msgspec import Struct

from zones.limits import Law, Limit
from zones.neighbour import Neighbour, Spot, classes, stood
from zones.required import within
from zones.stay import Stay
from zones.subject import StayFacts

CLASSES = (
    *("1", "1_1", "1_2", "1_3", "1_4", "1_5", "1_6", "2", "2_1", "2_2", "2_3", "3", "4", "4_1", "4_2", "4_3"),
    *("5", "5_1", "5_2", "6", "6_1", "6_2", "7", "8", "9"),
)


class Crowd(Struct, frozen=True):
    """In [began, ended) a box was the `number`th of `scope` (a class; "" all), more than `limit` allows; `others` were there before it."""

    scope: str
    limit: Limit
    began: datetime
    ended: datetime | None
    number: int
    others: tuple[Stay, ...]


class Together(Struct, frozen=True):
    """In [began, ended) a box stood at `own` beside one that stood at `other` already, and the two of these classes must not."""

    own: Spot
    other: Spot
    stay: Stay
    classes: tuple[str, str]
    began: datetime
    ended: datetime | None


def endings(told: str) -> tuple[str, ...]:
    """How the names of limits for a class end, the closest first: of 1.4S `_1_4`, `_1` and "" (all classes)."""
    number = told.rstrip("ABCDEFGHJKLNS")
    return (*dict.fromkeys(f"_{each.replace('.', '_')}" for each in (number, number.partition(".")[0]) if each), "")


def crowds(facts: StayFacts, law: Law, base: str) -> Iterator[Crowd]:
    """For each limit on a number: when the boxes that came before this one, and have not left, were too many with it."""
    stay = facts.stay
    for ending in dict.fromkeys(each for told in (*classes(stay), "") for each in endings(told)):
        scope, name = ending[1:].replace("_", "."), f"{base}{ending}"
        if not law.declares((name,)):
            continue
        before = [
            n.stay for n in facts.beside if (n.stay.opened_at, n.stay.stay_id) < (stay.opened_at, stay.stay_id) and _of(n.stay, scope)
        ]
        turns = {other.left_at for other in before} | {t for x in law.limits if x.limit == name for t in (x.valid_from, x.valid_to)}
        within_ = sorted(t for t in turns if t is not None and t > stay.opened_at and (stay.left_at is None or t < stay.left_at))
        last: Crowd | None = None
        for since, until in pairwise((stay.opened_at, *within_, stay.left_at)):
            limit = law.at(name, since) if since is not None and since != until else None
            there = tuple(other for other in before if since is not None and (other.left_at is None or other.left_at > since))
            if since is None or limit is None or len(there) + 1 <= limit.measure.exact:
                continue
            if last is not None and last.ended == since:
                last = Crowd(scope, last.limit, last.began, until, last.number, last.others)
                continue
            if last is not None:
                yield last
            last = Crowd(scope, limit, since, until, len(there) + 1, there)
        if last is not None:
            yield last


def _of(stay: Stay, scope: str) -> bool:
    return not scope or any(within(told, scope) for told in classes(stay))


def together(facts: StayFacts, law: Law) -> Iterator[Together]:
    """Each box beside which this one was put though they must not stand together; of two the one that came to stand there later."""
    for neighbour in facts.beside if law.required.segregation else ():
        pair = _apart(facts.stay, neighbour.stay)
        for own, gone in stood(facts.stay, facts.spots):
            for other, its_end in stood(neighbour.stay, neighbour.spots):
                if (other.mark.at, neighbour.stay.equipment) > (own.mark.at, facts.equipment):
                    continue
                ends = [end for end in (gone, its_end) if end is not None]
                if ends and min(ends) <= own.mark.at:
                    continue
                for apart in law.required.segregation:
                    two = next((two for two in pair if apart.concerns(*two)), None)
                    if two is not None and apart.broken(own.area, other.area):
                        yield Together(own, other, neighbour.stay, two, own.mark.at, min(ends, default=None))
                        break


def _apart(one: Stay, other: Stay) -> list[tuple[str, str]]:
    return [(mine, its) for mine in classes(one) for its in classes(other)]


__all__ = ["CLASSES", "Crowd", "Neighbour", "Together", "crowds", "endings", "together"]
