"""Pages of a carrier through the real reader and the real pull: however its events are grouped and ordered, the same comes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any
from zlib import crc32

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.asof import books
from data.books import stay_row
from data.store import tables as t
from tests.pure.dcsa_samples import flat, nested
from tests.store.told import BOX, PORT, Book, book, clock, different, hasty, small_world

__all__ = ["book", "hasty"]
OTHER = "ZZDU7000010"
WORLD = small_world(PORT.replace("format: gate_csv, publisher: carrier", "format: dcsa, publisher: carrier"))
Event = dict[str, Any]


def zulu(text: str) -> str:
    return clock(text).strftime("%Y-%m-%dT%H:%M:%SZ")


def event(id: str, updated: str, code: str, at: str, **more: Any) -> Event:
    """An event of 2.2 at the port, with a ship."""
    call = {"transportCallID": more.pop("call", f"call {id}"), "UNLocationCode": more.pop("place", "XXPRT"), "modeOfTransport": "VESSEL"}
    own = {"eventID": id, "eventCreatedDateTime": zulu(updated), "eventDateTime": zulu(at), "transportCall": call}
    return flat(code, **(own | more))


def newer(id: str, updated: str, code: str, at: str, **more: Any) -> Event:
    """An event of 3.0."""
    own = {"eventID": id, "eventUpdatedDateTime": zulu(updated), "eventDateTime": zulu(at), "eventLocation": {"UNLocationCode": "XXPRT"}}
    return nested(code, **(own | more))


def page(events: Sequence[Event]) -> bytes:
    return json.dumps(events).encode()


def bill(number: str) -> list[dict[str, str]]:
    return [{"documentReferenceType": "TRD", "documentReferenceValue": number}]


def ready(book: Book) -> Book:
    book.world = WORLD
    return book


# ---------------------------------------------------------------- told again, word for word


def test_an_event_that_the_next_poll_tells_again_stays_the_one_that_was_told_first(hasty: None, book: Book) -> None:
    """A poll asks for an hour that it has had already (`overlap`): that is no news, and was known since it was told first."""
    came, more = event("1", "d0 08:30", "DISC", "d0 08:00"), event("2", "d0 09:30", "DISC", "d0 09:00", equipmentReference=OTHER)
    ready(book).receive("carrier", page([came]), "d0 09:00")
    before, stay = book.movement(), book.stay()
    book.receive("carrier", page([came, more]), "d0 10:00")
    book.receive("carrier", page([more, came]), "d0 11:00")
    assert [(row["status"], row["received_at"]) for row in book.rows(t.report, "received_at", equipment=BOX)] == [
        ("live", clock("d0 09:00")), ("superseded", clock("d0 10:00")), ("superseded", clock("d0 11:00")),
    ]  # fmt: skip
    assert (book.movement(equipment=BOX), book.stay(equipment=BOX)) == (before, stay)
    assert book.throughput("discharge") == 2
    assert book.differences() == []


def test_a_hold_told_again_is_known_since_it_was_told_first(hasty: None, book: Book) -> None:
    held, more = event("1", "d0 08:30", "CUSS", "d0 08:00"), event("2", "d0 09:30", "DISC", "d0 07:00")
    ready(book).receive("carrier", page([held]), "d0 09:00")
    book.receive("carrier", page([held, more]), "d0 10:00")
    assert [(row["status"], row["received_at"]) for row in book.rows(t.fact, "received_at")] == [
        ("live", clock("d0 09:00")), ("superseded", clock("d0 10:00")),
    ]  # fmt: skip
    assert book.stay()["held"] == "carrier"
    assert book.differences() == []


def test_told_otherwise_at_the_same_time_of_update_the_later_telling_stands(hasty: None, book: Book) -> None:
    ready(book).receive("carrier", page([event("1", "d0 08:30", "DISC", "d0 08:00")]), "d0 09:00")
    book.receive("carrier", page([event("1", "d0 08:30", "DISC", "d0 08:20")]), "d0 10:00")
    assert book.statuses() == ["superseded", "live"]
    assert book.stay()["entered_at"] == clock("d0 08:20")
    assert book.differences() == []


def test_what_came_too_soon_to_be_true_counts_when_it_is_told_again(hasty: None, book: Book) -> None:
    came, more = event("1", "d0 07:30", "DISC", "d0 08:00"), event("2", "d0 09:30", "DISC", "d0 09:00", equipmentReference=OTHER)
    ready(book).receive("carrier", page([came]), "d0 07:40")
    book.receive("carrier", page([came, more]), "d0 10:00")
    assert book.statuses(equipment=BOX) == ["superseded", "live"]
    assert book.stay(equipment=BOX)["entered_at"] == clock("d0 08:00")
    assert book.differences() == []


def test_known_at_a_moment_between_two_tellings(hasty: None, book: Book) -> None:
    ready(book).receive("carrier", page([event("1", "d0 08:30", "DISC", "d0 08:00")]), "d0 09:00")
    book.receive("carrier", page([event("1", "d0 09:30", "DISC", "d0 08:00", equipmentReference=OTHER)]), "d0 10:00")
    book.receive("carrier", page([newer("x", "d0 10:30", "GTOT", "d0 10:00"), event("1", "d0 09:30", "DISC", "d0 08:00")]), "d0 11:00")
    with book.store.read() as conn:
        for at, inside in (("d0 09:30", [BOX]), ("d0 10:30", [OTHER])):
            found = books(conn, book.world, "port", None, clock(at))
            assert [stay.equipment for _, one, _ in found for stay in one.stays.values() if stay.left_at is None] == inside


def test_a_hold_under_an_id_that_two_events_have_is_taken_back_for_good(hasty: None, book: Book) -> None:
    """Such an id says nothing, so only the word `isRetracted` tells that this is no hold; an earlier receipt changes nothing of it."""
    back = newer("1", "d0 08:30", "HOLD", "d0 08:00", isRetracted=True)
    content = page([back, newer("1", "d0 08:30", "CUSR", "d0 07:00", equipmentDetails={"equipmentReference": OTHER})])
    ready(book).receive("carrier", content, "d0 10:00")
    before = [(row["kind"], row["status"]) for row in book.rows(t.fact, "kind")]
    assert ("hold", "retracted") in before
    book.receive("carrier", content, "d0 09:00")
    assert [(row["kind"], row["status"]) for row in book.rows(t.fact, "kind")] == before
    assert book.differences() == []


# ---------------------------------------------------------------- any order, any pages

hours = st.integers(1, 8)


@st.composite
def tellings(draw: st.DrawFn) -> list[Event]:
    """Events under few ids, each id and time of update with one content, some of them more than once."""
    keys = draw(st.lists(st.tuples(st.sampled_from("1234"), hours), min_size=2, max_size=6, unique=True))
    found = [_telling(draw, id, updated) for id, updated in keys]
    return found + draw(st.lists(st.sampled_from(found), max_size=2))


def _telling(draw: st.DrawFn, id: str, updated: int) -> Event:
    at, when, number = f"d{draw(hours)} 08:00", f"d{updated} 12:00", draw(st.sampled_from((BOX, OTHER)))
    if id in "34":
        code, back = draw(st.sampled_from(("DISC", "GTOT", "HOLD", "RELS"))), draw(st.sampled_from((False, False, True)))
        more = {"equipmentDetails": {"equipmentReference": number}} if not back or draw(st.booleans()) else {"equipmentDetails": None}
        return newer(id, when, code, at, isRetracted=back, **more)
    if draw(st.integers(0, 4)) == 0:
        shipment = {"documentTypeCode": "TRD", "documentID": draw(st.sampled_from(("B1", "B2"))), "shipmentEventTypeCode": "HOLD"}
        own = {"eventID": id, "eventCreatedDateTime": zulu(when), "eventDateTime": zulu(at)}
        return flat("HOLD", "SHIPMENT", **(own | shipment))
    more = {"documentReferences": bill(draw(st.sampled_from(("B1", "B2"))))} if draw(st.booleans()) else {}
    sort, where = draw(st.sampled_from(("ACT", "ACT", "PLN"))), draw(st.sampled_from(("XXPRT", "XXPRT", "NLRTM")))
    code, call = draw(st.sampled_from(("DISC", "GTOT", "CUSS", "GTIN"))), draw(st.sampled_from(("c1", "c2")))
    return event(id, when, code, at, equipmentReference=number, eventClassifierCode=sort, place=where, call=call, **more)


OURS = frozenset({"stay_id", "opening", "exit", "heard_at", "held_since"})  # ids are of the message that told it, and so is what tells


def outcome(book: Book) -> dict[str, list[Any]]:
    """What came of it, but for in which message it was told."""
    found: dict[str, list[Any]] = {
        name: book.rows(t.metadata.tables[name]) for name in ("hourly", "occupancy", "inside", "dwell_bucket", "agreement")
    }
    found["box_link"] = book.rows(t.box_link)
    found["stay"] = sorted(
        ({k: v for k, v in row.items() if k not in OURS} for row in book.stays()),
        key=lambda row: (row["equipment"], row["place"], row["opened_at"]),
    )
    columns = ("equipment", "event", "classifier", "place", "occurred_at", "updated_at", "source_id", "bill", "status")
    found["report"] = sorted({tuple(map(str, (row[name] for name in columns))) for row in book.rows(t.report, status="live")})
    columns = ("about", "reference", "kind", "effective_at", "updated_at", "source_id")
    found["fact"] = sorted({tuple(map(str, (row[name] for name in columns))) for row in book.rows(t.fact, status="live")})
    return found


@given(tellings(), st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_pages_come_to_the_same(hasty: None, book: Book, told: list[Event], rng: Random) -> None:
    ready(book)
    outcomes = []
    for _ in range(3):
        rng.shuffle(told)
        cut = sorted(rng.sample(range(len(told) + 1), 2))
        pages = [page(part) for part in (told[: cut[0]], told[cut[0] : cut[1]], told[cut[1] :]) if part]
        orders = []
        for order in (pages, pages[::-1]):
            book.emptied()
            for content in order:
                book.receive("carrier", content, "d9 00:00", f"{crc32(content):08x}")
            assert book.differences() == []
            orders.append(book.derived())
        assert different(orders[0] | {"receipt": []}, orders[1] | {"receipt": []}) == ""
        outcomes.append(outcome(book))
    assert different(outcomes[0], outcomes[1]) == ""
    assert different(outcomes[0], outcomes[2]) == ""


@given(st.lists(tellings(), min_size=2, max_size=4))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_known_then_is_told_later_just_as_it_was(hasty: None, book: Book, pages: list[list[Event]]) -> None:
    ready(book).emptied()
    then: list[list[tuple[object, ...]]] = []
    for hour, told in enumerate(pages):
        book.receive("carrier", page(told), f"d9 0{hour}:00")
        then.append(sorted(map(_visit, book.stays())))
    with book.store.read() as conn:
        for hour, visits in enumerate(then):
            found = [stay for _, one, _ in books(conn, book.world, None, None, clock(f"d9 0{hour}:30")) for stay in one.stays.values()]
            assert sorted(_visit(stay_row(stay)) for stay in found) == visits, hour


def _visit(row: dict[str, Any]) -> tuple[object, ...]:
    names = ("stay_id", "equipment", "place", "entered_at", "left_at", "held", "held_since", "bill", "heard_at")
    return tuple(str(row[name]) for name in names)
