"""Back-tests as a person looks at them: who asked for what, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from data.backtest_runs import CANCELLED as CANCELLED
from data.backtest_runs import DONE as DONE
from data.backtest_runs import FAILED as FAILED
from data.backtest_runs import RUNNING as RUNNING
from data.backtest_runs import WAITING as WAITING
from data.people import Actor
from data.queries._scope import allowed
from data.store import tables as t
from data.store.engine import Store
from zones.world import World

LISTED = 10
Row = Mapping[str, Any]
_b = t.backtest.c


def one(store: Store, actor: Actor, world: World, backtest_id: str) -> Row | None:
    """A test with its result; None where there is none, or one of its places is out of reach."""
    with store.read() as conn:
        row = conn.execute(sa.select(t.backtest).where(_b.backtest_id == backtest_id)).mappings().one_or_none()
    return dict(row) if row is not None and _within(row, actor, world) else None


def of_rule(store: Store, actor: Actor, world: World, rule: str) -> list[dict[str, Any]]:
    """The latest tests of a rule within reach, newest first, without their results."""
    columns = [column for column in _b if column.name != "result"]
    asked = sa.select(*columns).where(_b.rule == rule).order_by(_b.asked_at.desc()).limit(LISTED * 5)
    with store.read() as conn:
        return [dict(row) for row in conn.execute(asked).mappings() if _within(row, actor, world)][:LISTED]


def _within(row: Any, actor: Actor, world: World) -> bool:
    return set(row["places"]) <= set(allowed(actor, world))
