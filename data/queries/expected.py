"""What is expected at a place within the next 24 hours, by call: what plans, orders and manifests announce and nobody has told of yet.

A box counts once for a call and an event, by its latest announcement. What would come in and is inside already has come; what would go out
and is not inside has gone, or was never here. Announcements whose time passed within the last 12 hours without that are late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from data.people import Actor
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

AHEAD = timedelta(hours=24)
LATE = timedelta(hours=12)
COMES = ("discharge", "gate_in")
GOES = ("load", "gate_out")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One ship's call (vessel and voyage), or one way over land, and what it is to bring or to take away (`event`).

    `boxes` and hundredths of TEU still expected, `unsized` of them without a known size; `late`: of these announced for a time that has
    passed; `done`: announced boxes that came or went already. `first` and `last`: the times announced; `told_at`: the latest announcement.
    """

    event: str
    mode: str
    vessel: str
    voyage: str
    first: datetime
    last: datetime
    boxes: int
    teu: int
    unsized: int
    late: int
    done: int
    publishers: tuple[str, ...]
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """The calls of one place, the earliest first. `told_at`: the latest announcement for these hours (None: there is none); `ever`: whether
    anything was ever announced of the place: where not, that nothing is expected means nothing.
    """

    place: str
    calls: tuple[Call, ...]
    told_at: datetime | None
    ever: bool

    def total(self, events: Sequence[str]) -> tuple[int, int]:
        """(boxes, hundredths of TEU) still expected of these events."""
        of = [call for call in self.calls if call.event in events]
        return sum(call.boxes for call in of), sum(call.teu for call in of)


def expected(store: Store, actor: Actor, world: World, place_id: str, now: datetime) -> Expected:
    """What is announced for the hours from 12 before to 24 after `now`."""
    actor.must("see", place_id)
    r, s = t.report.c, t.stay.c
    turn = sa.func.row_number().over(
        partition_by=(r.equipment, r.event),
        order_by=(sa.func.coalesce(r.updated_at, r.received_at).desc(), r.received_at.desc(), r.report_id),
    )
    columns = (r.equipment, r.event, r.mode, r.vessel, r.voyage, r.occurred_at, r.teu, r.publisher, r.received_at)
    within = sa.and_(r.place == place_id, r.occurred_at >= now - LATE, r.occurred_at < now + AHEAD, t.PLANNED)
    asked = sa.select(*columns, turn.label("turn")).where(within, r.event.in_((*COMES, *GOES)), ~r.outread)
    told = asked.where(~moved_away(now - LATE, now + AHEAD)).subquery()
    here = sa.exists().where(s.equipment == told.c.equipment, s.place == place_id, s.left_at.is_(None))
    with store.read() as conn:
        rows = conn.execute(sa.select(told, here.label("here")).where(told.c.turn == 1)).mappings().all()
        ever = bool(rows) or conn.execute(sa.select(r.report_id).where(r.place == place_id, t.PLANNED).limit(1)).first() is not None
    calls: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in rows:
        by = (row["vessel"], row["voyage"]) if row["vessel"] or row["voyage"] else ("", "")
        calls.setdefault((row["event"], row["mode"] if by == ("", "") else "vessel", *by), []).append(dict(row))
    found = [_call(key, told_of, now) for key, told_of in calls.items()]
    found.sort(key=lambda call: (call.first, call.event, call.vessel, call.voyage))
    return Expected(place_id, tuple(found), max((call.told_at for call in found), default=None), ever)


def moved_away(since: datetime, until: datetime) -> sa.ColumnElement[bool]:
    """Whether a later announcement of the same box and call names a time outside of [since, until): a ship that is late by days."""
    r, later = t.report.c, t.report.alias("later")
    o = later.c
    told, retold = (sa.func.coalesce(c.updated_at, c.received_at) for c in (r, o))
    return sa.exists().where(
        *(o[name] == r[name] for name in ("equipment", "event", "vessel", "voyage")),
        # In a function, so that it is looked up by its box: SQLite takes the place's whole index of announcements otherwise, for each row.
        sa.func.coalesce(o.place, "") == r.place,
        o.classifier != "actual",
        o.status == "live",
        ~o.outread,
        sa.or_(o.occurred_at < since, o.occurred_at >= until),
        sa.or_(retold > told, sa.and_(retold == told, o.received_at > r.received_at)),
    )


def _call(key: tuple[str, str, str, str], rows: Sequence[Row], now: datetime) -> Call:
    event, mode, vessel, voyage = key
    still = [row for row in rows if bool(row["here"]) == (event in GOES)]
    times = [row["occurred_at"] for row in rows]
    return Call(
        event=event,
        mode=mode,
        vessel=vessel,
        voyage=voyage,
        first=min(times),
        last=max(times),
        boxes=len(still),
        teu=sum(row["teu"] for row in still),
        unsized=sum(not row["teu"] for row in still),
        late=sum(row["occurred_at"] < now for row in still),
        done=len(rows) - len(still),
        publishers=tuple(sorted({row["publisher"] for row in rows})),
        told_at=max(row["received_at"] for row in rows),
    )
