"""Statements that their source gave an id: told again, of another box, of other documents, taken back; in any order, as known then."""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.asof import books
from data.feeds import BoxRecord, FactRecord, RetractionRecord
from data.received import REREAD
from data.store import tables as t
from tests.store.told import BOX, Book, book, clock, different, hasty

__all__ = ["book", "hasty"]
OTHER = "ZZDU7000010"
END = clock("d60 00:00")


def box(event: str, at: str, id: str, updated: str, **more: Any) -> BoxRecord:
    """What the carrier says of a box under an id."""
    values: dict[str, Any] = {
        "position": f"event {id} {updated}", "equipment": BOX, "event": event, "occurred_at": clock(at), "location": "XXPRT",
        "source_id": id, "updated_at": clock(updated), "only_declared": True,
    }  # fmt: skip
    return BoxRecord(**(values | more))


def fact(kind: str, at: str, id: str, updated: str, **more: Any) -> FactRecord:
    """What it says of customs."""
    about = next((name for name in ("bill", "booking") if name in more and "equipment" not in more), "equipment")
    values: dict[str, Any] = {
        "position": f"event {id} {updated}", "kind": kind, "about": about, "reference": more.get(about, BOX), "agency": "customs",
        "equipment": BOX if about == "equipment" else "", "effective_at": clock(at), "location": "XXPRT", "source_id": id,
        "updated_at": clock(updated),
    }  # fmt: skip
    return FactRecord(**(values | more))


def test_a_later_version_of_another_box_moves_that_box_instead(book: Book) -> None:
    book.said("carrier", "d0 09:00", box("discharge", "d0 08:00", "1", "d0 08:30"))
    book.said("carrier", "d0 10:00", box("discharge", "d0 08:00", "1", "d0 09:30", equipment=OTHER))
    assert book.statuses(equipment=BOX) == ["superseded"]
    assert book.statuses(equipment=OTHER) == ["live"]
    assert [(stay["equipment"], stay["left_at"]) for stay in book.stays()] == [(OTHER, None)]
    assert book.throughput("discharge") == 1
    assert book.differences() == []


def test_the_earlier_version_coming_later_changes_nothing(book: Book) -> None:
    book.said("carrier", "d0 09:00", box("discharge", "d0 08:00", "1", "d0 09:30", equipment=OTHER))
    book.said("carrier", "d0 10:00", box("discharge", "d0 08:00", "1", "d0 08:30"))
    assert [stay["equipment"] for stay in book.stays()] == [OTHER]


@pytest.mark.parametrize("first", [True, False])
def test_a_retraction_before_or_after_what_it_takes_back(book: Book, first: bool) -> None:
    back = RetractionRecord(position="event 9", source_id="1", at=clock("d0 12:00"))
    if first:
        book.said("carrier", "d0 07:00", back)
    book.said("carrier", "d0 09:00", box("discharge", "d0 08:00", "1", "d0 08:30"), fact("hold", "d0 08:00", "2", "d0 08:30"))
    if not first:
        assert len(book.stays()) == 1
        book.said("carrier", "d0 13:00", back)
    assert (book.statuses(), book.stays(), book.throughput("discharge")) == (["retracted"], [], 0)
    assert book.one(t.fact)["status"] == "live"
    assert book.differences() == []


def test_told_again_after_the_retraction_it_stands(book: Book) -> None:
    book.said("carrier", "d0 09:00", RetractionRecord(position="event 9", source_id="1", at=clock("d0 08:30")))
    book.said("carrier", "d0 10:00", box("discharge", "d0 08:00", "1", "d0 09:30"))
    assert book.statuses() == ["live"]


def test_another_publishers_id_is_another_statement(book: Book) -> None:
    book.said("carrier", "d0 09:00", box("discharge", "d0 08:00", "1", "d0 08:30"))
    book.said("zone-gate", "d0 10:00", RetractionRecord(position="event 9", source_id="1", at=clock("d0 12:00")))
    assert book.statuses() == ["live"]


def test_a_hold_told_again_of_another_bill_leaves_the_first(book: Book) -> None:
    book.said("carrier", "d0 07:00", box("discharge", "d0 06:00", "8", "d0 06:30", bill="B1"))
    book.said("carrier", "d0 07:30", box("discharge", "d0 06:00", "9", "d0 06:30", bill="B2", equipment=OTHER))
    book.said("carrier", "d0 09:00", fact("hold", "d0 08:00", "1", "d0 08:30", bill="B1"))
    assert [(stay["equipment"], stay["held"]) for stay in book.stays() if stay["held"]] == [(BOX, "customs")]
    book.said("carrier", "d0 10:00", fact("hold", "d0 08:00", "1", "d0 09:30", bill="B2"))
    assert [(stay["equipment"], stay["held"]) for stay in book.stays() if stay["held"]] == [(OTHER, "customs")]
    assert sorted(row["status"] for row in book.rows(t.fact)) == ["live", "superseded"]
    assert book.differences() == []


def test_a_hold_taken_back_holds_no_more_and_was_so_known_before(book: Book) -> None:
    book.said("carrier", "d0 07:00", box("discharge", "d0 06:00", "8", "d0 06:30"))
    book.said("carrier", "d0 09:00", fact("hold", "d0 08:00", "1", "d0 08:30"))
    book.said("carrier", "d0 12:00", fact("hold", "d0 08:00", "1", "d0 11:00", function="cancel"))
    assert [row["status"] for row in book.rows(t.fact)] == ["retracted", "retracted"]
    assert book.stay()["held"] == ""
    then = []
    with book.store.read() as conn:
        for at in ("d0 10:00", "d0 13:00"):
            then += [stay.held for _, found, _ in books(conn, book.world, "port", None, clock(at)) for stay in found.stays.values()]
    assert then == [("customs",), ()]
    assert book.differences() == []


def test_what_was_so_before_a_later_version_was_known(book: Book) -> None:
    book.said("carrier", "d0 09:00", box("discharge", "d0 08:00", "1", "d0 08:30"))
    book.said("carrier", "d1 09:00", box("discharge", "d0 08:00", "1", "d1 08:30", equipment=OTHER))
    with book.store.read() as conn:
        then = {number: list(found.status.values()) for number, found, _ in books(conn, book.world, "port", None, clock("d0 12:00"))}
    assert (then[BOX], then[OTHER]) == (["live"], [])


def test_a_document_named_by_a_status_links_and_a_hold_on_it_that_came_first_holds(book: Book) -> None:
    book.said("carrier", "d0 05:00", fact("hold", "d0 04:00", "1", "d0 04:30", booking="BK1"))
    book.said("carrier", "d0 07:00", box("discharge", "d0 06:00", "8", "d0 06:30"))
    assert book.stay()["held"] == ""
    book.said("carrier", "d0 09:00", box("other", "d0 08:00", "9", "d0 08:30", given="status_only", booking="BK1"))
    assert (book.stay()["held"], book.stay()["held_since"]) == ("customs", clock("d0 04:00"))
    assert [(row["kind"], row["reference"], row["at"]) for row in book.rows(t.box_link)] == [("booking", "BK1", clock("d0 08:30"))]
    assert book.differences() == []


def test_what_names_no_declared_place_is_kept_and_moves_nothing(book: Book) -> None:
    book.said("carrier", "d0 09:00", box("discharge", "d0 08:00", "1", "d0 08:30", location="NLRTM:ECT NLRTM"))
    book.said("carrier", "d0 10:00", box("gate_out", "d0 09:00", "2", "d0 09:30", location=""))
    kept = book.rows(t.report, "received_at")
    assert [(row["status"], row["why"], row["location"]) for row in kept] == [
        ("status_only", "place not declared: NLRTM:ECT NLRTM", "NLRTM:ECT NLRTM"), ("status_only", "names no place", ""),
    ]  # fmt: skip
    assert book.stays() == []


def test_of_one_call_the_latest_discharge_stands(book: Book) -> None:
    for id, at, updated in (("1", "d0 08:00", "d0 08:30"), ("2", "d0 11:00", "d0 12:30"), ("3", "d0 10:00", "d0 11:30")):
        book.said("carrier", f"d1 0{id}:00", box("discharge", at, id, updated, occasion="call 7"))
    assert book.statuses() == ["superseded", "live", "superseded"]
    assert book.stay()["entered_at"] == clock("d0 11:00")
    assert book.differences() == []


def test_in_order_and_told_once_nothing_is_read_back(book: Book) -> None:
    before = REREAD.rows
    for day, event in enumerate(("discharge", "gate_out", "gate_in", "load")):
        book.said("carrier", f"d{day} 09:00", box(event, f"d{day} 08:00", str(day), f"d{day} 08:30", occasion=f"call {day}"))
    assert REREAD.rows == before
    assert [stay["left_by"] for stay in book.stays()] == ["gate_out", "load"]


# ---------------------------------------------------------------- any order

ids, times = st.sampled_from("12"), st.integers(1, 5)
numbers, occasions, functions = (st.sampled_from(words) for words in ((BOX, OTHER), ("", "c1"), ("original", "original", "cancel")))


@st.composite
def statements(draw: st.DrawFn) -> Any:
    """One record of any of the three kinds, under one of two ids."""
    id, updated, number = draw(ids), f"d{draw(times)} 00:00", draw(numbers)
    match draw(st.sampled_from(("box", "box", "fact", "document", "back"))):
        case "box":
            event = draw(st.sampled_from(("discharge", "gate_out")))
            more = {"occasion": draw(occasions), "function": draw(functions), "bill": draw(st.sampled_from(("", "B1", "B2")))}
            return box(event, f"d{draw(times)} 08:00", id, updated, equipment=number, **more)
        case "fact":
            kind, at = draw(st.sampled_from(("hold", "release"))), f"d{draw(times)} 09:00"
            return fact(kind, at, id, updated, equipment=number, reference=number)
        case "document":
            return fact("hold", f"d{draw(times)} 07:00", id, updated, bill=draw(st.sampled_from(("B1", "B2"))), function=draw(functions))
        case _:
            return RetractionRecord(position="back", source_id=id, at=clock(updated))


@given(st.lists(statements(), min_size=2, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_comes_to_the_same(hasty: None, book: Book, told: list[Any], rng: Random) -> None:
    messages = [("carrier" if n % 3 else "zone-gate", f"d9 {n:02}:00", record) for n, record in enumerate(told)]
    orders = list(permutations(messages))
    found = []
    for order in (orders[0], orders[-1], rng.choice(orders)):
        book.emptied()
        for feed, received, record in order:
            book.said(feed, received, record)
        assert book.differences() == []
        found.append(book.derived())
    assert different(found[0], found[1]) == ""
    assert different(found[0], found[2]) == ""
