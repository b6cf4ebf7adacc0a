"""Exports of goods: lines with what they count as, what is inside, the statement: exact, as known now and then, in every format."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

from data.export import export
from data.export_columns import COLUMNS, COLUMNS_OF_GOODS
from data.people import Actor
from data.queries.statement import file_of, told
from data.store.engine import Store
from tests.store.goods_told import Goods, line
from tests.store.told import clock

NOW = clock("d40 00:00")


@pytest.fixture
def goods(store: Store) -> Goods:
    """A lot of which some is taken, some given to another, and more taken than is there; one line told late, one taken back."""
    found = Goods(store)
    more = {"hs": "870323", "hs_edition": "2022", "net_mg": 90_123_456, "value": 12_345_678, "currency": "USD", "equipment": "ZZDU4839211"}
    found.told(line("admission", "d1 08:00", 100.5, status="bonded", declaration="D1", **more))
    found.told(line("withdrawal", "d2 08:00", 30, permit="P"), received="d6 08:00")
    found.told(line("transfer", "d3 08:00", 20, to_owner="=B"))
    found.told(line("withdrawal", "d4 08:00", 60, source_id="w"))
    return found


def written(goods: Goods, to: Path, what: str, fmt: str = "csv", **asked: Any) -> Path:
    given = {"place": None, "since": None, "until": None, "as_of": None, "known_at": None, "of": "boxes", "now": NOW} | asked
    export(goods.store, goods.world, what, to / f"{what}.{fmt}", fmt, **given)
    return to / f"{what}.{fmt}"


def rows(goods: Goods, to: Path, what: str, **asked: Any) -> list[dict[str, str]]:
    with written(goods, to, what, **asked).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def only(row: dict[str, Any], names: str) -> list[Any]:
    return [row[name] for name in names.split()]


def test_lines_with_what_they_count_as(goods: Goods, tmp_path: Path) -> None:
    found = rows(goods, tmp_path, "entries")
    assert list(found[0]) == COLUMNS["entries"]
    assert [only(row, "act occurred_at quantity net_kg value counts_as faults") for row in found] == [
        ["admission", "2026-11-03T01:00:00Z", "100.5", "90.123456", "1234.5678", "live", ""],
        ["withdrawal", "2026-11-04T01:00:00Z", "30", "", "", "live", ""],
        ["transfer", "2026-11-05T01:00:00Z", "20", "", "", "live", ""],
        ["withdrawal", "2026-11-06T01:00:00Z", "60", "", "", "live", "exceeds_balance not_traced"],
    ]
    admitted = found[0]["entry_id"]
    assert json.loads(found[3]["traces"]) == [
        {"source": admitted, "quantity": "50.5", "uom": "KGM"}, {"source": "", "quantity": "9.5", "uom": "KGM"},
    ]  # fmt: skip
    assert found[2]["to_owner"] == "'=B", "no cell runs"


def test_lines_as_they_counted_then(goods: Goods, tmp_path: Path) -> None:
    known = clock("d5 00:00")
    then = rows(goods, tmp_path, "entries", known_at=known)
    assert [only(row, "act faults") for row in then] == [["admission", ""], ["transfer", ""], ["withdrawal", ""]]
    goods.told(line("withdrawal", "d4 08:00", 60, source_id="w", updated_at=clock("d8 00:00"), function="cancel"), received="d8 00:00")
    assert [row["counts_as"] for row in rows(goods, tmp_path, "entries")] == ["live", "live", "live", "retracted", "retracted"]
    assert rows(goods, tmp_path, "entries", known_at=known) == then
    assert len(rows(goods, tmp_path, "entries", since=clock("d2 00:00"), until=clock("d3 00:00"))) == 1


def test_what_is_inside(goods: Goods, tmp_path: Path) -> None:
    found = rows(goods, tmp_path, "inventory", of="goods", place="zone")
    assert list(found[0]) == COLUMNS_OF_GOODS
    assert [only(row, "owner lot hs quantity uom currency as_of known_at") for row in found] == [
        ["'=B", "L1", "870323", "20", "KGM", "USD", "2026-12-11T17:00:00Z", ""],
        ["A", "L1", "", "-9.5", "KGM", "", "2026-12-11T17:00:00Z", ""],
    ]
    (then,) = rows(goods, tmp_path, "inventory", of="goods", as_of=clock("d2 00:00"))
    assert only(then, "quantity net_kg gross_kg value age_minutes equipment") == [
        "100.5",
        "90.123456",
        "0",
        "1234.5678",
        "960",
        "ZZDU4839211",
    ]
    known = rows(goods, tmp_path, "inventory", of="goods", as_of=clock("d5 00:00"), known_at=clock("d5 00:00"))
    assert [row["quantity"] for row in known] == ["20", "20.5"]


def test_the_statement_of_the_last_whole_month(goods: Goods, tmp_path: Path) -> None:
    names = "owner opening receipts removals adjustments closing admitted withdrawn owner_in owner_out"
    period = "2026-10-31T17:00:00Z", "2026-11-30T17:00:00Z"
    found = rows(goods, tmp_path, "statement", place="zone")
    assert list(found[0]) == COLUMNS["statement"]
    assert {(row["since"], row["until"]) for row in found} == {period}
    assert [only(row, f"{names} hs") for row in found] == [
        ["'=B", "0", "0", "0", "20", "20", "0", "0", "20", "0", "870323"],
        ["A", "0", "0", "9.5", "0", "-9.5", "0", "9.5", "0", "0", ""],
        ["A", "0", "100.5", "80.5", "-20", "0", "100.5", "80.5", "0", "20", "870323"],
    ]
    then = rows(goods, tmp_path, "statement", since=clock("d2 00:00"), until=clock("d5 00:00"), known_at=clock("d5 00:00"))
    assert [only(row, "owner opening removals closing known_at") for row in then] == [
        ["'=B", "0", "0", "20", "2026-11-06T17:00:00Z"], ["A", "100.5", "60", "20.5", "2026-11-06T17:00:00Z"],
    ]  # fmt: skip


def test_figures_are_decimals_in_every_format(goods: Goods, tmp_path: Path) -> None:
    table = parquet.read_table(written(goods, tmp_path, "statement", "parquet", place="zone"))
    assert str(table.schema.field("opening").type) == str(table.schema.field("admitted_net_kg").type) == "decimal128(38, 6)"
    assert table.column("receipts_net_kg").to_pylist()[2] == Decimal("90.123456")
    book = load_workbook(written(goods, tmp_path, "entries", "xlsx"))
    head, *cells = book["zonewatch"].iter_rows(values_only=True)
    assert cells[0][head.index("net_kg")] == 90.123456


def test_the_page_saves_what_the_export_writes(goods: Goods, tmp_path: Path) -> None:
    since, until = clock("d0 00:00"), clock("d9 00:00")
    found = told(goods.store, Actor("reader", "Reader", "viewer"), goods.world, NOW, "zone", since, until)
    assert file_of(found, "csv").decode() == written(goods, tmp_path, "statement", since=since, until=until).read_bytes().decode()
    mine = told(goods.store, Actor("reader", "Reader", "viewer"), goods.world, NOW, "zone", since, until, owner="A")
    assert (len(found.rows), len(mine.rows), found.owners) == (3, 2, ("=B", "A"))
