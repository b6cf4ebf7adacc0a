"""Maps: areas by a value and points, on our own land. MapLibre where the browser has WebGL2, plain SVG where it has not.

Nothing is fetched from elsewhere: the style is our own object without fonts or tiles. The shipped land is generalised, and is taken
away closer than 1:1,000,000 (in SVG: where the map begins closer); a site may put its own approved layer at HOME/basemap.geojson, which
is drawn at every scale.
The map shows; the table beside it is the same in words, and everything that can be pressed on the map can be pressed there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dash import html
from dash.development.base_component import Component
from plotly import graph_objects as go

from layouts._parts.chart import chart
from layouts._parts.graph import graph
from layouts._parts.here import has_webgl2, path, settings, t, theme
from layouts._parts.land import cut
from layouts._parts.table import Column
from layouts._parts.theme import Palette, palette

SHIPPED = Path(__file__).resolve().parent.parent / "assets" / "land.geojson"
BREAKS = (0.2, 0.4, 0.6, 0.8, 1.0)
_M_PER_PIXEL = 78_271.517  # MapLibre: metres a CSS pixel at the equator at zoom 0 (512-pixel tiles)
_CLOSEST = 1_000_000 * 0.0254 / 96  # metres a pixel at 1:1,000,000 (a CSS pixel is 1/96 inch)
_SIZES = {"act_now": 18, "cannot_see": 16, "watch": 15, "today": 15, "normal": 11}


@dataclass(frozen=True, slots=True)
class Area:
    """An area: geometry as GeoJSON (Polygon or MultiPolygon, lon/lat), value 0..1 for the ramp or None where it is not known."""

    id: str
    name: str
    geometry: Mapping[str, Any]
    value: float | None = None
    text: str = ""
    kind: str = "area"  # "outline": drawn as a line only (boundary, terminal)
    href: str = ""
    label: str = ""  # written on it, where it is short enough to fit


@dataclass(frozen=True, slots=True)
class Point:
    """A point in degrees; `state` (act_now, watch, normal, cannot_see) gives its colour and size, always with the word in `text`."""

    lon: float
    lat: float
    name: str
    text: str = ""
    state: str = "normal"
    href: str = ""


def map_chart(
    *,
    areas: Sequence[Area] = (),
    points: Sequence[Point] = (),
    title: str,
    columns: Sequence[Column],
    rows: Any,
    csv: str,
    key: str,
    unit: str = "%",
    breaks: Sequence[float] = BREAKS,
    height: int = 440,
    width: int = 560,
    graph_id: Any = None,
    note: Any = None,
    **stamped: Any,
) -> Component:
    """A map with its legend, its table twin and its data age. `key` names what is looked at ("place:demo-port"): with it the view stays.

    `width` is the narrowest the map comes to in pixels: everything fits in at first.
    `breaks` are the upper ends of the classes as shares of 1; `unit` what a value times 100 is. The rest goes to `chart`
    (as_of, received_at, zone, n, definition).
    """
    colours = palette(theme())
    if has_webgl2():
        drawn, notes = _maplibre(areas, points, colours, breaks, (width, height)), [note]
    else:
        drawn, notes = _svg(areas, points, colours, breaks, (width, height)), [note, t("shell.map_fallback")]
    body = html.Div([_graph(drawn, graph_id or f"map-{csv}", height, key), legend(areas, points, unit, breaks)], className="map")
    said = [part for one in notes if one for part in (one, " ")]
    return chart(body, columns=columns, rows=rows, title=title, csv=csv, note=said or None, **stamped)


def legend(areas: Sequence[Area], points: Sequence[Point], unit: str, breaks: Sequence[float]) -> Component:
    """The classes with their bounds and units, how many areas and points there are, and what hatching means."""
    valued = [area for area in areas if area.kind != "outline"]
    parts: list[Component] = []
    if any(area.value is not None for area in valued):
        lower = 0.0
        for index, upper in enumerate(breaks):
            parts.append(html.Span([html.I(className=f"swatch swatch-{index}"), f"{lower * 100:.0f}–{upper * 100:.0f} {unit}"]))
            lower = upper
        parts.append(html.Span([html.I(className=f"swatch swatch-{len(breaks)}"), f"> {lower * 100:.0f} {unit}"]))
    if any(area.value is None for area in valued):
        parts.append(html.Span([html.I(className="swatch swatch-unknown"), t("shell.legend_unknown")]))
    counts = [t("shell.map_n", n=len(valued))] if valued else []
    counts += [t("shell.map_points", n=len(points))] if len(points) > 1 else []  # of one it says nothing
    return html.Div(
        [*parts, html.Span(" · ".join(counts), className="muted")], className="legend", role="note", **{"aria-label": t("shell.legend")}
    )


def _graph(figure: go.Figure, graph_id: Any, height: int, key: str) -> Component:
    return graph(figure, graph_id, height=height, key=key, scrollZoom=False, modeBarButtonsToRemove=["select2d", "lasso2d"])


def classed(value: float | None, colours: Palette, breaks: Sequence[float]) -> str:
    """The colour of a value: the class it falls in, or grey where it is not known."""
    if value is None:
        return colours.unknown
    return colours.ramp[sum(value > upper for upper in breaks)]


def style(colours: Palette, latitude: float) -> dict[str, Any]:
    """Our own MapLibre style: water, land, nothing else; no fonts, no tiles, no address that is not ours."""
    own, farthest_in = _own_land().is_file(), _farthest_in(latitude)
    land = {"id": "land", "type": "fill", "source": "land", "paint": {"fill-color": colours.land, "fill-outline-color": colours.line}}
    return {
        "version": 8,
        "sources": {"land": {"type": "geojson", "data": path("/basemap.geojson" if own else "/assets/land.geojson")}},
        "layers": [
            {"id": "water", "type": "background", "paint": {"background-color": colours.water}},
            land if own else {**land, "maxzoom": max(min(farthest_in, 24.0), 0.0)},
        ],
    }


def _own_land() -> Path:
    return settings().home / "basemap.geojson"


def _farthest_in(latitude: float) -> float:
    """The zoom from which on the shipped land is too coarse."""
    return math.log2(_M_PER_PIXEL * max(math.cos(math.radians(latitude)), 0.05) / _CLOSEST)


def _maplibre(
    areas: Sequence[Area], points: Sequence[Point], colours: Palette, breaks: Sequence[float], size: tuple[int, int] = (560, 440)
) -> go.Figure:
    figure = go.Figure()
    for area in (a for a in areas if a.kind == "outline"):
        for lon, lat in rings(area.geometry):
            figure.add_trace(
                go.Scattermap(
                    lon=lon, lat=lat, mode="lines", line={"color": colours.area, "width": 1.5}, hoverinfo="skip", showlegend=False
                )
            )
    valued = [a for a in areas if a.kind != "outline"]
    if valued:
        features = [{"type": "Feature", "id": a.id, "properties": {}, "geometry": a.geometry} for a in valued]
        steps = [classed(a.value, colours, breaks) for a in valued]
        shades = sorted(set(steps))
        scale = (
            [[i / max(len(shades) - 1, 1), shade] for i, shade in enumerate(shades)]
            if len(shades) > 1
            else [[0, shades[0]], [1, shades[0]]]
        )
        figure.add_trace(
            go.Choroplethmap(
                geojson={"type": "FeatureCollection", "features": features},
                locations=[a.id for a in valued],
                z=[shades.index(s) for s in steps],
                zmin=0,
                zmax=max(len(shades) - 1, 1),
                colorscale=scale,
                showscale=False,
                marker={"line": {"color": colours.area, "width": 1}},
                text=[_hover(a.name, a.text) for a in valued],
                hovertemplate="%{text}<extra></extra>",
                customdata=[[a.href] for a in valued],
            )
        )
    for colour, written in _labels(valued, colours, breaks):
        figure.add_trace(
            go.Scattermap(
                lon=[lon for lon, _, _ in written],
                lat=[lat for _, lat, _ in written],
                text=[label for _, _, label in written],
                mode="text",
                textfont={"color": colour, "size": 12},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    if points:
        ordered = sorted(points, key=lambda p: _SIZES.get(p.state, 10))
        figure.add_trace(
            go.Scattermap(
                lon=[p.lon for p in ordered],
                lat=[p.lat for p in ordered],
                mode="markers+text",
                text=[_label(p) for p in ordered],
                textposition="middle right",
                textfont={"color": colours.text, "size": 12},
                marker={
                    "size": [_SIZES.get(p.state, 10) for p in ordered],
                    "color": [coloured(p.state, colours) for p in ordered],
                    "opacity": 1,
                },
                hovertext=[_hover(p.name, p.text) for p in ordered],
                hovertemplate="%{hovertext}<extra></extra>",
                customdata=[[p.href] for p in ordered],
                showlegend=False,
            )
        )
    west, south, east, north = bounds(areas, points)
    figure.update_layout(
        map={
            "style": style(colours, (south + north) / 2),
            "bounds": None,
            # Labels stand to the right of their points: in a narrow panel the easternmost one needs the room.
            "center": {"lon": (west + east) / 2 + (0.18 * (east - west) if points else 0), "lat": (south + north) / 2},
            "zoom": _zoom(west, south, east, north, *size),
        },
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        hovermode="closest",
    )
    return figure


def _svg(
    areas: Sequence[Area], points: Sequence[Point], colours: Palette, breaks: Sequence[float], size: tuple[int, int] = (560, 440)
) -> go.Figure:
    """The same picture as polygons on plain axes, true to shape at its own latitude. The land goes some way beyond what is seen."""
    figure = go.Figure()
    west, south, east, north = bounds(areas, points)
    if _own_land().is_file() or _zoom(west, south, east, north, *size) < _farthest_in((south + north) / 2):
        around = min(4 * max(east - west, north - south, 0.5), 90.0)
        window = (west - around, max(south - around, -85.0), east + around, min(north + around, 85.0))
        lons, lats = cut(_own_land() if _own_land().is_file() else SHIPPED, window)
        coast = {"color": colours.line, "width": 1}
        figure.add_scatter(
            x=lons, y=lats, mode="lines", line=coast, fill="toself", fillcolor=colours.land, hoverinfo="skip", showlegend=False
        )
    for area in areas:
        outline = area.kind == "outline"
        outlines = list(rings(area.geometry))
        lon = [x for ring in outlines for x in (*ring[0], None)]
        lat = [y for ring in outlines for y in (*ring[1], None)]
        filled = (
            {}
            if outline
            else {
                "fill": "toself",
                "fillcolor": classed(area.value, colours, breaks),
                "text": _hover(area.name, area.text),
                "hoveron": "fills",
            }
        )
        figure.add_trace(
            go.Scatter(
                x=lon,
                y=lat,
                mode="lines",
                line={"color": colours.area, "width": 1},
                hoverinfo="skip" if outline else "text",
                showlegend=False,
                customdata=[[area.href]] * len(lon),
                **filled,
            )
        )
    for colour, written in _labels([a for a in areas if a.kind != "outline"], colours, breaks):
        figure.add_trace(
            go.Scatter(
                x=[lon for lon, _, _ in written],
                y=[lat for _, lat, _ in written],
                text=[label for _, _, label in written],
                mode="text",
                textfont={"color": colour, "size": 12},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    if points:
        figure.add_trace(
            go.Scatter(
                x=[p.lon for p in points],
                y=[p.lat for p in points],
                mode="markers+text",
                text=[_label(p) for p in points],
                textposition="bottom center",
                marker={
                    "size": [_SIZES.get(p.state, 10) for p in points],
                    "color": [coloured(p.state, colours) for p in points],
                    "line": {"width": 1, "color": colours.panel},
                },
                hovertext=[_hover(p.name, p.text) for p in points],
                hovertemplate="%{hovertext}<extra></extra>",
                customdata=[[p.href] for p in points],
                showlegend=False,
                cliponaxis=False,
            )
        )
    room = 0.2 if points else 0.08  # for what is written beside the outermost points
    dx, dy = max(east - west, 0.002) * room, max(north - south, 0.002) * 0.08
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    figure.update_layout(
        xaxis={**hidden, "range": [west - dx, east + dx]},
        yaxis={
            **hidden,
            "range": [south - dy, north + dy],
            "scaleanchor": "x",
            "scaleratio": 1 / max(math.cos(math.radians((south + north) / 2)), 0.05),
            "rangemode": "normal",
        },
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        hovermode="closest",
        plot_bgcolor=colours.water,
    )
    return figure


def _labels(areas: Sequence[Area], colours: Palette, breaks: Sequence[float]) -> list[tuple[str, list[tuple[float, float, str]]]]:
    """Longitude, latitude and text of what is written on areas, by the colour that can be read on theirs."""
    found: dict[str, list[tuple[float, float, str]]] = {}
    for area in areas:
        if area.label and (outlines := list(rings(area.geometry))):
            lons, lats = outlines[0]
            colour = colours.panel if _contrast(classed(area.value, colours, breaks), colours.panel) > 3 else colours.text
            middle = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2, area.label.replace(" ", "\u00a0"))
            found.setdefault(colour, []).append(middle)
    return list(found.items())


def _contrast(one: str, other: str) -> float:
    """How far two colours (#rrggbb) are apart in lightness (WCAG 2: 1 to 21)."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def bounds(areas: Sequence[Area], points: Sequence[Point]) -> tuple[float, float, float, float]:
    """West, south, east, north of everything on the map, in degrees; the whole world where there is nothing."""
    lons = [x for area in areas for ring in rings(area.geometry) for x in ring[0]] + [p.lon for p in points]
    lats = [y for area in areas for ring in rings(area.geometry) for y in ring[1]] + [p.lat for p in points]
    return (min(lons), min(lats), max(lons), max(lats)) if lons else (-160.0, -55.0, 170.0, 70.0)


def _zoom(west: float, south: float, east: float, north: float, width: int = 560, height: int = 440) -> float:
    """The zoom at which the bounds fit in a panel of that many pixels, with a margin; never closer than 17."""

    def mercator(latitude: float) -> float:
        return math.log(math.tan(math.pi / 4 + math.radians(max(min(latitude, 85), -85)) / 2)) / (2 * math.pi)

    across, up = max((east - west) / 360, 1e-6), max(mercator(north) - mercator(south), 1e-6)
    return max(min(math.log2(width * 0.8 / 512 / across), math.log2(height * 0.8 / 512 / up), 17.0), 0.0)


def rings(geometry: Mapping[str, Any]) -> Iterator[tuple[list[float], list[float]]]:
    """The longitudes and latitudes of each ring of a polygon or of several."""
    several = {"MultiPolygon": geometry["coordinates"], "Polygon": [geometry["coordinates"]]}
    for polygon in several.get(geometry["type"], ()):
        for ring in polygon:
            yield [point[0] for point in ring], [point[1] for point in ring]


def coloured(state: str, colours: Palette) -> str:
    """The colour in which a point of this state is drawn."""
    shown = {
        "act_now": colours.act_now,
        "watch": colours.today,
        "today": colours.today,
        "queue": colours.queue,
        "cannot_see": colours.cannot_see,
    }
    return shown.get(state, colours.area)


def _label(point: Point) -> str:
    """The name; of what is not normal also in words what it is, so that nobody has to go by the colour. A point without a name has none.

    No-break spaces and a break of our own: where MapLibre breaks lines by itself they run into their points.
    """
    said = point.name if point.state == "normal" or not (point.name and point.text) else f"{point.name}<br>{point.text}"
    return said.replace(" ", "\u00a0")


def _hover(name: str, text: str) -> str:
    """Plain words in a hover box: what looks like markup is made harmless."""
    return "<br>".join(part.replace("&", "&amp;").replace("<", "&lt;") for part in (name, text) if part)
