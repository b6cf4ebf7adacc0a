"""A running application on a book that was told things: a box held at the port, one that went to the zone, one that was taken back."""

from __future__ import annotations

from pathlib import Path

from data import clock
from tests.alert_rows import put_alert
from tests.browser.window import Site, build
from tests.store.goods_told import Goods, line
from tests.store.told import BOX, Book, small_world
from tests.store.told import clock as at

HELD, GONE, WRONG = BOX, "ZZDU1234565", "ZZDU0000011"
NOW = at("d9 12:00")


def tell(book: Book) -> None:
    """What is told: three boxes over nine days."""
    book.told_by("terminal", "d0 08:00 discharge", bill="B1", seal="S1").told_by("customs", "d1 09:00 hold", hold_ref="H1")
    book.told_by("terminal", "d2 08:00 discharge", box=GONE).told_by("terminal", "d7 14:00 gate_out", box=GONE, seal="S7")
    book.box = GONE
    book.told_by("carrier", "d7 14:10 gate_out", seals="S8").told_by("zone", "d7 18:00 gate_in")
    book.box = HELD
    book.told_by("terminal", "d3 08:00 gate_in", box=WRONG, number="D7")
    book.cancelled("d4 08:00 gate_in", box=HELD, number="D9", received="d4 10:00")
    book.told_by("customs", "d9 11:00 inspected")
    book.judged("d9 12:00")


def tell_goods(goods: Goods) -> None:
    """A lot of the zone of which more was withdrawn than ever came in, and than customs knows of; one that came in a box, another's."""
    goods.told(line("admission", "d1 08:00", 100, declaration="D1"), line("admission", "d1 08:30", 100, book="customs", declaration="D1"))
    goods.told(line("withdrawal", "d2 09:00", 140, permit="P1")).told(line("count", "d3 09:00", 5, counted="cycle"))
    said = {"lot": "L7", "owner": "Sen Shoes", "description": "Shoes", "hs": "640399", "declaration": "D-7", "currency": "USD"}
    goods.told(line("admission", "d7 20:00", 100, equipment=GONE, gross_mg=12 * 10**9, value=9_000 * 10**4, **said))
    goods.told(line("admission", "d8 08:00", 5, gross_mg=10**9, **said | {"lot": "L8", "owner": "Bao Bags", "hs": "420292"}))
    goods.told(line("withdrawal", "d8 09:00", 60, lot="L7", permit="P-7", owner="Sen Shoes"))


def made(home: Path) -> Site:
    """The site, its clock standing at d9 12:00: who looks at it says so with `clock.use_demo(site.settings.home)`."""
    site = build(home, small_world())
    tell(Book(site.store, site.settings, home / "files", small_world()))
    tell_goods(Goods(site.store, small_world()))
    put_alert(site.store, "a" * 32, NOW, place="port", severity="act_now", equipment=GONE)
    clock.start_demo(home, NOW)
    return site
