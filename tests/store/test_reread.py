"""Reading kept messages again: what it reads as before stays, what it reads otherwise is superseded, and nothing is edited."""

from __future__ import annotations

from typing import Any

import pytest

from data.asof import books
from data.people import Actor
from data.queries import message
from data.rebuild import rebuild
from data.reread import reread
from data.store import tables as t
from tests.store.told import FACTS, GATE, PORT, Book, book, clock, csv, different, local, small_world
from zones.world import World

__all__ = ["book"]
CARRIER = "- {id: carrier, format: gate_csv, publisher: carrier, speaks_for: [], source: /srv/carrier/*.csv}"
YARD = "options: {columns: {equipment: equipment, as_of: as_of, area: area}}"


def mapped(options: str) -> World:
    """The world with other options of the carrier's feed."""
    return small_world(PORT.replace(CARRIER, CARRIER.replace("}", f", options: {options}}}")))


def again(book: Book, at: str = "d9000 00:00", **which: Any) -> dict[str, Any]:
    """Read again at a moment."""
    return reread(book.store, book.world, book.settings, clock(at), **which)


@pytest.fixture
def told(book: Book) -> Book:
    """Two visits by the carrier, one row of them without an event that its mapping knows."""
    rows = [["ZZDU4839211", "gate_in", local("d0 08:00")], ["ZZDU1234565", "INTO", local("d0 09:00")]]
    book.receive("carrier", csv(GATE[:3], rows), "d1 10:00")
    book.told_by("terminal", "d2 08:00 gate_out").judged("d3 00:00")
    assert [row["status"] for row in book.rows(t.report, "occurred_at")] == ["live", "unclassified", "live"]
    return book


def test_with_the_same_reader_and_options_nothing_changes(told: Book) -> None:
    before = told.derived()
    assert again(told) == {"messages": 2, "changed": 0, "reports": 0, "superseded": 0}
    assert different(before, told.derived()) == ""
    assert len(told.rows(t.reading)) == 2


def test_a_mapping_that_was_mended_makes_the_row_count(told: Book) -> None:
    kept = told.one(t.report, equipment="ZZDU4839211", event="gate_in")
    columns = "{equipment: equipment, occurred_at: occurred_at, event: {column: event, map: {INTO: gate_in, gate_in: gate_in}}}"
    told.world = mapped(f"{{columns: {columns}}}")
    assert again(told) == {"messages": 2, "changed": 1, "reports": 1, "superseded": 1}
    assert told.one(t.report, equipment="ZZDU4839211", event="gate_in") == kept  # read as before: the same row
    old, new = told.rows(t.report, "read_at", equipment="ZZDU1234565")
    assert (old["status"], old["outread"], old["event"], old["outread_at"]) == ("superseded", True, "other", clock("d9000 00:00"))
    assert (new["status"], new["event"], new["received_at"], new["read_at"]) == ("live", "gate_in", clock("d1 10:00"), clock("d9000 00:00"))
    assert told.stay(equipment="ZZDU1234565")["entered_at"] == clock("d0 09:00")
    seen = message.seen(told.store, Actor("chi", "chi", "supervisor"), told.world, kept["message_id"], told.settings.home)
    assert seen is not None
    assert {row["report_id"] for row in seen.reports} == {kept["report_id"], new["report_id"]}
    assert told.differences() == []
    assert again(told, "d9001 00:00")["changed"] == 0
    readings = [(row["current"], row["why"]) for row in told.rows(t.reading, "read_at", message_id=old["message_id"])]
    assert sorted(readings) == [(False, ""), (True, "read again")]


def test_another_zone_moves_all_times(told: Book) -> None:
    told.world = mapped("{timezone: UTC}")
    assert again(told, feed="carrier")["changed"] == 1
    assert told.movement(equipment="ZZDU4839211", event="gate_in")["occurred_at"] == clock("d0 15:00")
    assert told.differences() == []
    told.world = mapped("{timezone: Asia/Ho_Chi_Minh}")
    again(told, "d9001 00:00", feed="carrier")
    assert told.movement(equipment="ZZDU4839211", event="gate_in")["occurred_at"] == clock("d0 08:00")
    before = told.derived()
    rebuild(told.store, told.world)
    assert different(before, told.derived()) == ""
    assert told.differences() == []


def test_one_message_or_those_of_a_reason(told: Book) -> None:
    told.receive("carrier", csv(GATE[:3], [["?", "gate_in", local("d0 08:00")]]), "d0 11:00")
    (bad,) = told.rows(t.message, state="unreadable")
    assert again(told, reason=bad["reason"])["messages"] == 1
    assert again(told, message=bad["message_id"])["messages"] == 1
    assert again(told, reason="unt_count")["messages"] == 0


def test_what_became_unreadable_falls_away_and_comes_back(told: Book) -> None:
    told.world = mapped("{columns: {equipment: Container}}")
    assert again(told, feed="carrier") == {"messages": 1, "changed": 1, "reports": 0, "superseded": 2}
    assert (told.one(t.message, feed="carrier")["state"], [s["equipment"] for s in told.stays()]) == ("unreadable", ["ZZDU4839211"])
    assert told.stay()["entered_at"] is None
    assert told.differences() == []
    told.world = small_world()
    assert again(told, "d9001 00:00", feed="carrier")["reports"] == 2
    assert (told.one(t.message, feed="carrier")["state"], told.stay()["entered_at"]) == ("read", clock("d0 08:00"))
    assert told.differences() == []


def test_alerts_follow_and_keep_what_people_did(told: Book) -> None:
    told.told_by("customs", "d1 08:00 hold", received="d1 23:00").told_by("customs", "d2 20:00 permit").judged("d4 00:00")
    (alert,) = told.alerts("gate_out_on_hold")
    zone = "- {id: customs, format: customs_csv, publisher: customs, source: /srv/customs/*.csv"
    told.world = small_world(PORT.replace(zone, f"{zone}, options: {{timezone: America/New_York}}"))
    assert again(told, feed="customs")["changed"] == 2
    told.judged("d9 01:00")
    (now,) = told.alerts("gate_out_on_hold")
    assert now["alert_id"] == alert["alert_id"]
    assert now["because_values"]["holds"]["v"][0]["since"] == clock("d1 20:00").isoformat()
    assert told.differences() == []


def test_the_list_that_opens_the_books_may_become_another(book: Book) -> None:
    """Both lists are moved by the change of zone, one of them behind its receipt plus a quarter of an hour: then the other opens."""
    book.told_by("list", "d0 06:00 present", boxes=["ZZDU4839211"], received="d0 06:05")
    book.told_by("list", "d1 06:00 present", boxes=["ZZDU1234565"], received="d2 06:05")
    assert [stay["equipment"] for stay in book.stays()] == ["ZZDU4839211"]
    book.world = small_world(PORT.replace(YARD, YARD.replace("{columns", "{timezone: UTC, columns")))
    assert again(book)["changed"] == 2
    assert [stay["equipment"] for stay in book.stays()] == ["ZZDU1234565"]
    assert book.differences() == []


def test_an_empty_list_is_read_again_too(book: Book) -> None:
    """It has no line, but an instant."""
    empty = small_world(PORT.replace(YARD, "options: {as_of: '2026-11-03 06:00', columns: {equipment: equipment}}"))
    book.world = empty
    book.receive("yard", b"equipment\r\n", "d2 00:00")
    assert book.one(t.yard_list)["listed_at"] == clock("d1 06:00")
    book.world = small_world(PORT.replace(YARD, "options: {as_of: '2026-11-03 07:00', columns: {equipment: equipment}}"))
    again(book)
    assert book.one(t.yard_list)["listed_at"] == clock("d1 07:00")


# ---------------------------------------------------------------- known at


def test_as_known_before_it_was_read_again_the_first_reading_stands(told: Book) -> None:
    told.world = mapped("{timezone: UTC}")
    again(told, "d9000 00:00", feed="carrier")
    seen = {}
    with told.store.read() as conn:
        for known_at in ("d8 00:00", "d9000 00:00"):
            for box, found, _ in books(conn, told.world, None, None, clock(known_at)):
                seen[known_at, box] = [m.occurred_at for m in found.movements if m.event == "gate_in"]
    assert seen["d8 00:00", "ZZDU4839211"] == [clock("d0 08:00")]
    assert seen["d9000 00:00", "ZZDU4839211"] == [clock("d0 15:00")]


def test_customs_facts_as_known_before(book: Book) -> None:
    book.receive("customs", csv(FACTS, [["hold", "ZZDU4839211", "", "", "", "", local("d1 08:00")]]), "d1 09:00")
    book.told_by("terminal", "d0 08:00 discharge")
    zone = "- {id: customs, format: customs_csv, publisher: customs, source: /srv/customs/*.csv"
    book.world = small_world(
        PORT.replace(zone, f"{zone}, options: {{columns: {{event: {{column: event, map: {{hold: permit}}}}, {COLUMNS}}}}}")
    )
    assert again(book, feed="customs")["changed"] == 1
    assert book.stay()["held"] == ""
    with book.store.read() as conn:
        for known_at, held in (("d8 00:00", ("customs",)), ("d9000 00:00", ())):
            ((_, found, _),) = books(conn, book.world, None, None, clock(known_at))
            assert [stay.held for stay in found.stays.values()] == [held]


COLUMNS = "equipment: equipment, effective_at: effective_at"
