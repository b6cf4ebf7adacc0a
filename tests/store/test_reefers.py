"""Reefers in the database: judged on what their monitors say, when it is said and when time passes; over when they leave."""

from __future__ import annotations

from data import backtest
from tests.store.told import BOX, PORT, Book, book, clock, csv, local, small_world

__all__ = ["book"]
ROW = ("equipment", "device", "event", "occurred_at", "temp", "set_temp")
COLUMNS = "{" + ", ".join(f"{name}: {name}" for name in ROW) + "}"
LIMITS = ", ".join(
    f"{{limit: {name}, value: {value}, from: 2026-01-01, reason: agreed}}"
    for name, value in (("reefer_tolerance", "2 C"), ("reefer_timeout", "3h"), ("reefer_unplugged", "4h"), ("import_dwell_warn", "5d"))
)
FEED = f"  - {{id: reefers, format: device_csv, publisher: monitor, source: /srv/reefers/*.csv, options: {{columns: {COLUMNS}}}}}\n"


def said(book: Book, at: str, event: str, temp: str = "", wanted: str = "") -> Book:
    book.receive("reefers", csv(ROW, [[BOX, "M1", event, local(at), temp, wanted]]), at, name=f"{at} {event}")
    return book


def test_a_warm_reefer_is_an_alert_when_its_time_is_up_and_over_when_it_leaves(book: Book) -> None:
    book.world = small_world(f"{PORT[: PORT.index('limits:')]}{FEED}limits: [{LIMITS}]\n")
    book.told_by("terminal", "d0 06:00 discharge", kind="45R1").judged("d0 07:00")
    said(book, "d0 08:00", "temperature", "9.0", "4.0").judged("d0 10:59")
    assert book.alerts("reefer_out_of_range") == []
    said(book, "d0 11:05", "temperature", "8.0", "4.0").judged("d0 11:10")
    alert = book.alert("reefer_out_of_range")
    assert (alert["began_at"], alert["condition"], alert["leans"]) == (clock("d0 11:00"), "active", [["port", "devices"]])
    assert alert["because_values"]["temp"] == {"t": "limit", "v": "9 C"}
    tried = backtest.spells(
        book.store, book.world, "reefer_out_of_range", ("port",), clock("d0 00:00"), clock("d1 00:00"), {"reefer_tolerance": "6 C"},
        clock("d0 12:00"),
    )  # fmt: skip
    assert [spell.what for *_, piece in tried for spell in piece] == [backtest.LOST]
    book.told_by("terminal", "d0 14:00 gate_out", kind="45R1").judged("d0 14:10")
    alert = book.alert("reefer_out_of_range")
    assert (alert["ended_at"], alert["condition"]) == (clock("d0 14:00"), "cleared")
    assert book.differences() == []
