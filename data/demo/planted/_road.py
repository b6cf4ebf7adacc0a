"""A box on its way from port to zone, as the offences on the road begin: lawful, with all that its devices say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo import road
from data.demo.box import Fact, Life, Move
from data.demo.calls import call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan


def on_the_road(plan: Plan, rule: str, day: int, serial: Iterator[int]) -> tuple[Random, Life, Move, Fact, Move]:
    """(chance, the life, exit, permit, entry) of a box that takes longer than others and is followed by its seal."""
    rng = Random(f"{plan.seed}/{rule}/{day}")
    number = next(serial)
    life = Life(boxes.new(rng, number))
    entry = plan.discharge(rng, life, call_on(plan.seed, plan.origin, "DT1", day), f"ZZBL{number:06d}")
    entry.full, entry.seals = True, (boxes.seal(rng),)
    plan.to_zone(rng, life, entry.at + timedelta(hours=rng.randrange(16, 40)), (3.0, 3.4))
    left, came = road.ways(life)[0]
    life.signals = road.told(life, left, came)
    return rng, life, left, life.facts[0], came
