"""The files of a folder of an SFTP server (sftp://host:22/out/*.edi). The server is known by its key, as declared; never by first sight.

A file counts as complete when two looks two seconds apart show the same size and time; both are compared once more after the last byte.
"""

from __future__ import annotations

import contextlib
import fnmatch
import io
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

import paramiko

from data import clock
from data.settings import Credentials
from data.sources._http import Pieces
from data.sources._reach import Deadline, told
from data.sources._source import (
    BETWEEN_LOOKS_S,
    NOTHING,
    UNFINISHED,
    BadSource,
    Found,
    Known,
    StillWriting,
    Unreached,
    filled,
    shown_name,
)
from data.sources._ssh import SftpForm, as_sent, signed_in

REQUEST = 1 << 15  # the library's threads that ask ahead die of a broken connection unheard: one request after another will do


@dataclass(slots=True)
class Sftp:
    """A source of the files of one folder."""

    host: str
    port: int
    folder: str
    pattern: str
    how: SftpForm
    credentials: Credentials
    wait: Callable[[float], None] = clock.sleep
    _paths: dict[str, str] = field(default_factory=dict)
    _client: paramiko.SFTPClient | None = None
    _deadline: Deadline | None = None

    def list(self, known: Known = NOTHING) -> list[Found]:
        first = self._look()
        if any(not _found(shown_name(PurePosixPath(name)), said).same(known.files.get(name)) for name, said in first.items()):
            self.wait(BETWEEN_LOOKS_S)
            again = self._look()
            first = {name: said for name, said in first.items() if name in again and _marks(again[name]) == _marks(said)}
        self._paths.clear()
        listed: list[Found] = []
        for name, said in sorted(first.items(), key=lambda item: (item[1].st_mtime or 0, item[0])):
            shown = shown_name(PurePosixPath(name), taken=self._paths)
            self._paths[shown] = f"{self.folder}/{name}"
            listed.append(_found(shown, said))
        return listed

    def fetch(self, found: Found) -> BinaryIO:
        path = self._paths.get(found.name)
        if path is None:
            raise BadSource(f"{found.name} was not listed")
        with self._told():
            client = self._connected()
            if not stat.S_ISREG(client.lstat(as_sent(path)).st_mode or 0):
                raise BadSource(f"{found.name!r} is not a file")
            file = client.open(as_sent(path), "rb")
            if _marks(file.stat()) != _of(found):
                file.close()
                raise StillWriting(found.name)
        return cast(BinaryIO, io.BufferedReader(Pieces(self._pieces(file, found))))

    def whole(self, found: Found, file: BinaryIO) -> bool:
        """By name: a file that was put in the place of the one being read leaves the open one as it was."""
        with self._told():
            return _marks(self._connected().lstat(as_sent(self._paths[found.name]))) == _of(found)

    def look(self) -> str:
        return f"{len(self._look())} files"

    def close(self) -> None:
        if self._deadline:
            self._deadline.over()
        if self._client:
            transport = self._client.get_channel().get_transport()
            with contextlib.suppress(EOFError, OSError, paramiko.SSHException):  # a connection that broke need not be told goodbye
                self._client.close()
            transport.close()
        self._client = self._deadline = None

    def _pieces(self, file: paramiko.SFTPFile, found: Found) -> Iterator[bytes]:
        limit = self.how.largest_mb << 20
        if found.size > limit:
            raise BadSource(f"{found.name}: larger than {self.how.largest_mb} MB")
        with self._told(), file:
            left = found.size
            while left and (piece := file.read(min(REQUEST, left))):
                left -= len(piece)
                yield piece
        if left:
            raise StillWriting(found.name)

    def _look(self) -> dict[str, paramiko.SFTPAttributes]:
        """Each regular file by its name. A name with a path in it is not a name: left alone."""
        with self._told():
            found = self._connected().listdir_attr(self.folder)
        seen = {}
        for said in found:
            name = said.filename
            if "/" in name or "\0" in name or name.startswith(".") or name.lower().endswith(UNFINISHED):
                continue
            if stat.S_ISREG(said.st_mode or 0) and fnmatch.fnmatchcase(name, self.pattern):
                seen[name] = said
        return seen

    # ---------------------------------------------------------------- the connection

    def _connected(self) -> paramiko.SFTPClient:
        if self._client is None:
            self._client, self._deadline = signed_in(self.host, self.port, self.how, self.credentials)
        return self._client

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the library raises, in words. A connection that broke is not used again: the next file gets a new one."""
        where = f"sftp://{self.host}:{self.port}"
        try:
            with told(where, self._deadline, self.how):
                try:
                    yield
                except (FileNotFoundError, PermissionError) as error:
                    raise BadSource(f"{where}: {self.folder}: {error.strerror}") from error
        except Unreached:
            self.close()
            raise
        except (BadSource, StillWriting):
            raise
        except UnicodeDecodeError as error:
            raise BadSource(f"{where}: what the server answers is not UTF-8") from error
        except paramiko.SSHException as error:
            passed = self._deadline and self._deadline.passed
            self.close()
            raise Unreached(f"{where}: {f'not done within {self.how.total_s:g} s' if passed else error}") from error


def _marks(said: paramiko.SFTPAttributes) -> tuple[int, int]:
    return said.st_size or 0, said.st_mtime or 0


def _of(found: Found) -> tuple[int, int]:
    return found.size, int(found.modified_at.timestamp())


def _found(name: str, said: paramiko.SFTPAttributes) -> Found:
    size, changed = _marks(said)
    return Found(name, size, datetime.fromtimestamp(changed, UTC))


def open_sftp(url: str, credentials: Credentials, fetch: Mapping[str, Any]) -> Sftp:
    """The folder of a URL. Errors: BadSource."""
    parts = urlsplit(url)
    if not parts.hostname or parts.query or parts.fragment:
        raise BadSource(f"{url}: expected sftp://HOST:PORT/folder/*.edi")
    if parts.username or parts.password:
        raise BadSource(f"{url}: the user goes to ZONEWATCH_FEED_<ID>_USER")
    folder, _, pattern = unquote(parts.path).rpartition("/")
    if set(folder) & set("*?["):
        raise BadSource(f"{url}: a pattern may stand in the last part only")
    how: SftpForm = filled(SftpForm, fetch)
    if not how.host_key:
        raise BadSource(f"fetch.host_key: the key of {parts.hostname} is not declared (compare what ssh-keyscan shows)")
    return Sftp(parts.hostname, parts.port or 22, folder or "/", pattern or "*", how, credentials)
