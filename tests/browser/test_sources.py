"""Data sources in a real browser: what is silent, what was not read and why, reading again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from data import clock
from data.declared import load
from data.demo import write
from data.pull import ingest
from data.settings import Settings
from data.store.tables import audit
from tests.browser.window import TABLET, Open, Site, build, serving, shot

NOW = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo port with what one gate sent, a message that breaks off, and one with a time that is none."""
    home = tmp_path_factory.mktemp("sources")
    write(home, seed=1, days=2, ending=NOW)
    clock.start_demo(home, NOW)
    settings = Settings.load({"ZONEWATCH_HOME": str(home), "ZONEWATCH_DEMO": "1"}, home)
    world = load(settings)
    made = build(home, world)
    files = sorted((home / "feeds" / "dt1-gate").glob("*.edi"))
    broken = home / "broken-off.edi"
    broken.write_bytes(files[-1].read_bytes()[:-30])
    once = next(file for file in files if b"BGM+36+" in file.read_bytes() and b"+22G1:" in file.read_bytes())
    twice = home / "twice.edi"
    twice.write_bytes(once.read_bytes().replace(b"+22G1:", b"+45G1:"))
    row = home / "no-time.csv"
    row.write_text(
        "Container No;ISO;F/E;In;Out;Dir;Truck;Gate;Lane;Seals;Gross kg;B/L;Line\nZZDU4839211;22G1;F;31.02.2026 25:61;;E;;;;;;;\n"
    )
    ingest(made.store, world, "dt1-gate", [*map(Path, files), broken, twice], "mtime", NOW, settings)
    ingest(made.store, world, "dt2-gate", [row], "mtime", NOW, settings)
    with serving(made.app) as (url, _):
        made.url = url
        yield made
    clock.use_demo(None)


def test_what_is_heard_and_what_was_not_read(open_page: Open, site: Site) -> None:
    clock.use_demo(site.settings.home)
    page = open_page("sources?feed=dt2-gate", "supervisor", TABLET)
    expect(page.locator("#sources-feeds tbody tr")).to_have_count(1)
    problem = page.locator("#sources-problems tbody tr")
    expect(problem).to_have_count(1)
    for panel in ("problems", "unclassified"):      # asked now, received up to the last delivery
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


def test_never_heard_is_said_first_and_words_are_not_for_viewers(open_page: Open, site: Site) -> None:
    clock.use_demo(site.settings.home)
    page = open_page("sources", "viewer")
    expect(page.locator("#sources-lead")).to_contain_text("cannot be heard")
    expect(page.locator("#sources-feeds tbody tr").first).to_contain_text("Cannot see")
    expect(page.locator("#sources-worker")).to_contain_text("never was a worker")
    expect(page.locator("#sources-problems tbody")).to_contain_text("broken-off.edi")
    expect(page.locator("#sources-problems code")).to_have_count(0)
    expect(page.get_by_role("button", name="Read again")).to_have_count(0)
    shot(page, "sources-viewer")


def test_which_message_of_a_reference_stands_is_decided(open_page: Open, site: Site) -> None:
    clock.use_demo(site.settings.home)
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
