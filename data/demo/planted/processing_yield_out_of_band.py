"""What comes out of a process is not what was to come out of what went in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.goods import stock
from data.demo.goods.lot import FUNGIBLE, Lot
from data.demo.goods.stories import made
from data.demo.planted._goods import offends, stored, turn

if TYPE_CHECKING:
    from data.demo.goods.ledger import Ledger

RULE = "processing_yield_out_of_band"
KINDS = ((84, "a sixth of the shirts is missing"), (109, "more shirts than the cloth gives"), (88, "cable is missing after cutting"))


def goods(ledger: Ledger, day: int) -> list[Lot]:
    """One in four days: shirts by the declared bill of material, or cable cut without one."""
    n = turn(day, 2)
    if n is None or day < 0:
        return []
    percent, note = KINDS[n % 3]
    if n % 3 == 2:
        rng, cable = stored(ledger, RULE, day, "Y", stock.STORED[3])
        of, article, shares, how = [cable], stock.CORD, {cable.article.item: 100}, "cut to length"
    else:
        rng, cloth = stored(ledger, RULE, day, "Y", stock.CLOTH, operator=FUNGIBLE, prefix=FUNGIBLE)
        buttons = Lot(FUNGIBLE, f"{cloth.lot}B", stock.BUTTONS, cloth.declaration, area=cloth.area)
        buttons.tell(cloth.lines[0].at, "admission", 9_000, permit=cloth.lines[0].permit)
        of, article, shares, how = [cloth, buttons], stock.SHIRT, {"CLOTH": 92, "BUTTONS": 99}, "cut and sewn"
    at = of[0].lines[0].at + timedelta(days=1, minutes=rng.randrange(10, 60))
    out = made(rng, of, at, f"{of[0].lot}M", article, shares, how, percent)
    lines = (*(line for lot in of for line in lot.lines if line.act == "manufacture"), *out.lines[:2])
    return [*of, *offends(out, RULE, note, *lines)]
