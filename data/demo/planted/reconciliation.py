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


def _kept(item: str, description: str, hs: str, price: int, origin: str, owner: str) -> Article:
    of = {"uom": "KGM", "net": 1_000, "gross": 1_060, "price": price, "origin": origin, "owner": owner}
    return Article(item=item, description=description, hs=hs, **of)  # type: ignore[arg-type]


KEPT = {  # places/demo-zone/place.yaml
    "DZQ": _kept("TEA", "Green tea", "090210", 420, "VN", "Demo Tea House"),
    "DZR": _kept("BRK", "Brake linings", "681381", 1_320, "TH", "ZZ Garage Supply"),
    "DZS": _kept("SEED", "Vegetable seeds", "120991", 2_400, "NL", "Demo Seeds"),
    "DZT": _kept("INK", "Printing ink", "321511", 980, "JP", "ZZ Print"),
    "DZU": _kept("YARN", "Woollen yarn", "510710", 1_610, "NZ", "Demo Wool"),
}
FIRST = -40  # days: before it they had nothing


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """On the day of each count the lot that is there until the next."""
    found = []
    for n, (operator, article) in enumerate(KEPT.items()):
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
