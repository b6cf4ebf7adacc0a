"""How a file fits what is known: boxes that enter though inside, or leave though nobody knows them; clocks that are hours apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

import sqlalchemy as sa

from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from data.tryout.reading import Move
from data.tryout.told import Finding, Standing
from zones.place import Place
from zones.world import World

MOST = 5_000  # boxes asked about
EXAMPLES = 5
ENTRIES, EXITS = frozenset({"gate_in", "discharge", "present"}), frozenset({"gate_out", "load"})
HOURS = (7, 8)  # UTC apart from Vietnam, and from China
NEAR = timedelta(minutes=20)
LATE = timedelta(minutes=90)  # how old the newest line of a file may be when it is written


def stands(store: Store, world: World, home: Place, moves: Sequence[Move]) -> Standing:
    """How the first movement of each box at a place fits its stays there. Only asks."""
    first: dict[tuple[str, str], Move] = {}
    for move in sorted(moves, key=lambda move: (move.at, move.event in EXITS)):
        if move.live and move.event in ENTRIES | EXITS:
            found = world.resolve(move.location) if move.location else None
            first.setdefault((move.equipment, found[0] if found else home.id), move)
    asked = dict(list(first.items())[:MOST])
    stays: dict[tuple[str, str], list[tuple[datetime, datetime | None]]] = {}
    heard: set[str] = set()
    s = t.stay.c
    with store.read() as conn:
        for chunk in in_chunks(sorted({box for box, _ in asked}), 400):
            for row in conn.execute(sa.select(s.equipment, s.place, s.opened_at, s.left_at).where(s.equipment.in_(chunk))):
                stays.setdefault((row.equipment, row.place), []).append((row.opened_at, row.left_at))
                heard.add(row.equipment)
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for (box, place), move in asked.items():
        kind = _fits(move, stays.get((box, place), ()), box in heard, world.place(place).tolerance(move.event))
        counts[kind] += 1
        if kind and len(examples.setdefault(kind, [])) < EXAMPLES:
            examples[kind].append(box)
    named = {kind: tuple(boxes) for kind, boxes in examples.items() if kind}
    return Standing(len(asked), counts["told"], counts["entered_inside"], counts["left_outside"], counts["left_unheard"], named)


def _fits(move: Move, stays: Iterable[tuple[datetime, datetime | None]], heard: bool, near: timedelta) -> str:
    """ "" where nothing is odd."""
    inside = told = False
    for opened, left in stays:
        end = opened if move.event in ENTRIES and move.event != "present" else left
        told |= end is not None and abs(end - move.at) <= near
        inside |= opened < move.at and (left is None or left > move.at)
    if told:
        return "told"
    if move.event in ENTRIES:
        return "entered_inside" if inside and move.event != "present" else ""
    return "" if inside else "left_outside" if heard else "left_unheard"


# ---------------------------------------------------------------- clocks


def shifted(moves: Sequence[Move], place: Place, now: datetime, written: datetime) -> Finding | None:
    """Whether all times look 7 or 8 hours too late or too early (or by the place's own distance from UTC), by the newest of them."""
    times = sorted(move.at for move in moves if move.exact)
    if len(times) < 5:
        return None
    newest = times[-1]
    offset = abs(newest.astimezone(place.zone).utcoffset() or timedelta())
    for hours in dict.fromkeys((round(offset.total_seconds() / 3600), *HOURS)):
        by = timedelta(hours=hours)
        if not hours:
            continue
        if NEAR < newest - now <= by and by - (newest - now) <= LATE:
            return Finding("shift", f"+{hours} h", "seen", "shift_future", {"minutes": _minutes(newest - now), "hours": hours})
        recent = times[-20:]
        every = median(_minutes(later - earlier) for earlier, later in pairwise(recent))
        if timedelta() <= (written - newest) - by <= LATE and every <= 60:
            said = {"minutes": _minutes(written - newest), "hours": hours, "every": round(every)}
            return Finding("shift", f"-{hours} h", "seen", "shift_past", said)
    return None


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def shifted_from_others(store: Store, moves: Sequence[Move], place: Place) -> Finding | None:
    """Whether movements that other sources tell of too are hours away there: what most of them agree on."""
    wanted = {move.equipment: move for move in moves if move.exact and move.event in ENTRIES | EXITS and move.event != "present"}
    r, apart = t.report.c, []
    with store.read() as conn:
        for chunk in in_chunks(sorted(wanted)[:MOST], 400):
            question = sa.select(r.equipment, r.event, r.occurred_at).where(r.equipment.in_(chunk), r.canonical)
            for row in conn.execute(question):
                move = wanted[row.equipment]
                if row.event == move.event and row.occurred_at and abs(row.occurred_at - move.at) <= timedelta(hours=12):
                    apart.append(move.at - row.occurred_at)
    offset = abs(max((move.at for move in moves), default=place.supervised_from).astimezone(place.zone).utcoffset() or timedelta())
    for hours in dict.fromkeys((round(offset.total_seconds() / 3600), *HOURS)):
        for sign in (1, -1):
            same = sum(abs(by - sign * timedelta(hours=hours)) <= NEAR for by in apart)
            if hours and same >= 3 and 10 * same >= 6 * len(apart):
                said = {"n": len(apart), "same": same, "hours": hours}
                key = "shift_told_later" if sign > 0 else "shift_told_earlier"
                return Finding("shift", f"{'+' if sign > 0 else '-'}{hours} h", "seen", key, said)
    return None
