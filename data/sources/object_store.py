"""Files of an object store, or of anything that fsspec opens (s3://bucket/in/*.csv, gs://, abfs://), by a pattern.

An object is whole when it is there; its ETag tells its versions apart. The driver of each scheme is the site's to install:
`pip install -r requirements-s3.txt` for s3. What S3 connects to is looked at like any other address; other drivers go their own way.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import fsspec

from data import clock
from data.settings import Credentials
from data.sources._http import PIECE, Pieces
from data.sources._reach import may_reach
from data.sources._source import NOTHING, UNFINISHED, BadSource, Fetching, Found, Known, StillWriting, Unreached, filled, shown_name

S3 = ("s3", "s3a")
_NEVER = frozenset({"local", "dir", "reference", "generic", "jupyter", "dask", "http", "https", "ssh", "sftp", "data"})  # ours, or no store
# What the drivers raise where nobody answers; none of their libraries is loaded but when one is used.
_GONE = frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError", "ClientConnectorError"})
_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)


class ObjectsForm(Fetching):
    """What may stand under `fetch` of an object store."""

    endpoint: str = ""  # of another store than Amazon's that speaks S3
    region: str = ""
    driver: dict[str, Any] = {}  # noqa: RUF012  (pydantic copies it)  what else the driver of another scheme takes


@dataclass(slots=True)
class Objects:
    """A source of the objects that match a pattern."""

    url: str
    how: ObjectsForm
    credentials: Credentials
    _system: Any = None
    _paths: dict[str, str] = field(default_factory=dict)

    def list(self, known: Known = NOTHING) -> list[Found]:
        self._paths.clear()
        listed: list[Found] = []
        for path, said in sorted(self._look().items(), key=lambda item: (_changed(item[1]) or _BEFORE, item[0])):
            inner = PurePosixPath(path.removeprefix(self._base()).lstrip("/"))
            name = shown_name(inner, taken=self._paths)
            self._paths[name] = path
            listed.append(Found(name, int(said.get("size") or 0), _changed(said) or known.at, _version(said)))
        return listed

    def fetch(self, found: Found) -> BinaryIO:
        path = self._paths.get(found.name)
        if path is None:
            raise BadSource(f"{found.name} was not listed")
        if found.size > self.how.largest_mb << 20:
            raise BadSource(f"{found.name}: larger than {self.how.largest_mb} MB")
        if not self.whole(found, io.BytesIO()):
            raise StillWriting(found.name)
        return cast(BinaryIO, io.BufferedReader(Pieces(self._pieces(path, found))))

    def whole(self, found: Found, file: BinaryIO) -> bool:
        with self._told():
            said = self._opened().info(self._paths[found.name], **({"refresh": True} if self._scheme() in S3 else {}))
        return (_version(said), int(said.get("size") or 0)) == (found.version, found.size)

    def look(self) -> str:
        return f"{len(self._look())} files"

    def close(self) -> None:
        self._system = None

    def _pieces(self, path: str, found: Found) -> Iterator[bytes]:
        ends, came = clock.monotonic() + self.how.total_s, 0
        with self._told(), self._opened().open(path, "rb", block_size=1 << 22, cache_type="readahead") as file:
            while piece := file.read(PIECE):
                came += len(piece)
                if clock.monotonic() > ends:
                    raise BadSource(f"{found.name}: not done within {self.how.total_s:g} s")
                yield piece
        if came != found.size:
            raise StillWriting(found.name)

    def _look(self) -> dict[str, dict[str, Any]]:
        with self._told():
            system = self._opened()
            system.invalidate_cache()
            path = system._strip_protocol(self.url)
            if self.url.endswith("/"):
                path = f"{path}/*"
            found = system.glob(path, detail=True)
            bucket = path.split("/")[0]
            if not found and self._scheme() in S3 and not system.exists(bucket):
                raise BadSource(f"{self.url}: there is no bucket {bucket!r}, or it may not be listed")  # an empty one is something else
        return {
            name: said
            for name, said in found.items()
            if said.get("type") == "file"
            and not PurePosixPath(name).name.startswith(".")
            and not name.lower().endswith(UNFINISHED)
            and not name.endswith("/")
        }

    # ---------------------------------------------------------------- the driver

    def _scheme(self) -> str:
        return self.url.partition("://")[0].lower()

    def _base(self) -> str:
        """The part of every path that the pattern fixes: names are told without it."""
        path = str(self._opened()._strip_protocol(self.url))
        fixed = []
        for part in path.split("/")[:-1]:
            if set(part) & set("*?["):
                break
            fixed.append(part)
        return "/".join(fixed)

    def _opened(self) -> Any:
        if self._system is None:
            try:
                self._system = fsspec.filesystem(self._scheme(), **self._arguments())
            except ImportError as error:
                do = "pip install -r requirements-s3.txt" if self._scheme() in S3 else str(error)
                raise BadSource(f"{self._scheme()}:// needs a driver that is not installed: {do}") from None
            if self._scheme() in S3:
                self._system.retries = 1  # the driver's own round of tries, about those of the library below it
        return self._system

    def _arguments(self) -> dict[str, Any]:
        who = self.credentials
        if self._scheme() not in S3:
            named = {"username": who.user, "password": who.password, "token": who.token}
            return {"use_listings_cache": False, **{k: v for k, v in named.items() if v}, **self.how.driver}
        client = {"endpoint_url": self.how.endpoint, "region_name": self.how.region}
        config = {
            "connect_timeout": self.how.connect_s,
            "read_timeout": self.how.read_s,
            "retries": {"total_max_attempts": 2},
            "connector_args": {"socket_factory": _only(self.how.private)},
        }
        return {
            "key": who.user or None,
            "secret": who.password or None,
            "token": who.token or None,
            "anon": not who.user,  # else the driver goes and looks for keys: in the environment, or at an address of the cloud
            "client_kwargs": {k: v for k, v in client.items() if v},
            "config_kwargs": config,
            "use_listings_cache": False,
            "skip_instance_cache": True,
        }

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the driver raises, in words: drivers raise what they like."""
        try:
            yield
        except (BadSource, StillWriting):
            raise
        except FileNotFoundError as error:
            raise BadSource(f"{self.url}: nothing there ({error})") from error
        except Exception as error:
            said = next((str(e) for e in _causes(error) if isinstance(e, Refused)), "")
            gone = not said and any(isinstance(e, ConnectionError | TimeoutError) or type(e).__name__ in _GONE for e in _causes(error))
            kind = Unreached if gone else BadSource
            raise kind(f"{self.url}: {said or f'{type(error).__name__}: {error}'}"[:500]) from error


class Refused(OSError):
    """An address that may not be reached."""


def _only(private: bool) -> Callable[[Any], socket.socket]:
    """Makes the socket for an address that was resolved already, if it may be reached."""

    def socket_of(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not may_reach(str(address[0]), private):
            raise Refused(f"{address[0]} is not a public address; is it ours, say `fetch: {{private: true}}`")
        return socket.socket(family, kind, protocol)

    return socket_of


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 20:
        yield error
        error, seen = error.__cause__ or error.__context__ or getattr(error, "os_error", None), seen + 1


def _version(said: Mapping[str, Any]) -> str:
    return str(said.get("ETag") or said.get("etag") or said.get("md5Hash") or "")[:400]


def _changed(said: Mapping[str, Any]) -> datetime | None:
    found = said.get("LastModified") or said.get("mtime") or said.get("updated") or said.get("last_modified") or said.get("created")
    if isinstance(found, int | float):
        return datetime.fromtimestamp(int(found), UTC)
    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found)
        except ValueError:
            return None
    if not isinstance(found, datetime):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def open_store(url: str, credentials: Credentials, fetch: Mapping[str, Any]) -> Objects:
    """The store of a URL. Errors: BadSource."""
    scheme, _, rest = url.partition("://")
    scheme = scheme.lower()
    if "::" in url or scheme in _NEVER or scheme not in fsspec.available_protocols():
        raise BadSource(f"{scheme}:// is not a source; there are file://, sftp://, https:// and what fsspec opens (s3://, gs://, ...)")
    how: ObjectsForm = filled(ObjectsForm, fetch)
    if scheme in S3 and how.driver:
        raise BadSource("fetch.driver: s3 has endpoint and region")
    if (how.endpoint or how.region) and scheme not in S3:
        raise BadSource(f"fetch: endpoint and region are of s3; {scheme} takes what it needs under `driver`")
    if how.endpoint and urlsplit(how.endpoint).scheme not in ("http", "https"):
        raise BadSource(f"fetch.endpoint: {how.endpoint!r} is not an address (https://store.example.com)")
    if how.endpoint.startswith("http://") and not how.private:
        raise BadSource("fetch.endpoint: http:// only within our own network (`private: true`)")
    if not rest.strip("/") and scheme != "memory":
        raise BadSource(f"{url}: names no bucket")
    return Objects(url, how, credentials)
