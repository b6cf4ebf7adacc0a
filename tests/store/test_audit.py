"""The audit journal: gapless under many writers, unchangeable, and every tampering found."""

from __future__ import annotations

import random
import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from data import audit
from data.people import Actor
from data.store.engine import Store
from data.store.tables import audit as table

WHO = Actor("lan", "Lan", "officer", address="10.0.0.7")


def write(store: Store, now: datetime, n: int) -> None:
    for i in range(n):
        with store.act() as conn:
            after = {"work": "acknowledged", "n": i, "at": now, "places": {"b", "a"}, "text": "a\0b\n\ud800"}
            audit.append(
                conn, at=now + timedelta(microseconds=i), actor=WHO, action="acknowledge", object=f"alert:{i}", after=after, reason="vì sao"
            )


def unlock(conn: sa.Connection) -> None:
    """What only the owner of the database can do."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("DROP TRIGGER audit_no_update")
        conn.exec_driver_sql("DROP TRIGGER audit_no_delete")
    else:
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")


def test_a_chain_holds(store: Store, now: datetime) -> None:
    with store.read() as conn:
        assert audit.verify(conn) is None
        assert audit.head(conn) == (0, audit.FIRST)
    write(store, now, 20)
    with store.read() as conn:
        assert audit.verify(conn) is None
        assert audit.verify(conn, audit.head(conn)) is None
        assert conn.execute(sa.select(table.c.seq).order_by(table.c.seq)).scalars().all() == list(range(1, 21))
        row = conn.execute(sa.select(table).where(table.c.seq == 1)).mappings().one()
    assert row["after"]["places"] == ["a", "b"]
    assert row["address"] == "10.0.0.7"


def test_rows_cannot_be_changed(store: Store, now: datetime) -> None:
    write(store, now, 2)
    statements = [table.update().values(actor="x"), table.delete()]
    if store.dialect == "postgresql":
        statements.append(sa.text("TRUNCATE audit"))
    for statement in statements:
        with pytest.raises(DBAPIError, match="never changed"), store.act() as conn:
            conn.execute(statement)


def test_what_fails_leaves_no_row(store: Store, now: datetime) -> None:
    with pytest.raises(TypeError, match="float"), store.act() as conn:
        audit.append(conn, at=now, actor=WHO, action="a", object="o", after={"x": 1.5})
    with pytest.raises(RuntimeError), store.act() as conn:
        audit.append(conn, at=now, actor=WHO, action="a", object="o")
        raise RuntimeError
    write(store, now, 1)
    with store.read() as conn:
        assert audit.head(conn)[0] == 1


def test_many_writers_make_one_chain(store: Store, now: datetime) -> None:
    threads = [threading.Thread(target=write, args=(store, now, 5)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as conn:
        assert audit.verify(conn) is None
        assert audit.head(conn)[0] == 50


def test_any_tampering_is_named(store: Store, now: datetime) -> None:
    write(store, now, 30)
    rng = random.Random(7)
    with store.read() as conn:
        kept = audit.head(conn)
    for turn in range(60):
        with store.writer.connect() as conn:
            outer = conn.begin()
            unlock(conn)
            seq = rng.randint(1, 30)
            what = ("edit", "delete", "swap", "cut", "rehash")[turn % 5]
            own = table.c.seq == seq
            if what == "edit":
                column = rng.choice(["actor", "role", "address", "action", "object", "reason", "prev_hash", "hash"])
                conn.execute(table.update().where(own).values({column: "f" * 64}))
            elif what == "delete":
                conn.execute(table.delete().where(own))
            elif what == "swap":
                other = seq % 30 + 1
                first, second = (conn.execute(sa.select(table.c.object).where(table.c.seq == n)).scalar_one() for n in (seq, other))
                conn.execute(table.update().where(own).values(object=second))
                conn.execute(table.update().where(table.c.seq == other).values(object=first))
            elif what == "cut":
                conn.execute(table.delete().where(table.c.seq >= seq))
            else:  # the row changed and its hash made anew: the next row tells
                row = dict(conn.execute(sa.select(table).where(own)).mappings().one()) | {"actor": "nobody"}
                conn.execute(table.update().where(own).values(actor="nobody", hash=audit.row_hash(row)))
            bad = audit.verify(conn, kept)
            assert bad is not None, what
            assert bad <= seq + 1 or what == "swap"
            outer.rollback()
    with store.read() as conn:
        assert audit.verify(conn, kept) is None
