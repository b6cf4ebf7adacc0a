"""pull: ask feeds now."""

from __future__ import annotations

import sys

import click

from commands._shared import as_json, house, tell


@click.command()
@click.argument("feeds", nargs=-1, metavar="[FEED]...")
@as_json
def pull(feeds: tuple[str, ...], as_json: bool) -> None:
    """Pull the named feeds (default all) now, and judge what came."""
    from data.pull import pull_feeds

    with house() as ours:
        known(ours.world, feeds)
        result = pull_feeds(ours.store, ours.world, list(feeds), ours.now, ours.settings)
    tell(result, True)
    sys.exit(1 if failures(result) else 0)


def known(world: object, feeds: tuple[str, ...]) -> None:
    """Errors: a usage error for a feed that is not declared."""
    there = {feed.id for feed in getattr(world, "feeds", ())}
    for feed in feeds:
        if feed not in there:
            raise click.UsageError(f"no feed {feed}; declared are {', '.join(sorted(there)) or 'none'}")


def failures(result: dict[str, dict[str, dict[str, object]]]) -> bool:
    """Whether something could not be read from disk."""
    return any(counts.get("failed") for counts in result["feeds"].values())
