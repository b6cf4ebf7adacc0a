"""The map of a browser without WebGL2: the same land as elsewhere, in the colours of the light."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from data import clock
from layouts._parts.theme import palette
from tests.browser.window import NO_WEBGL2, Open, Site, shot


@pytest.fixture
def site(whole_port: Site) -> Site:
    clock.use_demo(whole_port.settings.home)
    return whole_port


FILLS = "all => all.map(one => getComputedStyle(one).fill)"


@pytest.mark.parametrize("light", ["light", "dark"])
def test_the_land_is_there_and_not_where_it_is_too_coarse(open_page: Open, light: str) -> None:
    page = open_page(script=NO_WEBGL2, light=light)
    red, green, blue = (int(palette(light).land[at : at + 2], 16) for at in (1, 3, 5))
    land = f"rgb({red}, {green}, {blue})"
    expect(page.locator("#overview-map .js-fill").first).to_have_css("fill", land)
    expect(page.locator("#overview-map")).to_contain_text("Drawn without WebGL2")
    shot(page, f"map-no-webgl2-{light}")
    if light == "light":
        page.locator("#overview-places").get_by_role("link", name="Demo Port").click()
        page.locator("#place-map .js-fill").first.wait_for()
        assert land not in page.locator("#place-map .js-fill").evaluate_all(FILLS)
