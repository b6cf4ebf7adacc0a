"""What a national installation demands of the tables from the first day: held here without a cluster."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from data.store.tables import DISTRIBUTED, metadata
from data.store.types import UtcDateTime


@pytest.mark.parametrize("name", DISTRIBUTED)
def test_what_is_spread_by_box_has_the_box_in_every_key(name: str) -> None:
    table = metadata.tables[name]
    assert "equipment" in table.primary_key.columns
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            assert "equipment" in constraint.columns
    for index in table.indexes:
        if index.unique:
            assert "equipment" in index.columns
    assert not table.foreign_keys
    assert not any(column.identity or column.autoincrement is True for column in table.columns)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_no_id_is_a_counter_of_the_database(table: sa.Table) -> None:
    for dialect in (sa.dialects.postgresql.dialect(), sa.dialects.sqlite.dialect()):
        ddl = str(CreateTable(table).compile(dialect=dialect)).upper()
        assert "SERIAL" not in ddl
        assert "AUTOINCREMENT" not in ddl
        assert "GENERATED" not in ddl


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_has_a_key_and_no_float_and_no_naive_time(table: sa.Table) -> None:
    assert len(table.primary_key.columns) >= 1
    for column in table.columns:
        assert not isinstance(column.type, sa.Float | sa.Numeric) or isinstance(column.type, sa.Integer), column.name
        assert not isinstance(column.type, sa.DateTime), f"{column.name}: times are UtcDateTime"
        if column.name.endswith(("_at", "_until")):
            assert isinstance(column.type, UtcDateTime), column.name
