"""A worker that is stopped in its tracks (a machine put to sleep, a debugger) and wakes up when another has taken its place."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data import clock, lease
from data.settings import REPOSITORY
from data.store import tables as t
from data.store.engine import Store
from tests.faults.test_run import AREAS, PLACE

ROW = "B,I\r\n{box},2026-11-02 08:00\r\n"


@contextmanager
def worker(home: Path, url: str, name: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZONEWATCH_")}
    environment |= {"ZONEWATCH_HOME": str(home), "ZONEWATCH_DATABASE_URL": url}
    with (home / f"{name}.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, str(REPOSITORY / "app.py"), "work"], cwd=home, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(holds: Callable[[], Any], seconds: float = 60) -> Any:
    """What `holds` gives once it is something."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "in vain"
        time.sleep(0.1)
    return found


def stopped_between_transactions(process: subprocess.Popen[bytes], store: Store) -> bool:
    """Stop it; but not in the middle of writing, where it would hold everybody up by itself: then it goes on, to be stopped again."""
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.05)  # a signal takes its time
    if store.dialect == "postgresql":
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        busy = sa.text(f"SELECT count(*) FROM pg_stat_activity WHERE {others} AND state <> 'idle'")
        with store.read() as conn:
            free = conn.execute(busy).scalar() == 0
    else:
        try:
            with closing(sqlite3.connect(str(sa.make_url(store.url).database), timeout=0)) as conn:
                conn.execute("BEGIN IMMEDIATE")
            free = True
        except sqlite3.OperationalError:
            free = False
    if not free:
        process.send_signal(signal.SIGCONT)
    return free


def test_a_worker_that_wakes_up_after_another_took_over_writes_nothing(store: Store, database_url: str, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    folder = tmp_path / "places" / "quay"
    folder.mkdir(parents=True)
    (folder / "place.yaml").write_text(PLACE.replace("file:///nowhere/", f"{drop.as_uri()}/"))
    (folder / "areas.geojson").write_text(AREAS)

    def told() -> list[str]:
        with store.read() as conn:
            return sorted(row.equipment for row in conn.execute(t.report.select()))

    def fence() -> int:
        held = sa.select(t.lease.c.fence).where(t.lease.c.name == lease.WORKER, t.lease.c.expires_at > clock.real_now())
        with store.read() as conn:
            return conn.execute(held).scalar() or 0

    def drops(name: str, box: str) -> None:
        (drop / name).write_text(ROW.format(box=box))
        os.utime(drop / name, (1_790_000_000, 1_790_000_000))  # nobody is writing it any more

    drops("one.csv", "ZZDU4839211")
    with worker(tmp_path, database_url, "first") as first:
        until(lambda: told() == ["ZZDU4839211"])
        assert fence() == 1
        until(lambda: stopped_between_transactions(first, store))
        drops("two.csv", "ZZDU0000010")
        # Twenty seconds later, in short: its lease has run out.
        with store.act() as conn:
            conn.execute(t.lease.update().values(expires_at=clock.real_now() - timedelta(seconds=1)))
        with worker(tmp_path, database_url, "second"):
            until(lambda: told() == ["ZZDU0000010", "ZZDU4839211"])
            first.send_signal(signal.SIGCONT)
            until(lambda: "the lease went to another worker" in (tmp_path / "first.log").read_text())
            assert first.poll() is None  # it stands by
            assert fence() == 2
    with store.read() as conn:
        fences = {row.fence for row in conn.execute(t.run.select().where(t.run.c.feed == "gate", t.run.c.state == "done"))}
    assert fences == {1, 2}
    assert "Traceback" not in (tmp_path / "first.log").read_text()
