"""What is told of one lot: its balance as it went, its counts against both books, by when it must be gone."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import story, story_ledger
from zones.chain import balance, boxes, counts, course, ends
from zones.lot import LotFacts

UNIT = 1_000_000


def told(text: str) -> tuple[LotFacts, story.Story]:
    """The first lot of a story, and the story."""
    said = story.told(text)
    return next(iter(story_ledger.bundles(said.entries, story.ZONE, said.operator))), said


def test_the_balance_as_it_went_is_told_by_unit_and_never_added_up() -> None:
    facts, _ = told("d0 08:00 admission quantity=100; d1 08:00 admission quantity=3 uom=XCT; d2 08:00 withdrawal quantity=130")
    steps = course(facts.entries, facts.posted)
    assert [(one.uom, one.quantity // UNIT) for one in steps] == [("KGM", 100), ("XCT", 3), ("KGM", -30)]
    assert balance(steps, steps[1].at) == {"KGM": 100 * UNIT, "XCT": 3 * UNIT}
    assert balance(steps, steps[0].at - timedelta(minutes=1)) == {}


def test_what_only_moves_is_no_step() -> None:
    facts, _ = told("d0 08:00 admission quantity=100 area=A; d1 08:00 manipulation quantity=40 area=A to_area=B")
    assert len(course(facts.entries, facts.posted)) == 1


@given(st.lists(st.tuples(st.sampled_from(["admission", "withdrawal", "adjustment"]), st.integers(1, 90)), min_size=1, max_size=12))
@settings(max_examples=40)
def test_the_last_step_is_what_the_account_has(said: list[tuple[str, int]]) -> None:
    lines = "; ".join(f"d{n} 08:00 {act} quantity={quantity}" for n, (act, quantity) in enumerate(said, 1))
    facts, _ = told("d0 08:00 admission quantity=1; " + lines)
    steps = course(facts.entries, facts.posted)
    assert balance(steps, steps[-1].at).get("KGM", 0) == sum(layer.quantity for layer in facts.account.layers)


def test_a_count_is_held_against_both_books_and_worth_what_is_missing() -> None:
    both = "d0 08:00 admission quantity=100 value=500 currency=USD net_kg=90; d0 08:00 admission quantity=100 book=customs"
    facts, _ = told(
        f"{both}; d1 08:00 withdrawal quantity=20; d2 08:00 count quantity=60 counted=full; d3 08:00 count quantity=81 counted=cycle"
    )
    short, over = counts(facts)
    assert (short.expected, short.own_expected, short.difference, short.own_difference) == (80 * UNIT, 100 * UNIT, -20 * UNIT, -40 * UNIT)
    assert (short.value, short.currency, short.net_mg) == (-1_000_000, "USD", -18 * UNIT)
    assert (over.difference, over.value) == (UNIT, 50_000)


def test_a_count_in_another_unit_has_no_difference_and_without_a_second_book_nothing_to_say_of_it() -> None:
    facts, _ = told("d0 08:00 admission quantity=100; d2 08:00 count quantity=60 uom=XCT")
    (one,) = counts(facts)
    assert (one.expected, one.difference, one.own_expected, one.own_difference) == (None, None, None, None)


def test_the_supervisors_book_knows_of_no_areas_and_can_only_say_that_there_is_too_much() -> None:
    both = "d0 08:00 admission quantity=100 area=H1; d0 08:00 admission quantity=100 book=customs"
    facts, _ = told(f"{both}; d1 08:00 count quantity=99 area=H1; d3 08:00 count quantity=120 area=H1; d4 08:00 count quantity=99")
    area, over, whole = counts(facts)
    assert (area.difference, area.own_expected, area.own_difference) == (-UNIT, None, None)
    assert (over.difference, over.own_difference) == (20 * UNIT, 20 * UNIT)
    assert (whole.own_expected, whole.own_difference) == (100 * UNIT, -UNIT)


def test_what_left_on_the_day_of_the_count_is_not_missing() -> None:
    lines = "d0 00:00 admission quantity=100 precision=day; d3 00:00 count quantity=80 precision=day"
    facts, _ = told(f"{lines}; d3 00:00 withdrawal quantity=20 precision=day")
    (one,) = counts(facts)
    assert (one.expected, one.difference) == (100 * UNIT, 0)


def test_a_box_is_told_by_what_the_line_does_with_it() -> None:
    facts, _ = told(
        "d0 08:00 admission quantity=9 equipment=B1; d1 08:00 stuff lot=L1 quantity=4 equipment=B2; "
        "d2 08:00 withdrawal quantity=4 equipment=B2"
    )
    assert [(one.equipment, one.how) for one in boxes(facts.entries)] == [("B1", "came"), ("B2", "packed"), ("B2", "left")]


def test_limit_dates_go_by_the_kind_of_status_and_only_for_what_is_there() -> None:
    limits = "limit bonded_period 30d; limit re_export_within 10d; "
    lines = "d0 08:00 admission quantity=9 status=bonded; d1 08:00 admission quantity=5 status=temporary; "
    lines += "d1 09:00 admission quantity=5 status=domestic; "
    facts, said = told(limits + lines + "d2 08:00 withdrawal quantity=9 status=bonded")
    came = facts.entries[0].at

    def at(days: int) -> list[tuple[str, int]]:
        return [(one.limit, (one.at - came).days) for one in ends(facts, said.law, came + timedelta(days=days))]

    assert at(1) == [("bonded_period", 30), ("re_export_within", 11)]
    assert at(3) == [("re_export_within", 11)]
