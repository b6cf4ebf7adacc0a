"""Signals of the devices on boxes (electronic seals, trackers, monitors of reefers) as CSV or workbook, by mapping: one row a signal.

A file of a tracker need have no column of events: a row without one is a position. Degrees are decimal (10.776543), temperatures degrees
Celsius; both are kept as whole numbers (zones/signal.py). `source_id`, `updated_at` and `function` (original, cancel) let a platform
correct a signal or take it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.feeds import Raw, SignalRecord, Unreadable, whole
from data.feeds._columns import BOX_FIELDS, TEXT
from data.feeds._table import Items, Place, Shape, Table, box_fault, tabled
from zones.signal import KINDS, microdegrees, scaled

VERSION = 1
SPEAKS_FOR = frozenset({"devices"})
split = whole

FUNCTIONS = ("original", "cancel")
FIELDS: dict[str, tuple[str, ...]] = {
    "equipment": BOX_FIELDS["equipment"], "device": TEXT, "event": KINDS, "occurred_at": TEXT, "lat": TEXT, "lon": TEXT, "temp": TEXT,
    "set_temp": TEXT, "remark": BOX_FIELDS["remark"], "source_id": TEXT, "updated_at": TEXT, "function": TEXT,
}  # fmt: skip


def _lacks(mapped: frozenset[str]) -> str:
    if "event" not in mapped and not {"lat", "lon"} <= mapped:
        return "event"
    return next((name for name in ("equipment", "device", "occurred_at") if name not in mapped), "")


SHAPE = Shape(FIELDS, FIELDS.keys(), _lacks)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Items:
    """One SignalRecord a row: position `line N` (`row N` in a workbook)."""
    return tabled(raw, place, options, SHAPE, _rows)


def _rows(table: Table) -> Items:
    for item in table.rows():
        yield item if isinstance(item, Unreadable) else _signal(table, *item)


def _signal(table: Table, number: int, row: list[str]) -> SignalRecord | Unreadable:
    """What a row says, or why it cannot be taken."""
    values, notes = table.columns.read(row)
    position, box, text = table.position(number), values["equipment"], values.pop("occurred_at")
    if fault := box_fault(box) or ("" if values["device"] else "no_device"):
        return table.unreadable(fault, position, box)
    moment = table.times.read(text) if text else None
    if moment is None:
        return table.unreadable("bad_time", position, f"occurred_at {text!r}" if text else "occurred_at: empty", text)
    kind = values.pop("event", "position")
    fault, detail = _figures(values, kind)
    if fault:
        return table.unreadable(fault, position, detail, detail.partition(",")[0])
    updated = values.pop("updated_at", "")
    version = table.times.read(updated) if updated else None
    if updated and version is None:
        notes.append(f"updated_at {updated[:40]!r} is not a time")
    given = "live"
    if kind not in KINDS or kind == "other":
        given, notes = "unclassified", [f"event {kind[:40]!r} is not in the mapping" if kind else "no event", *notes]
        kind = "other"
    function = str(values.pop("function", "")).casefold() or FUNCTIONS[0]
    if function not in FUNCTIONS:
        given, notes = "unclassified", [f"function {function[:40]!r} is neither original nor cancel", *notes]
        function = FUNCTIONS[0]
    return SignalRecord(
        position=position, kind=kind, occurred_at=moment.at, occurred_text=str(text), precision=moment.precision,
        zone_from=moment.zone_from, updated_at=version.at if version else None, function=function, given=given, why="; ".join(notes),
        **values,
    )  # fmt: skip


def _figures(values: dict[str, Any], kind: str) -> tuple[str, str]:
    """The figures of a row as whole numbers, in place; or (why not, detail). A device without reception says 0, 0: no position."""
    lat, lon = (str(values.pop(name, "")) for name in ("lat", "lon"))
    if lat or lon:
        fix = microdegrees(lat, 90), microdegrees(lon, 180)
        if None in fix:
            return "bad_fix", f"{lat}, {lon}"
        values["lat"], values["lon"] = (None, None) if fix == (0, 0) else fix
    if kind == "position" and values.get("lat") is None:
        return "no_fix", f"{lat}, {lon}" if lat or lon else ""
    for name in ("temp", "set_temp"):
        told = str(values.pop(name, ""))
        values[name] = scaled(told, 1) if told else None
        if told and values[name] is None:
            return "bad_temperature", told
    return ("bad_temperature", "temp: empty") if kind == "temperature" and values["temp"] is None else ("", "")
