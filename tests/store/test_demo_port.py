"""The demo port, thirty days of it: every planted offence is found with its times and what proves it, and nothing else is."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data import declared, demo
from data.judge import judge
from data.pull import ingest
from data.rebuild import rebuild
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store, open_store
from data.verify import verify
from tests.store.told import hasty
from zones.rules import rules
from zones.world import World

__all__ = ["hasty"]
SEED = int(os.environ.get("ZW_SEED", "1"))
ENDING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
Known = tuple[str, str, datetime]


def loaded(settings: Settings, seed: int, days: int) -> tuple[Store, World]:
    """The demo written, declared, and everything taken in at its file's time; judged at the ending."""
    demo.write(settings.home, seed=seed, days=days, scale=1.0, ending=ENDING)
    environ = {"ZONEWATCH_HOME": str(settings.home), "ZONEWATCH_DATABASE_URL": settings.database_url}
    own = Settings.load(environ, settings.home)
    world, store = declared.load(own), open_store(own.database_url)
    for feed in world.feeds:
        files = sorted((own.home / "feeds" / feed.id).glob("*"), key=lambda path: path.stat().st_mtime_ns)
        ingest(store, world, feed.id, files, "mtime", ENDING, own)
    judge(store, world, ENDING)
    return store, world


def planted(home: Path) -> dict[Known, dict[str, Any]]:
    """The offences of truth.json by rule, subject and beginning."""
    return {(o["rule"], o["subject"], datetime.fromisoformat(o["began_at"])): o for o in json.loads((home / "truth.json").read_text())}


def raised(store: Store) -> dict[Known, dict[str, Any]]:
    """The alerts that stand, by the same."""
    with store.read() as conn:
        rows = conn.execute(sa.select(t.alert).where(t.alert.c.condition != "invalidated")).mappings()
        return {(row["rule"], row["subject"], row["began_at"]): dict(row) for row in rows}


def files_of(store: Store, evidence: list[str]) -> set[tuple[str, str]]:
    """(feed, file) of the reports, facts and receipts that prove an alert."""
    found: set[tuple[str, str]] = set()
    m = t.message.c
    with store.read() as conn:
        for column, table in ((t.report.c.report_id, t.report), (t.fact.c.fact_id, t.fact)):
            rows = conn.execute(
                sa.select(m.feed, m.name).join_from(t.message, table, table.c.message_id == m.message_id).where(column.in_(evidence))
            )
            found.update((row.feed, row.name) for row in rows)
        rows = conn.execute(sa.select(t.receipt.c.feed, t.receipt.c.name).where(t.receipt.c.receipt_id.in_(evidence)))
        found.update((row.feed, row.name) for row in rows)
    return found


@pytest.mark.slow
def test_every_planted_offence_is_found_and_nothing_else(hasty: None, settings: Settings) -> None:
    store, world = loaded(settings, SEED, 30)
    truth, alerts = planted(settings.home), raised(store)
    assert sorted(truth.keys() - alerts.keys()) == [], "missed"
    assert sorted(alerts.keys() - truth.keys()) == [], "made up"
    assert {rule for rule, _, _ in truth} == set(rules())
    for key, offence in truth.items():
        alert = alerts[key]
        told = datetime.fromisoformat(offence["ended_at"]) if offence["ended_at"] else None
        assert (alert["ended_at"], alert["known_at"]) == (told, datetime.fromisoformat(offence["known_at"])), key
        assert {(proof["feed"], proof["file"]) for proof in offence["evidence"]} <= files_of(store, alert["evidence"]), key
    assert verify(store, world, deep=True) == []
    rebuild(store, world)
    assert judge(store, world, ENDING)["lines"] == 0
    store.close()
