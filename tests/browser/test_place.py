"""A place in a real browser: its head, its map by how full or how old, who is inside with filters in the address, held, count, hours."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from data import clock
from tests.browser.window import TABLET, Open, Site, shot

PANELS = ("head", "alerts", "feeds", "map", "areas", "hours", "yard", "inside", "held", "about")


@pytest.fixture
def site(told: Site) -> Site:
    clock.use_demo(told.settings.home)
    return told


def test_every_panel_says_what_it_knows(visit: Open) -> None:
    page = visit("place/port")
    for name in PANELS:
        expect(page.locator(f"#place-{name} .skeleton")).to_have_count(0)
        expect(page.locator(f"#place-{name} .blank-failed")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("Port")
    expect(page.locator("#place-head")).to_contain_text("2 + 0 in − 0 out + 0 corrected = 2 inside")
    expect(page.locator("#place-head")).to_contain_text("opening stock unknown")
    expect(page.locator("#place-feeds tbody tr")).to_have_count(5)
    expect(page.locator("#place-feeds")).to_contain_text("Never heard")
    expect(page.locator("#place-areas")).to_contain_text("Position unknown: 2 of 2 boxes.")
    expect(page.locator("#place-yard")).to_contain_text("No yard list was ever received")
    expect(page.locator("#place-held tbody tr")).to_contain_text("ZZDU 483921 1")
    expect(page.locator("#place-held")).to_contain_text("not a permit")
    expect(page.locator("#place-hours")).to_contain_text("each counted once")
    shot(page, "place", full=True)


def test_filters_stand_in_the_address(visit: Open) -> None:
    page = visit("place/port", size=TABLET, light="dark")
    rows = page.locator("#place-inside tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("ZZDU 483921 1")
    page.locator("#filter-held").select_option("no")
    page.wait_for_url("**/place/port?*held=no*")
    expect(rows).to_have_count(1)
    expect(page.locator("#place-inside")).to_contain_text("1 box of 2 inside")
    page.go_back()
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="> 14 d").click()
    page.wait_for_url("**older=14*")
    expect(page.locator("#place-inside .blank-empty")).to_be_visible()
    shot(page, "place-tablet-dark")


@pytest.mark.parametrize("width", [768, 1024])
def test_a_tablet_shows_all_columns_of_who_is_inside(visit: Open, width: int) -> None:
    page = visit("place/port", size={"width": width, "height": 1024})
    expect(page.locator("#place-inside tbody tr")).to_have_count(2)
    assert page.locator("#place-inside .table-scroll").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_the_map_by_age(visit: Open) -> None:
    page = visit("place/port")
    expect(page.locator("#place-map .js-plotly-plot")).to_be_visible()
    page.get_by_role("link", name="How old").click()
    page.wait_for_url("**measure=age*")
    expect(page.locator("#place-map")).to_contain_text("Not dwell, which is of boxes that left")


def test_a_box_leads_to_its_page(visit: Open) -> None:
    page = visit("place/port")
    page.locator("#place-inside .box-number").first.click()
    page.wait_for_url("**/container/ZZDU4839211")


def test_a_place_that_is_not_there(visit: Open) -> None:
    page = visit("place/nowhere")
    expect(page.locator("main")).to_contain_text("There is no such place")
