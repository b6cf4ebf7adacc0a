"""Trying an archive: its first file, and what of the archive cannot be had."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from tests.pure.test_tryout import NOW, found, table, tried


def test_what_is_wrong_with_an_archive_is_rejected() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("gate.csv", table([NOW]))
        archive.writestr("more.csv", table([NOW]))
        archive.writestr("inner.zip", packed.getvalue() or b"PK\x05\x06" + bytes(18))
        archive.writestr("large.csv", bytes(40 << 20))
    of = tried(packed.getvalue(), "gate.zip")
    assert (found(of, "archive")[2], of.name, of.read) == ("archive_members", "gate.csv", 1)
    assert (of.rejected, set(of.reasons), of.whole) == (2, {"archive_nested", "archive_too_large"}, False)


def test_an_archive_that_breaks_off_is_named_as_one() -> None:
    of = tried(gzip.compress(table([NOW] * 900).encode())[:60], "gate.csv.gz")
    assert (found(of, "archive")[2], of.reasons, of.whole) == ("archive_none", {"archive_damaged": 1}, False)


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_file_in_an_archive_is_tried_to_its_end(gzipped: bool) -> None:
    """Unpacked it comes in pieces: the first has 512 bytes."""
    content, packed = table([NOW] * 9_000), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("gate.csv", content)
    of = tried(gzip.compress(content.encode()) if gzipped else packed.getvalue(), "gate.csv.gz")
    assert (of.read, of.rejected) == (9_000, 0)
