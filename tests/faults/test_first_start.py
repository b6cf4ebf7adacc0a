"""The first start of the demo: interrupted anywhere it goes on, and what it leaves adds up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from commands import run
from data import clock, declared, first, people, pull, verify
from data.settings import Settings
from data.store.engine import open_store


@pytest.fixture
def demo(settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a small demo that was never started."""
    environ = {"ZONEWATCH_HOME": str(settings.home), "ZONEWATCH_DATABASE_URL": database_url, "ZONEWATCH_DEMO": "1"}
    environ["ZONEWATCH_SECRET_KEY"] = "k" * 40
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(first, "DAYS", 3)
    monkeypatch.setattr("data.sources.folder.SETTLED_S", -1.0)  # its files are whole: no second look
    return Settings.load(environ, settings.home.parent)


class Interrupted(Exception):
    """As if somebody had pulled the plug."""


def fail_once(monkeypatch: pytest.MonkeyPatch, name: str, after: int) -> None:
    """Let one of the steps fail, once, after so many calls."""
    real, calls = getattr(first, name), 0

    def step(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == after:
            raise Interrupted
        return real(*args, **more)

    monkeypatch.setattr(first, name, step)


def test_interrupted_anywhere_it_goes_on(demo: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert first.needed(demo)
    for name, after in (("write", 1), ("ingest", 4), ("ingest", 9), ("judge", 1), ("close_old", 1)):
        with monkeypatch.context() as patch:
            fail_once(patch, name, after)
            with pytest.raises(Interrupted):
                run.prepare(demo)
        assert first.needed(demo)
    run.prepare(demo)
    loaded = Settings.load(cwd=demo.home)
    assert not first.needed(loaded)
    said = capsys.readouterr().err.splitlines()
    assert said[-1] == "closing what the demo's officers have dealt with"
    assert sum(line.startswith("writing the demo port") for line in said) == 2  # the first was interrupted

    store = open_store(demo.database_url)
    world = declared.load(loaded)
    assert verify.verify(store, world, True) == []
    assert {row["name"] for row in people.accounts(store)} == set(people.DEMO_ACCOUNTS)
    now = clock.now()
    assert clock.simulated() == clock.RATE
    for feed in world.feeds:  # what was taken as history is not fetched again
        assert pull.pull_feed(store, world, feed.id, now + timedelta(minutes=1), loaded)["files"] == 0
    store.close()

    run.prepare(loaded)  # the second start writes nothing
    assert capsys.readouterr().err.splitlines() == ["bringing the database up"]


def test_a_home_with_places_of_its_own_gets_no_demo(demo: Settings) -> None:
    folder = demo.home / "places" / "ours"
    folder.mkdir(parents=True)
    (folder / "place.yaml").write_text("id: ours\n")
    assert not first.needed(demo)
