"""Fetch what is new at a feed's source, or take local files as if it had: each becomes a delivery of `data.intake`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from data import clock
from data.intake import Counts, Delivery, Guard, Intake
from data.judge import TooEarly, judge
from data.keep import Row
from data.raw import RawFailed
from data.settings import Settings
from data.sources import BadSource, Folder, Found, Known, Source, StillWriting, Stopped, Unreached, modified_at, open_source
from data.store import tables as t
from data.store.engine import Store
from zones.place import Feed
from zones.world import World

log = logging.getLogger(__name__)
BROKEN = 3  # files in a row that a source broke off at: then it waits for the next pull


def pull_feed(
    store: Store,
    world: World,
    feed_id: str,
    now: datetime,
    settings: Settings,
    guard: Guard | None = None,
    run_id: str = "",
    stopping: Callable[[], bool] = lambda: False,
    wait: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Fetch what is new at one feed's source. A file that cannot be fetched is tried again next time and told in `failed`.

    `stopping`: whether to leave the rest for another time, asked before each file or page. `wait`: how the source waits between
    two requests, instead of sleeping; raises Stopped when it is to end.
    """
    feed, counts, began = world.feed(feed_id), Counts(), clock.monotonic()
    intake = Intake(store, world, feed, settings, counts, guard, run_id)
    intake.resume()
    with closing(open_source(feed.source, settings.credentials(feed.id), feed.fetch, wait)) as source:
        gone = _take_all(source, _known(store, feed.id, now), intake, stopping)
    intake.finish()
    if gone is not None and not counts.files:
        raise gone
    counts.failed += [str(gone)] if gone else []
    return counts.done(clock.monotonic() - began)


def _take_all(source: Source, known: Known, intake: Intake, stopping: Callable[[], bool]) -> BadSource | None:
    """Take what is new; why the source broke off in the middle, if it did. What came before that is kept."""
    feed, counts, broken = intake.feed.id, intake.counts, 0
    try:
        for found in source.list(known):
            if stopping():
                break
            if found.same(known.files.get(found.name)):
                continue
            seen = None if found.bookmark else _seen_row(feed, found, known.at)
            fetch, whole = partial(source.fetch, found), partial(source.whole, found)
            try:
                intake.take(Delivery(found.name, fetch, known.at, seen, found.bookmark, whole))
            except StillWriting:
                continue
            except (BadSource, OSError) as error:
                counts.failed.append(f"{found.name}: {error}")
                broken += isinstance(error, Unreached)
                # A page that was not kept must not be passed over by the next one's bookmark; a server that is gone is not asked for
                # each of a thousand files. But one file that it breaks off at does not hold up those after it.
                if found.bookmark or broken == BROKEN:
                    break
                continue
            broken = 0
            if found.bookmark:
                intake.commit()  # a cursor may be good for once only: what it gave is not asked for again
    except BadSource as error:
        return error
    except Stopped:
        pass
    return None


def _known(store: Store, feed: str, now: datetime) -> Known:
    with store.read() as conn:
        files = conn.execute(sa.select(t.seen).where(t.seen.c.feed == feed))
        known = {row.name: Found(row.name, row.size, row.modified_at, row.version) for row in files}
        bookmark = conn.execute(sa.select(t.bookmark.c.value).where(t.bookmark.c.feed == feed)).scalar()
    return Known(now, known, bookmark or "")


def pull_feeds(store: Store, world: World, ids: Sequence[str], now: datetime, settings: Settings) -> dict[str, Any]:
    """Pull the named feeds (all when none is named), then judge up to now."""
    said: dict[str, Any] = {}
    for feed_id in ids or [feed.id for feed in world.feeds]:
        try:
            said[feed_id] = pull_feed(store, world, feed_id, now, settings)
        except (BadSource, RawFailed) as error:
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
        source = open_source(feed.source, fetch=feed.fetch)
    except BadSource:
        return None
    if not isinstance(source, Folder):
        return None
    found = source.named(path)
    return _seen_row(feed.id, found, now) if found else None


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


def _seen_row(feed: str, found: Found, now: datetime) -> Row:
    said = {"name": found.name, "size": found.size, "modified_at": found.modified_at, "version": found.version}
    return {"feed": feed, **said, "fetched_at": now, "failed": "", "tries": 0}


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
