"""The lively traffic of the demo's future: a held box leaves often, so that a watcher need not wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Fact, Life, Offence
from data.demo.calls import DAY, TERMINALS

if TYPE_CHECKING:
    from data.demo.plan import Plan

LIVELY_EVERY = timedelta(minutes=18)  # after the ending a held box leaves this often


def lively(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """What keeps the future lively: every eighteen minutes after the ending a box that is held leaves Demo Port, and another comes."""
    found: list[Life] = []
    since, until = plan.origin + day * DAY, plan.origin + (day + 1) * DAY
    if until <= plan.ending:
        return found
    first = max(0, (since - plan.ending) // LIVELY_EVERY)
    for turn in range(first, (until - plan.ending) // LIVELY_EVERY + 1):
        due = plan.ending + timedelta(minutes=12) + turn * LIVELY_EVERY
        if not since <= due < until:
            continue
        rng = Random(f"{plan.seed}/lively/{turn}")
        life = Life(boxes.new(rng, next(serial)))
        due += timedelta(minutes=rng.randrange(-2, 3))
        plan.gate_in(rng, life, due - timedelta(minutes=rng.randrange(120, 126)), TERMINALS["DT1"], "DT1", "export", exact=True)
        left = plan.gate_out(rng, life, due, exact=True)
        agency, reason = (("CUS", "inspection"), ("CUS", "documents"), ("QUA", "plant health"))[turn % 3]
        held = due - timedelta(minutes=rng.randrange(540, 660))
        life.facts.append(Fact(at=held, kind="hold", agency=agency, box=life.box.number, reason=reason))
        life.facts.append(
            Fact(at=due + timedelta(hours=30), kind="release", agency=agency, box=life.box.number, result="closed after recall")
        )
        life.offence = Offence("gate_out_on_hold", "in the demo's future", (left,), (life.facts[0],))
        found.append(life)
    return found
