"""Back-tests that were asked for on a screen: the worker does one after the other, piece by piece, and says how far it is.

One that an earlier worker left half done is begun again: it writes nothing but its own row, so nothing is done twice. Between two pieces
nothing is held, so pulls and judging go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import clock
from data.backtest import Cancelled, NotThat, run
from data.lease import LostLease
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

log = logging.getLogger(__name__)
WAITING, RUNNING, DONE, CANCELLED, FAILED = STATES = ("waiting", "running", "done", "cancelled", "failed")
TELL_EVERY_S = 0.5
KEPT = timedelta(days=90)  # that long after it was asked for; one on which a change rests is kept for good


def work_off(store: Store, world: World, now: datetime, fence: int, stopped: Callable[[], bool] = lambda: False) -> str:
    """Do the test that waits longest, if there is one; gives its id, "" where none waits. `stopped`: leave it to the next worker."""
    b = t.backtest.c
    asked = sa.select(t.backtest).where(b.state.in_((WAITING, RUNNING))).order_by(b.asked_at).limit(1)
    with store.read() as conn:
        row = conn.execute(asked).mappings().one_or_none()
    if row is None:
        return ""
    own: str = row["backtest_id"]
    if row["cancelled_by"]:
        _end(store, own, fence, CANCELLED, now)
        return own
    with _fenced(store) as conn:
        begun = {"state": RUNNING, "fence": fence, "started_at": now, "done": 0, "total": 0}
        conn.execute(t.backtest.update().where(b.backtest_id == own, b.state.in_((WAITING, RUNNING))).values(begun))
    told = clock.monotonic()

    def progress(done: int, of: int) -> bool:
        nonlocal told
        if stopped():
            raise _Left
        if clock.monotonic() - told < TELL_EVERY_S:
            return True
        told = clock.monotonic()
        with _fenced(store) as conn:
            mine = sa.and_(b.backtest_id == own, b.fence == fence, b.cancelled_by == "")
            return bool(conn.execute(t.backtest.update().where(mine).values(done=done, total=of)).rowcount)

    try:
        result = run(store, world, row["rule"], row["places"], row["from_at"], row["to_at"], row["limits"], now, progress)
    except _Left:
        return own
    except Cancelled:
        _end(store, own, fence, CANCELLED, clock.now())
    except NotThat as error:  # a place or a rule that is no longer there
        _end(store, own, fence, FAILED, clock.now(), error=str(error))
    except LostLease:
        raise
    except Exception as error:  # else it would be begun again for ever, and hold up those behind it
        log.exception("back-test %s failed", own)
        _end(store, own, fence, FAILED, clock.now(), error=type(error).__name__)
    else:
        _end(store, own, fence, DONE, clock.now(), result=result)
    return own


class _Left(Exception):
    """The worker is to stop."""


def _end(store: Store, own: str, fence: int, state: str, at: datetime, **more: Any) -> None:
    b, c = t.backtest.c, t.rule_change.c
    with _fenced(store) as conn:
        conn.execute(t.backtest.update().where(b.backtest_id == own).values(state=state, ended_at=at, fence=fence, **more))
        rests = sa.select(c.backtest_id).where(c.backtest_id != "")
        old = sa.and_(b.asked_at < at - KEPT, b.state.not_in((WAITING, RUNNING)), b.backtest_id.not_in(rests))
        conn.execute(t.backtest.delete().where(old))


@contextmanager
def _fenced(store: Store) -> Iterator[Connection]:
    """A small write of the worker: not the deriving writer's turn, but nothing of a worker that has lost its lease."""
    with store.act() as conn:
        yield conn
        for guard in store.guards:
            guard(conn, True)
