"""Any past moment: as known then it is what an earlier load would have given; as of then, what had happened by then."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from data import actions
from data.export import export
from data.people import Actor
from tests.store.receipts import receipts
from tests.store.told import Book, book, clock, hasty

__all__ = ["book", "hasty"]
AN = Actor("an", "an", "officer")


def rows(
    book: Book, what: str, *, as_of: datetime | None = None, known_at: datetime | None = None, now: datetime | None = None
) -> list[dict[str, str]]:
    """An export, as whoever reads the file sees it."""
    import csv

    to = Path(book.folder.parent / f"{what}.csv")
    export(book.store, book.world, what, to, "csv", None, None, None, as_of, known_at, "boxes", now or book.now)
    with to.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def alike(found: list[dict[str, str]], without: tuple[str, ...] = ("read_at", "stored_at")) -> list[tuple[Any, ...]]:
    return sorted(tuple(sorted((k, v) for k, v in row.items() if k not in without)) for row in found)


@pytest.mark.parametrize("seed", range(8))
def test_known_at_equals_what_an_earlier_load_gave(hasty: None, book: Book, seed: int) -> None:
    rng = Random(1000 + seed)
    said = receipts(rng, most=12)
    moment = rng.choice(said).at + timedelta(minutes=1)
    for receipt in said:
        if receipt.at <= moment:
            book.take(receipt)
    whats = ("reports", "movements", "stays", "customs", "inventory")
    then = {what: alike(rows(book, what, now=moment)) for what in whats}
    book.judged_at(moment)
    alerts = rows(book, "alerts")
    for receipt in said:
        if receipt.at > moment:
            book.take(receipt)
    assert {what: alike(rows(book, what, known_at=moment)) for what in whats} == then
    book.judged("d30 00:00")
    later = rows(book, "alerts", known_at=moment)
    told = ("alert_id", "rule", "subject", "anchor", "began_at", "ended_at", "known_at", "condition", "severity", "spells", "work")
    assert [{name: row[name] for name in told} for row in later] == [{name: row[name] for name in told} for row in alerts]


def test_as_of_a_moment_what_happened_later_has_not(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold")
    book.told_by("customs", "d2 10:00 release").told_by("terminal", "d2 14:00 gate_out")
    (stay,) = rows(book, "stays", as_of=clock("d1 12:00"))
    assert (stay["left_at"], stay["held"], stay["age_minutes"], stay["dwell_minutes"]) == ("", "customs", str(28 * 60), "")
    assert len(rows(book, "movements", as_of=clock("d1 12:00"))) == 1
    assert len(rows(book, "customs", as_of=clock("d1 12:00"))) == 1
    (box,) = rows(book, "inventory", as_of=clock("d1 12:00"))
    assert (box["held"], box["limit"], box["limit_at"]) == ("customs", "import_dwell_warn", "2026-11-07T01:00:00Z")
    assert rows(book, "stays", as_of=clock("d0 07:00")) == []
    for what in ("messages", "receipts"):
        every = [row["received_at"] for row in rows(book, what)]
        then = [row["received_at"] for row in rows(book, what, as_of=clock("d1 12:00"))]
        assert then == [at for at in every if at <= clock("d1 12:00").strftime("%Y-%m-%dT%H:%M:%SZ")]
        assert len(then) < len(every)
    (stay,) = rows(book, "stays", as_of=clock("d3 00:00"))
    assert (stay["left_at"], stay["held"]) == ("2026-11-04T07:00:00Z", "")


def test_the_two_clocks_together(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d2 14:00 gate_out", received="d4 08:00")
    (then,) = rows(book, "stays", as_of=clock("d3 00:00"), known_at=clock("d3 00:00"))
    (now,) = rows(book, "stays", as_of=clock("d3 00:00"))
    assert (then["left_at"], now["left_at"]) == ("", "2026-11-04T07:00:00Z")


def test_a_list_received_later_did_not_open_the_books_then(book: Book) -> None:
    book.told_by("list", "d1 06:00 present", boxes=["ZZDU1234565"])
    book.told_by("list", "d0 06:00 present", boxes=["ZZDU4839211"], received="d5 06:00")
    assert [row["equipment"] for row in rows(book, "inventory")] == ["ZZDU4839211"]
    assert [row["equipment"] for row in rows(book, "inventory", known_at=clock("d2 00:00"))] == ["ZZDU1234565"]


def test_an_alert_as_it_stood(book: Book) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d5 09:00 yard_move").judged("d6 00:00")
    alert_id = book.alert("import_overstay")["alert_id"]
    actions.acknowledge(book.store, AN, alert_id, clock("d6 01:00"))
    actions.start(book.store, AN, alert_id, clock("d6 02:00"))
    actions.shelve(book.store, AN, alert_id, clock("d6 03:00"), world=book.world, until=clock("d8 00:00"), reason="Strike.")
    actions.outcome(book.store, AN, alert_id, clock("d6 04:00"), outcome="benign_cause", text="Strike.", not_heard="Away.")
    actions.close(book.store, AN, alert_id, clock("d6 05:00"))
    book.told_by("terminal", "d9 14:00 gate_out").judged("d10 00:00")
    seen = {}
    for at in ("d5 23:00", "d6 00:30", "d6 01:30", "d6 02:30", "d6 03:30", "d6 04:30", "d6 06:00", "d9 09:00", "d11 00:00"):
        seen[at] = [
            (
                row["work"],
                row["assignee"],
                row["outcome"],
                row["shelved_until"][:10],
                row["condition"],
                row["severity"],
                row["ended_at"][:10],
            )
            for row in rows(book, "alerts", known_at=clock(at))
            if row["rule"] == "import_overstay"
        ]
    shelf = "2026-11-09"
    assert seen == {
        "d5 23:00": [],
        "d6 00:30": [("new", "", "", "", "active", "queue", "")],
        "d6 01:30": [("acknowledged", "", "", "", "active", "queue", "")],
        "d6 02:30": [("in_progress", "an", "", "", "active", "queue", "")],
        "d6 03:30": [("in_progress", "an", "", shelf, "active", "queue", "")],
        "d6 04:30": [("confirmed", "an", "benign_cause", shelf, "active", "queue", "")],
        "d6 06:00": [("closed", "an", "benign_cause", "", "active", "queue", "")],
        "d9 09:00": [("closed", "an", "benign_cause", "", "active", "queue", "")],
        "d11 00:00": [("closed", "an", "benign_cause", "", "cleared", "today", "2026-11-11")],
    }
