"""Lines of ledgers as the database keeps them, to the bundles that rules about goods are handed: as they stand, or as they were known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from data.keep import Pool
from data.ledger import pool_key
from data.standing import LINE, Line, folded, known_rows, line_from, versions_of
from data.store import tables as t
from data.store.bulk import among, in_chunks
from data.told import entry_of
from data.visits import visits_of
from zones.entry import CUSTOMS, LIVE, OPERATOR, Entry, in_turn
from zones.goods import Operator
from zones.lot import LotFacts, OperatorFacts, Process, longest_uncounted, lot_facts, unit
from zones.world import World

LOT, WHOLE = "lot:", "operator:"
_e = t.entry.c


def standing_lines(
    conn: Connection, world: World, pools: Iterable[Pool], known_at: datetime | None = None
) -> dict[Pool, list[tuple[Entry, str]]]:
    """Of each of these pools its lines with what each counts as, in order; with `known_at` from what was known then."""
    by_book: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for place, book, operator, name in pools:
        by_book[place, book, operator].add(name)
    found: dict[Pool, list[tuple[Entry, str]]] = {}
    for (place, book, operator), names in by_book.items():
        for chunk in in_chunks(sorted(names), 200):
            own = (_e.place == place, _e.operator == operator, _e.book == book, among(conn, _e.pool, chunk))
            kept: dict[str, list[Line]] = defaultdict(list)
            for row in conn.execute(sa.select(*LINE, _e.pool).where(*own, *known_rows(known_at))):
                kept[row[-1]].append(line_from(row))
            every = [line for told in kept.values() for line in told]
            versions, visits = versions_of(conn, world, every, known_at), visits_of(conn, world, every, known_at)
            for name, told in kept.items():
                lines = [(entry, counts) for entry, counts, _ in folded(world, told, versions, visits)]
                found[place, book, operator, name] = sorted(lines, key=lambda one: in_turn(one[0]))
    return found


def lots(conn: Connection, world: World, units: Iterable[str], known_at: datetime | None = None) -> Iterator[tuple[str, LotFacts]]:
    """(unit, bundle) of each of these lots of which any line is known."""
    names = {name: parts for name in units if (parts := _parts(name)) is not None and parts[0] in world.places}
    pools = {(place, book, operator, pool) for place, operator, pool in names.values() for book in (OPERATOR, CUSTOMS)}
    lines = standing_lines(conn, world, pools, known_at)
    live = {key: [entry for entry, counts in told if counts == LIVE] for key, told in lines.items()}
    wanted = {(entry.place, entry.operator, entry.process) for told in live.values() for entry in told if entry.process}
    processes = _processes(conn, world, wanted, known_at)
    for name, at in names.items():
        place, operator, pool = at
        own, authorised = live.get((place, OPERATOR, operator, pool), []), live.get((place, CUSTOMS, operator, pool), [])
        if own or authorised:
            named = sorted({entry.process for entry in own if entry.process})
            taking_part = [processes[place, operator, process] for process in named]
            declared = world.place(place)
            yield name, lot_facts(at, declared.zone, declared.operator(operator), own, authorised, taking_part)


def whole_books(
    conn: Connection, world: World, units: Iterable[str], known_at: datetime | None = None
) -> Iterator[tuple[str, OperatorFacts]]:
    """(unit, bundle) of each of these operators of whom any line is known. What is counted is read by its index, whatever the history."""
    for name in units:
        place, _, operator = name.removeprefix(WHOLE).partition("/")
        if place not in world.places:
            continue
        own = (_e.place == place, _e.operator == operator, _e.book == OPERATOR, *known_rows(known_at))
        stands = (_e.standing == LIVE,) if known_at is None else ()
        first = conn.execute(sa.select(t.entry).where(*own, *stands).order_by(_e.at, _e.entry_id).limit(1)).mappings().first()
        if first is None:
            continue
        rows = conn.execute(sa.select(t.entry).where(*own, *stands, t.COUNTED).order_by(_e.at)).mappings().all()
        told = [entry_of(row) for row in rows]
        declared = world.place(place).operator(operator)
        facts = operator_facts(place, operator, world, entry_of(first), told, declared)
        if not facts.cycles:
            yield name, facts
        elif known_at is None:
            counted = {row["pool"]: entry for row, entry in zip(rows, told, strict=True) if entry.act == "count"}
            yield name, replace(facts, uncounted=_uncounted(conn, place, operator, counted))
        else:  # where the pools stand is known of now only
            asked = sa.select(_e.pool).where(*own, _e.pool != "").distinct()
            every = lots(conn, world, (unit(place, operator, pool) for pool in conn.scalars(asked)), known_at)
            yield name, replace(facts, uncounted=longest_uncounted(lot for _, lot in every))


def _uncounted(conn: Connection, place: str, operator: str, counted: Mapping[str, Entry]) -> Entry | None:
    """As zones.lot.longest_uncounted, from where the pools stand and the last count of each, without their lines."""
    a, lines, sources = t.pool.c, [], set()
    for pool, state in conn.execute(sa.select(a.pool, a.state).where(a.place == place, a.book == OPERATOR, a.operator == operator)):
        last = counted.get(pool)
        for layer in state.layers:
            if layer.quantity > 0 and last is not None and last.at >= layer.at:
                lines.append(last)
            elif layer.quantity > 0:
                sources.add((layer.at, layer.source))
    oldest = min((at for at, _ in sources), default=None)
    first = sorted(source for at, source in sources if at == oldest)
    lines += [entry_of(row) for row in conn.execute(sa.select(t.entry).where(among(conn, _e.entry_id, first))).mappings()]
    return min(lines, key=in_turn, default=None)


def operator_facts(
    place: str, operator: str, world: World, first: Entry, told: Sequence[Entry], declared: Operator | None
) -> OperatorFacts:
    """The bundle of one operator from his first line and his counts and reconciliations, in order; `uncounted` is still to be asked."""
    full: dict[Any, Entry] = {}
    for entry in told:
        if entry.counted == "full":
            full[entry.at.astimezone(world.place(place).zone).date()] = entry
    return OperatorFacts(
        place=place,
        operator=operator,
        zone=world.place(place).zone,
        first=first,
        counts=tuple(full.values()),
        reconciliations=tuple(entry for entry in told if entry.act == "reconciliation"),
        cycles=any(entry.counted == "cycle" for entry in told),
        declared=declared,
    )


def every_unit(conn: Connection, places: Iterable[str]) -> Iterator[str]:
    """All lots and operators of which a line is kept at these places."""
    for place in places:
        asked = sa.select(_e.operator, _e.pool).where(_e.place == place).distinct()
        operators = set()
        for operator, pool in conn.execute(asked):
            operators.add(operator)
            yield unit(place, operator, pool)
        yield from (f"{WHOLE}{place}/{operator}" for operator in sorted(operators))


def open_units(conn: Connection, places: Iterable[str]) -> Iterator[str]:
    """The lots of which anything is there or below zero, and the operators."""
    a = t.pool.c
    for place in places:
        operators = set()
        for operator, pool, state in conn.execute(sa.select(a.operator, a.pool, a.state).where(a.place == place)):
            operators.add(operator)
            if state.layers:
                yield unit(place, operator, pool)
        yield from (f"{WHOLE}{place}/{operator}" for operator in sorted(operators))


def touched_between(conn: Connection, places: Iterable[str], since: datetime, until: datetime) -> list[str]:
    """The lots and operators of these places with anything there, or any line, in [since, until)."""
    found = {name: None for name in open_units(conn, places)}
    for place in places:
        asked = sa.select(_e.operator, _e.pool).where(_e.place == place, _e.at >= since, _e.at < until).distinct()
        for operator, pool in conn.execute(asked):
            found[unit(place, operator, pool)] = None
    return list(found)


def _parts(name: str) -> tuple[str, str, str] | None:
    place, _, rest = name.removeprefix(LOT).partition("/")
    operator, found, pool = rest.partition("/")
    return (place, operator, pool) if found else None


def _processes(
    conn: Connection, world: World, wanted: set[tuple[str, str, str]], known_at: datetime | None
) -> dict[tuple[str, str, str], Process]:
    """The lines of these processes, over all lots of their operator."""
    pools: set[Pool] = set()
    for place, operator, process in sorted(wanted):
        own = (_e.place == place, t.OF_PROCESS, _e.process == process, _e.operator == operator, _e.book == OPERATOR)
        pools |= {
            pool_key(row) for row in conn.execute(sa.select(_e.place, _e.book, _e.operator, _e.pool).where(*own).distinct()).mappings()
        }
    lines: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for told in standing_lines(conn, world, pools, known_at).values():
        for entry, counts in told:
            if counts == LIVE and (entry.place, entry.operator, entry.process) in wanted:
                lines[entry.place, entry.operator, entry.process].append(entry)
    return {key: Process(key[2], tuple(sorted(told, key=in_turn))) for key, told in lines.items()}
