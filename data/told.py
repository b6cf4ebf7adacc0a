"""Kept rows as the values of the pure floor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from operator import itemgetter
from typing import Any

from msgspec.structs import replace

from data.keep import Kept
from zones.customs import Fact
from zones.entry import Entry
from zones.report import DocumentAct, Report
from zones.signal import Signal

_REPORT: Any = itemgetter(*(name for name in Report.__struct_fields__ if name != "horizon"))


def report_of(row: Kept, horizon: timedelta | None) -> Report:
    """The report that a row keeps. One whose message was read again differently counts as superseded."""
    report = Report(*(*_REPORT(row), row["received_at"] - horizon if horizon is not None else None))
    return replace(report, given="superseded") if row["outread"] else report


def act_of(row: Kept) -> DocumentAct:
    """The act of a document that a row keeps."""
    return DocumentAct(
        act=row["act"],
        target=row["target"],
        document=row["document"],
        message_id=row["message_id"],
        unit=row["unit"],
        at=row["at"],
        received_at=row["received_at"],
        boxes=tuple(row["boxes"]),
    )


_FACT: Any = itemgetter(*Fact.__struct_fields__)


def fact_of(row: Kept) -> Fact:
    """The customs fact that a row keeps."""
    return Fact(*_FACT(row))


_ENTRY: Any = itemgetter(*Entry.__struct_fields__)


def entry_of(row: Kept) -> Entry:
    """The line of a ledger that a row keeps."""
    return Entry(*_ENTRY(row))


_SIGNAL_COLUMNS = {name: {"at": "occurred_at"}.get(name, name) for name in Signal.__struct_fields__ if name != "tellings"}
_SIGNAL: Any = itemgetter(*_SIGNAL_COLUMNS.values())


def signal_of(row: Kept) -> Signal:
    """The signal that a row keeps."""
    return Signal(*_SIGNAL(row))


def live_facts(rows: Iterable[Kept]) -> list[Fact]:
    """The facts that count."""
    return [fact_of(row) for row in rows if row["status"] == "live" and not row["outread"]]
