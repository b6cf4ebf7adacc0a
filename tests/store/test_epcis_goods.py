"""EPCIS events in a database: an error declaration takes an event back, whichever of the two comes first and however late."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from data.store import tables as t
from data.store.engine import Store
from tests.pure.epcis_samples import KILOS, event, lines
from tests.store.goods_told import Goods
from tests.store.told import clock


@pytest.fixture
def goods(store: Store) -> Goods:
    """Empty ledgers."""
    with store.write() as conn:
        for name in ("entry", "pool", "holding", "posting", "opening", "opened", "touched"):
            conn.execute(t.metadata.tables[name].delete())
    return Goods(store)


def at(text: str) -> dict[str, Any]:
    """When an event happened."""
    return {"eventTime": clock(text).isoformat(), "eventTimeZoneOffset": "+00:00", "bizLocation": None}


@pytest.mark.parametrize("own", [{}, {"eventID": "urn:uuid:9"}])
def test_in_whatever_order_they_come(goods: Goods, own: dict[str, str]) -> None:
    came = event("receiving", quantityList=[{**KILOS, "quantity": 100}], **at("d1 08:00"))
    left = event("shipping", quantityList=[{**KILOS, "quantity": 40}], recordTime=clock("d9 08:00").isoformat(), **own, **at("d2 08:00"))
    wrong = {**left, "errorDeclaration": {"declarationTime": clock("d3 08:00").isoformat(), "reason": "did_not_occur"}}
    begin: datetime = clock("d4 08:00")
    for number, order in enumerate(permutations((came, left, wrong))):
        with goods.store.write() as conn:
            for name in ("entry", "pool", "holding", "posting", "opening", "opened", "touched"):
                conn.execute(t.metadata.tables[name].delete())
        for n, each in enumerate(order):
            goods.told(*lines(each), received=begin + timedelta(days=number, hours=n))
        assert goods.stock("lot") == {("L-1",): 100}, [told["bizStep"] + "!" * ("errorDeclaration" in told) for told in order]
        assert goods.differences() == []


def test_without_the_declaration_it_counts(goods: Goods) -> None:
    goods.told(*lines(event("receiving", quantityList=[{**KILOS, "quantity": 100}], **at("d1 08:00"))))
    goods.told(*lines(event("shipping", quantityList=[{**KILOS, "quantity": 40}], **at("d2 08:00"))))
    assert goods.stock("lot") == {("L-1",): 60}
