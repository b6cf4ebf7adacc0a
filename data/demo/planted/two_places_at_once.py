"""A copied number inside elsewhere, or a way done faster than it can be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Move, Offence
from data.demo.calls import DAY, WAY, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """Two in five days."""
    rng = Random(f"{plan.seed}/two_places_at_once/{day}")
    if day % 5 == 4:
        return _copied(plan, rng, next(serial), day)
    return [_too_soon(plan, rng, next(serial), day)] if day % 5 == 1 else []


def _copied(plan: Plan, rng: Random, serial: int, day: int) -> list[Life]:
    """A box waiting at Demo Port for its ship, and a second one with its number elsewhere."""
    box = boxes.new(rng, serial)
    real, copy = Life(box), Life(box)
    at = plan.origin + day * DAY + timedelta(minutes=rng.randrange(7 * 60, 16 * 60))
    entry = plan.gate_in(rng, real, at, "demo-port", rng.choice(("DT1", "DT2")), "export", exact=True)
    left = plan.load(rng, real, entry.at + timedelta(hours=40))
    place, terminal, direction = (("demo-zone", "", "unknown"), ("second-port", "ST1", "export"), ("demo-warehouse", "", "unknown"))[
        day // 5 % 3
    ]
    came = plan.gate_in(rng, copy, entry.at + timedelta(hours=8), place, terminal, direction)
    while plan.closed[0] <= came.at < plan.closed[1]:
        came.at += DAY
    if place == "second-port":
        gone: Move = plan.load(rng, copy, came.at + timedelta(hours=16))
    else:
        out = came.at + timedelta(hours=rng.randrange(8, 60))
        while place == "demo-warehouse" and plan.closed[0] - timedelta(hours=16) <= out < plan.closed[1]:
            out += timedelta(hours=20)
        gone = plan.gate_out(rng, copy, out)
    copy.offence = Offence("two_places_at_once", "a copied number", (came, entry), ended_by=(left, gone), subject="box")
    for move in real.moves:
        move.prompt = True
    return [real, copy]


def _too_soon(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    """From Demo Port to Demo Zone in less than the 75 minutes the way takes."""
    life = Life(boxes.new(rng, serial))
    terminal = "DT1"
    ship = call_on(plan.seed, plan.origin, terminal, day)
    entry = plan.discharge(rng, life, ship, f"ZZBL{serial:06d}")
    left = plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(16, 50)), until=16)
    came = plan.arrive(rng, life, left, left.at + timedelta(minutes=rng.randrange(25, 50)), "demo-zone")
    plan.gate_out(rng, life, came.at + timedelta(hours=rng.randrange(30, 90)))
    life.offence = Offence("two_places_at_once", "faster than the way takes", (came, left), subject="box", ends=lambda: left.at + WAY)
    return life
