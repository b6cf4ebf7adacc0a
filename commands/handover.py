"""handover: what a shift tells the next, as text, JSON or PDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from commands._shared import MOMENT, as_json, house, tell
from data.people import Actor
from data.queries.handover import desk
from layouts._paper.handover import sheet
from layouts._paper.pdf import pdf
from layouts._text import LANGUAGES, say
from zones.shift import shift_on

SHELL = Actor("shell", "shell", "supervisor")  # whoever may read the database may read this


@click.command()
@click.option("--place", required=True, help="which place")
@click.option("--at", "at", type=MOMENT, help="a moment within the shift (default: the one that is on)")
@click.option("--to", "to", type=click.Path(dir_okay=False, path_type=Path), help="write a PDF (A4) into this file")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="of the text")
@as_json
def handover(place: str, at: datetime | None, to: Path | None, language: str, as_json: bool) -> None:
    """The hand-over of the shift of a place that is on (or that was on at a moment and was signed): text, --json, or a PDF."""
    with house() as ours:
        if place not in ours.world.places:
            raise click.UsageError(f"no place {place!r}; there are {', '.join(ours.world.places)}")
        began = None
        if at is not None:
            span = shift_on(ours.world.place(place), at)
            began = span.began if span else at
        found = desk(ours.store, SHELL, ours.world, place, ours.now, began)
        if found is None:
            raise click.UsageError("no shift is on at that moment, or it was not signed and is over")
        made = sheet(found, ours.world, language, ours.now)
        if to is not None:
            to.write_bytes(pdf(made, language, say("handover.page_of", language, page="{page}")))
        span_said = {"name": found.span.name, "began_at": found.span.began, "ended_at": found.span.ended}
        handed = found.handed
        document = {
            "place": place,
            "shift": span_said,
            "content": found.content,
            "signed": {name: handed.row[name] for name in ("handover_id", "signed_by", "signed_at", "accepted_by", "accepted_at", "note")}
            if handed
            else None,
            "lines": [dict(line) for line in handed.lines] if handed else [],
        }

    def text() -> Iterator[str]:
        yield made.title
        yield from made.lines
        for section in made.sections:
            yield from ("", section.heading, *section.lines, *(" | ".join(row) for row in section.rows))

    tell(document, as_json, text)
