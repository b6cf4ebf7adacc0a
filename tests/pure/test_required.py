"""What a place requires beyond limits: which classes a declared one means, and what stands together."""

from __future__ import annotations

import pytest

from tests.story import told
from zones.required import NOTHING, Apart, Required, Seals, within
from zones.seals import Sealed, read


@pytest.mark.parametrize(
    ("told", "declared", "is_within"),
    [
        ("3", "3", True), ("2.1", "2", True), ("1.4S", "1", True), ("1.4S", "1.4", True), ("1.4S", "1.4S", True),
        ("2", "2.1", False), ("3", "8", False), ("1.4S", "1.4B", False), ("1.5", "1.4", False), ("", "3", False),
    ],
)  # fmt: skip
def test_a_division_is_within_its_class(told: str, declared: str, is_within: bool) -> None:
    assert within(told, declared) is is_within


@pytest.mark.parametrize(
    ("one", "other", "slots", "together"),
    [
        ("A1", "A1", None, True), ("A1", "A2", None, False), ("", "", None, False),
        ("A1-05-03", "A1-06-03", 1, True), ("a1-05-03", "A1-06-02", 1, True), ("A1-05-03", "A1-07-03", 1, False),
        ("A1-05-03", "A1-07-03", 2, True), ("A1-05", "B1-05", 9, False), ("A1-05", "A1-05-01", 9, False), ("A1-05", "A1-05", 0, True),
    ],
)  # fmt: skip
def test_what_stands_together(one: str, other: str, slots: int | None, together: bool) -> None:
    assert Apart(("1", "3"), slots).broken(one, other) is together


def test_two_classes_in_either_order() -> None:
    apart = Apart(("1", "3"))
    assert apart.concerns("1.4S", "3")
    assert apart.concerns("3", "1.1D")
    assert not apart.concerns("3", "3")
    assert not apart.concerns("1.1D", "8")


def test_a_law_of_other_requirements_is_another_law() -> None:
    law, asked = told("d0 08:00 gate_in").law, told("seals transit; d0 08:00 gate_in").law
    assert (law.required, asked.required) == (NOTHING, Required(Seals("customs")))
    assert law.version != asked.version
    assert {other.required for other in (asked.with_values({}), asked.with_limits(()), asked.with_offs(()))} == {asked.required}


def test_what_is_told_of_seals_is_read_as_it_was_spelled() -> None:
    assert read("") == ()
    assert read("customs - carrier/mechanical /electronic") == (
        Sealed("customs"), Sealed(), Sealed("carrier", "mechanical"), Sealed("", "electronic"),
    )  # fmt: skip
