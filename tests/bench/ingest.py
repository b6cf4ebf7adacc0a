"""Ingest against the plainest thing that could be done: SQLAlchemy Core executemany of the same report rows.

    python -m tests.bench.ingest [--present 1000000] [--rows 100000] [--database both]

Both write the same rows in batches of 2,000, a commit each, into a table with the same columns and indexes and as many rows already in
it, each in a database of its own. Ours also folds movements, stays and counts in the same transaction, and in the second figure judges.
Rows come in time order; report rows read back from history must be 0. Ratios from one run; never a test.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from data import clock
from data.derive import derive
from data.feeds import BoxRecord, formats
from data.judge import judge
from data.keep import Keeper, News
from data.received import REREAD
from data.store import tables as t
from data.store.engine import Store, open_store
from tests.bench import where
from zones.codes import check_digit
from zones.place import Feed
from zones.world import Folder, LimitsText, World

START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 2000
BOXES = 20_000  # in circulation: each comes and goes again and again
PLACE = """
id: bench-port
name: {en: Bench Port}
kind: seaport
timezone: Asia/Ho_Chi_Minh
jurisdiction: bench
codes: [XXBEN]
areas: areas.geojson
supervised_from: 2025-01-01T00:00:00+07:00
feeds:
  - {id: bench-gate, format: codeco, publisher: B1, speaks_for: [gate, quay, yard], source: "file:///nowhere/*.edi"}
limits:
  - {limit: import_dwell_warn, value: 5d, from: 2025-01-01, reason: bench}
  - {limit: import_dwell_high, value: 9d, from: 2025-01-01, reason: bench}
"""
AREAS = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "all", "kind": "boundary"}, "geometry": '
    '{"type": "Polygon", "coordinates": [[[110, 17], [111, 17], [111, 18], [110, 18], [110, 17]]]}}]}'
)


def world() -> World:
    """One place with one feed."""
    known = {name: frozenset(module.SPEAKS_FOR) for name, module in formats().items()}
    folder = Folder("bench", {"place.yaml": PLACE, "areas.geojson": AREAS})
    return World.build([folder], [LimitsText("bench.yaml", "jurisdiction: bench\nlimits: []\n")], known)


def box(number: int) -> str:
    """The nth box."""
    first = f"ZZDU{number:06d}"
    return f"{first}{check_digit(first)}"


def records(first: int, count: int) -> Iterator[tuple[BoxRecord, datetime]]:
    """Records `first`.. in time order, two a second of a busy year: a box is discharged, and gated out one round later."""
    for n in range(first, first + count):
        round_, which = divmod(n, BOXES)
        at = START + timedelta(seconds=n * 6)
        visit, out = divmod(round_, 2)
        yield (
            BoxRecord(
                position=str(n),
                equipment=box(which),
                event="gate_out" if out else "discharge",
                occurred_at=at,
                occurred_text=f"{at:%Y%m%d%H%M}",
                unit=str(n),
                mode="truck" if out else "vessel",
                vehicle=f"15C-{which % 1000:05d}" if out else "",
                gate="G3" if out else "",
                vessel="" if out else "DEMO ORIOLE",
                voyage="" if out else "026E",
                line="DEM",
                bill=f"DEMB{(visit * BOXES + which) // 40:08d}",
                direction="import",
                full_empty="full",
                size_type="45G1" if which % 3 else "22G1",
                seals=(f"S{visit * BOXES + which:07d}",),
                gross_g=24_000_000,
                area=f"B{which % 12}",
                location="XXBEN",
            ),
            at + timedelta(minutes=3),
        )


def rows(ours: World, feed: Feed, first: int, count: int) -> list[dict[str, Any]]:
    """Report rows as the readers and the keeper make them."""
    said = []
    for record, received_at in records(first, count):
        keeper = Keeper(ours, feed, f"m{int(record.position) // 50}", "r", received_at, received_at)
        keeper._places = PLACES
        said.append(keeper.report(record))
    return said


PLACES: dict[str, Any] = {}


def plain_table(store: Store) -> sa.Table:
    """A copy of `report`, with the same indexes, alone in a database of its own: each pays for its own write-ahead log and page cache."""
    copy = t.report.to_metadata(sa.MetaData())
    copy.create(store.writer)
    return copy


def measure(url: str, plain_url: str, present: int, count: int) -> None:
    """Fill both, then measure both in turn, batch by batch, so that the machine's moods fall on both alike."""
    store, other, ours = open_store(url), open_store(plain_url), world()
    feed = ours.feed("bench-gate")
    t.metadata.create_all(store.writer)
    plain = plain_table(other)
    said = store.dialect
    judge(store, ours, START)
    for first in range(0, present, 20_000):
        batch = rows(ours, feed, first, min(20_000, present - first))
        with store.write() as conn:
            derive(conn, ours, News(reports=batch))
        with other.writer.begin() as conn:
            for n in range(0, len(batch), BATCH):
                conn.execute(plain.insert(), batch[n : n + BATCH])
        print(f"\r{said}: {first + len(batch):,} rows present", end="", file=sys.stderr)
    print(file=sys.stderr)
    if present:
        judge(store, ours, START + timedelta(seconds=present * 6))
    seconds = {"plain": 0.0, "derived": 0.0, "judged": 0.0}
    reread = REREAD.rows
    for first in range(present, present + count, BATCH):
        batch = rows(ours, feed, first, min(BATCH, present + count - first))
        began = clock.monotonic()
        with store.write() as conn:
            derive(conn, ours, News(reports=batch))
        seconds["derived"] += clock.monotonic() - began
        copy = [dict(row) for row in batch]  # as they are kept now
        began = clock.monotonic()
        with other.writer.begin() as conn:
            conn.execute(plain.insert(), copy)
        seconds["plain"] += clock.monotonic() - began
        began = clock.monotonic()
        judge(store, ours, batch[-1]["received_at"])
        seconds["judged"] += clock.monotonic() - began
    rate = {name: count / s for name, s in (("plain", seconds["plain"]), ("derived", seconds["derived"]))}
    rate["derived and judged"] = count / (seconds["derived"] + seconds["judged"])
    for name, value in rate.items():
        print(f"{said:<11} {present:>9,} present  {name:<20} {value:>9,.0f} rows/s   {value / rate['plain']:.2f} of plain")
    print(f"{said:<11} report rows read back from history: {REREAD.rows - reread}")
    store.close()
    other.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--present", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=where.CHOICES, default="both")
    said = parser.parse_args()
    for name in where.chosen(said.database):
        with where.database(name) as url, where.database(name) as plain_url:
            measure(url, plain_url, said.present, said.rows)


if __name__ == "__main__":
    main()
