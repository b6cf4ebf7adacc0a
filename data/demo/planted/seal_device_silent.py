"""The seal of a box on its way to the zone falls silent, and speaks again there, or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.box import Life, Move, Offence, Signal
from data.demo.planted._road import on_the_road

if TYPE_CHECKING:
    from data.demo.plan import Plan


ALLOWED = timedelta(hours=2)  # places/demo-port/place.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in four days."""
    if day % 4 != 1:
        return []
    _, life, left, permit, came = on_the_road(plan, "seal_device_silent", day, serial)
    last = life.signals[2]
    life.signals = [word for word in life.signals if word.at <= last.at or word.at > came.at]
    ended: tuple[Move | Signal, ...] = (came, *life.signals[3:4])
    life.offence = Offence(
        "seal_device_silent", "no word on the road", (left,), (permit,), ended, "leg", lambda: last.at + ALLOWED, signals=(last,)
    )
    return [life]
