"""One container, the search, many numbers at once, and the message behind a report, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from data import clock
from tests.browser.told_site import GONE, HELD, WRONG
from tests.browser.window import TABLET, Open, Site, shot
from tests.store.told import Book, small_world


@pytest.fixture
def site(told: Site) -> Site:
    clock.use_demo(told.settings.home)
    return told


def test_held_is_read_at_two_metres(visit: Open) -> None:
    page = visit(f"container/{HELD.lower()}")
    word = page.locator(".state-word")
    expect(word).to_have_text("HELD")
    assert word.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 48
    band = page.locator(".state-band")
    expect(band).to_contain_text("by customs")
    expect(band).to_contain_text("since 3 Nov 09:00")
    expect(band).to_contain_text("Inside Port")
    expect(band).to_contain_text("9 days 4 h")
    expect(band).to_contain_text("Decision support, not a permit.")
    expect(page).to_have_title(re.compile("ZZDU 483921 1"))
    assert "Released" not in band.inner_text()
    shot(page, "container")


def test_cannot_tell_says_why_and_sources_that_disagree_are_marked(visit: Open) -> None:
    page = visit(f"container/{GONE}", size=TABLET, light="dark")
    expect(page.locator(".state-word")).to_have_text("CANNOT TELL")
    expect(page.locator(".state-why")).to_contain_text("No customs source is declared for Zone")
    history = page.locator("#container-lines")
    expect(history.locator("tr.row-event", has_text="Gate-out")).to_contain_text("Sources disagree")
    expect(history.locator(".differ").first).to_contain_text("14:00")
    expect(history.locator("tr.row-word")).to_have_count(2)
    shot(page, "container-tablet-dark", full=True)


def test_the_raw_message_is_one_click_away(visit: Open) -> None:
    page = visit(f"container/{HELD}")
    page.locator("#container-lines tr", has_text="Discharge").get_by_role("link", name="message").click()
    expect(page.locator("#message-meant")).to_contain_text(f"EQD+CN+{HELD}")
    page.get_by_role("link", name="Hex").click()
    expect(page.locator("pre.raw")).to_contain_text("00000000  55 4e 42")
    shot(page, "message")


def test_a_viewer_gets_no_raw_message(open_page: Open, site: Site) -> None:
    page = open_page(f"container/{HELD}", who="viewer")
    expect(page.locator(".state-word")).to_have_text("HELD")
    assert not page.locator("a", has_text="message").count()
    page.goto("message/whatever")
    expect(page.locator("#message-body .blank-refused")).to_be_visible()


def test_a_wrong_check_digit_is_said_and_offers_what_exists(visit: Open) -> None:
    page = visit("container/ZZDU4839212")
    expect(page.locator("#container-none")).to_contain_text("Check digit wrong")
    page.locator("#container-none").get_by_role("link", name="ZZDU 483921 1").click()
    expect(page.locator(".state-word")).to_have_text("HELD")
    page.goto(f"container/{WRONG}")
    expect(page.locator(".note-warn")).to_contain_text("no valid number")


@pytest.mark.parametrize("text", ["9211", "b1", "s1"])
def test_search_from_anywhere(visit: Open, text: str) -> None:
    page = visit("throughput")
    expect(page.locator("h1")).to_have_text("Throughput")
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    row = page.locator("#search-found tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("ZZDU 483921 1")
    expect(row).to_contain_text("HELD")


def pasted(page: Page, text: str) -> None:
    page.locator("#search-text").fill(text)
    page.locator("#search-ask").click()


def test_more_than_200_numbers_are_not_left_out_in_silence(visit: Open) -> None:
    page = visit("container")
    pasted(page, "\n".join(f"ZZDU{n:07}" for n in range(203)))
    page.wait_for_url("**given=203*")
    page = visit(f"container?q=ZZDU4839211,{GONE}&given=203")
    expect(page.locator("#search-found")).to_contain_text("203 numbers were given; the first 200 are shown.")


def test_many_numbers_one_row_each(visit: Open) -> None:
    page = visit("container")
    pasted(page, f"zzdu 483921-1\n{GONE}; ZZDU9999990")
    rows = page.locator("#search-found tbody tr")
    expect(rows).to_have_count(3)
    assert [rows.nth(n).locator(".mark").inner_text() for n in range(3)] == ["HELD", "CANNOT TELL", "NOT KNOWN"]
    assert "q=ZZDU4839211" in page.url
    page.go_back()
    expect(page.locator("#search-how")).to_be_visible()
    shot(page, "many")


def test_a_box_that_was_never_inside_has_no_empty_time_line(visit: Open, site: Site) -> None:
    only = "ZZDU0000026"
    book = Book(site.store, site.settings, site.settings.home / "more", small_world())
    book.number = 900  # no reference of a message that came before
    book.told_by("terminal", "d40 10:00 discharge", box=only, received="d9 11:00")
    page = visit(f"container/{only}")
    expect(page.locator("#container-life")).to_contain_text("No visit and no hold of it is known.")
    expect(page.locator("#container-life .js-plotly-plot")).to_have_count(0)
    expect(page.locator("#container-about")).to_contain_text("Where it is was never told.")
