"""Goods that may be in the country for a time only stay until its end is near, or past it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot

NOTICE = timedelta(days=30 - 7)  # limits/demo.yaml
LEFT = ((26, "left after the first notice"), (33, "past the thirtieth day"), (29, "left a day before the end"))


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days; the first came weeks before the demo begins."""
    n = turn(day, 2)
    if n is None:
        return []
    rng, lot = stored(ledger, "temporary_import_for_re_export_overdue", day, "T", status="temporary")
    days, note = LEFT[n % 3]
    came = lot.lines[0]
    left = leaves(lot, came.at + timedelta(days=days, minutes=rng.randrange(10, 90)))
    return offends(lot, "temporary_import_for_re_export_overdue", note, came, begins=came.at + NOTICE, until=(left,))
