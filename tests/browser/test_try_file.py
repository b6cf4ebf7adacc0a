"""Try a file in a real browser: an administrator drops one, says what its columns mean, and takes the piece of place.yaml along."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from data import clock
from data.queries.try_file import LARGEST
from data.store import tables as t
from tests.browser.test_axe import ALL, AXE, OF_COLOUR, UNFOLD, faults
from tests.browser.window import LAPTOP, TABLET, Open, Site, shot

VIETNAMESE, BROKEN, GATE = "1-vietnamese-terminal.csv", "3-broken.csv", "2-new-gate.edi"


@pytest.fixture
def site(whole_port: Site) -> Site:
    clock.use_demo(whole_port.settings.home)
    return whole_port


def dropped(page: Page, file: Path | dict[str, object]) -> Page:
    page.locator("#try-upload input").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("#try-counts")).to_be_visible()
    return page


def chosen(page: Page, what: str) -> str:
    return page.locator(f"select[data-try='{what}']").input_value()


def test_a_file_is_mapped_and_the_piece_reads_it_so(open_page: Open, site: Site) -> None:
    page = open_page("sources", "admin", LAPTOP)
    page.get_by_role("link", name="Try a file").click()
    expect(page.locator("h1")).to_have_text("Try a file")
    dropped(page, site.settings.home / "try" / VIETNAMESE)
    expect(page.locator("#t-try-found, #try-found")).to_contain_text("windows-1258")
    assert [chosen(page, what) for what in ("format", "encoding", "delimiter", "decimal")] == ["gate_csv", "windows-1258", ";", ","]
    expect(page.locator("#try-records tbody tr").first).to_contain_text("Gate-in")
    expect(page.locator("#try-alerts")).to_contain_text("would be raised")
    shot(page, "try-laptop", full=True)

    page.evaluate(AXE)
    page.evaluate(UNFOLD)
    assert not faults(page, ALL)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert not faults(page, {"runOnly": {"type": "rule", "values": OF_COLOUR}})
    page.evaluate("document.documentElement.dataset.theme = 'auto'")

    unknown = page.locator(".try-code-unknown", has_text="Hàng lẻ")
    expect(unknown).to_contain_text("nearest")
    before = page.locator("#try-remarks").inner_text()
    assert "Hàng lẻ" in before
    unknown.locator("select").select_option("full")
    expect(page.locator("#try-yaml")).to_contain_text("Hàng lẻ: full")
    expect(page.locator("#try-remarks")).to_have_count(0)
    column = page.locator("select[data-name='Nhân viên']")
    column.focus()
    column.select_option("remark")
    expect(page.locator("#try-yaml")).to_contain_text("remark: Nhân viên")
    expect(column).to_be_focused()  # who chooses with the keyboard goes on from there
    page.locator("#try-feed").fill("dt3-gate")
    expect(page.locator("#try-yaml")).to_contain_text("id: dt3-gate")
    (entry,) = yaml.safe_load(page.locator("#try-yaml").inner_text())
    assert (entry["id"], entry["format"], entry["options"]["columns"]["remark"]) == ("dt3-gate", "gate_csv", "Nhân viên")
    assert entry["options"]["columns"]["full_empty"]["map"] == {"Hàng": "full", "Rỗng": "empty", "Hàng lẻ": "full"}
    page.get_by_role("button", name="Copy").click()


def test_a_broken_file_says_where_and_why_in_every_light(open_page: Open, site: Site) -> None:
    page = open_page("sources/try", "admin", TABLET, "dark")
    dropped(page, site.settings.home / "try" / BROKEN)
    rejects = page.locator("#try-rejects tbody tr")
    expect(rejects).to_have_count(5)
    expect(rejects.first).to_contain_text("31-02-2026 25:61")
    expect(rejects.last).to_contain_text("line 7")
    shot(page, "try-broken-dark", full=True)
    dropped(page, site.settings.home / "try" / GATE)
    expect(page.locator("#try-records tbody tr")).to_have_count(5)
    expect(page.locator("#try-ignored")).to_contain_text("wrong check digit")
    shot(page, "try-codeco-dark", full=True)
    cut = {"name": "cut.gz", "mimeType": "application/gzip", "buffer": gzip.compress(b"Container,In" * 900)[:30]}
    page.locator("#try-upload input[type=file]").set_input_files(cut)
    expect(rejects).to_have_count(1)
    expect(rejects.first).to_contain_text("The archive is damaged")


def test_every_choice_can_be_taken_back(open_page: Open, site: Site) -> None:
    page = open_page("sources/try?place=demo-zone", "admin", TABLET)
    page.context.add_cookies([{"name": "zw_lang", "value": "vi", "url": page.url.partition("sources")[0]}])
    page.reload()
    assert chosen(page, "place") == "demo-zone"
    dropped(page, site.settings.home / "try" / VIETNAMESE)
    expect(page.locator("#try-records tbody tr").first).to_contain_text("Vào cổng")
    shot(page, "try-vi-tablet", full=True)
    for what, wrong, right in (("delimiter", ",", ";"), ("format", "yard_csv", "gate_csv")):
        page.locator(f"select[data-try='{what}']").select_option(wrong)
        expect(page.locator("#try-records")).to_have_count(0)
        page.locator(f"select[data-try='{what}']").select_option(right)
        expect(page.locator("#try-records tbody tr").first).to_contain_text("Vào cổng")
    page.locator("select[data-try='time_format']").select_option("%m/%d/%Y %H:%M")
    expect(page.locator("#try-found")).to_contain_text("đọc được")
    page.locator("select[data-try='timezone']").select_option("UTC")
    expect(page.locator("#try-yaml")).to_contain_text("timezone: UTC")
    page.locator("select[data-try='place']").select_option("demo-port")
    expect(page.locator("#try-alerts")).to_contain_text("sẽ phát sinh")


def test_nothing_is_kept(open_page: Open, site: Site) -> None:
    with site.store.read() as conn:
        before = [conn.execute(table.select()).fetchall() for table in (t.receipt, t.message, t.report, t.seen, t.run, t.declared)]
    raw = sorted((site.settings.home / "raw").rglob("*"))
    page = open_page("sources/try", "admin")
    dropped(page, site.settings.home / "try" / VIETNAMESE)
    expect(page.locator("#try-yaml")).to_contain_text("id:")  # the last answer has come: an asking that is cut off is an error
    page.reload()
    expect(page.locator("#try-upload")).to_be_visible()
    expect(page.locator("#try-counts")).to_have_count(0)
    with site.store.read() as conn:
        assert before == [conn.execute(table.select()).fetchall() for table in (t.receipt, t.message, t.report, t.seen, t.run, t.declared)]
    assert raw == sorted((site.settings.home / "raw").rglob("*"))


def test_a_large_file_arrives_and_one_too_large_does_not(open_page: Open) -> None:
    page = open_page("sources/try", "admin")
    rows = b"Container,Move,Time\r\n" + b"ZZDU4839211,IN,2026-03-01 08:00\r\n" * 36_000
    dropped(page, {"name": "one-megabyte.csv", "mimeType": "text/csv", "buffer": rows})
    expect(page.locator("#try-counts")).to_contain_text("36,000")
    expect(page.locator("#try-alerts")).to_contain_text("too large")
    expect(page.locator("#try-yaml")).to_contain_text("id:")
    page.reload()
    page.locator("#try-upload input").set_input_files({"name": "huge.csv", "mimeType": "text/csv", "buffer": b"x" * (LARGEST + 1)})  # type: ignore[arg-type]
    expect(page.locator("#try-counts")).to_have_count(0)


@pytest.mark.parametrize("who", ["supervisor", "viewer"])
def test_it_is_for_administrators(open_page: Open, who: str) -> None:
    page = open_page("sources", who)
    expect(page.get_by_role("link", name="Try a file")).to_have_count(0)
    page.goto("sources/try")
    expect(page.locator("#try-file .blank-refused")).to_be_visible()
    expect(page.locator("#try-upload")).to_have_count(0)
