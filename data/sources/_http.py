"""One HTTP request and its answer: TLS verified, no redirects, capped in size, time and ratio; the whole body or an error.

On the standard library: a request needs nothing more, and the socket is ours, so that the address that was looked at is the one connected
to (`_reach.py`). Every request has a connection of its own.
"""

from __future__ import annotations

import base64
import http.client
import io
import re
import ssl
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from data.settings import Credentials
from data.sources._reach import Deadline, connected, told
from data.sources._source import BadSource, Fetching, Unreached

PIECE = 1 << 16
RATIO, FREE = 100, 1 << 20  # what is unpacked may be so many times what came, beyond the first megabyte
AGENT = "zonewatch"


class Broken(Unreached):
    """The answer ended before its end: asking again may help."""


class Web(Fetching):
    """What may stand under `fetch` of an https source."""

    ca_file: str = ""  # certificates of the authority that the server is verified against, instead of the system's
    token_header: str = ""  # the header that takes the token as it is; "": Authorization: Bearer
    accept: str = ""
    api_version: str = ""  # header API-Version


@dataclass(slots=True)
class Answer:
    """Status, headers, and the body as it comes (`pieces`); to be closed."""

    status: int
    headers: Message
    where: str
    how: Web
    _connection: http.client.HTTPConnection
    _response: http.client.HTTPResponse
    _deadline: Deadline

    def pieces(self) -> Iterator[bytes]:
        """The body as sent. Errors: Broken."""
        response = self._response
        if response.length is None and not response.chunked:
            raise BadSource(f"{self.where}: the answer does not say where it ends (neither Content-Length nor chunked)")
        limit, came = self.how.largest_mb << 20, 0
        while True:
            try:
                with told(self.where, self._deadline, self.how):
                    piece = response.read(PIECE)
            except http.client.HTTPException as error:
                raise Broken(f"{self.where}: the connection broke in the middle ({type(error).__name__})") from error
            except Unreached as error:
                raise Broken(str(error)) from error
            if not piece:
                break
            came += len(piece)
            if came > limit:
                raise BadSource(f"{self.where}: larger than {self.how.largest_mb} MB")
            yield piece
        if response.length:  # the library says nothing when a connection ends too soon
            said = "not done in time" if self._deadline.passed else "the connection broke in the middle"
            raise Broken(f"{self.where}: {said}, {response.length} bytes short")

    def close(self) -> None:
        """Let go of the connection."""
        self._deadline.over()
        self._response.close()
        self._connection.close()


@dataclass(slots=True)
class Site:
    """The server of a URL, with who we are there."""

    url: SplitResult
    how: Web
    credentials: Credentials

    @property
    def where(self) -> str:
        """Its name for people: without what comes after `?`."""
        return f"{self.url.scheme}://{self.url.netloc}{self.url.path}"

    def get(self, target: str, headers: Mapping[str, str]) -> Answer:
        """Ask for a path (with its query) on this server. Errors: BadSource."""
        host, port = self.url.hostname or "", self.url.port or (443 if self.url.scheme == "https" else 80)
        asked = {"User-Agent": AGENT, "Connection": "close", **self._who(), **headers}
        if self.how.accept:
            asked["Accept"] = self.how.accept
        if self.how.api_version:
            asked["API-Version"] = self.how.api_version
        context = self._context()
        sock = connected(host, port, self.how)
        deadline = Deadline(sock, self.how.total_s)
        connection = http.client.HTTPConnection(host, port)
        try:
            with told(self.where, deadline, self.how):
                if context:
                    try:
                        sock = deadline.sock = context.wrap_socket(sock, server_hostname=host)
                    except ssl.SSLCertVerificationError as error:
                        raise BadSource(f"{host}: its certificate is not accepted: {error.verify_message}") from error
                connection.sock = sock
                connection.request("GET", target, headers=asked)
                response = connection.getresponse()
                if deadline.passed:
                    raise EOFError  # cut in the middle of the headers, which the library takes for their end
        except BaseException as error:
            deadline.over()
            connection.close()
            sock.close()
            if isinstance(error, http.client.InvalidURL | ValueError):  # a token with a line break in it, say
                raise BadSource(f"{self.where}: cannot be asked like this: odd letters in the address, the user or the token") from None
            if isinstance(error, http.client.HTTPException):
                raise Unreached(f"{self.where}: not an answer of HTTP ({type(error).__name__})") from error
            raise
        return Answer(response.status, response.headers, self.where, self.how, connection, response, deadline)

    def _who(self) -> dict[str, str]:
        who = self.credentials
        if self.url.scheme == "http" and not self.how.private and (who.user or who.password or who.token):
            raise BadSource(f"{self.where}: no password or token is sent over http:// to a public address; use https://")
        if who.token:
            return {self.how.token_header: who.token} if self.how.token_header else {"Authorization": f"Bearer {who.token}"}
        if who.user:
            return {"Authorization": "Basic " + base64.b64encode(f"{who.user}:{who.password}".encode()).decode()}
        return {}

    def _context(self) -> ssl.SSLContext | None:
        if self.url.scheme == "http":
            return None
        try:
            return ssl.create_default_context(cafile=self.how.ca_file or None)
        except OSError as error:
            raise BadSource(f"fetch.ca_file: {self.how.ca_file} cannot be used: {error.strerror or error}") from None


def site(url: str, how: Web, credentials: Credentials) -> Site:
    """The server of a URL. Errors: BadSource."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise BadSource(f"{url}: names no server")
    if parts.fragment or parts.username or parts.password:
        raise BadSource(f"{url}: neither a user nor a # may stand in it; the user goes to ZONEWATCH_FEED_<ID>_USER")
    if re.search(r"[\x00-\x20\x7f-\U0010ffff]", url):
        raise BadSource(f"{url!r}: not a URL: blanks and other letters are written %20")
    if how.token_header and not re.fullmatch(r"[A-Za-z0-9-]+", how.token_header):
        raise BadSource(f"fetch.token_header: {how.token_header!r} is not the name of a header")
    if how.ca_file and not Path(how.ca_file).is_absolute():
        raise BadSource("fetch.ca_file: name the file from the root")
    return Site(parts, how, credentials)


def unpacked(pieces: Iterator[bytes], encoding: str, where: str, largest: int) -> Iterator[bytes]:
    """The body as it was before it was packed for the way. Errors: BadSource for a bomb, or what is not gzip."""
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip"):
        raise BadSource(f"{where}: packed as {encoding!r}, which was not asked for")
    packed, came, made = zlib.decompressobj(31), 0, 0
    for piece in pieces:
        came += len(piece)
        rest = piece
        while rest:
            try:
                plain = packed.decompress(rest, PIECE)
            except zlib.error as error:
                raise BadSource(f"{where}: the packed answer cannot be unpacked ({error})") from error
            rest = packed.unconsumed_tail
            made += len(plain)
            if made > max(FREE, came * RATIO) or made > largest:
                raise BadSource(f"{where}: unpacks to more than {RATIO} times its size, or beyond the largest: refused")
            yield plain
            if packed.eof:
                break
    if not packed.eof:
        raise Broken(f"{where}: the packed answer ends in the middle")


class Pieces(io.RawIOBase):
    """Pieces of bytes as a file that is read once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: object) -> int:
        view = memoryview(into)  # type: ignore[arg-type]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        given = self._rest[: len(view)]
        view[: len(given)] = given
        self._rest = self._rest[len(given) :]
        return len(given)
