"""Limits and off-switches that two people agree on: from when they hold, whom they need, what becomes of alerts; back-tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from data import backtest_runs, rule_changes
from data.actions import Conflict, NotPermitted, NotPossible
from data.actions import rules as acts
from data.lease import LostLease
from data.people import Actor
from data.store import tables as t
from tests.store.told import PORT, Book, book, clock, small_world

__all__ = ["book"]
RULE = "import_overstay"
CHI, BAO = Actor("chi", "chi", "supervisor"), Actor("bao", "bao", "manager")
AN, FAR = Actor("an", "an", "officer"), Actor("far", "far", "supervisor", frozenset({"zone"}))
NOW = clock("d4 12:00")


@pytest.fixture
def port(book: Book) -> Book:
    """Two boxes, four days and two and a half days inside."""
    book.told_by("terminal", "d0 12:00 discharge", box="ZZDU0000010").told_by("terminal", "d2 00:00 discharge", box="ZZDU0000031")
    book.told_by("terminal", "d4 11:00 gate_in", box="ZZDU1234565")
    return book


def made_test(book: Book, limits: dict[str, str], now: datetime = NOW, world: Any = None) -> str:
    world = world or book.world
    asked = {"places": ("port",), "since": clock("d0 00:00"), "until": now, "limits": limits}
    made = acts.ask_backtest(book.store, world, CHI, now, RULE, **asked)
    assert backtest_runs.work_off(book.store, world, now, 1) == made
    return made


def agreed(book: Book, limits: dict[str, str], at: datetime = NOW) -> int:
    number = acts.propose_tested(
        book.store, book.world, CHI, at, made_test(book, limits, at), "port", reason="The yard is full.", start=None
    )
    acts.decide(book.store, book.world, BAO, at, "port", number=number, accept=True, reason="Agreed with the terminal.")
    return number


def now_in_force(book: Book) -> Any:
    return rule_changes.in_force(book.store, book.world)


def judged(book: Book, at: str) -> list[tuple[str, str, datetime]]:
    """(box, condition, began) of the overstays after judging under what is in force."""
    declared, book.world = book.world, now_in_force(book)
    book.judged(at)
    book.world = declared
    so = {"unverified": "active"}  # the gate is not heard all the time
    return sorted((row["equipment"][-2:], so.get(row["condition"], row["condition"]), row["began_at"]) for row in book.alerts(RULE))


def test_a_new_limit_holds_from_its_acceptance_and_the_past_keeps_its_own(port: Book) -> None:
    assert judged(port, "d4 12:00") == []
    agreed(port, {"import_dwell_warn": "3d"})
    world = now_in_force(port)
    law = world.law("port")
    assert str(law.at("import_dwell_warn", clock("d4 11:59")).value) == "5d"
    own = law.at("import_dwell_warn", NOW)
    assert (str(own.value), own.citation, own.citation_status, own.origin) == ("3d", "The yard is full.", "confirmed", "place")
    assert world.version != port.world.version
    assert world.declared is port.world
    # The box that had been there for four days is over it from the acceptance on, not since the day before.
    assert judged(port, "d4 12:30") == [("10", "active", NOW)]
    assert judged(port, "d5 01:00") == [("10", "active", NOW), ("31", "active", clock("d5 00:00"))]


def test_it_takes_a_second_person_who_may_and_a_test_of_exactly_that(port: Book) -> None:
    store, world = port.store, port.world
    made = made_test(port, {"import_dwell_warn": "3d"})
    number = acts.propose_tested(store, world, CHI, NOW, made, "port", reason="Why.", start=None)
    with pytest.raises(NotPossible, match="second_person"):
        acts.decide(store, world, CHI, NOW, "port", number=number, accept=True, reason="Mine.")
    for person in (AN, FAR):
        with pytest.raises(NotPermitted):
            acts.decide(store, world, person, NOW, "port", number=number, accept=True, reason="Yes.")
        with pytest.raises(NotPermitted):
            acts.propose_off(store, world, person, NOW, RULE, "port", reason="Why.", until=None)
    with pytest.raises(NotPossible, match="not_tested"):
        acts.propose_tested(store, world, CHI, NOW, made, "zone", reason="Why.", start=None)
    with pytest.raises(NotPossible, match="nothing_new"):
        acts.propose_tested(
            store, world, CHI, NOW, made_test(port, {"import_dwell_warn": "5d"}, clock("d4 13:00")), "port", reason="Why.", start=None
        )
    with pytest.raises(sa.exc.IntegrityError), store.act() as conn:
        conn.execute(t.rule_change.update().values(decision="accepted", decided_by="chi"))
    acts.decide(store, world, BAO, NOW, "port", number=number, accept=False, reason="Not now.")
    with pytest.raises(Conflict) as late:
        acts.decide(store, world, BAO, NOW, "port", number=number, accept=True, reason="Yes.")
    assert late.value.by == "bao"
    assert now_in_force(port) is world
    told = [(row["action"], row["actor"]) for row in port.rows(t.audit) if row["object"].startswith("rule:")]
    assert told.count(("denied", "an")) == 2
    assert {("ask_backtest", "chi"), ("propose_rule", "chi"), ("decide_rule", "bao")} <= set(told)


def test_a_file_that_says_otherwise_since_then_holds(port: Book) -> None:
    agreed(port, {"import_dwell_warn": "3d"})
    other = small_world(PORT.replace("value: 5d", "value: 4d"))
    assert str(rule_changes.in_force(port.store, other).law("port").at("import_dwell_warn", NOW).value) == "4d"
    number = acts.propose_tested(
        port.store, port.world, CHI, NOW, made_test(port, {"import_dwell_warn": "2d"}, clock("d4 13:00")), "port", reason="Why.", start=None
    )
    with pytest.raises(NotPossible, match="declared_since"):
        acts.decide(port.store, other, BAO, NOW, "port", number=number, accept=True, reason="Yes.")


def test_a_rule_that_is_off_finds_nothing_and_comes_back_after_a_test(port: Book) -> None:
    assert judged(port, "d5 13:00") == [("10", "active", clock("d5 12:00"))]
    store, off_at, on_at = port.store, clock("d5 14:00"), clock("d8 00:00")
    number = acts.propose_off(store, port.world, CHI, off_at, RULE, "port", reason="Strike at the gate.", until=None)
    acts.decide(store, port.world, BAO, off_at, "port", number=number, accept=True, reason="Yes.")
    assert judged(port, "d5 14:30") == [("10", "cleared", clock("d5 12:00"))]
    assert judged(port, "d8 00:00") == [("10", "cleared", clock("d5 12:00"))]  # the other box is over its limit since d7
    (off,) = now_in_force(port).law("port").off(RULE)
    assert (off.since, off.until, off.reason, off.by) == (off_at, None, "Strike at the gate.", ("chi", "bao"))
    world = now_in_force(port)
    made = made_test(port, {}, on_at, world)
    result = port.one(t.backtest, backtest_id=made)["result"]
    assert (result["places"]["port"]["gained"], result["places"]["port"]["same"]) == (1, 1)
    number = acts.propose_tested(store, world, BAO, on_at, made, "port", reason="The strike is over.", start=None)
    acts.decide(store, world, CHI, on_at, "port", number=number, accept=True, reason="Yes.")
    assert judged(port, "d8 00:30") == [("10", "active", clock("d5 12:00")), ("31", "active", on_at)]
    assert now_in_force(port).law("port").off(RULE)[0].until == on_at


def test_a_file_may_say_that_a_rule_is_off(port: Book) -> None:
    off = f'rules_off: [{{rule: {RULE}, reason: "agreed in writing", from: "2026-11-01", to: "2026-11-09"}}]\n'
    port.world = small_world(PORT + off)
    assert judged(port, "d6 12:00") == []
    assert judged(port, "d7 12:00") == [("10", "active", clock("d7 00:00")), ("31", "active", clock("d7 00:00"))]


def test_a_test_is_cancelled_left_and_begun_again_and_fenced(port: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_runs, "TELL_EVERY_S", 0.0)
    store, world = port.store, port.world
    asked = {"places": ("port",), "since": clock("d0 00:00"), "until": NOW, "limits": {"import_dwell_warn": "3d"}}
    made = acts.ask_backtest(store, world, CHI, NOW, RULE, **asked)
    assert acts.ask_backtest(store, world, CHI, NOW, RULE, **asked) == made
    backtest_runs.work_off(store, world, NOW, 1, lambda: True)
    assert port.one(t.backtest)["state"] == "running"
    backtest_runs.work_off(store, world, NOW, 2)
    row = port.one(t.backtest)
    assert (row["state"], row["fence"], row["done"], row["total"], row["result"]["places"]["port"]["gained"]) == ("done", 2, 3, 3, 1)
    second = acts.ask_backtest(store, world, CHI, clock("d4 13:00"), RULE, **asked)
    with pytest.raises(NotPermitted):
        acts.cancel_backtest(store, FAR, NOW, second)
    acts.cancel_backtest(store, BAO, NOW, second)
    assert port.one(t.backtest, backtest_id=second)["state"] == "cancelled"
    with pytest.raises(NotPossible, match="not_running"):
        acts.cancel_backtest(store, BAO, NOW, second)
    assert backtest_runs.work_off(store, world, NOW, 2) == ""
    third = acts.ask_backtest(store, world, CHI, clock("d4 14:00"), RULE, **asked)

    def lost(conn: Any, committing: bool) -> None:
        raise LostLease

    store.guards.append(lost)
    with pytest.raises(LostLease):
        backtest_runs.work_off(store, world, NOW, 3)
    store.guards.remove(lost)
    assert port.one(t.backtest, backtest_id=third)["state"] == "waiting"


def test_a_test_that_breaks_is_told_as_failed_and_holds_up_none(port: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"places": ("port",), "since": clock("d0 00:00"), "until": NOW, "limits": {}}
    made = acts.ask_backtest(port.store, port.world, CHI, NOW, RULE, **asked)

    def broken(*_: Any) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(backtest_runs, "run", broken)
    assert backtest_runs.work_off(port.store, port.world, NOW, 1) == made
    row = port.one(t.backtest)
    assert (row["state"], row["error"]) == ("failed", "RuntimeError")
    assert backtest_runs.work_off(port.store, port.world, NOW, 1) == ""
