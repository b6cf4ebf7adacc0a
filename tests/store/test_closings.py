"""What was closed on statements that no longer count: found, told with the two messages that prove it, and open again."""

from __future__ import annotations

from random import Random

import pytest

from data import actions, backtest
from data.people import Actor
from data.store import tables as t
from tests.store.told import FACTS, Book, Receipt, book, box, clock, csv, document, edifact, local

__all__ = ["book"]
RULE = "contradicted_or_retracted_event_that_closed_an_alert"
AN, CHI = Actor("an", "an", "officer"), Actor("chi", "chi", "supervisor")


def close(book: Book, alert_id: str, at: str, outcome: str = "offence") -> None:
    """Two officers decide and close it."""
    now = clock(at)
    if book.work(alert_id)["work"] in ("new", "reopened"):
        actions.acknowledge(book.store, AN, alert_id, now)
    actions.outcome(book.store, AN, alert_id, now, outcome=outcome, text="looked at", not_heard="nobody there")
    actions.close(book.store, CHI, alert_id, now)


@pytest.fixture
def left_on_hold(book: Book) -> Book:
    """A box that left though held, told by the terminal; decided and closed as an offence."""
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 08:00 hold")
    book.told_by("terminal", "d2 08:00 gate_out", number="D1").judged("d2 09:00")
    close(book, book.alert("gate_out_on_hold")["alert_id"], "d3 10:00")
    book.judged("d3 10:05")
    return book


def test_a_gate_out_taken_back_after_the_closing_is_an_alert_with_both_messages(left_on_hold: Book) -> None:
    book = left_on_hold
    closed = book.alert("gate_out_on_hold")
    assert book.alerts(RULE) == []
    book.cancelled("d2 08:00 gate_out", number="D1", received="d5 09:00").judged("d5 09:05")
    told = book.alert(RULE)
    assert (told["subject"], told["unit"]) == (f"alert:{closed['alert_id']}",) * 2
    assert (told["equipment"], told["place"], told["severity"], told["condition"]) == (book.box, "port", "today", "active")
    assert (told["began_at"], told["known_at"], told["because_key"]) == (clock("d5 09:00"), clock("d5 09:00"), "closed_on_taken_back")
    values = {name: value["v"] for name, value in told["because_values"].items()}
    assert (values["officer"], values["outcome"], values["rule"], values["event"]) == ("chi", "offence", "gate_out_on_hold", "gate_out")
    exit_, taken = (row["message_id"] for row in book.rows(t.message, "received_at")[-2:])
    assert told["evidence"] == [book.one(t.report, message_id=exit_)["report_id"], taken]
    assert book.work(closed["alert_id"])["work"] == "reopened"
    assert book.differences() == []


def test_it_ends_when_the_closed_alert_is_decided_anew_and_says_nothing_of_itself(left_on_hold: Book) -> None:
    book = left_on_hold
    book.cancelled("d2 08:00 gate_out", number="D1", received="d5 09:00").judged("d5 09:05")
    close(book, book.alert(RULE)["alert_id"], "d5 10:00", "data_error")
    close(book, book.alert("gate_out_on_hold")["alert_id"], "d5 11:00", "data_error")
    for at in ("d5 11:05", "d6 00:00"):
        book.judged(at)
        (told,) = book.alerts(RULE)
        assert (told["condition"], told["ended_at"]) == ("cleared", clock("d5 11:00"))
        assert book.work(book.alert("gate_out_on_hold")["alert_id"])["work"] == "closed"
    assert book.work(told["alert_id"])["work"] == "closed"
    assert book.judged("d7 00:00")["lines"] == 0
    assert book.differences() == []


def test_a_closed_alert_whose_condition_goes_on_is_opened_again_all_the_same(book: Book) -> None:
    """Two sources tell of the exit, one takes it back: the rule still finds it."""
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 08:00 hold").told_by("carrier", "d2 08:05 gate_out")
    book.told_by("terminal", "d2 08:00 gate_out", number="D1").judged("d2 09:00")
    before = book.alert("gate_out_on_hold")
    alert = before["alert_id"]
    close(book, alert, "d3 10:00")
    book.cancelled("d2 08:00 gate_out", number="D1", received="d5 09:00").judged("d5 09:05")
    assert (book.alert("gate_out_on_hold")["condition"], book.work(alert)["work"]) == (before["condition"], "reopened")
    assert book.journal(alert)[-1] == ("", "changed")
    assert len(book.alerts(RULE)) == 1
    assert book.differences() == []


def test_the_event_that_ended_the_condition_is_what_it_was_closed_on_too(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").judged("d9 10:00")
    book.told_by("terminal", "d9 12:00 gate_out", number="D1").judged("d9 13:00")
    close(book, book.alert("import_overstay")["alert_id"], "d10 10:00", "administrative")
    book.cancelled("d9 12:00 gate_out", number="D1", received="d11 09:00").judged("d11 09:05")
    told = book.alert(RULE)
    assert (told["because_values"]["event"]["v"], told["began_at"]) == ("gate_out", clock("d11 09:00"))
    assert book.work(book.alert("import_overstay")["alert_id"])["work"] == "reopened"


def test_a_document_that_replaces_one_and_says_the_same_takes_nothing_back(left_on_hold: Book) -> None:
    book = left_on_hold
    book.told_by("terminal", "d2 08:00 gate_out", number="D1", function="5", received="d5 09:00").judged("d5 09:05")
    assert (book.alerts(RULE), book.work(book.alert("gate_out_on_hold")["alert_id"])["work"]) == ([], "closed")
    book.told_by("terminal", "d2 08:30 gate_out", number="D1", function="5", received="d6 09:00").judged("d6 09:05")
    assert book.alert(RULE)["because_key"] == "closed_on_corrected"
    assert book.differences() == []


def test_it_cannot_be_tried_under_other_limits(book: Book) -> None:
    with pytest.raises(backtest.NotThat) as told:
        backtest.values_of(book.world, RULE, ["port"], {})
    assert told.value.reason == "about_acts"


def test_every_one_of_twenty_corrections_is_found_whatever_the_order_before_the_closing(book: Book) -> None:
    """The recall of this rule: nothing can be planted for it in a history in which nobody closed anything."""
    boxes = [f"ZZDU{n:07d}" for n in range(1000, 1023)]
    random = Random("closings")

    def exits(which: list[str], said: str, function: str, received: str) -> list[Receipt]:
        texts = {each: document("36", [box(each, said)], number=f"B{each}", function=function, made=received) for each in which}
        marks = {each: f"{function}{each[-6:]}{received[:2]}" for each in which}
        made = [(marks[each], edifact("CODECO", [texts[each]], reference=marks[each], made=received)) for each in which]
        return [Receipt("gate", mark, content, clock(received)) for mark, content in made]

    held = csv(FACTS, [["hold", each, "", "", "customs", "", local("d1 08:00")] for each in boxes])
    came = edifact("COARRI", [document("44", [box(each, "d0 08:00") for each in boxes], made="d0 08:05")])
    told = [Receipt("customs", "held", held, clock("d1 08:05")), Receipt("quay", "came", came, clock("d0 08:05"))]
    told += exits(boxes, "d2 08:00", "9", "d2 08:05")
    random.shuffle(told)
    for receipt in (told[: len(told) // 2], told[len(told) // 2 :]):
        book.take(*receipt)
    book.judged("d2 09:00")
    alerts = {row["equipment"]: row["alert_id"] for row in book.alerts("gate_out_on_hold")}
    assert set(alerts) == set(boxes)
    for each in boxes:
        close(book, alerts[each], "d3 10:00")
    taken, righted = boxes[:10], boxes[10:20]
    book.take(*exits(taken, "d2 08:00", "1", "d5 09:00"), *exits(righted, "d2 08:20", "5", "d5 09:30"))
    book.judged("d5 10:00")
    found = {row["equipment"]: (row["began_at"], row["because_key"]) for row in book.alerts(RULE)}
    assert found == {
        **dict.fromkeys(taken, (clock("d5 09:00"), "closed_on_taken_back")),
        **dict.fromkeys(righted, (clock("d5 09:30"), "closed_on_corrected")),
    }
    assert {each for each in boxes if book.work(alerts[each])["work"] == "reopened"} == set(boxes[:20])
    assert book.rows(t.touched) == []
    assert book.differences(deep=False) == []
