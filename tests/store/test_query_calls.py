"""Calls of ships: planned, estimated and real; boxes done of those announced; put off, corrected, in any order."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

from data.feeds import BoxRecord
from data.people import Actor
from data.queries.calls import Calls, calls
from tests.store.told import Book, book, clock

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
ONE, TWO, THREE = "ZZDU4839211", "ZZDU7000010", "ZZDU7000025"


def said(number: str, event: str, at: str, classifier: str = "planned", **more: Any) -> BoxRecord:
    """A line about a box and a ship."""
    values: dict[str, Any] = {
        "position": f"{number} {event} {at} {classifier}", "equipment": number, "event": event, "occurred_at": clock(at),
        "classifier": classifier, "vessel": "MAU", "voyage": "12W", "mode": "vessel",
    }  # fmt: skip
    return BoxRecord(**(values | more))


def asked(book: Book, at: str = "d1 00:00", actor: Actor = ALL, **more: Any) -> Calls:
    (found,) = calls(book.store, actor, book.world, clock(at), places=("port",), **more)
    return found


def test_planned_estimated_and_real(book: Book) -> None:
    book.said("quay", "d0 08:00", said(ONE, "discharge", "d1 10:00"), said(TWO, "discharge", "d1 10:00"), said(THREE, "load", "d1 20:00"))
    book.said("carrier", "d0 09:00", said(ONE, "arrive", "d1 11:00", "estimated", given="status_only"))
    (call,) = asked(book).calls
    assert (call.arrive.planned, call.arrive.estimated, call.depart.planned) == (clock("d1 10:00"), clock("d1 11:00"), clock("d1 20:00"))
    assert (call.state(clock("d1 10:30")), call.state(clock("d1 11:30"))) == ("planned", "late")
    book.said("quay", "d1 12:30", said(ONE, "discharge", "d1 12:00", "actual"))
    book.told_by("terminal", "d1 12:10 discharge", box=TWO)  # names no ship
    (call,) = asked(book, "d1 13:00").calls
    assert (call.count("discharge"), call.count("load"), call.delay) == ((2, 2, 0), (1, 0, 0), 120)
    assert ([line.equipment for line in call.waiting], call.state(clock("d1 13:00"))) == ([THREE], "working")
    assert asked(book, "d2 06:00").states(clock("d2 06:00"))["short"] == 1


def test_a_ship_that_is_put_off_is_one_call_at_its_new_time(book: Book) -> None:
    plans = (
        ("d0 08:00", said(ONE, "discharge", "d1 10:00", updated_at=clock("d0 07:00"))),
        ("d0 09:00", said(ONE, "discharge", "d12 10:00", updated_at=clock("d0 08:30"))),
    )
    for order in permutations(plans):
        book.emptied()
        for received, plan in order:
            book.said("quay", received, plan)
        assert (asked(book).calls, asked(book).ever) == ((), True)
        (call,) = asked(book, "d12 00:00").calls
        assert (call.arrive.planned, call.count("discharge")) == (clock("d12 10:00"), (1, 0, 0))


def test_the_period_the_terminal_and_the_state_asked_for(book: Book) -> None:
    book.said("quay", "d0 08:00", said(ONE, "discharge", "d1 10:00", terminal="T1"), said(TWO, "load", "d9 10:00", voyage="13W"))
    assert [call.voyage for call in asked(book).calls] == ["12W"]
    ahead = asked(book, first=date(2026, 11, 10), last=date(2026, 11, 12))
    assert [call.voyage for call in ahead.calls] == ["13W"]
    assert asked(book, terminal="T2").calls == ()
    assert [call.voyage for call in asked(book, state="planned").calls] == ["12W"]
    assert asked(book, state="late").calls == ()


def test_nothing_announced_is_told_apart_and_nothing_is_shown_out_of_reach(book: Book) -> None:
    assert (asked(book).calls, asked(book).ever, asked(book).by_sea) == ((), False, True)
    assert calls(book.store, Actor("an", "an", "officer", frozenset({"zone"})), book.world, clock("d1 00:00"), places=("port",)) == []
