"""The EDIFACT samples: `<name>.edi` as it came, `<name>.json` with what it is about, the place, the options and what must come of each
interchange in it; and a few words to write EDIFACT with.

`python -m tests.pure.edifact_samples` writes the records of all of them again; look at the difference before you keep it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import NODEFAULT, Struct, to_builtins
from msgspec.structs import fields

from data.feeds import BoxRecord, Leftover, Unreadable, baplie, coarri, codeco, coparn, coprar, cuscar, iftsta

HERE = Path(__file__).parent.parent / "samples"
FORMATS: dict[str, ModuleType] = {
    "codeco": codeco, "coarri": coarri, "iftsta": iftsta, "coparn": coparn, "coprar": coprar, "baplie": baplie, "cuscar": cuscar,
}  # fmt: skip
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
BOX = ("EQD+CN+ZZDU4839211+45G1:102:5++2+5", "DTM+7:202603010847:203")


@dataclass(frozen=True)
class Somewhere:
    """As much of a place as an EDIFACT reader asks for."""

    zone: ZoneInfo = SAIGON
    codes: tuple[str, ...] = ("XXDMO", "XXDMO:DT1")
    unlocode: str | None = "XXDMO"


PORT = Somewhere()


def message(*segments: str, kind: str = "CODECO", reference: str = "1", bgm: str = "BGM+34++9") -> list[str]:
    """The segments of one UNH to UNT, with the right count."""
    body = [f"UNH+{reference}+{kind}:D:95B:UN", *((bgm,) if bgm else ()), *segments]
    return [*body, f"UNT+{len(body) + 1}+{reference}"]


def interchange(*messages: Iterable[str], end: str = "'", una: str = "", unb: str = "UNB+UNOA:2+DT1+ZZLINE+260301:0910+CD1") -> str:
    """Messages in an envelope."""
    segments = [*([unb] if unb else ()), *(s for m in messages for s in m), *([f"UNZ+{len(messages)}+CD1"] if unb else ())]
    return una + "".join(segment + end for segment in segments)


def got(raw: str | bytes, format_: str = "codeco", options: Mapping[str, object] | None = None, place: Any = PORT) -> list[Any]:
    """Everything that a reader makes of a file, interchange by interchange."""
    data, module = raw.encode() if isinstance(raw, str) else raw, FORMATS[format_]
    return [item for part in module.split(data) for item in module.read(data[part.start : part.end], place, options or {})]


def of(items: Iterable[Any], kind: type) -> list[Any]:
    """The items of one type."""
    return [item for item in items if isinstance(item, kind)]


def box(
    *segments: str, bgm: str = "BGM+34++9", format_: str = "codeco", header: tuple[str, ...] = (), place: Any = PORT, **options: object
) -> BoxRecord:
    """The one box of a message with these segments in its group."""
    eqd = () if segments and segments[0].startswith("EQD") else BOX[:1]
    lines = message(*header, *eqd, *segments, kind=format_.upper(), bgm=bgm)
    items = got(interchange(lines), format_, options, place)
    (record,) = of(items, BoxRecord)
    assert not of(items, Unreadable)
    return record  # type: ignore[no-any-return]


def faults(items: Iterable[Any]) -> list[tuple[str, str]]:
    """(scope, reason) of what could not be read."""
    return [(item.scope, item.reason) for item in items if isinstance(item, Unreadable)]


def taken(items: Iterable[Any]) -> list[str]:
    """The boxes."""
    return [item.equipment for item in items if isinstance(item, BoxRecord)]


def left(items: Iterable[Any]) -> dict[str, int]:
    """Leftovers by name."""
    return {item.name: item.count for item in items if isinstance(item, Leftover)}


def described(item: Any) -> dict[str, Any]:
    """An item as JSON: its type, and the fields that are not at their default."""
    told: dict[str, Any] = {"type": type(item).__name__}
    for spec in fields(item):
        value = getattr(item, spec.name)
        if spec.name != "like" and (spec.default is NODEFAULT or value != spec.default):
            value = json.loads(json.dumps(to_builtins(value))) if isinstance(value, Struct) else value
            told[spec.name] = value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
    return told


def samples(format_: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """(EDIFACT file, what its JSON says) of one format."""
    for path in sorted((HERE / format_).glob("*.edi")):
        yield path, json.loads(path.with_suffix(".json").read_text("utf-8"))


def parts(format_: str, path: Path, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the reader makes of a sample, as JSON."""
    module, raw = FORMATS[format_], path.read_bytes()
    place = Somewhere(ZoneInfo(told["timezone"]), tuple(told["codes"]), told["codes"][0])
    found = []
    for part in module.split(raw):
        items = module.read(raw[part.start : part.end], place, told["options"])
        found.append({"start": part.start, "end": part.end, "records": [described(item) for item in items]})
    return found


def main() -> None:
    """Writes the records of every sample."""
    for format_ in FORMATS:
        for path, told in samples(format_):
            told["parts"] = parts(format_, path, told)
            path.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
