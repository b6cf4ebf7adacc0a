"""Goods are taken in without a declaration, and nobody completes their papers for days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot

WARN = timedelta(days=3)  # limits/demo.yaml
COMPLETED = ((5, "papers after five days"), (8, "papers after eight days"), (12, "papers after twelve days"))


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days."""
    n = turn(day, 3)
    if n is None:
        return []
    rng, lot = stored(ledger, "suspense_account_ageing", day, "S")
    came, (days, note) = lot.lines[0], COMPLETED[n % 3]
    came.declaration, lot.declaration = "", came.declaration
    at = came.at + timedelta(days=days, minutes=rng.randrange(10, 90))
    papers = lot.tell(at, "manipulation", None, operation="papers completed")
    leaves(lot, at + timedelta(days=2, minutes=rng.randrange(10, 90)))
    return offends(lot, "suspense_account_ageing", note, came, begins=came.at + WARN, until=(papers,))
