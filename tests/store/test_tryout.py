"""Trying a file against a database: what is known of its boxes, the alerts that it would raise, and that nothing of it remains."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data.demo.try_files import windows_1258
from data.pull import ingest
from data.store import tables as t
from data.store.tables import metadata
from data.tryout import Tried, alerts, try_file
from tests.store.told import BOX, PORT, ZONE, Book, box, clock, csv, document, edifact, local, small_world

OTHER, NEW = "ZZDU1234567", "ZZDU0000013"
NOW = clock("d9 12:00")
HEADER = ("Container No", "Move", "Time", "Plate")


def told(book: Book) -> Book:
    """Two boxes inside the port, one of them held by its bill; a third that left for the zone."""
    book.told_by("terminal", "d0 08:00 discharge", bill="B1", number="D0").told_by("customs", "d1 09:00 hold", bill="B1", hold_ref="H1")
    book.told_by("terminal", "d8 08:00 discharge", box=OTHER, number="D1")
    book.judged("d9 11:00")
    return book


def tried(book: Book, data: bytes, **more: Any) -> Tried:
    given = {"world": book.world, "place": "port", "now": NOW, "store": book.store, "alerts": True, **more}
    return try_file(io.BytesIO(data), given.pop("name", "try.csv"), **given)


def moves(*rows: tuple[str, str, str]) -> bytes:
    return csv(HEADER, [[number, move, local(at), "00D-1"] for number, move, at in rows])


def rules(of: Tried) -> set[tuple[str, str, bool]]:
    assert of.would is not None
    assert of.would.left_out == ""
    return {(each.rule, each.subject, each.ends) for each in of.would.alerts}


def open_alerts(book: Book) -> dict[str, tuple[str, str]]:
    return {row["alert_id"]: (row["rule"], row["subject"]) for row in book.alerts() if row["condition"] in ("active", "unverified")}


def really(book: Book, feed: str, data: bytes, name: str = "real.csv") -> set[tuple[str, str, bool]]:
    """What the file then does: (rule, subject, whether it ended)."""
    path = book.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    before = open_alerts(book)
    book.now = NOW
    ingest(book.store, book.world, feed, [path], NOW, NOW, book.settings)
    book.judged_at(NOW)
    after = open_alerts(book)
    of_boxes = {row["alert_id"] for row in book.alerts(valid=False) if not row["subject"].startswith("feed:")}
    new = {(*after[id], False) for id in after.keys() - before.keys() if id in of_boxes}
    return new | {(*before[id], True) for id in before.keys() - after.keys() if id in of_boxes}


def moved(number: str, event: str) -> bytes:
    return csv(("equipment", "event", "occurred_at"), [[number, event, local("d9 11:30")]])


def fact(event: str, agency: str, reference: str = "") -> bytes:
    return csv(("event", "bill", "agency", "hold_ref", "effective_at"), [[event, "B1", agency, reference, local("d9 11:00")]])


def sent(kind: str, body: list[str]) -> bytes:
    return edifact(kind, [body], reference="T1", made="d9 11:05")


CASES = {
    "a held box leaves": ("carrier", moved(BOX, "gate_out")),
    "a box is at two places": ("zone-gate", moved(OTHER, "gate_in")),
    "a bill is held": ("customs", fact("hold", "QUA")),
    "a bill is released": ("customs", fact("release", "customs", "H1")),
    "an overstaying box leaves": ("gate", sent("CODECO", document("36", [box(BOX, "d9 11:00")]))),
    "a discharge is taken back": ("quay", sent("COARRI", document("44", [box(BOX, "d0 08:00")], number="D0", function="1"))),
    "a document is taken back": ("quay", sent("COARRI", document("44", [], number="D1", function="1"))),
    "nothing new": ("carrier", moved(NEW, "gate_in")),
}


@pytest.fixture
def book(store: Any, settings: Any, tmp_path: Path) -> Book:
    return told(Book(store, settings, tmp_path / "files", small_world()))


@pytest.mark.parametrize("case", CASES)
def test_the_alerts_told_are_those_that_the_file_then_raises(book: Book, case: str) -> None:
    feed, data = CASES[case]
    of = tried(book, data, feed=feed)
    assert rules(of) == really(book, feed, data)


def test_a_reference_that_was_used_before_does_nothing(book: Book) -> None:
    used = next(row["reference"] for row in book.rows(t.message, feed="quay") if row["reference"])
    data = edifact("COARRI", [document("46", [box(BOX, "d9 11:00")])], reference=used, made="d9 11:05")
    of = tried(book, data, feed="quay")
    assert of.read == 1
    assert rules(of) == really(book, "quay", data) == set()
    fresh = tried(book, data.replace(f"+{used}'".encode(), b"+FRESH'"), feed="quay")
    assert ("import_overstay", f"stay:port/{BOX}", True) in rules(fresh)


def test_some_of_these_cases_raise_and_end_alerts(book: Book) -> None:
    """Or the test above would hold of nothing."""
    found = {case: rules(tried(book, data, feed=feed)) for case, (feed, data) in CASES.items()}
    assert ("gate_out_on_hold", f"stay:port/{BOX}", False) in found["a held box leaves"]
    assert ("two_places_at_once", f"box:{OTHER}", False) in found["a box is at two places"]
    assert ("import_overstay", f"stay:port/{BOX}", True) in found["a discharge is taken back"]
    assert not found["nothing new"]


def everything(book: Book) -> dict[str, list[Any]]:
    with book.store.read() as conn:
        return {name: conn.execute(sa.select(table)).fetchall() for name, table in metadata.tables.items()}


def test_nothing_of_it_remains(book: Book) -> None:
    before, files = everything(book), sorted(book.settings.home.rglob("*"))
    for feed, data in CASES.values():
        tried(book, data, feed=feed)
    assert before == everything(book)
    assert [path for path in files if "zonewatch.db" not in path.name] == [
        path for path in sorted(book.settings.home.rglob("*")) if "zonewatch.db" not in path.name
    ]


def test_bytes_that_were_received_would_do_nothing(book: Book) -> None:
    data = CASES["a held box leaves"][1]
    really(book, "carrier", data)
    of = tried(book, data, feed="carrier")
    assert of.would
    assert of.would.left_out == "would_known"


def test_more_boxes_than_are_looked_at_are_said(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "BOXES", 1)
    of = tried(book, moves((NEW, "IN", "d9 11:00"), (BOX, "OUT", "d9 11:30")))
    assert of.would
    assert (of.would.boxes, of.would.of, of.would.alerts) == (1, 2, ())
    monkeypatch.setattr(alerts, "LARGEST", 10)
    of = tried(book, moves((NEW, "IN", "d9 11:00")))
    assert of.would
    assert of.would.left_out == "would_too_large"


def test_what_is_known_of_its_boxes(book: Book) -> None:
    numbers = ("IN", BOX), ("OUT", OTHER), ("OUT", NEW), ("IN", "ZZDU9999997")
    of = tried(book, moves(*((number, move, "d9 10:00") for move, number in numbers)))
    assert of.standing
    assert (of.standing.boxes, of.standing.entered_inside, of.standing.left_outside, of.standing.left_unheard) == (4, 1, 0, 1)
    assert of.standing.examples == {"entered_inside": (BOX,), "left_unheard": (NEW,)}
    book.told_by("terminal", "d9 08:00 gate_out", box=OTHER)
    of = tried(book, moves((OTHER, "OUT", "d9 08:30"), (BOX, "OUT", "d8 23:00"), (NEW, "IN", "d9 09:00"), (NEW, "OUT", "d9 11:00")))
    assert of.standing
    assert (of.standing.told, of.standing.left_outside, of.standing.left_unheard) == (1, 0, 0)
    of = tried(book, moves((OTHER, "OUT", "d9 11:30")))
    assert of.standing
    assert of.standing.left_outside == 1


def test_clocks_that_are_hours_away_from_those_of_other_sources(book: Book) -> None:
    numbers = ("ZZDU4839211", "ZZDU0000010", "ZZDU9999997")
    for number in numbers:
        book.told_by("terminal", "d5 10:00 gate_out", box=number)
    early = csv(HEADER, [[number, "OUT", (clock("d5 10:04")).strftime("%Y-%m-%d %H:%M"), ""] for number in numbers])
    (shift,) = [each for each in tried(book, early).findings if each.what == "shift"]
    assert (shift.value, shift.because, shift.values["same"]) == ("-7 h", "shift_told_earlier", 3)
    right = moves(*((number, "OUT", "d5 10:04") for number in numbers))
    assert not [each for each in tried(book, right).findings if each.what == "shift"]


def test_the_piece_that_is_handed_out_makes_a_feed_read_the_file_as_it_was_shown(book: Book) -> None:
    at = [(NOW - timedelta(hours=26 * n)).astimezone(ZONE).strftime("%d/%m/%Y %H:%M") for n in range(3)]
    numbers = (BOX, OTHER, NEW)
    rows = [[f"{n}", number, "Hàng" if n else "Rỗng", at[n], f"{12 + n}.050,5"] for n, number in enumerate(numbers)]
    text = "\r\n".join(";".join(row) for row in [["STT", "Số container", "Hàng/Rỗng", "Giờ vào cổng", "Trọng lượng"], *rows])
    data = windows_1258(text)
    shown = tried(book, data, new_feed="dt3", publisher="DT3")
    assert (shown.read, shown.rejected) == (3, 0)
    piece = shown.fragment.replace("file:///srv/in/*", "/srv/dt3/*.csv")
    book.world = small_world(port=PORT.replace("limits: [", f"{piece}limits: ["))
    assert book.world.feed("dt3").publisher == "DT3"
    really(book, "dt3", data)
    kept = book.rows(t.report, "occurred_at", feed="dt3")
    assert sorted((row["equipment"], row["event"], row["occurred_at"], row["given"]) for row in kept) == sorted(
        (each.equipment, each.event, each.at, each.given) for each in shown.previews
    )
    assert {row["equipment"]: (row["full_empty"], row["gross_g"]) for row in kept} == {
        BOX: ("empty", 12_050_500), OTHER: ("full", 13_050_500), NEW: ("full", 14_050_500),
    }  # fmt: skip
    (left,) = book.rows(t.leftover, message_id=kept[0]["message_id"])
    assert [each.name for each in shown.ignored] == [left["name"]] == ["STT"]
