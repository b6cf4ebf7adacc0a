"""check-feed: how a file would be read, before a feed is declared or changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import yaml
from sqlalchemy.exc import SQLAlchemyError

from commands._shared import as_json, say, settings, tell
from commands.pull import known
from data import clock, declared
from data.settings import Settings
from data.store.engine import Store
from zones.world import World


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--feed", help="Read it as this declared feed would.")
@click.option("--format", "format_", metavar="FORMAT", help="Read it so (default: as found); what no --mapping declares is proposed.")
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A YAML file of options, or with `options:`.")
@click.option("--place", help="The place whose time and boxes count (default: the first declared).")
@as_json
def check_feed(file: Path, feed: str | None, format_: str | None, mapping: Path | None, place: str | None, as_json: bool) -> None:
    """Show how FILE would be read, and what would follow. Nothing is changed.

    Without --feed and --format its format is found. Exit 0: all of it was read; 1: something was rejected, or nothing could be
    read; 2: wrong usage.
    """
    from data.tryout import try_file

    if (feed and (format_ or mapping or place)) or (mapping and not format_):
        raise click.UsageError("name --feed FEED alone, or --format FORMAT with --mapping; --place, or nothing else, to find the format")
    loaded = settings()
    world = declared.load(loaded)
    options = _asked(world, feed, format_, mapping, place)
    with _opened(loaded) as store:
        try:
            modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            with file.open("rb") as raw:
                tried = try_file(
                    raw, file.name, world=world, place=place or next(iter(world.places)), now=clock.now(), format=format_ or "",
                    options=options, feed=feed or "", store=store, alerts=True, written=modified,
                )  # fmt: skip
        except OSError as error:
            say(f"Error: {file}: {error.strerror or error}")
            sys.exit(1)
    if options is not None and "bad_options" in tried.reasons:
        raise click.UsageError(f"{mapping}: {tried.rejects[0].detail}")
    from commands._tried import lines, shown
    from data.tryout.because import because

    document = {"ok": tried.whole, **asdict(tried)}
    for found in document["findings"]:
        found["said"] = because(found["because"], found["values"])
    tell(document, as_json, lambda: map(shown, lines(tried, world)))
    sys.exit(0 if tried.whole else 1)


def _asked(world: World, feed: str | None, format_: str | None, mapping: Path | None, place: str | None) -> Mapping[str, Any] | None:
    """The options of the mapping, None without one. Errors: UsageError for whatever cannot be meant."""
    from data.feeds import formats
    from data.tryout import complaint

    if not world.places:
        raise click.UsageError("no place is declared: times and codes are those of a place")
    if feed:
        known(world, (feed,))
        return None
    if place is not None and place not in world.places:
        raise click.UsageError(f"no place {place}; declared are {', '.join(world.places)}")
    if format_ and format_ not in formats():
        raise click.UsageError(f"no format {format_}; there are {', '.join(formats())}")
    if mapping is None:
        return None
    try:
        said = yaml.safe_load(mapping.read_text("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{mapping}: {' '.join(str(error).split())}") from error
    if isinstance(said, list) and len(said) == 1:
        said = said[0]  # an entry of `feeds:`, as it was handed out
    options = said.get("options", said) if isinstance(said, dict) else said
    if not isinstance(options, dict):
        raise click.UsageError(f"{mapping}: no options, and nothing that could be options")
    if wrong := complaint(str(format_), options, world, place or next(iter(world.places))):
        raise click.UsageError(f"{mapping}: {wrong}")
    return options


@contextmanager
def _opened(loaded: Settings) -> Iterator[Store | None]:
    """The database, if there is one that can be asked: none is made or changed."""
    from data.store import migrations
    from data.store.engine import normal_url, open_store

    file = normal_url(loaded.database_url).database if loaded.embedded else None
    if file is not None and not Path(file).exists():
        yield None
        return
    store = open_store(loaded.database_url)
    try:
        try:
            with store.read() as conn:
                there = migrations.current(conn) == migrations.head()
        except SQLAlchemyError as error:
            say(f"the database is not asked: {str(getattr(error, 'orig', None) or error).splitlines()[0]}")
            there = False
        yield store if there else None
    finally:
        store.close()
