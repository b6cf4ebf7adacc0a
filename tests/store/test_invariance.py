"""The invariant of the house: the same receipts give the same tables and the same alerts, whatever the order and grouping of processing.

On top of it: going on from where the fold stands equals folding again, `rebuild` and `verify --deep` find nothing, and on input in order
nothing of the history is read again.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from data.books import REREAD
from data.raw import Raw
from data.rebuild import rebuild
from data.store import tables as t
from tests.store.receipts import BOXES, deliveries, receipts
from tests.store.told import Book, Receipt, book, clock, different

__all__ = ["book"]
EXAMPLES = int(os.environ.get("ZW_EXAMPLES", "40"))
LAST = "d30 00:00"
quickly = settings(
    max_examples=EXAMPLES, deadline=None, derandomize="ZW_EXAMPLES" not in os.environ, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip


def told(receipt: Receipt) -> str:
    """A receipt for the eyes of whoever looks for the fault."""
    return f"{receipt.at:%m-%d %H:%M} {receipt.feed} {receipt.name} {receipt.content.decode()}"


def load(book: Book, pulls: list[list[Receipt]], judgings: list[datetime]) -> dict[str, list[object]]:
    """All that comes of these pulls, judged in between at those moments, and at last at the same one."""
    for number, pull in enumerate(pulls):
        book.take(*pull)
        if number < len(judgings):
            book.judged_at(judgings[number])
    book.judged(LAST)
    return book.derived()


@given(data=st.data())
@quickly
def test_any_order_grouping_and_repetition_come_to_the_same(book: Book, data: st.DataObject) -> None:
    said = data.draw(receipts())
    for receipt in said:
        note(told(receipt))
    pulls = data.draw(deliveries(said))
    moments = data.draw(st.lists(st.datetimes(datetime(2026, 11, 1), datetime(2026, 11, 15)), max_size=3))
    judgings = sorted(clock("d0 00:00") + (moment - datetime(2026, 11, 2)) for moment in moments)
    straight = load(book.emptied(), [[receipt] for receipt in said], [])
    assert book.differences() == []
    other = load(book.emptied(), pulls, judgings)
    assert different(straight, other) == ""
    assert book.differences() == []
    with book.store.read() as conn:
        lines = conn.execute(t.alert_line.select()).all()
    rebuild(book.store, book.world)
    book.judged(LAST)
    assert different(other, book.derived()) == ""
    with book.store.read() as conn:
        assert conn.execute(t.alert_line.select()).all() == lines
    assert book.differences() == []
