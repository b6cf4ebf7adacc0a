"""A sketch of where something stands: outlines and a point as one small picture.

It is drawn in words and numbers here, so it is there with the page and prints with it. A map that can be moved (map.py) takes a browser
longer than all else on a page: a person who opens alerts one after the other need not wait for that.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts._parts.here import theme
from layouts._parts.map import Area, Point, bounds, coloured, rings
from layouts._parts.theme import Palette, palette

WIDTH, HEIGHT, MARGIN = 640, 260, 26  # of the drawing, in its own units


def sketch(areas: Sequence[Area], here: Point, caption: Any) -> Component:
    """The areas with the point in them; the area of the point's name is filled. `caption` says the same in words."""
    drawn = _svg(areas, here, palette(theme()))
    source = "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode()
    said = f"{here.name}: {here.text}"
    return html.Figure([html.Img(src=source, alt=said, width=WIDTH, height=HEIGHT), html.Figcaption(caption)], className="sketch")


def _svg(areas: Sequence[Area], here: Point, colours: Palette) -> str:
    west, south, east, north = bounds(areas, [here])
    narrow = math.cos(math.radians((south + north) / 2))  # of a degree of longitude, against one of latitude
    across, up = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / up)

    def at(lon: float, lat: float) -> tuple[float, float]:
        x = WIDTH / 2 + (lon - (west + east) / 2) * narrow * scale
        return round(x, 1), round(HEIGHT / 2 - (lat - (south + north) / 2) * scale, 1)

    outlines = "".join(
        f'<path d="{_path(area.geometry, at)}" fill="{colours.ramp[1] if area.name == here.name else "none"}" '
        f'stroke="{colours.area}" stroke-width="1.2" fill-rule="evenodd"/>'
        for area in areas
    )
    x, y = at(here.lon, here.lat)
    halo = f'stroke="{colours.panel}" stroke-width="4" paint-order="stroke"'
    side = f'x="{x - 14}" text-anchor="end"' if x > WIDTH / 2 else f'x="{x + 14}" text-anchor="start"'
    words = "".join(
        f'<text {side} y="{y + line * 17 - 3}" fill="{colours.text}" {halo} font-family="system-ui, sans-serif" font-size="14">'
        f"{escape(said)}</text>"
        for line, said in enumerate((here.name, here.text))
    )
    dot = f'<circle cx="{x}" cy="{y}" r="8" fill="{coloured(here.state, colours)}" stroke="{colours.panel}" stroke-width="2"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    return f'{head}<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours.water}"/>{outlines}{dot}{words}</svg>'


def _path(geometry: Mapping[str, Any], at: Any) -> str:
    return "".join("M" + "L".join(f"{x} {y}" for x, y in map(at, lons, lats)) + "Z" for lons, lats in rings(geometry))
