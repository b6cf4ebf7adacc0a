"""Shoes and bags are given other labels, or are put together of parts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.goods.lot import Article
from data.demo.planted._goods import leaves, offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger
    from data.demo.goods.lot import Lot

OWNER = "ZZ Fashion Trade"
WATCHED = (
    (
        Article(item="SH-0042", description="Sports shoes", hs="640411", uom="NPR", net=780, gross=960, price=940, origin="CN", owner=OWNER),
        "relabelled for another market",
    ),
    (
        Article(item="BG-0007", description="Handbags of leather", hs="420221", uom="C62", net=620, gross=900, price=2_650, origin="CN", owner=OWNER),
        "repacked into gift boxes",
    ),
    (
        Article(item="JK-0013", description="Jackets, knitted", hs="611020", uom="C62", net=540, gross=600, price=1_480, origin="BD", owner=OWNER),
        "assembled with badges",
    ),
)  # fmt: skip


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
