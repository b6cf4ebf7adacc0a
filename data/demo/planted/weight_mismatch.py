"""A box leaves heavier or lighter than it was told to be when it came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Move, Offence
from data.demo.calls import DAY, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of three kinds in turn."""
    rng = Random(f"{plan.seed}/weight_mismatch/{day}")
    if day % 3 != 0:
        return []
    kind = (_by_gate, _from_zone, _lighter)[day // 3 % 3]
    life = Life(boxes.new(rng, number := next(serial)))
    kind(plan, rng, life, day, f"ZZBL{number:06d}")
    return [life]


def _by_gate(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """Off a ship, and out by the gate with more in it than was declared."""
    entry = _imported(plan, rng, life, "DT2", day, bill)
    _offends(plan, rng, life, entry, entry.at + timedelta(hours=rng.randrange(16, 60)), rng.randrange(1200, 3000, 10))


def _lighter(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """Off a ship, and out by the gate with less in it."""
    entry = _imported(plan, rng, life, "DT1", day, bill)
    _offends(plan, rng, life, entry, entry.at + timedelta(hours=rng.randrange(16, 60)), -rng.randrange(1200, 2400, 10))


def _from_zone(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """In and out of the zone by the gate, unopened as far as anybody tells."""
    at = plan.origin + day * DAY + timedelta(hours=rng.randrange(7, 18))
    entry = plan.gate_in(rng, life, at, "demo-zone", "", "unknown")
    entry.gross_kg = rng.randrange(11_000, 18_000, 10)
    _offends(plan, rng, life, entry, entry.at + timedelta(hours=rng.randrange(40, 120)), -rng.randrange(1200, 2400, 10))


def _imported(plan: Plan, rng: Random, life: Life, terminal: str, day: int, bill: str) -> Move:
    entry = plan.discharge(rng, life, call_on(plan.seed, plan.origin, terminal, day), bill)
    entry.full, entry.seals, entry.gross_kg = True, (boxes.seal(rng),), rng.randrange(11_000, 18_000, 10)
    return entry


def _offends(plan: Plan, rng: Random, life: Life, entry: Move, at: datetime, more: int) -> None:
    """It leaves under the seal that it came with, but for so many kilograms as it came."""
    left = plan.gate_out(rng, life, at, full=True, told=True)
    left.gross_kg, left.seals = (entry.gross_kg or 0) + more, entry.seals
    proof = (left, entry) if entry.event == "gate_in" else (left,)  # of what a ship brings the line's order told first
    life.offence = Offence("weight_mismatch", f"{abs(more)} kg {'more' if more > 0 else 'less'} than it came with", proof)
