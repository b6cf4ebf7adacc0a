"""A real Chromium on the real application. A page that asks another host for anything, or writes an error to the console, fails its test.

The browser: CHROMIUM, else one on the PATH, else playwright's own. ZW_SHOTS names a folder for screenshots.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.window import WIDE, Open, Site, Watch, sign_in
from tests.servers import chromium

expect.set_options(timeout=20_000)  # the machine may be busy with other things; what is wrong stays wrong


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Software GL: MapLibre needs WebGL2, and a test machine has no graphics card.
        arguments = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        launched = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def watch(site: Site) -> Watch:
    return Watch(urlsplit(site.url).netloc)


@pytest.fixture
def open_page(browser: Browser, site: Site, watch: Watch) -> Iterator[Open]:
    """open_page(path="/", who="supervisor", size=WIDE, **context): a signed-in page; who="" stays outside."""
    contexts: list[BrowserContext] = []

    def opened(path: str = "", who: str = "supervisor", size: dict[str, int] | None = None, **more: Any) -> Page:
        context = browser.new_context(viewport=size or WIDE, base_url=site.url, **more)
        contexts.append(context)
        page = watch.over(context.new_page())
        page.set_default_timeout(20_000)
        if who:
            sign_in(page, who)
        if path or not who:
            page.goto(path.lstrip("/"))
        return page

    yield opened
    for context in contexts:
        context.close()
    watch.verdict()


@pytest.fixture
def page(open_page: Open) -> Page:
    """Signed in as supervisor, on the overview."""
    return open_page()
