"""Selected boxes that are presented after the twelve hours promised, by box or by bill, by customs or by quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from data.demo import box as boxes
from data.demo.box import Fact, Life, Offence, minutes
from data.demo.calls import call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan

WITHIN = timedelta(hours=12)  # places/demo-port/place.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days."""
    return [_waiting(plan, Random(f"{plan.seed}/selected/{day}"), next(serial), day)] if day % 3 == 0 else []


def _waiting(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    terminal, turn = ("DT1", "DT2")[day % 2], day // 3 % 3
    ship = call_on(plan.seed, plan.origin, terminal, day)
    life, bill = Life(boxes.new(rng, serial)), f"ZZBL{serial:06d}"
    entry = plan.discharge(rng, life, ship, bill)
    agency = "QUA" if turn == 2 else "CUS"
    about: dict[str, Any] = {"about": "bill", "bill": bill} if turn == 1 else {"box": life.box.number}
    at = entry.at + minutes(rng, 2, 5)
    seen = at + minutes(rng, 14, 20)
    chosen = Fact(at=at, kind="selected", agency=agency, reason="scan", **about)
    done = Fact(at=seen, kind="inspected", agency=agency, result="no finding", **about)
    gone = Fact(at=seen + minutes(rng, 1, 3), kind="release", agency=agency, **about)
    life.facts += [chosen, done, gone]
    plan.gate_out(rng, life, gone.at + minutes(rng, 14, 22), told=True)
    note = ("selected by box", "selected by bill", "selected by quarantine")[turn]
    life.offence = Offence("selected", note, (entry,), (chosen,), ended_by=(done, gone), begins=lambda: at + WITHIN)
    return life
