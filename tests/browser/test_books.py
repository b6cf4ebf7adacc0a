"""A lot of goods and the reconciliation of its books, in a real browser, on the book that was told things."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from data import clock
from tests.browser.window import TABLET, Open, Site, shot


@pytest.fixture
def site(told: Site) -> Site:
    clock.use_demo(told.settings.home)
    return told


def test_a_lot_is_told_line_by_line_and_as_it_was_at_any_minute(open_page: Open) -> None:
    page = open_page("lot/zone/O1/L1", size=TABLET)
    expect(page.locator("#lot-head .figure-act_now")).to_contain_text("-40 kg")
    expect(page.locator("#lot-lines tr.row-faulty")).to_have_count(1)
    page.locator("#lot-lines").get_by_role("link", name=re.compile("of what line 1 let in")).click()
    expect(page).to_have_url(re.compile("#line-1$"))
    page.reload()  # an address that names a line leads to it, though the lines come after the page
    expect(page.locator("#lot-lines tr:has(span:target)")).to_have_count(1)
    page.locator("#filter-at").fill("2026-11-03T12:00")
    expect(page).to_have_url(re.compile("at=2026-11-03T12"))
    expect(page.locator("#lot-head .figure-value").first).to_have_text("100 kg")
    expect(page.locator("#lot-lines tr.row-later")).to_have_count(2)
    shot(page, "lot", full=True)


def test_the_line_at_which_the_books_part_leads_to_its_lot(open_page: Open) -> None:
    page = open_page("reconciliation?place=zone", light="dark")
    row = page.locator("#reconciliation-apart-zone tbody tr").filter(has_text="L1")
    expect(row).to_contain_text("Only in the operator's book.")
    expect(row).to_contain_text("Withdrawal")
    shot(page, "reconciliation", full=True)
    row.get_by_role("link", name="L1").click()
    expect(page.locator("#lot-partings tbody tr")).to_have_count(1)
