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

ACTS = ("acknowledge", "start", "assign", "shelve", "note", "unshelve")
MOST = 200  # alerts at once
RIGHT = {"unshelve": "shelve"}
Row = Mapping[str, Any]
Seen = Mapping[str, int]  # alert -> the version of its work that the person saw, in the order in which they are dealt with


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed or chosen for the act: `to` (assign), `until` and `text` (shelve), `text` (note). Unset: not chosen yet."""

    to: str = ""
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Would:
    """What an act would do to an alert. `why`: "" where it would be done, else the text key of the reason, with its `values`.

    `before`, `after`: states of the work. `shelved`: it would be taken out of sight. `same`: it stands so already, nothing would change.
    """

    alert_id: str
    before: str = ""
    after: str = ""
    why: str = ""
    values: Mapping[str, Any] | None = None
    same: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it. `error`: why it was not done; not `changed` and no error: it stood so already."""

    alert_id: str
    work: str = ""
    version: int = 0
    changed: bool = False
    error: Refused | None = None


def preview(store: Store, world: World, actor: Actor, now: datetime, act: str, seen: Seen, typed: Typed | None = None) -> tuple[Would, ...]:
    """For each alert what would change, or what is in the way. Nothing is written, nothing put on record."""
    given, wanted = typed or Typed(), list(seen)[:MOST]
    with store.read() as conn:
        question = sa.select(alert.c.alert_id, alert.c.place, alert.c.severity, *(c for c in alert_work.c if c.name != "alert_id"))
        joined = question.join_from(alert, alert_work, alert_work.c.alert_id == alert.c.alert_id).where(alert.c.alert_id.in_(wanted))
        rows = {row["alert_id"]: dict(row) for row in conn.execute(joined).mappings()}
        people = _people(conn, act, given, rows)
        return tuple(_would(world, actor, now, act, given, alert_id, rows.get(alert_id), seen[alert_id], people) for alert_id in wanted)


def carry_out(
    store: Store, world: World, actor: Actor, now: datetime, act: str, seen: Seen, typed: Typed | None = None
) -> tuple[Came, ...]:
    """Do it, one alert after the other. Errors: NotPossible where what was typed will not do for any of them; nothing was done then."""
    given = typed or Typed()
    own = _act(store, world, actor, now, act, given)
    came = []
    for alert_id in list(seen)[:MOST]:
        try:
            done = own(alert_id, seen[alert_id])
            came.append(Came(alert_id, done.work, done.version, done.changed))
        except (Conflict, NotPossible, NotPermitted) as error:
            came.append(Came(alert_id, error=error))
    return tuple(came)


def _act(store: Store, world: World, actor: Actor, now: datetime, act: str, given: Typed) -> Callable[[str, int], actions.Done]:
    if act not in ACTS:
        raise NotPossible("no_act")
    if act in ("shelve", "note"):
        in_words(given.text)
    if act == "assign" and not given.to:
        raise NotPossible("no_person")
    until = given.until or now
    if act == "shelve" and given.until is None:
        raise NotPossible("no_time")
    table: dict[str, Callable[[str, int], actions.Done]] = {
        "acknowledge": lambda which, seen: actions.acknowledge(store, actor, which, now, seen=seen),
        "start": lambda which, seen: actions.start(store, actor, which, now, seen=seen),
        "assign": lambda which, seen: actions.assign(store, actor, which, now, to=given.to, seen=seen),
        "shelve": lambda which, seen: actions.shelve(store, actor, which, now, world=world, until=until, reason=given.text, seen=seen),
        "unshelve": lambda which, seen: actions.unshelve(store, actor, which, now, seen=seen),
        "note": lambda which, _: actions.note(store, actor, which, now, text=given.text),
    }
    return table[act]


def _people(conn: Connection, act: str, given: Typed, rows: Mapping[str, Row]) -> Mapping[str, Sequence[str]]:
    """Place -> who may be given its alerts; asked only where somebody is chosen."""
    if act != "assign" or not given.to:
        return {}
    return {place: people_for(conn, place) for place in {str(row["place"]) for row in rows.values()}}


def _would(
    world: World,
    actor: Actor,
    now: datetime,
    act: str,
    given: Typed,
    alert_id: str,
    row: Row | None,
    seen: int,
    people: Mapping[str, Sequence[str]],
) -> Would:
    if row is None or not actor.sees(row["place"]) or not actor.may(RIGHT.get(act, act)):
        return Would(alert_id, why="not_permitted")
    before = row["work"]
    name = axis.ASKS.get(act, act) if row["severity"] in axis.TAKES_TWO else act
    after = axis.leads_to(name, before) if act in ACTS else None
    told = Would(alert_id, before, after or before)
    if act == "acknowledge" and after is None:
        return _not(told, "seen_already", name=row["acknowledged_by"] or row["assignee"])
    if seen != row["version"] and act != "note":
        return _not(told, "changed_since", work=before)
    shelved, asked = axis.is_shelved(row["shelved_until"], now), axis.is_shelved(row["asked_until"], now)
    if after is None or not axis.fits_shelf(name, shelved=shelved, asked=asked):
        return _not(told, "not_now", work=before)
    place = world.places.get(row["place"])
    ends = place.shift_ends(now) if place else None
    if act == "shelve" and given.until is not None and given.until > (latest := axis.latest_shelf(row["severity"], now, ends)):
        return _not(told, "shelf_long", latest=latest)
    if act == "assign" and given.to and given.to not in people[row["place"]]:
        return _not(told, "cannot_take", name=given.to)
    if (act == "assign" and given.to and row["assignee"] == given.to and before == after) or (
        act == "start" and row["assignee"] == actor.name and before == after
    ):
        return Would(alert_id, before, before, same=True)
    return told


def _not(told: Would, why: str, **values: Any) -> Would:
    return Would(told.alert_id, told.before, told.before, why, values)
