"""How fast alerts are answered, and who is there to answer: the clock of each, what has gone further, who is on duty.

For a list: `is_overdue` is a condition on alert joined with alert_work, `of` reads the clocks of rows that a query has fetched already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.attend import overdue, step_of
from data.duty import OnDuty, by_role, on_duty
from data.people import Actor
from data.queries._scope import allowed, where_place
from data.queries.alerts import is_open
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from zones import response
from zones.response import Gone, Reading
from zones.work import UNDECIDED, UNSEEN, is_shelved
from zones.world import World

Row = Mapping[str, Any]
_OVER = ("cleared", "invalidated")


@dataclass(frozen=True, slots=True)
class Response:
    """The clock of one alert that runs, and who of its place is on duty. `nobody`: no one is."""

    reading: Reading
    nobody: bool

    @property
    def gone_to(self) -> str:
        """Where it went last: a role, zones.response.PHONES or NOBODY; "" while it went nowhere."""
        return self.reading.gone[-1].to if self.reading.gone else ""


@dataclass(frozen=True, slots=True)
class Board:
    """Who is on duty at a place. `own_until`: until when the reader is. `asked`: whether the place declares any response time."""

    people: tuple[OnDuty, ...]
    own_until: datetime | None
    phones: tuple[str, ...]
    asked: bool


def is_overdue(world: World, now: datetime) -> sa.ColumnElement[bool]:
    """The condition, on alert joined with alert_work, that its clock has run out. Goes with the conditions of the list of open ones."""
    return overdue(world, now)


def of(conn: Connection, world: World, rows: Sequence[Row], now: datetime) -> dict[str, Response]:
    """alert_id -> its clock, for rows with the columns of alert and alert_work. What has no clock is not in it: closed, decided, shelved,
    over before anybody took it up, history, and where the place declares no time for its severity.
    """
    found: dict[str, Response] = {}
    clocked = [row for row in rows if _runs(row, now) and row["place"] in world.places and world.places[row["place"]].response]
    if not clocked:
        return found
    steps = _steps(conn, [row["alert_id"] for row in clocked])
    people = on_duty(conn, now, {row["place"] for row in clocked})
    for row in clocked:
        times = world.places[row["place"]].response.get(row["severity"])
        since = row["clock_from"] or row["recorded_at"]
        reading = response.read(times, row["work"], since, now, gone=steps.get(row["alert_id"], ()))
        if reading:
            found[row["alert_id"]] = Response(reading, response.nobody(by_role(people, row["place"])))
    return found


def board(conn: Connection, actor: Actor, world: World, place: str, now: datetime) -> Board:
    """Who is on duty at a place, and whom it calls after that."""
    declared = world.places.get(place)
    if declared is None or not actor.sees(place):
        return Board((), None, (), False)
    people = tuple(on_duty(conn, now, [place]))
    own = max((one.until for one in people if one.name == actor.name), default=None)
    return Board(people, own, tuple(f"{phone.name}: {phone.number}" for phone in declared.phones), bool(declared.response))


def unmanned(conn: Connection, actor: Actor, world: World, now: datetime, place: str = "") -> dict[str, dict[str, int]]:
    """place -> role -> how many open alerts that are to be answered are with this role, of which nobody is on duty there.

    An alert is with the role to which it went last, before that with that of the person it is assigned to, else with the first that is
    asked. Gone to the phone list, or nowhere (PHONES, NOBODY), it is told of where nobody at all is on duty. Places that declare no
    response keep no duty.
    """
    own = [one for one in allowed(actor, world, (place,) if place else ()) if world.places[one].response]
    people = on_duty(conn, now, own) if own else []
    here = {one: {role for role, names in by_role(people, one).items() if names} for one in own}
    lacking = [one for one in own if not set(response.LADDER) <= here[one]]
    if not lacking:
        return {}
    a, w, e = t.alert.c, t.alert_work.c, t.escalation.c
    clock = sa.case((w.work.in_(UNSEEN), "acknowledge"), else_="decide")
    since = sa.func.coalesce(w.clock_from, a.recorded_at)
    last = sa.select(e.to).where(e.alert_id == a.alert_id, e.clock == clock, e.since_at == since).order_by(e.step.desc()).limit(1)
    whose = sa.select(t.account.c.role).where(t.account.c.name == w.assignee, t.account.c.role.in_(response.LADDER))
    role = sa.func.coalesce(last.scalar_subquery(), whose.scalar_subquery(), response.LADDER[0]).label("role")
    waits = sa.or_(*(sa.and_(a.place == one, a.severity.in_(sorted(world.places[one].response))) for one in lacking))
    open_ones = sa.select(a.place.label("place"), role).join_from(t.alert, t.alert_work, w.alert_id == a.alert_id)
    each = open_ones.where(*is_open(now), w.work.in_(UNDECIDED), waits).subquery()
    found: dict[str, dict[str, int]] = {}
    for at, to, n in conn.execute(sa.select(each.c.place, each.c.role, sa.func.count()).group_by(each.c.place, each.c.role)):
        if to in here[at] or (to in (response.PHONES, response.NOBODY) and here[at]):
            continue
        found.setdefault(at, {})[to] = n
    return found


def nobody_there(store: Store, actor: Actor, world: World, now: datetime, place: str = "") -> dict[str, dict[str, int]]:
    """The same for a page."""
    with store.read() as conn:
        return unmanned(conn, actor, world, now, place)


def count_overdue(store: Store, actor: Actor, world: World, now: datetime) -> dict[tuple[str, str], int]:
    """(place, severity) -> how many open alerts within reach are overdue."""
    a = t.alert.c
    question = sa.select(a.place, a.severity, sa.func.count()).join(t.alert_work, t.alert_work.c.alert_id == a.alert_id)
    question = question.where(where_place(actor, a.place), *is_open(now), overdue(world, now)).group_by(a.place, a.severity)
    with store.read() as conn:
        return {(row[0], row[1]): row[2] for row in conn.execute(question)}


def _runs(row: Row, now: datetime) -> bool:
    """Whether somebody is to answer: as the list of open ones has it (data.queries.alerts)."""
    over = row["condition"] in _OVER or row["muted_by"]
    return not row["history"] and not (over and row["work"] == "new") and not is_shelved(row["shelved_until"], now)


def _steps(conn: Connection, ids: Iterable[str]) -> dict[str, list[Gone]]:
    e, found = t.escalation.c, dict[str, list[Gone]]()
    for chunk in in_chunks(list(ids), 400):
        for row in conn.execute(sa.select(t.escalation).where(e.alert_id.in_(chunk)).order_by(e.alert_id, e.at, e.step)).mappings():
            found.setdefault(row["alert_id"], []).append(step_of(dict(row)))
    return found
