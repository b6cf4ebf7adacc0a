"""What would have made it no alert, and where the box stood, from the database; only of places within reach."""

from __future__ import annotations

from data.people import Actor
from data.queries.alert import Dossier, one
from data.settings import Settings
from tests.store.told import Book, book, clock

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")


def dossier(book: Book, rule: str, at: str, settings: Settings, actor: Actor = ALL) -> Dossier:
    found = one(book.store, actor, book.world, settings, book.alert(rule)["alert_id"], clock(at))
    assert found is not None
    return found


def test_a_box_that_is_still_inside(book: Book, settings: Settings) -> None:
    book.told_by("terminal", "d0 08:00 discharge").judged("d6 09:00")
    found = dossier(book, "import_overstay", "d6 09:00", settings)
    assert [(o.what, o.side, o.at, o.place) for o in found.otherwise] == [
        ("left", "by", clock("d5 08:00"), "port"),
        ("entered", "from", clock("d1 09:01"), "port"),
    ]
    assert found.stood is not None
    assert (found.stood.place, found.stood.inside) == ("port", True)


def test_nothing_is_told_of_places_out_of_reach(book: Book, settings: Settings) -> None:
    book.told_by("terminal", "d0 08:00 gate_in").told_by("zone", "d1 09:00 gate_in").judged("d2 09:00")
    place = book.alert("two_places_at_once")["place"]
    near = dossier(book, "two_places_at_once", "d2 09:00", settings)
    assert {o.place for o in near.otherwise} == {"port", "zone"}
    only = dossier(book, "two_places_at_once", "d2 09:00", settings, Actor("an", "an", "officer", frozenset({place})))
    assert {o.place for o in only.otherwise} == {place}
