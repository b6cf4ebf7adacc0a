"""The data sources as a page sees them: silence, runs, messages that were not read, whose places, who may see the words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from data.people import Actor
from data.queries import sources as ask
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

ALL = Actor("chi", "chi", "supervisor")
VIEWER = Actor("viewer", "viewer", "viewer")
NOWHERE = Actor("ly", "ly", "officer", frozenset())


@pytest.fixture
def feed(world: World) -> Any:
    return world.feeds[0]


def put_message(store: Store, feed: str, name: str, at: datetime, state: str, reason: str = "", faults: int = 0) -> None:
    with store.write() as conn:
        row = {"message_id": name, "feed": feed, "name": f"{name}.edi", "received_at": at, "stored_at": at}
        conn.execute(t.message.insert(), {**row, "state": state, "reason": reason, "test": False, "reading_id": "now"})
        for number in range(faults):
            told = {"reject_id": f"{name}{number}", "message_id": name, "reading_id": "now", "scope": "record", "reason": reason}
            conn.execute(t.reject.insert(), {**told, "position": f"line {10 - number}", "detail": "secret", "excerpt": "secret too"})
        if faults:
            old = {"reject_id": f"{name}-old", "message_id": name, "reading_id": "before", "scope": "record", "reason": "other"}
            conn.execute(t.reject.insert(), {**old, "position": "line 1", "detail": "", "excerpt": ""})


def put_heard(store: Store, feed: str, at: datetime) -> None:
    with store.write() as conn:
        conn.execute(t.hearing.insert(), {"feed": feed, "heard_at": at, "receipt_id": "r"})


def put_run(store: Store, feed: str, at: datetime, state: str, error: str = "") -> None:
    with store.write() as conn:
        row = {"run_id": f"{feed}{at}{state}", "job": f"pull:{feed}", "feed": feed, "started_at": at, "state": state, "error": error}
        conn.execute(t.run.insert(), {**row, "ended_at": at + timedelta(seconds=2), "fence": 1})


def test_what_never_spoke_is_shown_as_such(store: Store, world: World, now: datetime) -> None:
    found = ask.sources(store, ALL, world, now)
    assert len(found) == len([feed for feed in world.feeds if feed.in_force(now)])
    assert all(s.heard.at is None and s.heard.blind and s.run is None and s.lag is None and s.due_at is None for s in found)


def test_a_source_with_its_runs_and_messages(store: Store, world: World, feed: Any, now: datetime) -> None:
    put_heard(store, feed.id, now - timedelta(minutes=3))
    put_run(store, feed.id, now - timedelta(minutes=9), "failed", "no route to host")
    put_run(store, feed.id, now - timedelta(minutes=5), "done")
    put_message(store, feed.id, "m1", now - timedelta(minutes=3), "read")
    put_message(store, feed.id, "m2", now - timedelta(days=3), "unreadable", "no_unt", faults=1)
    with store.write() as conn:
        conn.execute(t.run_count.insert(), {"job": f"pull:{feed.id}", "missed": 2, "overlapped": 0, "failed": 1})
        box = {"equipment": "ZZDU4839211", "report_id": "r1", "message_id": "m1", "equipment_valid": True, "place": feed.place}
        moment = {"occurred_at": now - timedelta(minutes=10), "received_at": now - timedelta(minutes=3), "read_at": now}
        conn.execute(t.report.insert(), {**box, **moment, "status": "live", "outread": False})
    source = next(s for s in ask.sources(store, ALL, world, now) if s.feed.id == feed.id)
    assert source.run is not None
    assert (source.run["state"], source.failed) == ("done", None)
    assert (dict(source.today), dict(source.waiting)) == ({"read": 1}, {"unreadable": 1})
    assert (source.lag, dict(source.counts)) == (timedelta(minutes=7), {"missed": 2, "overlapped": 0, "failed": 1})
    put_run(store, feed.id, now - timedelta(minutes=1), "failed", "again")
    source = next(s for s in ask.sources(store, ALL, world, now) if s.feed.id == feed.id)
    assert source.failed is not None
    assert source.failed["error"] == "again"


def test_the_problems_with_reason_position_and_words(store: Store, world: World, feed: Any, now: datetime) -> None:
    put_message(store, feed.id, "m1", now, "partly", "bad_time", faults=3)
    put_message(store, feed.id, "m2", now - timedelta(hours=1), "unreadable", "no_unt", faults=1)
    put_message(store, feed.id, "m3", now, "read")
    found = ask.problems(store, ALL, world)
    assert [row["message_id"] for row in found.messages] == ["m1", "m2"]
    assert [fault["position"] for fault in found.faults["m1"]] == ["line 8", "line 9", "line 10"]
    assert found.faults["m1"][0]["excerpt"] == "secret too"
    assert (found.by_reason, found.by_feed) == ({"bad_time": 1, "no_unt": 1}, {feed.id: 2})
    only = ask.problems(store, ALL, world, reason="no_unt")
    assert ([row["message_id"] for row in only.messages], only.by_reason) == (["m2"], {"bad_time": 1, "no_unt": 1})
    assert [row["message_id"] for row in ask.problems(store, ALL, world, state="partly").messages] == ["m1"]
    assert not ask.problems(store, ALL, world, place="no-such-place").messages


def test_the_words_of_a_message_are_not_for_everybody(store: Store, world: World, feed: Any, now: datetime) -> None:
    put_message(store, feed.id, "m1", now, "partly", "bad_time", faults=1)
    fault = ask.problems(store, VIEWER, world).faults["m1"][0]
    assert (fault["reason"], fault["detail"], fault["excerpt"]) == ("bad_time", "", "")


def test_nobody_sees_beyond_their_places(store: Store, world: World, feed: Any, now: datetime) -> None:
    put_message(store, feed.id, "m1", now, "partly", "bad_time", faults=1)
    assert ask.sources(store, NOWHERE, world, now) == ()
    assert ask.books(store, NOWHERE, world) == ()
    assert ask.unclassified(store, NOWHERE, world) == ()
    nothing = ask.problems(store, NOWHERE, world)
    assert (nothing.messages, nothing.by_reason, nothing.by_feed) == ((), {}, {})
    other = Actor("an", "an", "officer", frozenset(set(world.places) - {feed.place}))
    assert feed.id not in {s.feed.id for s in ask.sources(store, other, world, now)}
    assert not ask.problems(store, other, world, feed=feed.id).messages


def test_up_to_when_a_list_is_whole(store: Store, world: World, feed: Any, now: datetime) -> None:
    other = next(each for each in world.feeds if each.place != feed.place)
    assert ask.received_to(store, ALL, world) is None
    put_heard(store, feed.id, now - timedelta(hours=2))
    put_heard(store, feed.id, now - timedelta(hours=3))
    put_heard(store, other.id, now - timedelta(hours=1))
    assert ask.received_to(store, ALL, world) == now - timedelta(hours=1)
    assert ask.received_to(store, ALL, world, place=feed.place) == now - timedelta(hours=2)
    assert ask.received_to(store, ALL, world, feed=feed.id) == now - timedelta(hours=2)
    assert ask.received_to(store, NOWHERE, world) is None
    assert ask.received_to(store, Actor("an", "an", "officer", frozenset({feed.place})), world) == now - timedelta(hours=2)


def test_unclassified_reports_are_listed(store: Store, world: World, feed: Any, now: datetime) -> None:
    put_message(store, feed.id, "m1", now, "read")
    with store.write() as conn:
        for number, status in enumerate(("live", "unclassified")):
            box = {"equipment": "ZZDU4839211", "report_id": f"r{number}", "message_id": "m1", "equipment_valid": True, "feed": feed.id}
            more = {"place": feed.place, "received_at": now, "read_at": now, "status": status, "why": "unknown_code: 999", "outread": False}
            conn.execute(t.report.insert(), {**box, **more})
    assert [row["report_id"] for row in ask.unclassified(store, ALL, world)] == ["r1"]


def test_the_worker_and_the_books(store: Store, world: World, feed: Any, now: datetime) -> None:
    empty = ask.worker(store, ALL, now)
    assert (empty.holder, empty.alive, empty.silent_for, empty.not_looking) == ("", False, None, ())
    put_heard(store, feed.id, now - timedelta(days=2))
    with store.write() as conn:
        conn.execute(t.lease.insert(), {"name": "worker", "holder": "host:1", "fence": 3, "expires_at": now, "renewed_at": now})
        conn.execute(t.not_looking.insert(), {"from_at": now - timedelta(hours=2), "to_at": now - timedelta(hours=1), "reason": "asleep"})
        conn.execute(t.identity.insert(), {"name": "messages", "checked_at": now, "held_at": None, "difference": "3 too many"})
    found = ask.worker(store, ALL, now + timedelta(minutes=1))
    assert (found.holder, found.alive, found.silent_for, len(found.not_looking)) == ("host:1", False, timedelta(minutes=1), 1)
    assert ask.worker(store, ALL, now - timedelta(seconds=1)).alive
    assert [book.since for book in ask.books(store, ALL, world) if book.place == feed.place] == [now - timedelta(days=2)]
    assert ask.identities(store, ALL)[0]["difference"] == "3 too many"
    assert ask.identities(store, NOWHERE)[0]["difference"] == ""
