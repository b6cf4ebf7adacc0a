"""The statement of a period: its balances are what the inventory says, and what moved is what lies between, as known now and then."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

import pytest

from data.inventory import held
from data.statement import statement
from data.store import tables as t
from data.store.engine import Store
from tests.store.goods_told import UNIT, Goods, line
from tests.store.test_ledger import some_lines
from tests.store.told import clock
from zones.statement import Figures, Key, Row

MINUTES = 70 * 1440


@pytest.fixture
def goods(store: Store) -> Goods:
    """Empty ledgers."""
    with store.write() as conn:
        for name in ("entry", "pool", "holding", "posting", "opening", "opened", "touched"):
            conn.execute(t.metadata.tables[name].delete())
    return Goods(store)


def test_it_adds_up_in_any_period_as_known_at_any_moment(goods: Goods) -> None:
    """Of 30 messages, late, corrected, told again, taken back: 40 periods, half of them as known at a random minute."""
    rng = Random(20261122)
    for n in range(30):
        goods.messages = n
        received = clock(f"d{rng.randrange(65)} 1{rng.randrange(10)}:00") + timedelta(minutes=n)
        goods.told(*(record for record, _, _ in some_lines(rng)), received=received)
    moved: set[str] = set()
    with goods.store.read() as conn:

        def balance(at: datetime, known_at: datetime | None) -> dict[Key, Figures]:
            found: dict[Key, Figures] = defaultdict(Figures)
            for one in held(conn, goods.world, "zone", at, known_at):
                key = Key(one.operator, one.owner, one.status, one.hs, one.uom, one.currency)
                found[key] += Figures(one.quantity, one.net_mg, one.value)
            return {key: one for key, one in found.items() if one}

        for n in range(40):
            since = clock("d0 00:00") + timedelta(minutes=rng.randrange(MINUTES))
            until = since + timedelta(minutes=1 + rng.randrange(rng.choice([600, MINUTES])))
            known_at = None if n % 2 else clock("d0 00:00") + timedelta(minutes=rng.randrange(MINUTES))
            told = statement(conn, goods.world, "zone", since, until, known_at)
            instant = timedelta(microseconds=1)
            assert not [row for row in told if row.difference], (since, until, known_at)
            assert {row.key: row.opening for row in told if row.opening} == balance(since - instant, known_at), (since, known_at)
            assert {row.key: row.closing for row in told if row.closing} == balance(until - instant, known_at), (until, known_at)
            moved |= {part for row in told for part in row.moved}
    assert moved >= {"admitted", "withdrawn", "destroyed", "adjusted", "owner_in", "owner_out", "status_in", "status_out"}


def test_a_month_by_hand(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 100, hs="870323", net_mg=90 * UNIT, value=50_000, currency="USD"))
    goods.told(line("withdrawal", "d30 08:00", 30, permit="P"), received="d40 08:00")
    goods.told(line("transfer", "d31 08:00", 20, to_owner="B"))

    def told(since: str, until: str, known: str | None = None) -> list[tuple[object, ...]]:
        with goods.store.read() as conn:
            found = statement(conn, goods.world, "zone", clock(since), clock(until), clock(known) if known else None)
        return [_plain(row) for row in found]

    assert told("d29 00:00", "d60 00:00") == [("A", 100, 0, 30, -20, 50), ("B", 0, 0, 0, 20, 20)]
    assert told("d29 00:00", "d60 00:00", "d39 00:00") == [("A", 100, 0, 0, -20, 80), ("B", 0, 0, 0, 20, 20)]
    assert told("d30 08:00", "d31 08:00") == [("A", 100, 0, 30, 0, 70)], "what happens at the first instant is in it, at the last is not"
    assert told("d1 08:00", "d1 08:01") == [("A", 0, 100, 0, 0, 100)]
    assert told("d-9 00:00", "d1 08:00") == []
    with pytest.raises(ValueError, match="period"), goods.store.read() as conn:
        statement(conn, goods.world, "zone", clock("d2 00:00"), clock("d2 00:00"))


def _plain(row: Row) -> tuple[object, ...]:
    names = ("opening", "receipts", "removals", "adjustments", "closing")
    return (row.key.owner, *(row.figures(name).quantity // UNIT for name in names))
