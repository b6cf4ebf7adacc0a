"""The seal of a box on its way to the zone says that it was opened, or tampered with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from data.demo.box import Life, Offence
from data.demo.planted._road import on_the_road

if TYPE_CHECKING:
    from data.demo.plan import Plan


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in four days, opened and tampered with in turn."""
    if day % 4:
        return []
    rng, life, left, permit, came = on_the_road(plan, "seal_opened", day, serial)
    word = life.signals[rng.randrange(3, 7)]
    word.kind = ("opened", "tamper")[day // 4 % 2]
    life.offence = Offence("seal_opened", f"{word.kind} on the road", (left,), (permit,), (came,), "leg", lambda: word.at, signals=(word,))
    return [life]
