"""Declarations from their folders: the only place where place.yaml, areas.geojson, files of limits and lists beside them are opened.

A folder of places holds one folder a place; a folder of limits one file a jurisdiction. Later folders add, or replace by id. What cannot
be read stops the start, with every mistake of every file. Each version that was ever in force is kept by its hash, with its time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Lock

import sqlalchemy as sa

from data import clock, feeds, sources
from data.settings import Settings
from data.store import tables
from data.store.bulk import upsert
from zones.world import BadDeclaration, BadDeclarations, File, Folder, LimitsText, World

EVERY_S = 15.0
log = logging.getLogger(__name__)
YAML = (".yaml", ".yml")
TEXTS = (*YAML, ".geojson", ".json")
LISTS = (".csv", ".txt")  # beside files of limits


def load(settings: Settings) -> World:
    """The world as the settings name it. Errors: zones.world.BadDeclarations."""
    faults: list[BadDeclaration] = []
    missing = [folder for folder in (*settings.places, *settings.limits) if not folder.is_dir()]
    # A fresh site has no places yet; any other folder was named by somebody.
    faults += [BadDeclaration(str(f), 0, "", "there is no such folder") for f in missing if f != settings.home / "places"]
    places = list(_places(settings.places, faults))
    limits = list(_limits(settings.limits, faults))
    formats = {name: frozenset(module.SPEAKS_FOR) for name, module in feeds.formats().items()}
    try:
        world = World.build(places, limits, formats, sources.complaint)
    except BadDeclarations as bad:
        raise BadDeclarations([*faults, *bad.faults]) from None
    if faults:
        raise BadDeclarations(faults)
    return world


class InForce:
    """The world in force, for a process that goes on: a changed declaration is taken up within `EVERY_S` seconds.

    One that cannot be used leaves the old in force, and the log says why.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._world = load(settings)
        self._seen, self._looked = self._look(), clock.monotonic()
        self._lock = Lock()

    def __call__(self) -> World:
        """The world now."""
        with self._lock:
            if clock.monotonic() - self._looked >= EVERY_S:
                self._looked = clock.monotonic()
                if (seen := self._look()) != self._seen:
                    self._seen = seen
                    try:
                        self._world = load(self.settings)
                    except BadDeclarations:
                        log.exception("a declaration was changed and cannot be used; the ones before stay in force")
            return self._world

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        looked = ((self.settings.places, TEXTS), (self.settings.limits, (*TEXTS, *LISTS)))
        found = (p for folders, endings in looked for top in folders if top.is_dir() for p in top.rglob("*") if p.suffix in endings)
        return tuple(sorted((str(p), s.st_mtime_ns, s.st_size) for p in found if (s := p.stat())))


def remember(conn: sa.Connection, world: World, at: datetime) -> tuple[File, ...]:
    """Keep what is in force from `at` on, in the transaction of `conn`; the files that were not known before."""
    table = tables.declared
    rows = conn.execute(sa.select(table.c.kind, table.c.id, table.c.sha256).order_by(table.c.loaded_at))
    latest = {(row.kind, row.id): row.sha256 for row in rows}
    new = tuple(file for file in world.files if latest.get((file.kind, file.id)) != file.sha256)
    # A version that is taken up again gets the time from which it is in force once more.
    upsert(
        conn,
        table,
        [{"kind": f.kind, "id": f.id, "sha256": f.sha256, "loaded_at": at, "text": f.text} for f in new],
        ("kind", "id", "sha256"),
        set=("loaded_at",),
    )
    return new


def _places(named: Iterable[Path], faults: list[BadDeclaration]) -> Iterator[Folder]:
    for layer, top in enumerate(named):
        inner = [top] if (top / "place.yaml").is_file() else _inside(top)
        for folder in inner:
            files = {path.name: text for path in _inside(folder, TEXTS) if (text := _text(path, faults)) is not None}
            if files:
                yield Folder(str(folder), files, layer)


def _limits(named: Iterable[Path], faults: list[BadDeclaration]) -> Iterator[LimitsText]:
    for layer, top in enumerate(named):
        beside = {path.name: _text(path, []) for path in _inside(top, LISTS)}
        for path in _inside(top, YAML):
            text = _text(path, faults)
            if text is not None:
                yield LimitsText(str(path), text, layer, beside)


def _inside(top: Path, endings: tuple[str, ...] | None = None) -> list[Path]:
    """What a folder holds, by name: its folders, or its files with one of the endings. Hidden ones are left out."""
    if not top.is_dir():
        return []
    return [
        path
        for path in sorted(top.iterdir())
        if not path.name.startswith(".") and (path.is_dir() if endings is None else path.is_file() and path.suffix in endings)
    ]


def _text(path: Path, faults: list[BadDeclaration]) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(BadDeclaration(str(path), 0, "", f"cannot be read as UTF-8 text: {error}"))
        return None
