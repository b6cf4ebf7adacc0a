"""The queue by keyboard, timed in a real browser on a port with a long history: from a key to the settled page.

    python -m tests.bench.triage [--reports 1000000] [--database sqlite|postgresql] [--rounds 40]

For each key the median and the 95th percentile in ms, from the key going down until what it does is on the screen and two frames have
passed in which nothing more was drawn: j and k (the next row), x (chosen), a in the queue (acknowledged, in the row), Enter (the page of
the alert, with why it came), a on that page. Beside the alerts of the history itself there are OPEN more, each proved by a report of it.
At most 300 ms for 95 of 100 is what an officer is promised. From one run on one machine, with server and browser on it; never a test.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Page
from werkzeug.serving import make_server

from data import clock, people
from data.settings import Settings
from data.store import tables as t
from data.store.engine import open_store
from layouts._parts import app as parts
from layouts._parts import cookie
from tests.alert_rows import put_many
from tests.bench.history import PORT, History
from tests.bench.where import database
from tests.browser.engine import Engine
from zones.episode import SEVERITIES

PROMISED_MS = 300
WHO = "supervisor"
OPEN = 1000
# What a key has done, seen from outside: `before` is what was there as it went down. Settled: so, and two frames without a change.
ARM = """name => {
  const row = () => document.querySelector('.ag-row-focus'), id = () => row()?.getAttribute('row-id') ?? '';
  const text = query => document.querySelector(query)?.textContent ?? '';
  const looks = { move: id, choose: () => String(row()?.classList.contains('ag-row-selected')),
    act: () => text('.ag-row-focus [col-id="work"]'), open: () => text('#alert-work') && text('#alert-proofs') ? location.pathname : '',
    act_there: () => text('#alert-work') };
  const look = looks[name], before = look();
  window.measured = new Promise(done => {
    window.pressed = from => {
      window.pressed = null;
      let last = from, at = 0;
      const watch = new MutationObserver(() => { last = performance.now(); });
      watch.observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
      let still = 0, drawn = 0;
      const frame = () => {
        const busy = look() === before || !look() || document.querySelector('main .skeleton');
        if (busy || last > drawn) { still = 0; drawn = performance.now(); if (!busy) at = drawn; } else still += 1;
        if (still >= 2) { watch.disconnect(); done(at - from); }
        else if (performance.now() - from > 15000) { watch.disconnect(); done(-1); }
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    };
  });
}"""
FIRST = "addEventListener('keydown', () => window.pressed && window.pressed(performance.now()), true)"  # before the page's own


@contextmanager
def served(name: str, reports: int) -> Iterator[tuple[str, Any]]:
    """The address of the application on a port with so many reports, and the session of somebody signed in."""
    with ExitStack() as open_:
        home = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="zonewatch-bench-")))
        url = open_.enter_context(database(name))
        settings = Settings.load({"ZONEWATCH_HOME": str(home), "ZONEWATCH_DATABASE_URL": url, "ZONEWATCH_DEMO": "1"}, home)
        store = open_.enter_context(closing(open_store(url)))
        t.metadata.create_all(store.writer)
        history = History(store, reports)
        history.fill(1)
        open_alerts(history)
        clock.start_demo(home, history.at)
        people.make_demo_accounts(store, clock.now())
        built = parts.build(settings, store, history.world)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = make_server("127.0.0.1", 0, built.server.wsgi_app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        open_.callback(server.server_close)
        open_.callback(server.shutdown)
        token, _ = people.enter(store, WHO, WHO, "127.0.0.1", clock.real_now(), demo=True) or ("", None)
        yield f"http://127.0.0.1:{server.server_port}/", token


def open_alerts(history: History) -> None:
    """As many alerts as there may be in a bad week, one every ten minutes."""
    r, at = t.report.c, history.at
    with history.store.read(patient=True) as conn:
        told = conn.execute(sa.select(r.equipment, r.report_id).where(r.place == PORT, r.canonical).limit(OPEN)).all()
    rows = {
        f"{number:032x}": {"equipment": box, "evidence": [report_id], "place": PORT, "severity": SEVERITIES[number % 3],
                           "began_at": at - timedelta(minutes=10 * number + 10)}
        for number, (box, report_id) in enumerate(told)
    }  # fmt: skip
    put_many(history.store, at, rows)


def timed(page: Page, key: str, look: str) -> float:
    """Milliseconds from a key to the settled page."""
    page.evaluate(ARM, look)
    page.keyboard.press(key)
    took = float(page.evaluate("window.measured"))
    print(f"\r{key:<8} {took:6.0f} ms", end="", file=sys.stderr)
    return took


def played(page: Page, rounds: int) -> dict[str, list[float]]:
    """The same round again and again: choose and let go, acknowledge in the queue, open the next and acknowledge it there, and back."""
    took: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        took["j"].append(timed(page, "j", "move"))
        took["x"].append(timed(page, "x", "choose"))
        took["x"].append(timed(page, "x", "choose"))
        took["a"].append(timed(page, "a", "act"))
        took["j"].append(timed(page, "j", "move"))
        took["k"].append(timed(page, "k", "move"))
        took["j"].append(timed(page, "j", "move"))
        took["Enter"].append(timed(page, "Enter", "open"))
        took["a on its page"].append(timed(page, "a", "act_there"))
        page.go_back()
        page.locator(".ag-row-focus").first.wait_for()
    return took


def show(took: dict[str, list[float]]) -> None:
    """Key by key, then all of them."""
    print(f"{'key':<16} {'n':>5} {'p50':>9} {'p95':>9}")
    for key, own in {**took, "every key": [one for each in took.values() for one in each]}.items():
        known = sorted(one for one in own if one >= 0)
        lost = f"   {len(own) - len(known)} never settled" if len(known) < len(own) else ""
        p95 = known[min(int(len(known) * 0.95), len(known) - 1)] if known else float("nan")
        over = "   over" if known and p95 > PROMISED_MS else ""
        print(f"{key:<16} {len(own):>5} {statistics.median(known or [0]):>6.0f} ms {p95:>6.0f} ms{over}{lost}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=40)
    said = parser.parse_args()
    engine = Engine()
    with served(said.database, said.reports) as (address, token):
        window = engine.window("triage", base_url=address, viewport={"width": 1920, "height": 1080})
        window.add_cookies([{"name": cookie.NAME, "value": token, "url": address}])
        page = window.new_page()
        page.add_init_script(FIRST)
        page.goto("alerts?by=none")
        page.locator("#queue-grid .ag-row").first.wait_for()
        print(page.locator("#alerts-lead").inner_text(), file=sys.stderr)
        took = played(page, said.rounds)
        engine.close()
    print(f"{said.database}, {said.reports:,} reports")
    show(took)


if __name__ == "__main__":
    main()
