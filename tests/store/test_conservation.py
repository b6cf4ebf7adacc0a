"""The identities hold, and each that is broken by hand is told by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from data.people import Actor
from data.rebuild import rebuild
from data.store import tables as t
from tests.store.told import FILLED, Book, book, clock

__all__ = ["book"]
HOUR = timedelta(hours=1)


@pytest.fixture
def full(book: Book) -> Book:
    """A book with something in every table, in which all holds."""
    book.told_by("list", "d0 06:00 present", boxes=["ZZDU1234565"]).told_by("terminal", "d0 08:00 discharge", bill="B1", number="D1")
    book.told_by("customs", "d1 09:00 hold", bill="B1").told_by("terminal", "d2 14:00 gate_out").told_by("carrier", "d2 14:12 gate_out")
    book.told_by("terminal", "d3 08:00 gate_out", box="ZZDU0000010").told_by("terminal", "d3 09:00 discharge", box="ZZDU0000010")
    book.told_by("terminal", "d4 08:00 discharge", box="ZZDU0000010").receive("gate", b"not EDIFACT", "d4 09:00")
    book.judged("d12 00:00")
    assert book.differences() == []
    assert {alert["rule"] for alert in book.alerts()} >= {"gate_out_on_hold", "import_overstay", "feed_silent"}
    return book


def restored(book: Book, before: dict[str, list[dict[str, Any]]]) -> None:
    """Every table as it was."""
    book.emptied()
    with book.store.write() as conn:
        for name, rows in before.items():
            if rows:
                conn.execute(t.metadata.tables[name].insert(), rows)


def broken(book: Book, *statements: sa.Executable, deep: bool = False) -> set[str]:
    """The names of the identities that fail once this was done."""
    with book.store.write() as conn:
        for statement in statements:
            conn.execute(statement)
    return {found["identity"] for found in book.differences(deep)}


def update(table: sa.Table, where: sa.ColumnElement[bool] | None = None, **values: Any) -> sa.Executable:
    """Some rows of the table changed: of all, or where it says."""
    statement = table.update().values(**values)
    return statement if where is None else statement.where(where)


m, o, i = t.message.c, t.occupancy.c, t.inside.c
SHALLOW: dict[str, tuple[str, sa.Executable]] = {
    "a state nobody knows": ("messages", update(t.message, m.state == "read", state="lost")),
    "a message without a receipt": ("messages", t.receipt.delete()),
    "a record more than were kept": ("records", update(t.message, m.state == "read", records=m.records + 1)),
    "a report that is not there": ("records", t.report.delete().where(t.report.c.event == "discharge")),
    "a fact that is not there": ("records", t.fact.delete()),
    "a rejected record without its reason": ("records", t.reject.delete()),
    "a report nobody counted": ("records", update(t.message, m.reports > 0, reports=m.reports - 1, records=m.records - 1)),
    "a box too many in the occupancy": ("inside", update(t.occupancy, o.boxes == 1, boxes=2)),
    "an entry too many": ("inside", update(t.occupancy, o.came == 1, came=2)),
    "an exit too few": ("inside", update(t.occupancy, o.went == 1, went=0)),
    "an opening stock of another size": ("inside", update(t.occupancy, o.opening == 1, opening=0)),
    "a box counted inside": ("inside", update(t.inside, boxes=i.boxes + 1)),
    "no box counted inside": ("inside", t.inside.delete()),
    "a stay that went missing": ("inside", t.stay.delete().where(t.stay.c.left_at.is_(None))),
    "an alert without its journal": ("journal", t.alert_line.delete()),
    "an alert without its work": ("journal", t.alert_work.delete()),
}
DEEP: dict[str, tuple[str, sa.Executable]] = {
    "a report that counts as something else": ("derived", update(t.report, t.report.c.status == "live", status="superseded")),
    "a report of another movement": ("derived", update(t.report, t.report.c.movement_id != "", movement_id="f" * 32)),
    "two canonical reports": ("derived", update(t.report, canonical=True)),
    "a movement of another stay": ("derived", update(t.report, t.report.c.canonical, stay_id="another")),
    "a movement that went missing": ("derived", update(t.report, t.report.c.event == "gate_out", canonical=False)),
    "a document that customs never spoke of": ("derived", update(t.box_link, spoken=sa.not_(t.box_link.c.spoken))),
    "a stay held by nobody": ("derived", update(t.stay, held="")),
    "a stay with another end": ("derived", update(t.stay, t.stay.c.left_at.is_not(None), left_at=clock("d9 00:00"))),
    "a fold that a telling would join elsewhere": ("derived", update(t.tip, recent={})),
    "a fold that stands elsewhere": ("derived", update(t.tip, last_at=clock("d9 00:00"))),
    "a document forgotten": ("derived", t.box_link.delete()),
    "a movement counted twice": ("derived", update(t.hourly, movements=t.hourly.c.movements + 1)),
    "an hour forgotten": ("derived", t.hourly.delete().where(t.hourly.c.event == "discharge")),
    "dwell of another length": ("derived", update(t.dwell_bucket, minutes=t.dwell_bucket.c.minutes + 1)),
    "a movement confirmed by more than told of it": ("derived", update(t.agreement, t.agreement.c.told == "one", told="both")),
    "a lag of a statement that nobody made": ("derived", update(t.lag, reports=t.lag.c.reports + 1)),
    "an alert that went missing": ("alerts", t.alert.delete().where(t.alert.c.rule == "gate_out_on_hold")),
    "an alert of other times": ("alerts", update(t.alert, t.alert.c.rule == "import_overstay", known_at=clock("d1 00:00"))),
    "an alert that nothing gives rise to": (
        "alerts",
        update(t.alert, t.alert.c.rule == "gate_out_on_hold", subject="stay:port/ZZDU7777770"),
    ),
}


def test_verify_tells_what_is_broken(full: Book) -> None:
    before = {name: full.rows(t.metadata.tables[name]) for name in FILLED}
    for what, (name, statement) in SHALLOW.items():
        assert name in broken(full, statement), what
        restored(full, before)
        assert broken(full) == set()


def test_verify_deep_tells_what_is_broken_and_rebuild_mends_what_is_derived(full: Book) -> None:
    before = {name: full.rows(t.metadata.tables[name]) for name in FILLED}
    for what, (name, statement) in DEEP.items():
        assert name in broken(full, statement, deep=True), what
        if name == "derived":
            rebuild(full.store, full.world)
            full.judged("d12 00:00")
            assert full.differences() == [], what
        restored(full, before)


def test_a_broken_identity_is_remembered_with_when_it_last_held(full: Book) -> None:
    (held,) = full.rows(t.identity, name="inside")
    assert broken(full, update(t.inside, boxes=9)) == {"inside"}
    (row,) = full.rows(t.identity, name="inside")
    assert row["held_at"] == held["held_at"] < row["checked_at"]
    assert "18 counted inside" in row["difference"]
    assert {r["name"] for r in full.rows(t.identity) if r["held_at"] == r["checked_at"]} >= {"messages", "records", "journal"}


def test_an_audit_row_that_was_rewritten_is_found(full: Book) -> None:
    from data import actions

    actions.note(full.store, Actor("an", "an", "officer"), full.alerts()[0]["alert_id"], clock("d12 00:01"), text="Looked at.")
    with full.store.write() as conn:  # as somebody with the database in hands would: past the triggers
        if full.store.dialect == "sqlite":
            conn.exec_driver_sql("DROP TRIGGER audit_no_update")
        else:
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        conn.execute(t.audit.update().values(actor="somebody else"))
    assert "journal" in {found["identity"] for found in full.differences(deep=False)}


def test_messages_add_up_over_states(full: Book) -> None:
    states = [row["state"] for row in full.rows(t.message)]
    assert (len(states), states.count("unreadable")) == (len(full.rows(t.receipt)), 1)


def test_inside_is_opening_and_in_and_out_with_corrections(full: Book) -> None:
    parts = {
        name: sum(row[name] for row in full.rows(t.occupancy, place="port")) for name in ("boxes", "opening", "came", "went", "corrected")
    }
    assert parts == {"boxes": 2, "opening": 1, "came": 3, "went": 2, "corrected": 0}
    assert len([stay for stay in full.stays() if stay["left_at"] is None]) == 2
