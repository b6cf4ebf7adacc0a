"""The files of a folder (file:///srv/in/*.edi): complete files only, nothing but files."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from data import clock
from data.settings import Credentials
from data.sources._source import BETWEEN_LOOKS_S, NOTHING, UNFINISHED, BadSource, Found, Known, StillWriting, shown_name
from data.store.types import from_microseconds

SETTLED_S = 60.0  # a file that nothing has touched for so long is complete


@dataclass(slots=True)
class Folder:
    """The files of a folder by a pattern (file:///srv/in/*.edi, `**` for folders below); no links, pipes, devices or dot files.

    A file still being written is left alone: it counts as complete when nothing touched it for a minute, or when two looks two seconds
    apart show the same size and time. `fetch` compares once more after the last byte.
    """

    base: Path
    pattern: str
    wait: Callable[[float], None] = clock.sleep
    _paths: dict[str, Path] = field(default_factory=dict)

    def list(self, known: Known = NOTHING) -> list[Found]:
        first = self._look()
        if any(fresh for _, fresh in first.values()):
            self.wait(BETWEEN_LOOKS_S)
            again = self._look()
            first = {path: (seen, False) for path, (seen, fresh) in first.items() if not fresh or again.get(path, (None, True))[0] == seen}
        self._paths.clear()
        listed: list[Found] = []
        for path, (seen, _) in sorted(first.items(), key=lambda item: (item[1][0].st_mtime_ns, str(item[0]))):
            name = shown_name(path.relative_to(self.base), taken=self._paths)
            self._paths[name] = path
            listed.append(Found(name, seen.st_size, modified_at(seen)))
        return listed

    def fetch(self, found: Found) -> BinaryIO:
        path = self._paths.get(found.name)
        if path is None:
            raise BadSource(f"{found.name} was not listed")
        file = open_regular(path)
        said = os.fstat(file.fileno())
        if (said.st_size, modified_at(said)) != (found.size, found.modified_at):
            file.close()
            raise StillWriting(found.name)
        return file

    def whole(self, found: Found, file: BinaryIO) -> bool:
        return unchanged(file, found)

    def look(self) -> str:
        return f"{len(self._look())} files"

    def close(self) -> None:
        """Nothing is held open."""

    def named(self, path: Path) -> Found | None:
        """A file as `list` would give it, None if it does not lie in this folder."""
        try:
            inner = path.resolve().relative_to(self.base.resolve())
        except ValueError:
            return None
        said = path.stat()
        return Found(shown_name(inner), said.st_size, modified_at(said))

    def _look(self) -> dict[Path, tuple[Seen, bool]]:
        """Each regular file with what is seen of it and whether it is fresh (touched within a minute)."""
        if not self.base.is_dir():
            raise BadSource(f"there is no folder {self.base}")
        now = clock.real_now().timestamp()
        seen: dict[Path, tuple[Seen, bool]] = {}
        try:
            for path in self.base.glob(self.pattern):
                if path.name.startswith(".") or path.name.lower().endswith(UNFINISHED):
                    continue
                try:
                    said = path.lstat()
                except FileNotFoundError:
                    continue  # taken away meanwhile
                if stat.S_ISREG(said.st_mode):
                    # The time of last change of status cannot be set: a file that is copied with its old time is still seen to be new.
                    touched = said.st_ctime if os.name == "posix" else said.st_mtime
                    seen[path] = (Seen(said.st_size, said.st_mtime_ns), now - touched < SETTLED_S)
        except OSError as error:
            raise BadSource(f"cannot list {self.base}: {error.strerror}") from error
        return seen


@dataclass(frozen=True, slots=True)
class Seen:
    """What two looks at a file are compared by."""

    st_size: int
    st_mtime_ns: int


def open_regular(path: Path) -> BinaryIO:
    """A regular file opened for reading, never a link, pipe or device. Errors: BadSource."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        raise BadSource(f"cannot read {path.name!r}: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise BadSource(f"{path.name!r} is not a file")
    return os.fdopen(handle, "rb")


def unchanged(file: BinaryIO, found: Found) -> bool:
    """Whether an open file is still what was listed: to be asked after its last byte was read."""
    said = os.fstat(file.fileno())
    return (said.st_size, modified_at(said)) == (found.size, found.modified_at)


def open_folder(url: str, _: Credentials, fetch: Mapping[str, Any]) -> Folder:
    """The folder of a URL or path. Errors: BadSource."""
    if fetch:
        raise BadSource(f"fetch: nothing of it has a meaning for a folder ({', '.join(sorted(map(str, fetch)))})")
    path = Path(unquote(urlsplit(url).path) if "://" in url else url)
    if not path.is_absolute() or urlsplit(url).netloc not in ("", "localhost"):
        raise BadSource(f"{url}: a folder is named from the root (file:///srv/in/*.edi)")
    parts = path.parts[1:]
    fixed = next((n for n, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    if fixed == len(parts):  # a folder: all its files; or one file by name
        return Folder(path, "*") if url.endswith("/") or path.is_dir() else Folder(path.parent, path.name)
    return Folder(Path(path.root, *parts[:fixed]), "/".join(parts[fixed:]))


def modified_at(said: os.stat_result | Seen) -> datetime:
    """When a file was last changed, to the microsecond, exactly (a float of seconds would not compare equal)."""
    return from_microseconds(said.st_mtime_ns // 1000)
