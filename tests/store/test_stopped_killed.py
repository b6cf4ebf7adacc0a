"""A pull that dies at any commit while archives come page by page, one of them stops its source, and people let it go on."""

from __future__ import annotations

import io
from typing import Any

import pytest

from data.intake import Counts, Delivery, Intake
from data.store import tables as t
from tests.pure.xlsx_made import zipped
from tests.store.test_archives import Stopped
from tests.store.test_breaker import LOOSE, gate, held, on
from tests.store.told import Book, book, clock, different, hasty, small_world

__all__ = ["book", "hasty"]
# The second stops the source in the middle of an archive, of which one member cannot be had; one member comes twice.
PAGES = (
    zipped({"1.csv": gate(7, 0), "again.csv": gate(7, 0), "2.csv": gate(4, 0, 20)}),
    zipped({"3.csv": gate(3, 9, 30), "inner.zip": zipped({"x": b"x"}), "4.csv": gate(5, 0, 50), "1.csv": gate(7, 0)}),
    gate(3, 0, 60),
    zipped({"5.csv": gate(3, 0, 70), "6.csv": gate(2, 8, 80)}),
    gate(1, 0, 90),
)


def pulled(book: Book, at: str, last: int, dies: int = 0) -> Counts:
    """The pages up to `last` that the bookmark does not have, as a pull takes them; dead at the n-th look at the lease."""
    calls = iter(range(1, 1000))

    def guard(_: object) -> None:
        if next(calls) == dies:
            raise Stopped

    intake = Intake(book.store, book.world, book.world.feed("carrier"), book.settings, Counts(), guard)
    intake.resume()
    marks = book.rows(t.bookmark)
    for number in range(int(marks[0]["value"]) if marks else 0, last):
        content = PAGES[number]
        intake.take(Delivery(f"page {number}", lambda content=content: io.BytesIO(content), clock(at), None, f"{number + 1}"))  # type: ignore[misc]
        intake.commit()
    intake.finish()
    return intake.counts


def story(book: Book, dies: tuple[int, int, int] = (0, 0, 0)) -> bool:
    """Two pulls, the first of which stops the source; it goes on; two more, for the last archive stops it again. Whether any died."""
    died = False
    for at, last, number in (("d2 00:00", 4, dies[0]), ("d3 00:00", 5, dies[1]), ("d4 00:00", 5, dies[2])):
        try:
            pulled(book, at, last, number)
        except Stopped:
            died = True
            assert book.differences(deep=False) == []
            pulled(book, at, last)
        if any(row["closed_at"] is None for row in book.rows(t.breaker)):
            on(book, f"d{int(at[1])} 12:00", "carrier", book.rows(t.breaker, "number")[-1]["number"])
    return died


def came_to(book: Book) -> dict[str, Any]:
    found: dict[str, Any] = book.derived()
    found["breaker"] = [{k: v for k, v in row.items() if k not in ("opened_at", "through_at")} for row in book.rows(t.breaker)]
    found["lately"], found["at"] = book.rows(t.rejected_lately), [row["value"] for row in book.rows(t.bookmark)]
    found["receipt"] = []
    return found


@pytest.mark.parametrize("which", [0, 1, 2])
def test_dying_at_any_commit(hasty: None, book: Book, monkeypatch: pytest.MonkeyPatch, which: int) -> None:
    monkeypatch.setattr("data.intake.ROWS", 3)
    book.world = small_world(LOOSE)
    story(book)
    assert len(book.rows(t.breaker)) == 2
    assert held(book) == []
    assert {row["state"] for row in book.rows(t.message)} <= {"read", "partly", "unreadable"}
    undisturbed, number = came_to(book), 0
    assert book.differences() == []
    died = True
    while died:
        number += 1 + number // 5  # each of the first, then more rarely
        book.emptied()
        died = story(book, tuple(number * (n == which) for n in range(3)))  # type: ignore[arg-type]
        assert different(undisturbed, came_to(book)) == "", f"pull {which} died at {number}"
    assert number > 2
    assert book.differences() == []
