"""The DCSA samples: `<name>.dcsa` as it came, `<name>.json` with what it is about, its time zone, its options and what must come of it; and
a few words to write events with.

`python -m tests.pure.dcsa_samples` writes the records of all of them again; look at the difference before you keep it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from data.feeds import BoxRecord, FactRecord, Leftover, RetractionRecord, Unreadable, dcsa
from tests.pure.edifact_samples import PORT, Somewhere, described

HERE = Path(__file__).parent.parent / "samples" / "dcsa"
BOX = "ZZDU4839211"
AT, MADE = "2026-03-01T08:47:00+07:00", "2026-03-01T02:10:00Z"
PARTY = {"originatingParty": {"partyCode": "ZZLINE", "codeListProvider": "SMDG", "codeListName": "LCL", "partyFunction": "CA"}}


def flat(code: str = "GTIN", sort: str = "EQUIPMENT", **more: Any) -> dict[str, Any]:
    """An event of 2.2; a field given as None is left out."""
    event: dict[str, Any] = {
        "eventID": "e-1",
        "eventCreatedDateTime": MADE,
        "eventType": sort,
        "eventClassifierCode": "ACT",
        "eventDateTime": AT,
        f"{sort.lower()}EventTypeCode": code,
    }
    if sort == "EQUIPMENT":
        event |= {"equipmentReference": BOX, "emptyIndicatorCode": "LADEN"}
    return {name: value for name, value in (event | more).items() if value is not None}


def nested(code: str = "GTIN", sort: str = "EQUIPMENT", **more: Any) -> dict[str, Any]:
    """An event of 3.0; a field given as None is left out."""
    event: dict[str, Any] = {
        "eventRouting": PARTY,
        "eventID": "e-1",
        "eventDateTime": AT,
        "eventUpdatedDateTime": MADE,
        "eventClassification": {"eventTypeCode": sort, "eventClassifierCode": "ACT", f"{sort.lower()}EventTypeCode": code},
    }
    if sort in ("EQUIPMENT", "IOT", "REEFER"):
        event["equipmentDetails"] = {"equipmentReference": BOX}
    return {name: value for name, value in (event | more).items() if value is not None}


def page(*events: Any) -> bytes:
    """A page of 2.2."""
    return json.dumps(events, separators=(",", ":")).encode()


def got(raw: bytes, options: Mapping[str, object] | None = None, place: Any = PORT) -> list[Any]:
    """Everything that the reader makes of a file."""
    return list(dcsa.read(raw, place, options or {}))


def of(items: Iterable[Any], kind: type) -> list[Any]:
    """The items of one type."""
    return [item for item in items if isinstance(item, kind)]


def box(event: dict[str, Any], **options: object) -> BoxRecord:
    """The one report of an event, and that it is nothing else."""
    items = got(page(event), options)
    (record,) = of(items, BoxRecord)
    assert not of(items, Unreadable) + of(items, FactRecord)
    return record  # type: ignore[no-any-return]


def fact(event: dict[str, Any], **options: object) -> FactRecord:
    """The one fact of an event, and that it is nothing else."""
    items = got(page(event), options)
    (record,) = of(items, FactRecord)
    assert not of(items, Unreadable) + of(items, BoxRecord)
    return record  # type: ignore[no-any-return]


def left(items: Iterable[Any]) -> dict[str, int]:
    """Leftovers by name."""
    return {item.name: item.count for item in items if isinstance(item, Leftover)}


def faults(items: Iterable[Any]) -> list[tuple[str, str, str]]:
    """(position, scope, reason) of what could not be read."""
    return [(item.position, item.scope, item.reason) for item in items if isinstance(item, Unreadable)]


def taken(items: Iterable[Any]) -> list[Any]:
    """The records, without which other one they are like."""
    found = [item for item in items if isinstance(item, BoxRecord | FactRecord | RetractionRecord)]
    return [replace(item, like=None) if isinstance(item, BoxRecord) else item for item in found]


def samples() -> Iterator[tuple[Path, dict[str, Any]]]:
    """(file, what its JSON says)."""
    for path in sorted(HERE.glob("*.dcsa")):
        yield path, json.loads(path.with_suffix(".json").read_text("utf-8"))


def main() -> None:
    """Writes the records of every sample."""
    for path, told in samples():
        place = Somewhere(ZoneInfo(told["timezone"]))
        told["records"] = [described(item) for item in got(path.read_bytes(), told["options"], place)]
        path.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
