"""The yard count: a yard list of a place held against our own book at the same instant.

The first list of a feed opens the books and is no count. The latest later one is counted: in both, only in our book, only on the list.
A count never edits a stay; it is a difference that somebody has to explain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.people import Actor
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from zones.place import Feed
from zones.world import World

MOST = 200
_y, _s, _r = t.yard_list.c, t.stay.c, t.report.c


@dataclass(frozen=True, slots=True)
class Only:
    """A box that only one side has. What our book says of it: inside (still, since `at`), left (after the list, at `at`), came (after
    the list), gone (before it), other_terminal (the list is not of that one), never (was here)."""

    equipment: str
    area: str
    terminal: str
    book: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class YardCount:
    """One feed's lists. `listed_at` None: only the opening list has come so far. `terminals`: what the list is of (none: the whole place).

    The lists of differences are cut at MOST; the numbers are not.
    """

    feed: str
    publisher: str
    opened_at: datetime
    opening: int
    listed_at: datetime | None = None
    received_at: datetime | None = None
    terminals: tuple[str, ...] = ()
    both: int = 0
    ours: int = 0
    theirs: int = 0
    only_ours: tuple[Only, ...] = ()
    only_theirs: tuple[Only, ...] = ()


def counts(store: Store, actor: Actor, world: World, place_id: str) -> list[YardCount]:
    """The latest count of each feed that tells yard lists. Errors: Refused where the place is out of reach."""
    actor.must("see", place_id)
    with store.read() as conn:
        found = [_count(conn, place_id, feed) for feed in world.place(place_id).feeds]
    return [count for count in found if count is not None]


def _count(conn: Connection, place: str, feed: Feed) -> YardCount | None:
    mine = (_y.feed == feed.id, _y.status == "live")
    opened_at = conn.execute(sa.select(_y.listed_at).where(*mine).order_by(_y.listed_at).limit(1)).scalar()
    if opened_at is None:
        return None
    opening = int(conn.execute(sa.select(sa.func.sum(_y.lines)).where(*mine, _y.listed_at == opened_at)).scalar_one())
    at = conn.execute(sa.select(_y.listed_at).where(*mine).order_by(_y.listed_at.desc()).limit(1)).scalar()
    if at is None or at <= opened_at:
        return YardCount(feed.id, feed.publisher, opened_at, opening)
    lists = conn.execute(sa.select(_y.terminal, _y.received_at).where(*mine, _y.listed_at == at)).all()
    terminals = tuple(sorted({row.terminal for row in lists}))
    terminals = () if "" in terminals else terminals
    # A place has tens of thousands of boxes: what they are is asked of those that are shown.
    listed = (_r.feed == feed.id, _r.listed_at == at, _r.status == "live")
    theirs = set(conn.execute(sa.select(_r.equipment).where(*listed)).scalars())
    ours = _book(conn, place, at, terminals)
    only_ours, only_theirs = ours.keys() - theirs, sorted(theirs - ours.keys())
    first = sorted(only_ours, key=lambda box: (ours[box], box))[:MOST]
    return YardCount(
        feed.id,
        feed.publisher,
        opened_at,
        opening,
        at,
        max(row.received_at for row in lists),
        terminals,
        both=len(ours.keys() & theirs),
        ours=len(only_ours),
        theirs=len(only_theirs),
        only_ours=tuple(_only_ours(conn, place, at, terminals, first)),
        only_theirs=tuple(_only_theirs(conn, place, at, listed, only_theirs[:MOST])),
    )


def _then(place: str, at: datetime, terminals: Sequence[str]) -> Iterator[list[sa.ColumnElement[bool]]]:
    """What was inside at the instant: what is inside now and was then, and what has left since. Each is a stretch of an index."""
    of = [_s.place == place, _s.opened_at <= at] + ([_s.terminal.in_(terminals)] if terminals else [])
    yield [*of, _s.left_at.is_(None)]
    yield [*of, _s.left_at > at]


def _book(conn: Connection, place: str, at: datetime, terminals: Sequence[str]) -> dict[str, datetime]:
    """Our own book at the instant: box -> since when it was inside."""
    found: dict[str, datetime] = {}
    for inside in _then(place, at, terminals):
        found.update((box, since) for box, since in conn.execute(sa.select(_s.equipment, _s.opened_at).where(*inside)))
    return found


def _only_ours(conn: Connection, place: str, at: datetime, terminals: Sequence[str], boxes: Sequence[str]) -> list[Only]:
    """What our book says of boxes that are not on the list."""
    found: dict[str, Only] = {}
    for chunk in in_chunks(boxes, 400):
        for inside in _then(place, at, terminals):
            asked = sa.select(_s.equipment, _s.area, _s.terminal, _s.opened_at, _s.left_at).where(_s.equipment.in_(chunk), *inside)
            for box, area, terminal, opened_at, left_at in conn.execute(asked):
                found[box] = Only(box, area, terminal, "left" if left_at else "inside", left_at or opened_at)
    return [found[box] for box in boxes]


def _only_theirs(conn: Connection, place: str, at: datetime, listed: Sequence[sa.ColumnElement[bool]], boxes: Sequence[str]) -> list[Only]:
    """Where the list has boxes that only it has, and what our book knows of them: their stay at the place that is nearest to it."""
    stays: dict[str, list[Any]] = {}
    lines: dict[str, Any] = {}
    for chunk in in_chunks(boxes, 400):
        for row in conn.execute(sa.select(_r.equipment, _r.area, _r.terminal).where(_r.equipment.in_(chunk), *listed)):
            lines[row.equipment] = row
        asked = sa.select(_s.equipment, _s.opened_at, _s.left_at).where(_s.equipment.in_(chunk), _s.place == place)
        for row in conn.execute(asked):
            stays.setdefault(row.equipment, []).append(row)
    found = []
    for box in boxes:
        own, told = stays.get(box, []), lines[box]
        gone = max((row.left_at for row in own if row.left_at is not None and row.left_at <= at), default=None)
        came = min((row.opened_at for row in own if row.opened_at > at), default=None)
        book = "came" if came else "gone" if gone else "other_terminal" if own else "never"
        found.append(Only(box, told.area, told.terminal, book, came or gone))
    return found
