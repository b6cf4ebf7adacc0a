"""The yard count: a yard list of a place held against our own book at the same instant.

The first list of a feed opens the books and is no count. The latest later one is counted: in both, only in our book, only on the list.
A count never edits a stay; it is a difference that somebody has to explain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    theirs = _listed(conn, feed.id, at)
    ours = _book(conn, place, at, terminals)
    only_ours, only_theirs = sorted(ours.keys() - theirs.keys()), sorted(theirs.keys() - ours.keys())
    return YardCount(
        feed.id,
        feed.publisher,
        opened_at,
        opening,
        at,
        max(row.received_at for row in lists),
        terminals,
        both=len(ours.keys() & theirs.keys()),
        ours=len(only_ours),
        theirs=len(only_theirs),
        only_ours=tuple(_only_ours(ours[box]) for box in sorted(only_ours, key=lambda box: (ours[box]["opened_at"], box))[:MOST]),
        only_theirs=tuple(_only_theirs(conn, place, at, [theirs[box] for box in only_theirs[:MOST]])),
    )


def _listed(conn: Connection, feed: str, at: datetime) -> dict[str, Mapping[str, Any]]:
    asked = sa.select(_r.equipment, _r.area, _r.terminal).where(_r.feed == feed, _r.listed_at == at, _r.status == "live")
    return {row["equipment"]: dict(row) for row in conn.execute(asked).mappings()}


def _book(conn: Connection, place: str, at: datetime, terminals: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Our own book at the instant: what is inside now and was then, and what has left since. Each is a stretch of an index."""
    columns = [_s[name] for name in ("equipment", "area", "terminal", "opened_at", "left_at")]
    of = [_s.place == place, _s.opened_at <= at] + ([_s.terminal.in_(terminals)] if terminals else [])
    found: dict[str, Mapping[str, Any]] = {}
    for then in (_s.left_at.is_(None), _s.left_at > at):
        found.update((row["equipment"], dict(row)) for row in conn.execute(sa.select(*columns).where(*of, then)).mappings())
    return found


def _only_ours(row: Mapping[str, Any]) -> Only:
    left = row["left_at"]
    return Only(row["equipment"], row["area"], row["terminal"], "left" if left else "inside", left or row["opened_at"])


def _only_theirs(conn: Connection, place: str, at: datetime, listed: Sequence[Mapping[str, Any]]) -> list[Only]:
    """What our book knows of boxes that are on the list only: their stay at the place that is nearest to it."""
    stays: dict[str, list[Any]] = {}
    for chunk in in_chunks([row["equipment"] for row in listed], 400):
        asked = sa.select(_s.equipment, _s.opened_at, _s.left_at).where(_s.equipment.in_(chunk), _s.place == place)
        for row in conn.execute(asked):
            stays.setdefault(row.equipment, []).append(row)
    found = []
    for told in listed:
        own = stays.get(told["equipment"], [])
        gone = max((row.left_at for row in own if row.left_at is not None and row.left_at <= at), default=None)
        came = min((row.opened_at for row in own if row.opened_at > at), default=None)
        book = "came" if came else "gone" if gone else "other_terminal" if own else "never"
        found.append(Only(told["equipment"], told["area"], told["terminal"], book, came or gone))
    return found
