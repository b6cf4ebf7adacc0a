"""A box on its way to the zone stands for an hour where nobody is to stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo import road
from data.demo.box import Life, Offence
from data.demo.planted._road import on_the_road

if TYPE_CHECKING:
    from data.demo.plan import Plan


ALLOWED = timedelta(minutes=45)  # places/demo-port/place.yaml


def lives(plan: Plan, day: int, serial: Iterator[int]) -> list[Life]:
    """One in four days."""
    if day % 4 != 3:
        return []
    rng, life, left, permit, _ = on_the_road(plan, "unusual_stop", day, serial)
    n = rng.randrange(2, 5)
    first, over, on = life.signals[n], life.signals[n + 3], life.signals[n + 4]
    for word in life.signals[n : n + 4]:
        word.fix = road.near(rng, first.fix, 180) if first.fix and word is not first else word.fix
    life.offence = Offence(
        "unusual_stop", "an hour at the roadside", (left,), (permit,), (on,), "leg", lambda: first.at + ALLOWED, signals=(first, over)
    )
    return [life]
