"""tests/run.py: a suite that does not end is ended, with all that it started, and the summary says where it stood."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from data.settings import REPOSITORY
from tests import run
from tests.standing import RAN_AGAIN

STANDING = """
import os
from pathlib import Path
from tests.standing import stood, tell_again

def test_first():
    pass

def test_where_it_stands():
    (at,) = stood(Path(os.environ["ZW_STANDING"]))
    assert at.partition(" for ")[0] == "test_standing.py::test_where_it_stands (call)"
    tell_again("test_first", "it hung in its call")
"""
APART = 'setsid sleep 600 & echo $! > "$1"; wait'


def gone(pid: int) -> bool:
    """It dies a little after it was told to, and whoever takes over orphans may leave it lying there."""
    for _ in range(500):
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.01)
                continue
        return True
    return False


def test_what_does_not_end_is_ended_with_what_it_started(tmp_path: Path) -> None:
    assert run.wait_for(["sh", "-c", APART, "sh", str(tmp_path / "pid")], dict(os.environ), 1) is None
    apart = int((tmp_path / "pid").read_text())
    assert gone(apart)
    assert run.wait_for(["sh", "-c", "exit 3"], dict(os.environ), 60) == 3


def test_where_a_run_stands_is_told(tmp_path: Path) -> None:
    (tmp_path / "test_standing.py").write_text(STANDING, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "tests.standing", "-c", str(REPOSITORY / "pyproject.toml")]
    told = subprocess.run(
        [*command, "--rootdir", str(tmp_path), str(tmp_path)], cwd=REPOSITORY, env=os.environ | {"ZW_STANDING": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout
    assert run.stood(tmp_path)[0].startswith("no test")
    assert run.ran_again(tmp_path) == ["test_first (it hung in its call)"]


def test_the_summary_says_what_did_not_end_and_what_ran_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never_ends(command: list[str], environment: dict[str, str], seconds: float) -> None:
        assert seconds == 2 * 60 * run.HARD
        Path(environment["ZW_STANDING"], "1.at").write_text("tests/test_a.py::test_b (teardown)")
        Path(environment["ZW_STANDING"], RAN_AGAIN).write_text("tests/test_c.py::test_d (it hung in its call)\n")

    (tmp_path / "test_x.py").touch()
    monkeypatch.setattr(run, "wait_for", never_ends)
    line, held = run.run(run.Suite("asleep", (str(tmp_path),), 2), str(tmp_path / "compiled"))
    assert not held
    assert "asleep    FAILED" in line
    assert "did not end and was ended; there stood: tests/test_a.py::test_b (teardown) for 0 s" in line
    assert "ran again in a new browser: tests/test_c.py::test_d (it hung in its call)" in line
