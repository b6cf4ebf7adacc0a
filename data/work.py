"""The one worker: scheduled jobs, rebuilt from the declarations at each start, under a lease.

APScheduler as it may be used after what was measured: jobs in memory only (a job store deletes what it cannot unpickle), one process (two
on one store run everything twice), no grace time (the default drops a job that is a second late), and every missed, overlapping or failed
run is counted. A second worker stands by. In the demo the jobs run as much faster as the clock does.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

import sqlalchemy as sa
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from data import attend, backtest_runs, by_hand, clock, declared, judge, lease, pull, rule_changes, runs, verify
from data.demo import follow
from data.notify.message import Tell
from data.notify.sending import Sender, sweep
from data.outlook import Outlook
from data.settings import Settings
from data.sources import Stopped
from data.store.engine import Store
from data.store.tables import due
from zones.place import Feed
from zones.world import BadDeclarations, World

log = logging.getLogger(__name__)

PULLS_AT_ONCE = 1000  # a thread a feed, made when it is needed: a source that hangs holds up no other (data.intake.TURNS bounds the work)
JOBS_AT_ONCE = 4
JUDGE_EVERY = timedelta(seconds=30)
VERIFY_EVERY = timedelta(minutes=5)
WATCH_EVERY = timedelta(minutes=1)
BACKTEST_EVERY = timedelta(seconds=2)
NOTIFY_EVERY = timedelta(seconds=5)
FOLLOW_EVERY = timedelta(seconds=5)
SOONEST = timedelta(seconds=10)  # no feed is asked more often than this, also in the demo
RUNS_KEPT = timedelta(days=30)
_KINDS = {EVENT_JOB_MISSED: "missed", EVENT_JOB_MAX_INSTANCES: "overlapped", EVENT_JOB_ERROR: "failed"}
Trigger: TypeAlias = IntervalTrigger | CronTrigger


def work(
    settings: Settings, store: Store, stopping: threading.Event, say: Callable[[str], None] = log.info, tell: Tell | None = None
) -> None:
    """Work while the lease is ours, stand by while it is not, until `stopping` is set. Errors: BadDeclarations at the start.

    `tell` puts notifications into words (data.notify.message); without it none are sent, and they wait.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}"
    world = rule_changes.in_force(store, declared.load(settings))
    standing_by = False
    while not stopping.is_set():
        held = lease.acquire(store, holder, clock.real_now())
        if held is None:
            if not standing_by:
                say("another worker holds the lease: standing by")
            standing_by = True
            stopping.wait(lease.HEARTBEAT.total_seconds())
            continue
        if standing_by:
            say("the lease is ours now: at work")
        standing_by = False
        Worker(settings, store, held, world, stopping, tell=tell).lead()
        if not stopping.is_set():
            say("the lease went to another worker")


@dataclass(slots=True)
class Worker:
    """One spell of holding the lease."""

    settings: Settings
    store: Store
    held: lease.Held
    world: World
    stopping: threading.Event
    tell: Tell | None = None
    scheduler: BlockingScheduler = field(init=False)
    tally: runs.Tally = field(default_factory=runs.Tally)
    judging: threading.Lock = field(default_factory=threading.Lock)
    testing: threading.Lock = field(default_factory=threading.Lock)
    asked: threading.Event = field(default_factory=threading.Event)  # to judge
    lost: threading.Event = field(default_factory=threading.Event)
    ending: threading.Event = field(default_factory=threading.Event)  # told to stop, or the lease is lost
    over: threading.Event = field(default_factory=threading.Event)
    rate: float = 1.0

    def __post_init__(self) -> None:
        self.scheduler = BlockingScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )

    def lead(self) -> None:
        """Run all jobs until told to stop, or until the lease is lost. What still runs then is waited for, and stays guarded."""
        # The heartbeat has a thread of its own: it must never queue behind a pull.
        # A channel has a thread of its own, too: one that hangs holds up neither judging nor another channel.
        sizes = {"default": JOBS_AT_ONCE, "pulls": PULLS_AT_ONCE, "heartbeat": 1, "notify": max(len(self.settings.channels), 1)}
        pools = {name: ThreadPoolExecutor(size) for name, size in sizes.items()}
        for name, pool in pools.items():
            self.scheduler.add_executor(pool, name)
        self.store.guards.append(self.held.guard)
        ending = threading.Thread(target=self._end_when_told, daemon=True)
        try:
            self._begin()
            self.schedule()
            self.scheduler.add_listener(self._count, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)
            ending.start()
            self.scheduler.start()
        finally:
            self.over.set()
            for pool in pools.values():
                pool.shutdown(wait=True)
            self.store.guards.remove(self.held.guard)
            clock.stop()
            lease.release(self.store, self.held, clock.real_now())

    def schedule(self) -> None:
        """Jobs as declared now: the standing ones, and one a feed."""
        self.scheduler.remove_all_jobs()
        for name, act, trigger in self._jobs():
            executor = {"heartbeat": "heartbeat", "pull": "pulls", "notify": "notify"}.get(name.partition(":")[0], "default")
            first = {} if isinstance(trigger, CronTrigger) else {"next_run_time": clock.real_now()}
            # A long back-test is no job that overlapped: the next asking finds it at work, and goes.
            at_once = 2 if name == "backtest" else 1
            self.scheduler.add_job(act, trigger, id=name, executor=executor, max_instances=at_once, **first)

    def _jobs(self) -> Iterator[tuple[str, Callable[[], None], Trigger]]:
        yield "heartbeat", self.heartbeat, _every(lease.HEARTBEAT)
        yield "watch", self.watch, _every(WATCH_EVERY)
        yield "by_hand", self.by_hand, _every(JUDGE_EVERY)
        yield "judge", self.judge, _every(max(JUDGE_EVERY / self.rate, FOLLOW_EVERY))
        yield "verify", self.verify, _every(VERIFY_EVERY)
        yield "backtest", self.backtest, _every(BACKTEST_EVERY)
        if clock.simulated():
            yield "follow", self.follow, _every(FOLLOW_EVERY)
        for channel in self.settings.channels if self.tell else ():
            yield f"notify:{channel}", partial(self.notify, channel), _every(NOTIFY_EVERY)
        for feed in self.world.feeds:
            yield f"pull:{feed.id}", partial(self.pull, feed.id), self._when(feed)

    def _when(self, feed: Feed) -> Trigger:
        if feed.cron:
            return CronTrigger.from_crontab(feed.cron, timezone=self.world.place(feed.place).zone)
        return _every(max((feed.every or timedelta(minutes=1)) / self.rate, SOONEST if self.rate > 1 else timedelta(seconds=1)))

    # ---------------------------------------------------------------- the jobs

    def heartbeat(self) -> None:
        """Renew the lease, move the demo's clock on, note when nobody looked."""
        leap = clock.tick()
        real = clock.real_now()
        before = lease.renew(self.store, self.held, real)
        if leap:
            self._note_leap(leap, "asleep")
        elif self.rate == 1 and real - before > lease.GAP:
            lease.note_gap(self.store, before, real, "asleep")
        if self.tally.waiting:
            self.tally.flush(self.store)

    def pull(self, feed: str) -> None:
        """Ask one feed, then judge what came."""
        world, now = self.world, clock.now()
        if not world.feed(feed).in_force(now):
            return
        with runs.recorded(self.store, f"pull:{feed}", now, feed=feed, fence=self.held.fence) as run:
            counts = pull.pull_feed(
                self.store, world, feed, now, self.settings, run_id=run.run_id, stopping=self.ending.is_set, wait=self._wait
            )
            run.counts = counts if counts["files"] or counts.get("failed") else {}
        if run.counts:
            self.judge()

    def _wait(self, seconds: float) -> None:
        """How a source waits, so that nobody who stops the worker waits for a server's patience. Errors: Stopped."""
        if self.ending.wait(seconds):
            raise Stopped

    def by_hand(self) -> None:
        """What was accepted by hand and is no message yet, since whoever accepted it was killed meanwhile."""
        with runs.recorded(self.store, "by_hand", clock.now(), fence=self.held.fence, quiet=True) as run:
            if kept := by_hand.deliver_accepted(self.store, self.world, self.settings, clock.real_now()):
                run.counts = {"batches": kept}

    def judge(self) -> None:
        """Judge what was touched and what is due; come again when the next is. Asked while judging, it judges once more after that."""
        self.asked.set()
        while self.asked.is_set() and self.judging.acquire(blocking=False):
            try:
                self.asked.clear()
                self._judge()
            finally:
                self.judging.release()

    def _judge(self) -> None:
        now = clock.now()
        with runs.recorded(self.store, "judge", now, fence=self.held.fence, quiet=True) as run:
            try:
                said = judge.judge(self.store, self.world, now)
            except judge.TooEarly as error:
                log.warning("not judged: %s", error)  # the machine's clock went back; time goes on, and so will judging
                return
            done = attend.attend(self.store, self.world, now)
            run.counts = (said if said["units"] else {}) | {name: n for name, n in done.items() if n}
        then = next_due(self.store, self.world, now)
        if then is not None and now < then < now + JUDGE_EVERY:
            self.scheduler.modify_job("judge", next_run_time=clock.real_now() + (then - now) / self.rate)

    def notify(self, channel: str) -> None:
        """Send what is due through one channel. It never waits for judging, nor judging for it."""
        if self.tell is None:
            return
        declared, words = self.settings.channels[channel], (self.settings.public_url, self._times, self.settings.default_language)
        with runs.recorded(self.store, f"notify:{channel}", clock.now(), fence=self.held.fence, quiet=True) as run:
            said = Sender(self.store, self.world, declared, self.tell, *words, self.ending.is_set).send_due()
            run.counts = said if any(said.values()) else {}

    def _times(self) -> tuple[datetime, datetime]:
        return clock.now(), clock.real_now()

    def verify(self) -> None:
        """The conservation identities, and the record of when each last held."""
        with runs.recorded(self.store, "verify", clock.now(), fence=self.held.fence, quiet=True) as run:
            differences = verify.verify(self.store, self.world, False, home=self.settings.home)
            if differences:
                run.counts = {"differences": len(differences)}
        runs.trim(self.store, clock.now() - RUNS_KEPT)
        sweep(self.store, self.settings.channels, *self._times())

    def backtest(self) -> None:
        """The back-test that waits longest, if there is one; one at a time."""
        if self.testing.acquire(blocking=False):
            try:
                backtest_runs.work_off(self.store, self.world, clock.now(), self.held.fence, self.ending.is_set)
            finally:
                self.testing.release()

    def watch(self) -> None:
        """Take up changed declarations, and what people agreed on since; see that every declared feed has its job.

        A bad declaration leaves the old ones in force.
        """
        try:
            world = rule_changes.in_force(self.store, declared.load(self.settings))
        except BadDeclarations:
            log.exception("a declaration was changed and cannot be used; the ones before stay in force")
            raise
        jobs = {job.id for job in self.scheduler.get_jobs() if job.id.startswith("pull:")}
        if world.version != self.world.version or jobs != {f"pull:{feed.id}" for feed in world.feeds}:
            self.world = world
            self._remember()
            self.schedule()

    def follow(self) -> None:
        """The demo goes on: write what its port would have sent up to now."""
        follow.follow(self.settings.home, clock.now())

    # ---------------------------------------------------------------- beginning and ending

    def _begin(self) -> None:
        real = clock.real_now()
        leap = clock.tick()
        self.rate = clock.simulated() or 1.0
        if self.rate > 1:
            if leap:
                self._note_leap(leap, "stopped")
        elif self.held.last_beat and real - self.held.last_beat > lease.GAP:
            lease.note_gap(self.store, self.held.last_beat, real, "stopped")
        runs.close_abandoned(self.store, clock.now())
        self._remember()

    def _remember(self) -> None:
        with self.store.act() as conn:
            declared.remember(conn, self.world, clock.now())

    def _note_leap(self, leap: clock.Leap, why: str) -> None:
        """In the demo the time of the house stood still meanwhile: the reason tells the real times."""
        if leap.sim_to > leap.sim_from:
            real = f"{leap.asleep_from.isoformat(timespec='seconds')}/{leap.asleep_to.isoformat(timespec='seconds')}"
            lease.note_gap(self.store, leap.sim_from, leap.sim_to, f"{why} {real}")

    def _count(self, event: JobEvent) -> None:
        self.tally.add(event.job_id, _KINDS[event.code])
        error = getattr(event, "exception", None)
        if isinstance(error, lease.LostLease):
            self.lost.set()
        elif error:
            log.error("%s failed: %s", event.job_id, error)

    def _end_when_told(self) -> None:
        """Shut the scheduler down from a thread that is none of its own, and not before it runs."""
        while not self.over.wait(0.2):
            if (self.stopping.is_set() or self.lost.is_set()) and self.scheduler.running:
                self.ending.set()
                self.scheduler.shutdown(wait=False)
                return


def next_due(store: Store, world: World, now: datetime) -> datetime | None:
    """When the next subject must be looked at although nothing new is told of it (time of the house); None: nothing waits."""
    with store.read() as conn:
        dues = (conn.execute(sa.select(sa.func.min(due.c.look_at))).scalar(), Outlook(world).next(conn, now))
    return min((at for at in dues if at is not None), default=None)


def _every(interval: timedelta) -> IntervalTrigger:
    return IntervalTrigger(seconds=max(interval.total_seconds(), 1.0), timezone=UTC)
