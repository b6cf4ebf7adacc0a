"""The ground of the demo: its place.yaml files filled in, and its areas drawn as rectangles on open water.

The places lie at sea, off every coast and harbour, so that no picture of them can be taken for a real port. Geometry is a schematic
grid in metres around each place's middle; every area says `accuracy: schematic`.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PLACES = ("demo-port", "second-port", "demo-zone", "demo-warehouse")
MIDDLE = {  # degrees north, east: Gulf of Thailand and open Pacific
    "demo-port": (8.60, 104.05),
    "demo-zone": (8.92, 104.28),
    "demo-warehouse": (8.71, 103.86),
    "second-port": (33.00, -121.20),
}
_METRES = 111_320.0  # of one degree of latitude


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle: `west`, `south` of its corner and `wide`, `high`, in metres from the middle of the place."""

    id: str
    kind: str
    parent: str
    name: str
    teu: int | None
    codes: tuple[str, ...]
    west: float
    south: float
    wide: float
    high: float


_SAID = (
    (r"Demo Terminal (\d)", r"Bến Mẫu \1", r"示范码头\1"), (r"Second Terminal", "Bến Thứ Hai", "第二码头"),
    (r"(\w+) berth (\d)", r"Cầu tàu \1-\2", r"泊位\1-\2"), (r"(\w+) inspection", r"Khu kiểm tra \1", r"\1查验区"),
    (r"Block (\w+)", r"Khối bãi \1", r"箱区\1"), (r"Yard (\w+)", r"Bãi \1", r"堆场\1"),
    (r"Gate (\d)", r"Cổng \1", r"\1号卡口"), (r"Hall (\d)", r"Kho \1", r"\1号仓库"), (r"Bonded hall", "Kho ngoại quan", "保税仓库"),
    (r"Zone gate", "Cổng khu", "区卡口"), (r"Warehouse gate", "Cổng kho", "仓库卡口"),
    (r"Demo Port", "Cảng Mẫu", "示范港"), (r"Second Port", "Cảng Mẫu Hai", "示范二港"), (r"Demo Zone", "Khu Mẫu", "示范区"),
    (r"Demo Bonded Warehouse", "Kho Ngoại Quan Mẫu", "示范保税仓库"),
)  # fmt: skip


def names(english: str) -> dict[str, str]:
    """An area's name in the three languages of the screens. Errors: LookupError where it is not in the list."""
    for pattern, vietnamese, chinese in _SAID:
        if match := re.fullmatch(pattern, english):
            return {"en": english, "vi": match.expand(vietnamese), "zh": match.expand(chinese)}
    raise LookupError(f"no other name for {english}")


def _terminal(id: str, name: str, codes: tuple[str, ...], blocks: tuple[str, ...], teu: int, west: float) -> list[Area]:
    """A terminal 1,000 m wide: two berths along the north, blocks in two rows, inspection and two gates in the south."""
    code = id.upper()
    areas = [Area(id, "terminal", "", name, teu * len(blocks), codes, west, -600, 1000, 1150)]
    areas += [
        Area(f"{id}-berth-{n}", "berth", id, f"{code} berth {n}", None, (f"{code}-B{n}",), west - 470 + n * 490, 480, 470, 60)
        for n in (1, 2)
    ]
    across = (len(blocks) + 1) // 2
    wide = 960 / across
    for n, block in enumerate(blocks):
        row, column = divmod(n, across)
        corner = west + 20 + column * wide, 120 - row * 330
        areas.append(Area(f"{id}-{block.lower()}", "block", id, f"Block {block}", teu, (f"{code}-{block}",), *corner, wide - 30, 290))
    areas.append(Area(f"{id}-inspection", "inspection", id, f"{code} inspection", None, (f"{code}-INSP",), west + 20, -560, 220, 130))
    for n in (1, 2):
        name = f"Gate {n + 2 * (code == 'DT2')}"
        areas.append(Area(f"{id}-gate-{n}", "gate", id, name, None, (f"{code}-G{n}",), west + 100 + n * 300, -590, 120, 60))
    return areas


def areas(place: str) -> list[Area]:
    """The areas of a demo place, the boundary first."""
    if place == "demo-port":
        return [
            Area("demo-port-boundary", "boundary", "", "Demo Port", None, (), -1200, -750, 2400, 1450),
            *_terminal("dt1", "Demo Terminal 1", ("XXDMO:DT1",), ("A1", "A2", "A3", "A4"), 20, -1100),
            *_terminal("dt2", "Demo Terminal 2", ("XXDMO:DT2",), ("C1", "C2", "C3"), 23, 100),
        ]
    if place == "second-port":
        return [
            Area("second-port-boundary", "boundary", "", "Second Port", None, (), -700, -750, 1400, 1450),
            *_terminal("st1", "Second Terminal", ("XXSEC:ST1",), ("S1", "S2"), 30, -500),
        ]
    if place == "demo-zone":
        return [
            Area("demo-zone-boundary", "boundary", "", "Demo Zone", None, (), -900, -700, 1800, 1400),
            *(
                Area(f"zone-{name.lower()}", "block", "", f"Yard {name}", 46, (f"DZ-{name}",), -800 + n * 540, 60, 500, 500)
                for n, name in enumerate(("Z1", "Z2", "Z3"))
            ),
            Area("zone-hall-1", "warehouse", "", "Hall 1", None, ("DZ-H1",), -800, -560, 700, 400),
            Area("zone-hall-2", "warehouse", "", "Hall 2", None, ("DZ-H2",), 0, -560, 500, 400),
            Area("zone-gate-1", "gate", "", "Zone gate", None, ("DZ-G1",), 640, -690, 160, 70),
        ]
    return [
        Area("demo-warehouse-boundary", "boundary", "", "Demo Bonded Warehouse", None, (), -300, -250, 600, 500),
        Area("warehouse-yard", "block", "", "Yard W1", 30, ("BW-W1",), -260, 20, 520, 190),
        Area("warehouse-hall", "warehouse", "", "Bonded hall", None, ("BW-H1",), -260, -190, 330, 170),
        Area("warehouse-gate", "gate", "", "Warehouse gate", None, ("BW-G1",), 140, -240, 90, 50),
    ]


def geojson(place: str) -> str:
    """areas.geojson of a demo place: one rectangle an area, longitude before latitude, counter-clockwise."""
    north, east = MIDDLE[place]
    wide = _METRES * math.cos(math.radians(north))

    def at(x: float, y: float) -> list[float]:
        return [round(east + x / wide, 6), round(north + y / _METRES, 6)]

    features: list[dict[str, Any]] = []
    for area in areas(place):
        right, top = area.west + area.wide, area.south + area.high
        ring = [at(area.west, area.south), at(right, area.south), at(right, top), at(area.west, top), at(area.west, area.south)]
        told: dict[str, Any] = {"id": area.id, "kind": area.kind, "name": names(area.name), "accuracy": "schematic"}
        if area.parent:
            told["parent"] = area.parent
        if area.teu is not None:
            told["capacity_teu"] = area.teu
        if area.codes:
            told["codes"] = list(area.codes)
        features.append({"type": "Feature", "properties": told, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"


def declarations(to: Path, supervised_from: datetime, closed: tuple[datetime, datetime]) -> dict[str, str]:
    """Path below `to` -> text of every declaration file of the demo. `supervised_from` and `closed` aware; feeds are read below `to`."""
    values = {
        "@FEEDS@": (to.resolve() / "feeds").as_uri(),
        "@SUPERVISED@": (supervised_from - timedelta(days=1)).isoformat(),
        "@ORDERED@": (supervised_from + timedelta(days=2)).isoformat(),  # what is loaded before was announced before
        "@FIFO@": (supervised_from + timedelta(days=10)).isoformat(),  # so that both ways are seen
        "@CLOSED_FROM@": closed[0].isoformat(),
        "@CLOSED_TO@": closed[1].isoformat(),
    }
    found = {"limits/demo.yaml": (HERE / "limits" / "demo.yaml").read_text("utf-8")}
    for place in PLACES:
        text = (HERE / "places" / place / "place.yaml").read_text("utf-8")
        for mark, value in values.items():
            text = text.replace(mark, value)
        found[f"places/{place}/place.yaml"] = text
        found[f"places/{place}/areas.geojson"] = geojson(place)
    return found
