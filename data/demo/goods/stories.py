"""What lawfully happens to the goods that a box brings: stored in the box, or stripped, kept in a hall and taken away by trucks; made into
something; and now and then sorted, sold, taxed, damaged, sent back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from data.demo import box as boxes
from data.demo.box import Life, Move, minutes
from data.demo.goods import stock
from data.demo.goods.lot import FUNGIBLE, Article, Line, Lot
from data.demo.plan import in_hours

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger

PLACE = "demo-zone"
HALLS = ("DZ-H1", "DZ-H2")
OTHER_OWNERS = ("ZZ Wholesale", "Demo Trading House")
DONE = ("sorted by size", "inspected, samples drawn", "palletised", "wrapped in film")


def lots(ledger: Ledger, life: Life, came: Move, left: Move | None, name: str) -> list[Lot]:
    """The lot, or the lots, of one visit of a box to the zone."""
    rng = Random(f"{ledger.plan.seed}/goods/{life.box.number}/{came.at}")
    domestic = life.moves[0] is came
    cargo = (came.gross_kg or 0) - boxes.gross(rng, life.box, False)
    cargo = cargo if cargo >= 1_000 else 8_000  # where the box alone was weighed
    stripped = next((move for move in life.moves if move.event == "strip" and move.at > came.at and (not left or move.at < left.at)), None)
    way = rng.random()
    declaration = declared(life, name)
    if way < 0.12 and stripped and not domestic:
        return list(_made(rng, came, stripped, left, name, declaration, cargo))
    operator, article = ("DZL", stock.stored(rng, domestic))
    alone = _unpermitted(life, came, left) if left and not stripped else {}
    if way < 0.35 and not domestic and not alone:
        operator, article = FUNGIBLE, rng.choice(stock.FUNGIBLE_STOCK)
    lot = Lot(operator, f"{operator}{name}", article, declaration, status="domestic" if domestic else _status(rng, operator))
    arrives(rng, lot, came, cargo * 1_000_000 // article.gross)
    if stripped is None:
        if left is not None:
            gone(lot, left.at, lot.left, left, **alone)
    else:
        _stripped(rng, lot, stripped)
        _kept(rng, lot, stripped.at)
    return [lot]


def _unpermitted(life: Life, came: Move, left: Move) -> dict[str, Any]:
    """What the withdrawal of goods in a box says that leaves without a permit: customs' own book has nothing of it."""
    permitted = any(fact.kind == "permit" and came.at < fact.at <= left.at for fact in life.facts)
    return {} if permitted else {"own": False, "permit": ""}


def packed(ledger: Ledger, life: Life, came: Move, left: Move, name: str) -> Lot:
    """Goods of a factory outside, in by truck, packed into a box that came in empty, and gone in it."""
    rng = Random(f"{ledger.plan.seed}/goods/{life.box.number}/{came.at}")
    article = stock.stored(rng, True)
    lot = Lot("DZL", f"DZL{name}", article, declared(life, name), status="domestic", area=rng.choice(HALLS))
    cargo = (left.gross_kg or 0) - boxes.gross(rng, life.box, False)
    lot.tell(came.at + minutes(rng, 1, 4), "admission", max(1, cargo * 1000 // article.gross) * 1000, permit=permit(lot, came.at))
    lot.tell(left.at - minutes(rng, 2, 8), "stuff", lot.left, box=life.box.number)
    gone(lot, left.at, lot.left, left)
    return lot


def declared(life: Life, name: str) -> str:
    """The number under which the goods are declared: that of the bill, where they came under one."""
    bill = next((move.bill for move in life.moves if move.bill), "")
    return f"10{int(bill.removeprefix('ZZBL')):010d}" if bill else f"11{name.replace('-', ''):0>10}"


def _status(rng: Random, operator: str) -> str:
    return "temporary" if operator != FUNGIBLE and rng.random() < 0.1 else "bonded"


def arrives(rng: Random, lot: Lot, came: Move, quantity: int) -> Line:
    """In by the gate in a box; customs authorised it when the box was on its way."""
    whole = max(1, quantity // 1000) * 1000
    lot.area = came.area
    issued = came.at - minutes(rng, 2, 5)
    return lot.tell(came.at, "admission", whole, box=came.box.number, issued=issued, permit=permit(lot, came.at))


def permit(lot: Lot, at: datetime) -> str:
    return f"PZ{at:%y%m%d}{sum(map(ord, lot.lot + str(len(lot.lines)))) % 1000:03}{len(lot.lines) % 10}"


def gone(lot: Lot, at: datetime, quantity: int, left: Move | None = None, **said: Any) -> Line:
    """Out of the zone under a permit: in the box in which it is, or by truck."""
    box = {"box": left.box.number, "issued": at - timedelta(hours=4)} if left else {}
    return lot.tell(at, "withdrawal", quantity, **{"permit": permit(lot, at), **box, **said})


def _stripped(rng: Random, lot: Lot, stripped: Move) -> None:
    lot.tell(stripped.at, "strip", lot.left, box=stripped.box.number, to_area=rng.choice(HALLS))


def _kept(rng: Random, lot: Lot, since: datetime) -> None:
    """In a hall, until trucks have taken the last of it."""
    at = since
    at = _something(rng, lot, at)
    parts = rng.choice((1, 1, 2, 2, 3))
    for n in range(parts):
        at = truck(rng, at, 20, 90)
        quantity = lot.left if n == parts - 1 else lot.left // 1000 * rng.randrange(30, 60) // 100 * 1000
        if not quantity:
            continue
        gone(lot, at, quantity)
        if n == 0 and parts > 1 and rng.random() < 0.12 and quantity >= 10_000:
            at = truck(rng, at, 14, 30)
            lot.tell(at, "return", quantity // 10_000 * 1000, permit=permit(lot, at), remark="refused by the consignee")


def truck(rng: Random, at: datetime, low: float, high: float) -> datetime:
    """So many hours later, while the gate is open."""
    return in_hours(rng, at + minutes(rng, low, high), PLACE, 17)


def _something(rng: Random, lot: Lot, at: datetime) -> datetime:
    """What else may be done with goods in a hall."""
    what = rng.random()
    at = truck(rng, at, 6, 40)
    pooled = lot.operator == FUNGIBLE
    if what < 0.25:
        lot.tell(at, "manipulation", None, operation=rng.choice(DONE), to_area="" if pooled else rng.choice(HALLS))
    elif what < 0.35 and not pooled:
        lot.tell(at, "transfer", None, to_owner=rng.choice(OTHER_OWNERS), permit=permit(lot, at), own=True)
    elif what < 0.45 and not pooled and lot.status == "bonded":
        lot.tell(at, "manipulation", None, to_status="domestic", operation="entered for consumption", permit=permit(lot, at), own=True)
    elif what < 0.53 and lot.left >= 40_000:
        spoilt = max(1000, lot.left // 1000 * rng.randrange(1, 3) // 100 * 1000)
        lot.tell(at, "destruction", spoilt, operation="destroyed under supervision", remark="damaged by water", permit=permit(lot, at))
    elif what < 0.58 and not pooled:
        lot.tell(at, "count", lot.left, counted="cycle")
    elif what < 0.66 and lot.article.uom == "KGM" and not pooled:
        dried = -(lot.left * 2 // 1_000_000 * 1000)
        lot.tell(at, "count", lot.left + dried, counted="cycle")
        lot.tell(at + minutes(rng, 1, 2), "adjustment", dried, remark="loss by drying", permit=permit(lot, at), own=True)
    return at


def _made(rng: Random, came: Move, stripped: Move, left: Move | None, name: str, declaration: str, cargo: int) -> Iterator[Lot]:
    """Cloth and buttons in one box; shirts of all of it; the shirts leave by truck."""
    cloth = Lot(FUNGIBLE, f"{FUNGIBLE}{name}A", stock.CLOTH, declaration)
    buttons = Lot(FUNGIBLE, f"{FUNGIBLE}{name}B", stock.BUTTONS, declaration)
    arrives(rng, cloth, came, cargo * 940 * 1000 // 1030)
    arrives(rng, buttons, came, cargo * 50 * 1000 // 1060)
    at = truck(rng, stripped.at, 18, 60)
    for lot in (cloth, buttons):
        _stripped(rng, lot, stripped)
    yield cloth
    yield buttons
    yield made(rng, [cloth, buttons], at, f"{FUNGIBLE}{name}S", stock.SHIRT, {"CLOTH": 92, "BUTTONS": 99}, "cut and sewn")


def made(
    rng: Random, of: list[Lot], at: datetime, name: str, article: Article, shares: dict[str, int], how: str, percent: int = 100
) -> Lot:
    """One process that uses up whole lots: what came of them, the rest told as scrap, and taken away. `shares`: of each input the percent
    of its weight that is to come out; `percent`: of that what does come out.
    """
    process = f"P{name}"
    put_in = {lot.lot: lot.left * lot.article.net // 1000 for lot in of}
    due = sum(put_in[lot.lot] * shares[lot.article.item] // 100 for lot in of)
    for lot in of:
        lot.tell(at, "manufacture", lot.left, "input", process=process, operation=how)
    out = Lot(of[0].operator, name, article)
    out.area = HALLS[1]
    out.tell(at, "manufacture", due * percent // 100 // article.net * 1000, "output", process=process, operation=how)
    scrap = out.tell(at, "manufacture", None, "scrap", process=process, operation=how)
    scrap.article, scrap.lot, scrap.own, scrap.balance = of[0].article, of[0].lot, True, None
    scrap.quantity = scrap.net = scrap.gross = sum(put_in.values()) - due
    _kept(rng, out, at)
    return out
