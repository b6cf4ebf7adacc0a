"""What stands announced for a place, and until when: of the announcements of a box the latest told counts, until it is done or its time has
passed. Folded from a set; order plays no part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from zones.area import Announced
from zones.stay import Mark, Stay

COMES, GOES = ("discharge", "gate_in"), ("load", "gate_out")


class Plan(Struct, frozen=True):
    """One announcement: `equipment` is to come or to go at `at`, as told at `told_at` by `by`; hundredths of TEU, 0 where not known."""

    equipment: str
    event: str
    at: datetime
    told_at: datetime
    teu: int
    by: Mark


def standing(plans: Iterable[Plan], stays: Mapping[str, Sequence[Stay]]) -> list[Announced]:
    """What each announcement adds or takes, from when to when it stands. `stays`: of each box at the place, oldest first.

    Who is announced to come and is inside has come. Who is announced to go counts from when it is inside, or announced to come.
    """
    by_box: dict[str, dict[str, list[Plan]]] = defaultdict(lambda: defaultdict(list))
    for plan in plans:
        by_box[plan.equipment]["comes" if plan.event in COMES else "goes"].append(plan)
    found: list[Announced] = []
    for box, ways in by_box.items():
        own = stays.get(box, ())
        for way, told in ways.items():
            told.sort(key=lambda plan: (plan.told_at, plan.by.received_at, plan.by.report_id))
            for n, plan in enumerate(told):
                until = min(plan.at, told[n + 1].told_at) if n + 1 < len(told) else plan.at
                since, until = _came(plan, until, own) if way == "comes" else _went(plan, until, own, bool(ways.get("comes")))
                teu = plan.teu or next((stay.teu for stay in own if stay.teu), 0)
                if since < until and teu:
                    found.append(Announced(plan.at, teu if way == "comes" else -teu, since, until, plan.by, box))
    return sorted(found, key=lambda one: (one.at, one.since, one.by.report_id))


def _came(plan: Plan, until: datetime, own: Sequence[Stay]) -> tuple[datetime, datetime]:
    came = (stay.opened_at for stay in own if stay.left_at is None or stay.left_at > plan.told_at)
    return plan.told_at, min([until, *came])


def _went(plan: Plan, until: datetime, own: Sequence[Stay], comes: bool) -> tuple[datetime, datetime]:
    here = next((stay for stay in own if stay.left_at is None or stay.left_at > plan.told_at), None)
    if here is None:
        return (plan.told_at, until) if comes else (until, until)
    since = plan.told_at if comes else max(plan.told_at, here.opened_at)
    return since, min(until, here.left_at) if here.left_at else until
