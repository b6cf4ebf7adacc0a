"""verify: conservation identities, journals, and with --deep everything folded again."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from commands._shared import as_json, house, tell


@click.command()
@click.option("--deep", is_flag=True, help="Fold everything again and compare row for row.")
@as_json
def verify(deep: bool, as_json: bool) -> None:
    """Check that the books add up. Exit 1 and a list if anything differs."""
    from data.verify import verify as differences_in

    with house() as ours:
        differences = differences_in(ours.store, ours.world, deep, home=ours.settings.home)

    def text() -> Iterator[str]:
        yield from (str(difference) for difference in differences)
        yield f"{len(differences)} differences" if differences else "everything adds up"

    tell({"ok": not differences, "differences": differences}, as_json, text)
    sys.exit(1 if differences else 0)
