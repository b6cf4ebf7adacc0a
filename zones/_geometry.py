"""The areas of a place as GeoJSON: whether the shapes are sound, and whether they lie inside the boundary.

Plain arithmetic in degrees; good to the tolerance, which is about thirty metres: shapes drawn from different maps do not meet exactly.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from zones._declare import Form, Path, Written, check
from zones._place_form import AreaForm

TOLERANCE = 0.0003
MOST_CORNERS = 500
"""Rings with more corners are not searched for crossing themselves: that takes the square of their number."""

Position = tuple[float, float]
Ring = list[Position]
Shape = dict[str, Any]
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def read(file: str, text: str) -> tuple[list[tuple[AreaForm, Shape, Path]], Written[Form]]:
    """The areas of a GeoJSON text, those without mistakes, each with its geometry and where it stands; and the mistakes."""
    written: Written[Form] = Written(file, text)
    try:
        written.data = json.loads(text)
    except ValueError as error:
        written.lines[()] = getattr(error, "lineno", 1)
        written.fault((), f"not JSON: {getattr(error, 'msg', error)}")
        return [], written
    features = written.data.get("features") if isinstance(written.data, dict) else None
    if not isinstance(features, list) or written.data.get("type") != "FeatureCollection":
        written.fault((), "not a GeoJSON FeatureCollection")
        return [], written
    for i, found in enumerate(re.finditer(r'"type"\s*:\s*"Feature"', text)):
        written.lines[("features", i)] = text.count("\n", 0, found.start()) + 1
    areas = [area for i, feature in enumerate(features) if (area := _area(feature, ("features", i), written))]
    return areas, written


def _area(feature: Any, path: Path, written: Written[Form]) -> tuple[AreaForm, Shape, Path] | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        written.fault(path, "not a GeoJSON Feature")
        return None
    before = len(written.faults)
    said = feature.get("properties")
    properties = dict(said) if isinstance(said, dict) else {}
    if "id" in feature:
        properties.setdefault("id", feature["id"])
    one: Written[AreaForm] = Written(written.file, "", lines=written.lines, faults=written.faults)
    check(one, AreaForm, properties, (*path, "properties"))
    geometry = feature.get("geometry")
    for message in faults(geometry):
        written.fault((*path, "geometry"), message)
    if one.form and one.form.kind == "boundary" and isinstance(geometry, dict) and "Polygon" not in str(geometry.get("type")):
        written.fault((*path, "geometry"), "a boundary is a Polygon or a MultiPolygon")
    return (one.form, geometry, path) if one.form and isinstance(geometry, dict) and len(written.faults) == before else None


def faults(geometry: Any) -> Iterator[str]:
    """What is wrong with a geometry."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in _DEPTH:
        yield f"the geometry must be one of {', '.join(_DEPTH)}"
        return
    try:
        points = list(_positions(geometry.get("coordinates"), _DEPTH[kind]))
    except (TypeError, ValueError):
        yield f"the coordinates are not those of a {kind}"
        return
    outside = next((p for p in points if not (abs(p[0]) <= 180 and abs(p[1]) <= 90)), None)
    if not points or outside:
        yield f"{outside} is not a place on earth; longitude comes first, in degrees" if outside else "no coordinates"
        return
    if "Polygon" in kind:
        for ring in (ring for polygon in polygons(geometry) for ring in polygon):
            yield from _ring_faults(ring)


def _positions(coordinates: Any, depth: int) -> Iterator[Position]:
    if depth == 0:
        longitude, latitude = (float(c) for c in coordinates[:2])
        if not (math.isfinite(longitude) and math.isfinite(latitude)):
            raise ValueError("not a number")
        yield longitude, latitude
        return
    if not isinstance(coordinates, list):
        raise TypeError("not a list")
    for inner in coordinates:
        yield from _positions(inner, depth - 1)


def polygons(geometry: Shape) -> list[list[Ring]]:
    """The polygons of a geometry, each a list of rings: the outer one, then the holes. None for points and lines."""
    if "Polygon" not in geometry["type"]:
        return []
    several = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[(float(c[0]), float(c[1])) for c in ring] for ring in polygon] for polygon in several]


def _ring_faults(ring: Ring) -> Iterator[str]:
    if len(ring) < 4 or ring[0] != ring[-1]:
        yield "a ring has at least four positions, and the last is the first again"
    elif not area(ring):
        yield "a ring without area"
    elif len(ring) <= MOST_CORNERS and _crosses_itself(ring):
        yield "a ring that crosses itself"


def area(ring: Sequence[Position]) -> float:
    """Twice the signed area of a ring, in square degrees."""
    return sum((b[0] - a[0]) * (b[1] + a[1] - 2 * ring[0][1]) for a, b in pairwise(ring))


def _crosses_itself(ring: Ring) -> bool:
    edges = list(pairwise(ring))
    return any(
        _cross(*edges[i], *edges[j]) for i in range(len(edges)) for j in range(i + 2, len(edges)) if not (i == 0 and j == len(edges) - 1)
    )


def _cross(a: Position, b: Position, c: Position, d: Position) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Position, b: Position, p: Position) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def inside(point: Position, within: list[list[Ring]]) -> bool:
    """Whether a point lies in one of the polygons and in none of its holes, or within the tolerance of an edge."""
    for polygon in within:
        if _in_ring(point, polygon[0]) and not any(_in_ring(point, hole) for hole in polygon[1:]):
            return True
    return any(_apart(point, a, b) <= TOLERANCE for polygon in within for ring in polygon for a, b in pairwise(ring))


def _in_ring(point: Position, ring: Ring) -> bool:
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            odd = not odd
    return odd


def _apart(p: Position, a: Position, b: Position) -> float:
    """The distance of a point from an edge, in degrees."""
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2
    share = 0.0 if not length else max(0.0, min(1.0, ((p[0] - a[0]) * along[0] + (p[1] - a[1]) * along[1]) / length))
    return math.hypot(p[0] - a[0] - share * along[0], p[1] - a[1] - share * along[1])


def first_outside(geometry: Shape, within: list[list[Ring]]) -> Position | None:
    """The first corner, or middle of an edge, that is not inside; None if all of the shape is."""
    points = list(_positions(geometry["coordinates"], _DEPTH[geometry["type"]]))
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for polygon in polygons(geometry) for ring in polygon for a, b in pairwise(ring)]
    return next((p for p in points + middles if not inside(p, within)), None)


def centre(geometry: Shape) -> Position:
    """The middle of the box around a geometry: longitude, latitude. For labels and first views, not for measuring."""
    points = list(_positions(geometry["coordinates"], _DEPTH[geometry["type"]]))
    x, y = [p[0] for p in points], [p[1] for p in points]
    return (min(x) + max(x)) / 2, (min(y) + max(y)) / 2
