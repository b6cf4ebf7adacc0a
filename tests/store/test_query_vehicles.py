"""Trucks at a place: told, late, taken back and in any order the same visits; gates by hour; who is inside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from data.feeds import BoxRecord
from data.people import Actor
from data.queries.vehicles import Vehicles, gates, vehicles
from tests.store.told import Book, book, clock

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
ONE, TWO, THREE = "ZZDU4839211", "ZZDU7000010", "ZZDU7000025"


def passed(number: str, event: str, at: str, plate: str = "15C-123.45", **more: Any) -> BoxRecord:
    """A box on a truck at the gate."""
    values: dict[str, Any] = {
        "position": f"{number} {event} {at}", "equipment": number, "event": event, "occurred_at": clock(at), "vehicle": plate, "gate": "G1",
        "mode": "truck", "terminal": "T1",
    }  # fmt: skip
    return BoxRecord(**(values | more))


def asked(book: Book, at: str = "d1 12:00", actor: Actor = ALL, **more: Any) -> Vehicles:
    (found,) = vehicles(book.store, actor, book.world, clock(at), places=("port",), **more)
    return found


def seen(found: Vehicles) -> list[tuple[str, datetime | None, datetime | None, int | None]]:
    return [(visit.plate, visit.entered_at, visit.left_at, visit.minutes) for visit in found.shown]


def test_a_truck_brings_a_box_and_takes_another(book: Book) -> None:
    book.said("gate", "d1 08:30", passed(ONE, "gate_in", "d1 08:00"), passed(TWO, "gate_in", "d1 08:02"))
    book.said("gate", "d1 09:30", passed(THREE, "gate_out", "d1 09:10", "15c12345", gate="G2"))
    found = asked(book)
    assert seen(found) == [("15C12345", clock("d1 08:00"), clock("d1 09:10"), 70)]
    assert (found.turn.n, found.turn.median, found.turn.p90, found.inside, found.outside) == (1, 70, 70, (), None)
    assert dict(found.ends) == {"complete": 1}
    nine = {at: next(slot for slot in slots if slot.bin.start == clock("d1 09:00")) for at, slots in found.gates.items()}
    assert {at: (slot.state, slot.came, slot.went, slot.turn.n) for at, slot in nine.items()} == {
        ("T1", "G1"): ("normal", 0, 0, 1),
        ("T1", "G2"): ("normal", 0, 1, 1),
    }
    assert gates(book.store, ALL, book.world, clock("d1 12:00"), ("port",)) == ["G1", "G2"]


def test_who_is_inside_and_who_is_not_for_ever(book: Book) -> None:
    book.said("gate", "d1 11:10", passed(ONE, "gate_in", "d1 08:00"), passed(TWO, "gate_in", "d1 11:00", "29H777"))
    assert [visit.plate for visit in asked(book).inside] == ["15C12345", "29H777"]
    assert [visit.plate for visit in asked(book, "d1 20:01").inside] == ["29H777"]
    assert asked(book, "d1 20:01").ends == {"exit_untold": 1, "inside": 1}
    earlier = asked(book, "d3 09:00", first=date(2026, 11, 3), last=date(2026, 11, 3))
    assert (earlier.inside, len(earlier.shown)) == ((), 2)
    later = asked(book, "d1 12:00", first=date(2026, 11, 2), last=date(2026, 11, 2))
    assert ([visit.plate for visit in later.inside], later.shown) == (["15C12345", "29H777"], ())


def test_what_is_not_told_is_counted_beside(book: Book) -> None:
    whole_day = passed(THREE, "gate_in", "d1 00:00", precision="day")
    book.said("gate", "d1 08:30", passed(ONE, "gate_out", "d1 08:00"), passed(TWO, "gate_in", "d1 08:10", ""), whole_day)
    found = asked(book)
    assert (dict(found.ends), found.unnamed, found.by_day, found.turn.n) == ({"entry_untold": 1}, 1, 1, 0)


def test_in_any_order_late_and_corrected_the_same_visits(book: Book) -> None:
    def tell(number: int) -> None:
        wrong = {"source_id": "7", "updated_at": clock("d1 09:20")}
        match number:
            case 0:
                book.said("gate", "d1 08:30", passed(ONE, "gate_in", "d1 08:00"))
            case 1:
                book.said("gate", "d1 09:30", passed(TWO, "gate_out", "d1 09:00", **wrong))
            case 2:
                book.said("gate", "d1 10:30", passed(TWO, "gate_out", "d1 09:15", **(wrong | {"updated_at": clock("d1 10:20")})))
            case _:
                book.said("carrier", "d1 10:00", passed(ONE, "gate_in", "d1 08:20"))

    told = set()
    for order in list(permutations(range(4)))[::3]:
        book.emptied()
        for number in order:
            tell(number)
        told.add(str(seen(asked(book))))
    assert told == {str([("15C12345", clock("d1 08:00"), clock("d1 09:15"), 75)])}


def test_only_of_the_terminal_gate_and_plate_asked_for(book: Book) -> None:
    book.said(
        "gate", "d1 08:30", passed(ONE, "gate_in", "d1 08:00"), passed(TWO, "gate_in", "d1 08:10", "29H777", gate="G2", terminal="T2")
    )
    assert [visit.plate for visit in asked(book, terminal="T2").shown] == ["29H777"]
    assert [visit.plate for visit in asked(book, gate="G1").inside] == ["15C12345"]
    assert [visit.plate for visit in asked(book, number="29h-777").shown] == ["29H777"]


def test_a_gate_is_open_where_its_source_is_heard_and_else_there_are_no_data(book: Book) -> None:
    book.told_by("terminal", "d1 08:00 gate_in").told_by("terminal", "d1 10:00 gate_in", box=TWO)
    book.said("gate", "d1 08:30", passed(THREE, "gate_in", "d1 08:00"))
    within = {slot.bin.start: slot.state for slot in asked(book, "d1 12:00").slots}
    assert (within[clock("d1 07:00")], within[clock("d1 09:00")], within[clock("d1 11:00")]) == ("no_data", "open", "open")
    silent = asked(book, "d3 12:00")  # expected within two days
    assert (silent.slots[-1].state, silent.slots[-1].complete, silent.slots[0].state) == ("no_data", False, "open")


def test_a_week_at_the_most_and_nothing_of_what_is_out_of_reach(book: Book) -> None:
    found = asked(book, "d40 12:00", first=date(2026, 11, 2), last=date(2026, 12, 1))
    assert (found.until - found.since, found.ever) == (timedelta(days=7), False)
    assert vehicles(book.store, Actor("an", "an", "officer", frozenset({"zone"})), book.world, datetime.now(UTC), places=("port",)) == []


@pytest.mark.parametrize("mode", ["rail", "barge"])
def test_no_truck_is_no_visit(book: Book, mode: str) -> None:
    book.said("gate", "d1 08:30", passed(ONE, "gate_in", "d1 08:00", mode=mode))
    assert asked(book).shown == ()
