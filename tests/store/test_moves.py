"""Rules about what happened to a box on its way, through reader, store and judge: what the pure examples cannot show."""

from __future__ import annotations

import pytest

from data import backtest
from data.people import Actor
from data.queries import forecast
from data.store import tables as t
from tests.store.told import PORT, Book, book, clock, small_world

__all__ = ["book"]
LIMITS = ", ".join(
    f"{{limit: {name}, value: {value}, from: 2026-01-01, reason: agreed}}"
    for name, value in (("import_dwell_warn", "5d"), ("transit_time", "72h"), ("orphan_window", "24h"))
)


@pytest.fixture
def port(book: Book) -> Book:
    """The small world with limits for ways and missing messages, judged once."""
    book.world = small_world(PORT[: PORT.index("limits:")] + f"limits: [{LIMITS}]\n")
    book.told_by("zone", "d0 06:00 gate_in", equipment="ZZDU1234567").judged("d0 06:30")
    return book


@pytest.mark.parametrize("to", ["zone", "XXZNE", "xxzne"])
def test_a_permit_is_for_a_place_by_its_id_or_its_code(port: Book, to: str) -> None:
    port.told_by("customs", "d0 07:00 permit", to=to)
    assert (port.one(t.fact)["to"], port.one(t.fact)["why"]) == ("zone", "")


def test_a_permit_for_a_place_that_is_declared_nowhere_says_so(port: Book) -> None:
    port.told_by("customs", "d0 07:00 permit", to="XXNOT").told_by("terminal", "d0 08:00 discharge").told_by(
        "terminal", "d1 08:00 gate_out"
    )
    assert (port.one(t.fact)["to"], port.one(t.fact)["why"]) == ("", "place not declared: XXNOT")
    port.judged("d9 00:00")
    assert port.alerts("left_port") == []


def test_a_box_that_does_not_arrive_is_not_sure_until_the_gate_it_was_for_is_heard(port: Book) -> None:
    port.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 07:00 permit", to="XXZNE")
    port.told_by("terminal", "d1 08:00 gate_out").judged("d4 07:59")
    assert port.alerts("left_port") == []
    port.judged("d4 08:00")
    alert = port.alert("left_port")
    assert (alert["subject"], alert["place"], alert["severity"]) == (f"leg:{port.box}", "port", "act_now")
    assert (alert["condition"], alert["leans"]) == ("unverified", [["zone", "gate"]])
    port.told_by("zone", "d4 09:00 gate_out", equipment="ZZDU1234567").judged("d4 09:10")
    assert port.alert("left_port")["condition"] == "active"
    port.told_by("zone", "d4 10:00 gate_in").judged("d4 10:10")
    assert (port.alert("left_port")["condition"], port.alert("left_port")["ended_at"]) == ("active", clock("d4 10:00"))
    assert port.differences() == []


def test_an_orphan_exit_waits_for_the_message_that_is_missing(port: Book) -> None:
    port.told_by("terminal", "d1 08:00 gate_out")
    port.judged("d2 07:59")
    assert port.alerts("orphan_exit") == []
    port.judged("d2 08:00")
    assert port.alert("orphan_exit")["began_at"] == clock("d2 08:00")
    port.told_by("terminal", "d0 08:00 gate_in", received="d3 08:00").judged("d3 08:10")
    assert port.alert("orphan_exit")["condition"] == "invalidated"
    assert port.differences() == []


def test_another_seal_at_the_exit_has_a_box_judged_that_simply_came_and_went(port: Book) -> None:
    port.told_by("terminal", "d1 08:00 discharge", seal="A1").told_by("terminal", "d2 08:00 gate_out", seal="B2").judged("d2 08:30")
    assert port.alert("seal_number_changed")["began_at"] == clock("d2 08:00")
    port.told_by("customs", "d1 12:00 inspected", received="d3 08:00").judged("d3 08:10")
    assert port.alert("seal_number_changed")["condition"] == "invalidated"
    assert port.differences() == []


def test_handling_leans_on_the_customs_source_that_told_of_the_hold(port: Book) -> None:
    port.told_by("zone", "d0 08:00 gate_in").told_by("customs", "d0 09:00 hold").told_by("zone", "d0 12:00 strip").judged("d0 12:10")
    alert = port.alert("handling_under_hold")
    assert (alert["place"], alert["condition"], alert["leans"]) == ("zone", "unverified", [["port", "customs"]])
    port.told_by("customs", "d0 13:00 hold", bill="B9").judged("d0 13:10")
    assert port.alert("handling_under_hold")["condition"] == "active"
    assert port.differences() == []


def test_a_way_is_tried_under_other_limits_and_lies_ahead_in_the_forecast(port: Book) -> None:
    port.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 07:00 permit", to="XXZNE")
    port.told_by("terminal", "d1 08:00 gate_out").judged("d2 09:00")
    at, days = clock("d2 09:00"), (clock("d0 00:00"), clock("d3 00:00"))
    tried = backtest.spells(port.store, port.world, "left_port", ("port", "zone"), *days, {"transit_time": "24h"}, at)
    assert [(s.what, s.began_at) for _, _, piece in tried for s in piece] == [("gained", clock("d2 08:00"))]
    ahead = forecast.forecast(port.store, Actor("chi", "chi", "supervisor"), port.world, at, rule="left_port").passes
    assert [(one.at, one.equipment, one.limit) for one in ahead] == [(clock("d4 08:00"), port.box, "transit_time")]
