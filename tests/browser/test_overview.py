"""The overview in a real browser: the sentence, the states by word and shape, no scrolling, what is new comes by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from data import clock
from tests.browser.window import LAPTOP, TABLET, WIDE, Open, Site, shot


@pytest.fixture
def site(told: Site) -> Site:
    clock.use_demo(told.settings.home)
    return told


def test_the_sentence_answers(visit: Open) -> None:
    page = visit("")
    lead = page.locator("#overview-lead")
    expect(lead).to_contain_text(re.compile(r"1 place needs action: Port, \d+ alerts?, oldest"))
    expect(lead).to_contain_text("cannot be seen")
    page.locator("#overview-lead a").first.click()
    page.wait_for_url("**/place/port")


def test_a_row_a_place_worst_first(visit: Open) -> None:
    page = visit("")
    rows = page.locator("#overview-places > div .table tbody tr")
    expect(rows).to_have_count(2)
    first = rows.first
    expect(first).to_have_class("row-act_now")
    for words in ("Act now", "Cannot see", "Port", "Seaport · Asia/Ho_Chi_Minh", "Counted since", "opening stock unknown", "2 boxes"):
        expect(first).to_contain_text(words)
    expect(first).not_to_contain_text("%")
    assert first.locator(".mark-act_now .mark-shape").count() > 0
    expect(page.locator("#overview-places .stamp")).to_contain_text("Data to")
    expect(page.locator("#overview-worst tbody tr").first).to_contain_text("Act now")


@pytest.mark.parametrize("size", [WIDE, TABLET], ids=["wide", "tablet"])
def test_nothing_to_scroll_for(visit: Open, size: dict[str, int]) -> None:
    page = visit("", size=size)
    expect(page.locator("#overview-places tbody tr")).to_have_count(2)
    expect(page.locator("#overview-map .js-plotly-plot")).to_be_visible()
    high = page.evaluate("innerHeight")
    for panel in ("overview-places", "overview-map"):
        box = page.locator(f"#{panel}").bounding_box()
        assert box
        assert box["y"] + box["height"] <= high, panel
    table = page.locator("#overview-places .table-scroll")
    assert table.evaluate("e => e.scrollWidth <= e.clientWidth")
    shot(page, f"overview-{high}")


def test_the_map_has_its_twin_with_links(open_page: Open) -> None:
    page = open_page("", light="dark")
    twin = page.locator("#overview-map details.twin")
    twin.locator("summary").click()
    expect(twin.locator("tbody tr")).to_have_count(2)
    expect(twin.locator("tbody tr").first).to_contain_text("Act now")
    twin.get_by_role("link", name="Port").click()
    page.wait_for_url("**/place/port")


SILENT = """window.fetch = (get => (to, ...more) =>
  String(to).endsWith('/live') ? new Promise(() => {}) : get(to, ...more))(window.fetch)"""


def test_the_time_of_the_house_is_known_before_the_server_was_asked(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layouts._parts.shell.EVERY_SECONDS", 2)
    page = open_page("", script=SILENT)
    expect(page.locator("#demo-time")).to_contain_text("11 Nov 2026, 12:0")
    expect(page.locator("#banner")).to_contain_text("Not updated since 12:0", timeout=15_000)


def test_in_vietnamese(open_page: Open) -> None:
    page = open_page("")
    page.select_option("#language", "vi")
    expect(page.locator("#overview-lead")).to_contain_text("1 địa điểm cần xử lý")
    expect(page.locator("#overview-places")).to_contain_text("tồn đầu không rõ")
    assert "{" not in page.locator("main").inner_text()
    table = page.locator("#overview-places .table-scroll")
    for size in (LAPTOP, TABLET):  # its words are longer: no column may be pushed out of sight
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, size
