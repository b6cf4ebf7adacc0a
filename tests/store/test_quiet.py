"""A box that simply goes on is not judged within the quiet time of the rules; whatever else happens to it, it is, and in time."""

from __future__ import annotations

import pytest

from data.store import tables as t
from data.work import next_due
from tests.store.told import Book, book, clock

__all__ = ["book"]

OVERSTAY = "import_overstay"  # from five days on: nothing is said before four, whatever the zone and the day


@pytest.fixture
def judged(book: Book) -> Book:
    """A book judged once, its gate heard."""
    book.told_by("terminal", "d0 06:00 gate_in", box="ZZDU1234567").judged("d0 06:30")
    return book


def touched(book: Book) -> set[str]:
    return {row["unit"] for row in book.rows(t.touched) if row["unit"].startswith("box:")}


def test_nothing_is_judged_before_a_rule_can_have_anything_to_say(judged: Book) -> None:
    judged.told_by("terminal", "d0 08:00 discharge")
    assert touched(judged) == set()
    assert judged.judged("d3 08:00")["units"] == 2  # feeds
    assert next_due(judged.store, judged.world, clock("d3 08:00")) == clock("d4 06:00")


def test_it_is_judged_when_it_passes_its_quiet_time_and_raised_when_it_is_over(judged: Book) -> None:
    judged.told_by("terminal", "d0 08:00 discharge")
    for at in ("d4 07:59", "d4 08:00", "d5 07:59"):
        judged.judged(at)
        assert judged.alerts(OVERSTAY) == []
    judged.judged("d5 08:00")
    assert judged.alert(OVERSTAY)["began_at"] == clock("d5 08:00")
    assert judged.differences() == []


def test_it_is_raised_though_nobody_looked_for_days(judged: Book) -> None:
    judged.told_by("terminal", "d0 08:00 discharge").judged("d7 12:00")
    assert judged.alert(OVERSTAY)["began_at"] == clock("d5 08:00")


def test_what_left_within_its_quiet_time_is_never_judged(judged: Book) -> None:
    judged.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d3 09:00 gate_out")
    assert touched(judged) == set()
    judged.judged("d9 09:00")
    assert judged.alerts(OVERSTAY) == []
    assert judged.differences() == []


def test_an_exit_told_after_the_alert_was_raised_takes_it_back(judged: Book) -> None:
    judged.told_by("terminal", "d0 08:00 discharge").judged("d5 09:00")
    judged.told_by("terminal", "d2 08:00 gate_out", received="d5 10:00")
    assert touched(judged) == {f"box:{judged.box}"}
    judged.judged("d5 10:01")
    assert judged.alert(OVERSTAY)["condition"] == "invalidated"


@pytest.mark.parametrize(
    ("source", "said"),
    [("customs", "d1 09:00 hold"), ("zone", "d1 09:00 gate_in"), ("list", "d1 09:00 present")],
    ids=["customs speaks of it", "at another place", "listed"],
)
def test_what_else_is_told_of_it_has_it_judged(judged: Book, source: str, said: str) -> None:
    judged.told_by("terminal", "d0 08:00 discharge").judged("d0 09:00")
    judged.told_by(source, said)
    expected = {f"box:{judged.box}"} if source != "list" else set()
    assert touched(judged) >= expected
    judged.judged("d9 00:00")
    assert judged.differences() == []


def test_customs_spoke_of_its_document_before_it_came(judged: Book) -> None:
    judged.told_by("customs", "d0 07:00 hold", bill="B7").judged("d0 07:10")
    judged.told_by("terminal", "d0 08:00 discharge", bill="B7").told_by("terminal", "d1 09:00 gate_out")
    assert judged.stay(equipment=judged.box)["held"] == "customs"
    judged.judged("d1 09:30")
    assert judged.alert("gate_out_on_hold")["began_at"] == clock("d1 09:00")


def test_before_the_first_judging_everything_waits_to_be_judged(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge")
    assert touched(book) == {f"box:{book.box}"}


def test_a_box_that_comes_back_as_another_kind_is_judged(judged: Book) -> None:
    judged.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d0 20:00 gate_out").told_by("terminal", "d1 08:00 gate_in")
    judged.told_by("terminal", "d1 20:00 gate_out")
    assert touched(judged) == set()
    judged.told_by("terminal", "d2 08:00 gate_in", kind="22G1")
    assert touched(judged) == {f"box:{judged.box}"}
    judged.judged("d2 09:00")
    judged.told_by("terminal", "d2 20:00 gate_out", kind="22G1")
    assert touched(judged) == set()
    judged.judged("d2 21:00")
    assert judged.alert("bad_or_unknown_box_number")["began_at"] == clock("d2 08:00")
    assert judged.differences() == []
