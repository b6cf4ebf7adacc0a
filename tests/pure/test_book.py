"""Our own book of one box: one fold of all that was received, the same whatever its order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zones.book import Book, book, is_kept, links_of
from zones.customs import Fact, Link
from zones.movement import EFFECT, Telling
from zones.report import DocumentAct, Report, standing

T0 = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(id: str, event: str, at: float, place: str = "port", **more: Any) -> Report:
    """A report; times in hours after T0, received at once."""
    when = T0 + at * HOUR
    values = {
        "report_id": id, "message_id": id, "feed": "gate", "publisher": "terminal", "place": place, "equipment": "BOX", "event": event,
        "occurred_at": when, "received_at": when,
    }  # fmt: skip
    return Report(**(values | more))


def fact(kind: str, at: float, **more: Any) -> Fact:
    about = "bill" if "bill" in more else "equipment"
    values = {
        "fact_id": f"{kind}{at}", "kind": kind, "about": about, "reference": more.get("bill", "BOX"), "agency": "customs",
        "effective_at": T0 + at * HOUR, "received_at": T0 + at * HOUR,
    }  # fmt: skip
    return Fact(**(values | more))


def booked(
    reports: list[Report], facts: list[Fact] | None = None, acts: list[DocumentAct] | None = None, upto: datetime | None = None
) -> Book:
    """The book; of facts about a bill those are asked for whose bill the box goes with."""

    def about(links: Any) -> list[Fact]:
        bills = {link.reference for link in links}
        return [f for f in facts or [] if f.about == "equipment" or f.bill in bills]

    telling = Telling(lambda event: 2 * HOUR, lambda event: {"terminal": 0}, {"gate": T0})
    return book(reports, acts or [], about, lambda place: telling, lambda place: "seaport", upto)


def test_places_are_folded_apart() -> None:
    found = booked([told("a", "gate_in", 0), told("b", "gate_in", 5, "zone"), told("c", "gate_out", 9)])
    assert {(s.place, s.left_at is None) for s in found.stays.values()} == {("port", False), ("zone", True)}
    assert set(found.tips) == {"port", "zone"}


def test_each_report_knows_its_movement_and_each_movement_its_stay() -> None:
    found = booked([told("a", "gate_in", 0), told("b", "gate_in", 1, publisher="carrier"), told("c", "gate_out", 9)])
    (stay_id,) = found.stays
    assert found.canonical["a"] == found.canonical["b"] != found.canonical["c"]
    assert set(found.belongs.values()) == {stay_id}


def test_what_does_not_count_tells_of_no_movement() -> None:
    found = booked([told("a", "gate_in", 0, given="test"), told("b", "gate_out", 900, received_at=T0)])
    assert (found.status, found.movements, dict(found.canonical)) == ({"a": "test", "b": "implausible"}, (), {})


def test_a_line_of_a_later_list_is_a_count_not_a_movement() -> None:
    lists = [told(str(at), "present", at, listed_at=T0 + at * HOUR) for at in (0, 24)]
    found = booked(lists)
    assert [is_kept(m) for m in found.movements] == [True]
    assert set(found.canonical) == {"0"}
    assert found.tips["port"].last_at == T0 + 24 * HOUR


def test_the_documents_a_box_goes_with_each_from_the_first_time_it_was_named() -> None:
    reports = [told("a", "gate_in", 5, bill="B1"), told("b", "strip", 3, bill="B1"), told("c", "seal", 9, bill="B2", declaration="X")]
    named = [Link(kind="bill", reference="B2", at=T0 + 4 * HOUR)]
    assert [(link.kind, link.reference, (link.at - T0) / HOUR) for link in links_of(reports, standing(reports), named)] == [
        ("bill", "B1", 3), ("bill", "B2", 4), ("declaration", "X", 9),
    ]  # fmt: skip


def test_a_hold_on_its_bill_holds_the_box() -> None:
    found = booked([told("a", "discharge", 0, bill="B1")], [fact("hold", 5, bill="B1"), fact("hold", 6, bill="B2")])
    (stay,) = found.stays.values()
    assert (stay.held, stay.held_since) == (("customs",), T0 + 5 * HOUR)


def test_as_of_a_moment_nothing_later_is_folded_but_every_report_keeps_its_status() -> None:
    reports = [told("a", "gate_in", 0), told("b", "gate_out", 9)]
    found = booked(reports, [fact("hold", 3), fact("release", 7)], upto=T0 + 5 * HOUR)
    (stay,) = found.stays.values()
    assert (stay.left_at, stay.held) == (None, ("customs",))
    assert found.status == {"a": "live", "b": "live"}


def test_where_a_cancellation_waits_nothing_is_gone_on_from() -> None:
    found = booked([told("a", "gate_in", 9, function="cancel")])
    assert (found.tips["port"].last_at, found.tips["port"].stay) == (T0 + 9 * HOUR, None)
    found = booked([told("a", "gate_in", 9, function="copy"), told("b", "gate_in", 0)])
    assert found.tips["port"].last_at == T0 + 21 * HOUR


rows = st.lists(
    st.builds(
        told,
        st.uuids().map(lambda u: u.hex[:8]),
        st.sampled_from(sorted(EFFECT)),
        st.integers(0, 30),
        st.sampled_from(("port", "zone")),
        publisher=st.sampled_from(("terminal", "carrier")),
        bill=st.sampled_from(("", "B1", "B2")),
        function=st.sampled_from(("original", "original", "original", "copy", "cancel")),
        precision=st.sampled_from(("minute", "minute", "day")),
        document=st.sampled_from(("", "D1")),
    ),
    max_size=8,
    unique_by=lambda r: r.report_id,
)
facts = st.lists(
    st.builds(
        lambda kind, at, bill: fact(kind, at, bill=bill) if bill else fact(kind, at),
        st.sampled_from(("hold", "release", "selected")),
        st.integers(0, 30),
        st.sampled_from(("", "B1", "B2")),
    ),
    max_size=4,
    unique_by=lambda f: f.fact_id,
)
cancel = DocumentAct(act="cancel", target="D1", document="D1", message_id="m", unit="1", at=None, received_at=T0 + 15 * HOUR)


@given(rows, facts, st.sampled_from(([], [cancel])), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_same_in_any_order(reports: list[Report], told_facts: list[Fact], acts: list[DocumentAct], rng: Random) -> None:
    found = booked(reports, told_facts, acts)
    shuffled, other = list(reports), list(told_facts)
    rng.shuffle(shuffled)
    rng.shuffle(other)
    assert booked(shuffled, other, acts) == found
    live = {each for each, status in found.status.items() if status == "live"}
    assert set(found.canonical) == live
    assert {m.canonical.report_id for m in found.movements} <= live
