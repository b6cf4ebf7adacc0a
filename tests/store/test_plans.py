"""What is planned takes back, hides and proves nothing of what happened, in any order."""

from __future__ import annotations

from typing import Any

import pytest

from data.feeds import BoxRecord
from data.store import tables as t
from tests.store.told import BOX, Book, book, clock

__all__ = ["book"]


def said(at: str, **more: Any) -> BoxRecord:
    """A discharge, under no id and of no document."""
    values: dict[str, Any] = {"position": "1", "equipment": BOX, "event": "discharge", "occurred_at": clock(at)}
    return BoxRecord(**(values | more))


def test_a_copy_counts_where_nothing_but_a_plan_tells_of_the_event(book: Book) -> None:
    book.said("quay", "d0 08:00", said("d1 08:00", classifier="planned"))
    book.said("quay", "d1 09:00", said("d1 08:30", function="copy"))
    assert book.statuses() == ["live", "live"]
    assert (book.throughput("discharge"), book.stay()["entered_at"]) == (1, clock("d1 08:30"))
    assert book.differences() == []


def test_a_plan_taken_back_is_no_discharge_taken_back(book: Book) -> None:
    book.said("quay", "d0 08:00", said("d1 08:00", classifier="planned"))
    book.said("quay", "d1 08:10", said("d1 08:00"))
    book.said("quay", "d1 09:00", said("d1 08:00", classifier="planned", function="cancel"))
    assert book.statuses() == ["retracted", "live", "retracted"]
    assert len(book.stays()) == 1
    assert book.differences() == []


@pytest.mark.parametrize(("function", "counts_as"), [("cancel", "retracted"), ("copy", "superseded")])
@pytest.mark.parametrize("order", [1, -1])
def test_what_speaks_of_a_plan_may_come_before_it(book: Book, function: str, counts_as: str, order: int) -> None:
    plan = said("d3 08:00", classifier="planned", updated_at=clock("d0 05:00"))
    other = said("d3 08:00", classifier="planned", updated_at=clock("d0 06:00"), function=function)
    for received, record in (("d0 08:00", plan), ("d0 09:00", other))[::order]:
        book.said("quay", received, record)
    was = {row["function"]: row["status"] for row in book.rows(t.report)}
    assert was == {"original": "retracted" if function == "cancel" else "live", function: counts_as}
    assert book.stays() == []
    book.told_by("terminal", "d1 08:00 discharge")
    assert len(book.stays()) == 1
    assert book.differences() == []
