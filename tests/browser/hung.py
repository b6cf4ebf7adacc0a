"""A browser that no longer answers costs its test a second run, and never the suite.

Many calls of Playwright have no timeout (page.close, new_page, evaluate ...): where Chromium or the driver does not answer they wait for
ever. So each part of a test (set-up, call, teardown) is watched. After ZW_HANG_S seconds in one its stacks are written, then the browser
is killed, so that the call fails; where that does not help Playwright's driver, and last the test itself is broken off. A test to which
that happened, or whose browser or page crashed, is run once more in a new browser, and that is said; a second time it has failed.
What fails while the browser answers, an assertion above all, fails at once.

Not pytest-timeout: it ends the process, or raises once a test and leaves the browser as it is, which hangs again in the teardown. Not
pytest-rerunfailures: it decides by the text of an error, here facts are at hand.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from types import FrameType, TracebackType
from typing import Any

import psutil
import pytest
from _pytest.runner import runtestprotocol
from greenlet import greenlet

from tests.browser.engine import Engine
from tests.standing import tell_again

__all__ = [  # what a conftest takes
    "engine",
    "pytest_runtest_call",
    "pytest_runtest_protocol",
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "pytest_terminal_summary",
]
LIMIT_S, GRACE_S = 90.0, 15.0
ENGINE = pytest.StashKey[Engine]()
AGAIN = pytest.StashKey[list[str]]()
_looking: Lookout | None = None


class Hung(Exception):
    """A test that stood still and was broken off."""


class Lookout(threading.Thread):
    """Watches one run of a test, in a thread of its own. `hung` says in which part it stood still."""

    def __init__(self, item: pytest.Item, engine: Engine, tell: Callable[[str], None]) -> None:
        super().__init__(daemon=True)
        self.item, self.engine, self.tell = item, engine, tell
        self.part, self.since, self.hung = "", time.monotonic(), ""
        self.inside = False  # in a part of the test, whose exceptions are the test's
        self.over = threading.Event()

    def __enter__(self) -> Lookout:
        global _looking
        _looking = self
        self.before = signal.signal(signal.SIGUSR1, self._break_off)
        self.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        global _looking
        self.over.set()
        self.join()
        signal.signal(signal.SIGUSR1, self.before)
        _looking = None

    def run(self) -> None:
        while not self.over.wait(0.1):
            if self.inside and time.monotonic() - self.since > _seconds("ZW_HANG_S", LIMIT_S):
                self._end(self.part, self.since)

    def _end(self, part: str, since: float) -> None:
        self.hung = self.hung or part
        self.tell(f"\n#### {self.item.nodeid} stands still in its {part} since {time.monotonic() - since:.0f} s\n{stacks(self.engine)}")
        ends: list[tuple[str, Callable[[], Any]]] = [
            ("the browser is ended", self.engine.kill_chromium),
            ("Playwright's driver is ended", self.engine.kill_driver),
            ("it is broken off", lambda: os.kill(os.getpid(), signal.SIGUSR1)),
        ]
        for said, end in ends:
            self.tell(f"#### {said}")
            end()
            until = time.monotonic() + _seconds("ZW_HANG_GRACE_S", GRACE_S)
            while time.monotonic() < until:
                if self.over.wait(0.05) or self.since != since:
                    return
        self.since = time.monotonic()  # once more after as long; what does not end by that, tests/run.py ends

    def _break_off(self, _: int, __: FrameType | None) -> None:
        if self.inside and self.hung:
            raise Hung(f"stood still in its {self.hung}")


def _seconds(name: str, otherwise: float) -> float:
    return float(os.environ.get(name, otherwise))


def stacks(engine: Engine) -> str:
    """Every thread and every greenlet of this process (a test that waits for Playwright stands in one), and the browser's processes."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    told = [(f"thread {names.get(ident, ident)}", frame) for ident, frame in sys._current_frames().items()]
    told += [("greenlet", one.gr_frame) for one in gc.get_objects() if isinstance(one, greenlet) and one.gr_frame is not None]
    lines = [f"---- {name}\n{''.join(traceback.format_stack(frame))}" for name, frame in told]
    for process in [*engine.drivers(), *engine.chromium()]:
        with contextlib.suppress(psutil.Error):
            kind = next((word for word in process.cmdline() if word.startswith("--type=")), "")
            took = sum(process.cpu_times()[:2])
            lines.append(f"---- {process.pid} {process.name()} {kind} {process.status()}, CPU {took:.1f} s")
    return "\n".join(lines)


def _part(name: str) -> Generator[None, object, object]:
    if _looking:
        _looking.part, _looking.since, _looking.inside = name, time.monotonic(), True
    try:
        return (yield)
    finally:
        if _looking:
            _looking.inside, _looking.since = False, time.monotonic()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    return (yield from _part("set-up"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    return (yield from _part("call"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    return (yield from _part("teardown"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    engine, plugins = engine_of(item.config), item.config.pluginmanager
    terminal, capture = plugins.get_plugin("terminalreporter"), plugins.get_plugin("capturemanager")

    def tell(text: str) -> None:
        with capture.global_and_fixture_disabled():
            terminal.ensure_newline()
            terminal.write_line(text)

    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for first in (True, False):
        with Lookout(item, engine, tell) as lookout:
            reports = runtestprotocol(item, log=False, nextitem=nextitem)
        failed = any(report.failed for report in reports)
        why = f"it hung in its {lookout.hung}" if lookout.hung else "the browser crashed" if failed and engine.lost() else ""
        if why or engine.lost():
            engine.drop()
        if not why:
            break
        if first:
            tell(f"#### {item.nodeid} is run again in a new browser: {why}\n")
            tell_again(item.nodeid, why)
            item.config.stash.setdefault(AGAIN, []).append(f"{item.nodeid} ({why})")
        elif not failed:
            reports[-1].outcome, reports[-1].longrepr = "failed", f"{why}, for the second time"
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Which tests were run again."""
    if again := config.stash.get(AGAIN, []):
        terminalreporter.section("run again in a new browser")
        for one in again:
            terminalreporter.write_line(one)


def engine_of(config: pytest.Config) -> Engine:
    """The browser of this run."""
    return config.stash.setdefault(ENGINE, Engine())


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Not the browser itself, which may be another one after a hang: `engine.browser`, and `engine.window()`."""
    made = engine_of(request.config)
    yield made
    made.close()
