"""Any terminal's CSV or workbook of movements, by mapping: one row a report (event and occurred_at) or one a visit (gate_in, gate_out).

An event has a field of its own name: a column of times, each filled cell of which is one report of that event. So a visit row that is
sent again with its exit filled in adds the exit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from data.feeds import BoxRecord, Raw, Unreadable, whole
from data.feeds._columns import BOX_FIELDS, TEXT
from data.feeds._table import Items, Place, Shape, Table, box_fault, tabled
from zones.codes import EVENTS

VERSION = 2
SPEAKS_FOR = frozenset({"gate", "quay"})
split = whole

TIMED = tuple(event for event in EVENTS if event not in ("present", "other"))  # the events that a column of times can have the name of
FIELDS = {**BOX_FIELDS, "event": EVENTS, "occurred_at": TEXT, **dict.fromkeys(TIMED, TEXT)}


def _lacks(mapped: frozenset[str]) -> str:
    if "equipment" not in mapped:
        return "equipment"
    if ("event" in mapped) != ("occurred_at" in mapped):
        return "occurred_at" if "event" in mapped else "event"
    return "" if mapped & {"event", *TIMED} else "event"


SHAPE = Shape(FIELDS, FIELDS.keys(), _lacks)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Items:
    """One BoxRecord a report: position `line N` (`row N` in a workbook), or `line N gate_in` where a column of that event said it."""
    return tabled(raw, place, options, SHAPE, _rows)


def _rows(table: Table) -> Items:
    told = [name for name in TIMED if name in table.columns.fields]
    for item in table.rows():
        if isinstance(item, Unreadable):
            yield item
        else:
            yield from _row(table, told, *item)


def _row(table: Table, told: list[str], number: int, row: list[str]) -> Iterator[BoxRecord | Unreadable]:
    """The reports of one row; at least one record or Unreadable."""
    values, notes = table.columns.read(row)
    position = table.position(number)
    fault = box_fault(values["equipment"])
    if fault:
        yield table.unreadable(fault, position, values["equipment"])
        return
    columns = [(event, values.pop(event)) for event in told]
    filled = [(event, text) for event, text in columns if text]
    if "event" in values:
        event, text = values.pop("event"), values.pop("occurred_at")
        if text or not filled:
            yield _report(table, position, event, "occurred_at", text, values, notes)
    elif not filled:
        yield table.unreadable("bad_time", position, f"{', '.join(told)}: empty")
    for event, text in filled:
        yield _report(table, f"{position} {event}", event, event, text, values, notes)


def _report(
    table: Table, position: str, event: str, column: str, text: str, values: dict[str, object], notes: list[str]
) -> BoxRecord | Unreadable:
    moment = table.times.read(text) if text else None
    if moment is None:
        return table.unreadable("bad_time", position, f"{column} {text!r}" if text else f"{column}: empty", text)
    given = "live"
    if event not in EVENTS or event == "other":
        given, notes = "unclassified", [f"event {event[:40]!r} is not in the mapping" if event else "no event", *notes]
        event = "other"
    return BoxRecord(
        position=position, event=event, occurred_at=moment.at, occurred_text=str(text), precision=moment.precision,
        zone_from=moment.zone_from, given=given, why="; ".join(notes), **values,  # type: ignore[arg-type]
    )  # fmt: skip
