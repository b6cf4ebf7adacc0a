"""The identity of an event that has none of its own: the EPCIS event hash of the Core Business Vocabulary 2.0, section 8.9.

The event as one canonical text ("pre-hash"): its fields in the order of the standard, times in UTC to the millisecond (half a millisecond
rounds up), numbers without trailing zeros, lists sorted, words of the vocabulary and identifiers as web URIs. Left out are recordTime,
eventID and errorDeclaration, so that an event declared an error has the hash of the event itself; certificationInfo and comments; and
what the document names under `ignoreFields`. Extensions stand at the end under their whole names, `{namespace}name`; those inside a
standard field have that field's name before them. docs/decisions/0042 says which editions differ.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from data.feeds._epcis_ids import canonical
from data.feeds._epcis_words import GS1, PREFIXES, spread, url, web

_LEFT_OUT = frozenset({
    "recordTime", "eventID", "errorDeclaration", "certificationInfo", "type", "isA", "@type", "@context", "@id", "comment", "rdfs:comment",
    "ilmd",
})  # fmt: skip
_QUANTITIES = ("epcClass", "quantity", "uom")
_METADATA = ("time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")
_REPORT = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism", "chemicalSubstance",
    "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev",
    "percRank", "percValue", "uom", "coordinateReferenceSystem",
)  # fmt: skip
# field -> what its elements are called ("": a plain field), and their own fields (none: values)
_ORDER: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("eventTime", "", ()), ("eventTimeZoneOffset", "", ()), ("epcList", "epc", ()), ("parentID", "", ()), ("inputEPCList", "epc", ()),
    ("childEPCs", "epc", ()), ("quantityList", "quantityElement", _QUANTITIES), ("childQuantityList", "quantityElement", _QUANTITIES),
    ("inputQuantityList", "quantityElement", _QUANTITIES), ("outputEPCList", "epc", ()),
    ("outputQuantityList", "quantityElement", _QUANTITIES), ("action", "", ()), ("transformationID", "", ()), ("bizStep", "", ()),
    ("disposition", "", ()), ("persistentDisposition", "", ("set", "unset")), ("readPoint", "", ("id",)), ("bizLocation", "", ("id",)),
    ("bizTransactionList", "bizTransaction", ("type", "bizTransaction")), ("sourceList", "source", ("type", "source")),
    ("destinationList", "destination", ("type", "destination")),
)  # fmt: skip
_STANDARD = frozenset({name for name, _, _ in _ORDER} | {"sensorElementList"})
_TYPED = {"bizTransactionList": "BTT", "sourceList": "SDT", "destinationList": "SDT"}
_KINDS = {"bizStep": "BizStep", "disposition": "Disp", "set": "Disp", "unset": "Disp", "component": "Comp"}
_TIMES = frozenset({"eventTime", "time", "startTime", "endTime"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_WHEN = re.compile(r"(.+:[0-9]{2})[.,]([0-9]+)(.*)", re.DOTALL)
_MEASURE = re.compile(r"[A-Za-z_]{3,40}")


def event_hash(event: Mapping[str, Any], names: Mapping[str, str] | None = None, ignored: Collection[str] = ()) -> str:
    """`ni:///sha-256;...?ver=CBV2.0` of an event; `names` are the prefixes that its document declares."""
    return f"ni:///sha-256;{hashlib.sha256(pre_hash(event, names, ignored).encode('utf-8', 'replace')).hexdigest()}?ver=CBV2.0"


def pre_hash(event: Mapping[str, Any], names: Mapping[str, str] | None = None, ignored: Collection[str] = ()) -> str:
    """The canonical text of an event."""
    known = {**PREFIXES, **(names or {})}
    if isinstance(own := event.get("@context"), dict | list):
        known |= prefixes(own)
    kind = event.get("type", event.get("isA", ""))
    parts = [f"eventType={spread(str(kind), known).rpartition('/')[2].removeprefix('epcis:')}"]
    behind: list[str] = []
    for name, called, inner in _ORDER:
        if name in event:
            _standard(name, called, inner, event[name], known, parts, behind)
    _sensors(event.get("sensorElementList"), known, parts, behind)
    more = {name: value for name, value in event.items() if name not in _STANDARD and name not in _LEFT_OUT and name not in ignored}
    ilmd = _free({"ilmd": event["ilmd"]}, known) if event.get("ilmd") else ""
    return "".join((*parts, ilmd, *behind, _free(more, known)))


def prefixes(context: Any) -> dict[str, str]:
    """The prefixes that a JSON-LD context declares. What it refers to elsewhere is not fetched: the words of EPCIS are known."""
    found: dict[str, str] = {}
    for each in context if isinstance(context, list) else [context]:
        if isinstance(each, dict):
            for name, value in each.items():
                told = value.get("@id") if isinstance(value, dict) else value
                if isinstance(told, str) and not name.startswith("@"):
                    found[name] = told
    return found


def _standard(
    name: str, called: str, inner: tuple[str, ...], value: Any, names: Mapping[str, str], parts: list[str], behind: list[str]
) -> None:
    """One field of the standard: its text onto `parts`, the extensions inside it onto `behind`."""
    elements = _many(value)
    if not inner:
        found = sorted(text for each in elements if (text := _scalar(called or name, each, names)))
        if found:
            parts.append((name if called else "") + "".join(found))
        return
    typed = name in _TYPED
    found, extensions = [], []
    for each in elements:
        if not isinstance(each, dict):
            each = {inner[-1]: each}
        text = "".join(_fields(each, inner, names, _TYPED.get(name, "")))
        if text:
            found.append(text if typed or not called else called + text)
        if more := _free({key: told for key, told in each.items() if key not in inner}, names):
            extensions.append(name + (called if called and not typed else "") + more)
    if found:
        parts.append(name + "".join(sorted(found)))
    behind += extensions


def _sensors(value: Any, names: Mapping[str, str], parts: list[str], behind: list[str]) -> None:
    """sensorElementList, whose own name the edition 2.0 leaves out."""
    found = []
    for element in _many(value):
        if not isinstance(element, dict):
            continue
        text, inside = "", ""
        for name, inner in (("sensorMetadata", _METADATA), ("sensorReport", _REPORT)):
            each = [told for told in _many(element.get(name)) if isinstance(told, dict)]
            text += "".join(sorted(name + own for told in each if (own := "".join(_fields(told, inner, names, "")))))
            more = (_free({key: val for key, val in told.items() if key not in inner}, names) for told in each)
            inside += "".join(name + own for own in more if own)
        inside += _free({key: told for key, told in element.items() if key not in ("sensorMetadata", "sensorReport")}, names)
        if text:
            found.append("sensorElement" + text)
        if inside:
            behind.append("sensorElement" + inside)
    parts += sorted(found)


def _fields(element: Mapping[str, Any], inner: tuple[str, ...], names: Mapping[str, str], typed: str) -> list[str]:
    """The fields of one element in their order, lists of values sorted."""
    out: list[str] = []
    for name in inner:
        kind = typed if name == "type" else _KINDS.get(name, "")
        found = (_scalar(name, each, names, kind, of_sensor=inner is _REPORT) for each in _many(element.get(name)))
        out += sorted(text for text in found if text)
    return out


def _scalar(name: str, value: Any, names: Mapping[str, str], kind: str = "", *, of_sensor: bool = False) -> str:
    """`name=value`, canonical; "" where there is nothing to say."""
    text = _text(value)
    if not text:
        return ""
    if name in _TIMES:
        return f"{name}={_time(text)}"
    kind = kind or _KINDS.get(name, "")
    if kind:
        text = web(kind, spread(text, names))
    elif of_sensor and name in ("type", "exception") and _MEASURE.fullmatch(text):
        text = names.get("gs1", GS1) + text
    return f"{name}={_canonical(text, names)}"


def _free(fields: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What is not of the standard: every name whole, every value canonical, sorted at each level."""
    found: list[str] = []
    for name, value in fields.items():
        if name in ("comment", "rdfs:comment", "#text", "@context") or name.startswith("@xmlns"):
            continue
        whole = _whole(name, names)
        for each in _flat(value):
            if isinstance(each, dict):
                own = _text(each.get("#text"))
                found.append(whole + (f"={_canonical(own, names)}" if own else "") + _free(each, names))
            elif each is not None:
                text = _text(each)
                found.append(whole + (f"={_canonical(text, names)}" if text else ""))
    return "".join(sorted(found))


def _whole(name: str, names: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{names[prefix]}}}{local}" if colon and prefix in names else name


def _canonical(text: str, names: Mapping[str, str]) -> str:
    text = url(spread(text, names))
    if _NUMBER.fullmatch(text):
        number = Decimal(text)
        return format(number.to_integral_value() if number == number.to_integral_value() else number.normalize(), "f")
    return canonical(text)


def _time(text: str) -> str:
    """A time in UTC to the millisecond; what is no time stays as it is."""
    told = _WHEN.fullmatch(text)
    digits = told[2] if told else ""
    try:
        at = datetime.fromisoformat((told[1] + told[3]) if told else text)
        if at.tzinfo is None:
            return text
        at = at.astimezone(UTC) + timedelta(milliseconds=int(digits[:3].ljust(3, "0")) + (digits[3:4] >= "5"))
    except (ValueError, OverflowError):
        return text
    return at.isoformat(timespec="milliseconds")[:-6] + "Z"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip() if isinstance(value, str) else "" if value is None or isinstance(value, dict | list) else str(value)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _flat(value: Any) -> list[Any]:
    """A list of any depth as one."""
    return [told for each in value for told in _flat(each)] if isinstance(value, list) else [value]
