"""Shoes and bags are given other labels, or are put together of parts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.goods.lot import Article
from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot


def _watched(item: str, description: str, hs: str, uom: str, net: int, price: int, origin: str) -> Article:
    of = {"net": net, "gross": net + 180, "price": price, "origin": origin, "owner": "ZZ Fashion Trade"}
    return Article(item=item, description=description, hs=hs, uom=uom, **of)  # type: ignore[arg-type]


WATCHED = (
    (_watched("SH-0042", "Sports shoes", "640411", "NPR", 780, 940, "CN"), "relabelled for another market"),
    (_watched("BG-0007", "Handbags of leather", "420221", "C62", 620, 2_650, "CN"), "repacked into gift boxes"),
    (_watched("JK-0013", "Jackets, knitted", "611020", "C62", 540, 1_480, "BD"), "assembled with badges"),
)


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days."""
    n = turn(day, 0)
    if n is None:
        return []
    article, done = WATCHED[n % 3]
    rng, lot = stored(ledger, "risk_goods_in_risk_regime", day, "R", article)
    at = lot.lines[0].at + timedelta(days=1, minutes=rng.randrange(10, 90))
    worked = lot.tell(at, "manipulation", None, operation=done)
    leaves(lot, at + timedelta(days=3, minutes=rng.randrange(10, 90)))
    return offends(lot, "risk_goods_in_risk_regime", done, worked)
