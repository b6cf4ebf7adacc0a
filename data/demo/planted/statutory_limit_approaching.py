"""Imports that near the end of their legal time in temporary storage, or pass it. They have overstayed long before."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Offence, minutes
from data.demo.calls import ZONE, call_on, wall
from data.demo.planted.import_overstay import WARN

if TYPE_CHECKING:
    from data.demo.plan import Plan

NOTICE = 21 - 5  # days after entry; places/demo-port/place.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in two days at Demo Port."""
    return [_forgotten(plan, Random(f"{plan.seed}/statutory/{day}"), next(serial), day)] if day % 2 == 0 else []


def _forgotten(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    turn, terminal = day // 2 % 3, ("DT1", "DT2")[day // 2 % 2]
    ship = call_on(plan.seed, plan.origin, terminal, day)
    life = Life(boxes.new(rng, serial))
    entry = plan.discharge(rng, life, ship, f"ZZBL{serial:06d}")
    low, high, note = ((400, 440, "told once"), (465, 490, "told twice"), (520, 580, "past its time"))[turn]
    left = plan.gate_out(rng, life, entry.at + minutes(rng, low, high), told=True)
    zone = ZONE[entry.place]
    life.offence = Offence("statutory_limit_approaching", note, (entry,), ended_by=(left,), begins=lambda: wall(entry.at, NOTICE, zone))
    life.more.append(Offence("import_overstay", note, (entry,), ended_by=(left,), begins=lambda: wall(entry.at, WARN, zone)))
    return life
