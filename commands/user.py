"""user: accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from commands._shared import as_json, house, tell
from data import people


@click.group()
def user() -> None:
    """Accounts: add, disable, list."""


@user.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(sorted(people.READERS)))
@click.option("--place", "places", multiple=True, help="May be given several times; none: all places.")
@click.option("--language", default="", help="en, vi or zh.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@as_json
def add(name: str, role: str, places: tuple[str, ...], language: str, password_stdin: bool, as_json: bool) -> None:
    """Add an account. The password is asked for, twice."""
    with house() as ours:
        for place in places:
            if place not in ours.world.places:
                raise click.UsageError(f"no place {place}; declared are {', '.join(ours.world.places) or 'none'}")
        password = (
            sys.stdin.readline().rstrip("\r\n")
            if password_stdin
            else click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        )
        people.add_account(ours.store, name, role, password, ours.now, places=places or None, language=language)
    tell(
        {"name": name.strip().lower(), "role": role, "places": sorted(places) or None},
        as_json,
        lambda: iter([f"{name} may sign in as {role}"]),
    )


@user.command()
@click.argument("name")
@as_json
def disable(name: str, as_json: bool) -> None:
    """Disable an account: no more sign-in, and its sessions end at once."""
    with house() as ours:
        people.disable_account(ours.store, name.lower(), ours.now)
    tell({"name": name, "disabled": True}, as_json, lambda: iter([f"{name} is disabled"]))


@user.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List accounts with role and places."""
    with house() as ours:
        found = people.accounts(ours.store)

    def text() -> Iterator[str]:
        for row in found:
            places = row["places"]
            reach = ", ".join(places) if isinstance(places, list) else "all places"
            yield f"{row['name']:20} {row['role']:12} {reach}{'  disabled' if row['disabled'] else ''}{'  demo' if row['demo'] else ''}"

    tell({"accounts": found}, as_json, text)
