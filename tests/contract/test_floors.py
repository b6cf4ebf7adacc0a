"""The three floors: arrows only go down. Held by looking at what each file imports and calls."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.settings import REPOSITORY

OURS = ("zones", "data", "layouts", "commands")
# What stands in the middle is pure: no database, no web, no network, no files, no environment.
ZONES_MAY = {"zones", "pydantic", "pydantic_core", "yaml"}
ZONES_NEVER = {
    "os",
    "pathlib",
    "io",
    "socket",
    "ssl",
    "urllib",
    "http",
    "subprocess",
    "sqlite3",
    "time",
    "threading",
    "asyncio",
    "shutil",
    "tempfile",
}
DATA_NEVER = {"layouts", "commands", "app", "dash", "flask", "plotly", "werkzeug"}
LAYOUTS_MAY = ("data.queries", "data.actions")
PARTS_MAY = (*LAYOUTS_MAY, "data.people", "data.clock", "data.settings", "data.store.engine")
NEVER = {"pickle", "diskcache", "joblib", "shelve", "dill"}
CLOCK = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "monotonic"), ("time", "perf_counter"), ("time", "sleep"), ("time", "time_ns"),
}  # fmt: skip
LONGEST = 400


def files(*folders: str) -> list[Path]:
    """Every module of some folders, and app.py."""
    found = [path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*.py"))]
    return [*found, REPOSITORY / "app.py"] if "app" in folders else found


def imports(path: Path) -> Iterator[str]:
    """The full name of every module a file imports, wherever in the file (`from data import clock` is data.clock)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (
                f"{node.module}.{alias.name}" if node.module in ("data", "data.store", "zones", "layouts") else str(node.module)
                for alias in node.names
            )


def said(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


@pytest.mark.parametrize("path", files("zones"), ids=said)
def test_zones_are_pure(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imports(path)}
    assert not tops & ZONES_NEVER
    assert not {top for top in tops if top not in sys.stdlib_module_names} - ZONES_MAY
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"open", "print", "input", "eval", "exec"}


@pytest.mark.parametrize("path", files("data"), ids=said)
def test_data_knows_no_screen(path: Path) -> None:
    assert not {name.partition(".")[0] for name in imports(path)} & DATA_NEVER


@pytest.mark.parametrize("path", files("layouts"), ids=said)
def test_layouts_ask_only_queries_and_actions(path: Path) -> None:
    allowed = PARTS_MAY if path.parent.name.startswith("_") else LAYOUTS_MAY
    for name in imports(path):
        top = name.partition(".")[0]
        assert top not in ("commands", "app", "sqlalchemy", "sqlite3", "psycopg"), f"{said(path)} imports {name}"
        if top == "data":
            assert any(name == one or name.startswith(f"{one}.") for one in allowed), f"{said(path)} imports {name}"


@pytest.mark.parametrize("path", files(*OURS, "app"), ids=said)
def test_one_module_reads_the_clock(path: Path) -> None:
    if said(path) == "data/clock.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            assert (node.func.value.id, node.func.attr) not in CLOCK, f"{said(path)} line {node.lineno} reads the clock"


@pytest.mark.parametrize("path", files("zones", "data", "layouts"), ids=said)
def test_one_module_reads_the_environment(path: Path) -> None:
    if said(path) == "data/settings.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {("os", "environ"), ("os", "getenv")}, (
                f"{said(path)} line {node.lineno} reads the environment"
            )


@pytest.mark.parametrize("path", files(*OURS, "app"), ids=said)
def test_nothing_is_unpickled_and_no_file_outgrows_itself(path: Path) -> None:
    assert not {name.partition(".")[0] for name in imports(path)} & NEVER
    if path.parent.name == "versions":
        return  # written by a program, read in differences
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (80 if path.name == "app.py" and path.parent == REPOSITORY else LONGEST), f"{said(path)} has {lines} lines"
