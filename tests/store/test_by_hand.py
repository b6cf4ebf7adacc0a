"""What people record from paper: one writes it down, another reads it; then it is received like anything else, and the source's own
message confirms it or contradicts it, and never doubles it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from data import by_hand as to_messages
from data.actions import Conflict, NotPermitted, NotPossible
from data.actions import by_hand as acts
from data.clock import real_now
from data.intake import Intake
from data.people import Actor
from data.queries import by_hand as ask
from data.queries import container
from data.rebuild import rebuild
from data.reread import reread
from data.store import tables as t
from tests.store.told import BOX, PORT, Book, book, clock, hasty, local, small_world
from zones.by_hand import BY_HAND
from zones.world import BadDeclarations

__all__ = ["book", "hasty"]
ANN, BOB = Actor("ann", "ann", "supervisor"), Actor("bob", "bob", "officer")
SEEN = Actor("eve", "eve", "viewer")
ELSEWHERE = Actor("tom", "tom", "supervisor", frozenset({"zone"}))
NOON = "d1 12:00"


@pytest.fixture(autouse=True)
def quickly(hasty: None) -> None:
    """Nothing has to survive a power cut."""


def row(event: str = "gate_in", at: str = "d1 10:00", **more: str) -> dict[str, str]:
    """A row as it is typed."""
    own = {} if more.keys() & {"equipment", "bill"} else {"equipment": "zzdu 483921-1"}
    return {"event": event, "occurred_at": local(at), "paper_ref": "G3-17", **own, **more}


def record(book: Book, *rows: dict[str, str], at: str = NOON, by: Actor = ANN) -> str:
    return acts.record(book.store, book.world, by, clock(at), "port", rows or [row()])


def accept(book: Book, batch: str, at: str = "d1 12:05", by: Actor = BOB) -> str:
    return acts.accept(book.store, book.world, book.settings, by, clock(at), batch).message_id


def told(book: Book, *rows: dict[str, str], at: str = NOON) -> str:
    """Recorded and accepted at once; gives the batch."""
    batch = record(book, *rows, at=at)
    accept(book, batch, at)
    return batch


def deliver(book: Book, real: datetime) -> int:
    return to_messages.deliver_accepted(book.store, book.world, book.settings, real)


def entries(book: Book, now: str = "d2 00:00") -> list[ask.Entry]:
    """Every row of the latest batch."""
    found, _ = ask.batches(book.store, BOB, book.world, clock(now))
    return list(found[0].entries)


def state(book: Book, now: str = "d2 00:00") -> str:
    (entry,) = entries(book, now)
    return entry.state


def audited(book: Book) -> list[tuple[str, str]]:
    return [(each["actor"], each["action"]) for each in book.rows(t.audit)]


# ---------------------------------------------------------------- the life of a batch


def test_what_one_records_and_another_reads_is_received_like_anything_else(book: Book) -> None:
    batch = record(book)
    assert (book.rows(t.message), book.rows(t.report), state(book)) == ([], [], "draft")
    assert [ask.waiting(book.store, who, book.world) for who in (ANN, BOB, SEEN)] == [0, 1, 0]
    message_id = accept(book, batch)
    message, report, movement = book.one(t.message), book.one(t.report), book.movement()
    assert (message["message_id"], message["feed"], message["state"], message["received_at"]) == (
        message_id, "port-by-hand", "read", clock("d1 12:05"),
    )  # fmt: skip
    assert (report["equipment"], report["publisher"], report["status"]) == (BOX, BY_HAND, "live")
    assert report["remark"] == "paper G3-17; recorded by ann; second reader bob"
    assert (movement["event"], movement["occurred_at"], movement["publishers"]) == ("gate_in", clock("d1 10:00"), BY_HAND)
    assert book.stay()["left_at"] is None
    assert audited(book) == [("ann", "record_by_hand"), ("bob", "read_by_hand")]
    assert state(book) == "waiting"
    assert book.differences() == []
    before = book.derived()
    rebuild(book.store, book.world)
    assert book.derived() == before
    assert reread(book.store, book.world, book.settings, clock("d3 00:00"), message=message_id)["changed"] == 0


def test_it_is_found_on_the_page_of_the_box_and_as_a_message(book: Book) -> None:
    told(book)
    history = container.history(book.store, BOB, book.world, BOX, clock("d2 00:00"))
    assert history is not None
    assert [(line.kind, line.row["publishers"]) for line in history.lines] == [("movement", BY_HAND)]


def test_nobody_reads_his_own_and_nobody_records_who_may_not(book: Book) -> None:
    batch = record(book)
    with pytest.raises(NotPossible) as own:
        accept(book, batch, by=ANN)
    assert own.value.reason == "second_person"
    for act in (lambda: accept(book, batch, by=SEEN), lambda: accept(book, batch, by=ELSEWHERE), lambda: accept(book, "none")):
        with pytest.raises(NotPermitted):
            act()
    for who in (BOB, SEEN, ELSEWHERE):
        with pytest.raises(NotPermitted):
            record(book, by=who)
    assert [action for _, action in audited(book)] == ["record_by_hand", *["denied"] * 6]
    assert book.rows(t.message) == []


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{}], "no_rows"),
        ([row(paper_ref="")], "unsound"),
        ([row(), row(occurred_at="yesterday")], "unsound"),
        ([row("hold")], "unsound"),
        ([row(equipment="SEVERAL BOXES")], "unsound"),
        ([row()] * (acts.MOST + 1), "too_many"),
    ],
)
def test_what_cannot_be_read_is_not_given_to_a_second_reader(book: Book, rows: list[dict[str, str]], reason: str) -> None:
    with pytest.raises(NotPossible) as refused:
        record(book, *rows)
    assert refused.value.reason == reason
    assert book.rows(t.by_hand) == []


def test_refused_it_says_why_and_is_received_nowhere(book: Book) -> None:
    batch = record(book)
    assert acts.refuse(book.store, book.world, BOB, clock(NOON), batch, reason="the paper says gate 4") == "refused"
    with pytest.raises(Conflict) as late:
        accept(book, batch)
    assert (late.value.by, late.value.work) == ("bob", "refused")
    other = record(book, at="d1 12:30")
    assert acts.refuse(book.store, book.world, ANN, clock(NOON), other, reason="twice") == "withdrawn"
    found, _ = ask.batches(book.store, BOB, book.world, clock(NOON))
    assert [entry.state for each in found for entry in each.entries] == ["not_taken"] * 2
    assert book.rows(t.message) == []
    assert book.one(t.by_hand, batch_id=batch)["reason"] == "the paper says gate 4"


def test_of_two_at_once_one_wins_and_it_is_received_once(book: Book) -> None:
    batch = record(book)
    others = [Actor(name, name, "officer") for name in ("bob", "cid", "dan")]

    def decide(who: Actor) -> str:
        try:
            return accept(book, batch, by=who)
        except Conflict as error:
            return error.by

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(decide, others))
    winner = book.one(t.by_hand)["decided_by"]
    assert sorted(said) == sorted([book.one(t.message)["message_id"], winner, winner])
    assert len(book.rows(t.report)) == len(book.rows(t.receipt)) == 1


def test_a_double_click_records_once(book: Book) -> None:
    assert record(book) == record(book)
    assert len(book.rows(t.by_hand)) == 1
    assert audited(book) == [("ann", "record_by_hand")]


@pytest.mark.parametrize("step", ["take", "finish", "after"])
def test_killed_between_accepting_and_receiving_nothing_is_lost_and_nothing_doubled(
    book: Book, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    batch = record(book, row(), row("hold", agency="customs"))
    whole: Callable[..., Any] = getattr(Intake, step, Intake.finish)

    def killed(intake: Intake, *given: Any) -> None:
        if step == "after":
            whole(intake, *given)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(Intake, "finish" if step == "after" else step, killed)
        accept(book, batch)
    assert book.one(t.by_hand)["state"] == "accepted"
    assert book.one(t.by_hand)["kept_at"] is None
    real = real_now()
    with book.store.act() as conn:  # a process that is killed outright lets go of nothing
        conn.execute(t.by_hand.update().values(claimed_at=real))
    assert [deliver(book, real + timedelta(seconds=after)) for after in (1, 61, 62)] == [0, 1, 0]
    assert book.one(t.message)["received_at"] == book.one(t.receipt)["received_at"] == clock("d1 12:05")
    assert (len(book.rows(t.report)), len(book.rows(t.fact)), book.throughput("gate_in")) == (1, 1, 1)
    assert book.one(t.by_hand)["kept_at"] is not None
    assert book.differences() == []


def test_a_disk_that_refuses_it_is_said_and_it_is_received_later(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = record(book)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("data.raw.Raw.keep", full)
        told = acts.accept(book.store, book.world, book.settings, BOB, clock("d1 12:05"), batch)
    assert (told.kept, state(book), book.rows(t.message)) == (False, "pending", [])
    assert deliver(book, real_now()) == 1
    assert book.one(t.message)["message_id"] == told.message_id


# ---------------------------------------------------------------- the source's own word


def test_the_sources_own_message_confirms_it_and_is_the_one_that_counts(book: Book) -> None:
    told(book, row(vehicle="15C-123.45"))
    before = book.stay()["entered_at"]
    book.told_by("terminal", "d1 10:07 gate_in", received="d2 08:00")
    movement = book.movement()
    assert (before, movement["occurred_at"]) == (clock("d1 10:00"), clock("d1 10:07"))
    assert (movement["publishers"], movement["reports"], book.throughput("gate_in")) == (f"{BY_HAND},terminal", 2, 1)
    assert book.one(t.agreement)["told"] == "one", "what stands in for a source is no second source"
    assert state(book) == "confirmed"
    assert book.differences() == []


def test_told_otherwise_it_is_contradicted_and_says_in_what(book: Book) -> None:
    told(book, row(seals="S1 S2", full_empty="full"))
    book.told_by("terminal", "d1 20:00 gate_in", received="d2 08:00", seal="S9", full="5")
    (entry,) = entries(book)
    assert entry.state == "contradicted"
    assert entry.differs == {
        "occurred_at": (clock("d1 10:00").isoformat(), clock("d1 20:00").isoformat(), "terminal"),
        "seals": ("S1 S2", "S9", "terminal"),
    }
    assert book.throughput("gate_in") == 1


def test_what_no_source_tells_though_it_is_heard_again_is_not_confirmed(book: Book) -> None:
    told(book)
    book.told_by("terminal", "d1 12:30 gate_in", box="ZZDU1234565", received="d1 12:35")
    assert state(book) == "not_confirmed"
    book.told_by("terminal", "d1 10:00 gate_in", received="d3 08:00")
    assert state(book) == "confirmed"


def test_a_hold_by_hand_is_the_hold_that_the_agency_tells_of_later(book: Book) -> None:
    told(book, row(), row("hold", "d1 10:30", agency="customs"))
    assert book.stay()["held"] == "customs"
    book.told_by("customs", "d1 10:40 hold", hold_ref="H7", received="d2 08:00")
    history = container.history(book.store, BOB, book.world, BOX, clock("d2 09:00"))
    assert history is not None
    assert [(hold.agency, hold.hold_ref, hold.since) for hold in history.holds] == [("customs", "H7", clock("d1 10:30"))]
    assert [entry.state for entry in entries(book)] == ["waiting", "confirmed"]
    book.told_by("customs", "d1 18:00 release", hold_ref="H7", received="d2 10:00")
    assert book.stay()["held"] == ""


def test_a_release_by_hand_releases_and_is_confirmed(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 gate_in").told_by("customs", "d0 09:00 hold", hold_ref="H7")
    told(book, row("release", agency="customs", hold_ref="H7"))
    assert (book.stay()["held"], state(book)) == ("", "waiting")
    book.told_by("customs", "d1 10:01 release", hold_ref="H7", received="d2 08:00")
    assert (book.stay()["held"], state(book)) == ("", "confirmed")


def test_a_row_that_was_wrong_is_taken_back_by_two_people_too(book: Book) -> None:
    batch = told(book)
    again = acts.take_back(book.store, book.world, ANN, clock("d1 13:00"), batch, 1, reason="another box")
    assert len(book.rows(t.movement)) == 1
    accept(book, again, "d1 13:05")
    assert (book.rows(t.movement), book.stays(), book.statuses()) == ([], [], ["retracted"])
    assert {message["state"] for message in book.rows(t.message)} == {"read"}
    states = {found.row["batch_id"]: found.entries[0].state for found in ask.batches(book.store, BOB, book.world, clock(NOON))[0]}
    assert states == {batch: "taken_back", again: "takes_back"}
    with pytest.raises(NotPossible):
        acts.take_back(book.store, book.world, ANN, clock("d1 13:00"), batch, 2, reason="no such row")
    assert book.differences() == []


def test_a_box_that_leaves_by_hand_while_held_raises_the_alert_with_the_paper_as_proof(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 gate_in").told_by("customs", "d0 09:00 hold")
    told(book, row("gate_out"))
    book.judged("d1 13:00")
    alert = book.alert("gate_out_on_hold")
    assert alert["severity"] == "act_now"
    with book.store.read() as conn:
        own = conn.execute(sa.select(t.report.c.publisher).where(t.report.c.report_id.in_(alert["evidence"]))).scalars().all()
    assert BY_HAND in own


# ---------------------------------------------------------------- what is counted, what is not heard


def test_the_share_of_a_place_that_rests_on_paper(book: Book) -> None:
    book.told_by("terminal", "d1 08:00 gate_in", box="ZZDU1234565")
    told(book, row(), row("gate_out", "d1 11:00"))

    def share(now: datetime) -> Sequence[object]:
        (own,) = ask.shares(book.store, BOB, book.world, now, places=("port",))
        return own.movements, own.movements_by_hand, own.statements, own.statements_by_hand

    assert share(clock("d1 13:00")) == (3, 2, 3, 2)
    book.told_by("terminal", "d1 10:00 gate_in", received="d2 08:00")
    assert share(clock("d2 09:00")) == (3, 1, 4, 2)
    assert share(clock("d20 09:00")) == (0, 0, 0, 0)


def test_a_place_heard_by_hand_is_not_heard_by_its_feeds(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 gate_in", received="d0 08:05")
    told(book, at="d2 12:00")
    book.judged("d3 00:00")
    assert [row["subject"] for row in book.alerts("feed_silent")] == ["feed:gate"]
    assert "port-by-hand" not in {feed.id for feed in book.world.feeds}


def test_while_it_is_typed_it_is_said_what_sources_tell_of_it(book: Book) -> None:
    book.told_by("terminal", "d1 09:50 gate_in").told_by("customs", "d1 09:55 hold")
    rows = [row(), row("gate_out", "d1 10:00", equipment="ZZDU4839210"), row("gate_out", "d1 11:00"), row(occurred_at="?"), {}]
    found = ask.previews(book.store, ANN, book.world, "port", rows)
    assert [each.read.sound for each in found] == [True, True, True, False]
    assert [(len(each.near), each.held, each.known) for each in found[:3]] == [(1, (), True), (0, (), False), (0, ("customs",), True)]
    assert found[1].read.odd == ("check_digit",)
    assert ask.previews(book.store, ELSEWHERE, book.world, "port", rows) == []
    assert ask.agencies(book.store, ANN, book.world, "port") == ["customs"]
    holds = [row("hold", agency=agency) for agency in ("customs", "Customs")]
    assert [each.agencies for each in ask.previews(book.store, ANN, book.world, "port", holds)] == [(), ("customs",)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id: gate,": "id: Port_by-hand,"}, "is not unique"),
        ({"publisher: carrier": "publisher: By  Hand"}, "no source's name"),
        ({"format: gate_csv, publisher: carrier": "format: manual_csv, publisher: carrier"}, "nobody declares it"),
    ],
)
def test_no_source_passes_for_what_people_record(change: dict[str, str], said: str) -> None:
    ((was, becomes),) = change.items()
    assert was in PORT
    with pytest.raises(BadDeclarations) as bad:
        small_world(port=PORT.replace(was, becomes))
    assert said in str(bad.value)
