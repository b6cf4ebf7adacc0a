"""What is inside as the inventory, an owner's page, a box's page and the search show it: now, as it was, as it was known."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from data.people import Actor, Refused
from data.queries import box_goods, boxes_and_lots, limit_dates, owner, search
from data.queries import inventory as ask
from data.queries._stock import Line, Narrowed
from data.queries.inventory_file import exact, file_of
from data.store import tables as t
from tests.store.goods_told import OPERATORS, UNIT, Goods, line
from tests.store.told import BOX, LAW, ZONE_TEXT, Book, book, clock, small_world

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
NOWHERE = Actor("ly", "ly", "officer", frozenset())
NOW = clock("d20 12:00")
OTHER = "ZZDU1234565"
GOODS_LAW = (
    LAW.rstrip().removesuffix("]")
    + """, {limit: bonded_period, value: 30d, valid_from: 2020-01-01, citation: Law 2},
  {limit: re_export_within, value: 10d, valid_from: 2020-01-01, citation: Law 3}]
statuses:
  - {id: bonded, name: {en: Bonded}, citation: Law 4}
  - {id: temporary, name: {en: Temporary import}, kind: temporary, citation: Law 4}
"""
)


@pytest.fixture
def goods(book: Book) -> Goods:
    """Three lots of two owners; one that was split, one that is below zero, one told late."""
    zone = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS)
    told = Goods(book.store, small_world(zone=zone, law=GOODS_LAW))
    figures = {"gross_mg": 10**9, "value": 500 * 10**4, "currency": "USD", "status": "bonded", "hs": "640399", "area": "a1"}
    told.told(line("admission", "d0 08:00", 100, equipment=BOX, declaration="D-1", **figures))
    told.told(line("manipulation", "d1 08:00", 40, status="bonded", to_status="temporary"))
    told.told(line("admission", "d2 08:00", 10, lot="L2", owner="B", gross_mg=10**8, value=7 * 10**4, currency="EUR", hs="851712"))
    told.told(line("withdrawal", "d3 08:00", 25, lot="L3", owner="B", permit="P-1"))
    told.told(line("withdrawal", "d4 08:00", 60, status="bonded", owner="A"), received="d10 08:00")
    return told


def inventory(goods: Goods, at: str = "", known: str = "", who: Actor = ALL, **asked: Any) -> ask.Inventory:
    narrowed = Narrowed(**{name: asked.pop(name) for name in ("owner", "hs", "status", "only", "older") if name in asked})
    moments = {"at": clock(at) if at else None, "known_at": clock(known) if known else None}
    return ask.inventory(goods.store, who, goods.world, NOW, ask.Asked(place="zone", **moments, narrowed=narrowed, **asked))


def amounts(lines: Any) -> list[tuple[str, str, str, float]]:
    return [(one.lot, one.owner, one.status, one.quantity / UNIT) for one in lines]


def test_what_is_inside_now_as_it_was_and_as_it_was_known(goods: Goods) -> None:
    now, stood, known = inventory(goods), inventory(goods, "d4 09:00"), inventory(goods, "d4 09:00", "d5 00:00")
    assert amounts(now.lines) == [("L3", "B", "", -25), ("L1", "A", "temporary", 40), ("L2", "B", "", 10)]
    assert amounts(stood.lines) == amounts(now.lines)
    assert amounts(known.lines) == [("L3", "B", "", -25), ("L1", "A", "bonded", 60), ("L1", "A", "temporary", 40), ("L2", "B", "", 10)]
    assert amounts(inventory(goods, "d0 09:00").lines) == [("L1", "A", "bonded", 100)]
    assert not inventory(goods, "d0 07:00").lines


def test_sums_are_by_currency_and_nothing_below_zero_hides(goods: Goods) -> None:
    found = inventory(goods, "d3 12:00", "d3 12:00")
    assert (found.whole.lots, found.whole.owners, found.whole.below) == (3, 2, 1)
    assert found.whole.gross_mg == 11 * 10**8
    assert found.whole.value == {"EUR": 7 * 10**4, "USD": 500 * 10**4}
    assert amounts(inventory(goods, only="below").lines) == [("L3", "B", "", -25)]
    assert found.lines[0].faults == ("before_admission", "not_traced")
    assert [one.lot for one in inventory(goods, only="faults").lines] == ["L3"]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("owner", {("B",): 2, ("A",): 1}),
        ("hs", {("",): 1, ("64",): 1, ("85",): 1}),
        ("status", {("",): 2, ("bonded",): 1, ("temporary",): 1}),
        ("area", {("",): 2, ("a1",): 1}),
        ("age", {(0,): 3}),
        ("value", {("", 0): 1, ("EUR", 1): 1, ("USD", 1): 1}),
    ],
)
def test_groups_count_different_lots(goods: Goods, by: str, expected: dict[Any, int]) -> None:
    assert {group.key: group.sums.lots for group in inventory(goods, "d3 12:00", by=by).groups} == expected


def test_filters_leave_what_fits(goods: Goods) -> None:
    assert [one.lot for one in inventory(goods, owner="B").lines] == ["L3", "L2"]
    assert [one.lot for one in inventory(goods, hs="85.17").lines] == ["L2"]
    assert [one.lot for one in inventory(goods, status="-").lines] == ["L3", "L2"]
    assert not inventory(goods, older="30").lines
    assert inventory(goods, owner="B").whole.lots == 3


def test_out_of_reach_is_refused_and_an_unknown_book_is_none(goods: Goods) -> None:
    with pytest.raises(Refused):
        inventory(goods, who=NOWHERE)
    with pytest.raises(ValueError, match="not one of"):
        inventory(goods, book="mine")
    assert ask.places(goods.store, NOWHERE, goods.world) == ()
    assert ask.places(goods.store, ALL, goods.world) == ("zone",)


def test_dates_ahead_run_from_the_line_that_let_goods_in_and_from_the_change_of_status(goods: Goods) -> None:
    def ahead(at: str) -> list[tuple[str, str, Any]]:
        asked = ask.Asked(place="zone", at=clock(at))
        found = limit_dates.ahead(goods.store, ALL, goods.world, NOW, asked)
        return [(one.limit, one.lot, one.ends) for one in (*found.passed, *found.coming)]

    assert ahead("d3 12:00") == [
        ("re_export_within", "L1", clock("d11 08:00")),
        ("bonded_period", "L1", clock("d30 08:00")),
        ("bonded_period", "L2", clock("d32 08:00")),
    ]
    assert [one[:2] for one in ahead("d20 00:00")] == [("re_export_within", "L1"), ("bonded_period", "L2")]


def test_a_break_under_a_status_begins_its_time_anew(goods: Goods) -> None:
    goods.told(line("manipulation", "d5 08:00", 40, status="temporary", to_status="bonded"))
    goods.told(line("manipulation", "d6 08:00", 40, status="bonded", to_status="temporary"))
    found = limit_dates.ahead(goods.store, ALL, goods.world, NOW, ask.Asked(place="zone", at=clock("d7 00:00")))
    assert [one.ends for one in found.coming if one.limit == "re_export_within"] == [clock("d16 08:00")]


def test_a_box_without_a_lot_and_a_lot_without_its_box(book: Book, goods: Goods) -> None:
    def apart() -> boxes_and_lots.Apart:
        return boxes_and_lots.apart(goods.store, ALL, goods.world, NOW, ask.Asked(place="zone"))

    found = apart()
    assert [(one.lot, why) for one, why in found.no_box] == [("L1", "never")]
    assert not found.no_lot
    for book.box, at in ((BOX, "d0 07:30"), (OTHER, "d5 08:00")):
        book.told_by("zone", f"{at} gate_in")
    found = apart()
    assert not found.no_box
    assert [row["equipment"] for row in found.no_lot] == [OTHER]
    assert (found.boxes, found.boxed) == (2, 1)
    goods.told(line("stuff", "d6 08:00", 5, equipment=OTHER))
    assert not apart().no_lot


def test_an_owner_over_the_places_within_reach(goods: Goods) -> None:
    found = owner.owned(goods.store, ALL, goods.world, NOW, "B")
    assert [(one.place, one.sums.lots, one.sums.below) for one in found.places] == [("zone", 2, 1)]
    assert found.acts == {"admission": 1, "withdrawal": 1}
    assert {(row["act"], row["lot"], row["quantity"] // UNIT) for row in found.moved} == {
        ("admission", "L2", 10),
        ("withdrawal", "L3", -25),
    }
    assert not owner.owned(goods.store, NOWHERE, goods.world, NOW, "B").known
    assert not owner.owned(goods.store, ALL, goods.world, NOW, "nobody").known


def test_the_lots_of_a_box_and_what_became_of_them(goods: Goods) -> None:
    goods.told(line("strip", "d6 08:00", 100, equipment=BOX), line("stuff", "d6 09:00", 5, lot="L2", equipment=BOX))
    found = box_goods.of_box(goods.store, ALL, goods.world, BOX, NOW)
    assert found is not None
    assert [(one.row["lot"], one.how) for one in found.lots] == [("L2", "in_it"), ("L1", "out")]
    assert box_goods.of_box(goods.store, NOWHERE, goods.world, BOX, NOW) is None
    assert box_goods.of_box(goods.store, ALL, goods.world, OTHER, NOW) is None


@pytest.mark.parametrize(
    ("text", "by", "lot"),
    [("l2", "lot", "L2"), ("p-1", "permit", "L3"), ("D-1", "declaration", "L1"), ("LX9", "lot", "LX9"), ("b", "owner", "")],
)
def test_goods_are_found_by_lot_paper_and_owner(goods: Goods, text: str, by: str, lot: str) -> None:
    goods.told(line("admission", "d6 08:00", 5, operator="F1", item="X", lot="LX9"))
    found = search.find(goods.store, ALL, goods.world, text, NOW).goods
    assert (by, lot) in {(hit.by, hit.lot) for hit in found}
    assert not search.find(goods.store, NOWHERE, goods.world, text, NOW).goods


def test_faulty_lines_are_listed_newest_first(goods: Goods) -> None:
    found = ask.faulty(goods.store, ALL, goods.world, NOW, "zone")
    assert [(row["lot"], row["faults"]) for row in found.rows][:1] == [("L3", "before_admission not_traced")]
    assert found.n == len(found.rows)


def test_the_file_has_every_line_to_its_last_digit(goods: Goods) -> None:
    asked = ask.Asked(place="zone")
    lines: list[Line] = ask.every_line(goods.store, ALL, goods.world, NOW, asked)
    rows = file_of(lines, "zone", NOW).splitlines()
    assert len(rows) == 1 + inventory(goods).n
    assert "-25,KGM" in rows[1]
    assert exact(1_204_500_000, 6) == "1204.5"
    assert exact(-1, 4) == "-0.0001"


@pytest.mark.plans
def test_search_reads_by_indexes(goods: Goods) -> None:
    """No question about papers reads through the lines."""
    e = t.entry.c
    for kept, column in ((t.PERMITTED, e.permit), (t.DECLARED, e.declaration), (t.OF_ITEM, e.lot)):
        asked = sa.select(e.pool).where(kept, column == "X")
        with goods.store.read() as conn:
            text = str(asked.compile(conn, compile_kwargs={"literal_binds": True}))
            if conn.dialect.name == "postgresql":
                conn.execute(sa.text("SET LOCAL enable_seqscan = off"))  # of five lines it would read them all
                plan = " ".join(row[0] for row in conn.execute(sa.text(f"EXPLAIN {text}")))
            else:
                plan = " ".join(row[-1] for row in conn.execute(sa.text(f"EXPLAIN QUERY PLAN {text}")))
        assert f"entry_{column.name}" in plan, plan
