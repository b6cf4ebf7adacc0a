"""Bonded or zone period ending: goods in a warehouse or a zone are near or beyond the end of the time that the law lets them stay there.

Bonded warehouses have such a time: five years in the United States (19 CFR 144.5), twelve months in Vietnam (Customs Law, art. 61,
unconfirmed); free zones often have none, and where no `bonded_period` is declared this rule is off. The clock starts with the line of the
ledger that let the goods in and runs until the last of them are gone, for each such line by itself. What came back, out of a process or
from another operator starts with the line that tells that: the law may count from earlier, which no ledger of one operator can tell.
Goods of a status whose kind is temporary or domestic have no time in bond; changed to one, theirs ends. Its end is told twice ahead, as
long before as `bonded_period_early_notice` and `_late_notice` say. Once the time is up, somebody has to say what was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec.structs import replace

from zones.episode import Because, Episode
from zones.goods import DOMESTIC, TEMPORARY
from zones.limits import Law
from zones.lot import LotFacts
from zones.rules._inside import inside
from zones.rules._spells import Timed, ahead, joined, over
from zones.subject import LOT

SUBJECT = LOT
LIMIT = "bonded_period"
NOTICES = {"bonded_period_early_notice": "queue", "bonded_period_late_notice": "queue"}
STEPS = {**NOTICES, LIMIT: "today"}
LATCHING = frozenset({LIMIT})  # what left in time is no matter any more
NEEDS = frozenset({"ledger"})  # leans on the absence of a line that takes the goods out
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ()


def episodes(facts: LotFacts, law: Law) -> Iterator[Episode]:
    """Of each line that let goods in a spell from the first notice on; more where a limit or the status was changed meanwhile."""
    if not law.declares((LIMIT,)):
        return
    for goods in inside(facts, lambda status: law.goods.kind(status) not in (TEMPORARY, DOMESTIC)):
        steps = ahead(law, LIMIT, NOTICES, goods.came, goods.until) + over(law, {LIMIT: STEPS[LIMIT]}, goods.came, goods.until)
        for began, ended, within in joined(_from(goods.by.at, steps)):
            allowed, ends = law.governing(LIMIT, goods.source.at, within[-1].at), law.deadline(LIMIT, goods.source.at, within[-1].at)
            yield Episode(
                anchor=(goods.source.entry_id,),
                anchor_reports=(goods.source.entry_id,),
                place=facts.place,
                began_at=began,
                ended_at=ended,
                steps=within,
                evidence=tuple(dict.fromkeys((goods.source, goods.by))),
                because=Because(
                    "bonded",
                    **goods.told(facts),
                    entered=goods.source.at,
                    ends=ends,
                    allowed=allowed.value if allowed else None,
                ),
            )


def _from(at: datetime, steps: Iterable[Timed]) -> Iterator[Timed]:
    """What of these steps is left from an instant on: goods that were under another status first have no notice before they came to this."""
    for step, end in steps:
        if end is None or end > at:
            yield (step if step.at >= at else replace(step, at=at)), end


EXAMPLES = """
undeclared      d0 08:00 admission quantity=100  -> none
in time         limit bonded_period 30d; d0 08:00 admission quantity=100; d20 09:00 withdrawal quantity=100  -> none
told ahead      limit bonded_period 60d; limit bonded_period_early_notice 14d; limit bonded_period_late_notice 3d; d0 08:00 admission quantity=100 -> d46 08:00..
left in time    limit bonded_period 60d; limit bonded_period_early_notice 14d; d0 08:00 admission quantity=100; d50 09:00 withdrawal quantity=100 -> d46 08:00..d50 09:00
passed          limit bonded_period 30d; d0 08:00 admission quantity=100; d31 09:00 withdrawal quantity=100  -> d30 08:00..d31 09:00
on the minute   limit bonded_period 30d; d0 08:00 admission quantity=100; d30 08:00 withdrawal quantity=100  -> none
a part is left  limit bonded_period 30d; d0 08:00 admission quantity=100; d20 09:00 withdrawal quantity=99  -> d30 08:00..
taken too much  limit bonded_period 30d; d0 08:00 admission quantity=100; d20 09:00 withdrawal quantity=120  -> none
moved meanwhile limit bonded_period 30d; d0 08:00 admission quantity=100 area=A; d9 09:00 manipulation quantity=60 area=A to_area=B; d12 09:00 transfer quantity=40 to_owner=B area=A; d31 09:00 destruction quantity=60 area=B; d32 09:00 withdrawal quantity=40 owner=B -> d30 08:00..d32 09:00
each delivery   limit bonded_period 30d; d0 08:00 admission quantity=100; d5 08:00 admission quantity=50  -> d30 08:00.., d35 08:00..
first in first  limit bonded_period 30d; operator fifo; d0 08:00 admission quantity=100 item=X lot=A1; d5 08:00 admission quantity=50 item=X lot=A2; d20 09:00 withdrawal quantity=110 item=X -> d35 08:00..
came back       limit bonded_period 30d; d0 08:00 admission quantity=100; d20 09:00 withdrawal quantity=100; d25 09:00 return quantity=10  -> d55 09:00..
domestic        limit bonded_period 30d; d0 08:00 admission quantity=100 status=domestic  -> none
made domestic   limit bonded_period 30d; d0 08:00 admission quantity=100 status=bonded; d20 09:00 manipulation status=bonded to_status=domestic  -> none
temporary first limit bonded_period 30d; limit bonded_period_early_notice 14d; d0 08:00 admission quantity=100 status=temporary; d40 09:00 manipulation status=temporary to_status=bonded  -> d40 09:00..
known by day    limit bonded_period 30d; d0 00:00 admission quantity=100 precision=day; d30 09:00 withdrawal quantity=100  -> d30 00:00..d30 09:00
months          limit bonded_period 2mo; limit bonded_period_late_notice 7d; d0 08:00 admission quantity=100  -> d54 08:00..
told late       limit bonded_period 30d; d0 08:00 admission quantity=100 (received d33 10:00)  -> d30 08:00.. known d33 10:00
late exit       limit bonded_period 30d; d0 08:00 admission quantity=100; d20 09:00 withdrawal quantity=100 (received d33 10:00)  -> none
taken back      limit bonded_period 30d; d0 08:00 admission quantity=100; retract d0 08:00 admission quantity=100  -> none
exit taken back limit bonded_period 30d; d0 08:00 admission quantity=100; d20 09:00 withdrawal quantity=100; retract d20 09:00 withdrawal quantity=100  -> d30 08:00..
shortened       limit bonded_period 60d; limit bonded_period 30d from d40; d0 08:00 admission quantity=100  -> d40 00:00..
extended        limit bonded_period 30d; limit bonded_period 60d from d35; d0 08:00 admission quantity=100; d70 08:00 withdrawal quantity=100 -> d30 08:00..d35 00:00, d60 08:00..d70 08:00
"""
