"""Which addresses a source may reach: looked at once resolved, and that very one connected to."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from data.declared import load
from data.settings import Settings
from data.sources import BadSource, complaint, open_source
from data.sources._reach import connected, may_reach, resolved
from data.sources._source import Fetching
from tests.sources.web import Reply, web
from tests.store.test_work import AREAS, PLACE
from zones.world import BadDeclarations

OURS = ("10.1.2.3", "192.168.0.9", "172.16.0.1", "127.0.0.1", "127.1.2.3", "::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1", "2002:7f00:1::")  # fmt: skip
NOBODYS = ("169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::", "fe80::1", "fe80::1%eth0",
           "0.0.0.0", "::", "::127.0.0.1",
           "::169.254.169.254", "::ffff:0:10.0.0.1", "64:ff9b:1::a9fe:a9fe", "fec0::1",
           "224.0.0.1", "255.255.255.255", "ff02::1", "240.0.0.1")  # fmt: skip


@pytest.mark.parametrize("address", OURS)
def test_our_own_addresses_only_where_declared(address: str) -> None:
    assert not may_reach(address, private=False)
    assert may_reach(address, private=True)


@pytest.mark.parametrize("address", NOBODYS)
def test_what_is_never_reached(address: str) -> None:
    assert not may_reach(address, private=False)
    assert not may_reach(address, private=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses(address: str) -> None:
    assert may_reach(address, private=False)


@pytest.fixture
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects fails the test."""
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))


DISGUISES = ("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "localhost", "[::1]",
             "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "0xa9fea9fe", "10.0.0.1", "0.0.0.0", "0",
             "[::]", "[fd00::1]", "[64:ff9b::7f00:1]")  # fmt: skip


@pytest.mark.parametrize("host", DISGUISES)
@pytest.mark.parametrize("url", ["https://{}/x", "http://{}/x", "sftp://{}/x/*.edi"])
def test_disguises_reach_nothing(host: str, url: str, no_socket: None) -> None:
    fetch: dict[str, Any] = {"host_key": "SHA256:" + "A" * 43} if url.startswith("sftp") else {}
    with pytest.raises(BadSource, match=r"not a public address|never reached|no such host"):
        list(open_source(url.format(host), None, fetch).list())
    if "pages" not in fetch and url.startswith("https"):
        with pytest.raises(BadSource, match=r"not a public address|never reached|no such host"):
            list(open_source(url.format(host), None, {"pages": {"style": "once"}}).list())


@pytest.mark.parametrize(
    "url", ["gopher://h/x", "dict://h/x", "ftp:x", "javascript://x", "local:///etc", "data://x", "file://h/etc/passwd", "simplecache::s3://b/k",
            "reference://x", "https://", "https://u:p@h/x", "https://h:99999/x", "https://h/a b", "https://h/x#y", "s3://"]
)  # fmt: skip
def test_what_is_no_source_is_told_when_it_is_declared(url: str, no_socket: None) -> None:
    assert complaint(url, {})


@pytest.mark.parametrize(
    ("url", "fetch"),
    [
        ("https://h/x", {"pages": {"style": "dcsa33"}}),
        ("https://h/x", {"pages": {"style": "cursor"}}),
        ("https://h/x", {"pages": {"style": "once", "from": "2026-03-01"}}),
        ("https://h/x", {"pages": {"style": "once", "since": "a", "from": "2026-03-01T00:00:00"}}),
        ("https://h/x", {"pages": {"style": "once", "overlap": "soon"}}),
        ("https://h/x", {"pages": {"style": "once", "lmit": 3}}),
        ("https://h/x", {"host_key": "x"}),
        ("https://h/x", {"total_s": 0}),
        ("https://h/x", {"token_header": "a: b"}),
        ("https://h/x", {"ca_file": "x.pem"}),
        ("sftp://h/x", {"host_key": "ssh-ed25519"}),
        ("sftp://h/x", {"host_key": "SHA256:abc"}),
        ("sftp://h/*/x", {"host_key": "SHA256:" + "A" * 43}),
        ("s3://b/x", {"endpoint": "store.example.com"}),
        ("s3://b/x", {"endpoint": "http://store.example.com"}),
        ("memory://x", {"region": "x"}),
        ("file:///srv/in/*", {"private": True}),
    ],
)
def test_what_is_wrong_with_fetch_is_told_when_it_is_declared(url: str, fetch: dict[str, Any], no_socket: None) -> None:
    assert "fetch" in complaint(url, fetch) or "last part" in complaint(url, fetch)


def test_a_name_that_changes_its_address_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public at the look, loopback at any later one. The address that was looked at is the one connected to."""
    answers = ["93.184.216.34", "127.0.0.1", "127.0.0.1"]
    asked: list[str] = []
    gone: list[Any] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

    def connect(self: socket.socket, address: Any) -> None:
        gone.append(address[0])
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(BadSource, match="cannot be reached"):
        connected("rebound.example", 443, Fetching())
    assert (asked, gone) == (["rebound.example"], ["93.184.216.34"])


def test_of_several_addresses_only_those_that_may_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in ("127.0.0.1", "93.184.216.34")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    assert [address[0] for _, address in resolved("h", 443, private=False)] == ["93.184.216.34"]


def test_a_next_page_on_another_server_is_not_asked_for() -> None:
    with web() as site, web() as other:
        for there in (f"{other.url}/x", f"http://localhost:{site.port}/x", "http://169.254.169.254/latest", "https://127.0.0.1/x"):
            site.says = lambda asked, there=there: Reply(b"[]", headers={"Next-Page": there})  # type: ignore[misc]
            with pytest.raises(BadSource, match="on another server"):
                list(open_source(f"{site.url}/v2/events", None, {"private": True, "pages": {"style": "dcsa22"}}).list())
        assert other.asked == []


def test_a_mistake_stops_the_start_with_file_line_and_field(settings: Settings) -> None:
    folder = settings.home / "places" / "quay"
    folder.mkdir(parents=True)
    (folder / "areas.geojson").write_text(AREAS)
    feed = '  - {{id: {}, format: gate_csv, publisher: P, source: "{}"{}}}'
    said = [
        ("a", "gopher://h/x", ""),
        ("b", "https://h/x", ", fetch: {pages: {style: dcsa99}}"),
        ("c", "sftp://h/x/*", ""),
        ("d", "file:///in/*", ""),
        ("e", "s3://b/*", ""),
    ]
    (folder / "place.yaml").write_text(PLACE[: PLACE.index("  - {id: gate")] + "\n".join(feed.format(*one) for one in said))
    with pytest.raises(BadDeclarations) as told:
        load(settings)
    lines = [(fault.line, fault.field) for fault in told.value.faults]
    assert lines == [(10, "feeds[0].source"), (11, "feeds[1].fetch"), (12, "feeds[2].fetch")]
