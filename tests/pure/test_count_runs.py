"""Counts by day and by week: what was counted, short and over, as figures of the counts that were read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from data.queries._bins import DAY, WEEK, bins
from data.queries.count_runs import Tell, by_bin, runs

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 21, 7, 40, tzinfo=UTC)
FIRST = date(2026, 11, 2)
WEEKS, DAYS = (bins(kind, ZONE, NOW, FIRST, date(2026, 11, 21))[0] for kind in (WEEK, DAY))

amounts = st.none() | st.integers(-2, 2)
tells = st.lists(
    st.tuples(
        st.integers(-3 * 24, 21 * 24).map(lambda hours: DAYS[0].start + timedelta(hours=hours)),
        st.sampled_from(["O1", "O2"]),
        st.sampled_from(["full", "cycle", ""]),
        amounts,
        amounts,
    ),
    max_size=60,
)


@given(tells)
def test_every_count_is_in_the_day_and_the_week_in_which_it_was(told: list[Tell]) -> None:
    def of(one: Any) -> list[Tell]:
        return [tell for tell in told if one.start <= tell[0] < one.end]

    def less(tell: Tell, sign: int) -> bool:
        return None not in tell[3:] and sign * (tell[3] - tell[4]) > 0

    weeks = by_bin(told, WEEKS, ())
    for n, week in enumerate(WEEKS):
        own = of(week)
        assert weeks[n] == (len(own), sum(less(tell, -1) for tell in own), sum(less(tell, 1) for tell in own))
    found = {(run.day, run.operator): run for run in runs("zone", told, DAYS, ())}
    assert sum(run.counted for run in found.values()) == sum(len(of(day)) for day in DAYS)
    for day in DAYS:
        for operator in ("O1", "O2"):
            own = [tell for tell in of(day) if tell[1] == operator]
            run = found.get((day.day, operator))
            assert (run is None) == (not own)
            if run is not None:
                assert (run.counted, run.unknown) == (len(own), sum(tell[4] is None for tell in own))
                assert (run.short, run.over) == (sum(less(tell, -1) for tell in own), sum(less(tell, 1) for tell in own))
                assert (run.full, run.cycle) == tuple(sum(tell[2] == kind for tell in own) for kind in ("full", "cycle"))
    assert [(run.day, run.operator) for run in runs("zone", told, DAYS, ())] == sorted(found, reverse=True)
