"""A sketch of the way of a box: the declared corridor, and the positions that its devices told."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.alert_road import Road
from layouts._parts.here import theme
from layouts._parts.map import coloured
from layouts._parts.sketch import HEIGHT, MARGIN, WIDTH
from layouts._parts.theme import Palette, palette

Fix = tuple[int, int]
FONT = 'font-family="system-ui, sans-serif" font-size="14"'


def sketch(road: Road, state: str, names: tuple[str, str], caption: Any) -> Component:
    """The corridor dashed, the positions as a line with dots, those that are evidence large. `names`: of where it left, and is bound for.
    `caption` says the same in words."""
    source = "data:image/svg+xml;base64," + b64encode(_svg(road, state, names, palette(theme())).encode()).decode()
    image = html.Img(src=source, alt=" – ".join(names), width=WIDTH, height=HEIGHT)
    return html.Figure([image, html.Figcaption(caption)], className="sketch")


def _svg(road: Road, state: str, names: tuple[str, str], colours: Palette) -> str:
    every = [*road.way.corridor, *(told.fix for told in road.told)]
    south, north = min(lat for lat, _ in every), max(lat for lat, _ in every)
    west, east = min(lon for _, lon in every), max(lon for _, lon in every)
    narrow = math.cos(math.radians((south + north) / 2e6))  # of a degree of longitude, against one of latitude
    scale = min((WIDTH - 4 * MARGIN) / max((east - west) * narrow, 1_000), (HEIGHT - 2 * MARGIN) / max(north - south, 1_000))

    def at(fix: Fix) -> tuple[float, float]:
        x = WIDTH / 2 + (fix[1] - (west + east) / 2) * narrow * scale
        return round(x, 1), round(HEIGHT / 2 - (fix[0] - (south + north) / 2) * scale, 1)

    def line(fixes: Sequence[Fix], style: str) -> str:
        points = " ".join(f"{x},{y}" for x, y in map(at, fixes))
        return f'<polyline points="{points}" fill="none" {style}/>'

    drawn = line(road.way.corridor, f'stroke="{colours.area}" stroke-width="6" stroke-opacity="0.5" stroke-dasharray="10 6"')
    drawn += line([told.fix for told in road.told], f'stroke="{colours.text}" stroke-width="1.5"')
    for told in sorted(road.told, key=lambda told: told.meant):
        x, y = at(told.fix)
        fill, radius = (coloured(state, colours), 8) if told.meant else (colours.text, 3)
        drawn += f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{colours.panel}" stroke-width="1"/>'
    for name, end in zip(names, (road.way.corridor[:1], road.way.corridor[-1:]), strict=True):
        drawn += "".join(_label(name, *at(fix), colours) for fix in end)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    return f'{head}<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours.water}"/>{drawn}</svg>'


def _label(name: str, x: float, y: float, colours: Palette) -> str:
    side = f'x="{x - 14}" text-anchor="end"' if x > WIDTH / 2 else f'x="{x + 14}" text-anchor="start"'
    halo = f'stroke="{colours.panel}" stroke-width="4" paint-order="stroke"'
    return f'<text {side} y="{y + 5}" fill="{colours.text}" {halo} {FONT}>{escape(name)}</text>'
