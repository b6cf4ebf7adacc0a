"""A shift is handed over: signed by one, taken line by line by another, kept as it stood; on real databases."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from data import audit
from data.actions import Conflict, NotPermitted, NotPossible, handover, shelve
from data.people import Actor
from data.queries import handover as ask
from data.queries.handover import Desk
from data.store import tables as t
from tests.alert_rows import put_alert
from tests.store.told import Book, book, clock

__all__ = ["book"]
AN, BINH = Actor("an", "an", "officer"), Actor("binh", "binh", "supervisor")
VIEWER, ELSEWHERE = Actor("lan", "lan", "viewer"), Actor("dung", "dung", "officer", frozenset({"zone"}))
NOW = "d5 20:00"


@pytest.fixture
def busy(book: Book) -> Book:
    """A box over its limit, one that came and left today, an Act now, one shelved."""
    book.told_by("list", "d0 06:00 present", boxes=["ZZDU0000011"])
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d5 09:00 gate_in", box="ZZDU1234565")
    book.told_by("terminal", "d5 14:00 gate_out", box="ZZDU1234565").judged(NOW)
    put_alert(book.store, "a" * 32, clock("d5 19:00"), place="port")
    put_alert(book.store, "b" * 32, clock("d5 18:00"), place="port", severity="today")
    shelve(book.store, BINH, "b" * 32, clock(NOW), world=book.world, until=clock("d6 08:00"), reason="waits for the lab")
    return book


def desk(book: Book, actor: Actor = AN, at: str = NOW) -> Desk:
    found = ask.desk(book.store, actor, book.world, "port", clock(at))
    assert found is not None
    return found


def sign(book: Book, actor: Actor = AN, steps: dict[str, str] | None = None, note: str = "Crane 2 is slow") -> str:
    step = {"a" * 32: "Stop the truck at the bridge"} if steps is None else steps
    return handover.sign(book.store, book.world, actor, clock(NOW), "port", began_at=desk(book).span.began, steps=step, note=note)


def test_what_the_next_shift_must_know(busy: Book) -> None:
    told = desk(busy).content
    assert {one["rule"] for one in told["alerts"]} >= {"import_overstay"}
    assert told["alerts"][0]["alert_id"] == "a" * 32, "worst first"
    assert [(one["alert_id"], one["shelf_reason"]) for one in told["shelved"]] == [("b" * 32, "waits for the lab")]
    counted = told["identity"]
    assert counted["start"] + counted["opening"] + counted["came"] - counted["went"] + counted["corrected"] == counted["inside"] == 2
    assert (counted["came"], counted["went"]) == (1, 1)


def test_limits_that_pass_in_the_next_hours(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").judged("d4 22:00")
    (one,) = desk(book, at="d4 22:00").content["limits"]
    assert (one["rule"], one["equipment"], one["value"]) == ("import_overstay", "ZZDU4839211", "5d")


def test_one_signs_another_takes_line_by_line(busy: Book) -> None:
    which = sign(busy)
    handed = desk(busy).handed
    assert handed is not None
    assert (handed.row["signed_by"], handed.row["note"], handed.waiting) == ("an", "Crane 2 is slow", len(handed.lines))
    assert handed.lines[0]["step"] == "Stop the truck at the bridge"
    assert ("an", "handed") in busy.journal("a" * 32), "the promise stands with the alert"
    with pytest.raises(NotPossible, match="lines_left"):
        handover.accept(busy.store, BINH, clock("d5 20:05"), which)
    for line in handed.lines:
        how: dict[str, Any] = {"taken": "questioned", "remark": "Which bridge?"} if line["line"] == 1 else {"taken": "accepted"}
        handover.take(busy.store, BINH, clock("d5 20:05"), which, line["line"], **how)
    handover.accept(busy.store, BINH, clock("d5 20:06"), which)
    done = desk(busy).handed
    assert done is not None
    assert (done.row["accepted_by"], done.row["accepted_at"], done.waiting) == ("binh", clock("d5 20:06"), 0)
    assert done.lines[0]["remark"] == "Which bridge?"
    with busy.store.read() as conn:
        assert audit.verify(conn) is None
        acts = [row.action for row in conn.execute(sa.select(t.audit.c.action).order_by(t.audit.c.seq))]
    assert acts[-1] == "accept_handover"
    assert acts.count("take_handover_line") == len(handed.lines)


def test_what_was_signed_stays_as_it_was(busy: Book) -> None:
    sign(busy)
    before = desk(busy).content
    busy.told_by("terminal", "d5 20:30 gate_out").judged("d5 21:00")
    assert desk(busy, at="d5 21:00").content == before


def test_who_signed_does_not_take_and_nobody_signs_twice(busy: Book) -> None:
    which = sign(busy)
    with pytest.raises(NotPossible, match="second_person"):
        handover.take(busy.store, AN, clock(NOW), which, 1, taken="accepted")
    with pytest.raises(NotPossible, match="second_person"):
        handover.accept(busy.store, AN, clock(NOW), which)
    with pytest.raises(Conflict) as other:
        sign(busy, BINH)
    assert other.value.by == "an"


def test_an_act_now_is_not_handed_over_without_a_next_step(busy: Book) -> None:
    with pytest.raises(NotPossible, match="no_step"):
        sign(busy, steps={})
    assert desk(busy).handed is None


def test_a_question_needs_words_and_a_line_is_taken_once(busy: Book) -> None:
    which = sign(busy)
    with pytest.raises(NotPossible, match="no_text"):
        handover.take(busy.store, BINH, clock(NOW), which, 1, taken="questioned")
    handover.take(busy.store, BINH, clock(NOW), which, 1, taken="accepted")
    with pytest.raises(Conflict):
        handover.take(busy.store, Actor("chi", "chi", "officer"), clock(NOW), which, 1, taken="accepted")


@pytest.mark.parametrize("who", [VIEWER, ELSEWHERE])
def test_who_may_not_is_refused_and_put_on_record(busy: Book, who: Actor) -> None:
    with pytest.raises(NotPermitted):
        sign(busy, who)
    with busy.store.read() as conn:
        last = conn.execute(sa.select(t.audit).order_by(t.audit.c.seq.desc()).limit(1)).one()
    assert (last.actor, last.action, last.reason) == (who.name, "denied", "hand_over")
    assert ask.desk(busy.store, ELSEWHERE, busy.world, "port", clock(NOW)) is None
