"""An archive through the whole pull: each member is the message that it would be by itself, and is found again from everywhere."""

from __future__ import annotations

import gzip
import hashlib
import io
from typing import Any

import pytest

from data.explain import explain
from data.intake import Counts, Delivery, Intake
from data.people import Actor
from data.queries import message
from data.queries._excerpt import around
from data.raw import Raw
from data.reread import reread
from data.store import tables as t
from tests.pure.xlsx_made import book as workbook
from tests.pure.xlsx_made import zipped
from tests.store.told import GATE, PORT, Book, book, box, clock, csv, different, document, edifact, hasty, local, small_world

__all__ = ["book", "hasty"]
PLAIN = csv(GATE, [["ZZDU4839211", "gate_in", local("d0 08:00"), "full", "", "", ""]])
OTHER = csv(GATE, [["ZZDU1234565", "gate_in", local("d0 09:00"), "full", "", "", ""]])
TWO = b"".join(
    edifact("CODECO", [document("34", [box(number, at)], number=number)], reference=number)
    for number, at in (("ZZDU4839211", "d0 08:00"), ("ZZDU1234565", "d0 09:00"))
)
GOOD = zipped({"one.csv": PLAIN, "two.csv": OTHER})
BAD = zipped({"one.csv": PLAIN, "inner.zip": zipped({"x": b"x"}), "two.csv": OTHER})


@pytest.fixture
def quick(hasty: None, book: Book) -> Book:
    return book


def messages(book: Book) -> list[dict[str, Any]]:
    return book.rows(t.message, "name", "start")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_each_member_is_a_message_and_the_archive_is_kept(quick: Book) -> None:
    said = quick.receive("carrier", GOOD, "d1 00:00", "day.zip")
    assert (said["files"], said["receipts"], said["messages"], said["reports"]) == (1, 1, 2, 2)
    assert [(row["name"], row["file_sha256"], row["state"]) for row in messages(quick)] == [
        ("one.csv", sha256(PLAIN), "read"),
        ("two.csv", sha256(OTHER), "read"),
    ]
    receipt = quick.one(t.receipt)
    assert (receipt["name"], receipt["file_sha256"], receipt["bytes"]) == ("day.zip", sha256(GOOD), len(GOOD))
    assert [(row["number"], row["name"], row["file_sha256"]) for row in quick.rows(t.member)] == [
        (1, "one.csv", sha256(PLAIN)),
        (2, "two.csv", sha256(OTHER)),
    ]
    raw = Raw(quick.settings.home)
    assert [raw.path(sha256(content)).read_bytes() for content in (GOOD, PLAIN, OTHER)] == [GOOD, PLAIN, OTHER]
    assert quick.differences() == []


def test_the_same_bytes_plain_and_packed_are_one_message(quick: Book) -> None:
    packings = {
        "plain.csv": PLAIN,
        "a.zip": zipped({"one.csv": PLAIN}),
        "b.zip": zipped({"one.csv": PLAIN}, 0),
        "c.zip": zipped({"other name.csv": PLAIN, "two.csv": OTHER}),
        "one.csv.gz": gzip.compress(PLAIN),
    }
    for order in (1, -1):
        quick.emptied()
        for n, (name, content) in enumerate(list(packings.items())[::order]):
            quick.receive("carrier", content, f"d1 0{n}:00", name)
        assert len(messages(quick)) == 2
        assert len(quick.rows(t.receipt)) == len(packings)
        assert len(quick.rows(t.report)) == 2
        assert {row["received_at"] for row in messages(quick) if row["sha256"] == sha256(PLAIN)} == {clock("d1 00:00")}
        assert quick.differences() == []


def test_an_archive_sent_again_is_a_duplicate(quick: Book) -> None:
    for content in (GOOD, BAD):
        quick.emptied()
        quick.receive("carrier", content, "d1 00:00", "day.zip")
        before = quick.derived()
        said = quick.receive("carrier", content, "d1 01:00", "day.zip")
        assert (said["messages"], said["reports"]) == (0, 0)
        assert said["duplicate"] == len(messages(quick))
        after = quick.derived()
        assert different({**before, "receipt": [], "hearing": []}, {**after, "receipt": [], "hearing": []}) == ""


def test_interchanges_of_a_member_stand_in_the_member(quick: Book) -> None:
    quick.receive("gate", gzip.compress(TWO), "d1 00:00", "day.edi.gz")
    assert [(row["name"], row["position"], row["start"]) for row in messages(quick)] == [
        ("day.edi", 0, 0),
        ("day.edi", 1, TWO.index(b"UNB", 3)),
    ]
    assert len(quick.rows(t.report)) == 2
    assert quick.differences() == []


def test_what_cannot_be_had_is_a_message_that_is_the_archive(quick: Book) -> None:
    said = quick.receive("carrier", BAD, "d1 00:00", "day.zip")
    assert (said["messages"], said["unreadable"], said["reports"]) == (3, 1, 2)
    archive = quick.one(t.message, name="day.zip")
    assert (archive["state"], archive["reason"], archive["file_sha256"], archive["bytes"]) == (
        "unreadable",
        "archive_nested",
        sha256(BAD),
        len(BAD),
    )
    reject = quick.one(t.reject)
    assert (reject["message_id"], reject["position"], reject["detail"]) == (archive["message_id"], "member 2", "inner.zip: zip")
    assert quick.differences() == []
    before = quick.derived()
    again = reread(quick.store, quick.world, quick.settings, quick.now, feed="carrier")
    assert (again["messages"], again["changed"]) == (3, 0)
    assert different(before, quick.derived()) == ""


def test_a_broken_archive_is_kept_and_said(quick: Book) -> None:
    for n, (content, reason) in enumerate(
        ((GOOD[:-30], "archive_damaged"), (gzip.compress(PLAIN)[:-5], "archive_damaged"), (zipped({}), "archive_empty"))
    ):
        quick.emptied()
        quick.receive("carrier", content, "d1 00:00", f"{n}")
        row = quick.one(t.message)
        assert (row["state"], row["reason"]) == ("unreadable", reason)
        assert Raw(quick.settings.home).path(sha256(content)).read_bytes() == content
        assert quick.differences() == []
    temporary = quick.settings.home / "raw" / "tmp"
    assert list(temporary.iterdir()) == [], "what broke off leaves nothing behind"


def test_a_workbook_is_no_archive_and_in_one_it_is_a_member(quick: Book) -> None:
    table = workbook([list(GATE), ["ZZDU4839211", "gate_in", local("d0 08:00"), "full", "", "", ""]])
    quick.receive("carrier", table, "d1 00:00", "day.xlsx")
    quick.receive("carrier", zipped({"day.xlsx": table}), "d1 01:00", "day.zip")
    row = quick.one(t.message)
    assert (row["state"], row["name"], row["file_sha256"]) == ("read", "day.xlsx", sha256(table))
    assert [row["position"] for row in quick.rows(t.report)] == ["row 2"]
    assert len(quick.rows(t.receipt)) == 2
    pieces = around(quick.settings, row, False, "row 2")
    assert [(piece.number, piece.meant) for piece in pieces] == [(1, False), (2, True)]
    assert pieces[1].text.startswith("ZZDU4839211; gate_in; ")


def test_the_instant_in_the_name_of_a_list_is_that_of_the_member(quick: Book) -> None:
    quick.world = small_world(PORT.replace("columns: {equipment: equipment, as_of: as_of, area: area}", "columns: {equipment: equipment}"))
    rows = csv(("equipment",), [["ZZDU4839211"]])
    quick.receive("yard", zipped({"20261102_0600.csv": rows}), "d1 00:00", "20261103_0600.zip")
    quick.receive("yard", rows, "d1 01:00", "20261102_0600.csv")
    assert len(messages(quick)) == 1
    assert quick.one(t.yard_list)["listed_at"] == clock("d0 06:00")


def test_the_page_of_a_message_and_explain_name_the_archive(quick: Book) -> None:
    quick.receive("carrier", BAD, "d1 00:00", "day.zip")
    quick.receive("carrier", OTHER, "d1 01:00", "two.csv")
    own = quick.one(t.message, sha256=sha256(OTHER))
    seen = message.seen(quick.store, Actor("chi", "chi", "supervisor"), quick.world, own["message_id"], quick.settings.home)
    assert seen is not None
    assert seen.shown == OTHER
    assert [row["name"] for row in seen.receipts] == ["day.zip", "two.csv"]
    assert [(row["archive"], row["number"], row["name"]) for row in seen.archives] == [("day.zip", 3, "two.csv")]
    movement = next(row for row in quick.rows(t.movement) if row["equipment"] == "ZZDU1234565")
    (told,) = explain(quick.store, quick.world, movement["movement_id"])["told_by"]
    assert [(one["archive"], one["number"]) for one in told["message"]["in_archives"]] == [("day.zip", 3)]


class Stopped(Exception):
    """The pull ends here."""


LONG = csv(GATE, [[f"ZZDU{n:07}", "gate_in", local("d0 08:00"), "", "", "", ""] for n in range(3)])
THREE = edifact("CODECO", [document("34", [box(f"ZZDU{n:07}", "d0 08:00")], number=f"{n}") for n in range(3)], reference="LONG") + TWO


PACKED = {"one.csv": LONG, "two.csv": OTHER}
WITH_ANOTHER = zipped({**PACKED, "inner.zip": zipped({"x": b"x"})})


@pytest.mark.parametrize("content", [zipped(PACKED), WITH_ANOTHER, THREE])
def test_what_a_stopped_pull_had_begun_keeps_its_time_of_receipt(quick: Book, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("data.intake.ROWS", 1)
    feed = quick.world.feed("gate" if content is THREE else "carrier")
    calls = iter(range(100))

    def stop(_: object) -> None:
        if next(calls) >= 2:  # twice a transaction: the second one fails
            raise Stopped

    def delivery(at: str) -> Delivery:
        times = {"modified_at": clock("d1 00:00"), "fetched_at": clock(at)}
        seen = {"feed": feed.id, "name": "in", "size": 1, **times, "failed": "", "tries": 0}
        return Delivery("in", lambda: io.BytesIO(content), clock(at), seen)

    begun = Intake(quick.store, quick.world, feed, quick.settings, Counts(), stop)
    with pytest.raises(Stopped):
        begun.take(delivery("d1 00:00"))
        begun.finish()
    assert len(messages(quick)) == 1
    assert not quick.rows(t.seen), "the file will be fetched again"
    again = Intake(quick.store, quick.world, feed, quick.settings, Counts())
    again.resume()
    again.take(delivery("d2 00:00"))
    again.finish()
    assert {row["received_at"] for row in messages(quick)} == {clock("d1 00:00")}
    states = ["read"] * (3 if content is THREE else 2) + ["unreadable"] * (content is WITH_ANOTHER)
    assert sorted(row["state"] for row in messages(quick)) == states
    assert len(quick.rows(t.receipt)) == 2
    assert quick.differences() == []
