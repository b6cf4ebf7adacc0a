"""The front door: the application (`create_app`), what a web server loads (`create_server`), the command line (`main`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands import cli as main
from data import clock, declared, logs
from data.settings import Settings
from data.store import migrations
from data.store.engine import open_store

if TYPE_CHECKING:
    from dash import Dash
    from flask import Flask


def create_app(settings: Settings) -> Dash:
    """The Dash application on a migrated database. Errors: BadSetting, BadDatabase, NotMigrated, BadDeclarations."""
    from layouts._parts.app import build  # Dash itself takes a second to load: only where it is shown

    settings.session_key()
    clock.use_demo(settings.home)
    store = open_store(settings.database_url)
    migrations.demand(store)
    return build(settings, store, declared.InForce(settings))


def create_server() -> Flask:
    """For a WSGI server: gunicorn "app:create_server()"."""
    settings = Settings.load()
    logs.start(settings)
    server: Flask = create_app(settings).server
    return server


if __name__ == "__main__":
    main()
