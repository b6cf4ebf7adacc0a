"""demo: the synthetic port."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from commands._shared import MOMENT, as_json, say, tell
from data import clock


@click.command()
@click.option(
    "--to", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write places, feeds and truth.json to."
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--days", type=click.IntRange(1, 400), default=30, show_default=True)
@click.option("--scale", type=click.FloatRange(0, min_open=True), default=1.0, show_default=True)
@click.option("--ending", type=MOMENT, help="The end of what is told (default: this hour).")
@click.option("--follow", is_flag=True, help="Go on in simulated time until Ctrl-C.")
@as_json
def demo(to: Path, seed: int, days: int, scale: float, ending: datetime | None, follow: bool, as_json: bool) -> None:
    """Write the synthetic port: the same seed, days, scale and ending give the same files."""
    from data.demo import write

    ending = ending or clock.real_now().replace(minute=0, second=0, microsecond=0)
    result = write(to, seed=seed, days=days, scale=scale, ending=ending)

    def text() -> Iterator[str]:
        yield from (f"{name}: {value}" for name, value in result.items())

    tell(result, as_json, text)
    if follow:
        _follow(to, ending)


def _follow(to: Path, ending: datetime) -> None:
    from data.demo.follow import follow

    say("going on in simulated time, ten minutes a minute; Ctrl-C ends")
    began = clock.monotonic()
    try:
        while True:
            clock.sleep(5)
            follow(to, ending + timedelta(seconds=(clock.monotonic() - began) * clock.RATE))
    except KeyboardInterrupt:
        say("ended")
