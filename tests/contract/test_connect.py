"""docs/guide/connect.md keeps its word: its commands print what it quotes, its entries are declared, and every format has its page."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands._shared import settings
from data import clock
from data.declared import load
from data.feeds import formats
from data.settings import REPOSITORY
from tests.contract.test_commands import document, run
from zones import by_hand

SAMPLES = Path("docs/guide/samples")
PAGE = (REPOSITORY / "docs" / "guide" / "connect.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PIECES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ENTRIES: list[dict[str, Any]] = [entry for piece in PIECES for entry in yaml.safe_load(piece)]
NOW = datetime(2026, 4, 1, tzinfo=UTC)
EXIT = re.compile(r"exit ([12])")


def commands() -> list[tuple[str, list[str], int]]:
    """(command, quoted lines, exit code) of every command of the page."""
    told = []
    for block in BLOCKS:
        for piece in re.split(r"^\$ python app\.py ", block, flags=re.MULTILINE)[1:]:
            command, *lines = piece.splitlines()
            code = EXIT.fullmatch(lines[-1]) if lines else None
            told.append((command, lines[:-1] if code else lines, int(code[1]) if code else 0))
    return told


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The guide's samples and place in a folder of their own, as of a day of their year, with no database."""
    for name in [name for name in os.environ if name.startswith("ZONEWATCH_")]:
        monkeypatch.delenv(name)
    shutil.copytree(REPOSITORY / SAMPLES, tmp_path / SAMPLES)
    for file in (tmp_path / SAMPLES).glob("*.*"):
        os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    monkeypatch.setenv("ZONEWATCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ZONEWATCH_PLACES", str(tmp_path / SAMPLES / "places"))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("command", "quoted", "code"), commands(), ids=[command for command, _, _ in commands()])
def test_every_command_prints_what_the_guide_quotes_in_that_order(site: Path, command: str, quoted: list[str], code: int) -> None:
    result = run(*shlex.split(command))
    assert (result.exit_code, result.stderr) == (code, ""), result.output
    assert quoted, "a command whose output nobody is told of"
    lines = iter(result.stdout.splitlines())
    for quote in quoted:
        begin, cut, _ = quote.partition(" ...")
        found = any(line.startswith(begin) if cut else line == quote for line in lines)
        assert found, f"{quote!r} does not come (here) any more:\n{result.stdout}"


def test_every_format_has_its_page_with_a_sample_tried_before_and_after_it_is_declared() -> None:
    tried = [shlex.split(command) for command, _, _ in commands()]
    format_of = {entry["id"]: entry["format"] for entry in ENTRIES}
    for name in [name for name in formats() if name != by_hand.FORMAT]:  # which nobody declares
        headed = [body for head, body in SECTIONS.items() if name in head.partition(":")[0].split(" ")]
        assert len(headed) == 1, f"{name} has no page"
        assert f"format: {name}\n" in headed[0]
        assert all(f"**{part}**" in headed[0] or f"**{part}." in headed[0] for part in ("Decide", "On the screens", "Not taken")), name
        assert any(words[1].partition(".")[0].startswith(str(SAMPLES / name)) and "--feed" not in words for words in tried), name
        assert any("--feed" in words and format_of[words[-1]] == name for words in tried), name


def test_every_sample_is_used() -> None:
    there = {str(file.relative_to(REPOSITORY)) for file in (REPOSITORY / SAMPLES).glob("*.*")}
    assert there == {shlex.split(command)[1] for command, _, _ in commands()}


def test_every_entry_is_the_one_that_the_sample_place_declares(site: Path) -> None:
    declared = yaml.safe_load((REPOSITORY / SAMPLES / "places" / "demo-port" / "place.yaml").read_text("utf-8"))["feeds"]
    assert declared == ENTRIES
    world = load(settings())
    assert [feed.id for feed in world.place("demo-port").feeds] == [entry["id"] for entry in ENTRIES]


def test_nobody_real_is_in_a_sample() -> None:
    for file in (REPOSITORY / SAMPLES).glob("*.*"):
        if file.suffix != ".xlsx":
            text = file.read_text("cp1258" if file.name == "gate_csv.csv" else "utf-8")
            assert not [number for number in re.findall(r"\b[A-Z]{3}[UJZ][0-9]{7}\b", text) if not number.startswith("ZZD")], file.name


def test_a_backfill_takes_from_every_sample_what_was_told(site: Path) -> None:
    document("migrate", "--json")
    for command, quoted, _ in commands():
        _, file, *more = shlex.split(command)
        if "--feed" in more:
            read, rejected = map(int, re.findall(r"^read (\d+), rejected (\d+)", "\n".join(quoted), re.MULTILINE)[0])
            came = document("ingest", "--feed", more[-1], "--received-at", "mtime", "--json", file)["total"]
            assert (came["messages"], came["reports"], came["rejected"]) == (1, read, rejected), command
    assert document("verify", "--json")["ok"]
