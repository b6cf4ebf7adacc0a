"""Data sources in a real browser: what is silent, what was not read and why, reading again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from data import clock
from data.store.tables import audit
from tests.browser.window import TABLET, Open, Site, shot


@pytest.fixture
def site(one_gate: Site) -> Site:
    clock.use_demo(one_gate.settings.home)
    return one_gate


def test_what_is_heard_and_what_was_not_read(visit: Open, site: Site) -> None:
    page = visit("sources?feed=dt2-gate", "supervisor", TABLET)
    expect(page.locator("#sources-feeds tbody tr")).to_have_count(1)
    problem = page.locator("#sources-problems tbody tr")
    expect(problem).to_have_count(1)
    expect(problem).to_contain_text("The time cannot be read")
    expect(problem).to_contain_text("line 2")
    expect(problem.locator("code")).to_contain_text("31.02.2026 25:61")
    shot(page, "sources-tablet", full=True)
    problem.get_by_role("button", name="Read again").click()
    expect(page.locator("#sources-said")).to_contain_text("1 message read again")
    with site.store.read() as conn:
        last = conn.execute(sa.select(audit).where(audit.c.action == "reread")).one()
    assert last.actor == "supervisor"


def test_never_heard_is_said_first_and_words_are_not_for_viewers(open_page: Open) -> None:
    page = open_page("sources", "viewer")
    expect(page.locator("#sources-lead")).to_contain_text("cannot be heard")
    expect(page.locator("#sources-feeds tbody tr").first).to_contain_text("Cannot see")
    expect(page.locator("#sources-worker")).to_contain_text("never was a worker")
    expect(page.locator("#sources-problems tbody")).to_contain_text("broken-off.edi")
    expect(page.locator("#sources-problems code")).to_have_count(0)
    expect(page.get_by_role("button", name="Read again")).to_have_count(0)
    shot(page, "sources-viewer")
