"""Notifications in a real browser: no channel is declared; one is, it is asked for, tried out, refused, changed, and taken away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from data import clock
from data.notify.channel import Channel
from layouts._parts.here import KEY
from tests.browser.test_axe import ALL, AXE, faults
from tests.browser.window import LAPTOP, Open, Site, shot
from tests.sources.web import Reply, web
from tests.sources.web import Site as Web


@pytest.fixture
def site(told: Site) -> Site:
    clock.use_demo(told.settings.home)
    return told


@pytest.fixture
def hook(told: Site) -> Iterator[Web]:
    """A channel of the running application, for the length of a test."""
    extensions = told.app.server.extensions
    before = extensions[KEY]
    with web() as receiver:
        receiver.says = lambda asked: Reply(status=204)
        declared = Channel(id="duty", url=f"{receiver.url}/in", secret="s" * 40)
        extensions[KEY] = replace(before, settings=replace(before.settings, channels={"duty": declared}))
        yield receiver
        extensions[KEY] = before


def test_with_no_channel_it_says_how_to_declare_one(visit: Open) -> None:
    page = visit("notifications")
    expect(page.locator("#notify-mine")).to_contain_text("No channel is declared: nothing leaves this installation.")
    expect(page.locator("#notify-mine pre").first).to_contain_text("ZONEWATCH_NOTIFY_MAIL_URL=")
    expect(page.locator("#notify-sent")).to_contain_text("No message yet.")


def test_asking_to_be_told_and_trying_the_channel(open_page: Open, hook: Web) -> None:
    page = open_page("notifications", size=LAPTOP)
    page.get_by_label("From severity").select_option(label="Today")
    page.get_by_label("Quiet from").fill("22:00")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notify-said")).to_contain_text("Quiet hours need a beginning and an end")
    expect(page.get_by_label("Quiet from")).to_have_value("22:00")  # what was typed stays
    page.get_by_label("Quiet to").fill("06:00")
    page.get_by_role("button", name="Save").click()
    row = page.locator("#notify-wishes tbody tr")
    expect(row).to_contain_text("22:00 – 06:00")
    expect(row).to_contain_text("Today")
    row.get_by_role("button", name="Send a test").click()
    expect(page.locator("#notify-said")).to_contain_text("The channel duty took the test message.")
    expect(page.locator("#t-notifications tbody tr")).to_contain_text(["Test message"])
    assert [asked.headers["Zonewatch-Signature"][:3] for asked in hook.asked] == ["v1="]
    page.evaluate(AXE)
    assert faults(page, ALL) == []
    shot(page, "notifications", full=True)
    row.get_by_role("link", name="Change").click()
    expect(page.get_by_role("heading", name="Change: duty (webhook), All my places")).to_be_visible()
    page.get_by_label("Digest of Queue").select_option(label="every 1 h")
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("every 1 h")
    row.get_by_role("button", name="Remove").click()
    expect(page.locator("#notify-mine")).to_contain_text("You have not asked to be told anything.")
