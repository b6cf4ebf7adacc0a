"""The land of a map that is drawn without MapLibre: the same file, cut to a window."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import shapely

Window = tuple[float, float, float, float]  # west, south, east, north in degrees


def cut(file: Path, window: Window) -> tuple[list[float | None], list[float | None]]:
    """Longitudes and latitudes of the land (or whatever a site put there) within the window, which may go on beyond 180 degrees; None
    between one ring and the next."""
    west, south, east, north = window
    shapes = _shapes(file, file.stat().st_mtime_ns)
    lons: list[float | None] = []
    lats: list[float | None] = []
    for turn in (-360, 0, 360):
        seen = shapely.clip_by_rect(shapes, west - turn, south, east - turn, north)
        for polygon in shapely.get_parts(shapely.get_parts(seen)):
            if polygon.geom_type != "Polygon" or polygon.is_empty:
                continue
            whole = shapely.orient_polygons(polygon)  # holes run the other way round: that is how SVG knows them
            for ring in (whole.exterior, *whole.interiors):
                lons += [*(round(x + turn, 3) for x, _ in ring.coords), None]
                lats += [*(round(y, 3) for _, y in ring.coords), None]
    return lons, lats


@lru_cache(maxsize=2)
def _shapes(file: Path, _changed: int) -> Any:
    """The polygons of a GeoJSON file, single ones."""
    found = json.loads(file.read_text(encoding="utf-8"))
    parts = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in found["features"] if feature.get("geometry")]
    return shapely.get_parts(shapely.get_parts(parts))
