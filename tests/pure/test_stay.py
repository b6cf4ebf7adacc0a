"""Visits folded from movements: openings and ends, unknown ones too; what they add to the counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zones.customs import Fact, holds
from zones.movement import EFFECT, Movement, Telling, merged
from zones.report import Report
from zones.stay import Mark, Stay, advance, bucket, bucket_minutes, counts, fold, stands, step, with_holds

T0 = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(event: str, at: float, **more: Any) -> Report:
    """A report of the terminal; times in hours after T0, received at once."""
    values = {
        "report_id": f"{event}{at}", "message_id": "m", "feed": "gate", "publisher": "terminal", "place": "port", "equipment": "BOX",
        "event": event, "occurred_at": T0 + at * HOUR, "received_at": T0 + at * HOUR,
    }  # fmt: skip
    return Report(**(values | more))


def moved(*reports: Report, openings: dict[str, datetime] | None = None) -> list[Movement]:
    return merged(reports, Telling(lambda event: 2 * HOUR, lambda event: {}, openings or {}))


def folded(*reports: Report, kind: str = "seaport", openings: dict[str, datetime] | None = None) -> list[Stay]:
    return list(fold(moved(*reports, openings=openings), kind)[0].values())


def spans(*reports: Report, openings: dict[str, datetime] | None = None) -> list[tuple[str, float, float | None, str]]:
    """(opening event, opened, left, left by) of each stay, in hours."""
    return [
        (s.opening.event, (s.opened_at - T0) / HOUR, (s.left_at - T0) / HOUR if s.left_at else None, s.left_by)
        for s in folded(*reports, openings=openings)
    ]


def test_in_and_out() -> None:
    (stay,) = folded(told("discharge", 0), told("gate_out", 50.5))
    assert (stay.entered_at, stay.left_at, stay.left_by) == (T0, T0 + 50.5 * HOUR, "gate_out")
    assert (stay.dwell_minutes, stay.movements) == (50 * 60 + 30, 2)
    assert stay.entered_not_after is None


def test_still_inside() -> None:
    assert spans(told("discharge", 0)) == [("discharge", 0, None, "")]


def test_an_entry_while_inside_means_an_exit_nobody_told() -> None:
    assert spans(told("gate_in", 0), told("gate_in", 30)) == [("gate_in", 0, 30, "inferred"), ("gate_in", 30, None, "")]
    assert folded(told("gate_in", 0), told("gate_in", 30))[0].dwell_minutes is None


def test_an_exit_of_a_box_nobody_saw_come() -> None:
    (stay,) = folded(told("gate_out", 5))
    assert (stay.entered_at, stay.entered_not_after, stay.left_at) == (None, T0 + 5 * HOUR, T0 + 5 * HOUR)
    assert (stay.dwell_minutes, stay.movements) == (None, 1)


def test_a_second_exit_opens_a_stay_of_its_own() -> None:
    assert len(folded(told("gate_in", 0), told("gate_out", 5), told("gate_out", 30))) == 2


@pytest.mark.parametrize("event", ["yard_move", "stuff", "strip"])
def test_a_move_inside_proves_that_it_is_inside(event: str) -> None:
    assert spans(told(event, 5)) == [(event, 5, None, "")]
    assert spans(told("gate_in", 0), told(event, 5), told("gate_out", 9)) == [("gate_in", 0, 9, "gate_out")]


@pytest.mark.parametrize("event", ["inspect", "seal", "reseal", "unseal"])
def test_a_witness_opens_nothing(event: str) -> None:
    assert spans(told(event, 5)) == []
    (stay,) = folded(told("gate_in", 0), told(event, 5, seals="S9"))
    assert (stay.seals, stay.movements) == ("S9", 2)


def test_the_list_that_opens_the_books_opens_stays_later_ones_only_count() -> None:
    lists = [told("present", at, listed_at=T0 + at * HOUR) for at in (0, 24)]
    (stay,) = folded(*lists, told("gate_out", 30), openings={"gate": T0})
    assert (stay.opened_by_list, stay.entered_not_after, stay.dwell_minutes) == (True, T0, None)
    assert spans(lists[1], openings={"gate": T0}) == []


def test_a_later_list_edits_nothing_but_where_the_box_stands() -> None:
    (stay,) = folded(told("gate_in", 0, area="A1"), told("present", 24, listed_at=T0 + 24 * HOUR, area="B2"), openings={"gate": T0 - HOUR})
    assert (stay.area, stay.movements, stay.heard_at) == ("B2", 1, T0)


@pytest.mark.parametrize(
    ("entry", "exit", "kind", "direction", "source"),
    [
        ("discharge", None, "seaport", "import", "assumed"),
        ("gate_in", None, "seaport", "export", "assumed"),
        ("gate_in", None, "free_zone", "storage", "assumed"),
        ("yard_move", None, "seaport", "unknown", ""),
        ("discharge", "gate_out", "seaport", "import", "observed"),
        ("discharge", "load", "seaport", "transshipment", "observed"),
        ("gate_in", "load", "seaport", "export", "observed"),
        ("gate_in", "gate_out", "seaport", "storage", "observed"),
    ],
)
def test_direction_says_where_it_is_from(entry: str, exit: str | None, kind: str, direction: str, source: str) -> None:
    (stay,) = folded(told(entry, 0), *([told(exit, 9)] if exit else []), kind=kind)
    assert (stay.direction, stay.direction_from) == (direction, source)


def test_a_declared_direction_is_of_the_entry_else_of_the_exit() -> None:
    (stay,) = folded(told("gate_in", 0, direction="import"), told("load", 9, direction="export"))
    assert (stay.direction, stay.direction_from) == ("import", "declared")
    (stay,) = folded(told("gate_in", 0), told("gate_out", 9, direction="import"))
    assert (stay.direction, stay.direction_from) == ("import", "declared")


def test_a_later_word_wins_where_it_says_anything() -> None:
    (stay,) = folded(told("gate_in", 0, seals="S1", bill="B1", full_empty="full"), told("strip", 5, seals="", full_empty="empty"))
    assert (stay.seals, stay.bill, stay.full_empty) == ("S1", "B1", "empty")


def test_an_exit_of_the_same_minute_as_the_entry() -> None:
    (stay,) = folded(told("gate_out", 5), told("gate_in", 5))
    assert (stay.entered_at, stay.left_at, stay.dwell_minutes) == (T0 + 5 * HOUR, T0 + 5 * HOUR, 0)


def test_a_day_is_never_a_negative_dwell() -> None:
    (stay,) = folded(told("gate_in", 10), told("gate_out", -8, precision="day", received_at=T0 + 20 * HOUR))
    assert stay.dwell_minutes == 0


# ---------------------------------------------------------------- the fold


events = st.lists(st.tuples(st.sampled_from(sorted(EFFECT)), st.integers(0, 200)), max_size=9, unique=True)


@given(events)
@settings(max_examples=200, deadline=None)
def test_stays_follow_one_another_and_the_counts_add_up(rows: list[tuple[str, int]]) -> None:
    movements = moved(*(told(event, at * 3.0) for event, at in rows))
    stays, belongs, tip = fold(movements)
    ordered = list(stays.values())
    assert [s for s in ordered[:-1] if s.left_at is None] == []
    assert all(one.left_at <= two.opened_at for one, two in pairwise(ordered) if one.left_at)
    assert set(belongs) == {m.movement_id for m in movements}
    inside = sum(count.boxes for stay in ordered for count in counts(stay))
    assert inside == sum(stay.left_at is None for stay in ordered) <= 1
    assert tip is None or tip.stay is None or tip.stay == ordered[-1]


@given(events, st.integers(0, 9))
@settings(max_examples=200, deadline=None)
def test_going_on_from_where_it_stands_equals_folding_again(rows: list[tuple[str, int]], cut: int) -> None:
    movements = moved(*(told(event, at * 3.0) for event, at in rows))
    stays, _, tip = fold(movements[:cut])
    for movement in movements[cut:]:
        latest, changed = step(tip.stay if tip else None, movement)
        stays.update((stay.stay_id, stay) for stay in changed)
        tip = advance(tip, movement, latest)
    assert (stays, tip) == (fold(movements)[0], fold(movements)[2])


def test_ends_survive_being_written_down() -> None:
    (stay,) = folded(told("gate_in", 0, gate="G3", lane="2", vehicle="51C", mode="truck", precision="second"))
    assert msgspec.json.decode(msgspec.json.encode(stay.opening), type=Mark) == stay.opening


# ---------------------------------------------------------------- holds, counts, buckets


def hold(kind: str, at: float) -> Fact:
    when = T0 + at * HOUR
    return Fact(
        fact_id=f"{kind}{at}", kind=kind, about="equipment", reference="BOX", agency="customs", effective_at=when, received_at=when
    )  # fmt: skip


def test_inside_it_is_held_by_whom_nobody_released_it_from_gone_by_whom_held_it_then() -> None:
    (inside,) = folded(told("discharge", 0))
    (gone,) = folded(told("discharge", 0), told("gate_out", 9))
    told_late, both = holds([hold("hold", 20)]), holds([hold("hold", 5), hold("release", 12)])
    assert (with_holds(inside, told_late).held, with_holds(gone, told_late).held) == (("customs",), ())
    assert (with_holds(inside, both).held, with_holds(gone, both).held) == ((), ("customs",))
    assert with_holds(gone, both).held_since == T0 + 5 * HOUR


@pytest.mark.parametrize(
    ("reports", "parts"),
    [
        ((told("gate_in", 0),), [(0, 1, 0, 0)]),
        ((told("gate_in", 0), told("gate_out", 5)), [(0, 1, 0, 0), (0, 0, 1, 0)]),
        ((told("gate_out", 5),), [(0, 0, 0, 1), (0, 0, 1, 0)]),
        ((told("gate_in", 0), told("gate_in", 5)), [(0, 1, 0, 0), (0, 0, 0, -1), (0, 1, 0, 0)]),
        ((told("present", 0, listed_at=T0),), [(1, 0, 0, 0)]),
    ],
)
def test_what_a_stay_adds_to_the_identity(reports: tuple[Report, ...], parts: list[tuple[int, int, int, int]]) -> None:
    found = [(c.opening, c.came, c.went, c.corrected) for stay in folded(*reports, openings={"gate": T0}) for c in counts(stay)]
    assert found == parts


@given(st.integers(0, 5_000_000))
def test_a_bucket_is_off_by_one_percent_at_most(minutes: int) -> None:
    assert abs(bucket_minutes(bucket(minutes)) - minutes) <= 0.0101 * (minutes + 1)


def test_a_box_stands_where_it_was_told_to_be_from_when_that_was_told() -> None:
    (stay,) = folded(told("gate_in", 0, area="A1"), told("yard_move", 5, area="B2"), told("yard_move", 7, area="B2"), told("gate_out", 9))
    assert [((one.at - T0) / HOUR, one.area, one.boxes) for one in stands(stay)] == [
        (0, "A1", 1),
        (5, "A1", -1),
        (5, "B2", 1),
        (9, "B2", -1),
    ]
    (still,) = folded(told("gate_in", 0), told("yard_move", 5, area="B2"))
    assert [((one.at - T0) / HOUR, one.area, one.boxes) for one in stands(still)] == [(5, "B2", 1)]
    (never,) = folded(told("gate_in", 0, area="A1"), told("gate_out", 9, area="GATE"))
    assert not never.stood
    assert [one.area for one in stands(never)] == ["A1", "A1"]
