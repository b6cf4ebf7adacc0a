"""judge: alerts up to a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from commands._shared import MOMENT, as_json, house, tell


@click.command()
@click.option("--at", type=MOMENT, help="Up to this time (default now). A time before the latest judged changes nothing and exits 2.")
@as_json
def judge(at: datetime | None, as_json: bool) -> None:
    """Judge what was received up to a time: alerts that are new, changed or over."""
    from data.judge import TooEarly
    from data.judge import judge as judge_up_to

    with house() as ours:
        at = at or ours.now
        try:
            result = judge_up_to(ours.store, ours.world, at)
        except TooEarly as error:
            raise click.UsageError(f"{error}; nothing was changed") from error

    def text() -> Iterator[str]:
        yield f"judged up to {at.isoformat()}"
        yield from (f"  {name}: {value}" for name, value in result.items())

    tell(result, as_json, text)
