"""The bytes as they came, one file a content, under HOME/raw/<ab>/<sha256>.

Written once, never changed, never named by what a sender called them.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

CHUNK = 1 << 20
SYNC_AT_ONCE = 16  # from so many files on, one sync of the file system is cheaper than one a file


class RawFailed(Exception):
    """The raw store gave an error instead of bytes that it has: the fault of a disk, not of a message, and what was being read of it does
    not count. No OSError, lest whoever unpacks or reads takes it for damage of the file."""


@dataclass(slots=True)
class Raw:
    """The raw store of a site. `settle` must be called before the database says that a file is kept."""

    home: Path
    _unsettled: list[Path] = field(default_factory=list)

    def path(self, sha256: str) -> Path:
        """Where the content with this hash lies."""
        return self.home / "raw" / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The content, for reading. Errors: FileNotFoundError when the raw store was damaged."""
        return self.path(sha256).open("rb")

    def keep(self, source: BinaryIO) -> tuple[str, int]:
        """Copy a delivery; gives (sha256, bytes). The copy is complete on disk only after `settle`."""
        temporary = self.home / "raw" / "tmp" / uuid4().hex
        temporary.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        try:
            with temporary.open("wb") as out:
                while piece := source.read(CHUNK):
                    digest.update(piece)
                    size += out.write(piece)
        except BaseException:  # the source broke off, or a member of an archive is damaged
            temporary.unlink(missing_ok=True)
            raise
        sha256 = digest.hexdigest()
        place = self.path(sha256)
        if place.exists() and place.stat().st_size == size:
            temporary.unlink()
            return sha256, size
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(place)
        self._unsettled.append(place)
        return sha256, size

    def settle(self) -> None:
        """Make everything kept so far survive a power cut: content first, then the names."""
        if len(self._unsettled) >= SYNC_AT_ONCE and hasattr(os, "sync"):
            os.sync()
        else:
            _fsync(self._unsettled)
            _fsync({path.parent for path in self._unsettled})
            if self._unsettled:
                _fsync([self.home / "raw"])
        self._unsettled.clear()


def _fsync(paths: Iterable[Path]) -> None:
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Window(io.RawIOBase):
    """Bytes [start, end) of a file as a file of their own: one message of several, without copying it."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        super().__init__()
        self._file, self._start, self._end, self._at = file, start, end, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end - self._start}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, into: object) -> int:
        view = memoryview(into)  # type: ignore[arg-type]
        piece = self._read(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def read(self, size: int | None = -1) -> bytes:
        left = self._end - self._start - self._at
        return self._read(left if size is None or size < 0 else min(size, left))

    def _read(self, size: int) -> bytes:
        size = min(size, self._end - self._start - self._at)
        if size <= 0:
            return b""
        try:
            self._file.seek(self._start + self._at)
            piece = self._file.read(size)
        except OSError as error:
            raise RawFailed(f"the raw store cannot be read: {error.strerror or error}") from error
        self._at += len(piece)
        return piece
