"""The statement of a period in a browser: a month by one press, saved as three kinds of file."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from data import clock
from data.store.tables import entry
from tests.browser.window import Open, Site, shot


@pytest.fixture
def site(whole_port: Site) -> Site:
    clock.use_demo(whole_port.settings.home)
    return whole_port


def saved(page: Page, name: str, to: Path) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("button", name=name, exact=True).first.click()
    file = to / found.value.suggested_filename
    found.value.save_as(file)
    return file.read_bytes()


def test_a_month_by_one_press_and_three_files(visit: Open, tmp_path: Path) -> None:
    page = visit("statement?place=demo-zone&owner=Demo%20Rubber")
    expect(page.locator("#statement-table tr.sum").first).to_be_visible()
    months = page.locator(".filter-bar nav .chip")
    assert months.count() == 13
    expect(page.locator(".filter-bar nav .chip-on")).to_have_text(months.nth(1).inner_text())
    months.first.click()
    page.wait_for_url("**since=**")
    expect(page.locator("#statement-about")).to_contain_text("figures may still change")
    expect(page.locator("#statement-table tbody tr").first).to_be_visible()
    lines = saved(page, "CSV", tmp_path).decode().splitlines()
    assert lines[0].split(",")[10:15] == ["opening", "receipts", "removals", "adjustments", "closing"]
    assert len(lines) > 1
    assert saved(page, "PDF", tmp_path).startswith(b"%PDF")
    assert saved(page, "XLSX", tmp_path).startswith(b"PK")
    shot(page, "statement")


def test_a_message_shows_the_lines_of_ledgers_that_were_read_of_it(visit: Open, site: Site) -> None:
    with site.store.read() as conn:
        wrong = conn.execute(sa.select(entry.c.message_id, entry.c.lot).where(entry.c.faults != "", entry.c.lot != "")).first()
    assert wrong
    page = visit(f"message/{wrong.message_id}")
    row = page.locator("#message-lines tr", has=page.get_by_role("link", name=wrong.lot, exact=True)).first
    expect(row.locator("td").last).not_to_be_empty()
