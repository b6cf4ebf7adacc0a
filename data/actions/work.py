"""What people do with alerts, from having seen one to closing it. The states are zones/work.py; one act is data/actions/_act.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data import closings
from data.actions._act import Case, Change, Done, NotPossible, act, if_in_words, in_words, people_for
from data.journal import NO_SHELF, NOT_ASKED
from data.people import Actor
from data.store.engine import Store
from zones import work as axis


def acknowledge(store: Store, actor: Actor, alert_id: str, now: datetime, *, seen: int | None = None) -> Done:
    """I have seen it. Errors (of every act here): NotPermitted, NotPossible, Conflict."""

    def plan(case: Case) -> Change:
        return Change({"acknowledged_by": actor.name, "acknowledged_at": now}, {})

    return act(store, actor, alert_id, now, "acknowledge", plan, seen)


def assign(store: Store, actor: Actor, alert_id: str, now: datetime, *, to: str, seen: int | None = None) -> Done:
    """This person deals with it. `to` is an account that may, at that place; else NotPossible "cannot_take"."""

    def plan(case: Case) -> Change:
        if to not in people_for(case.conn, case.alert["place"]):
            raise NotPossible("cannot_take", name=to)
        return Change({"assignee": to}, {"assignee": to})

    return act(store, actor, alert_id, now, "assign", plan, seen)


def start(store: Store, actor: Actor, alert_id: str, now: datetime, *, seen: int | None = None) -> Done:
    """I deal with it now: it is mine."""

    def plan(case: Case) -> Change:
        first = {} if case.work["acknowledged_by"] else {"acknowledged_by": actor.name, "acknowledged_at": now}
        return Change({"assignee": actor.name, **first}, {"assignee": actor.name})

    return act(store, actor, alert_id, now, "start", plan, seen)


def outcome(
    store: Store,
    actor: Actor,
    alert_id: str,
    now: datetime,
    *,
    outcome: str,
    text: str,
    heard: str = "",
    not_heard: str = "",
    seen: int | None = None,
) -> Done:
    """What it came to, one of zones.work.OUTCOMES, and in words; who was heard, or why nobody (or somebody) was not.

    NotPossible: no_outcome, no_text, no_heard where neither of the two is told.
    """

    def plan(case: Case) -> Change:
        if outcome not in axis.OUTCOMES:
            raise NotPossible("no_outcome")
        said, who, why_not = in_words(text), if_in_words(heard), if_in_words(not_heard)
        if not who and not why_not:
            raise NotPossible("no_heard")
        told: dict[str, Any] = {"heard": who, "not_heard": why_not}
        given = {"outcome": outcome, "outcome_text": said, "outcome_by": actor.name, "outcome_at": now, **told}
        return Change(given, {"outcome": outcome, "text": said, **told})

    return act(store, actor, alert_id, now, "outcome", plan, seen)


def close(store: Store, actor: Actor, alert_id: str, now: datetime, *, seen: int | None = None) -> Done:
    """Done. Act now, and whatever came to "rule too wide", is closed by another person than the one who gave the outcome: else NotPossible
    "second_person" or "second_person_rule". The line keeps on which statements it rests (data/closings.py)."""

    def plan(case: Case) -> Change:
        work, severity = case.work, case.alert["severity"]
        if work["work"] == "confirmed" and axis.needs_second(severity, work["outcome"], actor.name, work["outcome_by"]):
            raise NotPossible("second_person" if severity in axis.TAKES_TWO else "second_person_rule")
        rests = closings.rests_on(case.conn, case.alert)
        said = {"outcome": work["outcome"], **({closings.RESTS: rests} if rests else {})}
        return Change({"closed_by": actor.name, "closed_at": now, **NO_SHELF, **NOT_ASKED}, said)

    return act(store, actor, alert_id, now, "close", plan, seen)


def reopen(store: Store, actor: Actor, alert_id: str, now: datetime, *, reason: str, seen: int | None = None) -> Done:
    """It was not done after all. The outcome is taken back, and the clock of the response starts anew; the journal keeps it."""

    def plan(case: Case) -> Change:
        said = in_words(reason)
        back = {"outcome": "", "outcome_text": "", "outcome_by": "", "outcome_at": None, "heard": "", "not_heard": ""}
        return Change({**back, "closed_by": "", "closed_at": None, "clock_from": now}, {"text": said}, reason=said)

    return act(store, actor, alert_id, now, "reopen", plan, seen)


def note(store: Store, actor: Actor, alert_id: str, now: datetime, *, text: str) -> Done:
    """A remark in the journal. It contradicts nothing that others do, so nobody comes second with it."""

    def plan(case: Case) -> Change:
        return Change({}, {"text": in_words(text)})

    return act(store, actor, alert_id, now, "note", plan, None)
