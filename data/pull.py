"""Fetch what is new at a feed's source, or take local files as if it had: each becomes a delivery of `data.intake`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from data import clock
from data.intake import Counts, Delivery, Guard, Intake
from data.judge import TooEarly, judge
from data.keep import Row
from data.settings import Settings
from data.sources import BadSource, Folder, Found, StillWriting, modified_at, open_source, unchanged
from data.store import tables as t
from data.store.engine import Store
from zones.place import Feed
from zones.world import World

log = logging.getLogger(__name__)


def pull_feed(
    store: Store, world: World, feed_id: str, now: datetime, settings: Settings, guard: Guard | None = None, run_id: str = ""
) -> dict[str, Any]:
    """Fetch what is new at one feed's source. A file that cannot be fetched is tried again next time and told in `failed`."""
    feed, counts, began = world.feed(feed_id), Counts(), clock.monotonic()
    intake = Intake(store, world, feed, settings, counts, guard, run_id)
    intake.resume()
    source = open_source(feed.source, settings.credentials(feed.id))
    with store.read() as conn:
        rows = conn.execute(sa.select(t.seen).where(t.seen.c.feed == feed.id))
        known = {row.name: (row.size, row.modified_at) for row in rows}
    for found in source.list():
        if known.get(found.name) == (found.size, found.modified_at):
            continue
        try:
            seen = _seen_row(feed.id, found.name, found.size, found.modified_at, now)
            intake.take(Delivery(found.name, partial(source.fetch, found), now, seen, partial(_whole, found)))
        except StillWriting:
            continue
        except (BadSource, OSError) as error:
            counts.failed.append(f"{found.name}: {error}")
    intake.finish()
    return counts.done(clock.monotonic() - began)


def pull_feeds(store: Store, world: World, ids: Sequence[str], now: datetime, settings: Settings) -> dict[str, Any]:
    """Pull the named feeds (all when none is named), then judge up to now."""
    said: dict[str, Any] = {}
    for feed_id in ids or [feed.id for feed in world.feeds]:
        try:
            said[feed_id] = pull_feed(store, world, feed_id, now, settings)
        except BadSource as error:
            said[feed_id] = {**Counts().done(0.0), "failed": [str(error)]}
    _judge(store, world, now)
    return {"feeds": said, "total": total(said.values())}


def ingest(
    store: Store,
    world: World,
    feed_id: str,
    paths: Iterable[Path],
    received_at: datetime | str | None,
    now: datetime,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Read local files as if the feed had delivered them. `progress(done, total)` is told in bytes.

    `received_at`: None for now, and judge; a time, or "mtime" for each file's own: a backfill, and nothing is judged.
    """
    feed, counts, began = world.feed(feed_id), Counts(), clock.monotonic()
    intake = Intake(store, world, feed, settings, counts)
    intake.resume()
    files = list(paths)
    sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
    done, every = 0, sum(sizes)
    for size, path in zip(sizes, files, strict=True):
        if progress:
            intake.reached = partial(_reached, progress, done, every)
        try:
            stat = path.stat()
            changed = modified_at(stat)
            received = changed if received_at == "mtime" else received_at if isinstance(received_at, datetime) else now
            intake.take(Delivery(path.name, partial(_open, path), min(received, now), _lies_at(feed, path, now)))
        except OSError as error:
            counts.failed.append(f"{path}: {error.strerror or error}")
        done += size
        if progress:
            progress(done, every)
    intake.finish()
    if received_at is None:
        _judge(store, world, now)
    said = {feed_id: counts.done(clock.monotonic() - began)}
    return {"feeds": said, "total": total(said.values())}


def _lies_at(feed: Feed, path: Path, now: datetime) -> Row | None:
    """The `seen` row of a file that lies in the feed's own folder: it need not be fetched again."""
    try:
        source = open_source(feed.source)
    except BadSource:
        return None
    if not isinstance(source, Folder):
        return None
    found = source.named(path)
    return _seen_row(feed.id, found.name, found.size, found.modified_at, now) if found else None


def _whole(found: Found, file: BinaryIO) -> bool:
    return unchanged(file, found)


def _judge(store: Store, world: World, now: datetime) -> None:
    """Judge up to now; where a later moment was judged already, what came in waits for the next judging."""
    try:
        judge(store, world, now)
    except TooEarly as error:
        log.warning("not judged: %s", error)


def _reached(progress: Callable[[int, int], None], before: int, every: int, at: int) -> None:
    progress(before + at, every)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _seen_row(feed: str, name: str, size: int, modified_at: datetime, now: datetime) -> Row:
    return {"feed": feed, "name": name, "size": size, "modified_at": modified_at, "fetched_at": now, "failed": "", "tries": 0}


def total(feeds: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The sums over feeds."""
    names = ("files", "receipts", "messages", "duplicate", "unreadable", "reports", "rejected", "seconds")
    said: dict[str, Any] = dict.fromkeys(names, 0)
    for feed in feeds:
        for name in names:
            said[name] += feed[name]
    said["seconds"] = round(said["seconds"], 3)
    said["rows_per_second"] = round((said["reports"] + said["rejected"]) / said["seconds"], 1) if said["seconds"] else 0.0
    return said
