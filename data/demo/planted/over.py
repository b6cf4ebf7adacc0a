"""A ship discharges a box that is on none of its lists, or leaves one on board that is, which comes with the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Offence
from data.demo.calls import DAY, Call, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan

WINDOW = DAY  # limits of demo-port


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of two kinds in turn, at either terminal."""
    rng = Random(f"{plan.seed}/over/{day}")
    if day % 3 or not day:
        return []
    life, turn = Life(boxes.new(rng, number := next(serial))), day // 3
    kind, terminal = (_over, _short)[turn % 2], ("DT1", "DT2")[turn // 2 % 2]
    kind(plan, rng, life, terminal, day, f"ZZBL{number:06d}")
    return [life]


def _over(plan: Plan, rng: Random, life: Life, terminal: str, day: int, bill: str) -> None:
    """Off the ship, on no list."""
    entry = plan.discharge(rng, life, call_on(plan.seed, plan.origin, terminal, day), bill)
    entry.listed = False
    plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(16, 60)), told=True)
    life.offence = Offence("over", "on no list of its ship", (entry,), subject="call")


def _short(plan: Plan, rng: Random, life: Life, terminal: str, day: int, bill: str) -> None:
    """Listed, and not discharged; it comes by the ship of the day after."""
    missed = call_on(plan.seed, plan.origin, terminal, day)
    entry = plan.discharge(rng, life, call_on(plan.seed, plan.origin, terminal, day + 1), bill)
    plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(16, 60)), told=True)
    line = replace(entry, event="no discharge", at=missed.start, vessel=missed.vessel)
    life.listed.append(line)
    life.offence = Offence("over", "left on board", (line,), subject="call", begins=lambda: last(plan, missed) + WINDOW)


def last(plan: Plan, ship: Call) -> datetime:
    """When the last box of a call that was told of was discharged."""
    days = range(plan.index(ship.start), plan.index(ship.end) + 1)
    moves = [move for day in days for _, move in plan.on(day).moves if (move.vessel, move.event) == (ship.vessel, "discharge")]
    return max(move.at for move in moves if not move.untold)
