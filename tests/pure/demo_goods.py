"""The books of goods of the demo as its files tell them: everything read, folded, and asked of the rules, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache

from msgspec.structs import replace

from data.told import entry_of
from tests.pure.demo_told import Found, everything, plan, world
from zones.asking import asked_of_goods
from zones.entry import CUSTOMS, LIVE, Entry, in_turn, standing
from zones.ledger import pool_of
from zones.lot import LotFacts, OperatorFacts, Process, lot_facts
from zones.own_book import Visit, takes_effect
from zones.rules import rules
from zones.subject import LOT, OPERATOR

PLACE = "demo-zone"
OF_GOODS = [rule_id for rule_id, rule in rules().items() if rule.SUBJECT in (LOT, OPERATOR)]
Pool = tuple[str, str]  # operator, lot or item


@cache
def entries() -> tuple[Entry, ...]:
    """Every line that was read, as kept."""
    return tuple(entry_of(row) for row in everything().entries)


@cache
def visits() -> dict[str, list[Visit]]:
    """The stays in the zone of the boxes that lines of the supervisor's own book name."""
    boxes = {entry.equipment for entry in entries() if entry.book == CUSTOMS and entry.equipment}
    found: dict[str, list[Visit]] = defaultdict(list)
    for life in plan().lives(plan().origin, plan().ending):
        if life.box.number in boxes:
            found[life.box.number] += [(came.at, left.at if left else None) for came, left in life.visits() if came.place == PLACE]
    return found


def live(told: Sequence[Entry]) -> list[Entry]:
    """What of some lines counts, each at the moment at which it takes effect, in order."""
    counts = standing(told, {})
    found = []
    for entry in told:
        at = takes_effect(entry, visits().get(entry.equipment, ())) if entry.book == CUSTOMS else entry.at
        if counts[entry.entry_id] == LIVE and at is not None:
            found.append(replace(entry, at=at))
    return sorted(found, key=in_turn)


@cache
def pools() -> dict[Pool, list[Entry]]:
    """Every line by its pool."""
    found: dict[Pool, list[Entry]] = defaultdict(list)
    for entry in entries():
        declared = world().place(PLACE).operator(entry.operator)
        if pool := pool_of(entry, declared is not None and declared.fungible):
            found[entry.operator, pool].append(entry)
    return found


@cache
def processes() -> dict[str, list[Entry]]:
    """Every line of the operators' books by its process."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries():
        if entry.process:
            found[entry.process].append(entry)
    return found


def lot(pool: Pool, known: datetime) -> LotFacts:
    """What the rules about lots are handed of one pool, from what was received by `known`."""
    own = live([entry for entry in pools()[pool] if entry.received_at <= known])
    named = sorted({entry.process for entry in own} - {""})
    place = world().place(PLACE)
    return lot_facts(
        (PLACE, *pool),
        place.zone,
        place.operator(pool[0]),
        [entry for entry in own if entry.book != CUSTOMS],
        [entry for entry in own if entry.book == CUSTOMS],
        [Process(name, tuple(live([line for line in processes()[name] if line.received_at <= known]))) for name in named],
    )


def operator(name: str, known: datetime) -> OperatorFacts:
    """What the rules about operators are handed of one, from what was received by `known`."""
    place = world().place(PLACE)
    own = live([entry for entry in entries() if entry.operator == name and entry.book != CUSTOMS and entry.received_at <= known])
    full = {entry.at.astimezone(place.zone).date(): entry for entry in own if entry.counted == "full"}
    return OperatorFacts(
        place=PLACE,
        operator=name,
        zone=place.zone,
        first=own[0],
        counts=tuple(full.values()),
        reconciliations=tuple(entry for entry in own if entry.act == "reconciliation"),
        declared=place.operator(name),
    )


def operators() -> list[str]:
    """Whose books are kept."""
    return sorted({entry.operator for entry in entries()})


def moments(told: Iterable[Entry], until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """(from, to) of the times between which nothing new of these lines was heard, up to `until`."""
    heard = sorted({entry.received_at for entry in told if entry.received_at < until})
    yield from zip(heard, [*heard[1:], until][: len(heard)], strict=True)


def found(facts: LotFacts | OperatorFacts, until: datetime) -> Iterator[Found]:
    """What the rules about goods find that has begun before `until`."""
    law = world().law(PLACE)
    for rule_id, _, subject, spells in asked_of_goods(facts, lambda _: law):
        for one in spells:
            if one.began_at < until:
                yield rule_id, subject, one.began_at, one.ended_at, one.known_at
