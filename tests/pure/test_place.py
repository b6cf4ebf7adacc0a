"""Places: what a declaration becomes, and what is said about one that is wrong.

bad_places holds one file a mistake; its first line says where it must be found and in which words.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zones import folder as folders
from zones.calendar import Duration
from zones.folder import Folder
from zones.place import BadDeclarations, Place
from zones.world import LimitsText, World

BAD = Path(__file__).parent / "bad_places"
FORMATS = {"codeco": frozenset({"gate", "yard"}), "coarri": frozenset({"quay"}), "customs_csv": frozenset({"customs"})}
LAW = "jurisdiction: vn\ncalendars: {office: {weekend: [sat, sun], last_day: 2026-12-31}}\nlimits: []\n"

PORT = """
id: demo-port
name: {en: Demo Port, vi: Cảng Mẫu, zh: 示范港}
kind: seaport
unlocode: XXDMO
timezone: Asia/Ho_Chi_Minh
jurisdiction: vn
capacity_teu: {value: 45000, source: "the terminal's own figure"}
codes: ["XXDMO", "XXDMO:DT1"]
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00+07:00
same_movement: {gate: 1h}
vehicle_visits: {slow: 75m}
shifts: [{name: day, from: "06:00", to: "18:00"}, {name: night, from: "18:00", to: "06:00"}]
contacts: {gate: "Gate 3 control, ext. 214"}
closures: [{name: storm, from: 2026-09-01, to: 2026-09-03}, {name: rebuilding, from: 2027-01-01T08:00:00+07:00}]
feeds:
  - {id: gate-2, format: codeco, publisher: HAULIER, speaks_for: [], source: /srv/in/haulier}
  - id: dt1-gate
    format: codeco
    publisher: DT1
    source: file:///srv/edi/dt1/in/*.edi
    every: 1m
    expect: [{within: 30m, hours: "22:00-06:00"}, {within: 6h}]
    options: {codes: {34: gate_in}, strict: true, note: no}
  - {id: dt1-quay, format: coarri, publisher: DT1, source: file:///srv/edi/dt1/quay/*.edi, cron: "0 6 * * 1-5"}
  - {id: customs, format: customs_csv, publisher: HQ, source: file:///srv/customs/*.csv}
limits: [{limit: import_dwell_warn, value: 5d, from: 2026-01-01, reason: "agreed with the terminal"}]
"""


def box(west: float, south: float, size: float) -> list[list[float]]:
    """A closed ring."""
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def feature(id: str, kind: str, ring: list[list[float]] | None = None, **properties: Any) -> dict[str, Any]:
    """One area as a GeoJSON feature."""
    shape = {"type": "Polygon", "coordinates": [ring or box(106.1, 20.1, 0.1)]}
    return {"type": "Feature", "properties": {"id": id, "kind": kind, **properties}, "geometry": shape}


def geojson(*features: dict[str, Any]) -> str:
    """A file of areas."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, indent=1)


AREAS = geojson(
    feature("boundary", "boundary", box(106.0, 20.0, 1.0)),
    feature("dt1", "terminal", box(106.1, 20.1, 0.4), name="Terminal 1", codes=["XXDMO:DT1"], accuracy="surveyed", capacity_teu=9000),
    feature("a1", "block", box(106.1, 20.1, 0.1), parent="dt1", codes=["BLK-A1"], name=None),
)


def port(text: str = PORT, areas: str = AREAS) -> Place:
    """The demo port, from its texts."""
    return folders.parse(Folder("places/demo-port", {"place.yaml": text, "areas.geojson": areas})).place(FORMATS)


def faults(text: str = PORT, areas: str = AREAS) -> list[str]:
    """What is wrong with one place by itself."""
    return [str(fault) for fault in folders.parse(Folder("p", {"place.yaml": text, "areas.geojson": areas})).faults]


def test_a_place_says_what_was_written() -> None:
    place = port()
    assert (place.title("vi"), place.title("fr"), place.kind, place.unlocode) == ("Cảng Mẫu", "Demo Port", "seaport", "XXDMO")
    assert place.capacity_teu is not None
    assert place.capacity_teu.value == 45000
    assert place.zone.key == "Asia/Ho_Chi_Minh"
    assert place.supervised_from == datetime(2025, 12, 31, 17, tzinfo=UTC)
    assert place.horizon == Duration(400, "d")
    assert place.contacts["gate"] == "Gate 3 control, ext. 214"
    assert [limit.citation for limit in place.limits] == ["agreed with the terminal"]
    assert place.limits[0].valid_from == datetime(2025, 12, 31, 17, tzinfo=UTC), "a date is the local midnight that begins it"


def test_areas_lie_in_their_terminal() -> None:
    place = port()
    assert [area.id for area in place.areas] == ["boundary", "dt1", "a1"]
    found = place.area("blk-a1")
    assert found is not None
    assert (found.id, found.title(), found.accuracy) == ("a1", "a1", "schematic")
    assert (place.terminal_of("a1"), place.terminal_of("dt1"), place.terminal_of("boundary")) == ("dt1", "dt1", "")
    assert place.area("dt1").title("zh") == "Terminal 1"  # type: ignore[union-attr]
    assert place.centre == pytest.approx((106.5, 20.5))


def test_publishers_that_speak_for_an_event_come_first() -> None:
    place = port()
    assert dict(place.rank("gate_in")) == {"DT1": 0, "HAULIER": 1, "HQ": 2}
    assert dict(place.rank("customs")) == {"HQ": 0, "HAULIER": 1, "DT1": 2}
    assert dict(place.rank("other")) == {"HAULIER": 0, "DT1": 1, "HQ": 2}, "nobody speaks for these: the order of the file"
    assert place.spoken_for("quay")
    assert not folders.parse(Folder("p", {"place.yaml": PORT, "areas.geojson": AREAS})).place({}).spoken_for("quay")


@pytest.mark.parametrize(("event", "hours"), [("gate_in", 1), ("load", 12), ("present", 1), ("seal", 1)])
def test_how_close_reports_must_be(event: str, hours: int) -> None:
    assert port().tolerance(event) == timedelta(hours=hours)


def test_what_a_slow_and_a_long_visit_of_a_vehicle_is() -> None:
    assert port().vehicle_visits == {"slow": timedelta(minutes=75), "longest": timedelta(hours=12)}


def test_feeds() -> None:
    haulier, gate, quay, customs = port().feeds
    assert (haulier.speaks_for, gate.speaks_for) == (frozenset(), FORMATS["codeco"]), "said to be a witness only; not said"
    assert (gate.every, gate.cron, quay.every, quay.cron) == (timedelta(minutes=1), None, None, "0 6 * * mon,tue,wed,thu,fri")
    assert gate.options == {"codes": {"34": "gate_in"}, "strict": True, "note": "no"}
    assert gate.options_text == '{"codes":{"34":"gate_in"},"note":"no","strict":true}'
    assert customs.place == "demo-port"
    with pytest.raises(TypeError):
        gate.options["strict"] = False
    assert [gate.expect[0].covers(time(hour)) for hour in (21, 22, 0, 5, 6)] == [False, True, True, True, False]
    assert gate.expect[1].covers(time(12))


def test_a_field_left_empty_is_a_field_not_given() -> None:
    place = port(PORT.replace("closures: [", "travel:\nclosures: [").replace("every: 1m", "every:"))
    assert place.travel == ()
    assert place.feeds[1].every is None


def test_line_ends_of_windows_and_a_byte_order_mark_do_no_harm() -> None:
    assert port("\ufeff" + PORT.replace("\n", "\r\n")).id == "demo-port"


def test_closed_and_on_shift() -> None:
    place = port()
    midnight = place.midnight(date(2026, 9, 1))
    assert midnight == datetime(2026, 8, 31, 17, tzinfo=UTC)
    assert place.day_of(midnight) == date(2026, 9, 1)
    assert [place.is_closed(midnight + timedelta(hours=h)) for h in (-1, 0, 47, 48)] == [False, True, True, False]
    assert place.closure_at(datetime(2030, 1, 1, tzinfo=UTC)).name == "rebuilding"  # type: ignore[union-attr]
    assert [place.shift_at(midnight + timedelta(hours=h)).name for h in (0, 6, 17, 18)] == ["night", "day", "day", "night"]  # type: ignore[union-attr]


def test_a_shift_ends_by_the_clock_on_the_wall() -> None:
    place = port(PORT.replace("Asia/Ho_Chi_Minh", "Europe/Berlin").replace('from: "18:00", to: "06:00"', 'from: "22:00", to: "06:00"'))
    berlin = ZoneInfo("Europe/Berlin")

    def ends(day: int, hour: int, minute: int = 0) -> datetime | None:
        return place.shift_ends(datetime(2026, 3, day, hour, minute, tzinfo=berlin).astimezone(UTC))

    assert ends(10, 6) == datetime(2026, 3, 10, 18, tzinfo=berlin)
    assert ends(10, 17, 59) == datetime(2026, 3, 10, 18, tzinfo=berlin)
    assert ends(10, 18) is None  # nobody's shift
    assert ends(28, 23) == datetime(2026, 3, 29, 6, tzinfo=berlin)  # the night of the change is an hour shorter
    assert ends(29, 5) == datetime(2026, 3, 29, 6, tzinfo=berlin)


def test_what_is_older_than_the_horizon_is_counted_in_days_of_the_place() -> None:
    assert port().oldest(datetime(2027, 3, 1, tzinfo=UTC)) == datetime(2026, 1, 25, tzinfo=UTC)


# ------------------------------------------------------------- mistakes

BAD_FILES = sorted(BAD.glob("*.yaml"))
GOOD = """
id: good
name: Good
kind: dry_port
timezone: Asia/Ho_Chi_Minh
jurisdiction: vn
codes: [XXGOD]
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00+07:00
feeds: [{id: good-gate, format: codeco, publisher: G, source: /srv/good}]
"""


@pytest.mark.parametrize("file", BAD_FILES, ids=lambda file: file.stem)
def test_every_mistake_is_found_where_it_is(file: Path) -> None:
    text = file.read_text()
    expected = text.splitlines()[0].removeprefix("# ")
    areas = geojson(feature("boundary", "boundary"))
    texts = [Folder("good", {"place.yaml": GOOD, "areas.geojson": areas}), Folder("bad", {"place.yaml": text, "areas.geojson": areas})]
    with pytest.raises(BadDeclarations) as caught:
        World.build(texts, [LimitsText("vn.yaml", LAW)], FORMATS)
    assert [str(fault).removeprefix("bad/place.yaml:") for fault in caught.value.faults] == [expected]


def test_there_is_a_file_for_every_mistake() -> None:
    assert len(BAD_FILES) > 50


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    first = PORT.replace("timezone: Asia/Ho_Chi_Minh", "timezone: Mars").replace("every: 1m", "every: often")
    second = GOOD.replace("format: codeco", "format: codec")
    areas = geojson(feature("dt1", "terminus"))
    with pytest.raises(BadDeclarations) as caught:
        World.build(
            [Folder("a", {"place.yaml": first, "areas.geojson": areas}), Folder("b", {"place.yaml": second, "areas.geojson": AREAS})],
            [LimitsText("vn.yaml", LAW.replace("limits", "limit"))],
            FORMATS,
        )
    told = {(fault.file, fault.field) for fault in caught.value.faults}
    assert told >= {
        ("a/place.yaml", "timezone"), ("a/place.yaml", "feeds[1].every"), ("a/areas.geojson", "features[0].properties.kind"),
        ("b/place.yaml", "feeds[0].format"), ("vn.yaml", "limit"), ("vn.yaml", "limits"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("areas", "told"),
    [
        ("{", "p/areas.geojson:1: not JSON"),
        ("{}", "not a GeoJSON FeatureCollection"),
        (geojson({"type": "Place"}), "not a GeoJSON Feature"),
        (geojson(feature("", "boundary")), "properties.id: '' is not an id"),
        (geojson(feature("b", "border")), "properties.kind: 'border' is not one of boundary"),
        (geojson(feature("b", "boundary", colour="red")), "properties.colour: not a known field"),
        (geojson(feature("b", "boundary", acuracy="surveyed")), "did you mean 'accuracy'?"),
        (geojson(feature("b", "boundary", accuracy="guessed")), "'guessed' is not one of surveyed, schematic"),
        (geojson(feature("b", "boundary"), feature("b", "block")), "p/areas.geojson:39: features[1].properties.id: 'b' is given twice"),
        (geojson(feature("a", "block", parent="b")), "properties.parent: 'b' is not an area of this place"),
        (geojson(feature("a", "block", parent="b"), feature("b", "block", parent="a")), "'a' lies within itself"),
        (geojson({**feature("a", "block"), "geometry": None}), "the geometry must be one of Point"),
        (geojson({**feature("b", "boundary"), "geometry": {"type": "Point", "coordinates": [106, 20]}}), "a boundary is a Polygon"),
        (geojson({**feature("a", "block"), "geometry": {"type": "Point", "coordinates": ["x"]}}), "not those of a Point"),
        (geojson(feature("a", "block", box(20.1, 106.1, 0.1))), "longitude comes first"),
        (geojson(feature("a", "block", box(106.1, 20.1, 0.1)[:-1])), "the last is the first again"),
        (geojson(feature("a", "block", [[0, 0], [1, 1], [2, 2], [0, 0]])), "a ring without area"),
        (geojson(feature("a", "block", [[0, 0], [2, 2], [2, 0], [0, 1], [0, 0]])), "a ring that crosses itself"),
        (geojson(feature("b", "boundary"), feature("a", "block", box(106.15, 20.15, 0.1))), "'a' reaches outside the boundary, at 106.25"),
        (geojson(feature("b", "boundary"), feature("a", "block", capacity_teu=-1)), "capacity_teu: must not be below nought"),
    ],
)  # fmt: skip
def test_mistakes_in_areas(areas: str, told: str) -> None:
    assert any(told in fault for fault in faults(areas=areas)), faults(areas=areas)


def test_a_block_may_touch_the_boundary_and_reach_over_it_by_a_hair() -> None:
    assert not faults(areas=geojson(feature("b", "boundary"), feature("a", "block", box(106.0999, 20.0999, 0.1))))


def test_a_middle_of_an_edge_outside_a_bay_is_outside() -> None:
    bay: list[list[float]] = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4], [0, 0]]
    quay = [[0.1, 3.5], [3.9, 3.5], [3.9, 0.1], [0.1, 0.1], [0.1, 3.5]]
    assert any("outside" in fault for fault in faults(areas=geojson(feature("b", "boundary", bay), feature("a", "block", quay))))


def test_a_hole_in_the_boundary_is_outside() -> None:
    holed = feature("b", "boundary", box(0, 0, 4))
    holed["geometry"]["coordinates"].append(box(1, 1, 2))
    assert any("outside" in fault for fault in faults(areas=geojson(holed, feature("a", "block", box(1.5, 1.5, 1)))))
    assert not faults(areas=geojson(holed, feature("a", "block", box(0.1, 0.1, 0.5))))


def test_an_area_that_cannot_be_read_is_not_called_a_missing_parent() -> None:
    told = faults(areas=geojson(feature("dt1", "terminus"), feature("a1", "block", parent="dt1")))
    assert len(told) == 1, told


def test_a_folder_without_place_yaml() -> None:
    assert [str(f) for f in folders.parse(Folder("p", {"place.yml": ""})).faults] == ["p/place.yaml:0: there is no place.yaml"]
    assert folders.parse(Folder("p", {"place.yaml": "&a [*a]"})).faults


def test_a_name_that_goes_round_is_told() -> None:
    assert any("refers to itself" in fault for fault in faults("&a {id: *a}"))
