"""Over- and short-landed boxes: calls of ships touched, judged, tried under another limit, shown with their proof, in any order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from data import backtest
from data.feeds import BoxRecord
from data.people import Actor
from data.queries.alert import one
from data.queries.container import history
from data.store import tables as t
from tests.store.told import PORT, Book, book, clock, small_world

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
ONE, TWO, THREE = "ZZDU4839211", "ZZDU7000010", "ZZDU7000020"
CALL = "call:port/MAU/12W"
FEED = "  - {id: lists, format: coprar, publisher: line, speaks_for: [], source: /srv/lists/*.edi}\n"


def said(number: str, at: str, classifier: str = "actual", event: str = "discharge", **more: Any) -> BoxRecord:
    """A line about a box and a ship."""
    values: dict[str, Any] = {
        "position": f"{number} {event} {at} {classifier}", "equipment": number, "event": event, "occurred_at": clock(at),
        "classifier": classifier, "vessel": "Mau", "voyage": "12 w", "mode": "vessel",
    }  # fmt: skip
    return BoxRecord(**(values | more))


@pytest.fixture
def quay(book: Book) -> Book:
    """The small world with a feed of lists and a window, judged once."""
    head, _, limits = PORT.partition("limits: [")
    window = "{limit: landing_window, value: 24h, from: 2026-01-01, reason: agreed}, "
    book.world = small_world(f"{head.replace('  - {id: customs', FEED + '  - {id: customs')}limits: [{window}{limits}")
    book.judged("d0 00:00")
    return book


LISTED = ("lists", "d0 08:00", said(ONE, "d1 10:00", "planned"), said(TWO, "d1 10:00", "planned", bill="B2"))
CAME = ("quay", "d1 12:00", said(ONE, "d1 11:00", vessel="MAU", voyage="12W"))
MORE = ("quay", "d1 13:00", said(THREE, "d1 12:30", vessel="MAU", voyage="12W"))


def standing(quay: Book) -> dict[str, str]:
    """box -> what is said of it."""
    return {row["equipment"]: row["because_key"] for row in quay.alerts("over")}


def test_a_call_is_judged_when_something_is_told_of_it_and_when_its_work_is_over(quay: Book) -> None:
    for told in (LISTED, CAME, MORE):
        quay.said(*told)
    assert {row["unit"] for row in quay.rows(t.touched)} >= {CALL}
    quay.judged("d1 14:00")
    assert standing(quay) == {THREE: "over_landed"}
    alert = quay.alert("over")
    assert (alert["unit"], alert["subject"], alert["condition"]) == (CALL, f"{CALL}/{THREE}", "active")
    quay.told_by("terminal", "d2 12:29 load", box=ONE).judged("d2 12:35")
    assert standing(quay) == {THREE: "over_landed", TWO: "short_landed"}
    short = next(row for row in quay.alerts("over") if row["equipment"] == TWO)
    assert (short["began_at"], short["step"], short["condition"]) == (clock("d2 12:30"), "landing_window", "active")
    assert quay.differences() == []
    quay.said("quay", "d2 20:00", said(TWO, "d2 19:00", vessel="", voyage="")).judged("d2 21:00")  # names no ship
    ended = next(row for row in quay.alerts("over") if row["equipment"] == TWO)
    assert (ended["ended_at"], ended["latching"]) == (clock("d2 19:00"), True)
    quay.said("lists", "d3 08:00", said(THREE, "d1 10:00", "planned")).judged("d3 08:10")
    assert [row["condition"] for row in quay.alerts("over", valid=False) if row["equipment"] == THREE] == ["invalidated"]
    assert quay.differences() == []


def test_the_alerts_are_the_same_in_whatever_order_it_is_told(quay: Book) -> None:
    left = ("quay", "d1 20:00", said("", "d1 19:00", event="depart", given="status_only"))
    results = []
    for order in list(permutations((LISTED, CAME, MORE, left)))[::5]:
        quay.emptied().judged("d0 00:00")
        for turn, told in enumerate(order):
            quay.said(*told).judged(f"d4 0{turn}:00")
        results.append(quay.derived()["alert"])
    assert len(results[0]) == 2
    assert all(result == results[0] for result in results)


def test_its_proof_is_shown_on_its_page_and_on_that_of_the_box(quay: Book) -> None:
    for told in (LISTED, CAME, MORE):
        quay.said(*told)
    quay.judged("d3 00:00")
    for row in quay.alerts("over"):
        page = one(quay.store, ALL, quay.world, quay.settings, row["alert_id"], clock("d3 01:00"))
        assert page is not None
        assert [proof.row["equipment"] == row["equipment"] for proof in page.proofs] == [True, False], (
            "and what another box tells of the call"
        )
        box = history(quay.store, ALL, quay.world, row["equipment"], clock("d3 01:00"))
        assert box is not None
        assert [line.row["alert_id"] for line in box.lines if line.kind == "alert"] == [row["alert_id"]]


def test_another_window_is_tried_on_the_calls_of_a_period(quay: Book) -> None:
    for told in (LISTED, CAME):
        quay.said(*told)
    quay.judged("d3 00:00")
    days = (clock("d0 00:00"), clock("d3 00:00"))
    tried = [spell for *_, piece in backtest.spells(
        quay.store, quay.world, "over", ("port",), *days, {"landing_window": "72h"}, clock("d3 00:00")) for spell in piece]  # fmt: skip
    assert [(spell.what, spell.subject) for spell in tried] == [(backtest.LOST, f"{CALL}/{TWO}")]


@pytest.mark.plans
def test_a_call_is_found_by_its_index(quay: Book) -> None:
    r = t.report.c
    question = sa.select(r.report_id).where(r.place == "port", t.ship(r.vessel, r.voyage) == "MAU/12W", t.OFF_A_SHIP)
    with quay.store.read() as conn:
        explain = "EXPLAIN QUERY PLAN " if conn.dialect.name == "sqlite" else "EXPLAIN "
        conn.execute(sa.text("SET LOCAL enable_seqscan = off")) if conn.dialect.name == "postgresql" else None
        text = str(question.compile(conn, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(str(row) for row in conn.execute(sa.text(explain + text.replace(":", "\\:"))))
    assert "report_call" in plan
