"""Out of the port under a permit to the zone, and never there, there too late, or in the bonded warehouse instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Move, Offence
from data.demo.calls import DAY, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan

ALLOWED = timedelta(hours=72)  # places/demo-port/place.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of three kinds in turn."""
    rng = Random(f"{plan.seed}/left_port/{day}")
    return [_lost(plan, rng, next(serial), day)] if day % 3 == 1 else []


def _lost(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    terminal, turn = ("DT1", "DT2")[day % 2], day // 3 % 3
    ship = call_on(plan.seed, plan.origin, terminal, day)
    life = Life(boxes.new(rng, serial))
    entry = plan.discharge(rng, life, ship, f"ZZBL{serial:06d}")
    left = plan.in_transit(rng, life, entry.at + timedelta(hours=rng.randrange(14, 50)))
    note, permit, ended = "never told of again", life.facts[-1], list[Move]()
    if turn == 1:
        note = "a day too late"
        ended.append(_late(plan, rng, life, left))
    elif turn == 2:
        note = "in the warehouse instead"
        _astray(plan, rng, life, left)
    life.offence = Offence("left_port", note, (left,), (permit,), tuple(ended), "leg", begins=lambda: left.at + ALLOWED)
    return life


def _late(plan: Plan, rng: Random, life: Life, left: Move) -> Move:
    came = plan.arrive(rng, life, left, left.at + ALLOWED + timedelta(hours=rng.randrange(4, 30)), "demo-zone")
    plan.zone_stay(rng, life)
    return came


def _astray(plan: Plan, rng: Random, life: Life, left: Move) -> None:
    at = left.at + timedelta(minutes=rng.randrange(70, 120))
    while plan.closed[0] - DAY <= at < plan.closed[1]:
        at += DAY
    came = plan.arrive(rng, life, left, at, "demo-warehouse")
    out = came.at + timedelta(hours=rng.randrange(20, 60))
    while plan.closed[0] - timedelta(hours=16) <= out < plan.closed[1]:
        out += timedelta(hours=20)
    plan.gate_out(rng, life, out)
