"""Every feed format: a new file in data/feeds is found here, and what it lacks stops it.

A sample is `tests/samples/<format>/good_*` or `broken_*`, as it came, beside a JSON of the same name: `about`, `timezone`, `options`,
perhaps `codes` of the place, and what must come of it: `records` of the file as one message, or `parts`, each with the `start`, `end` and
`records` of one message.
"""

from __future__ import annotations

import ast
import inspect
import io
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from data import feeds
from data.feeds import (
    BoxRecord,
    DocumentRecord,
    Envelope,
    FactRecord,
    HeadingRecord,
    LedgerRecord,
    Leftover,
    ListRecord,
    RetractionRecord,
    SignalRecord,
    Unreadable,
)
from data.settings import REPOSITORY
from tests.pure.edifact_samples import Somewhere, described
from zones import codes

FORMATS = feeds.formats()
SAMPLES = REPOSITORY / "tests" / "samples"
DECLARED = (
    Envelope, BoxRecord, DocumentRecord, FactRecord, HeadingRecord, ListRecord, RetractionRecord, SignalRecord, LedgerRecord,
    Unreadable, Leftover,
)  # fmt: skip
SCOPES = ("file", "message", "record", "envelope")
LANGUAGES = ("en", "vi", "zh")
# What is planned, ordered or declared is no word on what happened, a carrier's is a second one, and what people record stands in for the
# sources: they speak for nothing by default.
WITNESSES = {"iftsta", "coparn", "coprar", "baplie", "cuscar", "dcsa", "manual_csv"}
NAME = re.compile(r"[a-z][a-z0-9_]*")
SOURCES = sorted((REPOSITORY / "data" / "feeds").glob("*.py"))


def samples(name: str) -> list[Path]:
    """The files of one format as they came."""
    return [path for path in sorted((SAMPLES / name).glob("*")) if path.suffix != ".json"]


EVERY = [pytest.param(FORMATS[name], path, id=f"{name}-{path.stem}") for name in FORMATS for path in samples(name)]


def told(path: Path) -> dict[str, Any]:
    """What is said of a sample."""
    return json.loads(path.with_suffix(".json").read_text("utf-8"))  # type: ignore[no-any-return]


def place(said: dict[str, Any]) -> Somewhere:
    """As much of a place as a reader asks for."""
    known = tuple(said.get("codes", Somewhere.codes))
    return Somewhere(ZoneInfo(said["timezone"]), known, known[0])


def messages(module: ModuleType, path: Path) -> Iterator[tuple[feeds.Part, list[Any]]]:
    """Each message of a sample and everything its reader makes of it."""
    raw, said = path.read_bytes(), told(path)
    for part in module.split(raw):
        yield part, list(module.read(raw[part.start : part.end], place(said), said["options"]))


def reasons() -> dict[str, str]:
    """Every reason that any reader may give, with its sentence."""
    found: dict[str, str] = {}
    for info in pkgutil.iter_modules(feeds.__path__):
        found |= getattr(import_module(f"data.feeds.{info.name}"), "REASONS", {})
    return found


# ---------------------------------------------------------------- the module


def test_the_formats_of_the_spine_are_there() -> None:
    assert set(FORMATS) >= {"codeco", "coarri", "gate_csv", "customs_csv", "yard_csv"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_one_file_with_four_names(name: str) -> None:
    module = FORMATS[name]
    assert type(module.VERSION) is int
    assert module.VERSION >= 1
    assert isinstance(module.SPEAKS_FOR, frozenset)
    assert module.SPEAKS_FOR or name in WITNESSES, "a feed that nobody listens for is heard only where it is declared to speak"
    assert module.SPEAKS_FOR <= set(codes.KINDS)
    assert list(inspect.signature(module.split).parameters) == ["raw"]
    assert list(inspect.signature(module.read).parameters) == ["raw", "place", "options"]
    assert len((module.__doc__ or "").split()) > 15, "a docstring that says what it reads"
    assert len(Path(str(module.__file__)).read_text("utf-8").splitlines()) <= 200, "150 is the habit; beyond this a room is missing"
    page = (REPOSITORY / "docs" / "guide" / "feeds.md").read_text("utf-8")
    assert re.search(rf"\b{name}\b", page, re.IGNORECASE), "docs/guide/feeds.md says what is read of it"


def test_a_format_that_lacks_a_name_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(FORMATS["codeco"], "split")
    with pytest.raises(ImportError, match=r"codeco\.py lacks split"):
        feeds.formats()


# ---------------------------------------------------------------- its samples


def test_every_folder_of_samples_is_of_a_format() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_has_a_good_and_a_broken_sample(name: str) -> None:
    found = Counter(path.stem.partition("_")[0] for path in samples(name))
    assert set(found) == {"good", "broken"}
    assert all(len(told(path)["about"].split()) > 3 for path in samples(name))


@pytest.mark.parametrize(("module", "path"), EVERY)
def test_what_must_come_of_a_sample_comes_of_it(module: ModuleType, path: Path) -> None:
    said = told(path)
    if "parts" in said:
        got = [
            {"start": part.start, "end": part.end, "records": [described(item) for item in items]} for part, items in messages(module, path)
        ]
        assert got == said["parts"]
    else:
        ((part, items),) = messages(module, path)
        assert (part.start, part.end) == (0, path.stat().st_size)
        assert [described(item) for item in items] == said["records"]


@pytest.mark.parametrize(("module", "path"), EVERY)
def test_a_good_sample_is_read_whole_and_of_a_broken_one_it_is_said_why_not(module: ModuleType, path: Path) -> None:
    items = [item for _, each in messages(module, path) for item in each]
    unread = [item for item in items if isinstance(item, Unreadable)]
    if path.stem.startswith("broken"):
        unclassified = [item for item in items if isinstance(item, BoxRecord | FactRecord) and item.given == "unclassified" and item.why]
        assert unread or unclassified
    else:
        assert not unread
        assert any(isinstance(item, BoxRecord | FactRecord | SignalRecord | LedgerRecord | ListRecord | DocumentRecord) for item in items)


@pytest.mark.parametrize(("module", "path"), EVERY)
def test_a_reader_yields_what_is_declared_and_nothing_twice(module: ModuleType, path: Path) -> None:
    known = reasons()
    for _, items in messages(module, path):
        assert all(type(item) in DECLARED for item in items)
        assert [n for n, item in enumerate(items) if isinstance(item, Envelope)] in ([], [0]), "at most one, and first"
        kept = [item.position for item in items if isinstance(item, BoxRecord | FactRecord | LedgerRecord)]
        assert len(kept) == len(set(kept)), "positions are unique in a message"
        assert all(kept)
        for item in items:
            if isinstance(item, Unreadable):
                assert item.scope in SCOPES
                assert item.position
                assert item.reason in known
                assert len(item.excerpt) <= 120
                assert not item.excerpt or item.excerpt.isprintable()
            if isinstance(item, BoxRecord):
                assert item.event in (*codes.EVENTS, "other")
                assert item.classifier in codes.CLASSIFIERS
                assert item.mode in codes.MODES
                assert item.direction in codes.DIRECTIONS
                assert item.full_empty in codes.FULL_EMPTY
                assert item.occurred_at is not None or item.given in ("unclassified", "status_only", "test")
            for value in (getattr(item, name, None) for name in ("occurred_at", "effective_at", "listed_at", "at", "prepared_at")):
                assert value is None or value.utcoffset() is not None, "times are aware"
        left = [item for item in items if isinstance(item, Leftover)]
        assert all(item.name.strip() and item.count >= 1 for item in left), "what is not taken is named and counted"
        assert len({item.name for item in left}) == len(left)


@pytest.mark.parametrize(("module", "path"), EVERY)
def test_bytes_and_a_file_are_read_alike_and_a_second_time_alike(module: ModuleType, path: Path) -> None:
    raw, said = path.read_bytes(), told(path)
    parts = list(module.split(raw))
    assert list(module.split(io.BytesIO(raw))) == parts
    assert all(0 <= a.start < a.end <= len(raw) for a in parts)
    assert all(a.end <= b.start for a, b in pairwise(parts))
    for part in parts:
        own = raw[part.start : part.end]
        once = list(module.read(own, place(said), said["options"]))
        assert list(module.read(own, place(said), said["options"])) == once
        assert list(module.read(io.BytesIO(own), place(said), said["options"])) == once


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("raw", [b"", b" ", b"\x00", b"\xff\xfe\x00", b"%PDF-1.7\n", b'{"a": 1}', b"UNB", b"a,b\n1,2\n"])
def test_whatever_comes_is_answered_with_a_reason(name: str, raw: bytes) -> None:
    module = FORMATS[name]
    parts = list(module.split(raw)) or [feeds.Part(0, len(raw))]  # a file without a message is one that says nothing
    items = [item for part in parts for item in module.read(raw[part.start : part.end], Somewhere(), {})]
    assert any(isinstance(item, Unreadable) for item in items)


@pytest.mark.parametrize("name", FORMATS)
def test_a_reader_streams(name: str) -> None:
    given = FORMATS[name].read(b"", Somewhere(), {})
    assert isinstance(given, Iterator), "records are handed out as they are read"


# ---------------------------------------------------------------- its reasons


GIVERS = ("Unreadable", "Fault", "unreadable", "_unreadable", "_first", "_fault", "fault")


def written(path: Path) -> Iterator[str]:
    """Every reason that stands in a file where one is given: `reason="..."`, `Fault("...")`, `unreadable("..." if x else "...")`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            own = ast.unparse(node.func).rpartition(".")[2] in GIVERS
            asked = [word.value for word in node.keywords if word.arg == "reason"] + (node.args[:1] if own else [])
            yield from (each for value in asked for each in choices(value))


def choices(value: ast.expr) -> Iterator[str]:
    """The words that an expression may be: a constant, or either side of an `if`."""
    if isinstance(value, ast.IfExp):
        yield from (*choices(value.body), *choices(value.orelse))
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_reason_given_has_its_sentence(path: Path) -> None:
    assert not set(written(path)) - set(reasons())


def test_reasons_are_looked_for_where_they_are_given() -> None:
    assert sum(1 for path in SOURCES for _ in written(path)) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_in_the_catalogue_of_every_language(language: str) -> None:
    text = yaml.safe_load((REPOSITORY / "layouts" / "_text" / language / "reasons.yaml").read_text("utf-8"))
    wanted = {*reasons(), "reference_reused", "reader_failed"}
    assert not wanted - set(text)
    assert all(NAME.fullmatch(key) for key in wanted)
    assert all(str(text[key]).strip() for key in wanted)
