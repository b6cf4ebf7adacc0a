"""One event of EPCIS as lines of a goods ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from data.feeds import LedgerRecord
from data.feeds._dcsa_take import LONG, Bad, Counted, Left, Taker
from data.feeds._epcis_acts import ACTIONS, Act, act_of, status
from data.feeds._epcis_fields import extensions
from data.feeds._epcis_fields import told as fields_told
from data.feeds._epcis_goods import Line, lines_of
from data.feeds._epcis_hash import event_hash
from data.feeds._epcis_ids import canonical, code, gs1, shown
from data.feeds._epcis_walk import Told
from data.feeds._epcis_when import instant, when
from data.feeds._epcis_words import EVENTS, PREFIXES, WORDS, bare
from data.feeds._lines import excerpt
from data.feeds._when import Times

_SEEN = 100_000
EQUIPMENT = 20  # characters that are kept of a box's number

REASONS: dict[str, str] = {
    "not_an_event": "This is not an event.",
    "unknown_event": "This is no kind of event of EPCIS: {detail}.",
    "no_action": "The event does not say its action.",
    "unknown_action": "The action of the event is not known: {detail}.",
    "unknown_word": "A word is not of the vocabulary: {detail}.",
    "no_place_after": "Where the goods are afterwards is not told.",
    "no_declared_at": "An event is declared an error, and not when.",
    "declared_error": "The event is declared an error: {detail}.",
    "corrected_by": "Corrected by other events, which hold once they have come: {detail}.",
}


@dataclass(slots=True)
class Reading:
    """How the events of a file are read, and what is left of them."""

    clock: Times
    sites: Mapping[str, tuple[str, str]]  # canonical URI -> code of the place, area
    parties: Mapping[str, str]  # canonical URI -> name in the ledger
    documents: Mapping[str, str]  # type of a business transaction -> declaration | permit
    fields: Mapping[str, str]  # name of an extension -> field
    qualified: bool
    left: Counted
    seen: dict[str, str] = field(default_factory=dict)  # id of an event -> its hash; of so many events, for a file may be of any size


@dataclass(slots=True)
class _Sides:
    """Where goods came from and went, and whose they were and are; "" where not told."""

    place_from: tuple[str, str] = ("", "")
    place_to: tuple[str, str] = ("", "")
    owner_from: str = ""
    owner_to: str = ""


def records(told: Told, number: int, reading: Reading) -> list[LedgerRecord]:
    """The lines of an event; none where it names no goods and only measures. Raises Bad."""
    left: Left = []
    why: list[str] = []
    identity = _identity(told, reading, why)
    taker = Taker(dict(told.event), "", left)
    taker.pop("eventID", object)
    taker.pop("@context", object)
    kind = taker.text("type", "isA", "@type").rpartition(":")[2].rpartition("/")[2]
    if kind not in EVENTS:
        raise Bad("unknown_event", excerpt(kind) or "nothing")
    moment, written = when(taker, reading.clock, why)
    action = _action(kind, taker)
    step, disposition = _word(taker, "BizStep", "bizStep"), _word(taker, "Disp", "disposition")
    if disposition and disposition not in WORDS["Disp"]:
        why.append(f"unknown_word: disposition {excerpt(disposition)}")
    act = act_of(kind, action, step, disposition)
    lines = lines_of(kind, taker, qualified=reading.qualified)
    parent = taker.text("parentID")
    if not lines and not (parent and (kind in ("TransactionEvent", "AssociationEvent") or action == "DELETE")):
        if kind == "ObjectEvent" and told.event.get("sensorElementList"):
            reading.left.add(f"{kind} (names no goods)", excerpt(step))
            return []
        raise Bad("no_goods", "")
    if not lines:
        uri = canonical(parent)
        inside = kind == "AggregationEvent"
        own = "" if inside else _kept("parentID", shown(parent))
        lines = [Line("", uri, own, own, None, "", ["all_inside"] if inside else [])]
    sides = _sides(taker, reading)
    common: dict[str, Any] = {
        "occurred_at": moment.at, "occurred_text": written, "precision": moment.precision, "zone_from": moment.zone_from,
        "unit": f"event {number}", "operation": _kept("operation", "/".join(filter(None, (step, disposition)))),
    }  # fmt: skip
    act = _placed(act, taker, reading, sides, common, why)
    common |= {"act": act.act, "side": act.side, "counted": act.counted, "given": act.given}
    if kind == "TransformationEvent":
        common["process"] = _kept("transformationID", taker.text("transformationID")) or identity
    if parent and kind != "TransactionEvent":
        _inside(parent, common)
    _documents(taker, reading, common)
    _error(taker, reading.clock, common, why)
    return _written(lines, identity, number, common, [act.why] * bool(act.why) + why, taker, reading, told.names)


def _written(
    lines: list[Line], identity: str, number: int, common: dict[str, Any], why: list[str], taker: Taker, reading: Reading,
    names: Mapping[str, str],
) -> list[LedgerRecord]:  # fmt: skip
    """The records of the lines, with what extensions tell of them; what nobody took is counted."""
    known = {**PREFIXES, **names}
    general = extensions(taker, reading.fields, known)
    if ilmd := taker.inner("ilmd"):
        general = {**general, **extensions(ilmd, reading.fields, known)}
        ilmd.rest()
    taker.rest()
    out = []
    for n, line in enumerate(lines, 1):
        said = [*why, *line.why]
        own = extensions(line.more, reading.fields, known) if line.more else {}
        if line.more:
            line.more.rest()
        more = fields_told({name: text for name, text in general.items() if name not in own}, len(lines) > 1, said)
        more |= fields_told(own, False, said)
        record = LedgerRecord(
            position=f"event {number} line {n}",
            source_id=f"{identity}#{n}",
            lot=line.lot,
            item=line.item,
            quantity=line.quantity,
            uom=line.uom,
            why="; ".join(dict.fromkeys(each.replace("; ", ", ") for each in said)),
            **{**common, "side": line.side or common["side"]},
        )
        out.append(_with(record, more))
    for name, example in taker.left:
        reading.left.add(name, example)
    return out


def _with(record: LedgerRecord, more: dict[str, Any]) -> LedgerRecord:
    """The record with what extensions tell; a remark stands beside what the reader says."""
    if "remark" in more and record.remark:
        more = {**more, "remark": f"{record.remark}; {more['remark']}"}
    return replace(record, **more) if more else record


def _identity(told: Told, reading: Reading, why: list[str]) -> str:
    """The event's own id, else its hash. Where another event of the file had this id it says nothing, and the hash counts.

    Told again, or declared an error, an event is the same: its hash leaves out what then differs.
    """
    found = event_hash(told.event, told.names, told.ignored)
    own = told.event.get("eventID")
    if not isinstance(own, str) or not own.strip():
        return found
    own = _kept("eventID", own.strip())
    first = reading.seen.get(own)
    if first is None and len(reading.seen) < _SEEN:
        reading.seen[own] = found
    elif first is not None and first != found:
        why.append(f"same_id: {excerpt(own)}")
        return found
    return own


def _kept(name: str, text: str) -> str:
    """A text that is short enough to be kept. Raises Bad."""
    if len(text) > LONG:
        raise Bad("long_text", f"{name} has {len(text)} characters")
    return text


def _action(kind: str, taker: Taker) -> str:
    action: str = taker.text("action")
    if kind == "TransformationEvent":
        return action  # which has none; what stands there counts for nothing
    if not action:
        raise Bad("no_action", "")
    if action not in ACTIONS:
        raise Bad("unknown_action", excerpt(action))
    return action


def _word(taker: Taker, kind: str, name: str) -> str:
    return bare(kind, taker.text(name))


def _place(taker: Taker, name: str) -> str:
    """The URI of readPoint or bizLocation."""
    inner = taker.inner(name)
    if inner is None:
        return taker.text(name)
    uri = inner.text("id", "@id")
    inner.rest()
    return uri


def _site(uri: str, reading: Reading) -> tuple[str, str]:
    """The place and area that a URI is declared to be, ("", "") where it is not declared."""
    return reading.sites.get(canonical(uri), ("", "")) if uri else ("", "")


def _sides(taker: Taker, reading: Reading) -> _Sides:
    """What sourceList and destinationList tell; what they tell of others is counted as left."""
    sides = _Sides()
    for name, key, end in (("sourceList", "source", "from"), ("destinationList", "destination", "to")):
        for each in taker.inners(name):
            sort, uri = bare("SDT", each.text("type")), each.text(key)
            each.rest()
            site = _site(uri, reading)
            if sort == "location" and site != ("", "") and getattr(sides, f"place_{end}") == ("", ""):
                setattr(sides, f"place_{end}", site)
            elif sort == "owning_party" and uri and not getattr(sides, f"owner_{end}"):
                setattr(sides, f"owner_{end}", _party(uri, reading))
            elif uri:
                taker.left.append((f"{name}.{excerpt(sort) or key}", uri))
    return sides


def _party(uri: str, reading: Reading) -> str:
    return reading.parties.get(canonical(uri)) or _kept("owning_party", code(uri))


def _placed(act: Act, taker: Taker, reading: Reading, sides: _Sides, common: dict[str, Any], why: list[str]) -> Act:
    """Where it happened, and what that makes of it: what goes to, or comes from, another declared place is a transfer."""
    read, business = _place(taker, "readPoint"), _place(taker, "bizLocation")
    order = [("readPoint.id", read), ("bizLocation.id", business)]
    told = [(name, uri) for name, uri in (order if act.out else reversed(order)) if uri]
    chosen = next((each for each in told if _site(each[1], reading) != ("", "")), told[0] if told else ("", ""))
    for each in told:
        if each != chosen and each[1] != chosen[1]:
            taker.left.append(each)
    place, area = _site(chosen[1], reading)
    common["location"], common["area"] = place or ("" if area else _kept("place", code(chosen[1]))), area
    if not business and act.act != "destruction":
        why.append("no_place_after")
    before, after = sides.owner_from, sides.owner_to
    if act.act == "transfer":
        if before == after or not after:
            return status("status_step", "accepting")
        common |= {"owner": before, "to_owner": after}
        return act
    common["owner"] = (after or before) if act.act in ("admission", "return") and not act.out else (before or after)
    if act.out and before and after and before != after:
        common["to_owner"] = after
    return _moved(act, common, sides, (place, area))


def _moved(act: Act, common: dict[str, Any], sides: _Sides, here: tuple[str, str]) -> Act:
    """A withdrawal or an admission between declared places is a half of a transfer; within one place it moves goods between areas."""
    there = sides.place_to if act.act == "withdrawal" else sides.place_from if act.act == "admission" else ("", "")
    if there == ("", ""):
        return act
    if there[0] == here[0]:
        common["area"], common["to_area"] = (here[1], there[1]) if act.out else (there[1], here[1])
        return Act("manipulation")
    if act.out:
        common["to_location"] = there[0]
        return Act("transfer", side="sent", out=True)
    common["remark"] = f"from {there[0] or 'here'}"
    return Act("transfer", side="received")


def _inside(parent: str, common: dict[str, Any]) -> None:
    """What the goods are in: a container's number, or the bare number of GS1; a longer name is told as a remark."""
    found = gs1(parent)
    name = _kept("parentID", found.value if found and not found.qualifier else shown(parent))
    if len(name) <= EQUIPMENT:
        common["equipment"] = name
    else:
        common["remark"] = f"in {name}"


def _documents(taker: Taker, reading: Reading, common: dict[str, Any]) -> None:
    """The numbers of the declared types of business transactions; all others are counted as left, by type."""
    for each in taker.inners("bizTransactionList"):
        sort, uri = bare("BTT", each.text("type")), each.text("bizTransaction")
        each.rest()
        field = reading.documents.get(sort, "")
        if field and uri and field not in common and len(uri) <= LONG:
            common[field] = number_of(uri)
        elif uri or sort:
            taker.left.append((f"bizTransactionList.{excerpt(sort) or 'bizTransaction'}", uri))


def number_of(uri: str) -> str:
    """The number of a document by its URI: GS1's as printed; of any other what follows its last / or :."""
    printed = shown(uri)
    if printed != uri or "?" in uri or "#" in uri:
        return printed
    return uri.rstrip("/:").replace(":", "/").rpartition("/")[2] or uri


def _error(taker: Taker, clock: Times, common: dict[str, Any], why: list[str]) -> None:
    """An error declaration takes the lines back, dated by the declaration; else the time of record orders versions."""
    recorded = taker.text("recordTime")
    at: datetime | None = instant(recorded, clock) if recorded else None
    if recorded and at is None:
        why.append(f"bad_field: recordTime {excerpt(recorded)}")
    common["updated_at"] = at
    declared = taker.inner("errorDeclaration")
    if declared is None:
        return
    text = declared.text("declarationTime")
    if not text:
        raise Bad("no_declared_at", "")
    at = instant(text, clock)
    if at is None:
        raise Bad("bad_time", f"declarationTime {excerpt(text)!r} is not a time")
    reason = bare("ER", declared.text("reason"))
    better = declared.texts("correctiveEventIDs")
    declared.rest()
    why.append(f"declared_error: {excerpt(reason) or 'nothing'}")
    said = f"declared an error: {excerpt(reason) or 'no reason'}"
    if better:
        why.append(f"corrected_by: {excerpt(' '.join(better))}")
        said += f"; corrected by {' '.join(better)}"
    remark = common.get("remark", "")
    common |= {"function": "cancel", "updated_at": at, "remark": (f"{remark}; {said}" if remark else said)[: 2 * LONG]}
