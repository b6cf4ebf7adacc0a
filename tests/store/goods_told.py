"""A zone's ledgers to tell lines to: through the keeper and the deriving of real messages, in transactions as they come.

goods.told(line("admission", "d1 08:00", 100), line("withdrawal", "d2 09:00", 40))
goods.stock() == {("L1", "A", ""): 60}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from data.derive import derive
from data.feeds import LedgerRecord
from data.keep import Keeper, News
from data.ledger_check import checked
from data.store import tables as t
from data.store.engine import Store
from tests.store.told import ZONE_TEXT, clock, small_world
from zones.movement import content_id
from zones.world import World

OPERATORS = """operators:
  - {id: O1, name: {en: Store One}}
  - {id: F1, name: {en: Store Two}, methods: [{method: fifo, from: 2026-01-01}]}
"""
UNIT = 1_000_000


def goods_world() -> World:
    """The two places, with the operators of the zone."""
    return small_world(zone=ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS))


def line(act: str, at: str, quantity: float | None = None, **said: Any) -> LedgerRecord:
    """A line of lot L1, in kilograms, of owner A in the book of O1."""
    told = {"lot": "L1", "uom": "KGM", "owner": "A", "operator": "O1", **said}
    amount = None if quantity is None else round(quantity * UNIT)
    return LedgerRecord(position="", act=act, occurred_at=clock(at), quantity=amount, **told)


@dataclass
class Goods:
    """The ledgers of the zone in a database."""

    store: Store
    world: World = field(default_factory=goods_world)
    messages: int = 0

    def told(self, *lines: LedgerRecord, received: str | datetime | None = None) -> Goods:
        """One message of these lines, received five minutes after the last of them unless told otherwise."""
        self.messages += 1
        latest = max(record.occurred_at for record in lines)
        when = clock(received) if isinstance(received, str) else received or latest + timedelta(minutes=5)
        news = News()
        self.keep(news, f"m{self.messages}", lines, when)
        with self.store.write() as conn:
            derive(conn, self.world, news)
        return self

    def keep(self, news: News, name: str, lines: Iterable[LedgerRecord], when: datetime) -> None:
        """The lines as rows."""
        feed = self.world.feed("zone-gate")
        keeper = Keeper(self.world, feed, content_id(name), "r", when, when)
        for n, record in enumerate(lines):
            keeper.put(
                LedgerRecord(**{**{name: getattr(record, name) for name in record.__struct_fields__}, "position": f"line {n}"}), news
            )

    def stock(self, *by: str) -> dict[tuple[Any, ...], float]:
        """What all postings of the operators' books add up to, by columns of what is posted to."""
        h, p = t.holding.c, t.posting.c
        columns = [h[name] for name in by or ("lot", "owner", "status")]
        asked = sa.select(*columns, sa.func.sum(p.quantity)).select_from(t.posting.join(t.holding, h.holding_id == p.holding_id))
        with self.store.read() as conn:
            found = conn.execute(asked.where(p.book == "operator").group_by(*columns)).all()
        return {tuple(row[:-1]): int(row[-1]) / UNIT for row in found if row[-1]}

    def lines(self, *names: str) -> list[tuple[Any, ...]]:
        """These columns of all lines, in the order of time."""
        e = t.entry.c
        with self.store.read() as conn:
            return [tuple(row) for row in conn.execute(sa.select(*(e[name] for name in names)).order_by(e.at, e.received_at, e.position))]

    def differences(self) -> list[tuple[str, str]]:
        """What does not add up."""
        with self.store.read() as conn:
            return list(checked(conn, self.world))

    def tables(self) -> dict[str, list[Any]]:
        """All that is derived, without what depends on the clock or on how messages were grouped."""
        found: dict[str, list[Any]] = {}
        with self.store.read() as conn:
            for name in ("entry", "pool", "holding", "posting", "opening"):
                table = t.metadata.tables[name]
                columns = [column for column in table.columns if column.name not in ("read_at", "reading_id")]
                rows = conn.execute(sa.select(*columns).order_by(*table.primary_key.columns))
                found[name] = [tuple(row) for row in rows]
        return found
