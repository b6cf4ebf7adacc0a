"""Yard use: spells in which a place, or an area of it, held more than a share of its declared capacity at full hours."""

from __future__ import annotations

from collections.abc import Iterator

from zones import area
from zones.area import ComingFacts, Run, YardFacts
from zones.episode import Because, Episode, Step
from zones.limits import Law
from zones.measure import Measure

SEVERITY = {"yard_use_warn": "queue", "yard_use_high": "today"}


def spells(facts: YardFacts, law: Law) -> Iterator[Episode]:
    """A spell for each stretch over the lowest limit; its severity rises with the level."""
    levels = dict(facts.levels)
    hours = sorted(levels)
    for run in area.runs(area.levels_over(facts, law), law):
        rose = area.raised_at(facts, run.began)
        if rose is None:
            continue
        before = levels[hours[hours.index(rose) - 1]]
        raised = area.crossed(before, facts.changes.get(rose, ()), lambda level, at=run.began: bool(area.over(facts.yard, law, level, at)))  # type: ignore[misc]
        if raised is None or raised.by is None:
            continue
        by = raised.by
        yield Episode(
            anchor=(by.report_id,),
            anchor_reports=by.reports or (by.report_id,),
            place=facts.place,
            began_at=run.began,
            ended_at=run.ended,
            steps=steps(run),
            evidence=(by,),
            because=Because("yard_use", place=facts.place, **told(facts, run), at=run.most[1], box=raised.box),
            leans=facts.leans,
        )


def steps(run: Run) -> tuple[Step, ...]:
    """Each limit from when it was passed first; one that was passed together with a higher one says nothing of its own."""
    found: list[Step] = []
    for name, (at, limit) in run.steps.items():
        if found and found[-1].at == at:
            found.pop()
        found.append(Step(name, SEVERITY[name], at, limit=limit, over=False))
    highest = {step.name for step in found}
    last = "yard_use_high" in highest
    return tuple(step for n, step in enumerate(found) if not (last and step.name == "yard_use_warn" and n > 0))


def told(facts: YardFacts | ComingFacts, run: Run) -> dict[str, object]:
    """The most it came to in the spell, what there is room for, and the share."""
    level, at = run.most
    room = area.capacity_at(facts.yard, at) or 0
    share = (level * 1000 + room * 50) // (room * 100) if room else 0
    return {
        "area": dict(facts.yard.name) if facts.yard.area else None,
        "level": Measure(level, "TEU"),
        "capacity": Measure(room * 100, "TEU"),
        "share": Measure(share * 10, "%"),
    }
