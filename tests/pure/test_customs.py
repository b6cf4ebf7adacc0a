"""When a box is held, by whom, and what a date without a time leaves open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from tests.story import told
from zones.customs import Fact, Hold, Link, counted, holds, in_force, open_holds, version_of
from zones.limits import Law
from zones.report import Version, latest
from zones.rules import gate_out_on_hold as rule
from zones.stay import Mark, Stay
from zones.subject import StayFacts

D0 = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def fact(kind: str, at: float, id: str = "", agency: str = "customs", **more: Any) -> Fact:
    """A customs fact about the box, or the document named in `more`; times in hours after D0."""
    about = next((name for name in ("bill", "declaration") if name in more), "equipment")
    values = {
        "fact_id": id or f"{kind}{at}", "kind": kind, "about": about, "reference": more.get(about, "BOX"), "agency": agency,
        "effective_at": D0 + at * HOUR, "received_at": D0 + at * HOUR, "equipment": "" if about != "equipment" else "BOX",
    }  # fmt: skip
    return Fact(**(values | more))


def link(reference: str, at: float, kind: str = "bill") -> Link:
    return Link(kind=kind, reference=reference, at=D0 + at * HOUR)


def spans(*facts: Fact, links: tuple[Link, ...] = ()) -> list[tuple[float, float | None]]:
    """The holds as (since, until) in hours; the same in any order."""
    found = holds(facts, links)
    for seed in range(5):
        shuffled = list(facts)
        Random(seed).shuffle(shuffled)
        assert holds(shuffled, tuple(reversed(links))) == found
    return [((hold.since - D0) / HOUR, (hold.until - D0) / HOUR if hold.until else None) for hold in found]


@pytest.mark.parametrize("kind", ["hold", "selected"])
def test_held_from_the_hold_to_the_next_release(kind: str) -> None:
    assert spans(fact(kind, 1)) == [(1, None)]
    assert spans(fact(kind, 1), fact("release", 5), fact("release", 7)) == [(1, 5)]
    assert spans(fact("release", 1), fact(kind, 2)) == [(2, None)]


@pytest.mark.parametrize("kind", ["inspected", "permit"])
def test_what_holds_nothing(kind: str) -> None:
    assert spans(fact(kind, 1)) == []


def test_told_again_while_in_force_it_is_the_same_hold() -> None:
    assert spans(fact("hold", 1), fact("hold", 3), fact("release", 5), fact("hold", 6)) == [(1, 5), (6, None)]


def test_only_the_same_agency_releases() -> None:
    assert spans(fact("hold", 1), fact("hold", 2, agency="QUA"), fact("release", 5)) == [(1, 5), (2, None)]


def test_of_the_same_reference_where_both_give_one() -> None:
    both = fact("hold", 1, hold_ref="A"), fact("hold", 2, hold_ref="B")
    assert spans(*both, fact("release", 5, hold_ref="B")) == [(1, None), (2, 5)]
    assert spans(*both, fact("release", 5)) == [(1, 5), (2, 5)]
    assert spans(fact("hold", 1), fact("release", 5, hold_ref="B")) == [(1, 5)]


def test_at_the_same_instant_the_release_comes_after_the_hold() -> None:
    (hold,) = holds([fact("release", 1), fact("hold", 1)])
    assert hold.until == hold.since
    assert in_force([hold], D0 + HOUR) == ()


def test_in_force_from_the_hold_on_and_not_at_the_release() -> None:
    (hold,) = holds([fact("hold", 1), fact("release", 5)])
    assert [hold.in_force(D0 + at * HOUR) for at in (0.99, 1, 4.99, 5)] == [False, True, True, False]


def test_a_documents_hold_applies_while_the_box_goes_with_it() -> None:
    (hold,) = holds([fact("hold", 1, bill="B1")], (link("B1", 3), link("B2", 9)))
    assert [hold.in_force(D0 + at * HOUR) for at in (2, 3, 8, 9)] == [False, True, True, False]
    assert open_holds([hold]) == ()
    assert open_holds(holds([fact("hold", 1, bill="B1")], (link("B1", 3),)))


def test_documents_named_together_go_with_the_box_together() -> None:
    facts = fact("hold", 5, bill="B1"), fact("hold", 6, bill="B2")
    assert spans(*facts, links=(link("B1", 0), link("B2", 0))) == [(5, None), (6, None)]


def test_of_one_statement_told_twice_the_later_version_counts() -> None:
    under = {"publisher": "c", "source_id": "1"}
    first, later = (fact("hold", 5, id=id, message_id=id, updated_at=D0 + at * HOUR, **under) for id, at in (("a", 1), ("b", 2)))
    stands = latest(map(version_of, (first, later)))
    assert [counted(each, "live", stands) for each in (first, later)] == ["superseded", "live"]
    assert counted(later, "implausible", stands) == "implausible"
    assert counted(first, "test", stands) == "test"
    taken_back = latest([*map(version_of, (first, later)), Version("c", "1", "z", D0 + 2 * HOUR, D0, cancel=True)])
    assert [counted(each, "live", taken_back) for each in (first, later)] == ["retracted", "retracted"]
    assert counted(fact("hold", 5), "live", taken_back) == "live"


def test_a_documents_release_frees_its_boxes() -> None:
    links = (link("B1", 0),)
    assert spans(fact("hold", 1), fact("release", 5, bill="B1"), links=links) == [(1, 5)]
    assert spans(fact("hold", 1, bill="B1"), fact("release", 5, bill="B1"), links=links) == [(1, 5)]
    assert spans(fact("hold", 1, bill="B1"), fact("release", 5), links=links) == [(1, 5)]


def test_a_release_of_another_document_frees_nothing() -> None:
    links = (link("B1", 0), link("X1", 0, "declaration"))
    assert spans(fact("hold", 1, bill="B1"), fact("release", 5, declaration="X1"), links=links) == [(1, None)]
    assert spans(fact("hold", 1), fact("release", 5, bill="B2"), links=links) == [(1, None)]


def test_a_fact_told_twice_by_one_id_counts_once() -> None:
    one = fact("hold", 1)
    assert spans(one, one) == [(1, None)]


# ---------------------------------------------------------------- dated by the day


def test_a_day_leaves_open_when_it_began_and_when_it_ended() -> None:
    (hold,) = holds([fact("hold", 0, precision="day"), fact("release", 48, precision="day")])
    at = {hours: D0 + hours * HOUR for hours in (-1, 12, 24, 47, 60, 72)}
    assert {hours: hold.may_hold(t, t) for hours, t in at.items()} == {-1: False, 12: True, 24: True, 47: True, 60: True, 72: False}
    assert {hours: hold.must_hold(t, t) for hours, t in at.items()} == {-1: False, 12: False, 24: True, 47: True, 60: False, 72: False}


def left(at: float, precision: str = "minute") -> Stay:
    """A stay that ended so many hours after D0."""
    opening = Mark(at=D0 - 24 * HOUR, event="gate_in", report_id="in", received_at=D0)
    exit = Mark(at=D0 + at * HOUR, event="gate_out", report_id="out", received_at=D0 + at * HOUR, precision=precision, reports=("out",))
    return Stay(stay_id="s", equipment="BOX", place="port", opening=opening, entered=True, exit=exit, left_at=exit.at, heard_at=D0)


@pytest.mark.parametrize(
    ("exit", "precision", "facts", "severity"),
    [
        (14, "minute", (fact("hold", 0, precision="day"),), "today"),  # held that day: before or after it left?
        (38, "minute", (fact("hold", 0, precision="day"),), "act_now"),
        (14, "minute", (fact("hold", -48), fact("release", 0, precision="day")), "today"),  # released that day: before or after?
        (38, "minute", (fact("hold", -48), fact("release", 0, precision="day")), None),
        (-2, "minute", (fact("hold", -48), fact("release", 0, precision="day")), "act_now"),
        (0, "day", (fact("hold", 14),), "today"),  # left that day: before or after the hold?
        (0, "day", (fact("hold", -1),), "act_now"),
        (0, "day", (fact("hold", -1), fact("release", 14)), "today"),
        (0, "day", (fact("hold", 24),), None),
    ],
)
def test_it_fires_if_every_reading_does_and_one_severity_lower_if_some_do(
    exit: float, precision: str, facts: tuple[Fact, ...], severity: str | None
) -> None:
    found = list(rule.episodes(StayFacts(left(exit, precision), holds(facts)), Law([], told("d0 08:00 gate_in").law.zone)))
    assert [episode.steps[0].severity for episode in found] == ([severity] if severity else [])
    assert all(episode.steps[0].certain == (severity == "act_now") for episode in found)


def test_the_hold_is_part_of_the_evidence() -> None:
    held = holds([fact("hold", 1, id="f")])
    (episode,) = rule.episodes(StayFacts(left(5), held), told("d0 08:00 gate_in").law)
    assert isinstance(held[0], Hold)
    assert episode.evidence_ids == ("out", "f")
