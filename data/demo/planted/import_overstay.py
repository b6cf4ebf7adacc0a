"""Some boxes stay past the fifth day, some past the ninth, some for weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Offence
from data.demo.calls import ZONE, call_on, wall

if TYPE_CHECKING:
    from data.demo.plan import Plan

WARN = 5  # days after entry; limits/demo.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in four days at Demo Port, one in eight at Second Port."""
    rng = Random(f"{plan.seed}/import_overstay/{day}")
    found: list[Life] = []
    if day % 4 == 1:
        found.append(_overstay(plan, rng, next(serial), "DT1" if day % 8 == 1 else "DT2", day, day // 4))
    if day % 8 == 2:
        found.append(_overstay(plan, rng, next(serial), "ST1", day, day // 8))
    return found


def _overstay(plan: Plan, rng: Random, serial: int, terminal: str, day: int, turn: int) -> Life:
    """Off a ship and inside too long: past the fifth day, past the ninth, or for weeks."""
    ship = call_on(plan.seed, plan.origin, terminal, day)
    life = Life(boxes.new(rng, serial))
    entry = plan.discharge(rng, life, ship, f"ZZBL{serial:06d}")
    low, high, note = ((130, 190, "past the fifth day"), (225, 290, "past the ninth day"), (310, 350, "for weeks"))[turn % 3]
    left = plan.gate_out(rng, life, entry.at + timedelta(minutes=rng.randrange(low * 60, high * 60)), told=True)
    life.offence = Offence("import_overstay", note, (entry,), ended_by=(left,), begins=lambda: wall(entry.at, WARN, ZONE[entry.place]))
    return life
