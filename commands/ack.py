"""ack: acknowledge an alert from the shell."""

from __future__ import annotations

import click

from commands._shared import as_json, house, tell
from data import people


@click.command()
@click.argument("alert")
@click.option("--as", "name", required=True, metavar="USER", help="Who acknowledges: an account with the right to.")
@as_json
def ack(alert: str, name: str, as_json: bool) -> None:
    """Acknowledge ALERT as USER, as on the screen: same rights, same audit row."""
    from data.actions import acknowledge

    with house() as ours:
        actor = people.actor_named(ours.store, name)
        acknowledge(ours.store, actor, alert, ours.now)
    tell({"alert": alert, "work": "acknowledged", "by": name}, as_json, lambda: iter([f"{alert} is acknowledged by {name}"]))
