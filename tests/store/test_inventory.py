"""What was inside at any moment, as known at any moment, is what a whole fold of the messages known then says."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from data.feeds import formats
from data.inventory import held
from data.keep import Keeper, News
from data.raw import Raw
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store
from data.told import entry_of
from tests.store.goods_told import OPERATORS, Goods, line
from tests.store.test_goods_files import FEEDS, ledger
from tests.store.test_ledger import some_lines
from tests.store.told import ZONE_TEXT, Book, clock, small_world
from zones.entry import LIVE, Entry, standing
from zones.ledger import FIFO, ZONE_LOT, fold, pool_of
from zones.world import World

BEGAN, MINUTES = clock("d0 00:00"), 70 * 1440


@pytest.fixture
def goods(store: Store) -> Goods:
    """Empty ledgers."""
    with store.write() as conn:
        for name in ("entry", "pool", "holding", "posting", "opening", "opened", "touched"):
            conn.execute(t.metadata.tables[name].delete())
    return Goods(store)


def whole_fold(entries: list[Entry], at: datetime, known_at: datetime | None) -> dict[tuple[Any, ...], int]:
    """From nothing but the lines: (operator, lot, owner, status, area, unit, came in by) -> how much."""
    known = [entry for entry in entries if known_at is None or entry.received_at <= known_at]
    counts = standing(known, {})
    pools: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in known:
        if counts[entry.entry_id] == LIVE:
            pools[entry.operator, pool_of(entry, entry.operator == "F1")].append(entry)
    found: dict[tuple[Any, ...], int] = {}
    for (operator, _), own in pools.items():
        account, _ = fold(own, lambda when, o=operator: FIFO if o == "F1" else ZONE_LOT, at)  # type: ignore[misc]
        for layer in account.layers:
            if layer.quantity:
                found[operator, layer.lot, layer.owner, layer.status, layer.area, layer.uom, layer.source] = layer.quantity
    return found


def test_two_hundred_random_minutes(goods: Goods) -> None:
    """Of 60 messages, late, corrected, told again, taken back: 100 minutes as known now, 100 as known at another random minute."""
    rng = Random(20261123)
    for n in range(60):
        goods.messages = n
        told = some_lines(rng)
        received = clock(f"d{rng.randrange(65)} 1{rng.randrange(10)}:00") + timedelta(minutes=n)
        goods.told(*(record for record, _, _ in told), received=received)
    with goods.store.read() as conn:
        entries = [entry_of(row) for row in conn.execute(t.entry.select()).mappings() if row["standing"] != "implausible"]
        assert len(entries) > 300
        filled = 0
        for n in range(200):
            at = BEGAN + timedelta(minutes=rng.randrange(MINUTES))
            known_at = None if n % 2 else BEGAN + timedelta(minutes=rng.randrange(MINUTES))
            should = whole_fold(entries, min(at, known_at + timedelta(minutes=15)) if known_at else at, known_at)
            found = inside(conn, goods.world, at, known_at)
            assert found == should, (at, known_at)
            filled += bool(found)
        assert filled > 100


def random_file(rng: Random) -> bytes:
    """A file of an operator's ledger; some lines are odd, late, told before, or versions of others."""
    lines = []
    for _ in range(rng.randrange(3, 9)):
        act = rng.choice(["admission", "admission", "withdrawal", "withdrawal", "count", "destruction", "return"])
        at = f"d{rng.choice([1, 2, 3, 35, 64])} {rng.choice(['08:00', '09:00', '10:30'])}"
        more = [f"lot={rng.choice(['L1', 'L2'])}", f"operator={rng.choice(['O1', 'F1'])}"]
        more += [f"uom={rng.choice(['KGM', 'KGM', 'TNE', 'H87'])}"]
        more += [f"source_id={rng.choice('abc')}"] if rng.random() < 0.3 else []
        lines.append(f"{act} {at} {rng.choice(['5', '10.5', '0.25', 'ten'])} {' '.join(more)}")
    return ledger(*lines)


def test_two_hundred_random_minutes_from_raw_messages(store: Store, settings: Settings, tmp_path: Path) -> None:
    """What a pull kept byte for byte, read again by the reader and folded from nothing, is what is answered."""
    text = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS) + FEEDS
    book = Book(store, settings, tmp_path / "files", small_world(zone=text)).emptied()
    rng = Random(5)
    for n in range(25):
        book.receive("ledger", random_file(rng), f"d{rng.randrange(3, 66)} 11:{n:02}")
    feed, place = book.world.feed("ledger"), book.world.place("zone")
    entries: list[Entry] = []
    for message in book.rows(t.message):
        keeper, news = Keeper(book.world, feed, message["message_id"], "again", message["received_at"], message["received_at"]), News()
        with Raw(settings.home).open(message["file_sha256"]) as file:
            for item in formats()["ledger_csv"].read(file.read(), place, dict(feed.options)):
                keeper.put(item, news)
        entries += [entry_of(row) for row in news.entries if row["standing"] == LIVE]
    assert len(entries) > 60
    filled = 0
    with store.read() as conn:
        for n in range(200):
            at = BEGAN + timedelta(minutes=rng.randrange(MINUTES))
            known_at = None if n % 2 else BEGAN + timedelta(minutes=rng.randrange(MINUTES))
            should = whole_fold(entries, min(at, known_at + timedelta(minutes=15)) if known_at else at, known_at)
            assert inside(conn, book.world, at, known_at) == should, (at, known_at)
            filled += bool(should)
    assert filled > 60


def inside(conn: Connection, world: World, at: datetime, known_at: datetime | None) -> dict[tuple[Any, ...], int]:
    """What is answered, in the words of `whole_fold`."""
    found = held(conn, world, "zone", at, known_at)
    return {(one.operator, one.lot, one.owner, one.status, one.area, one.uom, one.source): one.quantity for one in found}


def test_what_was_not_known_yet_was_not_inside(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 100), received="d1 09:00")
    goods.told(line("withdrawal", "d2 08:00", 30, source_id="w", permit="P"), received="d6 08:00")
    goods.told(line("withdrawal", "d2 08:00", 20, source_id="w", permit="P", updated_at=clock("d8 07:00")), received="d8 08:00")

    def there(at: str, known: str | None = None) -> list[int]:
        with goods.store.read() as conn:
            return [one.quantity // 1_000_000 for one in held(conn, goods.world, "zone", clock(at), clock(known) if known else None)]

    assert [there("d3 00:00"), there("d3 00:00", "d3 00:00"), there("d3 00:00", "d7 00:00")] == [[80], [100], [70]]
    assert there("d1 07:00") == []
    assert there("d9 00:00", "d1 08:30") == []


def test_a_line_told_anew_of_another_lot_was_of_the_first_one_until_then(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 100, source_id="a", lot="L1"), received="d1 09:00")
    goods.told(line("admission", "d1 08:00", 100, source_id="a", lot="L2", updated_at=clock("d5 08:00")), received="d5 09:00")

    def there(known: str) -> list[str]:
        with goods.store.read() as conn:
            return [one.lot for one in held(conn, goods.world, "zone", clock("d2 00:00"), clock(known))]

    assert [there("d3 00:00"), there("d6 00:00")] == [["L1"], ["L2"]]
