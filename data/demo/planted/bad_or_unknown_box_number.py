"""A number painted wrong on the box itself, so that every source says so; and a box that comes back as another kind of box."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Box, Life, Offence
from data.demo.calls import DAY, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """Two in six days."""
    rng = Random(f"{plan.seed}/bad_or_unknown_box_number/{day}")
    if day % 6 == 2:
        return [_painted_wrong(plan, rng, next(serial), day)]
    return [_another_kind(plan, rng, next(serial), day)] if day % 6 == 5 else []


def _painted_wrong(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    """In by gate and out by ship under a number with the wrong check digit."""
    life = Life(boxes.new(rng, serial, wrong=True))
    at = plan.origin + day * DAY + timedelta(minutes=rng.randrange(60, 20 * 60))
    entry = plan.gate_in(rng, life, at, "demo-port", "DT1", "export")
    plan.load(rng, life, entry.at + timedelta(hours=rng.randrange(14, 40)))
    life.offence = Offence("bad_or_unknown_box_number", "painted wrong", (entry,))
    return life


def _another_kind(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    """Out with its goods, and back under its number as a box of another length."""
    terminal = ("DT1", "DT2")[day // 6 % 2]
    ship = call_on(plan.seed, plan.origin, terminal, day)
    life = Life(boxes.new(rng, serial))
    first = life.box
    entry = plan.discharge(rng, life, ship, f"ZZBL{serial:06d}")
    left = plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(16, 50)), told=True)
    life.box = Box(first.number, "45G1" if first.size.startswith("2") else "22G1", first.line)
    back = plan.gate_in(rng, life, left.at + timedelta(hours=rng.randrange(20, 60)), "demo-port", terminal, "export", full=False)
    plan.load(rng, life, back.at + timedelta(hours=15))
    life.offence = Offence("bad_or_unknown_box_number", "another kind of box", (back, entry))
    return life
