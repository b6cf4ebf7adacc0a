"""Events that say what another said, but for box, time, id, papers and seals: most of a page tells of few calls, places and kinds.

Such events are of one form. What all events of a form have in common is found once, by reading one of them as any event is read
(`_dcsa_records`); each is then that record with what is its own. An event that is not told as plainly is read by itself, so the outcome is
the same as if there were no forms; tests/pure/test_dcsa_forms.py holds that.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from data.feeds import BoxRecord
from data.feeds._dcsa_parts import OFTEN, REMEMBERED
from data.feeds._dcsa_records import BOX_MOST, records
from data.feeds._dcsa_take import LONG, Bad, Counted
from data.feeds._dcsa_told import Flat, flat, own
from data.feeds._dcsa_written import Form, Kept, Reading, instant
from data.feeds._seals import fitting

_ONCE = "once"  # a form of which one event came; a page of which no two are alike is not to be read twice
_NEVER = "never"  # events of it are read by themselves
_forms: dict[tuple[Any, ...], Form | str] = {}


def by_form(e: Flat, number: int, reading: Reading, out: list[Kept]) -> bool:
    """Add the record of an event of 2.2 whose form is known. False: nothing was added, it is to be read by itself."""
    id, box = e.eventID, e.equipmentReference
    if not box or not id or len(id) > LONG:
        return False
    if len(box) > BOX_MOST or not (box.isalnum() and box.isascii() and box.isupper()) or box.isalpha():
        return False
    form = _form(e, number, reading)
    if form is None:
        return False
    told, told_made = e.eventDateTime, e.eventCreatedDateTime
    occurred = instant(told, reading.times) if told else None
    made = instant(told_made, reading.times) if told_made else None
    if told is None or occurred is None or made is None or made[0] < occurred[0] or id in reading.doubled:
        return False
    papers, left = own(e)
    if papers.boxes or max(len(papers.bill), len(papers.booking), len(papers.declaration)) > LONG:
        return False
    seals = papers.seals
    if seals and fitting(seals) < len(seals):
        return False
    found = reading.left.found
    for path, example in left:
        known = found.get(path)
        if known is not None:
            known[0] += 1
        else:
            reading.left.add(path, example)
    reading.forms[form] = reading.forms.get(form, 0) + 1
    at, precision, zone_from = occurred
    record = form.record
    out.append(
        replace(
            record, like=record, position=f"event {number}", equipment=box, occurred_at=at, occurred_text=told, precision=precision,
            zone_from=zone_from, bill=papers.bill, booking=papers.booking, declaration=papers.declaration, seals=seals,
            sealed=papers.sealed, source_id=id, updated_at=made[0],
        )
    )  # fmt: skip
    return True


def _form(e: Flat, number: int, reading: Reading) -> Form | None:
    """The form of an event, if others had it and one may read by it."""
    if e.documentID or e.documentTypeCode or e.reason or e.delayReasonCode or e.changeRemark:
        return None
    spot, call = e.eventLocation, e.transportCall
    key = (
        e.eventType, e.eventClassifierCode, e.equipmentEventTypeCode, e.transportEventTypeCode, e.shipmentEventTypeCode,
        e.ISOEquipmentCode, e.emptyIndicatorCode, reading.line,
        None if spot is UNSET else bytes(spot), None if call is UNSET else bytes(call),
    )  # fmt: skip
    form = _forms.get(key)
    if form is None:
        if len(_forms) >= OFTEN:
            _forms.clear()
        if len(key[-1] or b"") + len(key[-2] or b"") <= REMEMBERED:
            _forms[key] = _ONCE
        return None
    if form == _ONCE:
        form = _forms[key] = _of(e, number, reading) or _NEVER
    return form if isinstance(form, Form) else None


def _of(e: Flat, number: int, reading: Reading) -> Form | None:
    """What an event says without its own; None where that is not one report."""
    alone = Reading(reading.times, reading.agency, reading.line, frozenset(), Counted())
    plain = replace(e, eventID=UNSET, eventCreatedDateTime=UNSET, documentReferences=UNSET, references=UNSET, seals=UNSET)
    out: list[Kept] = []
    try:
        records(flat(plain), number, alone, out)
    except Bad:
        return None
    if len(out) != 1 or not isinstance(out[0], BoxRecord):
        return None
    alone.settle()
    left = alone.left.found
    return Form(out[0], tuple(left), tuple((count, example) for count, example in left.values()))
