"""One act on one alert: right and place, what the state allows, who was first; one transaction with its journal line and audit row.

The number of the next journal line is taken before anything else is looked at, and is the key under which the line is written. So what was
seen is what was so: whoever writes a line meanwhile (another person, the judge, the worker) makes this act begin anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from data import audit
from data.notify.outbox import tell_person
from data.people import Actor, Refused
from data.store.engine import Store
from data.store.tables import account, alert, alert_line, alert_work
from zones import work as axis

TRIES = 3  # a line may meet one that the judge writes at the same moment
LONGEST_TEXT = 4000
Row = Mapping[str, Any]


class NotPermitted(Refused):
    """The role or the place does not allow it, or there is no such alert (which is not told apart)."""


class NotPossible(Refused):
    """It cannot be done as things stand: `reason` is a text key, `values` what goes in."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(f"{reason} {values}" if values else reason)
        self.reason, self.values = reason, values


class Conflict(Refused):
    """Somebody else was first: what was done, by whom ("" is the system) and when."""

    def __init__(self, act: str, by: str, at: datetime | None, work: str) -> None:
        super().__init__(f"{act} by {by or 'the system'} at {at.isoformat() if at else 'an unknown time'}; it is {work}")
        self.act, self.by, self.at, self.work = act, by, at, work


@dataclass(frozen=True, slots=True)
class Done:
    """How the work stands after an act. Not `changed`: it stood so already. `act`: what was done (of `shelve`: shelve or ask_shelf)."""

    alert_id: str
    work: str
    version: int
    changed: bool = True
    act: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One alert on the table, the row of its work locked. `line`: the last of its journal, as of before the rest was read."""

    conn: Connection
    line: int
    alert: Row
    work: Row
    actor: Actor
    now: datetime

    @property
    def shelved(self) -> bool:
        return axis.is_shelved(self.work["shelved_until"], self.now)

    @property
    def asked(self) -> bool:
        return axis.is_shelved(self.work["asked_until"], self.now)


@dataclass(frozen=True, slots=True)
class Change:
    """Columns of the work that an act sets, and what the journal says of it. `act`: where it is another than was asked for.

    `writes`: further rows of the same transaction. `stands`: it stands so already, and nothing is to be written.
    """

    values: Row
    says: Row
    reason: str = ""
    act: str = ""
    writes: Callable[[Connection], None] | None = None
    stands: bool = False


Plan = Callable[[Case], Change]


def act(store: Store, actor: Actor, alert_id: str, now: datetime, name: str, plan: Plan, seen: int | None, *, right: str = "") -> Done:
    """Do what `plan` says. `seen`: the version of the work before the person's eyes. Errors: NotPermitted, NotPossible, Conflict."""
    for attempt in range(TRIES):
        try:
            with store.act() as conn:
                return _once(_case(conn, actor, alert_id, right or name, now), name, plan, seen)
        except NotPermitted:
            with store.act() as conn:
                audit.append(conn, at=now, actor=actor, action="denied", object=f"alert:{alert_id[:64]}", reason=name)
            raise
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def people_for(conn: Connection, place: str, act: str = "start") -> list[str]:
    """The names of the accounts that may do an act at a place: deal with its alerts, unless told otherwise."""
    rows = conn.execute(sa.select(account).where(account.c.disabled.is_(False)).order_by(account.c.name)).all()
    known = (Actor(row.name, row.name, row.role, None if row.places is None else frozenset(row.places)) for row in rows)
    return [person.name for person in known if person.may(act) and person.sees(place)]


def in_words(text: str) -> str:
    """What was typed, without what no journal keeps. Errors: NotPossible where there is nothing, or too much."""
    said = if_in_words(text)
    if not said:
        raise NotPossible("no_text")
    return said


def if_in_words(text: str) -> str:
    """As `in_words`, where nothing may be said: ""."""
    said = "".join(char for char in text.strip() if char in "\n\t" or char.isprintable())
    if len(said) > LONGEST_TEXT:
        raise NotPossible("long_text", most=LONGEST_TEXT)
    return said


def _case(conn: Connection, actor: Actor, alert_id: str, right: str, now: datetime) -> Case:
    """The alert and its work, locked. Errors: NotPermitted."""
    line = conn.execute(sa.select(sa.func.max(alert_line.c.line)).where(alert_line.c.alert_id == alert_id)).scalar() or 0
    told = conn.execute(sa.select(alert).where(alert.c.alert_id == alert_id)).mappings().one_or_none()
    if told is None or not actor.may(right) or not actor.sees(told["place"]):
        raise NotPermitted(f"{actor.role} {actor.name} may not {right} alert {alert_id[:64]}")
    work = conn.execute(sa.select(alert_work).where(alert_work.c.alert_id == alert_id).with_for_update()).mappings().one()
    return Case(conn, line, dict(told), dict(work), actor, now)


def _once(case: Case, name: str, plan: Plan, seen: int | None) -> Done:
    conn, work = case.conn, case.work
    alert_id, state, version = work["alert_id"], work["work"], work["version"]
    late, last = seen is not None and seen != version, _last_act(conn, alert_id, remarks=name in axis.REMARKS)
    try:
        change = plan(case)
    except NotPossible:
        if late:  # it was asked of another state of things than this
            raise _conflict(last, state) from None
        raise
    name = change.act or name
    after = axis.leads_to(name, state)
    twice = last is not None and (last["by"], last["what"]) == (case.actor.name, name) and _alike(last["values"], change.says, late)
    if twice or change.stands:
        return Done(alert_id, state, version, changed=False, act=name)
    if late or (after is None and name == "acknowledge"):
        raise _conflict(last, state)
    if after is None or not axis.fits_shelf(name, shelved=case.shelved, asked=case.asked):
        raise NotPossible("not_now", work=state)
    if change.values:
        mine = sa.and_(alert_work.c.alert_id == alert_id, alert_work.c.version == version)
        conn.execute(alert_work.update().where(mine).values({**change.values, "work": after, "version": version + 1}))
        version += 1
    if change.writes:
        change.writes(conn)
    line = {"alert_id": alert_id, "line": case.line + 1, "at": case.now, "by": case.actor.name, "what": name}
    conn.execute(alert_line.insert(), {**line, "values": dict(change.says), "cause": ""})
    if name == "assign":
        tell_person(conn, line, case.alert, change.says["assignee"])
    audit.append(
        conn,
        at=case.now,
        actor=case.actor,
        action=name,
        object=f"alert:{alert_id}",
        before={"work": state},
        after={"work": after, **change.says},
        reason=change.reason,
    )
    return Done(alert_id, after, version, act=name)


MOVES = ("work", "shelf", "severity", "muted_by")  # what of a line of the system contradicts what a person had before his or her eyes


def _last_act(conn: Connection, alert_id: str, *, remarks: bool) -> Row | None:
    """The last line of the journal that moved the work, by a person or by the system; with `remarks` those as well."""
    lines = sa.select(alert_line).where(alert_line.c.alert_id == alert_id).order_by(alert_line.c.line.desc()).limit(50)
    for line in conn.execute(lines).mappings():
        moved = any(isinstance(line["values"].get(name), list) for name in MOVES)
        if (line["by"] or moved) and (remarks or line["what"] not in axis.REMARKS):
            return dict(line)
    return None


def _alike(one: Row, other: Row, late: bool) -> bool:
    """Whether two lines say the same. A shelf "for two hours" clicked twice ends a moment later: not meant."""
    loose = {"until"} if late else set()
    return {k: v for k, v in one.items() if k not in loose} == {k: v for k, v in other.items() if k not in loose}


def _conflict(last: Row | None, state: str) -> Conflict:
    return Conflict(last["what"], last["by"], last["at"], state) if last else Conflict("", "", None, state)
