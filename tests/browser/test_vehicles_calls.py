"""Vehicles and ship calls in a real browser: figures with what belongs to them, filters in the address, from a box to its call."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from data import clock
from tests.browser.window import Open, Site, shot


@pytest.fixture
def site(whole_port: Site) -> Site:
    clock.use_demo(whole_port.settings.home)
    return whole_port


def test_vehicles_say_what_they_measure_and_what_not(visit: Open) -> None:
    page = visit("vehicles?place=demo-port&since=2026-03-06&until=2026-03-10")
    expect(page.locator("#vehicles-places tbody tr")).to_have_count(1)
    expect(page.locator("#vehicles-places")).to_contain_text("Outside queue not measured")
    expect(page.locator("#vehicles-gates-demo-port .strip-row").nth(1)).to_be_visible()
    for words in ("Data to", "Asia/Ho_Chi_Minh", "n = "):
        expect(page.locator("#vehicles-gates-demo-port")).to_contain_text(words)
    expect(page.locator("#vehicles-visits tbody tr").first).to_be_visible()
    shot(page, "vehicles", full=True)


def test_from_calls_to_the_boxes_of_one_and_from_a_box_to_its_call(visit: Open) -> None:
    page = visit("calls?place=demo-port&since=2026-03-06&until=2026-03-12")
    rows = page.locator("#calls-list tbody tr")
    expect(rows.first).to_contain_text("DEMO")
    expect(page.locator("#calls-list")).to_contain_text(re.compile(r"[0-9] of [0-9]"))
    shot(page, "calls", full=True)
    rows.filter(has_text="Done").first.get_by_role("link").click()
    page.wait_for_url("**/calls?*call=*")
    page.locator("#calls-chosen .switch").get_by_role("link", name="All").click()
    expect(page.locator("#calls-chosen .switch-on", has_text="All")).to_be_visible()  # and the list that the box is of
    box = page.locator("#calls-boxes .box-number").first
    expect(box).to_be_visible()
    box.click()
    page.wait_for_url("**/container/*")
    expect(page.get_by_role("link", name="Call", exact=True).first).to_have_attribute("href", re.compile("/calls.*call="))
