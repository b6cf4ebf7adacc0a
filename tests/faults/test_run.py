"""`run` as somebody starts it: another port when ours is taken, a child that dies is started again, Ctrl-C leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest

from data.settings import REPOSITORY

PLACE = """
id: quay
name: {en: Quay, vi: Quay, zh: Quay}
kind: seaport
timezone: Asia/Ho_Chi_Minh
jurisdiction: vn
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00+07:00
feeds:
  - {id: gate, format: gate_csv, publisher: DT1, source: "file:///nowhere/*.csv", every: 1m, options: {columns: {equipment: B, gate_in: I}}}
"""
AREAS = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "all", "kind": "boundary"}, "geometry": {"type": "Polygon", "coordinates": [[[104, 8], [104.1, 8], [104.1, 8.1], [104, 8.1], [104, 8]]]}}]}'  # noqa: E501


class Started:
    """A `run` in a process group of its own, and what it says."""

    def __init__(self, home: Path, port: int) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ZONEWATCH_")}
        environment |= {"ZONEWATCH_HOME": str(home), "ZONEWATCH_PORT": str(port)}
        self.log = home / "run.log"
        with self.log.open("wb") as log:
            command = [sys.executable, str(REPOSITORY / "app.py"), "run"]
            self.process = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log, start_new_session=True)

    def said(self) -> str:
        return self.log.read_text()

    def until(self, holds: Callable[[], Any], seconds: float = 40) -> Any:
        """What `holds` gives once it is something; what was said, if it never is."""
        end = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)
        return found

    def child(self, word: str) -> psutil.Process | None:
        """Our child whose command has that word."""
        for child in psutil.Process(self.process.pid).children():
            if word in child.cmdline():
                return child
        return None


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """`run` on a HOME with one place, its port taken by somebody else."""
    folder = tmp_path / "places" / "quay"
    folder.mkdir(parents=True)
    (folder / "place.yaml").write_text(PLACE)
    (folder / "areas.geojson").write_text(AREAS)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        one = Started(tmp_path, taken.getsockname()[1])
        try:
            yield one
        finally:
            if one.process.poll() is None:
                os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait()


def test_from_start_to_ctrl_c(started: Started, database: str) -> None:
    if database != "sqlite":
        return  # the embedded default
    started.until(lambda: "Zonewatch is at" in started.said())
    said = started.said()
    assert "is taken: using" in said
    address = next(word for line in said.splitlines() for word in line.split() if word.startswith("http://"))
    with urlopen(f"{address}healthz", timeout=5) as answer:  # noqa: S310 - our own
        assert answer.status == 200
    assert "Ctrl-C ends it" in said.splitlines()[-1]

    worker = started.until(lambda: started.child("work"))
    worker.kill()
    started.until(lambda: "the worker ended (exit -9): starting it again" in started.said())
    started.until(lambda: started.child("work"))

    family = psutil.Process(started.process.pid).children(recursive=True)
    os.killpg(started.process.pid, signal.SIGINT)  # as a terminal does: the whole group
    assert started.process.wait(20) == 0
    assert not [child for child in family if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert "Traceback" not in started.said()


def test_nothing_outlives_a_kill(started: Started, database: str) -> None:
    if database != "sqlite" or sys.platform != "linux":
        return
    started.until(lambda: started.child("work") and started.child("gunicorn"))
    family = psutil.Process(started.process.pid).children(recursive=True)
    started.process.kill()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
