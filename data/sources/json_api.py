"""An API that answers page by page (https with `fetch: {pages: ...}`): each page is a delivery, as it came; what it says is the format's
business.

How the next page is named (`style`):

    dcsa22   header Next-Page: a URL, or a cursor (DCSA Track & Trace 2.2)
    dcsa30   header Next-Page-Cursor: a cursor; every parameter is repeated; absent on the last page, which may be empty (3.0)
    link     header Link: <URL>; rel="next" (RFC 8288)
    cursor   a cursor in the body, at `at` (dotted: meta.next); null, "" or absent on the last page
    once     there is but one page

A poll asks for what is new `since` the last whole poll began, less `overlap`; its place is kept in the bookmark, which is committed with
each page. A cursor that is refused (it may be good for once only) begins the poll again from `since`: pages that come twice are known by
their content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from random import SystemRandom
from typing import Any, BinaryIO
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit

from data import clock
from data.settings import Credentials
from data.sources._http import Answer, Site, site, unpacked
from data.sources._paging import Bookmark, PagedWeb, PagesForm
from data.sources._source import NOTHING, BadSource, Found, Known, Unreached, filled
from data.sources.http_file import refusal

TRIES = 4  # of one page, before the next pull goes on
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
_PORTS = {"http": 80, "https": 443}
_AS_IT_IS = "/%:@!$&'()*+,;=~"  # of an address that somebody else wrote: quoted already
_AGAIN = frozenset({429, 500, 502, 503, 504})
_REFUSED = frozenset({400, 404, 409, 410, 422})  # what a server says of a cursor that it does not know (any more)


def _server(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or _PORTS.get(url.scheme)


class _Refused(Exception):
    """The server does not take a cursor, or does not page at all; holds what it said."""


@dataclass(slots=True)
class Pages:
    """A source of pages."""

    site: Site
    how: PagesForm
    wait: Callable[[float], None] = clock.sleep
    jitter: Callable[[], float] = SystemRandom().random
    _bodies: dict[str, bytes] = field(default_factory=dict)
    _asked_at: float = float("-inf")

    def list(self, known: Known = NOTHING) -> Iterator[Found]:
        mark = Bookmark.read(known.bookmark, self.how.from_)
        if mark.next and mark.began and not self._may_go_on(mark):
            mark = Bookmark(since=mark.since)
        if mark.next and mark.began:
            try:
                yield from self._poll(mark, mark.began, known.at)
                return
            except _Refused:
                mark = Bookmark(since=mark.since)
        try:
            yield from self._poll(mark, known.at, known.at)
        except _Refused as error:
            raise BadSource(str(error)) from None

    def _poll(self, mark: Bookmark, began: datetime, at: datetime) -> Iterator[Found]:
        since, page, target = mark.since, mark.page, self._target(mark.since, mark.next)
        # A cursor from an earlier pull is all that tells whether the server still knows it; later on a refusal is a fault of this poll.
        asked = {target}
        for _ in range(self.how.most):
            answer, body = self._ask(target, first=not mark.next and page == 0)
            page += 1
            following = self._next(answer, body)
            target = self._target(since, following) if following else ""
            circle = target in asked
            asked.add(target)
            done = Bookmark(since=began - self.how.overlap) if self.how.since else Bookmark()
            ahead = Bookmark(since, began, page, following) if following else done
            if circle:  # what came counts; since there may be more that was not, the next poll begins where this one did
                ahead = Bookmark(since=since)
            name = f"{began.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} page {page:04}"
            self._bodies = {name: body}
            yield Found(name, len(body), at, bookmark=ahead.text())
            if circle:
                raise BadSource(f"{self.site.where}: page {page} names a page as the next that was asked for before")
            if not following:
                return

    def fetch(self, found: Found) -> BinaryIO:
        if found.name not in self._bodies:
            raise BadSource(f"{found.name} was not listed")
        return BytesIO(self._bodies[found.name])

    def whole(self, found: Found, file: BinaryIO) -> bool:
        return True

    def look(self) -> str:
        answer, body = self._ask(self._target(self.how.from_, ""), first=True)
        return f"answers ({answer.status}), {len(body)} bytes on its first page"

    def close(self) -> None:
        self._bodies.clear()

    # ---------------------------------------------------------------- asking

    def _may_go_on(self, mark: Bookmark) -> bool:
        """Whether the next page of a poll that was broken off is still one of ours: the feed may have been declared at another server."""
        try:
            self._target(mark.since, mark.next)
        except BadSource:
            return False
        return True

    def _target(self, since: datetime | None, following: str, limited: bool = True) -> str:
        """Path and query. `following`: the next page, a URL or a cursor."""
        url = self.site.url
        if following.startswith(("http://", "https://", "/", "?")):
            try:
                there = urlsplit(urljoin(url.geturl(), following))
                same = _server(there) == _server(url)
            except ValueError:
                raise BadSource(f"{self.site.where}: its next page is no address ({following[:100]!r})") from None
            if not same:
                raise BadSource(f"{self.site.where}: its next page is on another server ({there.scheme}://{there.netloc}): not followed")
            path, query = quote(there.path or "/", safe=_AS_IT_IS), quote(there.query, safe=f"{_AS_IT_IS}?")
            return f"/{path.lstrip('/')}" + (f"?{query}" if query else "")
        asked = parse_qsl(url.query, keep_blank_values=True)
        if self.how.limit and limited:
            asked.append((self.how.limit_parameter, str(self.how.limit)))
        if self.how.since and since:
            asked.append((self.how.since, f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"))
        if following:
            asked.append((self.how.cursor_parameter, following))
        query = urlencode(asked, safe=":", quote_via=quote)
        return (url.path or "/") + (f"?{query}" if query else "")

    def _ask(self, target: str, first: bool) -> tuple[Answer, bytes]:
        """One page, asked up to four times. Errors: BadSource, _Refused."""
        for number in range(1, TRIES + 1):
            self._keep_to_the_rate()
            try:
                answer = self.site.get(target, {"Accept-Encoding": "gzip"})
            except Unreached:
                if number == TRIES:
                    raise
                self._back_off(number, None)
                continue
            try:
                if answer.status in (200, 204):
                    return answer, self._body(answer) if answer.status == 200 else b""
                if answer.status in _REFUSED:
                    raise _Refused(refusal(answer))
                if answer.status not in _AGAIN or number == TRIES:
                    raise BadSource(refusal(answer))
                later = answer.headers.get("Retry-After")
            except Unreached:
                if number == TRIES:
                    raise
                later = None
            except _Refused:
                without = self._unlimited(target) if first else target
                if without == target:
                    raise
                target = without  # paging may be refused: then ask for all at once
                continue
            finally:
                answer.close()
            self._back_off(number, later)
        raise BadSource(f"{self.site.where}: refused {TRIES} times")

    def _body(self, answer: Answer) -> bytes:
        encoding = str(answer.headers.get("Content-Encoding") or "").strip().lower()
        return b"".join(unpacked(answer.pieces(), encoding, self.site.where, self.site.how.largest_mb << 20))

    def _unlimited(self, target: str) -> str:
        path, _, query = target.partition("?")
        kept = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if k != self.how.limit_parameter]
        query = urlencode(kept, safe=":", quote_via=quote)
        return path + (f"?{query}" if query else "")

    def _next(self, answer: Answer, body: bytes) -> str:
        """The next page as the server names it, "" after the last."""
        if self.how.style == "once" or answer.status == 204:
            return ""
        if self.how.style == "dcsa22":
            return str(answer.headers.get("Next-Page") or "").strip()
        if self.how.style == "dcsa30":
            return str(answer.headers.get("Next-Page-Cursor") or "").strip()
        if self.how.style == "link":
            lines = ", ".join(answer.headers.get_all("Link") or [])
            found = re.search(r'<([^<>]*)>(?:\s*;\s*[\w*-]+=(?:"[^"]*"|[^",;\s]+))*?\s*;\s*rel="?next"?(?=[\s;,]|$)', lines, re.IGNORECASE)
            return urljoin(self.site.url.geturl(), found[1]) if found else ""
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            raise BadSource(f"{self.site.where}: the body is not JSON; where its next cursor stands cannot be told") from None
        for part in self.how.at.split("."):
            said = said.get(part) if isinstance(said, dict) else None
        cursor = str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""
        try:
            cursor.encode()
        except UnicodeEncodeError:
            raise BadSource(f"{self.site.where}: its next cursor has half a character in it") from None
        return cursor

    # ---------------------------------------------------------------- patience

    def _keep_to_the_rate(self) -> None:
        left = self._asked_at + 60 / self.how.per_minute - clock.monotonic()
        if left > 0:
            self.wait(left)
        self._asked_at = clock.monotonic()

    def _back_off(self, number: int, later: str | None) -> None:
        """Wait as long as asked to, else ever longer; the part of chance keeps many clients from coming back at one moment."""
        if later is not None and re.fullmatch(r"[0-9]{1,9}", later.strip()):
            if int(later) > LONGEST_WAIT_S:
                raise BadSource(f"{self.site.where}: asks to come again in {int(later)} s")
            self.wait(float(later))
            return
        self.wait(min(FIRST_WAIT_S * 2 ** (number - 1), LONGEST_WAIT_S) * (0.5 + self.jitter() / 2))


def open_pages(url: str, credentials: Credentials, fetch: Mapping[str, Any]) -> Pages:
    """The API at a URL. Errors: BadSource."""
    how: PagedWeb = filled(PagedWeb, fetch)
    return Pages(site(url, how, credentials), how.pages)
