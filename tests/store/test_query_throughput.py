"""Throughput: each movement once, in the place's own time, against the period before; what is not complete says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.people import Actor
from data.queries import throughput as ask
from data.queries._bins import DAY, HOUR, WEEK, bins, shifted
from tests.store.told import Book, book, clock

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
NOWHERE = Actor("ly", "ly", "officer", frozenset())


def asked(book: Book, at: str, **more: object) -> ask.Throughput:
    return next(one for one in ask.by_time(book.store, ALL, book.world, clock(at), **more) if one.place == "port")  # type: ignore[arg-type]


def test_an_exit_told_by_two_sources_counts_once(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d2 14:00 gate_out").told_by("carrier", "d2 14:12 gate_out")
    found = asked(book, "d3 12:00")
    assert {slot.bin.day.isoformat(): dict(slot.counts) for slot in found.now if slot.counts} == {
        "2026-11-02": {"discharge": (1, 200)}, "2026-11-04": {"gate_out": (1, 200)},
    }  # fmt: skip
    assert found.n == 2


def test_the_day_is_the_places_own(book: Book) -> None:
    book.told_by("terminal", "d0 23:30 discharge")
    book.told_by("terminal", "d1 00:30 discharge", box="ZZDU1234565")
    days = [slot.bin.day for slot in asked(book, "d2 12:00").now if slot.counts]
    assert days == [date(2026, 11, 2), date(2026, 11, 3)]


def test_what_goes_on_is_not_complete_and_what_was_before_us_is_not_known(book: Book) -> None:
    book.told_by("terminal", "d1 08:00 discharge")
    found = asked(book, "d3 12:00")
    assert [slot.bin.day.day for slot in found.now] == [3, 4, 5]
    assert not found.before
    assert not found.now[-1].complete, "today goes on"
    assert not found.now[0].complete, "our books began in it"
    assert not found.now[1].complete, "the customs and gate sources were never heard"


def test_the_period_before_is_as_long(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d2 08:00 discharge", box="ZZDU1234565")
    found = asked(book, "d9 12:00", kind=DAY, first=date(2026, 11, 4), last=date(2026, 11, 5))
    assert [slot.total(0) for slot in found.now] == [1, 0]
    assert [slot.total(0) for slot in found.before] == [1, 0]


def test_filters_and_parts(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge", full="4").told_by("terminal", "d0 09:00 discharge", box="ZZDU1234565")
    assert asked(book, "d1 12:00", full_empty="empty").n == 1
    assert asked(book, "d1 12:00", split="full_empty").parts() == ("empty", "full")
    with pytest.raises(ValueError, match="colour"):
        asked(book, "d1 12:00", split="colour")


def test_nobody_sees_what_is_not_theirs(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge")
    assert ask.by_time(book.store, NOWHERE, book.world, clock("d1 00:00")) == []
    assert ask.by_time(book.store, NOWHERE, book.world, clock("d1 00:00"), places=("port",)) == []
    assert ask.by_time(book.store, ALL, book.world, clock("d1 00:00"), places=("-",)) == []


def test_bins_follow_the_calendar() -> None:
    paris, now = ZoneInfo("Europe/Paris"), datetime(2026, 10, 26, 12, tzinfo=UTC)
    shown, before = bins(DAY, paris, now, date(2026, 10, 24), date(2026, 10, 26))
    assert [(one.end - one.start) / timedelta(hours=1) for one in shown] == [24, 25, 24]
    assert len(before) == 3
    assert before[-1].end == shown[0].start
    weeks, _ = bins(WEEK, paris, now)
    assert [one.week[1] for one in weeks[-3:]] == [42, 43, 44]
    assert all(one.day.weekday() == 0 for one in weeks)
    hours, _ = bins(HOUR, paris, datetime(2026, 10, 25, 12, 30, tzinfo=UTC))
    assert len(hours) == 24
    assert hours[-1].start == datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert [one.last_day for one in weeks][-1] == date(2026, 11, 1)


def test_a_zone_of_half_an_hour_is_counted_by_full_hours() -> None:
    kolkata, now = ZoneInfo("Asia/Kolkata"), datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert (shifted(kolkata, now), shifted(ZoneInfo("Asia/Kathmandu"), now), shifted(ZoneInfo("Asia/Ho_Chi_Minh"), now)) == (30, 45, 0)
    shown, _ = bins(DAY, kolkata, now, date(2026, 3, 9), date(2026, 3, 10))
    assert shown[0].start == datetime(2026, 3, 8, 18, tzinfo=UTC)
    assert all(one.start.minute == 0 and one.end.minute == 0 for one in shown)
    assert [one.last_day for one in shown] == [date(2026, 3, 9), date(2026, 3, 10)]
