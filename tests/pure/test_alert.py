"""Spells become occasions, and occasions find the alerts recorded for them: by anchor, by shared reports, by time; one to one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zones.alert import BEGINS, CONDITIONS, LATCHED, TURNS, Latching, Occasion, Recorded, matched, next_look, occasions, overlap, turned
from zones.episode import ALWAYS, Because, Episode, Step, lower
from zones.stay import Mark

T0 = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return T0 + hours * HOUR


def episode(began: float, ended: float | None = None, anchor: str = "a", heard: float = 0, steps: tuple[Step, ...] = ()) -> Episode:
    """A spell; times in hours after T0."""
    mark = Mark(at=T0, event="gate_in", report_id=anchor, received_at=at(heard), reports=(anchor, f"{anchor}-too"))
    return Episode(
        anchor=(anchor,),
        anchor_reports=mark.reports,
        place="port",
        began_at=at(began),
        ended_at=None if ended is None else at(ended),
        steps=steps or (Step(ALWAYS, "today", at(began)),),
        evidence=(mark,),
        because=Because("k", began=at(began)),
    )


def found(*episodes: Episode, now: float = 100, latching: Latching = False, heard: float | None = 1000) -> list[Occasion]:
    return occasions(episodes, at(now), latching, {"gate"}, lambda place, kind: None if heard is None else at(heard))


def test_the_condition_axis_is_a_table_of_known_conditions() -> None:
    assert set(TURNS) == set(CONDITIONS)
    for before, turns in TURNS.items():
        assert set(turns) <= set(CONDITIONS) - {before}
    assert "invalidated" not in BEGINS  # nothing is raised whose evidence is gone already


@pytest.mark.parametrize(("before", "after", "said"), [
    ("active", "active", "changed"), ("unverified", "active", "verified"), ("active", "cleared", "cleared"),
    ("cleared", "active", "returned"), ("cleared", "invalidated", "invalidated"), ("invalidated", "unverified", "returned"),
])  # fmt: skip
def test_a_turn_has_a_name_in_the_journal(before: str, after: str, said: str) -> None:
    assert turned(before, after, latching=False) == said


def test_what_latches_never_clears_and_an_unknown_condition_is_refused() -> None:
    assert not any("cleared" in turns for turns in LATCHED.values())
    for before, after, latching in (("active", "cleared", True), ("active", "over", False), ("raised", "active", False)):
        with pytest.raises(ValueError, match=f"from {before} to {after}"):
            turned(before, after, latching=latching)


def test_spells_of_one_anchor_are_one_occasion() -> None:
    (one,) = found(episode(30), episode(5, 10))
    assert one.spells == ((at(5), at(10)), (at(30), None))
    assert (one.began_at, one.ended_at, one.condition) == (at(5), None, "active")
    assert one.because == Because("k", began=at(30))


def test_what_lies_ahead_has_not_begun() -> None:
    assert found(episode(100.1)) == []
    assert len(found(episode(100))) == 1


@pytest.mark.parametrize(("ended", "condition"), [(99, "cleared"), (100, "cleared"), (100.5, "active"), (None, "active")])
def test_over_it_is_cleared(ended: float | None, condition: str) -> None:
    assert found(episode(5, ended))[0].condition == condition


def test_what_latches_stays_open() -> None:
    assert found(episode(5, 10), latching=True)[0].condition == "active"


@pytest.mark.parametrize(("ended", "condition"), [(40, "cleared"), (60, "active")])
def test_what_latches_from_a_step_on_stays_open_once_it_has_come_to_it(ended: float, condition: str) -> None:
    steps = (Step("warn", "queue", at(5)), *([Step("high", "today", at(50))] if ended > 50 else []))
    (one,) = found(episode(5, ended, steps=steps), latching=frozenset({"high"}))
    assert (one.condition, one.latching) == (condition, condition == "active")


@pytest.mark.parametrize(("heard", "condition"), [(4.9, "unverified"), (5, "active"), (None, "unverified")])
def test_what_begins_beyond_what_was_heard_is_unverified(heard: float | None, condition: str) -> None:
    assert found(episode(5), heard=heard)[0].condition == condition


def test_known_at_does_not_depend_on_when_we_look() -> None:
    assert [found(episode(5, heard=3), now=now)[0].known_at for now in (5, 50)] == [at(5), at(5)]
    assert found(episode(5, heard=70))[0].known_at == at(70)


def test_the_step_in_force_is_the_latest_begun() -> None:
    steps = (Step("warn", "queue", at(5)), Step("high", "today", at(50)))
    assert [found(episode(5, steps=steps), now=now)[0].step.name for now in (5, 49, 50)] == ["warn", "warn", "high"]
    assert found(episode(5, 40, steps=steps), now=90)[0].step.name == "warn"
    assert [len(found(episode(5, steps=steps), now=now)[0].steps) for now in (5, 50)] == [1, 2]


def test_when_to_look_again() -> None:
    steps = (Step("warn", "queue", at(5)), Step("high", "today", at(50)))
    ahead = [episode(5, 80, steps=steps), episode(60)]
    assert [next_look(ahead, at(now)) for now in (0, 5, 50, 60, 80)] == [at(5), at(50), at(60), at(80), None]


def test_the_lowest_severity_stays() -> None:
    assert [lower(s) for s in ("act_now", "today", "queue")] == ["today", "queue", "queue"]


# ---------------------------------------------------------------- matching


def recorded(
    id: str, anchor: str, began: float = 5, ended: float | None = None, reports: tuple[str, ...] = (), gone: bool = False
) -> Recorded:
    spells = ((at(began), None if ended is None else at(ended)),)
    return Recorded(id, (anchor,), frozenset(reports or (anchor,)), spells, gone)


def pairs(alerts: list[Recorded], *episodes: Episode) -> tuple[dict[str, str], list[str]]:
    """anchor -> alert id, and the ids left over."""
    now = found(*episodes)
    by_number, left = matched(alerts, now, at(100))
    return {now[n].anchor[0]: alert.alert_id for n, alert in by_number.items()}, sorted(alert.alert_id for alert in left)


def test_by_equal_anchor_first() -> None:
    alerts = [recorded("1", "b", reports=("a",)), recorded("2", "a", began=90)]
    assert pairs(alerts, episode(5, anchor="a")) == ({"a": "2"}, ["1"])


def test_an_invalidated_alert_takes_its_anchor_back_but_a_valid_one_goes_before() -> None:
    assert pairs([recorded("1", "a", gone=True)], episode(5)) == ({"a": "1"}, [])
    assert pairs([recorded("2", "a", gone=True), recorded("1", "a")], episode(5)) == ({"a": "1"}, ["2"])


def test_else_by_the_most_shared_reports() -> None:
    alerts = [recorded("1", "x", reports=("a",)), recorded("2", "y", reports=("a", "a-too"))]
    assert pairs(alerts, episode(5, anchor="a")) == ({"a": "2"}, ["1"])


def test_else_by_overlap_with_what_began_within_a_day() -> None:
    assert pairs([recorded("1", "x", began=28)], episode(5)) == ({"a": "1"}, [])
    assert pairs([recorded("1", "x", began=30)], episode(5)) == ({}, ["1"])
    assert pairs([recorded("1", "x", began=4, ended=5)], episode(5)) == ({}, ["1"])
    assert pairs([recorded("1", "x", began=20), recorded("2", "y", began=10)], episode(5)) == ({"a": "2"}, ["1"])


def test_one_alert_answers_to_one_occasion() -> None:
    assert pairs([recorded("1", "x")], episode(5, anchor="a"), episode(6, anchor="b")) == ({"a": "1"}, [])


def test_what_nothing_answers_to_is_left_over() -> None:
    assert pairs([recorded("1", "a")]) == ({}, ["1"])


def test_open_spells_count_a_day_beyond_the_moment() -> None:
    assert overlap([(at(0), None)], [(at(90), None)], at(100)) == 34 * 3600
    assert overlap([(at(0), at(5))], [(at(5), None)], at(100)) == 0


anchors = st.sampled_from("abcdef")
known = st.builds(recorded, st.uuids().map(str), anchors, st.integers(0, 50), gone=st.booleans())
begun = st.builds(episode, st.integers(0, 90), anchor=anchors)


@given(st.lists(known, max_size=5, unique_by=lambda r: r.alert_id), st.lists(begun, max_size=5))
@settings(max_examples=200, deadline=None)
def test_matching_is_one_to_one_and_loses_nobody(alerts: list[Recorded], episodes: list[Episode]) -> None:
    now = found(*episodes)
    by_number, left = matched(alerts, now, at(100))
    taken = [alert.alert_id for alert in by_number.values()]
    assert len(set(taken)) == len(taken)
    assert sorted([*taken, *(alert.alert_id for alert in left)]) == sorted(alert.alert_id for alert in alerts)
    assert set(by_number) <= set(range(len(now)))
    same = {alert.anchor for alert in alerts} & {one.anchor for one in now}
    assert same <= {now[n].anchor for n in by_number}
