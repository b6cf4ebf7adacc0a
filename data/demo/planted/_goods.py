"""A lot as the offences about goods begin: in by truck, stored in a hall, lawful so far."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from data.demo.calls import DAY
from data.demo.goods import stock
from data.demo.goods.lot import Article, Line, Lot, Offence
from data.demo.goods.stories import HALLS, permit

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger

EVERY = 4  # days


def turn(day: int, of: int) -> int | None:
    """Which offence of its rule begins on a day, one in four days; None on the others. `of`: the day in four."""
    return day // EVERY if day % EVERY == of else None


def stored(ledger: Ledger, rule: str, day: int, mark: str, article: Article | None = None, **said: Any) -> tuple[Random, Lot]:
    """(chance, the lot): some 400 units of something, in on the morning of the day. `mark` is of the rule: no two name a lot alike."""
    rng = Random(f"{ledger.plan.seed}/{rule}/{day}")
    what = article or rng.choice(stock.STORED)
    at = morning(ledger, day, rng)
    lot = Lot(said.pop("operator", "DZL"), f"{said.pop('prefix', 'DZL')}{at:%y%m%d}-{mark}", what, f"12{at:%y%m%d}{ord(mark):04}", **said)
    lot.area = rng.choice(HALLS)
    lot.tell(at, "admission", rng.randrange(200, 800) * 1000, permit=permit(lot, at))
    return rng, lot


def morning(ledger: Ledger, day: int, rng: Random) -> datetime:
    """Some time from half past seven to three on a day of the zone."""
    return ledger.plan.origin + day * DAY + timedelta(minutes=rng.randrange(450, 900))


def leaves(lot: Lot, at: datetime, quantity: int | None = None, **said: Any) -> Line:
    """Out by truck: all that is left, or so much of it."""
    return lot.tell(at, "withdrawal", quantity or lot.left, **{"permit": permit(lot, at), **said})


def offends(lot: Lot, rule: str, note: str, *lines: Line, **said: Any) -> list[Lot]:
    """The lot with its offence, proved by these lines."""
    lot.offences.append(Offence(rule=rule, note=note, lines=lines, subject=lot.subject, **said))
    return [lot]
