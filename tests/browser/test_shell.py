"""The frame around every page, in a real browser, with a page of its own to stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import dash
import pytest
from playwright.sync_api import Page, expect

from data import clock
from tests.browser.frame_site import register, world
from tests.browser.window import NO_WEBGL2, NOTHING_NEW, TABLET, WIDE, Open, Site, Watch, build, shot


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application with these pages alone: Dash keeps its pages in one registry a process, which is given back afterwards."""
    before = dict(dash.page_registry)
    yield build(tmp_path_factory.mktemp("home"), world(), register)
    dash.page_registry.clear()
    dash.page_registry.update(before)


@pytest.fixture
def site(built: Site) -> Site:
    built.seen.update(NOTHING_NEW)
    return built


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask every two seconds what is new, not every five."""
    monkeypatch.setattr("layouts._parts.shell.EVERY_SECONDS", 2)


@pytest.fixture
def everything(visit: Open) -> Page:
    page = visit("try")
    ready(page)
    return page


@pytest.fixture
def little(visit: Open) -> Page:
    page = visit("little")
    page.locator("#try-chart .main-svg").first.wait_for()
    return page


@pytest.fixture
def own(open_page: Open) -> Page:
    """The same, in a page that nobody looks at afterwards."""
    page = open_page("little")
    page.locator("#try-chart .main-svg").first.wait_for()
    return page


def ready(page: Page) -> None:
    for drawn in ("#try-chart .main-svg", "#try-map .js-plotly-plot", "#try-ag .ag-row"):
        page.locator(drawn).first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_frame_stands_in_every_size(visit: Open, theme: str) -> None:
    page = visit("try", light=theme)
    ready(page)
    sizes = {"wide": WIDE, "tablet": TABLET, "upright": {"width": 768, "height": 1024}, "phone": {"width": 320, "height": 800}}
    for name, size in sizes.items():
        page.set_viewport_size(size)
        for _ in range(100):  # figures are drawn anew a little later
            if page.evaluate(WIDER) <= 0:
                break
            page.wait_for_timeout(100)
        shot(page, f"shell-{theme}-{name}", full=name != "wide")
        wider = page.evaluate(WIDER)
        assert wider <= 0, f"{name}: scrolls sideways by {wider} px"
        small = page.evaluate(SMALL_TARGETS)
        assert not small, f"{name}: smaller than 24 px: {small}"
    colours = page.evaluate(BACKGROUNDS)
    dark = [sum(map(int, re.findall(r"\d+", colour)[:3])) < 200 for colour in colours]
    assert dark == [theme == "dark"] * 3, colours


WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """[...document.querySelectorAll(
  'header a, header button, header select, .filters select, .chips a, .switch a, .button, .sort, .twin summary')]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.className + ' ' + e.innerText)"""
BACKGROUNDS = """[document.body, document.querySelector('#try-ag .ag-root-wrapper'), document.querySelector('.panel')]
  .map(e => getComputedStyle(e).backgroundColor)"""


def test_a_filter_stands_in_the_address_and_can_be_taken_away(little: Page) -> None:
    page = little
    page.select_option("#filter-mode", "truck")
    expect(page.locator(".chip")).to_have_count(1)
    assert page.url.endswith("/little?mode=truck")
    page.locator("#filter-direction").focus()
    page.locator("#filter-direction").select_option("import")
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator("#filter-direction")).to_be_focused()  # the page was laid out anew; who works by keyboard goes on
    page.go_back()
    expect(page.locator(".hides")).to_contain_text("This filter hides 3 open alerts.")
    expect(page.locator("#try-chart .chart-note")).to_contain_text("truck")
    page.fill("#filter-since", "2026-11-01")
    page.locator("#filter-since").blur()
    expect(page.locator(".chip")).to_have_count(2)
    assert "since=2026-11-01" in page.url
    shot(page, "shell-filters")
    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("#filter-mode")).to_have_value("")
    page.go_forward()
    expect(page.locator("#filter-mode")).to_have_value("truck")
    page.click(".chip")
    expect(page.locator(".chip")).to_have_count(0)
    page.click("text=Hour")
    expect(page.locator(".switch-on")).to_have_text("Hour")
    assert page.url.endswith("?bin=hour")


def test_a_table_is_sorted_by_its_header_and_saved_as_shown(everything: Page) -> None:
    page = everything
    table = page.locator("#try-states table")
    weeks = table.locator("tbody td:first-child")
    table.locator("th button", has_text="Median").click()
    expect(weeks).to_have_text(["W47", "W46", "W48"])
    table.locator("th button", has_text="Median").click()
    expect(weeks).to_have_text(["W46", "W47", "W48"])
    expect(table.locator("th", has_text="Median")).to_have_attribute("aria-sort", "descending")
    with page.expect_download() as caught:
        page.locator("#try-states button[data-csv]").click()
    assert caught.value.suggested_filename == "plain.csv"
    text = caught.value.path().read_text(encoding="utf-8-sig")
    assert "# supervisor" in text
    assert text.splitlines()[-4:] == [
        "Week,Median,Over,Box,Name",
        "W46,4200,0.12,ZZDU4839211,Đông",
        "W47,900,0.345,ZZDU2107741,'=1+1",
        "W48,,0.5,ZZDU5503181,An",
    ]


def test_a_chart_has_its_table_and_its_csv(own: Page) -> None:
    chart_ = own.locator("#try-chart")
    expect(chart_.locator("tbody tr").first).to_be_hidden()
    chart_.locator("summary").click()
    expect(chart_.locator("tbody tr")).to_have_count(3)
    expect(chart_).to_contain_text("n = 1,204")
    expect(chart_.locator(".stamp")).to_contain_text("ago (Asia/Ho_Chi_Minh)")
    assert own.locator("[data-title*='hare']").count() == 0  # no "Share chart" in the modebar


def test_what_breaks_shows_itself_without_telling_what_broke(everything: Page) -> None:
    expect(everything.locator("#try-bad .blank-failed")).to_contain_text("tell your administrator this reference")
    assert "4711" not in everything.content()
    blanks = everything.locator(".blank").all_inner_texts()
    assert len(set(blanks)) == len(blanks) == 3


def test_search_by_key(little: Page) -> None:
    page = little
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("zzdu 483921-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/container/ZZDU4839211")
    expect(page.locator("h1")).to_have_text("There is no such page")  # the address comes first, and the page after it
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("15C-123.45")
    page.keyboard.press("Enter")
    page.wait_for_url("**/container?q=15C-123.45")
    expect(page.locator("h1")).to_have_text("There is no such page")


COMPOSING = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', isComposing: true, bubbles: true}))"


def test_the_search_key_leaves_writers_alone_and_can_be_switched_off(own: Page) -> None:
    page, search, switch = own, own.locator("#search"), own.get_by_role("button", name="The key / goes to the search")
    page.evaluate(COMPOSING)
    expect(search).not_to_be_focused()
    page.locator("#filter-since").focus()
    page.keyboard.press("/")
    expect(search).not_to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("a/b")
    expect(search).to_have_value("a/b")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    for again in (False, True):  # now, and after the page was loaded anew
        if again:
            page.reload()
        page.locator("h1").click()
        page.keyboard.press("/")
        expect(search).not_to_be_focused()
    switch.focus()
    page.keyboard.press("Enter")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(search).to_be_focused()


ZOOM = """() => { const graph = document.querySelector('#try-chart .js-plotly-plot'); graph.mine = true;
  return Plotly.relayout(graph, {'xaxis.range': [0.5, 2.5]}).then(() => true); }"""
ZOOMED = """() => { const graph = document.querySelector('#try-chart .js-plotly-plot');
  return graph.mine ? graph._fullLayout.xaxis.range : 'drawn anew'; }"""


def test_what_is_new_comes_by_itself(often: None, own: Page, site: Site) -> None:
    expect(own.locator("#try-chart .chart-note")).not_to_contain_text("7a")
    own.locator("#try-chart details").evaluate("e => { e.open = true; }")
    own.evaluate(ZOOM)
    site.seen.update(token="7a", act_now=2)
    expect(own.locator("#try-chart .chart-note")).to_contain_text("7a", timeout=12_000)
    expect(own.locator("#nav-count")).to_have_text("2")
    assert own.title().startswith("(2) ")
    assert own.locator("#try-chart tbody tr").first.is_visible()  # what the reader had opened stays open
    expect(own.locator("#try-chart tbody tr")).to_have_count(3)
    assert own.evaluate(ZOOMED) == [0.5, 2.5], "the refresh took the reader's zoom away"
    site.seen.update(act_now=0, not_looking_since=clock.now() - timedelta(hours=1))
    expect(own.locator("#not-looking")).to_contain_text("Nobody is looking since", timeout=12_000)
    site.seen.update(not_looking_since=None, token="0")
    expect(own.locator("#not-looking")).to_be_hidden(timeout=12_000)


GREY = """(([main, graph]) => [main.filter, main.opacity, graph.opacity])(
  ['main', 'main .graph'].map(one => getComputedStyle(document.querySelector(one))))"""


def test_the_banner_works_without_the_server_and_clears_itself(often: None, own: Page, watch: Watch) -> None:
    watch.forgiven.append("ERR_FAILED|Failed to fetch")
    page = own
    page.route("**/live", lambda route: route.abort())
    banner = page.locator("#banner")
    expect(banner).to_contain_text("the server does not answer", timeout=12_000)
    assert re.search(r"since \d\d:\d\d", banner.inner_text())
    assert page.evaluate(GREY) == ["grayscale(1)", "1", "0.6"]  # its words stay as dark as they were
    shot(page, "shell-stale")
    page.unroute("**/live")
    expect(banner).to_be_hidden(timeout=8_000)
    assert page.evaluate(GREY) == ["none", "1", "1"]


def test_ages_run_on(little: Page) -> None:
    ages = little.locator("#try-chart .ago")
    ages.evaluate("e => { e.dataset.ago = new Date(Date.now() - 95 * 60000).toISOString(); }")
    expect(ages).to_have_text("1 h 35 min ago")


def test_an_act_that_is_not_permitted_is_refused_aloud(open_page: Open, watch: Watch) -> None:
    page = open_page("try", who="viewer")
    page.click("#try-press")
    expect(page.locator("#toast")).to_contain_text("Not for you to see or do")
    expect(page.locator("#try-pressed")).not_to_have_attribute("title", "done")


def test_language_and_light_are_chosen_in_the_header(own: Page) -> None:
    page = own
    page.select_option("#language", "vi")
    expect(page.locator("#nav-alerts")).to_contain_text("Cảnh báo")
    assert page.locator("html").get_attribute("lang") == "vi"
    expect(page.locator("#try-chart")).to_contain_text("n = 1.204")
    page.select_option("#language", "zh")
    expect(page.locator("#nav-alerts")).to_contain_text("预警")
    page.select_option("#light", "dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("#try-chart .main-svg").first.wait_for()
    shot(page, "shell-zh-dark")


def test_without_webgl2_the_map_is_drawn_all_the_same(open_page: Open) -> None:
    page = open_page("try", script=NO_WEBGL2)
    expect(page.locator("#try-map .scatterlayer .trace").first).to_be_visible()
    expect(page.locator("#try-map")).to_contain_text("Drawn without WebGL2")
    shot(page, "shell-no-webgl2")


def test_signing_in_leads_back_and_works_without_scripts(open_page: Open, watch: Watch) -> None:
    watch.forgiven.append("401")
    page = open_page("try?mode=truck", who="", java_script_enabled=False)
    assert "/login?next=" in page.url
    page.fill("input[name=username]", "officer")
    page.fill("input[name=password]", "wrong")
    page.click("button[type=submit]")
    expect(page.locator("[role=alert]")).to_contain_text("not right")
    shot(page, "shell-sign-in")
    page.fill("input[name=password]", "officer")
    page.click("button[type=submit]")
    page.wait_for_url("**/try?mode=truck")


def test_signing_out_ends_the_session_everywhere(open_page: Open, watch: Watch) -> None:
    watch.forgiven.append("401")
    page = open_page("little")
    stolen = page.context.cookies()
    page.click("text=Sign out")
    page.wait_for_url("**/login")
    page.context.add_cookies(stolen)
    page.goto("little")
    assert "/login" in page.url


FORGETTINGS = """window.forgettings = 0; window.dash_stores.forEach(store => {
  let before = store.getState();
  store.subscribe(() => {
    const now = store.getState();
    if (now.layoutHashes !== before.layoutHashes && now.layout === before.layout) window.forgettings += 1;
    before = now;
  });
})"""


def test_a_large_page_is_drawn_without_asking_every_component_for_every_other(own: Page) -> None:
    """Else a page of n components costs n times n: decision 0048."""
    own.evaluate(FORGETTINGS)
    own.evaluate("history.pushState({}, '', '/try'); dispatchEvent(new CustomEvent('_dashprivate_pushstate'))")
    ready(own)
    assert own.evaluate("window.forgettings") < 10  # one for each component that is drawn, were it not for mount.js: 250
