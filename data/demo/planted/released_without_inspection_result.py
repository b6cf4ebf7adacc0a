"""Selected boxes that are released without anybody having told of an inspection: by box, by bill, or after one that came before."""

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


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days."""
    return [_unseen(plan, Random(f"{plan.seed}/unseen/{day}"), next(serial), day)] if day % 3 == 1 else []


def _unseen(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    terminal, turn = ("DT1", "DT2")[day % 2], day // 3 % 3
    ship = call_on(plan.seed, plan.origin, terminal, day)
    life, bill = Life(boxes.new(rng, serial)), f"ZZBL{serial:06d}"
    entry = plan.discharge(rng, life, ship, bill)
    about: dict[str, Any] = {"about": "bill", "bill": bill} if turn == 1 else {"box": life.box.number}
    chosen = Fact(at=entry.at + minutes(rng, 4, 6), kind="selected", agency="CUS", reason="inspection", **about)
    gone = Fact(at=chosen.at + minutes(rng, 2, 5), kind="release", agency="CUS", **about)
    if turn == 2:
        first = chosen.at - timedelta(hours=3)
        life.facts.append(Fact(at=first, kind="selected", agency="CUS", box=life.box.number, reason="scan"))
        life.facts.append(Fact(at=first + timedelta(hours=1), kind="inspected", agency="CUS", box=life.box.number, result="image unclear"))
    life.facts += [chosen, gone]
    plan.gate_out(rng, life, gone.at + minutes(rng, 14, 40), told=True)
    note = ("selected by box", "selected by bill", "selected again after a scan")[turn]
    life.offence = Offence("released_without_inspection_result", note, (entry,), (chosen, gone), begins=lambda: gone.at)
    return life
