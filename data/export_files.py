"""Rows of named values as files: CSV, Parquet, a workbook. What is done against formulas in cells is done here, for all of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.keep import Row

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def plain(value: Any) -> Any:
    """A cell: times in ISO 8601 UTC, truth values as true and false, and no text that a spreadsheet would run as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return "'" + value if value.startswith(FORMULA) else value
    return value


def write_csv(to: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """UTF-8 with a header row; gives the number of rows."""
    count = 0
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([plain(row.get(name)) for name in columns])
            count += 1
    return count


def write_xlsx(to: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """One sheet; every text is a text. A control character, which no workbook may hold, is written as its code."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("zonewatch")
    sheet.append(list(columns))
    count = 0
    for row in rows:
        cells = []
        for name in columns:
            value = plain(row.get(name))
            if isinstance(value, str):
                value = ILLEGAL_CHARACTERS_RE.sub(lambda found: f"\\x{ord(found[0]):02x}", value)
            cell = WriteOnlyCell(sheet, value=value if value != "" else None)
            if isinstance(value, str) and value:
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
        count += 1
    book.save(to)
    return count


def write_parquet(to: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """One column a field; times as UTC timestamps where the whole column is times."""
    import pyarrow
    from pyarrow import parquet

    told: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name in columns:
            value = row.get(name)
            told[name].append(json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value)
    parquet.write_table(pyarrow.table({name: _column(pyarrow, values) for name, values in told.items()}), to)
    return len(next(iter(told.values()), []))


def _column(pyarrow: Any, values: list[Any]) -> Any:
    if any(isinstance(value, float) for value in values):
        values = [float(value) if isinstance(value, int) else value for value in values]
    if any(isinstance(value, Decimal) for value in values):  # one type for every file, whatever its figures
        return pyarrow.array(values, pyarrow.decimal128(38, 6))
    if all(value is None for value in values):
        return pyarrow.array(values, pyarrow.string())
    return pyarrow.array(values)


WRITERS: dict[str, Callable[[Path, Sequence[str], Iterable[Row]], int]] = {"csv": write_csv, "parquet": write_parquet, "xlsx": write_xlsx}
