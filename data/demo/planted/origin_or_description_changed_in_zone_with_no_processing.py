"""Goods leave with another origin, or under another code, than they came with, and nobody did anything to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from data.demo.goods import stock
from data.demo.goods.lot import Article
from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot

RULE = "origin_or_description_changed_in_zone_with_no_processing"
TILES, PUMPS, TYRES = stock.STORED[0], stock.STORED[2], stock.STORED[6]
CHANGED: tuple[tuple[Article, dict[str, Any], str], ...] = (
    (TILES, {"origin": "VN"}, "came from China, leaves as of Vietnam"),
    (PUMPS, {"hs": "841391", "description": "Parts of pumps"}, "came as pumps, leaves as parts of them"),
    (TYRES, {"origin": "ID"}, "came from Japan, leaves as of Indonesia"),
)


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days."""
    n = turn(day, 1)
    if n is None or day < 0:
        return []
    article, said, note = CHANGED[n % 3]
    rng, lot = stored(ledger, RULE, day, "O", article)
    left = leaves(lot, lot.lines[0].at + timedelta(days=2, minutes=rng.randrange(10, 90)), **said)
    return offends(lot, RULE, note, left, lot.lines[0])
