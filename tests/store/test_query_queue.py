"""The queue of a person: whose alerts, what is overdue, groups that leave nothing out, and floods; from indexes, on both databases."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from data.people import Actor
from data.queries import groups, live, queue
from data.queries.queue import PAGE, Asked
from data.store.engine import Store
from data.store.tables import report
from tests.alert_rows import put_alert, put_many
from tests.store.test_plans_pages import listening, scanned
from zones.episode import SEVERITIES
from zones.response import Times
from zones.world import World

ALL = Actor("chi", "chi", "supervisor")
PORT = Actor("an", "an", "officer", frozenset({"demo-port"}))
NOWHERE = Actor("ly", "ly", "officer", frozenset())


def ids(shown: queue.Shown) -> list[str]:
    return [row["alert_id"] for row in shown.rows]


def limited(world: World) -> Any:
    """Two places, one of which says in what time an Act now is to be seen and decided."""
    times = Times(acknowledge=timedelta(minutes=10), decide=timedelta(minutes=60))
    places = {
        "demo-port": SimpleNamespace(id="demo-port", response={"act_now": times}, phones=()),
        "second-port": SimpleNamespace(id="second-port", response={}, phones=()),
    }
    return SimpleNamespace(places=places)


def test_parts_of_what_is_open(store: Store, world: World, now: datetime) -> None:
    minute = timedelta(minutes=1)
    put_alert(store, "new", now, began_at=now - 20 * minute)
    put_alert(store, "fresh", now, began_at=now - 6 * minute)
    put_alert(store, "taken", now, began_at=now - 30 * minute, work="in_progress", assignee="an")
    put_alert(store, "late", now, began_at=now - 90 * minute, work="in_progress", assignee="binh")
    put_alert(store, "decided", now, began_at=now - 90 * minute, work="confirmed", assignee="an")
    put_alert(store, "there", now, began_at=now - 900 * minute, place="second-port")
    put_alert(store, "shelved", now, began_at=now - 900 * minute, shelved_until=now + minute, assignee="an")
    parts = {
        "open": {"new", "fresh", "taken", "late", "decided", "there"},
        "mine": {"taken", "decided"},
        "unassigned": {"new", "fresh", "there"},
        "overdue": {"new", "late"},
        "own": {"there"},
        "shelved": {"shelved"},
        "muted": set(),
    }
    an = Actor("an", "an", "officer")
    for name, wanted in parts.items():
        shown = queue.show(store, an, limited(world), now, Asked(list=name, own=("second-port",)))
        assert (name, set(ids(shown)), shown.total) == (name, wanted, len(wanted))
        assert shown.counts == {part: len(own) for part, own in parts.items()}
    clocks = queue.show(store, an, limited(world), now, Asked()).clocks
    assert {name: clock.reading.stage for name, clock in clocks.items()} == {"new": "full", "fresh": "ok", "taken": "ok", "late": "full"}
    filtered = queue.show(store, an, limited(world), now, Asked(list="overdue", place="second-port", own=("second-port",)))
    assert (filtered.total, filtered.counts["unassigned"], filtered.every["unassigned"]) == (0, 1, 3)
    assert queue.show(store, NOWHERE, limited(world), now, Asked()).counts["open"] == 0
    assert queue.show(store, an, world, now, Asked(list="overdue")).total is not None


def test_text_finds_boxes_people_and_what_the_page_names(store: Store, world: World, now: datetime) -> None:
    put_alert(store, "one", now, equipment="ZZDU4839211")
    put_alert(store, "other", now, equipment="ZZDU1234565", assignee="Binh", work="assigned")
    put_alert(store, "percent", now, equipment="", unit="feed:x_y", rule="feed_silent")

    def found(text: str, **names: Any) -> list[str]:
        shown = queue.show(store, ALL, world, now, Asked(text=text, **names))
        assert shown.total == len(shown.rows)
        return sorted(ids(shown))

    assert found("48392") == ["one"]
    assert found("binh") == ["other"]
    assert found("x_y") == ["percent"]
    assert found("%") == []
    assert found("nothing", rules=("feed_silent",)) == ["percent"]


VESSELS, LINES = ("EVER SAMPLE", "DEMO STAR", ""), ("AAA", "BBB", "")


def some(store: Store, now: datetime, number: int, seed: int, **same: Any) -> dict[str, dict[str, Any]]:
    """Alerts of all kinds, each proved by a report that tells a ship and a line, or does not."""
    chance = random.Random(seed)
    told, reports = {}, []
    for n in range(number):
        box = f"ZZDU{n:07}"
        began = now - timedelta(minutes=chance.randrange(60, 9000))
        told[f"a{n:06}"] = {
            "equipment": box, "began_at": began, "severity": chance.choice(SEVERITIES), "evidence": ["no-report", f"r{n}"],
            "place": chance.choice(("demo-port", "second-port")), "rule": f"rule_{chance.randrange(14)}", **same,
        }  # fmt: skip
        one = {"equipment": box, "report_id": f"r{n}", "position": str(n), "place": "demo-port", "equipment_valid": True}
        sailed = {"vessel": chance.choice(VESSELS), "voyage": f"{chance.randrange(20):03}", "line": chance.choice(LINES)}
        reports.append({**one, **sailed, "received_at": began, "read_at": began, "status": "live", "event": "load"})
    put_many(store, now, told)
    with store.act() as conn:
        conn.execute(report.insert(), reports)
    by_box = {row["equipment"]: row for row in reports}
    for values in told.values():
        own = by_box[values["equipment"]]
        values |= {"call": f"{own['vessel']} / {own['voyage']}" if own["vessel"] else "", "operator": own["line"]}
    return told


@pytest.mark.parametrize("actor", [ALL, PORT], ids=["all", "some"])
def test_groups_are_at_most_ten_rows_and_leave_nothing_out(store: Store, world: World, now: datetime, actor: Actor) -> None:
    told = {i: values for i, values in some(store, now, 300, 5).items() if actor.sees(values["place"])}
    for kind in groups.KINDS:
        wanted: dict[str, set[str]] = defaultdict(set)
        for alert_id, values in told.items():
            wanted[str(values[kind])].add(alert_id)
        shown = queue.show(store, actor, world, now, Asked(by=kind))
        assert not shown.rows
        assert shown.total == sum(group.n for group in shown.groups) == len(told)
        assert len(shown.groups) == min(len(wanted), groups.MOST)
        left = set(told)
        for group in shown.groups:
            pages = [queue.show(store, actor, world, now, Asked(inside=group.id, by=kind, page=page)) for page in (1, 2)]
            own = {alert_id for page in pages for alert_id in ids(page)}
            assert (len(own), pages[0].total) == (group.n, group.n)
            if group.key != groups.REST:
                assert own == wanted[group.key]
            times = [told[i]["began_at"] for i in own]
            assert (group.first, group.last, group.oldest) == (min(times), max(times), min(times) + timedelta(minutes=4))
            assert group.act_now == sum(told[i]["severity"] == "act_now" for i in own)
            assert group.severity == min((told[i]["severity"] for i in own), key=SEVERITIES.index)
            assert own <= left
            left -= own
        assert not left
        assert [SEVERITIES.index(group.severity) for group in shown.groups] == sorted(SEVERITIES.index(g.severity) for g in shown.groups)
    assert ids(queue.show(store, actor, world, now, Asked(inside="rule:nothing"))) == []
    assert ids(queue.show(store, actor, world, now, Asked(inside="nonsense"))) == []


def test_a_flood_of_5000_is_at_most_ten_rows_and_the_one_alert_beside_it_is_seen(store: Store, world: World, now: datetime) -> None:
    told = {
        f"f{n:06}": {
            "equipment": f"ZZDU{n:07}", "rule": f"rule_{n % 23}", "place": "demo-port", "severity": "queue",
            "began_at": now - timedelta(hours=2, seconds=n // 20),
        }
        for n in range(5000)
    }  # fmt: skip
    put_many(store, now, told)
    put_alert(store, "alone", now, severity="act_now", rule="rule_0", place="second-port")
    shown = queue.show(store, ALL, world, now, Asked())
    assert shown.floods
    assert (len(shown.groups), ids(shown)) == (groups.MOST, ["alone"])
    assert (sum(group.n for group in shown.groups), shown.single, shown.total) == (5000, 1, 5001)
    rest = shown.groups[-1]
    assert (rest.key, rest.others) == (groups.REST, 23 - 9)
    members: list[str] = []
    page = 1
    while True:
        inside = queue.show(store, ALL, world, now, Asked(inside=rest.id, page=page))
        members += ids(inside)
        page += 1
        if not inside.more:
            break
    assert (len(members), len(set(members)), inside.total) == (rest.n, rest.n, rest.n)
    plain = queue.show(store, ALL, world, now, Asked(by=queue.PLAIN))
    assert (len(plain.rows), plain.groups, plain.total, plain.more) == (PAGE, (), 5001, True)
    assert {row["alert_id"] for row in queue.still(store, ALL, world, now, Asked(list="unassigned"), ["alone", "f000001", "none"])[0]} == {
        "alone", "f000001",
    }  # fmt: skip


def test_ten_of_a_kind_are_shown_one_by_one(store: Store, world: World, now: datetime) -> None:
    for n in range(10):
        put_alert(store, f"n{n}", now, equipment=f"ZZDU{n:07}")
    assert not queue.show(store, ALL, world, now, Asked()).groups
    put_alert(store, "one-more", now, equipment="ZZDU4839211")
    (group,) = queue.show(store, ALL, world, now, Asked()).groups
    assert (group.id, group.n) == ("flood:gate_out_on_hold@demo-port", 11)
    assert len(queue.show(store, ALL, world, now, Asked(inside=group.id)).rows) == 11
    spread = replace(Asked(), place="second-port")
    assert queue.show(store, ALL, world, now, spread).total == 0


def test_what_became_act_now_last_is_told_by_its_alert_and_only_within_reach(store: Store, now: datetime) -> None:
    hour = timedelta(hours=1)
    for n in range(live.LATEST + 2):
        put_alert(store, f"old{n}", now, changed_at=now - hour * (n + 2), equipment="")
    put_alert(store, "escalated", now, began_at=now - 99 * hour, changed_at=now)
    put_alert(store, "there", now, place="second-port", changed_at=now - hour)
    put_alert(store, "milder", now, severity="today", changed_at=now)
    put_alert(store, "shelved", now, shelved_until=now + hour, changed_at=now)
    told = live.look(store, ALL, now)
    assert (len(told.latest), told.act_now) == (live.LATEST, live.LATEST + 4)
    assert [alert_id for alert_id, *_ in told.latest[:3]] == ["escalated", "there", "old0"]
    assert told.latest[0] == ("escalated", "gate_out_on_hold", "demo-port", "ZZDU4839211")
    assert "there" not in {alert_id for alert_id, *_ in live.look(store, PORT, now).latest}
    assert live.look(store, NOWHERE, now).latest == ()


@pytest.mark.plans
@pytest.mark.parametrize("actor", [ALL, PORT], ids=["all", "some"])
def test_no_question_of_the_queue_reads_through_what_ever_was(store: Store, world: World, now: datetime, actor: Actor) -> None:
    some(store, now, 20, 7, rule="one_rule", began_at=now - timedelta(hours=1))
    with listening(store) as told:
        for name in queue.GROUPED:
            for by in ("", queue.PLAIN, *groups.KINDS):
                queue.show(store, actor, limited(world), now, Asked(list=name, by=by, own=("demo-port",)))
        for kind in groups.KINDS:
            queue.show(store, actor, limited(world), now, Asked(inside=f"{kind}:x", text="9211"))
        queue.still(store, actor, limited(world), now, Asked(), ["a000001"])
    assert len(told) > 100
    assert scanned(store, told) == []
    if store.dialect == "sqlite":
        with store.read() as conn:
            for said, values in told:
                plan = [row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)]
                assert not [line for line in plan if line in ("SCAN alert", "SCAN alert_work")], said
