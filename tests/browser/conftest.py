"""A real Chromium on the real application. A page that asks another host for anything, or writes an error to the console, fails its test.

What costs time is the first load of 10 MB of scripts, and reading data in: so all applications stand behind one address, the windows stay
from test to test (emptied of cookies, which is all that a page keeps), and what was read in once is looked at by many. A test that only
looks is led to its address in a page that stands open already.

The browser: CHROMIUM, else one on the PATH, else playwright's own. ZW_SHOTS names a folder for screenshots.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import demo_site
from tests.browser.engine import Engine
from tests.browser.hung import *  # noqa: F403  (its hooks and the fixture `engine`: a browser that no longer answers)
from tests.browser.told_site import made
from tests.browser.window import WIDE, Door, Open, Site, Walk, Watch, cookies, settled

expect.set_options(timeout=20_000)  # the machine may be busy with other things; what is wrong stays wrong


SITES = ("one_gate", "whole_port", "told")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of one site one after another, in the order they stand in: pages that are led on need not be loaded anew for another."""
    items.sort(key=_site)
    for item in items:  # the test server leaves a file to the collector where a page that is left hangs up in the middle of it
        item.add_marker(pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"))


def _site(item: pytest.Item) -> int:
    names = getattr(item, "fixturenames", ())
    return next((number for number, site in enumerate(SITES) if site in names), len(SITES))


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    opened = Door()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The book that was told things, for all that only look at it."""
    return made(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="session")
def one_gate(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demo port of which one gate was heard."""
    return demo_site.one_gate(tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="session")
def whole_port(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Every source of the demo port, small."""
    return demo_site.whole_port(tmp_path_factory.mktemp("port"))


@pytest.fixture(scope="session")
def watching(door: Door) -> Watch:
    return Watch(urlsplit(door.url).netloc)


@pytest.fixture
def watch(watching: Watch) -> Iterator[Watch]:
    yield watching
    watching.verdict()


@pytest.fixture(scope="session")
def walk(engine: Engine, door: Door, watching: Watch) -> Walk:
    return Walk(engine, door, watching)


@pytest.fixture
def visit(walk: Walk, site: Site, watch: Watch) -> Open:
    """visit(path="", who="supervisor", size=WIDE, light="light"): an open page, led on to an address of `site`. Only to look: who opens
    a table, changes a setting or signs out takes a page of his own from `open_page`."""

    def visited(path: str = "", who: str = "supervisor", size: Any = WIDE, light: Any = "light") -> Page:
        return walk.to(site, path, who, size, light)

    return visited


@pytest.fixture
def open_page(engine: Engine, door: Door, walk: Walk, site: Site, watch: Watch) -> Iterator[Open]:
    """open_page(path="", who="supervisor", size=WIDE, light="light", script="", **context): a new page of `site` in a session of its own;
    who="" stays outside; `script` runs before the page's own."""
    walk.at(site)
    there: list[str] = []
    pages: list[Page] = []

    def opened(path: str = "", who: str = "supervisor", size: Any = WIDE, light: Any = "light", script: str = "", **more: Any) -> Page:
        if who not in there:
            there.append(who)
        window = engine.window((there.index(who), *sorted(more.items())), base_url=door.url, **more)
        window.clear_cookies()
        if who:
            window.add_cookies(cookies(door, site, who, light))
        page = watch.over(window.new_page())
        pages.append(page)
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=light)
        if script:
            page.add_init_script(script)
        page.set_default_timeout(20_000)
        page.goto(path)
        return settled(page)

    yield opened
    for page in pages:
        page.close()
