"""Every page under axe, with the demo port on it and everything unfolded: no fault by WCAG 2.1, A and AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from data import clock
from data.store.tables import alert, entry, message, report
from tests.browser.window import Open, Site, shot

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
NARROW = {"width": 768, "height": 1024}
UNFOLD = "document.querySelectorAll('main details').forEach(details => { details.open = true; })"
OF_COLOUR = ["color-contrast", "link-in-text-block"]
ASK = """async (how) => (await axe.run(document, how)).violations.flatMap(fault => fault.nodes.map(
  node => `${fault.id}: ${node.html.slice(0, 160)} ${node.failureSummary.split('\\n')[1].trim()}`))"""
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
COLOURS = {"runOnly": {"type": "rule", "values": OF_COLOUR}}
ALL_BUT_COLOURS = {**ALL, "rules": {name: {"enabled": False} for name in OF_COLOUR}}
PAGES = (
    "", "alerts", "throughput", "dwell", "sources", "forecast", "rules/import_overstay", "notifications", "vehicles?place=demo-port",
    "calls", "handover", "by-hand?place=demo-port", "alerts/{alert}", "container/{box}", "container?q={box}%0AZZDU4839212",
    "message/{message}", "place/demo-port", "sources/feed/dt1-gate", "statement?place=demo-zone&owner=Demo%20Rubber",
    "reconciliation", "{lot}", "inventory?place=demo-zone",
    "owner/Demo%20Auto%20Parts",
)  # fmt: skip


@pytest.fixture
def site(whole_port: Site) -> Site:
    clock.use_demo(whole_port.settings.home)
    return whole_port


@pytest.fixture
def known(site: Site) -> dict[str, str]:
    """What stands for each {name} of an address."""
    with site.store.read() as conn:
        worst = conn.execute(sa.select(alert.c.alert_id, alert.c.equipment).where(alert.c.rule == "gate_out_on_hold")).first()
        sent = conn.execute(sa.select(message.c.message_id).join(report, report.c.message_id == message.c.message_id)).scalar()
        of = sa.select(entry.c.place, entry.c.operator, entry.c.pool).where(entry.c.act == "count", entry.c.pool != "")
        lot = conn.execute(of.limit(1)).first()
    assert worst
    return {"lot": "lot/" + "/".join(lot) if lot else "reconciliation", "alert": worst.alert_id, "box": worst.equipment, "message": sent}


def faults(page: Page, how: Any) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: Any = page.evaluate(ASK, how)
    return list(found)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_fault_in_light_in_dark_or_on_a_narrow_screen(visit: Open, known: dict[str, str], path: str) -> None:
    page = visit(path.format(**known))
    page.evaluate(UNFOLD)
    assert not page.locator("main .blank-failed").count()
    found = {"in light": faults(page, ALL)}
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    found["in dark"] = faults(page, COLOURS)
    page.evaluate("document.documentElement.dataset.theme = 'auto'")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found["when narrow"] = faults(page, ALL_BUT_COLOURS)
    shot(page, f"axe-{path.partition('?')[0].replace('/', '-')}", full=True)
    assert not {how: said for how, said in found.items() if said}


def test_signing_in_has_none_and_a_fault_would_be_found(open_page: Open) -> None:
    page = open_page("login", who="")
    for light in ("light", "dark"):
        page.evaluate("light => { document.documentElement.dataset.theme = light; }", light)
        assert not faults(page, ALL)
    page.evaluate("document.querySelector('h1').style.color = '#444'; document.documentElement.lang = ''")
    assert [said.partition(":")[0] for said in faults(page, ALL)] == ["color-contrast", "html-has-lang"]
