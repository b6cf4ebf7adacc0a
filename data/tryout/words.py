"""What columns and codes are called (words.yaml), and how sure a name is. Accents, case and punctuation play no part (`plain`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import yaml


def plain(text: str) -> str:
    """Small letters without accents, words separated by one blank: "Giờ vào" -> "gio vao", "B/L No." -> "b l no"."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in apart if not unicodedata.combining(c))))


def _listed(words: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys((*map(plain, said), plain(name)))) for name, said in words.items()}


_WORDS = yaml.load(Path(__file__).with_name("words.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - builds text, lists, dicts only
NAMES = _listed(_WORDS["columns"])
CODES = {kind: _listed(words) for kind, words in _WORDS["codes"].items()}


def called(field: str, header: str) -> int:
    """How sure a column's name is that of a field: 3 the very word, 2 beside others, 1 a part of it, 0 not at all."""
    name = plain(header)
    words = NAMES.get(field, (plain(field),))
    if name in words:
        return 3
    padded = f" {name} "
    if any(f" {word} " in padded for word in words if len(word) > 2) or any(word in name for word in words if not word.isascii()):
        return 2 if len(name.split()) <= 4 else 1
    return 0


def ours(kind: str, text: str) -> str:
    """Our word for a code (kind: event, fact, signal, act, side, full_empty, direction, mode); "" if nobody knows."""
    said = plain(text)
    return next((word for word, words in CODES.get(kind, {}).items() if said in words), "") if said else ""
