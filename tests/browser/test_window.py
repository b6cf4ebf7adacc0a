"""What the watch over a page forgives, and what it does not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from data import clock
from tests.browser.window import NO_ANSWER, Open, Site, Watch

ASKED = "**/_dash-update-component*"


@pytest.fixture
def site(told: Site) -> Site:
    clock.use_demo(told.settings.home)
    return told


@pytest.mark.parametrize("left", [True, False])
def test_an_asking_that_is_cut_off_is_forgiven_where_its_page_was_left(open_page: Open, watch: Watch, left: bool) -> None:
    page = open_page("throughput")

    def answer(route: Route) -> None:
        if not left:
            route.abort("connectionreset")
        elif "throughput" not in page.url:
            route.continue_()
        # else: held, until the page is left

    page.route(ASKED, answer)
    with page.expect_request(ASKED):
        page.evaluate("document.querySelector('.switch a:not(.switch-on)').click()")
    if left:
        page.wait_for_timeout(100)
        with page.expect_event("requestfailed", lambda failed: "_dash-update-component" in failed.url):  # a script may be cut off, too
            page.goto("container")
        assert watch.cut_off >= 1
        watch.verdict()
    else:
        with page.expect_console_message(lambda said: said.type == "error"):
            pass
        with pytest.raises(AssertionError, match="errors in the console"):
            watch.verdict()
        watch.forgiven.append(NO_ANSWER)  # of the other panels
