"""Where a run of tests stands, for the one who started it and may have to end it. A plugin (`-p tests.standing`).

ZW_STANDING names a folder. Each process of tests keeps one file there with the test it is at.
A test that was run again stands in a file of its own (RAN_AGAIN).
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

RAN_AGAIN = "ran-again"


def _tell(item: pytest.Item | None, phase: str = "") -> None:
    if folder := os.environ.get("ZW_STANDING"):
        Path(folder, f"{os.getpid()}.at").write_text(f"{item.nodeid} ({phase})" if item else "", encoding="utf-8")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    _tell(item, "set-up")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    _tell(item, "call")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    _tell(item, "teardown")


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish() -> None:
    _tell(None)


def tell_again(nodeid: str, why: str) -> None:
    """This test is run once more."""
    if folder := os.environ.get("ZW_STANDING"):
        with Path(folder, RAN_AGAIN).open("a", encoding="utf-8") as file:
            file.write(f"{nodeid} ({why})\n")


def stood(folder: Path) -> list[str]:
    """Where the processes of a run that did not end stand, and since when."""
    files = [(file.read_text(encoding="utf-8"), time.time() - file.stat().st_mtime) for file in sorted(folder.glob("*.at"))]
    return [f"{at} for {ago:.0f} s" for at, ago in files if at] or ["no test: before the first, between two, or after the last"]


def ran_again(folder: Path) -> list[str]:
    """The tests that were run once more, and why."""
    file = folder / RAN_AGAIN
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
