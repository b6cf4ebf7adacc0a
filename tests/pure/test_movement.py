"""Which reports tell of one movement, which of them is believed, and what they disagree about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zones.movement import EFFECT, Telling, content_id, joined_until, merged
from zones.report import Report

T0 = datetime(2026, 11, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def told(id: str, at: int = 0, publisher: str = "terminal", received: int = 0, event: str = "gate_in", **more: object) -> Report:
    """A report; times in minutes after T0."""
    values: dict[str, object] = {
        "report_id": id, "message_id": id, "feed": "gate", "publisher": publisher, "place": "port", "equipment": "BOX", "event": event,
        "occurred_at": T0 + at * MINUTE, "received_at": T0 + received * MINUTE,
    }  # fmt: skip
    return Report(**(values | more))  # type: ignore[arg-type]


def telling(openings: dict[str, datetime] | None = None) -> Telling:
    """Two hours at the gate, twelve at the quay; the terminal is believed before the carrier."""
    hours = lambda event: timedelta(hours=12 if event in ("discharge", "load") else 2)  # noqa: E731
    return Telling(hours, lambda event: {"terminal": 0, "carrier": 1}, openings or {})


def groups(*reports: Report) -> list[str]:
    """The movements, each as the ids of its reports, canonical first; the same in any order."""
    found = [" ".join(r.report_id for r in m.reports) for m in merged(reports, telling())]
    for seed in range(5):
        shuffled = list(reports)
        Random(seed).shuffle(shuffled)
        assert [" ".join(r.report_id for r in m.reports) for m in merged(shuffled, telling())] == found
    return found


def test_two_publishers_within_the_tolerance_tell_of_one() -> None:
    assert groups(told("a"), told("b", 120, "carrier")) == ["a b"]
    assert groups(told("a"), told("b", 121, "carrier")) == ["a", "b"]


def test_the_tolerance_is_that_of_the_event() -> None:
    assert groups(told("a", event="load"), told("b", 720, "carrier", event="load")) == ["a b"]


def test_it_counts_from_the_first_telling_not_from_the_latest() -> None:
    assert groups(told("a"), told("b", 100, "carrier"), told("c", 190, "agent")) == ["a b", "c"]


def test_a_repeat_by_the_same_publisher_joins_only_at_the_identical_time() -> None:
    assert groups(told("a"), told("b")) == ["a b"]
    assert groups(told("a"), told("b", 1)) == ["a", "b"]
    assert groups(told("a"), told("b", 60, "carrier"), told("c", 60)) == ["a b", "c"]


def test_events_and_places_are_kept_apart() -> None:
    assert groups(told("a"), told("b", 0, "carrier", event="gate_out")) == ["a", "b"]


def test_the_canonical_report_is_by_rank_then_receipt_then_id() -> None:
    assert groups(told("a", 0, "carrier"), told("b", 5, "terminal", received=60)) == ["b a"]
    assert groups(told("a", received=9), told("b", received=3)) == ["b a"]
    assert groups(told("b"), told("a")) == ["a b"]
    assert groups(told("a", 0, "nobody"), told("b", 5, "carrier", received=60)) == ["b a"]


def test_its_id_is_what_it_is_made_of() -> None:
    (movement,) = merged([told("a"), told("b", 5, "carrier")], telling())
    assert movement.movement_id == content_id("BOX", "port", "gate_in", "a")
    assert (movement.occurred_at, movement.effect) == (T0, "entry")


def test_a_day_stands_for_its_whole_day() -> None:
    day = told("a", precision="day")
    assert joined_until([day]) == T0 + timedelta(days=1)
    assert groups(day, told("b", 20 * 60, "carrier")) == ["a b"]
    assert groups(day, told("b", 26 * 60, "carrier")) == ["a b"]
    assert groups(day, told("b", 26 * 60 + 1, "carrier")) == ["a", "b"]


def test_an_exit_known_by_the_day_stands_at_its_end() -> None:
    out = told("a", event="gate_out", precision="day")
    assert [m.event for m in merged([out, told("b", 600, "carrier")], telling())] == ["gate_in", "gate_out"]


def test_at_equal_times_the_entry_comes_first_and_the_exit_last() -> None:
    events = ("gate_out", "strip", "seal", "gate_in")
    found = merged([told(event, event=event) for event in events], telling())
    assert [m.event for m in found] == ["gate_in", "strip", "seal", "gate_out"]


def test_only_what_happened_moves() -> None:
    assert groups(told("a", classifier="planned"), told("b", event="other"), told("c", occurred_at=None)) == []


def test_a_line_of_the_list_that_opens_the_books_says_inside_a_later_one_counts() -> None:
    first = told("a", event="present", listed_at=T0)
    later = told("b", 60, event="present", listed_at=T0 + 60 * MINUTE)
    found = merged([first, later], telling({"gate": T0}))
    assert [m.effect for m in found] == ["inside", "count"]


def test_two_lists_are_never_one() -> None:
    assert groups(told("a", event="present", listed_at=T0), told("b", 1, "carrier", event="present", listed_at=T0 + MINUTE)) == ["a", "b"]


def test_what_they_tell_differently_is_kept() -> None:
    one = told("a", seals="S1", gross_g=1000, full_empty="full", vehicle="51C")
    other = told("b", 12, "carrier", seals="S2", gross_g=1000, full_empty="unknown", vehicle="")
    (movement,) = merged([one, other], telling())
    assert movement.disagreement == {
        "occurred_at": [["2026-11-02T08:00:00+00:00", "terminal"], ["2026-11-02T08:12:00+00:00", "carrier"]],
        "seals": [["S1", "terminal"], ["S2", "carrier"]],
    }
    (movement,) = merged([told("a"), told("b", publisher="carrier")], telling())
    assert movement.disagreement is None


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.sampled_from(("terminal", "carrier", "agent")), st.integers(0, 3), st.sampled_from(sorted(EFFECT))),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=150, deadline=None)
def test_every_report_tells_of_one_movement_whatever_their_order(rows: list[tuple[int, str, int, str]], rng: Random) -> None:
    reports = [told(str(n), at * 30, who, received, event) for n, (at, who, received, event) in enumerate(rows)]
    found = merged(reports, telling())
    assert sorted(r.report_id for m in found for r in m.reports) == sorted(r.report_id for r in reports)
    assert [m.order for m in found] == sorted(m.order for m in found)
    shuffled = list(reports)
    rng.shuffle(shuffled)
    assert merged(shuffled, telling()) == found


@pytest.mark.parametrize("event", sorted(EFFECT))
def test_every_event_that_moves_is_one_of_the_vocabulary(event: str) -> None:
    from zones.codes import EVENTS

    assert event in EVENTS or event == "present"
