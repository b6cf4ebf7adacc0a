"""The law: which limit holds when, and what was over it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zones.calendar import Calendar, Duration, before
from zones.jurisdiction import parse
from zones.limits import ALWAYS, Law, Limit, Spell, succession

UNHURRIED = settings(deadline=None)  # a busy machine is not a fault
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
D0 = datetime(2026, 1, 1, tzinfo=UTC)


def d(days: float) -> datetime:
    """So many days after the beginning."""
    return D0 + timedelta(days=days)


def limit(
    value: str, since: float | None = None, until: float | None = None, *, applies: str = "at_time", origin: str = "jurisdiction"
) -> Limit:
    """One version of the limit `dwell`."""
    began = ALWAYS if since is None else d(since)
    ended = None if until is None else d(until)
    return Limit(limit="dwell", value=Duration.parse(value), valid_from=began, valid_to=ended, applies=applies, origin=origin)


def law(*limits: Limit) -> Law:
    """The law of a place in Hanoi."""
    return Law(limits, HANOI)


def spells(law: Law, start: float, until: float | None = None) -> list[tuple[float, float | None, str]]:
    """When what began at `start` was over `dwell`: in days from the beginning, and by which value."""

    def days(t: datetime | None) -> float | None:
        return None if t is None else (t - D0) / timedelta(days=1)

    found = law.beyond("dwell", d(start), None if until is None else d(until))
    return [(days(s.began) or 0.0, days(s.ended), str(s.limit.value)) for s in found]


def test_a_limit_not_declared_switches_off() -> None:
    assert law().at("dwell", d(1)) is None
    assert law().deadline("dwell", d(1), d(1)) is None
    assert law().beyond("dwell", d(1)) == ()


def test_over_it_from_the_deadline_on() -> None:
    assert spells(law(limit("5d")), 0) == [(5, None, "5d")]
    assert spells(law(limit("5d")), 0, until=7) == [(5, 7, "5d")]
    assert spells(law(limit("5d")), 0, until=5) == [], "gone at the instant of the deadline"
    assert law(limit("5d")).deadline("dwell", d(0), d(0)) == d(5)


def test_a_limit_that_tightens_catches_what_is_already_older() -> None:
    moved = law(limit("5d", 0), limit("3d", 4))
    assert spells(moved, 0) == [(4, None, "3d")]
    assert spells(moved, 2) == [(5, None, "3d")]
    assert moved.deadline("dwell", d(0), d(3)) == d(5)
    assert moved.deadline("dwell", d(0), d(4)) == d(3)


def test_one_that_loosens_ends_the_spell_for_a_while() -> None:
    assert spells(law(limit("5d", 0), limit("8d", 6)), 0) == [(5, 6, "5d"), (8, None, "8d")]


def test_touching_spells_of_two_versions_are_two() -> None:
    assert spells(law(limit("5d", 0), limit("4d", 6)), 0) == [(5, 6, "5d"), (6, None, "4d")]


def test_a_limit_that_lapses_ends_the_spell() -> None:
    assert spells(law(limit("5d", 0, 7)), 0) == [(5, 7, "5d")]
    assert spells(law(limit("5d", 0, 7)), 3) == []


def test_before_it_is_in_force_nothing_is_over_it() -> None:
    assert spells(law(limit("5d", 10)), 0) == [(10, None, "5d")]


def test_entered_from_leaves_what_is_inside_under_the_limit_it_had() -> None:
    moved = law(limit("5d", 0), limit("3d", 4, applies="entered_from"))
    assert spells(moved, 0) == [(5, None, "5d")]
    assert spells(moved, 4) == [(7, None, "3d")]
    assert spells(law(limit("3d", 4, applies="entered_from")), 0) == [], "there was none before"


def test_entered_from_stays_with_what_entered_under_it() -> None:
    lapsed = law(limit("3d", 0, 4, applies="entered_from"))
    assert spells(lapsed, 2) == [(5, None, "3d")]
    assert spells(lapsed, 4) == []
    followed = law(limit("3d", 0, applies="entered_from"), limit("9d", 4))
    assert spells(followed, 2) == [(11, None, "9d")], "the later one says that it holds for all"
    assert spells(law(limit("3d", 0, applies="entered_from"), limit("9d", 4, applies="entered_from")), 2) == [(5, None, "3d")]


def test_a_gap_between_two_versions() -> None:
    gap = law(limit("3d", 0, 4), limit("3d", 6, applies="entered_from"))
    assert spells(gap, 0) == [(3, 4, "3d")], "what held had lapsed before the new one came"
    assert spells(gap, 5) == []


def test_the_place_wins_while_its_limit_is_in_force() -> None:
    own = law(limit("9d"), limit("4d", 2, 6, origin="place"))
    assert [str(own.at("dwell", d(t)).value) for t in (1, 2, 5, 6)] == ["9d", "4d", "4d", "9d"]  # type: ignore[union-attr]
    assert spells(own, 0) == [(4, 6, "4d"), (9, None, "9d")]
    assert spells(law(limit("3d"), limit("9d", 2, 6, origin="place")), 0) == [(6, None, "3d")], "a looser one shields"


def test_two_versions_follow_each_other() -> None:
    first, second, third = succession([limit("3d", 9), limit("5d", 0), limit("4d", 5, 7)])
    assert [(str(v.value), v.valid_to) for v in (first, second, third)] == [("5d", d(5)), ("4d", d(7)), ("3d", None)]


def test_other_values_for_a_back_test() -> None:
    real = law(limit("5d", 0), limit("3d", 4))
    assert spells(real.with_values({"dwell": Duration(9, "d")}), 0) == [(9, None, "9d")]
    new = real.with_values({"stay": Duration(2, "d")})
    assert new.deadline("stay", d(0), d(0)) == d(2)
    assert new.version != real.version
    assert law(limit("5d", 0), limit("3d", 4)).version == real.version


def test_limits_set_on_a_screen() -> None:
    assert spells(law(limit("9d")).with_limits([limit("2d", 1, origin="place")]), 0) == [(2, None, "2d")]


def test_a_version_is_a_hash_of_what_is_declared() -> None:
    office = Calendar(last_day=date(2026, 12, 31))
    assert limit("5d").version == limit("5d").version
    assert len({limit("5d").version, limit("6d").version, limit("5d", 1).version, limit("5d", origin="place").version}) == 4
    counted = Limit(limit="x", value=Duration(5, "wd"), calendar="office", by_calendar=office)
    assert (
        counted.version
        != Limit(limit="x", value=Duration(5, "wd"), calendar="office", by_calendar=Calendar(last_day=date(2027, 12, 31))).version
    )


def test_not_before_is_said() -> None:
    counted = Limit(limit="dwell", value=Duration(5, "wd"), calendar="office", by_calendar=Calendar(last_day=date(2000, 1, 1)))
    (spell,) = law(counted).beyond("dwell", d(0))
    assert not spell.exact
    assert not law(counted).due("dwell", d(0), d(0)).exact  # type: ignore[union-attr]


DAYS = st.integers(0, 30)
VERSIONS = st.lists(
    st.builds(
        lambda since, run, n, applies, origin: limit(f"{n}d", since, since + run if run else None, applies=applies, origin=origin),
        DAYS, st.integers(0, 12), st.integers(0, 12),
        st.sampled_from(["at_time", "entered_from"]), st.sampled_from(["place", "jurisdiction"]),
    ),
    max_size=5, unique_by=lambda v: (v.origin, v.valid_from),
)  # fmt: skip


@UNHURRIED
@given(VERSIONS, DAYS, st.none() | DAYS)
def test_beyond_agrees_with_looking_hour_by_hour(versions: list[Limit], start: int, ran: int | None) -> None:
    """At every moment: over it if and only if the limit that governs then has its deadline behind it."""
    here = law(*versions)
    until = None if ran is None else d(start + ran)
    found = here.beyond("dwell", d(start), until)
    for hour in range(0, 24 * 60, 6):
        t = d(start) + timedelta(hours=hour)
        governing = here.governing("dwell", d(start), t)
        over = governing is not None and governing.deadline(d(start), HANOI).at <= t and (until is None or t < until)
        told = [s for s in found if s.began <= t and (s.ended is None or t < s.ended)]
        assert [s.limit for s in told] == ([governing] if over else [])


@UNHURRIED
@given(VERSIONS, DAYS, st.none() | DAYS)
def test_spells_are_in_order_apart_and_not_empty(versions: list[Limit], start: int, ran: int | None) -> None:
    found: tuple[Spell, ...] = law(*versions).beyond("dwell", d(start), None if ran is None else d(start + ran))
    assert all(s.ended is None or s.began < s.ended for s in found)
    assert all(a.ended is not None and a.ended <= b.began for a, b in pairwise(found))
    assert all(a.limit != b.limit or a.ended != b.began for a, b in pairwise(found))


# ------------------------------------------------------------- the file

GOOD = """
jurisdiction: vn
calendars:
  office: {weekend: [sat, sun], hours: ["08:00-12:00"], holidays: {2026-04-30: Unity}, also_working: [2026-05-09], last_day: 2026-12-31}
limits:
  - {limit: dwell, value: 90d, valid_from: 2026-01-01, valid_to: 2026-07-01, citation: "Law 1, art. 2", citation_status: confirmed}
  - {limit: dwell, value: 60d, valid_from: 2026-07-01, citation: "Law 2, art. 2"}
  - {limit: notice, value: 5wd, calendar: office, count_from: next_day, ends: end_of_day, valid_from: 2026-01-01T00:00:00Z, citation: x}
"""


def test_a_file_of_limits() -> None:
    jurisdiction, written = parse("vn.yaml", GOOD)
    assert jurisdiction is not None
    assert not written.faults
    first, second, notice = jurisdiction.limits(HANOI)
    assert first.valid_from == datetime(2025, 12, 31, 17, tzinfo=UTC), "a date is the local midnight"
    assert jurisdiction.limits(ZoneInfo("UTC"))[0].valid_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert notice.valid_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert (first.count_from, first.ends, first.applies, second.citation_status) == ("event", "same_time", "at_time", "unconfirmed")
    assert notice.by_calendar == jurisdiction.calendars["office"]
    assert jurisdiction.calendars["office"].holidays == {date(2026, 4, 30)}


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("citation: x", "cite: x", "vn.yaml:8: limits[2].citation: required, and missing"),
        ("citation: x", "citation: ''", "limits[2].citation: must not be empty"),
        ("value: 60d", "value: 60", "vn.yaml:7: limits[1].value: not a duration: '60'"),
        ("valid_from: 2026-07-01, ", "", "vn.yaml:7: limits[1].valid_from: required, and missing"),
        ("valid_from: 2026-07-01, ", "valid_from: 2026-06-01, ", "vn.yaml:7: limits[1].valid_from: dwell from 2026-06-01 overlaps"),
        ("valid_to: 2026-07-01", "valid_to: 2025-07-01", "vn.yaml:6: limits[0].valid_to: 2025-07-01 is not after"),
        ("valid_from: 2026-01-01T00:00:00Z", "valid_from: 2026-01-01T00:00:00", "lacks its offset"),
        ("status: confirmed", "status: sure", "'sure' is not one of confirmed, unconfirmed"),
        ("calendar: office", "calendar: offce", "'offce' is not a calendar of the jurisdiction; did you mean 'office'?"),
        ("calendar: office, ", "", "limits[2].calendar: 5wd counts working time: name a calendar"),
        ("[sat, sun]", "[saturday]", "calendars.office.weekend[0]: 'saturday' is not one of"),
        ("[sat, sun]", "[mon, tue, wed, thu, fri, sat, sun]", "vn.yaml:4: calendars.office: a calendar without a working weekday"),
        (", last_day: 2026-12-31", "", "calendars.office.last_day: required, and missing"),
        ("jurisdiction: vn", "juristiction: vn", "vn.yaml:2: juristiction: not a known field; did you mean 'jurisdiction'?"),
        ("limit: notice", "limit: Notice", "vn.yaml:8: limits[2].limit:"),
    ],
)  # fmt: skip
def test_mistakes_in_a_file_of_limits(was: str, now: str, told: str) -> None:
    assert was in GOOD
    jurisdiction, written = parse("vn.yaml", GOOD.replace(was, now))
    assert jurisdiction is None
    assert any(told in str(fault) for fault in written.faults), [str(f) for f in written.faults]


def test_working_hours_need_hours() -> None:
    _, written = parse("vn.yaml", GOOD.replace("5wd", "8wh").replace('hours: ["08:00-12:00"], ', ""))
    assert [fault.message for fault in written.faults] == ["8wh counts working hours: calendar 'office' declares no hours"]


# ------------------------------------------------------------- how long before the end


def named(name: str, versions: list[tuple[str, int]]) -> list[Limit]:
    """Versions of one name, each from so many days after the beginning (the first from always on)."""
    dated = {since: value for value, since in versions}
    starts = [ALWAYS, *(d(since) for since in sorted(dated)[1:])]
    return [Limit(limit=name, value=Duration.parse(dated[since]), valid_from=at) for since, at in zip(sorted(dated), starts, strict=True)]


VERSIONS = st.lists(st.tuples(st.sampled_from(["2d", "9d", "15d", "36h", "1mo"]), st.integers(0, 60)), min_size=1, max_size=4)


@UNHURRIED
@given(VERSIONS, VERSIONS, st.integers(-5, 40), st.one_of(st.none(), st.integers(1, 80)))
def test_near_the_end_by_the_law_of_each_day(
    limits: list[tuple[str, int]], notices: list[tuple[str, int]], start: int, stays: int | None
) -> None:
    where = Law([*named("dwell", limits), *named("notice", notices)], HANOI)
    until = None if stays is None else d(start + stays)
    spells = where.nearing("dwell", "notice", d(start), until)
    for day in range(0, 100):
        t = d(start + day + 0.25)
        due, ahead = where.due("dwell", d(start), t), where.at("notice", t)
        assert due is not None
        assert ahead is not None
        told = before(due.at, ahead.value, HANOI)
        near = d(start) < told <= t and (until is None or t < until)
        found = [spell for spell in spells if spell.began <= t and (spell.ended is None or t < spell.ended)]
        assert [spell.limit.value for spell in found] == ([ahead.value] if near else [])


def test_without_a_notice_nobody_is_told() -> None:
    assert law(limit("5d")).nearing("dwell", "notice", d(0)) == ()
