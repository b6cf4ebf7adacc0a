"""A process that goes on takes up changed declarations, and keeps the old ones when the new cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import declared
from data.settings import Settings

PLACE = """
id: port
name: {{en: {name}}}
kind: seaport
timezone: UTC
jurisdiction: here
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00Z
feeds: [{{id: gate, format: gate_csv, publisher: T1, source: "file:///nowhere/*.csv"}}]
"""
AREAS = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "all", "kind": "boundary"}, "geometry": '
    '{"type": "Polygon", "coordinates": [[[110, 17], [111, 17], [111, 18], [110, 18], [110, 17]]]}}]}'
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "places" / "port").mkdir(parents=True)
    (tmp_path / "limits").mkdir()
    (tmp_path / "places" / "port" / "place.yaml").write_text(PLACE.format(name="Old"))
    (tmp_path / "places" / "port" / "areas.geojson").write_text(AREAS)
    (tmp_path / "limits" / "here.yaml").write_text("jurisdiction: here\nlimits: []\n")
    return Settings.load({"ZONEWATCH_HOME": str(tmp_path), "ZONEWATCH_LIMITS": str(tmp_path / "limits")}, tmp_path)


def test_a_changed_declaration_is_taken_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared, "EVERY_S", 0.0)
    world = declared.InForce(settings)
    assert world().place("port").title("en") == "Old"
    (settings.places[0] / "port" / "place.yaml").write_text(PLACE.format(name="New name"))
    assert world().place("port").title("en") == "New name"


def test_a_bad_one_leaves_the_old_in_force(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared, "EVERY_S", 0.0)
    world = declared.InForce(settings)
    (settings.places[0] / "port" / "place.yaml").write_text("id: port\nkind: spaceport\n")
    assert world().place("port").title("en") == "Old"
