"""Recording from paper in a real browser: typed, read by a second person, seen on the container's page, confirmed by the source."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from data import clock
from tests.browser.window import LAPTOP, TABLET, Open, Site, build, settled, shot, shots
from tests.store.told import BOX, Book, small_world
from tests.store.told import clock as at

HELD = "ZZDU1234565"
ADDRESS = "by-hand?place=port"


@pytest.fixture(scope="module")
def down(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Book]:
    """A port of which the gate was heard the day before; one box inside is held."""
    home: Path = tmp_path_factory.mktemp("down")
    site = build(home, small_world())
    book = Book(site.store, site.settings, home / "files", small_world())
    book.told_by("terminal", "d8 08:00 gate_in", box=HELD)
    book.box = HELD
    book.told_by("customs", "d8 09:00 hold", hold_ref="H1")
    book.box = BOX
    book.judged("d9 12:00")
    clock.start_demo(home, at("d9 12:00"))
    return site, book


@pytest.fixture
def site(down: tuple[Site, Book]) -> Site:
    clock.use_demo(down[0].settings.home)
    return down[0]


def test_from_paper_to_the_containers_page_and_back_from_the_source(open_page: Open, down: tuple[Site, Book]) -> None:
    _, book = down
    writer = open_page(ADDRESS, size=LAPTOP)
    form, listed = writer.locator("#hand-form"), writer.locator("#hand-list")
    form.get_by_text("Gate-in", exact=True).click()
    form.get_by_label("Container").fill("zzdu 483921-2")
    expect(writer.locator("#hand-row")).to_contain_text("The check digit is wrong")
    form.get_by_label("Container").fill("zzdu 483921-1")
    form.get_by_label("When").fill("11/11/2026 10:30")
    form.get_by_label("Gate", exact=True).fill("3")
    expect(writer.locator("#hand-row")).to_contain_text("from which paper")
    form.get_by_label("Paper").fill("G3-0017")
    expect(writer.locator("#hand-row")).to_contain_text("Will be taken as: Gate-in, ZZDU 483921 1, 11 Nov 2026 10:30")
    expect(writer.locator("#hand-row")).to_contain_text("Nothing was told of this container")
    form.get_by_label("Remark").press_sequentially("in haste")  # and no moment is left to it before the button
    form.get_by_role("button", name="Add to the list").click()
    expect(listed.locator("tbody tr")).to_have_count(1)
    expect(listed).to_contain_text("Remark: in haste")
    expect(form.get_by_label("Container")).to_have_value("")
    expect(form.get_by_label("Paper")).to_have_value("G3-0017")
    form.locator("summary").click()
    form.get_by_label("Rows from a spreadsheet").fill(
        f"event\tequipment\toccurred_at\tpaper_ref\ngate_out\t{HELD}\t2026-11-11 11:00\tG3-0018"
    )
    form.get_by_role("button", name="Add these rows").click()
    expect(listed.locator("tbody tr")).to_have_count(2)
    expect(listed).to_contain_text("Held by customs: that it leaves raises an alert.")
    shot(writer, "by-hand-form", full=True)
    listed.get_by_role("button", name="Give 2 rows").click()
    expect(writer.locator("#hand-said")).to_contain_text("2 rows wait for a second reader.")
    expect(listed).to_contain_text("Nothing yet.")
    expect(writer.locator("#hand-batches").get_by_role("button", name="Accept")).to_have_count(0)

    reader = open_page(ADDRESS, who="officer", size=TABLET)
    expect(reader.locator("#hand-form")).to_contain_text("Recording is for supervisors.")
    reader.get_by_role("button", name="Accept: it is what the paper says").click()
    expect(reader.locator("#hand-said")).to_contain_text("It counts now")
    expect(reader.locator("#hand-batches")).to_contain_text("Waits for the source")
    expect(reader.locator("#hand-share tbody tr").first).to_contain_text("67%")
    if shots():
        shot(reader, "by-hand-batches-tablet", full=True)
        narrow = open_page(ADDRESS, size={"width": 768, "height": 1024}, light="dark")
        shot(narrow, "by-hand-narrow-dark", full=True)
        narrow.context.add_cookies([{"name": "zw_lang", "value": "vi", "url": narrow.url}])
        for path in (ADDRESS, "place/port", "sources", ""):
            narrow.goto(path)
            settled(narrow)
            shot(narrow, f"by-hand-vi-{path.partition('?')[0].replace('/', '-')}", full=True)

    reader.goto(f"container/{BOX}")
    expect(reader.locator(".state-band")).to_contain_text("by hand")
    expect(reader.locator("#container-lines tr.row-event")).to_contain_text("paper G3-0017, recorded by supervisor, read again by officer")
    shot(reader, "by-hand-container")
    reader.locator("#container-lines").get_by_role("link", name="message").click()
    expect(reader.locator("#message-meant")).to_contain_text("G3-0017,in haste,supervisor,officer")

    book.told_by("terminal", "d9 10:33 gate_in", received="d9 11:58")
    reader.goto(ADDRESS)
    expect(reader.locator("#hand-batches")).to_contain_text("Confirmed by the source")
    book.judged("d9 12:00")
    alert = next(row["alert_id"] for row in book.alerts("gate_out_on_hold"))
    reader.goto(f"alerts/{alert}")
    expect(reader.locator("#main")).to_contain_text("Rests on what was recorded by hand and no source tells so far: G3-0018.")
    shot(reader, "by-hand-alert", full=True)
