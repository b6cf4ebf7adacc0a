"""What the browser tests are made of: applications behind one door, a watch over what a page does, sessions, screenshots."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import dash
from playwright.sync_api import ConsoleMessage, Page
from werkzeug.serving import make_server

from data import clock, people
from data.settings import Settings
from data.store.engine import Store, open_store
from data.store.tables import metadata
from layouts._parts import app as parts
from layouts._parts import cookie
from layouts._parts.here import SCHEME_COOKIE
from tests.browser.engine import Engine

NOWHERE = "There is no such page"
# Races of pages that are left, in which nothing is shown wrong: dcc.Graph looks for its element and does not find it, plotly goes on
# drawing what was taken away; and a page of the site before asks once more whether there is anything new, and is told to sign in.
GONE = r"(?s)reading 'classList'.*async-graph|reading '_rangeSliderData'.*plotly|status of 401 .*/live\)"
NO_ANSWER = "Callback failed: the server did not respond"
NO_WEBGL2 = """HTMLCanvasElement.prototype.getContext = (get => function (kind, ...more) {
  return kind === 'webgl2' ? null : get.call(this, kind, ...more); })(HTMLCanvasElement.prototype.getContext)"""
NOTHING_NEW: dict[str, Any] = {"token": "0", "act_now": 0, "not_looking_since": None, "never_looked": False, "latest": ()}
WIDE, LAPTOP, TABLET = {"width": 1920, "height": 1080}, {"width": 1366, "height": 768}, {"width": 1024, "height": 768}


@dataclass
class Site:
    """An application, with what it stands on."""

    app: dash.Dash
    store: Store
    settings: Settings
    seen: dict[str, Any] = field(default_factory=dict)  # what `look` answers; a test may change it


class Door:
    """One address for every application of these tests, so that the browser fetches Dash and Plotly once. `app` is whose turn it is."""

    def __init__(self) -> None:
        self.app: dash.Dash | None = None
        logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line a request would bury what failed
        self.server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def _answer(self, environ: Any, start: Any) -> Any:
        assert self.app is not None
        return self.app.server.wsgi_app(environ, start)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join(10)
        self.server.server_close()


def build(home: Path, world: Any, pages: Callable[[], None] | None = None) -> Site:
    """The application on an empty SQLite database with the demo accounts; with `pages` these, instead of the house's own."""
    settings = Settings.load({"ZONEWATCH_HOME": str(home), "ZONEWATCH_DEMO": "1"}, home)
    store = open_store(settings.database_url)
    with store.write() as conn:
        metadata.create_all(conn)
    people.make_demo_accounts(store, clock.now())
    seen = dict(NOTHING_NEW)
    app = parts.build(settings, store, world, look=lambda *_: SimpleNamespace(**seen))
    if pages:
        for name in [name for name in dash.page_registry if not name.endswith("not_found_404")]:
            del dash.page_registry[name]
        pages()
    app.server.test_client().get("/login")  # Dash takes its callbacks at its first request, and takes all there are
    return Site(app, store, settings, seen)


@dataclass
class Watch:
    """What pages did that they must not."""

    host: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=lambda: [GONE])  # patterns of errors a test brings about itself
    cut_off: int = 0  # askings of panels that were under way when their page was left: Dash may say of each that no answer came

    def over(self, page: Page) -> Page:
        page.on("request", lambda request: self._request(request.url))
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"{error.message} {error.stack}"))
        return page

    def _request(self, url: str) -> None:
        parts_ = urlsplit(url)
        if parts_.scheme not in ("data", "blob") and parts_.netloc != self.host:
            self.outside.append(url)

    def _failed(self, url: str, why: str | None) -> None:
        if why == "net::ERR_ABORTED" and urlsplit(url).path.endswith("/_dash-update-component"):  # a server that fails has other words
            self.cut_off += 1

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def verdict(self) -> None:
        """Of a test; what was seen and forgiven in it does not count for the next."""
        outside, faults = self.outside, [e for e in self.errors if not any(re.search(p, e) for p in self.forgiven)]
        for error in [e for e in faults if NO_ANSWER in e][: self.cut_off]:
            faults.remove(error)
        self.outside, self.errors, self.forgiven, self.cut_off = [], [], [GONE], 0
        assert not outside, f"requests to other hosts: {outside}"
        assert not faults, f"errors in the console: {faults}"


def cookies(door: Door, site: Site, name: str, light: str) -> Any:
    """Of a reader who was here before: his session (the form itself has tests of its own), and how light it was, without which a page
    may load once more when it learns that."""
    found = people.enter(site.store, name, name, "127.0.0.1", clock.real_now(), demo=True)
    assert found, name
    return [{"name": cookie.NAME, "value": found[0], "url": door.url}, {"name": SCHEME_COOKIE, "value": light, "url": door.url}]


Open = Callable[..., Page]
GO = "to => { history.pushState({}, '', to); dispatchEvent(new CustomEvent('_dashprivate_pushstate')); scrollTo(0, 0); }"


# A grid draws itself after its panel: first its frame, then its head without cells.
UNDRAWN = ", ".join(f"main {each}:not(:has(.ag-header-cell))" for each in (".grid-frame", ".ag-header-row-column"))


def settled(page: Page) -> Page:
    """The page when every panel has its answer. (`expect` looks ever more rarely, up to once a second; this hears of it.)"""
    page.locator("h1", has_not_text=NOWHERE).first.wait_for()
    page.locator("main .skeleton").first.wait_for(state="detached")
    page.locator(UNDRAWN).first.wait_for(state="detached")
    return page


@dataclass
class Walk:
    """Pages that stay open, one for each person and light, and are led on inside the application, as people go. Of one site at a time."""

    engine: Engine
    door: Door
    watch: Watch
    of: Site | None = None
    turn: int = 0  # of the engine, at which `standing` were opened
    standing: set[Page] = field(default_factory=set)  # those that show a page of `of`; every other stands empty

    def at(self, site: Site) -> None:
        """It is this site's turn: another's pages, whose sessions it does not know, stand empty."""
        if self.turn != self.engine.turn:
            self.turn = self.engine.turn
            self.standing.clear()
        if self.of is not site:
            for page in self.standing:
                page.evaluate("document.documentElement.dataset.theme = 'light'")  # else it sees the light change, and loads again
                page.goto("about:blank")
                page.context.clear_cookies()
            self.standing.clear()
        self.of, self.door.app = site, site.app

    def to(self, site: Site, path: str, who: str, size: Any, light: Any) -> Page:
        window = self.engine.window(("walk", who, light), base_url=self.door.url)
        self.at(site)
        if not window.pages:
            opened = self.watch.over(window.new_page())
            opened.set_default_timeout(20_000)
            opened.emulate_media(color_scheme=light)
        page = window.pages[0]
        page.set_viewport_size(size)
        if page in self.standing:
            page.evaluate(GO, "/nowhere")  # nothing that is looked at next may be left from before
            page.locator("h1", has_text=NOWHERE).wait_for()
            page.evaluate(GO, "/" + path)
        else:
            window.add_cookies(cookies(self.door, site, who, light))
            page.goto(path)
        self.standing.add(page)
        return settled(page)


def shots() -> str | None:
    """The folder of ZW_SHOTS, where somebody wants pictures: what a test opens for a picture alone it opens only then."""
    return os.environ.get("ZW_SHOTS")


def shot(page: Page, name: str, *, full: bool = False) -> None:
    """A picture into ZW_SHOTS, where somebody wants to look."""
    folder = shots()
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=full)
