"""A count finds more than the books have."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.goods.stories import permit
from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot

RULE = "overage"


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days: more of a lot than came in, put right by customs or by the next count."""
    n = turn(day, 0)
    if n is None or day < 0:
        return []
    rng, lot = stored(ledger, RULE, day, "G")
    lot.apart = True
    at = lot.lines[0].at + timedelta(days=1, minutes=rng.randrange(10, 90))
    more = lot.left // 1000 * rng.randrange(4, 9) // 100 * 1000
    counted = lot.tell(at, "count", lot.left + more, counted="cycle")
    later = at + timedelta(days=2, minutes=rng.randrange(10, 90))
    if n % 2 == 0:
        put_right = lot.tell(later, "adjustment", more, remark="admitted afterwards", permit=permit(lot, later), own=True)
    else:
        put_right = lot.tell(later, "count", lot.left, counted="cycle", remark="counted twice before")
    leaves(lot, later + timedelta(days=1))
    return offends(lot, RULE, "a count finds more than there should be", counted, until=(put_right,))
