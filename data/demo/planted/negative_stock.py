"""More leaves of a lot than is there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.goods.stories import permit
from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Line, Lot


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days: it stays so, or what covers it comes two days later."""
    n = turn(day, 1)
    if n is None or day < 0:
        return []
    rng, lot = stored(ledger, "negative_stock", day, "N")
    whole = lot.left
    at = lot.lines[0].at + timedelta(days=1, minutes=rng.randrange(10, 90))
    leaves(lot, at, whole // 1000 * 7 // 10 * 1000)
    too_much = leaves(lot, at + timedelta(hours=20, minutes=rng.randrange(10, 90)), whole // 1000 * 4 // 10 * 1000)
    until: tuple[Line, ...] = ()
    if n % 2:
        later = too_much.at + timedelta(days=2, minutes=rng.randrange(10, 90))
        until = (lot.tell(later, "admission", -lot.left, permit=permit(lot, later), remark="second delivery of the same lot"),)
    return offends(lot, "negative_stock", "more leaves than is there", too_much, lot.lines[0], until=until)
