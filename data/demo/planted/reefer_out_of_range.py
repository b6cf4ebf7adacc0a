"""Reefers whose cargo gets warm, that stand without power, or that nobody comes for; and as many that are kept as they should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo import box as boxes
from data.demo import reefers
from data.demo.box import Life, Move, Offence, Reading
from data.demo.calls import DAY, call_on

if TYPE_CHECKING:
    from data.demo.plan import Plan

TIMEOUT, UNPLUGGED, ABANDONED = timedelta(hours=3), timedelta(hours=4), 25 * DAY  # limits of demo-port
WARM = 55  # tenths of a degree


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in three days, of three kinds in turn; and a sound one."""
    rng = Random(f"{plan.seed}/reefer_out_of_range/{day}")
    if day % 3 != 1:
        return []
    sound, life = _reefer(rng, next(serial)), _reefer(rng, next(serial))
    _imported(plan, rng, sound, day, f"ZZBL{next(serial):06d}")
    kind = (_abandoned, _warm, _unplugged)[day // 3 % 3]
    kind(plan, rng, life, day, f"ZZBL{next(serial):06d}")
    return [sound, life]


def _reefer(rng: Random, serial: int) -> Life:
    return Life(replace(boxes.new(rng, serial), size="45R1"))


def _imported(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> tuple[Move, Move, int]:
    """Off a ship, watched, out by the gate; with what it is set to."""
    entry = plan.discharge(rng, life, call_on(plan.seed, plan.origin, "DT1", day), bill)
    entry.full, entry.seals = True, entry.seals or (boxes.seal(rng),)
    left = plan.gate_out(rng, life, entry.at + timedelta(hours=rng.randrange(40, 64)), told=True)
    entry.prompt = left.prompt = True
    return entry, left, reefers.watched(rng, life, entry.at, left.at)


def _warm(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """For half a day it is too warm, then it is mended."""
    entry, _, wanted = _imported(plan, rng, life, day, bill)
    began, mended = entry.at + timedelta(hours=14), entry.at + timedelta(hours=rng.randrange(22, 28))
    life.readings = [
        replace(one, temp=wanted + WARM) if one.kind == "temperature" and began <= one.at < mended else one
        for one in life.readings
        if one.kind == "temperature" or not began <= one.at < mended
    ]
    said = [one for one in life.readings if one.kind == "temperature" and one.at >= began]
    first, cool = said[0], next(one for one in said if one.at >= mended)
    life.offence = _offence("too warm", entry, first, cool, TIMEOUT)


def _unplugged(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """Its plug is out for most of a night."""
    entry, _, _ = _imported(plan, rng, life, day, bill)
    began = entry.at + timedelta(hours=14)
    ended = began + timedelta(minutes=rng.randrange(400, 700))
    off, on = Reading(began, "power_off", life.box.number), Reading(ended, "power_on", life.box.number)
    life.readings = [*(one for one in life.readings if not began <= one.at <= ended), off, on]
    life.offence = _offence("without power", entry, off, on, UNPLUGGED)


def _abandoned(plan: Plan, rng: Random, life: Life, day: int, bill: str) -> None:
    """Brought for a ship that nobody puts it on."""
    at = plan.origin + day * DAY + timedelta(hours=rng.randrange(6, 20))
    entry = plan.gate_in(rng, life, at, "demo-port", "DT1", "export")
    left = plan.load(rng, life, entry.at + ABANDONED + timedelta(hours=rng.randrange(20, 90)))
    began = entry.at + ABANDONED
    life.offence = Offence("reefer_out_of_range", "nobody comes for it", (entry,), ended_by=(left,), begins=lambda: began)


def _offence(note: str, entry: Move, first: Reading, last: Reading, allowed: timedelta) -> Offence:
    return Offence("reefer_out_of_range", note, (entry,), readings=(first,), ended_by=(last,), begins=lambda: first.at + allowed)
