"""Ids that two different events of one message have, at the same time of update: such an id says nothing (met in practice: one id for the
arrival of a truck and for the gate-in of its box). Versions, with different times of update, and verbatim repeats are no such case.
"""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Raw

from data.feeds._dcsa_any import any_event
from data.feeds._dcsa_take import Bad
from data.feeds._dcsa_told import key_of
from data.feeds._json_pages import BLOCK, Found, Many, One, Pages, Utf8

_ID = re.compile(rb'"eventI[Dd]"[ \t\r\n]*:[ \t\r\n]*"([^"]{1,500})"')
_USUAL = b'"eventID":"'  # as a whole file has it that is written without blanks: twice as fast
_REACH = 700  # bytes that an id with its name may take
_RAWS = msgspec.json.Decoder(list[Raw])


def doubled(file: Utf8, page: list[Found] | None = None) -> frozenset[str]:
    """The keys of such ids. Reads the file once, and again only where an id occurs twice; not at all where `page` is all that is in it
    and none does."""
    if (page is not None and _different(page)) or not (twice := _twice(file)):
        return frozenset()
    found: dict[str, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    file.seek(0)
    for item in Pages(file, _RAWS.decode):
        texts = [bytes(raw) for raw in item.events] if isinstance(item, Many) else [item.text] if isinstance(item, One) else []
        for text in texts:
            if any(each in twice for each in _ID.findall(text)):
                try:
                    told = any_event(text)
                except Bad:
                    continue
                found[key_of(told)][told.updated].add(blake2b(text, digest_size=16).digest())  # a whole file may be of one id
    return frozenset(key for key, told_ in found.items() if any(len(texts) > 1 for texts in told_.values()))


def _different(page: list[Found]) -> bool:
    """Whether all events in it have ids of their own."""
    ids: list[Any] = []
    for item in page:
        if isinstance(item, Many):
            ids += [event.eventID for event in item.events if event.eventID]
        elif isinstance(item, One):
            ids += [each.decode("utf-8", "replace") for each in _ID.findall(item.text)]
    return len(set(ids)) == len(ids)


def _twice(file: Utf8) -> set[bytes]:
    """The ids that occur more than once."""
    seen: set[bytes] = set()
    twice: set[bytes] = set()
    file.seek(0)
    rest, usual = b"", None
    while True:
        block = file.read(BLOCK)
        text = rest + block
        cut = len(text)
        if block:  # what may go on in the next block waits for it
            last = text.rfind(b'"eventI', max(0, cut - _REACH))
            cut = last if last >= 0 else max(cut - 7, 0)
        if usual is None and (named := text.count(b'"eventI')):
            usual = text.count(_USUAL) == named
        ids = [each[: each.find(b'"')] for each in text[:cut].split(_USUAL)[1:]] if usual else _ID.findall(text, 0, cut)
        fresh = set(ids)
        if len(fresh) != len(ids) or not seen.isdisjoint(fresh):
            for each in ids:
                (twice if each in seen else seen).add(each)
        else:
            seen |= fresh
        if not block:
            break
        rest = text[cut:]
    return twice
