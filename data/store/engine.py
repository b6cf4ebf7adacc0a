"""How the database is opened: one `Store` with a reader and a writer, on SQLite (embedded) or PostgreSQL.

Each choice here answers a fault that was measured on these very versions:
- SQLAlchemy's default SQLite engine loses updates silently: own BEGIN, isolation_level None; writers always BEGIN IMMEDIATE.
- BEGIN IMMEDIATE on every connection blocks the whole application: readers have their own engine with query_only and a plain BEGIN.
- busy_timeout is set before journal_mode=WAL; foreign_keys is off by default and is set on every connection; synchronous stays FULL,
  since NORMAL may take a committed transaction back at a power cut.

There is one deriving writer at a time (`Store.write`). Officers never wait for it on PostgreSQL (`Store.act`); on SQLite there is one
writer in any case and batches are short. Nobody holds a connection while waiting for a network.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url

from data import clock
from data.store.bulk import delete_rows, in_chunks, insert_new, insert_rows, update_rows, upsert

__all__ = ["BadDatabase", "Store", "delete_rows", "in_chunks", "insert_new", "insert_rows", "open_store", "update_rows", "upsert"]

DERIVING = 0x5A4F4E45  # the advisory lock of the one deriving writer
BUSY_SECONDS = 30
READ_SECONDS = 10  # a page's statement that runs longer is stopped: one slow question must not hold the others up
READ_MAPPED = 2_000_000_000  # bytes of the file, from its beginning
_PAGES_BETWEEN_LOOKS = 20_000  # SQLite virtual-machine steps between two looks at the deadline
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


_JSON: dict[str, Any] = {"json_serializer": _dumps, "json_deserializer": orjson.loads}


class BadDatabase(ValueError):
    """The database URL cannot be used; the message says why and never holds the password."""


@dataclass(frozen=True, slots=True)
class Store:
    """An opened database. `read` for questions, `write` for pulling and deriving, `act` for what people do."""

    url: URL
    reader: Engine
    writer: Engine
    guards: list[Callable[[Connection, bool], None]] = field(default_factory=list)  # the worker's lease: see data/lease.py

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.writer.dialect.name

    @contextmanager
    def read(self, *, patient: bool = False) -> Iterator[Connection]:
        """One snapshot, read only. A statement is stopped after 10 s unless `patient` (exports, verify)."""
        with self.reader.connect() as conn:
            if patient and self.dialect == "sqlite":
                conn = conn.execution_options(patient=True)
            with conn.begin():
                if patient and self.dialect == "postgresql":
                    conn.exec_driver_sql("SET LOCAL statement_timeout = 0")
                yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one deriving writer: commits at the end of the block, rolls back on any error.

        Every guard is asked at the beginning and again right before the commit: a worker that slept through the loss of its
        lease writes nothing.
        """
        with _uncollected(), self.writer.begin() as conn:
            if self.dialect == "postgresql":
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(DERIVING)))
            for guard in self.guards:
                guard(conn, False)
            yield conn
            for guard in self.guards:
                guard(conn, True)

    @contextmanager
    def act(self) -> Iterator[Connection]:
        """A person's act, with its audit row, in one transaction that does not wait for a pull. Append the audit row last."""
        with self.writer.begin() as conn:
            yield conn

    def close(self) -> None:
        """Give all connections back to the database."""
        self.reader.dispose()
        self.writer.dispose()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Thousands of rows that live for one transaction make no cycles; Python looking through them for some took a fifth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def open_store(url: str | URL) -> Store:
    """Open the database of a URL (sqlite:///file, postgresql://...). Connects on first use; errors: BadDatabase."""
    parsed = normal_url(url)
    return _open_sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _open_postgresql(parsed)


def normal_url(url: str | URL) -> URL:
    """The URL with the driver this house uses. Errors: BadDatabase for another database, or SQLite in memory."""
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError as error:
        raise BadDatabase("not a database URL (expected sqlite:///FILE or postgresql://USER@HOST/NAME)") from error
    driver = _DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None:
        raise BadDatabase(f"{parsed.drivername}: only sqlite and postgresql are supported")
    if driver.startswith("sqlite") and parsed.database in (None, "", ":memory:"):
        raise BadDatabase("SQLite in memory cannot be shared by a reader and a writer; name a file: sqlite:///FILE")
    return parsed.set(drivername=driver)


def _open_sqlite(url: URL) -> Store:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    arguments = {"isolation_level": None, "timeout": BUSY_SECONDS, "check_same_thread": False}
    # One writing connection a process: threads queue for it in turn instead of polling the file lock.
    writer = sa.create_engine(url, **_JSON, connect_args=arguments, pool_size=1, max_overflow=0, pool_timeout=BUSY_SECONDS)
    reader = sa.create_engine(url, **_JSON, connect_args=arguments, pool_size=8, max_overflow=8, pool_timeout=READ_SECONDS)
    sa.event.listen(writer, "connect", _prepare_writer)
    sa.event.listen(writer, "begin", _begin_immediate)
    sa.event.listen(reader, "connect", _prepare_reader)
    sa.event.listen(reader, "begin", _begin_plain)
    sa.event.listen(reader, "before_cursor_execute", _set_deadline)
    return Store(url, reader, writer)


def _prepare(dbapi: sqlite3.Connection, cache_kb: int) -> None:
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        f"cache_size=-{cache_kb}",
        "journal_size_limit=67108864",
        "wal_autocheckpoint=8000",  # 32 MB: a batch of rows dirties more pages than the usual 4 MB, and most of them again and again
    ):
        dbapi.execute(f"PRAGMA {pragma}")


def _prepare_writer(dbapi: sqlite3.Connection, record: Any) -> None:
    _prepare(dbapi, cache_kb=65_536)


def _prepare_reader(dbapi: sqlite3.Connection, record: Any) -> None:
    _prepare(dbapi, cache_kb=8_192)
    # Read from where the system has the file in memory anyway: what was inside, as known at a past moment, reads lines from all over it.
    dbapi.execute(f"PRAGMA mmap_size={READ_MAPPED}")
    dbapi.execute("PRAGMA query_only=ON")
    deadline = record.info.setdefault("deadline", [float("inf")])
    dbapi.set_progress_handler(lambda: clock.monotonic() > deadline[0], _PAGES_BETWEEN_LOOKS)


def _begin_immediate(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_plain(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN")


def _set_deadline(conn: Connection, *_: Any) -> None:
    patient = conn.get_execution_options().get("patient", False)
    conn.info["deadline"][0] = float("inf") if patient else clock.monotonic() + READ_SECONDS


def _open_postgresql(url: URL) -> Store:
    given = str(url.query.get("options", ""))
    url = url.difference_update_query(["options"])

    def engine(*settings: str, **more: Any) -> Engine:
        options = " ".join([given, *(f"-c {setting}" for setting in (*settings, "timezone=UTC", "jit=off"))]).strip()
        arguments = {"options": options, "application_name": "zonewatch", "connect_timeout": 10}
        return sa.create_engine(url, **_JSON, connect_args=arguments, pool_pre_ping=True, pool_timeout=READ_SECONDS, **more)

    writer = engine(
        f"lock_timeout={BUSY_SECONDS * 2000}",
        f"idle_in_transaction_session_timeout={BUSY_SECONDS * 2000}",  # a writer that was stopped in its tracks gives its locks back
        # All that it asks goes by keys; but a planner without fresh statistics would rather read a growing table as a whole.
        "enable_hashjoin=off",
        "enable_mergejoin=off",
        "enable_seqscan=off",
        "max_parallel_workers_per_gather=0",
        pool_size=4,
        max_overflow=8,
    )
    reader = engine(
        f"statement_timeout={READ_SECONDS * 1000}",
        "default_transaction_read_only=on",
        pool_size=8,
        max_overflow=8,
        isolation_level="REPEATABLE READ",  # a page's questions see one moment, as on SQLite
    )
    return Store(url, reader, writer)
