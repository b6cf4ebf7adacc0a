"""What people do with rules: trying one under other limits, changing a limit, switching a rule off or on. Right, place, reason, audit row.

A change takes two people: one proposes, another accepts or refuses. New limits, and switching on, can only be proposed with a back-test of
exactly that, which the second person is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import audit
from data.actions import Conflict, NotPermitted, NotPossible, in_words
from data.backtest import NotThat, values_of
from data.backtest_runs import CANCELLED, DONE, RUNNING, WAITING
from data.people import Actor
from data.rule_changes import ACCEPTED, LIMITS, OFF, ON, REFUSED, instead_of
from data.store import tables as t
from data.store.engine import Store
from zones.movement import content_id
from zones.rules import rules
from zones.world import World

AT_ONCE = 3  # tests of one person that wait or run


def ask_backtest(
    store: Store,
    world: World,
    actor: Actor,
    now: datetime,
    rule: str,
    *,
    places: Sequence[str],
    since: datetime,
    until: datetime,
    limits: Mapping[str, str],
) -> str:
    """Ask the worker to try a rule over a period under other limits; gives the id of the test.

    Errors: NotPermitted; NotPossible not_testable, about_acts, bad_limit and no_calendar (value), no_period, many_tests.
    """
    for place in places or ("",):
        _may(store, actor, now, "backtest", rule, place)
    try:
        values_of(world, rule, places, limits)
    except NotThat as error:
        raise NotPossible(error.reason, **error.values) from error
    if since >= until or until > now:
        raise NotPossible("no_period")
    b = t.backtest.c
    with store.act() as conn:
        mine = sa.select(sa.func.count()).where(b.asked_by == actor.name, b.state.in_((WAITING, RUNNING)))
        if (conn.execute(mine).scalar() or 0) >= AT_ONCE:
            raise NotPossible("many_tests", n=AT_ONCE)
        made = content_id(
            rule, actor.name, now.isoformat(), *places, since.isoformat(), until.isoformat(), *sorted(map(str, limits.items()))
        )
        asked = {"backtest_id": made, "rule": rule, "places": list(places), "limits": dict(limits), "from_at": since, "to_at": until}
        if conn.execute(sa.select(b.backtest_id).where(b.backtest_id == made)).first():
            return made  # a double click
        conn.execute(t.backtest.insert(), {**asked, "asked_by": actor.name, "asked_at": now, "state": WAITING})
        audit.append(conn, at=now, actor=actor, action="ask_backtest", object=f"rule:{rule}", after={**asked})
    return made


def cancel_backtest(store: Store, actor: Actor, now: datetime, backtest_id: str) -> None:
    """Stop a test that waits or runs; the worker ends it with its next piece. Errors: NotPermitted; NotPossible not_running."""
    b = t.backtest.c
    with store.act() as conn:
        row = conn.execute(sa.select(t.backtest).where(b.backtest_id == backtest_id).with_for_update()).mappings().one_or_none()
        allowed = row is not None and actor.may("backtest") and all(actor.sees(place) for place in row["places"])
        if allowed and row is not None and row["state"] in (WAITING, RUNNING):
            over = {"state": CANCELLED, "ended_at": now} if row["state"] == WAITING else {}
            conn.execute(t.backtest.update().where(b.backtest_id == backtest_id).values(cancelled_by=actor.name, **over))
            audit.append(conn, at=now, actor=actor, action="cancel_backtest", object=f"backtest:{backtest_id[:64]}")
            return
        if not allowed:
            audit.append(conn, at=now, actor=actor, action="denied", object=f"backtest:{backtest_id[:64]}", reason="cancel_backtest")
    if not allowed:
        raise NotPermitted(f"{actor.role} {actor.name} may not cancel back-test {backtest_id[:64]}")
    raise NotPossible("not_running")


def propose_tested(
    store: Store, world: World, actor: Actor, now: datetime, backtest_id: str, place: str, *, reason: str, start: datetime | None
) -> int:
    """Propose for a place exactly what was tested there: other limits; where none are, that the rule is switched on. Gives its number.

    `start`: from when, at the earliest when it is accepted; None: from then. Errors: NotPermitted; NotPossible no_text, long_text,
    not_tested, nothing_new (those limits hold already, or the rule is on).
    """
    with store.read() as conn:
        found = conn.execute(sa.select(t.backtest).where(t.backtest.c.backtest_id == backtest_id)).mappings().one_or_none()
    rule = found["rule"] if found else ""
    _may(store, actor, now, "change_limit", rule, place)
    if found is None or found["state"] != DONE or place not in found["places"] or place not in world.places:
        raise NotPossible("not_tested")
    law, limits = world.law(place), dict(found["limits"])
    at = max(now, start or now)
    if limits and all((own := law.at(name, at)) is not None and str(own.value) == value for name, value in limits.items()):
        raise NotPossible("nothing_new")
    if not limits and not any(off.until is None or off.until > now for off in law.off(rule)):
        raise NotPossible("nothing_new")
    row = {"kind": LIMITS if limits else ON, "limits": limits, "from_at": start, "to_at": None, "backtest_id": backtest_id}
    return _propose(store, world, actor, now, rule, place, row, reason)


def propose_off(
    store: Store, world: World, actor: Actor, now: datetime, rule: str, place: str, *, reason: str, until: datetime | None
) -> int:
    """Propose to switch a rule off at a place, until a time or until further notice. Gives the number of the proposal.

    Errors: NotPermitted; NotPossible no_text, long_text, no_rule, until_past, nothing_new.
    """
    _may(store, actor, now, "change_limit", rule, place)
    if rule not in rules() or place not in world.places:
        raise NotPossible("no_rule")
    if until is not None and until <= now:
        raise NotPossible("until_past")
    if any(off.at(now) for off in world.law(place).off(rule)):
        raise NotPossible("nothing_new")
    row: dict[str, Any] = {"kind": OFF, "limits": {}, "from_at": None, "to_at": until, "backtest_id": ""}
    return _propose(store, world, actor, now, rule, place, row, reason)


def decide(store: Store, world: World, actor: Actor, now: datetime, place: str, *, number: int, accept: bool, reason: str) -> None:
    """Accept or refuse what another person proposed. Accepted, it holds from its date on. Who proposed may take it back.

    Errors: NotPermitted; NotPossible no_text, long_text, second_person, declared_since; Conflict where somebody else was first.
    """
    _may(store, actor, now, "approve_limit", str(number), place)
    said, c = in_words(reason), t.rule_change.c
    which = sa.and_(c.place == place, c.number == number)
    with store.act() as conn:
        row = conn.execute(sa.select(t.rule_change).where(which).with_for_update()).mappings().one_or_none()
        if row is None or row["decision"]:
            raise Conflict("decide_rule", row["decided_by"] if row else "", row["decided_at"] if row else None, "")
        if accept and row["proposed_by"] == actor.name:
            raise NotPossible("second_person")
        if accept and (place not in world.places or row["instead_of"] != instead_of(world.declared.law(place), dict(row))):
            raise NotPossible("declared_since")
        decision = ACCEPTED if accept else REFUSED
        decided = {"decision": decision, "decided_by": actor.name, "decided_at": now, "decision_reason": said}
        conn.execute(t.rule_change.update().where(which).values(decided))
        after = {"decision": decision, "kind": row["kind"], "limits": row["limits"], "backtest_id": row["backtest_id"]}
        _tell(conn, now, actor, "decide_rule", row["rule"], place, {"number": number}, after, said)


def _propose(store: Store, world: World, actor: Actor, now: datetime, rule: str, place: str, row: Mapping[str, Any], reason: str) -> int:
    said, c = in_words(reason), t.rule_change.c
    with store.act() as conn:
        number = (conn.execute(sa.select(sa.func.max(c.number)).where(c.place == place)).scalar() or 0) + 1
        waits = sa.and_(c.place == place, c.rule == rule, c.decision == "")
        instead = {"decision": REFUSED, "decided_by": actor.name, "decided_at": now, "decision_reason": ""}
        conn.execute(t.rule_change.update().where(waits).values(instead))
        own = {**row, "place": place, "number": number, "rule": rule, "reason": said, "proposed_by": actor.name, "proposed_at": now}
        conn.execute(t.rule_change.insert(), {**own, "instead_of": instead_of(world.declared.law(place), own)})
        _tell(conn, now, actor, "propose_rule", rule, place, None, {"number": number, **row}, said)
    return number


def _may(store: Store, actor: Actor, now: datetime, act: str, rule: str, place: str) -> None:
    """A refusal is put on record. Errors: NotPermitted."""
    if actor.may(act) and place and actor.sees(place):
        return
    with store.act() as conn:
        audit.append(conn, at=now, actor=actor, action="denied", object=f"rule:{rule[:64]}", reason=f"{act} {place[:64]}")
    raise NotPermitted(f"{actor.role} {actor.name} may not {act} {rule[:64]} at {place[:64]}")


def _tell(conn: Connection, now: datetime, actor: Actor, action: str, rule: str, place: str, before: Any, after: Any, reason: str) -> None:
    audit.append(conn, at=now, actor=actor, action=action, object=f"rule:{rule}@{place}", before=before, after=after, reason=reason)
