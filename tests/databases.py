"""The database of a process of tests: one, made once, empty for each test; and an opened `Store` on it that stays warm.

An engine that is opened for one test compiles every statement anew, and PostgreSQL starts a process for each of its connections: a
fifth of what the tests of the store took. So the engines stay from test to test. What a test left on them (a listener, a connection that
was not given back) goes with them: then new ones are opened.
"""

from __future__ import annotations

import gc
import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from data.store.engine import Store, normal_url, open_store
from data.store.tables import metadata

FEW = 65_536  # bytes of a table whose rows are taken out one by one: what was taken out before lies there, too, until it is this large


class Kept:
    """A migrated database that is emptied for each test. `template`: on SQLite the file that is copied, on PostgreSQL its own URL."""

    def __init__(self, template: str, folder: Path) -> None:
        self.template = normal_url(template)
        self.sqlite = self.template.get_backend_name() == "sqlite"
        self.url = f"sqlite:///{folder / 'zonewatch.db'}" if self.sqlite else template
        self._opened: Store | None = None
        self._listened: tuple[int, ...] = ()
        self._ours: set[int] = set()  # PostgreSQL's processes for our connections

    def store(self) -> Store:
        """Opened, on engines that tests before may have used; what a test hangs on the store itself is its own."""
        if self._opened is None:
            self._opened = open_store(self.url)
            for engine in (self._opened.reader, self._opened.writer):
                sa.event.listen(engine, "connect", self._connected)
            self._listened = self._listeners()
        return Store(self._opened.url, self._opened.reader, self._opened.writer)

    def after(self) -> None:
        """The end of a test: engines that are not as they were are given up."""
        if self._opened and any(_pool(one).checkedout() for one in self._engines()):
            gc.collect()  # a reading that nobody went through to its end gives its connection back when it is collected
        if self._opened and (self._listeners() != self._listened or any(_pool(one).checkedout() for one in self._engines())):
            self.close()

    def close(self) -> None:
        if self._opened:
            self._opened.close()
        self._opened, self._ours = None, set()

    def empty(self, anew: bool = False) -> None:
        """Every table empty, as after the migrations. `anew`: its files, too."""
        if self.sqlite:
            self._copy()
        else:
            self._clear(0 if anew else FEW)

    def _copy(self) -> None:
        for engine in self._engines():
            engine.dispose()
        file = str(normal_url(self.url).database)
        for beside in ("", "-wal", "-shm"):  # whoever has the old one open keeps it
            Path(file + beside).unlink(missing_ok=True)
        shutil.copy(str(self.template.database), file)

    def _clear(self, few: int) -> None:
        with self.store().act() as conn:
            # What a test left open must not hold this one up; the triggers that hold the journal are passed over.
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL(%s)"
            conn.exec_driver_sql(ends, (sorted(self._ours),))
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
            # TRUNCATE writes new files for a table and each of its indexes, which costs ten times what taking a few rows out does.
            pages = "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE oid = ANY(%s::regclass[]) AND pg_relation_size(oid) > 0"
            tables = [f'"{name}"' for name in metadata.tables]
            found = {name: size for name, size in conn.exec_driver_sql(pages, (tables,))}
            if large := ", ".join(f'"{name}"' for name, size in found.items() if size > few):
                conn.exec_driver_sql(f"TRUNCATE {large}")
            if small := "; ".join(f'DELETE FROM "{name}"' for name, size in found.items() if size <= few):
                conn.exec_driver_sql(small)

    def _connected(self, dbapi: Any, _: Any) -> None:
        if self.sqlite:
            dbapi.execute("PRAGMA synchronous=OFF")  # nothing here has to survive a power cut
        else:
            self._ours.add(dbapi.info.backend_pid)

    def _engines(self) -> list[Engine]:
        return [self._opened.reader, self._opened.writer] if self._opened else []

    def _listeners(self) -> tuple[int, ...]:
        heard = [part.dispatch for one in self._engines() for part in (one, one.pool)]
        return tuple(len(getattr(dispatch, name)) for dispatch in heard for name in dispatch._event_names)


def _pool(engine: Engine) -> sa.pool.QueuePool:
    assert isinstance(engine.pool, sa.pool.QueuePool)
    return engine.pool
