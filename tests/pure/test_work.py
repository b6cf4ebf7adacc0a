"""The work on an alert: which acts are legal in which state, second persons, shelves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.people import ROLES
from zones import work
from zones.alert import TURNS

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
    assert set(work.ACTS) - {"unshelve", "ask_shelf"} <= set(ROLES)  # both go with shelve


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
    assert work.offered("new", shelved=False) == ("acknowledge", "assign", "start", "shelve", "note", "attach")
    assert work.offered("closed", shelved=False) == ("reopen", "note", "attach")
    assert "unshelve" in work.offered("acknowledged", shelved=True)
    assert "shelve" not in work.offered("acknowledged", shelved=True)
    asked = work.offered("new", shelved=False, asked=True)
    assert {"agree_shelf", "refuse_shelf"} <= set(asked)
    assert "shelve" not in asked
    assert not any("ask_shelf" in work.offered(state, shelved=False) for state in work.STATES)


@pytest.mark.parametrize(
    ("severity", "outcome", "closer", "needs"),
    [
        ("act_now", "offence", "an", True),
        ("act_now", "offence", "binh", False),
        ("today", "offence", "an", False),
        ("queue", "rule_too_wide", "an", True),
        ("queue", "rule_too_wide", "binh", False),
    ],
)
def test_act_now_and_a_rule_too_wide_need_a_second_person(severity: str, outcome: str, closer: str, needs: bool) -> None:
    assert work.needs_second(severity, outcome, closer, "an") is needs


def test_a_shelf_is_limited_and_ends_by_itself() -> None:
    ends = NOW + timedelta(hours=3)
    assert work.latest_shelf("act_now", NOW, ends) == ends
    assert work.latest_shelf("act_now", NOW, None) == NOW + timedelta(hours=12)
    assert work.latest_shelf("queue", NOW, ends) == NOW + timedelta(days=30)
    assert work.is_shelved(NOW + timedelta(minutes=1), NOW)
    assert not work.is_shelved(NOW, NOW)
    assert not work.is_shelved(None, NOW)


def test_only_what_got_worse_comes_off_its_shelf() -> None:
    assert work.ends_shelf("today", "act_now")
    assert not work.ends_shelf("today", "today")
    assert not work.ends_shelf("act_now", "today")


def test_what_is_closed_opens_again_by_a_legal_turn_only() -> None:
    for before, turns in work.REOPENED_BY.items():
        assert set(turns) <= set(TURNS[before])
        for after in TURNS[before]:
            assert work.reopened_by("closed", before, after) is (after in turns)
    assert not any(work.reopened_by(state, "active", "invalidated") for state in work.STATES if state != "closed")
    assert not work.reopened_by("closed", "unverified", "active")
