"""Visits of vehicles: gate to gate, several boxes, ends that nobody told, any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zones.codes import plate
from zones.visit import GATE, LONGEST, MARGIN, SLOW, TOGETHER, Pass, Visit, state, turn, visits

T0 = datetime(2026, 11, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
IN, OUT = GATE


def a(event: str, minute: int, box: str = "BOX", told: str = "15C-123.45", terminal: str = "T1") -> Pass:
    return Pass(f"{event}{minute}{box}{plate(told)}{terminal}", T0 + minute * MINUTE, event, told, box, terminal)


def seen(*passes: Pass) -> list[tuple[int | None, int | None, int | None]]:
    """(came, left, turn time) of each visit in minutes."""

    def after(at: datetime | None) -> int | None:
        return None if at is None else int((at - T0) / MINUTE)

    return [(after(visit.entered_at), after(visit.left_at), visit.minutes) for visit in visits(passes)]


def test_from_gate_to_gate() -> None:
    (visit,) = visits([a(IN, 0), a(OUT, 47, "OTHER")])
    assert (visit.plate, visit.terminal, visit.minutes, visit.end(T0)) == ("15C12345", "T1", 47, "complete")


def test_two_boxes_brought_and_one_taken_are_one_visit() -> None:
    (visit,) = visits([a(IN, 0, "ONE"), a(IN, 3, "TWO"), a(OUT, 60, "THREE")])
    assert [one.equipment for one in visit.entered] == ["ONE", "TWO"]
    assert [one.equipment for one in visit.left] == ["THREE"]
    assert visit.minutes == 60


@pytest.mark.parametrize(("gap", "found"), [(15, 1), (16, 2)])
def test_boxes_far_apart_are_two_passes(gap: int, found: int) -> None:
    assert len(visits([a(IN, 0), a(IN, gap, "TWO")])) == found
    assert len(visits([a(OUT, 0), a(OUT, gap, "TWO")])) == found


def test_a_truck_that_came_empty_has_no_entry_and_is_given_none() -> None:
    assert seen(a(OUT, 30)) == [(None, 30, None)]
    assert seen(a(IN, 0), a(OUT, 30), a(OUT, 90, "NEXT")) == [(0, 30, 30), (None, 90, None)]
    assert visits([a(OUT, 30)])[0].end(T0) == "entry_untold"


def test_a_truck_that_left_empty_comes_again() -> None:
    assert seen(a(IN, 0), a(IN, 120), a(OUT, 150)) == [(0, None, None), (120, 150, 30)]


@pytest.mark.parametrize(("minutes", "end"), [(720, "inside"), (721, "exit_untold")])
def test_nobody_is_inside_for_ever(minutes: int, end: str) -> None:
    (visit,) = visits([a(IN, 0)])
    assert visit.end(T0 + minutes * MINUTE, LONGEST) == end
    assert len(visits([a(IN, 0), a(OUT, minutes)])) == (1 if end == "inside" else 2)


def test_a_declared_bound_counts() -> None:
    assert len(visits([a(IN, 0), a(OUT, 100)], longest=99 * MINUTE)) == 2


def test_each_terminal_by_itself_where_they_are_told() -> None:
    assert seen(a(IN, 0), a(IN, 40, terminal="T2"), a(OUT, 60), a(OUT, 70, terminal="T2")) == [(0, 60, 60), (40, 70, 30)]
    assert seen(a(IN, 0), a(OUT, 30, terminal="T2")) == [(0, None, None), (None, 30, None)]
    (visit,) = visits([a(IN, 0, terminal=""), a(OUT, 30, terminal="T2")])
    assert (visit.terminal, visit.minutes) == ("T2", 30)


@pytest.mark.parametrize("told", ["15c 12345", "15C-123.45", " 15C12345", "15C·12345"])
def test_a_plate_is_one_however_it_is_written(told: str) -> None:
    assert len(visits([a(IN, 0), a(OUT, 30, told=told)])) == 1


def test_in_and_out_in_one_minute() -> None:
    assert seen(a(OUT, 0), a(IN, 0)) == [(0, 0, 0)]


def test_no_plate_is_no_vehicle() -> None:
    assert visits([a(IN, 0, told=" - ")]) == []


def test_turn_times_by_nearest_rank() -> None:
    of = [Visit("P", "", (a(IN, 0),), (a(OUT, minute),)) for minute in (10, 20, 30, 40, 50, 60, 70, 80, 90, 100)]
    assert (turn(of).n, turn(of).median, turn(of).p90) == (10, 50, 90)
    assert (turn(of[:1]).median, turn(of[:1]).p90) == (10, 10)
    assert turn([Visit("P", "", (a(IN, 0),))]) == turn([])
    assert turn([]).median is None


@pytest.mark.parametrize(
    ("passes", "median", "closed", "heard", "said"),
    [
        (4, 90, False, True, "normal"),
        (4, 91, False, True, "slow"),
        (4, 91, True, False, "slow"),
        (2, None, False, True, "open"),
        (2, None, True, False, "open"),
        (0, None, False, True, "open"),
        (0, None, True, True, "closed"),
        (0, None, True, False, "closed"),
        (0, None, False, False, "no_data"),
    ],
)
def test_the_state_of_a_gate(passes: int, median: int | None, closed: bool, heard: bool, said: str) -> None:
    assert state(passes=passes, median=median, slow=SLOW, closed=closed, heard=heard) == said


PASSES = st.lists(
    st.builds(
        a,
        st.sampled_from(GATE),
        st.integers(0, 3000),
        st.sampled_from(("A", "B")),
        st.sampled_from(("15C-123.45", "15C12345", "29H 777")),
        st.sampled_from(("", "T1", "T2")),
    ),
    max_size=25,
)


@given(PASSES, st.randoms())
def test_any_order_and_repetition_give_the_same(passes: list[Pass], rng: object) -> None:
    again = passes + passes[: len(passes) // 2]
    rng.shuffle(again)  # type: ignore[attr-defined]
    unlike = {one.movement_id: one for one in passes}  # a movement has one plate and one time
    assert visits([unlike[one.movement_id] for one in again]) == visits(unlike.values())


@given(PASSES)
def test_every_pass_belongs_to_one_visit_and_no_visit_is_longer_than_it_may_be(passes: list[Pass]) -> None:
    own = {one.movement_id: one for one in passes}
    found = visits(own.values())
    assert sorted(one.movement_id for visit in found for one in visit.passes) == sorted(own)
    for visit in found:
        assert len({plate(one.told) for one in visit.passes}) == 1
        assert len({one.terminal for one in visit.passes} - {""}) <= 1
        if visit.entered and visit.left:
            assert visit.entered[0].at <= visit.entered[-1].at <= visit.left[0].at <= visit.entered[0].at + LONGEST


@settings(max_examples=200)
@given(PASSES, st.integers(800, 2000), st.integers(1, 800))
def test_a_stretch_of_time_is_folded_alone_as_with_all_that_was_before(passes: list[Pass], since: int, length: int) -> None:
    """A page reads the stretch that it shows, the longest visit and a pass more on both sides."""
    own = {one.movement_id: one for one in passes}.values()
    start, stop = T0 + since * MINUTE, T0 + (since + length) * MINUTE
    near = [one for one in own if start - LONGEST - MARGIN <= one.at < stop + LONGEST + MARGIN]
    long = any(not _short(visit) for visit in visits(own))

    def shown(of: list[Visit]) -> list[Visit]:
        return [visit for visit in of if start <= visit.at < stop]

    assert long or shown(visits(near)) == shown(visits(own))


def _short(visit: Visit) -> bool:
    return all(not side or side[-1].at - side[0].at <= 2 * TOGETHER for side in (visit.entered, visit.left))
