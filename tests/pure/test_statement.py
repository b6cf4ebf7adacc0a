"""What counts as what in a statement, and that the figures of a row add up whatever is told."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zones.entry import ACTS, SIDES, Entry
from zones.ledger import FIFO, ZONE_LOT, fold
from zones.statement import ADJUSTMENTS, CHANGES, COUNTS_AS, PARTS, RECEIPTS, REMOVALS, Figures, Key, Row, added, parts, rows

AT = datetime(2026, 11, 2, tzinfo=UTC)
KG = 1_000_000


def line(n: int, act: str, quantity: int | None, **said: object) -> Entry:
    given: dict[str, object] = {"lot": "L", "uom": "KGM", "owner": "A", "net_mg": None} | said
    amount = None if quantity is None else quantity * KG
    return Entry(entry_id=f"{n:03}", act=act, at=AT + timedelta(hours=n), received_at=AT, place="p", operator="O", quantity=amount, **given)  # type: ignore[arg-type]


def told(lines: list[Entry], since: int, until: int, method: str = ZONE_LOT) -> list[Row]:
    """The statement of [since, until) in hours, from one fold."""
    _, done = fold(lines, lambda _: method)
    before: list[tuple[Key, Figures]] = []
    within: list[tuple[Key, str, Figures]] = []
    after: list[tuple[Key, Figures]] = []
    for entry in lines:
        posted = [
            (
                Key("O", p.layer.owner, p.layer.status, p.layer.kind.hs, p.layer.uom, p.layer.kind.currency),
                Figures(p.quantity, p.net_mg, p.value),
            )
            for p in done[entry.entry_id].postings
        ]
        hour = (entry.at - AT) // timedelta(hours=1)
        before += posted if hour < since else []
        after += posted if hour < until else []
        within += parts(entry.act, entry.side, posted) if since <= hour < until else []
    return rows(before, within, after)


def figures(row: Row, *names: str) -> list[int]:
    return [row.figures(name).quantity // KG for name in names]


def test_each_line_counts_as_what_it_is() -> None:
    lines = [
        line(0, "admission", 100, net_mg=100 * KG, value=5_000, currency="USD"),
        line(1, "return", 5, currency="USD"),
        line(2, "withdrawal", 30),
        line(3, "manufacture", 20, side="input"),
        line(4, "destruction", 5),
        line(5, "adjustment", -2),
        line(6, "transfer", 10, side="sent"),
    ]
    (row,) = told(lines, 0, 9)
    assert figures(row, "admitted", "returned", "withdrawn", "used", "destroyed", "sent", "adjusted") == [100, 5, 30, 20, 5, 10, -2]
    assert figures(row, "opening", "receipts", "removals", "adjustments", "closing") == [0, 105, 65, -2, 38]
    (row,) = told(lines, 2, 3)
    assert figures(row, "opening", "receipts", "removals", "adjustments", "closing") == [105, 0, 30, 0, 75]


def test_goods_that_change_hands_or_status_leave_one_row_for_another() -> None:
    lines = [
        line(0, "admission", 100, status="bonded"),
        line(1, "transfer", 40, to_owner="B"),
        line(2, "manipulation", 10, to_status="free"),
    ]
    a_bonded, a_free, b_bonded = told(lines, 0, 9)
    assert figures(a_bonded, "receipts", "removals", "owner_out", "status_out", "adjustments", "closing") == [100, 0, 40, 10, -50, 50]
    assert figures(a_free, "receipts", "status_in", "adjustments", "closing") == [0, 10, 10, 10]
    assert figures(b_bonded, "receipts", "owner_in", "adjustments", "closing") == [0, 40, 40, 40]


def test_goods_that_are_only_moved_change_no_row() -> None:
    lines = [line(0, "admission", 100, area="a"), line(1, "manipulation", 60, to_area="b"), line(2, "strip", None, to_area="c")]
    (row,) = told(lines, 1, 9)
    assert not row.moved
    assert figures(row, "opening", "closing") == [100, 100]


def test_what_was_taken_before_it_came_is_not_received_twice() -> None:
    (row,) = told([line(0, "withdrawal", 30), line(1, "admission", 100)], 0, 9)
    assert figures(row, "withdrawn", "admitted", "closing") == [30, 100, 70]
    (row,) = told([line(0, "withdrawal", 30), line(1, "admission", 100)], 1, 9)
    assert figures(row, "opening", "admitted", "closing") == [-30, 100, 70]


def test_every_line_that_moves_something_has_a_part() -> None:
    moving = {(act, side) for act in ACTS for side in SIDES if Entry("", act, AT, AT, "p", "O", side=side).effect}
    assert moving == {one for one in COUNTS_AS if one[0] != "adjustment" or not one[1]}, "an adjustment is one on whatever side it is put"
    assert set(PARTS) == {*RECEIPTS, *REMOVALS, *ADJUSTMENTS}
    assert set(COUNTS_AS.values()) == set(PARTS) - set(CHANGES)


NAMES = st.sampled_from(["", "A", "B"])
LINES = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.sampled_from(SIDES),
        st.one_of(st.none(), st.integers(-20, 60)),
        st.fixed_dictionaries(
            {
                "lot": st.sampled_from(["L", "M"]),
                "item": st.sampled_from(["", "X"]),
                "owner": NAMES,
                "to_owner": NAMES,
                "status": NAMES,
                "to_status": NAMES,
                "to_area": NAMES,
                "uom": st.sampled_from(["KGM", "TNE", "H87"]),
                "hs": st.sampled_from(["", "870323"]),
                "net_mg": st.one_of(st.none(), st.integers(0, 10**9)),
                "value": st.one_of(st.none(), st.integers(0, 10**9)),
            }
        ),
    ),
    max_size=12,
)


@given(LINES, st.integers(0, 12), st.integers(1, 12), st.sampled_from([ZONE_LOT, FIFO]))
def test_it_adds_up(told_lines: list[tuple[str, str, int | None, dict[str, object]]], since: int, hours: int, method: str) -> None:
    lines = [line(n, act, quantity, **said, side=side) for n, (act, side, quantity, said) in enumerate(told_lines)]
    found = told(lines, since, since + hours, method)
    by_unit: dict[str, list[Figures]] = defaultdict(list)
    for row in found:
        came, went, put_right = (row.figures(name) for name in ("receipts", "removals", "adjustments"))
        assert not row.difference
        assert row.opening + came + -went + put_right == row.closing
        by_unit[row.key.uom] += [row.moved[part] for part in CHANGES if part in row.moved]
    assert not any(added(changes) for changes in by_unit.values()), "what changed hands inside came and went nowhere"
