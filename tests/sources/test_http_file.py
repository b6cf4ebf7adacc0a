"""One file over HTTP, from a real server: fetched again only when it changed, gone on with where it broke, nothing half."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.settings import Credentials
from data.sources import BadSource, Found, Known, StillWriting, open_source
from tests.sources.web import Asked, Reply, Site, certificate, web

AT = datetime(2026, 3, 1, tzinfo=UTC)
OURS = {"private": True}
TEXT = b"box;in\nZZDU0000001;2026-03-01 08:00\n" * 4000


@pytest.fixture
def site() -> Iterator[Site]:
    with web() as found:
        yield found


def known(*found: Found) -> Known:
    return Known(AT, {one.name: one for one in found})


def fetched(url: str, before: Known | None = None, who: Credentials | None = None, **fetch: Any) -> list[tuple[Found, bytes]]:
    source = open_source(url, who, {**OURS, **fetch})
    said = []
    for found in source.list(before or known()):
        with source.fetch(found) as file:
            said.append((found, file.read()))
            assert source.whole(found, file)
    source.close()
    return said


def test_a_file_is_fetched_and_not_fetched_again(site: Site) -> None:
    def says(asked: Asked) -> Reply:
        same = asked.headers.get("If-None-Match") == '"v1"'
        return Reply(status=304) if same else Reply(TEXT, headers={"ETag": '"v1"', "Last-Modified": "Sun, 01 Mar 2026 00:00:00 GMT"})

    site.says = says
    [(found, body)] = fetched(f"{site.url}/out/gate%20list.csv")
    assert (found.name, body, found.version, found.modified_at, found.size) == ("gate list.csv", TEXT, '"v1"', AT, len(TEXT))
    assert fetched(f"{site.url}/out/gate%20list.csv", known(found)) == []
    assert site.asked[0].path == "/out/gate%20list.csv"


def test_without_an_etag_the_time_of_change_decides(site: Site) -> None:
    when = {"Last-Modified": "Sun, 01 Mar 2026 00:00:00 GMT"}
    site.says = lambda asked: Reply(TEXT, 304 if "If-Modified-Since" in asked.headers else 200, when)
    [(found, _)] = fetched(f"{site.url}/x.csv")
    assert fetched(f"{site.url}/x.csv", known(found)) == []
    assert site.asked[1].headers["If-Modified-Since"] == "Sun, 01 Mar 2026 00:00:00 GMT"


def test_a_server_that_does_not_know_of_conditions_is_still_known_by_its_etag(site: Site) -> None:
    site.says = lambda asked: Reply(TEXT, headers={"ETag": 'W/"v1"'})
    [(found, _)] = fetched(f"{site.url}/x.csv")
    [again] = open_source(f"{site.url}/x.csv", None, OURS).list(known(found))
    assert again.same(found)


def test_a_broken_download_is_gone_on_with(site: Site) -> None:
    def says(asked: Asked) -> Reply:
        if "Range" not in asked.headers:
            return Reply(TEXT, headers={"ETag": '"v1"'}, cut=70_000)
        start = int(asked.headers["Range"][6:-1])
        assert asked.headers["If-Range"] == '"v1"'
        headers = {"ETag": '"v1"', "Content-Range": f"bytes {start}-{len(TEXT) - 1}/{len(TEXT)}"}
        return Reply(TEXT[start:], 206, headers, cut=30_000)

    site.says = says
    [(_, body)] = fetched(f"{site.url}/x.csv")
    assert body == TEXT
    assert len(site.asked) > 2


@pytest.mark.parametrize("etag", ["", 'W/"v1"'])
def test_without_a_strong_etag_a_broken_download_is_an_error(site: Site, etag: str) -> None:
    site.says = lambda asked: Reply(TEXT, headers={"ETag": etag} if etag else {}, cut=70_000)
    with pytest.raises(BadSource, match="broke in the middle"):
        fetched(f"{site.url}/x.csv")
    assert len(site.asked) == 1


def test_a_file_replaced_while_it_is_read(site: Site) -> None:
    first, then = Reply(TEXT, headers={"ETag": '"v1"'}, cut=70_000), Reply(TEXT, headers={"ETag": '"v2"'})
    site.says = lambda asked: then if "Range" in asked.headers else first
    with pytest.raises(StillWriting):
        fetched(f"{site.url}/x.csv")


def test_a_server_that_hangs_and_one_that_trickles(site: Site) -> None:
    site.says = lambda asked: Reply(hang=True)
    with pytest.raises(BadSource, match=r"silent for 0\.5 s"):
        fetched(f"{site.url}/x.csv", read_s=0.5)
    site.says = lambda asked: Reply(TEXT, trickle=0.05)
    with pytest.raises(BadSource, match=r"in time|not done within 1 s"):
        fetched(f"{site.url}/x.csv", total_s=1)


def test_headers_that_trickle_for_ever() -> None:
    """A byte a while of the headers: no time-out of silence ever passes, the deadline does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def serve() -> None:
            conn, _ = server.accept()
            with conn:
                conn.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while not over.wait(0.05):
                    try:
                        conn.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(BadSource, match="not done within 1 s"):
            fetched(f"http://127.0.0.1:{server.getsockname()[1]}/x", total_s=1)
        over.set()
        thread.join()


def test_what_is_too_large_or_has_no_end(site: Site) -> None:
    site.says = lambda asked: Reply(b"x" * (3 << 20))
    with pytest.raises(BadSource, match="larger than 2 MB"):
        fetched(f"{site.url}/x", largest_mb=2)
    site.says = lambda asked: Reply(b"x", length=False)
    with pytest.raises(BadSource, match="does not say where it ends"):
        fetched(f"{site.url}/x")


def test_packed_bodies_and_bombs(site: Site) -> None:
    site.says = lambda asked: Reply(gzip.compress(TEXT), headers={"Content-Encoding": "gzip"})
    # Rows that are all alike pack 200 times, yet within the free first megabyte that does no harm.
    assert fetched(f"{site.url}/x")[0][1] == TEXT
    bomb = gzip.compress(b"0" * (50 << 20))
    site.says = lambda asked: Reply(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadSource, match="unpacks to more than 100 times"):
        fetched(f"{site.url}/x")
    site.says = lambda asked: Reply(gzip.compress(TEXT)[:-20], headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadSource, match="ends in the middle"):
        fetched(f"{site.url}/x")
    site.says = lambda asked: Reply(b"nonsense", headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadSource, match="cannot be unpacked"):
        fetched(f"{site.url}/x")
    site.says = lambda asked: Reply(TEXT, headers={"Content-Encoding": "br"})
    with pytest.raises(BadSource, match="not asked for"):
        fetched(f"{site.url}/x")


def test_no_redirect_is_followed(site: Site) -> None:
    with web() as other:
        site.says = lambda asked: Reply(status=302, headers={"Location": f"{other.url}/x"})
        with pytest.raises(BadSource, match="sends us elsewhere"):
            fetched(f"{site.url}/x")
        assert other.asked == []


@pytest.mark.parametrize(("status", "words"), [(401, "who we are"), (403, "not allowed"), (404, "nothing there"), (500, "error")])
def test_refusals_are_told_in_words(site: Site, status: int, words: str) -> None:
    site.says = lambda asked: Reply(status=status)
    with pytest.raises(BadSource, match=words):
        fetched(f"{site.url}/x")


def test_a_paged_answer_is_not_taken_for_a_file(site: Site) -> None:
    site.says = lambda asked: Reply(b"[]", headers={"Next-Page-Cursor": "abc"})
    with pytest.raises(BadSource, match="page by page"):
        fetched(f"{site.url}/v2/events")


def test_who_we_are(site: Site) -> None:
    site.says = lambda asked: Reply(b"x")
    fetched(f"{site.url}/x", who=Credentials(user="us", password="pass"))
    fetched(f"{site.url}/x", who=Credentials(token="tok"))
    fetched(f"{site.url}/x", who=Credentials(token="tok"), token_header="Consumer-Key")
    assert [a.headers.get("Authorization") for a in site.asked] == ["Basic dXM6cGFzcw==", "Bearer tok", None]
    assert site.asked[2].headers["Consumer-Key"] == "tok"
    with pytest.raises(BadSource, match="no password or token is sent over http") as told:
        list(open_source("http://example.com/x", Credentials(token="tok")).list())
    assert "tok" not in str(told.value).replace("token", "")


def test_the_certificate_is_verified(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path)
    with web(context) as site:
        site.says = lambda asked: Reply(TEXT)
        with pytest.raises(BadSource, match="certificate is not accepted"):
            fetched(f"{site.url}/x")
        assert site.asked == []
        assert fetched(f"{site.url}/x", ca_file=str(authority))[0][1] == TEXT
        with pytest.raises(BadSource, match="certificate is not accepted"):
            fetched(f"https://127.0.0.1:{site.port}/x", ca_file=str(authority))  # for another name
        site.says = lambda asked: Reply(TEXT, trickle=0.05)
        with pytest.raises(BadSource, match=r"in time|not done within 1 s"):
            fetched(f"{site.url}/x", ca_file=str(authority), total_s=1)
        with pytest.raises(BadSource, match="cannot be used"):
            fetched(f"{site.url}/x", ca_file=str(tmp_path / "absent.pem"))


def test_a_look_reads_nothing(site: Site) -> None:
    site.says = lambda asked: Reply(TEXT)
    assert open_source(f"{site.url}/x", None, OURS).look() == f"answers, {len(TEXT)} bytes"
