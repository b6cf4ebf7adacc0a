"""duty: who is on duty where."""

from __future__ import annotations

from collections.abc import Iterator

import click

from commands._shared import as_json, house, tell
from data import people

USER = click.option("--as", "name", required=True, metavar="USER", help="Who: an officer, supervisor or manager with the place.")


@click.group()
def duty() -> None:
    """Who is on duty where: sign on, sign off, list."""


@duty.command()
@click.argument("place")
@USER
@as_json
def on(place: str, name: str, as_json: bool) -> None:
    """Sign USER on duty at PLACE, until the shift that is on ends; as on the screen: same rights, same audit row."""
    from data.actions import sign_on

    with house() as ours:
        until = sign_on(ours.store, ours.world, people.actor_named(ours.store, name), place, ours.now)
    tell({"place": place, "name": name, "until": until.isoformat()}, as_json, lambda: iter([f"{name} is on duty at {place} until {until}"]))


@duty.command()
@click.argument("place")
@USER
@as_json
def off(place: str, name: str, as_json: bool) -> None:
    """Sign USER off duty at PLACE."""
    from data.actions import sign_off

    with house() as ours:
        sign_off(ours.store, ours.world, people.actor_named(ours.store, name), place, ours.now)
    tell({"place": place, "name": name, "until": None}, as_json, lambda: iter([f"{name} is off duty at {place}"]))


@duty.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List who is on duty now."""
    from data.duty import on_duty

    with house() as ours, ours.store.read() as conn:
        found = on_duty(conn, ours.now)
    rows = [{"place": one.place, "name": one.name, "role": one.role, "until": one.until.isoformat()} for one in found]

    def text() -> Iterator[str]:
        yield from (f"{one.place}  {one.name} ({one.role}) until {one.until}" for one in found)
        if not found:
            yield "nobody is on duty"

    tell({"duty": rows}, as_json, text)
