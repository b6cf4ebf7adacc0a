"""Where bytes come from. One class a kind of source, found by the scheme of a feed's `source`.

A source lists what lies there and opens what it listed; it writes nothing, keeps no bytes, and never uses a name it was told as a path.
To add one (SFTP, HTTP): a class with `list` and `fetch`, and a line in SCHEMES.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from data import clock
from data.settings import Credentials
from data.store.types import from_microseconds

UNFINISHED = (".part", ".tmp", ".filepart", ".partial", ".crdownload", ".swp", "~")
SETTLED_S = 60.0  # a file that nothing has touched for so long is complete
BETWEEN_LOOKS_S = 2.0  # a younger one must look the same twice, so far apart
NAME_LENGTH = 300


class BadSource(Exception):
    """The source cannot be used or reached; the message says why, in words for an operator."""


class StillWriting(Exception):
    """The file changed while it was read: leave it alone until the next look."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that lies at a source: its name there (printable, at most 300 characters), size in bytes, time of last change."""

    name: str
    size: int
    modified_at: datetime


class Source(Protocol):
    """What a feed's bytes are taken from."""

    def list(self) -> list[Found]:
        """Complete files, oldest first. Errors: BadSource."""

    def fetch(self, found: Found) -> BinaryIO:
        """The bytes of a file that `list` gave, to be read and closed. Errors: BadSource, StillWriting."""


def open_source(url: str, credentials: Credentials | None = None) -> Source:
    """The source of a feed's `source` URL. Errors: BadSource."""
    scheme = urlsplit(url).scheme.lower() if "://" in url else "file"
    make = SCHEMES.get(scheme)
    if make is None:
        raise BadSource(f"{scheme}:// is not a source yet; there are {', '.join(f'{name}://' for name in SCHEMES)}")
    return make(url, credentials or Credentials())


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

    def list(self) -> list[Found]:
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


def shown_name(path: PurePosixPath | Path, taken: dict[str, Path] | None = None) -> str:
    """A file's name as it may be kept and shown: nothing but printable characters, not too long, different from those `taken`."""
    name = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in path.as_posix())
    if len(name) > NAME_LENGTH:
        name = f"{name[: NAME_LENGTH - 20]}...{name[-16:]}"
    shown, n = name, 1
    while taken and shown in taken:
        n += 1
        shown = f"{name} ({n})"
    return shown


def _folder(url: str, _: Credentials) -> Source:
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


SCHEMES: dict[str, Callable[[str, Credentials], Source]] = {"file": _folder}
