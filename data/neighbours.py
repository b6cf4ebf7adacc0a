"""Boxes with dangerous goods beside others: who stood at a place while a box did, where, and who is judged again when one comes or goes.

What is asked is bounded by what stands there at once: those still inside, and of those that left the ones that came in the half year before
(REACH) and were there at the time. A box that had been inside for longer by then, and has left since, is nobody's neighbour any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from data.books import STAY_COLUMNS, load, stay_from
from data.store import tables as t
from data.store.bulk import in_chunks
from zones.asking import Known, by_time
from zones.neighbour import Spot, beside, in_time
from zones.stay import Mark, Stay
from zones.world import World

REACH = timedelta(days=180)
_s, _r = t.stay.c, t.report.c


def with_neighbours(conn: Connection, world: World, boxes: Sequence[Known], known_at: datetime | None = None) -> Iterator[Known]:
    """The boxes, those with dangerous goods with where they stood and with their neighbours. `known_at`: as was known then."""
    dangerous = [stay for box in boxes for stay in box.stays if stay.dangerous]
    if not dangerous:
        yield from boxes
        return
    others: dict[str, dict[str, Stay]] = defaultdict(dict)
    for stay in dangerous:
        for other in _there(conn, stay):
            others[other.equipment][other.stay_id] = other
    near = {box: by_time(stays.values()) for box, stays in others.items()}
    if known_at is None:
        spots = _spots(conn, {*near, *(stay.equipment for stay in dangerous)})
    else:
        books, _ = load(conn, world, near, known_at=known_at)
        near = {box: by_time(book.stays.values()) for box, book in books.items()}
        spots = {box: book.spots for box, book in books.items()}
    for box in boxes:
        if any(stay.dangerous for stay in box.stays):
            own = spots.get(box.equipment, ()) if known_at is None else box.spots
            box = replace(box, spots=own, beside=beside(box.stays, near, spots))
        yield box


def to_be_judged(conn: Connection, changed: Iterable[Stay]) -> set[str]:
    """The boxes whose neighbours among the changed stays may be others than before."""
    return {other.equipment for stay in changed if stay.dangerous for other in _there(conn, stay)}


def _there(conn: Connection, stay: Stay) -> Iterator[Stay]:
    """Other stays with dangerous goods at the place that have time in common with one."""
    others = sa.select(*STAY_COLUMNS).where(_s.place == stay.place, _s.equipment != stay.equipment)
    if stay.left_at is not None:
        others = others.where(_s.opened_at < stay.left_at)
    inside = others.where(t.DANGEROUS_INSIDE)
    gone = others.where(t.DANGEROUS, _s.left_at > stay.opened_at, _s.opened_at > stay.opened_at - REACH)
    for question in (inside, gone):
        yield from map(stay_from, conn.execute(question).all())


def _spots(conn: Connection, boxes: Iterable[str]) -> dict[str, tuple[Spot, ...]]:
    """Where boxes stood, by all live reports that tell it. Equal to that of their books (zones.book), where nothing was received later."""
    found: dict[str, list[Spot]] = defaultdict(list)
    told = sa.select(_r.equipment, _r.place, _r.area, _r.occurred_at, _r.event, _r.report_id, _r.received_at, _r.precision, _r.publisher)
    counts = sa.and_(_r.area != "", _r.classifier == "actual", _r.occurred_at.is_not(None), _r.status == "live", ~_r.outread)
    for chunk in in_chunks(sorted(boxes), 900):
        for box, place, area, at, event, report_id, received_at, precision, publisher in conn.execute(
            told.where(_r.equipment.in_(chunk), counts)
        ):
            own = Mark(
                at=at, event=event, report_id=report_id, received_at=received_at, precision=precision, publisher=publisher,
                reports=(report_id,),
            )  # fmt: skip
            found[box].append(Spot(place, area, own))
    return {box: in_time(spots) for box, spots in found.items()}
