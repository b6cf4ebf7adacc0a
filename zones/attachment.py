"""What may be attached to an alert: photographs and PDF, told apart by their content, never by their name or by what a browser says."""

from __future__ import annotations

KINDS = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "pdf": "application/pdf"}
LARGEST = 8 * 1024 * 1024  # bytes of one: a photograph of a telephone
MOST = 20  # of one alert


def kind_of(head: bytes) -> str:
    """One of KINDS by the first 16 bytes at least; "" for anything else.

    PNG (RFC 2083): the signature, then IHDR. JPEG (ISO 10918): SOI, then a marker of a segment. WebP (RFC 9649): RIFF, WEBP and a VP8
    chunk. PDF (ISO 32000): its header at the very beginning; readers that look for it further on are not followed.
    """
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return "png"
    if head[:3] == b"\xff\xd8\xff" and len(head) > 3 and head[3] >= 0xC0 and head[3] != 0xFF:
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8":
        return "webp"
    if head.startswith((b"%PDF-1.", b"%PDF-2.")):
        return "pdf"
    return ""
