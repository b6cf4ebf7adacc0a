"""The stays of boxes at a place, by which lines of the supervisor's own book take effect: as they stand, or as they were known.

What was known at K of the stays up to T is what is known now, but for boxes of which something about T or before came only after K, or was
taken back since. Those are found by three small indexes (of reports that came late, of reports that were taken back, of what is received by
message), and their stays are folded again from what was known then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.known import READ_AGAIN
from data.received import kind_of, openings, received, telling
from data.standing import Line
from data.store import tables as t
from data.store.bulk import among, in_chunks
from zones.book import book
from zones.by_hand import DAY, reach
from zones.entry import CUSTOMS
from zones.own_book import WAITS, Visit
from zones.world import World

_e, _r, _s = t.entry.c, t.report.c, t.stay.c


def visits_of(conn: Connection, world: World, lines: Iterable[Line], known_at: datetime | None = None) -> dict[str, list[Visit]]:
    """box -> its stays at the place of these lines, which are of one place, oldest first. Only lines of the supervisor's own book ask."""
    place = ""
    boxes: set[str] = set()
    for entry, _ in lines:
        if entry.book == CUSTOMS and entry.equipment:
            place = entry.place
            boxes.add(entry.equipment)
    found: dict[str, list[Visit]] = defaultdict(list)
    for chunk in in_chunks(sorted(boxes), 400):
        if known_at is None:
            asked = sa.select(_s.equipment, _s.opened_at, _s.left_at).where(_s.place == place, _s.equipment.in_(chunk))
            for box, came, left in conn.execute(asked):
                found[box].append((came, left))
        else:
            found.update(_then(conn, world, place, chunk, known_at))
    return {box: sorted(stays, key=_in_turn) for box, stays in found.items()}


def _in_turn(visit: Visit) -> tuple[datetime, bool, datetime]:
    came, left = visit
    return came, left is None, left or came


def _then(conn: Connection, world: World, place: str, boxes: list[str], known_at: datetime) -> Iterator[tuple[str, list[Visit]]]:
    tell = telling(world, openings(conn, known_at))
    for box, of in received(conn, world, boxes, known_at).items():
        stays = book(of.reports, of.acts, lambda _: (), tell, partial(kind_of, world), others=of.tellings).stays.values()
        yield box, [(stay.opened_at, stay.left_at) for stay in stays if stay.place == place]


def otherwise_then(conn: Connection, world: World, place: str, at: datetime, known_at: datetime) -> set[tuple[str, str]]:
    """(operator, pool) of the lines of the supervisor's own book at a place that may have taken effect otherwise, up to `at`, by what was
    known then of their boxes. More than did, never fewer.
    """
    # What waits for its box by now, or happened only later, may have been taken to be done: of a withdrawal, when the box had left before.
    own = (t.GOES_WITH_ITS_BOX, _e.place == place, _e.at <= at)
    waits = sa.select(_e.operator, _e.pool).where(*own, sa.or_(_e.effective_at.is_(None), _e.effective_at > at, _e.standing == WAITS))
    found = {(row[0], row[1]) for row in conn.execute(waits)}
    until = at + max(reach(world.place(place).tolerance(event)) for event in ("gate_in", "discharge")) + DAY
    boxes = _told_otherwise(conn, world, place, until, known_at)  # what comes soon after may join, and change, what was told before
    if boxes:  # by the index of boxes, not by that of a place
        asked = sa.select(_e.operator, _e.pool, _e.place, _e.book, _e.at).where(t.IN_A_BOX, among(conn, _e.equipment, boxes))
        found |= {(row[0], row[1]) for row in conn.execute(asked) if (row[2], row[3]) == (place, CUSTOMS) and row[4] <= at}
    return found


def _told_otherwise(conn: Connection, world: World, place: str, until: datetime, known_at: datetime) -> set[str]:
    """The boxes of which something that happened at a place by `until` was told only after `known_at`, or was taken back by now."""
    here = (_r.place == place, _r.occurred_at <= until)
    late = sa.select(_r.equipment).where(t.LATE[conn.dialect.name], *here, _r.received_at > known_at)
    undone = sa.select(_r.equipment).where(t.UNDONE, *here, _r.received_at <= known_at)
    found = {box for asked in (late, undone) for box in conn.scalars(asked.distinct())}
    read_again = sa.select(t.reading.c.message_id).where(t.reading.c.why == READ_AGAIN, t.reading.c.read_at > known_at)
    soon = (t.message.c.received_at > known_at, t.message.c.received_at <= until + t.LATE_AFTER)
    feeds = sorted(feed.id for feed in (*world.feeds, *world.hands))
    just_then = sa.select(t.message.c.message_id).where(t.message.c.feed.in_(feeds), *soon)
    for chunk in in_chunks([*conn.scalars(read_again), *conn.scalars(just_then)], 400):
        found.update(conn.scalars(sa.select(_r.equipment).where(_r.message_id.in_(chunk), *here)))
    lists, lists_then = openings(conn), openings(conn, known_at)
    for feed, listed_at in lists_then.items():
        if lists.get(feed) != listed_at:  # by now another list opens its books
            found.update(conn.scalars(sa.select(_r.equipment).where(_r.feed == feed, _r.listed_at == listed_at, *here)))
    return found
