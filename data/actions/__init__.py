"""What people do with alerts: right and place, what the state allows, who was first; one transaction with its journal line and audit row.
And with messages: reading one again, deciding which of several stands under a reference that was used more than once.

An officer sends the version of the work that he or she saw (`seen`). Whoever comes second gets `Conflict`, with who was first.
The same act again by the same person, with nobody in between, changes nothing (`Done.changed` is false): a double click acts once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from data import audit, references
from data.people import Actor, Refused
from data.reread import reread
from data.settings import Settings
from data.store.engine import Store
from data.store.tables import account, alert, alert_line, alert_work, message
from zones import work as axis
from zones.world import World

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
    """How the work stands after an act. Not `changed`: it stood so already."""

    alert_id: str
    work: str
    version: int
    changed: bool = True


@dataclass(frozen=True, slots=True)
class _Case:
    """One alert on the table, its row locked."""

    conn: Connection
    alert: Row
    work: Row
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class _Change:
    """Columns of the work that an act sets, and what the journal says of it."""

    values: Mapping[str, Any]
    says: Mapping[str, Any]
    reason: str = ""


Plan = Callable[[_Case], _Change]


def acknowledge(store: Store, actor: Actor, alert_id: str, now: datetime, *, seen: int | None = None) -> Done:
    """I have seen it. Errors (of every act here): NotPermitted, NotPossible, Conflict."""

    def plan(case: _Case) -> _Change:
        return _Change({"acknowledged_by": actor.name, "acknowledged_at": now}, {})

    return _act(store, actor, alert_id, now, "acknowledge", plan, seen)


def assign(store: Store, actor: Actor, alert_id: str, now: datetime, *, to: str, seen: int | None = None) -> Done:
    """This person deals with it. `to` is an account that may, at that place; else NotPossible "cannot_take"."""

    def plan(case: _Case) -> _Change:
        if to not in people_for(case.conn, case.alert["place"]):
            raise NotPossible("cannot_take", name=to)
        return _Change({"assignee": to}, {"assignee": to})

    return _act(store, actor, alert_id, now, "assign", plan, seen)


def start(store: Store, actor: Actor, alert_id: str, now: datetime, *, seen: int | None = None) -> Done:
    """I deal with it now: it is mine."""

    def plan(case: _Case) -> _Change:
        first = {} if case.work["acknowledged_by"] else {"acknowledged_by": actor.name, "acknowledged_at": now}
        return _Change({"assignee": actor.name, **first}, {"assignee": actor.name})

    return _act(store, actor, alert_id, now, "start", plan, seen)


def outcome(store: Store, actor: Actor, alert_id: str, now: datetime, *, outcome: str, text: str, seen: int | None = None) -> Done:
    """What it came to, one of zones.work.OUTCOMES, and in words. Without words: NotPossible "no_text"."""

    def plan(case: _Case) -> _Change:
        if outcome not in axis.OUTCOMES:
            raise NotPossible("no_outcome")
        said = in_words(text)
        given = {"outcome": outcome, "outcome_text": said, "outcome_by": actor.name, "outcome_at": now}
        return _Change(given, {"outcome": outcome, "text": said})

    return _act(store, actor, alert_id, now, "outcome", plan, seen)


def close(store: Store, actor: Actor, alert_id: str, now: datetime, *, seen: int | None = None) -> Done:
    """Done. Act now is closed by another person than the one who gave the outcome: else NotPossible "second_person"."""

    def plan(case: _Case) -> _Change:
        work = case.work
        if work["work"] == "confirmed" and axis.needs_second(case.alert["severity"], actor.name, work["outcome_by"]):
            raise NotPossible("second_person")
        ends = {"closed_by": actor.name, "closed_at": now, "shelved_until": None, "shelved_by": "", "shelf_reason": ""}
        return _Change(ends, {"outcome": work["outcome"]})

    return _act(store, actor, alert_id, now, "close", plan, seen)


def reopen(store: Store, actor: Actor, alert_id: str, now: datetime, *, reason: str, seen: int | None = None) -> Done:
    """It was not done after all. The outcome is taken back; the journal keeps it."""

    def plan(case: _Case) -> _Change:
        said = in_words(reason)
        back = {"outcome": "", "outcome_text": "", "outcome_by": "", "outcome_at": None, "closed_by": "", "closed_at": None}
        return _Change(back, {"text": said}, reason=said)

    return _act(store, actor, alert_id, now, "reopen", plan, seen)


def shelve(store: Store, actor: Actor, alert_id: str, now: datetime, *, until: datetime, reason: str, seen: int | None = None) -> Done:
    """Not now: out of the queue until a time, at most one shift for Act now and 30 days otherwise; it returns by itself."""

    def plan(case: _Case) -> _Change:
        said, latest = in_words(reason), axis.latest_shelf(case.alert["severity"], now)
        if until <= now:
            raise NotPossible("shelf_past")
        if until > latest:
            raise NotPossible("shelf_long", latest=latest)
        shelf = {"shelved_until": until, "shelved_by": actor.name, "shelf_reason": said}
        return _Change(shelf, {"until": until.astimezone(UTC).isoformat(), "text": said}, reason=said)

    return _act(store, actor, alert_id, now, "shelve", plan, seen)


def unshelve(store: Store, actor: Actor, alert_id: str, now: datetime, *, seen: int | None = None) -> Done:
    """Back into the queue before its time."""

    def plan(case: _Case) -> _Change:
        return _Change({"shelved_until": None, "shelved_by": "", "shelf_reason": ""}, {})

    return _act(store, actor, alert_id, now, "unshelve", plan, seen, right="shelve")


def note(store: Store, actor: Actor, alert_id: str, now: datetime, *, text: str) -> Done:
    """A remark in the journal. It contradicts nothing that others do, so nobody comes second with it."""

    def plan(case: _Case) -> _Change:
        return _Change({}, {"text": in_words(text)})

    return _act(store, actor, alert_id, now, "note", plan, None)


def read_again(store: Store, world: World, settings: Settings, actor: Actor, now: datetime, message_id: str) -> dict[str, Any]:
    """Read a kept message again with today's reader, and say so in the audit journal. Errors: NotPermitted.

    Gives what `data.reread` counted. What follows for alerts is judged with the next judging.
    """
    with store.read() as conn:
        feed = conn.execute(sa.select(message.c.feed).where(message.c.message_id == message_id)).scalar()
    place = next((known.place for known in (*world.feeds, *world.hands) if known.id == feed), None)
    allowed = actor.may("reread") and place is not None and actor.sees(place)
    said = "reread" if allowed else "denied"
    with store.act() as conn:
        audit.append(conn, at=now, actor=actor, action=said, object=f"message:{message_id[:64]}", reason="reread")
    if not allowed:
        raise NotPermitted(f"{actor.role} {actor.name} may not read message {message_id[:64]} again")
    return reread(store, world, settings, now, message=message_id)


@dataclass(frozen=True, slots=True)
class Settled:
    """Which messages stand under a reference now. Not `changed`: it was decided so already."""

    standing: tuple[str, ...]
    changed: bool = True


def settle_reference(
    store: Store,
    world: World,
    settings: Settings,
    actor: Actor,
    now: datetime,
    message_id: str,
    *,
    choice: str,
    reason: str,
    seen: int | None = None,
) -> Settled:
    """Of several messages under one reference this one stands: `instead` of the others, or, with those that stand, `both`.

    Carried out at once, whatever arrives later; `seen` is the number of decisions that the person saw. What follows for alerts is judged
    with the next judging. Errors: NotPermitted; Conflict; NotPossible no_text, long_text, no_choice, stands_alone (there is nothing to
    decide), stands_already, bytes_missing (the kept bytes are gone).
    """
    with store.read() as conn:
        row = conn.execute(sa.select(message).where(message.c.message_id == message_id)).mappings().one_or_none()
    place = next((known.place for known in world.feeds if row is not None and known.id == row["feed"]), None)
    if row is None or place is None or not actor.may("settle_reference") or not actor.sees(place):
        with store.act() as conn:
            audit.append(conn, at=now, actor=actor, action="denied", object=f"message:{message_id[:64]}", reason="settle_reference")
        raise NotPermitted(f"{actor.role} {actor.name} may not settle the reference of message {message_id[:64]}")
    said = in_words(reason)
    if choice not in references.CHOICES:
        raise NotPossible("no_choice")
    told = None
    if row["outdone_by"]:  # read before the database is held: whether it is still so is seen then
        try:
            told = references.read(store, world, settings, dict(row))
        except OSError as error:
            raise NotPossible("bytes_missing") from error
    with store.write() as conn:
        now_row = conn.execute(sa.select(message).where(message.c.message_id == message_id)).mappings().one()
        found = references.case(conn, now_row)
        if found is None:
            raise NotPossible("stands_alone")
        last = found.decisions[-1] if found.decisions else None
        before, after = found.standing, references.wanted(found, message_id, choice)
        mine = last is not None and (last["decided_by"], last["message_id"], last["choice"]) == (actor.name, message_id, choice)
        if mine and set(before) == set(after):
            return Settled(tuple(before), changed=False)
        if seen is not None and seen != len(found.decisions):
            raise Conflict("settle_reference", last["decided_by"] if last else "", last["decided_at"] if last else None, "")
        if bool(now_row["outdone_by"]) != (told is not None) or now_row["received_at"] != row["received_at"]:
            raise Conflict("settle_reference", "", None, "")  # while it was read
        if choice == "both" and message_id in before:
            raise NotPossible("stands_already")
        words = {"choice": choice, "decided_at": now, "decided_by": actor.name, "reason": said}
        references.decide(conn, world, found, dict(now_row), after, told, **words)
        audit.append(
            conn,
            at=now,
            actor=actor,
            action="settle_reference",
            object=f"message:{message_id}",
            before={"standing": before},
            after={"standing": after, "choice": choice},
            reason=said,
        )
    return Settled(tuple(after))


def people_for(conn: Connection, place: str, act: str = "start") -> list[str]:
    """The names of the accounts that may do an act at a place: deal with its alerts, unless told otherwise."""
    rows = conn.execute(sa.select(account).where(account.c.disabled.is_(False)).order_by(account.c.name)).all()
    known = (Actor(row.name, row.name, row.role, None if row.places is None else frozenset(row.places)) for row in rows)
    return [person.name for person in known if person.may(act) and person.sees(place)]


def _act(store: Store, actor: Actor, alert_id: str, now: datetime, act: str, plan: Plan, seen: int | None, *, right: str = "") -> Done:
    for attempt in range(TRIES):
        try:
            with store.act() as conn:
                return _once(_case(conn, actor, alert_id, right or act, now), act, plan, seen)
        except NotPermitted:
            with store.act() as conn:
                audit.append(conn, at=now, actor=actor, action="denied", object=f"alert:{alert_id[:64]}", reason=act)
            raise
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _case(conn: Connection, actor: Actor, alert_id: str, right: str, now: datetime) -> _Case:
    """The alert and its work, locked. Errors: NotPermitted."""
    told = conn.execute(sa.select(alert).where(alert.c.alert_id == alert_id)).mappings().one_or_none()
    if told is None or not actor.may(right) or not actor.sees(told["place"]):
        raise NotPermitted(f"{actor.role} {actor.name} may not {right} alert {alert_id[:64]}")
    work = conn.execute(sa.select(alert_work).where(alert_work.c.alert_id == alert_id).with_for_update()).mappings().one()
    return _Case(conn, dict(told), dict(work), actor, now)


def _once(case: _Case, act: str, plan: Plan, seen: int | None) -> Done:
    conn, work = case.conn, case.work
    alert_id, state, version = work["alert_id"], work["work"], work["version"]
    change, last, after = plan(case), _last_act(conn, alert_id, notes=act == "note"), axis.leads_to(act, state)
    late = seen is not None and seen != version
    if last and (last["by"], last["what"]) == (case.actor.name, act) and _alike(last["values"], change.says, late):
        return Done(alert_id, state, version, changed=False)
    if late or (after is None and act == "acknowledge"):
        raise _conflict(last, state)
    if after is None or (act == "unshelve" and work["shelved_until"] is None):
        raise NotPossible("not_now", work=state)
    if change.values:
        mine = sa.and_(alert_work.c.alert_id == alert_id, alert_work.c.version == version)
        conn.execute(alert_work.update().where(mine).values({**change.values, "work": after, "version": version + 1}))
        version += 1
    number = conn.execute(sa.select(sa.func.max(alert_line.c.line)).where(alert_line.c.alert_id == alert_id)).scalar() or 0
    line = {"alert_id": alert_id, "line": number + 1, "at": case.now, "by": case.actor.name, "what": act}
    conn.execute(alert_line.insert(), {**line, "values": dict(change.says), "cause": ""})
    audit.append(
        conn,
        at=case.now,
        actor=case.actor,
        action=act,
        object=f"alert:{alert_id}",
        before={"work": state},
        after={"work": after, **change.says},
        reason=change.reason,
    )
    return Done(alert_id, after, version)


def _last_act(conn: Connection, alert_id: str, *, notes: bool) -> Row | None:
    """The last line of the journal that moved the work, by a person or by the system; with `notes` remarks as well."""
    lines = sa.select(alert_line).where(alert_line.c.alert_id == alert_id).order_by(alert_line.c.line.desc()).limit(50)
    for line in conn.execute(lines).mappings():
        if (line["by"] or "work" in line["values"]) and (notes or line["what"] != "note"):
            return dict(line)
    return None


def _alike(one: Row, other: Row, late: bool) -> bool:
    """Whether two lines say the same. A shelf "for two hours" clicked twice ends a moment later: not meant."""
    loose = {"until"} if late else set()
    return {k: v for k, v in one.items() if k not in loose} == {k: v for k, v in other.items() if k not in loose}


def _conflict(last: Row | None, state: str) -> Conflict:
    return Conflict(last["what"], last["by"], last["at"], state) if last else Conflict("", "", None, state)


def in_words(text: str) -> str:
    """What was typed, without what no journal keeps. Errors: NotPossible where there is nothing, or too much."""
    said = "".join(char for char in text.strip() if char in "\n\t" or char.isprintable())
    if not said:
        raise NotPossible("no_text")
    if len(said) > LONGEST_TEXT:
        raise NotPossible("long_text", most=LONGEST_TEXT)
    return said
