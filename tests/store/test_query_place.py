"""One place: today's identity, what stands where and how much of that is known, who is inside and held, the yard count; the plans."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from data import feeds
from data.people import Actor, Refused
from data.queries import live, overview, yard
from data.queries import place as ask
from data.queries.place import UNKNOWN, Areas, Filters, Listed
from tests.store.test_plans_pages import listening, scanned
from tests.store.told import LAW, PORT, ZONE_TEXT, Book, book, clock, csv, local, place
from zones.place import Place
from zones.world import Folder, LimitsText, World

__all__ = ["book"]
ALL = Actor("chi", "chi", "supervisor")
ZONE_ONLY = Actor("an", "an", "officer", frozenset({"zone"}))
BOXES = ("ZZDU0000011", "ZZDU0000027", "ZZDU0000032", "ZZDU0000048", "ZZDU0000053")
RING = [[[106.0, 20.0], [106.1, 20.0], [106.1, 20.1], [106.0, 20.1], [106.0, 20.0]]]
AREAS = (
    {"id": "boundary", "kind": "boundary"},
    {"id": "t1", "kind": "terminal"},
    {"id": "a1", "kind": "block", "parent": "t1", "capacity_teu": 8},
    {"id": "a2", "kind": "block", "parent": "t1", "capacity_teu": 8},
    {"id": "gate-1", "kind": "gate", "parent": "t1"},
)


@pytest.fixture
def world(book: Book) -> World:
    """The port with a terminal of two blocks; the book goes by it too."""
    shapes = [{"type": "Feature", "properties": area, "geometry": {"type": "Polygon", "coordinates": RING}} for area in AREAS]
    port = Folder("port", {"place.yaml": PORT, "areas.geojson": json.dumps({"type": "FeatureCollection", "features": shapes})})
    formats = {name: frozenset(module.SPEAKS_FOR) for name, module in feeds.formats().items()}
    book.world = World.build([port, place(ZONE_TEXT)], [LimitsText("here.yaml", LAW)], formats)
    return book.world


def listed(book: Book, at: str, boxes: dict[str, str]) -> None:
    """A yard list of boxes and the areas they stand in, received ten minutes later."""
    rows = [[box, local(at), area] for box, area in boxes.items()]
    book.receive("yard", csv(("equipment", "as_of", "area"), rows), f"{at[:-2]}10")


def areas(book: Book, at: str, **filters: str) -> Areas:
    return ask.areas(book.store, ALL, book.world, "port", clock(at), Filters(**filters))


def inside(book: Book, at: str, page: int = 1, **filters: str) -> Listed:
    return ask.inside(book.store, ALL, book.world, "port", clock(at), Filters(**filters), page)


def test_todays_books_add_up(book: Book, world: World) -> None:
    listed(book, "d0 06:00", {BOXES[0]: "", BOXES[1]: ""})
    book.told_by("terminal", "d1 18:00 discharge").told_by("terminal", "d2 00:30 gate_in", box=BOXES[2])
    book.told_by("terminal", "d2 09:00 gate_out", box=BOXES[0]).told_by("terminal", "d2 10:00 gate_out", box=BOXES[3])
    found = ask.head(book.store, ALL, world, "port", clock("d2 12:00")).identity
    assert found.since == clock("d2 00:00")
    assert (found.start, found.opening, found.came, found.went, found.corrected, found.inside) == (3, 0, 1, 2, 1, 3)
    assert found.start + found.opening + found.came - found.went + found.corrected == found.inside
    first = ask.head(book.store, ALL, world, "port", clock("d0 12:00")).identity
    assert first.opening == 2, "hours are counted from midnight on, whatever came later"


def test_what_stands_where_and_how_much_of_it_is_known(book: Book, world: World) -> None:
    listed(book, "d0 06:00", {BOXES[0]: "a1", BOXES[1]: "a1", BOXES[2]: "a2", BOXES[3]: "a2", BOXES[4]: "X9"})
    found = areas(book, "d4 12:00")
    by_id = {one.area: one for one in found.areas}
    assert set(by_id) == {"a1", "a2"}, "a gate holds no stock, a terminal with blocks is not one"
    assert (by_id["a1"].boxes, by_id["a1"].known, by_id["a1"].told) == (2, 1.0, True)
    assert (found.unknown, dict(found.undeclared), found.unsized, found.total.boxes) == (1, {"X9": 1}, 5, 5)
    assert by_id["a1"].median_band == 2, "between three and five days"
    book.told_by("terminal", "d4 13:00 discharge", box="ZZDU1234565")
    unplaced = areas(book, "d4 14:00")
    assert (unplaced.unnamed, unplaced.unknown) == (1, 2)


def test_below_four_fifths_an_areas_share_is_not_said(book: Book, world: World) -> None:
    header = ("equipment", "as_of", "area", "terminal", "size_type")
    rows = [[box, local("d0 06:00"), area, "t1", "45G1"] for box, area in zip(BOXES, ("a1", "a1", "a2", "", ""), strict=True)]
    yard_feed = PORT.replace("area: area}", "area: area, terminal: terminal, size_type: size_type}")
    shapes = [{"type": "Feature", "properties": area, "geometry": {"type": "Polygon", "coordinates": RING}} for area in AREAS]
    port = Folder("port", {"place.yaml": yard_feed, "areas.geojson": json.dumps({"type": "FeatureCollection", "features": shapes})})
    formats = {name: frozenset(module.SPEAKS_FOR) for name, module in feeds.formats().items()}
    book.world = World.build([port, place(ZONE_TEXT)], [LimitsText("here.yaml", LAW)], formats)
    book.receive("yard", csv(header, rows), "d0 06:10")
    a1 = next(one for one in areas(book, "d1 00:00").areas if one.area == "a1")
    assert (a1.boxes, a1.teu, a1.known, a1.share, a1.median_band) == (2, 400, 0.6, None, None)
    assert overview.overview(book.store, ALL, book.world, clock("d1 00:00"))[0].books.opened_at == clock("d0 06:00")


def test_who_is_inside_oldest_first(book: Book, world: World) -> None:
    listed(book, "d0 06:00", {BOXES[0]: "a1", BOXES[1]: "X9"})
    book.told_by("terminal", "d1 08:00 discharge", box=BOXES[2], bill="B1").told_by("terminal", "d2 08:00 gate_in", box=BOXES[3], full="4")
    book.told_by("customs", "d2 09:00 hold", bill="B1")
    found = inside(book, "d3 12:00")
    assert [row["equipment"] for row in found.rows] == [*BOXES[:4]]
    assert (found.n, found.total, found.pages) == (4, 4, 1)
    assert [row["entered_at"] is None for row in found.rows] == [True, True, False, False]
    expected = {
        ("direction", "import"): 1, ("full_empty", "empty"): 1, ("held", "yes"): 1, ("held", "no"): 3, ("agency", "customs"): 1,
        ("area", "a1"): 1, ("area", UNKNOWN): 3, ("older", "2"): 3, ("older", "3"): 2, ("older", "nonsense"): 4,
    }  # fmt: skip
    assert {(name, value): inside(book, "d3 12:00", **{name: value}).n for name, value in expected} == expected
    assert inside(book, "d3 12:00", page=99).page == 1


def test_who_is_held_and_by_whom(book: Book, world: World) -> None:
    book.told_by("terminal", "d0 08:00 discharge").told_by("customs", "d1 09:00 hold").told_by("QUA", "d1 08:00 hold")
    book.told_by("terminal", "d0 09:00 discharge", box=BOXES[0])
    book.box = BOXES[0]
    book.told_by("customs", "d2 09:00 hold")
    found = ask.held(book.store, ALL, world, "port", clock("d3 00:00"))
    assert [row["held_since"] for row in found.rows] == [clock("d1 08:00"), clock("d2 09:00")]
    assert (found.n, dict(found.tally)) == (2, {"customs": 2, "QUA": 1})
    assert ask.held(book.store, ALL, world, "port", clock("d3 00:00"), "QUA").n == 1
    assert ask.held(book.store, ALL, world, "port", clock("d3 00:00"), "Q_A").n == 0, "a name is no pattern"
    for asked, n in ((Filters(agency="QUA"), 1), (Filters(full_empty="empty"), 0), (Filters(held="no", older="9"), 2)):
        fits = ask.held(book.store, ALL, world, "port", clock("d3 00:00"), asked=asked)
        assert (fits.n, len(fits.rows)) == (n, n), asked


def test_a_later_list_is_a_count(book: Book, world: World) -> None:
    assert yard.counts(book.store, ALL, world, "port") == []
    listed(book, "d0 06:00", dict.fromkeys(BOXES[:3], "a1"))
    (opening,) = yard.counts(book.store, ALL, world, "port")
    assert (opening.opening, opening.listed_at) == (3, None)
    book.told_by("terminal", "d1 08:00 discharge", box=BOXES[3]).told_by("terminal", "d1 09:00 gate_out", box=BOXES[0])
    listed(book, "d2 06:00", {BOXES[0]: "a1", BOXES[1]: "a1", BOXES[4]: "a2", "ZZDU1234565": "a2"})
    book.told_by("terminal", "d2 12:00 gate_out", box=BOXES[3]).told_by("terminal", "d2 13:00 gate_in", box="ZZDU1234565")
    (count,) = yard.counts(book.store, ALL, world, "port")
    assert (count.listed_at, count.opened_at, count.both, count.ours, count.theirs) == (clock("d2 06:00"), clock("d0 06:00"), 1, 2, 3)
    assert {one.equipment: one.book for one in count.only_ours} == {BOXES[2]: "inside", BOXES[3]: "left"}
    assert {one.equipment: one.book for one in count.only_theirs} == {BOXES[0]: "gone", BOXES[4]: "never", "ZZDU1234565": "came"}
    assert len(book.stays()) == 5, "nothing is edited"


def test_a_place_out_of_reach_is_refused(book: Book, world: World) -> None:
    now, store = clock("d1 00:00"), book.store
    questions = (
        lambda: ask.head(store, ZONE_ONLY, world, "port", now),
        lambda: ask.areas(store, ZONE_ONLY, world, "port", now, Filters()),
        lambda: ask.inside(store, ZONE_ONLY, world, "port", now, Filters()),
        lambda: ask.held(store, ZONE_ONLY, world, "port", now),
        lambda: ask.lines(store, ZONE_ONLY, "port"),
        lambda: ask.data_to(store, ZONE_ONLY, world, "port", now),
        lambda: yard.counts(store, ZONE_ONLY, world, "port"),
    )
    for question in questions:
        with pytest.raises(Refused):
            question()


def test_half_of_the_ages(world: World) -> None:
    port: Place = world.place("port")
    assert ask.cutoffs(port, clock("d20 12:00")) == [clock(f"d{20 - days} 12:00") for days in ask.BANDS]
    bands = [(0, 0, 0, 0, 0), (3, 1, 0, 0, 0), (4, 4, 3, 3, 1), (4, 4, 4, 4, 4)]
    assert [ask.Stock("a1", boxes=4, older=older).median_band for older in bands] == [0, 1, 4, 5]


def test_no_question_reads_through_history(book: Book, world: World) -> None:
    listed(book, "d0 06:00", {BOXES[0]: "a1"})
    book.told_by("terminal", "d0 08:00 discharge", bill="B1").told_by("customs", "d1 09:00 hold", bill="B1")
    listed(book, "d3 06:00", {BOXES[1]: "a1"})
    now, store = clock("d4 00:00"), book.store
    book.judged("d4 00:00")
    full = Filters(terminal="t1", direction="import", full_empty="full", line="L", area=UNKNOWN, held="yes", agency="customs", older="3")
    with listening(store) as told:
        overview.overview(store, ALL, world, now)
        live.look(store, ALL, now + timedelta(minutes=1))
        ask.head(store, ALL, world, "port", now)
        ask.lines(store, ALL, "port")
        for asked in (Filters(), full):
            ask.areas(store, ALL, world, "port", now, asked)
            ask.inside(store, ALL, world, "port", now, asked)
        for agency in ("", "customs"):
            ask.held(store, ALL, world, "port", now, agency)
        yard.counts(store, ALL, world, "port")
    assert len(told) > 40
    assert scanned(store, told) == []
