"""A message that never came: boxes leave that nobody told of when they came, and come again without having been told to leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Move, Offence
from data.demo.calls import DAY, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan

WINDOW = DAY  # limits/demo.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of three kinds in turn."""
    rng = Random(f"{plan.seed}/orphan_exit/{day}")
    if day % 3 != 1:
        return []
    kind = (_imported, _exported, _came_again)[day // 3 % 3]
    life = Life(boxes.new(rng, number := next(serial)))
    at = plan.origin + day * DAY + timedelta(minutes=rng.randrange(60, 20 * 60))
    kind(plan, rng, life, at, f"ZZBL{number:06d}")
    return [life]


def _imported(plan: Plan, rng: Random, life: Life, at: datetime, bill: str) -> None:
    """Off the ship untold, out by the gate."""
    ship = call_on(plan.seed, plan.origin, "DT1", plan.index(at))
    entry = plan.discharge(rng, life, ship, bill)
    entry.untold = True
    left = plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(16, 60)), told=True)
    life.offence = _offence("its discharge was never told", left)


def _exported(plan: Plan, rng: Random, life: Life, at: datetime, bill: str) -> None:
    """In by the gate untold, on board of a ship."""
    entry = plan.gate_in(rng, life, at, "demo-port", "DT1", "export")
    entry.untold = True
    life.offence = _offence("its entry was never told", plan.load(rng, life, entry.at + timedelta(hours=rng.randrange(14, 40))))


def _came_again(plan: Plan, rng: Random, life: Life, at: datetime, bill: str) -> None:
    """Out by the gate untold, and back in."""
    first = plan.gate_in(rng, life, at, "demo-port", "DT2", "export", full=False)
    left = plan.gate_out(rng, life, first.at + timedelta(hours=rng.randrange(14, 30)))
    left.untold = True
    back = plan.gate_in(rng, life, left.at + timedelta(hours=rng.randrange(14, 30)), "demo-port", "DT2", "export", full=False)
    plan.load(rng, life, back.at + timedelta(hours=15))
    life.offence = _offence("its exit was never told", back, first)


def _offence(note: str, *proof: Move) -> Offence:
    return Offence("orphan_exit", note, proof, begins=lambda: proof[0].at + WINDOW)
