"""What counts find against both books; which balances are below zero, and which lines cannot be traced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests import story, story_ledger
from zones.entry import CUSTOMS, Entry
from zones.lot import LotFacts, lot_facts
from zones.rules import rules
from zones.tally import Tally, tallies

START = datetime(2026, 11, 2, tzinfo=UTC)
KG = 1_000_000
LAW = story.told("limit shortage_reported 1%; d0 08:00 admission quantity=1").law


def tallied(text: str) -> Tally:
    """The only count of the first lot of a story."""
    said = story.told(text)
    (tally,) = tallies(next(iter(story_ledger.bundles(said.entries, story.ZONE, said.operator))), said.law)
    return tally


def finding(tally: Tally) -> tuple[int, int, int, int]:
    """Missing and over by the operator's book, then by the supervisor's own; in thousandths."""
    each = (of(stand) for stand in (tally.operator, tally.customs) for of in (tally.missing, tally.over))
    missing, over, absent, beyond = (n // 1000 for n in each)
    return missing, over, absent, beyond


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("d0 08:00 admission quantity=100; d3 09:00 count quantity=97", (3000, 0, 0, 0)),
        ("d0 08:00 admission quantity=100; d3 09:00 count quantity=101", (0, 1000, 0, 0)),
        ("d0 08:00 admission quantity=100 owner=-; d3 09:00 count quantity=97", (3000, 0, 0, 0)),
        ("d0 08:00 admission quantity=100 status=-; d3 09:00 count quantity=97 status=bonded", (3000, 0, 0, 0)),
        ("d0 08:00 admission quantity=100; d3 09:00 count quantity=97 area=W1", (0, 0, 0, 0)),
        ("d0 08:00 admission quantity=100; d3 09:00 count quantity=101 area=W1", (0, 1000, 0, 0)),
        ("d0 08:00 admission quantity=100; d0 08:00 admission quantity=100 book=customs; d3 09:00 count quantity=97", (3000, 0, 3000, 0)),
        ("d0 08:00 admission quantity=97; d0 08:00 admission quantity=100 book=customs; d3 09:00 count quantity=97", (0, 0, 3000, 0)),
        ("d0 08:00 admission quantity=97; d0 08:00 admission quantity=95 book=customs owner=-; d3 09:00 count quantity=97",
         (0, 0, 0, 2000)),
        # what customs does not speak of is taken from the operator's book; an adjustment as well
        ("d0 08:00 admission quantity=100; d0 08:00 admission quantity=100 book=customs; d1 08:00 manufacture input quantity=40; "
         "d2 08:00 adjustment quantity=-1; d3 09:00 count quantity=59", (0, 0, 0, 0)),
        # a unit that does not convert is not compared
        ("d0 08:00 admission quantity=100; d3 09:00 count quantity=9 uom=XCT", (0, 0, 0, 0)),
    ],
)  # fmt: skip
def test_what_a_count_finds(said: str, found: tuple[int, int, int, int]) -> None:
    assert finding(tallied(said)) == found


def test_a_count_that_finds_nothing_amiss_is_told_all_the_same_and_one_of_no_lot_is_not() -> None:
    assert tallied("d0 08:00 admission quantity=100; d3 09:00 count quantity=100").found == 100 * KG
    facts = next(
        story_ledger.bundles(story.told("d0 08:00 admission lot=- quantity=9; d1 08:00 count lot=- quantity=3").entries, UTC, None)
    )
    assert tallies(facts) == ()


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "act": st.sampled_from(["admission", "withdrawal", "count", "return", "destruction", "manufacture"]),
            "quantity": st.integers(1, 9).map(lambda n: n * KG),
            "uom": st.sampled_from(["KGM", "TNE", "KGM"]),
            "precision": st.sampled_from(["minute", "day"]),
            "minutes": st.integers(0, 6 * 1440),
        }
    ),
    min_size=1,
    max_size=10,
)


def lines(said: list[dict], true: bool = False) -> list[Entry]:
    """Lines as they are told; `true`: each at the minute at which it happened, whatever was told of that."""
    found = []
    for n, one in enumerate(said):
        day = one["precision"] == "day" and not true
        at = START + timedelta(minutes=one["minutes"] // 1440 * 1440 if day else one["minutes"])
        side = {"manufacture": "output" if n % 2 else "input"}.get(one["act"], "")
        told = {"lot": "L1", "owner": "A", "precision": "day" if day else "minute", "quantity": one["quantity"], "uom": one["uom"]}
        found.append(Entry(f"e{n:03}", one["act"], at, at, "zone", "O1", side=side, **told))
    return found


def facts_of(entries: list[Entry], authorised: list[Entry] = []) -> LotFacts:  # noqa: B006 - read only
    return lot_facts(("zone", "O1", "L1"), UTC, None, entries, authorised)


@given(LINES)
@settings(max_examples=80)
def test_the_truth_lies_between_the_least_and_the_most(said: list[dict]) -> None:
    """Whatever minute of its day a line told by the day was of: what the book truly had lies between; and where all times are told it is
    what the ledger expected."""
    truth = facts_of(lines(said, true=True))
    for tally in tallies(facts_of(lines(said))):
        expected = truth.posted[tally.count.entry_id].expected
        assert expected is not None
        assert tally.operator is not None
        assert tally.operator.least <= max(0, expected) <= tally.operator.most
        assert not (tally.missing(tally.operator) and tally.over(tally.operator))
    for tally in tallies(truth):
        assert tally.operator is not None
        assert tally.operator.book == truth.posted[tally.count.entry_id].expected


@given(LINES)
@settings(max_examples=60)
def test_the_same_in_both_books_is_the_same_to_a_count(said: list[dict]) -> None:
    own = lines(said)
    copy = [replace(line, entry_id=f"c{line.entry_id}", book=CUSTOMS) for line in own if line.act not in ("count", "manufacture")]
    for tally in tallies(facts_of(own, copy)) if copy else ():
        assert tally.operator is not None
        assert tally.customs is not None
        assert tally.customs.book == tally.operator.book
        assert tally.customs.least <= tally.operator.least <= tally.operator.most <= tally.customs.most  # it may lag


def moments(facts: LotFacts, rule: str) -> set[tuple[str, int]]:
    """(line, hour) for which a rule has an episode of that line."""
    spells = [
        (one.anchor[0], one.began_at, one.ended_at) for one in rules()[rule].episodes(facts, LAW) if one.because.key != "not_traceable_made"
    ]
    return {(line, n) for line, began, ended in spells for n in range(7 * 24) if began <= _hour(n) and (ended is None or _hour(n) < ended)}


def _hour(n: int) -> datetime:
    return START + timedelta(hours=n, minutes=30)


@given(LINES)
@settings(max_examples=80)
def test_below_zero_is_negative_stock_or_not_traceable_and_never_both(said: list[dict]) -> None:
    """At every instant each balance below zero is in one of the two rules; only what another reading of a day's times covers is in none."""
    facts = facts_of(lines(said))
    negative, untraced = moments(facts, "negative_stock"), moments(facts, "withdrawal_not_traceable_to_admission")
    assert not negative & untraced
    below = {
        (one.by.entry_id, n)
        for one in facts.deficits
        for n in range(7 * 24)
        if one.since <= _hour(n) and (one.until is None or _hour(n) < one.until)
    }
    perhaps = {line.entry_id for line in facts.entries if line.precision == "day"}
    assert negative | untraced <= below
    assert {pair for pair in below if pair[0] not in perhaps} <= negative | untraced


@given(LINES, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_in_which_lines_are_told_plays_no_part(said: list[dict], shuffled) -> None:
    told = lines(said)
    first = {rule: [*rules()[rule].episodes(facts_of(told), LAW)] for rule in ("overage", "negative_stock", "shortage")}
    shuffled.shuffle(told)
    assert first == {rule: [*rules()[rule].episodes(facts_of(told), LAW)] for rule in first}
