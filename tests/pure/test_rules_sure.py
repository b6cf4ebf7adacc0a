"""How sure the rules about customs are: the severity of each step, which the examples of the rules do not tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests import story
from zones.asking import asked, known
from zones.calendar import Calendar
from zones.limits import Law
from zones.rules import rules

EXIT = "d0 08:00 gate_in @zone; d2 14:00 gate_out @zone"
EVERY = "; ".join(f"limit permit_validity_{way} 3d" for way in ("import", "export", "transshipment", "storage"))


def steps(rule_id: str, said: str) -> list[tuple[str, str, bool]]:
    """(limit, severity, certain) of every step of every episode."""
    found = story.episodes(rules()[rule_id], story.told(said))
    return [(step.name, step.severity, step.certain) for episode in found for step in episode.steps]


@pytest.mark.parametrize(
    ("said", "severity", "certain"),
    [
        (f"limit permit_validity_storage 3d; {EXIT}", "act_now", True),
        (f"limit permit_validity_storage 3d; unconfirmed permit_validity_storage; {EXIT}", "today", True),
        (f"limit permit_validity_storage 3d; {EXIT.replace('gate_in', 'present')}", "today", False),
        (f"{EVERY}; {EXIT.replace('gate_in', 'present')}", "act_now", True),
        (f"limit permit_validity_storage 3d; {EXIT}; d2 00:00 permit customs precision=day", "today", False),
        (f"limit permit_validity_storage 3d; {EXIT}; d3 00:00 permit customs precision=day", "act_now", True),
    ],
)
def test_an_exit_without_permit_is_as_sure_as_what_is_known(said: str, severity: str, certain: bool) -> None:
    assert [step[1:] for step in steps("exit_without_permit", said)] == [(severity, certain)]


def test_a_statutory_limit_goes_from_queue_to_today_by_its_three_steps() -> None:
    limits = "limit temporary_storage 15d; limit temporary_storage_early_notice 7d; limit temporary_storage_late_notice 2d"
    assert steps("statutory_limit_approaching", f"{limits}; d0 08:00 discharge") == [
        ("temporary_storage_early_notice", "queue", True),
        ("temporary_storage_late_notice", "queue", True),
        ("temporary_storage", "today", True),
    ]


def test_a_day_that_is_late_in_some_readings_becomes_certain_when_it_is_in_all() -> None:
    said = "limit exam_presentation 12h; d0 08:00 discharge; d1 00:00 selected customs precision=day"
    assert steps("selected", said) == [("exam_presentation", "queue", False), ("exam_presentation", "today", True)]
    assert steps("selected", f"{said}; d2 06:00 inspected customs") == [("exam_presentation", "queue", False)]


def test_working_days_that_nobody_has_declared_make_nothing_certain() -> None:
    told = story.told("limit exam_presentation 2wd; d0 08:00 discharge; d1 09:00 selected customs")
    unknown = Calendar(last_day=date(2000, 12, 31), weekend=frozenset({5, 6}))
    law = Law([replace(limit, by_calendar=unknown) for limit in told.limits], story.ZONE)
    ((*_, (episode,)),) = asked(known(told.number, told.book()), lambda place: law, {}, {"selected": rules()["selected"]})
    assert [(step.severity, step.certain) for step in episode.steps] == [("queue", False)]
