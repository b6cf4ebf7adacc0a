"""One event of EPCIS as lines of a goods ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from data.feeds import LedgerRecord
from data.feeds._dcsa_take import LONG, Bad, Left, Taker
from data.feeds._epcis_acts import ACTIONS, act_of
from data.feeds._epcis_fields import extensions
from data.feeds._epcis_fields import told as fields_told
from data.feeds._epcis_goods import Line, lines_of
from data.feeds._epcis_hash import event_hash
from data.feeds._epcis_ids import canonical, gs1, shown
from data.feeds._epcis_places import placed, sides_of
from data.feeds._epcis_reading import Reading, kept
from data.feeds._epcis_walk import Told
from data.feeds._epcis_when import instant, when
from data.feeds._epcis_words import EVENTS, PREFIXES, WORDS, bare
from data.feeds._lines import excerpt
from data.feeds._when import Times

_SEEN = 100_000
EQUIPMENT = 20  # characters that are kept of a box's number

REASONS: dict[str, str] = {
    "not_an_event": "This is not an event.",
    "unknown_event": "This is not a kind of EPCIS event: {detail}.",
    "no_action": "The event does not state its action.",
    "unknown_action": "The action of the event is not known: {detail}.",
    "unknown_word": "A word is not in the vocabulary: {detail}.",
    "no_declared_at": "An event is declared an error without saying when.",
    "declared_error": "The sender declares the event an error: {detail}.",
    "corrected_by": "Other events correct it and hold once they have arrived: {detail}.",
}


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
        own = "" if inside else kept("parentID", shown(parent))
        lines = [Line("", uri, own, own, None, "", ["all_inside"] if inside else [])]
    sides = sides_of(taker, reading)
    common: dict[str, Any] = {
        "occurred_at": moment.at, "occurred_text": written, "precision": moment.precision, "zone_from": moment.zone_from,
        "unit": f"event {number}", "operation": kept("operation", "/".join(filter(None, (step, disposition)))),
    }  # fmt: skip
    act = placed(act, taker, reading, sides, common, why)
    common |= {"act": act.act, "side": act.side, "counted": act.counted, "given": act.given}
    if kind == "TransformationEvent":
        common["process"] = kept("transformationID", taker.text("transformationID")) or identity
    if parent and kind == "TransactionEvent" and lines[0].uri != canonical(parent):
        left.append(("parentID", parent))
    elif parent and kind != "TransactionEvent":
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
    own = kept("eventID", own.strip())
    first = reading.seen.get(own)
    if first is None and len(reading.seen) < _SEEN:
        reading.seen[own] = found
    elif first is not None and first != found:
        why.append(f"same_id: {excerpt(own)}")
        return found
    return own


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


def _inside(parent: str, common: dict[str, Any]) -> None:
    """What the goods are in: a container's number, or the bare number of GS1; a longer name is told as a remark."""
    found = gs1(parent)
    name = kept("parentID", found.value if found and not found.qualifier else shown(parent))
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
    """An error declaration takes the lines back, dated by the declaration.

    An event never changes but by being declared an error, so its own version is dated by eventTime, and not by recordTime: that is when a
    repository took it in, which is after the declaration where the event comes late.
    """
    at: datetime = common["occurred_at"]
    common["updated_at"] = at
    declared = taker.inner("errorDeclaration")
    if declared is None:
        return
    text = declared.text("declarationTime")
    if not text:
        raise Bad("no_declared_at", "")
    since = instant(text, clock)
    if since is None:
        raise Bad("bad_time", f"declarationTime {excerpt(text)!r} is not a time")
    if since < at:
        why.append(f"told_before: declarationTime {excerpt(text)}")
    reason = bare("ER", declared.text("reason"))
    better = declared.texts("correctiveEventIDs")
    declared.rest()
    why.append(f"declared_error: {excerpt(reason) or 'nothing'}")
    said = f"declared an error: {excerpt(reason) or 'no reason'}"
    if better:
        why.append(f"corrected_by: {excerpt(' '.join(better))}")
        said += f"; corrected by {' '.join(better)}"
    remark = common.get("remark", "")
    common |= {"function": "cancel", "updated_at": max(at, since), "remark": (f"{remark}; {said}" if remark else said)[: 2 * LONG]}
