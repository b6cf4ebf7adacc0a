"""Ledgers as files, through the real pull: what is kept, what is counted, what is wrong with a line, and the books that add up after it."""

from __future__ import annotations

from csv import DictReader
from pathlib import Path
from typing import Any

import pytest

from data import redeclare
from data.derive import derive
from data.explain import explain
from data.export import export
from data.people import Actor
from data.queries.lot import chain
from data.queries.message import seen
from data.queries.sources import sources
from data.rebuild import rebuild
from data.settings import Settings
from data.store import tables as t
from data.store.engine import Store
from tests.alert_rows import put_alert
from tests.store.goods_told import OPERATORS
from tests.store.told import ZONE_TEXT, Book, clock, csv, different, local, small_world

FEEDS = """  - {id: ledger, format: ledger_csv, publisher: O1, source: /srv/ledger/*.csv}
  - {id: permits, format: ledger_csv, publisher: customs, source: /srv/permits/*.csv, options: {book: customs}}
"""
COLUMNS = ("act", "occurred_at", "lot", "quantity", "uom", "hs", "owner", "operator", "permit", "equipment", "source_id", "balance")


@pytest.fixture
def book(store: Store, settings: Settings, tmp_path: Path) -> Book:
    """An empty book of the two places; the zone's ledgers come as files."""
    text = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS) + FEEDS
    return Book(store, settings, tmp_path / "files", small_world(zone=text)).emptied()


def ledger(*lines: str) -> bytes:
    """A file of lines `ACT dN HH:MM QUANTITY [name=value ...]`, of lot L1 in kilograms."""
    rows = []
    for line in lines:
        act, day, hour, quantity, *more = line.split()
        said = {
            "act": act,
            "occurred_at": local(f"{day} {hour}"),
            "quantity": quantity,
            "lot": "L1",
            "uom": "KGM",
            "owner": "A",
            "operator": "O1",
        }
        said |= dict(part.split("=", 1) for part in more)
        rows.append([said.get(name, "") for name in COLUMNS])
    return csv(COLUMNS, rows)


def stock(book: Book) -> dict[tuple[str, str], float]:
    """(book, lot) -> what is there."""
    found: dict[tuple[str, str], float] = {}
    of = {row["holding_id"]: row for row in book.rows(t.holding)}
    for row in book.rows(t.posting):
        key = row["book"], of[row["holding_id"]]["lot"]
        found[key] = found.get(key, 0) + row["quantity"] / 10**6
    return {key: amount for key, amount in found.items() if amount}


def test_bad_lines_are_kept_flagged_and_shown(book: Book) -> None:
    """Wrong units, an unknown HS code, more out than in, out before in, told twice, a balance that does not add up: nothing is dropped."""
    said = book.receive(
        "ledger",
        ledger(
            "withdrawal d1 07:00 5 lot=L0 permit=P0",
            "admission d1 08:00 100 hs=770000",
            "withdrawal d1 09:00 3 uom=H87 permit=P1",
            "withdrawal d1 10:00 120 permit=P2 balance=10",
            "admission d1 11:00 ten",
        ),
        "d2 08:00",
    )
    assert (said["reports"], said["rejected"]) == (4, 1)
    book.receive("ledger", ledger("admission d1 08:00 100 hs=770000"), "d3 08:00")
    lines = {(row["act"], row["standing"]): row["faults"].split() for row in book.rows(t.entry, "at", "received_at") if row["lot"] == "L1"}
    assert lines["admission", "live"] == ["unknown_hs"]
    assert lines["admission", "repeated"] == ["unknown_hs"]
    faults = [row["faults"] for row in book.rows(t.entry, "at", act="withdrawal")]
    assert faults[0] == "before_admission not_traced"
    assert faults[1] == "uom_differs not_traced"
    assert faults[2].startswith("exceeds_balance not_traced")
    assert "balance_differs" in faults[2]
    assert [row["reason"] for row in book.rows(t.reject)] == ["bad_number"]
    assert book.differences() == []


def test_names_as_long_as_a_reader_takes_them_are_kept_and_judged(book: Book) -> None:
    """On PostgreSQL a long name stopped its feed: what a lot is judged by holds its operator's name and its own."""
    lot, operator = "L" * 64, "Ông giữ kho " + "O" * 188
    book.receive("ledger", ledger(f"admission d1 08:00 100 lot={lot}").replace(b"O1", operator.encode()), "d1 09:00")
    book.receive("ledger", ledger(f"withdrawal d2 08:00 130 lot={lot}").replace(b"O1", operator.encode()), "d2 09:00")
    assert [(row["lot"], row["operator"]) for row in book.rows(t.entry)] == [(lot, operator)] * 2
    book.judged("d3 00:00")
    assert [row["unit"] for row in book.alerts("negative_stock")] == [f"lot:zone/{operator}/{lot}"]
    assert book.differences() == []


def test_changed_history_is_told_and_the_earlier_telling_stays(book: Book) -> None:
    book.receive("ledger", ledger("admission d1 08:00 100 source_id=a1"), "d1 09:00")
    book.receive("ledger", ledger("admission d1 08:00 90 source_id=a1"), "d5 09:00")
    assert [(row["quantity"] // 10**6, row["standing"]) for row in book.rows(t.entry, "received_at")] == [(100, "superseded"), (90, "live")]
    assert stock(book) == {("operator", "L1"): 90}
    assert book.differences() == []


def test_what_customs_authorised_takes_effect_with_the_box(book: Book) -> None:
    box = book.box
    book.receive("permits", ledger(f"admission d1 08:00 100 equipment={box}"), "d1 09:00")
    assert stock(book) == {}
    assert {row["standing"] for row in book.rows(t.entry)} == {"waits"}
    book.told_by("zone", "d2 10:00 gate_in")
    assert stock(book) == {("customs", "L1"): 100}
    book.receive("permits", ledger(f"withdrawal d3 08:00 100 permit=P1 equipment={box}"), "d3 09:00")
    assert stock(book) == {("customs", "L1"): 100}
    book.told_by("zone", "d4 10:00 gate_out")
    assert stock(book) == {}
    assert [row["at"] for row in book.rows(t.posting, "at")] == [clock("d2 10:00"), clock("d4 10:00")]
    assert book.differences() == []


def test_a_rebuild_comes_out_as_it_was(book: Book) -> None:
    box = book.box
    book.receive("permits", ledger(f"admission d1 08:00 100 equipment={box}"), "d1 09:00")
    book.told_by("zone", "d2 10:00 gate_in")
    book.receive("ledger", ledger("admission d2 11:00 100", "withdrawal d40 08:00 30 permit=P1", "count d41 08:00 69"), "d42 08:00")
    book.receive("ledger", ledger("withdrawal d20 08:00 10 permit=P0"), "d43 08:00")
    before = book.derived()
    assert [row["quantity"] // 10**6 for row in before["opening"]] == [90]
    rebuild(book.store, book.world)
    assert book.derived() == before
    assert book.differences() == []


def test_from_a_lot_a_line_or_an_alert_down_to_the_messages(book: Book) -> None:
    book.receive("ledger", ledger("admission d1 08:00 100.5 source_id=a", "withdrawal d1 09:00 30 permit=P1"), "d2 08:00", name="day1.csv")
    book.receive("permits", ledger("withdrawal d1 09:00 30 permit=P1"), "d2 09:00", name="permits.csv")
    admitted, taken = (row["entry_id"] for row in book.rows(t.entry, "at") if row["book"] == "operator")
    lot = explain(book.store, book.world, "lot:zone/O1/L1")
    told = [(line["act"], line["book"], line["quantity"], line["message"]["name"]) for line in lot["lines"]]
    assert sorted(told) == [
        ("admission", "operator", "100.5 KGM", "day1.csv"),
        ("withdrawal", "customs", "30 KGM", "permits.csv"),
        ("withdrawal", "operator", "30 KGM", "day1.csv"),
    ]
    line = explain(book.store, book.world, taken)
    assert (line["kind"], line["traces"]) == ("line", [{"line": admitted, "quantity": "30 KGM"}])
    assert [(one["entry_id"], one["message"]["name"]) for one in line["came_in_by"]] == [(admitted, "day1.csv")]
    put_alert(book.store, "a" * 32, clock("d3 00:00"), place="zone", unit="lot:zone/O1/L1", equipment="", evidence=[taken])
    alert = explain(book.store, book.world, "a" * 32)
    assert [(one["entry_id"], one["message"]["name"]) for one in alert["lines"]] == [(taken, "day1.csv")]
    assert not explain(book.store, book.world, "lot:zone/O1/none")


def test_a_ledger_is_a_source_as_any_other(book: Book) -> None:
    """Up to when it speaks, how much of a message was taken, and its lines on the page of the message."""
    book.receive("ledger", ledger("admission d1 08:00 100", "withdrawal d1 09:30 ten"), "d2 08:00")
    officer, reader = Actor("viewer", "Viewer", "viewer"), Actor("officer", "Officer", "supervisor")
    (source,) = (one for one in sources(book.store, officer, book.world, clock("d2 09:00")) if one.feed.id == "ledger")
    assert source.data_to == clock("d1 08:00")
    (message,) = book.rows(t.message)
    found = seen(book.store, reader, book.world, message["message_id"], book.settings.home)
    assert found is not None
    assert [(row["act"], row["standing"]) for row in found.entries] == [("admission", "live")]
    assert (found.message["entries"], found.message["rejected"]) == (1, 1)


def test_lines_of_no_lot_are_posted_again_when_their_message_was_received_earlier(book: Book) -> None:
    """What names neither lot nor item is a pool like any other."""
    told = ledger("admission d1 08:00 100 lot=", "reconciliation d1 09:00 1 lot=")
    book.receive("ledger", told, "d1 10:00")
    book.receive("ledger", told, "d1 09:30")
    assert stock(book) == {("operator", ""): 100}
    assert book.differences() == []


def test_a_file_may_hold_both_books(book: Book) -> None:
    """Which book a line is of may stand in a column, and no feed's options say that any is of the supervisor's."""
    zone = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS) + FEEDS.splitlines(keepends=True)[0]
    book.world = small_world(zone=zone)
    columns = ("act", "occurred_at", "lot", "quantity", "uom", "owner", "operator", "equipment", "book")
    said = ("admission", local("d1 08:00"), "L1", "100", "KGM", "A", "O1", book.box)
    book.receive("ledger", csv(columns, [(*said, "customs"), (*said, "operator")]), "d1 09:00")
    book.told_by("zone", "d2 10:00 gate_in")
    assert stock(book) == {("customs", "L1"): 100, ("operator", "L1"): 100}
    assert book.differences() == []


def told_then(book: Book, to: Path) -> list[str]:
    """The faults of all lines in the export of what was known on the third day."""
    asked = {"place": None, "since": None, "until": None, "as_of": None, "of": "boxes", "now": clock("d40 00:00")}
    export(book.store, book.world, "entries", to / "entries.csv", "csv", known_at=clock("d3 00:00"), **asked)
    with (to / "entries.csv").open(encoding="utf-8", newline="") as file:
        return [row["faults"] for row in DictReader(file)]


def told_on_page(book: Book) -> list[str]:
    """The faults of the lines of the first lot on its page."""
    found = chain(book.store, Actor("officer", "Officer", "supervisor"), book.world, "zone", "O1", "L1", clock("d40 00:00"))
    assert found is not None
    return [" ".join(one.faults) for one in found.lines]


def test_another_list_of_hs_codes_is_another_look_at_every_line(book: Book, tmp_path: Path) -> None:
    """What is not in the list beside the law is flagged and counted all the same; with another list the flag goes, and nothing else."""
    zone = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS) + FEEDS
    told = ledger("admission d1 08:00 100 hs=8542.31.00 source_id=a", "admission d1 09:00 7 hs=854299 source_id=b lot=L2")
    found = []
    for n, codes in enumerate(("854299\n", "", "854299\n", "854231\n854299\n")):
        book.world = small_world(zone=zone, hs=codes)
        with book.store.write() as conn:
            redeclare.take_effect(conn, book.world, clock(f"d{30 + n} 00:00"))
        if not n:
            book.receive("ledger", told, "d2 08:00")
        found.append([row["faults"] for row in book.rows(t.entry, "at")])
        assert stock(book) == {("operator", "L1"): 100, ("operator", "L2"): 7}
        assert book.differences() == []
        assert [told_then(book, tmp_path), told_on_page(book)] == [found[-1], found[-1][:1]]
    assert found == [["unknown_hs", ""], ["", ""], ["unknown_hs", ""], ["", ""]]
    assert [row["hs"] for row in book.rows(t.entry, "at")] == ["85423100", "854299"]


@pytest.mark.parametrize("otherwise", [("horizon: 100d", "horizon: 9d"), ("timezone: Asia/Ho_Chi_Minh", "timezone: America/Los_Angeles")])
def test_another_way_to_fold_is_one_for_goods_too(book: Book, otherwise: tuple[str, str]) -> None:
    """What is too old to be believed, what moved a box and when a month begins is declared of the place."""
    zone = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS[: OPERATORS.index("  - {id: F1")]) + FEEDS
    book.receive("permits", ledger(f"admission d-40 08:00 100 equipment={book.box}"), "d-39 08:00")
    book.told_by("zone", "d-30 22:00 gate_in", received="d-10 08:00")
    book.receive("ledger", ledger("admission d-40 08:00 100"), "d-40 09:00")
    book.receive("ledger", ledger("withdrawal d-10 08:00 20 permit=P1", "withdrawal d20 08:00 10 permit=P1"), "d20 09:00")
    for n, world in enumerate((small_world(zone=zone), small_world(zone=zone.replace(*otherwise)))):
        book.world = world
        with book.store.write() as conn:
            redeclare.take_effect(conn, book.world, clock(f"d{30 + n} 00:00"))
    assert book.differences() == []
    before = book.derived()
    rebuild(book.store, book.world)
    assert different(before, book.derived()) == ""


def test_two_lines_alike_stay_two_where_a_pull_broke_off_between_them(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    told = ledger("admission d1 08:00 5", "admission d1 08:00 5", "admission d1 08:00 5")
    kept = []

    def once(*args: Any) -> None:
        kept.append(derive(*args))
        monkeypatch.setattr("data.intake.derive", fails)

    def fails(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("data.intake.ROWS", 1)
    monkeypatch.setattr("data.intake.derive", once)
    with pytest.raises(KeyboardInterrupt):
        book.receive("ledger", told, "d1 09:00")
    assert len(book.rows(t.entry)) == len(kept) == 1
    monkeypatch.setattr("data.intake.derive", derive)
    book.receive("ledger", told, "d1 09:00")
    assert [row["turn"] for row in book.rows(t.entry, "position")] == [0, 1, 2]
    assert stock(book) == {("operator", "L1"): 15}
    assert book.differences() == []


def test_goods_that_are_pooled_by_declaration_take_their_hold_with_them(book: Book) -> None:
    """Which boxes share goods, the operator's method says; a change of it is one for the holds that follow them."""
    first, second = book.box, "ZZDU1111113"
    for box in (first, second):
        book.told_by("zone", "d1 08:00 gate_in", equipment=box)
    book.told_by("customs", "d1 09:00 hold", equipment=first)
    columns = ("act", "occurred_at", "lot", "item", "quantity", "uom", "operator", "equipment")
    lines = (("admission", "d1 08:30", "", first), ("strip", "d2 08:30", "", first), ("stuff", "d2 09:30", "L2", second))
    rows = [(act, local(at), lot, "X", "10", "KGM", "O1", box) for act, at, lot, box in lines]
    book.receive("ledger", csv(columns, rows), "d3 08:00")
    zone = ZONE_TEXT.replace("codes: [XXZNE]\n", "codes: [XXZNE]\n" + OPERATORS) + FEEDS
    fifo = zone.replace("Store One}", "Store One}, methods: [{method: fifo, from: 2026-01-01}]")
    held = []
    for n, text in enumerate((zone, fifo, zone)):
        book.world = small_world(zone=text)
        with book.store.write() as conn:
            redeclare.take_effect(conn, book.world, clock(f"d{30 + n} 00:00"))
        held.append({stay["equipment"] for stay in book.stays() if stay["held"]})
        assert book.differences() == []
    assert held == [{first}, {first, second}, {first}]
