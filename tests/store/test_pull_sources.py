"""Pulls from servers: each file or page a delivery, kept once; what a source did not give whole counts for nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from data import pull
from data.settings import Credentials
from data.sources import BadSource, Stopped
from data.store import tables as t
from tests.sources.ssh import PASSWORD, USER, ssh
from tests.sources.web import Asked, Reply, Site, web
from tests.store.told import GATE, PORT, Book, book, clock, csv, hasty, local, small_world

__all__ = ["book", "hasty"]
NOW = clock("d20 00:00")
PAGES = "pages: {style: dcsa30, since: 'created:gte', per_minute: 6000}"


@pytest.fixture
def site(hasty: None, book: Book) -> Iterator[Site]:
    with web() as found:
        yield found


def fed(book: Book, site: Site, fetch: str = "", path: str = "/out/gate.csv") -> Book:
    said = f"source: '{site.url}{path}', fetch: {{private: true, {fetch}}}"
    book.world = small_world(PORT.replace("source: /srv/carrier/*.csv", said))
    return book


def pulled(book: Book, minutes: int = 0) -> dict[str, object]:
    return pull.pull_feed(book.store, book.world, "carrier", NOW + timedelta(minutes=minutes), book.settings)


def row(number: int) -> list[str]:
    return [f"ZZDU{number:07}", "gate_in", local("d1 08:00"), "full", "", "", ""]


def test_a_file_over_http(book: Book, site: Site) -> None:
    body, etag = csv(GATE, [row(1)]), '"v1"'
    site.says = lambda asked: Reply(status=304) if asked.headers.get("If-None-Match") == etag else Reply(body, headers={"ETag": etag})
    fed(book, site)
    assert pulled(book)["reports"] == 1
    assert [(r["name"], r["version"]) for r in book.rows(t.seen)] == [("gate.csv", '"v1"')]
    assert pulled(book, 1)["files"] == 0
    body, etag = csv(GATE, [row(1), row(2)]), '"v2"'
    assert pulled(book, 2)["messages"] == 1
    assert [r["version"] for r in book.rows(t.seen)] == ['"v2"']
    assert len(book.rows(t.receipt)) == 2


def test_what_breaks_off_leaves_nothing_behind(book: Book, site: Site) -> None:
    site.says = lambda asked: Reply(csv(GATE, [row(n) for n in range(99)]), cut=500)
    said = pulled(fed(book, site))
    assert (said["files"], len(said["failed"])) == (0, 1)  # type: ignore[arg-type]
    assert book.rows(t.receipt) == book.rows(t.seen) == book.rows(t.message) == []
    assert [path for path in (book.settings.home / "raw").rglob("*") if path.is_file()] == []


def test_an_empty_answer_is_heard(book: Book, site: Site) -> None:
    site.says = lambda asked: Reply(status=204)
    fed(book, site, PAGES)
    assert pulled(book)["files"] == 1
    assert pulled(book, 5)["files"] == 1
    assert [(r["bytes"], r["name"]) for r in book.rows(t.receipt, "received_at")] == [
        (0, "2026-11-21T17:00:00Z page 0001"),
        (0, "2026-11-21T17:05:00Z page 0001"),
    ]
    assert book.rows(t.message) == []
    assert [r["heard_at"] for r in book.rows(t.hearing)] == [NOW, NOW + timedelta(minutes=5)]
    assert book.differences() == []


def test_pages_before_the_one_that_failed_are_kept(book: Book, site: Site) -> None:
    """And the next pull goes on with the page that failed, not with the one after it."""
    down = True

    def says(asked: Asked) -> Reply:
        at = int(asked.query.get("cursor", "0"))
        if at == 2 and down:
            return Reply(status=403)
        return Reply(csv(GATE, [row(at)]), headers={"Next-Page-Cursor": str(at + 1)} if at < 3 else {})

    site.says = says
    fed(book, site, PAGES)
    said = pulled(book)
    assert (said["files"], said["reports"]) == (2, 2)
    assert "not allowed" in said["failed"][0]  # type: ignore[index]
    down = False
    assert pulled(book, 5)["reports"] == 2
    assert [r["name"][-9:] for r in book.rows(t.receipt, "name")] == [f"page 000{n}" for n in (1, 2, 3, 4)]
    assert site.asked[-1].query["cursor"] == "3"
    pulled(book, 9)
    assert site.asked[-4].query["created:gte"] == "2026-11-21T16:00:00Z"


def test_whoever_is_to_end_does_not_wait_for_a_server_that_asks_for_patience(book: Book, site: Site) -> None:
    """What came before is kept, with the place where to go on; the run did not fail."""

    def says(asked: Asked) -> Reply:
        if asked.query.get("cursor"):
            return Reply(status=429, headers={"Retry-After": "60"})
        return Reply(csv(GATE, [row(0)]), headers={"Next-Page-Cursor": "1"})

    def wait(seconds: float) -> None:
        if seconds == 60:
            raise Stopped

    site.says = says
    fed(book, site, PAGES)
    said = pull.pull_feed(book.store, book.world, "carrier", NOW, book.settings, wait=wait)
    assert (said["reports"], said.get("failed")) == (1, None)
    assert '"1"' in book.rows(t.bookmark)[0]["value"]


def test_a_source_that_gives_nothing_at_all_fails(book: Book, site: Site) -> None:
    for fetch in ("", PAGES):
        with pytest.raises(BadSource, match="nothing there"):
            pulled(fed(book, site, fetch))


def test_a_file_of_several_messages_is_seen_with_its_last(book: Book, monkeypatch: pytest.MonkeyPatch, hasty: None) -> None:
    """Killed between two messages of one file: its receipt stands, the file does not count as fetched, and is fetched again."""
    from tests.store.told import box, document, edifact

    monkeypatch.setattr("data.intake.ROWS", 5)
    files = book.settings.home.parent / "in"
    files.mkdir()
    first = [document("34", [box(f"ZZDU{n:07}", "d1 08:00") for n in range(20)])]
    second = [document("34", [box("ZZDU9999999", "d1 08:00")])]
    (files / "two.edi").write_bytes(edifact("CODECO", first, reference="1") + edifact("CODECO", second, reference="2"))
    monkeypatch.setattr("data.sources.folder.SETTLED_S", -1)
    book.world = small_world(PORT.replace("/srv/gate/", f"{files}/"))
    seen: list[list[object]] = []
    read = pull.Intake.read

    def reading(self: pull.Intake, *args: object, **more: object) -> None:
        read(self, *args, **more)  # type: ignore[arg-type]
        seen.append(book.rows(t.seen))

    monkeypatch.setattr(pull.Intake, "read", reading)
    pull.pull_feed(book.store, book.world, "gate", NOW, book.settings)
    assert seen == [[], []]
    assert len(book.rows(t.seen)) == 1
    assert len(book.rows(t.message)) == 2


def test_files_over_sftp_and_a_server_that_dies(book: Book, hasty: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file that the server breaks off at does not hold up the others; one that is gone is not asked for each of them."""
    monkeypatch.setattr("data.sources.sftp.BETWEEN_LOOKS_S", 0)
    out = tmp_path / "root" / "out"
    out.mkdir(parents=True)
    for n in range(6):
        (out / f"{n}.csv").write_bytes(csv(GATE, [row(n)]) + b"\n" * n)
        os.utime(out / f"{n}.csv", (1_000_000 + n, 1_000_000 + n))
    with ssh(tmp_path / "root", tmp_path / "own_key") as server:
        said = f"source: 'sftp://127.0.0.1:{server.port}/out/*.csv', fetch: {{private: true, host_key: '{server.host_key}'}}"
        book.world = small_world(PORT.replace("source: /srv/carrier/*.csv", said))
        book.settings = replace(book.settings, feeds={"CARRIER": Credentials(user=USER, password=PASSWORD)})
        reads: list[int] = []

        def dying(offset: int) -> None:
            reads.append(offset)
            if len(reads) == 2:
                server.drop()

        server.at_read = dying
        first = pulled(book)
        assert (first["files"], len(first["failed"])) == (5, 1)  # type: ignore[arg-type]
        server.at_read = lambda offset: server.drop()
        out.joinpath("0.csv").write_bytes(b"changed")
        again = pulled(book, 1)
        assert (again["files"], len(again["failed"])) == (0, 2)  # type: ignore[arg-type]
        for n in range(6):
            out.joinpath(f"{n}.csv").touch()
        assert len(pulled(book, 2)["failed"]) == 3  # type: ignore[arg-type]
        server.at_read = lambda offset: None
        assert pulled(book, 3)["files"] == 6
        assert pulled(book, 4)["files"] == 0
