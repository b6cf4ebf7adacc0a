"""Which lines of the two books of a lot are one and the same act.

Lines are paired by what they do to the stock and the paper that both name (the permit, else the declaration): one with one, or where a
paper is used up in parts, all of the one book with all of the other. What no paper pairs is paired by what it does and how much, the
nearest in time that is near enough. Lines whose papers contradict each other are never paired.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial

from zones.entry import Entry, in_turn
from zones.limits import Law
from zones.uom import Quantity, alike

LAG = "books_lag"
_DAY = timedelta(days=1)
_PAPERS: tuple[Callable[[Entry], str], ...] = (lambda line: line.permit, lambda line: line.declaration)
Near = Callable[[Entry, Entry], bool]
Pair = tuple[list[Entry], list[Entry]]  # of the operator's book, of the supervisor's


def pairs(declared: Sequence[Entry], authorised: Sequence[Entry], near: Near) -> tuple[list[Pair], list[Entry], list[Entry]]:
    """(lines that are each other's, the operator's that are nobody's, the supervisor's that are nobody's). Lines paired by their paper may
    differ in quantity and time; the others do not."""
    found: list[Pair] = []
    one, other = ({line.entry_id: line for line in lines} for lines in (declared, authorised))
    ways: list[Callable[[Sequence[Entry], Sequence[Entry]], list[Pair]]] = [*map(_by_paper, _PAPERS), partial(_by_itself, near)]
    for by in ways:
        for pair in by([*one.values()], [*other.values()]):
            found.append(pair)
            for left, taken in zip((one, other), pair, strict=True):
                for line in taken:
                    del left[line.entry_id]
    return found, [*one.values()], [*other.values()]


def signed(line: Entry) -> int:
    """What a line does to the stock, in millionths of its unit."""
    quantity = line.quantity or 0
    return quantity if line.act == "adjustment" else line.effect * abs(quantity)


def act(line: Entry) -> str:
    """What is done; a transfer to another owner is another act than one to or from another zone."""
    return f"transfer {line.side}".rstrip() if line.act == "transfer" else line.act


def way(line: Entry) -> str:
    """What it does to the stock: + or -, else what is done. Only lines that do the same are paired."""
    effect = signed(line) or line.effect
    return "+" if effect > 0 else "-" if effect < 0 else act(line)


def contradict(one: Entry, other: Entry) -> bool:
    """Whether they name different papers of one kind."""
    if one.permit and other.permit:
        return one.permit != other.permit
    return bool(one.declaration and other.declaration) and one.declaration != other.declaration


def nearness(zone: tzinfo, law: Law | None) -> Near:
    """Whether two lines may be of one time, as far as the books may lag behind each other: by the limit `books_lag`, without it on one day
    of the place."""

    def near(one: Entry, other: Entry) -> bool:
        first, second = (one, other) if one.latest <= other.latest else (other, one)
        if second.earliest <= first.latest:
            return True
        limit = law.at(LAG, first.latest) if law else None
        if law is not None and limit is not None:
            return limit.deadline(first.latest, law.zone).at >= second.earliest
        return first.latest.astimezone(zone).date() == second.earliest.astimezone(zone).date()

    return near


def _by_itself(near: Near, declared: Sequence[Entry], authorised: Sequence[Entry]) -> list[Pair]:
    return [([one], [other]) for one, other in _by_time(declared, authorised, near)]


def _by_paper(paper: Callable[[Entry], str]) -> Callable[[Sequence[Entry], Sequence[Entry]], list[Pair]]:
    """The lines of both books that do the same under one paper: those alike one with one, of the rest all with all."""

    def paired(declared: Sequence[Entry], authorised: Sequence[Entry]) -> list[Pair]:
        found: list[Pair] = []
        one, other = _sorted_by(declared, paper), _sorted_by(authorised, paper)
        for key in one.keys() & other.keys():
            if any(contradict(a, b) for a in one[key] for b in other[key]):
                continue
            same = _by_time(one[key], other[key], lambda a, b: True)
            found += [([a], [b]) for a, b in same]
            taken = {line.entry_id for pair in same for line in pair}
            rest = tuple([line for line in lines if line.entry_id not in taken] for lines in (one[key], other[key]))
            if rest[0] and rest[1]:
                found.append((rest[0], rest[1]))
        return found

    return paired


def _sorted_by(lines: Sequence[Entry], paper: Callable[[Entry], str]) -> Mapping[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for line in sorted(lines, key=in_turn):
        if paper(line):
            found[way(line), paper(line)].append(line)
    return found


def _by_time(declared: Sequence[Entry], authorised: Sequence[Entry], near: Near) -> list[tuple[Entry, Entry]]:
    """Lines that do the same and as much, near enough in time: of those of the same act first, then the nearest."""
    sides: dict[str, list[Entry]] = defaultdict(list)
    for line in sorted(authorised, key=in_turn):
        sides[way(line)].append(line)
    times = {key: [line.at for line in lines] for key, lines in sides.items()}
    fits = [(a, b) for a in declared for b in around(a, sides[way(a)], times.get(way(a), []), near) if _same(a, b)]
    found: list[tuple[Entry, Entry]] = []
    taken: set[str] = set()
    for a, b in sorted(fits, key=_closest):
        if a.entry_id not in taken and b.entry_id not in taken:
            taken |= {a.entry_id, b.entry_id}
            found.append((a, b))
    return found


def around(line: Entry, others: Sequence[Entry], times: Sequence[datetime], near: Near) -> Iterator[Entry]:
    """Those of the other lines that are near, given in order of time; `times`: their times."""
    here = bisect_left(times, line.at)
    for turn in (range(here, len(others)), range(here - 1, -1, -1)):
        for n in turn:
            if near(line, others[n]):
                yield others[n]
            elif abs(times[n] - line.at) > _DAY:  # what is dated by the day reaches no further than that
                break


def _closest(pair: tuple[Entry, Entry]) -> tuple[object, ...]:
    one, other = pair
    return one.act != other.act, abs(one.at - other.at), in_turn(one), in_turn(other)


def _same(one: Entry, other: Entry) -> bool:
    if contradict(one, other) or (one.lot and other.lot and one.lot != other.lot):
        return False
    if one.to_owner and other.to_owner and one.to_owner != other.to_owner:
        return False
    if one.quantity is None or other.quantity is None:
        return one.quantity is other.quantity
    return alike(Quantity(abs(one.quantity), one.uom), Quantity(abs(other.quantity), other.uom))
