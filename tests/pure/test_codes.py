"""The vocabulary, container numbers and TEU."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zones import codes

UNHURRIED = settings(deadline=None)  # a busy machine is not a fault
FIRST_TEN = st.builds(
    lambda owner, category, serial: f"{owner}{category}{serial:06d}",
    st.text(string.ascii_uppercase, min_size=3, max_size=3),
    st.sampled_from("UJZ"),
    st.integers(0, 999_999),
)


def numbered(first: str) -> str:
    """With its check digit."""
    return first + str(codes.check_digit(first))


def test_every_event_has_a_kind_or_none() -> None:
    assert set(codes.KIND_OF) == set(codes.EVENTS)
    assert set(codes.KIND_OF.values()) == {"gate", "quay", "yard", ""}
    assert [event for event, kind in codes.KIND_OF.items() if kind == "yard"] == ["present", "yard_move", "stuff", "strip"]


@pytest.mark.parametrize("number", ["CSQU3054383", "ZZDU4839211"])
def test_known_numbers_are_valid(number: str) -> None:
    assert codes.is_valid(number)


@pytest.mark.parametrize(
    "number", ["", "CSQU305438", "CSQU3054384", "CSQX3054383", "csqu3054383", "CSQU305438３", "CSQU30543830", "3SQU3054383"]
)
def test_others_are_not(number: str) -> None:
    assert not codes.is_valid(number)


def by_hand(first: str) -> int:
    """The check digit as the standard tells it, written another way."""
    letters = {}
    value = 10
    for letter in string.ascii_uppercase:
        value += value % 11 == 0
        letters[letter] = value
        value += 1
    total = sum((letters[c] if c in letters else int(c)) * 2**i for i, c in enumerate(first))
    remainder = total - total // 11 * 11
    return 0 if remainder == 10 else remainder


@UNHURRIED
@given(FIRST_TEN)
def test_the_check_digit_is_that_of_the_standard(first: str) -> None:
    assert codes.check_digit(first) == by_hand(first)


def test_a_remainder_of_ten_is_written_nought() -> None:
    first = next(f for f in (f"CSQU{n:06d}" for n in range(1000)) if sum(codes._VALUE[c] << i for i, c in enumerate(f)) % 11 == 10)
    assert codes.check_digit(first) == 0
    assert codes.is_valid(first + "0")


@pytest.mark.parametrize("first", ["", "CSQU30543", "CSQ1305438", "CSQU30543X", "CSQU3054383"])
def test_a_check_digit_of_anything_else_is_refused(first: str) -> None:
    with pytest.raises(ValueError, match="four letters"):
        codes.check_digit(first)


@UNHURRIED
@given(FIRST_TEN, st.integers(4, 8))
def test_two_digits_exchanged_are_noticed(first: str, i: int) -> None:
    """All but those whose remainders are 0 and 10: both are written 0, which is the standard's own blind spot."""
    exchanged = first[:i] + first[i + 1] + first[i] + first[i + 2 :]
    remainders = {sum(codes._VALUE[c] << k for k, c in enumerate(f)) % 11 for f in (first, exchanged)}
    if exchanged != first and remainders != {0, 10}:
        assert not codes.is_valid(exchanged + numbered(first)[-1])


def test_a_transposed_number_is_not_valid_and_its_neighbour_is_found() -> None:
    assert not codes.is_valid("CSQU3045383")
    assert codes.nearest_valid("CSQU3045383") == "CSQU3054383"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CSQU3054383", "CSQU3054383"),
        ("csqu 305438-3", "CSQU3054383"),
        ("CSQU305438", "CSQU3054383"),     # no check digit
        ("C5QU3O54383", "CSQU3054383"),    # a letter for a digit and the other way round
        ("CSQU3054384", None),             # one digit wrong: could be any
        ("HELLO", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_number_that_was_meant(written: str, meant: str | None) -> None:
    assert codes.nearest_valid(written) == meant


@UNHURRIED
@given(st.text(max_size=15))
def test_what_is_proposed_is_valid(text: str) -> None:
    proposed = codes.nearest_valid(text)
    assert proposed is None or codes.is_valid(proposed)


@UNHURRIED
@given(st.text(max_size=15))
def test_normal_is_normal_already(text: str) -> None:
    once = codes.normal(text)
    assert codes.normal(once) == once
    assert set(once) <= set(string.ascii_uppercase + string.digits)


def test_as_painted_on_the_box() -> None:
    assert codes.spaced("ZZDU4839211") == "ZZDU 483921 1"
    assert codes.spaced("ZZDU48") == "ZZDU48"


@pytest.mark.parametrize(
    ("size_type", "hundredths"), [("22G1", 100), ("45R1", 200), ("L5G1", 225), ("M5G1", 225), ("l5g1", 225), ("", 0), ("X", 0)]
)
def test_teu(size_type: str, hundredths: int) -> None:
    assert codes.teu(size_type) == hundredths


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("22G1", "22GP", True),
        ("22G1", "45G1", False),
        ("22G1", "22R1", False),
        ("22G1", "2210", True),
        ("22G1", "4310", False),
        ("", "45G1", True),
    ],
)
def test_one_box_has_one_kind(one: str, other: str, same: bool) -> None:
    assert codes.same_kind(one, other) == codes.same_kind(other, one) == same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("AB 100-200", "ab100200", True),
        ("AB100200", "100200", True),
        ("AB100200", "CD100200", False),
        ("A", "B", False),
        ("1002", "1003", False),
    ],
)
def test_one_seal_is_written_in_several_ways(one: str, other: str, same: bool) -> None:
    assert codes.same_seal(one, other) == codes.same_seal(other, one) == same


def test_the_check_digit_that_ought_to_be_is_told_of_what_has_the_form() -> None:
    assert (codes.given_check_digit("ZZDU4839210"), codes.given_check_digit("12345678")) == (1, None)
