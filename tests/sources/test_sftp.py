"""SFTP against a server of another making: known by its key alone, whole files only, and no name ever a path."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from data.settings import Credentials
from data.sources import BadSource, Found, Known, StillWriting, open_source
from data.sources.sftp import Sftp
from tests.sources.ssh import PASSWORD, USER, Ssh, ssh

IN = Credentials(user=USER, password=PASSWORD)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Ssh]:
    root = tmp_path / "root"
    (root / "out").mkdir(parents=True)
    with ssh(root, tmp_path / "own_key") as found:
        yield found


def source(server: Ssh, who: Credentials = IN, pattern: str = "*.edi", **fetch: Any) -> Sftp:
    how = {"private": True, "host_key": server.host_key, **fetch}
    found = open_source(f"sftp://127.0.0.1:{server.port}/out/{pattern}", who, how)
    assert isinstance(found, Sftp)
    found.wait = lambda _: None
    return found


def put(server: Ssh, name: str, content: bytes = b"UNA", at: float = 1_000_000.0) -> Path:
    path = server.root / "out" / name
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def read(found: Sftp, one: Found) -> bytes:
    with found.fetch(one) as file:
        said = file.read()
        assert found.whole(one, file)
    return said


def test_files_oldest_first_and_whole(server: Ssh) -> None:
    large = os.urandom(3_000_001)
    put(server, "b.edi", large, 5)
    put(server, "a.edi", b"", 9)
    put(server, "c.txt")
    mine = source(server)
    first, second = mine.list()
    assert [(f.name, f.size) for f in (first, second)] == [("b.edi", len(large)), ("a.edi", 0)]
    assert read(mine, first) == large
    assert read(mine, second) == b""
    assert mine.look() == "2 files"
    mine.close()


def test_what_is_known_is_not_waited_for(server: Ssh) -> None:
    put(server, "a.edi")
    mine, looks = source(server), list[float]()
    mine.wait = looks.append
    [found] = mine.list()
    assert len(looks) == 1
    mine.list(Known(files={found.name: found}))
    assert len(looks) == 1
    mine.close()


@pytest.mark.parametrize("pin", ["fingerprint", "both"])
def test_the_ways_to_declare_a_key(server: Ssh, pin: str) -> None:
    other = "SHA256:" + "A" * 43
    mine = source(server, host_key=server.fingerprint if pin == "fingerprint" else [other, server.host_key])
    assert list(mine.list()) == []
    mine.close()


def test_a_key_file(server: Ssh, tmp_path: Path) -> None:
    put(server, "a.edi")
    mine = source(server, Credentials(user=USER, key_file=str(server.own_key)))
    assert len(mine.list()) == 1
    mine.close()
    other = tmp_path / "other"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(other)
    strange = Credentials(user=USER, key_file=str(other))
    for who in (strange, Credentials(user=USER, password="wrong"), Credentials(user="x", password=PASSWORD)):
        with pytest.raises(BadSource, match="does not let"):
            source(server, who).list()
    (tmp_path / "nonsense").write_text("x")
    for file in ("nonsense", "absent"):
        with pytest.raises(BadSource, match="cannot be used"):
            source(server, Credentials(user=USER, key_file=str(tmp_path / file))).list()
    with pytest.raises(BadSource, match="no user"):
        source(server, Credentials()).list()


def test_a_changed_or_undeclared_host_key_is_refused_before_anything_is_sent(server: Ssh) -> None:
    tried: list[str] = []
    fresh = " ".join(asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()[:2])
    for key, words in ((fresh, "another key than the one declared"), ("SHA256:" + "A" * 43, "another key"), ((), "is not declared")):
        with pytest.raises(BadSource, match=words) as told:
            source(server, host_key=key).list()
        tried.append(str(told.value))
        assert PASSWORD not in tried[-1]
    assert server.fingerprint in tried[0]
    rsa = " ".join(asyncssh.generate_private_key("ssh-rsa").export_public_key().decode().split()[:2])
    with pytest.raises(BadSource):  # a key of another sort: the server has none such
        source(server, host_key=rsa).list()


def test_a_growing_file_and_unfinished_names_are_left_alone(server: Ssh) -> None:
    growing = put(server, "x.edi")
    put(server, "y.edi")
    for name in ("z.edi.part", ".z.edi", "z.tmp"):
        put(server, name)
    mine = source(server, pattern="*")
    mine.wait = lambda _: growing.write_bytes(b"UNA and more") and None  # type: ignore[func-returns-value]
    assert [f.name for f in mine.list()] == ["y.edi"]
    mine.close()


def test_a_file_replaced_before_or_while_it_is_read(server: Ssh) -> None:
    path = put(server, "x.edi", b"x" * 100_000)
    mine = source(server)
    [found] = mine.list()
    with mine.fetch(found) as file:
        file.read(10)
        put(server, "y", b"another", 7).replace(path)
        file.read()
        assert not mine.whole(found, file)
    with pytest.raises(StillWriting):
        mine.fetch(found)
    [found] = mine.list()
    with mine.fetch(found) as file:
        path.write_bytes(b"")  # cut short under the reader
        with pytest.raises(StillWriting):
            file.read()
    path.unlink()
    with pytest.raises(BadSource):
        mine.fetch(found)
    mine.close()


def test_folders_links_and_pipes_are_no_files(server: Ssh, tmp_path: Path) -> None:
    (server.root / "out" / "d.edi").mkdir()
    (tmp_path / "secret").write_text("secret")
    (server.root / "out" / "l.edi").symlink_to(tmp_path / "secret")
    os.mkfifo(server.root / "out" / "p.edi")
    path = put(server, "x.edi")
    mine = source(server)
    [found] = mine.list()
    assert found.name == "x.edi"
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(BadSource, match="not a file"):
        mine.fetch(found)
    mine.close()


def test_names_that_a_bad_server_makes_up(server: Ssh) -> None:
    odd = [b"a\nb.edi", "\N{RIGHT-TO-LEFT OVERRIDE}x.edi".encode(), b"n" * 4000 + b".edi"]
    server.names = [b"../../etc/passwd.edi", b"/etc/shadow.edi", *odd]
    mine = source(server)
    listed = mine.list()
    assert len(listed) == 3
    assert all(f.name.isprintable() and len(f.name) <= 300 and ".." not in f.name.split("/") for f in listed)
    for name in ("../secret", "/etc/passwd"):
        with pytest.raises(BadSource, match="not listed"):
            mine.fetch(Found(name, 3, listed[0].modified_at))
    mine.close()


def test_a_name_that_is_not_utf8_is_a_name_and_stops_no_other(server: Ssh) -> None:
    put(server, "plain.edi", at=1.0)
    (server.root / "out" / os.fsdecode(b"caf\xe9.edi")).write_bytes(b"UNB")
    mine = source(server)
    first, second = mine.list()
    assert (first.name, second.name) == ("plain.edi", "caf\\udce9.edi")
    assert read(mine, first) == b"UNA"
    assert read(mine, second) == b"UNB"
    mine.close()


def test_a_folder_that_is_not_there(server: Ssh) -> None:
    (server.root / "out").rmdir()
    with pytest.raises(BadSource, match="/out: No such file"):
        source(server).list()


def test_a_server_that_hangs_and_one_that_trickles(server: Ssh) -> None:
    put(server, "x.edi", b"x" * 4_000_000)
    for wait, fetch, words in ((20.0, {"read_s": 1}, "silent for 1 s"), (0.2, {"total_s": 3}, "not done within 3 s")):
        mine = source(server, **fetch)
        [found] = mine.list()
        server.at_read = lambda offset, wait=wait: asyncio.sleep(wait)  # type: ignore[misc]
        with mine.fetch(found) as file, pytest.raises(BadSource, match=words):
            while file.read(1 << 16):
                pass
        server.at_read = lambda offset: None
        mine.close()


def test_a_connection_that_breaks_in_the_middle(server: Ssh) -> None:
    put(server, "x.edi", b"x" * 4_000_000)
    mine = source(server)
    [found] = mine.list()
    server.at_read = lambda offset: server.drop() if offset > 2_000_000 else None
    with mine.fetch(found) as file, pytest.raises(BadSource):
        while file.read(1 << 16):
            pass
    server.at_read = lambda offset: None
    assert len(read(mine, found)) == 4_000_000  # over a new connection
    mine.close()


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-x\r\n"])
def test_what_never_comes_to_be_an_ssh_server(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def accept() -> None:
            conn, _ = listening.accept()
            held.append(conn)
            conn.sendall(greeting)

        thread = threading.Thread(target=accept)
        thread.start()
        how = {"private": True, "host_key": "SHA256:" + "A" * 43, "connect_s": 0.5, "read_s": 0.5, "total_s": 3}
        with pytest.raises(BadSource):
            list(open_source(f"sftp://127.0.0.1:{listening.getsockname()[1]}/out/*", IN, how).list())
        thread.join()
        for conn in held:
            conn.close()
