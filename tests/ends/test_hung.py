"""What hung.py promises, in a run of its own on a Chromium that really hangs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from data.settings import REPOSITORY
from tests.browser.engine import FEATURES_OFF, Engine

HANGING = '''
import os, threading
import pytest
from playwright.sync_api import expect

MET = []


def once(request, do):
    """`do` hangs in the first run of its test: where it does, a second is long."""
    if request.node.name not in MET:
        MET.append(request.node.name)
        os.environ["ZW_HANG_S"] = "0.2"
        do()


@pytest.fixture
def page(engine, request):
    os.environ["ZW_HANG_S"] = "60"
    opened = engine.window().new_page()
    yield opened
    if "teardown" in request.node.name:
        once(request, lambda: opened.evaluate("new Promise(() => {})"))
    opened.close()


def stopped(processes):
    for one in processes:
        one.suspend()


def test_a_promise_in_the_teardown(page):
    pass


def test_the_browser_stands_still(page, engine, request):
    once(request, lambda: (stopped(engine.chromium()), page.evaluate("1")))
    assert page.evaluate("1 + 1") == 2


def test_the_driver_stands_still(page, engine, request):
    once(request, lambda: (stopped(engine.drivers()), page.evaluate("1")))


def test_the_test_itself_stands_still(page, request):
    once(request, threading.Event().wait)


def test_the_page_crashes(page, request):
    once(request, lambda: (os.environ.update(ZW_HANG_S="60"), page.goto("chrome://crash", timeout=10_000)))


def test_twice(page):
    os.environ["ZW_HANG_S"] = "0.2"
    page.evaluate("new Promise(() => {})")


def test_an_expectation(page):
    MET.append("expectation")
    expect(page.locator("h1")).to_have_text("no", timeout=50)


def test_an_assertion(page):
    MET.append("assertion")
    assert page.evaluate("1") == 2


def test_what_failed_was_not_run_again(page):
    assert sorted(MET)[:2] == ["assertion", "expectation"], MET
    assert len(MET) == 7
'''


def test_what_hangs_is_run_again_and_what_fails_is_not(tmp_path: Path) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGING, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "tests.browser.hung", "-c", str(REPOSITORY / "pyproject.toml"),
               "--rootdir", str(tmp_path), str(tmp_path)]  # fmt: skip
    environment = dict(os.environ) | {"ZW_HANG_S": "60", "ZW_HANG_GRACE_S": "0.5", "ZW_STANDING": str(tmp_path)}
    run = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=120, check=False)
    said = run.stdout
    assert re.search(r"3 failed, 6 passed", said), said + run.stderr
    again = ["in_the_teardown", "browser_stands_still", "driver_stands_still", "itself_stands_still", "page_crashes", "twice"]
    summary = said.rpartition("run again in a new browser ==")[2]
    told = (tmp_path / "ran-again").read_text(encoding="utf-8").splitlines()
    assert [name for name in again if name in summary] == again
    assert [next(name for name in again if name in line) for line in told] == again
    assert "new Promise" in said.partition("stands still in its teardown")[2].partition("is ended")[0]  # of the greenlet that waits
    assert "it is broken off" in said.partition("itself_stands_still stands still")[2].partition("run again")[0]


def test_nothing_that_playwright_switches_off_comes_on_again(engine: Engine) -> None:
    assert engine.browser.is_connected()
    (command,) = [one.cmdline() for one in engine.started]
    off = [set(word.partition("=")[2].split(",")) for word in command if word.startswith("--disable-features=")]
    assert off[-1] == set(FEATURES_OFF)
    assert set().union(*off) == off[-1], "this Playwright switches off more"
