"""The same act on many alerts: first what would change and what is not permitted, then alert by alert, each in its own transaction.

What is shown beforehand is read from the tables of rights and of the work (data.people, zones.work) and writes nothing; what is done is
done by the acts of `data.actions`, which ask everything again. Each alert is acted on by the version that the person saw of it, so that of
two people one wins there as well; one refusal keeps no other alert from being done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import actions
from data.actions import Conflict, NotPermitted, NotPossible, in_words, people_for
from data.people import Actor, Refused
from data.store.engine import Store
from data.store.tables import alert, alert_work
from zones import work as axis
from zones.world import World

ACTS = ("acknowledge", "start", "assign", "shelve", "note", "unshelve", "refuse_shelf")
MOST = 200  # alerts at once
RIGHT = {"unshelve": "shelve"}
Row = Mapping[str, Any]
Seen = Mapping[str, int]  # alert -> the version of its work that the person saw, in the order in which they are dealt with


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed or chosen for the act: `to` (assign), `until` and `text` (shelve), `text` (note). Unset: not chosen yet.

    `longest`: instead of `until` as long as each alert may be shelved (zones.work.latest_shelf): Act now to the end of its place's shift.
    """

    to: str = ""
    until: datetime | None = None
    longest: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Would:
    """What an act would do to an alert. `why`: "" where it would be done, else the text key of the reason, with its `values`.

    `before`, `after`: states of the work. `same`: it stands so already, nothing would change. `asks`: a second person would have to agree.
    """

    alert_id: str
    before: str = ""
    after: str = ""
    why: str = ""
    values: Mapping[str, Any] | None = None
    same: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it. `error`: why it was not done; not `changed` and no error: it stood so already. `act`: what it was (ask_shelf)."""

    alert_id: str
    work: str = ""
    version: int = 0
    changed: bool = False
    act: str = ""
    error: Refused | None = None


def preview(store: Store, world: World, actor: Actor, now: datetime, act: str, seen: Seen, typed: Typed | None = None) -> tuple[Would, ...]:
    """For each alert what would change, or what is in the way. Nothing is written, nothing put on record."""
    given, wanted = typed or Typed(), list(seen)[:MOST]
    with store.read() as conn:
        rows = _rows(conn, wanted)
        table = _Table(world, actor, now, act, given, rows, _people(conn, act, given, rows))
    return tuple(_would(table, alert_id, seen[alert_id]) for alert_id in wanted)


def carry_out(
    store: Store, world: World, actor: Actor, now: datetime, act: str, seen: Seen, typed: Typed | None = None
) -> tuple[Came, ...]:
    """Do it, one alert after the other. Errors: NotPossible where what was typed will not do for any of them; nothing was done then."""
    given = typed or Typed()
    with store.read() as conn:
        rows = _rows(conn, list(seen)[:MOST]) if given.longest else {}
    own = _act(store, world, actor, now, act, given, rows)
    came = []
    for alert_id in list(seen)[:MOST]:
        try:
            done = own(alert_id, seen[alert_id])
            came.append(Came(alert_id, done.work, done.version, done.changed, done.act or act))
        except (Conflict, NotPossible, NotPermitted) as error:
            came.append(Came(alert_id, error=error))
    return tuple(came)


@dataclass(frozen=True, slots=True)
class _Table:
    """All that is asked about when it is said what an act would do."""

    world: World
    actor: Actor
    now: datetime
    act: str
    given: Typed
    rows: Mapping[str, Row]
    people: Mapping[str, Sequence[str]]


def _rows(conn: Connection, wanted: Sequence[str]) -> dict[str, Row]:
    question = sa.select(alert.c.alert_id, alert.c.place, alert.c.severity, *(c for c in alert_work.c if c.name != "alert_id"))
    joined = question.join_from(alert, alert_work, alert_work.c.alert_id == alert.c.alert_id).where(alert.c.alert_id.in_(wanted))
    return {row["alert_id"]: dict(row) for row in conn.execute(joined).mappings()}


def _latest(world: World, row: Row, now: datetime) -> datetime:
    place = world.places.get(row["place"])
    return axis.latest_shelf(row["severity"], now, place.shift_ends(now) if place else None)


def _act(
    store: Store, world: World, actor: Actor, now: datetime, act: str, given: Typed, rows: Mapping[str, Row]
) -> Callable[[str, int], actions.Done]:
    if act not in ACTS:
        raise NotPossible("no_act")
    if act in ("shelve", "note"):
        in_words(given.text)
    if act == "assign" and not given.to:
        raise NotPossible("no_person")
    if act == "shelve" and given.until is None and not given.longest:
        raise NotPossible("no_time")

    def until(which: str) -> datetime:
        return given.until or (_latest(world, rows[which], now) if which in rows else now + axis.SHIFT)

    table: dict[str, Callable[[str, int], actions.Done]] = {
        "acknowledge": lambda which, seen: actions.acknowledge(store, actor, which, now, seen=seen),
        "start": lambda which, seen: actions.start(store, actor, which, now, seen=seen),
        "assign": lambda which, seen: actions.assign(store, actor, which, now, to=given.to, seen=seen),
        "shelve": lambda which, seen: actions.shelve(
            store, actor, which, now, world=world, until=until(which), reason=given.text, seen=seen
        ),
        "unshelve": lambda which, seen: actions.unshelve(store, actor, which, now, seen=seen),
        "refuse_shelf": lambda which, seen: actions.refuse_shelf(store, actor, which, now, seen=seen),
        "note": lambda which, _: actions.note(store, actor, which, now, text=given.text),
    }
    return table[act]


def _people(conn: Connection, act: str, given: Typed, rows: Mapping[str, Row]) -> Mapping[str, Sequence[str]]:
    """Place -> who may be given its alerts; asked only where somebody is chosen."""
    if act != "assign" or not given.to:
        return {}
    return {place: people_for(conn, place) for place in {str(row["place"]) for row in rows.values()}}


def _would(table: _Table, alert_id: str, seen: int) -> Would:
    row, act, given, actor = table.rows.get(alert_id), table.act, table.given, table.actor
    if row is None or not actor.sees(row["place"]) or not actor.may(RIGHT.get(act, act)):
        return Would(alert_id, why="not_permitted")
    before, late = row["work"], seen != row["version"] and act not in axis.REMARKS
    asks = act in axis.ASKS and row["severity"] in axis.TAKES_TWO
    name = axis.ASKS[act] if asks else act
    after = axis.leads_to(name, before) if act in ACTS else None
    told = Would(alert_id, before, after or before, asks=asks)
    if act == "acknowledge" and after is None:
        return _not(told, "seen_already", name=row["acknowledged_by"] or row["assignee"])
    if late:
        return _not(told, "changed_since", work=before)
    if act == "shelve" and given.until is not None and given.until > (latest := _latest(table.world, row, table.now)):
        return _not(told, "shelf_long", latest=latest)
    if act == "assign" and given.to and given.to not in table.people[row["place"]]:
        return _not(told, "cannot_take", name=given.to)
    mine = given.to if act == "assign" else actor.name if act == "start" else ""
    if mine and row["assignee"] == mine and before == after:
        return Would(alert_id, before, before, same=True)
    shelved, asked = (axis.is_shelved(row[name], table.now) for name in ("shelved_until", "asked_until"))
    if after is None or not axis.fits_shelf(name, shelved=shelved, asked=asked):
        return _not(told, "not_now", work=before)
    return told


def _not(told: Would, why: str, **values: Any) -> Would:
    return Would(told.alert_id, told.before, told.before, why, values)
