"""How full places are, how trucks go, what is announced: any order and grouping comes to the same, and what is read stays small."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

import pytest

from data import backtest, feeds
from data.areas import facts
from data.feeds import BoxRecord
from data.people import Actor
from data.queries import alert
from data.store import tables as t
from tests.store.receipts import plan, smallest
from tests.store.test_invariance import EXAMPLES, fault
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
    shapes = [
        {"type": "Feature", "properties": {"id": i, **more}, "geometry": {"type": "Polygon", "coordinates": RING}}
        for i, more in told.items()
    ]
    port = Folder(
        "port", {"place.yaml": text.replace(LIMITS, own), "areas.geojson": json.dumps({"type": "FeatureCollection", "features": shapes})}
    )
    return World.build([port, place(ZONE_TEXT)], [LimitsText("here.yaml", LAW)], formats)


@pytest.fixture
def full(hasty: None, book: Book) -> Book:
    book.world = crowded()
    return book


def test_any_order_grouping_and_repetition_come_to_the_same(full: Book) -> None:
    some = 0
    for seed in range(1, 1 + max(EXAMPLES // 15, 4)):
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
        truck, stays = f"T{rng.randrange(9)}", timedelta(minutes=rng.randrange(20, 240))
        at = clock(f"d{rng.randrange(days)} {rng.randrange(6, 9):02}:{rng.randrange(60):02}")
        told = [("gate_in", at), ("gate_out", at + stays)]
        for event, when in told if rng.random() < 0.85 else told[:1]:
            row = [f"ZZDU{n:07}", event, f"{when.astimezone(ZONE):%Y-%m-%d %H:%M}", truck]
            received = at + stays + timedelta(minutes=rng.choice((5, 5, 5, 600, 3000)))
            found.append(Receipt("carrier", f"{n}-{event}", csv(HEAD, [row]), received))
    return sorted(found, key=lambda receipt: (receipt.at, receipt.name))


def test_trucks_come_to_the_same_in_any_order(full: Book) -> None:
    kinds = set()
    for seed in (1, 2):
        rng = Random(seed)
        said = trucks(rng, 3)
        full.emptied()
        full.take(*said)
        full.judged("d9 00:00")
        one = full.derived()
        kinds |= {row["because_key"] for row in full.alerts(RULE)}
        full.emptied()
        shuffled = rng.sample(said, len(said))
        for n in range(0, len(shuffled), 7):
            full.take(*shuffled[n : n + 7])
            if n % 14 == 0:
                full.judged(f"d{4 + n // 28} 12:00")
        full.judged("d9 00:00")
        assert not (found := different(one, full.derived())), f"seed {seed}: {found}"
    assert {"turn_time", "trucks_inside"} <= kinds


def announced(rng: Random) -> list[tuple[str, str, BoxRecord]]:
    """(received, feed, what is told): discharges and exits announced and announced anew, some of them come, others are taken back."""
    found: list[tuple[str, str, BoxRecord]] = []
    for n in range(8):
        number, event = f"ZZDU{n:07}", rng.choice(("discharge", "discharge", "gate_out"))
        for k in range(rng.randrange(1, 3)):
            at = clock(f"d{rng.randrange(4, 20)} {rng.choice(HOURS)}")
            plan = BoxRecord(
                position="1", equipment=number, event=event, occurred_at=at, classifier="planned", size_type="45G1", occasion=f"C{n}"
            )
            found.append((f"d{rng.randrange(3)} 0{rng.randrange(1, 9)}:{n}{k}", "quay", plan))
        if rng.random() < 0.5:
            at = clock(f"d3 {rng.choice(HOURS)}")
            came = BoxRecord(position="1", equipment=number, event="discharge", occurred_at=at, size_type="45G1")
            found.append((f"d{rng.randrange(4, 6)} 05:{n}0", "quay", came))
    return found


HOURS = ("08:10", "11:30", "17:50")


def test_what_is_announced_comes_to_the_same_in_any_order(full: Book) -> None:
    kinds = set()
    for seed in (2, 4):
        rng = Random(seed)
        told = announced(rng)
        comes = []
        for order in (sorted(told, key=lambda one: one[0]), rng.sample(told, len(told))):
            full.emptied()
            for n, (received, feed, record) in enumerate(order):
                full.said(feed, received, record)
                if n % 5 == 4:
                    full.judged_at(max(clock("d6 00:00"), clock("d6 00:00") + timedelta(hours=n)))
            full.judged("d29 00:00")
            comes.append(full.derived())
            kinds |= {row["because_key"] for row in full.alerts(RULE)}
        assert not (found := different(*comes)), f"seed {seed}: {found}"
        assert full.differences() == []
    assert {"surge", "yard_use"} <= kinds


def visited(book: Book, first: int, days: int) -> None:
    """Each day a box comes and fills the place for four hours, on a truck that stays for as long."""
    rows = [
        [f"ZZDU{day:07}", event, local(f"d{day} {at}:00"), f"T{day}"]
        for day in range(first, first + days)
        for event, at in (("gate_in", "08"), ("gate_out", "12"))
    ]
    book.receive("carrier", csv((*HEAD, "size_type"), [[*row, "45G1"] for row in rows]), f"d{first + days} 00:00")


def test_what_is_read_does_not_grow_with_the_history(full: Book) -> None:
    def read(day: str) -> list[int]:
        at = full.world.place("port").day_of(clock(day))
        with full.store.read() as conn:
            yard, trucks = (facts(conn, full.world, "port", what, [at]) for what in ("", "@inside"))
        assert isinstance(yard, YardFacts)
        assert isinstance(trucks, TruckFacts)
        return [len(yard.levels), len(trucks.visits)]

    visited(full, 0, 6)
    short = read("d5 12:00")
    visited(full, 6, 54)
    full.judged("d60 00:00")
    assert read("d59 12:00") == short
    found = full.alerts(RULE)
    assert len(found) == 60
    told = alert.one(full.store, Actor("an", "an", "officer"), full.world, full.settings, found[-1]["alert_id"], clock("d60 00:00"))
    assert told is not None
    assert [proof.row["vehicle"] for proof in told.proofs] == ["T59"], "the report whose movement took it over the limit"
    full.receive("carrier", csv(HEAD, [["ZZDU0000900", "gate_in", local("d60 08:00"), "T900"]]), "d60 09:00")
    units = {row["unit"] for row in full.rows(t.touched) if row["unit"].startswith("area:")}
    assert {unit.rpartition("/")[2] for unit in units} <= {"2027-01-01", "2027-01-02"}, (
        "the day of the movement, and up to which it may reach"
    )


def test_a_back_test_finds_the_alerts_that_there_are(full: Book) -> None:
    visited(full, 0, 4)
    full.judged("d5 00:00")
    for limits, what, n in (({}, "same", 4), ({"yard_use_warn": "90%", "yard_use_high": "90%"}, "lost", 4)):
        tried = backtest.spells(full.store, full.world, RULE, ("port",), clock("d0 00:00"), clock("d5 00:00"), limits, clock("d5 00:00"))
        assert [spell.what for *_, piece in tried for spell in piece] == [what] * n


def test_a_capacity_declared_later_is_counted_from_the_beginning(full: Book) -> None:
    counted = full.world
    full.world = crowded(own=LIMITS)
    full.told_by("list", "d0 06:00 present", boxes=["ZZDU1234565"])
    full.told_by("terminal", "d1 08:00 discharge")
    full.judged("d2 00:00")
    assert full.alerts(RULE) == []
    full.world = counted
    full.judged("d2 01:00")
    assert {row["unit"] for row in full.alerts(RULE)} == {"area:port//2026-11-03"}
    assert full.differences() == []
