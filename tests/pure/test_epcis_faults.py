"""Whatever may come as EPCIS: never an exception, every field taken or named, every event accounted for, good neighbours read."""

from __future__ import annotations

import json
import pkgutil
import random
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import feeds
from data.feeds import LedgerRecord, Leftover, Unreadable, _epcis_walk
from data.settings import REPOSITORY
from tests.pure.epcis_samples import KILOS, document, event, faults, got, left, of, samples
from zones.entry import ACTS, COUNTS, SIDES

FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOOD = [(path, told) for path, told in samples() if path.stem.startswith("good")]
VALUES = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    [],
    {},
    [None],
    [[1]],
    {"": 1},
    "x" * 500,
    "a\nb",
    "\0",
    "\ud800",
    "²",
    "urn:epc:id:sgtin:²",
    "箱",
    "1e999",
]


def sound(items: list[Any]) -> None:
    """What holds of anything that comes out of the reader."""
    for item in items:
        assert isinstance(item, LedgerRecord | Unreadable | Leftover)
        for value in (getattr(item, name) for name in item.__slots__):
            if isinstance(value, str):
                value.encode()
                assert "\0" not in value
        if isinstance(item, Unreadable):
            assert len(item.excerpt) <= 120
            assert item.excerpt.isprintable()
        if isinstance(item, LedgerRecord):
            assert item.act in (*ACTS, "other")
            assert item.side in SIDES
            assert item.counted in COUNTS
            assert item.quantity is None or 0 <= item.quantity < 2**63
            assert item.given == "live" or item.why
    positions = [item.position for item in items if isinstance(item, LedgerRecord)]
    assert len(positions) == len(set(positions))


def events_of(raw: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A document and its events."""
    told = json.loads(raw)
    body = told["epcisBody"]
    found: list[dict[str, Any]] = body["eventList"] if "eventList" in body else body["queryResults"]["resultsBody"]["eventList"]
    return told, found


def holders(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value where another could stand."""
    here = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in here] + [found for key in here for found in holders(value[key])]


# ---------------------------------------------------------------- accounting


@given(data=st.data())
@FEW
def test_an_unknown_field_anywhere_is_named(data: st.DataObject) -> None:
    path, said = data.draw(st.sampled_from(GOOD))
    told, events = events_of(path.read_bytes())
    place = data.draw(st.sampled_from([value for one in events for value in objects(one)]))
    place["zzUnknown"] = data.draw(st.sampled_from(["x", 7, None, True, ["x"], {"a": "x"}, [{"a": 1.5}]]))
    items = got(json.dumps(told).encode(), said["options"])
    assert any("zzUnknown" in name for name in left(items))


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a value."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if isinstance(value, dict) else []), *(found for each in inside for found in objects(each))]


@given(data=st.data())
@FEW
def test_any_value_anywhere(data: st.DataObject) -> None:
    path, said = data.draw(st.sampled_from(GOOD))
    told, events = events_of(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(holders(events)))
        holder[key] = data.draw(st.sampled_from(VALUES))
    items = got(json.dumps(told).encode(), said["options"])
    sound(items)
    numbers = {item.position.split()[1] for item in items if not isinstance(item, Leftover) and item.position.startswith("event")}
    silent = sum(count for name, count in left(items).items() if "names no goods" in name)
    assert len(numbers) + silent == len(events), "every event is lines, or an Unreadable"


@given(data=st.data())
@FEW
def test_any_bytes_anywhere(data: st.DataObject) -> None:
    path, said = data.draw(st.sampled_from(GOOD))
    raw = path.read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw = raw[:at] + data.draw(st.binary(max_size=6)) + raw[at + data.draw(st.integers(0, 8)) :]
    sound(got(raw, said["options"]))


@given(st.binary(max_size=200))
def test_anything(raw: bytes) -> None:
    sound(got(raw))
    sound(got(b'{"epcisBody": {"eventList": [' + raw))


@pytest.mark.parametrize("path", [path for path, _ in samples()], ids=lambda path: path.stem)
def test_cut_at_every_byte(path: Any) -> None:
    raw = path.read_bytes().rstrip()
    for end in sorted(random.Random(7).sample(range(len(raw)), min(len(raw), 150))):
        items = got(raw[:end])
        sound(items)
        assert of(items, Unreadable), "a file cut short is never taken for a whole one"


# ---------------------------------------------------------------- faults that cost one event


def broken(middle: bytes) -> list[Any]:
    """What comes of a document with two good events and something else between them."""
    before, after = (json.dumps(event(eventID=f"urn:uuid:{n}")).encode() for n in (1, 2))
    return got(b'{"@context": [], "epcisBody": {"eventList": [' + before + b"," + middle + b"," + after + b"]}}")


@pytest.mark.parametrize(
    ("middle", "reason"),
    [
        (b'{"type": "ObjectEvent", "action": OBSERVE, "epcList": []}', "bad_json"),
        (b'{"type": "ObjectEvent", "action": "OBSERVE" "epcList": [{"type": "po"}]}', "bad_json"),
        (b'{"type": "ObjectEvent", "quantityList": [{"quantity": NaN}]}', "bad_json"),
        (b'{"type": "ObjectEvent", "type": "ObjectEvent"}', "double_key"),
        (b'{"type": "ObjectEvent", "bizStep": "\xff"}', "odd_text"),
        (b'{"type": "ObjectEvent", "bizStep": "\\u0000"}', "odd_text"),
        (b'{"type": "ObjectEvent", "zz": ' + b"[" * 3_000 + b"]" * 3_000 + b"}", "bad_json"),
        (b'{"type": "ObjectEvent", "zz": ' + b'{"a":' * 600 + b"1" + b"}" * 600 + b"}", ""),
        (b'"text"', "not_an_event"),
        (b"null", "not_an_event"),
        (b"{}", "unknown_event"),
    ],
)
def test_what_is_broken_costs_one_event(middle: bytes, reason: str) -> None:
    items = broken(middle)
    sound(items)
    assert [r.source_id for r in of(items, LedgerRecord)] == ["urn:uuid:1#1", "urn:uuid:2#1"]
    ((position, scope, said),) = faults(items)
    assert (position, scope) == ("event 2", "record")
    assert said == reason or not reason


def test_every_broken_event_counts_until_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_epcis_walk, "_PATIENCE", 20)
    some = b'{"type": "ObjectEvent", "epcList": [{"type": "zz"},]}'
    items = broken(b",".join([some] * 20))
    assert [scope for _, scope, _ in faults(items)] == ["record"] * 20
    assert [r.position for r in of(items, LedgerRecord)] == ["event 1 line 1", "event 22 line 1"]
    assert [scope for _, scope, _ in faults(broken(b",".join([some] * 30)))] == ["record"] * 21 + ["envelope"]


@pytest.mark.parametrize("name", [info.name for info in pkgutil.iter_modules(feeds.__path__) if "epcis" in info.name])
def test_every_reason_is_explained(name: str) -> None:
    page = (REPOSITORY / "docs" / "guide" / "feeds.md").read_text("utf-8")
    assert all(f"| `{key}` |" in page for key in getattr(import_module(f"data.feeds.{name}"), "REASONS", {}))


def test_an_event_longer_than_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_epcis_walk, "LIMIT", 3_000)
    monkeypatch.setattr(_epcis_walk, "BLOCK", 1_000)
    items = broken(json.dumps(event(epcList=[f"urn:zz:{n}" for n in range(1_000)])).encode())
    assert [r.source_id for r in of(items, LedgerRecord)] == ["urn:uuid:1#1", "urn:uuid:2#1"]
    assert of(items, Unreadable)


@pytest.mark.parametrize("block", [1, 7, 64, 1_000])
def test_blocks_of_any_size(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path, said = GOOD[0]
    whole = got(path.read_bytes(), said["options"])
    monkeypatch.setattr(_epcis_walk, "BLOCK", block)
    assert got(path.read_bytes(), said["options"]) == whole


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings(encoding: str) -> None:
    told = document(event(quantityList=[{**KILOS, "zz:name": "hàng hóa"}])).decode()
    assert got(told.encode(encoding)) == got(told.encode())


def test_memory_does_not_grow_with_the_file() -> None:
    read = 0

    class Endless:
        """A document whose end is far."""

        def __init__(self) -> None:
            self.sent = 0

        def read(self, size: int = -1) -> bytes:
            nonlocal read
            self.sent += 1
            read = self.sent
            part = json.dumps(event()).encode() + b","
            return b'{"@context": [], "epcisBody": {"eventList": [' + part if self.sent == 1 else part * 50 if self.sent < 200 else b""

        def seek(self, offset: int) -> int:
            self.sent = 0
            return 0

    walk = _epcis_walk.Walk(Endless())
    longest = 0
    for n, _ in enumerate(walk):
        longest = max(longest, len(walk.text))
        if n == 60:
            assert read <= 3, "events are handed out as they are read"
    assert longest < 40_000
