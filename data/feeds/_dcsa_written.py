"""The records of an event, written once the rules have said which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from data.feeds import BoxRecord, Cargo, FactRecord, RetractionRecord
from data.feeds import _dcsa_codes as codes
from data.feeds._dcsa_parts import NOTHING, Part, Spot
from data.feeds._dcsa_take import Counted
from data.feeds._dcsa_told import Told
from data.feeds._seals import first, fitting
from data.feeds._when import Times

Kept = BoxRecord | FactRecord | RetractionRecord
Instant = tuple[datetime, str, str]  # aware UTC, precision, zone_from


class Form(Struct, eq=False, gc=False):
    """What events that say the same of different boxes have in common (`_dcsa_forms`): their record; the paths of the fields that nothing
    takes, and of each how often it occurs in an event, and an example."""

    record: BoxRecord
    paths: tuple[str, ...]
    left: tuple[tuple[int, str], ...]


class Reading(Struct):
    """One reading of one message: how times are read, who speaks, which ids two different events have; what was left."""

    times: Times
    agency: str
    line: str
    doubled: frozenset[str]
    left: Counted
    uses: dict[Part, int] = {}
    forms: dict[Form, int] = {}

    def use(self, part: Part) -> None:
        """Count the fields of a part that nothing takes, once more."""
        self.uses[part] = self.uses.get(part, 0) + 1

    def settle(self) -> None:
        """Add what the parts have left to what is left."""
        for part, count in self.uses.items():
            for path, example in part.left:
                self.left.add(path, example, count)
        self.uses.clear()
        alike: dict[tuple[str, ...], tuple[Form, int]] = {}  # most forms leave the same fields
        for form, count in self.forms.items():
            first, before = alike.get(form.paths, (form, 0))
            alike[form.paths] = first, before + count
        for form, count in alike.values():
            for path, (times, example) in zip(form.paths, form.left, strict=True):
                self.left.add(path, example, times * count)
        self.forms.clear()


class Saying(Struct, gc=False):
    """One event on its way to records: what holds for all of them."""

    told: Told
    number: int
    reading: Reading
    out: list[Kept]
    occurred: Instant
    updated_at: datetime | None
    key: str
    given: str
    why: list[str]

    def documents(self) -> tuple[str, str, str]:
        """(bill, booking, declaration) that the box goes with: the document the event is about first; not one that is no more."""
        told = self.told
        papers = {"bill": told.bill, "booking": told.booking, "declaration": told.declaration}
        about = codes.ABOUT.get(told.about)
        if about and told.number:
            if told.code in codes.CLOSED:
                papers[about] = "" if papers[about] == told.number else papers[about]
            else:
                if papers[about] not in ("", told.number):
                    self.reading.left.add(f"documents {told.about} (another than the event is about)", papers[about])
                papers[about] = told.number
        return papers["bill"], papers["booking"], papers["declaration"]

    def line(self) -> str:
        """The carrier: the feed's, or who says it if a carrier."""
        party = self.told.party
        return self.reading.line or (party.code if party.function in ("", "CA") else "")

    def remark(self) -> str:
        """Reasons, delays, the ship's number; the document that no box is known by."""
        told = self.told
        shown = ""
        if told.number and (told.code in codes.CLOSED or told.about not in codes.ABOUT):
            shown = f"{told.about} {told.number}".strip()
        return "; ".join(filter(None, (shown, *told.remark, *told.call.remark)))

    def beside(self) -> None:
        """Name what a customs fact has no place for."""
        told, calls = self.told, self.told.call
        for name, value in (
            ("ISOEquipmentCode", told.iso), ("emptyIndicatorCode", told.empty), ("movementType", told.movement),
            ("seals", " ".join(told.seals)), ("seals' source and type", told.sealed), ("transportCallID", calls.id),
            ("modeOfTransport", calls.word), ("vessel", calls.ship),
            ("licensePlate", calls.plate), ("exportVoyageNumber", calls.export), ("importVoyageNumber", calls.import_),
        ):  # fmt: skip
            if value:
                self.reading.left.add(f"{name} (of a customs event)", value)


def instant(text: str, times: Times) -> Instant | None:
    """ISO 8601 as DCSA demands it; without an offset it is local time of the feed. None for anything else."""
    if len(text) in (20, 25) and text[4] == "-" and text[7] == "-" and text[10] == "T":
        try:
            at = datetime.fromisoformat(text)
            if at.tzinfo is UTC:
                return at, "second", "message"
            if at.tzinfo is not None:
                return at.astimezone(UTC), "second", "message"
        except (ValueError, OverflowError):
            return None
    moment = times.read(text)
    return None if moment is None else (moment.at, moment.precision, moment.zone_from)


def _place(saying: Saying, n: int) -> Spot:
    """The event's own place; the call's where it says none, or the same less closely. The other, if it is another, is named."""
    own, calls = saying.told.spot, saying.told.call
    closer = own.locode == calls.locode and not own.facility
    where, other = (calls, own) if calls.location and (closer or not own.location) else (own, calls)
    if not n:
        for word, text in ((other.locode, where.locode), (other.facility, where.facility)):
            if word and word != text:
                name = "transportCall's place (beside the event's own)" if other is calls else "eventLocation (incomplete)"
                saying.reading.left.add(name, word)
    return where


def _known(saying: Saying, words: Mapping[str, str], name: str, word: str) -> str:
    """Our word for theirs, in any capitals; "unknown" for another, which is named."""
    ours = words.get(word.upper(), "unknown")
    if word and ours == "unknown":
        saying.reading.left.add(f"{name} (not known)", word)
    return ours


def report(saying: Saying, box: str, n: int, event: str, given: str, why: str) -> None:
    """Add the report of the nth box of the event."""
    told, reading, calls, where = saying.told, saying.reading, saying.told.call, saying.told.spot
    code = told.code
    direction = _known(saying, codes.MOVEMENTS, "movementType", told.movement) if told.movement else "unknown"
    if (code in codes.INBOUND or (direction == "import" and code not in codes.OUTBOUND)) and calls.import_:
        voyage, unused = calls.import_, calls.no_export
    elif calls.export:
        voyage, unused = calls.export, calls.no_import
    else:
        voyage, unused = calls.import_, NOTHING
    occasion = ""
    if calls.id:
        if told.kind == "EQUIPMENT" and told.classifier == "ACT" and not told.nested:
            occasion = f"{calls.id}|{code}"
        elif not n:
            reading.use(calls.no_id)
    if unused.left and not n:
        reading.use(unused)
    if calls.location and calls.location != where.location:
        where = _place(saying, n)
    seals, sealed = told.seals, told.sealed
    if seals and (fits := fitting(seals)) < len(seals):
        seals, sealed = seals[:fits], first(sealed, fits)
        if not n:
            reading.left.add("seals (more than are kept)", told.seals[fits], len(told.seals) - fits)
    bill, booking, declaration = saying.documents() if told.number else (told.bill, told.booking, told.declaration)
    if saying.given != "live":
        given = saying.given
    if saying.why:
        why = "; ".join((why, *saying.why)) if why else "; ".join(saying.why)
    at, precision, zone_from = saying.occurred
    saying.out.append(
        BoxRecord(
            position=f"event {saying.number}" if not n else f"event {saying.number} {n + 1}",
            equipment=box,
            event=event if given != "unclassified" else "other",
            occurred_at=at,
            occurred_text=told.when,
            precision=precision,
            zone_from=zone_from,
            classifier=codes.CLASSIFIERS.get(told.classifier, "actual"),
            given=given,
            why=why,
            location=where.location,
            terminal=where.terminal,
            mode=calls.mode,
            vehicle=calls.plate,
            vessel=calls.ship,
            voyage=voyage,
            line=reading.line or (saying.line() if told.party.code else ""),
            bill=bill,
            declaration=declaration,
            direction=direction,
            full_empty=codes.FULL_EMPTY.get(told.empty) or _known(saying, codes.FULL_EMPTY, "emptyIndicatorCode", told.empty),
            size_type=codes.tidy(told.iso)[:10],
            seals=seals,
            sealed=sealed,
            remark=saying.remark() if told.remark or calls.remark or told.number else "",
            booking=booking,
            cargo=None if told.set_temp is None else Cargo(set_temp=told.set_temp),
            only_declared=True,
            occasion=occasion,
            source_id=saying.key,
            updated_at=saying.updated_at,
            function="cancel" if told.retracted else "original",
        )
    )


def fact(saying: Saying, n: int, kind: str, about: str, reference: str, box: str, sort: str, *, by_authority: bool) -> None:
    """Add the customs fact about the nth box of the event, or about a document. `by_authority`: not the carrier's own word."""
    told, reading = saying.told, saying.reading
    bill, booking, declaration = saying.documents()
    given, why = saying.given, list(saying.why)
    if given == "live" and told.classifier != "ACT":
        given = "status_only"
        why.insert(0, f"plan_code: {told.classifier} {told.code}")
    where = _place(saying, n)
    at, precision, zone_from = saying.occurred
    saying.out.append(
        FactRecord(
            position=f"event {saying.number} {kind}" if not n else f"event {saying.number} {kind} {n + 1}",
            kind=kind,
            about=about,
            reference=reference,
            equipment=box,
            bill=bill,
            declaration=declaration,
            booking=booking,
            agency=(reading.agency if by_authority and told.party.function in ("", "CA") else "") or told.party.code,
            reason=sort,
            effective_at=at,
            effective_text=told.when,
            precision=precision,
            zone_from=zone_from,
            issued_at=saying.updated_at,
            remark=saying.remark(),
            given=given,
            why="; ".join(why),
            location=where.location,
            only_declared=True,
            source_id=saying.key,
            updated_at=saying.updated_at,
            function="cancel" if told.retracted else "original",
        )
    )


def retraction(position: str, key: str, at: datetime | None) -> RetractionRecord:
    """A statement is taken back, whatever it said."""
    return RetractionRecord(position=position, source_id=key, at=at)
