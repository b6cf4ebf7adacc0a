"""Data sources in a real browser: what is silent, what was not read and why, reading again."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from data import clock
from data.store.tables import audit
from tests.browser.window import TABLET, Open, Site, shot


@pytest.fixture
def site(one_gate: Site) -> Site:
    clock.use_demo(one_gate.settings.home)
    return one_gate


def test_what_is_heard_and_what_was_not_read(visit: Open, site: Site) -> None:
    page = visit("sources?feed=dt2-gate", "supervisor", TABLET)
    expect(page.locator("#sources-feeds tbody tr")).to_have_count(1)
    problem = page.locator("#sources-problems tbody tr")
    expect(problem).to_have_count(1)
    for panel in ("problems", "unclassified"):  # asked now, received up to the last delivery
        expect(page.locator(f"#sources-{panel} .stamp")).to_contain_text(re.compile(r"Asked \d\d:\d\d · received to .*\d\d:\d\d · "))
    expect(problem).to_contain_text("The time cannot be read")
    expect(problem).to_contain_text("line 2")
    expect(problem.locator("code")).to_contain_text("31.02.2026 25:61")
    shot(page, "sources-tablet", full=True)
    problem.get_by_role("button", name="Read again").click()
    expect(page.locator("#sources-said")).to_contain_text("1 message read again")
    with site.store.read() as conn:
        last = conn.execute(sa.select(audit).where(audit.c.action == "reread")).one()
    assert last.actor == "supervisor"


def test_never_heard_is_said_first_and_words_are_not_for_viewers(open_page: Open) -> None:
    page = open_page("sources", "viewer")
    expect(page.locator("#sources-lead")).to_contain_text("cannot be heard")
    expect(page.locator("#sources-feeds tbody tr").first).to_contain_text("Cannot see")
    expect(page.locator("#sources-worker")).to_contain_text("never was a worker")
    expect(page.locator("#sources-problems tbody")).to_contain_text("broken-off.edi")
    expect(page.locator("#sources-problems code")).to_have_count(0)
    expect(page.get_by_role("button", name="Read again")).to_have_count(0)
    shot(page, "sources-viewer")


def test_which_message_of_a_reference_stands_is_decided(open_page: Open, site: Site) -> None:
    page = open_page("sources?feed=dt1-gate&reason=reference_reused", "officer")
    problem = page.locator("#sources-problems tbody tr", has_text="twice.edi")
    expect(problem).to_contain_text("Stands: ")
    expect(problem).to_contain_text("Does not stand: twice.edi")
    expect(problem).to_contain_text("It is for: Administrator, Supervisor")
    shot(page, "sources-reference")
    problem.get_by_role("link", name="Compare").click()
    case = page.locator("#message-reference")
    expect(case).to_contain_text("2 different messages came under one reference")
    expect(case).to_contain_text("At Demo Port: admin, supervisor")
    expect(case.get_by_role("button", name="Decide")).to_have_count(0)
    address = page.url

    page = open_page(address, "supervisor")
    case = page.locator("#message-reference")
    expect(case.locator("tr", has_text="Size/type")).to_contain_text("45G1")
    shot(page, "message-reference", full=True)
    case.get_by_role("button", name="Decide").click()
    expect(page.locator("#message-said")).to_contain_text("say why in a few words")
    case.get_by_label("This message stands instead").check()
    case.locator("textarea").fill("The desk says the second one is right.")
    case.get_by_role("button", name="Decide").click()
    expect(page.locator("#message-said")).to_contain_text("Decided; the messages are read accordingly")
    expect(case).to_contain_text("supervisor, ")
    expect(case).to_contain_text("The desk says the second one is right.")
    expect(page.locator("#message-about")).to_contain_text("reports 1")
    shot(page, "message-reference-decided", full=True)
    with site.store.read() as conn:
        last = conn.execute(sa.select(audit).where(audit.c.action == "settle_reference")).one()
    assert (last.actor, last.reason) == ("supervisor", "The desk says the second one is right.")
