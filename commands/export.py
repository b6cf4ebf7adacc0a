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
    "entries",
    "statement",
)

STATEMENT = "statement"
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
@click.option("--of", type=click.Choice(["boxes", "goods"]), default="boxes", show_default=True, help="inventory: what of.")
@click.option("--language", type=click.Choice(["en", "vi", "zh"]), default="en", show_default=True, help="Of a PDF.")
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
    language: str,
    as_json: bool,
) -> None:
    """Write WHAT to a file; times in UTC. A statement is of [--since, --until), without them of the last whole month; as PDF too."""
    from data.export import export as write

    if wrong := _amiss(what, fmt, place, since, until, as_of, of):
        raise click.UsageError(wrong)
    if what == NOW_ONLY and (as_of or known_at):
        raise click.UsageError(f"{what} is told as it is now: no --as-of and no --known-at; movements have them")
    with house() as ours:
        if place is not None and place not in ours.world.places:
            raise click.UsageError(f"no place {place}; declared are {', '.join(ours.world.places) or 'none'}")
        for option, moment in (("--since", since), ("--known-at", known_at)):
            if what == STATEMENT and moment is not None and moment > ours.now:
                raise click.UsageError(f"a statement is never of a time to come: {option} is after {ours.now:%Y-%m-%dT%H:%M}Z")
        if fmt == "pdf":
            result = _paper(ours, to, str(place), since, until, known_at, language)
        else:
            say = partial(in_english, ours)
            result = write(ours.store, ours.world, what, to, fmt, place, since, until, as_of, known_at, of, ours.now, say)

    def text() -> Iterator[str]:
        yield f"{to}: {result['rows']:,} rows"

    tell(result, as_json, text)


def _amiss(what: str, fmt: str, place: str | None, since: datetime | None, until: datetime | None, as_of: datetime | None, of: str) -> str:
    """What does not go together; "" where all does."""
    if of == "goods" and what != "inventory":
        return f"--of goods is of the inventory, not of {what}"
    if what != STATEMENT:
        return "only a statement is written as PDF" if fmt == "pdf" else ""
    if as_of is not None:
        return "a statement is of a period: --since and --until, not --as-of"
    if (since is None) != (until is None):
        return "a statement is of a whole period: both --since and --until, or neither for the last whole month"
    if since is not None and until is not None and since >= until:
        return "--since is not before --until"
    return "a PDF is of one place: --place" if fmt == "pdf" and place is None else ""


def _paper(
    ours: House, to: Path, place: str, since: datetime | None, until: datetime | None, known_at: datetime | None, language: str
) -> dict[str, Any]:
    """A statement on paper."""
    from data.people import Actor
    from data.queries.statement import last_month, told
    from layouts._paper.pdf import pdf
    from layouts._paper.statement import sheet
    from layouts._text import say

    if since is None or until is None:
        since, until = last_month(ours.now, ours.world.place(place).zone)
    shell = Actor("shell", "shell", "supervisor")  # whoever may read the database may read this
    found = told(ours.store, shell, ours.world, ours.now, place, since, until, known_at=known_at)
    to.write_bytes(pdf(sheet(found, ours.world, language, ours.now), language, say("statement.page_of", language, page="{page}")))
    return {"what": STATEMENT, "to": str(to), "format": "pdf", "rows": len(found.rows)}


def in_english(ours: House, alert: Mapping[str, Any], moment: datetime) -> str:
    """An alert's sentence as the screen had it at a moment, in English, with the times of its place."""
    from layouts._text.sentence import sentence

    place = ours.world.places.get(alert["place"])
    names = {one.id: one.name for one in ours.world.places.values()}
    zone = place.timezone if place else "UTC"
    return sentence(alert["because_key"], alert["because_values"], "en", zone, moment, names, alert["ended_at"])
