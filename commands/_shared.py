"""What commands share: opening settings, database and declarations; times; the one JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import click

from data import clock, declared, logs, rule_changes
from data.settings import Settings
from data.store import migrations
from data.store.engine import Store, open_store
from zones.world import World

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")


@dataclass(frozen=True, slots=True)
class House:
    """What a command works on."""

    settings: Settings
    store: Store
    world: World
    now: datetime


class Moment(click.ParamType):
    """An ISO 8601 time with offset, as aware UTC; anything else is a usage error."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.fail(f"{value!r} is not a time with offset (2026-03-01T08:00:00+07:00)", param, ctx)
        return found.astimezone(UTC)


MOMENT = Moment()


def settings() -> Settings:
    """The settings, with logging and the clock set up by them. Errors: BadSetting."""
    loaded = Settings.load()
    logs.start(loaded)
    clock.use_demo(loaded.home)
    return loaded


@contextmanager
def house(*, now: datetime | None = None) -> Iterator[House]:
    """Settings, a migrated database and the world. A new embedded database is set up; any other must have been migrated."""
    loaded = settings()
    world = declared.load(loaded)
    store = open_store(loaded.database_url)
    try:
        if loaded.embedded:
            with store.read() as conn:
                new = migrations.current(conn) is None
            if new:
                migrations.migrate(store)
        migrations.demand(store)
        yield House(loaded, store, rule_changes.in_force(store, world), now or clock.now())
    finally:
        store.close()


def say(line: str) -> None:
    """A line of progress, on standard error."""
    click.echo(line, err=True)


def tell(document: Any, as_json: bool, text: Callable[[], Iterator[str]] | None = None) -> None:
    """The result on standard output: as lines of text for a person, or as one JSON document."""
    if as_json or text is None:
        click.echo(json.dumps(document, default=_written, ensure_ascii=False, indent=2))
        return
    for line in text():
        click.echo(line)


def _written(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    return str(value)
