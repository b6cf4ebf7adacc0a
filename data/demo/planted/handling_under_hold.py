"""Emptied in the zone while customs, quarantine or both hold it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Fact, Life, Move, Offence
from data.demo.calls import DAY

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days."""
    rng = Random(f"{plan.seed}/handling_under_hold/{day}")
    return [_emptied(plan, rng, next(serial), day)] if day % 3 == 0 else []


def _emptied(plan: Plan, rng: Random, serial: int, day: int) -> Life:
    """In from a factory, held, emptied all the same; released in the end, and out empty. Three kinds in turn."""
    life = Life(boxes.new(rng, serial))
    number, turn = life.box.number, day // 3 % 3
    entry = plan.gate_in(rng, life, plan.origin + day * DAY + timedelta(hours=rng.randrange(7, 15)), "demo-zone", "", "unknown")
    held = entry.at + timedelta(minutes=rng.randrange(120, 400))
    done = life.add(
        Move(
            at=entry.at + timedelta(minutes=rng.randrange(800, 1300)),
            place="demo-zone",
            event="strip",
            box=life.box,
            full=False,
            area="DZ-H1",
        )
    )
    note, agency, late = (
        ("held by customs", "CUS", timedelta()),
        ("held by quarantine", "QUA", timedelta()),
        ("a hold in force before it was emptied, told hours after", "CUS", timedelta(hours=26)),
    )[turn]
    hold = Fact(at=held, kind="hold", agency=agency, box=number, reason="documents" if agency == "CUS" else "food", told_after=late)
    life.facts += [hold, Fact(at=done.at + timedelta(hours=rng.randrange(30, 50)), kind="release", agency=agency, box=number)]
    plan.gate_out(rng, life, life.facts[-1].at + timedelta(hours=rng.randrange(12, 40)), full=False)
    life.offence = Offence("handling_under_hold", note, (done,), (hold,))
    return life
