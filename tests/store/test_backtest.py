"""A back-test finds what judging under those limits finds, writes nothing, and looks at each box once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from data import backtest
from data.store import tables as t
from tests.store.told import PORT, Book, book, clock, small_world

__all__ = ["book"]
RULE = "import_overstay"
NOW = clock("d20 00:00")
SINCE, UNTIL = clock("d0 00:00"), clock("d20 00:00")


@pytest.fixture
def port(book: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Boxes of four and six days, one twice there, one still inside; in pieces of two."""
    monkeypatch.setattr(backtest, "PIECE", 2)
    for box, came, went in (
        ("ZZDU0000010", "d0 08:00", "d4 09:00"),
        ("ZZDU0000031", "d1 08:00", "d7 09:00"),
        ("ZZDU0000052", "d0 08:00", "d3 12:00"),
        ("ZZDU0000052", "d6 08:00", "d10 12:00"),
        ("ZZDU0000073", "d2 08:00", ""),
    ):
        book.told_by("terminal", f"{came} discharge", box=box)
        if went:
            book.told_by("terminal", f"{went} gate_out", box=box)
    book.told_by("terminal", "d19 20:00 gate_in", box="ZZDU1234565").judged("d20 00:00")
    return book


def found(
    book: Book, limits: dict[str, str], since: datetime = SINCE, until: datetime = UNTIL, places: tuple[str, ...] = ("port", "zone")
) -> list[Any]:
    return [s for _, _, piece in backtest.spells(book.store, book.world, RULE, places, since, until, limits, NOW) for s in piece]


def recorded(book: Book) -> set[tuple[str, str, str, str | None]]:
    """(subject, anchor, began, ended) of every spell of every alert."""
    rows = book.alerts(RULE)
    return {(row["subject"], row["anchor"], began, ended) for row in rows for began, ended in row["spells"]}


def as_recorded(spells: list[Any]) -> set[tuple[str, str, str, str | None]]:
    return {(s.subject, " ".join(s.anchor), s.began_at.isoformat(), s.ended_at.isoformat() if s.ended_at else None) for s in spells}


def test_under_today_s_limits_it_finds_the_alerts_that_there_are(port: Book) -> None:
    every = found(port, {})
    assert {s.what for s in every} == {"same"}
    assert as_recorded(every) == recorded(port)
    assert len(every) == 2


def test_under_other_limits_it_finds_what_judging_under_them_finds_and_writes_nothing(port: Book) -> None:
    before = [port.rows(table) for table in (t.alert, t.alert_line, t.due, t.touched)]
    every = found(port, {"import_dwell_warn": "3d"})
    assert [port.rows(table) for table in (t.alert, t.alert_line, t.due, t.touched)] == before
    assert sorted(s.what for s in every) == ["gained", "gained", "gained", "same", "same"]
    port.world = small_world(PORT.replace("value: 5d", "value: 3d"))
    port.judged("d20 00:00")
    assert as_recorded(every) == recorded(port)


def test_longer_limits_lose_and_a_period_takes_what_begins_in_it(port: Book) -> None:
    long = {"import_dwell_warn": "8d", "import_dwell_high": "8d"}
    assert sorted((s.what, s.subject[-7:]) for s in found(port, long)) == [("lost", "0000031"), ("same", "0000073")]
    assert found(port, long, until=clock("d6 00:00")) == []
    assert [s.what for s in found(port, {"import_dwell_warn": "3d"}, clock("d9 00:00"))] == ["gained"]
    assert found(port, {"import_dwell_warn": "3d"}, places=("zone",)) == []


def test_a_whole_test_counts_by_day_and_can_be_stopped(port: Book) -> None:
    steps: list[tuple[int, int]] = []
    args = (port.store, port.world, RULE, ("port",), SINCE, UNTIL, {"import_dwell_warn": "3d"}, NOW)
    said = backtest.run(*args, lambda done, of: not steps.append((done, of)))
    own = said["places"]["port"]
    assert (own["spells"], own["today"], own["gained"], own["lost"]) == (5, 2, 3, 0)
    assert sum(day["gained"] + day["same"] for day in own["days"]) == 5
    assert len(said["gained"]) == 3
    assert steps[-1] == (6, 6)
    with pytest.raises(backtest.Cancelled):
        backtest.run(*args, lambda done, of: False)


@pytest.mark.parametrize(
    ("rule", "places", "limits", "said"),
    [
        ("no_rule", ("port",), {}, "there is no rule"),
        (RULE, ("nowhere",), {}, "there is no place"),
        (RULE, ("port",), {"dwell": "3d"}, "not a limit of this rule"),
        (RULE, ("port",), {"import_dwell_warn": "3wd"}, "name a calendar"),
    ],
)
def test_what_cannot_be_tested_is_said(book: Book, rule: str, places: tuple[str, ...], limits: dict[str, str], said: str) -> None:
    with pytest.raises(backtest.NotThat, match=said):
        next(backtest.spells(book.store, book.world, rule, places, SINCE, UNTIL, limits, NOW))
