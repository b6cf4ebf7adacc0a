"""What devices say, in the database: kept, told twice, corrected, taken back, read again, known then; and judged on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from data.explain import explain
from data.export import export
from data.people import Actor
from data.queries import alert as ask
from data.reread import reread
from data.signals import signals_of
from data.store import tables as t
from tests.store.told import BOX, PORT, Book, book, clock, csv, different, local, small_world

__all__ = ["book"]
OTHER = "ZZDU1234565"
ROW = ("equipment", "device", "event", "occurred_at", "lat", "lon", "source_id", "updated_at", "function")
DEVICES = "  - {id: devices, format: device_csv, publisher: tracker, source: /srv/devices/*.csv, options: {columns: %s}}\nlimits:"
COLUMNS = "{" + ", ".join(f"{name}: {name}" for name in ROW) + "}"


@pytest.fixture
def told(book: Book) -> Book:
    """A book in whose port devices speak."""
    book.world = small_world(PORT.replace("limits:", DEVICES % COLUMNS))
    return book


def say(book: Book, received: str, *rows: Sequence[str]) -> None:
    """One file of the tracker's: rows of (when, event) and more by name, of BOX unless told."""
    book.receive("devices", csv(ROW, rows), received, name=received)


def row(at: str, event: str = "alive", **more: str) -> list[str]:
    values = {"equipment": BOX, "device": "S1", "event": event, "occurred_at": local(at), **more}
    return [values.get(name, "") for name in ROW]


def said(book: Book, known_at: str = "", box: str = BOX) -> list[tuple[str, str]]:
    """(time, kind) of what counts of a box."""
    with book.store.read() as conn:
        found = signals_of(conn, [BOX, OTHER], clock(known_at) if known_at else None, book.world)
    return [(f"{one.at:%d %H:%M}", one.kind) for one in found.get(box, ())]


def test_a_file_is_kept_and_counted_and_its_boxes_are_touched(told: Book) -> None:
    say(told, "d1 10:00", row("d1 09:10", "opened", lat="10.77", lon="106.70"), row("d1 09:00"), row("d1 09:20", "shaken"), row("d9 09:00"))
    message = told.one(t.message, feed="devices")
    assert (message["signals"], message["records"], message["facts"], message["state"]) == (4, 4, 0, "read")
    kept = told.rows(t.signal, "occurred_at")
    assert [(one["kind"], one["status"]) for one in kept] == [
        ("alive", "live"), ("opened", "live"), ("other", "unclassified"), ("alive", "implausible"),
    ]  # fmt: skip
    assert (kept[1]["lat"], kept[1]["lon"], kept[1]["place"], kept[1]["publisher"]) == (10770000, 106700000, "port", "tracker")
    assert said(told) == [("03 02:00", "alive"), ("03 02:10", "opened")]
    assert f"box:{BOX}" in {one["unit"] for one in told.rows(t.touched)}
    assert told.rows(t.lag, feed="devices") != []
    assert told.differences() == []


def test_told_twice_it_is_one_and_the_same_bytes_again_are_a_receipt(told: Book) -> None:
    say(told, "d1 10:00", row("d1 09:00"))
    say(told, "d1 11:00", row("d1 09:00"))
    say(told, "d1 12:00", row("d1 09:00"), row("d1 11:30"))
    assert said(told) == [("03 02:00", "alive"), ("03 04:30", "alive")]
    assert len(told.rows(t.receipt, feed="devices")) == 3
    assert len(told.rows(t.message, feed="devices")) == 2
    assert told.differences() == []


def test_corrected_it_stands_as_told_last_and_taken_back_it_is_gone(told: Book) -> None:
    say(told, "d1 10:00", row("d1 09:00", "opened", source_id="1"), row("d1 09:05", source_id="2"))
    say(told, "d1 11:00", row("d1 09:00", "opened", source_id="1", equipment=OTHER))
    assert (said(told), said(told, box=OTHER)) == ([("03 02:05", "alive")], [("03 02:00", "opened")])
    assert {one["unit"] for one in told.rows(t.touched)} >= {f"box:{BOX}", f"box:{OTHER}"}
    say(told, "d1 12:00", row("d1 09:05", source_id="2", function="cancel"))
    assert said(told) == []
    assert said(told, "d1 10:30") == [("03 02:00", "opened"), ("03 02:05", "alive")]
    assert sorted(one["status"] for one in told.rows(t.signal)) == ["live", "retracted", "retracted", "superseded"]
    assert told.differences() == []


def test_read_again_with_a_mended_mapping_it_says_something_else_from_then_on(told: Book) -> None:
    say(told, "d1 10:00", row("d1 09:00", "CUT"), row("d1 09:05"))
    assert said(told) == [("03 02:05", "alive")]
    kept = told.one(t.signal, kind="alive")
    told.world = small_world(
        PORT.replace("limits:", DEVICES % COLUMNS.replace("event: event", "event: {column: event, map: {CUT: tamper}}"))
    )
    before = reread(told.store, told.world, told.settings, clock("d9 00:00"), feed="devices")
    assert (before["changed"], before["reports"], before["superseded"]) == (1, 1, 1)
    assert said(told) == [("03 02:00", "tamper"), ("03 02:05", "alive")]
    assert said(told, "d2 00:00") == [("03 02:05", "alive")]
    assert told.one(t.signal, kind="alive") == kept
    assert told.differences() == []


def test_any_order_of_receipt_comes_to_the_same(told: Book) -> None:
    files: list[tuple[str, Any]] = [
        ("d1 10:00", row("d1 09:00", "opened", source_id="1")), ("d1 11:00", row("d1 09:00", "opened", source_id="1", equipment=OTHER)),
        ("d1 12:00", row("d1 11:00", "alive")), ("d1 10:30", row("d1 11:00", "alive")),
    ]  # fmt: skip
    found = []
    for order in (files, files[::-1]):
        told.emptied()
        for received, one in order:
            say(told, received, one)
        assert told.differences() == []
        found.append(told.derived())
    assert different(found[0], found[1]) == ""


def test_it_is_exported_in_degrees(told: Book) -> None:
    say(told, "d1 10:00", row("d1 09:00", lat="10.77", lon="-106.5"))
    file = told.folder / "signals.csv"
    file.parent.mkdir(exist_ok=True)
    export(told.store, told.world, "signals", file, "csv", None, None, None, None, None, "boxes", clock("d2 00:00"))
    header, line = file.read_text("utf-8-sig").splitlines()
    values = dict(zip(header.split(","), line.split(","), strict=True))
    assert (values["lat"], values["lon"], values["temp"], values["equipment"]) == ("10.77", "-106.5", "", BOX)


# ---------------------------------------------------------------- judged


def on_the_way(book: Book) -> None:
    """The box leaves the port for the zone under a permit."""
    book.told_by("terminal", "d0 08:00 discharge")
    book.told_by("customs", "d1 08:00 permit", to="zone")
    book.told_by("terminal", "d1 09:00 gate_out")


def test_a_seal_opened_on_the_way_is_an_alert_with_its_word_and_message_as_evidence(told: Book) -> None:
    on_the_way(told)
    say(told, "d1 10:15", row("d1 10:10", "opened", lat="20.05", lon="106.05"))
    told.judged("d1 10:20")
    assert told.alert("seal_opened")["condition"] == "unverified", "customs was last heard before"
    told.told_by("customs", "d1 12:30 release", received="d1 12:40").judged("d1 12:45")
    alert = told.alert("seal_opened")
    assert (alert["condition"], alert["severity"], alert["began_at"]) == ("active", "act_now", clock("d1 10:10"))
    chief = Actor("chi", "chi", "supervisor")
    dossier = ask.one(told.store, chief, told.world, told.settings, alert["alert_id"], clock("d1 12:50"))
    assert dossier is not None
    kinds = [proof.kind for proof in dossier.proofs]
    proof = dossier.proofs[kinds.index("signal")]
    assert sorted(kinds) == ["fact", "report", "signal"]
    assert (proof.row["device"], proof.counts, proof.message and proof.message["feed"]) == ("S1", True, "devices")
    assert any("opened" in piece.text and piece.meant for piece in proof.words)
    assert explain(told.store, told.world, alert["alert_id"])["signals"][0]["lat"] == 20050000
    assert told.differences() == []
    say(told, "d1 13:00", row("d1 10:10", "opened", lat="20.05", lon="106.05"))
    told.judged("d1 13:05")
    assert [told.alert("seal_opened")[name] for name in ("alert_id", "condition")] == [alert["alert_id"], "active"]
    assert told.differences() == []


def test_a_silence_is_not_sure_while_the_source_of_the_devices_is_not_heard(told: Book) -> None:
    told.world = small_world(
        PORT.replace("limits:", DEVICES % COLUMNS).replace("limits: [", "limits: [{limit: device_silence, value: 45m, reason: told}, ")
    )
    on_the_way(told)
    say(told, "d1 09:20", row("d1 09:15"))
    told.judged("d1 10:30")
    assert told.alert("seal_device_silent")["condition"] == "unverified"
    say(told, "d1 10:35", row("d1 10:30", equipment=OTHER))
    told.told_by("zone", "d1 10:20 gate_in", equipment=OTHER, received="d1 10:36").judged("d1 10:40")
    alert = told.alert("seal_device_silent")
    assert (alert["condition"], alert["began_at"], alert["severity"]) == ("active", clock("d1 10:00"), "today")
    say(told, "d1 10:50", row("d1 10:45"))
    told.judged("d1 10:55")
    assert (told.alert("seal_device_silent")["condition"], told.alert("seal_device_silent")["ended_at"]) == ("cleared", clock("d1 10:45"))
    assert told.differences() == []


def test_judged_at_a_moment_it_knows_what_was_known_then(told: Book) -> None:
    on_the_way(told)
    say(told, "d1 10:15", row("d1 10:10", "opened", source_id="1"))
    say(told, "d1 15:00", row("d1 10:10", "opened", source_id="1", function="cancel"))
    told.judged("d1 12:00")
    assert told.alert("seal_opened")["began_at"] == clock("d1 10:10")
    told.judged("d1 16:00")
    assert told.alert("seal_opened")["condition"] == "invalidated"
    assert told.differences() == []
