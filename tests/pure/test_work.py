"""The work on an alert: which acts are legal in which state, second persons, shelves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.people import ROLES
from zones import work

NOW = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)


def test_every_transition_is_between_known_states() -> None:
    for leads in work.LEADS.values():
        assert set(leads) | set(leads.values()) <= set(work.STATES)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {after for leads in work.LEADS.values() for before, after in leads.items() if before != after} | {"new"}
    left = {before for leads in work.LEADS.values() for before, after in leads.items() if before != after}
    assert reached == set(work.STATES)
    assert left == set(work.STATES)


def test_every_act_is_somebodys() -> None:
    assert {act for act in work.ACTS if act != "unshelve"} <= set(ROLES)  # unshelve goes with shelve


@pytest.mark.parametrize(
    ("act", "state", "after"),
    [
        ("acknowledge", "new", "acknowledged"),
        ("acknowledge", "acknowledged", None),
        ("acknowledge", "closed", None),
        ("start", "assigned", "in_progress"),
        ("outcome", "new", None),
        ("outcome", "in_progress", "confirmed"),
        ("close", "in_progress", None),
        ("close", "confirmed", "closed"),
        ("reopen", "closed", "reopened"),
        ("assign", "closed", None),
        ("shelve", "closed", None),
        ("shelve", "new", "new"),
        ("fold", "new", None),
    ],
)
def test_transitions(act: str, state: str, after: str | None) -> None:
    assert work.leads_to(act, state) == after


def test_nothing_is_closed_without_an_outcome() -> None:
    assert {before for before, after in work.LEADS["close"].items() if after == "closed"} == {"confirmed"}
    assert {after for leads in work.LEADS.values() for after in leads.values() if after == "confirmed"} == {"confirmed"}
    assert [act for act, leads in work.LEADS.items() if any(b != a == "confirmed" for b, a in leads.items())] == ["outcome"]


def test_offered_follows_the_table() -> None:
    assert work.offered("new", shelved=False) == ("acknowledge", "assign", "start", "shelve", "note")
    assert work.offered("closed", shelved=False) == ("reopen", "note")
    assert "unshelve" in work.offered("acknowledged", shelved=True)
    assert "shelve" not in work.offered("acknowledged", shelved=True)


@pytest.mark.parametrize(("severity", "closer", "needs"), [("act_now", "an", True), ("act_now", "binh", False), ("today", "an", False)])
def test_act_now_needs_a_second_person(severity: str, closer: str, needs: bool) -> None:
    assert work.needs_second(severity, closer, "an") is needs


def test_a_shelf_is_limited_and_ends_by_itself() -> None:
    assert work.latest_shelf("act_now", NOW) == NOW + timedelta(hours=12)
    assert work.latest_shelf("queue", NOW) == NOW + timedelta(days=30)
    assert work.is_shelved(NOW + timedelta(minutes=1), NOW)
    assert not work.is_shelved(NOW, NOW)
    assert not work.is_shelved(None, NOW)
