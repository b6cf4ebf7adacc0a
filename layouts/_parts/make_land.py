"""Makes assets/land.geojson, the base land of the maps, from the npm package world-atlas 2.0.2 (Natural Earth 1:50 million, public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m layouts._parts.make_land package/land-50m.json

Land only: the file has no borders and no names, and nothing of either is added. It is generalised for scales no closer than
1:1,000,000; `map.py` takes the land away at closer ones. Provenance stands in the file itself, under `provenance`.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import shapely
import shapely.affinity
from shapely.geometry import MultiPolygon, Polygon, mapping

OUT = Path(__file__).parent.parent / "assets" / "land.geojson"
TOLERANCE = 0.053  # degrees; about 5 km: a pixel or less at the scales a sea with its ports is looked at
SMALLEST = 0.006  # square degrees, about 70 km2: smaller islands would be dots
DECIMALS = 2
SOURCE = "npm world-atlas 2.0.2, land-50m.json (Natural Earth 1:50m physical vectors, public domain; packaged by M. Bostock, ISC licence)"


def arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The arcs of a quantised TopoJSON in degrees (TopoJSON 1.0, sections 2.1.2 and 2.1.4: delta-encoded, scaled, translated)."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        steps = itertools.accumulate(arc, lambda at, step: (at[0] + step[0], at[1] + step[1]))
        decoded.append([(x * kx + dx, y * ky + dy) for x, y in steps])
    return decoded


def ring(indexes: list[int], decoded: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """A ring from its arcs; a negative index is the arc ~index backwards, and each arc begins where the one before ended."""
    points: list[tuple[float, float]] = []
    for index in indexes:
        arc = decoded[index] if index >= 0 else decoded[~index][::-1]
        points += arc[1:] if points else arc
    return points


def unwrapped(points: list[tuple[float, float]]) -> Polygon:
    """A ring that may cross the antimeridian, as a polygon that goes on beyond 180 degrees; one around a pole is closed along it."""
    turns, flat = 0, [points[0]]
    for (before, _), (lon, lat) in itertools.pairwise(points):
        turns += (lon - before < -180) - (lon - before > 180)
        flat.append((lon + 360 * turns, lat))
    if turns:  # Antarctica: once around the world
        pole = -90.0 if flat[0][1] < 0 else 90.0
        flat += [(flat[-1][0], pole), (flat[0][0], pole)]
    return Polygon(flat)


def back(shape: Any) -> Any:
    """What lies beyond 180 degrees brought back onto the other side."""
    world = shapely.box(-180, -85, 180, 85)  # as far as a Mercator map goes
    return shapely.union_all([shapely.affinity.translate(shape, 360 * turn).intersection(world) for turn in (-1, 0, 1)])


def land(topology: dict[str, Any]) -> MultiPolygon:
    """The land, simplified, without what is too small to be seen."""
    decoded = arcs(topology)
    parts: list[Any] = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for rings in polygons:
            outer, *holes = (shapely.make_valid(unwrapped(ring(one, decoded))) for one in rings)
            parts.append(back(outer.difference(shapely.union_all(holes)) if holes else outer))
    whole = shapely.make_valid(shapely.union_all(parts).simplify(TOLERANCE))
    grid = 10**-DECIMALS
    rounded = shapely.set_precision(shapely.set_precision(whole, grid).buffer(0), grid)  # once does not leave it valid
    return MultiPolygon([part for part in shapely.get_parts(rounded) if part.geom_type == "Polygon" and part.area >= SMALLEST])


def main(source: Path) -> None:
    raw = source.read_bytes()
    shape = land(json.loads(raw))
    rounded = json.loads(json.dumps(mapping(shape)), parse_float=lambda text: round(float(text), DECIMALS))
    document = {
        "type": "FeatureCollection",
        "provenance": {
            "source": SOURCE,
            "sha256": hashlib.sha256(raw).hexdigest(),
            "made_by": "layouts/_parts/make_land.py",
            "not_closer_than": "1:1,000,000",
        },
        "features": [{"type": "Feature", "properties": {}, "geometry": rounded}],
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
