"""Boxes that come into the zone empty, are packed there with goods of a hall, and go to sea."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, minutes
from data.demo.calls import DAY

if TYPE_CHECKING:
    from data.demo.plan import Plan

A_DAY = 0.4  # at scale 1


def packed(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """Those that begin on a day."""
    rng = Random(f"{plan.seed}/packed/{day}")
    found = []
    for _ in range(plan.count(rng, A_DAY)):
        life = Life(boxes.new(rng, next(serial)))
        at = plan.origin + day * DAY + timedelta(minutes=rng.randrange(7 * 60, 12 * 60))
        came = plan.gate_in(rng, life, at, "demo-zone", "", "unknown", full=False)
        came.area = "DZ-H1"  # at the dock of the hall
        left = plan.gate_out(rng, life, came.at + minutes(rng, 26, 60), full=True, until=16)
        left.seals = (boxes.seal(rng),)
        back = plan.arrive(rng, life, left, left.at + minutes(rng, 1.8, 2.9), "demo-port", rng.choice(("DT1", "DT2")), "export")
        plan.load(rng, life, back.at + minutes(rng, 14, 30))
        found.append(life)
    return found
