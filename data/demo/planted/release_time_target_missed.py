"""Held boxes that wait for their release longer than the two days promised: for one agency, or for the second of two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from data.demo import box as boxes
from data.demo.box import Fact, Life, Offence, minutes
from data.demo.calls import call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan

TARGET = timedelta(hours=48)  # places/demo-port/place.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days."""
    return [_waiting(plan, Random(f"{plan.seed}/target/{day}"), next(serial), day)] if day % 3 == 2 else []


def _waiting(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    terminal, turn = ("DT1", "DT2")[day % 2], day // 3 % 3
    ship = call_on(plan.seed, plan.origin, terminal, day)
    life, bill = Life(boxes.new(rng, serial)), f"ZZBL{serial:06d}"
    entry = plan.discharge(rng, life, ship, bill)
    number = life.box.number
    about: dict[str, Any] = {"about": "bill", "bill": bill} if turn == 1 else {"box": number}
    first = Fact(at=entry.at + minutes(rng, 1, 3), kind="hold", agency="CUS", reason="valuation", **about)
    last = Fact(at=entry.at + minutes(rng, 56, 66), kind="release", agency="CUS", **about)
    if turn == 2:
        last.agency = "QUA"
        life.facts.append(Fact(at=first.at + timedelta(hours=5), kind="hold", agency="QUA", box=number, reason="food"))
        life.facts.append(Fact(at=first.at + timedelta(hours=20), kind="release", agency="CUS", box=number))
    life.facts += [first, last]
    plan.gate_out(rng, life, last.at + minutes(rng, 10, 14), told=True)
    note = ("held by box", "held by bill", "held by a second agency")[turn]
    life.offence = Offence("release_time_target_missed", note, (entry,), (first,), ended_by=(last,), begins=lambda: first.at + TARGET)
    return life
