"""The worked cases: each a short story told through real messages, and what must have come of it."""

from __future__ import annotations

import pytest

from data import actions
from data.people import Actor
from data.store import tables as t
from tests.store.told import PORT, Book, book, box, clock, document, edifact, small_world

__all__ = ["book"]
AN = Actor("an", "an", "officer")
BINH = Actor("binh", "binh", "supervisor")
HOLD, OVERSTAY, TWICE, SILENT = "gate_out_on_hold", "import_overstay", "two_places_at_once", "feed_silent"


# ---------------------------------------------------------------- holds


def test_a_hold_received_after_the_exit_but_in_force_before_it(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d2 14:00 gate_out").told_by("customs", "d2 20:00 permit")
    book.judged("d3 00:00")
    assert book.alerts(HOLD) == []
    book.told_by("customs", "d1 09:00 hold", received="d3 07:00").judged("d3 08:00")
    alert = book.alert(HOLD)
    assert (alert["began_at"], alert["known_at"]) == (clock("d2 14:00"), clock("d3 07:00"))
    assert (alert["severity"], alert["condition"]) == ("act_now", "active")
    assert alert["because_values"]["holds"]["v"][0]["agency"] == "customs"
    assert book.stay()["held"] == "customs"
    assert book.differences() == []


def test_a_release_that_arrives_late_takes_the_alert_back(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold").told_by("terminal", "d2 14:00 gate_out")
    book.judged("d3 00:00")
    alert_id = book.alert(HOLD)["alert_id"]
    book.told_by("customs", "d2 13:00 release", received="d4 08:00").judged("d4 09:00")
    assert book.alert(HOLD)["condition"] == "invalidated"
    assert [what for _, what in book.journal(alert_id)] == ["raised", "invalidated"]
    assert book.stay()["held"] == ""
    assert book.differences() == []


def test_a_release_of_the_bill_frees_its_boxes_whichever_comes_first(book: Book) -> None:
    book.told_by("customs", "d1 09:00 hold", bill="B1").told_by("customs", "d1 12:00 release", bill="B1")
    book.told_by("terminal", "d0 08:00 discharge", bill="B1", received="d1 13:00")
    book.told_by("terminal", "d0 09:00 discharge", bill="B1", box="ZZDU1234565")
    book.told_by("terminal", "d2 14:00 gate_out", bill="B1").judged("d3 00:00")
    assert book.alerts(HOLD) == []
    book.told_by("customs", "d1 15:00 hold", bill="B1", received="d3 01:00").judged("d3 02:00")
    assert book.alert(HOLD)["equipment"] == book.box
    assert [stay["held"] for stay in book.stays()] == ["customs", "customs"]


@pytest.mark.parametrize(("terminal", "customs"), [("MSK 77-1", "MSK77-1"), ("msk77-1", "MSK77-1"), ("MSK77-1", "msk 77-1")])
def test_a_hold_of_a_bill_finds_its_box_however_either_writes_the_number(book: Book, terminal: str, customs: str) -> None:
    book.told_by("terminal", "d0 08:00 discharge", bill=terminal).told_by("customs", "d1 09:00 hold", bill=customs)
    assert book.stay()["held"] == "customs"
    book.told_by("terminal", "d2 14:00 gate_out", bill=terminal).judged("d3 00:00")
    assert book.alert(HOLD)["equipment"] == book.box
    assert book.differences() == []


def test_a_document_taken_over_by_another_no_longer_holds_the_box_anywhere(book: Book) -> None:
    book.told_by("customs", "d0 07:00 hold", bill="B1").told_by("terminal", "d0 08:00 discharge", bill="B1")
    book.told_by("zone", "d3 08:00 gate_in")
    assert [stay["held"] for stay in book.stays()] == ["customs", "customs"]
    book.told_by("terminal", "d2 08:00 gate_out", bill="B2", received="d4 08:00")
    assert [(stay["place"], stay["held"]) for stay in book.stays()] == [("port", ""), ("zone", "")]
    assert book.differences() == []


def test_two_agencies_must_each_release(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold")
    book.told_by("customs", "d1 10:00 hold", agency="QUA").told_by("customs", "d2 10:00 release")
    assert book.stay()["held"] == "QUA"
    book.told_by("terminal", "d2 14:00 gate_out").judged("d3 00:00")
    assert [hold["agency"] for hold in book.alert(HOLD)["because_values"]["holds"]["v"]] == ["QUA"]


def test_an_alert_that_latches_stays_open_when_the_box_is_released_afterwards(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold").told_by("terminal", "d2 14:00 gate_out")
    book.told_by("customs", "d2 18:00 release").judged("d5 00:00")
    assert book.alert(HOLD)["condition"] == "active"


def test_what_gets_worse_comes_off_its_shelf_and_is_answered_anew(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d6 07:00 yard_move").judged("d6 08:00")
    alert_id, until = str(book.alert(OVERSTAY)["alert_id"]), clock("d20 08:00")
    actions.shelve(book.store, AN, alert_id, clock("d6 08:11"), world=book.world, until=until, reason="Importer called.")
    book.told_by("terminal", "d9 09:00 yard_move").judged("d9 10:00")
    work, lines = book.work(alert_id), book.rows(t.alert_line, alert_id=alert_id)
    assert (work["work"], work["shelved_until"], work["shelved_by"], work["clock_from"]) == ("new", None, "", clock("d9 10:00"))
    assert lines[-1]["values"]["severity"] == ["queue", "today"]
    assert lines[-1]["values"]["shelf"] == [until.isoformat(), None]
    with pytest.raises(actions.Conflict) as told:
        actions.acknowledge(book.store, AN, alert_id, clock("d9 10:01"), seen=1)
    assert (told.value.by, told.value.act) == ("", "changed")


# ---------------------------------------------------------------- retracted and told again


def acted_on(book: Book) -> str:
    """An overstay alert that somebody acknowledged and shelved; its id."""
    book.told_by("terminal", "d0 08:00 discharge", number="D1").told_by("terminal", "d6 07:00 yard_move").judged("d6 08:00")
    alert_id = str(book.alert(OVERSTAY)["alert_id"])
    actions.acknowledge(book.store, AN, alert_id, clock("d6 08:10"))
    actions.shelve(book.store, AN, alert_id, clock("d6 08:11"), world=book.world, until=clock("d9 08:00"), reason="Importer called.")
    return alert_id


def test_a_discharge_retracted_and_told_again_under_another_id(book: Book) -> None:
    alert_id = acted_on(book)
    book.cancelled("d0 08:00 discharge", number="D1", received="d6 09:00")
    book.told_by("terminal", "d0 08:00 discharge", number="D2", received="d6 09:01").judged("d6 10:00")
    alert = book.alert(OVERSTAY)
    assert (alert["alert_id"], alert["condition"]) == (alert_id, "active")
    work = book.work(alert_id)
    assert (work["work"], work["acknowledged_by"], work["shelved_until"]) == ("acknowledged", "an", clock("d9 08:00"))
    assert book.journal(alert_id) == [("", "raised"), ("an", "acknowledge"), ("an", "shelve"), ("", "changed")]
    told = {row["document"]: row["report_id"] for row in book.rows(t.report, status="live")}
    assert alert["anchor"] == told["TERM|COARRI|D2"]
    assert book.statuses(event="discharge") == ["withdrawn", "retracted", "live"]
    assert len(book.stays()) == 1
    assert book.differences() == []


def test_judged_in_between_it_is_still_the_same_alert(book: Book) -> None:
    alert_id = acted_on(book)
    book.cancelled("d0 08:00 discharge", number="D1", received="d6 09:00").judged("d6 09:30")
    assert book.alert(OVERSTAY)["condition"] == "invalidated"
    book.told_by("terminal", "d0 08:30 discharge", number="D2", received="d6 10:00").judged("d6 11:00")
    alert = book.alert(OVERSTAY)
    assert (alert["alert_id"], alert["condition"], alert["began_at"]) == (alert_id, "active", clock("d5 08:30"))
    assert book.work(alert_id)["work"] == "acknowledged"
    assert [what for _, what in book.journal(alert_id)] == ["raised", "acknowledge", "shelve", "invalidated", "returned"]


def test_a_closed_alert_opens_again_when_its_evidence_is_retracted(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold")
    book.told_by("terminal", "d2 14:00 gate_out", number="D7").judged("d3 00:00")
    alert_id = book.alert(HOLD)["alert_id"]
    actions.acknowledge(book.store, AN, alert_id, clock("d3 00:01"))
    actions.outcome(book.store, AN, alert_id, clock("d3 00:02"), outcome="offence", text="Driven off.", not_heard="Away.")
    actions.close(book.store, BINH, alert_id, clock("d3 00:03"))
    book.cancelled("d2 14:00 gate_out", number="D7", received="d3 01:00").judged("d3 02:00")
    assert book.alert(HOLD)["condition"] == "invalidated"
    assert book.work(alert_id)["work"] == "reopened"
    assert book.journal(alert_id)[-1] == ("", "invalidated")


def test_what_was_closed_opens_again_when_the_condition_returns(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d6 14:00 gate_out", number="D7").judged("d7 00:00")
    alert_id = book.alert(OVERSTAY)["alert_id"]
    assert book.alert(OVERSTAY)["condition"] == "cleared"
    actions.acknowledge(book.store, AN, alert_id, clock("d7 00:01"))
    actions.outcome(book.store, AN, alert_id, clock("d7 00:02"), outcome="benign_cause", text="Strike.", not_heard="Away.")
    actions.close(book.store, AN, alert_id, clock("d7 00:03"))
    book.cancelled("d6 14:00 gate_out", number="D7", received="d8 01:00").judged("d8 02:00")
    assert (book.alert(OVERSTAY)["condition"], book.work(alert_id)["work"]) == ("active", "reopened")
    assert book.journal(alert_id)[-1] == ("", "returned")


def test_a_journal_line_names_the_report_that_caused_it(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d5 09:00 yard_move").judged("d5 10:00")
    book.told_by("terminal", "d6 14:00 gate_out").judged("d7 00:00")
    lines = book.rows(t.alert_line, "line", alert_id=book.alert(OVERSTAY)["alert_id"])
    (left,) = book.rows(t.report, event="gate_out")
    assert [(line["what"], line["cause"]) for line in lines][1:] == [("cleared", left["report_id"])]


# ---------------------------------------------------------------- corrections of documents


def test_a_cancellation_that_comes_before_its_original_waits_for_it(book: Book) -> None:
    book.cancelled("d0 08:00 discharge", number="D1", received="d0 10:00")
    first = document("44", [box(at="d0 08:00")], number="D1", made="d0 09:00")
    book.receive("quay", edifact("COARRI", [first], reference="OLD", made="d0 09:00"), "d0 11:00")
    assert book.statuses() == ["retracted", "withdrawn"]
    assert book.stays() == []


def test_a_cancellation_without_a_number_waits_too(book: Book) -> None:
    book.cancelled("d0 08:00 discharge", number="", received="d0 10:00")
    first = document("44", [box(at="d0 08:00")], made="d0 09:00")
    book.receive("quay", edifact("COARRI", [first], reference="OLD", made="d0 09:00"), "d0 11:00")
    book.told_by("terminal", "d1 08:00 discharge")
    assert sorted(book.statuses()) == ["live", "retracted", "retracted"]
    assert book.differences() == []


def test_a_cancellation_leaves_what_another_document_says(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge", number="D1").told_by("terminal", "d0 08:00 discharge", number="D2", received="d0 08:06")
    book.cancelled("d0 08:00 discharge", number="D1", received="d0 10:00")
    assert book.statuses() == ["withdrawn", "live", "retracted"]
    assert len(book.stays()) == 1


def test_a_replacement_takes_the_boxes_away_that_it_no_longer_names(book: Book) -> None:
    both = document("44", [box(at="d0 08:00"), box("ZZDU1234565", "d0 08:10")], number="D1", made="d0 09:00")
    book.receive("quay", edifact("COARRI", [both], reference="A", made="d0 09:00"), "d0 09:05")
    one = document("44", [box(at="d0 08:20")], number="D1", function="5", made="d0 10:00")
    book.receive("quay", edifact("COARRI", [one], reference="B", made="d0 10:00"), "d0 10:05")
    statuses = {(row["equipment"], row["status"]) for row in book.rows(t.report)}
    assert statuses == {("ZZDU4839211", "superseded"), ("ZZDU4839211", "live"), ("ZZDU1234565", "withdrawn")}
    assert book.stay()["entered_at"] == clock("d0 08:20")
    assert book.throughput("discharge") == 1


# ---------------------------------------------------------------- one thing told by several


def test_one_gate_out_told_by_two_publishers_counts_once(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge", full="5")
    book.told_by("terminal", "d2 14:00 gate_out", seal="S1").told_by("carrier", "d2 14:12 gate_out", seals="S2")
    assert book.throughput("gate_out") == 1
    movement = book.movement(event="gate_out")
    assert (movement["occurred_at"], movement["reports"], movement["publishers"]) == (clock("d2 14:00"), 2, "carrier,terminal")
    assert movement["disagreement"] == {
        "occurred_at": [["2026-11-04T07:00:00+00:00", "terminal"], ["2026-11-04T07:12:00+00:00", "carrier"]],
        "seals": [["S1", "terminal"], ["S2", "carrier"]],
    }
    assert book.statuses(event="gate_out") == ["live", "live"]
    assert book.stay()["left_at"] == clock("d2 14:00")


@pytest.mark.parametrize(("second", "count"), [("d2 16:00", 1), ("d2 16:01", 2)])
def test_two_tellings_are_one_movement_up_to_the_tolerance(book: Book, second: str, count: int) -> None:
    book.told_by("terminal", "d2 14:00 gate_out").told_by("carrier", f"{second} gate_out")
    assert book.throughput("gate_out") == count


def test_whoever_speaks_for_the_gate_is_believed_though_he_comes_last(book: Book) -> None:
    book.told_by("carrier", "d2 14:12 gate_out").told_by("terminal", "d2 14:00 gate_out", received="d3 08:00")
    assert book.movement()["occurred_at"] == clock("d2 14:00")
    assert [row["canonical"] for row in book.rows(t.report, "received_at")] == [False, True]


# ---------------------------------------------------------------- two places


def through(book: Book, left: str, came: str, received: str = "") -> Book:
    """In at the port, out of it, in at the zone; every feed heard after that."""
    book.told_by("terminal", "d0 08:00 gate_in").told_by("zone", f"{came} gate_in")
    return book.told_by("terminal", f"{left} gate_out", received=received)


def test_a_chain_of_two_places(book: Book) -> None:
    through(book, "d1 08:00", "d1 09:15").told_by("zone", "d4 10:00 gate_out").judged("d5 00:00")
    assert [(s["place"], s["entered_at"], s["left_at"]) for s in book.stays()] == [
        ("port", clock("d0 08:00"), clock("d1 08:00")),
        ("zone", clock("d1 09:15"), clock("d4 10:00")),
    ]
    assert [s["dwell_minutes"] for s in book.stays()] == [24 * 60, 3 * 24 * 60 + 45]
    assert book.alerts(TWICE) == []


def test_a_way_that_cannot_be_made_so_soon(book: Book) -> None:
    through(book, "d1 08:00", "d1 09:14").judged("d5 00:00")
    alert = book.alert(TWICE)
    assert (alert["began_at"], alert["ended_at"], alert["condition"]) == (clock("d1 09:14"), clock("d1 09:15"), "active")


def test_inside_two_places_until_the_exit_is_told(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 gate_in").told_by("terminal", "d0 08:00 discharge", box="ZZDU1234565")
    book.told_by("zone", "d1 10:00 gate_in").judged("d1 12:00")
    assert (book.alert(TWICE)["condition"], book.alert(TWICE)["place"]) == ("unverified", "zone")
    book.told_by("terminal", "d1 08:00 gate_out", received="d2 07:00").judged("d2 08:00")
    assert book.alert(TWICE)["condition"] == "invalidated"
    assert book.differences() == []


# ---------------------------------------------------------------- silence and what is not sure


def test_silence_after_duplicates_only_counts_from_the_last_of_them(book: Book) -> None:
    text = edifact("CODECO", [document("34", [box(at="d0 07:00")])], made="d0 08:00")
    for number, received in enumerate(("d0 08:00", "d1 08:00", "d2 08:00")):
        book.receive("gate", text, received, name=f"again-{number}")
    assert (len(book.rows(t.message)), len(book.rows(t.receipt)), book.throughput("gate_in")) == (1, 3, 1)
    book.judged("d4 07:59")
    assert book.alerts(SILENT) == []
    book.judged("d4 08:00")
    alert = book.alert(SILENT)
    assert (alert["subject"], alert["began_at"], alert["known_at"]) == ("feed:gate", clock("d4 08:00"), clock("d4 08:00"))
    assert alert["anchor"] == book.rows(t.receipt, "received_at")[-1]["receipt_id"]
    book.receive("gate", text, "d5 08:00", name="again-3")
    book.judged("d5 09:00")
    assert (book.alert(SILENT)["ended_at"], book.alert(SILENT)["condition"]) == (clock("d5 08:00"), "cleared")


def test_unverified_until_the_source_is_heard_again(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d0 09:00 gate_in", box="ZZDU1234565").judged("d6 00:00")
    assert book.alert(OVERSTAY)["condition"] == "unverified"
    book.told_by("terminal", "d6 01:00 gate_in", box="ZZDU0000010").judged("d6 02:00")
    alert = book.alert(OVERSTAY)
    assert (alert["condition"], alert["known_at"]) == ("active", clock("d5 08:00"))
    assert [what for _, what in book.journal(alert["alert_id"])] == ["raised", "verified"]


def test_unverified_and_taken_back_when_the_data_returns(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d0 09:00 gate_in", box="ZZDU1234565").judged("d6 00:00")
    book.told_by("terminal", "d4 08:00 gate_out", received="d6 01:00").judged("d6 02:00")
    alert = book.alert(OVERSTAY)
    assert alert["condition"] == "invalidated"
    assert [what for _, what in book.journal(alert["alert_id"])] == ["raised", "invalidated"]


def test_what_was_not_yet_received_at_the_moment_judged_is_judged_when_it_is(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold").told_by("terminal", "d2 14:00 gate_out")
    book.judged("d1 00:00")
    book.judged("d2 00:00")
    assert book.alerts(HOLD) == []
    book.judged("d2 15:00")
    assert book.alert(HOLD)["known_at"] == clock("d2 14:05")


# ---------------------------------------------------------------- limits


def shortened(more: str = "") -> str:
    """The port with a limit of three days from d4 on."""
    limits = "limits: [{limit: import_dwell_warn, value: 5d, from: 2026-01-01, reason: agreed}, "
    return PORT.partition("limits:")[0] + limits + f"{{limit: import_dwell_warn, value: 3d, from: 2026-11-06, reason: full{more}}}]\n"


def heard(book: Book) -> Book:
    """A box discharged on d0, and the gate heard ever since."""
    for day in range(7):
        book.told_by("terminal", f"d{day} 07:00 gate_in", box="ZZDU1234565")
    return book.told_by("terminal", "d0 08:00 discharge")


def test_a_limit_changed_today_puts_what_is_older_over_it_from_today_on(book: Book) -> None:
    heard(book).judged("d4 09:00")
    assert book.alerts(OVERSTAY) == []
    book.world = small_world(shortened())
    book.judged("d4 10:00")
    alert = book.alert(OVERSTAY)
    assert (alert["began_at"], alert["known_at"], alert["limit"]) == (clock("d4 00:00"), clock("d4 00:00"), "import_dwell_warn")
    assert book.differences() == []


def test_a_limit_that_holds_for_what_enters_under_it_leaves_the_others_alone(book: Book) -> None:
    heard(book).told_by("terminal", "d4 08:00 discharge", box="ZZDU0000010").told_by("terminal", "d8 08:00 gate_in", box="ZZDU1234565")
    book.world = small_world(shortened(", applies: entered_from"))
    book.judged("d4 10:00")
    assert book.alerts(OVERSTAY) == []
    book.judged("d8 10:00")
    assert {(a["equipment"], a["began_at"]) for a in book.alerts(OVERSTAY)} == {
        (book.box, clock("d5 08:00")),
        ("ZZDU0000010", clock("d7 08:00")),
    }


# ---------------------------------------------------------------- yard lists


def test_a_yard_that_has_not_changed_is_listed_again_by_the_name_of_its_file(book: Book) -> None:
    """Where the name alone dates the list, the same bytes under another name are another list; under the same name they are a repeat."""
    book.world = small_world(PORT.replace("as_of: as_of, area: area", "area: area"))
    text = b"equipment,area\r\nZZDU4839211,A1\r\n"
    for name, received in (
        ("yard-202611020600.csv", "d0 06:05"),
        ("yard-202611030600.csv", "d1 06:05"),
        ("yard-202611030600.csv", "d1 07:00"),
    ):
        book.receive("yard", text, received, name=name)
    assert [row["listed_at"] for row in book.rows(t.yard_list, "listed_at")] == [clock("d0 06:00"), clock("d1 06:00")]
    assert (len(book.rows(t.message)), len(book.rows(t.receipt))) == (2, 3)
    assert (book.stay()["entered_not_after"], book.stay()["area"]) == (clock("d0 06:00"), "a1")
    assert book.differences() == []


def test_a_changed_tolerance_takes_effect_on_what_was_told_before(book: Book) -> None:
    book.told_by("terminal", "d2 14:00 gate_out").told_by("carrier", "d2 15:00 gate_out").judged("d3 00:00")
    assert book.throughput("gate_out") == 1
    book.world = small_world(PORT.replace("horizon: 100d", "horizon: 100d\nsame_movement: {gate: 30m, quay: 12h}"))
    book.judged("d3 01:00")
    assert book.throughput("gate_out") == 2
    assert book.differences() == []
