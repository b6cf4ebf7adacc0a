"""Trying a file: how it would be read, before any feed is declared. Nothing is kept, nothing is written.

    tried = try_file(file, "gate.csv", world=world, place="demo-port", now=now, store=store)

    encoding.py sheet.py workbook.py dates.py words.py mapping.py    what can be seen of a file
    proposal.py     its format and options, each with the reason; proposed where none were named
    reading.py      the file through its own reader: read, rejected, ignored, the first records, its times
    archive.py      the first file of an archive, and what of the archive cannot be had
    standing.py     how that fits what is known; clocks that are hours apart
    alerts.py       the alerts that it would raise: the product's own code on a scratch database
    piece.py        the piece of place.yaml that reads it so
    told.py         the values that come out; because.py the sentences in English

A format that is a table (it has a SHAPE) gets its columns proposed; any other is found by its name among `data.feeds.formats()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from data.feeds import _table, formats
from data.store.engine import Store
from data.tryout import reading
from data.tryout.alerts import LARGEST, would
from data.tryout.archive import opened
from data.tryout.piece import fragment
from data.tryout.proposal import guess
from data.tryout.sheet import LOOKED_AT
from data.tryout.standing import shifted, shifted_from_others, stands
from data.tryout.told import Tried, Would
from data.tryout.workbook import is_workbook
from data.unpack import is_archive
from zones.place import Feed, Options
from zones.world import World

__all__ = ["NEW_FEED", "Tried", "complaint", "try_file"]

NEW_FEED = "new-feed"  # the id of a feed that is not declared yet
PUBLISHER = "PUBLISHER"
SOURCE = "file:///srv/in/*"


def try_file(
    file: BinaryIO,
    name: str,
    *,
    world: World,
    place: str,
    now: datetime,
    format: str = "",
    options: Mapping[str, Any] | None = None,
    feed: str = "",
    store: Store | None = None,
    alerts: bool = False,
    written: datetime | None = None,
    propose: bool = False,
    new_feed: str = NEW_FEED,
    publisher: str = PUBLISHER,
) -> Tried:
    """How a (seekable) file called `name` would be read at a place, if it came now.

    With `feed`, by the format and options that it declares; else by `format` ("": found) and `options` (None: proposed;
    with `propose` these stand and all else is proposed). `store`: asked
    what is known of its boxes; with `alerts` also which alerts it would raise. `written`: the file's own time, where that is known.
    Errors: KeyError for a place or feed that is not declared; whatever is wrong with the file is told.
    """
    if is_archive(file):
        first = partial(
            try_file, world=world, place=place, now=now, format=format, options=options, feed=feed, store=store, alerts=alerts,
            written=written, propose=propose, new_feed=new_feed, publisher=publisher,
        )  # fmt: skip
        return opened(file, name, first, world.place_of(feed) if feed else world.place(place), feed)
    file.seek(0)
    home = world.place_of(feed) if feed else world.place(place)
    declared = world.feed(feed) if feed else None
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(LOOKED_AT)
    if is_workbook(head) and size > len(head):
        head += file.read(LARGEST)
    written = min(written or now, now)
    asked = (declared.format, declared.options) if declared else (format, options)
    found = guess(head, name, home, *asked, written, feed, propose)
    module = formats().get(found.format)
    tried = Tried(
        name=name, size=size, format=found.format, place=home.id, timezone=home.timezone, feed=feed, options=found.options,
        columns=found.columns, fields=found.fields, forms=found.forms, lacks=found.lacks, sampled=len(found.sheet.rows),
        findings=tuple(found.findings),
    )  # fmt: skip
    if module is None:
        return replace(tried, would=Would(left_out="would_no_format") if alerts else None)
    with_name = {**found.options, "_name": name}
    came = reading.read(module, file, size, home, with_name, now, world.resolve)
    findings = [*found.findings]
    if clock := shifted(came.moves, home, now, written) or (shifted_from_others(store, came.moves, home) if store else None):
        findings.append(clock)
    source = declared or Feed(
        id=new_feed, place=home.id, format=found.format, publisher=publisher, source=SOURCE, options=Options(found.options),
        speaks_for=frozenset(module.SPEAKS_FOR),
    )  # fmt: skip
    judged = None
    if alerts:
        file.seek(0)
        data = file.read(LARGEST + 1)
        judged = would(store, world, source, data, name, came, now) if store else Would(left_out="would_no_database")
    return replace(
        tried, findings=tuple(findings), messages=came.messages, read=came.read, given=dict(came.given), events=dict(came.events),
        rejected=came.rejected, faults=came.faults, reasons=dict(came.reasons.most_common()), rejects=tuple(came.rejects),
        ignored=tuple(came.ignored), remarks=dict(came.remarks.most_common(reading.SHOWN)), misnumbered=came.misnumbered,
        misnumbers=tuple(came.misnumbers), span=came.span, previews=reading.previews(came, file, found.sheet, found.columns),
        standing=stands(store, world, home, came.moves) if store else None, would=judged,
        fragment=fragment(source.id, found.format, source.publisher, source.source, found.options),
    )  # fmt: skip


def complaint(format: str, options: Mapping[str, Any], world: World, place: str) -> str:
    """What is wrong with the options of a mapping before any file is looked at: an English sentence, "" if nothing is."""
    shape = getattr(formats().get(format), "SHAPE", None)
    return _table.complaint(options, world.place(place).zone, shape) if shape is not None else ""
