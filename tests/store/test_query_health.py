"""A source's health as it is asked for: exact after every correction, for whom it is within reach, and agreed by two people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from data.actions import Conflict, NotPermitted, NotPossible
from data.actions.feeds import decide, propose
from data.expectation import written
from data.feeds import HeadingRecord
from data.keep import Keeper, News
from data.people import Actor
from data.queries import agreement as ask_agreement
from data.queries import health, rhythm
from data.queries._heard import sight
from data.rebuild import rebuild
from data.reread import reread
from data.store import tables as t
from tests.store.told import BOX, PORT, Book, book, box, clock, csv, document, edifact, hasty, small_world

__all__ = ["book", "hasty"]
CHI, DUNG = Actor("chi", "chi", "supervisor"), Actor("dung", "dung", "manager")
ELSEWHERE = Actor("bo", "bo", "supervisor", frozenset({"zone"}))


def told(book: Book, at: str = "d4 00:00") -> dict[str, tuple[int, int, int]]:
    """event -> (told by one, by several that agree, that differ)."""
    found = ask_agreement.agreement(book.store, CHI, book.world, clock(at))
    return {row.event: (row.one, row.agree, row.differ) for row in found}


def test_who_confirms_a_movement_follows_every_correction(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 gate_in", number="D1")
    assert told(book) == {"gate_in": (1, 0, 0)}
    book.told_by("carrier", "d0 08:00 gate_in")
    assert told(book) == {"gate_in": (0, 1, 0)}
    book.told_by("terminal", "d2 09:00 gate_out", bill="B1", seal="S1").told_by("carrier", "d2 09:20 gate_out", seals="S2")
    assert told(book) == {"gate_in": (0, 1, 0), "gate_out": (0, 0, 1)}
    found = ask_agreement.agreement(book.store, CHI, book.world, clock("d4 00:00"))
    assert ask_agreement.whole(found).confirmed == 1.0
    assert book.differences() == []
    before = book.derived()
    rebuild(book.store, book.world)
    assert book.derived() == before
    assert told(book, "d40 00:00") == {}
    assert not ask_agreement.agreement(book.store, ELSEWHERE, book.world, clock("d4 00:00"))


def test_lags_follow_what_is_received_earlier_outdone_and_read_again(book: Book) -> None:
    def lags(feed: str = "carrier") -> list[int]:
        found = health.late(book.store, CHI, book.world, feed, clock("d6 00:00"))
        assert found
        return [round(seconds / 60) for seconds, _, n in found.long.curve() for _ in range(n)]

    rows = csv(("equipment", "event", "occurred_at"), [[BOX, "gate_in", "2026-11-02 08:00"]])
    book.receive("carrier", rows, "d0 09:00")
    assert [58 <= each <= 62 for each in lags()] == [True]
    book.receive("carrier", rows, "d0 08:30")  # it was received earlier than we knew
    assert [29 <= each <= 31 for each in lags()] == [True]
    book.told_by("customs", "d1 09:00 hold", received="d1 09:10")
    assert [9 <= each <= 11 for each in lags("customs")] == [True]
    book.told_by("carrier", "d2 10:00 gate_out", received="d2 09:00")
    assert len(lags()) == 2
    found = health.late(book.store, CHI, book.world, "carrier", clock("d6 00:00"))
    assert found
    assert (found.short.ahead, found.shift) == (1, None)
    one, two = (edifact("CODECO", [document("34", [box(at=f"d0 0{hour}:00")])], reference="7") for hour in (6, 7))
    book.receive("gate", two, "d0 10:00")
    book.receive("gate", one, "d0 09:30")  # its use of the reference stands: the other counts no more
    assert [205 <= each <= 215 for each in lags("gate")] == [True]
    reread(book.store, book.world, book.settings, clock("d5 00:00"), feed="carrier")
    assert len(lags()) == 2
    assert book.differences() == []
    before = book.derived()
    rebuild(book.store, book.world)
    assert book.derived() == before
    assert health.late(book.store, ELSEWHERE, book.world, "carrier", clock("d6 00:00")) is None


def test_gaps_close_themselves(book: Book) -> None:
    def send(number: int, at: str) -> None:
        book.receive("gate", edifact("CODECO", [document("34", [box(f"ZZDU{number:07}", at)])], reference=str(number)), at)

    for number in (7, 8, 9, 12, 13):
        send(number, f"d1 {number:02}:00")
    found = health.numbering(book.store, CHI, book.world, "gate", clock("d2 00:00"))
    assert found
    (gap,) = found.series[0].gaps
    assert (gap.first, gap.last, gap.since, gap.before.reference) == (10, 11, clock("d1 12:00"), "9")
    send(10, "d1 20:00")
    send(11, "d1 21:00")
    found = health.numbering(book.store, CHI, book.world, "gate", clock("d2 00:00"))
    assert found
    assert found.series[0].gaps == ()
    book.told_by("carrier", "d1 08:00 gate_in")
    found = health.numbering(book.store, CHI, book.world, "carrier", clock("d2 00:00"))
    assert found
    assert (found.series, found.unnumbered) == ((), 1)


def heading(book: Book, feed: str, at: str, *columns: str) -> None:
    """A file of these columns, as a reader tells of it."""
    book.number += 1
    news = News()
    keeper = Keeper(book.world, book.world.feed(feed), f"m{book.number}", f"r{book.number}", clock(at), clock(at))
    keeper.put(HeadingRecord(columns=columns), news)
    with book.store.write() as conn:
        conn.execute(t.heading.insert(), news.headings)


def test_what_changed_in_the_columns_and_since_when(book: Book) -> None:
    def found() -> health.Layouts:
        layouts = health.layouts(book.store, CHI, book.world, "carrier")
        assert layouts
        return layouts

    assert health.layouts(book.store, CHI, book.world, "carrier") is None
    for day in range(3):
        heading(book, "carrier", f"d{day} 08:00", "box", "event", "time")
    assert (found().drift, found().known_since) == (None, clock("d0 08:00"))
    for day in range(3, 6):
        heading(book, "carrier", f"d{day} 08:00", "box", "what", "time", "seal")
    drift = found().drift
    assert drift
    assert (drift.new, drift.missing, drift.renamed) == (("what", "seal"), ("event",), ())
    assert (found().since, found().before_to, found().mixed) == (clock("d3 08:00"), clock("d2 08:00"), False)
    heading(book, "carrier", "d6 08:00", "box", "event", "time")
    assert (found().mixed, found().since) == (True, clock("d6 08:00"))
    assert health.layouts(book.store, ELSEWHERE, book.world, "carrier") is None


def test_a_renamed_column_is_seen_through_the_reader(book: Book) -> None:
    for day, name in ((1, "occurred_at"), (2, "occurred_at"), (3, "occurred_on")):
        rows = csv(("equipment", "event", name), [[BOX, "gate_in", f"2026-11-0{day + 2} 08:00"]])
        book.receive("carrier", rows, f"d{day} 09:00")
    found = health.layouts(book.store, CHI, book.world, "carrier")
    assert found
    assert found.drift
    assert (found.drift.renamed, found.since) == ((("occurred_at", "occurred_on"),), clock("d3 09:00"))
    assert found.message_id == book.one(t.message, received_at=clock("d3 09:00"))["message_id"]


def test_what_nobody_knows_is_counted(book: Book) -> None:
    book.receive("gate", edifact("CODECO", [document("99", [box(at="d1 08:00")])], reference="1"), "d1 08:10")
    found = health.unknown(book.store, CHI, book.world, "gate")
    assert found
    assert found.reports == 1
    assert found.reasons[0][1] == 1


# ---------------------------------------------------------------- when it is heard


def heard(book: Book, feed: str, days: int, hours: list[int]) -> None:
    """Receipts at these hours of so many days."""
    at = [clock(f"d{day} {hour:02}:00") for day in range(days) for hour in hours]
    rows: list[dict[str, Any]] = []
    for n, one in enumerate(at):
        following = at[n + 1] if n + 1 < len(at) else None
        pause = int((following - one).total_seconds()) if following else None
        rows.append({"feed": feed, "heard_at": one, "receipt_id": f"r{n}", "next_at": following, "pause_s": pause})
    with book.store.write() as conn:
        conn.execute(t.hearing.insert(), rows)


def test_four_weeks_of_it_and_what_they_let_one_expect(book: Book) -> None:
    heard(book, "gate", 29, list(range(6, 22)))
    found = rhythm.rhythm(book.store, CHI, book.world, "gate", clock("d28 12:00"))
    assert found
    assert found.proposal is None  # first heard on the morning of d0: not four whole weeks
    found = rhythm.rhythm(book.store, CHI, book.world, "gate", clock("d29 12:00"))
    assert found
    assert (found.since, found.until, found.receipts) == (clock("d1 00:00"), clock("d29 00:00"), 28 * 16)
    assert (found.four_weeks[6], found.four_weeks[5], found.fewest[6], found.last_week[6]) == (4, 0, 1, 1)
    assert found.expected[6] == pytest.approx(1 / 48)  # every two days
    assert found.proposal
    assert written(found.proposal.expect) == [
        {"seconds": 5400, "hours": ["06:00", "22:00"]},
        {"seconds": 18 * 3600, "hours": None},
    ]
    assert found.calls == (0, 0)
    assert rhythm.rhythm(book.store, ELSEWHERE, book.world, "gate", clock("d29 12:00")) is None


def test_two_people_agree_and_only_what_comes_is_judged_by_it(book: Book) -> None:
    """What was silent before the acceptance is judged by what was declared then; from it on by what was agreed."""
    s, w = book.store, book.world
    heard(book, "gate", 1, [8])
    with s.write() as conn:
        conn.execute(t.touched.insert(), {"unit": "feed:gate", "cause": ""})
    table = [{"seconds": 3600, "hours": None}]
    number = propose(s, w, CHI, clock("d1 08:00"), "gate", expect=table, reckoned={}, reason="It comes every ten minutes.")
    with pytest.raises(NotPossible, match="second_person"):
        decide(s, w, CHI, clock("d1 09:00"), "gate", number=number, accept=True, reason="Yes.")
    with pytest.raises(NotPermitted):
        decide(s, w, Actor("an", "an", "officer"), clock("d1 09:00"), "gate", number=number, accept=True, reason="Yes.")
    book.judged("d1 09:30")
    assert book.alerts("feed_silent") == []  # two days are allowed
    decide(s, w, DUNG, clock("d1 10:00"), "gate", number=number, accept=True, reason="Agreed with the terminal.")
    with pytest.raises(Conflict):
        decide(s, w, DUNG, clock("d1 10:01"), "gate", number=number, accept=False, reason="No.")
    book.judged("d1 10:30")
    (alert,) = book.alerts("feed_silent")
    assert (alert["began_at"], alert["condition"]) == (clock("d1 10:00"), "active")  # not since d0 09:00
    with s.read() as conn:
        (gate,) = [feed for feed in sight(conn, w, ["port"], clock("d1 11:00")).feeds if feed.feed == "gate"]
    assert (gate.allowed, gate.silent) == (timedelta(hours=1), True)
    agreed = rhythm.agreed(s, CHI, w, "gate")
    assert agreed
    assert (agreed.stands, agreed.waits, [row["decided_by"] for row in agreed.decided]) == (1, None, ["dung"])
    assert book.differences() == []

    book.world = small_world(PORT.replace("expect: [{within: 2d}]", "expect: [{within: 3d}]"))  # the declaration was changed since
    with s.read() as conn:
        (gate,) = [feed for feed in sight(conn, book.world, ["port"], clock("d1 11:00")).feeds if feed.feed == "gate"]
    assert (gate.allowed, gate.silent) == (timedelta(days=3), False)
    book.judged("d1 11:00")
    assert book.alerts("feed_silent") == []
    with s.read() as conn:
        assert [row for row in conn.execute(sa.select(t.audit.c.action).order_by(t.audit.c.seq)).scalars()] == [
            "propose_expect", "denied", "decide_expect",
        ]  # fmt: skip


def test_nobody_accepts_his_own_proposal_past_the_screen_either(book: Book) -> None:
    propose(book.store, book.world, CHI, clock("d1 08:00"), "gate", expect=[{"seconds": 60, "hours": None}], reckoned={}, reason="So.")
    with pytest.raises(sa.exc.IntegrityError), book.store.write() as conn:
        conn.execute(t.expectation.update().values(decision="accepted", decided_by="chi", decided_at=clock("d1 09:00")))


def test_a_proposal_gives_way_to_the_next_and_can_be_taken_back(book: Book) -> None:
    s, w = book.store, book.world
    for n in (60, 120):
        propose(s, w, CHI, clock("d1 08:00"), "gate", expect=[{"seconds": n, "hours": None}], reckoned={}, reason="So.")
    assert [row["decision"] for row in book.rows(t.expectation)] == ["refused", ""]
    decide(s, w, CHI, clock("d1 09:00"), "gate", number=2, accept=False, reason="On second thoughts.")
    agreed = rhythm.agreed(s, CHI, w, "gate")
    assert agreed
    assert (agreed.stands, agreed.waits) == (0, None)
