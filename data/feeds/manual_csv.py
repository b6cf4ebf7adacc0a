"""What people recorded from paper while systems were down: reports and holds with where they were read, who typed them and who read them
a second time. The columns are fixed; data/actions/by_hand.py writes such files, and people fill in the template.

A line of a report tells of one box; a line of a hold, selection, inspection or release of the box, or else of the bill that it names. A
line whose `takes_back` names the `entry` of an earlier one takes that back, whatever else it says. Lines that begin with # explain.
"""

from __future__ import annotations

from collections.abc import Mapping

from data.feeds import BoxRecord, FactRecord, Leftover, Raw, RetractionRecord, Unreadable, whole
from data.feeds._columns import BOX_FIELDS, TEXT
from data.feeds._table import Items, Place, Shape, Table, box_fault, tabled
from zones.by_hand import EVENTS, FACTS, Paper
from zones.codes import FULL_EMPTY

VERSION = 1
SPEAKS_FOR: frozenset[str] = frozenset()  # it stands in for the sources until they speak
split = whole

TYPED = (
    "event", "equipment", "occurred_at", "gate", "vehicle", "seals", "full_empty", "size_type", "agency", "hold_ref", "reason", "bill",
    "paper_ref", "remark",
)  # fmt: skip
"""The columns that people fill in."""
COLUMNS = ("entry", *TYPED, "recorded_by", "second_reader", "takes_back")
NOTE = "#"
OPTIONS: Mapping[str, object] = {"delimiter": ","}  # the file is ours, whatever else a cell holds

_FIELDS = {name: BOX_FIELDS.get(name, TEXT) for name in COLUMNS} | {"event": (*EVENTS, *FACTS), "full_empty": FULL_EMPTY}
_NEEDED = ("event", "equipment", "occurred_at", "paper_ref", "recorded_by", "second_reader")
_BOX = ("equipment", "gate", "vehicle", "seals", "full_empty", "size_type", "bill")


def _lacks(mapped: frozenset[str]) -> str:
    return next((name for name in _NEEDED if name not in mapped), "")


_SHAPE = Shape(_FIELDS, _FIELDS.keys(), _lacks)
REASONS: dict[str, str] = {
    "no_paper_ref": "The line does not say from which paper it was taken.",
    "no_recorder": "The line does not say who recorded it.",
    "no_second_reader": "Nobody else than who recorded it has read it against the paper.",
    "no_agency": "The line does not say which agency holds or releases.",
    "not_by_hand": "This is nothing that is recorded by hand: {detail}.",
}


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Items:
    """One BoxRecord, FactRecord or RetractionRecord a line; its position is `line N`."""
    own = {name: value for name, value in options.items() if name.startswith("_")}
    return tabled(raw, place, {**OPTIONS, **own}, _SHAPE, _rows)


def _rows(table: Table) -> Items:
    notes = 0
    for item in table.rows():
        if isinstance(item, Unreadable):
            yield item
        elif any(cell.startswith(NOTE) for cell in item[1][:2]):
            notes += 1
        else:
            yield _record(table, *item)
    if notes:
        yield Leftover(name="(lines that explain)", count=notes)


def _record(table: Table, number: int, row: list[str]) -> BoxRecord | FactRecord | RetractionRecord | Unreadable:
    """What a line says, or why it cannot be taken."""
    values, notes = table.columns.read(row)
    position, event, text = table.position(number), values["event"], values["occurred_at"]
    said = {name: values.get(name, "") for name in COLUMNS}
    moment = table.times.read(text) if text else None
    if fault := _fault(said):
        return table.unreadable(fault, position, said["event"][:40])
    if said["takes_back"]:
        return RetractionRecord(position=position, source_id=said["takes_back"], at=None)
    if fault := _about_fault(said):
        return table.unreadable(fault, position, said["equipment"])
    if moment is None:
        return table.unreadable("bad_time", position, f"occurred_at {text!r}" if text else "occurred_at: empty", text)
    when = {"precision": moment.precision, "zone_from": moment.zone_from}
    own = {"position": position, "remark": _paper(said).written(), "source_id": said["entry"], "why": "; ".join(notes), **when}
    if event in EVENTS:
        told = {name: values[name] for name in _BOX if name in values}
        return BoxRecord(event=event, occurred_at=moment.at, occurred_text=str(text), **own, **told)
    about = "equipment" if said["equipment"] else "bill"
    return FactRecord(
        kind=event, about=about, reference=said[about], equipment=said["equipment"], bill=said["bill"], agency=said["agency"],
        hold_ref=said["hold_ref"], reason=said["reason"], effective_at=moment.at, effective_text=str(text), **own,
    )  # fmt: skip


def _fault(said: Mapping[str, str]) -> str:
    """What no line can be without."""
    if not said["paper_ref"]:
        return "no_paper_ref"
    if not said["recorded_by"]:
        return "no_recorder"
    if said["second_reader"].casefold() in ("", said["recorded_by"].casefold()):
        return "no_second_reader"
    return ""


def _about_fault(said: Mapping[str, str]) -> str:
    """What it is about must be plain, and whose hold it is."""
    event = said["event"]
    if event not in EVENTS and event not in FACTS:
        return "not_by_hand"
    if event in FACTS and not said["equipment"] and not said["bill"]:
        return "no_reference"
    if event in FACTS and not said["agency"]:
        return "no_agency"
    return box_fault(said["equipment"]) if said["equipment"] or event in EVENTS else ""


def _paper(said: Mapping[str, str]) -> Paper:
    return Paper(said["paper_ref"], said["recorded_by"], said["second_reader"], said["remark"])
