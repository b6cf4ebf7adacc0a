"""The same act on many: what is shown beforehand is what is done, each in its own transaction; and views that people keep."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa

from data import actions
from data.actions import Conflict, NotPermitted, NotPossible, bulk, views
from data.actions.bulk import Typed
from data.people import Actor, add_account
from data.queries.views import View, saved
from data.store.engine import Store
from data.store.tables import alert_line, alert_work
from tests.alert_rows import put_alert, put_many
from tests.store.test_actions import audited
from zones.work import STATES
from zones.world import World

AN = Actor("an", "an", "officer", frozenset({"demo-port"}))
BINH = Actor("binh", "binh", "officer")
CHI = Actor("chi", "chi", "supervisor")
VIEWER = Actor("viewer", "viewer", "viewer")
HOUR = timedelta(hours=1)


def lines(store: Store) -> int:
    with store.read() as conn:
        return int(conn.execute(sa.select(sa.func.count()).select_from(alert_line)).scalar_one())


def mixed(store: Store, now: datetime, name: str) -> dict[str, int]:
    """An alert in each state, one shelved, one at another place, one that is not there; with the versions that somebody saw."""
    told: dict[str, dict[str, Any]] = {f"{name} {state}": {"work": state} for state in STATES}
    more: dict[str, dict[str, Any]] = {"shelved": {"shelved_until": now + HOUR}, "hot": {"severity": "act_now"}}
    more |= {"there": {"place": "second-port"}, "asked": {"severity": "act_now", "asked_until": now + HOUR, "asked_by": "binh"}}
    told |= {f"{name} {which}": values for which, values in more.items()}
    plain = {"severity": "today", "place": "demo-port", "work": "new", "shelved_until": None}
    plain |= {"asked_until": None, "asked_by": ""}
    put_many(store, now, {alert_id: plain | values for alert_id, values in told.items()})
    return dict.fromkeys((*told, f"{name} nowhere"), 0)


def test_what_is_foretold_is_what_comes(store: Store, world: World, now: datetime) -> None:
    add_account(store, "an", "officer", "a long password", now, places=["demo-port"])
    acts = [*((act, False) for act in bulk.ACTS), ("shelve", True)]
    for actor, (act, longest) in product((AN, CHI, VIEWER), acts):
        typed = Typed(to="an", until=None if longest else now + 20 * HOUR, longest=longest, text="The agent calls back.")
        seen = mixed(store, now, f"{actor.name} {act} {longest}")
        before, rows = lines(store), len(audited(store))
        told = bulk.preview(store, world, actor, now, act, seen, typed)
        assert (lines(store), len(audited(store))) == (before, rows), "a preview writes nothing"
        came = bulk.carry_out(store, world, actor, now, act, seen, typed)
        assert [would.alert_id for would in told] == [one.alert_id for one in came] == list(seen)
        for would, one in zip(told, came, strict=True):
            assert (not would.why, would.same or one.changed) == (one.error is None, one.error is None), (would, one)
            if one.error is None:
                assert one.work == would.after
                assert would.same or would.asks == (one.act == "ask_shelf")
            assert as_foretold(would.why, one.error), (would, one)
        done, refused = sum(one.changed for one in came), sum(isinstance(one.error, NotPermitted) for one in came)
        assert lines(store) - before == done
        assert len(audited(store)) - rows == done + refused, "one audit row an alert, and one a refusal"


def as_foretold(why: str, error: Exception | None) -> bool:
    match why:
        case "":
            return error is None
        case "not_permitted":
            return isinstance(error, NotPermitted)
        case "seen_already" | "changed_since":
            return isinstance(error, Conflict)
        case reason:
            return isinstance(error, NotPossible) and error.reason == reason


def test_a_version_that_is_not_theirs_any_more_is_told_and_the_others_are_done(store: Store, world: World, now: datetime) -> None:
    for name in ("a", "b", "c"):
        put_alert(store, name, now)
    actions.start(store, BINH, "b", now, seen=0)
    seen = dict.fromkeys("abc", 0)
    assert [would.why for would in bulk.preview(store, world, CHI, now, "start", seen)] == ["", "changed_since", ""]
    first, second, third = bulk.carry_out(store, world, CHI, now, "start", seen)
    assert (first.changed, third.changed, second.changed) == (True, True, False)
    assert isinstance(second.error, Conflict)
    assert (second.error.by, second.error.at) == ("binh", now)
    again = bulk.carry_out(store, world, CHI, now, "start", {"a": 0})
    assert [(one.changed, one.error) for one in again] == [(False, None)], "a double click acts once"


def test_what_will_not_do_for_any_is_said_before_anything_is_done(store: Store, world: World, now: datetime) -> None:
    put_alert(store, "a", now)
    cases = {("shelve", "no_text"): Typed(until=now + HOUR), ("shelve", "no_time"): Typed(text="x"), ("note", "no_text"): Typed(text=" ")}
    cases |= {("assign", "no_person"): Typed(), ("close", "no_act"): Typed()}
    for (act, reason), typed in cases.items():
        with pytest.raises(NotPossible) as told:
            bulk.carry_out(store, world, CHI, now, act, {"a": 0}, typed)
        assert told.value.reason == reason
    with store.read() as conn:
        assert conn.execute(sa.select(alert_work.c.version)).scalar() == 0


def test_views_are_ones_own(store: Store, now: datetime) -> None:
    assert views.save(store, AN, now, name="  My   night\nshift ", address="?list=mine") == "My night shift"
    views.save(store, BINH, now, name="My night shift", address="")
    views.save(store, AN, now, name="Gate", address="?rule=gate_out_on_hold&place=demo-port")
    assert saved(store, AN) == (View("Gate", "?rule=gate_out_on_hold&place=demo-port"), View("My night shift", "?list=mine"))
    views.save(store, AN, now, name="Gate", address="?list=overdue")
    views.rename(store, AN, now, name="Gate", to="Đêm 夜")
    assert {view.name: view.address for view in saved(store, AN)} == {"Đêm 夜": "?list=overdue", "My night shift": "?list=mine"}
    for name, to in (("Gate", "X"), ("Đêm 夜", "My night shift")):
        with pytest.raises(NotPossible):
            views.rename(store, AN, now, name=name, to=to)
    views.delete(store, AN, now, name="Đêm 夜")
    views.delete(store, AN, now, name="Đêm 夜")
    assert [view.name for view in saved(store, AN)] == ["My night shift"]
    assert saved(store, BINH) == (View("My night shift", ""),)
    assert [action for _, action, _ in audited(store)] == ["view_saved"] * 4 + ["view_renamed", "view_deleted"]


def test_what_cannot_be_kept_as_a_view(store: Store, now: datetime) -> None:
    wrong = {("", ""): "no_text", ("x" * 81, ""): "view_long", ("x", "https://else/"): "view_address"}
    wrong |= {("x", "?" + "x" * 2000): "view_address"}
    for (name, address), reason in wrong.items():
        with pytest.raises(NotPossible) as told:
            views.save(store, AN, now, name=name, address=address)
        assert told.value.reason == reason
    assert saved(store, AN) == ()


def test_nobody_keeps_more_views_than_can_be_found_again(store: Store, now: datetime) -> None:
    for number in range(views.MOST):
        views.save(store, VIEWER, now, name=f"view {number}", address="")
    with pytest.raises(NotPossible):
        views.save(store, VIEWER, now, name="one more", address="")
    views.save(store, VIEWER, now, name="view 0", address="?list=mine")
    with pytest.raises(NotPermitted):
        views.save(store, Actor("x", "x", "nothing"), now, name="x", address="")
    assert audited(store)[-1] == ("x", "denied", "view")
