"""What is expected within 24 hours, by call."""

from __future__ import annotations

from typing import Any

import pytest

from data.feeds import BoxRecord
from data.people import Actor, Refused
from data.queries.expected import COMES, GOES, Expected, expected
from tests.store.told import Book, book, clock

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
BOXES = ("ZZDU4839211", "ZZDU7000010", "ZZDU7000025")


def planned(number: str, event: str = "discharge", at: str = "d1 10:00", **more: Any) -> BoxRecord:
    """A line of a ship's plan."""
    values: dict[str, Any] = {
        "position": f"{number} {event} {at}", "equipment": number, "event": event, "occurred_at": clock(at), "classifier": "planned",
        "vessel": "MAU", "voyage": "12W", "size_type": "45G1", "mode": "vessel",
    }  # fmt: skip
    return BoxRecord(**(values | more))


def asked(book: Book, at: str = "d1 00:00", actor: Actor = ALL) -> Expected:
    return expected(book.store, actor, book.world, "port", clock(at))


def test_boxes_and_teu_by_call(book: Book) -> None:
    book.said("quay", "d0 08:00", *(planned(box) for box in BOXES), planned("ZZDU7000030", "load", "d1 12:00", size_type=""))
    found = asked(book)
    discharge, load = found.calls
    assert (discharge.vessel, discharge.voyage, discharge.event, discharge.boxes, discharge.teu) == ("MAU", "12W", "discharge", 3, 600)
    assert (discharge.first, discharge.last, discharge.publishers, discharge.told_at) == (
        clock("d1 10:00"), clock("d1 10:00"), ("terminal",), clock("d0 08:00"),
    )  # fmt: skip
    assert (load.boxes, load.done) == (0, 1)  # it is not here to be loaded
    assert (found.total(COMES), found.total(GOES), found.ever) == ((3, 600), (0, 0), True)


def test_what_came_is_done_and_what_is_inside_can_go(book: Book) -> None:
    by_road = planned(BOXES[0], "gate_out", "d1 20:00", vessel="", voyage="", mode="truck")
    book.said("quay", "d0 08:00", *(planned(box) for box in BOXES), by_road)
    book.told_by("terminal", "d1 09:50 discharge", box=BOXES[0])
    ship, road = asked(book, "d1 11:00").calls
    assert (ship.boxes, ship.done, ship.late) == (2, 1, 2)
    assert (road.vessel, road.mode, road.boxes, road.done) == ("", "truck", 1, 0)


@pytest.mark.parametrize(("at", "boxes"), [("d0 09:59", 0), ("d0 10:01", 1), ("d1 22:00", 1), ("d1 22:01", 0)])
def test_from_twelve_hours_late_to_a_day_ahead(book: Book, at: str, boxes: int) -> None:
    book.said("quay", "d0 08:00", planned(BOXES[0]))
    found = asked(book, at)
    assert sum(call.boxes for call in found.calls) == boxes
    assert found.ever


def test_a_box_counts_once_by_its_latest_announcement(book: Book) -> None:
    book.said("quay", "d0 08:00", planned(BOXES[0], updated_at=clock("d0 07:00")))
    book.said("carrier", "d0 09:00", planned(BOXES[0], at="d1 18:00", updated_at=clock("d0 06:00"), voyage="12"))
    (call,) = asked(book).calls
    assert (call.voyage, call.boxes, call.first) == ("12W", 1, clock("d1 10:00"))


def test_a_plan_that_was_replaced_is_no_announcement(book: Book) -> None:
    book.said("quay", "d0 08:00", planned(BOXES[0], source_id="1", updated_at=clock("d0 07:00")))
    book.said("quay", "d0 09:00", planned(BOXES[0], at="d5 10:00", source_id="1", updated_at=clock("d0 08:00")))
    found = asked(book)
    assert (found.calls, found.told_at, found.ever) == ((), None, True)


@pytest.mark.parametrize("order", [1, -1])
def test_what_was_put_off_by_days_is_not_expected_any_more(book: Book, order: int) -> None:
    """Told by another plan, with no id that would say so: the call is the same, and the latest announcement counts."""
    put_off = ("d0 09:00", planned(BOXES[0], at="d5 10:00", updated_at=clock("d0 08:30")))
    for received, plan in (("d0 08:00", planned(BOXES[0], updated_at=clock("d0 07:00"))), put_off)[::order]:
        book.said("quay", received, plan)
    book.said("quay", "d0 10:00", planned(BOXES[1]), planned(BOXES[1], at="d8 10:00", voyage="13W", updated_at=clock("d0 09:00")))
    (call,) = asked(book).calls
    assert (call.voyage, call.boxes, call.first) == ("12W", 1, clock("d1 10:00"))
    (call,) = asked(book, "d5 00:00").calls
    assert (call.boxes, call.first) == (1, clock("d5 10:00"))


def test_an_estimate_under_another_id_for_one_call_takes_the_place_of_the_first(book: Book) -> None:
    for id, at in (("1", "d1 10:00"), ("2", "d5 10:00")):
        more = {"source_id": id, "updated_at": clock(f"d0 0{id}:00"), "occasion": "call 7", "classifier": "estimated"}
        book.said("carrier", f"d0 0{id}:30", planned(BOXES[0], at=at, **more))
    assert asked(book).calls == ()


def test_nothing_ever_announced_is_told_apart(book: Book) -> None:
    assert asked(book) == Expected("port", (), None, False)


def test_only_for_whom_the_place_is_in_reach(book: Book) -> None:
    with pytest.raises(Refused):
        asked(book, actor=Actor("an", "an", "officer", frozenset({"zone"})))
