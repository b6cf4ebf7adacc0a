"""How full places are, how trucks go, what is announced: any order and grouping comes to the same, and what is read stays small."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from data import feeds
from data.areas import facts
from data.store import tables as t
from tests.store.receipts import plan, smallest
from tests.store.test_invariance import fault
from tests.store.told import LAW, PORT, RING, ZONE, ZONE_TEXT, Book, Receipt, book, clock, csv, different, hasty, local, place
from zones.area import TruckFacts, YardFacts
from zones.world import Folder, LimitsText, World

__all__ = ["book", "hasty"]
RULE = "capacity_and_queue"
LIMITS = "limits: [{limit: import_dwell_warn, value: 5d, from: 2026-01-01, reason: agreed}]"
OWN = """capacity_teu: {value: 3, source: told}
limits:
  - {limit: yard_use_warn, value: 50%, from: 2026-01-01, reason: agreed}
  - {limit: yard_use_high, value: 80%, from: 2026-01-01, to: 2026-11-05, reason: agreed}
  - {limit: yard_use_high, value: 70%, from: 2026-11-05, reason: agreed}
  - {limit: yard_use_settled, value: 2h, from: 2026-01-01, reason: agreed}
  - {limit: turn_time_high, value: 90m, from: 2026-01-01, reason: agreed}
  - {limit: turn_time_least, value: 2 vehicles, from: 2026-01-01, reason: agreed}
  - {limit: trucks_inside, value: 1 vehicles, from: 2026-01-01, reason: agreed}
  - {limit: surge_ahead, value: 21d, from: 2026-01-01, reason: agreed}
"""


def crowded(text: str = PORT, own: str = OWN) -> World:
    """The port with room for three TEU, and in its block for two."""
    formats = {name: frozenset(module.SPEAKS_FOR) for name, module in feeds.formats().items()}
    told = {"boundary": {"kind": "boundary"}, "a1": {"kind": "block", "capacity_teu": 2, "codes": ["A1"]}}
    shapes = [{"type": "Feature", "properties": {"id": i, **more}, "geometry": {"type": "Polygon", "coordinates": RING}} for i, more in told.items()]
    port = Folder("port", {"place.yaml": text.replace(LIMITS, own), "areas.geojson": json.dumps({"type": "FeatureCollection", "features": shapes})})
    return World.build([port, place(ZONE_TEXT)], [LimitsText("here.yaml", LAW)], formats)


@pytest.fixture
def full(hasty: None, book: Book) -> Book:
    book.world = crowded()
    return book


def test_any_order_grouping_and_repetition_come_to_the_same(full: Book) -> None:
    some = 0
    for seed in range(1, 13):
        example = plan(Random(seed))
        if fault(full, example):
            least, said = smallest(example, lambda smaller: fault(full, smaller))
            pytest.fail(f"seed {seed}\n{said}\n{least}", pytrace=False)
        some += len(full.alerts(RULE))
    assert some, "some of them fill the place"


HEAD = ("equipment", "event", "occurred_at", "vehicle")


def trucks(rng: Random, days: int) -> list[Receipt]:
    """Deliveries of gate movements of a few trucks, received late by chance."""
    found = []
    for n in range(days * 8):
        day, hour, truck = rng.randrange(days), rng.randrange(6, 9), f"T{rng.randrange(9)}"
        stays = rng.randrange(20, 240)
        at = clock(f"d{day} {hour:02}:{rng.randrange(60):02}")
        minute = lambda later: f"d{day} {(later := at + timedelta(minutes=later)).astimezone(ZONE):%H:%M}"  # noqa: E731
        rows = [[f"ZZDU{n:07}", "gate_in", local(minute(0)), truck], [f"ZZDU{n:07}", "gate_out", local(minute(stays)), truck]]
        for k, row in enumerate(rows if rng.random() < 0.85 else rows[:1]):
            received = at + timedelta(minutes=stays + rng.choice((5, 5, 5, 600, 3000)))
            found.append(Receipt("carrier", f"{n}-{k}", csv(HEAD, [row]), received))
    return sorted(found, key=lambda receipt: (receipt.at, receipt.name))


def test_trucks_come_to_the_same_in_any_order(full: Book) -> None:
    for seed in (1, 2, 3):
        rng = Random(seed)
        said = trucks(rng, 3)
        full.emptied()
        full.take(*said)
        full.judged("d9 00:00")
        one = full.derived()
        kinds = {row["because_key"] for row in full.alerts(RULE)}
        full.emptied()
        shuffled = rng.sample(said, len(said))
        for n in range(0, len(shuffled), 7):
            full.take(*shuffled[n : n + 7])
            if n % 14 == 0:
                full.judged(f"d{4 + n // 28} 12:00")
        full.judged("d9 00:00")
        assert not (found := different(one, full.derived())), f"seed {seed}: {found}"
        assert {"turn_time", "trucks_inside"} <= kinds


def read(book: Book, monkeypatch: pytest.MonkeyPatch) -> int:
    """Rows that are fetched while the latest touched units are judged."""
    fetched = 0

    def count(*_args: Any, **_kw: Any) -> None:
        nonlocal fetched
        fetched += 1

    found = []
    with book.store.read() as conn:
        for what in ("", "a1", "@turn"):
            told = facts(conn, book.world, "port", what, [book.world.place("port").day_of(clock("d40 12:00"))])
            found.append(told)
    assert isinstance(found[0], YardFacts)
    assert isinstance(found[2], TruckFacts)
    return len(found[0].levels) + len(found[1].levels) + len(found[2].visits)  # type: ignore[union-attr]
