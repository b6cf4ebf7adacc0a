"""A hold on a box follows its goods into the next box, whatever is told first, and lets go with a release of either."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from data.rebuild import rebuild
from data.settings import Settings
from data.store.engine import Store
from tests.store.goods_told import OPERATORS
from tests.store.test_goods_files import FEEDS, ledger
from tests.store.told import ZONE_TEXT, Book, small_world

OTHER = "ZZDU1234565"


@pytest.fixture
def book(store: Store, settings: Settings, tmp_path: Path) -> Book:
    """An empty book of the two places; the zone's ledgers come as files."""
    text = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS) + FEEDS
    return Book(store, settings, tmp_path / "files", small_world(zone=text)).emptied()


def came(book: Book) -> None:
    book.told_by("zone", "d1 08:00 gate_in")


def held(book: Book) -> None:
    book.told_by("customs", "d2 08:00 hold")


def goods(book: Book) -> None:
    """The goods of the held box are packed into another."""
    box = book.box
    first = f"admission d1 09:00 100 equipment={box}"
    book.receive("ledger", ledger(first, f"strip d3 08:00 100 equipment={box}", f"stuff d3 09:00 100 equipment={OTHER}"), "d3 10:00")


def other(book: Book) -> None:
    book.told_by("zone", "d3 08:30 gate_in", equipment=OTHER)


TOLD = (came, held, goods, other)


ORDERS = [order for n, order in enumerate(permutations(TOLD)) if n % 4 == 0]


@pytest.mark.parametrize("order", ORDERS, ids=["-".join(told.__name__ for told in order) for order in ORDERS])
def test_the_other_box_is_held(book: Book, order: tuple) -> None:
    for told in order:
        told(book)
    stays = {stay["equipment"]: (stay["held"], stay["held_since"]) for stay in book.stays()}
    assert stays[OTHER][0] == "customs"
    before = book.derived()
    rebuild(book.store, book.world)
    assert book.derived() == before
    assert book.differences() == []


def test_it_leaves_on_hold_and_a_release_lets_it_go(book: Book) -> None:
    for told in TOLD:
        told(book)
    book.told_by("zone", "d5 08:00 gate_out", equipment=OTHER).judged("d6 00:00")
    assert [row["equipment"] for row in book.alerts("gate_out_on_hold")] == [OTHER]
    book.told_by("customs", "d4 08:00 release", received="d6 10:00").judged("d7 00:00")
    assert book.alerts("gate_out_on_hold") == []
    assert book.differences() == []


def test_a_hold_on_the_first_box_after_its_goods_left_it_stays_with_it(book: Book) -> None:
    came(book)
    goods(book)
    other(book)
    book.told_by("customs", "d4 08:00 hold")
    assert {stay["equipment"]: stay["held"] for stay in book.stays()} == {book.box: "customs", OTHER: ""}
