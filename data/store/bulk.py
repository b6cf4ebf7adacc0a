"""Many rows at once, alike on SQLite and PostgreSQL. Rows are dicts that all have the same keys.

On PostgreSQL more than `COPY_FROM` rows go through COPY (twice the speed of executemany); with a conflict clause by way of a
temporary table. All work inside the caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice, repeat
from operator import itemgetter
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from data.store.types import EPOCH, MICROSECOND, UtcDateTime

COPY_FROM = 50
Row = Mapping[str, Any]
Thing = TypeVar("Thing")
Insert = sqlite.Insert | postgresql.Insert


def in_chunks(things: Iterable[Thing], size: int = 500) -> Iterator[list[Thing]]:
    """The things in lists of at most `size`: keeps IN (...) below the number of variables a database takes."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk


def among(conn: Connection, column: sa.ColumnElement[str], texts: Iterable[str]) -> sa.ColumnElement[bool]:
    """`column` is one of the texts, as one bound value however many they are: nothing is rendered for each, and no chunks are needed."""
    if conn.dialect.name == "postgresql":
        return column == sa.any_(sa.literal(sorted(texts), postgresql.ARRAY(sa.Text)))
    each = sa.func.json_each(orjson.dumps(sorted(texts)).decode()).table_valued("value")
    return column.in_(sa.select(each.c.value))


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
    conn: Connection,
    table: sa.Table,
    rows: Sequence[Row],
    keys: Sequence[str],
    *,
    add: Sequence[str] = (),
    set: Sequence[str] = (),
    least: Sequence[str] = (),
) -> None:
    """Insert, or where the keys are there already: sum the columns `add`, replace the columns `set`, keep the lesser of `least`.

    Rows with equal keys within `rows` count alike.
    """
    if not rows:
        return
    rows = _merged(rows, keys, add, set, least)
    if _by_copy(conn, rows):
        quote = conn.dialect.identifier_preparer.quote
        own = _name(conn, table)
        changes = [f"{quote(c)} = {own}.{quote(c)} + excluded.{quote(c)}" for c in add]
        changes += [f"{quote(c)} = excluded.{quote(c)}" for c in set]
        changes += [f"{quote(c)} = least({own}.{quote(c)}, excluded.{quote(c)})" for c in least]
        then = f"DO UPDATE SET {', '.join(changes)}" if changes else "DO NOTHING"
        _through_staging(conn, table, rows, f"ON CONFLICT ({', '.join(map(quote, keys))}) {then}")
        return
    if _by_tuples(conn, rows):
        quote = conn.dialect.identifier_preparer.quote
        changes = [f"{quote(c)} = {quote(c)} + excluded.{quote(c)}" for c in add] + [f"{quote(c)} = excluded.{quote(c)}" for c in set]
        changes += [f"{quote(c)} = min({quote(c)}, excluded.{quote(c)})" for c in least]
        then = f"DO UPDATE SET {', '.join(changes)}" if changes else "DO NOTHING"
        _by_driver(conn, table, rows, f"ON CONFLICT ({', '.join(map(quote, keys))}) {then}")
        return
    insert = _insert(conn, table)
    lesser = sa.func.least if conn.dialect.name == "postgresql" else sa.func.min
    changed = {c: table.c[c] + insert.excluded[c] for c in add} | {c: insert.excluded[c] for c in set}
    changed |= {c: lesser(table.c[c], insert.excluded[c]) for c in least}
    index = [table.c[key] for key in keys]
    if changed:
        conn.execute(insert.on_conflict_do_update(index_elements=index, set_=changed), rows)
    else:
        conn.execute(insert.on_conflict_do_nothing(index_elements=index), rows)


def update_rows(conn: Connection, table: sa.Table, rows: Sequence[Row], keys: Sequence[str]) -> None:
    """Set the other columns of each row where the columns `keys` are equal. Every update is keyed: none scans."""
    if not rows:
        return
    rest = [name for name in rows[0] if name not in keys]
    quote = conn.dialect.identifier_preparer.quote
    if _by_copy(conn, rows):
        own, staging = _name(conn, table), _staged(conn, table, rows)
        changes = ", ".join(f"{quote(name)} = {staging}.{quote(name)}" for name in rest)
        same = " AND ".join(f"{own}.{quote(key)} = {staging}.{quote(key)}" for key in keys)
        conn.exec_driver_sql(f"UPDATE {own} SET {changes} FROM {staging} WHERE {same}")  # noqa: S608 - names of our own columns
        return
    if _by_tuples(conn, rows):
        changes, same = ", ".join(f"{quote(name)} = ?" for name in rest), " AND ".join(f"{quote(key)} = ?" for key in keys)
        bound = _tuples(conn, table, rows, [*rest, *keys])
        conn.exec_driver_sql(f"UPDATE {_name(conn, table)} SET {changes} WHERE {same}", bound)  # noqa: S608 - names of our own columns
        return
    where = [table.c[key] == sa.bindparam(f"key_{key}") for key in keys]
    statement = table.update().where(*where).values({name: sa.bindparam(f"new_{name}") for name in rest})
    conn.execute(statement, [{f"key_{k}": row[k] for k in keys} | {f"new_{n}": row[n] for n in rest} for row in rows])


def update_columns(conn: Connection, table: sa.Table, rows: Iterable[Row], keys: Sequence[str]) -> None:
    """As `update_rows`, for rows of which each names only the columns that change."""
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        alike[tuple(sorted(row))].append(row)
    for group in alike.values():
        update_rows(conn, table, group, keys)


def delete_rows(conn: Connection, table: sa.Table, rows: Sequence[Row], keys: Sequence[str]) -> None:
    """Delete what has these keys, row by row."""
    if rows and _by_tuples(conn, rows):
        same = " AND ".join(f"{conn.dialect.identifier_preparer.quote(key)} = ?" for key in keys)
        conn.exec_driver_sql(f"DELETE FROM {_name(conn, table)} WHERE {same}", _tuples(conn, table, rows, keys))  # noqa: S608
    elif rows:
        statement = table.delete().where(*(table.c[key] == sa.bindparam(f"key_{key}") for key in keys))
        conn.execute(statement, [{f"key_{key}": row[key] for key in keys} for row in rows])


def _merged(rows: Sequence[Row], keys: Sequence[str], add: Sequence[str], replace: Sequence[str], least: Sequence[str]) -> Sequence[Row]:
    """One row a key: PostgreSQL refuses to touch a row twice in one statement."""
    key_of = itemgetter(*keys)
    if len(set(map(key_of, rows))) == len(rows):
        return rows
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        key = key_of(row)
        before = found.get(key)
        if before is None:
            found[key] = dict(row)
            continue
        for name in add:
            before[name] += row[name]
        for name in replace:
            before[name] = row[name]
        for name in least:
            before[name] = min(before[name], row[name])
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
    quote = conn.dialect.identifier_preparer.quote
    columns, marks = ", ".join(map(quote, names)), ", ".join("?" * len(names))
    statement = f"INSERT INTO {_name(conn, table)} ({columns}) VALUES ({marks}) {then}"  # noqa: S608 - names of our own columns
    conn.exec_driver_sql(statement, _tuples(conn, table, rows, names, constants))


def _tuples(
    conn: Connection, table: sa.Table, rows: Sequence[Row], names: Sequence[str], constants: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """The rows as the driver takes them: by name, since rows have the same keys but nobody promised the same order.

    Column by column: one loop a column costs a fraction of one call a value.
    """
    constants = constants or {}
    given = [name for name in names if name not in constants]
    values = zip(*map(itemgetter(*given), rows), strict=True) if len(given) > 1 else [[row[given[0]] for row in rows]]
    columns: dict[str, Any] = dict(zip(given, values, strict=True))
    for name in given:
        if (binder := _binder(conn, table.c[name])) is not None:
            columns[name] = binder(columns[name])
    for name, value in constants.items():
        binder = _binder(conn, table.c[name])
        columns[name] = repeat(binder([value])[0] if binder else value, len(rows))
    return list(zip(*(columns[name] for name in names), strict=True))


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
    staging = _staged(conn, table, rows)
    columns = ", ".join(map(conn.dialect.identifier_preparer.quote, _columns(table, rows[0])[0]))
    result = conn.exec_driver_sql(f"INSERT INTO {_name(conn, table)} ({columns}) SELECT {columns} FROM {staging} {conflict}")  # noqa: S608
    return int(result.rowcount)


def _staged(conn: Connection, table: sa.Table, rows: Sequence[Row]) -> str:
    """The rows in a temporary table without constraints, so that some columns may be missing; gives its name."""
    plain = conn.dialect.identifier_preparer.quote(f"new_{table.name}")
    conn.exec_driver_sql(f"CREATE TEMP TABLE IF NOT EXISTS {plain} AS TABLE {_name(conn, table)} WITH NO DATA")
    # Kept over transactions, and used twice in one: the rows of the time before must go.
    conn.exec_driver_sql(f"TRUNCATE pg_temp.{plain}")
    _copy(conn, table, f"pg_temp.{plain}", rows)
    return f"pg_temp.{plain}"


def _copy(conn: Connection, table: sa.Table, into: str, rows: Sequence[Row]) -> None:
    """COPY the rows. Python-side scalar defaults are filled in as an INSERT would."""
    names, constants = _columns(table, rows[0])
    quote = conn.dialect.identifier_preparer.quote
    driver: Any = conn.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} ({', '.join(map(quote, names))}) FROM STDIN") as copy:
        for values in _tuples(conn, table, rows, names, constants):
            copy.write_row(values)


def _binder(conn: Connection, column: sa.Column[Any]) -> Callable[[Sequence[Any]], Sequence[Any]] | None:
    """How the values of a column are handed to the driver; None where as they are."""
    if isinstance(column.type, UtcDateTime):
        return _instants if conn.dialect.name == "sqlite" else _aware
    if isinstance(column.type, sa.Boolean):
        return None  # both drivers take a bool as it is
    one = column.type.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    return None if one is None else lambda values: [None if value is None else one(value) for value in values]


def _instants(values: Sequence[Any]) -> Sequence[int | None]:
    """Microseconds since 1970. A naive value raises: it cannot be subtracted from an aware one."""
    different = set(values)
    if len(different) > len(values) // 4:
        return [None if value is None else (value - EPOCH) // MICROSECOND for value in values]
    known = {value: None if value is None else (value - EPOCH) // MICROSECOND for value in different}
    return [known[value] for value in values]


def _aware(values: Sequence[datetime | None]) -> Sequence[datetime | None]:
    for value in values:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: every time kept is aware")
    return values
