"""The CSV samples: `<name>.csv` as it came, `<name>.json` with what it is about, its time zone, its options and what must come of it.

`python -m tests.pure.csv_samples` writes the records of all of them again; look at the difference before you keep it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import NODEFAULT
from msgspec.structs import fields

from data.feeds import (
    BoxRecord,
    FactRecord,
    HeadingRecord,
    LedgerRecord,
    Leftover,
    ListRecord,
    SignalRecord,
    Unreadable,
    _table,
    ledger_csv,
)

HERE = Path(__file__).parent.parent / "samples"
FORMATS = ("gate_csv", "customs_csv", "yard_csv", "device_csv", "ledger_csv")
REASONS = {**_table.REASONS, **ledger_csv.REASONS}


@dataclass(frozen=True)
class Somewhere:
    """As much of a place as a CSV reader asks for."""

    zone: ZoneInfo


PORT = Somewhere(ZoneInfo("Asia/Ho_Chi_Minh"))
NEW_YORK = Somewhere(ZoneInfo("America/New_York"))


def read(format_: str, raw: bytes, options: Mapping[str, object] | None = None, place: Somewhere = PORT) -> list[Any]:
    """Everything that a reader makes of some bytes."""
    return list(import_module(f"data.feeds.{format_}").read(raw, place, options or {}))


def got(format_: str, raw: bytes, options: Mapping[str, object] | None = None, place: Somewhere = PORT) -> list[Any]:
    """What a reader makes of the rows of some bytes: everything but the heading, of which there is at most one, and first."""
    items = read(format_, raw, options, place)
    headings = [n for n, item in enumerate(items) if isinstance(item, HeadingRecord)]
    assert headings in ([], [0])
    return items[1:] if headings else items


def of(items: list[Any], kind: type) -> list[Any]:
    """The items of one type."""
    return [item for item in items if isinstance(item, kind)]


def reasons(items: list[Any]) -> list[tuple[str, str]]:
    """(position, reason) of what could not be read."""
    return [(item.position, item.reason) for item in items if isinstance(item, Unreadable)]


def statements(items: list[Any]) -> list[Any]:
    """The items that stand for something the file says: no leftovers, no lists."""
    return [item for item in items if not isinstance(item, Leftover) and type(item).__name__ != "ListRecord"]


def sound(items: list[Any]) -> None:
    """What holds of anything that comes out of a reader."""
    for item in items:
        assert isinstance(item, BoxRecord | FactRecord | SignalRecord | LedgerRecord | ListRecord | Unreadable | Leftover)
        if isinstance(item, Unreadable):
            assert item.reason in REASONS
            assert len(item.excerpt) <= 120
            assert item.excerpt.isprintable()
            REASONS[item.reason].format(detail=item.detail)
        text = repr(item)
        assert not any(0xD800 <= ord(c) <= 0xDFFF for c in text)
        for value in (getattr(item, name) for name in item.__slots__):
            if isinstance(value, str):
                value.encode()
                assert "\0" not in value
    positions = [item.position for item in items if not isinstance(item, Leftover)]
    assert len(positions) == len(set(positions))
    assert all(i.equipment and len(i.equipment) <= 17 and i.occurred_at.utcoffset() is not None for i in of(items, BoxRecord))


def described(item: Any) -> dict[str, Any]:
    """An item as JSON: its type, and the fields that are not at their default."""
    told: dict[str, Any] = {"type": type(item).__name__}
    for spec in fields(item):
        value = getattr(item, spec.name)
        if spec.default is NODEFAULT or value != spec.default:
            told[spec.name] = value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
    return told


def samples(format_: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """(CSV file, what its JSON says) of one format."""
    yield from _samples(format_, "*.csv")


def _samples(format_: str, pattern: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((HERE / format_).glob(pattern)):
        yield path, json.loads(path.with_suffix(".json").read_text("utf-8"))


def records(format_: str, path: Path, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the reader makes of a sample, as JSON."""
    return [described(item) for item in read(format_, path.read_bytes(), told["options"], Somewhere(ZoneInfo(told["timezone"])))]


def main() -> None:
    """Writes the records of every sample."""
    for format_ in (*FORMATS, "manual_csv"):
        for path, told in (*samples(format_), *_samples(format_, "*.xlsx")):
            told["records"] = records(format_, path, told)
            path.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
