"""The world: several places and laws together."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zones.calendar import Duration
from zones.place import BadDeclarations
from zones.world import Folder, LimitsText, World

FORMATS = {"codeco": frozenset({"gate"})}
LAW = """
jurisdiction: vn
calendars: {office: {weekend: [sat, sun], last_day: 2026-12-31}}
limits:
  - {limit: import_dwell_high, value: 9d, valid_from: 2020-01-01, citation: Law 1}
  - {limit: import_dwell_warn, value: 7d, valid_from: 2020-01-01, citation: Law 1}
"""


def place(id: str, more: str = "", *, codes: str = "", areas: list[dict[str, Any]] | None = None, layer: int = 0, path: str = "") -> Folder:
    """A small place; `areas` are the properties of its areas."""
    text = f"""
id: {id}
name: {id}
kind: seaport
timezone: Asia/Ho_Chi_Minh
jurisdiction: vn
codes: [{codes}]
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00+07:00
feeds: [{{id: {id}-gate, format: codeco, publisher: A, source: /srv/{id}}}]
{more}"""
    point = {"type": "Point", "coordinates": [106, 20]}
    features = [{"type": "Feature", "properties": p, "geometry": point} for p in areas or []]
    return Folder(path or id, {"place.yaml": text, "areas.geojson": json.dumps({"type": "FeatureCollection", "features": features})}, layer)


def world(*places: Folder, law: str = LAW) -> World:
    """The world of these places under one law."""
    return World.build(places, [LimitsText("vn.yaml", law)], FORMATS)


def told(*places: Folder, law: str = LAW) -> list[str]:
    """What is wrong with it."""
    with pytest.raises(BadDeclarations) as caught:
        world(*places, law=law)
    return [str(fault) for fault in caught.value.faults]


PORT = place(
    "port",
    codes="XXDMO, 'XXDMO:DT2'",
    areas=[
        {"id": "dt1", "kind": "terminal", "codes": ["XXDMO:DT1"]},
        {"id": "dt2", "kind": "terminal", "codes": ["XXDMO:DT2", "DT-TWO"]},
        {"id": "dt3", "kind": "terminal"},
        {"id": "a1", "kind": "block", "parent": "dt1", "codes": ["XXDMO:A1", "A1"]},
        {"id": "shed", "kind": "warehouse", "codes": ["XXSHD", "A1"]},
    ],
)
ZONE = place("zone", codes="'XXDMO:ZN1', XXDMZ", areas=[{"id": "main", "kind": "terminal", "codes": ["A1"]}])


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        ("XXDMO:DT1 XXDMO", ("port", "dt1")),
        ("XXDMO XXDMO:DT1", ("port", "dt1")),
        ("XXDMO:DT2", ("port", "dt2")),
        ("xxdmo:dt3", ("port", "dt3")),              # not declared as a code: the place by its LOCODE, the terminal by its id
        ("XXDMO:DT9 XXDMO", ("port", "")),
        ("XXDMO", ("port", "")),
        ("DT-TWO XXDMO", ("port", "dt2")),
        ("XXDMO:A1", ("port", "dt1")),               # a block, in its terminal
        ("XXSHD", ("port", "")),
        ("XXDMO:ZN1 XXDMO", ("zone", "")),           # the longest code wins, not the first place
        ("XXDMZ:MAIN", ("zone", "main")),
        ("A1", None),                                # good only within its place
        ("XXNOW XXOTH:DT1", None),
        ("", None),
    ],
)  # fmt: skip
def test_where_a_message_says_it_is(codes: str, found: tuple[str, str] | None) -> None:
    both = world(PORT, ZONE)
    assert both.resolve(codes) == found
    assert both.resolve(codes) == found, "and again from memory"


def test_the_unlocode_names_a_place_that_declares_no_codes() -> None:
    text = place("port").files["place.yaml"].replace("codes: []", "unlocode: XX DMO")
    both = world(Folder("port", {**place("port").files, "place.yaml": text}))
    assert both.resolve("XXDMO:DT1") == ("port", "")


def test_looking_things_up() -> None:
    both = world(PORT, ZONE)
    assert list(both.places) == ["port", "zone"]
    assert [feed.id for feed in both.feeds] == ["port-gate", "zone-gate"]
    assert both.feed("zone-gate").place == "zone"
    assert both.place_of("zone-gate") is both.place("zone")
    assert both.feed("port-gate").speaks_for == {"gate"}
    for missing in (both.place, both.feed, both.law):
        with pytest.raises(KeyError):
            missing("nowhere")


def test_the_law_of_a_place_is_its_own_before_its_jurisdictions() -> None:
    own = "limits: [{limit: import_dwell_warn, value: 3wd, calendar: office, from: 2026-03-01, to: 2026-04-01, reason: feast}]"
    law = world(place("port", own)).law("port")
    assert law.names == ("import_dwell_high", "import_dwell_warn")
    warn = law.at("import_dwell_warn", datetime(2026, 3, 15, tzinfo=UTC))
    assert warn is not None
    assert (warn.value, warn.origin, warn.citation) == (Duration(3, "wd"), "place", "feast")
    assert warn.by_calendar is not None, "counted by the calendar of the jurisdiction"
    assert law.deadline("import_dwell_warn", datetime(2026, 3, 13, 3, tzinfo=UTC), datetime(2026, 3, 13, 3, tzinfo=UTC)) == datetime(
        2026, 3, 18, 3, tzinfo=UTC
    )
    assert str(law.at("import_dwell_warn", datetime(2026, 5, 1, tzinfo=UTC)).value) == "7d"  # type: ignore[union-attr]


def test_the_version_is_of_all_texts_and_nothing_else() -> None:
    assert world(PORT, ZONE).version == world(ZONE, PORT).version
    assert world(PORT).version != world(PORT, ZONE).version
    assert world(PORT).version != world(PORT, law=LAW.replace("9d", "10d")).version
    assert [(f.kind, f.id) for f in world(PORT).files] == [("areas", "port"), ("limits", "vn"), ("place", "port")]


def test_a_later_folder_replaces_by_id() -> None:
    later = place("port", layer=1, path="later/port", codes="XXNEW")
    both = world(place("port", "nonsense: 1"), later)
    assert both.place("port").codes == ("XXNEW",), "and what was replaced is not looked at"
    assert both.resolve("XXDMO") is None
    laws = [
        LimitsText("a/vn.yaml", LAW),
        LimitsText("b/vn.yaml", LAW.replace("9d", "8d"), 1),
        LimitsText("b/cn.yaml", LAW.replace("vn", "cn"), 1),
    ]
    replaced = World.build([PORT], laws, FORMATS)
    assert sorted(replaced.jurisdictions) == ["cn", "vn"]
    assert str(replaced.law("port").at("import_dwell_high", datetime(2026, 1, 1, tzinfo=UTC)).value) == "8d"  # type: ignore[union-attr]


def test_two_places_of_one_id_in_one_folder() -> None:
    assert told(place("port"), place("port", path="copy", codes="XXABC"))[0].startswith(
        "copy/place.yaml:2: id: 'port' is declared in port/"
    )
    with pytest.raises(BadDeclarations, match=r"b.yaml:2: jurisdiction: 'vn' is declared in a.yaml too"):
        World.build([], [LimitsText("a.yaml", LAW), LimitsText("b.yaml", LAW)], FORMATS)


def test_roads_lead_to_places_that_are_declared() -> None:
    assert world(place("port", "travel: [{to: zone, at_least: 75m}]"), ZONE).place("port").least_travel("zone") is not None
    assert told(place("port", "travel: [{to: zoen, at_least: 75m}]"), ZONE) == [
        "port/place.yaml:11: travel[0].to: 'zoen' is not another declared place; did you mean 'zone'?"
    ]


def test_a_mistake_in_one_place_does_not_make_others_wrong() -> None:
    broken = place("zone", "colour: red")
    only = "zone/place.yaml:11: colour: not a known field; did you mean 'closures'?"
    assert told(place("port", "travel: [{to: zone, at_least: 75m}]"), broken) == [only]
    assert told(place("port"), law="jurisdiction: vn\nlimits: 5\n") == ["vn.yaml:2: limits: a list is needed (given: '5')"]


def test_one_code_names_one_place() -> None:
    clash = place("zone", codes="'XXDMO:DT1'")
    assert told(PORT, clash) == ["zone/place.yaml:7: codes: XXDMO:DT1 already names 'port'"]


def test_an_empty_world() -> None:
    empty = World.build([], [], FORMATS)
    assert (dict(empty.places), empty.feeds, empty.resolve("XXDMO")) == ({}, (), None)


def test_without_a_list_of_formats_any_will_do() -> None:
    assert World.build([PORT], [LimitsText("vn.yaml", LAW)]).feed("port-gate").speaks_for == frozenset()


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 200)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["port", "2026-01-01", "5d", "Polygon"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "to", "from", "type", "value", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
TOPS = [
    "id",
    "name",
    "kind",
    "codes",
    "areas",
    "feeds",
    "travel",
    "limits",
    "shifts",
    "closures",
    "capacity_teu",
    "jurisdiction",
    "timezone",
    "horizon",
]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(TOPS), ANYTHING, min_size=1, max_size=3))
def test_whatever_is_written_in_a_place_is_read_or_told(changes: dict[str, Any]) -> None:
    files = dict(PORT.files)
    files["place.yaml"] = yaml.safe_dump({**yaml.safe_load(files["place.yaml"]), **changes}, allow_unicode=True)
    with suppress(BadDeclarations):
        world(Folder("port", files), ZONE)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["type", "properties", "geometry", "id"]), ANYTHING, min_size=1), ANYTHING)
def test_whatever_is_drawn_is_read_or_told(changes: dict[str, Any], coordinates: Any) -> None:
    shape = {"type": "Polygon", "coordinates": coordinates}
    feature = {"type": "Feature", "properties": {"id": "b", "kind": "boundary"}, "geometry": shape, **changes}
    files = {**PORT.files, "areas.geojson": json.dumps({"type": "FeatureCollection", "features": [feature]})}
    with pytest.raises(BadDeclarations) as caught:
        world(Folder("port", files))
    assert all(fault.file == "port/areas.geojson" for fault in caught.value.faults)
