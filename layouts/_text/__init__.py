"""Every word on the screens: catalogues by language, one file a group, `<language>/<group>.yaml`; a key is `group.name`.

A text may be a mapping of `one` and `other`, chosen by the value `n`. Whole numbers and fractions among the values are written
as the language writes them; anything else goes in as it is. A key that is not there is shown as itself: ugly on purpose, and a
contract test finds it before a user does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from layouts._text.forms import decimal, number

LANGUAGES = ("en", "vi", "zh")
COMPLETE = ("en", "vi")  # these have every key; the others fall back to English where a text is missing
_FOLDER = Path(__file__).parent

Text = str | dict[str, str]


@cache
def catalogue(language: str) -> dict[str, Text]:
    """All texts of one language by key. Errors: ValueError where two files give one key or a text is neither text nor one/other."""
    texts: dict[str, Text] = {}
    for file in sorted((_FOLDER / language).glob("*.yaml")):
        # BaseLoader: every scalar stays text, so that the keys `yes` and `no` are not made into booleans.
        entries = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}  # noqa: S506 - builds text, lists, dicts only
        for name, text in entries.items():
            if isinstance(text, dict) and "other" not in text:
                raise ValueError(f"{file.name}: {name}: a text by number needs `other`")
            if not isinstance(text, str | dict):
                raise ValueError(f"{file.name}: {name}: neither a text nor one/other")
            texts[f"{file.stem}.{name}"] = text
    return texts


def say(key: str, language: str, **values: Any) -> str:
    """The text of a key in a language (else in English, else the key itself), with its values filled in."""
    text = catalogue(language).get(key)
    if text is None:
        text = catalogue("en").get(key, key)
    if isinstance(text, dict):
        text = text["one"] if values.get("n") == 1 and "one" in text else text["other"]
    if not values:
        return text
    return text.format_map(_Filled({name: _written(value, language) for name, value in values.items()}))


def word(kind: str, code: str, language: str) -> str:
    """The word for a code: `word("event", "gate_in", "vi")`. An unknown code comes back as it is: codes are never guessed at."""
    key = f"words.{kind}_{code}"
    return say(key, language) if has(key) else code


def has(key: str, language: str = "en") -> bool:
    """Whether a language has a text of its own for the key."""
    return key in catalogue(language)


@cache
def keys(group: str, beginning: str) -> tuple[str, ...]:
    """The keys of a group that begin so."""
    start = f"{group}.{beginning}"
    return tuple(key.removeprefix(f"{group}.") for key in catalogue("en") if key.startswith(start))


def _written(value: Any, language: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else value
    return number(value, language) if isinstance(value, int) else decimal(value, language)


class _Filled(dict[str, Any]):
    """A value that was not given stays visible as its name in braces."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
