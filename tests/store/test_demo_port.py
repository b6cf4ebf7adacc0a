"""The demo port, thirty days of it: every planted offence is found with its times and what proves it, and nothing else is."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from data.demo.planted import NOT_PLANTED
from data.judge import judge
from data.rebuild import rebuild
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store
from data.verify import verify
from tests.store.demo_port import loaded, planted, raised
from tests.store.told import hasty
from zones.rules import rules

__all__ = ["hasty"]
SEED = int(os.environ.get("ZW_SEED", "1"))
ENDING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def files(store: Store) -> dict[str, tuple[str, str]]:
    """(feed, file) of each report, fact, signal, line of a ledger and receipt: what may prove an alert."""
    found: dict[str, tuple[str, str]] = {}
    m = t.message.c
    with store.read(patient=True) as conn:
        r, f, s, e = t.report.c.report_id, t.fact.c.fact_id, t.signal.c.signal_id, t.entry.c.entry_id
        for column, table in ((r, t.report), (f, t.fact), (s, t.signal), (e, t.entry)):
            rows = conn.execute(sa.select(column, m.feed, m.name).join_from(t.message, table, table.c.message_id == m.message_id))
            found.update((proof, (feed, name)) for proof, feed, name in rows)
        rows = conn.execute(sa.select(t.receipt.c.receipt_id, t.receipt.c.feed, t.receipt.c.name))
        found.update((proof, (feed, name)) for proof, feed, name in rows)
    return found


@pytest.mark.slow
def test_every_planted_offence_is_found_and_nothing_else(hasty: None, settings: Settings) -> None:
    store, world = loaded(settings, SEED, 30, ENDING)
    truth, alerts = planted(settings.home), raised(store)
    assert sorted(truth.keys() - alerts.keys()) == [], "missed"
    assert sorted(alerts.keys() - truth.keys()) == [], "made up"
    assert {rule for rule, _, _ in truth} == set(rules()) - set(NOT_PLANTED), "each rule has something to find"
    of = files(store)
    for key, offence in truth.items():
        alert = alerts[key]
        told = datetime.fromisoformat(offence["ended_at"]) if offence["ended_at"] else None
        assert (alert["ended_at"], alert["known_at"]) == (told, datetime.fromisoformat(offence["known_at"])), key
        proved = {of.get(proof) for proof in alert["evidence"]}
        assert {(proof["feed"], proof["file"]) for proof in offence["evidence"]} <= proved, key
    assert verify(store, world, deep=True) == []
    rebuild(store, world)
    assert judge(store, world, ENDING)["lines"] == 0
    store.close()
