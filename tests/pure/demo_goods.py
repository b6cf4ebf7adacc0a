"""The books of goods of the demo as its files tell them: everything read, folded, and asked of the rules, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

from msgspec.structs import replace

from data.told import entry_of
from tests.pure.demo_told import Found, everything, plan, world
from zones.asking import asked_of_goods
from zones.entry import CUSTOMS, LIVE, Entry, in_turn, standing
from zones.ledger import pool_of
from zones.line import faults
from zones.lot import LotFacts, OperatorFacts, Process, lot_facts
from zones.own_book import Visit, takes_effect
from zones.rules import rules
from zones.subject import LOT, OPERATOR

PLACE = "demo-zone"
OF_GOODS = [rule_id for rule_id, rule in rules().items() if rule.SUBJECT in (LOT, OPERATOR)]


@cache
def entries() -> tuple[Entry, ...]:
    """Every line that was read, as kept."""
    return tuple(entry_of(row) for row in everything().entries)


@cache
def visits() -> dict[str, list[Visit]]:
    """The stays of the boxes that lines of the supervisor's own book name."""
    boxes = {entry.equipment for entry in entries() if entry.book == CUSTOMS and entry.equipment}
    found: dict[str, list[Visit]] = defaultdict(list)
    for life in plan().lives(plan().origin, plan().ending):
        if life.box.number in boxes:
            found[life.box.number] += [(came.at, left.at if left else None) for came, left in life.visits() if came.place == PLACE]
    return found


def bundles(told: Iterable[Entry]) -> Iterator[LotFacts | OperatorFacts]:
    """What the rules about lots and operators are handed, from what was told."""
    lines = list(told)
    place = world().place(PLACE)
    counts = standing(lines, {})
    live = []
    for entry in lines:
        at = takes_effect(entry, visits().get(entry.equipment, ())) if entry.book == CUSTOMS else entry.at
        if counts[entry.entry_id] == LIVE and at is not None:
            live.append(replace(entry, at=at))
    live.sort(key=in_turn)
    by_pool: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    by_operator: dict[str, list[Entry]] = defaultdict(list)
    processes: dict[str, list[Entry]] = defaultdict(list)
    for entry in live:
        declared = place.operator(entry.operator)
        if pool := pool_of(entry, declared is not None and declared.fungible):
            by_pool[entry.operator, pool].append(entry)
        if entry.process:
            processes[entry.process].append(entry)
        if entry.book != CUSTOMS:
            by_operator[entry.operator].append(entry)
    lots: dict[str, list[LotFacts]] = defaultdict(list)
    for (operator, pool), own in sorted(by_pool.items()):
        facts = lot_facts(
            (PLACE, operator, pool),
            place.zone,
            place.operator(operator),
            [entry for entry in own if entry.book != CUSTOMS],
            [entry for entry in own if entry.book == CUSTOMS],
            [Process(name, tuple(processes[name])) for name in sorted({entry.process for entry in own} - {""})],
        )
        lots[operator].append(facts)
        yield facts
    for operator, own in sorted(by_operator.items()):
        full: dict[object, Entry] = {}
        for entry in own:
            if entry.counted == "full":
                full[entry.at.astimezone(place.zone).date()] = entry
        yield OperatorFacts(
            place=PLACE,
            operator=operator,
            zone=place.zone,
            first=own[0],
            counts=tuple(full.values()),
            reconciliations=tuple(entry for entry in own if entry.act == "reconciliation"),
            declared=place.operator(operator),
        )


def found(told: Iterable[Entry], until: datetime) -> Iterator[tuple[Found, str]]:
    """What the rules about goods find that has begun before `until`, and how severe it ever is."""
    law = world().law(PLACE)
    for facts in bundles(told):
        for rule_id, _, subject, spells in asked_of_goods(facts, lambda _: law):
            for one in spells:
                if one.began_at < until:
                    yield (rule_id, subject, one.began_at, one.ended_at, one.known_at), " ".join(step.severity for step in one.steps)


def wrong(told: Iterable[Entry]) -> Iterator[tuple[str, str, str]]:
    """(line number, faults of the line alone, what the fold found of it)."""
    law = world().law(PLACE)
    statuses = [status.id for status in law.goods.statuses]
    for facts in bundles(told):
        if isinstance(facts, LotFacts):
            for book, posted in ((facts.entries, facts.posted), (facts.authorised, facts.own)):
                for entry in book:
                    alone, beside = " ".join(faults(entry, statuses)), " ".join(posted[entry.entry_id].faults)
                    if alone or beside:
                        yield f"{entry.book} {entry.source_id} {entry.act}", alone, beside
