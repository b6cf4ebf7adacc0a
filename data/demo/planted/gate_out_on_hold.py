"""Out by gate or by ship under one hold or two, on the box or on its bill, or under one told too late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Fact, Life, Offence
from data.demo.calls import DAY, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """Five in twelve days."""
    rng = Random(f"{plan.seed}/gate_out_on_hold/{day}")
    return [_on_hold(plan, rng, next(serial), day)] if day % 4 == 3 or day % 6 == 4 else []


def _on_hold(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    """Out while held. Six kinds in turn."""
    turn = (day // 4 + day // 6) % 6
    terminal = ("DT1", "DT2")[turn % 2]
    life = Life(boxes.new(rng, serial))
    number, bill = life.box.number, f"ZZBL{serial:06d}"
    if turn == 3:
        entry = plan.gate_in(rng, life, plan.origin + day * DAY + timedelta(hours=rng.randrange(7, 15)), "demo-port", terminal, "export")
        left = plan.load(rng, life, entry.at + timedelta(hours=16))
    else:
        ship = call_on(plan.seed, plan.origin, terminal, day)
        entry = plan.discharge(rng, life, ship, bill)
        left = plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(20, 60)), told=True)
    held = left.at - timedelta(minutes=rng.randrange(480, 570))  # gone before it is to be presented
    later = left.at + timedelta(hours=rng.randrange(40, 70))
    note, facts, also = "selected for scanning", [Fact(at=held, kind="selected", agency="CUS", box=number, reason="scan")], []
    match turn:
        case 1:
            note, facts = (
                "quarantine hold on its bill",
                [Fact(at=held, kind="hold", agency="QUA", about="bill", bill=bill, reason="plant health")],
            )
        case 2:
            note = "a hold in force before it left, told hours after"
            facts = [
                Fact(
                    at=left.at - timedelta(hours=2),
                    kind="hold",
                    agency="CUS",
                    box=number,
                    reason="intelligence",
                    told_after=timedelta(hours=9),
                )
            ]
        case 3:
            note, facts = "loaded on hold", [Fact(at=held, kind="hold", agency="CUS", box=number, reason="export licence")]
        case 4:
            note = "two agencies, one released"
            facts = [Fact(at=held, kind="hold", agency="QUA", box=number, reason="food")]
            also = [
                Fact(at=held, kind="selected", agency="CUS", box=number, reason="inspection"),
                Fact(at=held + timedelta(hours=1), kind="inspected", agency="CUS", box=number, result="no finding"),
                Fact(at=held + timedelta(hours=2), kind="release", agency="CUS", box=number),
            ]
        case 5:
            note = "two holds of one agency, one reference released"
            facts = [Fact(at=held, kind="hold", agency="CUS", box=number, reason="valuation", hold_ref=f"H{serial}A")]
            also = [
                Fact(at=held, kind="hold", agency="CUS", box=number, reason="origin", hold_ref=f"H{serial}B"),
                Fact(at=held + timedelta(hours=2), kind="release", agency="CUS", box=number, hold_ref=f"H{serial}B"),
            ]
        case _:
            also = [Fact(at=later, kind="release", agency="CUS", box=number, result="closed after recall")]
    life.facts += [*facts, *also]
    life.offence = Offence("gate_out_on_hold", note, (left,), tuple(facts))
    return life
