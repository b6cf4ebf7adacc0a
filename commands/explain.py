"""explain: from a stay, alert, movement, lot or line of a ledger down to the messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from commands._shared import as_json, house, tell


@click.command()
@click.argument("id")
@as_json
def explain(id: str, as_json: bool) -> None:
    """Show what a stay, an alert, a movement, a lot of goods (lot:PLACE/OPERATOR/LOT) or a line of a ledger follows from, down to the
    messages."""
    from data.explain import explain as trace

    with house() as ours:
        found = trace(ours.store, ours.world, id)
    if not found:
        raise click.UsageError(f"nothing is known by the id {id}")
    tell(found, as_json, lambda: _lines(found, 0))


def _lines(said: Any, depth: int) -> Iterator[str]:
    """Any document as indented lines."""
    if isinstance(said, dict):
        for name, value in said.items():
            if isinstance(value, dict | list) and value:
                yield f"{'  ' * depth}{name}:"
                yield from _lines(value, depth + 1)
            elif value not in (None, "", [], {}):
                yield f"{'  ' * depth}{name}: {value}"
    elif isinstance(said, list):
        for one in said:
            inner = list(_lines(one, depth + 1))
            yield f"{'  ' * depth}- {inner[0].strip() if inner else ''}"
            yield from inner[1:]
    else:
        yield f"{'  ' * depth}{said}"
