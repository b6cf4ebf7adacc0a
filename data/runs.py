"""The record of what ran: every pull, judging and check, with what it counted or why it failed.

`recorded` is put around the work; what runs inside asks `current_id()` for the run a receipt belongs to. Missed, overlapping and failed
runs are counted a job, whether or not the database could be reached at the time.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from data import clock
from data.store.engine import Store, upsert
from data.store.tables import run, run_count

log = logging.getLogger(__name__)
_current: ContextVar[str] = ContextVar("run", default="")
COUNTED = ("missed", "overlapped", "failed")


@dataclass(slots=True)
class Run:
    """A run going on. Put what it counted into `counts` (a JSON document)."""

    run_id: str
    counts: dict[str, Any] = field(default_factory=dict)


def current_id() -> str:
    """The run this code works for, "" outside any."""
    return _current.get()


@contextmanager
def recorded(store: Store, job: str, now: datetime, *, feed: str = "", fence: int = 0, quiet: bool = False) -> Iterator[Run]:
    """Record one run from now to the end of the block: done, or failed with the error, which goes on upwards.

    `quiet`: a run that neither counted anything nor failed leaves no row (judging looks every few seconds).
    """
    mine = Run(uuid.uuid4().hex)
    row = {"run_id": mine.run_id, "job": job, "feed": feed, "started_at": now, "state": "running", "fence": fence}
    if not quiet:
        with store.act() as conn:
            conn.execute(run.insert(), row)
        row = {}
    before = _current.set(mine.run_id)
    try:
        yield mine
    except BaseException as error:
        _end(store, mine, row, "failed", f"{type(error).__name__}: {error}"[:1000].replace("\0", ""))
        raise
    finally:
        _current.reset(before)
    if mine.counts or not row:
        _end(store, mine, row, "done", "")


def _end(store: Store, mine: Run, unwritten: dict[str, Any], state: str, error: str) -> None:
    values = {"ended_at": clock.now(), "state": state, "counts": mine.counts or None, "error": error}
    try:
        with store.act() as conn:
            if unwritten:
                conn.execute(run.insert(), unwritten | values)
            else:
                conn.execute(run.update().where(run.c.run_id == mine.run_id).values(values))
    except SQLAlchemyError:
        if state == "done":
            raise
        log.exception("the failure of a run could not be recorded")  # the error that matters is the one going upwards


def close_abandoned(store: Store, now: datetime) -> int:
    """Runs of a worker that is no more: failed, with that reason. For a worker that just took the lease; gives how many."""
    with store.act() as conn:
        gone = run.update().where(run.c.state == "running", run.c.fence > 0, run.c.started_at <= now)
        return int(conn.execute(gone.values(state="failed", ended_at=now, error="the worker ended in the middle")).rowcount)


def trim(store: Store, before: datetime) -> int:
    """Forget runs that ended well, counted nothing and began before a time; what found or failed something stays."""
    with store.act() as conn:
        old = run.delete().where(run.c.state == "done", run.c.started_at < before, run.c.counts.is_(None))
        return int(conn.execute(old).rowcount)


@dataclass(slots=True)
class Tally:
    """Counts of missed, overlapping and failed runs, kept here until the database takes them."""

    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, job: str, what: str) -> None:
        """One more of `what` (missed, overlapped, failed) for a job."""
        self.waiting[job, what] += 1

    def flush(self, store: Store) -> None:
        """Write what waits; what cannot be written waits on."""
        taken, self.waiting = self.waiting, Counter()
        rows = [{"job": job, **{name: n if name == what else 0 for name in COUNTED}} for (job, what), n in taken.items()]
        try:
            with store.act() as conn:
                upsert(conn, run_count, rows, ["job"], add=COUNTED)
        except SQLAlchemyError:
            self.waiting.update(taken)
            raise
