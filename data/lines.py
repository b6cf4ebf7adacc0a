"""A line of a goods ledger, as a reader yields it, to its row. What follows from other lines, data/ledger.py finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from data.feeds import LedgerRecord
from data.plausible import fact_status, span
from zones.codes import document

if TYPE_CHECKING:
    from data.keep import Keeper

NOT_POSTED: dict[str, Any] = {"pool": "", "faults": "", "traces": None, "expected": None, "lag": 0}
ALIKE = (
    *("act", "side", "book", "operator", "lot", "item", "at", "quantity", "uom", "net_mg", "value", "status", "owner", "to_owner"),
    *("declaration", "permit", "process", "equipment", "area", "counted", "source_id", "function"),
)
RENAMED = ("location", "to_location", "occurred_at", "occurred_text", "position", "unit")


def line_row(keeper: Keeper, record: LedgerRecord) -> dict[str, Any]:
    """The row of a line. A place that it names and that is not declared is elsewhere: the line is kept, shown and counted nowhere."""
    place, _, why = keeper.where(record.location)
    to, lost = keeper.destination(record.to_location)
    named = record.operator or keeper.feed.publisher
    operator = place.operator(named)
    told = asdict(record)  # every field is a column of its name, but for those below
    for name in RENAMED:
        del told[name]
    given = "status_only" if why and record.given == "live" else record.given
    told.update(
        NOT_POSTED,
        feed=keeper.feed.id,
        publisher=keeper.feed.publisher,
        place=place.id,
        operator=operator.id if operator else named,
        at=record.occurred_at,
        at_text=record.occurred_text,
        received_at=keeper.received_at,
        read_at=keeper.read_at,
        known_at=keeper.read_at if keeper.salt else keeper.received_at,
        effective_at=record.occurred_at,
        changes_from=record.occurred_at,
        declaration=document(record.declaration),
        permit=document(record.permit),
        equipment=record.equipment[:20],
        area=keeper.area(place, record.area),
        to_area=keeper.area(place, record.to_area),
        to_place=to or (record.to_location if lost else ""),
        given=given,
        why="; ".join(filter(None, (record.why, why, lost))),
        standing=fact_status(given, record.occurred_at, keeper.received_at, span(place)),
        turn=0,
        outread=False,
        outread_at=None,
    )
    row = keeper.row(record, "entry_id", **told)
    alike = tuple(row[name] for name in ALIKE)
    row["turn"] = keeper.lines[alike]
    keeper.lines[alike] += 1
    return row
