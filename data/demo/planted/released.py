"""Boxes that stay in the zone although they may leave: after a permit, or after the second of two agencies let them go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Fact, Life, Offence, minutes
from data.demo.calls import DAY, ZONE, wall

if TYPE_CHECKING:
    from data.demo.plan import Plan

DAYS = 3  # places/demo-zone/place.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days."""
    return [_staying(plan, Random(f"{plan.seed}/released/{day}"), next(serial), day)] if day % 3 == 0 else []


def _staying(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    """In from a factory; the permit that it leaves by at last is a new one."""
    life = Life(boxes.new(rng, serial))
    entry = plan.gate_in(rng, life, plan.origin + day * DAY + minutes(rng, 7, 15), "demo-zone", "", "unknown")
    freed = Fact(at=entry.at + minutes(rng, 6, 20), kind="permit", agency="CUS", box=life.box.number, office="demo-zone")
    note = "a permit that nobody used"
    if day // 3 % 2:
        note = "released by the second agency"
        life.facts.append(freed)
        life.facts.append(Fact(at=freed.at - timedelta(hours=2), kind="hold", agency="QUA", box=life.box.number, reason="plant health"))
        freed = Fact(at=freed.at + minutes(rng, 10, 20), kind="release", agency="QUA", box=life.box.number, result="fit")
    life.facts.append(freed)
    plan.gate_out(rng, life, freed.at + minutes(rng, 84, 130), told=True)
    anew = next(fact for fact in life.facts if fact.kind == "permit" and fact.at > freed.at)
    life.offence = Offence("released", note, (entry,), (freed,), ended_by=(anew,), begins=lambda: wall(freed.at, DAYS, ZONE["demo-zone"]))
    return life
