"""Goods stay in the zone until the end of their time there is near, or past it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot

NOTICE = timedelta(days=60 - 14)  # limits/demo.yaml
LEFT = ((49, "left after the first notice"), (62, "past the sixtieth day"), (58, "left two days before the end"))


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days; those of which something is found in the demo came weeks before."""
    n = turn(day, 1)
    if n is None:
        return []
    rng, lot = stored(ledger, "bonded", day, "B")
    days, note = LEFT[n % 3]
    came = lot.lines[0]
    left = leaves(lot, came.at + timedelta(days=days, minutes=rng.randrange(10, 90)))
    return offends(lot, "bonded", note, came, begins=came.at + NOTICE, until=(left,))
