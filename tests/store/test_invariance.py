"""The invariant of the house: the same receipts give the same tables and the same alerts, whatever the order and grouping of processing.

On top of it: going on from where the fold stands equals folding again (`verify --deep` folds again), `rebuild` changes nothing and writes
no line, and on input in order nothing of the history is read again. ZW_EXAMPLES and ZW_SEED: how many examples, and from which on; each
kind of database has examples of its own.
"""

from __future__ import annotations

import os
from random import Random

import pytest
import sqlalchemy as sa

from data.rebuild import rebuild
from data.received import REREAD
from data.store import tables as t
from tests.store.receipts import Plan, plan, smallest
from tests.store.told import Book, book, different, hasty

__all__ = ["book", "hasty"]
EXAMPLES = int(os.environ.get("ZW_EXAMPLES", "40"))
SEED = int(os.environ.get("ZW_SEED", "1"))
LAST = "d30 00:00"


def straight(book: Book, plan: Plan) -> dict[str, list[object]]:
    """What comes of the receipts one by one as they were received."""
    book.emptied()
    for receipt in plan.said:
        book.take(receipt)
    book.judged(LAST)
    return book.derived()


def otherwise(book: Book, plan: Plan) -> dict[str, list[object]]:
    """What comes of them as planned, in transactions of a few rows."""
    book.emptied()
    for number, pull in enumerate(plan.pulls):
        if pull:
            book.take(*pull)
        if number in plan.judgings:
            book.judged_at(plan.judgings[number])
    book.judged(LAST)
    return book.derived()


def lines(book: Book) -> list[object]:
    with book.store.read() as conn:
        return list(conn.execute(sa.select(t.alert_line)).all())


def fault(book: Book, plan: Plan) -> str:
    """What does not hold, "" if all does: its name, a colon, and how."""
    with pytest.MonkeyPatch.context() as small:
        return _fault(book, plan, small)


def _fault(book: Book, plan: Plan, small: pytest.MonkeyPatch) -> str:
    one = straight(book, plan)
    if found := book.differences():
        return f"verify after one order: {found[:3]}"
    small.setattr("data.intake.ROWS", 2)
    other = otherwise(book, plan)
    if said := different(one, other):
        return f"another order: {said}"
    if found := book.differences():
        return f"verify after another order: {found[:3]}"
    journal = lines(book)
    rebuild(book.store, book.world)
    book.judged(LAST)
    if said := different(other, book.derived()):
        return f"rebuild: {said}"
    if (now := lines(book)) != journal:
        return f"rebuild wrote lines: {[line for line in now if line not in journal]}"
    return f"verify after rebuild: {found[:3]}" if (found := book.differences()) else ""


@pytest.fixture
def quick(hasty: None, book: Book) -> Book:
    """A book whose files need not survive a power cut."""
    return book


@pytest.mark.parametrize("part", range(4))
def test_any_order_grouping_and_repetition_come_to_the_same(quick: Book, part: int) -> None:
    first = SEED if quick.store.dialect == "sqlite" else SEED + EXAMPLES
    for seed in range(first + part, first + EXAMPLES, 4):
        example = plan(Random(seed))
        if fault(quick, example):
            least, said = smallest(example, lambda smaller: fault(quick, smaller))
            pytest.fail(f"seed {seed}\n{said}\n{least}", pytrace=False)


def test_in_order_nothing_is_read_again(quick: Book) -> None:
    quick.told_by("list", "d0 06:00 present", boxes=["ZZDU1234565"])
    REREAD.rows = 0
    for day in range(0, 30, 3):
        quick.told_by("terminal", f"d{day} 08:00 discharge", bill="B1", number=f"N{day}")
        quick.told_by("customs", f"d{day} 09:00 hold", hold_ref=f"H{day}")
        quick.told_by("terminal", f"d{day} 15:00 yard_move")
        quick.told_by("list", f"d{day + 1} 06:00 present")
        quick.told_by("customs", f"d{day + 1} 09:00 release")
        quick.told_by("terminal", f"d{day + 1} 14:00 gate_out", bill="B1")
    assert REREAD.rows == 0
    assert len(quick.stays()) == 11
    assert quick.differences() == []


def test_what_is_late_is_folded_again_from_the_reports_of_its_box_alone(quick: Book) -> None:
    quick.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d0 09:00 discharge", box="ZZDU1234565")
    quick.told_by("terminal", "d4 08:00 gate_out")
    REREAD.rows = 0
    quick.told_by("terminal", "d2 08:00 yard_move", received="d5 08:00")
    assert REREAD.rows == 3
    assert quick.differences() == []
