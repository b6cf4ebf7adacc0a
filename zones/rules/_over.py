"""When something is over one limit, in every reading of day-precise times or only in some."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zones.episode import Step, lower
from zones.limits import Law
from zones.stay import Mark

Over = tuple[datetime, datetime | None, tuple[Step, ...]]


def over(law: Law, name: str, severity: str, start: Mark, end: Mark | None = None) -> Iterator[Over]:
    """(began, ended, steps) of each spell over the limit from one mark to another: where only some readings are over it, one severity
    lower and not certain."""
    spells = law.beyond(name, start.at, end.latest if end else None)
    exact = start.precision != "day" and (end is None or end.precision != "day")
    surely = spells if exact else law.beyond(name, start.latest, end.at if end else None)
    for spell in spells:
        sure = next((s for s in surely if s.limit == spell.limit), None)
        steps = []
        if sure is None or sure.began > spell.began:
            steps.append(Step(name, lower(severity), spell.began, certain=False, limit=spell.limit))
        if sure is not None:
            steps.append(Step(name, severity, sure.began, limit=sure.limit))
        yield spell.began, spell.ended, tuple(steps)
