"""ingest: read local files as if a feed had delivered them."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from commands._shared import MOMENT, as_json, house, tell
from commands.pull import failures, known
from data import clock


class Received(click.ParamType):
    """`mtime`, or a time."""

    name = "time|mtime"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime | str:
        return "mtime" if value == "mtime" else MOMENT.convert(value, param, ctx)


@click.command()
@click.option("--feed", required=True, help="The feed that would have delivered the files.")
@click.option("--received-at", type=Received(), help="A backfill: kept and derived, nothing judged. `mtime`: each file's own time.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@as_json
def ingest(feed: str, received_at: datetime | str | None, paths: tuple[Path, ...], as_json: bool) -> None:
    """Read files (and the files of folders) as if FEED had delivered them."""
    from data.pull import ingest as take

    with house() as ours:
        known(ours.world, (feed,))
        if isinstance(received_at, datetime) and received_at > ours.now:
            raise click.UsageError(f"--received-at {received_at.isoformat()} is in the future")
        files = [file for path in paths for file in (sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path])]
        bar = Bar(sum(file.stat().st_size for file in files if file.is_file()))
        result = take(ours.store, ours.world, feed, files, received_at, ours.now, ours.settings, progress=bar.show)
        bar.end()
    tell(result, True)
    sys.exit(1 if failures(result) else 0)


class Bar:
    """A progress bar on standard error: redrawn at most ten times a second on a terminal, silent elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.drawn = total, 0.0
        self.terminal = sys.stderr.isatty()

    def show(self, done: int, total: int | None = None) -> None:
        """Draw how far it is."""
        total = total or self.total
        if not self.terminal or (clock.monotonic() - self.drawn < 0.1 and done < total):
            return
        self.drawn = clock.monotonic()
        full = 30 * done // max(total, 1)
        click.echo(f"\r[{'#' * full}{'.' * (30 - full)}] {done / 1e6:,.1f} of {total / 1e6:,.1f} MB", err=True, nl=False)

    def end(self) -> None:
        """Leave the line."""
        if self.terminal:
            click.echo("", err=True)
