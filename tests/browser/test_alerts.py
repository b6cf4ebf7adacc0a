"""One alert in a real browser: who was first, the second person, and who may only look. The queue is test_queue.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from data import clock
from data.store.engine import Store
from data.store.tables import alert_line, alert_work, attachment, audit, duty, judged, report
from tests.alert_rows import put_alert
from tests.browser.demo_site import NOW
from tests.browser.window import Open, Site, shot
from tests.pure.test_attachment import JPEG

HOT, MILD, LOW = "a" * 32, "b" * 32, "c" * 32


def emptied(site: Site) -> Any:
    """No alert any more, and the first report of the gate."""
    clock.use_demo(site.settings.home)
    with site.store.act() as conn:
        for table in (alert_line, alert_work, attachment, duty, judged):
            conn.execute(table.delete())
        conn.execute(sa.text("DELETE FROM alert"))
        conn.execute(judged.insert(), {"one": 1, "up_to": NOW})
        first = sa.select(report).where(report.c.feed == "dt1-gate", report.c.status == "live").limit(1)
        return conn.execute(first).mappings().one()


@pytest.fixture
def site(one_gate: Site) -> Site:
    """Fresh alerts for each test: one of each severity; the first is proved by a real report."""
    told = emptied(one_gate)
    put_alert(one_gate.store, HOT, NOW, equipment=told["equipment"], evidence=[told["report_id"]])
    put_alert(one_gate.store, MILD, NOW, severity="today", condition="unverified", place="second-port")
    put_alert(one_gate.store, LOW, NOW, severity="queue", latching=False)
    return one_gate


def work_of(store: Store, alert_id: str) -> Any:
    with store.read() as conn:
        return conn.execute(sa.select(alert_work).where(alert_work.c.alert_id == alert_id)).one()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).locator("visible=true").click()


def test_the_second_officer_is_told_and_keeps_what_was_typed(visit: Open, open_page: Open, site: Site) -> None:
    first, second = visit(f"alerts/{HOT}", "officer"), open_page(f"alerts/{HOT}", "supervisor")
    second.locator("summary", has_text="Shelve").click()  # he has the page before him as it was
    press(first, "Acknowledge")
    expect(first.locator("#alert-work")).to_contain_text("Acknowledged")
    second.locator(".act-fold textarea:visible").fill("The agent calls back at ten.")
    second.get_by_label("1 hour").check()
    press(second, "Ask to shelve")
    expect(second.locator("#alert-said")).to_contain_text("officer was first: acknowledged")
    expect(second.locator(".act-fold textarea:visible")).to_have_value("The agent calls back at ten.")
    expect(second.locator("#alert-work")).to_contain_text("Acknowledged")
    shot(second, "alert-conflict")
    press(second, "Ask to shelve")
    expect(second.locator("#alert-work")).to_contain_text("supervisor asks to shelve it until")
    expect(second.get_by_role("button", name="Agree to shelve")).to_be_hidden()  # it takes two
    first.reload()
    press(first, "Agree to shelve")
    expect(first.locator("#alert-work")).to_contain_text("Shelved until")
    assert work_of(site.store, HOT).shelved_until - NOW <= timedelta(hours=1, minutes=30)


def test_act_now_is_closed_by_a_second_person(visit: Open, site: Site) -> None:
    page = visit(f"alerts/{HOT}", "officer")
    press(page, "Take it")
    expect(page.locator("#alert-work")).to_contain_text("In progress")
    press(page, "Record outcome")
    expect(page.locator("#alert-said")).to_contain_text("choose an outcome")
    page.get_by_label("Data error").check()
    page.locator("textarea:visible").first.fill("The gate clerk typed another number.")
    press(page, "Record outcome")
    expect(page.locator("#alert-said")).to_contain_text("say who was heard, or why not")
    page.get_by_label("Who was heard").fill("The clerk of gate 3.")
    press(page, "Record outcome")
    expect(page.locator("#alert-work")).to_contain_text("The gate clerk typed another number.")
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_hidden()
    expect(page.locator("#alert-work")).to_contain_text("closed by a second person")
    other = visit(f"alerts/{HOT}", "supervisor")
    press(other, "Close")
    expect(other.locator("#alert-work")).to_contain_text("Closed")
    assert (work_of(site.store, HOT).outcome_by, work_of(site.store, HOT).closed_by) == ("officer", "supervisor")


def test_the_clock_who_is_on_duty_and_a_photograph(open_page: Open, site: Site) -> None:
    page = open_page(f"alerts/{HOT}", "officer")
    work = page.locator("#alert-work")
    expect(work).to_contain_text("Overdue: it was to be acknowledged by")
    expect(work).to_contain_text("Nobody is on duty at Demo Port.")
    press(page, "Sign on duty")
    expect(work).to_contain_text("On duty at Demo Port: officer (Customs officer)")
    for content, said in ((b"<svg onload='alert(1)'/>", "neither PNG, JPEG, WebP nor PDF"), (JPEG, "Attached: 1 kB.")):
        page.locator("#attach-upload input").set_input_files({"name": "seal.jpg", "mimeType": "image/jpeg", "buffer": content})
        expect(page.locator("#attach-said")).to_contain_text(said)
    link = page.locator("#alert-attached").get_by_role("link", name="seal.jpg")
    with page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == JPEG
    answer = page.request.get(str(link.get_attribute("href")))
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    expect(page.locator("#alert-journal tbody tr").last).to_contain_text("seal.jpg")


def test_one_person_records_and_closes_what_can_wait(visit: Open, site: Site) -> None:
    page = visit(f"alerts/{LOW}", "officer")
    press(page, "Take it")
    expect(page.locator("#alert-work")).to_contain_text("In progress")  # its answer lays the form out anew
    page.get_by_label("Administrative").check()
    page.locator("textarea:visible").first.fill("Paid yesterday.")
    page.get_by_label("Or why not").fill("The agent was not reached.")
    press(page, "Record and close")
    expect(page.locator("#alert-work")).to_contain_text("Closed")
    assert work_of(site.store, LOW).work == "closed"


def test_a_viewer_has_no_buttons_and_a_forged_click_is_refused(open_page: Open, site: Site) -> None:
    page = open_page(f"alerts/{HOT}", "viewer")
    expect(page.locator("#alert-work")).to_contain_text("may look at alerts, not act on them")
    expect(page.locator("#alert-acts button")).to_have_count(0)
    expect(page.locator("#alert-proofs")).to_contain_text("not shown to your role")
    expect(page.locator("#alert-proofs mark")).to_have_count(0)
    answer = page.evaluate(FORGED, {"alert": HOT, "path": "/_dash-update-component"})
    assert answer["status"] == 200
    assert "Refused" in answer["body"]
    assert (work_of(site.store, HOT).work, work_of(site.store, HOT).version) == ("new", 0)
    with site.store.read() as conn:
        last = conn.execute(sa.select(audit).order_by(audit.c.seq.desc())).first()
    assert last is not None
    assert (last.actor, last.action, last.object) == ("viewer", "denied", f"alert:{HOT}")


def test_an_alert_that_is_not_there_is_refused_as_one_that_is_not_theirs(visit: Open, site: Site) -> None:
    page = visit(f"alerts/{'f' * 32}", "officer")
    expect(page.locator("main")).to_contain_text("There is no such alert, or it is not for you to see.")


FORGED = """
async ({alert, path}) => {
  const click = {type: "alert-do", act: "acknowledge"};
  const all = await (await fetch(path.replace("update-component", "dependencies"))).json();
  const output = all.find(each => each.output.startsWith("..alert-said.children")).output;
  const one = said => ({id: said.split(".")[0], property: said.split(".")[1]});
  const body = {
    output,
    outputs: output.slice(2, -2).split("...").map(said => said.startsWith("{") ? [] : one(said)),
    inputs: [[{id: click, property: "n_clicks", value: 1}]],
    changedPropIds: ['{"act":"acknowledge","type":"alert-do"}.n_clicks'],
    parsedChangedPropsIds: [click],
    state: [[], {id: "alert-seen", property: "data", value: {id: alert, version: 0}}],
  };
  const answer = await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});
  return {status: answer.status, body: await answer.text()};
}
"""
