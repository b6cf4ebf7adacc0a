"""Out of the zone without a permit: none at all, one that has run out, one of quarantine alone, one given afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Fact, Life, Offence, minutes
from data.demo.calls import DAY

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days."""
    return [_leaving(plan, Random(f"{plan.seed}/permit/{day}"), next(serial), day)] if day % 3 == 1 else []


def _leaving(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    life = Life(boxes.new(rng, serial))
    number = life.box.number
    entry = plan.gate_in(rng, life, plan.origin + day * DAY + minutes(rng, 7, 15), "demo-zone", "", "unknown")
    left = plan.gate_out(rng, life, entry.at + minutes(rng, 70, 100), told=True, permit=False)
    proof: tuple[Fact, ...] = ()
    match day // 3 % 4:
        case 0:
            note = "no permit"
        case 1:
            note = "a permit that had run out"
            proof = (Fact(at=left.at - minutes(rng, 50, 60), kind="permit", agency="CUS", box=number, office="demo-zone"),)
        case 2:
            note = "released by quarantine alone"
            life.facts.append(Fact(at=entry.at + timedelta(hours=4), kind="hold", agency="QUA", box=number, reason="food"))
            life.facts.append(Fact(at=left.at - minutes(rng, 14, 20), kind="release", agency="QUA", box=number, result="fit"))
        case _:
            note = "a permit given after it had left"
            life.facts.append(Fact(at=left.at + minutes(rng, 1, 4), kind="permit", agency="CUS", box=number, office="demo-zone"))
    life.facts += proof
    life.offence = Offence("exit_without_permit", note, (left,), proof)
    return life
