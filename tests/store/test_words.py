"""What is said of a box beside its movements: asked of the database it is what the book says, and who was spoken of is judged."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from data.books import load
from data.feeds import BoxRecord, Cargo
from data.judge import Bench
from data.store import tables as t
from data.words import announced
from tests.store.told import BOX, PORT, Book, book, clock, small_world
from zones.asking import Known, known, visits

__all__ = ["book"]


def said(event: str, at: str, **more: Any) -> BoxRecord:
    """A statement of no document."""
    values: dict[str, Any] = {"position": "1", "equipment": BOX, "event": event, "occurred_at": clock(at)}
    return BoxRecord(**(values | more))


@pytest.fixture
def judged(book: Book) -> Book:
    """A book judged once."""
    book.told_by("terminal", "d0 06:00 gate_in", box="ZZDU1234567").judged("d0 06:30")
    return book


def asked(book: Book, at: str = "d9 00:00") -> Known:
    """What judging asks of the database, held to be what the fold says."""
    with book.store.read() as conn:
        bench = Bench(book.world, clock(at))
        bench.hear(conn)
        (found,) = bench.boxes(conn, [BOX])
        folded = known(BOX, load(conn, book.world, [BOX])[0][BOX])
    assert found == folded
    return found


def touched(book: Book) -> set[str]:
    return {row["unit"] for row in book.rows(t.touched) if row["unit"].startswith("box:")}


def test_a_word_is_of_the_visit_that_it_announces(judged: Book) -> None:
    tank = Cargo(dangerous=("3/1263", "/1824"), weight="vgm")
    judged.said("quay", "d1 08:00", said("discharge", "d2 08:00", classifier="planned", vessel="ORIOLE", gross_g=24_000_000, cargo=tank))
    judged.said("quay", "d2 09:00", said("discharge", "d2 07:40", gross_g=25_000_000, full_empty="full", cargo=Cargo(set_temp=-180)))
    judged.said("gate", "d3 08:00", said("gate_out", "d3 12:00", classifier="requested", booking="BK1"))
    judged.said("gate", "d3 10:00", said("gate_out", "d3 09:00"))
    judged.said("gate", "d5 08:00", said("gate_in", "d9 08:00", classifier="planned"))
    found = asked(judged)
    assert [(word.event, word.classifier) for word in found.words] == [
        ("discharge", "actual"), ("discharge", "planned"), ("gate_out", "requested"), ("gate_in", "planned")
    ]  # fmt: skip
    (visit,) = visits(found)
    assert visit.words == found.words[:3], "what is announced of a box that has gone is of no visit"
    assert (visit.words[1].vessel, visit.words[1].dangerous, visit.words[1].weight) == ("ORIOLE", ("3/1263", "/1824"), "vgm")
    assert (visit.stay.lightest, visit.stay.heaviest) == (25_000_000, 25_000_000)
    assert judged.differences() == []


def test_what_is_taken_back_was_never_said(judged: Book) -> None:
    plan = {"classifier": "planned", "gross_g": 24_000_000}
    judged.said("gate", "d1 08:00", said("gate_in", "d2 08:00", **plan)).said(
        "gate", "d1 09:00", said("gate_in", "d2 08:00", **plan, function="cancel")
    )
    assert asked(judged).words == ()


def test_who_is_spoken_of_is_judged_and_nobody_else(judged: Book) -> None:
    assert touched(judged) == set()
    judged.said("gate", "d0 08:00", said("gate_in", "d1 08:00", classifier="planned"))
    assert touched(judged) == {f"box:{BOX}"}, "announced"
    judged.judged("d0 09:00")
    judged.said("gate", "d1 08:10", said("gate_in", "d1 08:00")).told_by("terminal", "d1 08:00 gate_in", box="ZZDU1234588")
    assert touched(judged) == {f"box:{BOX}"}, "came, as announced"


def test_what_is_dangerous_or_weighs_otherwise_is_kept_with_the_stay(judged: Book) -> None:
    judged.said("gate", "d1 08:10", said("gate_in", "d1 08:00", gross_g=9_000_000, cargo=Cargo(dangerous=("3/1263",))))
    judged.said("gate", "d2 08:10", said("gate_out", "d2 08:00", gross_g=8_000_000))
    stay = judged.stay(equipment=BOX)
    assert (stay["lightest"], stay["heaviest"], stay["dangerous"]) == (8_000_000, 9_000_000, "3/1263")
    assert judged.differences() == []


def test_who_was_announced_is_found_by_an_index_of_nothing_else(judged: Book) -> None:
    asked = "SELECT DISTINCT equipment FROM report WHERE equipment IN (SELECT value FROM json_each('[]')) AND classifier <> 'actual'"
    with judged.store.read() as conn:
        assert announced(conn, {BOX, "ZZDU1234567"}) == set()
        if conn.dialect.name == "sqlite":  # the other planner looks at how much there is
            plan = conn.execute(sa.text(f"EXPLAIN QUERY PLAN {asked} AND status = 'live'")).all()
            assert any("report_announced" in row[3] for row in plan), plan


LIMITS = ", ".join(
    f"{{limit: {name}, value: {value}, from: 2026-01-01, reason: agreed}}"
    for name, value in (("weight_tolerance", "5%"), ("announced_ahead_gate_out", "9h"))
)


@pytest.fixture
def listed(book: Book) -> Book:
    """A place that works by lists and weighs, judged once; a source speaks for its lists."""
    before = PORT.partition("limits:")[0].replace("publisher: carrier, speaks_for: []", "publisher: carrier, speaks_for: [plans]")
    book.world = small_world(f"{before}limits: [{LIMITS}]\n")
    book.told_by("terminal", "d0 06:00 gate_in", box="ZZDU1234567").judged("d0 06:30")
    return book


def test_two_weights_are_found_though_the_box_simply_went_on(listed: Book) -> None:
    weighed = {"full_empty": "full", "cargo": Cargo(weight="cargo")}
    listed.said("gate", "d1 08:10", said("gate_in", "d1 08:00", gross_g=20_000_000, **weighed)).judged("d1 08:20")
    listed.said("carrier", "d1 09:00", said("gate_out", "d2 10:00", classifier="planned"))
    listed.said("gate", "d2 09:10", said("gate_out", "d2 09:00", gross_g=21_500_000, **weighed)).judged("d2 09:20")
    alert = listed.alert("weight_mismatch")
    assert (alert["severity"], alert["limit"], alert["condition"]) == ("today", "weight_tolerance", "active")
    weights = {row["report_id"]: row["gross_g"] for row in listed.rows(t.report) if row["gross_g"]}
    assert [weights[report] for report in alert["evidence"]] == [21_500_000, 20_000_000]
    assert listed.alerts("moved_but_not_on_plan") == []


def test_what_left_off_the_list_is_not_sure_until_the_list_was_heard(listed: Book) -> None:
    listed.said("gate", "d1 08:10", said("gate_in", "d1 08:00")).said("gate", "d2 09:10", said("gate_out", "d2 09:00")).judged("d2 09:20")
    alert = listed.alert("moved_but_not_on_plan")
    assert (alert["subject"], alert["condition"], alert["leans"]) == (f"plan:port/{BOX}", "unverified", [["port", "plans"]])
    listed.told_by("carrier", "d2 10:00 gate_in", box="ZZDU1234588").judged("d2 10:10")
    assert listed.alert("moved_but_not_on_plan")["condition"] == "active"
    assert listed.differences() == []
