"""Writes the first migration again from the tables: `python -m tests.first_migration`. Only as long as no version is released.

After that a change of a table is a migration of its own, and test_engine holds that migrations and tables say the same.
"""

from __future__ import annotations

import subprocess
import sys
from textwrap import fill
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateIndexOp, CreateTableOp, DropTableOp, MigrateOperation, UpgradeOps
from sqlalchemy.dialects import postgresql, sqlite

from data.store.migrations import HERE
from data.store.tables import MOVEMENT, metadata
from data.store.types import Told, UtcDateTime

TARGET = HERE / "versions" / "0001_first.py"


def main() -> None:
    """Write it, keeping what stands between the head of the file and `upgrade` (the triggers)."""
    before = TARGET.read_text(encoding="utf-8")
    head = before[: before.index("\n\ndef upgrade()")]
    tables: list[MigrateOperation] = []
    for table in metadata.tables.values():
        tables.append(CreateTableOp.from_table(table))
        tables += [CreateIndexOp.from_index(index) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    drops: list[MigrateOperation] = [DropTableOp(table.name) for table in reversed(metadata.tables.values())]
    text = "\n\n".join(
        [
            head,
            f"def upgrade() -> None:\n    {_python(tables)}\n    op.execute({_view()})\n"
            "    for statement in POSTGRESQL if _on_postgresql() else SQLITE:\n        op.execute(statement)",
            f"def downgrade() -> None:\n    op.execute('DROP VIEW movement')\n    {_python(drops)}\n"
            "    if _on_postgresql():\n        op.execute('DROP FUNCTION audit_refuse()')",
            "def _on_postgresql() -> bool:\n    return op.get_context().dialect.name == 'postgresql'\n",
        ]
    )
    TARGET.write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(TARGET)], check=True)


def _python(operations: list[MigrateOperation]) -> str:
    context = MigrationContext.configure(dialect_name="sqlite")
    code = render_python_code(UpgradeOps(operations), migration_context=context, render_item=_item)
    return "\n".join(line for line in code.splitlines() if "### " not in line).strip()


def _view() -> str:
    """The view in the words of either database."""
    texts = (fill(str(MOVEMENT.compile(dialect=dialect.dialect())), 110) for dialect in (postgresql, sqlite))
    return " if _on_postgresql() else ".join(f'"""{text}"""' for text in texts)


def _item(kind: str, item: Any, context: Any) -> str | Literal[False]:
    """Our own types by their names."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, Told):
        return "sa.Text()"
    if kind == "type" and isinstance(item, sa.JSON):
        return "Json"
    return False


if __name__ == "__main__":
    main()
