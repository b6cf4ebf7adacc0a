"""Dwell of what left and age of what is inside: never mixed, unknown entries counted beside, the error as stated."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from data.people import Actor
from data.queries import dwell as ask
from tests.store.told import Book, book, clock
from zones.stay import bucket

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
NOWHERE = Actor("ly", "ly", "officer", frozenset())
BOXES = ("ZZDU4839211", "ZZDU1234565", "ZZDU0000010")


def left(book: Book, at: str, **more: object) -> ask.PlaceDwell:
    return next(one for one in ask.by_time(book.store, ALL, book.world, clock(at), **more) if one.place == "port")  # type: ignore[arg-type]


def inside(book: Book, at: str, **more: str) -> ask.Inside:
    return next(one for one in ask.inside(book.store, ALL, book.world, clock(at), **more) if one.place == "port")


@pytest.fixture
def told(book: Book) -> Book:
    for n, box in enumerate(BOXES):
        book.told_by("terminal", "d0 08:00 discharge", box=box).told_by("terminal", f"d{2 + 2 * n} 08:00 gate_out", box=box)
    return book.told_by("terminal", "d3 08:00 gate_out", box="ZZXU0000017").told_by("terminal", "d4 08:00 discharge", box="ZZXU0000022")


def test_median_percentile_share_and_what_is_beside(told: Book) -> None:
    found = left(told, "d7 00:00")
    assert found.whole.n == 3
    assert found.whole.minutes(0.5) == pytest.approx(4 * 1440, rel=0.01)
    assert found.whole.minutes(0.9) == pytest.approx(6 * 1440, rel=0.01)
    assert found.limit_minutes == 5 * 1440
    assert found.whole.over(found.limit_minutes) == pytest.approx(1 / 3)
    assert found.unmeasured == 1
    assert [slot.dwells.n for slot in found.slots] == [3, 0]
    curve = found.whole.curve()
    assert [share for _, share, _ in curve] == pytest.approx([1 / 3, 2 / 3, 1])
    assert curve == sorted(curve)


def test_by_day_of_leaving_and_by_filter(told: Book) -> None:
    found = left(told, "d7 00:00", kind="day")
    assert {slot.bin.day.day: slot.dwells.n for slot in found.slots if slot.dwells.n} == {4: 1, 6: 1, 8: 1}
    assert left(told, "d7 00:00", direction="export").whole.n == 0
    assert left(told, "d7 00:00", direction="export").whole.over(7200) is None
    assert set(left(told, "d7 00:00", split="mode").parts) == {"unknown"}


def test_what_is_inside_has_an_age_and_no_dwell(told: Book) -> None:
    found = inside(told, "d10 08:00")
    assert found.n == 1
    assert [(low, known) for low, _, known, _ in found.bands if known] == [(5, 1)]
    assert found.over == 1
    assert [row["equipment"] for row in found.oldest] == ["ZZXU0000022"]
    assert inside(told, "d10 08:00", direction="export").n == 0


def test_a_box_found_inside_is_at_least_so_old(book: Book) -> None:
    book.told_by("list", "d1 06:00 present", boxes=["ZZDU0000010"])
    found = inside(book, "d3 07:00")
    assert [(low, known, unknown) for low, _, known, unknown in found.bands if known + unknown] == [(1, 0, 1)]
    assert found.over == 0
    assert found.oldest[0]["entered_at"] is None


def test_nobody_sees_what_is_not_theirs(told: Book) -> None:
    assert ask.by_time(told.store, NOWHERE, told.world, clock("d7 00:00")) == []
    assert ask.inside(told.store, NOWHERE, told.world, clock("d7 00:00"), places=("port",)) == []


def test_percentiles_are_within_the_stated_error() -> None:
    minutes = [int(17 * 1.013**n) for n in range(500)]
    dwells = ask.Dwells(Counter(map(bucket, minutes)), Counter())
    for share in (0.1, 0.5, 0.9, 0.99):
        exact = sorted(minutes)[max(-(-int(share * 10000) * len(minutes) // 10000) - 1, 0)]
        assert dwells.minutes(share) == pytest.approx(exact, rel=0.011, abs=1)
    assert ask.Dwells().minutes(0.5) is None
    assert timedelta(minutes=ask.MINUTES["d"]) == timedelta(days=1)
