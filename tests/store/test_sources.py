"""A folder as a source: complete files only, nothing but files, and no name ever used as a path."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from data.sources import BadSource, Folder, Found, StillWriting, _source, modified_at, open_regular, open_source, shown_name, unchanged
from data.sources import folder as folders


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def folder(inbox: Path, pattern: str = "*.edi") -> Folder:
    """The folder as a source that does not really wait between its looks."""
    found = open_source(f"file://{inbox}/{pattern}")
    assert isinstance(found, Folder)
    found.wait = lambda _: None
    return found


def put(path: Path, text: str = "UNA", at: float = 1_000_000.0) -> Path:
    path.write_text(text)
    os.utime(path, (at, at))
    return path


def test_lists_by_pattern_oldest_first(inbox: Path) -> None:
    put(inbox / "b.edi", at=1)
    put(inbox / "a.edi", at=2)
    put(inbox / "c.txt")
    (inbox / "d.edi").mkdir()
    source = folder(inbox)
    assert [found.name for found in source.list()] == ["b.edi", "a.edi"]
    with source.fetch(source.list()[0]) as file:
        assert file.read() == b"UNA"


def test_folders_below(inbox: Path) -> None:
    (inbox / "day").mkdir()
    put(inbox / "day" / "x.edi")
    assert [found.name for found in folder(inbox, "**/*.edi").list()] == ["day/x.edi"]
    assert [found.name for found in folder(inbox / "day", "").list()] == ["x.edi"]


@pytest.mark.parametrize("name", ["x.edi.part", "x.tmp", "x.filepart", ".x.edi", "x.edi~", "X.PART"])
def test_unfinished_names_are_left_alone(inbox: Path, name: str) -> None:
    put(inbox / name)
    assert folder(inbox, "*").list() == []


def test_a_file_that_grows_between_two_looks_is_left_alone(inbox: Path) -> None:
    path = put(inbox / "x.edi")
    put(inbox / "y.edi")
    source = folder(inbox)
    source.wait = lambda _: put(path, "UNA and more", 1_000_001.0) and None  # type: ignore[func-returns-value]
    assert [found.name for found in source.list()] == ["y.edi"]
    source.wait = lambda _: None
    assert len(source.list()) == 2


def test_a_file_with_an_old_time_that_was_just_copied_is_looked_at_twice(inbox: Path) -> None:
    put(inbox / "x.edi", at=1)
    looks: list[float] = []
    source = folder(inbox)
    source.wait = looks.append
    source.list()
    assert looks == [_source.BETWEEN_LOOKS_S]


def test_a_settled_file_is_not_waited_for(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(inbox / "x.edi")
    monkeypatch.setattr(folders, "SETTLED_S", -1.0)
    source = folder(inbox)
    source.wait = lambda _: pytest.fail("waited")
    assert len(source.list()) == 1


def test_a_file_that_changes_before_or_while_it_is_read(inbox: Path) -> None:
    path = put(inbox / "x.edi")
    source = folder(inbox)
    [found] = source.list()
    with source.fetch(found) as file:
        assert unchanged(file, found)
        put(path, "longer", 5.0)
        assert not unchanged(file, found)
    with pytest.raises(StillWriting):
        source.fetch(found)
    path.unlink()
    with pytest.raises(BadSource):
        source.fetch(found)


def test_a_writer_at_work_is_never_read_half(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Appending in small steps while the source is listed again and again: what is listed is whole."""
    path, whole, done = inbox / "x.edi", b"0123456789" * 20, threading.Event()

    def write() -> None:
        with path.open("wb") as file:
            for start in range(0, len(whole), 10):
                file.write(whole[start : start + 10])
                file.flush()
                time.sleep(0.01)
        done.set()

    source = folder(inbox)
    source.wait = lambda _: time.sleep(0.05)
    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        for found in source.list():
            assert found.size == len(whole)
    writer.join()
    assert [found.size for found in source.list()] == [len(whole)]


def test_only_files(inbox: Path, tmp_path: Path) -> None:
    secret = put(tmp_path / "secret")
    (inbox / "link.edi").symlink_to(secret)
    os.mkfifo(inbox / "pipe.edi")
    source = folder(inbox)
    assert source.list() == []
    for path in (inbox / "link.edi", inbox / "pipe.edi", inbox):
        with pytest.raises(BadSource):
            open_regular(path)


def test_a_link_put_in_the_place_of_a_listed_file(inbox: Path, tmp_path: Path) -> None:
    path = put(inbox / "x.edi")
    source = folder(inbox)
    [found] = source.list()
    path.unlink()
    path.symlink_to(put(tmp_path / "secret"))
    with pytest.raises(BadSource):
        source.fetch(found)


def test_names_are_no_paths(inbox: Path, tmp_path: Path) -> None:
    put(tmp_path / "secret")
    source = folder(inbox)
    source.list()
    for name in ("../secret", "/etc/passwd", str(tmp_path / "secret")):
        with pytest.raises(BadSource):
            source.fetch(Found(name, 3, modified_at((tmp_path / "secret").stat())))


def test_odd_names_are_shown_and_fetched(inbox: Path) -> None:
    odd = ["a\nb.edi", "\N{RIGHT-TO-LEFT OVERRIDE}x.edi", "n" * 240 + ".edi", os.fsdecode(b"caf\xe9.edi"), "đường.edi"]
    for name in odd:
        put(inbox / name)
    source = folder(inbox)
    listed = source.list()
    assert len({found.name for found in listed}) == len(odd)
    for found in listed:
        assert found.name.isprintable()
        found.name.encode()
        assert len(found.name) <= 300
        source.fetch(found).close()
    assert shown_name(Path("x" * 999)) != shown_name(Path("x" * 999), taken={shown_name(Path("x" * 999)): Path()})


def test_one_file_by_name_and_a_file_as_it_would_be_listed(inbox: Path, tmp_path: Path) -> None:
    path = put(inbox / "x.edi", at=1_000_000.123456)
    put(inbox / "y.edi")
    source = folder(inbox, "x.edi")
    assert source.list() == [source.named(path)]
    assert source.named(put(tmp_path / "z.edi")) is None


@pytest.mark.parametrize("url", ["sftp://h/in", "https://h/x", "s3://b/k", "in/*.edi", "file://in/*.edi"])
def test_what_is_no_source(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadSource):
        list(open_source(url).list())


def test_a_folder_that_is_not_there_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no folder"):
        open_source(f"file://{tmp_path}/absent/*.edi").list()
