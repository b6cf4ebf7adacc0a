"""Where the operator's book of a lot and the supervisor's own part, and where they meet again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests import story, story_ledger
from zones.apart import KINDS, Parting, apart, partings
from zones.entry import CUSTOMS, Entry
from zones.limits import Law
from zones.lot import LotFacts, lot_facts
from zones.pairing import signed

START = datetime(2026, 11, 2, tzinfo=UTC)
KG = 1_000_000


def told(text: str) -> tuple[LotFacts, Law]:
    """The first lot of a story, and the law of its place."""
    said = story.told(text)
    return next(iter(story_ledger.bundles(said.entries, story.ZONE, said.operator))), said.law


def spelled(parting: Parting) -> str:
    """d3 09:00 operator only_declared -5 KGM..d4 10:00"""
    difference = ", ".join(map(str, parting.difference))
    met = story._when(parting.met_at) if parting.met_at else ""
    return " ".join(filter(None, (story._when(parting.at), parting.of, parting.kind, difference))) + f"..{met}"


BOTH = "d0 08:00 admission quantity=100; d0 08:30 admission quantity=100 book=customs"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (BOTH, ""),
        (f"{BOTH}; d3 09:00 withdrawal quantity=5", "d3 09:00 operator only_declared -5 KGM.."),
        (f"{BOTH}; d3 09:00 withdrawal quantity=5 book=customs", "d3 09:00 customs only_authorised 5 KGM.."),
        (f"{BOTH}; d3 09:00 withdrawal quantity=7 permit=P1; d3 10:00 withdrawal quantity=5 permit=P1 book=customs",
         "d3 09:00 operator quantity_differs -2 KGM.."),
        # a mistake that is put right afterwards: the books meet again
        (f"{BOTH}; d3 09:00 withdrawal quantity=7 permit=P1; d3 10:00 withdrawal quantity=5 permit=P1 book=customs; "
         "d4 10:00 adjustment quantity=2", "d3 09:00 operator quantity_differs..d4 10:00"),
        # without papers: of one day and as much, never another quantity
        (f"{BOTH}; d3 09:00 withdrawal quantity=5; d3 23:00 withdrawal quantity=5 book=customs", ""),
        (f"{BOTH}; d3 09:00 withdrawal quantity=5; d3 23:00 withdrawal quantity=6 book=customs", "d3 09:00 operator only_declared 1 KGM.."),
        (f"{BOTH}; d3 09:00 withdrawal quantity=5; d4 00:00 withdrawal quantity=5 book=customs",
         "d3 09:00 operator only_declared..d4 00:00"),
        (f"{BOTH}; limit books_lag 2d; d3 09:00 withdrawal quantity=5; d5 09:00 withdrawal quantity=5 book=customs", ""),
        (f"{BOTH}; limit books_lag 2d; d3 09:00 withdrawal quantity=5; d5 09:01 withdrawal quantity=5 book=customs",
         "d3 09:00 operator only_declared..d5 09:01"),
        # one paper, days apart: parted meanwhile, by nothing else
        (f"{BOTH}; d3 09:00 withdrawal quantity=5 permit=P1 book=customs; d6 09:00 withdrawal quantity=5 permit=P1",
         "d3 09:00 customs time_differs..d6 09:00"),
        # the permit goes before the declaration; what contradicts is never paired, and never met
        (f"{BOTH}; d3 09:00 withdrawal quantity=5 permit=P1 declaration=D1; d3 09:00 withdrawal quantity=5 permit=P1 book=customs", ""),
        (f"{BOTH}; d3 09:00 withdrawal quantity=5 declaration=D1; "
         "d3 09:10 withdrawal quantity=5 permit=P1 declaration=D1 book=customs", ""),
        (f"{BOTH}; d3 09:00 withdrawal quantity=5 permit=P1; d3 09:10 withdrawal quantity=5 permit=P2 book=customs",
         "d3 09:00 operator only_declared.."),
        # a permit used up in parts, and one that is drawn too far: by the line that does
        (f"{BOTH}; d3 09:00 withdrawal quantity=50 permit=P1 book=customs; d3 09:00 withdrawal quantity=20 permit=P1; "
         "d3 15:00 withdrawal quantity=30 permit=P1", ""),
        (f"{BOTH}; d3 09:00 withdrawal quantity=50 permit=P1 book=customs; d3 09:00 withdrawal quantity=20 permit=P1; "
         "d3 15:00 withdrawal quantity=30 permit=P1; d3 16:00 withdrawal quantity=3 permit=P1",
         "d3 16:00 operator quantity_differs -3 KGM.."),
        (f"{BOTH}; d3 09:00 withdrawal quantity=50 permit=P1 book=customs; d3 09:00 withdrawal quantity=20 permit=P1; "
         "d7 15:00 withdrawal quantity=30 permit=P1", "d3 09:00 operator time_differs..d7 15:00"),
        # units are converted, as finely as they are told
        ("d0 08:00 admission quantity=1000; d0 08:00 admission quantity=1 uom=TNE book=customs", ""),
        ("d0 08:00 admission quantity=1000 permit=P; d0 08:00 admission quantity=2204.62 uom=LBR permit=P book=customs", ""),
        ("d0 08:00 admission quantity=1000 permit=P; d3 08:00 admission quantity=2204.62 uom=LBR permit=P book=customs",
         "d0 08:00 operator time_differs..d3 08:00"),
        ("d0 08:00 admission quantity=1000 permit=P; d0 08:00 admission quantity=9 uom=XCT permit=P book=customs",
         "d0 08:00 operator quantity_differs.."),
        # what customs does not speak of is not asked for; where it does, it is
        (f"{BOTH}; d3 09:00 manufacture input quantity=40 process=P; "
         "d3 10:00 manipulation operation=packed; d3 11:00 transfer to_owner=B", ""),
        (f"{BOTH}; d3 09:00 transfer to_owner=B quantity=40 book=customs; d3 09:00 transfer to_owner=B quantity=40", ""),
        (f"{BOTH}; d3 09:00 transfer to_owner=B quantity=40 book=customs; d3 09:00 transfer to_owner=C quantity=40",
         "d3 09:00 operator only_declared.."),
        (f"{BOTH}; d3 09:00 count quantity=90; d3 10:00 adjustment quantity=-10", "d3 10:00 operator only_declared -10 KGM.."),
        # parted twice
        (f"{BOTH}; d2 09:00 adjustment quantity=-1; d3 09:00 adjustment quantity=1; d4 09:00 withdrawal quantity=2",
         "d2 09:00 operator only_declared..d3 09:00, d4 09:00 operator only_declared -2 KGM.."),
    ],
)  # fmt: skip
def test_where_books_part_and_meet(said: str, found: str) -> None:
    facts, law = told(said)
    assert ", ".join(map(spelled, partings(facts, law))) == found
    still = apart(facts, law)
    assert (spelled(still) if still else "") == ("" if not found.endswith("..") else found.split(", ")[-1])


def test_all_that_has_no_counterpart_is_told_and_whose_counterpart_is() -> None:
    of_one_permit = "d3 09:00 withdrawal quantity=7 permit=P1; d3 10:00 withdrawal quantity=5 permit=P1 book=customs"
    facts, law = told(f"{BOTH}; {of_one_permit}; d4 08:00 withdrawal quantity=1")
    (parting,) = partings(facts, law)
    assert [line.quantity for line in parting.lines] == [7 * KG, KG]
    assert parting.other is not None
    assert (parting.other.book, parting.other.quantity) == (CUSTOMS, 5 * KG)


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "act": st.sampled_from(["admission", "withdrawal", "destruction", "return", "transfer", "adjustment", "manufacture", "count"]),
            "side": st.sampled_from(["sent", "received", "input", "output"]),
            "quantity": st.integers(1, 9).map(lambda n: n * KG),
            "uom": st.sampled_from(["KGM", "KGM", "TNE", "H87"]),
            "permit": st.sampled_from(["", "", "P1", "P2"]),
            "declaration": st.sampled_from(["", "D1"]),
            "precision": st.sampled_from(["minute", "minute", "day"]),
            "after": st.integers(0, 40),
        }
    ),
    min_size=1,
    max_size=8,
)


def lines(said: list[dict], prefix: str = "e", book: str = "operator") -> list[Entry]:
    found, at = [], START
    for n, one in enumerate(said):
        at += timedelta(hours=one["after"])
        own = {name: value for name, value in one.items() if name != "after"}
        own["side"] = one["side"] if (one["act"], one["side"]) in SIDED else ""
        when = at.replace(hour=17) - timedelta(days=1) if one["precision"] == "day" else at  # midnight of the place
        found.append(Entry(f"{prefix}{n:03}", at=when, received_at=at, place="zone", operator="O1", lot="L1", book=book, **own))
    return found


SIDED = {("transfer", "sent"), ("transfer", "received"), ("manufacture", "input"), ("manufacture", "output")}
EFFECTIVE = {"admission", "withdrawal", "destruction", "return", "adjustment"}


def facts_of(declared: list[Entry], authorised: list[Entry]) -> LotFacts:
    return lot_facts(("zone", "O1", "L1"), story.ZONE, None, declared, authorised)


@given(LINES)
def test_a_book_does_not_part_from_its_copy(said: list[dict]) -> None:
    declared, authorised = lines(said), lines(said, "c", CUSTOMS)
    assert partings(facts_of(declared, authorised)) == ()


@given(LINES, LINES, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_in_which_lines_are_told_plays_no_part(one: list[dict], other: list[dict], shuffled: Random) -> None:
    declared, authorised = lines(one), lines(other, "c", CUSTOMS)
    found = partings(facts_of(declared, authorised))
    shuffled.shuffle(declared)
    shuffled.shuffle(authorised)
    assert partings(facts_of(declared, authorised)) == found


@given(LINES, st.data())
def test_a_line_that_customs_does_not_have_is_where_they_part(said: list[dict], data: st.DataObject) -> None:
    """Every line under a permit of its own, so that each has one counterpart."""
    own = [{**one, "permit": f"P{n}"} for n, one in enumerate(said) if one["act"] in EFFECTIVE]
    if not own:
        return
    n = data.draw(st.integers(0, len(own) - 1))
    declared, authorised = lines(own), lines(own, "c", CUSTOMS)
    parting = apart(facts_of(declared, authorised[:n] + authorised[n + 1 :]))
    assert parting is not None
    assert (parting.first, parting.kind, parting.met_at) == (declared[n], "only_declared", None)
    assert [(one.n, one.uom) for one in parting.difference] == [(signed(declared[n]), declared[n].uom)]
    other = apart(facts_of(declared[:n] + declared[n + 1 :], authorised))
    assert other is not None
    assert (other.first, other.of, other.kind) == (authorised[n], CUSTOMS, "only_authorised")
    changed = [*declared[:n], replace(declared[n], quantity=declared[n].quantity + 1), *declared[n + 1 :]]  # type: ignore[operator]
    differs = apart(facts_of(changed, authorised))
    assert differs is not None
    assert (differs.at, differs.kind) == (declared[n].at, "quantity_differs")
    assert [abs(one.n) for one in differs.difference] == [1]


@given(LINES, LINES)
@settings(max_examples=60)
def test_books_that_add_up_differently_are_apart_by_what_they_do(one: list[dict], other: list[dict]) -> None:
    """In one unit: the difference that is told is that of the sums, and what met is over before the next begins."""
    kept = [[{**line, "uom": "KGM"} for line in told if line["act"] in EFFECTIVE] for told in (one, other)]
    declared, authorised = lines(kept[0]), lines(kept[1], "c", CUSTOMS)
    found = partings(facts_of(declared, authorised))
    ahead = sum(map(signed, declared)) - sum(map(signed, authorised))
    still = [parting for parting in found if parting.met_at is None]
    assert sum(one.n for parting in still for one in parting.difference) == ahead
    assert len(still) <= 1
    assert not still or still[0] is found[-1]
    assert all(before.met_at is not None and before.met_at <= after.at for before, after in pairwise(found))
    for parting in found:
        assert parting.kind in KINDS
        assert [line.at for line in parting.lines] == sorted(line.at for line in parting.lines)
