"""The same act on many: what is shown beforehand is what is done, each in its own transaction; and views that people keep."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from data import actions
from data.actions import Conflict, NotPermitted, NotPossible, bulk, views
from data.actions.bulk import Typed
from data.people import Actor, add_account
from data.queries.views import View, saved
from data.store.engine import Store
from data.store.tables import alert_line, alert_work
from tests.alert_rows import put_alert
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


@pytest.fixture
def mixed(store: Store, now: datetime) -> dict[str, int]:
    """An alert in each state, one shelved, one at another place, one that is not there; with the versions that somebody saw."""
    add_account(store, "an", "officer", "a long password", now, places=["demo-port"])
    for state in STATES:
        put_alert(store, state, now, work=state, severity="today")
    put_alert(store, "shelved", now, severity="today", shelved_until=now + HOUR)
    put_alert(store, "asked", now, asked_until=now + HOUR, asked_by="binh")
    put_alert(store, "hot", now)
    put_alert(store, "there", now, place="second-port", severity="today")
    return dict.fromkeys((*STATES, "shelved", "asked", "hot", "there", "nowhere"), 0)


@pytest.mark.parametrize("actor", [AN, CHI, VIEWER], ids=lambda actor: actor.name)
@pytest.mark.parametrize(("act", "longest"), [*((act, False) for act in bulk.ACTS), ("shelve", True)])
def test_what_is_foretold_is_what_comes(
    store: Store, world: World, now: datetime, mixed: dict[str, int], actor: Actor, act: str, longest: bool
) -> None:
    typed = Typed(to="an", until=None if longest else now + 20 * HOUR, longest=longest, text="The agent calls back.")
    before, rows = lines(store), len(audited(store))
    told = bulk.preview(store, world, actor, now, act, mixed, typed)
    assert (lines(store), len(audited(store))) == (before, rows), "a preview writes nothing"
    came = bulk.carry_out(store, world, actor, now, act, mixed, typed)
    assert [would.alert_id for would in told] == [one.alert_id for one in came] == list(mixed)
    for would, one in zip(told, came, strict=True):
        assert (not would.why, would.same or one.changed) == (one.error is None, one.error is None), (would, one)
        if one.error is None:
            assert one.work == would.after
            assert would.same or would.asks == (one.act == "ask_shelf")
        match would.why:
            case "not_permitted":
                assert isinstance(one.error, NotPermitted)
            case "seen_already" | "changed_since":
                assert isinstance(one.error, Conflict)
            case "":
                pass
            case reason:
                assert isinstance(one.error, NotPossible)
                assert one.error.reason == reason
    done, refused = sum(one.changed for one in came), sum(isinstance(one.error, NotPermitted) for one in came)
    assert lines(store) - before == done
    assert len(audited(store)) - rows == done + refused, "one audit row an alert, and one a refusal"


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


@pytest.mark.parametrize(
    ("name", "address", "reason"),
    [("", "", "no_text"), ("x" * 81, "", "view_long"), ("x", "https://else/", "view_address"), ("x", "?" + "x" * 2000, "view_address")],
)
def test_what_cannot_be_kept_as_a_view(store: Store, now: datetime, name: str, address: str, reason: str) -> None:
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
