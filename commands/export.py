"""export: tables for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from commands._shared import MOMENT, House, as_json, house, tell

WHAT = (
    "reports",
    "movements",
    "customs",
    "signals",
    "stays",
    "inventory",
    "throughput",
    "dwell",
    "alerts",
    "messages",
    "receipts",
    "rejects",
)

NOW_ONLY = "throughput"  # its counts are not kept as they were: never a file that only looks so


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.option("--to", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--format", "fmt", type=click.Choice(["csv", "parquet", "xlsx", "pdf"]), default="csv", show_default=True)
@click.option("--place", help="Only this place.")
@click.option("--since", type=MOMENT)
@click.option("--until", type=MOMENT)
@click.option("--as-of", type=MOMENT, help="As it was at this time.")
@click.option("--known-at", type=MOMENT, help="From what was known at this time.")
@click.option("--of", type=click.Choice(["boxes", "goods"]), default="boxes", hidden=True)
@as_json
def export(
    what: str,
    to: Path,
    fmt: str,
    place: str | None,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
    known_at: datetime | None,
    of: str,
    as_json: bool,
) -> None:
    """Write WHAT to a file; times in UTC."""
    from data.export import export as write

    if what == NOW_ONLY and (as_of or known_at):
        raise click.UsageError(f"{what} is told as it is now: no --as-of and no --known-at; movements have them")
    with house() as ours:
        if place is not None and place not in ours.world.places:
            raise click.UsageError(f"no place {place}; declared are {', '.join(ours.world.places) or 'none'}")
        result = write(ours.store, ours.world, what, to, fmt, place, since, until, as_of, known_at, of, ours.now, partial(in_english, ours))

    def text() -> Iterator[str]:
        yield f"{to}: {result['rows']:,} rows"

    tell(result, as_json, text)


def in_english(ours: House, alert: Mapping[str, Any], moment: datetime) -> str:
    """An alert's sentence as the screen had it at a moment, in English, with the times of its place."""
    from layouts._text.sentence import sentence

    place = ours.world.places.get(alert["place"])
    names = {one.id: one.name for one in ours.world.places.values()}
    zone = place.timezone if place else "UTC"
    return sentence(alert["because_key"], alert["because_values"], "en", zone, moment, names, alert["ended_at"])
