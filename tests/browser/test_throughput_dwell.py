"""Throughput and dwell in a real browser: what is drawn, that it stands in the address, that each chart has its twin."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from data import clock
from tests.browser.window import TABLET, Open, Site, shot


@pytest.fixture
def site(told: Site) -> Site:
    clock.use_demo(told.settings.home)
    return told


def test_throughput_by_place_and_day(open_page: Open) -> None:
    page = open_page("throughput")
    rows = page.locator("#throughput-places tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Port")
    expect(page.locator("#throughput-port .js-plotly-plot")).to_be_visible()
    for words in ("Counted: gate-in", "n = ", "Hatched", "Asia/Ho_Chi_Minh", "Data to"):
        expect(page.locator("#throughput-port")).to_contain_text(words)
    assert page.locator("#throughput-port .bars path").count() > 0
    page.locator("#throughput-port summary").click()
    expect(page.locator("#throughput-port tbody tr").first).to_be_visible()
    shot(page, "throughput", full=True)


def test_the_switches_stand_in_the_address(visit: Open) -> None:
    page = visit("throughput", size=TABLET)
    expect(page.locator("#throughput-port .js-plotly-plot")).to_be_visible()
    page.get_by_role("link", name="ISO week").click()
    expect(page.locator(".switch-on", has_text="ISO week")).to_be_visible()  # the other switches lead on from there
    page.get_by_role("link", name="TEU", exact=True).click()
    expect(page.locator(".switch-on", has_text="TEU")).to_be_visible()
    page.locator("#filter-place").select_option("port")
    page.wait_for_url("**/throughput?*place=port*")
    assert "bin=week" in page.url
    assert "measure=teu" in page.url
    expect(page.locator("#throughput-port")).to_contain_text("W45")
    expect(page.locator("#throughput-zone")).to_have_count(0)


def test_nothing_by_these_filters_is_not_nothing_received(visit: Open) -> None:
    page = visit("throughput?mode=rail")
    expect(page.locator("#throughput-places .blank-empty")).to_be_visible()


def test_a_period_that_is_none_is_not_passed_over_in_silence(visit: Open) -> None:
    page = visit("throughput?since=2199-01-01")
    expect(page.locator(".filter-bar .hides")).to_have_text("The period has not begun, or ends before it begins: From is left out.")
    page = visit("dwell?since=2026-11-03&until=2026-11-02")
    expect(page.locator(".filter-bar .hides")).to_contain_text("From is left out")
    page = visit("dwell?since=2026-11-02&until=2026-11-02")
    expect(page.locator("#dwell-figures")).to_be_visible()
    expect(page.locator(".filter-bar .hides")).to_have_count(0)


def test_dwell_and_ages_stand_apart(visit: Open) -> None:
    page = visit("dwell?place=port", light="dark")
    expect(page.locator("#dwell-figures")).to_contain_text("5 days 6 h")
    for panel in ("dwell-trend", "dwell-curve", "dwell-inside"):
        expect(page.locator(f"#{panel} .js-plotly-plot")).to_be_visible()
        expect(page.locator(f"#{panel}")).to_contain_text("n = ")
    expect(page.locator("#dwell-trend")).to_contain_text("error at most 1%")
    expect(page.locator("#dwell-inside")).to_contain_text("Age: time since the entry")
    expect(page.locator("#dwell-oldest tbody tr").first).to_contain_text("ZZDU 483921 1")
    shot(page, "dwell-dark", full=True)
