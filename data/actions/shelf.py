"""Not now: out of the queue for a reason, until a time. It returns by itself (`data.attend` says so in the journal).

Act now takes two: one asks, another agrees, and from then on it is shelved; until somebody agrees it stays in the queue.
"""

from __future__ import annotations

from datetime import UTC, datetime

from data.actions._act import Case, Change, Done, NotPossible, act, if_in_words, in_words
from data.journal import NO_SHELF, NOT_ASKED
from data.people import Actor
from data.store.engine import Store
from zones import work as axis
from zones.world import World

ASKED, AGREED = ("asked_by", "asked_reason", "asked_until"), ("shelved_by", "shelf_reason", "shelved_until")


def shelve(
    store: Store, actor: Actor, alert_id: str, now: datetime, *, world: World, until: datetime, reason: str, seen: int | None = None
) -> Done:
    """Out of the queue until a time: Act now at most to the end of the shift that is on, once another person agrees (`Done.act` is then
    "ask_shelf"); else at most 30 days, at once. NotPossible: no_text, shelf_past, shelf_long, not_now.
    """

    def plan(case: Case) -> Change:
        said = in_words(reason)
        _in_time(case, world, until)
        says = {"until": until.astimezone(UTC).isoformat(), "text": said}
        if case.alert["severity"] in axis.TAKES_TWO:
            asked = {"asked_until": until, "asked_by": actor.name, "asked_at": now, "asked_reason": said}
            return Change(asked, says, reason=said, act=axis.ASKS["shelve"])
        shelf = {**NO_SHELF, "shelved_until": until, "shelved_by": actor.name, "shelf_reason": said}
        return Change({**shelf, **NOT_ASKED}, says, reason=said)

    return act(store, actor, alert_id, now, "shelve", plan, seen)


def agree_shelf(store: Store, actor: Actor, alert_id: str, now: datetime, *, world: World, seen: int | None = None) -> Done:
    """The second person: it is shelved from now on, as asked for. NotPossible: second_person_shelf, shelf_past, shelf_long, not_now."""

    def plan(case: Case) -> Change:
        work = case.work
        if case.asked and work["asked_by"] == actor.name:
            raise NotPossible("second_person_shelf")
        if case.asked:
            _in_time(case, world, work["asked_until"])
        again = not case.asked and work["shelf_agreed_by"] == actor.name  # a double click
        by, why, until = (work[name] for name in (AGREED if again else ASKED))
        shelf = {"shelved_until": until, "shelved_by": by, "shelf_reason": why, "shelf_agreed_by": actor.name}
        says = {"until": until.astimezone(UTC).isoformat() if until else "", "asked_by": by}
        return Change({**shelf, **NOT_ASKED}, says)

    return act(store, actor, alert_id, now, "agree_shelf", plan, seen)


def refuse_shelf(store: Store, actor: Actor, alert_id: str, now: datetime, *, reason: str = "", seen: int | None = None) -> Done:
    """It is not shelved: the second person says no, or whoever asked takes it back. NotPossible: not_now."""

    def plan(case: Case) -> Change:
        said = if_in_words(reason)
        return Change(dict(NOT_ASKED), {"text": said} if said else {}, reason=said)

    return act(store, actor, alert_id, now, "refuse_shelf", plan, seen)


def unshelve(store: Store, actor: Actor, alert_id: str, now: datetime, *, seen: int | None = None) -> Done:
    """Back into the queue before its time; the clock of the response starts anew."""

    def plan(case: Case) -> Change:
        return Change({**NO_SHELF, "clock_from": now}, {})

    return act(store, actor, alert_id, now, "unshelve", plan, seen, right="shelve")


def _in_time(case: Case, world: World, until: datetime) -> None:
    place = world.places.get(case.alert["place"])
    latest = axis.latest_shelf(case.alert["severity"], case.now, place.shift_ends(case.now) if place else None)
    if until <= case.now:
        raise NotPossible("shelf_past")
    if until > latest:
        raise NotPossible("shelf_long", latest=latest)
