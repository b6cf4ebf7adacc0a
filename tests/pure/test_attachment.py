"""What may be attached is told apart by its content alone."""

from __future__ import annotations

import pytest

from data.actions.attach import LONGEST_NAME, plain_name
from zones.attachment import KINDS, kind_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
SAMPLES = {"png": PNG, "jpeg": JPEG, "webp": WEBP, "pdf": PDF}


def test_each_kind_is_known_by_its_content() -> None:
    assert {kind: kind_of(head) for kind, head in SAMPLES.items()} == {kind: kind for kind in KINDS}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x89PNG", b"\x89PNG\r\n\x1a\nxxxxIDAT", b"\xff\xd8\xff", b"\xff\xd8\xff\xff\xff", b"\xff\xd8\xff\x00",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"RIFF\x24\x00\x00\x00WEBPXXXX", b" %PDF-1.7", b"\xef\xbb\xbf%PDF-1.7", b"%PDF-9.9", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>", b"GIF89a", b"PK\x03\x04", b"MZ\x90\x00", b"BM\x00\x00",
    ],
)  # fmt: skip
def test_anything_else_is_none_of_them(content: bytes) -> None:
    assert kind_of(content) == ""


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("gate 3.jpg", "gate 3.jpg"), ("C:\\Users\\an\\photo.png", "photo.png"), ("../../etc/passwd", "passwd"), ("ảnh.jpg", "ảnh.jpg"),
        ("\u202egpj.exe", "gpj.exe"), ("a\r\nSet-Cookie: x", "aSet-Cookie: x"), ("", ""), ("x" * 500, "x" * LONGEST_NAME),
    ],
)  # fmt: skip
def test_a_name_is_shown_without_what_hides_in_it(given: str, shown: str) -> None:
    assert plain_name(given) == shown
