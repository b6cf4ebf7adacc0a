"""Where the books part, per lot, from which line on; what counts found, by day and operator; what is covered and owed; who may see it."""

from __future__ import annotations

import pytest

from data.people import Actor, Refused
from data.queries import _balances as balances
from data.queries import reconciliation as ask
from data.queries.reconciliation import MONTH, Reconciled
from tests.alert_rows import put_alert
from tests.store.goods_told import OPERATORS, UNIT, Goods, line
from tests.store.told import LAW, ZONE_TEXT, book, clock, small_world
from zones.apart import ONLY_DECLARED, QUANTITY_DIFFERS
from zones.lot import unit

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
NOWHERE = Actor("ly", "ly", "officer", frozenset())
NOW = clock("d20 12:00")
DUE = "{limit: reconciliation_report, value: 30d, valid_from: 2020-01-01, citation: Law 2}"
YEARLY = OPERATORS.replace("Store One}", 'Store One}, year_end: "11-05"')


@pytest.fixture
def goods(book: object) -> Goods:
    """Lots alike in both books, apart in quantity, and only in the operator's; two days of counts."""
    world = small_world(zone=ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + YEARLY), law=LAW.replace("}]", "}, " + DUE + "]"))
    told = Goods(book.store, world)  # type: ignore[attr-defined]
    for n, lot in enumerate(("L1", "L2", "L3"), 1):
        goods_of = {"lot": lot, "declaration": f"D{n}", "value": 1_000_000, "currency": "USD", "net_mg": 80 * UNIT}
        told.told(line("admission", "d0 08:00", 100, **goods_of))
        if n < 3:
            told.told(line("admission", "d0 09:00", 100, book="customs", **goods_of))
    told.told(
        line("withdrawal", "d9 08:00", 30, lot="L2", permit="P1"), line("withdrawal", "d9 08:00", 20, lot="L2", permit="P1", book="customs")
    )
    counted = {"L1": 98, "L2": 75, "L3": 100}
    told.told(*(line("count", "d10 08:00", n, lot=lot, counted="full") for lot, n in counted.items()))
    told.told(line("count", "d12 08:00", 100, lot="L1", counted="cycle"))
    return told


def found(goods: Goods, **more: object) -> Reconciled:
    return ask.reconciled(goods.store, ALL, goods.world, NOW, "zone", **more)  # type: ignore[arg-type]


def test_a_lot_that_is_apart_tells_from_which_line_on_and_by_how_much(goods: Goods) -> None:
    one = found(goods)
    assert (one.own_book, one.differing, one.looked) == (True, 2, 3)
    told = {each.facts.pool: (each.parting.kind, each.parting.at, [q.n // UNIT for q in each.parting.difference]) for each in one.apart}
    assert told == {"L2": (QUANTITY_DIFFERS, clock("d9 08:00"), [-10]), "L3": (ONLY_DECLARED, clock("d0 08:00"), [100])}
    assert [slot.apart for slot in one.slots][-3:] == [1, 2, 2]
    assert found(goods, operator="F1").apart == ()


def test_counts_by_day_and_operator_and_what_each_difference_is_worth(goods: Goods) -> None:
    put_alert(
        goods.store, "a" * 32, NOW, place="zone", rule="shortage", unit=unit("zone", "O1", "L1"), anchor_reports=_counted(goods, "L1")
    )
    one = found(goods)
    cycle, full = one.runs
    assert (full.day.day, full.full, full.counted, full.short, full.over, full.above) == (12, 3, 3, 1, 1, 1)
    assert (cycle.cycle, cycle.counted, cycle.short) == (1, 1, 0)
    assert full.values == {"USD": (-20_000, 50_000)}
    assert full.net_mg == (-1_600_000, 4 * UNIT)
    assert full.share == pytest.approx(2 / 3)
    assert one.recorded == 2
    assert {each.pool: (each.counted.difference or 0) // UNIT for each in one.differences} == {"L1": -2, "L2": 5}
    assert [slot.short for slot in one.slots if slot.counted] == [1]
    assert [slot.over for slot in found(goods, kind=MONTH).slots][-1] == 1


def test_what_left_on_the_day_of_a_count_is_not_short(goods: Goods) -> None:
    goods.told(line("count", "d16 00:00", 60, lot="L1", precision="day"), line("withdrawal", "d16 00:00", 40, lot="L1", precision="day"))
    one = found(goods)
    assert (one.runs[0].counted, one.runs[0].short, one.runs[0].values) == (1, 0, {})
    assert sum(slot.short for slot in one.slots) == 1
    # the supervisor's book has 100 of it still, and 80 of L2
    assert {(each.counted.entry.at.day, each.pool): each.counted.own_difference for each in one.differences} == {
        (12, "L1"): -2 * UNIT, (12, "L2"): -5 * UNIT, (17, "L1"): -40 * UNIT,
    }  # fmt: skip
    assert one.recorded == 3


def _counted(goods: Goods, lot: str) -> list[str]:
    told = zip(goods.lines("entry_id", "lot", "counted"), strict=False)
    return [entry for ((entry, of, kind),) in told if of == lot and kind == "full"]


def test_what_was_counted_within_a_year_and_what_is_owed(goods: Goods) -> None:
    goods.told(line("admission", "d15 08:00", 5, lot="L9"))
    keeper = next(one for one in found(goods).keepers if one.operator == "O1")
    assert (keeper.there, keeper.counted, keeper.apart) == (4, 3, 3)
    assert (keeper.last_full, keeper.last_cycle) == (clock("d10 08:00"), clock("d12 08:00"))
    assert (keeper.year.isoformat() if keeper.year else "", keeper.report_due) == ("2026-11-05", clock("d34 00:00"))
    goods.told(line("reconciliation", "d18 08:00", lot="", uom=""))
    again = next(one for one in found(goods).keepers if one.operator == "O1")
    assert (again.reconciled, again.year.year if again.year else 0) == (clock("d18 08:00"), 2027)


def test_without_a_book_of_the_supervisors_own_nothing_is_apart(book: object) -> None:
    told = Goods(book.store).told(line("admission", "d0 08:00", 100))  # type: ignore[attr-defined]
    one = found(told)
    assert (one.own_book, one.apart, one.looked) == (False, (), 0)


def test_balances_are_compared_from_the_opening_of_a_month_as_from_the_beginning(goods: Goods) -> None:
    goods.told(line("admission", "d40 08:00", 7, lot="L7"))
    with goods.store.read() as conn:
        for at, lots in (("d8 00:00", {"L3"}), ("d20 00:00", {"L2", "L3"}), ("d41 00:00", {"L2", "L3", "L7"})):
            told, number = balances.differing(conn, "zone", clock(at), "", 10)
            assert ({pool for _, pool in told}, number) == (lots, len(lots))
        assert balances.differing(conn, "zone", clock("d41 00:00"), "", 1) == ([("O1", "L3")], 3)


def test_nobody_sees_what_is_out_of_reach(goods: Goods) -> None:
    with pytest.raises(Refused):
        ask.reconciled(goods.store, NOWHERE, goods.world, NOW, "zone")
    assert ask.places(NOWHERE, goods.world) == []
    assert ask.places(ALL, goods.world) == ["zone"]


def test_what_was_counted_before_the_time_tells_its_last_count_alone(goods: Goods) -> None:
    with goods.store.read() as conn:
        late, early = (
            balances.covered(conn, "zone", clock(at), clock(since), ["O1"])["O1"]
            for at, since in (("d20 12:00", "d15 08:00"), ("d11 08:00", "d10 12:00"))
        )
    assert (late.counted, late.full, late.cycle) == (0, None, clock("d12 08:00"))
    assert (early.counted, early.full, early.cycle) == (0, clock("d10 08:00"), None)
