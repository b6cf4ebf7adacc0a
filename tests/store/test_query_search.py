"""Finding boxes: any spacing or case, last digits, plate, seal, bill, declaration; a wrong check digit offers what exists."""

from __future__ import annotations

import pytest

from data.people import Actor
from data.queries import search
from tests.store.test_plans_pages import explained, listening
from tests.store.told import BOX, FACTS, Book, book, clock, csv, local

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
ZONE_ONLY = Actor("an", "an", "officer", frozenset({"zone"}))


def found(book: Book, text: str, actor: Actor = ALL) -> list[str]:
    return [hit.box.number for hit in search.find(book.store, actor, book.world, text, clock("d9 00:00")).hits]


@pytest.fixture
def told(book: Book) -> Book:
    book.told_by("terminal", "d0 08:00 discharge", bill="MSK 77-1", seal="CA 1234")
    visit = csv(
        ("equipment", "event", "occurred_at", "vehicle", "seals"), [[BOX, "gate_out", local("d1 08:00"), "15C-123.45", "CA999 ZZ1"]]
    )
    book.receive("carrier", visit, "d1 08:05")
    facts = csv(FACTS, [["inspected", BOX, "", "DECL-9", "CUS", "", local("d0 10:00")]])
    book.receive("customs", facts, "d0 10:05")
    return book


@pytest.mark.parametrize(
    "text",
    [
        *("ZZDU4839211", "zzdu 483921 1", "ZZDU-483921-1", "zzdu4839", "9211", "39211", "4839211", "483921"),
        *("15C-123.45", "15c12345", "15 C 123 45", "MSK 77-1", "msk 77-1", "msk77-1", "MSK  77 -1", "DECL-9", "decl-9", "DECL - 9"),
        *("ＺＺＤＵ４８３９２１１", "４８３９２１１", "１５ｃ－１２３．４５", "ＤＥＣＬ－９"),
    ],
)
def test_a_box_is_found_by(told: Book, text: str) -> None:
    assert found(told, text) == [BOX]


def test_nothing_is_found_by_what_does_not_fit(told: Book) -> None:
    for text in ("", " ", "4838", "921", "XXXU", "15C-999.99", "%", "_", "ZZDU' OR 1=1 --", "🚚", "z" * 5000):
        assert found(told, text) == [], text


@pytest.mark.parametrize("text", ["ca999", "CA999 ZZ1", "zz1", "CA 1234", "ca1234", "CA-1234"])
def test_a_seal_finds_the_box_that_bears_it_or_bore_it(told: Book, text: str) -> None:
    """The first seal was changed for two others."""
    told.told_by("terminal", "d0 09:00 yard_move", seal="CA1234")
    assert found(told, text) == [BOX]


@pytest.mark.parametrize(
    ("seal", "texts"),
    [
        ("CA 466803", ("CA466803", "ca 466803", "CA-466803")),
        ("CA-466803", ("CA466803", "ca 466803")),
        ("CA466803", ("ca-466803", "CA 466803")),
    ],
)
def test_a_seal_is_found_however_its_letters_and_digits_are_parted(book: Book, seal: str, texts: tuple[str, ...]) -> None:
    book.told_by("terminal", "d0 08:00 discharge", seal=seal)
    assert [found(book, text) for text in texts] == [[BOX]] * len(texts)


@pytest.mark.parametrize(
    ("plate", "texts"),
    [("粤B·12345", ("粤B12345", "粤b 12345", "粤B·12345")), ("粤B12345", ("粤B·12345", "粤b12345")), ("đ-51 2", ("Đ512", "đ512"))],
)
def test_a_plate_in_other_letters_is_found(book: Book, plate: str, texts: tuple[str, ...]) -> None:
    visit = csv(("equipment", "event", "occurred_at", "vehicle"), [[BOX, "gate_in", local("d1 08:00"), plate]])
    book.receive("carrier", visit, "d1 08:05")
    assert [found(book, text) for text in texts] == [[BOX]] * len(texts)


def test_any_of_several_seals_finds_its_box_and_nothing_else_does(book: Book) -> None:
    columns = ("equipment", "event", "occurred_at", "seals")
    seals = {"ZZDU4839211": "AAA1 BBB2 CCC3", "ZZDU1234565": "AAA12 BBB22", "ZZDU0000010": "ccc3", "ZZDU9999997": "DDD4 AAA1"}
    book.receive("carrier", csv(columns, [[box, "gate_in", local("d0 08:00"), each] for box, each in seals.items()]), "d0 08:05")
    assert sorted(found(book, "AAA1")) == ["ZZDU4839211", "ZZDU9999997"]
    assert found(book, "BBB2") == ["ZZDU4839211"]
    assert sorted(found(book, "ccc3")) == ["ZZDU0000010", "ZZDU4839211"]
    assert found(book, "BBB22") == ["ZZDU1234565"]
    for text in ("BB", "BBB", "AAA", "CCC", "BBB2 C", "AAA1 BBB"):
        assert found(book, text) == [], text


def test_a_seal_that_was_taken_back_finds_nothing(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 gate_in", number="N1", seal="WRONG1")
    assert found(book, "WRONG1") == [BOX]
    book.cancelled("d0 08:00 gate_in", number="N1", received="d0 09:00", seal="WRONG1")
    assert found(book, "WRONG1") == []


@pytest.mark.plans
@pytest.mark.parametrize("actor", [ALL, ZONE_ONLY], ids=["all", "some"])
def test_a_seal_is_looked_up_in_its_indexes(told: Book, actor: Actor) -> None:
    with listening(told.store) as asked:
        search.find(told.store, actor, told.world, "CA999", clock("d9 00:00"))
    plans = [" | ".join(plan) for said, plan in explained(told.store, asked) if "seals" in said and "SELECT DISTINCT anon" in said]
    indexes = ("report_seals_after_first", "report_last_seal", "report_seals")
    names = [next((name for name in indexes if name in plan), plan) for plan in plans]
    assert names == ["report_seals", "report_seals_after_first", "report_last_seal", "report_seals", "report_seals_after_first"]


def test_what_is_out_of_reach_is_not_found(told: Book) -> None:
    for text in (BOX, "9211", "15C-123.45", "MSK 77-1", "DECL-9"):
        assert found(told, text, ZONE_ONLY) == [], text
    assert not search.find(told.store, ZONE_ONLY, told.world, "ZZDU4839212", clock("d9 00:00")).offers


@pytest.mark.parametrize("slip", ["ZZDU4839212", "ZZDU4839201", "ZZDU4389211", "ZXDU4839211", "ZZDU4839210"])
def test_a_slip_offers_what_exists(told: Book, slip: str) -> None:
    answer = search.find(told.store, ALL, told.world, slip, clock("d9 00:00"))
    assert not answer.hits
    assert [one.number for one in answer.offers] == [BOX]


def test_numbers_in_any_heap() -> None:
    heap = "ZZDU 483921 1\nzzdu210774-1; ZZDU5503184ZZDU6174028\tzzdu.617402.8 and more"
    assert search.numbers(heap) == ["ZZDU4839211", "ZZDU2107741", "ZZDU5503184", "ZZDU6174028"]
    assert search.numbers("15C-123.45") == []
