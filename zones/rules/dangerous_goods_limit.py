"""Dangerous goods limit, incompatible neighbours, overstay: what the authority of the port allows for dangerous goods is exceeded.

Three things, each from when it begins until it is over. Stay: a box is inside longer than its class may be (`dangerous_stay_3`, else
`dangerous_stay` for all classes); of a box whose entry nobody told there is no clock. Number: with its entry there were more boxes of the
class inside than allowed (`dangerous_boxes_3`; `dangerous_boxes`: of all classes together); it lasts until those that came before it and
are still there leave room for it, and who comes after it has an alert of its own. Neighbours: it was put beside a box with which it must
not stand (`segregation` in place.yaml): in one area, or in slots as near as declared, as far as areas are told.

A class stands for its divisions, so `_2` holds for 2.1 where there is no `_2_1`. The limits of a port are set by its authority
(MSC.1/Circ.1216, 7.1.1.1): none is shipped, and what a place does not declare is not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zones.episode import ALWAYS, Because, Episode, Step, lower
from zones.limits import Law, Limit
from zones.neighbour import classes
from zones.rules._dangerous import CLASSES, crowds, endings, together
from zones.rules._spells import Timed, joined, left, over
from zones.stay import Mark, Stay
from zones.subject import STAY, StayFacts

SUBJECT = STAY
STAYS, BOXES = "dangerous_stay", "dangerous_boxes"
STEPS = {STAYS: "act_now", BOXES: "act_now", ALWAYS: "act_now"}
LIMITS = tuple(f"{name}_{each}" for name in (STAYS, BOXES) for each in CLASSES)
FINER = LIMITS
MEASURES = {name: "boxes" for name in (BOXES, *LIMITS) if name.startswith(BOXES)}
LATCHING = False
NEEDS = frozenset({"gate"})  # leans on the absence of exits
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ("left",)


def watches(law: Law) -> bool:
    """Whether the place declares any of it."""
    return law.declares((STAYS, BOXES, *LIMITS)) or bool(law.required.segregation)


def quiet(law: Law) -> None:
    """Of boxes without dangerous goods it never speaks."""


def speaks_of(stay: Stay) -> bool:
    """Of every box with dangerous goods."""
    return bool(stay.dangerous)


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """Of the stay, of the numbers, then of each neighbour."""
    if not facts.stay.dangerous or not watches(law):
        return
    if (entry := facts.entry) is not None:
        for began, ended, steps in joined(_over(facts, law, entry)):
            yield _episode(STAYS, facts, entry, (), began, ended, steps)
        for crowd in crowds(facts, law, BOXES):
            step = _step(BOXES, crowd.began, crowd.limit, entry, *(other.opening for other in crowd.others))
            proof = tuple(other.opening for other in crowd.others)
            said = {"limit": crowd.limit.value, "number": crowd.number, "scope": crowd.scope or None}
            yield _episode(BOXES, facts, entry, (crowd.scope or "all",), crowd.began, crowd.ended, (step,), *proof, **said)
    for pair in together(facts, law):
        own, other = pair.own.mark, pair.other.mark
        said = {"other_box": pair.stay.equipment, "other_imdg": pair.classes[1], "area": pair.own.area}
        step = _step(ALWAYS, pair.began, None, own, other)
        yield _episode("dangerous_neighbours", facts, own, (other.report_id,), pair.began, pair.ended, (step,), other, **said)


def _over(facts: StayFacts, law: Law, entry: Mark) -> list[Timed]:
    """The steps of the limits on its stay: of each of its classes the limit named closest to it."""
    named = [(f"{STAYS}{ending}" for ending in endings(told)) for told in classes(facts.stay) or ("",)]
    names = {name for each in named if (name := next((name for name in each if law.declares((name,))), None))}
    timed = [one for name in sorted(names) for one in over(law, {name: STEPS[STAYS]}, (entry.at, entry.latest), left(facts))]
    return [(Step(STAYS, step.severity, step.at, step.certain, step.limit), end) for step, end in timed]


def _step(name: str, at: datetime, limit: Limit | None, *marks: Mark) -> Step:
    """A step that is one severity lower, and not certain, where a time is known by its day only."""
    certain = all(mark.precision != "day" for mark in marks)
    return Step(name, STEPS[name] if certain else lower(STEPS[name]), at, certain, limit, over=False)


def _episode(
    key: str, facts: StayFacts, mark: Mark, other: tuple[str, ...], began: datetime, ended: datetime | None, steps: tuple[Step, ...],
    *proof: Mark, **said: object,
) -> Episode:  # fmt: skip
    return Episode(
        anchor=(mark.report_id, *other),
        anchor_reports=mark.reports,
        place=facts.place,
        began_at=began,
        ended_at=ended,
        steps=steps,
        evidence=(mark, *proof),
        because=Because(
            key,
            box=facts.equipment,
            place=facts.place,
            by=mark.event,
            at=mark.at,
            imdg=", ".join(classes(facts.stay)) or None,
            **said,
        ),
    )


EXAMPLES = """
not declared    d0 08:00 discharge dangerous=3/1263; d40 09:00 gate_out  -> none
no such goods   limit dangerous_stay 3d; limit dangerous_boxes 1boxes; d0 08:00 discharge; d9 09:00 gate_out  -> none
too long        limit dangerous_stay 3d; d0 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> d3 08:00..d5 09:00
still inside    limit dangerous_stay 3d; d0 08:00 discharge dangerous=3/1263  -> d3 08:00..
on the minute   limit dangerous_stay 3d; d0 08:00 discharge dangerous=3/1263; d3 08:00 gate_out  -> none
of its class    limit dangerous_stay 9d; limit dangerous_stay_3 2d; d0 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> d2 08:00..d5 09:00
another class   limit dangerous_stay_8 2d; d0 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> none
of a division   limit dangerous_stay_2 4d; limit dangerous_stay_2_1 2d; d0 08:00 discharge dangerous=2.1/1978; d3 09:00 gate_out  -> d2 08:00..d3 09:00
its class holds limit dangerous_stay_1 1d; d0 08:00 discharge dangerous=1.4S/0012; d3 09:00 gate_out  -> d1 08:00..d3 09:00
two classes     limit dangerous_stay_3 4d; limit dangerous_stay_8 2d; d0 08:00 discharge dangerous=3/1263,8/1824  -> d2 08:00..
number only     limit dangerous_stay 3d; d0 08:00 discharge dangerous=/1263; d5 09:00 gate_out  -> d3 08:00..d5 09:00
told on the way limit dangerous_stay 3d; d0 08:00 discharge; d1 08:00 yard_move dangerous=3/1263; d5 09:00 gate_out  -> d3 08:00..d5 09:00
entry not told  limit dangerous_stay 3d; d0 08:00 present dangerous=3/1263; d5 09:00 gate_out  -> none
known by day    limit dangerous_stay 3d; d0 00:00 discharge dangerous=3/1263 precision=day; d3 09:00 gate_out  -> d3 00:00..d3 09:00
told late       limit dangerous_stay 3d; d0 08:00 discharge dangerous=3/1263 (received d4 10:00)  -> d3 08:00.. known d4 10:00
taken back      limit dangerous_stay 3d; d0 08:00 discharge dangerous=3/1263; retract d0 08:00 discharge  -> none
shortened       limit dangerous_stay 9d; limit dangerous_stay 2d from d4; d0 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> d4 00:00..d5 09:00
unconfirmed     limit dangerous_stay 3d; unconfirmed dangerous_stay; d0 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> d3 08:00..d5 09:00
too many        limit dangerous_boxes_3 1boxes; beside ZZDU1 3 A d0 06:00 d2 09:00; d1 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> d1 08:00..d2 09:00
as many         limit dangerous_boxes_3 2boxes; beside ZZDU1 3 A d0 06:00 d2 09:00; d1 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> none
of other class  limit dangerous_boxes_3 1boxes; beside ZZDU1 8 A d0 06:00 d2 09:00; d1 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> none
of all classes  limit dangerous_boxes 1boxes; beside ZZDU1 8 A d0 06:00; d1 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> d1 08:00..d5 09:00
came after      limit dangerous_boxes_3 1boxes; beside ZZDU1 3 A d1 09:00; d1 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> none
left before     limit dangerous_boxes_3 1boxes; beside ZZDU1 3 A d0 06:00 d1 08:00; d1 08:00 discharge dangerous=3/1263; d5 09:00 gate_out  -> none
fewer allowed   limit dangerous_boxes_3 9boxes; limit dangerous_boxes_3 1boxes from d2; beside ZZDU1 3 A d0 06:00 d3 09:00; d1 08:00 discharge dangerous=3/1263  -> d2 00:00..d3 09:00
many, not sure  limit dangerous_boxes_3 1boxes; unconfirmed dangerous_boxes_3; beside ZZDU1 3 A d0 06:00; d1 08:00 discharge dangerous=3/1263; d2 09:00 gate_out  -> d1 08:00..d2 09:00
neighbours      segregation 3 5.1 area; beside ZZDU1 5.1 A d0 06:00 d2 09:00; d1 08:00 discharge area=A dangerous=3/1263; d5 09:00 gate_out  -> d1 08:00..d2 09:00
another area    segregation 3 5.1 area; beside ZZDU1 5.1 A d0 06:00; d1 08:00 discharge area=B dangerous=3/1263; d5 09:00 gate_out  -> none
moved there     segregation 3 5.1 area; beside ZZDU1 5.1 A d0 06:00; d1 08:00 discharge area=B dangerous=3/1263; d2 08:00 yard_move area=A; d3 09:00 yard_move area=B  -> d2 08:00..d3 09:00
it came later   segregation 3 5.1 area; beside ZZDU1 5.1 A d2 06:00; d1 08:00 discharge area=A dangerous=3/1263; d5 09:00 gate_out  -> none
may be together segregation 3 5.1 area; beside ZZDU1 8 A d0 06:00; d1 08:00 discharge area=A dangerous=3/1263; d5 09:00 gate_out  -> none
near in slots   segregation 3 5.1 1; beside ZZDU1 5.1 A-04-2 d0 06:00; d1 08:00 discharge area=A-05-1 dangerous=3/1263; d5 09:00 gate_out  -> d1 08:00..d5 09:00
far in slots    segregation 3 5.1 1; beside ZZDU1 5.1 A-04-2 d0 06:00; d1 08:00 discharge area=A-06-1 dangerous=3/1263; d5 09:00 gate_out  -> none
"""
