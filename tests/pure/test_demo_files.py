"""The files of the demo: the same for the same seed, however it is written and gone on with."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import demo
from data.demo import follow, ground
from data.demo.tell import FEEDS

ENDING = datetime(2026, 11, 20, 7, 40, tzinfo=UTC)


def written(to: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(to).as_posix(): (path.read_bytes().replace(to.as_uri().encode(), b""), int(path.stat().st_mtime))
        for path in sorted(to.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes_at_the_same_times(tmp_path: Path) -> None:
    one, two, other = (tmp_path / name for name in ("one", "two", "other"))
    ending = datetime(2027, 3, 16, 3, 30, tzinfo=UTC)  # the clocks at Second Port went forward on 14 March
    said = demo.write(one, seed=7, days=3, scale=0.5, ending=ending)
    demo.write(two, seed=8, days=2, ending=ending)  # is replaced
    assert demo.write(two, seed=7, days=3, scale=0.5, ending=ending) == said
    demo.write(other, seed=9, days=3, scale=0.5, ending=ending)
    assert written(one) == written(two) != written(other)
    assert sum(said["feeds"].values()) == said["files"] == sum(1 for name in written(one) if name.startswith("feeds/"))
    assert all(time <= ending.timestamp() for _, time in written(one).values())
    assert {path.name for path in (one / "feeds").iterdir()} == set(FEEDS)
    json.loads((one / "truth.json").read_text("utf-8"))


@pytest.mark.parametrize(("days", "scale"), [(0, 1.0), (3, 0.0), (401, 1.0)])
def test_a_demo_out_of_bounds_is_refused(tmp_path: Path, days: int, scale: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        demo.write(tmp_path, days=days, scale=scale, ending=ENDING)


def test_going_on_writes_what_a_longer_look_would(tmp_path: Path) -> None:
    """In one step or in many, interrupted or not, the same files come."""
    once, often = tmp_path / "once", tmp_path / "often"
    ending = datetime(2026, 11, 20, 20, 10, tzinfo=UTC)
    for to in (once, often):
        demo.write(to, days=2, ending=ending)
    until = ending + timedelta(days=2)
    count = follow.step(once, until)
    at, steps = ending, 0
    while at < until:
        at += timedelta(minutes=97)
        before = (often / follow.STATE).read_bytes()
        steps += follow.step(often, min(at, until))
        if at.hour == 3:
            (often / follow.STATE).write_bytes(before)  # killed before it could note how far it came
            follow.step(often, min(at, until))
    assert written(once) == written(often)
    assert steps == count > 0
    assert follow.step(once, until) == 0 == follow.step(once, ending)
    assert follow.reached(once) == until


def test_there_is_nothing_to_follow_without_a_demo(tmp_path: Path) -> None:
    with pytest.raises(follow.NotADemo):
        follow.step(tmp_path, ENDING)


def test_every_area_has_a_name_in_each_language_of_the_screens() -> None:
    for place in ground.MIDDLE:
        for feature in json.loads(ground.geojson(place))["features"]:
            names = feature["properties"]["name"]
            assert set(names) == {"en", "vi", "zh"}
            assert names["zh"] != names["en"] != names["vi"]
