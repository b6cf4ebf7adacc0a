"""A box is loaded on a ship whose loading list does not name it, or is named and stays ashore until it leaves by the gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Move, Offence
from data.demo.calls import DAY, next_call

if TYPE_CHECKING:
    from data.demo.plan import Plan

WINDOW = timedelta(hours=48)  # places/demo-port/place.yaml
FROM = 2  # days: the lists are complete from then on, and what is loaded later comes later (places/demo-port/place.yaml)


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of both kinds in turn, at either terminal."""
    rng = Random(f"{plan.seed}/moved_but_not_on_plan/{day}")
    if day % 3 != 2 or day < FROM:
        return []
    life = Life(boxes.new(rng, next(serial)))
    at = plan.origin + day * DAY + timedelta(hours=rng.randrange(6, 20))
    entry = plan.gate_in(rng, life, at, "demo-port", rng.choice(("DT1", "DT2")), "export")
    (_unlisted, _left_behind)[day // 3 % 2](plan, rng, life, entry)
    return [life]


def _unlisted(plan: Plan, rng: Random, life: Life, entry: Move) -> None:
    left = plan.load(rng, life, entry.at + timedelta(hours=rng.randrange(14, 40)))
    left.unlisted = True
    life.offence = Offence("moved_but_not_on_plan", "not on the ship's list", (left,), subject="plan")


def _left_behind(plan: Plan, rng: Random, life: Life, entry: Move) -> None:
    """Its shipper takes it back by the gate, long after the ship."""
    ship = next_call(plan.seed, plan.origin, entry.terminal, entry.at + timedelta(hours=rng.randrange(20, 40)))
    life.meant = replace(entry, at=ship.end, event="load", vessel=ship.vessel)
    left = plan.gate_out(rng, life, ship.end + WINDOW + timedelta(hours=rng.randrange(5, 30)), told=True)
    ended = (left,)
    life.offence = Offence(
        "moved_but_not_on_plan",
        "on the ship's list, left behind",
        (entry,),
        ended_by=ended,
        subject="plan",
        begins=lambda: ship.end + WINDOW,
    )
