"""reread: read kept messages again with today's reader."""

from __future__ import annotations

import click

from commands._shared import as_json, house, tell
from commands.pull import known


@click.command()
@click.argument("message", required=False)
@click.option("--reason", help="All messages with this reason.")
@click.option("--feed", help="All messages of this feed.")
@as_json
def reread(message: str | None, reason: str | None, feed: str | None, as_json: bool) -> None:
    """Read one MESSAGE again, or all with a reason, or all of a feed."""
    from data.reread import reread as read_again

    if not (message or reason or feed):
        raise click.UsageError("name a MESSAGE, --reason or --feed")
    with house() as ours:
        if feed:
            known(ours.world, (feed,))
        result = read_again(ours.store, ours.world, ours.settings, now=ours.now, message=message, reason=reason, feed=feed)
        if message and not result["messages"]:
            raise click.UsageError(f"no message {message} that could be read again")
    tell(result, True)
