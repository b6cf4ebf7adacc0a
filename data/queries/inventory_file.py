"""The lots of an inventory as a file for other programs: times in UTC, figures as decimal text to their last digit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from data.export_files import plain
from data.queries._stock import Line
from zones.entry import MONEY, QUANTITY, WEIGHT

COLUMNS = (
    "place", "at", "operator", "lot", "item", "owner", "status", "area", "hs", "description", "origin", "quantity", "uom",
    "gross_kg", "net_kg", "value", "currency", "since", "equipment", "declaration", "faults",
)  # fmt: skip


def file_of(lines: Iterable[Line], place: str, at: datetime) -> str:
    """CSV with a header row; `at`: the moment that is looked at."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in lines:
        said = (place, at, line.operator, line.lot, line.item, line.owner, line.status, line.area, line.hs, line.description, line.origin)
        more = (line.currency, line.since, " ".join(line.equipment), " ".join(line.declarations), " ".join(line.faults))
        amount = (exact(line.quantity, QUANTITY), plain(line.uom))  # a number may have its sign: it is none that runs
        weights = (exact(line.gross_mg, WEIGHT), exact(line.net_mg, WEIGHT), exact(line.value, MONEY))
        writer.writerow([*map(plain, said), *amount, *weights, *map(plain, more)])
    return out.getvalue()


def exact(n: int, places: int) -> str:
    """An integer of the smallest part as decimal text: 1204500000 millionths are 1204.5."""
    whole, rest = divmod(abs(n), 10**places)
    digits = f"{rest:0{places}}".rstrip("0")
    return f"{'-' if n < 0 else ''}{whole}{'.' + digits if digits else ''}"
