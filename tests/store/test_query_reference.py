"""Messages under one reference as a page sees them: side by side, what differs, whose eyes, who may decide."""

from __future__ import annotations

import pytest

from data import actions
from data.people import Actor, add_account
from data.queries import reference as ask
from data.queries.reference import Difference, Used
from data.raw import Raw
from data.store import tables as t
from tests.store.told import BOX, Book, book, box, clock, document, edifact, hasty

__all__ = ["book", "hasty"]
CHI = Actor("chi", "chi", "supervisor")
OFFICER = Actor("an", "an", "officer", frozenset({"port"}))
VIEWER = Actor("v", "v", "viewer")
ELSEWHERE = Actor("dung", "dung", "supervisor", frozenset({"zone"}))
OTHER, THIRD = "ZZDU1234565", "ZZDU0000010"


def sent(*boxes: list[str], code: str = "34", made: str = "d0 08:00") -> bytes:
    return edifact("CODECO", [document(code, [each], number=f"N{n}") for n, each in enumerate(boxes)], reference="R1", made=made)


@pytest.fixture
def twice(hasty: None, book: Book) -> Book:
    """Of three boxes the second message says one alike, one otherwise, one not at all, and another one besides."""
    first = sent(box(BOX, "d0 07:00"), box(OTHER, "d0 07:10", seal="S1"), box(THIRD, "d0 07:20"))
    second = sent(box(BOX, "d0 07:00"), box(OTHER, "d0 07:15", seal="S2"), box("ZZDU9999997", "d0 07:30"))
    book.receive("gate", first, "d0 09:00", "first")
    book.receive("gate", second, "d0 10:00", "second")
    for name, role, places in (("chi", "supervisor", None), ("dung", "supervisor", ["zone"]), ("an", "officer", ["port"])):
        add_account(book.store, name, role, "a long pass phrase", clock("d0 00:00"), places=places)
    return book


def asked(book: Book, actor: Actor = CHI, name: str = "second") -> Used | None:
    message_id = book.one(t.message, name=name)["message_id"]
    return ask.used(book.store, actor, book.world, book.settings.home, [message_id]).get(message_id)


def test_side_by_side(twice: Book) -> None:
    used = asked(twice)
    assert used is not None
    first, second = used.rivals
    assert (first.message["name"], first.stands, first.records, first.differences) == ("first", True, 3, None)
    assert (second.message["name"], second.stands, second.records, second.differing) == ("second", False, 3, 4)
    at = [clock(f"d0 07:{minute}") for minute in (10, 15, 20, 30)]
    assert second.differences == (
        Difference(OTHER, "gate_in", "occurred_at", at[0], at[1]),
        Difference(OTHER, "gate_in", "seals", ("S1",), ("S2",)),
        Difference(THIRD, "gate_in", "", at[2], None),
        Difference("ZZDU9999997", "gate_in", "", None, at[3]),
    )
    assert (used.own, used.alone, used.decisions, used.may, used.people) == (second, True, (), True, ("chi",))
    assert used.roles == ("admin", "supervisor")


def test_what_was_decided_is_shown(twice: Book) -> None:
    own = twice.one(t.message, name="second")["message_id"]
    actions.settle_reference(twice.store, twice.world, twice.settings, CHI, clock("d1 00:00"), own, choice="instead", reason="By phone.")
    used = asked(twice, name="first")
    assert used is not None
    assert [(rival.stands, rival.records, rival.differing) for rival in used.rivals] == [(False, 3, 4), (True, 3, None)]
    assert used.rivals[0].differences is not None
    assert used.rivals[0].differences[2] == Difference("ZZDU9999997", "gate_in", "", clock("d0 07:30"), None)
    assert [(row["decided_by"], row["reason"]) for row in used.decisions] == [("chi", "By phone.")]


def test_whose_eyes(twice: Book) -> None:
    officer, viewer = asked(twice, OFFICER), asked(twice, VIEWER)
    assert officer is not None
    assert viewer is not None
    assert (officer.may, officer.people, bool(officer.own.differences)) == (False, ("chi",), True)
    assert (viewer.may, viewer.people, viewer.own.differences) == (False, (), None)
    assert (viewer.own.records, viewer.own.differing) == (3, 4)
    assert asked(twice, ELSEWHERE) is None


def test_what_is_too_long_or_gone_is_not_looked_at(twice: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as small:
        small.setattr(ask, "LARGEST", 10)
        used = asked(twice)
        assert used is not None
        assert [(rival.records, rival.differing) for rival in used.rivals] == [(3, None), (None, None)]
    Raw(twice.settings.home).path(twice.one(t.message, name="first")["file_sha256"]).unlink()
    used = asked(twice)
    assert used is not None
    assert [(rival.records, rival.differing) for rival in used.rivals] == [(3, None), (3, None)]


def test_one_message_alone_is_no_case(twice: Book) -> None:
    twice.told_by("terminal", "d2 08:00 gate_out").told_by("carrier", "d2 09:00 gate_out")
    assert all(asked(twice, name=row["name"]) is None for row in twice.rows(t.message) if row["reference"] != "R1")


def test_what_they_say_alike_is_no_difference(hasty: None, book: Book) -> None:
    """Another order of the boxes, and another time of preparation."""
    one, two = box(BOX, "d0 07:00"), box(OTHER, "d0 07:10")
    book.receive("gate", edifact("CODECO", [document("34", [one, two])], reference="R1", made="d0 08:00"), "d0 09:00", "first")
    book.receive("gate", edifact("CODECO", [document("34", [two, one])], reference="R1", made="d0 08:30"), "d0 10:00", "second")
    used = asked(book)
    assert used is not None
    assert (used.own.differing, used.own.differences) == (0, ())


def test_of_many_messages_the_one_asked_for_and_the_one_that_stands_are_shown(hasty: None, book: Book) -> None:
    for number in range(ask.RIVALS + 3):
        book.receive("gate", sent(box(BOX, f"d0 0{number}:00")), f"d1 0{number}:00", f"m{number}")
    used = asked(book, name=f"m{ask.RIVALS + 2}")
    assert used is not None
    assert (len(used.rivals), used.more, used.rivals[0].stands, used.own.stands) == (ask.RIVALS, True, True, False)
