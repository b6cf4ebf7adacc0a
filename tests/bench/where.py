"""Databases to measure on: an embedded file, and one of its own on a PostgreSQL server. Both are gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from data.store.engine import normal_url
from tests.servers import postgres

_numbers = count()
CHOICES = ("sqlite", "postgresql", "both")


def chosen(said: str) -> tuple[str, ...]:
    """The databases that an option --database names."""
    return ("sqlite", "postgresql") if said == "both" else (said,)


@contextmanager
def database(name: str) -> Iterator[str]:
    """The URL of an empty database, not yet migrated."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="zonewatch-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'bench.db'}"
        return
    server = normal_url(postgres(autovacuum=True))
    own = f"zonewatch_bench_{os.getpid()}_{next(_numbers)}"
    _on_server(server, f"DROP DATABASE IF EXISTS {own} WITH (FORCE)", f"CREATE DATABASE {own}")
    try:
        yield server.set(database=own).render_as_string(hide_password=False)
    finally:
        _on_server(server, f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")


def _on_server(server: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)
    engine.dispose()
