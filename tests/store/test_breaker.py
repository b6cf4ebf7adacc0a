"""A source of which too much is rejected is stopped: what comes is kept and not read, nothing leans on it, until a person says so."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import sqlalchemy as sa

from data.actions import Conflict, NotPermitted, NotPossible
from data.actions.feeds import read_on
from data.breaker import HELD, Limits, limits_of
from data.intake import Intake
from data.people import Actor
from data.queries import message, sources
from data.queries.overview import overview
from data.rebuild import rebuild
from data.store import tables as t
from tests.store.told import FACTS, GATE, PORT, Book, Receipt, book, clock, csv, hasty, local, small_world

__all__ = ["book", "hasty"]
CHI = Actor("chi", "chi", "supervisor")
BAD = ["ZZDU4839211", "hold", "", "", "QUA", "H1", "31.02.2026 25:61"]
LOOSE = PORT.replace("/srv/carrier/*.csv}", "/srv/carrier/*.csv, options: {breaker: {share: 50, records: 10, in_a_row: 6}}}")


def bad(number: int) -> bytes:
    """So many records, none of which can be read."""
    return csv(FACTS, [[f"ZZDU{n:07}", "hold", "", "", "QUA", "H1", "25:61"] for n in range(number)])


def gate(good: int, wrong: int, first: int = 0) -> bytes:
    """Rows of a gate, the good ones first."""
    rows = [[f"ZZDU{first + n:07}", "gate_in", local("d1 08:00") if n < good else "25:61", "full", "", "", ""] for n in range(good + wrong)]
    return csv(GATE, rows)


def on(book: Book, at: str, feed: str, number: int = 1, who: Actor = CHI) -> None:
    """Somebody lets the source go on."""
    read_on(book.store, book.world, who, clock(at), feed, reason="The terminal mended it.", seen=number)


def held(book: Book) -> list[str]:
    """The names of what is kept and not read."""
    return [row["name"] for row in book.rows(t.message, "received_at", state="pending", reason=HELD)]


def stop(book: Book, feed: str) -> dict[str, Any]:
    """The last time that the source was stopped."""
    return book.rows(t.breaker, "number", feed=feed)[-1]


def test_an_unread_release_verifies_nothing(hasty: None, book: Book) -> None:
    """A gate-out on hold, and customs' release of it kept and not read: it is not said that there was none."""
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold", hold_ref="H1")
    said = book.receive("customs", bad(60), "d1 12:00")
    assert (said["messages"], said["rejected"]) == (1, 60)  # read to its end
    assert stop(book, "customs") | {"opened_at": 0, "message_id": ""} == {
        "feed": "customs", "number": 1, "opened_at": 0, "why": "in_a_row", "records": 60, "rejected": 60, "message_id": "",
        "unread_from": None, "closed_at": None, "closed_by": "", "closed_reason": "", "through_at": None,
    }  # fmt: skip
    book.told_by("terminal", "d2 08:00 gate_out")
    book.told_by("customs", "d2 07:00 release", hold_ref="H1", received="d2 09:00")
    assert len(held(book)) == 1
    assert book.rows(t.reading, message_id=book.one(t.message, reason=HELD)["message_id"]) == []
    book.judged("d2 10:00")
    assert book.alert("gate_out_on_hold")["condition"] == "unverified"
    assert book.differences() == []
    kept = book.one(t.message, reason=HELD)["message_id"]
    seen = message.seen(book.store, CHI, book.world, kept, book.settings.home)
    assert seen
    assert (seen.message["state"], len(seen.reports), seen.missing) == ("pending", 0, False)
    assert kept in {row["message_id"] for row in sources.problems(book.store, CHI, book.world, reason=HELD).messages}
    customs = next(source for source in sources.sources(book.store, CHI, book.world, clock("d2 10:00")) if source.feed.id == "customs")
    assert (customs.heard.blind, customs.heard.stopped, customs.waiting) == (True, True, {"unreadable": 1, "pending": 1})
    (port,) = [place for place in overview(book.store, CHI, book.world, clock("d2 10:00")) if place.place == "port"]
    (customs,) = [feed for feed in port.silent if feed.feed == "customs"]
    assert (customs.stopped, customs.at) == (True, clock("d1 12:00"))

    on(book, "d2 11:00", "customs")
    book.judged("d2 11:00")
    assert book.alert("gate_out_on_hold")["condition"] == "unverified"  # nobody has read it yet
    book.receive("customs", csv(FACTS, []), "d2 12:00")
    assert held(book) == []
    assert stop(book, "customs")["through_at"] is not None
    book.judged("d2 12:00")
    assert book.alert("gate_out_on_hold")["condition"] == "invalidated"
    assert book.differences() == []
    before = book.derived()
    rebuild(book.store, book.world)
    assert book.derived() == before


def test_what_is_kept_and_not_read_was_not_heard(hasty: None, book: Book) -> None:
    """The rule of silent sources goes by what was heard; when it was all read, it was heard when it came."""
    book.world = small_world(PORT.replace("source: /srv/customs", "expect: [{within: 3h}], source: /srv/customs"))
    book.told_by("customs", "d1 09:00 hold", hold_ref="H1").receive("customs", bad(50), "d1 10:00")
    for hour in range(11, 20):
        book.receive("customs", csv(FACTS, [["selected", f"ZZDU{hour:07}", "", "", "", "", local(f"d1 {hour}:00")]]), f"d1 {hour}:05")
    assert len(held(book)) == 9
    book.judged("d1 20:00")
    assert [(row["condition"], row["began_at"]) for row in book.alerts("feed_silent")] == [("active", clock("d1 13:00"))]
    assert book.differences() == []
    on(book, "d1 20:10", "customs")
    book.receive("customs", csv(FACTS, []), "d1 20:15")
    book.judged("d1 20:20")
    assert book.alerts("feed_silent") == []
    assert len(book.rows(t.fact)) == 10
    assert [row["state"] for row in book.rows(t.message, "received_at")] == ["read", "unreadable", *["read"] * 9, "read"]


def test_by_share_as_the_feed_says_and_again(hasty: None, book: Book) -> None:
    book.world = small_world(LOOSE)
    book.receive("carrier", gate(4, 5), "d1 09:00")  # 5 of 9: too few to say
    assert not book.rows(t.breaker)
    book.receive("carrier", gate(1, 1, 100), "d1 10:00")
    assert [stop(book, "carrier")[name] for name in ("why", "records", "rejected")] == ["share", 11, 6]
    for n in range(3):
        book.receive("carrier", gate(2, 7, 200 + 10 * n), f"d1 1{n}:30", name=f"b{n}")
    book.receive("carrier", gate(3, 0, 300), "d1 13:30", name="good")
    assert held(book) == ["b0", "b1", "b2", "good"]
    assert len(book.rows(t.report)) == 5
    on(book, "d1 14:00", "carrier")
    book.receive("carrier", gate(1, 0, 400), "d1 15:00", name="c")  # the first of them stops it again
    assert held(book) == ["b1", "b2", "good", "c"]
    assert [row["through_at"] is None for row in book.rows(t.breaker)] == [False, True]
    assert stop(book, "carrier")["unread_from"] == clock("d1 11:30")
    assert book.differences() == []
    book.world = small_world(LOOSE.replace("{share: 50, records: 10, in_a_row: 6}", "'off'"))
    on(book, "d1 16:00", "carrier", number=2)
    book.receive("carrier", gate(1, 0, 500), "d1 17:00")
    assert held(book) == []
    assert len(book.rows(t.breaker)) == 2
    assert book.differences() == []


def test_one_good_record_in_between_is_not_in_a_row(hasty: None, book: Book) -> None:
    for n in range(3):
        book.receive("carrier", gate(1, 40, 100 * n), f"d1 1{n}:00")
    assert not book.rows(t.breaker)
    book.receive("carrier", gate(0, 10, 900), "d1 14:00")  # 40 and 10, over two messages
    assert stop(book, "carrier")["why"] == "in_a_row"


def test_broken_off_at_any_commit_it_stops_all_the_same(hasty: None, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """In small transactions, and with the pull ended after each of them and begun anew: the same stop, the same window."""
    monkeypatch.setattr("data.intake.ROWS", 10)
    rows = gate(30, 48), gate(2, 1, 100), gate(10, 55, 200), gate(5, 0, 300)
    receipts = [Receipt("carrier", f"f{n}", content, clock(f"d1 1{n}:00")) for n, content in enumerate(rows)]
    book.take(*receipts)
    undisturbed = stopped_so(book), book.derived()
    assert undisturbed[0][0] == [(1, "in_a_row", 55, 55)]
    assert held(book) == ["f3"]
    book.emptied()
    commit, left = Intake.commit, [0]

    def breaking_off(intake: Intake) -> None:
        commit(intake)
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(Intake, "commit", breaking_off)
    for after in (*range(1, 20), 0):
        left[0] = after
        with contextlib.suppress(KeyboardInterrupt):
            book.take(*receipts)
    assert (stopped_so(book), book.derived()) == undisturbed
    assert held(book) == ["f3"]
    assert book.differences() == []


def stopped_so(book: Book) -> tuple[list[Any], list[Any]]:
    """The stops, and the window that the next is reckoned from."""
    stops = [(row["number"], row["why"], row["records"], row["rejected"]) for row in book.rows(t.breaker)]
    return stops, [(row["feed"], row["recent"], row["in_a_row"]) for row in book.rows(t.rejected_lately)]


def test_who_may_let_it_go_on_and_who_was_first(hasty: None, book: Book) -> None:
    book.receive("customs", bad(50), "d1 10:00")
    for who in (Actor("an", "an", "officer"), Actor("bo", "bo", "supervisor", frozenset({"zone"}))):
        with pytest.raises(NotPermitted):
            on(book, "d1 11:00", "customs", who=who)
    with pytest.raises(NotPossible, match="no_text"):
        read_on(book.store, book.world, CHI, clock("d1 11:00"), "customs", reason=" ", seen=1)
    with pytest.raises(NotPossible, match="not_stopped"):
        on(book, "d1 11:00", "gate")
    on(book, "d1 11:00", "customs")
    with pytest.raises(Conflict) as first:
        on(book, "d1 11:01", "customs", who=Actor("dung", "dung", "admin"))
    assert first.value.by == "chi"
    assert stop(book, "customs")["through_at"] == clock("d1 11:00")  # nothing had come meanwhile
    with book.store.read() as conn:
        told = [(row.actor, row.action) for row in conn.execute(sa.select(t.audit).order_by(t.audit.c.seq))]
    assert told == [("an", "denied"), ("bo", "denied"), ("chi", "read_on")]


def test_options() -> None:
    assert limits_of({}) == Limits(20, 200, 50)
    assert limits_of({"breaker": "off"}) == Limits(0, 200, 0)
    assert limits_of({"breaker": {"share": "30"}}) == Limits(30, 200, 50)
    for wrong in ({"breaker": {"shaer": 3}}, {"breaker": {"share": "much"}}, {"breaker": "on"}):
        with pytest.raises(ValueError, match="breaker: "):
            limits_of(wrong)
