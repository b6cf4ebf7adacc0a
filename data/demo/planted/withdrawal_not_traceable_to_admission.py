"""Goods leave under the number of a lot that never came in, or that comes in only days later."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from data.demo.goods import stock
from data.demo.goods.lot import Lot
from data.demo.goods.stories import permit
from data.demo.planted._goods import leaves, morning, offends, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Line

RULE = "withdrawal_not_traceable_to_admission"


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days."""
    n = turn(day, 2)
    if n is None or day < 0:
        return []
    rng = Random(f"{ledger.plan.seed}/{RULE}/{day}")
    at = morning(ledger, day, rng)
    lot = Lot("DZL", f"DZL{at:%y%m%d}-W", rng.choice(stock.STORED), f"12{at:%y%m%d}0087")
    left = leaves(lot, at, rng.randrange(20, 90) * 1000)
    until: tuple[Line, ...] = ()
    if n % 2:
        later = at + timedelta(days=2, minutes=rng.randrange(10, 90))
        until = (lot.tell(later, "admission", -lot.left, permit=permit(lot, later), remark="admitted afterwards"),)
    return offends(lot, RULE, "of a lot that had not come in", left, until=until)
