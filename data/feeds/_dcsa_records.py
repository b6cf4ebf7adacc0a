"""What an event becomes: a report of a box, a customs fact, a retraction; or a name in what is left, where it reaches no box of ours.

The rules are in docs/decisions/0018, the codes in `_dcsa_codes`, the records in `_dcsa_written`.
"""

from __future__ import annotations

from data.feeds import _dcsa_codes as codes
from data.feeds._dcsa_take import LONG, Bad
from data.feeds._dcsa_told import Told, key_of
from data.feeds._dcsa_written import Kept, Reading, Saying, fact, instant, report, retraction

_CODE_MOST = 100  # of what happened, which occasions are told apart by
BOX_MOST = 17  # of a number that is no container's too (SMDG recommendation 2)


def records(told: Told, number: int, reading: Reading, out: list[Kept]) -> None:
    """Add the records of one event. Raises Bad where it cannot be read; then what it added counts for nothing."""
    before = len(out)
    if not (told.kind.isupper() and told.classifier.isupper() and told.code.isupper()):
        told.kind, told.classifier, told.code = told.kind.upper(), told.classifier.upper(), told.code.upper()
    if (
        len(told.id) > LONG or len(told.bill) > LONG or len(told.booking) > LONG or len(told.number) > LONG
        or len(told.declaration) > LONG or len(told.code) > _CODE_MOST
    ):  # fmt: skip
        _too_long(told)
    saying = _saying(told, number, reading, out)
    if saying is not None:
        kind = told.kind
        if kind == "EQUIPMENT":
            _equipment(saying)
        elif kind == "SHIPMENT":
            _shipment(saying)
        else:
            _status(saying)
    left = reading.left
    if len(out) == before:
        name = " ".join(filter(None, (told.kind, told.code, told.about)))
        left.add(f"{name} (reaches no container)", told.number or told.booking or told.bill or told.call.ship)
    uses = reading.uses
    for part in (told.spot, told.call, told.party):
        if part.left:
            uses[part] = uses.get(part, 0) + 1
    found = left.found
    for path, example in told.left:
        known = found.get(path)
        if known is not None:
            known[0] += 1
        else:
            left.add(path, example)


def _too_long(told: Told) -> None:
    texts = {"eventID": told.id, "documentID": told.number, "TRD": told.bill, "BKG": told.booking, "CUC": told.declaration}
    if len(told.code) > _CODE_MOST:
        raise Bad("long_value", f"eventTypeCode has {len(told.code)} characters")
    for name, text in texts.items():
        if len(text) > LONG:
            raise Bad("long_value", f"{name} has {len(text)} characters")


def _saying(told: Told, number: int, reading: Reading, out: list[Kept]) -> Saying | None:
    """What holds for all records of the event; None where a retraction is all there is to it."""
    id, party, updated, why = told.id, told.party.key, None, []
    key = key_of(told) if party else id
    if told.updated:
        updated = instant(told.updated, reading.times)
        if updated is None:
            reading.left.add("eventCreatedDateTime (not a time)", told.updated)
            why.append(f"eventCreatedDateTime {told.updated[:40].replace(';', ',')!r} is not a time")
    at = updated[0] if updated else None
    if told.retracts:
        if len(told.retracts) > LONG:
            raise Bad("long_value", f"retractedEventID has {len(told.retracts)} characters")
        out.append(retraction(f"event {number}", f"{party}|{told.retracts}" if party else told.retracts, at))
        if not told.code:
            if id:
                reading.left.add("eventID (of a retraction)", id)
            return None
    occurred = instant(told.when, reading.times) if told.when else updated if told.kind == "SHIPMENT" else None
    if told.kind not in codes.KINDS and not (told.retracted and key):
        raise Bad("no_event", f"eventType {told.kind[:40]!r}" if told.kind else "eventType: empty")
    if told.retracted and key and (occurred is None or not (told.equipment or told.boxes) or told.kind not in codes.KINDS):
        out.append(retraction(f"event {number}", key, at))
        return None
    if occurred is None:
        raise Bad("bad_time", f"eventDateTime {told.when!r}" if told.when else "eventDateTime: empty")
    given = "live"
    if not told.when and told.kind == "SHIPMENT":
        why.append("report_time: eventCreatedDateTime")
        reading.left.add("eventDateTime (missing)", told.updated)
    if told.classifier not in codes.CLASSIFIERS:
        given = "unclassified"
        why.append(f"unknown_code: {told.classifier[:20]}" if told.classifier else "no_classifier")
    elif at is not None and at < occurred[0] and told.classifier == "ACT":
        why.append(f"told_before: {told.updated}")
    if key and reading.doubled and key in reading.doubled:
        why.append(f"same_id: {id[:100].replace(';', ',')}")
        key = ""
    return Saying(told, number, reading, out, occurred, at, key, given, why)


def _boxes(saying: Saying) -> tuple[str, ...]:
    """The boxes that the event names, normalised: its own, else those it refers to. Raises Bad for what is none."""
    told = saying.told
    boxes = tuple(dict.fromkeys(codes.tidy(each) for each in told.boxes)) if told.boxes else ()
    if told.equipment:
        own = codes.tidy(told.equipment)
        for box in boxes:
            if box != own:
                saying.reading.left.add("references EQ (another than equipmentReference)", box)
        boxes = (own,)
    for box in boxes:
        if not box or len(box) > BOX_MOST or box.isalpha():
            raise Bad("bad_box", (told.equipment or box)[:40])
    return boxes


def _equipment(saying: Saying) -> None:
    """A report of each box; a fact where it is customs' word; both where an inspection was done."""
    told, code = saying.told, saying.told.code
    boxes = _boxes(saying)
    if not boxes:
        raise Bad("no_box", "")
    kind = codes.CUSTOMS.get(code)
    if kind is None or code == "INSP":
        event, given, why = codes.EQUIPMENT.get(code, "other"), "live", ""
        if event == "other":
            if code in codes.STATUS:
                given, why = "status_only", f"status_code: {code}"
            else:
                given, why = "unclassified", f"unknown_code: {code[:20].replace(';', ',')}" if code else "no_event_code"
        elif code in codes.BY_SHIP and told.call.word in codes.NO_SHIP:
            given, why = "status_only", f"other_means: {told.call.word}"
        for n, box in enumerate(boxes):
            report(saying, box, n, event, given, why)
    if kind is not None:
        for n, box in enumerate(boxes):
            fact(saying, n, kind, "equipment", box, box, codes.SORTS.get(code, ""), by_authority=code.startswith("CUS"))
        if code != "INSP":
            saying.beside()


def _status(saying: Saying) -> None:
    """A ship's call, or a device: of the boxes it names, never a movement of theirs."""
    told = saying.told
    event = codes.TRANSPORT.get(told.code, "other") if told.kind == "TRANSPORT" else "other"
    boxes = _boxes(saying)
    if not boxes and told.kind != "TRANSPORT":
        raise Bad("no_box", "")
    why = f"status_code: {told.kind} {told.code[:20].replace(';', ',')}".strip()
    for n, box in enumerate(boxes):
        report(saying, box, n, event, "status_only", why)


def _shipment(saying: Saying) -> None:
    """About a document: a fact where it holds or lets go, else a status of the boxes it names."""
    told, code = saying.told, saying.told.code
    by_authority = told.about in codes.AUTHORITY
    kind = codes.SHIPMENT.get(code) or (codes.INSPECTION.get(code) if by_authority else None)
    boxes = _boxes(saying)
    if kind is None:
        why = f"status_code: {code[:20]} {told.about[:20]}".replace(";", ",").strip()
        for n, box in enumerate(boxes):
            report(saying, box, n, "other", "status_only", why)
        return
    bill, booking, declaration = saying.documents()
    about = codes.ABOUT.get(told.about, "")
    number = told.number if about else ""
    if not number:  # a document that boxes are not known by: what it goes with
        about, number = next(((a, n) for a, n in (("bill", bill), ("booking", booking), ("declaration", declaration)) if n), ("", ""))
    for n, box in enumerate(boxes or ("",)):
        if number or box:
            fact(saying, n, kind, about or "equipment", number or box, box, told.about, by_authority=by_authority)
    if number or boxes:
        saying.beside()
