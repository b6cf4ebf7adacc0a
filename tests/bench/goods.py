"""Goods: lines of a ledger against the plainest insert of the same rows, and what was inside at a random past minute against now.

    python -m tests.bench.goods [--lines 1000000] [--rows 40000] [--database sqlite]

Lots come in, are drawn from five times on average over two months, counted now and then, and are gone; one line in fifty is told hours to
weeks late. Both ways write the same rows in batches of 2,000, a commit each, into tables with as many rows already in them, each in a
database of its own. Ratios from one run; never a test.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from data import clock
from data.derive import derive
from data.feeds import LedgerRecord
from data.inventory import held
from data.keep import Keeper, News
from data.store import tables as t
from data.store.engine import Store, open_store
from tests.bench import where
from tests.store.goods_told import goods_world
from zones.world import World

START = datetime(2025, 1, 1, tzinfo=UTC)
BATCH = 2000
MILLION = 1_000_000
DAYS = 700


def lines(count: int, seed: int = 7) -> list[tuple[LedgerRecord, datetime]]:
    """At least so many lines in the order of their receipt, with when that was."""
    rng = Random(seed)
    found: list[tuple[datetime, int, LedgerRecord]] = []
    lots = count // 6
    for lot in range(lots):
        at = START + timedelta(minutes=DAYS * 1440 * lot // lots)
        own: dict[str, Any] = {
            "lot": f"L{lot:07}",
            "item": f"SKU{lot % 900:04}",
            "hs": f"{(lot * 37) % 96 + 1:02}{lot % 90 + 10}{lot % 80 + 10}".replace("77", "76", 1),
            "hs_edition": "2022",
            "uom": "KGM",
            "owner": f"OWNER{lot % 40}",
            "operator": "O1" if lot % 3 else "O2",
            "status": "bonded",
            "origin": ("VN", "CN", "KR", "JP")[lot % 4],
            "area": f"W{lot % 12}",
        }
        left = rng.randrange(800, 24_000)
        value = left * 35_000
        declared = f"D{lot:09}"
        figures = {"net_mg": left * MILLION, "gross_mg": left * MILLION * 11 // 10, "value": value, "currency": "USD"}
        found.append((_told(rng, at), len(found), LedgerRecord(position="", act="admission", occurred_at=at, quantity=left * MILLION,
                      declaration=declared, source_id=f"A{lot}", **own, **figures)))  # fmt: skip
        for n in range(6):
            at += timedelta(minutes=rng.randrange(2000, 26_000))
            if at > START + timedelta(days=DAYS):
                break
            act = "count" if n == 2 else "withdrawal"
            taken = left if n == 5 else left // 3
            left -= taken if act == "withdrawal" else 0
            amount = (taken if act == "withdrawal" else left) * MILLION
            found.append((_told(rng, at), len(found), LedgerRecord(position="", act=act, occurred_at=at, quantity=amount,
                          permit=f"P{lot}-{n}", source_id=f"W{lot}-{n}", **own)))  # fmt: skip
    return [(record, received) for received, _, record in sorted(found, key=lambda one: one[:2])]


def _told(rng: Random, at: datetime) -> datetime:
    """One line in fifty comes hours to weeks late."""
    return at + (timedelta(hours=rng.randrange(1, 500)) if rng.random() < 0.02 else timedelta(minutes=rng.randrange(2, 60)))


def batches(world: World, told: list[tuple[LedgerRecord, datetime]]) -> Iterator[list[dict[str, Any]]]:
    """Rows as the keeper makes them, 2,000 at a time."""
    feed, news = world.feed("zone-gate"), News()
    for position, (record, received) in enumerate(told):
        keeper = Keeper(world, feed, f"m{position // 500}", "r", received, received)
        keeper.put(replace(record, position=str(position)), news)
        if len(news.entries) == BATCH:
            yield news.entries
            news = News()


def ours(store: Store, world: World, rows: list[dict[str, Any]]) -> None:
    """As they come: with postings, openings and what is to be judged."""
    news = News()
    news.entries = rows
    with store.write() as conn:
        derive(conn, world, news)


def plain(store: Store, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """SQLAlchemy's executemany."""
    with store.writer.begin() as conn:
        conn.execute(table.insert(), rows)


def inventory(store: Store, world: World, rounds: int) -> None:
    """Now, at random past minutes, and at random past minutes as known then."""
    rng = Random(3)
    with store.read() as conn:
        edges = conn.execute(sa.select(sa.func.min(t.posting.c.at), sa.func.max(t.posting.c.at))).one()
        span = int((edges[1] - edges[0]).total_seconds() // 60)
        for name in ("now", "past", "past, as known then", "past, as known a week later"):
            times, sizes = [], []
            for _ in range(rounds):
                at = edges[1] if name == "now" else edges[0] + timedelta(minutes=rng.randrange(span // 3, span))
                known = {"past, as known then": at, "past, as known a week later": at + timedelta(days=7)}.get(name)
                began = clock.monotonic()
                sizes.append(len(held(conn, world, "zone", at, known)))
                times.append(clock.monotonic() - began)
            middle, late = statistics.median(times) * 1000, sorted(times)[int(rounds * 0.95)] * 1000
            print(f"  inside {name}: median {middle:.0f} ms, p95 {late:.0f} ms ({statistics.median(sizes):.0f} holdings, {rounds} times)")


def measure(name: str, url: str, plain_url: str, told: argparse.Namespace) -> None:
    """Fill both, then measure both in turn, batch by batch, so that the machine's moods fall on both alike."""
    world, store, other = goods_world(), open_store(url), open_store(plain_url)
    t.metadata.create_all(store.writer)
    copy = t.entry.to_metadata(sa.MetaData())
    copy.create(other.writer)
    seconds, n = {"ours": 0.0, "plain": 0.0}, 0
    every = lines(told.lines + told.rows)
    present = len(every) - told.rows
    for rows in batches(world, every):
        kept = [dict(row) for row in rows]
        began = clock.monotonic()
        ours(store, world, rows)
        took = clock.monotonic() - began
        began = clock.monotonic()
        plain(other, copy, kept)
        n += len(rows)
        if n > present:
            seconds["ours"] += took
            seconds["plain"] += clock.monotonic() - began
        if n % 50_000 == 0:
            print(f"\r{name}: {n:,} lines present", end="", file=sys.stderr)
    print(file=sys.stderr)
    measured = n - (present // BATCH) * BATCH
    rates = {way: measured / taken for way, taken in seconds.items()}
    print(f"{name}: {present:,} lines present; plain {rates['plain']:,.0f}/s, with balances {rates['ours']:,.0f}/s: "
          f"{rates['ours'] / rates['plain']:.2f} of plain")  # fmt: skip
    inventory(store, world, told.rounds)
    store.close()
    other.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=MILLION)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", default="both", choices=where.CHOICES)
    told = parser.parse_args()
    for name in where.chosen(told.database):
        with where.database(name) as url, where.database(name) as plain_url:
            measure(name, url, plain_url, told)


if __name__ == "__main__":
    main()
