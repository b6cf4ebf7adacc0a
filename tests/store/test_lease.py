"""The lease: one holder, takeover after it ran out, and a late writer refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from data import lease, runs
from data.store.engine import Store, insert_rows
from data.store.tables import not_looking, run, run_count, touched

LATER = lease.LASTS + timedelta(seconds=1)


def test_one_holder(store: Store, now: datetime) -> None:
    first = lease.acquire(store, "a", now)
    assert first is not None
    assert lease.acquire(store, "b", now + lease.LASTS / 2) is None
    assert lease.renew(store, first, now + lease.LASTS / 2) == now
    assert lease.acquire(store, "b", now + LATER) is None
    second = lease.acquire(store, "b", now + lease.LASTS / 2 + LATER)
    assert second is not None
    assert (second.fence, second.last_beat) == (first.fence + 1, now + lease.LASTS / 2)
    with pytest.raises(lease.LostLease):
        lease.renew(store, first, now + 2 * LATER)


def test_given_back_it_is_free(store: Store, now: datetime) -> None:
    first = lease.acquire(store, "a", now)
    assert first
    lease.release(store, first, now)
    assert lease.acquire(store, "b", now + timedelta(seconds=1))
    standing = lease.standing(store)
    assert standing
    assert standing["holder"] == "b"


def test_a_worker_that_slept_writes_nothing(store: Store, now: datetime) -> None:
    old = lease.acquire(store, "old", now)
    assert old
    store.guards.append(old.guard)
    with store.write() as conn:
        insert_rows(conn, touched, [{"unit": "feed:a"}])
    assert lease.acquire(store, "new", now + LATER)
    with pytest.raises(lease.LostLease), store.write() as conn:
        insert_rows(conn, touched, [{"unit": "feed:b"}])
    with store.read() as conn:
        assert conn.execute(sa.select(touched.c.unit)).scalars().all() == ["feed:a"]


def test_a_lease_lost_in_the_middle_of_a_transaction(store: Store, now: datetime) -> None:
    """On SQLite nobody can take it meanwhile: there is one writer."""
    if store.dialect == "sqlite":
        return
    old = lease.acquire(store, "old", now)
    assert old
    store.guards.append(old.guard)
    with pytest.raises(lease.LostLease), store.write() as conn:
        insert_rows(conn, touched, [{"unit": "feed:a"}])
        assert lease.acquire(store, "new", now + LATER)
    with store.read() as conn:
        assert conn.execute(sa.select(touched)).first() is None


def test_our_own_heartbeat_beats_while_we_write(store: Store, now: datetime) -> None:
    if store.dialect == "sqlite":
        return
    held = lease.acquire(store, "a", now)
    assert held
    store.guards.append(held.guard)
    with store.write() as conn:
        insert_rows(conn, touched, [{"unit": "feed:a"}])
        lease.renew(store, held, now + timedelta(seconds=5))


def test_gaps_are_told_once(store: Store, now: datetime) -> None:
    for _ in range(2):
        lease.note_gap(store, now - timedelta(hours=8), now, "asleep")
    with store.read() as conn:
        assert len(conn.execute(sa.select(not_looking)).all()) == 1


def test_runs(store: Store, now: datetime) -> None:
    with runs.recorded(store, "pull:a", now, feed="a", fence=1) as mine:
        assert runs.current_id() == mine.run_id
        mine.counts = {"files": 2}
    assert runs.current_id() == ""
    with pytest.raises(ValueError, match="broken"), runs.recorded(store, "pull:a", now, feed="a"):
        raise ValueError("broken \0 thing")
    with runs.recorded(store, "judge", now, quiet=True):
        pass
    with pytest.raises(ValueError), runs.recorded(store, "judge", now, quiet=True):
        raise ValueError
    with store.act() as conn:
        conn.execute(run.insert(), {"run_id": "gone", "job": "pull:b", "started_at": now, "state": "running", "fence": 1})
    assert runs.close_abandoned(store, now) == 1
    with store.read() as conn:
        found = [(row.job, row.state, row.counts) for row in conn.execute(sa.select(run).order_by(run.c.job, run.c.state))]
    assert found == [("judge", "failed", None), ("pull:a", "done", {"files": 2}), ("pull:a", "failed", None), ("pull:b", "failed", None)]
    assert runs.trim(store, now + timedelta(days=1)) == 0


def test_missed_runs_are_counted(store: Store) -> None:
    tally = runs.Tally()
    tally.add("judge", "missed")
    tally.add("judge", "missed")
    tally.add("pull:a", "failed")
    tally.flush(store)
    tally.add("judge", "overlapped")
    tally.flush(store)
    tally.flush(store)
    with store.read() as conn:
        found = {row.job: (row.missed, row.overlapped, row.failed) for row in conn.execute(sa.select(run_count))}
    assert found == {"judge": (2, 1, 0), "pull:a": (0, 0, 1)}
