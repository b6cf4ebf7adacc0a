"""What is said of a box: held, no hold known or cannot tell; its history; what a person with few places gets to see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.books import load
from data.people import Actor, Refused
from data.queries import container as ask
from data.queries import message
from tests.store.told import BOX, Book, book, clock
from zones.customs import in_force

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
ZONE_ONLY = Actor("an", "an", "officer", frozenset({"zone"}))
NOWHERE = Actor("ly", "ly", "officer", frozenset())
VIEWER = Actor("viewer", "viewer", "viewer")


def seen(book: Book, at: str, actor: Actor = ALL, box: str = BOX) -> ask.BoxHistory | None:
    return ask.history(book.store, actor, book.world, box, clock(at))


def state(book: Book, at: str, box: str = BOX) -> str:
    found = seen(book, at, box=box)
    return found.box.state if found else "unknown"


def test_held_until_released_and_by_whom(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold", hold_ref="H1").told_by("QUA", "d1 10:00 hold")
    found = seen(book, "d1 12:00")
    assert found
    assert found.box.state == "held"
    assert [(hold.agency, hold.hold_ref, hold.since) for hold in found.box.held_by] == [
        ("customs", "H1", clock("d1 09:00")), ("QUA", "", clock("d1 10:00")),
    ]  # fmt: skip
    assert all(hold.message_id and hold.position == "line 2" for hold in found.box.held_by)
    book.told_by("customs", "d2 08:00 release").told_by("QUA", "d2 09:00 release")
    assert state(book, "d2 08:30") == "held"
    assert state(book, "d2 09:00") == "no_hold"
    found = seen(book, "d2 09:00")
    assert found
    assert {row["agency"] for row in found.releases} == {"customs", "QUA"}


def test_cannot_tell_names_the_source_and_why(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge")
    found = seen(book, "d0 09:00")
    assert found
    assert (found.box.state, found.box.why) == ("cannot_tell", "never")
    assert [heard.feed for heard in found.box.blind] == ["customs"]
    book.told_by("zone", "d1 08:00 gate_in")
    found = seen(book, "d1 09:00")
    assert found
    assert (found.box.state, found.box.why, found.box.stay and found.box.stay.place) == ("cannot_tell", "undeclared", "zone")


def test_a_customs_source_that_is_silent_for_too_long(book: Book) -> None:
    port = next(place for place in book.world.places.values() if place.id == "port")
    assert not next(feed for feed in port.feeds if feed.id == "customs").expect, "nothing is expected of it here: it is never too silent"
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d0 09:00 inspected")
    assert state(book, "d9 09:00") == "no_hold"


def test_it_stays_held_wherever_it_goes(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold").told_by("terminal", "d2 08:00 gate_out")
    book.told_by("zone", "d2 12:00 gate_in")
    found = seen(book, "d3 00:00", ZONE_ONLY)
    assert found
    assert found.box.state == "held"
    assert found.elsewhere
    assert found.box.held_by[0].message_id == "", "the message came to a place out of reach"
    assert {line.place for line in found.lines if line.kind in ("movement", "report")} == {"zone"}


def test_a_box_out_of_reach_is_a_box_nobody_knows(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge")
    assert seen(book, "d1 00:00", ZONE_ONLY) is None
    assert seen(book, "d1 00:00", NOWHERE) is None
    assert [one.state for one in ask.listed(book.store, ZONE_ONLY, book.world, [BOX], clock("d1 00:00")).boxes] == ["unknown"]


def test_every_word_is_there_with_what_became_of_it(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d2 14:00 gate_out", seal="S1")
    book.told_by("carrier", "d2 14:12 gate_out", seals="S2")
    book.told_by("terminal", "d3 08:00 gate_in", number="D7").cancelled("d3 08:00 gate_in", number="D7", received="d3 10:00")
    found = seen(book, "d4 00:00")
    assert found
    out = next(line for line in found.lines if line.kind == "movement" and line.row["event"] == "gate_out")
    assert [(told["publisher"], told["canonical"]) for told in out.told] == [("terminal", True), ("carrier", False)]
    assert set(out.row["disagreement"]) == {"occurred_at", "seals"}
    statuses = [line.row["status"] for line in found.lines if line.kind == "report"]
    assert statuses
    assert not set(statuses) & {"live"}
    times = [line.at for line in found.lines if line.at]
    assert times == sorted(times, reverse=True)


def test_the_state_is_what_the_whole_book_says(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge", bill="B1").told_by("customs", "d1 09:00 hold", bill="B1")
    book.told_by("QUA", "d1 10:00 hold", hold_ref="X").told_by("QUA", "d2 10:00 release", hold_ref="X")
    now = clock("d3 00:00")
    with book.store.read() as conn:
        folded = load(conn, book.world, [BOX])[0][BOX]
    found = seen(book, "d3 00:00")
    assert found
    assert found.holds == folded.holds
    assert len(found.box.held_by) == len(in_force(folded.holds, now)) == 1
    assert {stay.stay_id for stay in found.stays} == set(folded.stays)


def test_many_numbers_one_row_each_in_their_order(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge")
    numbers = ["ZZDU0000010", BOX, *(f"ZZXU{n:07d}" for n in range(250))]
    found = ask.listed(book.store, ALL, book.world, numbers, clock("d1 00:00")).boxes
    assert len(found) == ask.LISTED
    assert [one.state for one in found[:3]] == ["unknown", "cannot_tell", "unknown"]


def test_the_message_as_it_came(book: Book) -> None:
    book.told_by("customs", "d1 09:00 hold")
    now = clock("d2 00:00")
    found = ask.history(book.store, ALL, book.world, BOX, now)
    assert found
    message_id = found.lines[0].row["message_id"]
    told = message.seen(book.store, ALL, book.world, message_id, book.settings.home)
    assert told
    assert b"hold,ZZDU4839211" in told.shown
    assert not told.missing
    assert told.place == "port"
    assert [row["kind"] for row in told.facts] == ["hold"]
    assert message.seen(book.store, ZONE_ONLY, book.world, message_id, book.settings.home) is None
    with pytest.raises(Refused):
        message.seen(book.store, VIEWER, book.world, message_id, book.settings.home)


def test_ages_are_counted_from_the_moment_asked_for(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d0 09:00 inspected")
    found = seen(book, "d5 08:00")
    assert found
    assert found.box.stay
    assert clock("d5 08:00") - found.box.stay.opened_at == timedelta(days=5)
    assert found.sight.as_of == clock("d0 09:05")
