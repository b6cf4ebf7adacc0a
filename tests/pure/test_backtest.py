"""Comparing two laws, floods, and rules that are off: by example and against the definition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from zones.backtest import Tally, compared, floods, wrong
from zones.episode import Because, Episode, Step
from zones.rules import rules
from zones.stay import Mark
from zones.switch import Off, ended, without

T0 = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MARK = Mark(report_id="r", reports=("r",), event="gate_in", at=T0, precision="minute", received_at=T0)


def at(hours: float) -> datetime:
    return T0 + hours * HOUR


def episode(anchor: str, began: float, ended: float | None = None, *steps: tuple[str, float]) -> Episode:
    """A spell in hours after T0; steps as (severity, hour)."""
    told = tuple(Step(severity, severity, at(hour)) for severity, hour in steps) or (Step("always", "queue", at(began)),)
    return Episode(
        anchor=(anchor,),
        anchor_reports=(anchor,),
        place="port",
        began_at=at(began),
        ended_at=None if ended is None else at(ended),
        steps=told,
        evidence=(MARK,),
        because=Because("x"),
    )


def test_gained_lost_and_same_go_by_the_anchor_not_by_the_time() -> None:
    today = [episode("both", 30, 50), episode("only today", 10, 12), episode("later today", 60)]
    other = [episode("both", 20, 50), episode("only other", 5, 6), episode("later today", 40)]
    found = {spell.anchor[0]: (spell.what, spell.began_at) for spell in compared("stay:port/X", today, other, T0, at(48))}
    assert found == {
        "both": ("same", at(20)),
        "only today": ("lost", at(10)),
        "only other": ("gained", at(5)),
        "later today": ("gained", at(40)),  # by the end of the period today's law has not come to it
    }


def test_a_spell_belongs_to_the_period_in_which_it_begins() -> None:
    one = [episode("a", -1, 5), episode("b", 0), episode("c", 23.9), episode("d", 24)]
    assert [spell.anchor for spell in compared("s", one, one, T0, at(24))] == [("b",), ("c",)]


def test_days_are_of_the_place_and_a_day_without_any_is_a_day() -> None:
    tally = Tally(ZONE)
    for spell in compared("s", [], [episode("a", 16.5), episode("b", 17.5), episode("c", 17.5)], T0, at(48)):
        tally.add(spell)
    said = tally.said(2, T0, at(48))
    assert [(day["day"], day["gained"]) for day in said["days"]] == [("2026-11-02", 1), ("2026-11-03", 2), ("2026-11-04", 0)]
    assert said["per_officer_day_hundredths"] == 50
    assert tally.said(0, T0, at(48))["per_officer_day_hundredths"] is None


def test_a_flood_begins_with_the_eleventh_in_ten_minutes_and_ends_with_fewer_than_five() -> None:
    assert floods(T0 + timedelta(minutes=n) for n in range(10)) == []
    (flood,) = floods(T0 + timedelta(seconds=30 * n) for n in range(12))
    assert (flood.began, flood.ended, flood.n) == (T0 + timedelta(seconds=300), T0 + timedelta(seconds=600 + 7 * 30), 12)
    assert len(floods([T0] * 20 + [T0 + HOUR] * 20)) == 2


@given(st.lists(st.integers(0, 4000), max_size=60))
def test_floods_are_what_a_look_at_each_second_finds(seconds: list[int]) -> None:
    expected, began = [], None
    for now in range(5000):
        inside = sum(now - 600 < second <= now for second in seconds)
        if began is None and inside > 10:
            began = now
        elif began is not None and inside < 5:
            expected.append((began, now))
            began = None
    found = [
        (int((f.began - T0).total_seconds()), int((f.ended - T0).total_seconds()))
        for f in floods(T0 + timedelta(seconds=s) for s in seconds)
    ]
    assert found == expected


def test_off_cuts_what_lasts_and_drops_what_latches() -> None:
    off = Off("r", at(10), at(20), "works on the road")
    long = episode("a", 5, 40, ("queue", 5), ("today", 12), ("act_now", 30))
    first, second = without([long], [off], latching=False)
    assert (first.began_at, first.ended_at, [s.severity for s in first.steps]) == (at(5), at(10), ["queue"])
    assert (second.began_at, second.ended_at, [(s.severity, s.at) for s in second.steps]) == (
        at(20), at(40), [("today", at(20)), ("act_now", at(30))],
    )  # fmt: skip
    assert without([episode("b", 12)], [off], latching=True) == []
    assert [e.began_at for e in without([episode("b", 12)], [off], latching=False)] == [at(20)]
    assert [e.ended_at for e in without([episode("c", 5)], [off], latching=True)] == [at(10)]
    untouched = [episode("d", 1, 10), episode("e", 20), episode("f", 9, 9.5)]
    assert without(untouched, [off], latching=True) == untouched
    assert without([episode("g", 12)], [Off("r", at(10), None, "")], latching=False) == []


def test_switching_on_ends_what_is_off_and_what_was_to_come() -> None:
    offs = (Off("r", at(1), None, "x"), Off("r", at(30), at(40), "x"), Off("other", at(1), None, "x"))
    assert [(off.rule, off.until) for off in ended(offs, "r", at(20))] == [("r", at(20)), ("other", None)]


def test_only_a_limit_of_the_rule_and_only_a_duration_may_be_asked_for() -> None:
    overstay = rules()["import_overstay"]
    assert wrong(overstay, "import_dwell_warn", "3d") == ""
    assert "import_dwell_warn" in wrong(overstay, "dwell", "3d")
    assert "soon" in wrong(overstay, "import_dwell_warn", "soon")
