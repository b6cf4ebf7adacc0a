"""Muted alerts in the database: kept and counted, out of the queue while they are muted, back by themselves."""

from __future__ import annotations

from data.people import Actor
from data.queries import alerts as ask
from data.queries import queue
from data.queries.alerts import Asked
from tests.store.told import PORT, Book, book, clock, small_world

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")


def test_what_a_closed_place_could_not_do_waits_until_it_opens(book: Book) -> None:
    shut = "closures: [{name: Tet, from: 2026-11-06T00:00:00+07:00, to: 2026-11-09T00:00:00+07:00}]\nlimits:"
    book.world = small_world(PORT.replace("limits:", shut))
    book.told_by("terminal", "d0 08:00 discharge").judged("d5 09:00")
    alert = book.alert("import_overstay")
    assert (alert["condition"] in ("active", "unverified"), alert["muted_by"]) == (True, "closure")
    assert ask.queue(book.store, ALL, clock("d5 09:00"), Asked()).open == 0
    shown = queue.show(book.store, ALL, book.world, clock("d5 09:00"), queue.Asked(list="muted"))
    assert ([row["alert_id"] for row in shown.rows], shown.counts["muted"], shown.counts["open"]) == ([alert["alert_id"]], 1, 0)
    book.judged("d6 23:00")
    assert book.alert("import_overstay")["muted_by"] == "closure"
    book.judged("d7 01:00")
    assert book.alert("import_overstay")["muted_by"] == ""
    assert ("", "unmuted") in book.journal(alert["alert_id"])
    assert not book.differences()


def test_who_leans_on_a_source_is_muted_while_it_is_silent_and_back_when_it_is_heard(book: Book) -> None:
    window = "limits: [{limit: orphan_window, value: 2h, from: 2026-01-01, reason: agreed}]\n"
    book.world = small_world(PORT[: PORT.index("limits:")] + window)
    book.told_by("terminal", "d0 06:00 discharge", box="ZZDU0000010").told_by("terminal", "d0 09:00 gate_out").judged("d0 11:30")
    book.told_by("terminal", "d0 11:40 gate_in", box="ZZDU0000031").judged("d0 11:50")
    orphan = book.alert("orphan_exit")
    assert (orphan["condition"], orphan["muted_by"]) == ("active", "")
    book.judged("d3 12:00")
    assert book.alerts("feed_silent")
    assert book.alert("orphan_exit")["muted_by"] == "feed_silent", "in the run in which it fell silent"
    book.told_by("terminal", "d3 12:10 gate_in", box="ZZDU0000052").judged("d3 12:20")
    assert book.alert("orphan_exit")["muted_by"] == ""
    assert [what for _, what in book.journal(orphan["alert_id"])][-2:] == ["muted", "unmuted"]
    assert not book.differences()
