"""Customs facts as CSV or workbook, by mapping: holds, selections, inspections, releases, permits; about a box, a bill or a declaration.

One row a fact (event and effective_at), or one row with a column of times for each kind of fact (hold, release, ...). About is whichever
number is given: the box, else the bill, else the declaration; the other numbers stay on the fact, so that they link. `to` is the
place for which a permit lets it leave; `risk` how risky customs takes the box to be, `goods_value` and
`currency` what the goods are declared to be worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from data.feeds import FactRecord, Raw, Unreadable, whole
from data.feeds._columns import BOX_FIELDS, TEXT
from data.feeds._table import Items, Place, Shape, Table, box_fault, tabled
from zones.customs import RISKS

VERSION = 2
SPEAKS_FOR = frozenset({"customs"})
split = whole

KINDS = ("hold", "release", "selected", "inspected", "permit")
NUMBERS = ("equipment", "bill", "declaration")
_OWN = ("agency", "kind", "hold_ref", "effective_at", "issued_at", "result", "to")
FIELDS = {**BOX_FIELDS, "event": KINDS, **dict.fromkeys(_OWN + KINDS, TEXT), "risk": RISKS, "goods_value": TEXT, "currency": TEXT}


def _lacks(mapped: frozenset[str]) -> str:
    if not mapped & set(NUMBERS):
        return "equipment, bill or declaration"
    if "event" not in mapped:
        return "" if mapped & set(KINDS) else "event"
    return "" if mapped & {"effective_at", "issued_at"} else "effective_at"


SHAPE = Shape(FIELDS, {*NUMBERS, *_OWN, *KINDS, "event", "remark", "risk", "goods_value", "currency"}, _lacks)


def read(raw: Raw, place: Place, options: Mapping[str, object]) -> Items:
    """One FactRecord a fact: position `line N` (`row N` in a workbook), or `line N release` where a column of that kind said it."""
    return tabled(raw, place, options, SHAPE, _rows)


def _rows(table: Table) -> Items:
    told = [kind for kind in KINDS if kind in table.columns.fields]
    for item in table.rows():
        if isinstance(item, Unreadable):
            yield item
        else:
            yield from _row(table, told, *item)


def _row(table: Table, told: list[str], number: int, row: list[str]) -> Iterator[FactRecord | Unreadable]:
    """The facts of one row; at least one record or Unreadable."""
    values, notes = table.columns.read(row)
    position, box = table.position(number), values.get("equipment", "")
    about = next((name for name in NUMBERS if values.get(name)), "")
    fault = "" if about else "no_reference"
    fault = box_fault(box) if about == "equipment" else fault
    if fault:
        yield table.unreadable(fault, position, box)
        return
    values["about"], values["reference"] = about, values[about]
    values["reason"] = values.pop("kind", "")
    values["risk"] = risk if (risk := values.get("risk")) in RISKS else ""
    notes += _worth(values)
    effective, issued = values.pop("effective_at", ""), values.pop("issued_at", "")
    filled = [(kind, text) for kind in told if (text := values.pop(kind))]
    if "event" in values:
        event = values.pop("event")
        if effective or issued or not filled:
            yield _fact(table, position, event, effective, issued, values, notes)
    elif not filled:
        yield table.unreadable("bad_time", position, f"{', '.join(told)}: empty")
    for kind, text in filled:
        yield _fact(table, f"{position} {kind}", kind, text, issued, values, notes)


def _worth(values: dict[str, Any]) -> Iterator[str]:
    """A value stands with its currency, three letters (ISO 4217), or not at all: nobody can add up what is in nobody knows what."""
    values["currency"] = currency = str(values.get("currency", "")).upper()
    if values.get("goods_value") is None:
        values["currency"] = ""
    elif not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        values["goods_value"], values["currency"] = None, ""
        yield f"currency {currency[:40]!r} is not three letters: goods_value left out"


def _fact(
    table: Table, position: str, kind: str, effective: str, issued: str, values: dict[str, Any], notes: list[str]
) -> FactRecord | Unreadable:
    """A fact holds from its effective time; where none is given, from the time of issue. A time given but not readable is no time."""
    text, notes = effective or issued, list(notes)
    moment = table.times.read(text) if text else None
    if moment is None:
        return table.unreadable("bad_time", position, f"{text!r}" if text else "effective_at and issued_at: empty", text)
    issued_at = table.times.read(issued) if issued else None
    if not effective:
        notes.append("effective_at is empty: issued_at taken")
    if issued and issued_at is None:
        notes.append(f"issued_at {issued[:40]!r} is not a time")
    given = "live"
    if kind not in KINDS:
        given, notes = "unclassified", [f"event {kind[:40]!r} is not in the mapping" if kind else "no event", *notes]
        kind = "other"
    return FactRecord(
        position=position, kind=kind, effective_at=moment.at, effective_text=str(text), precision=moment.precision,
        zone_from=moment.zone_from, issued_at=issued_at.at if issued_at else None, given=given, why="; ".join(notes), **values,
    )  # fmt: skip
