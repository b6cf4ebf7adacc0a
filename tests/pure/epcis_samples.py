"""The EPCIS samples: `<name>.jsonld` as it came, `<name>.json` with what it is about, its time zone, its options and what must come of it;
and a few words to write events with. Company prefix 952 1234: GS1 keeps 952 for demonstrations.

`python -m tests.pure.epcis_samples` writes the records of all of them again; look at the difference before you keep it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.feeds import LedgerRecord, Leftover, Unreadable, epcis
from tests.pure.edifact_samples import PORT, Somewhere, described

HERE = Path(__file__).parent.parent / "samples" / "epcis"
AT, OFFSET = "2026-03-01T08:47:00.000+07:00", "+07:00"
ZONE, OTHER, SHOP = "urn:epc:id:sgln:9521234.00001.0", "urn:epc:id:sgln:9521234.00002.0", "urn:epc:id:sgln:9521234.00009.0"
LOT, CLASS, SERIAL = "urn:epc:class:lgtin:9521234.011111.L-1", "urn:epc:idpat:sgtin:9521234.011111.*", "urn:epc:id:sgtin:9521234.011111.77"
PALLET, BOX = "urn:epc:id:sscc:9521234.0000000001", "urn:epc:id:bic:ZZDU4839211"
SITES = {"sites": {ZONE: "XXDMO", OTHER: "XXZNB"}}
KILOS = {"epcClass": LOT, "quantity": 12.5, "uom": "KGM"}


def event(step: str | None = "receiving", kind: str = "ObjectEvent", **more: Any) -> dict[str, Any]:
    """An event; a field given as None is left out. Goods: 12.5 kg of one lot, unless others are named."""
    lists = {"AggregationEvent": "childQuantityList", "AssociationEvent": "childQuantityList", "TransformationEvent": "inputQuantityList"}
    told: dict[str, Any] = {
        "type": kind,
        "eventTime": AT,
        "eventTimeZoneOffset": OFFSET,
        "action": None if kind == "TransformationEvent" else "OBSERVE",
        "bizStep": step,
        "bizLocation": {"id": ZONE},
    }
    if not any(name.endswith(("EPCList", "epcList", "uantityList", "childEPCs")) for name in more):
        told[lists.get(kind, "quantityList")] = [KILOS]
    return {name: value for name, value in (told | more).items() if value is not None}


def document(*events: Any, **more: Any) -> bytes:
    """A document of these events."""
    context = ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"zz": "https://zz.example/ns/"}]
    told = {"@context": context, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": AT, **more}
    return json.dumps({**told, "epcisBody": {"eventList": events}}).encode()


def got(raw: bytes, options: Mapping[str, object] | None = None, place: Any = PORT) -> list[Any]:
    """Everything that the reader makes of a file."""
    return list(epcis.read(raw, place, options or {}))


def of(items: Iterable[Any], kind: type) -> list[Any]:
    """The items of one type."""
    return [item for item in items if isinstance(item, kind)]


def lines(*events: dict[str, Any], **options: object) -> list[LedgerRecord]:
    """The lines of events, and that all could be read."""
    items = got(document(*events), options)
    assert not of(items, Unreadable)
    return of(items, LedgerRecord)


def line(told: dict[str, Any], **options: object) -> LedgerRecord:
    """The one line of an event."""
    (record,) = lines(told, **options)
    return record


def keys(record: LedgerRecord) -> list[str]:
    """The reasons in its remark."""
    return [each.partition(":")[0] for each in record.why.split("; ") if each]


def left(items: Iterable[Any]) -> dict[str, int]:
    """Leftovers by name."""
    return {item.name: item.count for item in items if isinstance(item, Leftover)}


def faults(items: Iterable[Any]) -> list[tuple[str, str, str]]:
    """(position, scope, reason) of what could not be read."""
    return [(item.position, item.scope, item.reason) for item in items if isinstance(item, Unreadable)]


def samples() -> Iterator[tuple[Path, dict[str, Any]]]:
    """(file, what its JSON says)."""
    for path in sorted(HERE.glob("*.jsonld")):
        yield path, json.loads(path.with_suffix(".json").read_text("utf-8"))


def main() -> None:
    """Writes the records of every sample."""
    for path, told in samples():
        place = Somewhere(ZoneInfo(told["timezone"]))
        told["records"] = [described(item) for item in got(path.read_bytes(), told["options"], place)]
        path.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
