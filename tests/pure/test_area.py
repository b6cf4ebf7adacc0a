"""Levels at full hours: spells are those that a look at every hour finds, and what took a level over a limit is found within its hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from zones import area
from zones.area import HOUR, Change, Yard, YardFacts, full
from zones.calendar import Duration
from zones.limits import Law, Limit
from zones.measure import Measure
from zones.rules import capacity_and_queue as rule
from zones.stay import Mark, Stay

T0 = datetime(2026, 11, 2, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ROOM = 10  # TEU


def mark(name: str, minutes: int) -> Mark:
    at = T0 + timedelta(minutes=minutes)
    return Mark(at=at, event="gate_in", report_id=name, received_at=at)


def stay(number: int, came: int, stays: int | None, teu: int) -> Stay:
    """A box that came `came` minutes after T0 and stayed for so many."""
    opening, exit_ = mark(f"r{number}", came), mark(f"x{number}", came + stays) if stays is not None else None
    return Stay(f"s{number}", f"B{number}", "port", opening, True, opening.at, exit=exit_, left_at=exit_.at if exit_ else None, teu=teu)


def law(hours: int) -> Law:
    limits = {"yard_use_warn": Measure.parse("50%"), "yard_use_high": Measure.parse("80%"), "yard_use_settled": Duration.parse(f"{hours}h")}
    return Law([Limit(limit=name, value=value, origin="place") for name, value in limits.items()], ZONE)


def yard(stays: list[Stay]) -> YardFacts:
    own = Yard("", {"en": "Port"}, ((ROOM, None, None),))
    return YardFacts("port", ZONE, own, *area.folded(stays, own))


def seen(stays: list[Stay], settled: int) -> list[tuple[datetime, datetime | None]]:
    """The spells, by asking of every full hour what is inside."""
    found: list[tuple[datetime, datetime | None]] = []
    below = 0  # for how many hours it has not been over
    for n in range(1, 90):
        at = T0 + n * HOUR
        level = sum(each.teu for each in stays if each.opened_at < at and (each.left_at is None or each.left_at >= at))
        over, runs = level > ROOM * 50, bool(found) and found[-1][1] is None
        if runs and below == settled:
            found[-1], runs = (found[-1][0], at), False
        if over and not runs:
            found.append((at, None))
        below = 0 if over else below + 1
    return found


some = st.lists(st.tuples(st.integers(0, 40 * 60 - 1), st.none() | st.integers(1, 30 * 60), st.sampled_from((100, 200))), max_size=14)


@settings(max_examples=60, deadline=None)
@given(some, st.integers(1, 4), st.randoms())
def test_spells_are_those_that_a_look_at_every_hour_finds(told: list[tuple[int, int | None, int]], settled: int, rng: object) -> None:
    stays = [stay(n, came, stays, teu) for n, (came, stays, teu) in enumerate(told)]
    spells = list(rule.episodes(yard(stays), law(settled)))
    assert [(one.began_at, one.ended_at) for one in spells] == seen(stays, settled)
    rng.shuffle(stays)  # type: ignore[attr-defined]
    assert list(rule.episodes(yard(stays), law(settled))) == spells
    for one in spells:
        (by,) = one.evidence
        assert isinstance(by, Mark)
        assert full(by.at) == one.began_at, "the report of a movement in the hour before"
        assert {step.severity for step in one.steps} <= {"queue", "today"}


def test_what_took_it_over_for_good_is_the_anchor() -> None:
    changes = [Change(T0, 300, mark("a", 0)), Change(T0 + HOUR / 4, -200, None), Change(T0 + HOUR / 2, 200, mark("b", 30))]
    changes.append(Change(T0 + 3 * HOUR / 4, 100, mark("c", 45)))
    found = area.crossed(300, changes, lambda level: level > 500)
    assert found is not None
    assert found.by is not None
    assert found.by.report_id == "b"
