"""The time of goods, from lines in a database to alerts; and what an operator who counts in cycles has not counted for longest."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from data import goods as read
from data.judge import judge
from data.people import Actor
from data.queries import forecast
from data.store import tables as t
from data.store.engine import Store
from tests.store.goods_told import OPERATORS, Goods, line
from tests.store.told import ZONE_TEXT, clock, small_world
from zones.lot import longest_uncounted

LIMITS = {"bonded_period": "20d", "suspense_warn": "3d", "count_interval": "10d", "reconciliation_report": "30d"}
STANDS = "unverified"  # nobody speaks for the ledger here: what was not told may have been done
OWN = (
    "limits: ["
    + ", ".join(f"{{limit: {name}, value: {value}, from: 2026-01-01, reason: agreed}}" for name, value in LIMITS.items())
    + "]\n"
)


@pytest.fixture
def goods(store: Store) -> Goods:
    """Empty ledgers of a zone that has limits."""
    with store.write() as conn:
        for name in ("entry", "pool", "holding", "posting", "opening", "opened", "touched", "alert", "alert_event"):
            if name in t.metadata.tables:
                conn.execute(t.metadata.tables[name].delete())
    declared = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS + OWN)
    return Goods(store, small_world(zone=declared))


def alerts(goods: Goods, now: str) -> dict[tuple[str, str], str]:
    """(rule, subject) -> how it stands, when judged at a moment."""
    judge(goods.store, goods.world, clock(now))
    a = t.alert.c
    with goods.store.read() as conn:
        return {(row.rule, row.subject): row.condition for row in conn.execute(sa.select(a.rule, a.subject, a.condition))}


def test_goods_that_stay_are_told_and_what_was_done_ends_it(goods: Goods) -> None:
    goods.told(line("admission", "d0 08:00", 100))
    lot, operator = "lot:zone/O1/L1", "operator:zone/O1"
    assert alerts(goods, "d25 08:00") == {
        ("bonded", lot): STANDS, ("suspense_account_ageing", lot): STANDS, ("reconciliation", operator): STANDS,
    }  # fmt: skip
    goods.told(line("manipulation", "d25 09:00", declaration="D1"), line("count", "d25 10:00", 100, counted="full"))
    goods.told(line("withdrawal", "d25 11:00", 100, permit="P1"))
    assert alerts(goods, "d26 08:00") == {
        ("bonded", lot): STANDS, ("suspense_account_ageing", lot): "cleared", ("reconciliation", operator): "cleared",
    }, "time in bond that was up stays until somebody says what was done"  # fmt: skip


@pytest.mark.parametrize("known_at", [None, clock("d40 00:00")])
def test_what_was_not_counted_for_longest(goods: Goods, known_at: object) -> None:
    goods.told(line("admission", "d1 08:00", 100), line("admission", "d2 08:00", 10, lot="L2"), line("admission", "d3 08:00", 5, lot="L3"))
    goods.told(line("admission", "d0 08:00", 5, lot="L0"), line("withdrawal", "d5 08:00", 5, lot="L0"))
    expected = (("d4 08:00", "L1", ("admission", "L2")), ("d5 08:00", "L2", ("admission", "L3")), ("d6 08:00", "L3", ("count", "L1")))
    for at, lot, oldest in expected:
        goods.told(line("count", at, 1, lot=lot, counted="cycle"))
        with goods.store.read() as conn:
            ((_, facts),) = read.whole_books(conn, goods.world, ["operator:zone/O1"], known_at)  # type: ignore[arg-type]
            every = list(read.lots(conn, goods.world, [f"lot:zone/O1/L{n}" for n in range(4)]))
        assert facts.cycles
        assert facts.uncounted is not None
        assert (facts.uncounted.act, facts.uncounted.lot) == oldest
        assert facts.uncounted == longest_uncounted(lot for _, lot in every)


def test_a_forecast_tells_which_lots_pass_which_limit_and_what_is_left_of_them(goods: Goods) -> None:
    chi, far, now = Actor("chi", "chi", "supervisor"), Actor("far", "far", "supervisor", frozenset({"port"})), clock("d5 00:00")
    goods.told(line("admission", "d0 08:00", 100, value=500_0000, currency="USD", status="bonded"))
    goods.told(line("admission", "d1 08:00", 10, lot="L2"), line("withdrawal", "d2 08:00", 10, lot="L2", permit="P1"))
    goods.told(line("withdrawal", "d3 08:00", 40, permit="P2"))
    for judged in (False, True):  # what is told and not judged yet lies ahead too
        if judged:
            judge(goods.store, goods.world, now)
        found = forecast._reckon(goods.store, goods.world, now).passes
        bonded = [(one.unit, one.owner, one.limit, one.at, one.entered_at) for one in found if one.rule == "bonded"]
        assert bonded == [("lot:zone/O1/L1", "A", "bonded_period", clock("d20 08:00"), clock("d0 08:00"))]
        assert [one.worth for one in found if one.rule == "bonded"] == [forecast.Worth(("line", found[-1].worth.paper[1]), 300_00, "USD")]
        assert {one.subject for one in found} == {"lot:zone/O1/L1", "operator:zone/O1"}
    assert forecast.forecast(goods.store, far, goods.world, now).passes == ()
    assert {one.unit for one in forecast.forecast(goods.store, chi, goods.world, now, rule="bonded").passes} == {"lot:zone/O1/L1"}
