"""A box leaves with another seal than it came with, or comes to the zone with another than it left the port with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Offence
from data.demo.calls import DAY, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of three kinds in turn."""
    rng = Random(f"{plan.seed}/seal_number_changed/{day}")
    if day % 3 != 2:
        return []
    kind = (_in_port, _on_the_way, _by_ship)[day // 3 % 3]
    life = Life(boxes.new(rng, number := next(serial)))
    kind(plan, rng, life, day, f"ZZBL{number:06d}")
    return [life]


def _in_port(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """Off a ship under one seal, out by the gate under another."""
    ship = call_on(plan.seed, plan.origin, "DT2", day)
    entry = plan.discharge(rng, life, ship, bill)
    entry.seals = (boxes.seal(rng),)
    left = plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(16, 60)), full=True, told=True)
    left.seals = (boxes.seal(rng, "CB"),)
    life.offence = Offence("seal_number_changed", "another seal out of the port", (left, entry))


def _on_the_way(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """From port to zone; everything after is under the new seal."""
    ship = call_on(plan.seed, plan.origin, "DT1", day)
    entry = plan.discharge(rng, life, ship, bill)
    entry.full, entry.seals = True, (boxes.seal(rng),)
    plan.to_zone(rng, life, entry.at + timedelta(hours=rng.randrange(16, 40)))
    left, came = life.moves[1:3]
    seals = (boxes.seal(rng, "CB"),)
    for move in life.moves[2:]:
        move.seals = move.seals and seals
    life.offence = Offence("seal_number_changed", "another seal into the zone", (came, left))


def _by_ship(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """In by the gate under one seal, on board under another."""
    at = plan.origin + day * DAY + timedelta(hours=rng.randrange(6, 20))
    entry = plan.gate_in(rng, life, at, "demo-port", "DT1", "export")
    left = plan.load(rng, life, entry.at + timedelta(hours=rng.randrange(14, 40)))
    left.seals = (boxes.seal(rng, "CB"),)
    life.offence = Offence("seal_number_changed", "another seal on board", (left, entry))
