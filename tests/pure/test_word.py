"""Of which visit a word is: announcements are early and late, and a box comes again."""

from __future__ import annotations

import pytest

from tests import story
from zones.asking import known, visits

TWICE = "d0 08:00 gate_in; d3 12:00 gate_out; d10 08:00 gate_in; d12 12:00 gate_out"


@pytest.mark.parametrize(
    ("word", "visit"),
    [
        ("d0 10:00 gate_in", 0),  # came before its hour
        ("d0 05:00 gate_in", 0),  # and after it
        ("d9 08:00 gate_in", 1),
        ("d10 20:00 gate_in", 1),
        ("d3 08:00 gate_out", 0),
        ("d3 18:00 gate_out", 0),  # left before its hour
        ("d9 08:00 gate_out", 0),  # a plan for the first visit that was overtaken; the second had not begun
        ("d10 04:00 gate_out", 0),
        ("d10 08:00 gate_out", 1),
        ("d30 08:00 gate_in", None),  # to come
        ("d1 08:00 discharge", 0),
        ("d10 08:00 gate_in @zone", None),  # elsewhere
        ("d0 00:00 gate_out precision=day", 0),
    ],
)
def test_a_word_is_of_the_visit_it_is_nearest_to(word: str, visit: int | None) -> None:
    at, _, where = word.partition(" @")
    told = story.told(f"{TWICE}; {at} classifier=planned{' @' + where if where else ''} (received d0 00:00)")
    box = known(told.number, told.book())
    assert len(box.words) == 1
    assert [n for n, facts in enumerate(visits(box)) if facts.words] == ([] if visit is None else [visit])


def test_what_is_told_of_a_movement_is_of_its_visit() -> None:
    told = story.told("d0 08:00 discharge gross_g=1 weight=vgm; d3 12:00 gate_out gross_g=2; d9 08:00 gate_in; d9 09:00 gate_out gross_g=3")
    first, second = visits(known(told.number, told.book()))
    assert [(word.gross_g, word.weight) for word in first.words] == [(1, "vgm"), (2, "")]
    assert [word.gross_g for word in second.words] == [3]
