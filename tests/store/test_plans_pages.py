"""No page's question reads through reports or movements: every statement is explained, on the database at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from data import backtest
from data.people import Actor
from data.queries import (
    agreement,
    alarm_health,
    alerts,
    backtests,
    calls,
    container,
    dwell,
    expected,
    forecast,
    health,
    message,
    overview,
    reference,
    rhythm,
    rules,
    search,
    sources,
    throughput,
    vehicles,
)
from data.store import tables as t
from data.store.engine import Store
from tests.store.told import BOX, Book, book, clock

__all__ = ["book"]
pytestmark = pytest.mark.plans
ALL = Actor("chi", "chi", "supervisor")
SOME = Actor("an", "an", "officer", frozenset({"port", "zone"}))
NEVER_THROUGH = ("report", "movement", "stay", "tip", "fact", "box_link", "message", "receipt", "hearing")


@contextmanager
def listening(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is read with, and its values."""
    told: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            told.append((statement, parameters))

    sa.event.listen(store.reader, "before_cursor_execute", note)
    try:
        yield told
    finally:
        sa.event.remove(store.reader, "before_cursor_execute", note)


def explained(store: Store, told: list[tuple[str, Any]]) -> list[tuple[str, list[str]]]:
    """Each statement with the lines of its plan."""
    with store.read() as conn:
        if store.dialect == "sqlite":
            return [(said, [row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)]) for said, values in told]
        # An empty table is read through otherwise: where there is an index, it is taken.
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [(said, [row[0] for row in conn.exec_driver_sql(f"EXPLAIN {said}", values)]) for said, values in told]


def scanned(store: Store, told: list[tuple[str, Any]]) -> list[str]:
    """The plan lines that read through a table that grows with history."""
    through = re.compile(rf"(Seq Scan on|SCAN) ({'|'.join(NEVER_THROUGH)})\b")
    return [f"{line}: {statement}" for statement, plan in explained(store, told) for line in plan if through.search(line)]


@pytest.mark.parametrize("actor", [ALL, SOME], ids=["all", "some"])
def test_no_question_reads_through_history(book: Book, actor: Actor) -> None:
    book.told_by("terminal", "d0 08:00 discharge", bill="B1", seal="S1").told_by("customs", "d1 09:00 hold", bill="B1")
    book.told_by("terminal", "d2 08:00 gate_out").told_by("list", "d3 06:00 present", boxes=["ZZDU0000010"])
    now, store, world = clock("d4 00:00"), book.store, book.world
    with listening(store) as told:
        found = container.history(store, actor, world, BOX, now)
        assert found
        assert found.lines
        container.listed(store, actor, world, [BOX, "ZZDU0000010", "ZZDU1234565"], now)
        own = found.lines[-1].told[0]["message_id"]
        message.seen(store, actor, world, own, book.settings.home)
        reference.used(store, actor, world, book.settings.home, [own])
        for text in (BOX, "ZZDU4839212", "9211", "483921", "ZZDU48", "15C-123.45", "S1", "B1", "DECL-9"):
            search.find(store, actor, world, text, now)
        for kind in ("hour", "day", "week"):
            throughput.by_time(store, actor, world, now, kind=kind, terminal="x", mode="truck")
        for kind in ("day", "week"):
            dwell.by_time(store, actor, world, now, kind=kind, direction="import")
        dwell.inside(store, actor, world, now, direction="import")
        expected.expected(store, actor, world, "port", now)
        sources.unclassified(store, actor, world)
        sources.received_to(store, actor, world)
    assert len(told) > 60
    assert scanned(store, told) == []


@pytest.mark.parametrize("actor", [ALL, SOME], ids=["all", "some"])
def test_the_health_of_a_source_is_read_from_indexes(book: Book, actor: Actor) -> None:
    """Days, the newest messages, layouts one by one: also of a source that is stopped."""
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d1 08:00 gate_out").told_by("carrier", "d1 08:10 gate_out")
    with book.store.write() as conn:
        stop = {"feed": "gate", "number": 1, "opened_at": clock("d1 09:00"), "unread_from": clock("d1 09:00")}
        conn.execute(t.breaker.insert(), stop)
    now, store, world = clock("d40 00:00"), book.store, book.world
    with listening(store) as told:
        for feed in ("gate", "carrier"):
            for ask in (health.late, health.numbering, health.rejected, rhythm.rhythm):
                assert ask(store, actor, world, feed, now)
            health.layouts(store, actor, world, feed)
            health.unknown(store, actor, world, feed)
            rhythm.agreed(store, actor, world, feed)
        agreement.agreement(store, actor, world, now)
        overview.overview(store, actor, world, now)
        sources.received_to(store, actor, world)
    assert len(told) > 40
    through = re.compile(r"(Seq Scan on|SCAN) (lag|agreement|heading|leftover|expectation|rejected_lately)\b")
    assert scanned(store, told) + [line for _, plan in explained(store, told) for line in plan if through.search(line)] == []
    sorting = [f"{line}: {said}" for said, plan in explained(store, told) for line in plan if "TEMP B-TREE" in line and "message" in said]
    assert sorting == []


@pytest.mark.parametrize("actor", [ALL, SOME], ids=["all", "some"])
def test_visits_and_calls_are_read_by_time_and_what_was_put_off_by_its_box(book: Book, actor: Actor) -> None:
    book.told_by("terminal", "d0 08:00 gate_in").told_by("terminal", "d1 08:00 gate_out").told_by("terminal", "d1 09:00 discharge")
    with listening(book.store) as told:
        vehicles.vehicles(book.store, actor, book.world, clock("d1 10:00"))
        vehicles.gates(book.store, actor, book.world, clock("d1 10:00"), ("port",))
        calls.calls(book.store, actor, book.world, clock("d1 10:00"))
    assert scanned(book.store, told) == []
    if book.store.dialect == "sqlite":
        lines = {line for _, plan in explained(book.store, told) for line in plan}
        assert {line for line in lines if "SEARCH later" in line} == {"SEARCH later USING INDEX report_announced (equipment=?)"}
        wanted = [
            f"SEARCH report USING INDEX {index} (place=? AND occurred_at>" for index in ("movement_time", "report_planned", "report_ship")
        ]
        assert all(any(line.startswith(one) for line in lines) for one in wanted)
        assert not [line for line in lines if "hearing" in line and line.endswith("(feed=?)") and "COVERING" not in line]


@pytest.mark.parametrize("actor", [ALL, SOME], ids=["all", "some"])
def test_what_was_closed_and_what_is_not_classified_is_read_from_the_latest_on(book: Book, actor: Actor) -> None:
    """By an index that goes as they are shown: no further than a page, however many there were."""
    with listening(book.store) as told:
        sources.unclassified(book.store, actor, book.world, feed="gate")
        alerts.queue(book.store, actor, clock("d4 00:00"), alerts.Asked(list="closed"))
    wanted = {"report_unclassified": "status = 'unclassified'", "alert_work_work": "closed_at DESC"}
    for index, words in wanted.items():
        (plan,) = [" | ".join(plan) for said, plan in explained(book.store, told) if words in said]
        assert index in plan, plan
        if index == "alert_work_work":
            assert "Sort" not in plan, plan
            assert "TEMP B-TREE" not in plan, plan


def test_a_message_s_deliveries_and_those_that_wait_are_found_by_their_own_index(book: Book) -> None:
    """Not by going through all that a feed ever sent, in the order in which they are shown."""
    book.told_by("terminal", "d0 08:00 discharge")
    (row,) = book.rows(t.message)
    with listening(book.store) as told:
        message.seen(book.store, ALL, book.world, row["message_id"], book.settings.home)
        sources.problems(book.store, ALL, book.world)
    if book.store.dialect == "sqlite":
        plans = {said: " | ".join(plan) for said, plan in explained(book.store, told)}
        assert [plan for said, plan in plans.items() if "FROM receipt" in said and "receipt_file" not in plan] == []
        assert ["COVERING INDEX message_waiting" in plan for said, plan in plans.items() if "count(*)" in said] == [True]


@pytest.mark.parametrize("actor", [ALL, SOME], ids=["all", "some"])
def test_rules_their_load_and_what_is_ahead_are_read_from_indexes(book: Book, actor: Actor) -> None:
    """Alerts of a period, what is open, what is due, tests and changes: never all alerts, lines, stays or what is due."""
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d4 11:00 gate_in", box="ZZDU1234565").judged("d6 00:00")
    now, store, world = clock("d6 00:00"), book.store, book.world
    period = {"since": clock("d0 00:00"), "until": now}
    with listening(store) as told:
        rules.standing(store, actor, world, now)
        rules.changes(store, actor, world, "import_overstay")
        assert sum(card.alerts for card in rules.card(store, actor, world, "import_overstay", **period)) == 1
        assert sum(each.load.n for each in alarm_health.health(store, actor, world, now, **period)) >= 1
        backtests.of_rule(store, actor, world, "import_overstay")
        backtests.one(store, actor, world, "none")
        assert [one.limit for one in forecast.forecast(store, actor, world, now).passes] == ["import_dwell_high"]
        list(backtest.spells(store, world, "import_overstay", ("port",), clock("d0 00:00"), now, {}, now))
    assert len(told) > 15
    through = re.compile(r"(Seq Scan on|SCAN) (alert|alert_line|alert_work|due|backtest|rule_change)\b(?! USING)")
    assert scanned(store, told) + [line for _, plan in explained(store, told) for line in plan if through.search(line)] == []
