"""Rules in a real browser: trying limits, proposing, a second person accepting; what a rule that is off leaves to be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from data import backtest_runs, clock, rule_changes
from data.judge import judge
from tests.browser.told_site import made
from tests.browser.window import LAPTOP, TABLET, Open, Site, shot, shots
from tests.store.told import Book, small_world

OVERSTAY = "rules/import_overstay"


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The book that was told things, and one more box that is not over its limits yet."""
    home = tmp_path_factory.mktemp("ruled")
    site = made(home)
    clock.use_demo(home)
    book = Book(site.store, site.settings, home / "more", small_world(), number=100, now=clock.now())
    book.told_by("terminal", "d8 08:00 discharge", box="ZZDU0000031").judged_at(clock.now())
    return site


@pytest.fixture
def site(ruled: Site) -> Site:
    clock.use_demo(ruled.settings.home)
    return ruled


def test_limits_are_tried_proposed_and_accepted_by_another(open_page: Open, site: Site) -> None:
    page = open_page(OVERSTAY, "supervisor", LAPTOP)
    form = page.locator("#rule-try")
    form.get_by_label("Import dwell, warning").fill("1d")
    form.get_by_label("From").fill("2026-11-02")
    form.get_by_role("button", name="Try it").click()
    page.locator("#rule-said").get_by_role("link").click()
    head = page.locator("#backtest-head")
    expect(head.locator("progress")).to_be_visible()
    expect(head.get_by_role("button", name="Cancel")).to_be_visible()
    world = rule_changes.in_force(site.store, small_world())
    assert backtest_runs.work_off(site.store, world, clock.now(), 1)
    result = page.locator("#backtest-result")
    expect(result.locator("h3").first).to_have_text("Port")  # the page heard by itself that it is done
    expect(result.locator(".figure-tile", has_text="Gained").first).to_contain_text("1")
    expect(result.locator(".js-plotly-plot").first).to_be_visible()
    shot(page, "backtest", full=True)
    result.get_by_text("Propose these limits for Port").click()
    result.locator("textarea").first.fill("The yard is full.")
    result.get_by_role("button", name="Propose", exact=True).first.click()
    expect(page.locator("#backtest-said")).to_contain_text("A second person finds it")
    page.get_by_role("link", name="The rule").click()
    own = page.locator("#rule-standing")
    expect(own).to_contain_text("somebody else has to accept it")
    expect(own.get_by_role("button", name="Accept")).to_have_count(0)
    other = open_page(OVERSTAY, "manager", LAPTOP)
    waits = other.locator("#rule-standing")
    waits.get_by_label("Reason").first.fill("Agreed with the terminal.")
    waits.get_by_role("button", name="Accept").click()
    expect(other.locator("#rule-said")).to_contain_text("Accepted")
    expect(waits.locator("tbody tr").first).to_contain_text("1 day")
    expect(other.locator("#rule-limits")).to_contain_text("proposed by supervisor, accepted by manager")
    shot(other, "rule", full=True)


def test_a_rule_that_is_off_is_seen_to_be_off(open_page: Open, site: Site) -> None:
    page = open_page(OVERSTAY, "supervisor", TABLET)
    page.get_by_text("Switch this rule off at Zone").click()
    form = page.locator("#rule-standing details", has_text="at Zone")
    form.locator("textarea").fill("Works on the road.")
    form.get_by_role("button", name="Propose to switch it off").click()
    expect(page.locator("#rule-said")).to_contain_text("A second person has to accept it")
    other = open_page(OVERSTAY, "manager", TABLET)
    waits = other.locator("#rule-standing .act", has_text="switch the rule off")
    waits.locator("textarea").fill("Yes.")
    waits.get_by_role("button", name="Accept").click()
    expect(other.locator("#rule-said")).to_contain_text("Accepted")
    other.goto(other.url.replace(OVERSTAY, "rules"))
    off = other.locator("#rules-off tbody tr")
    expect(off).to_contain_text("Works on the road.")
    expect(off).to_contain_text("supervisor → manager")
    expect(other.locator("#rules-not-built")).to_contain_text("parcel manifests with owner and value")
    shot(other, "rules-tablet", full=True)
    other.goto(other.url.replace("/rules", "/"))
    expect(other.locator("#overview-places")).to_contain_text("Import overstay is switched off since")


def test_what_is_ahead_and_what_alarms_come_to(visit: Open, site: Site) -> None:
    judge(site.store, rule_changes.in_force(site.store, small_world()), clock.now())
    page = visit("forecast", size=LAPTOP)
    expect(page.locator("#forecast-figures .figure-tile")).to_have_count(3)
    expect(page.locator("#forecast-list")).to_contain_text("not told")
    shot(page, "forecast", full=True)
    page = visit("alarm-health", size=LAPTOP)
    expect(page.locator("#load-figures tbody tr")).to_have_count(15)
    expect(page.locator("#load-figures")).to_contain_text("EEMUA 191")
    shot(page, "alarm-health", full=True)
    if shots():
        for path in ("forecast", "alarm-health", "rules", OVERSTAY):
            shot(visit(path, light="dark", size=TABLET), f"{path.replace('/', '-')}-dark", full=True)
