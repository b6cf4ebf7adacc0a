"""A morning at the zone's gate: seven trucks bring a box and wait for well over an hour and a half until they have another and are out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Offence
from data.demo.calls import ZONE
from zones.area import full

if TYPE_CHECKING:
    from data.demo.plan import Plan

RULE, PLACE = "capacity_and_queue", "demo-zone"
TRUCKS = 7
EVERY = 3  # days; what one morning brings the next one takes
COME, GO = timedelta(hours=7, minutes=38), timedelta(hours=9, minutes=28)


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """The boxes of one morning. They leave on the next, each with a truck that came with another."""
    if day % EVERY != 2:
        return []
    rng = Random(f"{plan.seed}/capacity_and_queue/{day}")
    found = []
    for n in range(TRUCKS):
        life = Life(boxes.new(rng, next(serial)))
        plan.gate_in(rng, life, _at(plan, day) + COME + n * timedelta(minutes=1), PLACE, "", "unknown", exact=True)
        plan.gate_out(rng, life, _at(plan, day + EVERY) + GO + n * timedelta(minutes=2), exact=True)
        for move, on in zip(life.moves, (day, day + EVERY), strict=True):
            move.prompt = move.own_truck = True
            move.vehicle = boxes.plate(Random(f"{plan.seed}/capacity_and_queue/{on}/{n}"))
        found.append(life)
    last = found[-1].moves[-1]
    began = full(last.at)
    subject = f"area:{PLACE}/@turn/{began.astimezone(ZONE[PLACE]).date()}"
    note = "slow trucks at the gate of the zone"
    until = began + timedelta(hours=1)
    found[-1].offence = Offence(RULE, note, (last,), subject=subject, begins=lambda: began, ends=lambda: until)
    return found


def _at(plan: Plan, day: int) -> datetime:
    return plan.origin + day * timedelta(days=1)
