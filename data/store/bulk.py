"""Many rows at once, alike on SQLite and PostgreSQL. Rows are dicts that all have the same keys.

On PostgreSQL more than `COPY_FROM` rows go through COPY (twice the speed of executemany); with a conflict clause by way of a
temporary table. All work inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice, repeat
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from data.store.types import EPOCH, MICROSECOND, UtcDateTime, microseconds

COPY_FROM = 50
Row = Mapping[str, Any]
Thing = TypeVar("Thing")
Insert = sqlite.Insert | postgresql.Insert


def in_chunks(things: Iterable[Thing], size: int = 500) -> Iterator[list[Thing]]:
    """The things in lists of at most `size`: keeps IN (...) below the number of variables a database takes."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk


def insert_rows(conn: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that are known to be new. Errors: sqlalchemy.exc.IntegrityError or psycopg.errors.UniqueViolation if one is not."""
    if not rows:
        return
    if _by_copy(conn, rows):
        _copy(conn, table, _name(conn, table), rows)
    elif _by_tuples(conn, rows):
        _by_driver(conn, table, rows, "")
    else:
        conn.execute(table.insert(), list(rows))


def insert_new(conn: Connection, table: sa.Table, rows: Sequence[Row]) -> int:
    """Insert the rows whose keys are not there yet, leave the others alone; gives the number inserted."""
    if not rows:
        return 0
    new = _insert(conn, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    if len(rows) == 1:
        return int(conn.execute(new, rows[0]).rowcount)
    if conn.dialect.name == "postgresql":  # always: psycopg does not count what an executemany inserted
        return _through_staging(conn, table, rows, "ON CONFLICT DO NOTHING")
    return int(conn.execute(new, list(rows)).rowcount)


def upsert(
    conn: Connection, table: sa.Table, rows: Sequence[Row], keys: Sequence[str], *, add: Sequence[str] = (), set: Sequence[str] = ()
) -> None:
    """Insert, or where the keys are there already: sum the columns `add`, replace the columns `set`.

    Rows with equal keys within `rows` count alike.
    """
    rows = _merged(rows, keys, add, set)
    if not rows:
        return
    if _by_copy(conn, rows):
        quote = conn.dialect.identifier_preparer.quote
        own = _name(conn, table)
        changes = [f"{quote(c)} = {own}.{quote(c)} + excluded.{quote(c)}" for c in add]
        changes += [f"{quote(c)} = excluded.{quote(c)}" for c in set]
        then = f"DO UPDATE SET {', '.join(changes)}" if changes else "DO NOTHING"
        _through_staging(conn, table, rows, f"ON CONFLICT ({', '.join(map(quote, keys))}) {then}")
        return
    if _by_tuples(conn, rows):
        quote = conn.dialect.identifier_preparer.quote
        changes = [f"{quote(c)} = {quote(c)} + excluded.{quote(c)}" for c in add] + [f"{quote(c)} = excluded.{quote(c)}" for c in set]
        then = f"DO UPDATE SET {', '.join(changes)}" if changes else "DO NOTHING"
        _by_driver(conn, table, rows, f"ON CONFLICT ({', '.join(map(quote, keys))}) {then}")
        return
    insert = _insert(conn, table)
    changed = {c: table.c[c] + insert.excluded[c] for c in add} | {c: insert.excluded[c] for c in set}
    index = [table.c[key] for key in keys]
    if changed:
        conn.execute(insert.on_conflict_do_update(index_elements=index, set_=changed), rows)
    else:
        conn.execute(insert.on_conflict_do_nothing(index_elements=index), rows)


def update_rows(conn: Connection, table: sa.Table, rows: Sequence[Row], keys: Sequence[str]) -> None:
    """Set the other columns of each row where the columns `keys` are equal. Every update is keyed: none scans."""
    if not rows:
        return
    own = [table.c[key] == sa.bindparam(f"key_{key}") for key in keys]
    rest = [name for name in rows[0] if name not in keys]
    statement = table.update().where(*own).values({name: sa.bindparam(f"new_{name}") for name in rest})
    conn.execute(statement, [{f"key_{k}": row[k] for k in keys} | {f"new_{n}": row[n] for n in rest} for row in rows])


def delete_rows(conn: Connection, table: sa.Table, rows: Sequence[Row], keys: Sequence[str]) -> None:
    """Delete what has these keys, row by row."""
    if rows:
        statement = table.delete().where(*(table.c[key] == sa.bindparam(f"key_{key}") for key in keys))
        conn.execute(statement, [{f"key_{key}": row[key] for key in keys} for row in rows])


def _merged(rows: Sequence[Row], keys: Sequence[str], add: Sequence[str], replace: Sequence[str]) -> list[dict[str, Any]]:
    """One row a key: PostgreSQL refuses to touch a row twice in one statement."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[k] for k in keys)
        before = found.get(key)
        if before is None:
            found[key] = dict(row)
            continue
        for name in add:
            before[name] += row[name]
        for name in replace:
            before[name] = row[name]
    return list(found.values())


def _insert(conn: Connection, table: sa.Table) -> Insert:
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)


def _by_copy(conn: Connection, rows: Sequence[Row]) -> bool:
    return conn.dialect.name == "postgresql" and len(rows) > COPY_FROM


def _by_tuples(conn: Connection, rows: Sequence[Row]) -> bool:
    return conn.dialect.name == "sqlite" and len(rows) > 1


def _by_driver(conn: Connection, table: sa.Table, rows: Sequence[Row], then: str) -> None:
    """INSERT of plain tuples: the driver's executemany, without building a dictionary of parameters for every row."""
    names, constants = _columns(table, rows[0])
    bind = [_binder(conn, table.c[name]) for name in names]
    quote = conn.dialect.identifier_preparer.quote
    columns, marks = ", ".join(map(quote, names)), ", ".join("?" * len(names))
    statement = f"INSERT INTO {_name(conn, table)} ({columns}) VALUES ({marks}) {then}"  # noqa: S608 - names of our own columns
    # Column by column: one loop a column costs a fraction of one call a value.
    columns_of: list[Any] = [[row[name] for row in rows] for name in rows[0]]
    for n, binder in enumerate(bind[: len(columns_of)]):
        if binder is not None:
            columns_of[n] = _instants(columns_of[n]) if binder is _instant else [binder(value) for value in columns_of[n]]
    for n, value in enumerate(constants.values(), len(columns_of)):
        binder = bind[n]
        columns_of.append(repeat(binder(value) if binder else value, len(rows)))
    conn.exec_driver_sql(statement, list(zip(*columns_of, strict=True)))


def _columns(table: sa.Table, row: Row) -> tuple[list[str], dict[str, Any]]:
    """The columns that are written, and those of them that take a constant: Python-side scalar defaults, as an INSERT would."""
    constants = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in row and isinstance(column.default, sa.ColumnDefault) and column.default.is_scalar
    }
    return [*row, *constants], constants


def _name(conn: Connection, table: sa.Table) -> str:
    return conn.dialect.identifier_preparer.format_table(table)


def _through_staging(conn: Connection, table: sa.Table, rows: Sequence[Row], conflict: str) -> int:
    quote = conn.dialect.identifier_preparer.quote
    staging = quote(f"new_{table.name}")
    own = _name(conn, table)
    conn.exec_driver_sql(f"CREATE TEMP TABLE IF NOT EXISTS {staging} (LIKE {own} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS")
    # Twice in one transaction, the second use would still see the rows of the first.
    conn.exec_driver_sql(f"TRUNCATE pg_temp.{staging}")
    columns = ", ".join(map(quote, _copy(conn, table, f"pg_temp.{staging}", rows)))
    result = conn.exec_driver_sql(f"INSERT INTO {own} ({columns}) SELECT {columns} FROM pg_temp.{staging} {conflict}")  # noqa: S608
    return int(result.rowcount)


def _copy(conn: Connection, table: sa.Table, into: str, rows: Sequence[Row]) -> list[str]:
    """COPY the rows; gives the columns that were written. Python-side scalar defaults are filled in as an INSERT would."""
    names, constants = _columns(table, rows[0])
    bind = [_binder(conn, table.c[name]) for name in names]
    quote = conn.dialect.identifier_preparer.quote
    driver: Any = conn.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} ({', '.join(map(quote, names))}) FROM STDIN") as copy:
        for row in rows:
            # By name: rows have the same keys, but nobody promised the same order.
            values = [row[name] if name in row else constants[name] for name in names]
            copy.write_row([b(v) if b else v for b, v in zip(bind, values, strict=True)])
    return names


def _binder(conn: Connection, column: sa.Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, UtcDateTime) and conn.dialect.name == "sqlite":
        return _instant
    return column.type.dialect_impl(conn.dialect).bind_processor(conn.dialect)


def _instants(values: list[datetime | None]) -> list[int | None]:
    return [None if value is None else (value - EPOCH) // MICROSECOND for value in values]


def _instant(value: datetime | None) -> int | None:
    return None if value is None else microseconds(value)  # a naive value raises: it cannot be subtracted from an aware one
