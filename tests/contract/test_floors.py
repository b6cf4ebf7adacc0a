"""The three floors: arrows only go down. Held by looking at what each file imports and calls; every fault is told at once."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from data.settings import REPOSITORY

OURS = ("zones", "data", "layouts", "commands")
# What stands in the middle is pure: no database, no web, no network, no files, no environment.
ZONES_MAY = {"zones", "msgspec", "pint", "pydantic", "pydantic_core", "yaml"}
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
ZONES_NEVER_CALL = {"open", "print", "input", "eval", "exec"}
DATA_NEVER = {"layouts", "commands", "app", "dash", "flask", "plotly", "werkzeug"}
LAYOUTS_MAY = ("data.queries", "data.actions")
PARTS_MAY = (*LAYOUTS_MAY, "data.people", "data.clock", "data.settings", "data.store.engine")
LAYOUTS_NEVER = {"commands", "app", "sqlalchemy", "sqlite3", "psycopg"}
NEVER = {"pickle", "diskcache", "joblib", "shelve", "dill"}
CLOCK = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "monotonic"), ("time", "perf_counter"), ("time", "sleep"), ("time", "time_ns"),
}  # fmt: skip
ENVIRONMENT = {("os", "environ"), ("os", "getenv")}
LONGEST, LONGEST_DOOR = 400, 80


def files(*folders: str) -> list[Path]:
    """Every module of some folders, and app.py where it is asked for."""
    found = [path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*.py"))]
    assert found
    return [*found, REPOSITORY / "app.py"] if "app" in folders else found


@cache
def tree(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[str]:
    """The full name of every module a file imports, wherever in the file (`from data import clock` is data.clock)."""
    for node in tree(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            whole = node.module in ("data", "data.store", "zones", "layouts")
            yield from (f"{node.module}.{alias.name}" if whole else str(node.module) for alias in node.names)


def tops(path: Path) -> set[str]:
    """The packages a file imports from."""
    return {name.partition(".")[0] for name in imports(path)}


def used(path: Path) -> Iterator[tuple[int, tuple[str, str]]]:
    """Every `name.attribute` of a file with its line."""
    for node in tree(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.lineno, (node.value.id, node.attr)


def said(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def hold(faults: list[str]) -> None:
    assert not faults, "\n".join(["", *faults])


def test_zones_are_pure() -> None:
    faults = []
    for path in files("zones"):
        packages = tops(path)
        foreign = (packages & ZONES_NEVER) | ({name for name in packages if name not in sys.stdlib_module_names} - ZONES_MAY)
        calls = {node.func.id for node in tree(path) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)} & ZONES_NEVER_CALL
        faults += [f"{said(path)}: {', '.join(sorted(foreign | calls))}"] if foreign or calls else []
    hold(faults)


def test_data_knows_no_screen() -> None:
    hold([f"{said(path)}: {', '.join(foreign)}" for path in files("data") if (foreign := sorted(tops(path) & DATA_NEVER))])


def test_layouts_ask_only_queries_and_actions() -> None:
    faults = []
    for path in files("layouts"):
        allowed = PARTS_MAY if path.parent.name.startswith("_") else LAYOUTS_MAY
        for name in imports(path):
            below = name.partition(".")[0] == "data" and not any(name == one or name.startswith(f"{one}.") for one in allowed)
            if below or name.partition(".")[0] in LAYOUTS_NEVER:
                faults.append(f"{said(path)} imports {name}")
    hold(faults)


def test_one_module_reads_the_clock() -> None:
    elsewhere = [path for path in files(*OURS, "app") if said(path) != "data/clock.py"]
    hold([f"{said(path)} line {line}: {'.'.join(what)}" for path in elsewhere for line, what in used(path) if what in CLOCK])


def test_one_module_reads_the_environment() -> None:
    elsewhere = [path for path in files("zones", "data", "layouts") if said(path) != "data/settings.py"]
    hold([f"{said(path)} line {line}: {'.'.join(what)}" for path in elsewhere for line, what in used(path) if what in ENVIRONMENT])


def test_nothing_is_unpickled() -> None:
    hold([said(path) for path in files(*OURS, "app") if tops(path) & NEVER])


def test_no_file_outgrows_itself() -> None:
    """Migrations are written by a program and read in differences."""
    counted = {
        said(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files(*OURS, "app") if path.parent.name != "versions"
    }
    hold([f"{name} has {lines} lines" for name, lines in counted.items() if lines > (LONGEST_DOOR if name == "app.py" else LONGEST)])
