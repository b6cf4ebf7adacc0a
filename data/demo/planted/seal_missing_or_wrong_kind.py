"""Out of the port to the zone without a seal of customs, or without an electronic one though the risk is high."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Offence
from data.demo.calls import call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of three kinds in turn."""
    rng = Random(f"{plan.seed}/seal_missing_or_wrong_kind/{day}")
    return [_unsealed(plan, rng, next(serial), day)] if day % 3 == 0 else []


def _unsealed(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    ship = call_on(plan.seed, plan.origin, ("DT1", "DT2")[day // 3 % 2], day)
    life = Life(boxes.new(rng, serial))
    entry = plan.discharge(rng, life, ship, f"ZZBL{serial:06d}")
    entry.full, entry.seals, entry.gross_kg = True, (boxes.seal(rng),), boxes.gross(rng, life.box, True)
    left = plan.in_transit(rng, life, entry.at + timedelta(hours=rng.randrange(14, 50)))
    permit = life.facts[-1]
    permit.risk = "low"
    match day // 3 % 3:
        case 0:
            note, left.seals = "the carrier's seal only", entry.seals
        case 1:
            note, left.seals = "no seal at all", ()
        case _:
            note, permit.risk, left.seals = "no electronic seal", "high", (*entry.seals, boxes.customs_seal(life.box, "low"))
    plan.arrive(rng, life, left, left.at + boxes.minutes(rng, 1.8, 2.9), "demo-zone")
    plan.zone_stay(rng, life)
    life.offence = Offence("seal_missing_or_wrong_kind", note, (left,), (permit,), subject="leg")
    return life
