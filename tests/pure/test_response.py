"""The clocks of the response: which one runs, half and full, and where an alert goes when its time is used up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zones import response
from zones.response import LADDER, NOBODY, PHONES, Gone, Reading, Times
from zones.work import STATES

T0 = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TIMES = Times(acknowledge=20 * MINUTE, decide=240 * MINUTE)


def at(minutes: float) -> datetime:
    return T0 + minutes * MINUTE


def reading(minutes: float, work: str = "new", gone: tuple[Gone, ...] = ()) -> Reading:
    found = response.read(TIMES, work, T0, at(minutes), gone=gone)
    assert found is not None
    return found


def step(minutes: float, duty: dict[str, list[str]], *gone: Gone, work: str = "new", phones: tuple[str, ...] = ("110",)) -> Gone | None:
    return response.next_step(reading(minutes, work, gone), duty, phones, at(minutes))


@pytest.mark.parametrize(
    ("work", "clock"),
    [
        ("new", "acknowledge"), ("reopened", "acknowledge"), ("acknowledged", "decide"), ("assigned", "decide"), ("in_progress", "decide"),
        ("confirmed", ""), ("closed", ""),
    ],
)  # fmt: skip
def test_which_clock_runs(work: str, clock: str) -> None:
    assert response.runs(work, shelved=False) == clock
    assert response.runs(work, shelved=True) == ""


@pytest.mark.parametrize(("minutes", "stage"), [(0, "ok"), (9.9, "ok"), (10, "half"), (19.9, "half"), (20, "full"), (900, "full")])
def test_half_and_full(minutes: float, stage: str) -> None:
    found = reading(minutes)
    assert (found.stage, found.half_at, found.full_at, found.overdue) == (stage, at(10), at(20), stage == "full")


def test_what_is_not_declared_has_no_clock() -> None:
    assert response.read(None, "new", T0, at(900)) is None
    assert response.read(Times(decide=MINUTE), "new", T0, at(900)) is None
    assert response.read(TIMES, "new", T0, at(900), shelved=True) is None


def test_it_goes_to_the_next_role_on_duty_then_to_the_phones_and_no_further() -> None:
    duty = {"officer": ["an"], "supervisor": ["chi"], "manager": ["mai"]}
    assert step(19, duty) is None
    first = step(20, duty)
    assert first == Gone("acknowledge", T0, 1, at(20), at(20), "supervisor", ("chi",))
    assert step(39, duty, first) is None
    second = step(41, duty, first)
    assert second == Gone("acknowledge", T0, 2, at(40), at(41), "manager", ("mai",))
    third = step(61, duty, first, second)
    assert third == Gone("acknowledge", T0, 3, at(61), at(61), PHONES, ("110",))
    assert step(9000, duty, first, second, third) is None


@pytest.mark.parametrize(
    ("duty", "phones", "to"),
    [
        ({"officer": ["an"]}, ("110",), PHONES),
        ({"manager": ["mai"]}, ("110",), "manager"),
        ({}, ("110",), PHONES),
        ({}, (), NOBODY),
        ({"supervisor": []}, (), NOBODY),
    ],
)
def test_a_role_that_nobody_is_on_duty_in_is_passed_over(duty: dict[str, list[str]], phones: tuple[str, ...], to: str) -> None:
    found = step(20, duty, phones=phones)
    assert found
    assert found.to == to


def test_nobody_on_duty_is_itself_something() -> None:
    assert response.nobody({})
    assert response.nobody({"officer": []})
    assert not response.nobody({"manager": ["mai"]})


def test_after_a_long_sleep_it_goes_one_step_and_each_role_has_its_time() -> None:
    found = step(1000, {"supervisor": ["chi"], "manager": ["mai"]})
    assert found
    assert (found.to, found.due_at, found.at) == ("supervisor", at(20), at(1000))
    assert step(1019, {"manager": ["mai"]}, found) is None


def test_it_begins_above_the_role_that_has_it() -> None:
    duty = {"supervisor": ["chi"], "manager": ["mai"]}
    found = response.next_step(reading(300, "in_progress"), duty, (), at(300), with_role="supervisor")
    assert found
    assert (found.clock, found.to) == ("decide", "manager")


def test_the_steps_of_another_clock_or_another_beginning_do_not_count() -> None:
    other = Gone("decide", T0, 1, at(1), at(1), PHONES)
    earlier = Gone("acknowledge", at(-500), 1, at(1), at(1), PHONES)
    assert reading(20, gone=(other, earlier)).gone == ()


@given(
    work=st.sampled_from(STATES),
    looks=st.lists(st.integers(1, 600), max_size=12),
    roles=st.lists(st.sets(st.sampled_from(LADDER)), min_size=12, max_size=12),
    phones=st.booleans(),
)
def test_whoever_is_on_duty_it_climbs_and_ends(work: str, looks: list[int], roles: list[set[str]], phones: bool) -> None:
    gone: list[Gone] = []
    minutes = 0
    for more, on in zip(looks, roles, strict=False):
        minutes += more
        found = response.read(TIMES, work, T0, at(minutes), gone=gone)
        if found is None:
            assert not gone
            continue
        new = response.next_step(found, {role: [role] for role in on}, ("110",) if phones else (), at(minutes))
        if new:
            assert found.overdue
            assert new.step == len(gone) + 1
            assert new.due_at <= new.at
            gone.append(new)
    way = [*LADDER, PHONES, NOBODY]
    assert [way.index(step.to) for step in gone] == sorted({way.index(step.to) for step in gone})
    assert all(step.to in LADDER for step in gone[:-1])
