"""Runs every test, suite by suite, and says at the end what held. `python tests/run.py [SUITE ...]`; `make test` runs all.

Nothing is skipped: a PostgreSQL or a Chromium that cannot be had is a failure that says what to install. A suite that takes longer than
its budget (two cores) prints its ten slowest tests; one that is not over after HARD budgets is ended, with all that it started.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.servers import Missing, chromium, postgres  # noqa: E402
from tests.standing import ran_again, stood  # noqa: E402

HARD = 5  # times its budget: a suite that takes longer does not move. All of them together stay below the hour


@dataclass(frozen=True)
class Suite:
    """Some folders of tests, how long they may take, and what they need: variable -> how to get it."""

    name: str
    folders: tuple[str, ...]
    minutes: float
    fixed: tuple[tuple[str, str], ...] = ()
    needs: tuple[tuple[str, Callable[[], str]], ...] = ()
    at_once: int = 2  # processes: the budgets are for two cores; 0: in this one alone


SUITES = (
    Suite("pure", ("pure", "contract"), 1),
    Suite("sources", ("sources",), 1),
    Suite("sqlite", ("store", "faults"), 2, (("ZW_TEST_DB", "sqlite"),)),
    Suite("postgres", ("store", "faults"), 3, (("ZW_TEST_DB", "postgresql"),), (("ZONEWATCH_TEST_POSTGRES", postgres),)),
    Suite("ends", ("ends",), 1, (), (("CHROMIUM", chromium),), 0),
    Suite("browser", ("browser",), 3, (), (("CHROMIUM", chromium),)),
)


def main(asked: list[str]) -> int:
    """Run the suites asked for (all when none is); 0 if everything held."""
    unknown = set(asked) - {suite.name for suite in SUITES}
    if unknown:
        print(f"no suite {', '.join(sorted(unknown))}; there are {', '.join(suite.name for suite in SUITES)}")
        return 2
    with compiled() as cache:
        results = [run(suite, cache) for suite in SUITES if not asked or suite.name in asked]
    print("\n" + "\n".join(line for line, _ in results))
    return 0 if all(held for _, held in results) else 1


def run(suite: Suite, cache: str) -> tuple[str, bool]:
    """One suite: its line for the summary, and whether it held. `cache`: where what is compiled lies."""
    print(f"\n== {suite.name}", flush=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZONEWATCH_")}
    environment |= dict(suite.fixed) | {"ZW_BUDGET_S": str(suite.minutes * 60), "PYTHONUNBUFFERED": "1"}
    try:
        environment |= {name: get() for name, get in suite.needs}
    except Missing as missing:
        print(missing)
        return f"{suite.name:9} FAILED  {missing}", False
    began = time.monotonic()
    folders = [str(HERE / folder) for folder in suite.folders if any((HERE / folder).rglob("test_*.py"))]
    command = [sys.executable, "-m", "pytest", "-p", "tests.standing", "-n", str(suite.at_once), "--dist", "worksteal", *folders]
    with tempfile.TemporaryDirectory(prefix="zonewatch-standing-") as standing:
        environment["ZW_STANDING"] = standing
        environment["PYTHONPYCACHEPREFIX"] = cache
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        code = wait_for(command, environment, suite.minutes * 60 * HARD) if folders else 5
        at, again = stood(Path(standing)), ran_again(Path(standing))
    took = time.monotonic() - began
    over = f"  over its budget of {suite.minutes:g} min" if took > suite.minutes * 60 else ""
    said = "held" if code == 0 else "NO TESTS" if code == 5 else "FAILED"
    line = f"{suite.name:9} {said:7} {took:6.1f} s{over}"
    if code is None:
        line += f"\n          did not end and was ended; there stood: {'; '.join(at)}"
    for one in again:
        line += f"\n          ran again in a new browser: {one}"
    return line, code == 0


def compiled() -> tempfile.TemporaryDirectory[str]:
    """Where what is compiled lies while the suites run: each of their processes, and each that those start, would compile all of it again
    where nothing may be written beside the sources."""
    return tempfile.TemporaryDirectory(prefix="zonewatch-compiled-", ignore_cleanup_errors=True)


def wait_for(command: list[str], environment: dict[str, str], seconds: float) -> int | None:
    """Its exit code; None if it was not over after `seconds` and was ended, with all that it started."""
    process = subprocess.Popen(command, cwd=HERE.parent, env=environment, start_new_session=True)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    except KeyboardInterrupt:  # pytest, in a session of its own, has not heard of it
        os.killpg(process.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        raise
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """All that it started, too: a browser is in a group of its own, and one that is stopped does not see that its driver has gone."""
    started = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGKILL)
    for one in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
