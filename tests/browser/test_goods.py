"""The inventory in a browser: a chosen minute in the address, groups that narrow it, the way to an owner and to a box."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from data import clock
from tests.browser.told_site import GONE
from tests.browser.window import Open, Site


@pytest.fixture
def site(told: Site) -> Site:
    clock.use_demo(told.settings.home)
    return told


def test_the_inventory_stands_as_it_was_at_the_minute_in_the_address(visit: Open) -> None:
    page = visit("inventory?place=zone")
    figures = page.locator("#goods-figures")
    expect(figures).to_contain_text("5,800")  # 40 of 100 are left of 12 t, and 1 t of another lot
    page.locator("#goods-groups a", has_text="Sen Shoes").click()
    expect(page).to_have_url(re.compile("owner=Sen"))
    expect(figures).to_contain_text("of 3 in all")
    page.locator("#filter-at").fill("2026-11-09T21:00")
    page.locator("#filter-at").press("Tab")
    expect(page).to_have_url(re.compile("at=2026-11-09T21"))
    expect(page.locator("#goods-lots tbody")).to_contain_text("100 kg")
    page.locator("#goods-lots a", has_text="Sen Shoes").click()
    expect(page.locator("h1")).to_have_text("Sen Shoes")
    expect(page.locator("#t-owner-where tbody tr")).to_have_count(1)


def test_a_box_shows_its_lots_and_the_search_finds_goods(visit: Open) -> None:
    page = visit(f"container/{GONE}")
    expect(page.locator("#container-goods tbody")).to_contain_text("Came in it")
    expect(page.locator("#container-goods a", has_text="L7")).to_have_attribute("href", re.compile("/lot/zone/O1/L7"))
    page = visit("container?q=P-7")
    expect(page.locator("#search-found")).to_contain_text("permit")
