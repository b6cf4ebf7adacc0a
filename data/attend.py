"""What time does to alerts while nobody acts: a shelf is over, one that was asked for lapses, a response is overdue and goes further.

Each is a line of the journal, by the system. A shelf is over at its time whether or not anybody looks (every question compares it with the
time); the line is the record of it. A step of the response is one row of `escalation` as well, and never written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.duty import by_role, on_duty
from data.journal import NO_SHELF, NOT_ASKED
from data.judge import RETRIES, TAKEN
from data.notify.outbox import tell_person
from data.queries.alerts import is_open
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from zones import response
from zones.response import NOBODY, PHONES, Gone
from zones.work import UNDECIDED, UNSEEN, is_shelved
from zones.world import World

SEEN = tuple(state for state in UNDECIDED if state not in UNSEEN)
AT_ONCE = 200  # alerts a transaction
Row = Mapping[str, Any]
_a, _w, _e = t.alert.c, t.alert_work.c, t.escalation.c
SINCE = sa.func.coalesce(_w.clock_from, _a.recorded_at)  # from when an alert is to be answered, on alert joined with alert_work


def attend(store: Store, world: World, at: datetime) -> dict[str, int]:
    """Write what time has done by `at`. Gives how many came back from the shelf, lapsed, and went further."""
    with store.read() as conn:
        over = conn.execute(sa.select(_w.alert_id).where(_w.shelved_until <= at).order_by(_w.alert_id)).scalars().all()
        lapsed = conn.execute(sa.select(_w.alert_id).where(_w.asked_until <= at).order_by(_w.alert_id)).scalars().all()
        late = _late(conn, world, at)
    said = {
        "returned": _each(store, over, at, _back),
        "lapsed": _each(store, lapsed, at, _lapse),
        "escalated": _each(store, late, at, _Further(world)),
    }
    return said


Do = Callable[[Connection, Row, datetime], tuple[str, Row, Row] | None]


def _each(store: Store, ids: Sequence[str], at: datetime, do: Do) -> int:
    """Do it to each alert, some hundred a transaction; whoever writes a line of one meanwhile makes us look again."""
    done = 0
    for chunk in in_chunks(ids, AT_ONCE):
        for attempt in range(RETRIES + 1):
            try:
                with store.write() as conn:
                    done += _some(conn, chunk, at, do)
                break
            except TAKEN:
                if attempt == RETRIES:
                    raise
    return done


def _some(conn: Connection, ids: Sequence[str], at: datetime, do: Do) -> int:
    line = t.alert_line.c
    # The numbers first: what is read after them is as new as they are, or the line is taken (data/actions/_act.py).
    last = dict(conn.execute(sa.select(line.alert_id, sa.func.max(line.line)).where(line.alert_id.in_(ids)).group_by(line.alert_id)).all())
    both = sa.select(t.alert, *(c for c in _w if c.name != "alert_id")).join(t.alert_work, _w.alert_id == _a.alert_id)
    rows = conn.execute(both.where(_a.alert_id.in_(ids)).order_by(_a.alert_id).with_for_update(of=t.alert_work)).mappings().all()
    done = 0
    for row in rows:
        came = do(conn, dict(row), at)
        if came is None:
            continue
        what, values, says = came
        if values:
            conn.execute(t.alert_work.update().where(_w.alert_id == row["alert_id"]).values(**values))
        own = {"alert_id": row["alert_id"], "line": last.get(row["alert_id"], 0) + 1, "at": at, "by": "", "what": what}
        conn.execute(t.alert_line.insert(), {**own, "values": dict(says), "cause": ""})
        _tell(conn, own, dict(row), says)
        done += 1
    return done


def _tell(conn: Connection, line: Row, row: Row, says: Row) -> None:
    """Whoever it came to is told: the people on duty to whom an overdue alert went; whose alert is back from the shelf."""
    if line["what"] == "escalated" and says["to"] not in (PHONES, NOBODY):
        for name in says["called"]:
            tell_person(conn, line, row, name, "overdue")
    elif line["what"] == "shelf_over":
        tell_person(conn, line, row, row["assignee"] or row["shelved_by"], "unshelved")


def _back(_conn: Connection, row: Row, at: datetime) -> tuple[str, Row, Row] | None:
    until = row["shelved_until"]
    if until is None or until > at:
        return None
    return "shelf_over", {**NO_SHELF, "clock_from": until}, {"until": until.isoformat()}


def _lapse(_conn: Connection, row: Row, at: datetime) -> tuple[str, Row, Row] | None:
    until = row["asked_until"]
    if until is None or until > at:
        return None
    return "shelf_lapsed", NOT_ASKED, {"until": until.isoformat(), "asked_by": row["asked_by"]}


# ---------------------------------------------------------------- overdue


def overdue(world: World, at: datetime, part: int = 1) -> sa.ColumnElement[bool]:
    """The condition, on alert joined with alert_work, that the clock that runs has run out, as the places declare it now; with `part` 2
    that half of it has."""
    late: list[sa.ColumnElement[bool]] = [sa.false()]
    for place in world.places.values():
        for severity, times in place.response.items():
            for clock, states in (("acknowledge", UNSEEN), ("decide", SEEN)):
                if (time := times.of(clock)) is not None:
                    late.append(sa.and_(_a.place == place.id, _a.severity == severity, _w.work.in_(states), SINCE <= at - time / part))
    return sa.or_(*late)


def _late(conn: Connection, world: World, at: datetime) -> Sequence[str]:
    """Open alerts whose clock has run out and that have not come to the end of their way."""
    clock = sa.case((_w.work.in_(UNSEEN), "acknowledge"), else_="decide")
    ended = sa.exists().where(_e.alert_id == _a.alert_id, _e.clock == clock, _e.since_at == SINCE, _e.to.in_((PHONES, NOBODY)))
    question = sa.select(_a.alert_id).join(t.alert_work, _w.alert_id == _a.alert_id).where(*is_open(at), overdue(world, at), ~ended)
    return conn.execute(question.order_by(_a.alert_id)).scalars().all()


class _Further:
    """An alert whose time is used up goes to the next role on duty, then to the phone list."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.duty: dict[str, response.Duty] = {}  # by place, the same throughout one look

    def __call__(self, conn: Connection, row: Row, at: datetime) -> tuple[str, Row, Row] | None:
        place = self.world.places.get(row["place"])
        if place is None:
            return None
        since, shelved = row["clock_from"] or row["recorded_at"], is_shelved(row["shelved_until"], at)
        times, steps = place.response.get(row["severity"]), gone(conn, row["alert_id"])
        reading = response.read(times, row["work"], since, at, shelved=shelved, gone=steps)
        if reading is None:
            return None
        if place.id not in self.duty:
            self.duty[place.id] = by_role(on_duty(conn, at, [place.id]), place.id)
        phones = [f"{phone.name}: {phone.number}" for phone in place.phones]
        step = response.next_step(reading, self.duty[place.id], phones, at, with_role=self._with(conn, row))
        if step is None:
            return None
        told = {"clock": step.clock, "step": step.step, "to": step.to, "called": list(step.called)}
        own = {"alert_id": row["alert_id"], "since_at": step.since, "at": at, "due_at": step.due_at}
        conn.execute(t.escalation.insert(), {**own, **told})
        return "escalated", {}, {**told, "due": step.due_at.isoformat()}

    def _with(self, conn: Connection, row: Row) -> str:
        """The role of whom it is with."""
        name = row["assignee"] or (row["acknowledged_by"] if row["work"] not in UNSEEN else "")
        found = conn.execute(sa.select(t.account.c.role).where(t.account.c.name == name)).scalar() if name else None
        return found or response.LADDER[0]


def gone(conn: Connection, alert_id: str) -> list[Gone]:
    """The steps that an alert has gone, oldest first."""
    rows = conn.execute(sa.select(t.escalation).where(_e.alert_id == alert_id).order_by(_e.at, _e.step)).mappings()
    return [step_of(dict(row)) for row in rows]


def step_of(row: Row) -> Gone:
    """A row of `escalation` as a value."""
    return Gone(row["clock"], row["since_at"], row["step"], row["due_at"], row["at"], row["to"], tuple(row["called"]))
