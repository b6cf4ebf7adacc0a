"""Bringing a database up: Alembic with its configuration built here, one transaction for the whole way.

On both databases DDL is transactional: a migration that fails leaves the database as it was. Two processes that migrate at once do so
one after the other, since the writer's lock is held.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from data.store.engine import Store

HERE = Path(__file__).parent


class NotMigrated(RuntimeError):
    """The database is not at the version this program is written for."""


def migrate(store: Store) -> tuple[str | None, str]:
    """Bring the database to the newest version; gives the version before (None: empty) and after."""
    with store.write() as conn:
        before = current(conn)
        command.upgrade(_config(conn), "head")
    return before, head()


def head() -> str:
    """The version this program is written for."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found  # noqa: S101 - tests hold that there is exactly one
    return found


def current(conn: Connection) -> str | None:
    """The version of a database, None if it never was migrated."""
    return MigrationContext.configure(conn).get_current_revision()


def demand(store: Store) -> None:
    """Errors: NotMigrated, saying what to do."""
    with store.read() as conn:
        found = current(conn)
    if found != head():
        raise NotMigrated(f"the database is at {found or 'nothing'}, this program needs {head()}: run `python app.py migrate`")


def _config(conn: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    return config
