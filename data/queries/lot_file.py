"""Every line of both books of a lot as a file for other programs: times in UTC, figures as decimal text to their last digit."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

from data.export_files import plain
from data.queries.inventory_file import exact
from data.queries.lot import Chain
from zones.entry import MONEY, QUANTITY, WEIGHT

TOLD = (
    "lot", "item", "owner", "to_owner", "status", "to_status", "area", "to_area", "to_place", "hs", "declaration", "permit", "process",
    "equipment", "operation", "remark", "currency",
)  # fmt: skip
COLUMNS = (
    "n", "place", "operator", "pool", "at", "book", "act", "side", "counted", "quantity", "uom", "balance_after", "gross_kg", "net_kg",
    "value", *TOLD, "counts_as", "faults", "taken_of", "message_id", "position",
)  # fmt: skip


def file_of(found: Chain) -> str:
    """CSV with a header row, the first line in time first, whatever the moment that is looked at. `balance_after`, `taken_of`: by unit, and
    by the number of the line that let it in ("?": none did), one after another."""
    numbers = {line.entry.entry_id: str(n) for n, line in enumerate(found.lines, 1)}
    after: dict[str, list[str]] = defaultdict(list)
    for step in (*found.course, *found.own_course):
        after[step.entry_id].append(f"{step.uom} {exact(step.quantity, QUANTITY)}".strip())
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for n, line in enumerate(found.lines, 1):
        entry, traces = line.entry, line.posted.traces if line.posted else ()
        taken = (f"{numbers.get(one.source, '?')}: {exact(one.quantity, QUANTITY)} {one.uom}".strip() for one in traces)
        said = (n, found.place, found.operator, found.pool, entry.at, entry.book, entry.act, entry.side, entry.counted)
        quantity, left = "" if entry.quantity is None else exact(entry.quantity, QUANTITY), "; ".join(after.get(entry.entry_id, ()))
        figures = ((entry.gross_mg, WEIGHT), (entry.net_mg, WEIGHT), (entry.value, MONEY))
        more = (line.counts, " ".join(line.faults), "; ".join(taken), entry.message_id, line.position)
        exactly = ("" if figure is None else exact(figure, places) for figure, places in figures)
        told = (getattr(entry, name) for name in TOLD)
        writer.writerow([*map(plain, said), quantity, plain(entry.uom), left, *exactly, *map(plain, told), *map(plain, more)])
    return out.getvalue()
