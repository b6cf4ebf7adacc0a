"""The queue in a real browser: worked by keys alone, steady while alerts arrive, said aloud once; floods in groups, views that are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from data import actions
from data.people import Actor
from data.store.tables import saved_view
from tests.alert_rows import put_alert, put_many
from tests.browser.demo_site import NOW
from tests.browser.test_alerts import emptied, work_of
from tests.browser.window import NOTHING_NEW, TABLET, Open, Site, shot

MANY = {f"{n:032x}": ("act_now", "today", "queue")[min(n // 2, 2)] for n in range(30)}
HOT = f"{0:032x}"


@pytest.fixture
def site(one_gate: Site) -> Iterator[Site]:
    """Thirty alerts, an hour between each and the next; the first, worst and oldest, is proved by a real report."""
    told = emptied(one_gate)
    with one_gate.store.act() as conn:
        conn.execute(saved_view.delete())
    rows = {}
    for number, (alert_id, severity) in enumerate(MANY.items()):
        box = told["equipment"] if number == 0 else f"ZZDU{number:07}"
        began = NOW - timedelta(hours=40 - number)
        rows[alert_id] = {"severity": severity, "began_at": began, "equipment": box, "evidence": [told["report_id"]]}
    put_many(one_gate.store, NOW, rows)
    one_gate.seen.update(NOTHING_NEW)
    yield one_gate
    one_gate.seen.update(NOTHING_NEW)


def at(page: Page) -> str:
    """The alert whose row has the focus."""
    return str(page.evaluate("document.activeElement.closest('.ag-row')?.getAttribute('row-id') ?? ''"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def opened(page: Page) -> Page:
    page.locator("#queue-grid .ag-row").first.wait_for()
    return page


def heard(page: Page) -> None:
    """The page asks whether there is anything new now, not in some seconds."""
    with page.expect_response(lambda answer: answer.url.endswith("/live")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_an_alert_is_opened_read_and_acknowledged_in_three_keys_and_others_without_opening(open_page: Open, site: Site) -> None:
    page = opened(open_page("alerts", "officer"))
    expect(page).to_have_title(re.compile(r"^\(30\) Alerts"))
    keys = ("j", "Enter", "a")
    press(page, *keys[:2])
    expect(page.locator("#alert-head")).to_contain_text("Do now")
    expect(page.locator("mark.words-line").first).to_contain_text("EQD+CN")
    press(page, *keys[2:])
    expect(page.locator("#alert-work")).to_contain_text("Acknowledged")
    assert len(keys) <= 4
    assert (work_of(site.store, HOT).work, work_of(site.store, HOT).version) == ("acknowledged", 1)
    page.go_back()
    opened(page)
    expect(page.locator(".ag-row-focus").first).to_have_attribute("row-id", HOT)

    press(page, "j", "a")  # in place
    expect(page.locator("#queue-said")).to_contain_text("Acknowledge: ZZDU")
    second = f"{1:032x}"
    assert (at(page), work_of(site.store, second).work) == (second, "acknowledged")
    press(page, "z")
    expect(page.locator("#queue-said")).to_contain_text("cannot be taken back")

    actions.start(site.store, Actor("supervisor", "supervisor", "supervisor"), f"{4:032x}", NOW)  # somebody else, meanwhile
    press(page, "j", "x", "j", "j", "X", "s")
    expect(page.locator("#queue-told")).to_contain_text("2 will change · 1 is not permitted or not possible")
    expect(page.locator("#queue-told li").first).to_contain_text("Changed by somebody since you saw it; it is now In progress")
    page.locator("[data-typed=span]").select_option("2h")
    page.locator("#queue-text").fill("The agent calls back at ten. jkxz?")
    page.get_by_role("button", name="Do it").click()
    expect(page.locator("#queue-told")).to_contain_text("supervisor was first: took it")
    expect(page.locator("#queue-text")).to_have_value("The agent calls back at ten. jkxz?")
    page.get_by_role("button", name="Do it").click()  # once more for the one that is left, as it stands now
    expect(page.locator("#queue-dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Shelved (3)")).to_be_visible()
    assert at(page) not in ("", f"{4:032x}")
    assert [work_of(site.store, f"{n:032x}").shelf_reason[:9] for n in (2, 3, 4)] == ["The agent"] * 3
    press(page, "z")  # takes the last one back
    expect(page.get_by_role("link", name="Shelved (2)")).to_be_visible()

    press(page, "?")
    expect(page.locator("#triage-help")).to_contain_text("Search in this list")
    shot(page, "queue-help")
    press(page, "Escape", "/")
    page.keyboard.type("jax")  # typed, not done
    expect(page.locator("#filter-q")).to_have_value("jax")
    page.locator("#filter-q").fill("0000021")
    press(page, "Enter")
    expect(page.locator("#queue-grid .ag-center-cols-container .ag-row")).to_have_count(1)
    expect(page.locator("#alerts-hides")).to_contain_text("hides 27 open alerts")
    press(page, "j")
    expect(page.locator(".ag-row-focus")).to_have_attribute("row-id", f"{21:032x}")
    composing = "new KeyboardEvent('keydown', {key: 'x', bubbles: true, isComposing: true})"
    page.evaluate(f"document.activeElement.dispatchEvent({composing})")
    page.keyboard.press("Control+x")
    page.get_by_role("button", name="Keys of the queue").click()  # switched off
    page.locator("#queue-grid .ag-row").first.locator(".ag-cell").nth(1).click()
    press(page, "x", "a")
    expect(page.locator("#queue-bar")).to_be_hidden()
    assert work_of(site.store, f"{21:032x}").version == 0


SOUNDS = """window.sounded = 0; localStorage.clear();
window.AudioContext = class { constructor() { this.state = 'running'; this.currentTime = 0; this.destination = {}; }
  resume() {} createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: x => x }; }
  createOscillator() { return { frequency: {}, connect: x => x, start() { window.sounded += 1; }, stop() {} }; } };"""


def test_focus_choice_and_place_survive_what_arrives_and_it_is_said_once(open_page: Open, site: Site) -> None:
    page = opened(open_page("alerts", "officer", TABLET, script=SOUNDS))
    press(page, *("j" * 12), "x")
    chosen, row = at(page), page.locator(".ag-row-focus").first
    before = row.bounding_box()
    assert chosen == f"{11:032x}"
    told = ["rule", "demo-port", "ZZDU4839211"]

    def arrive(number: int, act_now: int) -> None:
        new = f"{900 + number:032x}"
        put_alert(site.store, new, NOW, began_at=NOW - timedelta(hours=50))
        latest = ((new, "gate_out_on_hold", *told[1:]), *site.seen["latest"])
        site.seen.update(token=str(number), act_now=act_now, latest=latest)
        with page.expect_response(lambda answer: "_dash-update-component" in answer.url):
            heard(page)

    arrive(1, 1)
    expect(page.locator("#aloud")).to_have_text("New, Act now: Gate-out on hold, ZZDU 483921 1, Demo Port.")
    expect(page).to_have_title(re.compile(r"^\(31\) "))
    after = row.bounding_box()
    assert at(page) == chosen
    assert before
    assert after
    assert abs(before["y"] - after["y"]) <= 2
    expect(page.locator("#queue-chosen")).to_have_text("1 chosen")
    assert page.evaluate("sounded") == 2  # two notes
    page.evaluate("document.getElementById('aloud').textContent = ''")
    heard(page)
    assert (page.locator("#aloud").text_content(), page.evaluate("sounded")) == ("", 2)
    page.get_by_role("button", name="Sound for Act now").click()
    arrive(2, 1)  # one came, another was closed
    expect(page.locator("#aloud")).to_contain_text("New, Act now")
    assert page.evaluate("sounded") == 2
    assert [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "zw_sound"] == ["off"], "remembered"
    shot(page, "queue-tablet")

    page.locator("#alerts-lists").get_by_role("link", name="Mine").click()
    expect(page.locator("#queue-chosen")).to_have_text("0 chosen · 1 more not in this list")
    expect(page.locator("#queue-bar-shelve")).to_be_hidden()  # nothing that it could be done to
    shot(page, "queue-chosen-elsewhere")
    page.locator("#alerts-lists").get_by_role("link", name="Nobody's").click()
    expect(page.locator("#queue-chosen")).to_have_text("1 chosen")
    expect(page.locator(f"#queue-grid .ag-row-selected[row-id='{chosen}']").first).to_be_visible()
    page.locator("#queue-bar").get_by_role("button", name="Choose none").click()
    expect(page.locator("#queue-bar")).to_be_hidden()


def test_a_flood_is_a_few_rows_and_what_is_looked_at_is_kept(open_page: Open, site: Site) -> None:
    flood = {f"f{n:031x}": {"equipment": f"ZZDU{n:07}", "rule": "import_overstay", "severity": "queue"} for n in range(450)}
    put_many(site.store, NOW, {alert_id: {**values, "began_at": NOW - timedelta(minutes=30)} for alert_id, values in flood.items()})
    page = opened(open_page("alerts", "officer"))
    rows = page.locator("#queue-grid .ag-center-cols-container .ag-row")
    first = page.locator("#queue-grid [row-index='0']").last
    expect(first).to_contain_text("Import overstay: 450 alerts")
    expect(page.locator("#queue-head")).to_contain_text("More than 10 of a kind came within 10 minutes")
    shot(page, "queue-flood")
    press(page, "j", "Enter")
    expect(page.locator("#queue-head")).to_contain_text("Import overstay, Demo Port: 450 alerts")
    expect(page.locator("#queue-pages")).to_contain_text("1 to 200 of 450")
    page.locator("#queue-pages a").click()
    expect(page.locator("#queue-pages")).to_contain_text("201 to 400 of 450")
    page.locator(".ag-header-select-all input").check()
    expect(page.locator("#queue-chosen")).to_have_text("200 chosen")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#queue-told")).to_contain_text("200 will change")
    expect(page.locator("#queue-told li")).to_have_count(200)
    press(page, "Escape", "Escape")  # the dialog; what is chosen

    page.get_by_role("link", name="Rule", exact=True).click()
    expect(rows).to_have_count(2)
    page.locator("#views summary").click()
    page.locator("#view-name").fill("Rules")
    page.get_by_role("button", name="Save this view").click()
    kept = page.locator("#views-list a")
    expect(kept).to_have_attribute("href", "/alerts?by=rule")
    page.locator("#view-name").fill("By rule")
    page.get_by_role("button", name="Give Rules the name").click()
    expect(kept).to_have_text("By rule")
    with page.expect_download() as saved:
        page.locator("button[data-csv]").click()
    told = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert any(line.startswith("queue,Import overstay: 450 alerts") for line in told), told
    assert sum(not line.startswith("#") for line in told) == 1 + 2
    page.get_by_role("link", name="Place", exact=True).click()
    expect(rows).to_have_count(1)
    page.locator("#views summary").click()
    kept.click()  # an address, as anybody may be sent it
    expect(rows).to_have_count(2)
    page.locator("#views summary").click()
    page.get_by_role("button", name="Delete By rule").click()
    expect(page.locator("#views-list")).to_contain_text("No view is saved yet")
    with site.store.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(saved_view)).scalar() == 0
