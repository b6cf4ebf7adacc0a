"""Dangerous goods in the port: inside for too long, one box too many of a class, and put beside what they must not stand with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo.box import Life, Move, Offence
from data.demo.calls import DAY, call_on
from data.demo.silences import silence

if TYPE_CHECKING:
    from data.demo.plan import Plan

ALLOWED = timedelta(days=4)  # places/demo-port/place.yaml: dangerous_stay_2; dangerous_boxes_8 is two; 3 and 5.1 apart


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of three kinds in turn: no group is still there when the next of its kind comes."""
    rng = Random(f"{plan.seed}/dangerous_goods_limit/{day}")
    if day % 3 != 1:
        return []
    return (_too_long, _too_many, _side_by_side)[day // 3 % 3](plan, rng, serial, day)


def _box(rng: Random, serial: Iterator[int], dangerous: str) -> Life:
    return Life(replace(boxes.new(rng, next(serial)), dangerous=(dangerous,)))


def _discharged(plan: Plan, rng: Random, serial: Iterator[int], day: int, dangerous: str) -> tuple[Life, Move]:
    life, ship = _box(rng, serial, dangerous), call_on(plan.seed, plan.origin, ("DT1", "DT2")[day % 2], day)
    entry = plan.discharge(rng, life, ship, f"ZZBL{next(serial):06d}")
    entry.full, entry.seals, entry.gross_kg = True, (boxes.seal(rng),), boxes.gross(rng, life.box, True)
    return life, entry


def _too_long(plan: Plan, rng: Random, serial: Iterator[int], day: int) -> list[Life]:
    """Out after four days, before five, when it would be an overstay like any other."""
    life, entry = _discharged(plan, rng, serial, day, "2.1/1978")
    feed = "dt1-gate" if entry.terminal == "DT1" else "dt2-gate"
    times = [entry.at + ALLOWED + timedelta(minutes=rng.randrange(60, 900)) for _ in range(50)]
    left = plan.gate_out(rng, life, next(at for at in times if not silence(plan, feed, at)), exact=True)
    life.offence = Offence("dangerous_goods_limit", "too long", (entry,), ended_by=(left,), begins=lambda: entry.at + ALLOWED)
    return [life]


def _too_many(plan: Plan, rng: Random, serial: Iterator[int], day: int) -> list[Life]:
    """Three of class 8 where two may be; the last to come is one too many."""
    group = sorted((_discharged(plan, rng, serial, day, "8/1824") for _ in range(3)), key=lambda pair: pair[1].at)
    for (_, before), (_, entry) in pairwise(group):
        entry.at = max(entry.at, before.at + timedelta(minutes=1))
    left = [plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(16, 60)), told=True) for life, entry in group]
    (_, one), (_, two), (last, entry) = group
    last.offence = Offence("dangerous_goods_limit", "one too many", (entry, one, two), ended_by=tuple(left))
    return [life for life, _ in group]


def _side_by_side(plan: Plan, rng: Random, serial: Iterator[int], day: int) -> list[Life]:
    """Flammable liquid in a block, and some hours later what makes it burn in the same one."""
    at = plan.origin + day * DAY + timedelta(hours=rng.randrange(6, 12))
    first, second = _box(rng, serial, "3/1263"), _box(rng, serial, "5.1/1942")
    entry = plan.gate_in(rng, first, at, "demo-port", "DT2", "export")
    put = plan.gate_in(rng, second, entry.at + timedelta(hours=rng.randrange(1, 8)), "demo-port", "DT2", "export")
    put.area = entry.area
    for move in (entry, put):
        move.at += timedelta(minutes=not move.at.minute)  # not at the very instant of a yard list, which would tell the block as well
    left = plan.load(rng, first, put.at + timedelta(hours=14)), plan.load(rng, second, put.at + timedelta(hours=rng.randrange(14, 40)))
    second.offence = Offence("dangerous_goods_limit", "side by side", (put, entry), ended_by=left)
    return [first, second]
