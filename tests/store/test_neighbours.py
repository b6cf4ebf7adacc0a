"""Dangerous goods beside others, and seals of customs, in store and judge: who is judged again when a neighbour comes or goes."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from data.feeds import BoxRecord, Cargo
from data.judge import Bench
from data.neighbours import with_neighbours
from data.store import tables as t
from tests.store.told import BOX, PORT, Book, book, clock, small_world
from zones.asking import Known

__all__ = ["book"]
OTHER, THIRD = "ZZDU1000018", "ZZDU1000023"
LIMITS = ", ".join(
    f"{{limit: {name}, value: {value}, from: 2026-01-01, reason: agreed}}"
    for name, value in (("import_dwell_warn", "5d"), ("dangerous_stay", "3d"), ("dangerous_boxes_8", "1 boxes"))
)
MORE = 'segregation: [{classes: ["3", "5.1"], apart: area}]\nseals: {transit: customs, high_risk: electronic, told_by: [terminal]}\n'
RULE, SEALS = "dangerous_goods_limit", "seal_missing_or_wrong_kind"


@pytest.fixture
def port(book: Book) -> Book:
    """The small world with all that it asks of dangerous goods and of seals, judged once."""
    book.world = small_world(f"{PORT[: PORT.index('limits:')]}limits: [{LIMITS}]\n{MORE}")
    book.told_by("zone", "d0 06:00 gate_in", equipment="ZZDU1234567").judged("d0 06:30")
    return book


def tell(book: Book, said: str, danger: str = "", *, of: str = BOX, area: str = "", received: str = "", **more: Any) -> Book:
    """A movement as a source might write it: with area and dangerous goods."""
    at, _, event = said.rpartition(" ")
    cargo = Cargo(dangerous=(danger,)) if danger else None
    values: dict[str, Any] = {"position": "1", "equipment": of, "event": event, "occurred_at": clock(at), "area": area, "cargo": cargo}
    return book.said("quay" if event in ("discharge", "load") else "gate", received or book._soon(at), BoxRecord(**(values | more)))


def waiting(book: Book) -> set[str]:
    return {row["unit"][4:] for row in book.rows(t.touched) if row["unit"].startswith("box:")}


def standing(book: Book) -> list[tuple[str, str, str]]:
    """Open, sure or not: what is told here is told by no feed that was heard."""
    said = {"active": "open", "unverified": "open"}
    return [(row["equipment"], said.get(row["condition"], row["condition"]), row["severity"]) for row in book.alerts(RULE)]


def test_who_is_put_beside_another_is_told_of_and_cleared_when_the_other_leaves(port: Book) -> None:
    tell(port, "d1 08:00 discharge", "5.1/1942", of=OTHER, area="a1").judged("d1 09:00")
    tell(port, "d1 10:00 discharge", "3/1263", area="a2").judged("d1 11:00")
    assert standing(port) == []
    tell(port, "d1 12:00 yard_move", area="a1")
    assert waiting(port) == {BOX, OTHER}
    port.judged("d1 12:30")
    alert = port.alert(RULE)
    assert (alert["equipment"], alert["began_at"], alert["because_key"]) == (BOX, clock("d1 12:00"), "dangerous_neighbours")
    assert alert["because_values"]["other_box"] == {"t": "box", "v": OTHER}
    tell(port, "d2 09:00 gate_out", of=OTHER)
    assert waiting(port) == {BOX, OTHER}
    port.judged("d2 10:00")
    alert = port.alert(RULE)
    assert (alert["condition"], alert["ended_at"]) == ("cleared", clock("d2 09:00"))
    assert port.differences() == []


def test_one_too_many_until_there_is_room(port: Book) -> None:
    for of, at in ((OTHER, "d1 08:00"), (BOX, "d1 09:00"), (THIRD, "d1 10:00")):
        tell(port, f"{at} discharge", "8/1824", of=of)
    port.judged("d1 11:00")
    assert standing(port) == [(BOX, "open", "act_now"), (THIRD, "open", "act_now")]
    tell(port, "d1 12:00 gate_out", of=OTHER).judged("d1 13:00")
    assert standing(port) == [(BOX, "cleared", "act_now"), (THIRD, "open", "act_now")]
    assert port.differences() == []


def test_an_earlier_neighbour_that_is_told_late_makes_the_alert_and_taken_back_unmakes_it(port: Book) -> None:
    tell(port, "d1 10:00 discharge", "3/1263", area="a1").judged("d1 11:00")
    late = BoxRecord(
        position="1", equipment=OTHER, event="discharge", occurred_at=clock("d1 08:00"), area="a1", cargo=Cargo(dangerous=("5.1/1942",))
    )
    port.said("quay", "d1 12:00", late).judged("d1 12:30")
    assert standing(port) == [(BOX, "open", "act_now")]
    port.said(
        "quay", "d1 13:00", BoxRecord(position="1", equipment=OTHER, event="discharge", occurred_at=late.occurred_at, function="cancel")
    )
    assert BOX in waiting(port)
    port.judged("d1 13:30")
    assert port.alert(RULE)["condition"] == "invalidated"


def test_what_was_known_then_is_judged_by_the_neighbours_known_then(port: Book) -> None:
    tell(port, "d1 08:00 discharge", "5.1/1942", of=OTHER, area="a1")
    tell(port, "d1 10:00 discharge", "3/1263", area="a1")
    port.told_by("terminal", "d2 10:00 gate_out", box=OTHER)

    def found(at: str) -> Known:
        with port.store.read() as conn:
            bench = Bench(port.world, clock(at))
            bench.hear(conn)
            (box,) = bench.boxes(conn, [BOX])
        return box

    then, now = found("d1 12:00"), found("d3 00:00")
    (stay,) = now.stays
    assert [n.stay.left_at for n in then.beside[stay.stay_id]] == [None]
    assert [n.stay.left_at for n in now.beside[stay.stay_id]] == [clock("d2 10:00")]
    assert then.spots == now.spots
    assert [spot.area for n in then.beside[stay.stay_id] for spot in n.spots] == ["a1"]


def test_boxes_without_dangerous_goods_cost_no_question(port: Book) -> None:
    tell(port, "d1 08:00 discharge", area="a1")
    asked: list[str] = []
    with port.store.read() as conn:
        bench = Bench(port.world, clock("d2 00:00"))
        bench.hear(conn)
        boxes = list(bench.boxes(conn, [BOX]))
        sa.event.listen(conn, "before_cursor_execute", lambda *args: asked.append(args[2]))
        assert list(with_neighbours(conn, port.world, boxes)) == boxes
    assert asked == []


def test_who_stays_too_long_with_dangerous_goods_is_no_overstay_besides(port: Book) -> None:
    tell(port, "d1 08:00 discharge", "3/1263", direction="import").judged("d7 00:00")
    assert standing(port) == [(BOX, "open", "act_now")]
    overstay = port.alert("import_overstay")
    assert overstay["muted_by"] == RULE


def test_the_seal_of_customs_is_told_by_the_exit(port: Book) -> None:
    for of, seals in ((BOX, "SEL+A1+CA"), (OTHER, "SEL+A1+CA'SEL+C1+CU"), (THIRD, "")):
        port.box = of
        port.told_by("customs", "d1 07:00 permit", equipment=of, to="zone", risk="high")
        tell(port, "d1 06:00 discharge", of=of)
        told = {"seals": tuple(f"S{n}" for n in range(seals.count("SEL"))), "sealed": "carrier customs/electronic" if "CU" in seals else ""}
        tell(port, "d1 08:00 gate_out", of=of, **told)
    port.judged("d1 09:00")
    assert [row["equipment"] for row in port.alerts(SEALS)] == sorted([BOX, THIRD])
    assert {row["severity"] for row in port.alerts(SEALS)} == {"today"}
    assert {row["risk"] for row in port.rows(t.fact)} == {"high"}
    assert port.stay(equipment=OTHER)["exit"].sealed == "carrier customs/electronic"
