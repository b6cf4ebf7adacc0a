"""A source's own page in a real browser: a stop and letting it go on, lag and clock, gaps, columns, agreeing on what is expected."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from data import clock
from data.store import tables as t
from tests.browser.health_site import made
from tests.browser.window import LAPTOP, TABLET, Open, Site, shot, shots
from tests.store.told import FACTS, Book, csv

Made = tuple[Site, Book]


@pytest.fixture(scope="module")
def unwell(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(tmp_path_factory.mktemp("unwell"))


@pytest.fixture
def site(unwell: Made) -> Site:
    clock.use_demo(unwell[0].settings.home)
    return unwell[0]


def test_what_its_messages_say_of_its_clock_and_its_numbering(visit: Open) -> None:
    page = visit("sources/feed/gate", size=LAPTOP)
    expect(page.locator("h1")).to_have_text("gate")
    expect(page.locator("#feed-lag .note-alert")).to_contain_text("about 7 h later than before")
    expect(page.locator("#feed-lag .note-alert")).to_contain_text("between UTC and local time")
    expect(page.locator("#feed-lag .js-plotly-plot")).to_be_visible()
    gaps = page.locator("#feed-numbering tbody tr")
    expect(gaps).to_have_count(2)
    expect(gaps.first).to_contain_text("000049 – 000050")
    expect(page.locator("#feed-numbering")).to_contain_text("4 numbers missing")
    expect(page.locator("#feed-unknown")).to_contain_text("1 report of unknown meaning")
    expect(page.locator("#feed-expect")).to_contain_text("nothing is proposed")
    expect(page.locator("#feed-agreement tbody tr").first).to_contain_text("Gate-in")
    shot(page, "feed-gate", full=True)
    if shots():
        shot(visit("sources/feed/gate", light="dark", size=LAPTOP), "feed-gate-dark", full=True)
        shot(visit("sources/feed/gate", size=TABLET), "feed-gate-tablet", full=True)


def test_a_stopped_source_goes_on_when_a_person_says_so(visit: Open, unwell: Made) -> None:
    site, book = unwell
    page = visit("", "supervisor", TABLET)
    expect(page.locator("#overview-places")).to_contain_text("Source customs is stopped")
    expect(page.locator("#overview-confirmed")).to_contain_text("Confirmed by two or more sources")
    shot(page, "overview-stopped")
    page = visit("sources", "supervisor", LAPTOP)
    row = page.locator("#sources-feeds tbody tr", has_text="customs").first
    expect(row).to_contain_text("Cannot see")
    expect(row).to_contain_text("stopped")
    shot(page, "sources-stopped")
    row.get_by_role("link", name="customs").click()
    stop = page.locator("#feed-rejected")
    expect(stop).to_contain_text("60 records in a row were rejected")
    expect(stop).to_contain_text("nothing of it is read")
    shot(page, "feed-stopped", full=True)
    press = stop.get_by_role("button", name="Read on")
    press.click()
    expect(page.locator("#feed-said")).to_contain_text("say why")
    stop.locator("textarea").fill("The broker has mended its export.")
    press.press("Enter")
    expect(page.locator("#feed-said")).to_contain_text("It goes on with the next pull")
    expect(page.locator("#feed-said")).to_be_focused()  # the button is gone: the keyboard goes on from what is said
    expect(stop).to_contain_text("1 message that was kept is read with the next pull")
    book.receive("customs", csv(FACTS, []), "d35 11:00")
    page.reload()
    expect(stop).to_contain_text("Went on")
    expect(stop).to_contain_text("The broker has mended its export.")
    expect(stop).not_to_contain_text("next pull")
    with site.store.read() as conn:
        last = conn.execute(sa.select(t.audit).where(t.audit.c.action == "read_on")).one()
    assert (last.actor, last.object) == ("supervisor", "feed:customs")


def test_what_is_expected_takes_two_people(visit: Open, site: Site) -> None:
    page = visit("sources/feed/carrier", "supervisor", LAPTOP)
    panel = page.locator("#feed-expect")
    expect(panel).to_contain_text("From the past four weeks")
    expect(panel.locator("pre")).to_contain_text('expect: [{within: 45m, hours: "06:00-22:00"}, {within: 18h}]')
    expect(page.locator("#feed-layouts")).to_contain_text("renamed: gate_time is now gatetime")
    expect(page.locator("#feed-layouts")).to_contain_text("new: seal")
    panel.locator("textarea").fill("As it has always come.")
    panel.get_by_role("button", name="Propose").click()
    expect(panel).to_contain_text("supervisor proposed")
    expect(panel.get_by_role("button", name="Accept")).to_have_count(0)
    expect(panel.get_by_role("button", name="Take it back")).to_be_visible()
    shot(page, "feed-proposed", full=True)

    page = visit("sources/feed/carrier", "manager", LAPTOP)
    panel = page.locator("#feed-expect")
    panel.locator("textarea").fill("Agreed with the carrier.")
    panel.get_by_role("button", name="Accept").click()
    expect(page.locator("#feed-said")).to_contain_text("measured by it from now on")
    expect(panel).to_contain_text("as accepted here")
    expect(panel).to_contain_text("accepted by manager")
    expect(panel.locator("pre")).to_contain_text("expect:")
    shot(page, "feed-accepted", full=True)

    page = visit("sources/feed/carrier", "viewer")
    expect(page.locator("main textarea")).to_have_count(0)
