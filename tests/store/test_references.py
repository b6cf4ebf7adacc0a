"""A reference used twice, decided by a person: what stands, what falls, and that it stays so whatever arrives, in any order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from data import actions, audit
from data.actions import Conflict, NotPermitted, NotPossible, Settled
from data.keep import items
from data.people import Actor
from data.raw import Raw
from data.rebuild import rebuild
from data.reread import reread
from data.store import tables as t
from tests.store.told import BOX, Book, Receipt, book, box, clock, different, document, edifact, hasty

__all__ = ["book", "hasty"]
CHI = Actor("chi", "chi", "supervisor")
ADMIN = Actor("ha", "ha", "admin")
ONE, TWO, THREE = "ZZDU1234565", BOX, "ZZDU0000010"
LATE = "d9 00:00"


def sent(number: str, at: str, code: str = "34") -> bytes:
    """One box, under the reference that all of these have."""
    return edifact("CODECO", [document(code, [box(number, at)])], reference="R1", made=at)


FIRST = Receipt("gate", "first", sent(ONE, "d0 08:00"), clock("d0 09:00"))
SECOND = Receipt("gate", "second", sent(TWO, "d1 08:00"), clock("d1 09:00"))
THIRD = Receipt("gate", "third", sent(THREE, "d2 08:00"), clock("d0 08:30"))  # received before the others, told of later


@pytest.fixture
def twice(hasty: None, book: Book) -> Book:
    """Two messages under one reference: the first stands."""
    return book.take(FIRST) and book.take(SECOND) and book  # type: ignore[return-value]


def named(book: Book, name: str) -> dict[str, Any]:
    return book.one(t.message, name=name)


def settled(book: Book, name: str, choice: str, by: Actor = CHI, at: str = LATE, **more: Any) -> Settled:
    own, more = named(book, name)["message_id"], {"reason": "The terminal says so.", **more}
    return actions.settle_reference(book.store, book.world, book.settings, by, clock(at), own, choice=choice, **more)


def inside(book: Book) -> list[str]:
    return sorted(stay["equipment"] for stay in book.stays())


def standing(book: Book) -> list[str]:
    return sorted(row["name"] for row in book.rows(t.message) if not row["outdone_by"])


def sound(book: Book) -> Book:
    """Nothing differs when all is folded again, and rebuilding changes nothing."""
    assert book.differences() == []
    before = book.derived()
    rebuild(book.store, book.world)
    assert different(before, book.derived()) == ""
    assert book.differences() == []
    return book


def audited(book: Book) -> list[dict[str, Any]]:
    with book.store.read() as conn:
        assert audit.verify(conn) is None
    return book.rows(t.audit)


def test_until_somebody_decides_the_first_one_stands(twice: Book) -> None:
    assert (inside(twice), standing(twice)) == ([ONE], ["first"])


def test_the_later_one_stands_instead(twice: Book) -> None:
    first, second = named(twice, "first")["message_id"], named(twice, "second")["message_id"]
    assert settled(twice, "second", "instead") == Settled((second,))
    assert inside(sound(twice)) == [TWO]
    now, fallen = named(twice, "second"), named(twice, "first")
    assert (now["state"], now["reason"], now["outdone_by"], now["records"], now["reports"]) == ("read", "", "", 1, 1)
    assert (fallen["state"], fallen["reason"], fallen["outdone_by"], fallen["reports"]) == ("unreadable", "reference_reused", second, 0)
    assert [row["message_id"] for row in twice.rows(t.reject)] == [first]
    assert [row["message_id"] for row in twice.rows(t.report)] == [second]
    kept = twice.one(t.reference_choice)
    assert (kept["number"], kept["standing"], kept["choice"], kept["decided_by"]) == (1, [second], "instead", "chi")
    (row,) = audited(twice)
    assert (row["action"], row["object"], row["actor"]) == ("settle_reference", f"message:{second}", "chi")
    assert (row["before"], row["after"]) == ({"standing": [first]}, {"standing": [second], "choice": "instead"})
    assert row["reason"] == kept["reason"] == "The terminal says so."


def test_both_are_real(twice: Book) -> None:
    settled(twice, "second", "both")
    assert inside(sound(twice)) == [ONE, TWO]
    assert standing(twice) == ["first", "second"]
    assert twice.rows(t.reject) == []


def test_one_box_in_both_is_folded_again(hasty: None, book: Book) -> None:
    book.receive("gate", sent(TWO, "d0 08:00"), "d0 09:00", "first")
    book.receive("gate", sent(TWO, "d0 07:00"), "d1 09:00", "second")
    book.told_by("carrier", "d0 20:00 gate_out")
    assert book.stay()["entered_at"] == clock("d0 08:00")
    settled(book, "second", "instead")
    assert sound(book).stay()["entered_at"] == clock("d0 07:00")
    assert book.throughput("gate_in") == 1


def test_a_decision_can_be_taken_back(twice: Book) -> None:
    before = twice.derived()
    settled(twice, "second", "instead")
    settled(twice, "first", "both")
    assert inside(twice) == [ONE, TWO]
    settled(twice, "first", "instead", by=ADMIN)
    assert different(before, sound(twice).derived()) == ""
    assert [(row["number"], row["choice"], row["decided_by"]) for row in twice.rows(t.reference_choice)] == [
        (1, "instead", "chi"), (2, "both", "chi"), (3, "instead", "ha"),
    ]  # fmt: skip
    assert len(audited(twice)) == 3


@pytest.mark.parametrize(("choice", "stands", "there"), [("instead", ["second"], [TWO]), ("both", ["first", "second"], [ONE, TWO])])
def test_whatever_arrives_later_the_decision_stands(twice: Book, choice: str, stands: list[str], there: list[str]) -> None:
    settled(twice, "second", choice)
    twice.take(THIRD)  # even though it was received before the others
    assert (inside(twice), standing(twice)) == (there, stands)
    earlier = Receipt("gate", "first", FIRST.content, clock("d0 08:10"))
    twice.take(FIRST, SECOND, THIRD, earlier)
    assert (inside(sound(twice)), standing(twice)) == (there, stands)
    reread(twice.store, twice.world, twice.settings, clock("d9000 00:00"))
    assert (inside(sound(twice)), standing(twice)) == (there, stands)
    settled(twice, "third", "both")
    assert standing(sound(twice)) == sorted([*stands, "third"])


@pytest.mark.parametrize("choice", ["instead", "both"])
def test_with_the_decision_the_order_of_arrival_does_not_matter(twice: Book, choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(twice, "second", choice)
    twice.take(THIRD)
    should = twice.derived()
    monkeypatch.setattr("data.intake.ROWS", 1)
    for together in (True, False):
        for order in permutations((FIRST, SECOND, THIRD, Receipt("gate", "again", FIRST.content, clock("d0 09:30")))):
            twice.emptied()
            for pull in [order] if together else [(each,) for each in order]:
                twice.take(*pull)
            found = twice.derived()
            found["receipt"] = [row for row in found["receipt"] if row["name"] != "again"]
            found["hearing"] = should["hearing"]
            assert different(should, found) == "", (together, [each.name for each in order])
            assert twice.differences() == []


def test_a_long_message_is_taken_whole_or_not_at_all(hasty: None, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.intake.ROWS", 2)
    boxes = [f"ZZDU{number:07d}" for number in range(9)]
    book.take(FIRST)
    long = [document("34", [box(each, f"d1 0{number}:00")]) for number, each in enumerate(boxes)]
    book.receive("gate", edifact("CODECO", long, reference="R1", made="d1 10:00"), "d1 11:00", "second")
    assert inside(book) == [ONE]
    with monkeypatch.context() as broken:
        broken.setattr("data.audit.append", lambda *args, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            settled(book, "second", "instead")
    assert (inside(book), standing(book), book.rows(t.reference_choice)) == ([ONE], ["first"], [])
    settled(book, "second", "instead")
    assert inside(sound(book)) == boxes
    assert named(book, "second")["reports"] == 9


def test_alerts_follow_with_the_next_judging(hasty: None, book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d0 09:00 hold")
    for name, number, at in (("first", ONE, "d1 09:00"), ("second", TWO, "d1 10:00")):
        book.receive("gate", sent(number, at, "36"), at, name)
    book.judged("d2 00:00")
    assert book.alerts("gate_out_on_hold") == []
    settled(book, "second", "instead", at="d2 01:00")
    book.judged("d2 02:00")
    assert len(book.alerts("gate_out_on_hold")) == 1
    settled(book, "first", "instead", at="d2 03:00")
    book.judged("d2 04:00")
    assert book.alert("gate_out_on_hold")["condition"] == "invalidated"
    assert book.differences() == []


def test_what_is_decided_while_a_message_is_read_again_holds(twice: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = ["second"]

    def slowly(*args: Any) -> Iterator[Any]:
        while pending:
            settled(twice, pending.pop(), "instead")
        return items(*args)

    monkeypatch.setattr("data.reread.items", slowly)
    said = reread(twice.store, twice.world, twice.settings, clock(LATE), message=named(twice, "first")["message_id"])
    assert said["messages"] == 0
    assert inside(sound(twice)) == [TWO]
    assert [row["message_id"] for row in twice.rows(t.report)] == [named(twice, "second")["message_id"]]


def test_a_message_received_earlier_while_it_is_read_is_looked_at_again(twice: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = [Receipt("gate", "second", SECOND.content, clock("d1 08:30"))]

    def slowly(*args: Any) -> Iterator[Any]:
        while pending:
            twice.take(pending.pop())
        return items(*args)

    monkeypatch.setattr("data.intake.items", slowly)
    with pytest.raises(Conflict) as told:
        settled(twice, "second", "instead")
    assert (told.value.by, inside(sound(twice)), twice.rows(t.reference_choice)) == ("", [ONE], [])
    settled(twice, "second", "instead")
    assert twice.one(t.report)["received_at"] == clock("d1 08:30")
    assert inside(sound(twice)) == [TWO]


def test_verify_sees_a_decision_that_is_not_carried_out(twice: Book) -> None:
    settled(twice, "second", "instead")
    second = named(twice, "second")["message_id"]
    with twice.store.write() as conn:
        conn.execute(t.message.update().where(t.message.c.message_id == second).values(outdone_by="x"))
    assert [(row["identity"], row["about"]) for row in twice.differences(deep=False)] == [("messages", second)]


# ---------------------------------------------------------------- who may, and when


@pytest.mark.parametrize(
    "who",
    [
        *(Actor(role, role, role) for role in ("viewer", "officer", "manager", "auditor", "")),
        Actor("dung", "dung", "supervisor", frozenset({"zone"})),
        Actor("ly", "ly", "admin", frozenset()),
    ],
    ids=["viewer", "officer", "manager", "auditor", "nobody", "supervisor elsewhere", "admin of no place"],
)
def test_only_who_has_the_right_at_the_place_decides(twice: Book, who: Actor) -> None:
    before = twice.derived()
    with pytest.raises(NotPermitted):
        settled(twice, "second", "instead", by=who)
    assert different(before, twice.derived()) == ""
    assert twice.rows(t.reference_choice) == []
    (row,) = audited(twice)
    assert (row["action"], row["actor"], row["reason"]) == ("denied", who.id, "settle_reference")


def test_a_message_that_is_not_there_is_refused_alike(twice: Book) -> None:
    with pytest.raises(NotPermitted):
        actions.settle_reference(twice.store, twice.world, twice.settings, CHI, clock(LATE), "x" * 99, choice="both", reason="?")


def test_the_second_person_is_told_who_was_first(twice: Book) -> None:
    settled(twice, "second", "instead", seen=0)
    assert settled(twice, "second", "instead", seen=0).changed is False  # a double click
    with pytest.raises(Conflict) as told:
        settled(twice, "second", "both", by=ADMIN, seen=0)
    assert (told.value.by, told.value.at) == ("chi", clock(LATE))
    assert len(twice.rows(t.reference_choice)) == len(audited(twice)) == 1
    settled(twice, "first", "both", by=ADMIN, seen=1)
    assert inside(sound(twice)) == [ONE, TWO]


def test_what_cannot_be_decided_is_said_and_nothing_is_written(twice: Book) -> None:
    twice.told_by("terminal", "d3 08:00 gate_in", box=THREE)
    alone = twice.one(t.message, reference="R3")["name"]
    wrong = [("no_text", "second", "both", " \n"), ("no_choice", "second", "neither", "?"), ("stands_alone", alone, "instead", "?"),
             ("stands_already", "first", "both", "?")]  # fmt: skip
    before = twice.derived()
    for reason, name, choice, text in wrong:
        with pytest.raises(NotPossible) as told:
            settled(twice, name, choice, reason=text)
        assert told.value.reason == reason
    Raw(twice.settings.home).path(named(twice, "second")["file_sha256"]).unlink()
    with pytest.raises(NotPossible, match="bytes_missing"):
        settled(twice, "second", "instead")
    assert different(before, twice.derived()) == ""
    assert (twice.rows(t.reference_choice), twice.rows(t.audit)) == ([], [])


def test_a_decision_is_never_derived(twice: Book) -> None:
    settled(twice, "second", "instead")
    kept = twice.rows(t.reference_choice)
    rebuild(twice.store, twice.world)
    rebuild(twice.store, twice.world, "port")
    assert twice.rows(t.reference_choice) == kept
    with twice.store.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(t.reading)).scalar() == 2
