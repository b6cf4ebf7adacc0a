"""kill -9 while an API is read page by page: the bookmark stands with the page it belongs to, so nothing is lost and nothing doubled.

The API is a real server in a process of its own. Its cursors are good for once: whoever asked with one and was killed before the page was
kept must begin again.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest

from data import pull
from data.judge import judge
from data.store import tables as t
from tests.store.test_kill import apart, ended, holds_together
from tests.store.told import GATE, PORT, Book, book, clock, csv, different, hasty, local, small_world

__all__ = ["book", "hasty"]
KILLS = 50
NOW = clock("d20 00:00")
ROWS, PAGE = 40, 4
EVENTS = [[f"ZZDU{n:07}", "gate_out" if n % 4 == 3 else "gate_in", local(f"d{1 + n % 5} 08:00"), "full", "", "", ""] for n in range(ROWS)]


class Api(BaseHTTPRequestHandler):
    """Pages of CSV, DCSA 3.0 manner; each cursor once."""

    good: set[str] = set()  # noqa: RUF012
    queries = 0

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        cursor = asked.get("cursor", "")
        if cursor and cursor not in Api.good:
            self.answer(400, b"unknown cursor")
            return
        Api.good.discard(cursor)
        Api.queries += not cursor
        at = int(cursor.partition("-")[2] or 0)
        following = f"{cursor.partition('-')[0] or Api.queries}-{at + PAGE}" if at + PAGE < ROWS else ""
        if following:
            Api.good.add(following)
        self.answer(200, csv(GATE, EVENTS[at : at + PAGE]), following)

    def answer(self, status: int, body: bytes, following: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if following:
            self.send_header("Next-Page-Cursor", following)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class Server(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked was killed."""


@pytest.fixture
def api() -> Iterator[str]:
    """Its address. The process of the tests has no threads, so that pulls may be forked off it."""
    server = Server(("127.0.0.1", 0), Api)
    child = apart(server.serve_forever)
    server.socket.close()
    yield f"http://127.0.0.1:{server.server_port}/v3/events"
    os.kill(child, signal.SIGKILL)
    ended(child)


@pytest.fixture
def site(hasty: None, book: Book, api: str) -> Book:
    fetch = "{private: true, pages: {style: dcsa30, since: 'created:gte', overlap: 1h, limit: 4, per_minute: 6000}}"
    book.world = small_world(PORT.replace("source: /srv/carrier/*.csv", f"source: '{api}', fetch: {fetch}"))
    book.now = NOW
    return book


def pulled(book: Book) -> None:
    pull.pull_feed(book.store, book.world, "carrier", NOW, book.settings)
    judge(book.store, book.world, NOW)


def derived(book: Book) -> dict[str, list[object]]:
    found = book.derived()
    found["bookmark"] = [{**row, "changed_at": None} for row in book.rows(t.bookmark)]
    return found


def test_fifty_kills_while_pages_are_read(site: Book) -> None:
    pulled(site)
    undisturbed = derived(site)
    assert len(site.rows(t.message)) == ROWS // PAGE
    assert len(site.rows(t.report)) == ROWS
    assert site.differences() == []
    site.emptied()
    began = time.monotonic()
    assert ended(apart(lambda: pulled(site), site)) == 0
    lasts = time.monotonic() - began
    site.emptied()
    rng, kills, whole = Random(2), 0, 0
    while kills < KILLS:
        child = apart(lambda: pulled(site), site)
        time.sleep(rng.uniform(0.01, lasts * 0.7))
        os.kill(child, signal.SIGKILL)
        if ended(child) != 0:
            kills += 1
            holds_together(site)
            kept = [row["name"] for row in site.rows(t.receipt)]
            assert len(kept) == len(set(kept)) or len(site.rows(t.message)) == len({row["sha256"] for row in site.rows(t.message)})
            continue
        assert different(undisturbed, derived(site)) == ""
        whole += 1
        site.emptied()
    assert ended(apart(lambda: pulled(site), site)) == 0
    assert different(undisturbed, derived(site)) == ""
    assert site.differences() == []


@pytest.mark.parametrize("step", ["before", "after"])
def test_a_death_at_each_commit(site: Book, step: str) -> None:
    """Right before a page is committed its cursor is spent, and the poll begins again; right after, it goes on."""
    pulled(site)
    undisturbed = derived(site)
    for number in (1, 2, 5, 10):
        site.emptied()
        assert ended(apart(_dying(site, "commit" if step == "before" else "checkin", number), site)) == 137
        holds_together(site)
        pulled(site)
        assert different(undisturbed, derived(site)) == "", f"{step} commit {number}"


def _dying(book: Book, event: str, number: int) -> Callable[[], None]:
    from tests.store import test_kill

    def act() -> None:
        test_kill.FEEDS = ("carrier",)
        test_kill._dying_at(book, event, number)

    return act
