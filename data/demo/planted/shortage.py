"""A count finds less than the books have, or the operator writes goods off that no count missed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.goods.stories import permit
from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot

RULE = "shortage"


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days: found by a count and written off with leave, found and found again, written off without a count."""
    n = turn(day, 3)
    if n is None or day < 0:
        return []
    rng, lot = stored(ledger, RULE, day, "H")
    lot.apart = True
    at = lot.lines[0].at + timedelta(days=1, minutes=rng.randrange(10, 90))
    missing = lot.left // 1000 * rng.randrange(4, 9) // 100 * 1000
    if n % 3 == 2:
        wrote = lot.tell(at, "adjustment", -missing, remark="written off")
        leaves(lot, at + timedelta(days=2))
        return offends(lot, RULE, "written off without a count", wrote)
    counted = lot.tell(at, "count", lot.left - missing, counted="cycle")
    later = at + timedelta(days=2, minutes=rng.randrange(10, 90))
    if n % 3 == 0:
        put_right = lot.tell(later, "adjustment", -missing, remark="duty paid on what is missing", permit=permit(lot, later), own=True)
    else:
        put_right = lot.tell(later, "count", lot.left, counted="cycle", remark="found in another row")
    leaves(lot, later + timedelta(days=1))
    return offends(lot, RULE, "a count finds less than there should be", counted, until=(put_right,))
