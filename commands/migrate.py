"""migrate: bring the database up to this program's version."""

from __future__ import annotations

from collections.abc import Iterator

import click

from commands._shared import as_json, settings, tell
from data.store import migrations
from data.store.engine import open_store


@click.command()
@as_json
def migrate(as_json: bool) -> None:
    """Bring the database up to this program's version. Safe to repeat."""
    store = open_store(settings().database_url)
    try:
        before, after = migrations.migrate(store)
    finally:
        store.close()

    def text() -> Iterator[str]:
        yield f"the database is at {after}" if before == after else f"the database went from {before or 'empty'} to {after}"

    tell({"before": before, "after": after}, as_json, text)
