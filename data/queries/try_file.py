"""Try a file: how it would be read, for those who administer feeds. The file comes with the question and is forgotten with the answer."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from data.feeds import formats
from data.people import Actor
from data.store.engine import Store
from data.tryout import NEW_FEED, PUBLISHER, SOURCE, try_file
from data.tryout.piece import fragment
from data.tryout.told import Code, Column, Finding, Preview, Raised, Tried
from zones.world import World

__all__ = [
    "ENCODINGS", "LARGEST", "NEW_FEED", "PUBLISHER", "ZONED", "ZONES", "Code", "Column", "Finding",
    "Preview", "Raised", "Tried", "every_format", "piece", "tried", "words_of",
]  # fmt: skip

LARGEST = 4 << 20  # bytes of a file; larger ones are for the command check-feed
ALERTS_UP_TO = 256 << 10  # of such a file the alerts are worked out with every answer: a second or two
ZONES = ("UTC", "Asia/Ho_Chi_Minh", "Asia/Shanghai")  # of times without one, where it is not the place's
ZONED = frozenset(name for name, module in formats().items() if hasattr(module, "SHAPE") or hasattr(module, "FORM"))  # that read `timezone`
ENCODINGS = ("utf-8", "windows-1258", "gb18030", "big5", "windows-1252", "utf-16-le", "utf-16-be")


def every_format() -> tuple[str, ...]:
    """The formats there are."""
    return tuple(formats())


def tried(
    store: Store, actor: Actor, world: World, now: datetime, *, place: str, name: str, data: bytes, format: str = "",
    options: Mapping[str, Any] | None = None, written: datetime | None = None, propose: bool = False,
) -> Tried:  # fmt: skip
    """How the file would be read at a place. Errors: Refused; KeyError for a place that is not declared; ValueError if too large."""
    actor.must("try_file", place)
    if len(data) > LARGEST:
        raise ValueError(f"{len(data)} bytes; at most {LARGEST}")
    return try_file(
        io.BytesIO(data), name, world=world, place=place, now=now, format=format if format in formats() else "", options=options,
        store=store, alerts=len(data) <= ALERTS_UP_TO, written=written, propose=propose,
    )  # fmt: skip


def piece(actor: Actor, feed: str, format: str, publisher: str, options: Mapping[str, Any]) -> str:
    """The entry of `feeds:` for place.yaml, as text. Errors: Refused."""
    actor.must("try_file")
    return fragment(feed.strip() or NEW_FEED, format, publisher.strip() or PUBLISHER, SOURCE, options)


def words_of(format: str, field: str) -> tuple[str, ...]:
    """The words that a closed field of a format may hold; () where any text will do."""
    shape = getattr(formats().get(format), "SHAPE", None)
    return tuple(shape.fields.get(field, ())) if shape else ()
