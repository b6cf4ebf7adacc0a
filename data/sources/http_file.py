"""One file at an address (https://host/out/gate.csv), fetched again when it changed: ETag, else Last-Modified.

A download that breaks is gone on with where the server says that it is still the same file (a strong ETag, If-Range).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from urllib.parse import unquote

from data.settings import Credentials
from data.sources._http import Answer, Broken, Pieces, Site, Web, site, unpacked
from data.sources._source import NOTHING, BadSource, Found, Known, StillWriting, filled, shown_name

RESUMES = 5  # times a broken download is gone on with before it waits for the next pull
_PAGED = ("Next-Page", "Next-Page-Cursor")


@dataclass(slots=True)
class HttpFile:
    """A source of one file."""

    site: Site
    _open: dict[str, Answer] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The last part of the path, for people."""
        path = PurePosixPath(unquote(self.site.url.path))
        return shown_name(PurePosixPath(path.name or self.site.url.hostname or "file"))

    def list(self, known: Known = NOTHING) -> Iterator[Found]:
        before = known.files.get(self.name)
        asked = {}
        if before and before.version:
            asked["If-None-Match"] = before.version
        elif before:
            asked["If-Modified-Since"] = format_datetime(before.modified_at.replace(microsecond=0), usegmt=True)
        answer = self._ask(asked)
        if answer.status == 304:
            answer.close()
            return
        try:
            changed = _date(answer.headers.get("Last-Modified")) or known.at
            self._open[self.name] = answer
            size = int(answer.headers.get("Content-Length") or 0)
            yield Found(self.name, size, changed, str(answer.headers.get("ETag") or "")[:400])
        finally:
            self.close()

    def fetch(self, found: Found) -> BinaryIO:
        answer = self._open.get(found.name)
        if answer is None:
            raise BadSource(f"{found.name} was not listed")
        encoding = str(answer.headers.get("Content-Encoding") or "").strip().lower()
        plain = unpacked(self._pieces(answer, found), encoding, self.site.where, self.site.how.largest_mb << 20)
        return cast(BinaryIO, io.BufferedReader(Pieces(plain)))

    def whole(self, found: Found, file: BinaryIO) -> bool:
        return True  # less than was announced is an error while reading

    def look(self) -> str:
        answer = self._ask({})
        answer.close()
        return f"answers, {answer.headers.get('Content-Length') or 'an unknown number of'} bytes"

    def close(self) -> None:
        for answer in self._open.values():
            answer.close()
        self._open.clear()

    def _ask(self, headers: Mapping[str, str]) -> Answer:
        url = self.site.url
        answer = self.site.get((url.path or "/") + (f"?{url.query}" if url.query else ""), {"Accept-Encoding": "identity", **headers})
        try:
            if answer.status not in (200, 304, *((206, 412) if "Range" in headers else ())):
                raise BadSource(refusal(answer))
            if paged := next((name for name in _PAGED if name in answer.headers), ""):
                raise BadSource(f"{self.site.where}: answers page by page ({paged}); say `fetch: {{pages: ...}}`")
        except BadSource:
            answer.close()
            raise
        return answer

    def _pieces(self, answer: Answer, found: Found) -> Iterator[bytes]:
        """The body, over as many connections as it takes."""
        strong = found.version if found.version.startswith('"') else ""
        limit, at, resumed = self.site.how.largest_mb << 20, 0, 0
        while True:
            try:
                for piece in answer.pieces():
                    at += len(piece)
                    if at > limit:
                        raise BadSource(f"{self.site.where}: larger than {self.site.how.largest_mb} MB")
                    yield piece
                return
            except Broken:
                resumed += 1
                if not strong or not at or resumed > RESUMES:
                    raise
            answer.close()
            answer = self._ask({"Range": f"bytes={at}-", "If-Range": strong})
            self._open[found.name] = answer
            if answer.status != 206 or answer.headers.get("ETag", strong) != strong:
                raise StillWriting(found.name)  # another file by now
            if not str(answer.headers.get("Content-Range", "")).startswith(f"bytes {at}-"):
                raise BadSource(f"{self.site.where}: asked to go on at byte {at}, answers {answer.headers.get('Content-Range')!r}")


def refusal(answer: Answer) -> str:
    """Why an answer is of no use, in words."""
    status, where = answer.status, answer.where
    if 300 <= status < 400:
        return f"{where}: sends us elsewhere ({status}, {str(answer.headers.get('Location'))[:200]!r}); declare the address where it is"
    words = {401: "who we are is not accepted", 403: "not allowed", 404: "nothing there", 429: "asked too often"}
    return f"{where}: {words.get(status, 'the server answers with an error')} ({status})"


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, IndexError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def open_http(url: str, credentials: Credentials, fetch: Mapping[str, Any]) -> HttpFile:
    """The file at a URL. Errors: BadSource."""
    return HttpFile(site(url, filled(Web, fetch), credentials))
