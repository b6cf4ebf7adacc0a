"""The time of goods: what its rules tell of a ledger is what the ledger, folded up to a moment, says of that moment."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests import story, story_ledger
from zones.goods import DOMESTIC, TEMPORARY
from zones.ledger import ZONE_LOT, fold
from zones.lot import longest_uncounted
from zones.rules import rules

STATUS = st.sampled_from(["bonded", "temporary", "domestic"])
QUANTITY = st.integers(1, 60)
LINE = st.one_of(
    st.builds("admission quantity={} status={}".format, QUANTITY, STATUS),
    st.builds("withdrawal quantity={} status={}".format, QUANTITY, STATUS),
    st.builds("manipulation quantity={} status={} to_status={}".format, QUANTITY, STATUS, STATUS),
    st.builds("manipulation quantity={} to_area={}".format, QUANTITY, st.sampled_from("AB")),
)
BOOK = st.lists(st.tuples(st.integers(0, 30), LINE), min_size=1, max_size=8, unique_by=lambda one: one[0])


def told(book: list[tuple[int, str]]) -> story.Story:
    """A ledger of one line a day at most, and five days for everything."""
    limits = "; ".join(f"limit {name} 5d" for name in ("bonded_period", "re_export_within", "suspense_warn"))
    return story.told("; ".join([limits, *(f"d{day} 08:00 {line}" for day, line in book)]))


@given(BOOK, st.integers(0, 40))
def test_an_alert_is_of_goods_that_are_there(book: list[tuple[int, str]], day: int) -> None:
    """At noon of any day: time in bond is up for each line of which goods are there, five days old, under a status that has it."""
    ledger, noon = told(book), story.clock(str(day), "12", "00")
    account, _ = fold(ledger.entries, lambda at: ZONE_LOT, noon)
    old = {
        layer.source: layer.at <= noon - timedelta(days=5)
        for layer in account.layers
        if layer.quantity > 0 and layer.status not in (TEMPORARY, DOMESTIC)
    }
    found = story.episodes(rules()["bonded"], ledger)
    assert {e.anchor[0] for e in found if e.began_at <= noon and (e.ended_at is None or noon < e.ended_at)} == {
        source for source, is_old in old.items() if is_old
    }


@given(BOOK)
def test_no_time_is_up_sooner_than_it_may(book: list[tuple[int, str]]) -> None:
    ledger = told(book)
    for rule_id in ("bonded", "temporary_import_for_re_export_overdue", "suspense_account_ageing"):
        for episode in story.episodes(rules()[rule_id], ledger):
            assert all(episode.began_at >= line.at + timedelta(days=5) for line in episode.evidence[:1])  # type: ignore[union-attr]
            assert episode.ended_at is None or episode.began_at < episode.ended_at


@given(BOOK)
def test_what_was_not_counted_longest_came_in_first(book: list[tuple[int, str]]) -> None:
    """Of a book without counts it is what let in the oldest goods that are there; after a count of all of it nothing is older than that."""
    ledger = told(book)
    account, _ = fold(ledger.entries, lambda at: ZONE_LOT)
    there = [layer.at for layer in account.layers if layer.quantity > 0]
    line = longest_uncounted(story_ledger.bundles(ledger.entries, story.ZONE, None))
    assert (line.at if line else None) == min(there, default=None)
    counted = told([*book, (50, "count quantity=1 counted=cycle")])
    line = longest_uncounted(story_ledger.bundles(counted.entries, story.ZONE, None))
    assert (line.act if line else None) == ("count" if there else None)
