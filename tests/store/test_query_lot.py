"""One lot as its page shows it: as it stands, as it stood, as it was known; what it took, what was made of it, what does not count."""

from __future__ import annotations

import csv
import io

import pytest

from data.people import Actor
from data.queries import lot as ask
from data.queries.lot_file import COLUMNS, file_of
from tests.alert_rows import put_alert
from tests.store.goods_told import UNIT, Goods, line
from tests.store.told import book, clock
from zones.lot import unit

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
NOWHERE = Actor("ly", "ly", "officer", frozenset())
NOW = clock("d20 12:00")


@pytest.fixture
def goods(book: object) -> Goods:
    """A lot that comes in, is packed, made into another, sent on, counted and taken beyond what is there."""
    told = Goods(book.store)  # type: ignore[attr-defined]
    told.told(
        line(
            "admission",
            "d0 08:00",
            100,
            hs="847130",
            hs_edition="2022",
            declaration="D1",
            equipment="ZZDU4839211",
            value=5_000_000,
            currency="USD",
        ),
        line("admission", "d0 09:00", 100, book="customs", declaration="D1"),
    )
    told.told(
        line("manufacture", "d2 08:00", 30, side="input", process="P1"),
        line("manufacture", "d2 09:00", 28, side="output", process="P1", lot="L2"),
    )
    told.told(line("stuff", "d3 08:00", 10, equipment="ZZDU1234565"), line("count", "d4 08:00", 68, counted="cycle"))
    told.told(
        line("transfer", "d5 08:00", 20, side="sent", permit="T1", to_location=""),
        line("transfer", "d6 08:00", 20, side="received", operator="F1", item="", permit="T1"),
    )
    return told


def chain(goods: Goods, at: str = "", known: str = "", who: Actor = ALL, lot: str = "L1", operator: str = "O1") -> ask.Chain | None:
    moments = [clock(text) if text else None for text in (at, known)]
    return ask.chain(goods.store, who, goods.world, "zone", operator, lot, NOW, *moments)


def test_a_lot_as_it_stands_as_it_stood_and_as_it_was_known(goods: Goods) -> None:
    goods.told(line("withdrawal", "d7 08:00", 60, permit="P7"), line("withdrawal", "d1 08:00", 5), received="d9 08:00")
    now, stood, known = chain(goods), chain(goods, "d1 12:00"), chain(goods, "d1 12:00", "d8 00:00")
    assert now
    assert stood
    assert known
    assert (now.balance, stood.balance, known.balance) == ({"KGM": -15 * UNIT}, {"KGM": 95 * UNIT}, {"KGM": 100 * UNIT})
    assert (now.own_balance, now.own_book) == ({"KGM": 100 * UNIT}, True)
    assert [one.quantity // UNIT for one in now.course] == [100, 95, 65, 45, -15]
    assert [sorted(one.faults) for one in now.lines if one.entry.permit == "P7"] == [["exceeds_balance", "not_traced"]]
    assert [one.entry.act for one in known.lines].count("withdrawal") == 0
    assert now.partings[0].first.at == clock("d1 08:00")


def test_what_it_took_and_what_became_of_it_lead_both_ways(goods: Goods) -> None:
    one, other = chain(goods), chain(goods, lot="L2")
    assert one
    assert other
    came = one.lines[0].entry.entry_id
    (took,) = [line_ for line_ in one.lines if line_.entry.side == "input"]
    assert took.posted
    assert [(trace.source, trace.quantity) for trace in took.posted.traces] == [(came, 30 * UNIT)]
    for found in (one, other):
        (process,) = found.facts.processes
        assert ([each.lot for each in process.of("input")], [each.lot for each in process.of("output")]) == (["L1"], ["L2"])
    (sent,) = [line_.entry.entry_id for line_ in one.lines if line_.entry.side == "sent"]
    (half,) = one.halves[sent]
    assert (half.entry.operator, half.pool, half.by) == ("F1", "L1", "permit")
    assert {box.equipment: box.by.act for box in one.packed if box.until is None} == {"ZZDU4839211": "admission", "ZZDU1234565": "stuff"}
    (count,) = one.counts
    assert (count.difference, count.own_difference, count.value, count.currency) == (-2 * UNIT, -2 * UNIT, -100_000, "USD")


def test_what_does_not_count_is_there_and_says_why(goods: Goods) -> None:
    said = line("withdrawal", "d8 08:00", 1, source_id="W1", updated_at=clock("d8 08:00"))
    again = line("withdrawal", "d8 08:00", 2, source_id="W1", updated_at=clock("d8 10:00"))
    goods.told(said).told(again).told(line("withdrawal", "d9 08:00", 3)).told(line("withdrawal", "d9 08:00", 3), received="d10 08:00")
    goods.told(line("withdrawal", "d25 08:00", 4), received="d11 08:00")
    goods.told(line("admission", "d9 08:00", 7, book="customs", equipment="ZZDU0000010"), received="d11 09:00")
    found = chain(goods)
    assert found
    void = {(one.entry.quantity or 0) // UNIT: one.counts for one in found.lines if one.counts != "live"}
    assert void == {1: "superseded", 3: "repeated", 4: "implausible", 7: "waits"}
    assert found.balance == {"KGM": 45 * UNIT}


def test_nobody_sees_a_lot_out_of_reach_nor_one_that_is_not_there(goods: Goods) -> None:
    assert chain(goods, who=NOWHERE) is None
    assert chain(goods, lot="nothing") is None
    assert chain(goods, known="d-1 00:00") is None


def test_a_lot_of_fungible_goods_is_found_in_the_item_it_is_pooled_with(goods: Goods) -> None:
    goods.told(line("admission", "d1 08:00", 9, operator="F1", item="I7", lot="A7"))
    found = chain(goods, lot="A7", operator="F1")
    assert found
    assert (found.pool, found.facts.key) == ("I7", unit("zone", "F1", "I7"))


def test_of_several_items_of_one_lot_the_first_by_name_is_shown(goods: Goods) -> None:
    goods.told(*(line("admission", "d1 08:00", 9, operator="F1", item=item, lot="A7") for item in ("I9", "I3", "I7")))
    found = chain(goods, lot="A7", operator="F1")
    assert found
    assert found.pool == "I3"


def test_every_line_is_in_the_file_with_its_figures_to_the_last_digit(goods: Goods) -> None:
    goods.told(line("withdrawal", "d9 08:00", 400, lot="=1+1"))
    found, other = chain(goods), chain(goods, lot="=1+1")
    assert found
    assert other
    rows = list(csv.DictReader(io.StringIO(file_of(found))))
    assert tuple(rows[0]) == COLUMNS
    assert [row["n"] for row in rows] == [str(n) for n, _ in enumerate(found.lines, 1)]
    assert [row["counts_as"] for row in rows] == [each.counts for each in found.lines]
    assert {row["at"] for row in rows} == {each.entry.at.isoformat().replace("+00:00", "Z") for each in found.lines}
    told = {step.entry_id: f"KGM {step.quantity // UNIT}" for step in (*found.course, *found.own_course)}
    assert [row["balance_after"] for row in rows] == [told.get(each.entry.entry_id, "") for each in found.lines]
    (below,) = csv.DictReader(io.StringIO(file_of(other)))
    assert (below["lot"], below["balance_after"], below["taken_of"]) == ("'=1+1", "KGM -400", "?: 400 KGM")


def test_its_alerts_are_those_of_its_unit(goods: Goods) -> None:
    put_alert(goods.store, "a" * 32, NOW, place="zone", unit=unit("zone", "O1", "L1"), equipment="")
    put_alert(goods.store, "b" * 32, NOW, place="zone", unit=unit("zone", "O1", "L2"), equipment="")
    found = chain(goods)
    assert found
    assert [row["alert_id"] for row in found.alerts] == ["a" * 32]
