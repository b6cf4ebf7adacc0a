"""The overview: the state of a place and why; what is inside, of what share, and whether it grows; what changes the live token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from data import clock as house
from data.people import Actor
from data.queries import live
from data.queries import overview as ask
from data.queries.overview import PlaceNow
from data.store import tables as t
from tests.alert_rows import put_alert
from tests.store.told import PORT, Book, book, clock, small_world
from zones.world import World

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
ZONE_ONLY = Actor("an", "an", "officer", frozenset({"zone"}))
SECOND = "ZZDU1234565"


def port(book: Book, at: str, world: World | None = None) -> PlaceNow:
    found = ask.overview(book.store, ALL, world or book.world, clock(at))
    return next(place for place in found if place.place == "port")


def heard(book: Book, day: int) -> Book:
    """Every source of the port says something."""
    book.told_by("terminal", f"d{day} 08:00 discharge").told_by("terminal", f"d{day} 09:00 gate_in", box=SECOND)
    book.told_by("customs", f"d{day} 10:00 inspected").told_by("list", f"d{day} 10:00 present", boxes=["ZZDU0000011"])
    return book


def test_what_was_never_heard_cannot_be_seen(book: Book) -> None:
    found = port(book, "d0 12:00")
    assert (found.state, found.boxes, found.data_to, found.oldest, found.change) == ("cannot_see", 0, None, None, None)
    assert found.looks.never
    assert {feed.feed for feed in found.silent} == {"gate", "quay", "customs", "yard"}, "a witness is not waited for"


def test_normal_where_all_is_heard_and_somebody_looks(book: Book) -> None:
    heard(book, 0).judged("d0 12:00")
    assert port(book, "d0 12:05").state == "normal"
    late = port(book, "d0 13:00")
    assert (late.state, late.looks.since, late.silent) == ("cannot_see", clock("d0 12:00"), ())


def test_a_silent_source_is_named_and_outranks_watch(book: Book) -> None:
    heard(book, 0).judged("d0 12:00")
    put_alert(book.store, "w" * 32, clock("d0 11:00"), place="port", severity="today")
    assert port(book, "d0 12:05").state == "watch"
    book.judged("d2 12:00")
    found = port(book, "d2 12:00")
    assert found.state == "cannot_see"
    assert [feed.feed for feed in found.silent] == ["gate"]


def test_data_to_is_the_least_of_gate_quay_and_customs(book: Book) -> None:
    heard(book, 0)
    found = port(book, "d0 12:00")
    assert found.heard_to
    assert (found.heard_to.feed, found.data_to) == ("quay", clock("d0 08:05"))


def test_act_now_only_where_it_is_sure(book: Book) -> None:
    heard(book, 0).judged("d0 12:00")
    put_alert(book.store, "a" * 32, clock("d0 11:30"), place="port", condition="unverified")
    found = port(book, "d0 12:05")
    assert (found.state, found.alerts["act_now"].unverified) == ("watch", 1)
    put_alert(book.store, "b" * 32, clock("d0 11:40"), place="port")
    put_alert(book.store, "c" * 32, clock("d0 11:00"), place="port", shelved_until=clock("d0 18:00"))
    found = port(book, "d0 12:05")
    assert found.state == "act_now"
    assert (found.alerts["act_now"].n, found.alerts["act_now"].since) == (2, clock("d0 11:10"))
    blind = port(book, "d2 12:00")
    assert (blind.state, blind.blind) == ("act_now", True), "worse than not to see, and said beside it"


def test_closed_is_neither_normal_nor_silent(book: Book) -> None:
    shut = PORT.replace("limits:", "closures: [{name: Tet, from: 2026-11-02T00:00:00+07:00, to: 2026-11-09T00:00:00+07:00}]\nlimits:")
    book.judged("d0 12:00")
    found = port(book, "d0 12:00", small_world(shut))
    assert (found.state, found.silent, found.blind) == ("closed", (), False)


@pytest.mark.parametrize(("opened", "share"), [(True, 4 / 20), (False, None)])
def test_a_share_only_where_the_opening_stock_is_known(book: Book, opened: bool, share: float | None) -> None:
    world = small_world(PORT.replace("codes: [XXPRT]", "codes: [XXPRT]\ncapacity_teu: {value: 20, source: told}"))
    if opened:
        book.told_by("list", "d0 06:00 present", boxes=["ZZDU0000011"])
    book.told_by("terminal", "d0 08:00 discharge").told_by("terminal", "d0 09:00 gate_in", box=SECOND)
    found = port(book, "d0 12:00", world)
    assert found.boxes == (3 if opened else 2)
    assert found.share == share
    assert (found.books.opened_at is not None) is opened
    assert found.books.counted_since == clock("d0 06:00" if opened else "d0 08:00")


def test_whether_it_grows(book: Book) -> None:
    book.told_by("list", "d0 06:00 present", boxes=["ZZDU0000011", "ZZDU0000027"])
    assert port(book, "d0 12:00").change is None, "the books are six hours old"
    book.told_by("terminal", "d1 18:00 discharge").told_by("terminal", "d2 09:00 gate_in", box=SECOND)
    found = port(book, "d2 12:00")
    assert found.change == 2
    assert [level for _, level in found.levels] == [2, 3, 4]
    assert found.oldest
    assert (found.oldest.opened_at, found.oldest.entered) == (clock("d0 06:00"), False)


def test_places_come_worst_first_and_only_those_within_reach(book: Book) -> None:
    heard(book, 0).judged("d0 12:00")
    now = clock("d0 12:05")
    assert [place.place for place in ask.overview(book.store, ALL, book.world, now)] == ["zone", "port"]
    assert [place.place for place in ask.overview(book.store, ZONE_ONLY, book.world, now)] == ["zone"]
    put_alert(book.store, "a" * 32, clock("d0 11:30"), place="port")
    assert [place.place for place in ask.overview(book.store, ALL, book.world, now)] == ["port", "zone"]


def test_the_token_changes_with_what_is_new_and_only_then(book: Book) -> None:
    now = clock("d0 12:00")

    def token(actor: Actor = ALL) -> str:
        return live.look(book.store, actor, now).token

    seen = [token()]
    book.told_by("terminal", "d0 08:00 discharge")
    seen.append(token())
    book.told_by("customs", "d0 09:00 hold")
    seen.append(token())
    put_alert(book.store, "a" * 32, now, place="port")
    seen.append(token())
    with book.store.act() as conn:
        conn.execute(t.alert_work.update().values(version=1, work="acknowledged"))
    seen.append(token())
    assert len(set(seen)) == len(seen)
    assert token() == seen[-1]
    assert live.look(book.store, ALL, now).act_now == 1
    assert live.look(book.store, ZONE_ONLY, now).act_now == 0


def test_who_looks(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    real = clock("d0 12:00")
    monkeypatch.setattr(house, "real_now", lambda: real)

    def looks(after: timedelta = timedelta(0)) -> Any:
        with book.store.read() as conn:
            return live.looking(conn, real + after)

    assert looks().never
    with book.store.act() as conn:
        lease = {"name": "worker", "holder": "w", "fence": 1, "expires_at": real, "renewed_at": real - timedelta(seconds=5)}
        conn.execute(t.lease.insert(), lease)
    assert looks().now, "it has just begun"
    book.judged("d0 12:00")
    assert looks().now
    assert looks(timedelta(minutes=16)).since == real, "a worker that does not come to judge"
    with book.store.act() as conn:
        conn.execute(t.lease.update().values(renewed_at=real - timedelta(minutes=2)))
    assert looks().since == real


def test_which_places_are_blind_is_told_by_itself(book: Book) -> None:
    heard(book, 0).judged("d0 12:00")
    found = ask.blind_places(book.store, ALL, book.world, clock("d0 12:05"))
    assert list(found) == ["zone"], "the port is heard"
    assert found["zone"] == next(p for p in ask.overview(book.store, ALL, book.world, clock("d0 12:05")) if p.place == "zone").blindness
    assert ask.blind_places(book.store, ALL, book.world, clock("d0 12:05"), "port") == {}
    assert list(ask.blind_places(book.store, ZONE_ONLY, book.world, clock("d9 12:05"))) == ["zone"]
