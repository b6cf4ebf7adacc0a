"""Why a message, a record or a report does not count: the key a reader gives, as a sentence in the reader's language."""

from __future__ import annotations

import re

from layouts._text import has, say

# "{detail}" with the punctuation that leads to it: left out together where there is no detail, or it may not be shown.
_DETAIL = re.compile(r"\s?[:(:(]?\s?\{detail\}[))]?")


def reason(key: str, detail: str, language: str) -> str:
    """The sentence of a reason. A key that is not known comes back as it is: a reader may be newer than the catalogue."""
    if not has(f"reasons.{key}"):
        return say("reasons.other", language, reason=key, detail=detail) if detail else key
    return say(f"reasons.{key}", language, detail=detail) if detail else _DETAIL.sub("", say(f"reasons.{key}", language))


def why(text: str, language: str) -> str:
    """What stands in the `why` of a report: "key: detail; key" as sentences; words that are no key stay as they are."""
    said = []
    for item in filter(None, text.split("; ")):
        key, _, detail = item.partition(": ")
        said.append(reason(key, detail, language) if has(f"reasons.{key}") else item)
    return " ".join(said)
