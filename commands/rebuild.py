"""rebuild: drop what is derived and fold it again."""

from __future__ import annotations

from collections.abc import Iterator

import click

from commands._shared import as_json, house, tell


@click.command()
@click.option("--place", help="Only this place.")
@as_json
def rebuild(place: str | None, as_json: bool) -> None:
    """Fold everything again from the reports. Journals are never touched; on unchanged input nothing changes."""
    from data.rebuild import rebuild as fold_again

    with house() as ours:
        if place is not None and place not in ours.world.places:
            raise click.UsageError(f"no place {place}; declared are {', '.join(ours.world.places) or 'none'}")
        result = fold_again(ours.store, ours.world, place) or {}

    def text() -> Iterator[str]:
        yield "rebuilt"
        yield from (f"  {name}: {value}" for name, value in result.items())

    tell(result, as_json, text)
