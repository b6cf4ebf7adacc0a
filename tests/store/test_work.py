"""The worker: a job for every declared feed, everything counted, one at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.triggers.cron import CronTrigger

from data import clock, declared, lease, people, work
from data.actions import notices
from data.actions import rules as acts
from data.notify import outbox
from data.notify.channel import Channel
from data.people import Actor
from data.settings import Settings
from data.store.engine import Store
from data.store.tables import alert as alert_table
from data.store.tables import lease as lease_table
from data.store.tables import not_looking, run, run_count
from layouts._text.notice import tell
from tests.alert_rows import put_alert
from tests.sources.web import Reply, web
from zones.world import World

PLACE = """
id: quay
name: {en: Quay, vi: Quay, zh: Quay}
kind: seaport
timezone: America/New_York
jurisdiction: vn
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00+07:00
feeds:
  - {id: gate, format: gate_csv, publisher: DT1, source: "file:///nowhere/*.csv", every: 1m, options: {columns: {equipment: B, gate_in: I}}}
  - {id: late, format: gate_csv, publisher: DT2, source: "file:///no/*.csv", cron: "30 2 * * *", options: {columns: {equipment: B}}}
"""
AREAS = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "all", "kind": "boundary"}, "geometry": {"type": "Polygon", "coordinates": [[[104, 8], [104.1, 8], [104.1, 8.1], [104, 8.1], [104, 8]]]}}]}'  # noqa: E501


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats so short that a test can wait for them."""
    monkeypatch.setattr(lease, "HEARTBEAT", timedelta(seconds=0.2))
    monkeypatch.setattr(lease, "LASTS", timedelta(seconds=3))


@pytest.fixture
def site(settings: Settings) -> Settings:
    """Settings with one place of two feeds whose folder is not there."""
    folder = settings.home / "places" / "quay"
    folder.mkdir(parents=True)
    (folder / "place.yaml").write_text(PLACE)
    (folder / "areas.geojson").write_text(AREAS)
    return settings


@pytest.fixture
def world_of(site: Settings) -> World:
    return declared.load(site)


class Going:
    """A worker in a thread of its own."""

    def __init__(self, site: Settings, store: Store) -> None:
        self.stopping, self.told = threading.Event(), list[str]()
        self.thread = threading.Thread(target=work.work, args=(site, store, self.stopping, self.told.append))
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.fixture
def going(site: Settings, quick: None, store: Store) -> Iterator[Callable[[Store], Going]]:
    """Starts workers and stops them at the end, before the database is closed."""
    started: list[Going] = []

    def start(store: Store) -> Going:
        started.append(Going(site, store))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def until(holds: Callable[[], object], seconds: float = 15) -> Any:
    """What `holds` gives once it is something."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return found


def rows(store: Store, table: sa.Table) -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(sa.select(table)))


def worker(site: Settings, store: Store, world_of: World) -> work.Worker:
    held = lease.acquire(store, "a", clock.real_now())
    assert held
    return work.Worker(site, store, held, world_of, threading.Event())


def test_every_declared_feed_has_its_job(site: Settings, store: Store, world_of: World) -> None:
    mine = worker(site, store, world_of)
    mine.schedule()
    jobs = {job.id: job for job in mine.scheduler.get_jobs()}
    assert set(jobs) == {"heartbeat", "watch", "by_hand", "judge", "verify", "backtest", "pull:gate", "pull:late"}
    assert isinstance(jobs["pull:late"].trigger, CronTrigger)
    assert str(jobs["pull:late"].trigger.timezone) == "America/New_York"
    assert jobs["pull:gate"].trigger.interval == timedelta(minutes=1)


def test_every_declared_channel_has_its_job_where_there_are_words(site: Settings, store: Store, world_of: World) -> None:
    """And what is due is sent by it, with a record of the run."""
    with web() as receiver:
        receiver.says = lambda asked: Reply()
        channel = Channel(id="duty", url=f"{receiver.url}/in", secret="s" * 32)
        wanted = replace(site, channels={"duty": channel})
        mute = worker(wanted, store, world_of)
        mute.schedule()
        assert "notify:duty" not in {job.id for job in mute.scheduler.get_jobs()}
        mine = work.Worker(wanted, store, mute.held, world_of, threading.Event(), tell=tell)
        mine.schedule()
        assert "notify:duty" in {job.id for job in mine.scheduler.get_jobs()}
        now = clock.now()
        people.add_account(store, "an", "officer", "an", now, demo=True)
        an = people.actor_named(store, "an")
        notices.wish(store, world_of, {"duty": channel}, an, now, notices.Wanted(channel="duty"))
        notice = {"alert_id": put_alert(store, "a" * 32, now, place="quay"), "line": 1, "at": now, "by": "", "what": "assigned"}
        with store.act() as conn:
            alert = dict(conn.execute(sa.select(alert_table)).mappings().one())
            assert outbox.tell_person(conn, notice, alert, "an") == 1
        mine.notify("duty")
        assert [asked.headers["Zonewatch-Key"] != "" for asked in receiver.asked] == [True]
    assert [(row.job, row.state, row.counts["sent"]) for row in rows(store, run)] == [("notify:duty", "done", 1)]


def test_nothing_is_dropped_for_being_late_and_nothing_is_unpickled(site: Settings, store: Store, world_of: World) -> None:
    scheduler = worker(site, store, world_of).scheduler
    assert {type(jobs) for jobs in scheduler._jobstores.values()} == {MemoryJobStore}
    assert scheduler._job_defaults == {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    assert str(scheduler.timezone) == "UTC"


def test_runs_and_failures_are_recorded(going: Callable[[Store], Going], store: Store) -> None:
    """The folder of both feeds is not there: that is a failed run with its reason, not silence."""
    going(store)
    failed = until(lambda: [row for row in rows(store, run) if row.state == "failed"])
    failed = [row for row in failed if row.job == "pull:gate"]
    assert "no folder" in failed[0].error
    counts = until(lambda: {row.job: row.failed for row in rows(store, run_count)})
    assert counts["pull:gate"] >= 1
    assert until(lambda: rows(store, lease_table))[0].fence == 1


def test_a_second_worker_stands_by_and_takes_over(going: Callable[[Store], Going], store: Store, database_url: str) -> None:
    from data.store.engine import open_store

    first = going(store)
    until(lambda: rows(store, lease_table))
    other = open_store(database_url)
    second = going(other)
    until(lambda: second.told)
    assert "standing by" in second.told[0]
    first.stop()
    assert until(lambda: [row for row in rows(store, lease_table) if row.fence == 2 and row.expires_at > clock.real_now()])
    assert until(lambda: [said for said in second.told if "at work" in said])
    assert store.guards == []
    second.stop()
    other.close()


def test_a_worker_that_lost_its_lease_stops_working(going: Callable[[Store], Going], store: Store) -> None:
    mine = going(store)
    until(lambda: rows(store, lease_table))
    far = clock.real_now() + timedelta(seconds=4)
    with store.act() as conn:  # another took it
        conn.execute(lease_table.update().values(fence=lease_table.c.fence + 1, holder="other", expires_at=far))
    assert "went to another" in until(lambda: mine.told)[0]
    assert until(lambda: [row for row in rows(store, lease_table) if row.fence == 3])  # back once it is free


def test_a_stop_is_a_gap_in_looking(going: Callable[[Store], Going], store: Store) -> None:
    old = clock.real_now() - timedelta(hours=9)
    with store.act() as conn:
        conn.execute(lease_table.insert(), {"name": lease.WORKER, "holder": "before", "fence": 7, "expires_at": old, "renewed_at": old})
    going(store)
    [gap] = until(lambda: rows(store, not_looking))
    assert (gap.from_at, gap.reason) == (old, "stopped")


def test_changed_declarations_are_taken_up(site: Settings, store: Store, world_of: World) -> None:
    mine = worker(site, store, world_of)
    mine.schedule()
    file = site.home / "places" / "quay" / "place.yaml"
    file.write_text("\n".join(line for line in PLACE.splitlines() if "id: late" not in line))
    mine.watch()
    assert "pull:late" not in {job.id for job in mine.scheduler.get_jobs()}
    file.write_text("nonsense")
    with pytest.raises(declared.BadDeclarations):
        mine.watch()
    assert "pull:gate" in {job.id for job in mine.scheduler.get_jobs()}


def test_what_two_people_agreed_on_and_a_back_test_are_taken_up(site: Settings, store: Store, world_of: World) -> None:
    mine = worker(site, store, world_of)
    mine.schedule()
    chi, bao, now = Actor("chi", "chi", "supervisor"), Actor("bao", "bao", "manager"), clock.now()
    asked = {"places": ["quay"], "since": now - timedelta(days=1), "until": now, "limits": {"import_dwell_warn": "1d"}}
    made = acts.ask_backtest(store, mine.world, chi, now, "import_overstay", **asked)
    mine.backtest()
    number = acts.propose_tested(store, mine.world, chi, now, made, "quay", reason="Full.", start=None)
    acts.decide(store, mine.world, bao, now, "quay", number=number, accept=True, reason="Yes.")
    mine.watch()
    taken = mine.world.law("quay").at("import_dwell_warn", clock.now())
    assert taken is not None
    assert (str(taken.value), taken.citation) == ("1d", "Full.")
    version = mine.world.version
    mine.watch()
    assert mine.world.version == version


def test_a_lost_job_comes_back(site: Settings, store: Store, world_of: World) -> None:
    mine = worker(site, store, world_of)
    mine.schedule()
    mine.scheduler.remove_job("pull:gate")
    mine.watch()
    assert "pull:gate" in {job.id for job in mine.scheduler.get_jobs()}


def test_the_demo_runs_as_much_faster_as_its_clock(site: Settings, store: Store, world_of: World, tmp_path: Path) -> None:
    clock.start_demo(tmp_path, clock.real_now())
    mine = worker(site, store, world_of)
    mine._begin()
    mine.schedule()
    jobs = {job.id: job for job in mine.scheduler.get_jobs()}
    assert "follow" in jobs
    assert jobs["pull:gate"].trigger.interval == work.SOONEST
    assert jobs["judge"].trigger.interval == work.FOLLOW_EVERY


def test_a_stop_does_not_wait_for_the_patience_that_a_server_asks_for(
    site: Settings, going: Callable[[Store], Going], store: Store
) -> None:
    with web() as server:
        server.says = lambda asked: Reply(status=429, headers={"Retry-After": "60"})
        fetch = "fetch: {private: true, pages: {style: once}}"
        (site.home / "places" / "quay" / "place.yaml").write_text(PLACE.replace('"file:///nowhere/*.csv"', f'"{server.url}/x", {fetch}'))
        mine = going(store)
        until(lambda: server.asked)
        mine.stop()
        assert len(server.asked) == 1
