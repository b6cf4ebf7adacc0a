"""export: tables for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from commands._shared import MOMENT, as_json, house, say, tell

WHAT = ("reports", "movements", "customs", "stays", "inventory", "throughput", "dwell", "alerts", "messages", "receipts", "rejects")


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.option("--to", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--format", "fmt", type=click.Choice(["csv", "parquet", "xlsx"]), default="csv", show_default=True)
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

    with house() as ours:
        if place is not None and place not in ours.world.places:
            raise click.UsageError(f"no place {place}; declared are {', '.join(ours.world.places) or 'none'}")
        result = write(ours.store, ours.world, what, to, fmt, place, since, until, as_of, known_at, of, ours.now, say)

    def text() -> Iterator[str]:
        yield f"{to}: {result.get('rows', '?')} rows" if isinstance(result, dict) else f"{to}: {result} rows"

    tell(result if isinstance(result, dict) else {"what": what, "to": str(to), "rows": result}, as_json, text)
