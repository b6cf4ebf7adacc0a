"""The objects in an event that many events share: where it was, with which call, under which documents; by whom.

Each is read once for the same bytes and remembered: a page tells of the same calls and places again and again. A part knows which of its
fields nothing took, so that they are counted with every event that has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data.feeds._dcsa_codes import FACILITIES, MODES, NO_SHIP, tidy
from data.feeds._dcsa_take import LONG, Bad, Left, Taker, leaves, loads
from data.feeds._seals import DCSA_FIELDS, dcsa_word
from zones.seals import spelled

OFTEN = 4_096  # parts of a kind that are remembered
LONGEST_PARTY = 200  # characters of a party, which is before the id of all its events
REMEMBERED = 4_096  # bytes of a part that is


class Part:
    """What every part has: the fields that nothing took, and why it cannot be read (reason, detail)."""

    __slots__ = ("fault", "left")

    def __init__(self) -> None:
        self.left: Left = []
        self.fault: tuple[str, str] | None = None


NOTHING = Part()


class Spot(Part):
    """A place: codes, most specific first; the terminal's code."""

    __slots__ = ("facility", "location", "locode", "terminal")

    def __init__(self) -> None:
        super().__init__()
        self.locode = self.facility = self.location = self.terminal = ""

    def settle(self) -> None:
        """Codes as they are looked up: LOCODE:FACILITY LOCODE. A facility code may begin with the LOCODE (BIC's do)."""
        if self.locode and self.facility:
            short = self.facility.removeprefix(self.locode) or self.facility
            longer = f"{self.locode}:{self.facility} " if short != self.facility else ""
            self.location, self.terminal = f"{longer}{self.locode}:{short} {self.locode}", short
        else:
            self.location, self.terminal = self.locode, self.facility


class Call(Spot):
    """A call of a means of transport; the two voyages are apart, since an event takes one of them."""

    __slots__ = ("export", "id", "import_", "mode", "no_export", "no_id", "no_import", "plate", "remark", "ship", "word")

    def __init__(self) -> None:
        super().__init__()
        self.id = self.word = self.import_ = self.export = self.ship = self.plate = ""
        self.mode = "unknown"
        self.remark: tuple[str, ...] = ()
        self.no_import = self.no_export = self.no_id = NOTHING


class Papers(Part):
    """Documents and references: `boxes` are those of type EQ; `about` and `number` the document the event is about."""

    __slots__ = ("about", "bill", "booking", "boxes", "declaration", "number", "reason")

    def __init__(self) -> None:
        super().__init__()
        self.bill = self.booking = self.declaration = self.about = self.number = self.reason = ""
        self.boxes: tuple[str, ...] = ()


class Party(Part):
    """Who says it: `key` makes ids of events unique, `code` is the carrier or authority."""

    __slots__ = ("code", "function", "key")

    def __init__(self) -> None:
        super().__init__()
        self.key = self.code = self.function = ""


class Seals(Part):
    """Seal numbers, and what is told of each (zones.seals)."""

    __slots__ = ("numbers", "sealed")

    def __init__(self) -> None:
        super().__init__()
        self.numbers: tuple[str, ...] = ()
        self.sealed = ""


def spot(told: Any, name: str, part: Spot) -> None:
    """A location: an object, or its UN/LOCODE as a bare text."""
    if isinstance(told, str):
        _fill(part, tidy(told), "", f"{name}.")
    elif isinstance(told, dict):
        taker = Taker(told, f"{name}.", part.left)
        _spot(taker, part)
        taker.rest()
    elif told is not None:
        leaves(name, told, part.left)


def _fill(part: Spot, locode: str, facility: str, path: str) -> None:
    """Take the codes; those that say otherwise than what was taken before are left."""
    for name, code, known in (("UNLocationCode", locode, part.locode), ("facilityCode", facility, part.facility)):
        if known and code not in ("", known):
            part.left.append((f"{path}{name} (another was taken)", code))
    part.locode, part.facility = part.locode or locode[:20], part.facility or facility[:20]


def _spot(taker: Taker, part: Spot) -> None:
    locode = tidy(taker.text("UNLocationCode"))
    facility = tidy(taker.text("facilityCode"))
    inner = taker.inner("facility")
    if inner is not None:
        facility = facility or tidy(inner.text("facilityCode"))
        inner.rest()
    sort = taker.data.get(taker.names.get("facilitytypecode", ""))
    if isinstance(sort, str) and not facility and tidy(sort) not in FACILITIES:
        facility = tidy(taker.text("facilityTypeCode"))  # met in practice: a terminal's code where its type belongs
    _fill(part, locode, facility, taker.path)


def call(told: Any, name: str, part: Call) -> None:
    """A transport call of 2.2 (and the beta), or the one in 3.0's transportDetails."""
    if not isinstance(told, dict):
        leaves(name, told, part.left)
        return
    taker = Taker(told, f"{name}.", part.left)
    part.id = taker.text("transportCallID", "transportCallReference")
    if part.id:
        part.no_id = Part()
        part.no_id.left.append((f"{name}.transportCallID (no occasion)", part.id))
    part.word = taker.text("modeOfTransport").upper()
    part.mode = MODES.get(part.word, "unknown")
    if part.word and part.word not in MODES and part.word not in NO_SHIP:
        part.left.append((f"{name}.modeOfTransport (not known)", part.word))
    voyages = [(taker.inner(f"{way}VoyageNumberOrReference"), way) for way in ("export", "import")]
    told_ = [inner.text("carrierVoyageNumber", "universalVoyageReference") if inner else "" for inner, _ in voyages]
    for inner, _ in voyages:
        if inner is not None:
            inner.rest()
    part.export = told_[0] or taker.text("exportVoyageNumber", "carrierExportVoyageNumber", "carrierVoyageNumber")
    part.import_ = told_[1] or taker.text("importVoyageNumber", "carrierImportVoyageNumber")
    if part.export != part.import_:
        part.no_import, part.no_export = Part(), Part()
        part.no_export.left += [(f"{name}.exportVoyageNumber (the import voyage is taken)", part.export)] if part.export else []
        part.no_import.left += [(f"{name}.importVoyageNumber (the export voyage is taken)", part.import_)] if part.import_ else []
    ship = taker.inner("vessel") or taker.inner("vesselTransport") or taker.inner("barge")
    if ship is not None:
        number, called = ship.text("vesselIMONumber"), ship.text("vesselName", "name")
        part.ship = called or number or ship.text("vesselCallSignNumber", "vesselCallSign", "callSign")
        part.remark = (f"ship {number}",) if called and number else ()
        ship.rest()
    truck = taker.inner("truckTransport")
    tractor = truck.inner("tractorDetails") if truck else None
    part.plate = (tractor.text("licensePlate") if tractor else "") or taker.text("licencePlate", "licensePlate")
    for each in (tractor, truck):
        if each is not None:
            each.rest()
    for word, text in (("transportCallID", part.id), ("exportVoyageNumber", part.export), ("importVoyageNumber", part.import_),
                       ("vesselName", part.ship), ("licensePlate", part.plate)):  # fmt: skip
        if len(text) > LONG:
            raise Bad("long_value", f"{word} has {len(text)} characters")
    _spot(taker, part)
    where = taker.pop("location", object)
    spot(where, f"{name}.location", part)
    taker.rest()


def numbered(items: Any, name: str, left: Left) -> list[tuple[str, str]]:
    """(type, number) of references, whatever their names are in this version."""
    holder = Taker({"": items}, "", left)
    found = []
    for taker in holder.inners(""):
        taker.path = f"{name}."
        sort = taker.text("documentReferenceType", "referenceType", "typeCode", "type").upper()
        number = taker.text("documentReferenceValue", "referenceValue", "reference", "value")
        if number:
            found.append((sort, number))
        elif sort:
            left.append((f"{name} {sort} (no number)", ""))
        taker.rest()
    holder.rest()
    return found


def documents(told: Any, name: str, part: Papers) -> None:
    """Bill, booking and declaration of a list of documents: the first of each; others are left."""
    for sort, number in numbered(told, name, part.left):
        if sort == "TRD" and part.bill in ("", number):
            part.bill = number
        elif sort == "BKG" and part.booking in ("", number):
            part.booking = number
        elif sort in ("CUC", "CUS") and part.declaration in ("", number):
            part.declaration = number
        else:
            part.left.append((f"{name} {sort}".strip(), number))


def references(told: Any, name: str, part: Papers) -> None:
    """The boxes of a list of references; others are left."""
    boxes: dict[str, None] = dict.fromkeys(part.boxes)
    for sort, number in numbered(told, name, part.left):
        if sort == "EQ":
            boxes[tidy(number)] = None
        else:
            part.left.append((f"{name} {sort}".strip(), number))
    part.boxes = tuple(boxes)


def shipment(told: Any, name: str, part: Papers) -> None:
    """3.0's shipmentDetails. What replaces another document or box is what the box goes with from then on; the old one is left."""
    if not isinstance(told, dict):
        leaves(name, told, part.left)
        return
    taker = Taker(told, f"{name}.", part.left)
    for about, number in numbered(taker.pop("documentReference", object) or [], f"{name}.documentReference", part.left):
        part.about, part.number = about, number
    for key, take in (("documentReferenceReplacements", documents), ("shipmentReferenceReplacements", references)):
        for change in taker.inners(key):
            take(change.pop("newReferences", object) or [], f"{name}.{key}.newReferences", part)
            change.rest()
    documents(taker.pop("additionalDocumentReferences", object) or [], f"{name}.additionalDocumentReferences", part)
    references(taker.pop("shipmentReferences", object) or [], f"{name}.shipmentReferences", part)
    part.reason = taker.text("reason")
    taker.rest()


def transport(told: Any, name: str, part: Call) -> None:
    """3.0's transportDetails: the call, and why it is late."""
    if not isinstance(told, dict):
        leaves(name, told, part.left)
        return
    taker = Taker(told, f"{name}.", part.left)
    inside = taker.pop("transportCall", object)
    if inside is not None:
        call(inside, f"{name}.transportCall", part)
    late, changed = taker.texts("delayReasonCodes"), taker.text("changeRemark")
    part.remark = (*part.remark, *(f"delay {code}" for code in late), *((changed,) if changed else ()))
    taker.rest()


def routing(told: Any, name: str, part: Party) -> None:
    """3.0's eventRouting: the originating party; those it was forwarded by are left."""
    if not isinstance(told, dict):
        leaves(name, told, part.left)
        return
    taker = Taker(told, f"{name}.", part.left)
    party = taker.inner("originatingParty")
    if party is not None:
        part.code, part.function = party.text("partyCode"), party.text("partyFunction")
        lists = party.text("codeListProvider"), party.text("codeListName")
        part.key = "|".join((part.code, *lists)) if part.code else ""
        if len(part.key) > LONGEST_PARTY:
            raise Bad("long_value", f"partyCode has {len(part.key)} characters")
        if not part.code:
            part.left += [(f"{name}.originatingParty.codeList (of no party)", text) for text in lists if text]
        if part.function not in ("", "CA"):  # a carrier's is its line
            part.left.append((f"{name}.originatingParty.partyFunction", part.function))
        party.rest()
    taker.rest()


def seals(told: Any, name: str, part: Seals) -> None:
    """The numbers of seals, who put them on and of which kind they are."""
    holder, found, words = Taker({"": told}, "", part.left), list[str](), list[str]()
    for taker in holder.inners(""):
        taker.path = f"{name}."
        if number := taker.text("sealNumber", "number"):
            word, unused = dcsa_word([(field, code) for field in DCSA_FIELDS if (code := taker.text(field))])
            found.append(number)
            words.append(word)
            part.left += [(f"{name}.{field}", code) for field, code in unused]
        taker.rest()
    holder.rest()
    part.numbers, part.sealed = tuple(found), spelled(words)


KINDS: dict[str, tuple[type[Part], Callable[[Any, str, Any], None]]] = {
    "eventLocation": (Spot, spot), "transportCall": (Call, call), "documentReferences": (Papers, documents),
    "references": (Papers, references), "seals": (Seals, seals), "eventRouting": (Party, routing),
    "shipmentDetails": (Papers, shipment), "transportDetails": (Call, transport), "equipmentDetails.seals": (Seals, seals),
}  # fmt: skip


def made(told: Any, name: str) -> Any:
    """The part of that name from its JSON value."""
    kind, take = KINDS[name]
    part = kind()
    if told is not None:
        take(told, name, part)
    if isinstance(part, Spot):
        part.settle()
    return part


def _read(raw: bytes, name: str) -> Any:
    try:
        return made(loads(raw), name)
    except Bad as bad:
        part = KINDS[name][0]()
        part.fault = (str(bad.args[0]), str(bad.args[1]))
        return part


def _reader(name: str) -> Callable[[bytes], Any]:
    known: dict[bytes, Any] = {}

    def read(raw: bytes) -> Any:
        """The part from its bytes. Raises Bad where it cannot be read."""
        part = known.get(raw)
        if part is None:
            part = _read(raw, name)
            if len(raw) <= REMEMBERED:
                if len(known) >= OFTEN:
                    known.clear()
                known[raw] = part
        if part.fault is not None:
            raise Bad(*part.fault)
        return part

    return read


location, transport_call = _reader("eventLocation"), _reader("transportCall")
transport_details, event_routing = _reader("transportDetails"), _reader("eventRouting")
