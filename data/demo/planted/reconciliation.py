"""Small keepers of goods in the zone count what they have every seventeen days, and are to count it every fourteen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.calls import DAY
from data.demo.goods.lot import Article, Lot, Offence
from data.demo.planted._goods import leaves

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger

RULE = "reconciliation"
EVERY, ALLOWED = 17, timedelta(days=14)  # limits/demo.yaml
SMALL = {  # places/demo-zone/place.yaml
    "DZQ": Article(item="TEA", description="Green tea", hs="090210", uom="KGM", net=1_000, gross=1_080, price=420, origin="VN", owner="Demo Tea House", status="domestic"),
    "DZR": Article(item="BRK", description="Brake pads", hs="870830", uom="C62", net=1_900, gross=2_050, price=1_320, origin="TH", owner="ZZ Garage Supply"),
    "DZS": Article(item="SEED", description="Vegetable seeds", hs="120991", uom="KGM", net=1_000, gross=1_030, price=2_400, origin="NL", owner="Demo Seeds"),
    "DZT": Article(item="INK", description="Printing ink", hs="321511", uom="KGM", net=1_000, gross=1_150, price=980, origin="JP", owner="ZZ Print"),
    "DZU": Article(item="YARN", description="Woollen yarn", hs="510710", uom="KGM", net=1_000, gross=1_060, price=1_610, origin="NZ", owner="Demo Wool"),
}  # fmt: skip
FIRST = -40  # days: before it they had nothing


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """On the day of each count the lot that is there until the next."""
    found = []
    for n, (operator, article) in enumerate(SMALL.items()):
        if (day - FIRST - 3 * n) % EVERY or day < FIRST:
            continue
        at = ledger.plan.origin + day * DAY + timedelta(hours=9, minutes=7 * n)
        lot = Lot(operator, f"{operator}{at:%y%m%d}", article, f"13{at:%y%m%d}{n:04}", area="DZ-H2")
        lot.tell(at, "admission", (300 + 10 * (day % 40)) * 1000, permit=f"PZ{at:%y%m%d}{operator}")
        counted = lot.tell(at + timedelta(hours=5), "count", lot.left, counted="full")
        again = lot.tell(counted.at + EVERY * DAY, "count", lot.left, counted="full")
        leaves(lot, again.at + timedelta(hours=1))
        lot.offences.append(
            Offence(
                rule=RULE, note="counted three days too late", lines=(counted,), subject=f"operator:demo-zone/{operator.lower()}",
                begins=counted.at + ALLOWED, until=(again,),
            )
        )  # fmt: skip
        found.append(lot)
    return found
