"""Reconciliation or count overdue: an operator has not counted the goods in his care for too long, or not reconciled his books of a year.

What a ledger says is there is known only by counting it. In foreign trade zones of the United States a physical count of all is made at
least once a year, or goods are counted in cycles all the time (19 CFR 146.23, unconfirmed); the books of a year are reconciled and reported
within 90 days of its end (146.25, unconfirmed). A count is overdue when the last full one, or before the first one the operator's first
line, is longer ago than `count_interval`; of an operator who counts in cycles when any goods that are there were not counted for so long.
The reconciliation is overdue when it was not told within `reconciliation_report` of the end of the operator's year, of the first year for
which one is owed: one report settles all years that ended before it, and until then it is one matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from zones.calendar import day_of, midnight
from zones.entry import Entry
from zones.episode import Because, Episode
from zones.goods import Operator
from zones.limits import Law
from zones.lot import OperatorFacts
from zones.movement import content_id
from zones.rules._spells import Readings, joined, over
from zones.subject import OPERATOR

SUBJECT = OPERATOR
COUNT, REPORT = "count_interval", "reconciliation_report"
STEPS = {COUNT: "today", REPORT: "today"}
LATCHING = False
NEEDS = frozenset({"ledger"})  # leans on the absence of a count, of a report
SEES = frozenset({"ledger"})
VERSION = 1
OWNER = "supervisor"
OTHERWISE = ()


def episodes(facts: OperatorFacts, law: Law) -> Iterator[Episode]:
    """A spell for each count that is missing or late, and for each year that is not reconciled in time."""
    yield from _counts(facts, law)
    yield from _reconciliations(facts, law)


def _counts(facts: OperatorFacts, law: Law) -> Iterator[Episode]:
    if facts.cycles:
        if facts.uncounted is not None:
            yield from _told(facts, law, COUNT, facts.uncounted, _of(facts.uncounted), None, "count_cycle")
        return
    for last, then in pairwise((facts.first, *facts.counts, None)):
        if last is not None:
            key = "count_overdue" if last.act == "count" else "count_never"
            yield from _told(facts, law, COUNT, last, _of(last), _of(then) if then else None, key)


def _reconciliations(facts: OperatorFacts, law: Law) -> Iterator[Episode]:
    """Year by year, from the one in which his first line lies to the first that is not reconciled."""
    operator = facts.declared or Operator(facts.operator, {})
    settled: Entry | None = facts.first
    while settled is not None:
        ends = midnight(operator.year_of(day_of(settled.at, law.zone)) + timedelta(days=1), law.zone)
        report = next((line for line in facts.reconciliations if line.at >= ends), None)
        yield from _told(facts, law, REPORT, settled, (ends, ends), _of(report) if report else None, "reconciliation_overdue")
        settled = report


def _told(facts: OperatorFacts, law: Law, limit: str, last: Entry, since: Readings, until: Readings | None, key: str) -> Iterator[Episode]:
    # The first line, or a year's report, may be what a count is counted from as well: two matters, each with an alert of its own.
    anchor = last.entry_id if limit == COUNT else content_id(limit, last.entry_id)
    for began, ended, within in joined(over(law, {limit: STEPS[limit]}, since, until)):
        allowed = law.governing(limit, since[0], within[-1].at)
        yield Episode(
            anchor=(anchor,),
            anchor_reports=(anchor,),
            place=facts.place,
            began_at=began,
            ended_at=ended,
            steps=within,
            evidence=(last,),
            because=Because(
                key,
                operator=facts.keeper,
                place=facts.place,
                at=since[0] if limit == COUNT else None,
                day=day_of(since[0] - timedelta(days=1), law.zone).isoformat() if limit == REPORT else None,
                lot=(last.lot or last.item or None) if key == "count_cycle" else None,
                limit=allowed.value if allowed else None,
            ),
        )


def _of(line: Entry) -> Readings:
    return line.at, line.latest


EXAMPLES = """
undeclared      d0 08:00 admission quantity=100  -> none
never counted   limit count_interval 30d; d0 08:00 admission quantity=100  -> d30 08:00..
counted late    limit count_interval 30d; d0 08:00 admission quantity=100; d35 09:00 count counted=full quantity=100  -> d30 08:00..d35 09:00, d65 09:00..
counted in time limit count_interval 30d; d0 08:00 admission quantity=100; d29 09:00 count counted=full quantity=100; d50 09:00 count counted=full quantity=100  -> d80 09:00..
on the minute   limit count_interval 30d; d0 08:00 admission quantity=100; d30 08:00 count counted=full quantity=100  -> d60 08:00..
not all of it   limit count_interval 30d; d0 08:00 admission quantity=100; d20 09:00 count quantity=100  -> d30 08:00..
in cycles       limit count_interval 30d; d0 08:00 admission quantity=100; d1 08:00 admission lot=L2 quantity=50; d20 09:00 count counted=cycle quantity=100; d25 09:00 count lot=L2 counted=cycle quantity=50  -> d50 09:00..
one forgotten   limit count_interval 30d; d0 08:00 admission quantity=100; d1 08:00 admission lot=L2 quantity=50; d20 09:00 count counted=cycle quantity=100  -> d31 08:00..
came since      limit count_interval 30d; d0 08:00 admission quantity=100; d20 09:00 count counted=cycle quantity=100; d21 08:00 withdrawal quantity=100; d22 08:00 admission quantity=50  -> d52 08:00..
all gone        limit count_interval 30d; d0 08:00 admission quantity=100; d20 09:00 count counted=cycle quantity=100; d25 09:00 withdrawal quantity=100  -> none
count by day    limit count_interval 30d; d0 08:00 admission quantity=100; d30 00:00 count counted=full quantity=100 precision=day  -> d30 08:00..d30 23:59, d60 00:00..
count told late limit count_interval 30d; d0 08:00 admission quantity=100; d29 09:00 count counted=full quantity=100 (received d35 10:00)  -> d59 09:00..
count back      limit count_interval 30d; d0 08:00 admission quantity=100; d29 09:00 count counted=full quantity=100; retract d29 09:00 count counted=full quantity=100  -> d30 08:00..
book told late  limit count_interval 30d; d0 08:00 admission quantity=100 (received d40 10:00)  -> d30 08:00.. known d40 10:00
not reconciled  limit reconciliation_report 30d; operator year_end 11-30; d0 08:00 admission quantity=100  -> d59 00:00..
reported late   limit reconciliation_report 30d; operator year_end 11-30; d0 08:00 admission quantity=100; d70 09:00 reconciliation  -> d59 00:00..d70 09:00, d424 00:00..
reported        limit reconciliation_report 30d; operator year_end 11-30; d0 08:00 admission quantity=100; d58 09:00 reconciliation  -> d424 00:00..
too soon        limit reconciliation_report 30d; operator year_end 11-30; d0 08:00 admission quantity=100; d20 09:00 reconciliation  -> d59 00:00..
calendar year   limit reconciliation_report 30d; d0 08:00 admission quantity=100  -> d90 00:00..
both            limit count_interval 30d; limit reconciliation_report 30d; d0 08:00 admission quantity=100  -> d30 08:00.., d90 00:00..
shortened       limit count_interval 60d; limit count_interval 30d from d40; d0 08:00 admission quantity=100  -> d40 00:00..
"""
