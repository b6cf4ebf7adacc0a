"""Every shipped place loads with the shipped law, and says of itself what a reader needs to know."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from data import declared
from data.store import tables
from zones import _geometry
from zones.place import Place
from zones.world import BadDeclarations, World

ROOT = Path(__file__).resolve().parents[2]
PLACES, LIMITS = ROOT / "zones" / "places", ROOT / "zones" / "limits"


def settings(*places: Path, limits: tuple[Path, ...] = (LIMITS,), home: Path = ROOT / "var") -> Any:
    """What `declared` asks of settings."""
    return SimpleNamespace(home=home, places=places, limits=limits)


@pytest.fixture(scope="module")
def world() -> World:
    return declared.load(settings(PLACES))


def shipped() -> list[str]:
    return sorted(path.name for path in PLACES.iterdir() if path.is_dir())


@pytest.fixture(params=shipped())
def place(request: pytest.FixtureRequest, world: World) -> Place:
    return world.place(request.param)


def test_every_folder_is_a_place(world: World) -> None:
    assert shipped() == sorted(world.places)
    assert len(shipped()) >= 3


def test_it_has_a_boundary_and_areas_that_say_how_good_they_are(place: Place) -> None:
    assert place.boundaries
    assert place.centre is not None
    written = (PLACES / place.id / "areas.geojson").read_text()
    assert written.count('"accuracy"') == len(place.areas), "each area says it in so many words"
    assert {area.accuracy for area in place.areas} == {"schematic"}, "nothing here was surveyed"
    for area in place.areas:
        assert not list(_geometry.faults(area.geometry))
        assert area.note, "a schematic shape says what it is"


def test_what_is_taken_from_others_names_them(place: Place) -> None:
    text = (PLACES / place.id / "place.yaml").read_text()
    for area in place.areas:
        if area.kind == "terminal":
            assert "CC-BY-4.0" in area.source
            assert "CC-BY-4.0" in text
    assert "CC-BY-4.0" in (PLACES / "README.md").read_text()


def test_nothing_is_invented(place: Place) -> None:
    assert place.capacity_teu is None, "no capacity is sourced"
    assert not any(area.capacity_teu for area in place.areas)
    assert set(place.contacts.values()) == {"to be filled in by the site"}
    assert not place.travel
    assert not place.limits
    assert all(feed.source.startswith("file:///") for feed in place.feeds)


def test_feeds_read_by_their_formats(place: Place) -> None:
    assert place.feeds
    for feed in place.feeds:
        assert feed.speaks_for
        assert feed.options_text


def test_every_terminal_is_found_by_its_code(world: World, place: Place) -> None:
    for area in place.areas:
        for code in area.codes:
            assert world.resolve(f"{code} {code.partition(':')[0]}") == (place.id, area.id)


def test_its_law_is_declared(world: World, place: Place) -> None:
    assert world.law(place.id).names


# ------------------------------------------------------------- from the disk


def test_what_cannot_be_read_is_told_with_the_rest(tmp_path: Path) -> None:
    for name, content in (("a", b"id: a\nnmae: x\n"), ("b", b"\xff\xfe"), ("c", b"")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "place.yaml").write_bytes(content)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "place.yml").write_text("id: d")
    (tmp_path / ".hidden").mkdir()
    with pytest.raises(BadDeclarations) as caught:
        declared.load(settings(tmp_path, tmp_path / "nowhere"))
    told = "\n".join(map(str, caught.value.faults))
    expected_there = (
        "a/place.yaml:2: nmae",
        "b/place.yaml:0: cannot be read",
        "c/place.yaml:1: nothing",
        "d/place.yaml:0: there is no place.yaml",
        "nowhere:0: there is no such folder",
    )
    for expected in expected_there:
        assert expected in told


def test_a_fresh_site_has_no_places_yet(tmp_path: Path) -> None:
    world = declared.load(settings(tmp_path / "places", home=tmp_path))
    assert not world.places
    assert world.jurisdictions


def test_a_later_folder_replaces_and_one_place_may_be_named_alone(tmp_path: Path) -> None:
    own = tmp_path / "lach-huyen"
    own.mkdir()
    for name in ("place.yaml", "areas.geojson"):
        (own / name).write_bytes((PLACES / "lach-huyen" / name).read_bytes().replace(b"Lach Huyen port", b"Our port"))
    world = declared.load(settings(PLACES, own))
    assert world.place("lach-huyen").title() == "Our port"
    assert len(world.places) == len(shipped())


def test_each_version_in_force_is_kept_once_with_its_time(world: World) -> None:
    engine = sa.create_engine("sqlite://")
    tables.metadata.create_all(engine, tables=[tables.declared])
    with engine.begin() as conn:
        assert len(declared.remember(conn, world, datetime(2026, 11, 21, tzinfo=UTC))) == len(world.files)
        assert declared.remember(conn, world, datetime(2026, 11, 22, tzinfo=UTC)) == ()
        rows = conn.execute(sa.select(tables.declared)).all()
    assert {(row.kind, row.id, row.sha256, row.text) for row in rows} == {(f.kind, f.id, f.sha256, f.text) for f in world.files}
    assert {row.loaded_at for row in rows} == {datetime(2026, 11, 21, tzinfo=UTC)}
    engine.dispose()
