"""A box is loaded on a ship whose loading list does not name it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Offence
from data.demo.calls import DAY

if TYPE_CHECKING:
    from data.demo.plan import Plan

FROM = 2  # days: the lists are complete from then on, and what is loaded later comes later (places/demo-port/place.yaml)


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, at either terminal."""
    rng = Random(f"{plan.seed}/moved_but_not_on_plan/{day}")
    if day % 3 != 2 or day < FROM:
        return []
    life = Life(boxes.new(rng, next(serial)))
    at = plan.origin + day * DAY + timedelta(hours=rng.randrange(6, 20))
    entry = plan.gate_in(rng, life, at, "demo-port", rng.choice(("DT1", "DT2")), "export")
    left = plan.load(rng, life, entry.at + timedelta(hours=rng.randrange(14, 40)))
    left.unlisted = True
    life.offence = Offence("moved_but_not_on_plan", "not on the ship's list", (left,), subject="plan")
    return [life]
