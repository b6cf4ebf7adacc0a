"""What people do: rights, places, states, who was first; one journal line and one audit row an act, and never half of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from data import actions, audit
from data.actions import Conflict, Done, NotPermitted, NotPossible
from data.attend import attend
from data.people import Actor, add_account
from data.store.engine import Store
from data.store.tables import alert_line, alert_work
from tests.alert_rows import put_alert
from tests.store.told import PORT, small_world
from zones.world import World

AN = Actor("an", "an", "officer")
BINH = Actor("binh", "binh", "officer")
CHI = Actor("chi", "chi", "supervisor")
VIEWER = Actor("viewer", "viewer", "viewer")
ELSEWHERE = Actor("dung", "dung", "supervisor", frozenset({"second-port"}))


@pytest.fixture
def alert(store: Store, now: datetime) -> str:
    return put_alert(store, "a" * 32, now)


def work_of(store: Store, alert_id: str) -> dict[str, Any]:
    with store.read() as conn:
        return dict(conn.execute(sa.select(alert_work).where(alert_work.c.alert_id == alert_id)).mappings().one())


def journal(store: Store, alert_id: str) -> list[tuple[int, str, str]]:
    with store.read() as conn:
        rows = conn.execute(sa.select(alert_line).where(alert_line.c.alert_id == alert_id).order_by(alert_line.c.line))
        return [(row.line, row.by, row.what) for row in rows]


def audited(store: Store) -> list[tuple[str, str, str]]:
    with store.read() as conn:
        assert audit.verify(conn) is None
        rows = conn.execute(sa.select(audit.audit).order_by(audit.audit.c.seq))
        return [(row.actor, row.action, row.object) for row in rows]


def test_acknowledging_is_one_line_and_one_audit_row(store: Store, alert: str, now: datetime) -> None:
    assert actions.acknowledge(store, AN, alert, now) == Done(alert, "acknowledged", 1)
    work = work_of(store, alert)
    assert (work["work"], work["acknowledged_by"], work["acknowledged_at"], work["version"]) == ("acknowledged", "an", now, 1)
    assert journal(store, alert) == [(1, "", "raised"), (2, "an", "acknowledge")]
    assert audited(store) == [("an", "acknowledge", f"alert:{alert}")]


def test_a_double_click_acts_once_and_says_so(store: Store, alert: str, now: datetime) -> None:
    actions.acknowledge(store, AN, alert, now, seen=0)
    for _ in range(9):
        assert actions.acknowledge(store, AN, alert, now + timedelta(seconds=1), seen=0) == Done(alert, "acknowledged", 1, changed=False)
    assert len(journal(store, alert)) == 2
    assert len(audited(store)) == 1
    assert work_of(store, alert)["acknowledged_at"] == now


def test_the_second_officer_is_told_who_was_first(store: Store, alert: str, now: datetime) -> None:
    actions.acknowledge(store, AN, alert, now, seen=0)
    with pytest.raises(Conflict) as told:
        actions.acknowledge(store, BINH, alert, now + timedelta(minutes=1), seen=0)
    assert (told.value.act, told.value.by, told.value.at, told.value.work) == ("acknowledge", "an", now, "acknowledged")
    with pytest.raises(Conflict):
        actions.acknowledge(store, BINH, alert, now + timedelta(minutes=1))  # from the shell, which saw no version
    assert len(journal(store, alert)) == 2


@pytest.mark.parametrize("seen", [0, None], ids=["having seen it", "from the shell"])
def test_of_eight_at_the_same_moment_one_wins(store: Store, alert: str, now: datetime, seen: int | None) -> None:
    ready = threading.Barrier(8)

    def acknowledge(number: int) -> str:
        ready.wait()
        try:
            actions.acknowledge(store, Actor(f"o{number}", f"o{number}", "officer"), alert, now, seen=seen)
        except Conflict as told:
            return told.by
        return ""

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(acknowledge, range(8)))
    winner = work_of(store, alert)["acknowledged_by"]
    assert sorted(found) == sorted(["", *[winner] * 7])
    assert len(journal(store, alert)) == len(audited(store)) + 1 == 2


def test_who_is_late_is_told_who_was_first_before_anything_else(store: Store, world: World, alert: str, now: datetime) -> None:
    actions.start(store, BINH, alert, now, seen=0)
    for act in (
        lambda: actions.outcome(store, AN, alert, now, outcome="", text="", seen=0),
        lambda: actions.shelve(store, AN, alert, now, world=world, until=now, reason="Later.", seen=0),
        lambda: actions.close(store, AN, alert, now, seen=0),
    ):
        with pytest.raises(Conflict) as told:
            act()
        assert (told.value.by, told.value.act) == ("binh", "start")


def test_a_stale_version_is_refused_whatever_the_act(store: Store, alert: str, now: datetime) -> None:
    actions.acknowledge(store, AN, alert, now, seen=0)
    with pytest.raises(Conflict):
        actions.start(store, BINH, alert, now, seen=0)
    assert actions.start(store, BINH, alert, now, seen=1).work == "in_progress"


def test_the_whole_way_and_back(store: Store, alert: str, now: datetime) -> None:
    actions.acknowledge(store, AN, alert, now)
    actions.start(store, AN, alert, now)
    actions.outcome(store, AN, alert, now, outcome="offence", text="No permit shown.", heard="The driver.")
    with pytest.raises(NotPossible) as told:
        actions.close(store, AN, alert, now)
    assert told.value.reason == "second_person"
    closed = actions.close(store, CHI, alert, now)
    assert (closed.work, closed.version) == ("closed", 4)
    with pytest.raises(NotPossible, match="not_now"):
        actions.outcome(store, AN, alert, now, outcome="unknown", text="?", heard="?")
    assert actions.reopen(store, AN, alert, now, reason="The truck came back.").work == "reopened"
    assert actions.reopen(store, AN, alert, now, reason="The truck came back.").changed is False
    work = work_of(store, alert)
    assert (work["outcome"], work["outcome_by"], work["closed_by"], work["closed_at"]) == ("", "", "", None)
    assert [what for _, _, what in journal(store, alert)] == ["raised", "acknowledge", "start", "outcome", "close", "reopen"]
    assert [action for _, action, _ in audited(store)] == ["acknowledge", "start", "outcome", "close", "reopen"]


def test_one_person_closes_what_is_not_act_now(store: Store, now: datetime) -> None:
    alert = put_alert(store, "b" * 32, now, severity="today")
    actions.start(store, AN, alert, now)
    actions.outcome(store, AN, alert, now, outcome="benign_cause", text="Paid the same day.", not_heard="The office was closed.")
    assert actions.close(store, AN, alert, now).work == "closed"


def test_reopened_by_the_system_it_is_acknowledged_anew(store: Store, alert: str, now: datetime) -> None:
    actions.acknowledge(store, AN, alert, now)
    with store.act() as conn:
        conn.execute(alert_work.update().values(work="reopened", version=2))
        says = {"work": ["closed", "reopened"]}
        line = {"alert_id": alert, "line": 3, "at": now, "by": "", "what": "returned", "values": says, "cause": ""}
        conn.execute(alert_line.insert(), line)
    with pytest.raises(Conflict) as told:
        actions.start(store, AN, alert, now, seen=1)
    assert (told.value.by, told.value.act) == ("", "returned")
    assert actions.acknowledge(store, AN, alert, now, seen=2) == Done(alert, "acknowledged", 3)


def test_what_is_lacking_is_refused_and_nothing_is_written(store: Store, world: World, alert: str, now: datetime) -> None:
    actions.acknowledge(store, AN, alert, now)
    before = (work_of(store, alert), journal(store, alert), audited(store))
    wrong: list[tuple[str, Callable[[], object]]] = [
        ("no_text", lambda: actions.outcome(store, AN, alert, now, outcome="offence", text=" \n\x00 ", heard="x")),
        ("no_outcome", lambda: actions.outcome(store, AN, alert, now, outcome="solved", text="x", heard="x")),
        ("long_text", lambda: actions.outcome(store, AN, alert, now, outcome="offence", text="x" * 5000, heard="x")),
        ("no_text", lambda: actions.shelve(store, AN, alert, now, world=world, until=now + timedelta(hours=1), reason="")),
        ("shelf_past", lambda: actions.shelve(store, AN, alert, now, world=world, until=now, reason="later")),
        ("shelf_long", lambda: actions.shelve(store, AN, alert, now, world=world, until=now + timedelta(days=1), reason="later")),
        ("no_heard", lambda: actions.outcome(store, AN, alert, now, outcome="offence", text="x", heard="\n")),
        ("not_now", lambda: actions.agree_shelf(store, CHI, alert, now, world=world)),
        ("not_now", lambda: actions.refuse_shelf(store, CHI, alert, now)),
        ("not_now", lambda: actions.close(store, CHI, alert, now)),
        ("not_now", lambda: actions.unshelve(store, AN, alert, now)),
        ("cannot_take", lambda: actions.assign(store, CHI, alert, now, to="nobody")),
    ]
    for reason, act in wrong:
        with pytest.raises(NotPossible) as told:
            act()
        assert told.value.reason == reason
    assert (work_of(store, alert), journal(store, alert), audited(store)) == before


def test_a_shelf_and_back(store: Store, world: World, now: datetime) -> None:
    alert, until = put_alert(store, "e" * 32, now, severity="today"), now + timedelta(days=2)
    actions.shelve(store, AN, alert, now, world=world, until=until, reason="Waiting for the agent.", seen=0)
    assert actions.shelve(store, AN, alert, now, world=world, until=until, reason="Waiting for the agent.", seen=0).changed is False
    work = work_of(store, alert)
    assert (work["work"], work["shelved_until"], work["shelved_by"], work["shelf_reason"]) == ("new", until, "an", "Waiting for the agent.")
    with pytest.raises(NotPossible, match="not_now"):
        actions.shelve(store, BINH, alert, now, world=world, until=until, reason="Me too.")
    actions.unshelve(store, BINH, alert, now)
    assert (work_of(store, alert)["shelved_until"], work_of(store, alert)["clock_from"]) == (None, now)
    assert [what for _, _, what in journal(store, alert)] == ["raised", "shelve", "unshelve"]


def test_act_now_is_shelved_when_a_second_person_agrees(store: Store, world: World, alert: str, now: datetime) -> None:
    until = now + timedelta(hours=2)
    for _ in range(2):
        assert actions.shelve(store, AN, alert, now, world=world, until=until, reason="The crane is down.", seen=0).act == "ask_shelf"
    work = work_of(store, alert)
    assert (work["shelved_until"], work["asked_until"], work["asked_by"], work["asked_reason"]) == (None, until, "an", "The crane is down.")
    for refused, reason in ((AN, "second_person_shelf"), (ELSEWHERE, "may not agree_shelf")):
        with pytest.raises((NotPossible, NotPermitted), match=reason):
            actions.agree_shelf(store, refused, alert, now, world=world, seen=1)
    with pytest.raises(NotPossible, match="not_now"):
        actions.shelve(store, BINH, alert, now, world=world, until=until, reason="Another reason.")
    for changed in (True, False):
        assert actions.agree_shelf(store, BINH, alert, now, world=world, seen=1).changed is changed
    work = work_of(store, alert)
    assert (work["shelved_until"], work["shelved_by"], work["shelf_agreed_by"], work["asked_until"]) == (until, "an", "binh", None)
    assert journal(store, alert)[1:] == [(2, "an", "ask_shelf"), (3, "binh", "agree_shelf")]
    assert [action for _, action, _ in audited(store)] == ["ask_shelf", "denied", "agree_shelf"]
    with pytest.raises(sa.exc.IntegrityError), store.act() as conn:  # nor past the program
        conn.execute(alert_work.update().values(shelf_agreed_by="an"))


def test_a_shelf_that_was_asked_for_is_refused_taken_back_or_lapses(store: Store, world: World, alert: str, now: datetime) -> None:
    ask = {"world": world, "until": now + timedelta(hours=2), "reason": "The crane is down."}
    for who in (BINH, AN):
        actions.shelve(store, AN, alert, now, **ask)
        actions.refuse_shelf(store, who, alert, now, reason="Not for me.")
        assert actions.refuse_shelf(store, who, alert, now, reason="Not for me.").changed is False
    actions.shelve(store, AN, alert, now, **ask)
    later = now + timedelta(hours=2)
    with pytest.raises(NotPossible, match="not_now"):
        actions.agree_shelf(store, BINH, alert, later, world=world)
    assert attend(store, world, later)["lapsed"] == 1
    assert work_of(store, alert)["asked_until"] is None
    assert journal(store, alert)[-1] == (7, "", "shelf_lapsed")


def test_act_now_is_shelved_for_no_longer_than_the_shift_that_is_on(store: Store, now: datetime) -> None:
    shifts = 'shifts: [{name: day, from: "06:00", to: "18:00"}, {name: night, from: "18:00", to: "06:00"}]\n'
    here, alert = small_world(PORT + shifts), put_alert(store, "f" * 32, now, place="port")  # 12:00 at the port
    with pytest.raises(NotPossible) as told:
        actions.shelve(store, AN, alert, now, world=here, until=now + timedelta(hours=6, minutes=1), reason="Later.")
    assert told.value.values["latest"] == now + timedelta(hours=6)
    assert actions.shelve(store, AN, alert, now, world=here, until=now + timedelta(hours=6), reason="Later.").changed


def test_a_shelf_returns_by_itself_and_the_journal_says_so_once(store: Store, world: World, now: datetime) -> None:
    alert, until = put_alert(store, "e" * 32, now, severity="today"), now + timedelta(hours=1)
    actions.shelve(store, AN, alert, now, world=world, until=until, reason="Later.")
    assert attend(store, world, until - timedelta(seconds=1))["returned"] == 0
    for returned in (1, 0):
        assert attend(store, world, until + timedelta(seconds=20))["returned"] == returned
    work = work_of(store, alert)
    assert (work["shelved_until"], work["shelved_by"], work["clock_from"], work["version"]) == (None, "", until, 1)
    assert journal(store, alert)[-1] == (3, "", "shelf_over")


def test_a_rule_called_too_wide_takes_a_second_person_whatever_the_severity(store: Store, now: datetime) -> None:
    alert = put_alert(store, "e" * 32, now, severity="queue")
    actions.start(store, AN, alert, now)
    actions.outcome(store, AN, alert, now, outcome="rule_too_wide", text="Empties are never held.", not_heard="No one is concerned.")
    with pytest.raises(NotPossible, match="second_person_rule"):
        actions.close(store, AN, alert, now)
    assert actions.close(store, BINH, alert, now).work == "closed"
    with pytest.raises(sa.exc.IntegrityError), store.act() as conn:  # nor past the program
        conn.execute(alert_work.update().values(closed_by="an"))


def test_assigning_is_the_supervisors_and_to_who_may(store: Store, alert: str, now: datetime) -> None:
    for name, role, places in (("ha", "officer", None), ("lan", "officer", ["second-port"]), ("minh", "manager", None)):
        add_account(store, name, role, "long enough 7x", now, places=places)
    assert actions.assign(store, CHI, alert, now, to="ha").work == "assigned"
    assert work_of(store, alert)["assignee"] == "ha"
    for name in ("lan", "minh"):
        with pytest.raises(NotPossible):
            actions.assign(store, CHI, alert, now, to=name)
    with pytest.raises(NotPermitted):
        actions.assign(store, AN, alert, now, to="ha")


def test_notes_meet_nobody(store: Store, alert: str, now: datetime) -> None:
    actions.note(store, AN, alert, now, text="Called gate 3.")
    assert actions.note(store, AN, alert, now, text="Called gate 3.").changed is False
    assert work_of(store, alert)["version"] == 0
    assert actions.acknowledge(store, BINH, alert, now, seen=0).changed
    assert [(by, what) for _, by, what in journal(store, alert)] == [("", "raised"), ("an", "note"), ("binh", "acknowledge")]


@pytest.mark.parametrize("actor", [VIEWER, ELSEWHERE], ids=["no right", "other place"])
def test_who_may_not_changes_nothing_and_stands_in_the_audit(store: Store, alert: str, now: datetime, actor: Actor) -> None:
    before = (work_of(store, alert), journal(store, alert))
    for act in (
        lambda: actions.acknowledge(store, actor, alert, now),
        lambda: actions.close(store, actor, alert, now),
        lambda: actions.unshelve(store, actor, alert, now),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert (work_of(store, alert), journal(store, alert)) == before
    assert [(by, action) for by, action, _ in audited(store)] == [(actor.id, "denied")] * 3


def test_an_alert_that_is_not_there_looks_like_one_of_another_place(store: Store, now: datetime) -> None:
    alert = put_alert(store, "c" * 32, now)
    said = []
    for alert_id in (alert, "d" * 32):
        with pytest.raises(NotPermitted) as told:
            actions.acknowledge(store, ELSEWHERE, alert_id, now)
        said.append(str(told.value).replace(alert_id, "X"))
    assert said[0] == said[1]
