"""Lines of ledgers in a database: in whatever order and grouping they come, what is kept and what follows is the same, row for row."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest

from data.ledger import refold
from data.store import tables as t
from data.store.engine import Store
from tests.store.goods_told import Goods, line
from tests.store.told import clock


@pytest.fixture
def goods(store: Store) -> Goods:
    """Empty ledgers."""
    with store.write() as conn:
        for name in ("entry", "pool", "holding", "posting", "opening", "opened", "touched"):
            conn.execute(t.metadata.tables[name].delete())
    return Goods(store)


def test_in_order_out_of_order_and_again(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 100)).told(line("withdrawal", "d3 09:00", 40, permit="P1"))
    assert goods.stock() == {("L1", "A", ""): 60}
    goods.told(line("withdrawal", "d2 09:00", 70, permit="P0"))
    assert goods.stock() == {("L1", "A", ""): -10}
    assert goods.lines("permit", "faults") == [("", ""), ("P0", ""), ("P1", "exceeds_balance not_traced")]
    assert goods.differences() == []


def test_told_again_corrected_and_taken_back(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 100)).told(line("admission", "d1 08:00", 100), received="d4 08:00")
    assert goods.stock() == {("L1", "A", ""): 100}
    assert goods.lines("standing") == [("live",), ("repeated",)]
    goods.told(line("withdrawal", "d2 08:00", 10, source_id="w1", updated_at=clock("d2 08:00")))
    goods.told(line("withdrawal", "d2 08:00", 15, source_id="w1", updated_at=clock("d3 08:00"), lot="L1"))
    assert goods.stock() == {("L1", "A", ""): 85}
    goods.told(line("withdrawal", "d2 08:00", 15, source_id="w1", updated_at=clock("d5 08:00"), function="cancel"))
    assert goods.stock() == {("L1", "A", ""): 100}
    assert goods.differences() == []


def test_what_takes_a_line_back_may_come_before_it(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 100))
    goods.told(line("withdrawal", "d2 08:00", 10, permit="P", function="cancel"), received="d2 09:00")
    goods.told(line("withdrawal", "d2 08:00", 10, permit="P"), received="d2 10:00")
    assert goods.lines("standing") == [("live",), ("retracted",), ("retracted",)]
    assert goods.differences() == []


def test_a_correction_may_be_about_another_lot(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 100, source_id="a1", lot="L1"))
    goods.told(line("admission", "d1 08:00", 100, source_id="a1", lot="L2", updated_at=clock("d2 08:00")))
    assert goods.stock() == {("L2", "A", ""): 100}
    assert goods.differences() == []


def test_forty_thousand_lines_may_be_alike(goods: Goods, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that tells each piece of a day by a line of its own; which of the lines alike each is, is kept."""
    monkeypatch.setattr("data.keep.Counter", lambda: defaultdict(lambda: 40_000))
    goods.told(line("admission", "d1 08:00", 1))
    assert goods.lines("turn") == [(40_000,)]
    assert goods.differences() == []


def test_months_open_with_what_was_posted_before(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 100)).told(line("withdrawal", "d70 08:00", 30))
    goods.told(line("withdrawal", "d40 08:00", 20))  # late, into a month that is over
    goods.told(line("admission", "d-20 08:00", 7, lot="L0"))  # before everything
    assert goods.stock() == {("L1", "A", ""): 50, ("L0", "A", ""): 7}
    assert goods.differences() == []


def some_lines(rng: Random) -> list:
    """Lines that meet in every way: late, corrected, told again, taken back; two operators, two lots, two months."""
    found = []
    for n in range(rng.randrange(4, 16)):
        act = rng.choice(
            ["admission", "admission", "withdrawal", "withdrawal", "transfer", "manipulation", "adjustment", "count", "destruction"]
        )
        said = {
            "lot": rng.choice(["L1", "L2"]),
            "item": rng.choice(["", "X"]),
            "operator": rng.choice(["O1", "F1"]),
            "owner": rng.choice(["", "A"]),
            "to_owner": rng.choice(["", "B"]) if act == "transfer" else "",
            "status": rng.choice(["", "bonded"]),
            "to_status": rng.choice(["", "domestic"]) if act == "manipulation" else "",
            "source_id": rng.choice(["", "", "", "s1", "s2"]),
            "function": rng.choice(["original"] * 8 + ["cancel"]),
            "net_mg": rng.choice([None, 10_000_000]),
        }
        at = f"d{rng.choice([1, 1, 2, 3, 35, 64])} {rng.choice(['08:00', '09:00'])}"
        found.append(
            (line(act, at, rng.choice([5, 10, 10, 30]), **said), clock(f"d{rng.choice([3, 40, 65])} 10:0{rng.randrange(5)}"), n % 5)
        )
    return found


@pytest.mark.parametrize("seed", range(12))
def test_any_order_and_grouping_comes_out_alike(store: Store, goods: Goods, seed: int) -> None:
    rng = Random(seed)
    messages: dict[int, list] = {}
    for record, received, n in some_lines(rng):
        messages.setdefault(n, []).append((record, received))
    dumps = []
    for _ in range(3):
        with store.write() as conn:
            for name in ("entry", "pool", "holding", "posting", "opening", "opened"):
                conn.execute(t.metadata.tables[name].delete())
        order = sorted(messages)
        rng.shuffle(order)
        for number in order:
            goods.messages = number
            goods.told(*(record for record, _ in messages[number]), received=max(when for _, when in messages[number]))
        assert goods.differences() == []
        dumps.append(goods.tables())
    assert dumps[0] == dumps[1] == dumps[2]
    with store.write() as conn:
        pools = {
            (row[0], row[1], row[2], row[3])
            for row in conn.execute(t.entry.select().with_only_columns(t.entry.c.place, t.entry.c.book, t.entry.c.operator, t.entry.c.pool))
        }
        refold(conn, goods.world, pools)
    assert goods.tables() == dumps[0]


def test_what_customs_authorised_for_a_box_waits_for_the_box(goods: Goods) -> None:
    """Without a movement of the box the line is known and not in the supervisor's book."""
    goods.told(line("admission", "d1 08:00", 100, book="customs", equipment="ZZDU4839211"))
    assert goods.lines("standing", "effective_at") == [("waits", clock("d1 08:00"))]
    assert goods.differences() == []
