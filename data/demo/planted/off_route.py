"""A box on its way to the zone leaves the corridor by kilometres and comes back to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from data.demo.box import Life, Offence
from data.demo.planted._road import on_the_road

if TYPE_CHECKING:
    from data.demo.plan import Plan


ASIDE = 30_000  # microdegrees, some three kilometres


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in four days."""
    if day % 4 != 2:
        return []
    rng, life, left, permit, _ = on_the_road(plan, "off_route", day, serial)
    n = rng.randrange(2, 5)
    outside = life.signals[n : n + rng.randrange(2, 4)]
    for word in outside:
        word.fix = (word.fix[0] + ASIDE, word.fix[1] - ASIDE) if word.fix else None
    back = life.signals[n + len(outside)]
    first = outside[0]
    life.offence = Offence(
        "off_route", "kilometres aside", (left,), (permit,), (back,), "leg", lambda: first.at, signals=(first, outside[1])
    )
    return [life]
