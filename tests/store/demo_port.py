"""The demo port taken in whole, and what is planted in it and found: for the test of it and for the bench of many schedules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from data import declared, demo
from data.judge import judge
from data.pull import ingest
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store, open_store
from zones.world import World

Known = tuple[str, str, datetime]  # rule, subject, began_at
Pull = tuple[datetime, str, list[Path]]  # when, feed, its files


def declared_in(settings: Settings) -> tuple[Settings, World]:
    """The settings of a demo written into their home, and its world."""
    environ = {"ZONEWATCH_HOME": str(settings.home), "ZONEWATCH_DATABASE_URL": settings.database_url}
    own = Settings.load(environ, settings.home)
    return own, declared.load(own)


def loaded(settings: Settings, seed: int, days: int, ending: datetime) -> tuple[Store, World]:
    """The demo written, declared, and everything taken in at its file's time; judged at the ending."""
    demo.write(settings.home, seed=seed, days=days, scale=1.0, ending=ending)
    own, world = declared_in(settings)
    store = open_store(own.database_url)
    t.metadata.create_all(store.writer)
    for feed in world.feeds:
        ingest(store, world, feed.id, delivered(own.home, feed.id), "mtime", ending, own)
    judge(store, world, ending)
    return store, world


def delivered(home: Path, feed: str) -> list[Path]:
    """The files of a feed in the order in which they came."""
    return sorted((home / "feeds" / feed).glob("*"), key=lambda path: (path.stat().st_mtime_ns, path.name))


def scheduled(settings: Settings, world: World, store: Store, rng: Random, ending: datetime) -> None:
    """Everything taken in by pulls at random moments, each of some feeds, others late by chance; judged after each, and at the ending."""
    waiting = {feed.id: delivered(settings.home, feed.id) for feed in world.feeds}
    first = min(path.stat().st_mtime for files in waiting.values() for path in files[:1])
    for at in sorted(rng.uniform(first, ending.timestamp()) for _ in range(rng.randrange(3, 40))):
        now = datetime.fromtimestamp(at, ending.tzinfo)
        for feed in rng.sample(sorted(waiting), rng.randrange(1, len(waiting) + 1)):
            came = [path for path in waiting[feed] if path.stat().st_mtime <= at]
            if came:
                waiting[feed] = waiting[feed][len(came) :]
                ingest(store, world, feed, came, "mtime", now, settings)
        judge(store, world, now)
    for feed, files in waiting.items():
        ingest(store, world, feed, files, "mtime", ending, settings)
    judge(store, world, ending)


def planted(home: Path) -> dict[Known, dict[str, Any]]:
    """The offences of truth.json by rule, subject and beginning."""
    return {(o["rule"], o["subject"], datetime.fromisoformat(o["began_at"])): o for o in json.loads((home / "truth.json").read_text())}


def raised(store: Store) -> dict[Known, dict[str, Any]]:
    """The alerts that stand, by the same."""
    with store.read() as conn:
        rows = conn.execute(sa.select(t.alert).where(t.alert.c.condition != "invalidated")).mappings()
        return {(row["rule"], row["subject"], row["began_at"]): dict(row) for row in rows}


def spells(store: Store) -> Iterator[tuple[Any, ...]]:
    """What must not depend on the schedule: rule, subject, anchor, spells, when it could be known; of alerts that stand."""
    for alert in raised(store).values():
        yield alert["rule"], alert["subject"], alert["anchor"], str(alert["spells"]), alert["known_at"]
