"""What the browser tests are made of: an application that runs, a watch over what a page does, signing in, screenshots."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import dash
from playwright.sync_api import ConsoleMessage, Error, Page
from werkzeug.serving import make_server

from data import clock, people
from data.settings import Settings
from data.store.engine import Store, open_store
from data.store.tables import metadata
from layouts._parts import app as parts

# dcc.Graph, left before it was drawn, looks for its element and does not find it (its own race; nothing is shown wrong).
GONE = r"(?s)reading 'classList'.*async-graph"
WIDE, TABLET = {"width": 1920, "height": 1080}, {"width": 1024, "height": 768}


@dataclass
class Site:
    """A running application."""

    url: str
    app: dash.Dash
    store: Store
    settings: Settings
    seen: dict[str, Any] = field(default_factory=dict)  # what `look` answers; a test may change it


@contextmanager
def serving(app: dash.Dash, port: int = 0) -> Iterator[tuple[str, Callable[[], None]]]:
    """The application on a port of its own; gives its address and a way to stop it early."""
    app.server.test_client().get(f"{app.config.url_base_pathname}login")  # Dash takes its callbacks at its first request, not later
    server = make_server("127.0.0.1", port, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join(10)
        server.server_close()

    try:
        yield f"http://127.0.0.1:{server.server_port}{app.config.url_base_pathname}", stop
    finally:
        if thread.is_alive():
            stop()


def build(home: Path, world: Any, **environ: str) -> Site:
    """The application on an empty SQLite database with the demo accounts."""
    settings = Settings.load({"ZONEWATCH_HOME": str(home), "ZONEWATCH_DEMO": "1", **environ}, home)
    store = open_store(settings.database_url)
    with store.write() as conn:
        metadata.create_all(conn)
    people.make_demo_accounts(store, clock.now())
    seen: dict[str, Any] = {"token": "0", "act_now": 0, "not_looking_since": None, "never_looked": False}
    app = parts.build(settings, store, world, look=lambda *_: SimpleNamespace(**seen))
    return Site("", app, store, settings, seen)


@dataclass
class Watch:
    """What a page did that it must not."""

    host: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=lambda: [GONE])  # patterns of errors a test brings about itself

    def over(self, page: Page) -> Page:
        page.on("request", lambda request: self._request(request.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"{error.message} {error.stack}"))
        return page

    def _request(self, url: str) -> None:
        parts_ = urlsplit(url)
        if parts_.scheme not in ("data", "blob") and parts_.netloc != self.host:
            self.outside.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def verdict(self) -> None:
        assert not self.outside, f"requests to other hosts: {self.outside}"
        faults = [e for e in self.errors if not any(re.search(p, e) for p in self.forgiven)]
        assert not faults, f"errors in the console: {faults}"


Open = Callable[..., Page]


def sign_in(page: Page, name: str, password: str | None = None) -> None:
    """Through the form, as people do."""
    for _ in range(4):          # the page may load once more by itself when it learns how light the room is: then the form is gone
        page.goto("login")
        if "/login" not in page.url:
            break
        page.wait_for_load_state("networkidle")
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", password or name)
        page.click("button[type=submit]", no_wait_after=True)
        try:
            page.wait_for_url(lambda url: "/login" not in url, timeout=8_000)
            break
        except Error:
            continue
    page.wait_for_load_state()


def shot(page: Page, name: str, *, full: bool = False) -> None:
    """A picture into ZW_SHOTS, where somebody wants to look."""
    folder = os.environ.get("ZW_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=full)
