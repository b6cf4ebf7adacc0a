"""How the database is opened: the traps that were measured, each as a test; and many rows at once, alike on both."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, StatementError

from data.store import engine, migrations
from data.store.bulk import among, update_columns
from data.store.engine import (
    BadDatabase,
    Store,
    delete_rows,
    in_chunks,
    insert_new,
    insert_rows,
    normal_url,
    open_store,
    update_rows,
    upsert,
)
from data.store.tables import alert, due, hourly, metadata, run_count, touched
from data.store.types import UtcDateTime, from_microseconds, microseconds

HOUR = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = ["place", "hour", "terminal", "event", "mode", "direction", "full_empty"]


def counted(n: int, movements: int = 1) -> list[dict[str, object]]:
    """Rows of `hourly`, one an hour."""
    same = {"place": "p", "terminal": "t", "event": "gate_in", "mode": "truck", "direction": "import", "full_empty": "full", "teu": 200}
    return [same | {"hour": HOUR + timedelta(hours=i), "movements": movements} for i in range(n)]


def test_no_update_is_lost(store: Store) -> None:
    """Four threads read and then write; SQLAlchemy's own SQLite engine lost three of four."""
    with store.act() as conn:
        conn.execute(run_count.insert(), {"job": "j"})

    def add() -> None:
        for _ in range(25):
            with store.write() as conn:
                failed = conn.execute(sa.select(run_count.c.failed)).scalar_one()
                conn.execute(run_count.update().values(failed=failed + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as conn:
        assert conn.execute(sa.select(run_count.c.failed)).scalar_one() == 100


def test_a_reader_left_open_holds_nobody_up_and_sees_one_moment(store: Store) -> None:
    with store.read() as reading:
        assert reading.execute(sa.select(sa.func.count()).select_from(touched)).scalar_one() == 0
        with store.write() as conn:
            insert_rows(conn, touched, [{"unit": "box:A"}])
        assert reading.execute(sa.select(sa.func.count()).select_from(touched)).scalar_one() == 0
    with store.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(touched)).scalar_one() == 1


def test_a_reader_cannot_write(store: Store) -> None:
    with store.read() as conn, pytest.raises(DBAPIError):
        conn.execute(touched.delete())


def test_an_error_takes_everything_back(store: Store) -> None:
    with pytest.raises(RuntimeError, match="no"), store.write() as conn:
        insert_rows(conn, touched, [{"unit": "box:A"}])
        raise RuntimeError("no")
    with store.read() as conn:
        assert conn.execute(sa.select(touched)).first() is None


def test_an_officer_does_not_wait_for_a_pull(store: Store) -> None:
    """On PostgreSQL; on SQLite there is one writer, and transactions are short."""
    if store.dialect == "sqlite":
        return
    with store.write() as pulling:
        insert_rows(pulling, touched, [{"unit": "box:A"}])
        with store.act() as conn:
            insert_rows(conn, touched, [{"unit": "box:B"}])


def test_every_connection_is_set_up(store: Store) -> None:
    if store.dialect == "postgresql":
        with store.read() as conn:
            assert conn.exec_driver_sql("SHOW statement_timeout").scalar() == "10s"
            assert conn.exec_driver_sql("SHOW timezone").scalar() == "UTC"
        with store.read(patient=True) as conn:
            assert conn.exec_driver_sql("SHOW statement_timeout").scalar() == "0"
        with store.write() as conn:
            assert conn.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == "1min"
        return
    opened = open_store(store.url)  # the tests' own does not wait for the disk
    for source in (opened.read, opened.act):
        with source() as conn:
            pragmas = {
                name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("busy_timeout", "journal_mode", "synchronous", "foreign_keys")
            }
            assert pragmas == {"busy_timeout": 30_000, "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    opened.close()


def test_a_slow_question_is_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < {most}) SELECT count(*) FROM r"
    if store.dialect == "sqlite":
        monkeypatch.setattr(engine, "READ_SECONDS", 0.2)
        with store.read() as conn, pytest.raises(DBAPIError, match="interrupted"):
            conn.exec_driver_sql(endless.format(most=10**12))
    else:
        with store.read() as conn, pytest.raises(DBAPIError, match="statement timeout"):
            conn.exec_driver_sql("SET LOCAL statement_timeout = 200")
            conn.exec_driver_sql(endless.format(most=10**12))
    with store.read(patient=True) as conn:
        assert conn.exec_driver_sql(endless.format(most=300_000)).scalar() == 300_000
    with store.read() as conn:  # the connection is good for the next
        assert conn.exec_driver_sql("SELECT 1").scalar() == 1


@pytest.mark.parametrize("n", [1, 10, 200])
def test_bulk(store: Store, n: int) -> None:
    with store.write() as conn:
        assert insert_new(conn, hourly, counted(n)) == n
        assert insert_new(conn, hourly, counted(n + 5, movements=7)) == 5
        upsert(conn, hourly, [*counted(n, movements=2), *counted(n, movements=3)], KEYS, add=["movements"], set=["teu"])
        found = conn.execute(sa.select(hourly.c.movements).order_by(hourly.c.hour)).scalars().all()
        assert found == [6] * n + [7] * 5
        insert_rows(conn, touched, [{"unit": f"box:{i}"} for i in range(n)])
        update_rows(conn, touched, [{"unit": f"box:{i}", "cause": str(i)} for i in range(n)], ["unit"])
        delete_rows(conn, touched, [{"unit": f"box:{i}"} for i in range(n // 2)], ["unit"])
        causes = set(conn.execute(sa.select(touched.c.cause)).scalars())
        assert causes == {str(i) for i in range(n // 2, n)}
        for nothing in (insert_rows, insert_new):
            nothing(conn, touched, [])  # type: ignore[operator]


@pytest.mark.parametrize("n", [1, 100])
def test_values_come_back_as_they_went(store: Store, n: int) -> None:
    row = {
        "rule_version": 1, "unit": "u", "anchor_reports": ["a"], "began_at": HOUR, "ended_at": None, "spells": [[HOUR.isoformat(), None]],
        "steps": [],
        "evidence": {}, "because_values": {"é": None, "n": [1, True]}, "known_at": HOUR, "recorded_at": HOUR,
        "changed_at": HOUR, "leans": [],
        "because_key": "tab\tnew\nline \\ ,\"'\N{LATIN SMALL LETTER E WITH CIRCUMFLEX AND ACUTE}\U0001f6a2",
    }  # fmt: skip
    with store.write() as conn:
        insert_rows(conn, alert, [row | {"alert_id": str(i)} for i in range(n)])
        found = conn.execute(sa.select(alert)).mappings().all()
    assert len(found) == n
    for one in found:
        assert {name: one[name] for name in row} == row
        assert (one["place"], one["latching"]) == ("", False)


@pytest.mark.parametrize("n", [3, 60])
def test_a_value_goes_by_its_name_whatever_the_order_of_keys(store: Store, n: int) -> None:
    rows = [{"job": f"job {k:03d}", "missed": 1, "overlapped": 2, "failed": 3} for k in range(n)]
    rows[1] = dict(reversed(rows[1].items()))
    with store.write() as conn:
        insert_rows(conn, run_count, rows)
        upsert(conn, run_count, rows, ("job",), set=("missed", "overlapped", "failed"))
    with store.read() as conn:
        assert {tuple(row)[1:] for row in conn.execute(sa.select(run_count))} == {(1, 2, 3)}


@pytest.mark.parametrize("n", [2, 200])
def test_each_row_changes_only_the_columns_that_it_names(store: Store, n: int) -> None:
    rows = [{"job": f"job {k:03d}", "missed": 1, "overlapped": 2, "failed": 3} for k in range(n)]
    changes = [{"job": row["job"], **({"failed": 30} if k % 2 else {"missed": 10, "overlapped": 20})} for k, row in enumerate(rows)]
    with store.write() as conn:
        insert_rows(conn, run_count, rows)
        update_columns(conn, run_count, changes, ("job",))
        found = [tuple(row)[1:] for row in conn.execute(sa.select(run_count).order_by(run_count.c.job))]
    assert found == [(1, 2, 30) if k % 2 else (10, 20, 3) for k in range(n)]


@pytest.mark.parametrize("n", [1, 3, 200])
def test_the_lesser_value_stays(store: Store, n: int) -> None:
    units = [f"box:{k}" for k in range(n)]
    with store.write() as conn:
        for hours in (2, 1, 3):
            rows = [{"unit": unit, "look_at": HOUR + timedelta(hours=hours)} for unit in units]
            upsert(conn, due, [*rows, rows[0]], ("unit",), least=("look_at",))
        assert set(conn.execute(sa.select(due.c.look_at)).scalars()) == {HOUR + timedelta(hours=1)}


@pytest.mark.parametrize("texts", [[], ["b"], ["a'b", 'c"d', "é,{}", "\N{SHIP}", ""], [str(n) for n in range(5000)]])
def test_one_of_many_texts(store: Store, texts: list[str]) -> None:
    there = ["b", "a'b", 'c"d', "é,{}", "\N{SHIP}", "17", "other"]
    with store.write() as conn:
        insert_rows(conn, touched, [{"unit": text} for text in there])
        found = set(conn.execute(sa.select(touched.c.unit).where(among(conn, touched.c.unit, texts))).scalars())
    assert found == set(there) & set(texts)


def test_chunks() -> None:
    assert list(in_chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(in_chunks([])) == []


def test_a_naive_time_is_refused(store: Store) -> None:
    with store.write() as conn, pytest.raises(StatementError, match="naive time"):
        conn.execute(sa.select(hourly).where(hourly.c.hour == HOUR.replace(tzinfo=None)))
    far = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert from_microseconds(microseconds(far)) == far
    assert UtcDateTime().result_processor(store.writer.dialect, None)(HOUR if store.dialect == "postgresql" else microseconds(HOUR)) == HOUR


def test_urls(tmp_path: Path) -> None:
    assert normal_url("postgres://u@h/d").drivername == "postgresql+psycopg"
    for bad in ("mysql://h/d", "sqlite://", "sqlite:///:memory:", "nonsense"):
        with pytest.raises(BadDatabase):
            normal_url(bad)
    with pytest.raises(BadDatabase) as caught:
        normal_url("mysql://user:hunter2@h/d")
    assert "hunter2" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping metadata-specified expression")
def test_the_tables_are_what_the_migrations_make(store: Store) -> None:
    with store.write() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata) == []
    assert migrations.migrate(store) == (migrations.head(), migrations.head())
    migrations.demand(store)


def test_every_index_is_what_the_migrations_make(store: Store, tmp_path: Path) -> None:
    """Indexes on expressions too, which Alembic does not compare: the database's own words for them."""
    if store.dialect == "sqlite":
        question = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        with store.read() as conn:
            made = {name: _squeezed(sql) for name, sql in conn.exec_driver_sql(question)}
        fresh = open_store(f"sqlite:///{tmp_path / 'fresh.db'}")
        with fresh.act() as conn:
            metadata.create_all(conn)
            wanted = {name: _squeezed(sql) for name, sql in conn.exec_driver_sql(question)}
        fresh.close()
    else:
        question = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename <> 'alembic_version'"
        with store.act() as conn:
            made = {name: _squeezed(sql) for name, sql in conn.exec_driver_sql(question)}
            conn.exec_driver_sql("CREATE SCHEMA fresh")
            conn.exec_driver_sql("SET LOCAL search_path = fresh")
            metadata.create_all(conn)
            wanted = {name: _squeezed(sql).replace("fresh.", "public.") for name, sql in conn.exec_driver_sql(question)}
            conn.exec_driver_sql("DROP SCHEMA fresh CASCADE")
    assert made == wanted


def _squeezed(sql: str) -> str:
    return " ".join(sql.replace('"', "").split())


def test_one_head() -> None:
    assert len(ScriptDirectory(str(migrations.HERE)).get_heads()) == 1


def test_an_empty_database_is_brought_up_and_an_old_one_refused(database: str, tmp_path: Path) -> None:
    if database != "sqlite":
        return  # the template of every other test is such a database
    store = open_store(f"sqlite:///{tmp_path / 'deep' / 'new.db'}")
    with pytest.raises(migrations.NotMigrated, match="migrate"):
        migrations.demand(store)
    assert migrations.migrate(store)[0] is None
    migrations.demand(store)
    store.close()
